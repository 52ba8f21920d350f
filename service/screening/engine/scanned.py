"""Words in pictures and on scanned pages, for those who ask for them (extra `ocr`)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from gongkai.model.errors import CorruptDocument, EmptyDocument, OversizedDocument, RequestError
from gongkai.service.limits import Limits
from gongkai.service.rewriting.scan import ocr_available, open_scan, read_lines

if TYPE_CHECKING:
    from PIL.Image import Image

PICTURES = frozenset((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp"))
_DOTS_PER_INCH = 200
_MOST_DOTS = 20_000_000
_NO_WORDS = "图片里没有认出文字，请人工查看。"


def need_reader() -> None:
    """Raises RequestError without the extra."""
    if not ocr_available():
        raise RequestError("读图片和扫描件需要安装 ocr 扩展，请运行 pip install 'gongkai[ocr]' 后再试。")


def picture_text(data: bytes, limits: Limits) -> str:
    """The lines of a picture. Raises DocumentError."""
    return _worded("".join(slot.text + slot.after for slot in open_scan(data, limits).slots))


def pages_text(data: bytes, limits: Limits) -> str:
    """The lines on the pages of a PDF without a text layer. Raises DocumentError."""
    lines = (line.text + line.after for image in _pages(data, limits) for line in read_lines(image))
    return _worded("".join(lines))


def _worded(text: str) -> str:
    if not text.strip():
        raise EmptyDocument(_NO_WORDS)
    return text


def _pages(data: bytes, limits: Limits) -> Iterator[Image]:
    import pypdfium2

    try:
        with closing(pypdfium2.PdfDocument(data)) as document:
            if len(document) > limits.max_pages:
                raise OversizedDocument("文件页数过多，请拆分成几个文件后再提交。")
            for index in range(len(document)):
                with closing(document[index]) as page:
                    wide, high = page.get_size()
                    scale = min(_DOTS_PER_INCH / 72, (_MOST_DOTS / max(1.0, wide * high)) ** 0.5)
                    yield page.render(scale=scale).to_pil()
    except pypdfium2.PdfiumError as error:
        raise CorruptDocument("PDF 已损坏或不完整，请重新获取后再试。") from error
