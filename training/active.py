"""Which documents a person should decide first: those that teach most and those that are likeliest wrong.

Order: a document's value is the model's doubt about it plus how probably it is withheld, less what it shares with
documents chosen before it, so that one series does not fill the worklist. After each batch the model is moved by the
decisions, as `adapt` does. How many withheld documents are still hidden is estimated from the model's probabilities
on what was not yet reviewed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from gongkai.model.calibration import probabilities
from gongkai.model.document import Document
from gongkai.model.modelfolder import ModelFolder
from gongkai.model.screener import Screener
from gongkai.training.adapt import fit_differences
from gongkai.training.authored import CorpusError, Example
from gongkai.training.config import Adapt, Config
from gongkai.training.described import Described, Floats, describe_all
from gongkai.training.fit import ATTRIBUTES
from gongkai.training.vectors import matrix, vocabulary

WITHHELD = ATTRIBUTES.index("withheld")
BATCH = 10
LIKENESS = 0.5
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Pool:
    """Documents with what the model sees in them, and unit-length rows to measure likeness."""

    described: Described
    likeness: csr_matrix


def pool(described: Described) -> Pool:
    """Rows for likeness: features that at least two documents share."""
    rows = matrix(described.vectors, vocabulary(described.vectors, 2, 50_000))
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return Pool(described, csr_matrix(rows.multiply(1 / np.maximum(length, 1e-9)[:, None])))


def values(rows: Floats) -> Floats:
    """What a decision on each document is worth: doubt between the best two labels, and the chance of a leak."""
    ordered = np.sort(rows, axis=1)
    return np.asarray(1 - (ordered[:, -1] - ordered[:, -2]) + rows[:, WITHHELD])


def pick(rows: Floats, left: Sequence[int], among: Pool, count: int) -> list[int]:
    """The next `count` documents of those left."""
    places = list(left)
    worth = values(rows[places])
    chosen: list[int] = []
    for _ in range(min(count, len(places))):
        best = int(np.argmax(worth))
        chosen.append(places[best])
        alike = np.asarray((among.likeness[places] @ among.likeness[places[best]].T).todense()).ravel()
        worth = worth * (1 - LIKENESS * np.clip(alike, 0, 1))
        worth[best] = -np.inf
    return chosen


def current(among: Pool, decided: Sequence[int], labels: Sequence[str], model: ModelFolder, run: Adapt) -> Floats:
    """Probabilities of every document after the decisions so far; `labels` in the order of `decided`."""
    described = among.described
    start = described.scores["attribute"]
    if len(set(labels)) < 2:
        return probabilities(start, model.temperature)
    part = described.rows(decided)
    found = fit_differences(part, labels, set(model.vocabulary), model.temperature, run)
    shift = np.asarray(matrix(described.vectors, found.names) @ found.weights["attribute"]) + found.biases["attribute"]
    return probabilities(start + shift, model.temperature)


def recall_reached(rows: Floats, decided: Sequence[int], labels: Sequence[str]) -> float:
    """The estimated share of withheld documents that were found, from the probabilities of those not yet reviewed."""
    found = sum(label == "withheld" for label in labels)
    left = np.setdiff1d(np.arange(len(rows)), np.array(decided, dtype=int))
    hidden = float(rows[left, WITHHELD].sum())
    return found / (found + hidden) if found + hidden > 0 else 1.0


def worklist(backlog: Sequence[Document], decisions: Sequence[Example], model: Path, target: float) -> dict[str, Any]:
    """The backlog in the order in which to review it, the recall reached so far and whether to stop.

    Documents that were decided already (by id) are left out of the order. Raises CorpusError for an empty backlog.
    """
    if not backlog:
        raise CorpusError("待审文件里没有可读的文件，请检查 JSONL 的 text 字段。")
    screener = Screener.load(model)
    told = {e.document.id: e.attribute for e in decisions}
    among = pool(describe_all(screener, backlog))
    decided = [i for i, document in enumerate(backlog) if document.id in told]
    labels = [told[backlog[i].id] for i in decided]
    rows = current(among, decided, labels, screener.model, Config().adapt)
    left = [i for i in range(len(backlog)) if backlog[i].id not in told]
    order = pick(rows, left, among, len(left))
    reached = recall_reached(rows, decided, labels)
    return {
        "reviewed": len(decided),
        "recall_reached": round(reached, 4),
        "stop": bool(reached >= target),
        "order": [_row(backlog[i], rows[i]) for i in order],
    }


def _row(document: Document, row: Floats) -> dict[str, Any]:
    best = int(row.argmax())
    return {"id": document.id, "attribute": ATTRIBUTES[best], "confidence": round(float(row[best]), 4)}


@dataclass(frozen=True)
class Effort:
    """A simulated review: which share of the withheld documents was found after how many, and what was estimated."""

    reviewed: list[int]
    found: list[float]
    estimated: list[float]
    right_elsewhere: list[float]


def review(among: Pool, examples: Sequence[Example], model: ModelFolder, run: Adapt, seed: int | None) -> Effort:
    """Review a labelled backlog to the end, actively or, with a seed, in random order."""
    random = np.random.default_rng(seed) if seed is not None else None
    count = len(examples)
    total = sum(e.attribute == "withheld" for e in examples)
    decided: list[int] = []
    effort = Effort([], [], [], [])
    while len(decided) < count:
        labels = [examples[i].attribute for i in decided]
        rows = current(among, decided, labels, model, run)
        left = [i for i in range(count) if i not in set(decided)]
        effort.reviewed.append(len(decided))
        effort.found.append(sum(label == "withheld" for label in labels) / max(1, total))
        effort.estimated.append(recall_reached(rows, decided, labels))
        effort.right_elsewhere.append(
            float(np.mean([ATTRIBUTES[int(rows[i].argmax())] in examples[i].acceptable for i in left]))
        )
        following = random.permutation(left)[:BATCH].tolist() if random is not None else pick(rows, left, among, BATCH)
        decided += following
    return effort


def needed(effort: Effort, share: float, count: int) -> float:
    """The share of the backlog that had to be reviewed until `share` of the withheld documents were found."""
    enough = [n for n, found in zip(effort.reviewed, effort.found, strict=True) if found >= share]
    return min(enough, default=count) / count


def simulate(examples: Sequence[Example], model: Path, config: Config, trials: int = 3) -> dict[str, Any]:
    """Review labelled documents that the model never saw, in active and in random order."""
    screener = Screener.load(model)
    among = pool(describe_all(screener, [e.document for e in examples]))
    active = review(among, examples, screener.model, config.adapt, None)
    others = [review(among, examples, screener.model, config.adapt, config.seed + trial) for trial in range(trials)]
    count = len(examples)
    return {
        "documents": count,
        "reviewed_for_95_percent_of_withheld": {
            "active": needed(active, 0.95, count),
            "random": float(np.mean([needed(other, 0.95, count) for other in others])),
        },
        "active": asdict(active),
        "random": {
            "reviewed": others[0].reviewed,
            "found": np.mean([other.found for other in others], axis=0).tolist(),
            "right_elsewhere": np.mean([other.right_elsewhere for other in others], axis=0).tolist(),
        },
    }
