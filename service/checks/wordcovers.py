"""Shapes, text boxes and pictures of a Word file that lie over its text.

Where a page breaks is not in the file. What lies in front of text and is filled counts by itself; a text box with words
and a picture count where the place that they are given reaches over the paragraph that they hang on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.etree import _Element as Element

from gongkai.service.checks.officetraces import local, value

_OVER = "有实心图形浮在文字上方，下面的文字可能还在"
_BOX = "有文本框浮在文字上方，盖住的文字没有删除，移开即可看到"
_PICTURE = "有图片浮在文字上方，盖住的文字没有删除，移开即可看到"
_DRAWN = ("rect", "roundrect", "oval", "shape", "polyline")
_EMU = 12_700
#: In thousandths of a percent: what is less opaque lets text through.
_GLASS = 80_000
#: In points: a line of usual text; how many letters of usual size stand in one.
_LINE, _LETTERS = 16, 40
_MEASURE = re.compile(r"(-?\d+(?:\.\d+)?)(pt|in|cm|mm|px)?")
_UNITS = {"pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835, "px": 0.75, "": 1.0}


def covered(root: Element) -> Iterator[tuple[str, str, bool]]:
    """What lies over text in one part: the text under it, why that is wrong, and whether it is so whatever it says."""
    shapes = 0
    for item in root.iter("{*}anchor", *(f"{{*}}{name}" for name in _DRAWN)):
        if _spare(item) or not (_in_front(item) if local(item) == "anchor" else _laid(item)):
            continue
        kind = _kind(item)
        if kind == "shape":
            shapes += 1
        elif kind and (text := _under(item)):
            yield text, _BOX if kind == "box" else _PICTURE, False
    if shapes:
        yield "", f"{_OVER}（{shapes}处）", True


def _spare(item: Element) -> bool:
    """Whether a drawing only repeats another one for older programs, or stands inside a larger one."""
    fallback = next(item.iterancestors("{*}Fallback"), None)
    if fallback is not None:
        choices = fallback.getparent().iterchildren("{*}Choice")
        return any(next(choice.iter("{*}anchor", "{*}inline"), None) is not None for choice in choices)
    return local(item) != "anchor" and local(item.getparent()) in ("group", "shapetype", "object")


def _in_front(anchor: Element) -> bool:
    return value(anchor, "behindDoc") not in ("1", "true") and anchor.find("{*}wrapNone") is not None


def _laid(drawing: Element) -> bool:
    """The same for the older drawings."""
    style = _style(drawing)
    wrapped = any(value(wrap, "type") not in ("", "none") for wrap in drawing.iter("{*}wrap"))
    behind = style.get("z-index", "").startswith("-")
    return not wrapped and not behind and (local(drawing) != "shape" or style.get("position") == "absolute")


def _kind(item: Element) -> str:
    """`shape`, filled and without words; `box`, filled and with words; `picture`; empty for what lets text through."""
    if local(item) == "anchor":
        shapes = list(item.iter("{*}wsp"))
        if not shapes:
            return "picture" if next(item.iter("{*}pic"), None) is not None else ""
        filled = [shape for shape in shapes if _hides(shape.find("{*}spPr/{*}solidFill"))]
    else:
        if next(item.iter("{*}imagedata"), None) is not None:
            return "picture"
        hollow = value(item, "filled").lower() in ("f", "false") or not value(item, "fillcolor")
        hollow = hollow or next(item.iter("{*}textpath"), None) is not None
        filled = [] if hollow else [item]
    if not filled:
        return ""
    return "box" if any((text.text or "").strip() for shape in filled for text in shape.iter("{*}t")) else "shape"


def _hides(fill: Element | None) -> bool:
    """Whether a shape is filled, and not as glass is."""
    return fill is not None and not any(_number(value(alpha)) < _GLASS for alpha in fill.iter("{*}alpha"))


def _under(item: Element) -> str:
    """The words of the paragraph that a drawing hangs on, where it reaches over them; else nothing."""
    paragraph = next(item.iterancestors("{*}p"), None)
    if paragraph is None:
        return ""
    own = [text for text in paragraph.iter("{*}t") if next(text.iterancestors("{*}p"), None) is paragraph]
    words = "".join(text.text or "" for text in own)
    top, high = _reach(item)
    lines = 1 + len(words) // _LETTERS
    return words if words.strip() and top < lines * _LINE and top + high > 0 else ""


def _reach(item: Element) -> tuple[float, float]:
    """Where a drawing begins below the top of its paragraph, and its height, in points; as far as the file says."""
    if local(item) != "anchor":
        style = _style(item)
        return _points(style.get("margin-top", "0")), _points(style.get("height", "0"))
    down = item.find("{*}positionV")
    extent = item.find("{*}extent")
    high = _number(value(extent, "cy")) / _EMU
    if down is None or value(down, "relativeFrom") not in ("paragraph", "line"):
        return float("inf"), high
    return _number(down.findtext("{*}posOffset") or "") / _EMU, high


def _number(told: str) -> float:
    try:
        return float(told.strip()[:20] or 0)
    except ValueError:
        return 0.0


def _style(drawing: Element) -> dict[str, str]:
    pairs = (piece.partition(":") for piece in value(drawing, "style").split(";"))
    return {name.strip().lower(): told.strip().lower() for name, _, told in pairs}


def _points(told: str) -> float:
    found = _MEASURE.match(told)
    return float(found[1][:20]) * _UNITS[found[2] or ""] if found else 0.0
