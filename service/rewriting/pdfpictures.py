"""Pictures on the pages of a PDF: made grey, kept without their metadata, or read and boxed in their pixels."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2
from pikepdf import Dictionary, Name, Stream

from gongkai.service.formats import pdf as reader
from gongkai.service.rewriting import scan
from gongkai.service.rewriting.pdfcontent import Walk
from gongkai.service.rewriting.pdfglyphs import IDENTITY, Matrix, moved
from gongkai.service.rewriting.pdfmarks import Box, joined
from gongkai.service.rewriting.slots import Edit

if TYPE_CHECKING:
    from PIL.Image import Image, Transpose

#: A picture of fewer dots can't show more than one character: a rule, a bullet, a colour.
_TINY = 256
#: Pictures lower or narrower than this may be pieces of one: a line of letters is cut by their edges.
_PIECE = 32
#: So many that lie side by side, or so many different ones, or so many places, are pieces.
_BESIDE, _DIFFERENT, _PLACES = 3, 40, 200
#: How far from each other pieces lie at most, in their own sizes.
_NEAR = 0.5
#: A picture of more dots isn't drawn through its mask.
_MOST_DOTS = 40_000_000
_GREY = b"\xc0"
_SHAPE = ("/Type", "/Subtype", "/Length")


@dataclass(slots=True)
class Picture:
    """One picture of a file with every place where it is drawn: page number and matrix."""

    stream: Stream
    rotation: int = 0
    places: list[tuple[int, Matrix]] = field(default_factory=list)

    @property
    def tiny(self) -> bool:
        """Too small to show anything."""
        wide, high = _size(self.stream)
        return wide * high <= _TINY

    @property
    def small(self) -> bool:
        """May be a piece of a picture that was cut up; a single dot is a colour."""
        wide, high = _size(self.stream)
        return min(wide, high) < _PIECE and wide * high > 1


def _masks(stream: Stream) -> list[Stream]:
    return [mask for key in ("/SMask", "/Mask") if isinstance(mask := stream.get(key), Stream)]


def _size(stream: Stream) -> tuple[int, int]:
    """Columns and rows of a picture, or of its mask if that is finer: letters are often the mask of a dot."""
    sizes = [(int(one.get("/Width", 0)), int(one.get("/Height", 0))) for one in (stream, *_masks(stream))]
    return max(sizes, key=lambda size: size[0] * size[1])


def survey(pdf: pikepdf.Pdf) -> list[Picture]:
    """All drawn pictures, in the order of the pages, also those that patterns and masks are made of."""
    found: dict[tuple[int, int], Picture] = {}
    for number, page in enumerate(pdf.pages):
        walk = Walk(pdf, deep=True)
        if _may_draw(page.resources):
            walk.stream(page, page.resources, IDENTITY)
        for stream, matrix in walk.pictures:
            found.setdefault(stream.objgen, Picture(stream, page.rotation)).places.append((number, matrix))
    return list(found.values())


def _may_draw(resources: pikepdf.Object) -> bool:
    return any(kind in resources for kind in ("/XObject", "/Pattern", "/ExtGState"))


def edges(matrix: Matrix) -> Box:
    """Where the unit square of a picture lies on the page."""
    corners = [moved(matrix, x, y) for x in (0, 1) for y in (0, 1)]
    return joined([(x, y, x, y) for x, y in corners])


def covered(pictures: Sequence[Picture], page: int, box: Box) -> float:
    """Share of a page under pictures, at most 1."""
    whole = max(1.0, (box[2] - box[0]) * (box[3] - box[1]))
    places = (edges(matrix) for picture in pictures for number, matrix in picture.places if number == page)
    return min(1.0, sum(_common(place, box) for place in places) / whole)


def _common(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(0.0, wide) * max(0.0, high)


def pieces(pictures: Sequence[Picture], page: int) -> list[Picture]:
    """The small pictures of a page that together show what none of them shows alone: tiles, strips."""
    small = [picture for picture in pictures if picture.small and any(number == page for number, _ in picture.places)]
    places = [(one, edges(matrix)) for one in small for number, matrix in one.places if number == page]
    if len(small) > _DIFFERENT or len(places) > _PLACES:
        return small
    beside = [
        picture.stream.objgen
        for at, (picture, box) in enumerate(places)
        if any(_near(box, other) for index, (_, other) in enumerate(places) if index != at)
    ]
    return [one for one in small if one.stream.objgen in beside] if len(beside) >= _BESIDE else []


def _near(one: Box, other: Box) -> bool:
    size = min(one[2] - one[0], one[3] - one[1], other[2] - other[0], other[3] - other[1])
    across = max(one[0], other[0]) - min(one[2], other[2])
    down = max(one[1], other[1]) - min(one[3], other[3])
    return max(across, down) <= _NEAR * size


def touched(pictures: Sequence[Picture], page: int, boxes: Sequence[Box]) -> bool:
    """Whether one of the boxes lies on a picture of the page."""
    places = [edges(matrix) for picture in pictures for number, matrix in picture.places if number == page]
    return any(_common(place, box) > 0 for place in places for box in boxes)


def blank(stream: Stream) -> None:
    """A grey dot in place of a picture, drawn as large as the picture was."""
    for key in [key for key in stream.keys() if key not in _SHAPE]:  # noqa: SIM118  # a view of pikepdf, not a dict
        del stream[key]
    stream.write(_GREY)
    stream.Width = stream.Height = 1
    stream.BitsPerComponent, stream.ColorSpace = 8, Name.DeviceGray


def strip(stream: Stream) -> None:
    """Take what cameras and editors write into JPEG and JPEG 2000 out of a picture that stays."""
    kind = stream.get("/Filter")
    kind = kind[0] if isinstance(kind, pikepdf.Array) and len(kind) == 1 else kind
    if kind == Name.DCTDecode:
        stream.write(plain_jpeg(stream.read_raw_bytes()), filter=Name.DCTDecode)
    elif kind == Name.JPXDecode:
        stream.write(b"".join(_jpx_boxes(stream.read_raw_bytes())), filter=Name.JPXDecode)


def plain_jpeg(data: bytes) -> bytes:
    """A JPEG without comments and application segments, except those that tell its colours."""
    out, at = bytearray(data[:2]), 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        private = 0xE1 <= marker <= 0xED or marker in (0xEF, 0xFE)
        if not private or (marker == 0xE2 and data[at + 4 : at + 7] == b"ICC"):
            out += data[at : at + 2 + length]
        at += 2 + length
    end = data.rfind(b"\xff\xd9")
    return bytes(out) + data[at : end + 2 if end > at else None]


def _jpx_boxes(data: bytes) -> Iterator[bytes]:
    at = 0
    if not data.startswith(b"\0\0\0\x0cjP"):
        yield data
        return
    while at + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        length = length or len(data) - at
        if length < 8:
            length = len(data) - at
        if kind not in (b"xml ", b"uuid", b"uinf", b"jp2i"):
            yield data[at : at + length]
        at += length


def _turns(picture: Picture) -> Iterator[Transpose]:
    """Which transpositions set a picture upright that is drawn with its first matrix on a page that may be turned."""
    from PIL.Image import Transpose

    a, b, c, d, _, _ = picture.places[0][1]
    if abs(a) >= abs(b):
        yield from [Transpose.FLIP_LEFT_RIGHT] * (a < 0) + [Transpose.FLIP_TOP_BOTTOM] * (d < 0)
    else:
        yield Transpose.ROTATE_90 if b > 0 else Transpose.ROTATE_270
        yield from [Transpose.FLIP_LEFT_RIGHT] * (b * c > 0)  # lying and mirrored
    turned = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}
    if picture.rotation in turned:
        yield turned[picture.rotation]


@dataclass(frozen=True, slots=True)
class ReadPicture:
    """A picture that was read: its lines, counted in the upright picture."""

    ordinal: int
    page: int
    lines: tuple[scan.Reading, ...]


def read(ordinal: int, picture: Picture) -> ReadPicture:
    """Read a picture as it stands on its first page; raises whatever a decoder raises."""
    page, _ = picture.places[0]
    return ReadPicture(ordinal, page, tuple(scan.read_lines(_upright(picture))))


def _plain(stream: Stream) -> Image:
    return pikepdf.PdfImage(stream).as_pil_image()


def _masked(stream: Stream) -> Image:
    """A picture as it shows through its mask on white, as fine as the finer of the two."""
    wide, high = _size(stream)
    if wide * high > _MOST_DOTS:
        return _plain(stream)
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(wide, high))
        page.obj.Contents = pdf.make_stream(f"{wide} 0 0 {high} 0 0 cm /Picture Do".encode("ascii"))
        page.obj.Resources = Dictionary(XObject=Dictionary(Picture=pdf.copy_foreign(stream)))
        target = io.BytesIO()
        pdf.save(target)
    with reader.LOCK, closing(pypdfium2.PdfDocument(target.getvalue())) as document, closing(document[0]) as drawn:
        image: Image = drawn.render(scale=1).to_pil()
        return image.convert("RGB")


def _upright(picture: Picture) -> Image:
    image = scan.bare(_masked(picture.stream) if _masks(picture.stream) else _plain(picture.stream))
    for step in _turns(picture):
        image = image.transpose(step)
    return image


def box_in(picture: Picture, lines: Sequence[scan.Reading], edits: Mapping[int, Sequence[Edit]]) -> None:
    """Draw boxes into the pixels; nothing of the old stream stays."""
    from PIL.Image import Transpose

    image = scan.painted(_upright(picture), lines, edits)
    back = {Transpose.ROTATE_90: Transpose.ROTATE_270, Transpose.ROTATE_270: Transpose.ROTATE_90}
    for step in reversed(list(_turns(picture))):
        image = image.transpose(back.get(step, step))
    blank(picture.stream)
    target = io.BytesIO()
    image.save(target, "JPEG", quality=90)
    picture.stream.write(target.getvalue(), filter=Name.DCTDecode)
    picture.stream.Width, picture.stream.Height = image.size
    picture.stream.ColorSpace = Name.DeviceGray if image.mode == "L" else Name.DeviceRGB


def flat(pdf: pikepdf.Pdf, dots: npt.NDArray[np.uint8]) -> Stream:
    """A picture object of the dots of a page; grey pages take a third."""
    high, wide, _ = dots.shape
    grey = bool((dots[:, :, 0] == dots[:, :, 1]).all() and (dots[:, :, 1] == dots[:, :, 2]).all())
    raw = np.ascontiguousarray(dots[:, :, 0] if grey else dots).tobytes()
    stream = pdf.make_stream(zlib.compress(raw), Type=Name.XObject, Subtype=Name.Image)
    stream.Filter, stream.BitsPerComponent = Name.FlateDecode, 8
    stream.Width, stream.Height = wide, high
    stream.ColorSpace = Name.DeviceGray if grey else Name.DeviceRGB
    return stream
