"""Each format gives its text, and each bad file one of the project's errors."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import files
import pytest
from files import SENTENCE, paragraph, raw_docx
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.model.document import Document
from gongkai.model.errors import (
    ArchiveBomb,
    CorruptDocument,
    DocumentError,
    EmptyDocument,
    EncryptedDocument,
    MismatchedFormat,
    MissingDocument,
    OversizedDocument,
    ScannedDocument,
    UnsupportedFormat,
)
from gongkai.service.limits import Limits
from gongkai.service.readers import READERS, read_bytes, read_file

NOTICE = (
    "青禾县民政局文件\n关于调整临时救助标准的通知\n各乡镇人民政府：\n现将有关事项通知如下，请遵照执行。\n"
    "姓名\t住址\t金额\n赵一鸣\t\t800\n钱小川\t东街12号\n联系人：孙明，电话：0570-5550123\n青禾县民政局办公室"
)
LIST = (
    "救助名单\n姓名\t编号\t金额\t日期\n赵一鸣\t330101199001010000\t800\t2025-03-01\n"
    "钱小川\t000123\t12.5\t2025-03-02 08:30:00\n空表"
)
DOC = (files.DATA / "notice.doc").read_bytes()
XLS = (files.DATA / "list.xls").read_bytes()
DOCX, XLSX, PDF, OFD = files.notice_docx(), files.list_xlsx(), files.pdf([SENTENCE[:20]]), files.ofd([SENTENCE[:20]])
LOCKED = files.ole({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.txt", "甲\r\n乙\r丙".encode(), "甲\n乙\n丙"),
        ("a.txt", "\ufeff通知".encode(), "通知"),
        ("a.txt", "通知".encode("utf-16"), "通知"),
        ("a.txt", b"\xfe\xff" + "通知".encode("utf-16-be"), "通知"),
        ("A.TXT", f"{SENTENCE}联系人：李镕基。".encode("gb18030"), f"{SENTENCE}联系人：李镕基。"),
        ("a.txt", "通".encode() * 60 + b"\0\x0b\x07" + "知".encode(), "通" * 60 + "   知"),
        ("a.md", "# 通知\n\n- 一".encode(), "# 通知\n\n- 一"),
        ("a.csv", "姓名,金额\n赵一鸣,800".encode("gb18030"), "姓名,金额\n赵一鸣,800"),
        ("a.docx", DOCX, NOTICE),
        ("a.docx", files.merged_docx(), "横向合并\t右\n纵向合并\t甲\n\t乙\t内一 内二\n框线内第一段\n框线内第二段"),
        ("a.doc", DOC, NOTICE),
        ("a.wps", DOC, NOTICE),
        ("a.xls", XLS, LIST),
        ("a.doc", XLS, LIST),
        ("a.xlsx", XLSX, LIST),
        ("a.pdf", files.pdf(["第一页"], [], ["第三页"]), "第一页\n\n第三页"),
        ("a.ofd", files.ofd(["关于临时救助的通知", "各乡镇："], ["第二页"]), "关于临时救助的通知\n各乡镇：\n第二页"),
        ("a.html", files.PAGE.format(charset="utf-8").encode(), files.PAGE_TEXT),
        ("a.htm", files.PAGE.format(charset="gb2312").encode("gb18030"), files.PAGE_TEXT),
        ("a.html", "只有一段文字".encode(), "只有一段文字"),
    ],
)
def test_text_of_each_format(name: str, data: bytes, text: str):
    assert read_bytes(data, name) == Document(id=name, text=text)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p>", "甲\t乙\n丙"),
        ("<w:p><w:ins><w:r><w:t>增</w:t></w:r></w:ins><w:del><w:r><w:delText>删</w:delText></w:r></w:del></w:p>", "增"),
        (
            "<w:p><w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo></w:p>",
            "新",
        ),
        (f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前</w:t></w:r></w:p>{paragraph('后')}", "前后"),
        ("<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r></w:p>", "隐藏"),
        ("<w:p><w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink></w:p>", "链接"),
        (f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>", "控件"),
        ("<w:p><w:sdt><w:sdtContent><w:r><w:t>行内</w:t></w:r></w:sdtContent></w:sdt></w:p>", "行内"),
        ("<w:p><w:r><w:fldChar/><w:instrText>PAGE</w:instrText><w:t>3</w:t></w:r></w:p>", "3"),
        ("<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:t>同意</w:t></w:r></w:p>", "☑同意"),
        (files.TEXT_BOX, "锚点\n框内文字"),
        (
            f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{paragraph('删行')}</w:tc></w:tr>"
            f"<w:sdt><w:sdtContent><w:tr><w:tc>{paragraph('留')}</w:tc><w:tc>{paragraph('行')}</w:tc></w:tr></w:sdtContent>"
            "</w:sdt></w:tbl>",
            "留\t行",
        ),
        ("<!-- 批 --><w:p><w:r><w:t>正文</w:t></w:r></w:p>", "正文"),
    ],
)
def test_docx_constructs(body: str, text: str):
    assert read_bytes(raw_docx(body), "a.docx").text == text


def test_docx_parts_in_order_and_once():
    notes = {"endnotes": paragraph("尾注"), "footnotes": paragraph("脚注"), "footer1": paragraph("页脚")}
    heads = {"header1": paragraph("页眉"), "header2": paragraph("页眉")}
    data = raw_docx(paragraph("正文"), notes | heads, main="word/document2.xml")
    assert read_bytes(data, "a.docx").text == "页眉\n正文\n脚注\n尾注\n页脚"


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (["通知", " No. 5 ", "全文\r"], "通知 No. 5 全文"),
        (["见\x13 HYPERLINK x \x14链接\x15。\r"], "见链接。"),
        (["见\x13 A \x13 B \x14内\x15 \x14外\x15。\r"], "见外。"),
        (["损坏\x13域\r"], "损坏域"),
        (["甲\x0b乙\x07丙\x1e丁\x1f\r"], "甲\n乙\t丙-丁"),
    ],
)
def test_doc_pieces_and_fields(pieces: list[str], text: str):
    assert read_bytes(files.word_binary(pieces), "a.doc").text == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (6222021234567890, "6222021234567890"),
        (1e20, "100000000000000000000"),
        ("330101199001010011", "330101199001010011"),
        (datetime.date(2025, 3, 1), "2025-03-01"),
        (datetime.time(8, 30), "08:30:00"),
        (True, "TRUE"),
        ("上\n下", "上 下"),
    ],
)
def test_cell_values(value: object, text: str):
    assert read_bytes(files.values_xlsx("值", value), "a.xlsx").text == f"表\n值\t{text}"


def test_pdf_joins_the_lines_of_a_paragraph():
    first = "\u3000\u3000" + SENTENCE[:25]
    lines = [
        "关于标准的批复",
        first,
        SENTENCE[25:] + SENTENCE[:14],
        "五日内。",
        "\u3000\u3000特此批复。",
        "2025年3月1日",
    ]
    expected = ["关于标准的批复", SENTENCE + SENTENCE[:14] + "五日内。", "特此批复。", "2025年3月1日"]
    assert read_bytes(files.pdf(lines), "a.pdf").text.split("\n") == expected


def test_pdf_keeps_table_rows_apart():
    rows = [f"{number} {SENTENCE[number:][:20]} 东街{number}号 80{number}" for number in range(1, 9)]
    assert read_bytes(files.pdf(rows), "a.pdf").text.split("\n") == rows


def test_pdf_joins_a_number_broken_at_the_edge():
    lines = [SENTENCE[:20] + "电话1375571", "0322，联系人孙明。"]
    assert read_bytes(files.pdf(lines), "a.pdf").text == "".join(lines)


def test_html_body_in_an_element_named_for_printing():
    menu = "".join(f"<div>栏目{number}</div>" for number in range(40))
    page = f"<html><body>{menu}<div class='print'><p>正文只有一句话。</p></div></body></html>"
    assert read_bytes(page.encode(), "a.html").text.endswith("正文只有一句话。")


def test_html_in_one_form_keeps_all_articles():
    text = read_bytes(files.OLD_PAGE.encode(), "a.html").text
    assert text.count("五个工作日内完成审核") == 8
    assert text.startswith("首页\t政务公开\n第一条")


def test_readings_above_characters_do_not_part_them():
    page = "<p>申请人<ruby>赵<rp>(</rp><rt>zhao</rt><rp>)</rp>一<rt>yi</ruby>鸣</p>"
    assert read_bytes(page.encode(), "a.html").text == "申请人赵一鸣"


def test_html_falls_back_to_the_whole_body():
    menu = "".join(f"<li>栏目{number}</li>" for number in range(40))
    text = read_bytes(
        f"<html><body><nav>{menu}</nav><aside>{menu}</aside><p>短</p></body></html>".encode(), "a.html"
    ).text
    assert "栏目39" in text and text.endswith("短")


def test_html_nested_a_thousand_deep():
    page = "<html><body>" + "<div>" * 1000 + "深处" + "</div>" * 1000 + "</body></html>"
    assert read_bytes(page.encode(), "a.html").text == "深处"


SMALL = Limits(max_bytes=100_000, max_characters=30, max_pages=1, max_cells=3)
BROKEN_XML = files.zipped({"_rels/.rels": "<a", "word/document.xml": "<w"})
ENTITY = '<!DOCTYPE a [<!ENTITY x "甲">]><a>&x;</a>'


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("a.txt", b"", EmptyDocument),
        ("a.docx", b"", EmptyDocument),
        ("a.txt", b" \n\n", EmptyDocument),
        ("a.docx", raw_docx("<w:p/>"), EmptyDocument),
        ("a.pdf", files.blank_pdf(), EmptyDocument),
        ("a.xlsx", files.values_xlsx(None), EmptyDocument),
        ("a.rar", b"Rar!\x1a\x07", UnsupportedFormat),
        ("a.png", b"\x89PNG\r\n\x1a\n", UnsupportedFormat),
        ("a.et", b"x", UnsupportedFormat),
        ("noextension", b"x", UnsupportedFormat),
        ("a.doc", b"{\\rtf1 x}", UnsupportedFormat),
        ("a.doc", files.word_binary(["旧\r"], version=0x65), UnsupportedFormat),
        ("a.txt", PDF, MismatchedFormat),
        ("a.txt", bytes(range(256)), MismatchedFormat),
        ("a.csv", XLSX, MismatchedFormat),
        ("a.doc", DOCX, MismatchedFormat),
        ("a.doc", b"<html><body>x</body></html>", MismatchedFormat),
        ("a.docx", DOC, MismatchedFormat),
        ("a.xls", XLSX, MismatchedFormat),
        ("a.xls", b"<html><table></table></html>", MismatchedFormat),
        ("a.pdf", b"plain text", MismatchedFormat),
        ("a.pdf", b"\xff\xd8\xff\xe0", MismatchedFormat),
        ("a.docx", files.zipped({"a": "b"}), MismatchedFormat),
        ("a.pdf", files.pdf(["密"], password="1"), EncryptedDocument),
        ("a.xlsx", LOCKED, EncryptedDocument),
        ("a.docx", LOCKED, EncryptedDocument),
        ("a.doc", files.word_binary(["密\r"], flags=0x0100), EncryptedDocument),
        ("a.xls", files.locked_xls(), EncryptedDocument),
        ("a.txt", "通知".encode() * 30 + b"\xe9\x80", CorruptDocument),
        ("a.txt", b"caf\xe9 \xe9t\xe9", CorruptDocument),
        ("a.docx", b"\x00\x01\x02\x03", CorruptDocument),
        ("a.docx", BROKEN_XML, CorruptDocument),
        ("a.docx", files.zipped({"word/document.xml": ENTITY, "_rels/.rels": ENTITY}), CorruptDocument),
        ("a.ofd", files.zipped({"OFD.xml": ENTITY}), CorruptDocument),
        ("a.xlsx", files.zipped({"xl/workbook.xml": ENTITY}), CorruptDocument),
        ("a.doc", files.ole({"WordDocument": bytes(4096), "0Table": b""}), DocumentError),
        ("a.docx", files.bomb("word/document.xml"), ArchiveBomb),
        ("a.xlsx", files.bomb("xl/workbook.xml"), ArchiveBomb),
        ("a.ofd", files.bomb("OFD.xml"), ArchiveBomb),
        ("a.xls", files.looping_xls(), CorruptDocument),
        ("a.docx", files.lying_bomb("word/document.xml"), CorruptDocument),
        ("a.pdf", files.pdf([], []), ScannedDocument),
        ("a.ofd", files.ofd(["x"], drawn=True), ScannedDocument),
    ],
)
def test_bad_files(name: str, data: bytes, error: type[DocumentError]):
    with pytest.raises(error) as caught:
        read_bytes(data, name)
    assert re.fullmatch(r"[^。]+。", caught.value.message), "one Chinese sentence"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", b"x" * 100_001),
        ("a.txt", b"x" * 31),
        ("a.docx", raw_docx(paragraph("字" * 31))),
        ("a.pdf", files.pdf(["一"], ["二"])),
        ("a.pdf", files.pdf(["字" * 31])),
        ("a.ofd", files.ofd(["一"], ["二"])),
        ("a.xlsx", files.values_xlsx(1, 2, 3, 4)),
        ("a.xls", XLS),
    ],
)
def test_over_the_limits(name: str, data: bytes):
    with pytest.raises(OversizedDocument):
        read_bytes(data, name, SMALL)


WHOLE = {"a.docx": DOCX, "a.xlsx": XLSX, "a.ofd": OFD, "a.doc": DOC, "a.xls": XLS}


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
def test_cut_off_files(name: str, share: float):
    with pytest.raises(CorruptDocument):
        read_bytes(WHOLE[name][: int(len(WHOLE[name]) * share)], name)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_cut_off_pdf(share: float):
    with pytest.raises(DocumentError):
        read_bytes(PDF[: int(len(PDF) * share)], "a.pdf")


def test_the_advice_names_the_right_extension():
    with pytest.raises(MismatchedFormat, match=r"\.docx"):
        read_bytes(DOCX, "a.doc")
    with pytest.raises(UnsupportedFormat, match=r"\.ofd"):
        read_bytes(b"x", "a.xyz")


def test_files_on_disk(tmp_path: Path):
    path = tmp_path / "通知.txt"
    path.write_text("正文", encoding="utf-8")
    assert read_file(path) == Document(id="通知.txt", text="正文")
    for missing in (tmp_path / "none.txt", tmp_path):
        with pytest.raises(MissingDocument) as caught:
            read_file(missing)
        assert str(tmp_path) not in caught.value.message
    with pytest.raises(OversizedDocument):
        read_file(path, Limits(max_bytes=3))


SEEDS = st.sampled_from([DOCX, XLSX, OFD, DOC, XLS, PDF, files.PAGE.encode(), "通知".encode("gb18030")])


@given(data=st.binary(max_size=3000), extension=st.sampled_from(sorted(READERS)))
@settings(deadline=None, max_examples=300)
def test_random_bytes(data: bytes, extension: str):
    _answers(data, extension)


@given(seed=SEEDS, extension=st.sampled_from(sorted(READERS)), place=st.floats(0, 1), noise=st.binary(max_size=40))
@settings(deadline=None, max_examples=300)
def test_damaged_files(seed: bytes, extension: str, place: float, noise: bytes):
    start = int(place * len(seed))
    _answers(seed[:start] + noise + seed[start + len(noise) :], extension)


def _answers(data: bytes, extension: str) -> None:
    try:
        document = read_bytes(data, "a" + extension)
    except DocumentError as error:
        assert error.message.endswith("。")
    else:
        assert not re.search(r"[\x00-\x08\x0b-\x1f]", document.text)
