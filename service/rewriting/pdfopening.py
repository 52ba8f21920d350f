"""A PDF opened: reduced to its pages, its pictures settled, its text as slots that know where they stand."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Dictionary, String

from gongkai.model.errors import OversizedDocument, UnsupportedPart
from gongkai.service.limits import Limits
from gongkai.service.rewriting import pdfclean, pdfpages, pdfpictures, scan
from gongkai.service.rewriting.pdfresources import Look, Resources, check_size
from gongkai.service.rewriting.pdfwriting import become_picture, saved
from gongkai.service.rewriting.slots import Slot

#: A page under pictures to this share with fewer characters than this is a scan.
_SCAN, _FEW = 0.3, 20
#: A page without text but with this many curves is drawn letters.
_CURVES = 300
#: A page with text and this many curves may show drawn letters as well.
_MANY = 1500
_EYE_KEPT = "图片{}张原样保留，请核对其中的文字、照片和签名"
_EYE_PIECES = "第{}页的图片由{}个小块拼成，没有逐块识别其中的文字，请核对"
_EYE_READ = "图片里的文字由识别得到，手写、印章、照片和模糊的字可能没有读出，请对照原图核对"
_NEEDED = "PDF 第{}页是扫描图片或描边字形，读不出文字：请安装 ocr 扩展，或先做文字识别后再遮蔽。"


@dataclass(frozen=True, slots=True)
class Target:
    """Where the text of a slot stands: a line of a page, a line of a picture, or a text beside the pages."""

    line: pdfpages.Line | None = None
    page: int = 0
    picture: pdfpictures.ReadPicture | None = None
    number: int = 0


def reduced(data: bytes, limits: Limits) -> tuple[bytes, tuple[str, ...], list[Look]]:
    """The file with nothing but its pages, what went with the rest, and how each page is drawn."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        if len(pdf.pages) > limits.max_pages:
            raise OversizedDocument("文件页数过多，请拆分成几个文件后再提交。")
        check_size(pdf, limits)
        off = pdfclean.layers_off(pdf)
        counts = pdfclean.reduce(pdf, off)
        for page in pdf.pages:
            page.externalize_inline_images()
        resources = Resources(pdf, lambda membership: pdfclean.is_off(membership, off))
        looks = [resources.page(page.obj) for page in pdf.pages]
        counts["layers"], counts["patterns"] = resources.concealed, resources.patterned
        return saved(pdf), pdfclean.sentences(counts), looks


@dataclass
class Opening:
    """From the reduced file to slots: what becomes of pictures, and what can't be read."""

    data: bytes
    sheets: list[pdfpages.Sheet]
    looks: list[Look]
    pictures: str
    limits: Limits
    wordless: set[int] = field(default_factory=set)
    dropped: list[str] = field(default_factory=list)
    by_eye: list[str] = field(default_factory=list)

    def opened(self) -> tuple[list[Slot], list[Target]]:
        """The slots and where each stands; `data`, `dropped` and `by_eye` are settled then."""
        with pikepdf.open(io.BytesIO(self.data)) as pdf:
            self._flatten_drawn(pdf)
            self.by_eye += [said for number in range(len(self.sheets)) for said in self._doubts(number)]
            read = self._pictures(pdf)
            self.data = saved(pdf)
            beside = [(text, place) for text, place, _ in extras(pdf)]
        slots, targets = self._body(read)
        for number, (text, place) in enumerate(beside):
            slots.append(Slot(text, place, body=False))
            targets.append(Target(number=number))
        return slots, targets

    def _flatten_drawn(self, pdf: pikepdf.Pdf) -> None:
        """Pages of drawn letters, of letters without a meaning, or of pieces, become pictures that can be read."""
        pictures = pdfpictures.survey(pdf) if self.pictures == "blank" and scan.ocr_available() else []
        for number, sheet in enumerate(self.sheets):
            empty = not any(line.text.strip() for line in sheet.lines)
            if sheet.unreadable or (empty and self.looks[number].curves > _CURVES):
                if not scan.ocr_available():
                    raise UnsupportedPart(_NEEDED.format(number + 1))
                self.dropped.append(f"第{number + 1}页的文字没有编码，已改为图像")
            elif self._few(number) and pdfpictures.pieces(pictures, number):
                self.dropped.append(f"第{number + 1}页的图片由小块拼成，已改为图像")
            else:
                continue
            become_picture(pdf, number, self.data, [])
            self.sheets[number] = pdfpages.Sheet((), sheet.box, 0)

    def _few(self, number: int) -> bool:
        """Whether a page shows little text that is no picture."""
        return sum(len(line.text) for line in self.sheets[number].lines) < _FEW or self.looks[number].unseen

    def _doubts(self, number: int) -> Iterator[str]:
        """What may be text on a page without being read as such."""
        if self.sheets[number].unknown:
            yield f"第{number + 1}页有{self.sheets[number].unknown}个字没有编码，读不出来，请核对"
        if self.sheets[number].lines and self.looks[number].curves > _MANY:
            yield f"第{number + 1}页有大量曲线图形，其中可能有描边的文字，请核对"

    def _pictures(self, pdf: pikepdf.Pdf) -> list[pdfpictures.ReadPicture]:
        every = pdfpictures.survey(pdf)
        pieces = self._pieces(every)
        found = [picture for picture in every if not picture.tiny or picture.stream.objgen in pieces]
        if self.pictures == "keep":
            for picture in found:
                pdfpictures.strip(picture.stream)
            self.by_eye += [_EYE_KEPT.format(len(found))] if found else []
            return []
        if self.pictures == "grey" or not scan.ocr_available():
            self._refuse_scans(found)
            self._blank(found)
            return []
        self._blank([picture for picture in found if picture.stream.objgen in pieces])
        whole = [picture for picture in found if picture.stream.objgen not in pieces]
        scan.check_count(len(whole), self.limits)
        return list(self._read(whole))

    def _pieces(self, pictures: list[pdfpictures.Picture]) -> set[tuple[int, int]]:
        """The object numbers of pictures that show something only together; a person is told where."""
        found: set[tuple[int, int]] = set()
        for number in range(len(self.sheets)):
            if here := pdfpictures.pieces(pictures, number):
                self.by_eye.append(_EYE_PIECES.format(number + 1, len(here)))
                found |= {picture.stream.objgen for picture in here}
        return found

    def _refuse_scans(self, found: list[pdfpictures.Picture]) -> None:
        for number, sheet in enumerate(self.sheets) if self.pictures != "grey" else ():
            told = self.looks[number].pictured or not self._few(number)
            if not told and pdfpictures.covered(found, number, sheet.box) > _SCAN:
                raise UnsupportedPart(_NEEDED.format(number + 1))

    def _blank(self, found: list[pdfpictures.Picture]) -> None:
        for picture in found:
            pdfpictures.blank(picture.stream)
        self.dropped += [f"图片{len(found)}张已替换为灰块"] if found else []

    def _read(self, found: list[pdfpictures.Picture]) -> Iterator[pdfpictures.ReadPicture]:
        failed: list[pdfpictures.Picture] = []
        for number, picture in enumerate(found):
            ordinal = number - len(failed)  # one that becomes a dot isn't counted when boxes are drawn
            try:
                words = pdfpictures.read(ordinal, picture)
            except (pikepdf.PdfError, NotImplementedError, ValueError, OSError):
                failed.append(picture)
                continue
            pdfpictures.strip(picture.stream)
            if words.lines:
                yield words
            else:
                self.wordless.add(ordinal)
        self._blank(failed)
        self.by_eye += [_EYE_READ] if found else []

    def _body(self, read: list[pdfpictures.ReadPicture]) -> tuple[list[Slot], list[Target]]:
        slots, targets = [], []
        for number, sheet in enumerate(self.sheets):
            for line in sheet.lines:
                slots.append(Slot(line.text, "正文", line.after))
                targets.append(Target(line, number))
            for picture in (picture for picture in read if picture.page == number):
                for index, words in enumerate(picture.lines):
                    slots.append(Slot(words.text, scan.PLACE, words.after))
                    targets.append(Target(picture=picture, number=index))
        return slots, targets


def extras(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str, Callable[[str], None]]]:
    """Texts beside the pages: what they say, where they stand, how to change them."""
    for page, link in pdfclean.link_items(pdf):
        yield unquote(str(link.A.URI)), "链接", _unlink(page, link)
    for item in pdfclean.outline_items(pdf):
        yield str(item.get("/Title", "")), "书签", _put(item, "/Title")
    for label in pdfclean.label_items(pdf):
        yield str(label.P), "页码", _put(label, "/P")
    if "/Title" in pdf.docinfo:
        yield str(pdf.docinfo["/Title"]), "文档属性", _put(pdf.docinfo, "/Title")


def _put(holder: Dictionary, key: str) -> Callable[[str], None]:
    def put(text: str) -> None:
        holder[key] = String(text)

    return put


def _unlink(page: pikepdf.Page, link: Dictionary) -> Callable[[str], None]:
    def put(_: str) -> None:
        page.obj.Annots = Array([note for note in page.obj.Annots if note.objgen != link.objgen or note != link])

    return put
