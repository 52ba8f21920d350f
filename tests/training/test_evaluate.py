"""Figures of judgement, against values worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from examples import labelled
from papers import LIST, NOTICE

from gongkai.model.document import Document

pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")

from gongkai.training.card import summary
from gongkai.training.evaluate import (
    Judged,
    by_group,
    calibration_error,
    clause_counts,
    figures,
    judged,
    risk_coverage,
)


def said(proactive: float, on_request: float, withheld: float, options: str, categories=(), clauses=(), review=False):
    names = {"p": "proactive", "o": "on_request", "w": "withheld"}
    scores = {"proactive": proactive, "on_request": on_request, "withheld": withheld}
    options = frozenset(names[letter] for letter in options)
    return Judged(scores, options, tuple(categories), frozenset(clauses), review)


def gold(attribute: str, *others: str, categories=("G01",), negative=(), group="a", genre="通知", year="2024"):
    return labelled(
        f"{group}-1", NOTICE, attribute, *others, categories=categories, negative=negative, genre=genre, year=year
    )


#: Five documents; their figures are worked out beside each expectation.
PAIRS = [
    (gold("proactive"), said(0.9, 0.05, 0.05, "p", ["G01", "G02", "G03"])),
    (gold("proactive", categories=["G02"], genre="函"), said(0.3, 0.1, 0.6, "wp", ["G01", "G02"], ["NL-09"], True)),
    (
        gold("on_request", "withheld", categories=["G99"], negative=["NL-09"], group="b", year="2015"),
        said(0.2, 0.3, 0.5, "w", ["G99"], ["NL-09"]),
    ),
    (
        gold("withheld", categories=["G05"], negative=["NL-16", "NL-18"], group="b"),
        said(0.1, 0.1, 0.8, "w", ["G01", "G02", "G03", "G05"], ["NL-16"]),
    ),
    (
        gold("withheld", categories=["G06"], negative=["NL-16"], group="b", genre=""),
        said(0.7, 0.1, 0.2, "pw", [], ["NL-21"], True),
    ),
]


def test_figures_of_five_documents():
    assert figures(PAIRS) == {
        "documents": 5,
        "accuracy_strict": pytest.approx(2 / 5),
        "accuracy_acceptable": pytest.approx(3 / 5),
        "balanced_accuracy": pytest.approx((1 / 2 + 0 + 1 / 2) / 3),
        "withheld_recall": pytest.approx(1 / 2),
        "withheld_called_proactive": pytest.approx(1 / 2),
        "over_withholding": pytest.approx(1 / 2),
        "set_coverage": pytest.approx(4 / 5),
        "set_size": pytest.approx(7 / 5),
        "calibration_error": pytest.approx((0.1 + 0.6 + 0.5 + 0.2 + 0.7) / 5),
        "needs_review": pytest.approx(2 / 5),
        "category_top1": pytest.approx(2 / 5),
        "category_top1_specific": pytest.approx(1 / 4),
        "category_top3": pytest.approx(3 / 5),
        "negative_precision": pytest.approx(2 / 4),
        "negative_recall": pytest.approx(2 / 4),
        "negative_f1": pytest.approx(4 / 8),
        "false_alarm_documents": pytest.approx(1 / 2),
    }


@pytest.mark.parametrize(
    ("pairs", "none"),
    [
        ([], set(figures([])) - {"documents"}),
        (
            PAIRS[:1],
            {"withheld_recall", "withheld_called_proactive", "negative_precision", "negative_recall", "negative_f1"},
        ),
        (PAIRS[2:3], {"withheld_recall", "withheld_called_proactive", "over_withholding", "category_top1_specific"}),
        (PAIRS[3:4], {"over_withholding"}),
    ],
)
def test_a_figure_without_a_case_is_none(pairs, none):
    found = {name for name, value in figures(pairs).items() if value is None}
    assert found - {"false_alarm_documents"} == none - {"false_alarm_documents"}


def test_calibration_error():
    """Of ten documents called 主动公开 with 0.8, half are: the gap is 0.3. One bin, whatever the order."""
    half = [(gold("proactive" if n % 2 else "withheld"), said(0.8, 0.1, 0.1, "p")) for n in range(10)]
    assert calibration_error(half) == pytest.approx(0.3)
    assert calibration_error([(gold("proactive"), said(1.0, 0, 0, "p"))]) == 0
    assert calibration_error([]) is None


def test_the_curve_falls_in_confidence():
    assert [{key: round(value, 4) for key, value in point.items()} for point in risk_coverage(PAIRS)] == [
        {"confidence": 0.9, "coverage": 0.2, "wrong": 0.0, "wrong_proactive": 0.0},
        {"confidence": 0.8, "coverage": 0.4, "wrong": 0.0, "wrong_proactive": 0.0},
        {"confidence": 0.7, "coverage": 0.6, "wrong": 0.3333, "wrong_proactive": 0.3333},
        {"confidence": 0.6, "coverage": 0.8, "wrong": 0.5, "wrong_proactive": 0.25},
        {"confidence": 0.5, "coverage": 1.0, "wrong": 0.4, "wrong_proactive": 0.2},
    ]


@pytest.mark.parametrize(
    ("grouping", "least", "counts"),
    [
        ("attribute", 1, {"on_request": 1, "proactive": 2, "withheld": 2}),
        ("attribute", 2, {"proactive": 2, "withheld": 2}),
        ("genre", 1, {"?": 1, "函": 1, "通知": 3}),
        ("group", 1, {"a": 2, "b": 3}),
        ("level", 5, {"?": 5}),
        ("level", 6, {}),
        ("regime", 1, {"2008": 1, "2019": 4}),
    ],
)
def test_by_group(grouping, least, counts):
    assert {name: row["documents"] for name, row in by_group(PAIRS, grouping, least).items()} == counts


def test_clauses_are_counted():
    assert clause_counts(PAIRS) == {
        "NL-09": {"gold": 1, "said": 2, "both": 1},
        "NL-16": {"gold": 2, "said": 1, "both": 1},
        "NL-18": {"gold": 1, "said": 0, "both": 0},
        "NL-21": {"gold": 0, "said": 1, "both": 0},
    }


def test_the_summary_of_the_model_card():
    found = summary(PAIRS)
    assert found["all"] == figures(PAIRS)
    assert list(found["by"]) == ["attribute", "genre", "level", "group", "regime"]
    assert found["confirmed_at_risk"] == {"wrong_proactive": 0.01, "coverage": 0.4}
    assert [point["coverage"] for point in found["curve"]] == pytest.approx(
        [0.2, 0.2, 0.4, 0.4, 0.4, 0.6, 0.8, 0.8, 0.8, 1.0], abs=0.2
    )
    leaky = [(gold("withheld"), said(0.99, 0.005, 0.005, "p")), *PAIRS]
    assert summary(leaky)["confirmed_at_risk"]["coverage"] == 0


def test_what_the_product_said(screener):
    screening = screener(Document("a", LIST))
    one = judged(screening)
    assert (one.label, one.confidence) == (screening.opinion.label.value, screening.opinion.confidence)
    assert one.categories == tuple(category.code for category in screening.categories)
    assert "NL-09" in one.clauses
    assert judged(replace(screening, needs_review=True)).review
