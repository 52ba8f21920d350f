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
from gongkai.service.formats import pdf as reader
from gongkai.service.limits import Limits

_END = re.compile(rb"%%EOF[\r\n]{0,2}")
_TAG = re.compile(r"<[^>]*>")
_ANEW = "请用 gongkai redact 处理原文件后重新发布，不要只在上面盖框"
_REVISION = "文件里还保存着更早的版本，其中的文字与现在的不同"
_MANY, _MOST_REVISIONS = "文件里保存着很多更早的版本，没有逐个检查", 30
_EXPORT = "请重新导出一个新文件（不要用“增量保存”），再替换已发布的文件"
_NOTE = "批注里的文字仍在文件里"
_REMOVE = "请删除后重新导出，再替换已发布的文件"
_SPOKEN = "替代文字、表单默认值等页面上看不到的内容里留有个人信息"
#: What readers aloud say in place of a drawing, and what stands in a form beside what is drawn.
_UNDRAWN = ("/Alt", "/ActualText", "/E", "/DV", "/TU")
_ANNOTATIONS = ("/Text", "/FreeText", "/Popup", "/Highlight", "/Underline", "/StrikeOut", "/Caret", "/Stamp")


def traces_pdf(data: bytes, limits: Limits) -> Iterator[Trace]:
    """Covered and unseen text, earlier revisions, notes, attachments, authors, what tags and forms say."""
    for place, text, why, sure in unseen(data, limits):
        yield Trace(place, text, why, _ANEW, sure)
    yield from _revisions(data)
    yield from _properties(data)
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
        lost = [line for line in before.splitlines() if line.strip() and "".join(line.split()) not in now]
        if lost:
            yield Trace(f"第{number}个旧版本", "\n".join(lost), _REVISION, _EXPORT, sure=True)


def _text(data: bytes) -> str:
    with reader.LOCK, closing(reader.opened(data)) as document:
        return "\n".join(_page(document, index) for index in range(len(document)))


def _page(document: pypdfium2.PdfDocument, index: int) -> str:
    with closing(document[index]) as page, closing(page.get_textpage()) as text:
        return str(text.get_text_range())


def _properties(data: bytes) -> Iterator[Trace]:
    with reader.LOCK, closing(reader.opened(data)) as document:
        told = document.get_metadata_dict()
        attached = document.count_attachments()
    yield Trace("文档属性", told.get("Author", ""), "文档属性的“作者”留有人名", _REMOVE, type="NAME")
    yield Trace("文档属性", "\n".join(told.values()), "文档属性里留有个人信息", _REMOVE)
    if attached:
        yield Trace("附件", "", f"文件里嵌有{attached}个附件，打开页面看不到，却能被取出", _REMOVE, sure=True)


def _metadata(data: bytes) -> Iterator[Trace]:
    """XML beside the pages: metadata and forms."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and str(item.get("/Subtype", "")) == "/XML":
                words = _TAG.sub("\n", item.read_bytes().decode("utf-8", "replace"))
                yield Trace("元数据", words, "元数据里留有个人信息", _REMOVE)


def _notes(data: bytes) -> Iterator[Trace]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            for note in page.obj.get("/Annots", ()):
                words = str(note.get("/Contents", "")) if isinstance(note, pikepdf.Dictionary) else ""
                if words.strip() and str(note.get("/Subtype", "")) in _ANNOTATIONS:
                    yield Trace(f"第{number}页的批注", words, _NOTE, _REMOVE)


def _undrawn(data: bytes) -> Iterator[Trace]:
    """What tags and form fields say and no page does."""
    shown = "".join(_text(data).split())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        words = dict.fromkeys(word for item in pdf.objects for word in _words(item))
    lost = [word for word in words if "".join(word.split()) not in shown]
    yield Trace("结构标签和表单", "\n".join(lost), _SPOKEN, _REMOVE)


def _words(item: pikepdf.Object) -> Iterator[str]:
    if isinstance(item, pikepdf.Dictionary):
        keys = _UNDRAWN if "/AP" in item or "/Kids" in item else (*_UNDRAWN, "/V")
        yield from (str(item[key]) for key in keys if isinstance(item.get(key), pikepdf.String))
