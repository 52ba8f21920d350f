"""Text of a Word file that its pages don't show: the colour of its ground, under shapes, hidden, tracked, in notes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from lxml.etree import _Element as Element

from gongkai.service.checks.found import Trace
from gongkai.service.checks.officetraces import alike, cropped, local, parts, shared, value
from gongkai.service.formats.container import open_container
from gongkai.service.limits import Limits

_ANEW = "请用 gongkai redact 处理原文件后重新发布，不要用涂黑、盖图的办法"
_ACCEPT = "请接受全部修订、删除批注后另存为新文件，再替换已发布的文件"
_CAUSES = {
    "black": ("文字涂成黑色块，但文字没有删除，复制即可得到", True),
    "same": ("文字与底色相同，看不见却能复制", False),
    "hidden": ("文字设成隐藏或者极小，看不见却能复制", False),
}
_OVER = "有实心图形或图片浮在文字上方，下面的文字可能还在"
_HIGHLIGHTS = {
    "black": "000000",
    "white": "FFFFFF",
    "yellow": "FFFF00",
    "red": "FF0000",
    "green": "00FF00",
    "blue": "0000FF",
    "cyan": "00FFFF",
    "magenta": "FF00FF",
    "darkGray": "808080",
    "lightGray": "C0C0C0",
}
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_SMALL = 4  # half points
_PLACES = (("header", "页眉"), ("footer", "页脚"), ("footnotes", "脚注"), ("endnotes", "尾注"), ("comments", "批注"))


def traces_word(data: bytes, limits: Limits) -> Iterator[Trace]:
    """Unseen text, tracked deletions, comments, cropped and floating pictures, embedded files, authors."""
    with open_container(data, limits) as box:
        yield from shared(box)
        for name, root in parts(box, "word/"):
            short = name.rpartition("/")[2]
            place = next((said for start, said in _PLACES if short.startswith(start)), "正文")
            if place == "批注":
                yield from _comments(root)
            elif root.find(".//{*}p") is not None:
                yield from _part(root, place)


def _part(root: Element, place: str) -> Iterator[Trace]:
    for paragraph in root.iter("{*}p"):
        for cause, text in _unseen(paragraph):
            yield Trace(place, text, _CAUSES[cause][0], _ANEW, _CAUSES[cause][1])
    deleted = [text.text or "" for text in root.iter("{*}delText")]
    moved = ["".join(_texts(part)) for part in root.iter("{*}moveFrom")]
    if deleted or moved or next(root.iter("{*}ins"), None) is not None:
        said = "文件里留有修订痕迹，删去的文字仍能看到"
        yield Trace(f"{place}的修订", "".join((*deleted, *moved)), said, _ACCEPT, sure=True)
    yield from cropped(root, place)
    over = sum(_covers(anchor) for anchor in root.iter("{*}anchor")) + sum(map(_painted, root.iter("{*}rect")))
    if over:
        yield Trace(place, "", f"{_OVER}（{over}处）", _ANEW, sure=True)


def _comments(root: Element) -> Iterator[Trace]:
    text = "\n".join("".join(_texts(paragraph)) for paragraph in root.iter("{*}p"))
    if text.strip():
        yield Trace("批注", text, "文件里留有批注，公开的文件不应带有批注", _ACCEPT, sure=True)


def _texts(element: Element) -> Iterator[str]:
    yield from (text.text or "" for text in element.iter("{*}t", "{*}delText"))


def _unseen(paragraph: Element) -> Iterator[tuple[str, str]]:
    """Runs of a paragraph that nobody sees, those of one cause together."""
    ground = _ground(paragraph)
    runs = [run for run in paragraph.iter("{*}r") if next(run.iterancestors("{*}p"), None) is paragraph]
    told = [(_cause(run, ground), "".join(text.text or "" for text in run.iterchildren("{*}t"))) for run in runs]
    for cause, group in groupby((pair for pair in told if pair[1]), key=lambda pair: pair[0]):
        text = "".join(words for _, words in group)
        if cause and text.strip():
            yield cause, text


def _ground(paragraph: Element) -> str:
    """The colour under a paragraph: its own, its cell's or white."""
    cell = next(paragraph.iterancestors("{*}tc"), None)
    for properties in (paragraph.find("{*}pPr"), cell.find("{*}tcPr") if cell is not None else None):
        found = _shade(properties)
        if found:
            return found
    return "FFFFFF"


def _shade(properties: Element | None) -> str:
    if properties is None:
        return ""
    shade = properties.find("{*}shd")
    kind, fill = value(shade), value(shade, "fill")
    if kind == "solid":
        fill = value(shade, "color")
        return fill if _COLOUR.fullmatch(fill) else "000000"
    return fill if _COLOUR.fullmatch(fill) else ""


def _cause(run: Element, ground: str) -> str:
    properties = run.find("{*}rPr")
    if properties is None:
        return ""
    marks = {local(child): child for child in properties}
    if "vanish" in marks and value(marks["vanish"]) not in ("0", "false", "off"):
        return "hidden"
    size = value(marks.get("sz"))
    if size.isdecimal() and int(size) <= _SMALL:
        return "hidden"
    highlighted = _HIGHLIGHTS.get(value(marks.get("highlight")), "")
    under = highlighted or _shade(properties)
    colour = value(marks.get("color"))
    if not _COLOUR.fullmatch(colour):  # "auto" turns white on a dark shade, but not on a highlight
        colour = "000000" if highlighted else ""
    if not colour or not alike(colour, under or ground):
        return ""
    return "black" if alike(under or ground, "000000") else "same"


def _covers(anchor: Element) -> bool:
    """Whether a floating shape or picture lies over text: filled, without words, in front."""
    if value(anchor, "behindDoc") in ("1", "true") or anchor.find("{*}wrapNone") is None:
        return False
    shape = next(anchor.iter("{*}wsp"), None)
    if shape is None or any(text.strip() for text in _texts(shape)):
        return False
    properties = shape.find("{*}spPr")
    return properties is not None and properties.find("{*}solidFill") is not None


def _painted(rect: Element) -> bool:
    """The same for the older drawings."""
    fill = value(rect, "fillcolor").lower()
    return bool(fill) and value(rect, "filled") not in ("f", "false") and not any(t.strip() for t in _texts(rect))
