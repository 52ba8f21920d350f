"""The regulation by date, what the earlier one lacked, how its articles translate, and citations that hold no more."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.model.document import Document
from gongkai.model.duties.regime import in_force, regime, regime_of, stale, translated
from gongkai.model.elements import read_elements
from gongkai.model.rulebook import Rulebook

RULES = Rulebook.load()
OLD, NEW = date(2019, 5, 14), date(2019, 5, 15)


def flags(text):
    document = Document("", text)
    return regime(document, read_elements(document, RULES), RULES)


def paper(day, body="根据条例第十四条，涉及个人隐私，不予公开。"):
    return f"青禾县水务局关于河道管护的通知\n青水发〔{day[:4]}〕8号\n\n各乡镇：\n    {body}\n\n青禾县水务局\n{day}\n"


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2007, 4, 5), "before"),
        (date(2008, 4, 30), "before"),
        (date(2008, 5, 1), "2008"),
        (OLD, "2008"),
        (NEW, "2019"),
        (date(2026, 1, 1), "2019"),
    ],
)
def test_the_regulation_of_a_day(day, code):
    assert regime_of(day, RULES).code == code


def test_the_one_in_force_lacks_nothing():
    assert (in_force(RULES).code, in_force(RULES).lacked) == ("2019", ())


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2017年5月6日", "那时没有内部事务信息、过程性信息"),
        ("2007年5月6日", "那时没有全国统一的公开属性"),
    ],
)
def test_an_old_paper_is_told_what_its_regulation_lacked(day, said):
    (flag,) = [flag for flag in flags(paper(day)) if flag.kind == "regime"]
    assert said in flag.says
    assert "重新认定时用2019年修订的" in flag.do


def test_a_new_paper_needs_no_such_word():
    assert flags(paper("2024年5月6日", "根据条例第十九条，主动公开。")) == ()


def test_old_grounds_are_translated_for_a_new_determination():
    (flag,) = [flag for flag in flags(paper("2017年5月6日")) if flag.kind == "regime"]
    assert "原第十四条对应现行第十四条、第十五条、第十七条" in flag.do
    assert translated("依据条例第九条、第二十四条", RULES, regime_of(OLD, RULES)) == (
        "原第九条对应现行第十九条",
        "原第二十四条对应现行第三十三条",
    )
    assert translated("依据条例第九条", RULES, in_force(RULES)) == ()


@pytest.mark.parametrize(
    ("words", "day", "expected"),
    [
        ("根据政府信息公开条例第九条，应当主动公开。", NEW, {"old-09"}),
        ("根据政府信息公开条例第九条，应当主动公开。", None, {"old-09"}),
        ("根据政府信息公开条例第九条，应当主动公开。", OLD, set()),
        ("根据政府信息公开条例第十八条，20个工作日内公开。", NEW, {"old-18"}),
        ("根据政府信息公开条例第十八条，定期评估审查。", NEW, set()),
        ("根据条例第十三条，依申请公开。", NEW, set()),
        ("根据条例第十三条，根据自身特殊需要申请。", NEW, {"old-13"}),
        ("根据条例第十四条、第十五条，涉及商业秘密、个人隐私。", NEW, set()),
        ("根据条例第十四条，涉及个人隐私，不予公开。", NEW, {"old-14"}),
        ("根据条例第二十四条，15个工作日内答复。", NEW, {"old-24"}),
        ("根据不动产登记暂行条例第二十四条，15个工作日内答复。", NEW, set()),
        ("应当说明生产、生活、科研等特殊需要。", NEW, {"special-needs"}),
        ("参照国办发〔2010〕5号，不予公开。", NEW, {"process-notice"}),
        ("（国务院令第492号）", NEW, {"order-492"}),
        ("（国务院令第711号）", NEW, set()),
        ("依据《保守国家秘密法》（2010）审查。", date(2025, 1, 1), {"secrecy-2010"}),
        ("依据《保守国家秘密法》（2010）审查。", date(2024, 4, 30), set()),
        ("依据《信访条例》办理。", date(2023, 1, 1), {"petitions-2005"}),
        ("依据《信访工作条例》办理。", date(2023, 1, 1), set()),
    ],
)
def test_citations_that_hold_no_more(words, day, expected):
    text = Document("", words).folded
    assert {flag.code for flag in stale(text, day, RULES)} == expected


def test_a_stale_citation_shows_its_place_and_what_holds_now():
    words = "一、根据政府信息公开条例第九条，应当主动公开。"
    (flag,) = stale(words, NEW, RULES)
    assert [span.of(words) for span in flag.spans] == ["第九条"]
    assert flag.do == "改引现行条例第十九条。"


def test_traditional_script_is_read_alike():
    text = paper("2021年5月6日", "根據《政府信息公開條例》第九條，應當主動公開。")
    (flag,) = flags(text)
    assert (flag.code, [span.of(text) for span in flag.spans]) == ("old-09", ["第九條"])
