"""Folding keeps every offset and makes look-alikes equal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.document import Document
from gongkai.model.folding import fold, is_traditional
from gongkai.model.lines import lines, pieces, unspaced

FOLDED = {
    "ＡＢＣ１２３：（）": "ABC123:()",
    "國務院辦公廳關於進壹步": "国务院办公厅关于进一步",
    "國辦發[2016]19號": "国办发〔2016〕19号",
    "［2016］【2016】﹝2016﹞": "〔2016〕〔2016〕〔2016〕",
    "甲\u3000乙\u00a0丙\t丁": "甲 乙 丙 丁",
    "甲\u00ad乙\u200b丙\u2060丁\u202d1\u202c\u2066\u2069\ufe0f\ufeff\u2800": "甲 乙 丙 丁 1      ",
    "甲—乙–丙": "甲-乙-丙",
    "甲\r乙\f丙\u2028丁": "甲\n乙\n丙\n丁",
    "50㎡ ½ ①": "50㎡ ½ ①",
    "甲\ud800\udfff乙": "甲\ufffd\ufffd乙",
}


@pytest.mark.parametrize("text", FOLDED)
def test_look_alikes_become_equal(text: str) -> None:
    assert fold(text) == FOLDED[text]


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("為深入貫徹落實國務院辦公廳的要求", True),
        ("为深入贯彻落实国务院办公厅的要求", False),
        ("关于在香港举办書法展览的有关情况的函，请协助做好接待准备工作", False),
        ("2019-08-05", False),
        ("", False),
    ],
)
def test_traditional_script(text: str, is_one: bool) -> None:
    assert is_traditional(text) is is_one


@given(st.text(alphabet="甲乙 　\n\r\f\t文1", min_size=1).filter(str.strip))
def test_lines_are_the_text_without_blanks(text: str) -> None:
    document = Document("t", text)
    rows = list(lines(document))
    assert all(fold(row.span.of(text)) == fold(row.text) and row.text == row.text.strip() for row in rows)
    assert "".join(row.tight for row in rows) == "".join(document.folded.split())
    assert all(piece.text == fold(piece.span.of(text)) for row in rows for piece in pieces(row) if len(pieces(row)) > 1)


NOISE = {
    "您现在的位置：首页 > 政务公开 > 正文": True,
    "首页　走进河湾　政务公开": True,
    "【字体：大 中 小】 【打印】 【关闭】": True,
    "发布时间：2023-07-25　来源：办公室": True,
    "第 2 页  共 6 页": True,
    "— 3 —": True,
    "────────────": True,
    "上一篇：关于放假的通知　下一篇：没有了": True,
    "版权所有：河湾区人民政府　苏ICP备05001873号-2": True,
    '<div class="TRS_Editor"><p>': True,
    "&nbsp;": True,
    "2017年度服务质量考核结果公示": False,
    "4月份点评情况": False,
    "一、工作目标": False,
    "关于会议的通知": False,
    "来源于群众的意见要认真办理": False,
    "字号应当规范，不得擅自更改": False,
    "000017": False,
}


@pytest.mark.parametrize("text", NOISE)
def test_page_furniture(text: str) -> None:
    assert [line.noise for line in lines(Document("t", text))] == [NOISE[text]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("公　　告", "公告"),
        ("行 政 处 罚 决 定 书", "行政处罚决定书"),
        ("关于会议\n　　的通知", "关于会议的通知"),
        ("河湾 村务公开", "河湾 村务公开"),
    ],
)
def test_letter_spacing_is_undone(text: str, shown: str) -> None:
    assert unspaced(text) == shown


def test_what_stands_side_by_side() -> None:
    (line,) = lines(Document("t", "  河水〔2016〕73号　　　　签发人：陈　有\t密"))
    assert [(piece.text, piece.start) for piece in pieces(line)] == [
        ("河水〔2016〕73号", 2),
        ("签发人:陈 有", 17),
        ("密", 25),
    ]
    (spaced,) = lines(Document("t", "公　　　　告"))
    assert pieces(spaced) == [spaced]


def test_a_long_text_is_folded_as_each_of_its_characters():
    for text in ("［Ａ］，壹\ud800—發\t" * 9, "［Ａ］，𠮷壹\ud800—發\t" * 9):
        assert fold(text) == "".join(map(fold, text))
