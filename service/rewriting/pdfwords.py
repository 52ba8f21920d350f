"""A box with words in it, as dots: pdfium brings the letters, with whatever Chinese font the system has."""

from __future__ import annotations

import io
from contextlib import closing

import numpy as np
import numpy.typing as npt
import pikepdf
import pypdfium2
from pikepdf import Dictionary

from gongkai.service.formats import pdf as reader
from gongkai.service.rewriting import pdfmarks
from gongkai.service.rewriting.pdfmarks import Mark

#: Below this height in dots no letter can be read.
_LEAST = 6


def lettered(text: str, wide: int, high: int) -> npt.NDArray[np.uint8]:
    """Grey levels of a box, rows by columns; plain where there is no text, no room or no font for it."""
    level = pdfmarks.PALE if text else pdfmarks.DARK
    if not text or high < _LEAST or wide < 1:
        return np.full((high, wide), round(level * 255), np.uint8)
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(wide, high))
        mark = Mark((0.0, 0.0, float(wide), float(high)), text)
        under, _ = pdfmarks.boxes([mark])
        page.obj.Contents = pdf.make_stream(under + pikepdf.unparse_content_stream(pdfmarks.written(mark)))
        name, _ = pdfmarks.writing(text)
        page.obj.Resources = Dictionary(Font=Dictionary({str(name): pdfmarks.font(pdf, name)}))
        target = io.BytesIO()
        pdf.save(target)
    with reader.LOCK, closing(pypdfium2.PdfDocument(target.getvalue())) as document, closing(document[0]) as drawn:
        dots = np.array(drawn.render(scale=1, grayscale=True).to_numpy(), dtype=np.uint8)
    return dots.reshape(dots.shape[:2])[:high, :wide]
