"""Parts of a .docx written by hand: the package, paragraphs and ruled tables in the typefaces of official papers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import TypeAlias

from lxml import etree

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_UNWRITABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STAMP = (2000, 1, 1, 0, 0, 0)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    ' Target="word/document.xml"/></Relationships>'
)
Element: TypeAlias = etree._Element


def packed(write: Callable[[Element], None]) -> bytes:
    """A file whose body `write` fills; the same content gives the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS)):
            box.writestr(zipfile.ZipInfo(name, _STAMP), f'<?xml version="1.0" encoding="UTF-8"?>{content}')
        box.writestr(zipfile.ZipInfo("word/document.xml", _STAMP), _document(write), zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _document(write: Callable[[Element], None]) -> bytes:
    root = etree.Element(_name("document"), nsmap={"w": _W})
    body = within(root, "body")
    write(body)
    section = within(body, "sectPr")
    within(section, "pgSz", w="11906", h="16838")
    margins = {"top": "1701", "right": "1474", "bottom": "1418", "left": "1587"}
    within(section, "pgMar", **margins, header="851", footer="992", gutter="0")
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def table(body: Element, widths: Sequence[int]) -> Element:
    """An empty ruled table; widths in twentieths of a point."""
    found = within(body, "tbl")
    properties = within(found, "tblPr")
    within(properties, "tblW", w=str(sum(widths)), type="dxa")
    borders = within(properties, "tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        within(borders, side, val="single", sz="6", space="0", color="000000")
    grid = within(found, "tblGrid")
    for width in widths:
        within(grid, "gridCol", w=str(width))
    return found


def row(rows: Element, *, head: bool = False) -> Element:
    """An empty row that no page break cuts; a head is repeated on every page."""
    found = within(rows, "tr")
    properties = within(found, "trPr")
    within(properties, "cantSplit")
    if head:
        within(properties, "tblHeader")
    return found


def cell(parent: Element, text: str, width: int, *, font: str = "仿宋", align: str = "left", span: int = 1) -> None:
    """A cell, one paragraph a line of its text."""
    found = within(parent, "tc")
    properties = within(found, "tcPr")
    within(properties, "tcW", w=str(width), type="dxa")
    if span > 1:
        within(properties, "gridSpan", val=str(span))
    within(properties, "vAlign", val="center")
    for line in text.split("\n"):
        paragraph(found, line, font=font, size=24, align=align)


def heading(body: Element, text: str) -> None:
    """The title of a paper, and a line of air."""
    paragraph(body, text, font="方正小标宋简体", size=44, align="center")
    paragraph(body, "")


def paragraph(
    parent: Element, text: str, *, font: str = "仿宋", size: int = 24, align: str = "left", indent: bool = False
) -> None:
    """A paragraph; `size` in half points; `indent` by two characters."""
    found = within(parent, "p")
    properties = within(found, "pPr")
    if indent:
        within(properties, "ind", firstLineChars="200")
    within(properties, "jc", val=align)
    run = within(found, "r")
    properties = within(run, "rPr")
    within(properties, "rFonts", ascii=font, eastAsia=font, hAnsi=font)
    within(properties, "sz", val=str(size))
    written = within(run, "t")
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    written.text = _UNWRITABLE.sub("", text.replace("\r", ""))


def within(parent: Element, name: str, **attributes: str) -> Element:
    """A new element of WordprocessingML inside another."""
    return etree.SubElement(parent, _name(name), {_name(key): value for key, value in attributes.items()})


def _name(name: str) -> str:
    return f"{{{_W}}}{name}"
