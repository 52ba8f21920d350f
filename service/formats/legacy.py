"""Old Word documents (.doc, and .wps as WPS writes it), from the piece table ([MS-DOC]).

legacy-doc supplies the container; its text extraction runs table rows together and drops pieces after fcMac.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left
from collections.abc import Iterator

from gongkai.model.errors import CorruptDocument, EncryptedDocument, UnsupportedFormat
from gongkai.service.formats.compound import open_compound, read_stream
from gongkai.service.limits import Limits

_WORD97 = 0xC1
_ENCRYPTED, _TABLE1 = 0x0100, 0x0200
#: Offsets in the file information block (2.5.1): lengths of the subdocuments, and places in the table stream.
_CCP_TEXT, _PLCF_HDD, _PLCF_PAPX, _CLX = 0x4C, 0xF2, 0x102, 0x1A2
_PARTS = ("main", "footnotes", "headers", "macros", "comments", "endnotes", "boxes", "header_boxes")
_ROW_END = b"\x17\x24\x01"  # sprmPFTtp with a true operand
_BROKEN = "Word 文件已损坏，请用 Word 或 WPS 打开后另存为 .docx。"
_LAST_CELLS = re.compile("\t+\n")
_CHARACTERS = str.maketrans(
    {"\r": "\n", "\x07": "\t", "\x0b": "\n", "\x0c": "\n", "\x1e": "-", "\x1f": None}
    | dict.fromkeys("\x01\x02\x03\x04\x05\x08\x13\x14\x15")
)


def read(data: bytes, limits: Limits) -> str:
    """Headers, main text, text boxes, notes and footers; a table row a line, its cells tab-separated."""
    box = open_compound(data)
    word = read_stream(box, "WordDocument")
    if len(word) < _CLX + 8:
        raise CorruptDocument(_BROKEN)
    flags = _number(word, 0x0A, "<H")
    if flags & _ENCRYPTED:
        raise EncryptedDocument("Word 文件已加密，请去掉密码后再提交。")
    if _number(word, 0x02, "<H") < _WORD97:
        raise UnsupportedFormat("这是 Word 95 或更早的文件，请用 Word 或 WPS 另存为 .docx。")
    table = read_stream(box, "1Table" if flags & _TABLE1 else "0Table")
    return _assemble(word, table)


def _number(data: bytes, offset: int, form: str = "<I") -> int:
    return int(struct.unpack_from(form, data, offset)[0])


def _place(word: bytes, table: bytes, offset: int) -> bytes:
    """The bytes of the table stream that an fc/lcb pair of the information block names."""
    start, length = _number(word, offset), _number(word, offset + 4)
    return table[start : start + length]


def _assemble(word: bytes, table: bytes) -> str:
    units = b"".join(_pieces(word, table))
    if not units:
        raise CorruptDocument(_BROKEN)
    parts, position = {}, 0
    for index, name in enumerate(_PARTS):
        length = _number(word, _CCP_TEXT + 4 * index) * 2
        parts[name] = units[position : position + length]
        position += length
    headers, footers = _split_headers(parts["headers"], _place(word, table, _PLCF_HDD))
    body = [parts[name] for name in ("header_boxes", "main", "boxes", "footnotes", "endnotes")]
    order = [*headers, *body, units[position:], *footers]  # with any text that the lengths leave over
    texts = [_visible(part.decode("utf-16-le", "replace")) for part in order]
    return "\n".join(dict.fromkeys(text for text in texts if text.strip()))


def _pieces(word: bytes, table: bytes) -> Iterator[bytes]:
    """Text of each piece in UTF-16, with the mark at the end of a table row turned into a line end."""
    plc = _piece_table(_place(word, table, _CLX))
    count = (len(plc) - 4) // 12
    ends = sorted(_row_ends(word, table))
    for index in range(count):
        first, last = struct.unpack_from("<2I", plc, 4 * index)
        place = _number(plc, 4 * (count + 1) + 8 * index + 2)
        narrow = bool(place & 0x40000000)
        start = (place & 0x3FFFFFFF) // 2 if narrow else place & 0x3FFFFFFF
        stop = start + (last - first) * (1 if narrow else 2)
        if last < first or stop > len(word):
            raise CorruptDocument(_BROKEN)
        yield _piece(word, start, stop, narrow, ends)


def _piece(word: bytes, start: int, stop: int, narrow: bool, ends: list[int]) -> bytes:
    width, units = (1 if narrow else 2), bytearray(word[start:stop])
    for end in ends[bisect_left(ends, start + width) :]:
        if end > stop:
            break
        if units[end - start - width] == 7:
            units[end - start - width] = 10
    return units.decode("cp1252", "replace").encode("utf-16-le") if narrow else bytes(units)


def _piece_table(clx: bytes) -> bytes:
    """Skip the property changes (Prc) before the piece table (Pcdt), 2.9.38."""
    position = 0
    while position + 5 <= len(clx) and clx[position] == 1:
        position += 3 + _number(clx, position + 1, "<H")
    if position + 5 > len(clx) or clx[position] != 2:
        raise CorruptDocument(_BROKEN)
    return clx[position + 5 : position + 5 + _number(clx, position + 1)]


def _row_ends(word: bytes, table: bytes) -> Iterator[int]:
    """Places after the paragraph marks that end table rows, from the formatted pages (2.9.175, 2.9.179)."""
    plc = _place(word, table, _PLCF_PAPX)
    count = max((len(plc) - 4) // 8, 0)
    for index in range(count):
        start = (_number(plc, 4 * (count + 1) + 4 * index) & 0x3FFFFF) * 512
        page = word[start : start + 512]
        if len(page) == 512:
            yield from _row_ends_of_page(page)


def _row_ends_of_page(page: bytes) -> Iterator[int]:
    count = min(page[511], 29)
    for index in range(count):
        offset = page[4 * (count + 1) + 13 * index] * 2
        if not 0 < offset < 510:
            continue
        words, start = (page[offset], offset + 1) if page[offset] else (page[offset + 1], offset + 2)
        if _ROW_END in page[start : start + 2 * words]:
            yield _number(page, 4 * (index + 1))


def _split_headers(units: bytes, plc: bytes) -> tuple[list[bytes], list[bytes]]:
    """Headers and footers: after six note separators, six stories a section (2.3.3)."""
    places = [2 * _number(plc, offset) for offset in range(0, len(plc) - 3, 4)]
    if len(places) < 8:
        return [units], []
    stories = [units[a:b] for a, b in zip(places[6:], places[7:], strict=False)]
    headers = [story for index, story in enumerate(stories) if index % 6 in (0, 1, 4)]
    footers = [story for index, story in enumerate(stories) if index % 6 in (2, 3, 5)]
    return headers, footers


def _visible(text: str) -> str:
    """Drop field codes but keep field results, and turn Word's marks into line ends and tabs."""
    kept, open_fields, hidden = [], [], 0
    for token in re.split("([\x13\x14\x15])", text):
        if token == "\x13":
            open_fields.append(True)
            hidden += 1
        elif token in ("\x14", "\x15") and open_fields:
            hidden -= open_fields.pop()
            if token == "\x14":
                open_fields.append(False)
        elif not hidden:
            kept.append(token)
    # A field that never ends is damage: then nothing is hidden.
    shown = text if open_fields else "".join(kept)
    return _LAST_CELLS.sub("\n", shown.translate(_CHARACTERS)).strip("\n")
