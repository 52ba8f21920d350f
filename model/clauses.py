"""Negative-list probabilities: the table's score and the linear model's, weighed by a second stage."""

from __future__ import annotations

from collections.abc import Mapping

from gongkai.model.catalog import log_odds
from gongkai.model.document import Span
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.linear import sigmoid
from gongkai.model.modelfolder import Floats, ModelFolder
from gongkai.model.negative import Hit

PERSONAL = "NL-09"


def stage_inputs(
    logit: float, table: float, clause: str, attribute: Mapping[Attribute, float], encoded: float = 0.0
) -> dict[str, float]:
    """The inputs of the second stage for one clause of one document; `encoded` is the encoder's log odds."""
    return {
        "logit": logit,
        "encoded": encoded,
        "table": log_odds(table) if table else -4.0,
        "none": float(table == 0),
        "withheld": attribute[Attribute.withheld],
        "public": attribute[Attribute.proactive],
        "personal": float(clause == PERSONAL),
        "personal-table": float(clause == PERSONAL) * table,
        "people-clause": float(clause in ("NL-10", "NL-11")),
        "bias": 1.0,
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
    columns = {code: place for place, code in enumerate(model.labels("clause"))}
    found = {}
    for clause, hit in hits.items():
        logit = float(logits[columns[clause]]) if clause in columns else -6.0
        inputs = stage_inputs(logit, hit.score, clause, attribute, encoded.get(clause, 0.0))
        found[clause] = sigmoid(model.weigh("clause", inputs))
    return found
