"""Web pages (.html): text, attributes, comments, scripts and styles, changed in the source so that the layout stays."""

from __future__ import annotations

import base64
import binascii
import re
import struct
import urllib.parse
import zlib
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gongkai.model.errors import UnsupportedPart
from gongkai.service.formats.html import declared, read
from gongkai.service.limits import Limits
from gongkai.service.rewriting.markup import INLINE, Piece, Run
from gongkai.service.rewriting.plain import Encoding, read_encoded
from gongkai.service.rewriting.slots import Edit, Rewritten, Slot
from gongkai.service.rewriting.webcutting import RAW, pieces

_DATA = re.compile(
    r"data:(?P<type>[\w.+-]+/[\w.+-]+)?(?:;[\w=.+-]+)*?(?P<coded>;base64)?,"
    r"(?P<data>[^\"'()<>\s]*(?(coded)(?:\s+(?:[\w+/=-]{20,}|[\w+/=-]+(?=[\"')])))*))",
    re.I,
)
_WINDOW = re.compile(r"<(?:i?frame|object|embed|applet)\b[^>]*", re.I)
_EMBEDDED = re.compile(
    r"<i?frame\b.*\bsrcdoc\s*=|<(?:object|embed|applet)\b.*\b(?:data|src|code)\s*=\s*[\"']?data:", re.I | re.S
)
_PICTURE = re.compile(r"<img\b[^>]*", re.I)
_INSIDE = re.compile(r"\bsrc\s*=\s*[\"']?data:", re.I)
_TELLING = re.compile(r"[\u3400-\u9fff]|\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d|@")
_PLACES = {
    "comment": "网页注释",
    "script": "脚本",
    "style": "样式",
    "title": "网页标题",
    "textarea": "表单",
    "meta": "网页元数据",
}
_UNSHOWN = ("comment", "script")
#: Tags in a text that is markup itself; those whose attributes might tell something stay.
_INNER = re.compile(r"<\\?/?(?P<name>[A-Za-z][\w:-]*)[^<>@\u3400-\u9fff]{0,300}>")
_DIGITS = re.compile(r"\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d\D{0,2}\d")
_GREY = 0xC0
_LARGEST = 4_000


@dataclass(frozen=True)
class Page:
    """A page's source with its pieces in the order of the slots."""

    source: str
    encoding: Encoding
    slots: Sequence[Slot]
    _pieces: Sequence[Piece]
    _fixed: Sequence[tuple[int, int, str]]
    _dropped: tuple[str, ...]
    _by_eye: tuple[str, ...]

    def rewrite(self, edits: Mapping[int, Sequence[Edit]]) -> Rewritten:
        """The source with the edits, and every picture inside it made grey."""
        changes = [
            change
            for index, of_slot in edits.items()
            for edit in of_slot
            for change in self._pieces[index].changes(edit.span, edit.text)
        ]
        gone = self._readings(changes)
        blanked = [(run.start, run.end, "") for piece in gone for run in piece.runs]
        written, at = [], 0
        for start, end, text in sorted([*self._fixed, *changes, *blanked]):
            if start >= at:
                written += [self.source[at:start], text]
            at = max(at, end)
        data = self.encoding.write("".join([*written, self.source[at:]]))
        dropped = (f"遮蔽处上方的注音{len(gone)}处已清除",) if gone else ()
        return Rewritten(data, self._dropped + dropped, self._by_eye)

    def _readings(self, changes: Iterable[tuple[int, int, str]]) -> list[Piece]:
        """Readings of characters that change: they would tell these."""
        starts = sorted(start for start, _, _ in changes)
        found = []
        for piece in self._pieces:
            first = bisect_left(starts, piece.above.start) if piece.above else len(starts)
            if piece.above and first < len(starts) and starts[first] < piece.above.end:
                found.append(piece)
        return found


def open_html(data: bytes, limits: Limits, pictures: str = "blank") -> Page:
    """A page as slots: what our reader takes for the article first, then the rest of the page, then what is hidden.

    Raises UnsupportedPart for a page or a program inside the page.
    """
    source, encoding = read_encoded(data, declared(data))
    if any(_EMBEDDED.match(window[0]) for window in _WINDOW.finditer(source)):
        raise UnsupportedPart("网页里嵌有另一个网页或者程序（srcdoc、object），不能保证遮蔽干净，请删去后再试。")
    fixed = list(_data_urls(source, pictures))
    every = (_untagged(piece) for piece in _without(pieces(source), fixed))
    found = [piece for piece in every if _told(piece)]
    article = re.sub(r"\s", "", read(data, limits))
    ranked = sorted(enumerate(found), key=lambda pair: (_rank(pair[1], article), pair[0]))
    slots = [Slot(piece.text, _place(piece), piece.after, _rank(piece, article) == 0) for _, piece in ranked]
    inside, outside = len(fixed), sum(not _INSIDE.search(tag[0]) for tag in _PICTURE.finditer(source))
    dropped = (f"网页内嵌的图片等数据{inside}项已替换为灰块",) if inside and pictures == "blank" else ()
    by_eye = (f"网页引用的图片{outside}张不在文件里，请人工查看",) if outside else ()
    kept = (f"网页内嵌的图片{len(_DATA.findall(source))}项原样保留，请人工查看",) if pictures == "keep" else ()
    return Page(source, encoding, slots, [piece for _, piece in ranked], fixed, dropped, by_eye + kept)


def _apart(runs: Iterable[Run], taken: Iterable[tuple[int, int, str]]) -> tuple[Run, ...]:
    """Runs without some stretches of their text, given as (start, end, what is read there instead), in order."""
    left, at, cuts = [], 0, iter(taken)
    cut = next(cuts, None)
    for run in runs:
        low, exact = 0, len(run.text) == run.end - run.start
        while cut and cut[0] < at + len(run.text):
            start, end = max(cut[0] - at, low), min(cut[1] - at, len(run.text))
            if start > low:
                left.append(Run(run.text[low:start], run.start + low, run.start + start) if exact else run)
            if cut[0] >= at and cut[2]:
                place = run.start + (start if exact else 0)
                left.append(Run(cut[2], place, place))
            low = max(low, end)
            if cut[1] > at + len(run.text):
                break
            cut = next(cuts, None)
        if low < len(run.text):
            left.append(Run(run.text[low:], run.start + low, run.end) if exact else run)
        at += len(run.text)
    return tuple(left)


def _untagged(piece: Piece) -> Piece:
    """A string, an attribute or a field of a form that is markup itself, without its tags."""
    text = piece.text
    if "<" not in text or not (piece.kind == "string" or "@" in piece.name or piece.name in RAW):
        return piece
    tags = [tag for tag in _INNER.finditer(text) if not _DIGITS.search(tag[0])]
    return replace(piece, runs=_apart(piece.runs, [(*tag.span(), _instead(tag["name"].lower())) for tag in tags]))


def _instead(name: str) -> str:
    if INLINE.fullmatch(name):
        return ""
    return "\t" if name in ("td", "th") else "\n"


def _without(found: Iterable[Piece], fixed: Sequence[tuple[int, int, str]]) -> Iterator[Piece]:
    """Pieces without the data inside the page, which is rewritten as a whole."""
    starts = [start for start, _, _ in fixed]
    for piece in found:
        if not piece.runs:
            yield piece
            continue
        first = max(bisect_right(starts, piece.runs[0].start) - 1, 0)
        within = fixed[first : bisect_left(starts, piece.runs[-1].end)]
        kept = tuple(cut for run in piece.runs for cut in _outside(run, within))
        if kept or not within:
            yield replace(piece, runs=kept)


def _outside(run: Run, taken: Sequence[tuple[int, int, str]]) -> Iterator[Run]:
    """What of a run lies beside stretches of the source; blanks stand for these."""
    at, exact = run.start, len(run.text) == run.end - run.start
    for start, end, _ in taken:
        if end <= at or run.end <= start:
            continue
        if not exact:
            return
        if at < start:
            yield Run(run.text[at - run.start : start - run.start], at, start)
        yield Run(" ", start, start)
        at = min(end, run.end)
    if at < run.end or run.start == run.end:
        yield replace(run, text=run.text[at - run.start :], start=at) if exact else run


def _told(piece: Piece) -> bool:
    """Whether a piece says anything: all text of the page, other places only where a value might stand."""
    shown = piece.kind == "text" and "@" not in piece.name and piece.name not in _UNSHOWN
    return shown or bool(_TELLING.search(piece.text))


def _rank(piece: Piece, article: str) -> int:
    """0 for the article, 1 for other text of the page, 2 for what no reader sees."""
    if piece.kind != "text" or "@" in piece.name or piece.name in _PLACES:
        return 2
    return int(re.sub(r"\s", "", piece.text) not in article)


def _place(piece: Piece) -> str:
    tag, _, attribute = piece.name.partition("@")
    if attribute:
        return _PLACES["meta"] if tag == "meta" else "网页属性"
    return _PLACES.get(tag, "网页文字")


def _data_urls(source: str, pictures: str) -> Iterator[tuple[int, int, str]]:
    """Data inside the page: a picture becomes a grey one of its size, anything else is emptied."""
    for match in _DATA.finditer(source):
        picture = (match["type"] or "").lower().startswith("image/")
        if picture and pictures == "keep":
            continue
        yield *match.span(), _grey(match) if picture else "data:,"


def _grey(match: re.Match[str]) -> str:
    try:
        start = base64.b64decode(urllib.parse.unquote(match["data"]) + "===") if match["coded"] else b""
    except (binascii.Error, ValueError):
        start = b""
    return "data:image/png;base64," + base64.b64encode(grey_png(*size_of(start))).decode()


def size_of(picture: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG; 100 by 100 for anything else."""
    size = (0, 0)
    if picture.startswith(b"\x89PNG") and len(picture) >= 24:
        size = struct.unpack(">II", picture[16:24])
    elif picture.startswith(b"GIF8") and len(picture) >= 10:
        size = struct.unpack("<HH", picture[6:10])
    elif frame := re.search(rb"\xff[\xc0-\xc3]..\x08(....)", picture, re.S):
        size = struct.unpack(">HH", frame[1])[::-1]
    return size if min(size) > 0 and max(size) <= _LARGEST else (100, 100)


def grey_png(width: int, height: int) -> bytes:
    """A grey picture of this many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress((b"\0" + bytes([_GREY]) * width) * height, 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
