"""Text of a web page that no browser shows: hidden elements, the colour of the ground, comments, hidden fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.html
from lxml import etree
from lxml.etree import _Comment
from lxml.etree import _Element as Element

from gongkai.service.checks.found import Trace
from gongkai.service.checks.officetraces import alike
from gongkai.service.formats.html import declared
from gongkai.service.formats.text import decode
from gongkai.service.limits import Limits

_ANEW = "请从网页源码里删去这些文字，不要只用样式隐藏或涂黑"
_HIDDEN = "元素用样式隐藏，查看网页源码即可看到"
_SAME = "文字与底色相同，选中或复制即可看到"
_UNSHOWN = re.compile(
    r"display:none|visibility:(?:hidden|collapse)|mso-hide:all|opacity:(?:0|0?\.0\d*)(?![\w.%])"
    r"|font-size:(?:0(?:px|pt|r?em|%)?|0?\.\d+p[xt]|1p[xt])(?![\w.%])|(?:text-indent|left|top):-\d{3,}"
    r"|(?<![\w-])(?:height|width):0(?:px)?;(?:.*;)?overflow:hidden|overflow:hidden;(?:.*;)?(?:height|width):0(?![\w.%])"
)
_INK = re.compile(r"(?:^|;)color:([^;!]+)")
_GROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;!]+)")
_RULE = re.compile(r"([.#][\w-]+)\s*\{([^{}]*)\}")
_NAMES = {"black": "000000", "white": "FFFFFF", "red": "FF0000", "gray": "808080", "grey": "808080"}
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})")
_CLEAR = re.compile(r"transparent|rgba\(.*,0?(?:\.0+)?\)|none|inherit|0|initial|unset")
_HEX = re.compile(r"[0-9a-f]{6}")
#: Elements that mark a few words; a black ground of others may have its ink from a style sheet elsewhere.
_MARKERS = ("span", "font", "mark", "b", "strong", "i", "em", "u", "s")
_UNKNOWN = "?"
_SILENT = ("script", "style", "noscript", "template")


def traces_html(data: bytes, limits: Limits) -> Iterator[Trace]:
    """Hidden elements, same colours, comments and hidden fields."""
    source = re.sub(r"^\s*<\?xml[^>]*>", "", decode(data, declared(data))).replace("\0", "")
    root = lxml.html.document_fromstring(source or "<p>")
    rules = _rules(root)
    for element in root.iter():
        if isinstance(element, _Comment):
            yield Trace("网页注释", element.text or "", "网页注释里的文字，查看源码即可看到", _ANEW)
        elif isinstance(element.tag, str) and element.tag not in _SILENT:
            yield from _element(element, rules)
    yield from _painted(root, rules)


def _rules(root: Element) -> dict[str, str]:
    """What the page's own style sheets say of a class or an id."""
    sheets = (style.text or "" for style in root.iter("style"))
    return {name: _squeezed(body) for sheet in sheets for name, body in _RULE.findall(sheet)}


def _squeezed(style: str) -> str:
    return re.sub(r"\s", "", style).lower()


def _style(element: Element, rules: dict[str, str]) -> str:
    names = [f".{name}" for name in (element.get("class") or "").split()] + [f"#{element.get('id') or ''}"]
    return ";".join([*(rules[name] for name in names if name in rules), _squeezed(element.get("style") or "")])


def _element(element: Element, rules: dict[str, str]) -> Iterator[Trace]:
    if element.tag == "input" and (element.get("type") or "").lower() == "hidden":
        yield Trace("网页隐藏字段", element.get("value") or "", "隐藏的表单字段，查看源码即可看到", _ANEW)
        return
    if element.tag in ("html", "body", "head"):
        return
    if _UNSHOWN.search(_style(element, rules)) or "hidden" in element.attrib:
        text = "".join(element.itertext())
        if text.strip():
            yield Trace("网页隐藏元素", text, _HIDDEN, _ANEW)


@dataclass(slots=True)
class _Paint:
    """The ink and the ground (RRGGBB, empty as a browser has it, or unknown) that hold inside an element, its text."""

    ink: str = ""
    ground: str = ""
    marks: bool = False
    texts: list[str] = field(default_factory=list)

    @property
    def same(self) -> bool:
        """Whether nobody sees the text."""
        if _UNKNOWN in (self.ink, self.ground) or not (self.ink or self.marks):
            return False
        return self.ink == "clear" or alike(self.ink or "000000", self.ground or "FFFFFF")

    @property
    def dark(self) -> bool:
        """Whether it is covered with black."""
        return bool(self.ground) and alike(self.ground, "000000")


def _painted(root: Element, rules: dict[str, str]) -> Iterator[Trace]:
    """Text in the colour of its ground, as one wherever the same element gives it both."""
    paints, found = [_Paint()], []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            own = _paint(element, _style(element, rules), paints[-1])
            found += [own] if own is not paints[-1] else []
            paints.append(own)
            own.texts.append((element.text or "") if element.tag not in _SILENT else "")
            continue
        if event == "end":
            paints.pop()
        paints[-1].texts.append(element.tail or "")
    for paint in found:
        text = "".join(paint.texts)
        if paint.same and text.strip():
            yield Trace("网页文字", text, _SAME, _ANEW, sure=paint.dark)


def _paint(element: Element, style: str, around: _Paint) -> _Paint:
    """What holds inside an element: that of the one around it, unless its style or an attribute says otherwise."""
    inks, grounds = _INK.findall(style), _GROUND.findall(style)
    inks = inks or [value for value in (element.get("color"), element.get("text")) if value]
    grounds = grounds or [value for value in (element.get("bgcolor"),) if value]
    if element.get("background"):
        grounds = [_UNKNOWN]
    if not inks and not grounds and element.tag != "a":
        return around
    ink = _told(inks, around.ink, "clear") if inks else _UNKNOWN if element.tag == "a" else around.ink
    ground = _told(grounds, around.ground, around.ground) if grounds else around.ground
    return _Paint(ink, ground, bool(grounds) and element.tag in _MARKERS)


def _told(found: list[str], inherited: str, clear: str) -> str:
    told = found[-1].strip().lower()
    if _CLEAR.fullmatch(told):
        return inherited if told in ("inherit", "unset") else clear
    return _colour([f"#{told}" if _HEX.fullmatch(told) else told]) or _UNKNOWN


def _colour(found: list[str]) -> str:
    """RRGGBB of the last declaration; empty where it can't be said."""
    told = found[-1] if found else ""
    if mixed := _RGB.search(told):
        return "".join(f"{min(255, int(part)):02X}" for part in mixed.groups())
    if match := re.search(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", told):
        return match[1] if len(match[1]) == 6 else "".join(char * 2 for char in match[1])
    return _NAMES.get(told, "")
