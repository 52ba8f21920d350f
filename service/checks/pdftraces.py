"""Text of a PDF that its pages don't show: under boxes and pictures, unseen by colour or size, in other places."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import closing

import pikepdf
import pypdfium2

from gongkai.service.checks.found import Trace
from gongkai.service.checks.pdfunseen import unseen
from gongkai.service.checks.unseen import REMOVE, attached, earlier, note, properties
from gongkai.service.formats import pdf as reader
from gongkai.service.limits import Limits

_END = re.compile(rb"%%EOF[\r\n]{0,2}")
_TAG = re.compile(r"<[^>]*>")
_MANY, _MOST_REVISIONS = "文件里保存着很多更早的版本，没有逐个检查", 30
_EXPORT = "请重新导出一个新文件（不要用“增量保存”），再替换已发布的文件"
_SPOKEN = "替代文字、表单默认值等页面上看不到的内容里留有个人信息"
#: What readers aloud say in place of a drawing, and what stands in a form beside what is drawn.
_UNDRAWN = ("/Alt", "/ActualText", "/E", "/DV", "/TU")
_ANNOTATIONS = ("/Text", "/FreeText", "/Popup", "/Highlight", "/Underline", "/StrikeOut", "/Caret", "/Stamp")


def traces_pdf(data: bytes, limits: Limits) -> Iterator[Trace]:
    """Covered and unseen text, earlier revisions, notes, attachments, authors, what tags and forms say."""
    yield from unseen(data, limits)
    yield from _revisions(data)
    yield from _told(data)
    yield from _metadata(data)
    yield from _notes(data)
    yield from _undrawn(data)


def _revisions(data: bytes) -> Iterator[Trace]:
    """Lines of earlier revisions that the last one doesn't have; a revision ends where an update was added."""
    ends = [match.end() for match in _END.finditer(data)]
    if len(ends) < 2:
        return
    if len(ends) > _MOST_REVISIONS:
        yield Trace("旧版本", "", _MANY, _EXPORT, sure=True)
        return
    now = "".join(_text(data).split())
    for number, end in enumerate(ends[:-1], 1):
        try:
            before = _text(data[:end])
        except pypdfium2.PdfiumError:  # the first part of a linearised file is no file of its own
            continue
        yield from earlier(number, before.splitlines(), now, _EXPORT)


def _text(data: bytes) -> str:
    with reader.LOCK, closing(reader.opened(data)) as document:
        return "\n".join(_page(document, index) for index in range(len(document)))


def _page(document: pypdfium2.PdfDocument, index: int) -> str:
    with closing(document[index]) as page, closing(page.get_textpage()) as text:
        return str(text.get_text_range())


def _told(data: bytes) -> Iterator[Trace]:
    with reader.LOCK, closing(reader.opened(data)) as document:
        told = document.get_metadata_dict()
        count = document.count_attachments()
    yield from properties(told.get("Author", ""), told.values())
    yield from attached(count)


def _metadata(data: bytes) -> Iterator[Trace]:
    """XML beside the pages: metadata and forms."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and str(item.get("/Subtype", "")) == "/XML":
                words = _TAG.sub("\n", item.read_bytes().decode("utf-8", "replace"))
                yield Trace("元数据", words, "元数据里留有个人信息", REMOVE)


def _notes(data: bytes) -> Iterator[Trace]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            for one in page.obj.get("/Annots", ()):
                words = str(one.get("/Contents", "")) if isinstance(one, pikepdf.Dictionary) else ""
                if words.strip() and str(one.get("/Subtype", "")) in _ANNOTATIONS:
                    yield note(number, words, "批注")


def _undrawn(data: bytes) -> Iterator[Trace]:
    """What tags and form fields say and no page does."""
    shown = "".join(_text(data).split())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        words = dict.fromkeys(word for item in pdf.objects for word in _words(item))
    lost = [word for word in words if "".join(word.split()) not in shown]
    yield Trace("结构标签和表单", "\n".join(lost), _SPOKEN, REMOVE)


def _words(item: pikepdf.Object) -> Iterator[str]:
    if isinstance(item, pikepdf.Dictionary):
        keys = _UNDRAWN if "/AP" in item or "/Kids" in item else (*_UNDRAWN, "/V")
        yield from (str(item[key]) for key in keys if isinstance(item.get(key), pikepdf.String))
