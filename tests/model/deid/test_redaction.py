"""What is hidden is hidden to the last character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.deid.redaction import already, redact, union
from gongkai.model.document import Span
from gongkai.model.finding import Action, Finding

TEXTS = st.text(min_size=1, max_size=80)
PLACES = st.lists(st.tuples(st.integers(0, 79), st.integers(1, 20)), max_size=12)


def spans(text: str, places: list[tuple[int, int]]) -> list[Span]:
    return [Span(a, min(a + n, len(text))) for a, n in places if a < len(text)]


@given(TEXTS, PLACES)
def test_the_union_holds_every_character_and_no_other(text: str, places: list[tuple[int, int]]) -> None:
    given_spans = spans(text, places)
    merged = union(given_spans)
    assert {i for s in merged for i in range(s.start, s.end)} == {i for s in given_spans for i in range(s.start, s.end)}
    assert all(a.end < b.start for a, b in zip(merged, merged[1:], strict=False))


@given(TEXTS, PLACES)
def test_redaction_keeps_the_rest_and_hides_the_union(text: str, places: list[tuple[int, int]]) -> None:
    findings = [Finding(span, "HEALTH", 0.9, "test") for span in spans(text, places)]
    hidden = {i for f in findings for i in range(f.span.start, f.span.end)}
    rest = "".join(char for i, char in enumerate(text) if i not in hidden)
    assert redact(text, findings).replace("*", "") == rest.replace("*", "")


def test_what_is_kept_is_left_as_it_is() -> None:
    text = "电话0311-58020319"
    assert redact(text, [Finding(Span(2, 15), "PHONE_FIX", 0.9, "test", action=Action.keep)]) == text


def test_a_replacement_stands_only_for_its_exact_span() -> None:
    text = "张三丰与张三"
    whole = Finding(Span(0, 3), "NAME", 0.9, "test", replacement="张某某")
    assert redact(text, [whole]) == "张某某与张三"
    after = Finding(Span(3, 4), "FAMILY", 0.9, "test", replacement="〔略〕")
    assert redact(text, [whole, after]) == "张某某〔略〕张三"
    assert redact(text, [whole, Finding(Span(2, 4), "NAME", 0.5, "test")]) == "****张三"


@pytest.mark.parametrize(
    ("kind", "text", "value", "hidden"),
    [
        ("NAME", "申请人欧阳某某，男", "欧阳", True),
        ("NAME", "申请人欧阳某某，男", "阳", True),
        ("NAME", "申请人欧阳某某，男", "欧", True),
        ("NAME", "举报人张某1反映", "张某1", True),
        ("REPORTER", "举报人张某反映", "张", True),
        ("NAME", "举报人王小某反映", "王小", False),
        ("NAME", "张某与李建国", "李建国", False),
        ("NAME", "欧阳一叶与某公司", "欧阳一叶", False),
        ("ADDR_HOME", "住青禾县柳河镇***，", "青禾县柳河镇***", True),
        ("ADDR_HOME", "住青禾县柳河镇***，", "青禾县柳河镇", True),
        ("ADDR_HOME", "住********，", "********", True),
        ("ADDR_HOME", "住青禾县柳河镇东街***", "青禾县柳河镇东街***", False),
        ("ADDR_HOME", "住青禾县柳河镇，", "青禾县柳河镇", False),
        ("WECHAT", "微信号〔微信BTLGXTTF〕，", "BTLGXTTF", True),
        ("BIRTH", "女，50—59周岁，", "50—59周岁", True),
        ("BIRTH", "女，56周岁，", "56周岁", False),
    ],
)
def test_what_is_hidden_already_is_told_from_what_is_not(kind: str, text: str, value: str, hidden: bool) -> None:
    start = text.index(value)
    assert already(Finding(Span(start, start + len(value)), kind, 0.9, "test"), text) is hidden
