"""Rank the catalog's categories: the linear model's score, the table's cues, how common a category is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

from gongkai.model.finding import Attribute, Category
from gongkai.model.linear import sigmoid
from gongkai.model.modelfolder import Floats, ModelFolder
from gongkai.model.needles import Sifted, may_match
from gongkai.model.reading import Reading
from gongkai.model.tablerows import CategoryRow

SHOWN = 5
REST = "G99"
LEAD = 500  # characters in which a paper says what it is about
MANY = 5  # body cues after which more say nothing new, and in the lead:
SOME = 3
_UNSIFTED = Sifted()


class Cues(NamedTuple):
    """What a row's cues say of a document, 0 to 1 each: one in the title, how many in the body and in its lead."""

    title: float
    body: float
    lead: float


NO_CUES = Cues(0.0, 0.0, 0.0)


def cue_scores(
    row: CategoryRow, title: str, body: str, known: frozenset[str] | Sifted, titled: Sifted = _UNSIFTED
) -> Cues:
    """How many of a row's cues stand in title, body and lead: counted, no share, so that a cue added costs none."""
    in_title = float(any([may_match(pattern, titled) and pattern.search(title) for pattern in row.title]))
    found = [pattern.search(body) for pattern in row.body if may_match(pattern, known)]
    places = [match.start() for match in found if match]
    return Cues(in_title, min(1.0, len(places) / MANY), min(1.0, sum(place < LEAD for place in places) / SOME))


def stage_inputs(
    logit: float, cues: Cues, code: str, attribute: Mapping[Attribute, float], encoded: float = 0.0
) -> dict[str, float]:
    """The inputs of the second stage for one category of one document; `encoded` is the encoder's log probability."""
    public = attribute[Attribute.proactive]
    rest = float(code == REST)
    return {
        "logit": logit,
        "encoded": encoded,
        "title": cues.title,
        "body": cues.body,
        "lead": cues.lead,
        "rest-not-public": rest * (1 - public),
        "rest-public": rest * public,
        "general": float(len(code) == 3) * (1 - rest),
        "bias": 1.0,
    }


def all_cues(reading: Reading) -> list[Cues]:
    """The cue scores of every catalog row, in the table's order."""
    title, body, known, titled = reading.title, reading.text[:6000], reading.sifted, reading.sifted_title
    return [
        cue_scores(row, title, body, known, titled) if row.code in reading.speaking else NO_CUES
        for row in reading.rules.categories
    ]


def rank(
    reading: Reading,
    logits: Floats,
    attribute: Mapping[Attribute, float],
    model: ModelFolder,
    encoded: Mapping[str, float],
) -> tuple[Category, ...]:
    """The likeliest categories, best first, with their deadline clocks."""
    columns = {code: place for place, code in enumerate(model.labels("category"))}
    scored = []
    for row, cues in zip(reading.rules.categories, all_cues(reading), strict=True):
        logit = float(logits[columns[row.code]]) if row.code in columns else -6.0
        inputs = stage_inputs(logit, cues, row.code, attribute, encoded.get(row.code, 0.0))
        scored.append((model.weigh("category", inputs), row))
    best = sorted(scored, key=lambda pair: -pair[0])[:SHOWN]
    return tuple(Category(row.code, row.name, round(sigmoid(score), 4), row.deadline) for score, row in best)


def log_odds(probability: float) -> float:
    """Probability to log-odds, clipped to what float holds."""
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))
