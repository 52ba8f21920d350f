"""Reasons and handling: every label has a lawful reason of its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from papers import PAPERS, WORK_SECRET

from gongkai.model.attribute import FALLBACK, Case, certain, handling, listed, opinion, reasons
from gongkai.model.document import Document, Span
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.law import grounds
from gongkai.model.localrules import by_profile


@pytest.fixture(scope="module")
def case(screener):
    def make(text: str) -> Case:
        return screener.case(screener.reading(Document("", text)))[0]

    return make


def silent(case: Case, **changes) -> Case:
    """A case in which neither the law nor the model names a reason."""
    quiet = {**case.logits, "reason": np.full_like(case.logits["reason"], -30.0)}
    return replace(case, grounds=(), logits=quiet, **changes)


@pytest.mark.parametrize("label", list(Attribute))
def test_certain(label):
    view = certain(label, 0.97)
    assert (view.label, view.options, view.confidence) == (label, (label,), 0.97)
    assert sum(view.scores.values()) == pytest.approx(1)


@pytest.mark.parametrize("label", list(Attribute))
def test_a_label_without_any_reason_gets_its_general_one(case, label):
    found = reasons(silent(case(PAPERS["notice"])), label, None)
    assert len(found) >= 1
    assert all(case(PAPERS["notice"]).reading.rules.reason[r.code].attribute == label.value for r in found)


def test_a_work_secret_never_stands_alone(case):
    """保密法 article 64 is no ground of articles 14 to 16."""
    base = case(WORK_SECRET)
    found = reasons(silent(base, clauses={"NL-21": 0.99}), Attribute.withheld, None)
    assert {"W-WS"} < {r.code for r in found}
    assert FALLBACK[Attribute.withheld] in {r.code for r in found}


@pytest.mark.parametrize("name", ["penalty", "request", "petition"])
@pytest.mark.parametrize("label", list(Attribute))
def test_reasons_are_of_the_label_asked_for(case, name, label):
    base = case(PAPERS[name])
    codes = [r.code for r in reasons(base, label, None)]
    assert 1 <= len(codes) == len(set(codes))
    assert {base.reading.rules.reason[code].attribute for code in codes} == {label.value}


def test_a_clause_under_the_threshold_is_no_reason(case):
    base = case(PAPERS["roster"])
    code = base.hits["NL-13"].clause.reason
    low, high = (reasons(silent(base, clauses={"NL-13": p}), Attribute.withheld, None) for p in (0.3, 0.9))
    assert code not in {r.code for r in low}
    assert code in {r.code for r in high}


MASKED = (Finding(Span(0, 2), "NAME", 0.9, "test"),)
KEPT = (Finding(Span(0, 2), "NAME", 0.9, "test", action=Action.keep),)


@pytest.mark.parametrize(
    ("label", "clauses", "personal", "way"),
    [
        ("proactive", {}, (), "full"),
        ("proactive", {}, KEPT, "full"),
        ("proactive", {}, MASKED, "deid"),
        ("on_request", {}, MASKED, "partial"),
        ("on_request", {}, (), "full"),
        ("withheld", {}, MASKED, "full"),
        ("withheld", {"NL-08": 0.9}, MASKED, "full"),
        ("proactive", {"NL-08": 0.9}, (), "partial"),
        ("proactive", {"NL-08": 0.1}, (), "full"),
        ("proactive", {"NL-25": 0.9}, (), "out_of_scope"),
        ("withheld", {"NL-25": 0.9}, (), "out_of_scope"),
    ],
)
def test_handling(case, label, clauses, personal, way):
    quiet = silent(case(PAPERS["notice"]), clauses=clauses)
    assert handling(quiet, Attribute(label), personal).value == way


def test_a_scope_rule_puts_a_paper_out_of_scope(case, screener):
    held = tuple(grounds(screener.reading(Document("", PAPERS["party"]))))
    assert "scope" in {ground.rule.step for ground in held}
    assert handling(replace(case(PAPERS["party"]), grounds=held), Attribute.withheld, ()).value == "out_of_scope"


@pytest.mark.parametrize(("coverage", "least"), [(0.8, 1), (0.99, 1)])
def test_more_coverage_never_means_fewer_labels(case, coverage, least):
    base = case(PAPERS["few words"])
    rules = base.reading.rules
    profile = replace(rules.profile, coverage=coverage)
    reading = replace(base.reading, rules=replace(rules, profiles=(profile,)))
    sizes = [len(opinion(c).options) for c in (base, replace(base, reading=reading))]
    assert sizes[1] >= least
    assert (sizes[1] >= sizes[0]) if coverage > rules.profile.coverage else (sizes[1] <= sizes[0])


@pytest.mark.parametrize(
    ("label", "odds", "may", "expected"),
    [
        ("withheld", {"NL-14": 0.9}, {"NL-14": "on_request"}, "on_request"),
        ("withheld", {"NL-14": 0.9}, {"NL-14": "withheld"}, "withheld"),
        ("withheld", {"NL-14": 0.9}, {}, "withheld"),
        ("withheld", {"NL-14": 0.3}, {"NL-14": "on_request"}, "withheld"),
        ("withheld", {"NL-14": 0.9, "NL-12": 0.95}, {"NL-14": "on_request"}, "withheld"),
        ("withheld", {"NL-14": 0.9, "NL-05": 0.6}, {"NL-14": "on_request"}, "withheld"),
        ("proactive", {"NL-14": 0.9}, {"NL-14": "on_request"}, "proactive"),
    ],
)
def test_the_profile_settles_may_clauses_and_no_others(screener, label, odds, may, expected):
    profile = replace(screener.rules.profile, may=may)
    view, said = by_profile(certain(Attribute(label), 0.9), odds, replace(screener.rules, profiles=(profile,)))
    assert view.label == expected
    assert bool(said) == (expected != label)
    assert view.options[0] == expected
    assert view.scores[view.label] == max(view.scores.values())


@pytest.mark.parametrize(("text", "least", "most"), [("你好", 0.32, 0.4), ("停水通告" * 40, 0.4, 0.994)])
def test_a_few_characters_are_no_ground_for_certainty(case, text, least, most):
    assert least <= opinion(case(text)).confidence <= most


@pytest.mark.parametrize(
    ("odds", "added"),
    [({}, 0.0), ({"NL-18": 0.8, "NL-02": 0.4}, 0.4), ({"NL-09": 0.9}, 0.0), ({"NL-09": 0.9, "NL-12": 0.2}, 0.1)],
)
def test_the_likeliest_clause_speaks_for_withholding(odds, added):
    assert listed(odds) == pytest.approx(added)


def test_a_clause_moves_the_opinion_and_personal_data_does_not(case):
    quiet = case(PAPERS["few words"])
    before, personal, request = (
        opinion(replace(quiet, clauses=odds)).scores[Attribute.withheld]
        for odds in ({}, {"NL-09": 0.9}, {"NL-18": 0.9})
    )
    assert before == personal < request
