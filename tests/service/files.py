"""Builders of real files in memory, all about invented people.

`tests/data/notice.doc` and `tests/data/list.xls` were made from `notice_docx()` and `list_xlsx()` by LibreOffice 7.4.
"""

from __future__ import annotations

import datetime
import io
import struct
import zipfile
from pathlib import Path

import docx
import openpyxl
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

DATA = Path(__file__).parent.parent / "data"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
SENTENCE = "经研究，同意青禾县民政局关于调整临时救助标准的请示，请结合实际认真组织实施。"
BOX = "<w:p><w:r><w:t>框内文字</w:t></w:r></w:p>"


def zipped(parts: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in parts.items():
            box.writestr(name, content)
    return target.getvalue()


def notice_docx() -> bytes:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "青禾县民政局文件"
    document.sections[0].footer.paragraphs[0].text = "青禾县民政局办公室"
    document.add_heading("关于调整临时救助标准的通知", 1)
    document.add_paragraph("各乡镇人民政府：")
    document.add_paragraph("现将有关事项通知如下，").add_run("请遵照执行。").bold = True
    rows = [("姓名", "住址", "金额"), ("赵一鸣", "", "800"), ("钱小川", "东街12号", "")]
    table = document.add_table(rows=3, cols=3)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    document.add_paragraph("联系人：孙明，电话：0570-5550123")
    return _saved(document)


def merged_docx() -> bytes:
    """Merged cells across and down, a nested table, and a one-cell frame around two paragraphs."""
    document = docx.Document()
    table = document.add_table(rows=3, cols=3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "横向合并"
    table.cell(0, 2).text = "右"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "纵向合并"
    table.cell(1, 1).text = "甲"
    table.cell(2, 1).text = "乙"
    nested = table.cell(2, 2).add_table(rows=1, cols=2)
    nested.cell(0, 0).text, nested.cell(0, 1).text = "内一", "内二"
    frame = document.add_table(rows=1, cols=1).cell(0, 0)
    frame.text = "框线内第一段"
    frame.add_paragraph("框线内第二段")
    return _saved(document)


def _saved(document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def raw_docx(body: str, parts: dict[str, str] | None = None, main: str = "word/document.xml") -> bytes:
    """A docx of hand-made XML; `parts` maps footnotes, endnotes, header1, ... to the content of their root."""
    parts = parts or {}
    kinds = {name: name.rstrip("0123456789") for name in parts}
    related = "".join(
        f'<Relationship Id="r{index}" Type="{_OFFICE}/{kinds[name]}" Target="{name}.xml"/>'
        for index, name in enumerate(parts)
    )
    first = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="/{main}"/>'
    files: dict[str, str | bytes] = {
        "_rels/.rels": f'<Relationships xmlns="{_RELS}">{first}</Relationships>',
        main: f"<w:document {_NAMESPACES}><w:body>{body}</w:body></w:document>",
        f"word/_rels/{main.split('/')[1]}.rels": f'<Relationships xmlns="{_RELS}">{related}</Relationships>',
    }
    for name, content in parts.items():
        files[f"word/{name}.xml"] = f"<w:root {_NAMESPACES}>{content}</w:root>"
    return zipped(files)


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


TEXT_BOX = (
    "<w:p><w:r><w:t>锚点</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
    f"<w:txbxContent>{BOX}</w:txbxContent></wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
    f"<w:txbxContent>{BOX}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
)


def list_xlsx() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "救助名单"
    sheet.append(["姓名", "编号", "金额", "日期"])
    sheet.append(["赵一鸣", 330101199001010000, 800, datetime.date(2025, 3, 1)])
    sheet.append([])
    sheet.append(["钱小川", "000123", 12.5, datetime.datetime(2025, 3, 2, 8, 30)])
    book.create_sheet("空表")
    return _book_bytes(book)


def values_xlsx(*values: object) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active.append(list(values))
    return _book_bytes(book)


def _book_bytes(book) -> bytes:
    target = io.BytesIO()
    book.save(target)
    book.close()
    return target.getvalue()


def pdf(*pages: list[str], password: str = "") -> bytes:
    """A4 pages of 16 pt lines; an empty list makes a page that is only a picture."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption(password) if password else None)
    for lines in pages:
        canvas.setFont("STSong-Light", 16)
        for index, line in enumerate(lines):
            indent = len(line) - len(line.lstrip("\u3000"))
            canvas.drawString(80 + 16 * indent, 740 - 28 * index, line.strip("\u3000"))
        if not lines:
            canvas.drawInlineImage(_picture(), 60, 60, 400, 600)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _picture():
    from PIL import Image

    return Image.new("L", (20, 30), 200)


def blank_pdf() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def ofd(*pages: list[str], drawn: bool = False) -> bytes:
    """A minimal GB/T 33190 package; `drawn` puts outlines in place of text."""
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listing = "".join(f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/{n}/Content.xml"/>' for n in range(len(pages)))
    area = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    files: dict[str, str | bytes] = {
        "OFD.xml": f'<ofd:OFD {space} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID>'
        "</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:CommonData><ofd:MaxUnitID>99</ofd:MaxUnitID>{area}"
        f"</ofd:CommonData><ofd:Pages>{listing}</ofd:Pages></ofd:Document>",
    }
    for number, lines in enumerate(pages):
        objects = "".join(_ofd_object(index, line, drawn) for index, line in enumerate(lines))
        files[f"Doc_0/Pages/{number}/Content.xml"] = (
            f'<ofd:Page {space}><ofd:Content><ofd:Layer ID="50">{objects}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    return zipped(files)


def _ofd_object(index: int, line: str, drawn: bool) -> str:
    box = f'Boundary="20 {20 + 8 * index} 170 6"'
    if drawn:
        path = "<ofd:AbbreviatedData>M 0 0 L 5 5</ofd:AbbreviatedData>"
        return f'<ofd:PathObject ID="{index + 60}" {box}>{path}</ofd:PathObject>'
    deltas = f"g {len(line) - 1} 5"
    code = f'<ofd:TextCode X="0" Y="5" DeltaX="{deltas}">{line}</ofd:TextCode>'
    return f'<ofd:TextObject ID="{index + 60}" {box} Font="1" Size="5">{code}</ofd:TextObject>'


def ole(streams: dict[str, bytes]) -> bytes:
    """A compound file with up to three streams, each padded to 4,096 bytes so that no mini stream is needed."""
    padded = {name: content.ljust(max(4096, -(-len(content) // 512) * 512), b"\0") for name, content in streams.items()}
    assert sum(map(len, padded.values())) < 126 * 512, "one sector of FAT"
    fat, body, entries = [0xFFFFFFFD, 0xFFFFFFFE], b"", [_entry("Root Entry", 5, 0xFFFFFFFE, 0)]
    for name, content in padded.items():
        start, count = len(fat), len(content) // 512
        entries.append(_entry(name, 2, start, len(content)))
        fat += [*range(start + 1, start + count), 0xFFFFFFFE]
        body += content
    fat += [0xFFFFFFFF] * (128 - len(fat))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<5H", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<9I", 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0, 0) + b"\xff" * 432
    directory = b"".join(entries).ljust(512, b"\0")
    return header + struct.pack("<128I", *fat) + directory + body


def _entry(name: str, kind: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    links = struct.pack("<BB3I", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, 1 if kind == 5 else 0xFFFFFFFF)
    return raw.ljust(64, b"\0") + struct.pack("<H", len(raw)) + links + bytes(36) + struct.pack("<IQ", start, size)


def word_binary(pieces: list[str], *, flags: int = 0, version: int = 0xC1) -> bytes:
    """A .doc of hand-made pieces, stored last to first as a fast save does; ASCII takes one byte a character."""
    stream, places = bytearray(0x400), []
    for piece in reversed(pieces):
        narrow = piece.isascii()
        places.insert(0, (len(stream) * 2) | 0x40000000 if narrow else len(stream))
        stream += piece.encode("cp1252" if narrow else "utf-16-le")
    ends = [sum(map(len, pieces[:count])) for count in range(len(pieces) + 1)]
    plc = struct.pack(f"<{len(ends)}I", *ends) + b"".join(struct.pack("<HIH", 0, place, 0) for place in places)
    table = b"\x02" + struct.pack("<I", len(plc)) + plc
    struct.pack_into("<HH", stream, 0, 0xA5EC, version)
    struct.pack_into("<H", stream, 0x0A, 0x0200 | flags)
    struct.pack_into("<I", stream, 0x4C, ends[-1])
    struct.pack_into("<II", stream, 0x1A2, 0, len(table))
    return ole({"WordDocument": bytes(stream), "1Table": table})


def locked_xls() -> bytes:
    """A BIFF8 stream whose second record is FILEPASS."""
    start = struct.pack("<HH", 0x809, 16) + struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 6)
    return ole(
        {"Workbook": start + struct.pack("<HH", 0x2F, 6) + struct.pack("<HHH", 0, 1, 1) + struct.pack("<HH", 10, 0)}
    )


def looping_xls() -> bytes:
    """A compound file whose first stream sector names itself as the next one; xlrd alone would never return."""
    data = bytearray(ole({"Workbook": bytes(8192)}))
    struct.pack_into("<I", data, 512 + 4 * 2, 2)
    return bytes(data)


def bomb(name: str) -> bytes:
    """Twelve MiB of spaces that pack to twelve KiB."""
    return zipped({name: b" " * (12 * 1024 * 1024)})


def lying_bomb(name: str) -> bytes:
    """The same with headers that own up to a hundred bytes only."""
    return bomb(name).replace(struct.pack("<I", 12 * 1024 * 1024), struct.pack("<I", 100))


PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>青禾县人民政府</title>
<script>var secret = 1;</script><style>p {{ color: red }}</style></head><body>
<div class="top-nav nav"><ul><li><a href="/">首页</a></li><li>政务公开</li></ul></div>
<div class="dqwz">您现在的位置：首页 &gt; 政务公开 &gt; 通知公告</div>
<div class="article"><h1>关于公布临时救助名单的公告</h1>
<div class="info">发布日期：2025-03-01 <span class="fontsize">字号：[大 中 小]</span><span>浏览次数：36</span></div>
<div id="zoom"><p>　　经审核，现将名单公布如下，<b>公示期</b>五个工作日。</p>
<table border="1"><tr><th>姓名</th><th>金额</th></tr><tr><td><p>赵一鸣</p></td><td>800</td></tr></table>
<p>　　联系人：孙明<br>电话：0570-5550123</p></div></div>
<div class="bdsharebuttonbox share"><a>分享到微信</a></div><p>【打印本页】</p>
<p>上一篇：关于放假的通知</p><p>下一篇：没有了</p>
<div class="bottom"><p>版权所有：青禾县人民政府</p><p>浙ICP备00000000号</p></div></body></html>"""
PAGE_TEXT = """关于公布临时救助名单的公告
发布日期：2025-03-01 浏览次数：36
经审核，现将名单公布如下，公示期五个工作日。
姓名\t金额
赵一鸣\t800
联系人：孙明
电话：0570-5550123"""
ARTICLES = "".join(
    f"<p>第{number}条　申请人应当如实提供材料，五个工作日内完成审核。</p>" for number in "一二三四五六七八"
)
OLD_PAGE = f"""<html><body><form id='aspnetForm'><table>
<tr><td><table><tr><td>首页</td><td>政务公开</td></tr></table></td></tr>
<tr><td>{ARTICLES}</td><td width=10></td></tr></table></form></body></html>"""
