"""Pictures of an OFD: made grey, read and boxed in their pixels, or kept without what cameras wrote into them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
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
        parts |= {name: plain_jpeg(parts[name]) for name in found if parts[name].startswith(b"\xff\xd8")}
        return Settled(by_eye=(_EYE_KEPT.format(len(found)),))
    reads = pictures != "grey" and scan.ocr_available()
    if reads:
        scan.check_count(len(found), limits)
    read = list(_read(parts, found)) if reads else []
    grey = set(found) - {picture.part for picture in read}
    for name in grey:
        parts[name] = GREY
        holder = found[name].getparent()
        if holder is not None:
            holder.set("Format", "PNG")
    dropped = (f"图片{len(grey)}张已替换为灰块",) if grey else ()
    return Settled(read, dropped, (_EYE_READ,) if read else ())


def _refuse(trees: dict[str, Element], lines: Sequence[Line], pages: int, pictures: str) -> None:
    documents = [tree for name, tree in sorted(trees.items()) if name.endswith("/Document.xml")]
    names = [name for document in documents for name in _pages(document)]
    for number, name in enumerate(names[:pages]):
        if sum(len(line.text) for line in lines if line.page == number) >= _FEW:
            continue
        if sum(_curves(path) for path in named(trees[name], "AbbreviatedData")) > _CURVES:
            raise UnsupportedPart(_OUTLINES.format(number + 1))
        large = sum(_area(image) for image in named(trees[name], "ImageObject")) > _SCAN * _A4
        if large and pictures == "blank" and not scan.ocr_available():
            raise UnsupportedPart(_NEEDED.format(number + 1))


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
