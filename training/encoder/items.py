"""Prepared documents as items of the network: passages, places that matter, targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gongkai.model.document import Document
from gongkai.model.encoder import normalised
from gongkai.model.identifiers.numbers import numbers
from gongkai.model.law import grounds
from gongkai.model.negative import table_hits
from gongkai.model.passages import Pieces
from gongkai.model.reading import Reading
from gongkai.model.screener import marks
from gongkai.training.encoder.batches import Floats, Item, Labels
from gongkai.training.fit import ATTRIBUTES, Prepared

PUBLIC_WEIGHT = 0.3


def labels_of(data: Prepared) -> Labels:
    """The network's columns, as the rulebook names them."""
    return Labels(tuple(row.code for row in data.rules.categories), tuple(row.id for row in data.rules.clauses))


def item(reading: Reading, pieces: Pieces, targets: Floats, weight: float = 1.0, known: bool = True) -> Item:
    """One document; rules and signals mark the passages that serving would choose."""
    first = {finding.kind: finding.span for finding in reversed(list(numbers(reading.document, reading.cells)))}
    places = marks(tuple(grounds(reading)), table_hits(reading, first))
    return Item(pieces.passages(reading), tuple(places), targets, weight, known)


def items_of(data: Prepared, pieces: Pieces, labels: Labels) -> list[Item]:
    """Every labelled document."""
    pairs = zip(data.readings, data.examples, strict=True)
    return [item(reading, pieces, labels.targets(example)) for reading, example in pairs]


def public_items(documents: Sequence[Document], data: Prepared, pieces: Pieces, labels: Labels) -> list[Item]:
    """Published documents: their attribute is known, nothing else."""
    targets = np.zeros(labels.count, dtype=np.float32)
    targets[ATTRIBUTES.index("proactive")] = 1.0
    segmenter = data.readings[0].segmenter
    readings = [Reading(document, data.rules, segmenter) for document in documents]
    return [item(reading, pieces, targets, PUBLIC_WEIGHT, known=False) for reading in readings]


def by_head(scores: Floats, labels: Labels) -> dict[str, np.ndarray]:
    """Raw scores (documents, labels) as serving gives them on, by head."""
    heads = ("attribute", "category", "clause")
    return {head: normalised(head, scores[:, labels.part(head)].astype(np.float64)) for head in heads}
