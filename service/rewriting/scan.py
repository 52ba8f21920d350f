"""Pictures of text: read by the extra `ocr`, boxes drawn into their pixels, nothing but the pixels kept."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeAlias

from gongkai.model.errors import (
    CorruptDocument,
    DocumentError,
    OversizedDocument,
    UnsupportedFormat,
)
from gongkai.service.limits import Limits
from gongkai.service.rewriting import recogniser
from gongkai.service.rewriting.pdfmarks import differing
from gongkai.service.rewriting.pdfwords import lettered
from gongkai.service.rewriting.recogniser import Pixels, boxes
from gongkai.service.rewriting.recogniser import Reading as Reading
from gongkai.service.rewriting.slots import Edit, Rewritten, Slot
from gongkai.service.rewriting.wrapped import whole, wrapped

if TYPE_CHECKING:
    from PIL.Image import Image

PLACE = "图片文字"
#: A line and how sure the recogniser is of it.
_Scored: TypeAlias = tuple[Reading, float]
_MOST_PIXELS = 100_000_000
#: A picture of no more dots shows one character at most, and none is told from another in a strip narrower than that.
_TINY, _NARROW = 256, 6
#: A picture that is read with less certainty may lie on its side or on its head.
_READABLE = 0.85
#: A line that is read with less is none; one with less than the second may lie otherwise than its picture.
_LEGIBLE, _CLEAR = 0.5, 0.8
#: How many lines of a picture are turned by themselves, how large they are at least, and how much around them is read.
_TURNED, _LEAST, _EDGE = 20, 10, 0.3
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP")
#: More stars than any number has digits are drawn as three: a recogniser takes a long row of small ones for letters.
_STARS = re.compile(r"\*{13,}")
_RUNS = re.compile(rb"(?:[\x20-\x7e]|[\xe2-\xef][\x80-\xbf]{2}){6,}|(?:[\xe4-\xe9][\x80-\xbf]{2}){2,}")
_EYE = "图片里的文字由识别得到，手写、印章、照片和模糊的字可能没有读出，请对照原图核对"
_MISSING = "图片和扫描件需要安装 ocr 扩展才能遮蔽，请运行 pip install 'gongkai[ocr]' 后再试。"


def ocr_available() -> bool:
    """Whether the extra `ocr` is installed."""
    return find_spec("rapidocr") is not None and find_spec("PIL") is not None


def need_ocr() -> None:
    """Raises UnsupportedFormat without the extra."""
    if not ocr_available():
        raise UnsupportedFormat(_MISSING)


def check_count(pictures: int, limits: Limits) -> None:
    """Raises OversizedDocument for more pictures than are read in one file."""
    if pictures > limits.max_pictures:
        told = f"要识别文字的图片有{pictures}张，超过{limits.max_pictures}张的上限"
        raise OversizedDocument(f"{told}：请拆分成几个文件后再提交，或者先做文字识别。")


def read_lines(image: Image) -> list[Reading]:
    """The lines of a picture, cells of a row side by side; one that lies on its side or head is turned to be read.

    One too small for words (a rule, a bullet, a colour) isn't read at all. Raises SlowDocument, CrashingDocument.
    """
    if image.width * image.height <= _TINY or min(image.size) < _NARROW:
        return []
    until = time.monotonic() + recogniser.SECONDS
    upright = list(_recognised(image, 0, until))
    if _sure(upright) >= _READABLE:
        return list(_rows(_mended(image, upright, until)))
    every = [upright, *(list(_recognised(image, turn, until)) for turn in (180, 90, 270))]
    best = max(every, key=_weight)
    turn = (0, 180, 90, 270)[every.index(best)]
    return [_turned_back(line, turn, image.size) for line in _rows(_mended(_turned(image, turn), best, until))]


def _legible(lines: Iterable[_Scored]) -> list[_Scored]:
    return [(line, score) for line, score in lines if score >= _LEGIBLE]


def _weight(lines: Iterable[_Scored]) -> float:
    """How much of a picture was read, and how surely."""
    return sum(score * len(line.text) for line, score in _legible(lines))


def _sure(lines: Sequence[_Scored]) -> float:
    """How sure the recogniser was, on average over characters."""
    return _weight(lines) / max(1, sum(len(line.text) for line, _ in _legible(lines)))


def _turned(image: Image, turn: int) -> Image:
    """A picture turned to the left by so many degrees."""
    return image.rotate(turn, expand=True) if turn else image


def _mended(image: Image, lines: Sequence[_Scored], until: float) -> list[Reading]:
    """The legible lines; one that is not clear is turned by itself: it may stand on its head or side among others."""
    found: list[Reading] = []
    left = _TURNED
    for line, score in lines:
        west, north, east, south = whole(line)
        wide, high = east - west, south - north
        better: list[_Scored] = []
        if score < _CLEAR and min(wide, high) >= _LEAST and max(wide, high) >= 3 * _LEAST and left:
            left -= 1
            late = time.monotonic() > until - recogniser.SECONDS / 2
            turns = () if late else (180,) if wide > high else (90, 270)
            better = max((list(_piece(image, line, turn, until)) for turn in turns), key=_weight, default=[])
        if better and _sure(better) >= _CLEAR and _weight(better) > _weight([(line, score)]):
            found += [one for one, _ in _legible(better)]
        elif score >= _LEGIBLE:
            found.append(line)
    return found


def _piece(image: Image, line: Reading, turn: int, until: float) -> Iterator[_Scored]:
    """What a line and the edge around it say when it is turned, with their places in the whole picture."""
    left, top, right, bottom = whole(line)
    edge = _EDGE * min(right - left, bottom - top)
    x, y = max(0, int(left - edge)), max(0, int(top - edge))
    part = image.crop((x, y, min(image.width, int(right + edge)), min(image.height, int(bottom + edge))))
    for found, score in _recognised(part, turn, until):
        back = _turned_back(found, turn, part.size).boxes
        yield Reading(found.text, tuple((a + x, b + y, c + x, d + y) for a, b, c, d in back)), score


def _recognised(image: Image, turn: int, until: float) -> Iterator[_Scored]:
    """Lines with their scores, of the picture turned to the left by so many degrees, before the clock says `until`."""
    import numpy as np

    dots = np.ascontiguousarray(np.asarray(_turned(image.convert("RGB"), turn))[:, :, ::-1])
    for text, score, quad, words in recogniser.recognised(dots, until - time.monotonic()):
        if text.strip():
            yield Reading(text, tuple(boxes(text, quad, words))), score


def _turned_back(line: Reading, turn: int, size: tuple[int, int]) -> Reading:
    wide, high = size
    back: dict[int, Callable[[Pixels], Pixels]] = {
        0: lambda box: box,
        90: lambda box: (wide - box[3], box[0], wide - box[1], box[2]),
        180: lambda box: (wide - box[2], high - box[3], wide - box[0], high - box[1]),
        270: lambda box: (box[1], high - box[2], box[3], high - box[0]),
    }
    return Reading(line.text, tuple(back[turn](box) for box in line.boxes), line.after)


def _rows(lines: Sequence[Reading]) -> Iterator[Reading]:
    rows: list[list[Reading]] = []
    for line in sorted(wrapped(lines), key=lambda line: whole(line)[1] + whole(line)[3]):
        _, top, _, bottom = whole(line)
        if rows and (top + bottom) / 2 < whole(rows[-1][0])[3]:
            rows[-1].append(line)
        else:
            rows.append([line])
    for row in rows:
        row.sort(key=lambda line: line.boxes[0][0])
        yield from (Reading(line.text, line.boxes, "\t") for line in row[:-1])
        yield row[-1]


def painted(image: Image, lines: Sequence[Reading], edits: Mapping[int, Sequence[Edit]]) -> Image:
    """A copy with a box over everything that changes, and the replacement in it."""
    copy = image.convert("L" if image.mode in ("1", "L") else "RGB")
    for index, changes in edits.items():
        line = lines[index]
        for edit in (piece for change in changes for piece in differing(change, line.text)):
            _cover(copy, line.boxes[edit.span.start : edit.span.end], edit.text)
    return copy


def _cover(copy: Image, boxes: Sequence[Pixels], text: str) -> None:
    from PIL import Image

    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    top, bottom = min(box[1] for box in boxes), max(box[3] for box in boxes)
    edge = 0.08 * min(bottom - top, max(right - left, 10.0))
    corner = max(0, round(left - edge)), max(0, round(top - edge))
    wide, high = round(right + edge) - corner[0], round(bottom + edge) - corner[1]
    if wide > 0 and high > 0:
        copy.paste(Image.fromarray(lettered(_STARS.sub("***", text), wide, high)).convert(copy.mode), corner)


@dataclass(frozen=True)
class _OpenScan:
    frames: tuple[Image, ...]
    kind: str
    lines: tuple[tuple[Reading, ...], ...]

    @property
    def slots(self) -> list[Slot]:
        return [Slot(line.text, PLACE, line.after) for lines in self.lines for line in lines]

    def rewrite(self, edits: Mapping[int, Sequence[Edit]]) -> Rewritten:
        pages, start = [], 0
        for frame, lines in zip(self.frames, self.lines, strict=True):
            mine = {index - start: changes for index, changes in edits.items() if start <= index < start + len(lines)}
            pages.append(painted(frame, lines, mine))
            start += len(lines)
        return Rewritten(_saved(pages, self.kind), ("图片的拍摄信息等元数据已去除",), (_EYE,))


def open_scan(data: bytes, limits: Limits, *, pictures: str = "blank") -> _OpenScan:
    """A picture or a TIFF of several, read line by line.

    `pictures` changes nothing here. Raises UnsupportedFormat without the extra `ocr`, CorruptDocument,
    OversizedDocument.
    """
    need_ocr()
    try:
        frames, kind = _frames(data, limits)
        return _OpenScan(frames, kind, tuple(tuple(read_lines(frame)) for frame in frames))
    except (DocumentError, MemoryError):
        raise
    except Exception as error:
        raise CorruptDocument("图片已损坏或不完整，请重新获取后再试。") from error


def _frames(data: bytes, limits: Limits) -> tuple[tuple[Image, ...], str]:
    from PIL import Image, ImageOps, ImageSequence

    with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        kind = str(picture.format) if picture.format in _FORMATS else "JPEG"  # a JPEG of several pictures says MPO
        if kind == "TIFF" and getattr(picture, "n_frames", 1) > limits.max_pages:
            raise OversizedDocument("图片页数过多，请拆分成几个文件后再提交。")
        if kind == "TIFF":
            check_count(getattr(picture, "n_frames", 1), limits)
        every: Iterable[Any] = ImageSequence.Iterator(picture) if kind == "TIFF" else [picture]
        frames, left = [], _MOST_PIXELS
        for frame in every:
            left -= frame.width * frame.height
            if left < 0:
                raise OversizedDocument("图片尺寸过大，请缩小或拆分后再提交。")
            frames.append(bare(ImageOps.exif_transpose(frame)))
    return tuple(frames), kind


def bare(image: Image) -> Image:
    """The pixels alone, on white where they are transparent."""
    from PIL import Image

    if image.mode in ("1", "L", "RGB"):
        return Image.frombytes(image.mode, image.size, image.tobytes())
    if image.mode.startswith("I"):
        return image.point(lambda level: level / 256).convert("L")
    clear = image.convert("RGBA")
    paper = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(paper, clear).convert("RGB")


def _saved(pages: Sequence[Image], kind: str) -> bytes:
    target = io.BytesIO()
    options: dict[str, Any] = {"quality": 92} if kind == "JPEG" else {}
    if kind == "TIFF":
        options = {"compression": "tiff_deflate", "save_all": True, "append_images": list(pages[1:])}
    pages[0].save(target, kind, **options)
    return target.getvalue()


def remains_scan(data: bytes, limits: Limits) -> Iterator[tuple[str, str]]:
    """What a picture file says besides its pixels: comments, EXIF, XMP, and readable runs of bytes.

    The pixels are read again by `open_scan`.
    """
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        yield "图片元数据", "¦".join(_told(value) for value in picture.info.values())
        yield "图片元数据", "¦".join(_told(value) for value in picture.getexif().values())
    yield "图片数据", "¦".join(run.decode("utf-8", "ignore") for run in _RUNS.findall(data))


def _told(value: object) -> str:
    return value.decode("utf-8", "ignore") if isinstance(value, bytes) else str(value)
