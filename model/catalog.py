"""Rank the catalog's categories: the linear model's score, the table's cues, how common a category is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np

from gongkai.model.finding import Attribute, Category
from gongkai.model.linear import sigmoid
from gongkai.model.modelfolder import Floats, ModelFolder
from gongkai.model.needles import Sifted, possible
from gongkai.model.reading import Reading
from gongkai.model.tablerows import CategoryRow

N = TypeVar("N", float, Floats)
SHOWN = 5
REST = "G99"
LEAD = 500  # characters in which a paper says what it is about
MANY = 5  # body cues after which more say nothing new, and in the lead:
SOME = 3
STEP = 1e-3  # log-odds by which a row stands above one that it goes before
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
    in_title = float(any([pattern.search(title) for pattern in possible(row.title, titled)]))
    found = [pattern.search(body) for pattern in possible(row.body, known)]
    places = [match.start() for match in found if match]
    return Cues(in_title, min(1.0, len(places) / MANY), min(1.0, sum(place < LEAD for place in places) / SOME))


def stage_inputs(
    logit: float, cues: Cues, code: str, attribute: Mapping[Attribute, float], encoded: float = 0.0
) -> dict[str, float]:
    """The inputs of the second stage for one category of one document; `encoded` is the encoder's log probability."""
    return _inputs(attribute, logit, *cues, float(code == REST), float(len(code) == 3), encoded)


def _inputs(
    attribute: Mapping[Attribute, float], logit: N, title: N, body: N, lead: N, rest: N, general: N, encoded: N
) -> dict[str, N]:
    """The same for one category, or for all at once in arrays."""
    public = attribute[Attribute.proactive]
    return {
        "logit": logit,
        "encoded": encoded,
        "title": title,
        "body": body,
        "lead": lead,
        "rest-not-public": rest * (1 - public),
        "rest-public": rest * public,
        "general": general * (1 - rest),
        "bias": rest * 0 + 1.0,
    }


def all_cues(reading: Reading) -> list[Cues]:
    """The cue scores of every catalog row, in the table's order."""
    title, body, known, titled = reading.title, reading.text[:6000], reading.sifted, reading.sifted_title
    return [
        cue_scores(row, title, body, known, titled) if row.code in reading.speaking else NO_CUES
        for row in reading.rules.categories
    ]


def specials_first(scores: Sequence[float], rows: Sequence[CategoryRow], cues: Sequence[Cues]) -> list[float]:
    """The scores with each row that the title names just above those that it goes before (`over`).

    What a paper is and the special item go before what it is about and the general one: a draft put up for comment
    stays one, whatever it would regulate. Rows are lifted in the table's order, so a later one passes a lifted one.
    """
    lifted, places = list(scores), {row.code: place for place, row in enumerate(rows)}
    for place, (row, cue) in enumerate(zip(rows, cues, strict=True)):
        if row.over and cue.title:
            lifted[place] = max(lifted[place], STEP + max(lifted[places[code]] for code in row.over))
    return lifted


def rank(
    reading: Reading,
    logits: Floats,
    attribute: Mapping[Attribute, float],
    model: ModelFolder,
    encoded: Mapping[str, float],
) -> tuple[Category, ...]:
    """The likeliest categories, best first, with their deadline clocks."""
    rows = reading.rules.categories
    codes, cues = [row.code for row in rows], all_cues(reading)
    known = dict(zip(model.labels("category"), logits.tolist(), strict=True))
    values = [
        [known.get(code, -6.0) for code in codes],
        *([cue[place] for cue in cues] for place in range(len(NO_CUES))),
        [float(code == REST) for code in codes],
        [float(len(code) == 3) for code in codes],
        [encoded.get(code, 0.0) for code in codes],
    ]
    scores: list[float] = model.weigh_all("category", _inputs(attribute, *np.array(values))).tolist()
    best = sorted(zip(specials_first(scores, rows, cues), rows, strict=True), key=lambda pair: -pair[0])[:SHOWN]
    return tuple(Category(row.code, row.name, round(sigmoid(score), 4), row.deadline) for score, row in best)


def log_odds(probability: float) -> float:
    """Probability to log-odds, clipped to what float holds."""
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(clipped / (1 - clipped))
