"""Minutes taken apart: every sentence as its expected kind, spans true to the text."""

from __future__ import annotations

import re

import pytest

from gongkai.model.document import Document
from gongkai.model.duties.minutes import Kind, cues, public_text, split

#: What stands between the marks is one piece: D decided, T talk, F frame, O for a person to judge.
MINUTES = """⟦F|青禾县人民政府常务会议纪要⟧
⟦F|〔2025〕6号⟧
⟦F|2025年3月4日，县长赵一鸣同志主持召开县政府第8次常务会议。现将会议议定事项纪要如下：⟧

一、关于城区供水管网改造
⟦T|会议听取了县水务局的汇报。钱多文同志提出，工期偏紧，建议分两年实施。与会同志意见不一。⟧⟦D|会议议定，同意分两年实施，由县水务局牵头。⟧
二、关于义务教育学区划分
⟦T|会议讨论认为，新城片区学位不足。⟧⟦D|会议决定：⟧
⟦D|（一）新城片区单独设一个学区；⟧
⟦D|（二）县教育局5月底前公布划分方案。⟧
⟦O|城东小学现有学生九百人。⟧
三、关于机关用房调整
⟦O|县机关事务中心现管理办公用房四处。⟧
⟦D|会议讨论并原则通过了调整方案。⟧
四、议定事项
⟦D|1．四月十日前完成搬迁。⟧
⟦T|2．孙可望同志建议延后。⟧
⟦F|出席：赵一鸣、钱多文⟧
⟦F|列席：县教育局、县水务局⟧
"""
LETTERS = {"D": Kind.decided, "T": Kind.discussion, "F": Kind.frame, "O": Kind.other}


def marked(text):
    """The text without marks, and what each mark says: kind and words."""
    pieces = [(LETTERS[letter], words) for letter, words in re.findall(r"⟦(\w)\|(.*?)⟧", text, re.DOTALL)]
    return re.sub(r"⟦\w\||⟧", "", text), pieces


def test_every_sentence():
    text, pieces = marked(MINUTES)
    found = split(Document("x", text))
    assert [(piece.kind, piece.span.of(text)) for piece in found.pieces] == pieces
    assert (found.minutes, found.party) == (True, False)


def test_the_decided_items_as_a_text():
    text, _ = marked(MINUTES)
    told = public_text(Document("x", text), split(Document("x", text)).of(Kind.decided))
    assert told == (
        "一、关于城区供水管网改造\n1．会议议定，同意分两年实施，由县水务局牵头。\n"
        "二、关于义务教育学区划分\n会议决定：\n1．新城片区单独设一个学区；\n2．县教育局5月底前公布划分方案。\n"
        "三、关于机关用房调整\n1．会议讨论并原则通过了调整方案。\n"
        "四、议定事项\n1．四月十日前完成搬迁。"
    )
    assert "意见不一" not in told and "孙可望" not in told


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("会议要求，各单位按期完成。", Kind.decided),
        ("会议原则同意该方案。", Kind.decided),
        ("经研究，同意拨付专款。", Kind.decided),
        ("六楼空调超期，同意更换五台。", Kind.decided),
        ("暂缓审议该办法。", Kind.decided),
        ("会议认为，形势依然严峻。", Kind.discussion),
        ("有的同志主张另选址。", Kind.discussion),
        ("会议听取了县财政局关于预算的汇报。", Kind.discussion),
        ("时　间：三月四日上午", Kind.frame),
        ("分送：各乡镇人民政府", Kind.frame),
        ("水库现有库容八百万方。", Kind.other),
    ],
)
def test_one_sentence(sentence, kind):
    assert [piece.kind for piece in split(Document("x", sentence)).pieces] == [kind]


def test_a_party_bodys_minutes_and_no_minutes():
    assert split(Document("x", "党 组 会 议 纪 要\n会议同意。")).party
    other = split(Document("x", "关于停水的通告\n广大市民：停水一天。"))
    assert (other.minutes, other.of(Kind.decided)) == (False, ())


def test_the_cues_know_their_kinds():
    assert {row.kind for row in cues()} == {"decided", "discussion", "frame"}
    assert [kind.label for kind in Kind] == ["议定事项", "讨论记录", "会议情况", "请人工判断"]
