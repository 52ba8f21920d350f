"""Pictures of an OFD: made grey, read and boxed in their pixels, or kept without what cameras wrote into them."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml.etree import _Element as Element

from gongkai.model.errors import UnsupportedPart
from gongkai.service.limits import Limits
from gongkai.service.rewriting import scan
from gongkai.service.rewriting.ofdlines import Line
from gongkai.service.rewriting.ofdreduce import named
from gongkai.service.rewriting.officepictures import GREY
from gongkai.service.rewriting.pdfpictures import plain_jpeg
from gongkai.service.rewriting.slots import Edit

#: A page with fewer characters than this and a picture over this share of it is a scan.
_FEW, _SCAN = 20, 0.3
#: A page with few characters but with this many curves is drawn letters.
_CURVES = 300
_A4 = 210.0 * 297.0
_NEEDED = "OFD 第{}页是扫描图片，读不出文字：请安装 ocr 扩展，或先做文字识别后再遮蔽。"
_OUTLINES = "OFD 第{}页的文字是描边字形，读不出来：请从原系统导出带文字的文件后再遮蔽。"
_GLYPHS = "OFD 第{}页有只写字形编号、没有文字的内容，读不出来：请从原系统导出带文字的文件后再遮蔽。"
#: More kinds of private characters than a page has bullets: letters of a font that tells nobody which they are.
_BULLETS = 6
#: What of a PNG shows its pixels; all else says something beside them.
_PIXELS = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"sBIT"}
#: What ends the packed pixels of a JPEG.
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_JBIG2 = b"\x97JB2\r\n\x1a\n"
_EYE_KEPT = "图片{}张原样保留，请核对其中的文字、照片和签名"
_EYE_READ = "图片里的文字由识别得到，手写、印章、照片和模糊的字可能没有读出，请对照原图核对"


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture that was read."""

    part: str
    lines: tuple[scan.Reading, ...]


@dataclass
class Settled:
    """What became of the pictures."""

    read: list[ReadPicture] = field(default_factory=list)
    dropped: tuple[str, ...] = ()
    by_eye: tuple[str, ...] = ()


def settled(
    parts: dict[str, bytes], trees: dict[str, Element], shown: tuple[Sequence[Line], int], pictures: str, limits: Limits
) -> Settled:
    """Change the picture parts in place; `shown` are the lines and how many pages there are.

    Raises UnsupportedPart for pages whose text can't be read, OversizedDocument for too many pictures to read.
    """
    _refuse(trees, *shown, pictures)
    found = {(media.text or "").lstrip("/"): media for tree in trees.values() for media in named(tree, "MediaFile")}
    if not found:
        return Settled()
    if pictures == "keep":
        grey = _bared(parts, found, found)
        told = (_EYE_KEPT.format(len(found) - grey),) if grey < len(found) else ()
        return Settled(dropped=_greyed(grey), by_eye=told)
    reads = pictures != "grey" and scan.ocr_available()
    if reads:
        scan.check_count(len(found), limits)
    read = list(_read(parts, found)) if reads else []
    grey = _bared(parts, found, {picture.part for picture in read})
    return Settled(read, _greyed(grey), (_EYE_READ,) if read else ())


def _greyed(count: int) -> tuple[str, ...]:
    return (f"图片{count}张已替换为灰块",) if count else ()


def _bared(parts: dict[str, bytes], found: Mapping[str, Element], stay: Collection[str]) -> int:
    """Keep the pixels alone of the pictures that stay; how many became grey instead."""
    grey = 0
    for name, media in found.items():
        bare = _bare(parts[name]) if name in stay else None
        grey += bare is None
        parts[name] = bare or GREY
        holder = media.getparent()
        if holder is not None and parts[name].startswith(b"\x89PNG"):
            holder.set("Format", "PNG")
    return grey


def _bare(data: bytes) -> bytes | None:
    """A picture without what stands beside and behind its pixels; None for what can't be shown to be one.

    JPEG and PNG keep their pixels as they are packed, JBIG2, which has no pixels of its own here, is kept whole; of all
    others the first picture becomes a PNG.
    """
    from PIL import Image

    if data.startswith(b"\xff\xd8"):
        return plain_jpeg(_first_jpeg(data))
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data[:8] + b"".join(chunk for chunk in _chunks(data) if chunk[4:8] in _PIXELS)
    if data.startswith(_JBIG2):
        return data
    try:
        with Image.open(io.BytesIO(data)) as picture:
            target = io.BytesIO()
            scan.bare(picture).save(target, "PNG")
            return target.getvalue()
    except Exception:  # Pillow answers damage with any exception
        return None


def _chunks(data: bytes) -> Iterator[bytes]:
    """The chunks of a PNG to its end; what stands behind that is none."""
    at = 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big") + 12
        yield data[at : at + length]
        if data[at + 4 : at + 8] == b"IEND":
            return
        at += length


def _first_jpeg(data: bytes) -> bytes:
    """A JPEG up to its own end: phones put a second one, and notes, behind it."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        if data[at + 1] == 0xD9:
            return data[: at + 2]
        scanned = data[at + 1] == 0xDA
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if scanned:
            found = _MARKER.search(data, at)
            at = found.start() if found else len(data)
    return data[: at + 2]


def _refuse(trees: dict[str, Element], lines: Sequence[Line], pages: int, pictures: str) -> None:
    documents = [tree for name, tree in sorted(trees.items()) if name.endswith("/Document.xml")]
    names = [name for document in documents for name in _pages(document)]
    for number, name in enumerate(names[:pages]):
        if _mute(trees[name]):
            raise UnsupportedPart(_GLYPHS.format(number + 1))
        if sum(len(line.text) for line in lines if line.page == number) >= _FEW:
            continue
        if sum(_curves(path) for path in named(trees[name], "AbbreviatedData")) > _CURVES:
            raise UnsupportedPart(_OUTLINES.format(number + 1))
        large = sum(_area(image) for image in named(trees[name], "ImageObject")) > _SCAN * _A4
        if large and pictures == "blank" and not scan.ocr_available():
            raise UnsupportedPart(_NEEDED.format(number + 1))


def _mute(page: Element) -> bool:
    """Whether a page draws letters that it doesn't name: by glyph numbers without text, or private ones of a font."""
    private: set[str] = set()
    for text in named(page, "TextObject"):
        drawn = sum(len((glyphs.text or "").split()) for glyphs in named(text, "Glyphs"))
        said = "".join(code.text or "" for code in named(text, "TextCode"))
        if drawn > len(said) and not said.strip():
            return True
        private.update(char for char in said if unicodedata.category(char) == "Co")
    return len(private) >= _BULLETS


def _pages(document: Element) -> Iterator[str]:
    for pages in named(document, "Pages"):
        yield from ((page.get("BaseLoc") or "").lstrip("/") for page in pages)


def _curves(path: Element) -> int:
    return sum(token in ("B", "Q") for token in (path.text or "").split())


def _area(image: Element) -> float:
    try:
        _, _, wide, high = (float(part) for part in (image.get("Boundary") or "").split())
    except ValueError:
        return _A4
    return wide * high


def _read(parts: Mapping[str, bytes], found: Mapping[str, Element]) -> Iterator[ReadPicture]:
    from PIL import Image, UnidentifiedImageError

    for name in found:
        try:
            with Image.open(io.BytesIO(parts[name])) as picture:
                image = scan.bare(picture)
        except (UnidentifiedImageError, OSError, ValueError):
            continue
        yield ReadPicture(name, tuple(scan.read_lines(image)))


def boxed(data: bytes, picture: ReadPicture, edits: Mapping[int, Sequence[Edit]]) -> bytes:
    """The picture with boxes in its pixels, in its own format."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as opened:
        kind = str(opened.format)
        image = scan.painted(scan.bare(opened), picture.lines, edits)
    target = io.BytesIO()
    image.save(target, kind if kind in ("PNG", "BMP", "TIFF") else "JPEG")
    return target.getvalue()
