"""What stays and what goes, and what stands in its place."""

from __future__ import annotations

import pytest

from gongkai.model.disclosure import decide
from gongkai.model.document import Document, Span
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.reading import Reading


@pytest.mark.parametrize(
    ("kind", "text", "piece", "action"),
    [
        ("PHONE_FIX", "联系电话：0311-58020319", "0311-58020319", "keep"),
        ("PHONE_FIX", "申请人电话：0311-58020319", "0311-58020319", "mask"),
        ("PHONE_MOBILE", "监督电话13812345678（白天晚上都能打）", "13812345678", "keep"),
        ("PHONE_MOBILE", "甲某，手机13812345678", "13812345678", "mask"),
        ("BANK", "退回缴款账户6217001814821507164", "6217001814821507164", "mask"),
        ("BANK", "缴入财政非税专户37090500190000176", "37090500190000176", "keep"),
        ("EMAIL", "投诉邮箱shide@xnjyj.cn", "shide@xnjyj.cn", "keep"),
        ("EMAIL", "甲某的邮箱lihua@qq.com", "lihua@qq.com", "mask"),
        ("PLATE", "改装车牌浙CF94786，能不能走公交道", "浙CF94786", "mask"),
        ("PLATE", "公务车新H·UFQH5留馆备用", "新H·UFQH5", "keep"),
        ("WECHAT", "工作群号QQ群12345678", "12345678", "keep"),
        ("ID_CARD", "联系电话旁的110101199003074610", "110101199003074610", "mask"),
    ],
)
def test_action_and_basis(screener, kind: str, text: str, piece: str, action: str) -> None:
    start = text.index(piece)
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    settled = decide(Finding(Span(start, start + len(piece)), kind, 0.9, "test"), reading, Attribute.proactive)
    assert settled.action == action
    assert settled.basis and settled.why


def test_a_duty_mobile_of_a_withheld_paper_goes(screener) -> None:
    text = "股里值班手机13812345678。"
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    finding = Finding(Span(6, 17), "PHONE_MOBILE", 0.9, "test")
    assert decide(finding, reading, Attribute.withheld).action == Action.mask
