"""Tasks of a plan and the catalog items that they are about."""

from __future__ import annotations

import pytest

from gongkai.model.duties.tasktopics import topic
from gongkai.model.rulebook import Rulebook

BOOK = Rulebook.load()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("公开上年度逾期尚未支付中小企业款项的合同数量、金额等信息。", "G0704"),
        ("公开前期意见的收集、采纳情况以及较为集中意见不予采纳的原因。", "G0107"),
        ("创新解读形式，一图读懂、问答。", "G0104"),
        ("加强主动公开基本目录动态管理。", "G19"),
        ("探索数据无缝交换。", ""),
    ],
)
def test_the_loudest_item(words: str, code: str) -> None:
    assert topic(words, BOOK) == code
