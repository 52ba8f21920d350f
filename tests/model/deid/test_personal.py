"""All personal data of a paper together: union when hidden, no overlaps when shown, own phones of private people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.deid.personal import joined, personal
from gongkai.model.document import Document, Span
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.identifiers.numbers import numbers
from gongkai.model.mentions.people import Person
from gongkai.model.reading import Reading

KINDS = st.sampled_from(["ID_CARD", "NAME", "ADDR_HOME", "HEALTH", "PHONE_FIX"])
SPANS = st.builds(lambda a, n: Span(a, a + n), st.integers(0, 60), st.integers(1, 12))
FINDINGS = st.lists(
    st.builds(
        lambda s, k, p, a: Finding(s, k, p, "test", action=a), SPANS, KINDS, st.floats(0, 1), st.sampled_from(Action)
    ),
    max_size=30,
)


def characters(findings, action: Action) -> set[int]:
    return {at for f in findings if f.action == action for at in range(f.span.start, f.span.end)}


@given(FINDINGS)
def test_joining_never_drops_a_hidden_character(findings: list[Finding]) -> None:
    shown = joined(findings)
    assert characters(shown, Action.mask) == characters(findings, Action.mask)
    assert all(a.span.end <= b.span.start for a, b in zip(shown, shown[1:], strict=False))


def test_a_name_stays_the_name_alone() -> None:
    text = "其子赵小宝，6岁，肢体残疾。"
    found = [
        Finding(Span(0, 5), "FAMILY", 0.9, "test"),
        Finding(Span(2, 5), "NAME", 0.8, "test"),
        Finding(Span(3, 5), "NAME", 0.5, "test"),
        Finding(Span(2, 13), "HEALTH", 0.8, "test"),
    ]
    assert [(f.kind, f.span.of(text)) for f in joined(found, text)] == [
        ("FAMILY", "其子"),
        ("NAME", "赵小宝"),
        ("HEALTH", "6岁，肢体残疾"),
    ]
    longer = Finding(Span(2, 8), "ID_CARD", 0.9, "test")
    assert [(f.kind, f.span.of(text)) for f in joined([*found, longer], text)] == [("ID_CARD", text[:13])]


def of(screener, text: str, *names: str) -> dict[str, str]:
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    people = [Person(Span(text.index(n), text.index(n) + len(n)), n, 0.99, -5.0) for n in names]
    found = personal(reading, tuple(numbers(reading.document, reading.cells)), people, Attribute.on_request)
    return {f.span.of(text): f.action.value for f in found}


@pytest.mark.parametrize(
    ("text", "names", "piece", "action"),
    [
        ("甲某某，身份证110101199003074610，电话0311-58020319。", ["甲某某"], "0311-58020319", "mask"),
        ("居民甲某某（同号202室，电话021-58021736）", ["甲某某"], "021-58021736", "mask"),
        ("甲某某：\n请到县住房保障中心窗口，电话0311-58020319。", ["甲某某"], "0311-58020319", "keep"),
        ("走访育才新村12幢302室老人甲某某，敲门无人应，电话85624417响着", ["甲某某"], "85624417", "mask"),
        ("咨询电话：0311-58020319", [], "0311-58020319", "keep"),
        ("甲某某在镇上超市上班，电话0311-58020319。", ["甲某某"], "0311-58020319", "mask"),
    ],
)
def test_a_fixed_line_in_a_persons_own_block(screener, text, names, piece, action) -> None:
    assert of(screener, text, *names)[piece] == action


@pytest.mark.parametrize(
    ("text", "piece", "action"),
    [
        ("木工甲某某（手机13812345678）打市局值班电话反映。", "13812345678", "mask"),
        ("木工甲某某，电话：13812345678，打市局值班电话反映。", "13812345678", "mask"),
        ("木工甲某某打市局值班电话13812345678反映。", "13812345678", "keep"),
        ("甲某某同志（电子邮箱：jia@jyj.gov.cn）：你反映的问题，举报邮箱已收到。", "jia@jyj.gov.cn", "mask"),
        ("征求意见，甲某某（邮箱jia@jyj.gov.cn）发来。", "jia@jyj.gov.cn", "mask"),
    ],
)
def test_a_number_right_behind_a_name_goes_with_it(screener, text, piece, action) -> None:
    assert of(screener, text, "甲某某")[piece] == action


def test_a_home_is_hidden_wherever_it_stands_again(screener) -> None:
    home = "铁南小区14号楼3单元201"
    text = f"甲某某，住{home}，来信。\n\n请维修人员到 {home} 查看。"
    document = Document("", text)
    reading = Reading(document, screener.rules, screener.segmenter)
    found = personal(reading, (), [Person(Span(0, 3), "甲某某", 0.99, -5.0)], Attribute.withheld)
    assert sum(f.kind == "ADDR_HOME" and f.span.of(text) == home for f in found) == 2
