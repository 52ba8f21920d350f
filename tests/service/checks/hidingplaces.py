"""Files of every format with one text where a reader of the page doesn't see it."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import files
import openpyxl
import pikepdf
from docx.enum.text import WD_COLOR_INDEX
from docx.shared import Pt, RGBColor
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from pikepdf import Array, Dictionary, Name, String
from PIL import Image
from reportlab.lib.colors import Color, black, white
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from rewriting.ofdfiles import CONTENT, base, insert, text_object

LINE = "青禾县民政局关于临时救助的公告"
#: Name of a place -> extension, and what makes a file with a text there.
PLACES: dict[str, tuple[str, Callable[[str], bytes]]] = {}
Maker = Callable[[str], bytes]


def hides(name: str, extension: str) -> Callable[[Maker], Maker]:
    def keep(maker: Maker) -> Maker:
        PLACES[name] = extension, maker
        return maker

    return keep


def drawn(draw: Callable[[Canvas], None]) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(700, 800))
    canvas.setFont("STSong-Light", 12)
    canvas.drawString(80, 700, LINE)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def covered(colour: Color) -> Maker:
    def make(text: str) -> bytes:
        def draw(canvas: Canvas) -> None:
            canvas.drawString(60, 500, text)
            canvas.setFillColor(colour)
            canvas.rect(50, 490, 640, 30, stroke=0, fill=1)

        return drawn(draw)

    return make


PLACES["PDF 黑框下"] = ".pdf", covered(black)
PLACES["PDF 白块下"] = ".pdf", covered(white)


@hides("PDF 白字", ".pdf")
def _(text):
    return drawn(lambda canvas: (canvas.setFillColor(white), canvas.drawString(60, 500, text)))


@hides("PDF 页外", ".pdf")
def _(text):
    return drawn(lambda canvas: canvas.drawString(60, -400, text))


@hides("PDF 极小", ".pdf")
def _(text):
    return drawn(lambda canvas: (canvas.setFont("STSong-Light", 0.4), canvas.drawString(60, 500, text)))


@hides("PDF 图片下", ".pdf")
def _(text):
    def draw(canvas):
        canvas.drawString(60, 500, text)
        stripes = Image.linear_gradient("L").resize((8, 3)).resize((640, 30), Image.Resampling.NEAREST)
        canvas.drawInlineImage(stripes.convert("RGB"), 50, 490, 640, 30)

    return drawn(draw)


def pdf_with(change: Callable[[pikepdf.Pdf, str], None]) -> Maker:
    def make(text: str) -> bytes:
        target = io.BytesIO()
        with pikepdf.open(io.BytesIO(drawn(lambda canvas: None))) as pdf:
            change(pdf, text)
            pdf.save(target)
        return target.getvalue()

    return make


def note(pdf: pikepdf.Pdf, text: str) -> None:
    rectangle = Array([50, 50, 90, 90])
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=rectangle, Contents=String(text))]
    )


PLACES["PDF 属性"] = ".pdf", pdf_with(lambda pdf, text: pdf.docinfo.update({"/Subject": text}))
PLACES["PDF 批注"] = ".pdf", pdf_with(note)


def tagged(key: str) -> Callable[[pikepdf.Pdf, str], None]:
    def put(pdf: pikepdf.Pdf, text: str) -> None:
        pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary({"/S": Name.Figure, key: String(text)}))

    return put


PLACES["PDF 替代文字"] = ".pdf", pdf_with(tagged("/Alt"))
PLACES["PDF 表单默认值"] = ".pdf", pdf_with(tagged("/DV"))
PLACES["PDF 没有外观的表单域"] = ".pdf", pdf_with(tagged("/V"))


def word(change: Callable[[docx.document.Document, str], None]) -> Maker:
    def make(text: str) -> bytes:
        document = docx.Document()
        document.add_paragraph(LINE)
        change(document, text)
        target = io.BytesIO()
        document.save(target)
        return target.getvalue()

    return make


def in_font(**settings: object) -> Maker:
    def change(document, text):
        font = document.add_paragraph().add_run(text).font
        for name, value in settings.items():
            setattr(font, name, value)

    return word(change)


def in_style(document, text):
    style = document.styles.add_style("Secret", 1)
    style.font.color.rgb = RGBColor(255, 255, 255)
    document.add_paragraph(text, style="Secret")


def white_ink(document, text):
    document.add_paragraph().add_run(text).font.color.rgb = RGBColor(255, 255, 255)


def commented(document, text):
    document.add_comment(document.add_paragraph("请核").runs, text=text, author="经办")


PLACES["Word 黑底"] = ".docx", in_font(highlight_color=WD_COLOR_INDEX.BLACK)
PLACES["Word 隐藏"] = ".docx", in_font(hidden=True)
PLACES["Word 一磅"] = ".docx", in_font(size=Pt(1))
PLACES["Word 白字"] = ".docx", word(white_ink)
PLACES["Word 样式"] = ".docx", word(in_style)
PLACES["Word 批注"] = ".docx", word(commented)


@hides("Word 修订", ".docx")
def _(text):
    gone = f"<w:p><w:del w:id='1'><w:r><w:delText>{text}</w:delText></w:r></w:del></w:p>"
    return files.raw_docx(files.paragraph(LINE) + gone)


def book(change: Callable[[openpyxl.worksheet.worksheet.Worksheet, str], None]) -> Maker:
    def make(text: str) -> bytes:
        made = openpyxl.Workbook()
        sheet = made.active
        sheet.append([LINE, ""])
        sheet.append(["说明", text])
        made.create_sheet("公开").append([LINE])
        made.active = 1
        change(sheet, text)
        target = io.BytesIO()
        made.save(target)
        return target.getvalue()

    return make


def set_cell(**settings: object) -> Maker:
    def change(sheet, text):
        for name, value in settings.items():
            setattr(sheet["B2"], name, value)

    return book(change)


def beside(sheet, text):
    sheet["B2"] = ""
    sheet["B2"].comment = Comment(text, "经办")


PLACES["表格 隐藏工作表"] = ".xlsx", book(lambda sheet, text: setattr(sheet, "sheet_state", "hidden"))
PLACES["表格 隐藏行"] = ".xlsx", book(lambda sheet, text: setattr(sheet.row_dimensions[2], "hidden", True))
PLACES["表格 隐藏列"] = ".xlsx", book(lambda sheet, text: setattr(sheet.column_dimensions["B"], "hidden", True))
PLACES["表格 白字"] = ".xlsx", set_cell(font=Font(color="FFFFFFFF"))
PLACES["表格 涂黑"] = ".xlsx", set_cell(fill=PatternFill("solid", fgColor="FF000000"))
PLACES["表格 不显示"] = ".xlsx", set_cell(number_format=";;;")
PLACES["表格 批注"] = ".xlsx", book(beside)


def page(piece: str) -> Maker:
    return lambda text: (
        f"<html><meta charset=utf-8><body><p>{(LINE + '。') * 3}</p>{piece.format(text)}</body></html>".encode()
    )


PLACES["网页 不显示"] = ".html", page("<p style='display:none'>{}</p>")
PLACES["网页 同色"] = ".html", page("<span style='color:#000;background:#000'>{}</span>")
PLACES["网页 注释"] = ".html", page("<!-- {} -->")
PLACES["网页 隐藏字段"] = ".html", page("<input type=hidden value='{}'>")

BLACK = (
    '<ofd:PathObject ID="80" Boundary="10 48 200 10" Fill="true" Stroke="false"><ofd:FillColor Value="0 0 0"/>'
    "<ofd:AbbreviatedData>M 0 0 L 200 0 L 200 10 L 0 10 C</ofd:AbbreviatedData></ofd:PathObject>"
)


def package(where: str, mark: str, piece: Callable[[str], str]) -> Maker:
    def make(text: str) -> bytes:
        parts = base()
        insert(parts, where, mark, piece(text))
        return files.zipped(parts)

    return make


PLACES["OFD 黑框下"] = ".ofd", package(CONTENT, "正文", lambda text: text_object(text, 50) + BLACK)
PLACES["OFD 不可见"] = ".ofd", package(CONTENT, "正文", lambda text: text_object(text, 50, Visible="false"))
PLACES["OFD 页外"] = ".ofd", package(CONTENT, "正文", lambda text: text_object(text, 800))
PLACES["OFD 属性"] = ".ofd", package("OFD.xml", "信息", lambda text: f"<ofd:Subject>{text}</ofd:Subject>")
