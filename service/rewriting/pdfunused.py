"""Glyphs that no page shows any more leave the fonts: a subset lists them in the order of their first use."""

from __future__ import annotations

import io
import logging
from collections import defaultdict
from collections.abc import Iterable

import pikepdf
from fontTools.cffLib import CFFFontSet
from fontTools.misc.psCharStrings import T2CharString
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph
from pikepdf import Dictionary, Name, Stream

from gongkai.service.rewriting.pdfcontent import Codes, Walk
from gongkai.service.rewriting.pdffonts import Value
from gongkai.service.rewriting.pdfglyphs import IDENTITY
from gongkai.service.rewriting.pdfunicode import forget, forget_names, meanings

_PROGRAMS = ("/FontFile", "/FontFile2", "/FontFile3")


def forget_unused(pdf: pikepdf.Pdf, lost: Codes) -> bool:
    """Take unused codes out of the fonts that lost some; whether all their outlines could be taken out as well."""
    if not any(lost.values()):
        return True
    walk = Walk(pdf, shown=defaultdict(set))
    for page in pdf.pages:
        resources: Value = page.resources
        walk.stream(page, resources, IDENTITY)
    shown = walk.shown or {}
    touched = [number for number, codes in lost.items() if number != (0, 0) and codes - shown.get(number, set())]
    programs: dict[tuple[int, int], list[tuple[Dictionary, set[tuple[bytes, int]]]]] = defaultdict(list)
    for number in {*shown, *touched} - {(0, 0)}:
        font = pdf.get_object(number)
        if isinstance(font, Dictionary) and (program := _program(font)) is not None:
            programs[program.objgen].append((font, shown.get(number, set())))
    clean = True
    for number in touched:
        font = pdf.get_object(number)
        if isinstance(font, Dictionary):
            program = _program(font)
            clean = (program is None or _erase(program, programs[program.objgen])) and clean
            codes = [raw for raw, _ in shown.get(number, ())]
            forget(font, codes)
            forget_names(font, codes)
    return clean


def _program(font: Dictionary) -> Stream | None:
    """The embedded program of a font."""
    below: Value = font.get("/DescendantFonts", [font])
    descriptor = below[0].get("/FontDescriptor")
    found = (descriptor.get(key) for key in _PROGRAMS) if isinstance(descriptor, Dictionary) else ()
    return next((program for program in found if isinstance(program, Stream)), None)


def _erase(program: Stream, users: Iterable[tuple[Dictionary, set[tuple[bytes, int]]]]) -> bool:
    """Empty the outlines that none of the fonts of a program shows; False when its kind is not known here."""
    logger, data = logging.getLogger("fontTools"), program.read_bytes()
    before = logger.level
    logger.setLevel(logging.CRITICAL)  # it tells about glyph names
    try:
        if data[:4] in (b"\0\1\0\0", b"true"):
            program.write(_erased_glyf(data, users))
        elif data[:1] == b"\1" and program.get("/Subtype") == Name.CIDFontType0C:
            program.write(_erased_cff(data, users))
        else:
            return False
    except Exception:  # fontTools answers damage with any exception; the font stays as it is and a person is told
        return False
    finally:
        logger.setLevel(before)
    if "/Length1" in program:
        program.Length1 = len(program.read_bytes())
    return True


def _erased_glyf(data: bytes, users: Iterable[tuple[Dictionary, set[tuple[bytes, int]]]]) -> bytes:
    with TTFont(io.BytesIO(data), lazy=False, recalcTimestamp=False, recalcBBoxes=False) as font:
        order, table = font.getGlyphOrder(), font["glyf"]
        stay = {0} | {glyph for user, codes in users for glyph in _glyphs(font, user, codes)}
        names = [order[glyph] for glyph in stay if glyph < len(order)]
        while names:
            parts = table[names.pop()].getComponentNames(table)
            names += [part for part in parts if font.getGlyphID(part) not in stay]
            stay |= {font.getGlyphID(part) for part in parts}
        for number, name in enumerate(order):
            if number not in stay:
                table[name] = Glyph()
        _forget_characters(font, {order[glyph] for glyph in stay if glyph < len(order)})
        if "post" in font and all(user.get("/Subtype") == Name.Type0 for user, _ in users):
            font["post"].formatType = 3.0  # no names: only one-byte fonts are looked up by them
        target = io.BytesIO()
        font.save(target, reorderTables=None)
    return target.getvalue()


def _forget_characters(font: TTFont, stay: set[str]) -> None:
    """Take the characters of all other glyphs out of the font's own table."""
    for table in font["cmap"].tables if "cmap" in font else ():
        if hasattr(table, "cmap"):
            table.cmap = {code: name for code, name in table.cmap.items() if name in stay}


def _glyphs(font: TTFont, user: Dictionary, codes: set[tuple[bytes, int]]) -> set[int]:
    """The glyphs that codes may draw: for a one-byte font every one that some reader might take."""
    if user.get("/Subtype") == Name.Type0:
        return _mapped(user, {cid for _, cid in codes})
    unicode: Value = user.get("/ToUnicode")
    known = meanings(unicode.read_bytes()) if isinstance(unicode, Stream) else {}
    found = set()
    for table in font["cmap"].tables if "cmap" in font else ():
        for raw, code in codes:
            wanted = {code, 0xF000 + code, *map(ord, known.get(raw, "")), *map(ord, raw.decode("cp1252", "ignore"))}
            found |= {font.getGlyphID(table.cmap[key]) for key in wanted if key in table.cmap}
    return found


def _mapped(user: Dictionary, cids: set[int]) -> set[int]:
    below: Value = user.DescendantFonts[0]
    table = below.get("/CIDToGIDMap")
    if not isinstance(table, Stream):
        return cids
    raw = table.read_bytes()
    return {int.from_bytes(raw[2 * cid : 2 * cid + 2], "big") for cid in cids}


def _erased_cff(data: bytes, users: Iterable[tuple[Dictionary, set[tuple[bytes, int]]]]) -> bytes:
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    strings = fonts[0].CharStrings
    stay = {".notdef"} | {f"cid{cid:05d}" for _, codes in users for _, cid in codes}
    for name in list(strings.keys()):  # noqa: SIM118  # an object of fontTools, not a dict
        if name not in stay:
            old = strings[name]
            strings[name] = T2CharString(program=["endchar"], private=old.private, globalSubrs=old.globalSubrs)
    target = io.BytesIO()
    fonts.compile(target, None)
    return target.getvalue()
