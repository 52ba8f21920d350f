"""Rank the catalog's categories: the linear model's score, the table's cues, how common a category is."""

from __future__ import annotations

import math
from collections.abc import Mapping

from gongkai.model.finding import Attribute, Category
from gongkai.model.linear import sigmoid
from gongkai.model.modelfolder import Floats, ModelFolder
from gongkai.model.needles import Sifted, may_match
from gongkai.model.reading import Reading
from gongkai.model.tablerows import CategoryRow

SHOWN = 5
REST = "G99"
_UNSIFTED = Sifted()


def cue_scores(
    row: CategoryRow, title: str, body: str, known: frozenset[str] | Sifted, titled: Sifted = _UNSIFTED
) -> tuple[float, float]:
    """How many of a row's title cues (0, 1) and which share of its body cues (0 to 1) stand in the document."""
    in_title = float(any([may_match(pattern, titled) and pattern.search(title) for pattern in row.title]))
    hits = len([pattern for pattern in row.body if may_match(pattern, known) and pattern.search(body)])
    return in_title, hits / max(3, len(row.body)) if row.body else 0.0


def stage_inputs(
    logit: float, cues: tuple[float, float], code: str, attribute: Mapping[Attribute, float], encoded: float = 0.0
) -> dict[str, float]:
    """The inputs of the second stage for one category of one document; `encoded` is the encoder's log probability."""
    public = attribute[Attribute.proactive]
    rest = float(code == REST)
    return {
        "logit": logit,
        "encoded": encoded,
        "title": cues[0],
        "body": cues[1],
        "both": cues[0] * cues[1],
        "rest-not-public": rest * (1 - public),
        "rest-public": rest * public,
        "general": float(len(code) == 3) * (1 - rest),
        "bias": 1.0,
    }


def all_cues(reading: Reading) -> list[tuple[float, float]]:
    """The cue scores of every catalog row, in the table's order."""
    title, body, known, titled = reading.title, reading.text[:6000], reading.sifted, reading.sifted_title
    return [
        cue_scores(row, title, body, known, titled) if row.code in reading.speaking else (0.0, 0.0)
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
