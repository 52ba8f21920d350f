"""What a run of a Word file looks like once its styles are applied: colour, ground, size, whether it is shown at all.

The order is that of ECMA-376 part 1, 17.7.2: the run itself, its character style, its paragraph's style, the defaults.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from gongkai.service.checks.officetraces import local, parts, value

_DEPTH = 20
_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_THEME = {"background1": "lt1", "text1": "dk1", "background2": "lt2", "text2": "dk2"}
_THEME |= {"bg1": "lt1", "tx1": "dk1", "bg2": "lt2", "tx2": "dk2"}
_OFF = ("0", "false", "off")


@dataclass(frozen=True)
class Styles:
    """The styles of one file, its theme, its page colour. Build it with `Styles.of`."""

    known: dict[str, Element] = field(default_factory=dict, repr=False)
    defaults: tuple[Element, ...] = ()
    theme: dict[str, str] = field(default_factory=dict)
    page: str = "FFFFFF"

    @classmethod
    def of(cls, box: zipfile.ZipFile) -> Styles:
        """Read the parts of a file that say how its text looks; raises anything at all for a damaged one."""
        known: dict[str, Element] = {}
        theme: dict[str, str] = {}
        defaults: list[Element] = []
        page, shown = "", False
        for name, root in parts(box, "word/"):
            if local(root) == "styles":
                known |= {value(style, "styleId"): style for style in root.iter("{*}style")}
                defaults += [found for found in root.iter("{*}rPrDefault", "{*}pPrDefault")]
            elif local(root) == "theme" and not theme:
                theme = {local(one): _first(one) for scheme in root.iter("{*}clrScheme") for one in scheme}
            elif local(root) == "settings":
                shown = root.find("{*}displayBackgroundShape") is not None
            elif name == "word/document.xml" or local(root) == "document":
                page = value(root.find("{*}background"), "color")
        defaults += [style for style in known.values() if _is_default(style)]
        return cls(known, tuple(defaults), theme, page if shown and _COLOUR.fullmatch(page) else "FFFFFF")

    def chain(self, name: str) -> Iterator[Element]:
        """A style and those that it is based on."""
        for _ in range(_DEPTH):
            style = self.known.get(name)
            if style is None:
                return
            yield style
            name = value(style.find("{*}basedOn"))

    def of_run(self, run: Element, paragraph: Element) -> Iterator[Element]:
        """Where the properties of a run's letters are told, the nearest first."""
        own = run.find("{*}rPr")
        if own is not None:
            yield own
            yield from self._below(value(own.find("{*}rStyle")), "rPr")
        above = paragraph.find("{*}pPr")
        yield from self._below(value(above.find("{*}pStyle")) if above is not None else "", "rPr")
        yield from (below for default in self.defaults for below in default.iter("{*}rPr"))

    def of_paragraph(self, paragraph: Element) -> Iterator[Element]:
        """The same for the properties of a paragraph."""
        own = paragraph.find("{*}pPr")
        if own is not None:
            yield own
            yield from self._below(value(own.find("{*}pStyle")), "pPr")
        yield from (below for default in self.defaults for below in default.iter("{*}pPr"))

    def _below(self, name: str, kind: str) -> Iterator[Element]:
        for style in self.chain(name):
            yield from style.iterchildren(f"{{*}}{kind}")

    def coloured(self, told: Element | None, theme: str = "themeColor", plain: str = "val") -> str:
        """RRGGBB of a colour that may be one of the theme; empty for `auto` and for what isn't known."""
        base = self.theme.get(_THEME.get(value(told, theme), value(told, theme)), "")
        if base:
            shift = theme.removesuffix("Color").removesuffix("Fill")
            kind = "Fill" if theme.endswith("Fill") else ""
            return _shaded(base, value(told, f"{shift}{kind}Tint"), value(told, f"{shift}{kind}Shade"))
        found = value(told, plain)
        return found.upper() if _COLOUR.fullmatch(found) else ""

    def shade(self, properties: Element | None) -> str:
        """The colour that a shading puts under text; empty without one."""
        told = properties.find("{*}shd") if properties is not None else None
        if value(told) == "solid":
            return self.coloured(told, "themeColor", "color") or "000000"
        return self.coloured(told, "themeFill", "fill")

    def filled(self, properties: Element | None) -> str:
        """The colour that a drawn shape is filled with; empty where it is not filled with one."""
        fill = properties.find("{*}solidFill") if properties is not None else None
        if fill is None:
            return ""
        scheme = value(fill.find("{*}schemeClr"))
        return self.theme.get(_THEME.get(scheme, scheme), "") or value(fill.find("{*}srgbClr")).upper()


def nearest(holders: Iterator[Element], name: str) -> Element | None:
    """The first property of a name."""
    return next((found for holder in holders if (found := holder.find(f"{{*}}{name}")) is not None), None)


def is_on(mark: Element | None) -> bool:
    """Whether a switch is set."""
    return mark is not None and value(mark) not in _OFF


def _is_default(style: Element) -> bool:
    return value(style, "type") == "paragraph" and value(style, "default") in ("1", "true", "on")


def _first(holder: Element) -> str:
    """The colour in an element of a theme."""
    told = next((value(one, "lastClr") or value(one) for one in holder), "")
    return told.upper() if _COLOUR.fullmatch(told) else ""


def _shaded(base: str, tint: str, shade: str) -> str:
    """A colour of the theme made lighter or darker, by shares of 255 in hexadecimal digits."""
    try:
        light, dark = (int(part or "FF", 16) / 255 for part in (tint, shade))
    except ValueError:
        return ""
    levels = [int(base[at : at + 2], 16) for at in (0, 2, 4)]
    mixed = [(255 - (255 - level) * min(1.0, light)) * min(1.0, dark) for level in levels]
    return "".join(f"{round(level):02X}" for level in mixed)
