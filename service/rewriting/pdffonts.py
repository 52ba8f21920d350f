"""How a PDF font cuts a shown string into codes, and how far each of them moves on."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pikepdf
from pdfminer.cmapdb import CMapDB
from pdfminer.encodingdb import EncodingDB
from pdfminer.fontmetrics import FONT_METRICS

#: Anything that stands in a PDF: numbers come as numbers, all else as pikepdf's own types.
Value: TypeAlias = Any

_PREDEFINED = re.compile(r"[A-Za-z0-9-]{1,40}")
_BLOCK = re.compile(rb"begin(codespacerange|cidrange|cidchar)(.*?)end\1", re.DOTALL)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\d+)")
_MAX_CODES = 65_536


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a shown string; `width` in text space for a size of 1, `across` the shift of a vertical origin."""

    raw: bytes
    cid: int
    width: float
    across: float = 0.0


@dataclass(slots=True)
class Face:
    """One font of a document."""

    vertical: bool = False
    lengths: tuple[int, ...] = (1,)
    tree: dict[int, Any] | None = None
    ranges: list[tuple[bytes, bytes, int]] = field(default_factory=list)
    widths: dict[int, float] = field(default_factory=dict)
    missing: float = 0.0
    step: float = -1.0
    scale: float = 0.001

    def codes(self, raw: bytes) -> Iterator[Code]:
        """The codes of a string in order; together they are the string."""
        start = 0
        while start < len(raw):
            length, cid = self._next(raw, start)
            width = self.widths.get(cid, self.missing) * self.scale
            piece = raw[start : start + length]
            yield Code(piece, cid, self.step, width / 2) if self.vertical else Code(piece, cid, width)
            start += length

    def _next(self, raw: bytes, start: int) -> tuple[int, int]:
        """Length and character id of the code at `start`."""
        if self.tree is not None:
            return _descend(self.tree, raw, start)
        for length in self.lengths:
            code = raw[start : start + length]
            cid = self._mapped(code) if self.ranges else int.from_bytes(code, "big")
            if cid is not None:
                return length, cid
        return min(self.lengths), 0

    def _mapped(self, code: bytes) -> int | None:
        index = bisect_right(self.ranges, (len(code), code), key=_order) - 1
        if index < 0:
            return None
        first, last, cid = self.ranges[index]
        inside = len(first) == len(code) and first <= code <= last
        return cid + int.from_bytes(code, "big") - int.from_bytes(first, "big") if inside else None


def _order(row: tuple[bytes, bytes, int]) -> tuple[int, bytes]:
    return len(row[0]), row[0]


def _descend(tree: dict[int, Any], raw: bytes, start: int) -> tuple[int, int]:
    here: Any = tree
    for index in range(start, len(raw)):
        here = here.get(raw[index])
        if isinstance(here, int):
            return index - start + 1, here
        if here is None:
            break
    return (1 if raw[start] < 0x80 else min(2, len(raw) - start)), 0


def face(font: pikepdf.Object | None) -> Face:
    """The face of a font dictionary; a damaged or missing one counts as a plain one-byte font."""
    if not isinstance(font, pikepdf.Dictionary):
        return Face(missing=500.0)
    if font.get("/Subtype") == pikepdf.Name.Type0:
        return _composite(font)
    return _simple(font)


def _simple(font: pikepdf.Dictionary) -> Face:
    widths = font.get("/Widths")
    descriptor = font.get("/FontDescriptor")
    missing = _number(descriptor.get("/MissingWidth"), 0.0) if isinstance(descriptor, pikepdf.Dictionary) else 0.0
    if not isinstance(widths, pikepdf.Array):
        return Face(widths=_standard(font), missing=missing or 600.0)
    first = int(_number(font.get("/FirstChar"), 0))
    known = {first + index: _number(width, missing) for index, width in enumerate(widths.as_list())}
    return Face(widths=known, missing=missing, scale=_scale(font))


def _scale(font: pikepdf.Dictionary) -> float:
    matrix = font.get("/FontMatrix")
    if font.get("/Subtype") == pikepdf.Name.Type3 and isinstance(matrix, pikepdf.Array) and len(matrix) == 6:
        return _number(matrix[0], 0.001)
    return 0.001


def _standard(font: pikepdf.Dictionary) -> dict[int, float]:
    """Widths of one of the fourteen fonts that every reader knows."""
    metrics = FONT_METRICS.get(str(font.get("/BaseFont", "")).lstrip("/"))
    if metrics is None:
        return {}
    encoding = font.get("/Encoding")
    name = str(encoding).lstrip("/") if isinstance(encoding, pikepdf.Name) else "StandardEncoding"
    return {code: metrics[1].get(char, 0) for code, char in EncodingDB.get_encoding(name).items()}


def _composite(font: pikepdf.Dictionary) -> Face:
    below = font["/DescendantFonts"].as_list()[0]
    made = Face(missing=_number(below.get("/DW"), 1000.0), widths=_widths(below.get("/W")))
    if isinstance(moves := below.get("/DW2"), pikepdf.Array) and len(moves) == 2:
        made.step = _number(moves[1], -1000.0) / 1000
    encoding = font.get("/Encoding")
    if isinstance(encoding, pikepdf.Stream):
        made.vertical = encoding.get("/WMode") == 1
        made.lengths, made.ranges = _embedded(encoding.read_bytes())
    else:
        _predefined(made, str(encoding or "/Identity-H").lstrip("/"))
    return made


def _predefined(made: Face, name: str) -> None:
    made.vertical, made.lengths = name.endswith("V"), (2,)
    if not name.startswith("Identity") and _PREDEFINED.fullmatch(name):
        try:
            made.tree = getattr(CMapDB.get_cmap(name), "code2cid", None)
        except CMapDB.CMapNotFound:
            made.tree = None


def _embedded(program: bytes) -> tuple[tuple[int, ...], list[tuple[bytes, bytes, int]]]:
    """Code lengths and ranges of character ids that a CMap in the file states."""
    lengths: set[int] = set()
    ranges: list[tuple[bytes, bytes, int]] = []
    for kind, body in _BLOCK.findall(program):
        values = [_code(found) if found or not number else int(number) for found, number in _HEX.findall(body)]
        if kind == b"codespacerange":
            lengths.update(len(value) for value in values if isinstance(value, bytes) and value)
            continue
        step = 3 if kind == b"cidrange" else 2
        rows = zip(*(values[index::step] for index in range(step)), strict=False)
        ranges += [(row[0], row[-2], row[-1]) for row in rows if isinstance(row[0], bytes) and isinstance(row[-1], int)]
    return tuple(sorted(lengths)) or (2,), sorted(ranges, key=_order)[:_MAX_CODES]


def _code(digits: bytes) -> bytes:
    plain = b"".join(digits.split())
    return bytes.fromhex((plain + b"0" * (len(plain) % 2)).decode("ascii"))


def _widths(table: pikepdf.Object | None) -> dict[int, float]:
    """A /W array: `first [w w …]` or `first last w`."""
    widths: dict[int, float] = {}
    row: list[float] = []
    for value in table.as_list() if isinstance(table, pikepdf.Array) else ():
        if isinstance(value, pikepdf.Array):
            if row:
                widths.update((int(row[-1]) + index, _number(width, 0)) for index, width in enumerate(value.as_list()))
            row = []
            continue
        row.append(_number(value, 0))
        if len(row) == 3:
            last = min(int(row[1]), int(row[0]) + _MAX_CODES)
            widths.update(dict.fromkeys(range(int(row[0]), last + 1), row[2]))
            row = []
    return widths


def _number(value: Value, default: float) -> float:
    try:
        return default if value is None else float(value)
    except (TypeError, ValueError):
        return default
