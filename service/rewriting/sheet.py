"""Spreadsheets (.xlsx) rewritten without what must not be read: cells, stored results, hidden sheets, comments, charts.

A changed cell gets its text in itself, so that a shared string stays for the others; a formula whose result or text
changes becomes its result. Pivot tables, links to other files, and whatever tells who worked on it are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lxml.etree import _Element as Element

from gongkai.service.limits import Limits
from gongkai.service.rewriting import sheetextras as extras
from gongkai.service.rewriting.officecharts import add_charts
from gongkai.service.rewriting.officefile import OfficeFile, Ways, open_office
from gongkai.service.rewriting.officekinds import SHEET
from gongkai.service.rewriting.officeproperties import add_links, add_properties
from gongkai.service.rewriting.officexml import Leftovers, keep_only
from gongkai.service.rewriting.ooxml import Package, Part, open_package
from gongkai.service.rewriting.sheetcells import forget_unused_strings, open_book, settle_shared_formulas
from gongkai.service.rewriting.sheetrows import Rows
from gongkai.service.rewriting.strands import Ledger, Words, strand

_CHART_SHEET = ("sheetPr", "sheetViews", "sheetProtection", "pageMargins", "pageSetup", "headerFooter", "drawing")
#: A name of a sheet may not hold these, nor be longer than 31 characters.
_SHEET_NAME = str.maketrans("*?:/\\[]'", "＊？：／＼［］＇")
_NAME_LENGTH = 31


def open_sheet(data: bytes, limits: Limits, pictures: str = "blank") -> OfficeFile:
    """Raises DocumentError; with `pictures="keep"` they stay as they are, for a person to look at."""
    return open_office(data, limits, pictures, Ways(_build, _settled))


@contextmanager
def _settled(package: Package) -> Iterator[None]:
    """Names, shared formulas and shared strings fit what stands in the cells after the changes."""
    before, titles = _names(package), _titles(package)
    yield
    _settle_names(package, before, titles)
    sheets = [part.xml for part in package.parts.values() if part.kind == "worksheet"]
    for sheet in sheets:
        settle_shared_formulas(sheet)
    forget_unused_strings(_root(package, "sharedStrings"), sheets)


def _build(data: bytes, limits: Limits, keep_pictures: bool) -> tuple[Package, Ledger]:
    package, ledger = open_package(data, limits, SHEET, keep_pictures=keep_pictures), Ledger()
    leftovers = Leftovers(ledger)
    extras.clean_workbook(package.main.xml)
    book = open_book(_root(package, "sharedStrings"), _root(package, "styles"), package.main.xml)
    titles = [re.escape(str(entry.get("name"))) for entry, _ in _sheets(package)]
    names = re.compile(f"'?(?:{'|'.join(titles)})'?!") if titles else re.compile("(?!)")
    rows, unseen, leftovers.names = Rows(book, ledger, limits, names), 0, names
    for entry, part in _sheets(package):
        hidden = entry.get("state") in ("hidden", "veryHidden")
        unseen += hidden
        _add_sheet(package, entry, part, hidden, rows, leftovers)
    counts = (("工作表", unseen), ("行", rows.hidden_rows), ("列", rows.hidden_columns))
    package.look += [f"隐藏的{name}有{count}个，仍在文件中，请核对是否应当公开" for name, count in counts if count]
    extras.add_names(package.main.xml, leftovers)
    add_properties(package, leftovers)
    add_charts(package, leftovers)
    for part in package.parts.values():
        if part.kind not in ("sharedStrings", "comments", "vmlDrawing"):
            leftovers.sweep(part.xml)
    add_links(package, leftovers)
    leftovers.close()
    ledger.close()
    return package, ledger


def _add_sheet(package: Package, entry: Element, part: Part, hidden: bool, rows: Rows, leftovers: Leftovers) -> None:
    name = strand(Words(entry, "name"))
    leftovers.cover(name)
    body = part.kind == "worksheet"
    leftovers.ledger.add(name.text, "隐藏工作表的名称" if hidden else "工作表名称", name, body=body)
    if body:
        extras.clean_sheet(part.xml)
        rows.bound = extras.add_tables(package, part, leftovers)
        rows.add(part.xml, "隐藏工作表" if hidden else "")
        extras.add_comments(package, part, leftovers)
        extras.add_rules(part.xml, leftovers)
    else:
        keep_only(part.xml, _CHART_SHEET)
    extras.add_headers(part.xml, leftovers)


def _sheets(package: Package) -> Iterator[tuple[Element, Part]]:
    """Entries of the workbook with their parts; an entry that leads nowhere was damaged before."""
    targets = {link.id: link.target for link in package.main.relations}
    for entry in package.main.xml.iter("{*}sheet"):
        part = next((targets[value] for value in entry.values() if value in targets), None)
        if part is not None:
            yield entry, part


def _root(package: Package, kind: str) -> Element | None:
    return next((part.xml for part in package.parts.values() if part.kind == kind), None)


def _names(package: Package) -> set[str]:
    """What formulas can refer to by name: sheets, defined names, tables."""
    book = package.main.xml
    found = {str(node.get("name")) for tag in ("sheet", "definedName") for node in book.iter(f"{{*}}{tag}")}
    tables = [part.xml for part in package.parts.values() if part.kind == "table"]
    return found | {str(root.get(key)) for root in tables for key in ("name", "displayName")}


def _titles(package: Package) -> list[str]:
    return [entry.get("name", "") for entry in package.main.xml.iter("{*}sheet")]


def _settle_names(package: Package, before: set[str], titles: Sequence[str]) -> None:
    """Valid names for the sheets, each once, and nothing that refers to a name that is gone."""
    entries = list(zip(package.main.xml.iter("{*}sheet"), titles, strict=True))
    used = {title.lower() for entry, title in entries if entry.get("name") == title}
    for number, (entry, title) in enumerate(entries, 1):
        if entry.get("name") == title:
            continue
        name = entry.get("name", "").translate(_SHEET_NAME)[:_NAME_LENGTH] or f"表{number}"
        if name.lower() in used:
            name = f"{name[: _NAME_LENGTH - 5]}-{number}"
        entry.set("name", name)
        used.add(name.lower())
    gone = before - _names(package)
    if gone:
        pattern = re.compile("|".join(re.escape(name) for name in sorted(gone, key=len, reverse=True)))
        extras.forget_mentions(package, lambda text: bool(pattern.search(text)))
