"""Patterns ruled out by the short runs of characters in a text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.needles import Sieve, grams, may_match, possible
from gongkai.model.patterns import by_end, endings

TEXT = "请各科室于周五前报送停水整改情况，联系电话略。"


@pytest.mark.parametrize(
    ("pattern", "may"),
    [
        ("停水", True),
        ("停电", False),
        ("停(?:水|电)整", True),
        ("停(?:气|电)整", False),
        ("(你|贵)(公司|局)", False),
        ("[你各]科室", True),
        ("停(?!电)水", True),
        ("停(?!水)电", False),
        ("(?<=供)电|停气", True),  # what stands before a match need not be in it
        ("(?:停电){2}", False),
        ("(?:停电)*", True),
        ("停电?", True),
        (r"\d*", True),
        (r"停电|\w", True),
        ("(?i:X)|停电", True),
        ("(?i)x", True),
        ("(停|供)(水|电)管", False),
        ("(停|供)(水|电)?整", True),
        (" *停 *水整", True),
        ("停 *整", False),
        (r"\d年", False),
        (r"周\d{0,2}五", True),
    ],
)
def test_may_match(pattern, may):
    assert may_match(re.compile(pattern), grams(TEXT)) is may


@given(
    st.text("停水电供", max_size=12),
    st.sampled_from(["停[水电]?供", "水(?:停|供电)+", "(?:供|水电)停水", "电(?=水)水停|供{2}", "(?:停|停水)电供?"]),
)
def test_what_matches_is_never_ruled_out(text, pattern):
    assert not re.search(pattern, text) or may_match(re.compile(pattern), grams(text))


def test_every_cue_of_the_tables_can_be_ruled_out(screener):
    """A cue of which nothing can be told is searched in every document: that costs time."""
    cues = [cue for row in screener.rules.categories for cue in row.body]
    cues += [s.pattern for row in screener.rules.clauses for s in (*row.signals, *row.counters)]
    assert [cue.pattern for cue in cues if may_match(cue, frozenset())] == []


@given(st.text("停水1٣4年", max_size=8), st.sampled_from([r"\d{2,3}年", "停[1-9]水", r"(?:停|\d) *水", "1年|4水"]))
def test_a_digit_stands_for_each_other_one(text, pattern):
    found = re.search(pattern, text)
    assert not found or may_match(re.compile(pattern), grams(text))
    compiled = re.compile(pattern)
    assert not found or may_match(compiled, Sieve([compiled])(text))


SIEVED = [re.compile(p) for p in ("停水", "停(?:水|电)整", "[你各]科室", "(?:停电)*", r"\d*", "(?i)x", "停电|整改情况")]


@given(st.text("停水电供整改情况你各科室xX1", max_size=16))
def test_the_sieve_never_rules_out_what_matches(text):
    sifted = Sieve(SIEVED)(text)
    assert [p.pattern for p in SIEVED if p.search(text) and not may_match(p, sifted)] == []


def test_the_sieve_rules_out_what_stands_nowhere():
    sifted = Sieve(SIEVED)("请各科室报送整改情况")
    assert [p.pattern for p in SIEVED[:3] if may_match(p, sifted)] == ["[你各]科室"]


def test_a_pattern_that_the_sieve_was_not_asked_is_searched():
    assert may_match(re.compile("从不出现"), Sieve(SIEVED)("停水"))


def test_of_several_patterns_only_those_that_may_match_are_left():
    for known in (Sieve(SIEVED)("停水了"), grams("停水了")):
        assert [p.pattern for p in possible(SIEVED[:3], known)] == ["停水"]


def test_in_an_empty_text_no_cue_stands():
    assert [p.pattern for p in SIEVED if may_match(p, Sieve(SIEVED)(""))] == ["(?:停电)*", r"\d*", "(?i)x"]


@pytest.mark.parametrize(
    ("pattern", "ends"),
    [
        ("通知$", "知"),
        ("通知单?$", "知单"),
        ("(通知|意见)书?$|公[布开]$", "知见书布开"),
        ("通知(?!书)$", "知"),
        ("通知", ""),
        ("通知$|意见", ""),
        (".*$", ""),
        ("(通知)?$", ""),
        (r"第\d$", ""),
        ("(?i)通知$", ""),
    ],
)
def test_with_what_a_match_ends(pattern, ends):
    assert endings(re.compile(pattern)) == frozenset(ends)


def test_rows_by_their_last_character():
    rows = by_end([("a", re.compile("通知$")), ("b", re.compile("公告")), ("c", re.compile("告知$"))])
    assert {char: [name for name, _ in found] for char, found in rows.items()} == {"知": ["a", "b", "c"], "": ["b"]}
