"""Texts that blanks, returns or characters of no width tear apart are read as if these were not there."""

from __future__ import annotations

import re

import pytest

from gongkai.model.document import Document
from gongkai.model.spaced import closed

TITLE = "关于给予吴晓燕临时救助的答复"
TEXT = (
    f"{TITLE}\n吴晓燕：\n您于2023年5月6日提出的临时救助申请收悉。您住柳河镇东风村三组18号，身患胃癌，"
    "身份证号11010519491231002X，电话13800138000。经研究，决定给予救助。\n柳河镇人民政府\n2023年5月20日\n"
)


def torn(text, mark=" "):
    """The text with a blank behind every character that another one or a mark follows."""
    return re.sub(r"(?<=[\u4e00-\u9fff])(?=[\u4e00-\u9fff，。、：])", mark, text)


def bare(text):
    return re.sub(r"[\s\u200b]", "", text)


@pytest.mark.parametrize(
    "dress",
    [
        torn,
        lambda text: torn(text, "\u3000"),
        lambda text: torn(text, "\u00a0"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("", "\u200b")[1:-1],
    ],
)
def test_the_same_is_said_of_a_torn_text(screener, dress):
    plain, other = screener(Document("", TEXT, TITLE)), screener(Document("", dress(TEXT), dress(TITLE)))
    assert len(plain.personal) > 4
    assert other.opinion == plain.opinion
    assert [c.code for c in other.categories] == [c.code for c in plain.categories]
    pairs = [
        [(f.kind, f.action, bare(f.span.of(found.document.text))) for f in (*found.personal, *found.negative)]
        for found in (plain, other)
    ]
    assert pairs[0] == pairs[1]
    assert other.document.text == dress(TEXT)


def test_evidence_is_told_at_its_place(screener):
    text = torn(TEXT)
    for reason in screener(Document("", text, torn(TITLE))).reasons:
        for finding in reason.because:
            assert not finding.span.of(text).startswith(" ")


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "姓 名　性 别　住 址\n张 三　男　东街\n" + TEXT,
        "a b c d e f g",
        "甲 乙",
        "2023年 6月 7日 8时 9分",
    ],
)
def test_a_plain_text_stays_as_it_is(text):
    assert closed(Document("", text)) is None


def test_wide_gaps_part_columns():
    close = closed(Document("", "张 晓 燕  女  教 师 退 休\n李 大 为  男  工 人 退 休"))
    assert close.document.text == "张晓燕  女  教师退休\n李大为  男  工人退休"
    assert close.places[3] == 5


def test_a_secrecy_mark_is_seen(screener):
    found = screener(Document("", "机 密 ★ 5 年\n\n" + torn(TEXT)))
    assert found.handling.value == "stop_classified"
    assert not found.personal
