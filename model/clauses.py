"""Negative-list probabilities: the table's score and the linear model's, weighed by a second stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np

from gongkai.model.catalog import log_odds
from gongkai.model.document import Span
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.linear import sigmoid
from gongkai.model.modelfolder import Floats, ModelFolder
from gongkai.model.negative import Hit

N = TypeVar("N", float, Floats)
PERSONAL = "NL-09"
PEOPLE = ("NL-10", "NL-11")
#: What is left to doubt where a minor's or an informant's data was found that has to be masked: the finding itself.
FOUND = 0.6


def stage_inputs(
    logit: float, table: float, clause: str, attribute: Mapping[Attribute, float], encoded: float = 0.0
) -> dict[str, float]:
    """The inputs of the second stage for one clause of one document; `encoded` is the encoder's log odds."""
    people = float(clause in PEOPLE)
    return _inputs(attribute, logit, table, _odds(table), float(table == 0), float(clause == PERSONAL), people, encoded)


def _odds(table: float) -> float:
    return log_odds(table) if table else -4.0


def _inputs(
    attribute: Mapping[Attribute, float], logit: N, table: N, odds: N, none: N, personal: N, people: N, encoded: N
) -> dict[str, N]:
    """The same for one clause, or for all at once in arrays."""
    return {
        "logit": logit,
        "encoded": encoded,
        "table": odds,
        "none": none,
        "withheld": none * 0 + attribute[Attribute.withheld],
        "public": none * 0 + attribute[Attribute.proactive],
        "personal": personal,
        "personal-table": personal * table,
        "people-clause": people,
        "bias": none * 0 + 1.0,
    }


def first_places(findings: tuple[Finding, ...]) -> dict[str, Span]:
    """Each masked type's first place, for the signals that look at personal data."""
    places: dict[str, Span] = {}
    for finding in findings:
        if finding.action == Action.mask and finding.score >= 0.5:
            places.setdefault(finding.kind, finding.span)
    return places


def probabilities(
    hits: Mapping[str, Hit],
    logits: Floats,
    attribute: Mapping[Attribute, float],
    model: ModelFolder,
    encoded: Mapping[str, float],
) -> dict[str, float]:
    """The probability that a careful reviewer would say a clause is hit, by clause."""
    known = dict(zip(model.labels("clause"), logits.tolist(), strict=True))
    tables = [hit.score for hit in hits.values()]
    values = [
        [known.get(clause, -6.0) for clause in hits],
        tables,
        list(map(_odds, tables)),
        [float(table == 0) for table in tables],
        [float(clause == PERSONAL) for clause in hits],
        [float(clause in PEOPLE) for clause in hits],
        [encoded.get(clause, 0.0) for clause in hits],
    ]
    scores = model.weigh_all("clause", _inputs(attribute, *np.array(values)))
    return dict(zip(hits, map(sigmoid, scores.tolist()), strict=True))


def shown(hit: Hit, probability: float) -> float:
    """The probability that is told, at least `FOUND` where data of the people that the clause protects was found.

    Data of a minor or an informant that has to be masked is what its clause is about (未成年人保护法 103, 信访工作条例
    30), whatever the rest of the paper says.
    """
    signals = hit.clause.signals
    found = any(place < len(signals) and signals[place].where == "personal" for place in hit.fired)
    return max(probability, FOUND) if found and hit.clause.id in PEOPLE else probability
