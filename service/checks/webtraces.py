"""Text of a web page that no browser shows: hidden elements, the colour of the ground, comments, hidden fields."""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.html
from lxml.etree import _Comment
from lxml.etree import _Element as Element

from gongkai.service.checks.found import Trace
from gongkai.service.checks.officetraces import alike
from gongkai.service.formats.html import _declared
from gongkai.service.limits import Limits
from gongkai.service.rewriting.plain import read_encoded

_ANEW = "请从网页源码里删去这些文字，不要只用样式隐藏或涂黑"
_HIDDEN = "元素用样式隐藏，查看网页源码即可看到"
_SAME = "文字与底色相同，选中或复制即可看到"
_UNSHOWN = re.compile(
    r"display:none|visibility:hidden|font-size:0(?:px|pt|em|%)?(?:;|$)|opacity:0?(?:\.0+)?(?:;|$)|text-indent:-\d{3,}"
)
_INK = re.compile(r"(?:^|;)color:([^;!]+)")
_GROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;!]+)")
_RULE = re.compile(r"([.#][\w-]+)\s*\{([^{}]*)\}")
_NAMES = {"black": "000000", "white": "FFFFFF", "red": "FF0000", "gray": "808080", "grey": "808080"}
_RGB = re.compile(r"rgba?\((\d{1,3}),(\d{1,3}),(\d{1,3})")
_SILENT = ("script", "style", "noscript", "template")


def traces_html(data: bytes, limits: Limits) -> Iterator[Trace]:
    """Hidden elements, same colours, comments and hidden fields."""
    source = re.sub(r"^\s*<\?xml[^>]*>", "", read_encoded(data, _declared(data))[0]).replace("\0", "")
    root = lxml.html.document_fromstring(source or "<p>")
    rules = _rules(root)
    for element in root.iter():
        if isinstance(element, _Comment):
            yield Trace("网页注释", element.text or "", "网页注释里的文字，查看源码即可看到", _ANEW)
        elif isinstance(element.tag, str) and element.tag not in _SILENT:
            yield from _element(element, rules)


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
    style = _style(element, rules)
    text = "".join(element.itertext())
    if not text.strip() or element.tag in ("html", "body", "head"):
        return
    if _UNSHOWN.search(style) or "hidden" in element.attrib:
        yield Trace("网页隐藏元素", text, _HIDDEN, _ANEW)
        return
    ink, ground = _colour(_INK.findall(style)), _colour(_GROUND.findall(style))
    if ink and alike(ink, ground or "FFFFFF") and (ground or _unpainted(element, rules)):
        yield Trace("网页文字", text, _SAME, _ANEW, sure=bool(ground) and alike(ground, "000000"))


def _unpainted(element: Element, rules: dict[str, str]) -> bool:
    """Whether nothing around an element gives its ground a colour or a picture."""
    return not any("background" in _style(around, rules) for around in element.iterancestors())


def _colour(found: list[str]) -> str:
    """RRGGBB of the last declaration; empty where it can't be said."""
    told = found[-1] if found else ""
    if mixed := _RGB.search(told):
        return "".join(f"{min(255, int(part)):02X}" for part in mixed.groups())
    if match := re.search(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", told):
        return match[1] if len(match[1]) == 6 else "".join(char * 2 for char in match[1])
    return _NAMES.get(told, "")
