"""Charts that word processors draw themselves: parts of a .docx (ECMA-376, DrawingML), numbers included."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from lxml import etree

from gongkai.service.opinion.wordparts import Element, within
from gongkai.service.reports.shapes import Chart, Line

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_MEDIA = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_STAMP = (2000, 1, 1, 0, 0, 0)
#: 15 by 7 centimetres in English metric units.
_WIDE, _TALL = "5400000", "2520000"
_INKS = {"proactive": "17603A", "on_request": "A86A08", "withheld": "8F1D1D", "one": "1F4E8C"}


def place(body: Element, number: int, title: str) -> None:
    """Room for a chart (from 1) in the text; `with_charts` brings it."""
    paragraph = within(body, "p")
    within(within(paragraph, "pPr"), "jc", val="center")
    inline = etree.SubElement(within(within(paragraph, "r"), "drawing"), f"{{{_WP}}}inline")
    etree.SubElement(inline, f"{{{_WP}}}extent", cx=_WIDE, cy=_TALL)
    etree.SubElement(inline, f"{{{_WP}}}docPr", id=str(number), name=f"chart{number}", descr=title)
    graphic = etree.SubElement(inline, f"{{{_A}}}graphic")
    data = etree.SubElement(graphic, f"{{{_A}}}graphicData", uri=_C)
    etree.SubElement(data, f"{{{_C}}}chart", {f"{{{_R}}}id": f"rChart{number}"})


def with_charts(packed: bytes, charts: Sequence[Chart]) -> bytes:
    """A package with the charts that its text has room for, in that order; the same content gives the same bytes."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item, _typed(content, len(charts)) if item.filename == "[Content_Types].xml" else content)
        added = {f"word/charts/chart{number}.xml": _xml(_chart(chart)) for number, chart in enumerate(charts, 1)}
        for name, content in ({"word/_rels/document.xml.rels": _related(len(charts))} | added).items():
            new.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _typed(content: bytes, count: int) -> bytes:
    root = etree.fromstring(content)
    for number in range(1, count + 1):
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/word/charts/chart{number}.xml", ContentType=_MEDIA)
    return _xml(root)


def _related(count: int) -> bytes:
    root = etree.Element(f"{{{_RELATION}}}Relationships", nsmap={None: _RELATION})
    for number in range(1, count + 1):
        target = f"charts/chart{number}.xml"
        etree.SubElement(root, f"{{{_RELATION}}}Relationship", Id=f"rChart{number}", Type=f"{_R}/chart", Target=target)
    return _xml(root)


def _xml(root: Element) -> bytes:
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _chart(chart: Chart) -> Element:
    root = etree.Element(f"{{{_C}}}chartSpace", nsmap={"c": _C, "a": _A, "r": _R})
    drawn = _c(root, "chart")
    _title(drawn, chart.title)
    _c(drawn, "autoTitleDeleted", val="0")
    area = _c(drawn, "plotArea")
    _c(area, "layout")
    bars = _c(area, "barChart")
    for name, value in (("barDir", "col"), ("grouping", "stacked"), ("varyColors", "0")):
        _c(bars, name, val=value)
    for number, line in enumerate(chart.lines):
        _series(bars, number, line, chart.labels)
    _c(bars, "gapWidth", val="60")
    _c(bars, "overlap", val="100")
    for axis in ("1", "2"):
        _c(bars, "axId", val=axis)
    _axis(area, "catAx", "1", "2", "b")
    _axis(area, "valAx", "2", "1", "l")
    if len(chart.lines) > 1:
        legend = _c(drawn, "legend")
        _c(legend, "legendPos", val="b")
    _c(drawn, "plotVisOnly", val="1")
    return root


def _series(bars: Element, number: int, line: Line, labels: Sequence[str]) -> None:
    series = _c(bars, "ser")
    _c(series, "idx", val=str(number))
    _c(series, "order", val=str(number))
    _c(_c(series, "tx"), "v").text = line.name
    fill = etree.SubElement(_c(series, "spPr"), f"{{{_A}}}solidFill")
    etree.SubElement(fill, f"{{{_A}}}srgbClr", val=_INKS.get(line.kind, "7C8EA6"))
    _points(_c(_c(series, "cat"), "strLit"), labels)
    _points(_c(_c(series, "val"), "numLit"), [str(count) for count in line.counts])


def _points(held: Element, values: Sequence[str]) -> None:
    _c(held, "ptCount", val=str(len(values)))
    for number, value in enumerate(values):
        _c(_c(held, "pt", idx=str(number)), "v").text = value


def _axis(area: Element, kind: str, own: str, other: str, side: str) -> None:
    axis = _c(area, kind)
    _c(axis, "axId", val=own)
    _c(_c(axis, "scaling"), "orientation", val="minMax")
    for name, value in (("delete", "0"), ("axPos", side), ("crossAx", other)):
        _c(axis, name, val=value)


def _title(drawn: Element, words: str) -> None:
    rich = _c(_c(_c(drawn, "title"), "tx"), "rich")
    etree.SubElement(rich, f"{{{_A}}}bodyPr")
    paragraph = etree.SubElement(rich, f"{{{_A}}}p")
    run = etree.SubElement(paragraph, f"{{{_A}}}r")
    etree.SubElement(run, f"{{{_A}}}rPr", sz="1200")
    etree.SubElement(run, f"{{{_A}}}t").text = words


def _c(parent: Element, name: str, **attributes: str) -> Element:
    return etree.SubElement(parent, f"{{{_C}}}{name}", attributes)
