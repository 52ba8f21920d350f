"""Edits carried out on a reduced PDF: glyphs out, marks in, and the proof that a page lost no more than that."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name

from gongkai.model.errors import UnsupportedPart
from gongkai.service.rewriting import pdfmarks, pdfpages, pdfpictures
from gongkai.service.rewriting.joined import carried_out
from gongkai.service.rewriting.pdfcontent import Codes, Walk
from gongkai.service.rewriting.pdffonts import Value
from gongkai.service.rewriting.pdfglyphs import IDENTITY, Cover
from gongkai.service.rewriting.pdfmarks import Mark, Spot
from gongkai.service.rewriting.pdfresources import PAGE_PICTURE
from gongkai.service.rewriting.pdfunused import forget_unused
from gongkai.service.rewriting.slots import Edit

#: The texts beside the pages of a file: what they say, where they stand, how to change them.
Extras = Callable[[pikepdf.Pdf], Iterable[tuple[str, str, Callable[[str], None]]]]
_EYE_FONTS = "嵌入的字体里可能还有已遮蔽文字的字形（没有编码，不能复制和搜索），要求严格时请改为图像发布"


class Writing:
    """The edits of one file, gathered slot by slot and then carried out together."""

    def __init__(self, data: bytes, wordless: Collection[int]) -> None:
        self._data, self._wordless = data, wordless
        self._lines: dict[int, list[tuple[pdfpages.Line, Edit]]] = defaultdict(list)
        self._words: dict[int, tuple[pdfpictures.ReadPicture, dict[int, Sequence[Edit]]]] = {}
        self._beside: dict[int, str] = {}
        self.dropped: list[str] = []
        self.by_eye: list[str] = []

    def line(self, page: int, line: pdfpages.Line, changes: Sequence[Edit]) -> None:
        """Edits of a line of a page."""
        pieces = (piece for change in changes for piece in pdfmarks.differing(change, line.text))
        self._lines[page] += [(line, piece) for piece in pieces]

    def words(self, picture: pdfpictures.ReadPicture, number: int, changes: Sequence[Edit]) -> None:
        """Edits of a line that was read in a picture."""
        self._words.setdefault(picture.ordinal, (picture, {}))[1][number] = changes

    def beside(self, number: int, text: str, changes: Sequence[Edit]) -> None:
        """Edits of a text beside the pages."""
        self._beside[number] = carried_out(text, changes)

    def done(self, extras: Extras) -> bytes:
        """The bytes of the new file."""
        before = pdfpages.glyphs(self._data, sorted(self._lines))
        hidden = {page: self._spots(page, before[page]) for page in self._lines}
        with pikepdf.open(io.BytesIO(self._data)) as pdf:
            pictures = self._boxed(pdf)
            lost: Codes = defaultdict(set)
            for page, spots in hidden.items():
                _take_out(pdf, page, spots, lost)
            for number, (_, _, put) in enumerate(list(extras(pdf))):
                if number in self._beside:
                    put(self._beside[number])
            first = saved(pdf)
            doubtful = set(self._doubtful(first, before, hidden, pictures))
            for page in sorted(doubtful):
                become_picture(pdf, page, first, _marks(hidden[page]))
                self.dropped.append(f"第{page + 1}页改为图像")
            if not forget_unused(pdf, lost):
                self.by_eye.append(_EYE_FONTS)
            return saved(pdf)

    def _spots(self, page: int, glyphs: Sequence[pdfpages.Glyph]) -> list[Spot]:
        by_number = {glyph.index: glyph for glyph in glyphs}
        alike = defaultdict(list)  # one glyph may be two letters: both go
        for glyph in glyphs:
            alike[glyph.origin].append(glyph)
        spots: list[Spot] = []
        for line, edit in self._lines[page]:
            numbers = [number for place in line.chars[edit.span.start : edit.span.end] for number in place]
            found = [glyph for number in numbers if number in by_number for glyph in alike[by_number[number].origin]]
            if not found and edit.span.of(line.text).strip():
                raise UnsupportedPart(f"PDF 第{page + 1}页有要遮蔽的文字无法定位，请重新导出为普通 PDF 后再试。")
            spots += pdfpages.spots(found, edit.text) if found else []
        return spots

    def _boxed(self, pdf: pikepdf.Pdf) -> list[pdfpictures.Picture]:
        """Draw the boxes into pictures; all that show words are returned."""
        pictures = [picture for picture in pdfpictures.survey(pdf) if not picture.tiny]
        for ordinal, (read, edits) in self._words.items():
            pdfpictures.box_in(pictures[ordinal], read.lines, edits)
        return [picture for ordinal, picture in enumerate(pictures) if ordinal not in self._wordless]

    def _doubtful(
        self,
        written: bytes,
        before: Mapping[int, Sequence[pdfpages.Glyph]],
        hidden: Mapping[int, Sequence[Spot]],
        pictures: Sequence[pdfpictures.Picture],
    ) -> Iterator[int]:
        """Pages whose hidden text lies on a picture, or that lost something else than it."""
        after = pdfpages.glyphs(written, sorted(hidden))
        for page, spots in hidden.items():
            marks = _marks(spots)
            gone = {spot.number for spot in spots}
            on_picture = pdfpictures.touched(pictures, page, [mark.bounds for mark in marks])
            if on_picture or not pdfpages.is_clean(before[page], after[page], gone, marks):
                yield page


def _marks(spots: Iterable[Spot]) -> list[Mark]:
    return list({id(spot.mark): spot.mark for spot in spots}.values())


def _take_out(pdf: pikepdf.Pdf, number: int, spots: Sequence[Spot], lost: Codes) -> None:
    page = pdf.pages[number].obj
    walk = Walk(pdf, cover=Cover(spots), lost=lost)
    resources: Value = page.Resources
    job = walk.stream(page, resources, IDENTITY)
    under, over = pdfmarks.boxes(_marks(spots))
    page.Contents = pdf.make_stream(under + b"q\n" + job.data() + b"\nQ\n" + over)
    page.Resources = job.resources()


def become_picture(pdf: pikepdf.Pdf, number: int, data: bytes, marks: Sequence[Mark]) -> None:
    """Replace a page by its picture, taken from `data`, with the marks on it; its links stay."""
    dots, edges = pdfpages.pictured(data, number, marks)
    left, bottom, right, top = edges
    page = pdf.pages[number].obj
    size = f"{right - left:.3f} 0 0 {top - bottom:.3f} {left:.3f} {bottom:.3f}"
    drawn = f"q {size} cm {PAGE_PICTURE} Do Q\n".encode("ascii")
    said = [operation for mark in marks if mark.text for operation in pdfmarks.written(mark, unseen=True)]
    page.Contents = pdf.make_stream(drawn + pikepdf.unparse_content_stream(said))
    names = {pdfmarks.writing(mark.text)[0] for mark in marks if mark.text}
    fonts = Dictionary({str(name): pdfmarks.font(pdf, name) for name in names})
    page.Resources = Dictionary(XObject=Dictionary({PAGE_PICTURE: pdfpictures.flat(pdf, dots)}), Font=fonts)
    page.MediaBox = page.CropBox = Array([left, bottom, right, top])
    if "/Group" in page:
        del page[Name.Group]


def saved(pdf: pikepdf.Pdf) -> bytes:
    """Written from the beginning: only what hangs on the pages, no earlier revision, no identity of the old file."""
    if "/ID" in pdf.trailer:
        del pdf.trailer["/ID"]
    target = io.BytesIO()
    pdf.save(
        target,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
        compress_streams=True,
        deterministic_id=True,
        encryption=False,
    )
    return target.getvalue()
