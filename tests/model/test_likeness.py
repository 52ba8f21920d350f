"""Fingerprints tell twins and series from strangers, estimate the exact similarity, and hold no text."""

from __future__ import annotations

import hashlib
import random

import numpy as np
import pytest
from papers import CONSULTATION, NOTICE, PARTY

from gongkai.model.document import Span
from gongkai.model.likeness import LEAST, SLOTS, WIDTH, alike, mould, signature, slots

PERMIT = """青禾县行政审批服务局
准予行政许可决定书
青审批许〔{year}〕{number}号

{maker}：
    你单位于{year}年{month}月5日提出的食品经营许可申请，经审查，符合《食品经营许可和备案管理办法》第十五条规定的条件、标准。
根据《中华人民共和国行政许可法》第三十八条第一款的规定，决定准予许可。经营场所：{place}，法定代表人：{person}。
有效期至{until}年{month}月4日。你单位应当严格按照许可的范围从事经营活动，自觉接受监督检查，需要延续的在届满九十日前提出申请。

青禾县行政审批服务局
{year}年{month}月12日
"""
ONE = PERMIT.format(
    year="2019", number="17", maker="青禾县福来小吃店", month="3", place="柳河镇东街12号", person="赵一鸣", until="2024"
)
OTHER = PERMIT.format(
    year="2021",
    number="204",
    maker="青禾县春风餐饮有限公司",
    month="11",
    place="云溪乡桥头村3组",
    person="钱小满",
    until="2026",
)


@pytest.mark.parametrize(
    ("other", "least", "most"),
    [
        (NOTICE, 1.0, 1.0),
        (NOTICE.replace("\n", "\r\n\r\n").replace("，", ","), 1.0, 1.0),
        (NOTICE.replace("２", "2") + "（此件公开发布）", 0.85, 1.0),
        (CONSULTATION, 0.0, 0.2),
        (PARTY, 0.0, 0.2),
    ],
)
def test_twins_and_strangers(other, least, most):
    assert least <= alike(signature(NOTICE), signature(other)) <= most


def test_a_series_has_one_mould():
    assert alike(signature(ONE), signature(OTHER)) < 0.7
    assert alike(mould(ONE), mould(OTHER)) >= 0.85


def test_names_found_by_a_screening_leave_the_mould():
    one, other = (
        "经研究，同意赵一鸣同志家庭自本月起享受最低生活保障待遇，按月发放救助金，并在村务公开栏公布结果接受群众监督，特此批复。",
        "",
    )
    other = one.replace("赵一鸣同志", "钱小满同志").replace("享受", "欧阳子夏享受")
    found = other.index("欧阳子夏")
    assert mould(other, [Span(found, found + 4)]) == mould(one) != mould(other)


@pytest.mark.parametrize("make", [signature, mould])
@pytest.mark.parametrize("text", ["", "\n", "通知", "决定" * 500, "2024年3月1日" * 30, "\ud800"])
def test_what_says_too_little_has_no_fingerprint(make, text):
    assert make(text) == b""


def test_nothing_resembles_nothing():
    assert alike(b"", b"") == alike(signature(NOTICE), b"") == 0.0


def test_fingerprints_are_short_and_never_change():
    """Those that are kept have to stay comparable: a change here asks for another version of the engine."""
    made = signature(NOTICE)
    assert len(made) == len(mould(ONE)) == 2 * SLOTS
    assert slots(made).dtype == np.dtype("<u2")
    assert hashlib.sha256(made).hexdigest().startswith("e276e0f2fceaedc3")


def _exact(one: str, other: str) -> float:
    a, b = ({text[i : i + WIDTH] for i in range(len(text) - WIDTH + 1)} for text in (one, other))
    return len(a & b) / len(a | b)


@pytest.mark.parametrize("changes", [1, 5, 20, 60])
def test_the_estimate_is_near_the_exact_similarity(changes):
    draw = random.Random(changes)
    letters = [chr(0x4E00 + draw.randrange(5000)) for _ in range(1000)]
    changed = list(letters)
    for place in draw.sample(range(1000), changes):
        changed[place] = "某"
    one, other = "".join(letters), "".join(changed)
    assert alike(signature(one), signature(other)) == pytest.approx(_exact(one, other), abs=0.12)


def test_least_is_what_it_says():
    letters = "".join(chr(0x4E00 + i) for i in range(LEAST + WIDTH))
    assert signature(letters[: LEAST + WIDTH - 1]) and not signature(letters[: LEAST + WIDTH - 2])
