"""What a sheet holds besides its cells: rules, names, tables, comments, headers. Most of it goes whole when changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.etree import _Element as Element
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries

from gongkai.service.rewriting.officexml import Leftovers, keep_only, remove
from gongkai.service.rewriting.ooxml import Package, Part, Relation, Rule, is_reference
from gongkai.service.rewriting.sheetcells import words, written
from gongkai.service.rewriting.slots import Edit
from gongkai.service.rewriting.strands import Doomed, Strand, Target, Words, local, strand

_SHEET = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "autoFilter"),
    *("mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins"),
    *("pageSetup", "headerFooter", "rowBreaks", "colBreaks", "ignoredErrors", "drawing", "tableParts"),
)
_BOOK = ("fileVersion", "workbookPr", "workbookProtection", "bookViews", "sheets", "definedNames", "calcPr")
_TABLE = ("autoFilter", "tableColumns", "tableStyleInfo")
_TABLE_GONE = "表格样式{n}处已转为普通区域（列名有改动）"
_ABROAD = re.compile(r"\[[0-9]+\]")
#: Codes of page headers (ECMA-376 part 1, 18.3.1.46): position, font, size, colour, fields.
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|K[0-9]{2}[+-][0-9]{3}|[0-9]{1,3}|[A-Za-z&])')
_VML = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_V = "urn:schemas-microsoft-com:vml"
_O, _X = (f"urn:schemas-microsoft-com:office:{name}" for name in ("office", "excel"))
_AFTER_VML = ("legacyDrawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst")


def clean_workbook(root: Element) -> None:
    """Sheets, views and names stay; who shared it, where it lay and what it was linked to goes."""
    keep_only(root, _BOOK)
    for name in list(root.iter("{*}definedName")):
        for key in name.keys():  # noqa: SIM118  # not a dict
            if key not in ("name", "localSheetId", "hidden"):
                del name.attrib[key]
        if _ABROAD.search(name.text or ""):
            remove(name)


def clean_sheet(root: Element) -> None:
    """Filters lose their criteria, everything that isn't shown or printed goes."""
    keep_only(root, _SHEET)
    for found in root.iter("{*}autoFilter"):
        keep_only(found, ())
    for link in list(root.iter("{*}hyperlink")):
        if link.get("location") is None and not any(is_reference(key) for key in link.keys()):  # noqa: SIM118
            Doomed(link).change(())
    for name in ("dataValidation", "cfRule"):
        for rule in list(root.iter(f"{{*}}{name}")):
            if any(_ABROAD.search(node.text or "") for node in rule.iter()):
                Doomed(rule).change(())


def add_rules(root: Element, leftovers: Leftovers) -> None:
    """Hidden slots for prompts and lists of valid entries, for conditions, and for addresses inside the workbook."""
    for rule in root.iter("{*}dataValidation"):
        for key in ("promptTitle", "prompt", "errorTitle", "error"):
            if rule.get(key):
                leftovers.add(rule, key, "数据验证")
        _doom(rule, [(node, None) for node in rule], "数据验证", leftovers)
    for rule in root.iter("{*}cfRule"):
        _doom(rule, [(rule, "text"), *((node, None) for node in rule.iter("{*}formula"))], "条件格式", leftovers)
    for link in root.iter("{*}hyperlink"):
        leftovers.add(link, "display", "提示文字")
        _doom(link, [(link, "location")], "链接地址", leftovers)


def add_names(root: Element, leftovers: Leftovers) -> None:
    """Hidden slots for the names that people gave to cells, and for what they mean."""
    for name in root.iter("{*}definedName"):
        own = name.get("name", "").startswith("_xlnm.")
        _doom(name, [(name, None)] if own else [(name, None), (name, "name")], "定义的名称", leftovers)


def _doom(element: Element, found: Sequence[tuple[Element, str | None]], place: str, leftovers: Leftovers) -> None:
    for node, key in found:
        one = strand(Words(node, key))
        leftovers.cover(one)
        if key is not None or written(one.text, leftovers.names):
            leftovers.ledger.add(one.text, place, Doomed(element), body=False)


def add_headers(root: Element, leftovers: Leftovers) -> None:
    """Hidden slots for the left, middle and right text of printed headers and footers, without the codes."""
    for group in root.iter("{*}headerFooter"):
        for node in group:
            leftovers.cover(strand(Words(node)))
            for text in _sections(node):
                leftovers.ledger.add(text.text, "打印页眉页脚", text, body=False)


def _sections(node: Element) -> list[Strand]:
    whole, at = strand(Words(node)), 0
    sections: list[list[Strand]] = [[]]
    for code in _CODE.finditer(whole.text):
        sections[-1].append(whole.part(at, code.start()))
        at = code.end()
        if code[0] in ("&L", "&C", "&R"):
            sections.append([])
        elif code[0] == "&&":
            sections[-1].append(whole.part(code.start(), at))
    sections[-1].append(whole.part(at, len(whole.text)))
    return [Strand(tuple(piece for part in section for piece in part.pieces)) for section in sections]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table whose names would no longer fit its cells: it becomes a plain range."""

    package: Package
    sheet: Part
    part: Part

    def change(self, edits: Sequence[Edit]) -> None:
        """Once."""
        if self.package.parts.pop(self.part.name.lower(), None) is None:
            return
        self.package.gone[_TABLE_GONE] += 1
        for link in [link for link in self.sheet.relations if link.target is self.part]:
            self.sheet.relations.remove(link)
            for entry in [node for node in self.sheet.xml.iter("{*}tablePart") if link.id in node.values()]:
                remove(entry)
        for group in [node for node in self.sheet.xml.iter("{*}tableParts") if not len(node)]:
            remove(group)


def add_tables(package: Package, sheet: Part, leftovers: Leftovers) -> dict[tuple[int, int], list[Target]]:
    """Hidden slots for the names in tables; gives the cells that must read as those names."""
    bound: dict[tuple[int, int], list[Target]] = {}
    for part in sheet.find("table"):
        root, table = part.xml, Table(package, sheet, part)
        keep_only(root, _TABLE)
        for key in ("tableType", "connectionId", "comment", "queryTableFieldId", "xr"):
            root.attrib.pop(key, None)
        for filters in root.iter("{*}autoFilter"):
            keep_only(filters, ())
        _add_table_texts(root, table, leftovers)
        left, top, right, bottom = range_boundaries(root.get("ref", ""))
        edges = ([top] if root.get("headerRowCount") != "0" else []) + ([bottom] if root.get("totalsRowCount") else [])
        for row in edges:
            for column in range(left, right + 1):
                bound.setdefault((row, column), []).append(table)
    return bound


def _add_table_texts(root: Element, table: Target, leftovers: Leftovers) -> None:
    names: dict[str, None] = {}
    for node in root.iter():
        for key in ("name", "displayName", "totalsRowLabel"):
            if node.get(key) and local(node) != "tableStyleInfo":
                leftovers.cover(strand(Words(node, key)))
                names[node.get(key, "")] = None
        if node.text:
            leftovers.cover(strand(Words(node)))
            leftovers.ledger.add(node.text, "公式", table, body=False)
    for name in names:
        leftovers.ledger.add(name, "表格列名", table, body=False)


def add_comments(package: Package, sheet: Part, leftovers: Leftovers) -> None:
    """Hidden slots for comments; their authors go, and their boxes are drawn anew."""
    for part in sheet.find("comments"):
        for author in part.xml.iter("{*}author"):
            author.text = ""
        package.gone["批注{n}条的作者和时间已清除"] += sum(1 for _ in part.xml.iter("{*}comment"))
        for comment in part.xml.iter("{*}comment"):
            for key in comment.keys():  # noqa: SIM118  # not a dict
                if key not in ("ref", "authorId"):
                    del comment.attrib[key]
            for inside in comment.iterchildren("{*}text"):
                etree.strip_elements(inside, "{*}rPh", "{*}phoneticPr", with_tail=False)
                text = words(inside)
                leftovers.cover(text)
                leftovers.ledger.add(text.text, "批注", text, body=False)
        _draw_boxes(package, sheet, [node.get("ref", "") for node in part.xml.iter("{*}comment")])


def _draw_boxes(package: Package, sheet: Part, references: Sequence[str]) -> None:
    root = etree.Element("xml", nsmap={"v": _V, "o": _O, "x": _X})
    kind = etree.SubElement(root, f"{{{_V}}}shapetype", id="_x0000_t202", coordsize="21600,21600")
    kind.set("path", "m,l,21600r21600,l21600,xe")
    kind.set(f"{{{_O}}}spt", "202")
    for number, reference in enumerate(references, 1):
        letters, row = coordinate_from_string(reference)
        column = column_index_from_string(letters)
        shape = etree.SubElement(root, f"{{{_V}}}shape", id=f"s{number}", type="#_x0000_t202", fillcolor="#ffffe1")
        shape.set("style", "position:absolute;width:144pt;height:79pt;visibility:hidden")
        data = etree.SubElement(shape, f"{{{_X}}}ClientData", ObjectType="Note")
        etree.SubElement(data, f"{{{_X}}}Row").text = str(row - 1)
        etree.SubElement(data, f"{{{_X}}}Column").text = str(column - 1)
    name = f"xl/drawings/vmlDrawing{len(package.parts)}.vml"
    part = package.parts[name.lower()] = Part(name, "vmlDrawing", _VML, root)
    link = Relation("rIdComments", "vmlDrawing", f"{_OFFICE}/vmlDrawing", Rule("keep", content=_VML), part)
    sheet.relations.append(link)
    space = etree.QName(sheet.xml).namespace
    entry = sheet.xml.makeelement(f"{{{space}}}legacyDrawing", {f"{{{_OFFICE}}}id": link.id})
    following = next((node for node in sheet.xml if local(node) in _AFTER_VML), None)
    (following.addprevious if following is not None else sheet.xml.append)(entry)


Mention = Callable[[str], bool]


def forget_mentions(package: Package, mentions: Mention) -> None:
    """Formulas, names and rules that mention what is no longer there by that name: results stay, rules go."""
    for part in package.parts.values():
        for node in list(part.xml.iter("{*}f", "{*}definedName", "{*}formula", "{*}formula1", "{*}formula2")):
            if not mentions(node.text or ""):
                continue
            if local(node) == "f" and part.kind == "chart":
                node.text = "#REF!"
            else:
                Doomed(node if local(node) in ("f", "definedName") else node.getparent()).change(())
        for link in [node for node in part.xml.iter("{*}hyperlink") if mentions(node.get("location", ""))]:
            Doomed(link).change(())
