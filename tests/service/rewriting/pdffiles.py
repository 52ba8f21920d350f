"""PDF files with invented personal data in one place or in all that can hold some, and what is left of it in bytes."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import files
import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from gongkai.model.document import Span
from gongkai.service.rewriting.slots import Edit

NAME, NUMBER, HOME = "欧阳一叶", "330199199003075415", "青禾县东街12号3单元402室"
MASKS = {NAME: "欧阳某某", NUMBER: "3301**********5415", HOME: "青禾县"}
TOLD = f"{NAME}，{NUMBER}，{HOME}"
LINE = "经审核，同意给予临时救助。"
SONG = Name("/F2")
#: Each puts the text into one place of an opened file of one page.
PLACES: dict[str, Callable[[pikepdf.Pdf, str], None]] = {}

Place = Callable[[pikepdf.Pdf, str], None]


def place(name: str) -> Callable[[Place], Place]:
    def keep(function: Place) -> Place:
        PLACES[name] = function
        return function

    return keep


def base(*lines: str) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(files.pdf([LINE, *lines])))


def saved(pdf: pikepdf.Pdf, **options) -> bytes:
    target = io.BytesIO()
    pdf.save(target, static_id=True, **options)
    return target.getvalue()


def planted(*names: str) -> bytes:
    """A file with the text in these places; an earlier revision can only be added to the bytes."""
    pdf = base()
    for name in names:
        if name != "以前的修订":
            PLACES[name](pdf, TOLD)
    data = saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return revised(data) if "以前的修订" in names else data


def hide(slots) -> dict[int, list[Edit]]:
    """Edits for every planted value in every slot."""
    edits: dict[int, list[Edit]] = {}
    for index, slot in enumerate(slots):
        for value, mask in MASKS.items():
            at = slot.text.find(value)
            while at >= 0:
                edits.setdefault(index, []).append(Edit(Span(at, at + len(value)), mask))
                at = slot.text.find(value, at + 1)
    return edits


def everything(data: bytes) -> bytes:
    """The bytes, every stream unpacked, every string of every object as UTF-8."""
    pieces = [data]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for value in pdf.objects:
            if isinstance(value, Stream) and "/DCTDecode" not in repr(value.get("/Filter")):
                pieces.append(value.read_bytes())
            pieces.append("\n".join(strings(value, 0)).encode("utf-8", "replace"))
    for start in (at for at in range(len(data)) if data.startswith(b"stream", at)):
        try:
            pieces.append(zlib.decompressobj().decompress(data[start + 6 :].lstrip(b"\r\n")))
        except zlib.error:
            continue
    return b"\n".join(pieces)


def strings(value, depth: int):
    if isinstance(value, String):
        yield str(value)
    elif isinstance(value, (Dictionary, Stream)) and depth < 3:
        for key, below in value.items():
            yield key
            yield from strings(below, depth + 1)
    elif isinstance(value, Array) and depth < 3:
        for below in value:
            yield from strings(below, depth + 1)


def left(data: bytes) -> set[str]:
    """Which of the values stand in the bytes, in any encoding, written as they are or in hexadecimal."""
    whole = everything(data)
    lower = whole.lower()
    return {
        value
        for value in MASKS
        for encoding in ("utf-8", "utf-16-be", "utf-16-le", "gb18030")
        if value.encode(encoding) in whole or value.encode(encoding).hex().encode() in lower
    }


def shown(text: str, across: int = 80, down: int = 600, before: str = "") -> bytes:
    return f"BT {before} /F2 12 Tf 1 0 0 1 {across} {down} Tm <{text.encode('utf-16-be').hex()}> Tj ET\n".encode()


def draw(pdf: pikepdf.Pdf, content: bytes) -> None:
    pdf.pages[0].contents_add(pdf.make_stream(b"\nq " + content + b"\nQ\n"))


def resources(pdf: pikepdf.Pdf) -> Dictionary:
    return pdf.pages[0].Resources


def add(pdf: pikepdf.Pdf, kind: str, name: str, value) -> None:
    if kind not in resources(pdf):
        resources(pdf)[kind] = Dictionary()
    resources(pdf)[kind][name] = value


def form(pdf: pikepdf.Pdf, content: bytes, **more) -> Stream:
    fonts = Dictionary(F2=resources(pdf).Font.F2)
    return pdf.make_stream(
        content, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 600, 800], Resources=Dictionary(Font=fonts), **more
    )


def note(pdf: pikepdf.Pdf, **entries) -> Dictionary:
    page = pdf.pages[0].obj
    made = pdf.make_indirect(Dictionary(Type=Name.Annot, Rect=[80, 100, 300, 130], **entries))
    page.Annots = Array([*page.get("/Annots", Array()), made])
    return made


def names(pdf: pikepdf.Pdf) -> Dictionary:
    if "/Names" not in pdf.Root:
        pdf.Root.Names = Dictionary()
    return pdf.Root.Names


def fields(pdf: pikepdf.Pdf, *more: Dictionary) -> Dictionary:
    if "/AcroForm" not in pdf.Root:
        pdf.Root.AcroForm = Dictionary(Fields=Array())
    pdf.Root.AcroForm.Fields = Array([*pdf.Root.AcroForm.Fields, *more])
    return pdf.Root.AcroForm


@place("正文")
def _(pdf, text):
    draw(pdf, shown(text))


@place("逐字排出")
def _(pdf, text):
    across = 80
    for char in text:
        draw(pdf, shown(char, across, 580))
        across += 6 if char.isascii() else 12


@place("字间调整")
def _(pdf, text):
    items = " -20 ".join(f"<{char.encode('utf-16-be').hex()}>" for char in text)
    draw(pdf, f"BT /F2 12 Tf 2 Tc 90 Tz 80 560 Td [{items}] TJ ET".encode())


@place("单引号换行")
def _(pdf, text):
    draw(pdf, f"BT /F2 12 Tf 14 TL 80 540 Td <{text.encode('utf-16-be').hex()}> ' ET".encode())


@place("双引号换行")
def _(pdf, text):
    draw(pdf, f'BT /F2 12 Tf 14 TL 80 510 Td 1 0.5 <{text.encode("utf-16-be").hex()}> " ET'.encode())


@place("表单对象")
def _(pdf, text):
    add(pdf, "/XObject", "/Head", form(pdf, shown(text, 0, 0), Matrix=[1, 0, 0, 1, 80, 470]))
    draw(pdf, b"/Head Do 1 0 0 1 0 -15 cm /Head Do")


@place("黑框下面")
def _(pdf, text):
    draw(pdf, shown(text, 80, 430) + b"0 g 70 425 400 20 re f")


@place("白字")
def _(pdf, text):
    draw(pdf, b"1 g " + shown(text, 80, 410))


@place("不可见文字")
def _(pdf, text):
    draw(pdf, shown(text, 80, 390, "3 Tr"))


@place("页面以外")
def _(pdf, text):
    draw(pdf, shown(text, 80, -300))


@place("旋转的文字")
def _(pdf, text):
    draw(pdf, f"BT /F2 10 Tf 0 1 -1 0 560 120 Tm <{text.encode('utf-16-be').hex()}> Tj ET".encode())


@place("加粗重描")
def _(pdf, text):
    draw(pdf, shown(text, 80, 370) + shown(text, 80.3, 370))


@place("隐藏图层")
def _(pdf, text):
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("草稿")))
    pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(OFF=[layer]))
    add(pdf, "/Properties", "/Draft", layer)
    draw(pdf, b"/OC /Draft BDC " + shown(text, 80, 350) + b" EMC")


@place("图层名称")
def _(pdf, text):
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String(text)))
    pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary())


@place("隐藏图层的对象")
def _(pdf, text):
    layer = pdf.make_indirect(Dictionary(Type=Name.OCG, Name=String("草稿")))
    pdf.Root.OCProperties = Dictionary(OCGs=[layer], D=Dictionary(BaseState=Name.OFF))
    add(pdf, "/XObject", "/Draft", form(pdf, shown(text, 80, 340), OC=layer))
    draw(pdf, b"/Draft Do")


@place("实际文字")
def _(pdf, text):
    draw(pdf, f"/Span <</ActualText <feff{text.encode('utf-16-be').hex()}>>> BDC ".encode() + shown("略") + b" EMC")


@place("结构树替代文字")
def _(pdf, text):
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Figure, Alt=String(text)))
    pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, K=element))


@place("批注")
def _(pdf, text):
    made = note(pdf, Subtype=Name.Text, Contents=String(text), T=String(text), Subj=String(text), RC=String(text))
    note(pdf, Subtype=Name.Popup, Contents=String(text), Parent=made)


@place("批注外观")
def _(pdf, text):
    look = form(pdf, shown(text, 0, 0))
    note(pdf, Subtype=Name.FreeText, Contents=String(text), AP=Dictionary(N=look), DA=String(text))


@place("隐藏的批注外观")
def _(pdf, text):
    note(pdf, Subtype=Name.Stamp, F=2, AP=Dictionary(N=form(pdf, shown(text, 0, 0))))


@place("邮箱链接")
def _(pdf, text):
    note(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(f"mailto:{text}@example.cn")))


@place("网址链接")
def _(pdf, text):
    note(pdf, Subtype=Name.Link, A=Dictionary(S=Name.URI, URI=String(f"https://example.cn/?q={text}")))


@place("链接动作")
def _(pdf, text):
    note(pdf, Subtype=Name.Link, A=Dictionary(S=Name.Launch, F=String(text)))


@place("表单域")
def _(pdf, text):
    look = form(pdf, b"/Tx BMC " + shown(text, 0, 0) + b" EMC")
    value = String(text)
    entries = {"V": value, "DV": value, "TU": value, "TM": value, "T": value, "AP": Dictionary(N=look)}
    fields(pdf, note(pdf, Subtype=Name.Widget, FT=Name.Tx, **entries))


@place("没有外观的表单域")
def _(pdf, text):
    options = Array([String(text), Array([String(text), String("二")])])
    fields(pdf, note(pdf, Subtype=Name.Widget, FT=Name.Ch, V=String(text), Opt=options))


@place("XFA")
def _(pdf, text):
    fields(pdf).XFA = pdf.make_stream(f"<xdp>{text}</xdp>".encode())


@place("数字签名")
def _(pdf, text):
    value = Dictionary(Type=Name.Sig, Name=String(text), Reason=String(text), ContactInfo=String(text))
    fields(pdf, note(pdf, Subtype=Name.Widget, FT=Name.Sig, T=String("签名"), V=pdf.make_indirect(value)))


@place("附件")
def _(pdf, text):
    pdf.attachments[text] = pikepdf.AttachedFileSpec(pdf, text.encode(), description=text, filename=text)


@place("附件批注")
def _(pdf, text):
    inside = pdf.make_stream(text.encode())
    file = Dictionary(Type=Name.Filespec, F=String(text), UF=String(text), EF=Dictionary(F=inside))
    note(pdf, Subtype=Name.FileAttachment, FS=pdf.make_indirect(file))


@place("文档脚本")
def _(pdf, text):
    script = Dictionary(S=Name.JavaScript, JS=String(f"app.alert('{text}')"))
    names(pdf).JavaScript = Dictionary(Names=[String(text), script])
    pdf.Root.OpenAction = script
    pdf.pages[0].obj.AA = Dictionary(O=script)


@place("书签")
def _(pdf, text):
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("第一章", 0))
        outline.root[0].children.append(pikepdf.OutlineItem(text, 0))


@place("书签动作")
def _(pdf, text):
    with pdf.open_outline() as outline:
        outline.root.append(
            pikepdf.OutlineItem("网址", action=Dictionary(S=Name.URI, URI=String(f"https://example.cn/{text}")))
        )


@place("页码前缀")
def _(pdf, text):
    pdf.Root.PageLabels = Dictionary(Nums=[0, Dictionary(S=Name.D, P=String(text))])


@place("目标名称")
def _(pdf, text):
    target = Array([pdf.pages[0].obj, Name.Fit])
    names(pdf).Dests = Dictionary(Names=[String(text), target])
    note(pdf, Subtype=Name.Link, Dest=String(text))


@place("文档信息")
def _(pdf, text):
    for key in ("/Author", "/Subject", "/Keywords", "/Creator", "/Producer", "/Company"):
        pdf.docinfo[key] = String(text)


@place("标题")
def _(pdf, text):
    pdf.docinfo["/Title"] = String(text)


@place("XMP")
def _(pdf, text):
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = [text]
        metadata["dc:description"] = text


@place("页面元数据")
def _(pdf, text):
    pdf.pages[0].obj.Metadata = pdf.make_stream(f"<x>{text}</x>".encode(), Type=Name.Metadata, Subtype=Name.XML)


@place("应用私有数据")
def _(pdf, text):
    pdf.Root.PieceInfo = Dictionary(Editor=Dictionary(Private=Dictionary(Author=String(text))))
    pdf.pages[0].obj.PieceInfo = Dictionary(Editor=Dictionary(Private=String(text)))
    pdf.pages[0].obj.Private = String(text)


@place("缩略图")
def _(pdf, text):
    raw = text.encode()
    pdf.pages[0].obj.Thumb = pdf.make_stream(
        raw, Width=len(raw), Height=1, BitsPerComponent=8, ColorSpace=Name.DeviceGray
    )


@place("没有用到的对象")
def _(pdf, text):
    add(pdf, "/XObject", "/Spare", form(pdf, shown(text)))


@place("图案里的文字")
def _(pdf, text):
    pattern = pdf.make_stream(shown(text, 0, 0), PatternType=1, PaintType=1, TilingType=1, BBox=[0, 0, 300, 20])
    pattern.XStep, pattern.YStep, pattern.Resources = 300, 20, Dictionary(Font=Dictionary(F2=resources(pdf).Font.F2))
    add(pdf, "/Pattern", "/Tiles", pattern)
    draw(pdf, b"/Pattern cs /Tiles scn 80 300 300 20 re f")


@place("蒙版里的文字")
def _(pdf, text):
    group = form(pdf, shown(text, 80, 280), Group=Dictionary(S=Name.Transparency, CS=Name.DeviceGray))
    add(pdf, "/ExtGState", "/Soft", Dictionary(SMask=Dictionary(S=Name.Luminosity, G=group), Author=String(text)))
    draw(pdf, b"/Soft gs 0 g 80 270 300 20 re f")


@place("图片元数据")
def _(pdf, text):
    target = io.BytesIO()
    files._picture().resize((40, 40)).save(target, "JPEG", comment=text.encode())
    image = pdf.make_stream(target.getvalue(), Type=Name.XObject, Subtype=Name.Image, Width=40, Height=40)
    image.BitsPerComponent, image.ColorSpace, image.Filter = 8, Name.DeviceGray, Name.DCTDecode
    image.Metadata = pdf.make_stream(text.encode())
    add(pdf, "/XObject", "/Photo", image)
    draw(pdf, b"40 0 0 40 500 700 cm /Photo Do")


@place("行内图片")
def _(pdf, text):
    raw = text.encode() + bytes(400 - len(text.encode()))
    draw(pdf, b"20 0 0 20 500 660 cm BI /W 20 /H 20 /BPC 8 /CS /G ID " + raw + b" EI")


@place("内容注释")
def _(pdf, text):
    draw(pdf, f"% {text}\n0 g (".encode() + text.encode("utf-16-be").replace(b"\\", b"") + b") Unknown")


@place("输出意图")
def _(pdf, text):
    pdf.Root.OutputIntents = Array([Dictionary(S=Name.GTS_PDFX, Info=String(text))])


@place("文章线索")
def _(pdf, text):
    pdf.Root.Threads = Array([pdf.make_indirect(Dictionary(I=Dictionary(Title=String(text))))])


@place("名称对象")
def _(pdf, text):
    pdf.Root[Name("/" + text)] = String(text)
    pdf.trailer["/Owner"] = String(text)


PLACES["以前的修订"] = lambda pdf, text: None


def revised(data: bytes) -> bytes:
    """A later revision of a file whose page showed the text: the old content stays in the bytes."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        old = pdf.pages[0].Contents
        first = old if isinstance(old, Stream) else old[0]
        number, kept = first.objgen[0], first.read_bytes()
        size = len(pdf.objects) + 1
        root = pdf.Root.objgen[0]
    start = data.rfind(b"startxref")
    xref = int(data[start:].split()[1])
    out = data
    for content in (shown(TOLD), kept):
        offset = len(out)
        out += b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (number, len(content), content)
        table = len(out)
        out += b"xref\n%d 1\n%010d 00000 n \n" % (number, offset)
        out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, xref, table)
        xref = table
    return out
