"""Word documents (.docx) rewritten without what must not be read: every part, not only the page.

Taken out whole: tracked deletions, hidden text, personal properties, embedded files, signatures, and whatever tells who
worked on the file. A file with macros or with a kind of part that `officekinds` doesn't know is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lxml.etree import _Element as Element

from gongkai.model.errors import OversizedDocument
from gongkai.service.formats.word import decoded
from gongkai.service.limits import Limits
from gongkai.service.rewriting.officecharts import add_charts
from gongkai.service.rewriting.officefile import OfficeFile, Ways, open_office
from gongkai.service.rewriting.officekinds import WORD
from gongkai.service.rewriting.officeproperties import add_links, add_properties
from gongkai.service.rewriting.officexml import Leftovers, keep_only
from gongkai.service.rewriting.ooxml import Package, Part, open_package
from gongkai.service.rewriting.strands import Ledger, Strand
from gongkai.service.rewriting.wordfields import add_codes, clean_forms, rename_bookmarks, settle_fields
from gongkai.service.rewriting.wordlines import Line, forget_readings, lines, readings
from gongkai.service.rewriting.wordrevisions import (
    hidden_styles,
    remove_hidden,
    remove_orphans,
    settle_revisions,
    unwrap_controls,
)

_STORIES = {"officeDocument": "正文", "header": "页眉", "footer": "页脚", "footnotes": "脚注", "endnotes": "尾注"}
_READINGS = "遮蔽处上方的注音{n}处已清除"
_SETTINGS = (
    *("zoom", "mirrorMargins", "alignBordersAndEdges", "bordersDoNotSurroundHeader", "bordersDoNotSurroundFooter"),
    *("gutterAtTop", "evenAndOddHeaders", "bookFoldPrinting", "bookFoldRevPrinting", "bookFoldPrintingSheets"),
    *("defaultTabStop", "autoHyphenation", "consecutiveHyphenLimit", "hyphenationZone", "doNotHyphenateCaps"),
    *("drawingGridHorizontalSpacing", "drawingGridVerticalSpacing", "displayHorizontalDrawingGridEvery"),
    *("displayVerticalDrawingGridEvery", "characterSpacingControl", "noLineBreaksAfter", "noLineBreaksBefore"),
    *("printTwoOnOne", "strictFirstAndLastChars", "footnotePr", "endnotePr", "compat", "mathPr", "themeFontLang"),
    *("clrSchemeMapping", "decimalSymbol", "listSeparator", "displayBackgroundShape", "doNotExpandShiftReturn"),
)


def open_word(data: bytes, limits: Limits, pictures: str = "blank") -> OfficeFile:
    """Raises DocumentError; with `pictures="keep"` they stay as they are, for a person to look at."""
    return open_office(data, limits, pictures, Ways(_build, _settled))


@contextmanager
def _settled(package: Package) -> Iterator[None]:
    """Readings above what changes go."""
    read = [one for part in package.parts.values() for one in readings(part.xml)]
    yield
    package.gone += Counter({_READINGS: forget_readings(read)})


def _build(data: bytes, limits: Limits, keep_pictures: bool) -> tuple[Package, Ledger]:
    package, ledger = open_package(data, limits, WORD, keep_pictures=keep_pictures), Ledger()
    leftovers = Leftovers(ledger)
    codes = _clean(package)
    _add_body(list(_stories(package)), ledger, leftovers, limits)
    for part in package.parts.values():
        if part.kind == "comments":
            _add_lines(lines(part.xml), "批注", ledger, leftovers, body=False)
    add_properties(package, leftovers)
    add_charts(package, leftovers)
    for part in package.parts.values():
        add_codes(part.xml, codes.get(part, []), leftovers)
        leftovers.paragraphs(part.xml, "其他文字")
        leftovers.sweep(part.xml)
    add_links(package, leftovers)
    leftovers.close()
    ledger.close()
    return package, ledger


def _clean(package: Package) -> dict[Part, list[Strand]]:
    """Bring every part into the state that is published; gives the field codes that stay."""
    texts = [part for part in package.parts.values() if part.kind in _STORIES or part.kind == "comments"]
    styles = next((part.xml for part in package.parts.values() if part.kind == "styles"), None)
    hidden, codes = hidden_styles(styles), {}
    for part in texts:
        settle_revisions(part.xml, package.gone)
        unwrap_controls(part.xml, package.gone)
        remove_hidden(part.xml, hidden, package.gone)
        clean_forms(part.xml, package.gone)
        for text in part.xml.iter("{*}t"):
            text.text = decoded(text.text or "")
    roots = [part.xml for part in texts]
    remove_orphans(roots, roots, package.gone)
    rename_bookmarks(roots)
    for part in texts:
        codes[part] = settle_fields(part.xml, package.gone)
    for part in package.parts.values():
        if part.kind in ("styles", "numbering"):
            settle_revisions(part.xml, package.gone)
        elif part.kind == "settings":
            keep_only(part.xml, _SETTINGS)
        elif part.kind == "comments":
            _forget_authors(part.xml, package.gone)
    return codes


def _forget_authors(root: Element, gone: Counter[str]) -> None:
    for comment in root.iter("{*}comment"):
        gone["批注{n}条的作者和时间已清除"] += 1
        for key in list(comment.attrib):
            name = key.rpartition("}")[2]
            if name in ("author", "initials"):
                comment.set(key, "")
            elif name != "id":
                del comment.attrib[key]


def _stories(package: Package) -> Iterator[Part]:
    """In the order of reading."""
    main = package.main
    yield from main.find("header")
    yield main
    for kind in ("footnotes", "endnotes", "footer"):
        yield from main.find(kind)


def _add_body(stories: Sequence[Part], ledger: Ledger, leftovers: Leftovers, limits: Limits) -> None:
    """One slot a paragraph or cell; a header that repeats another shares its slots."""
    known: dict[str, tuple[int, int]] = {}
    length = 0
    for part in stories:
        found = lines(part.xml)
        text = "\n".join(line.strand.text for line in found)
        length += len(text)
        if length > limits.max_characters:
            raise OversizedDocument("文件文字过多，请拆分成几个文件后再提交。")
        cells = [cell for line in found for cell in line.cells]
        start, end = known.get(text, (0, 0))
        if found and [slot.text for slot in ledger.slots[start:end]] == [cell.text for cell in cells]:
            leftovers.cover(*cells)
            for targets, cell in zip(ledger.targets[start:end], cells, strict=True):
                targets.append(cell)
            continue
        first = len(ledger.slots)
        _add_lines(found, _STORIES[part.kind], ledger, leftovers, body=text not in known)
        known.setdefault(text, (first, len(ledger.slots)))


def _add_lines(found: Sequence[Line], place: str, ledger: Ledger, leftovers: Leftovers, *, body: bool) -> None:
    for line in found:
        leftovers.cover(*line.cells)
        named = line.place if line.place and place == "正文" else place
        for cell in line.cells[:-1]:
            ledger.add(cell.text, named, cell, after="\t", body=body)
        ledger.add(line.cells[-1].text, named, line.cells[-1], body=body)
