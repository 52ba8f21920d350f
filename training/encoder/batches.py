"""Documents as passages with targets, and batches of them with much the same number of passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gongkai.model.document import Span
from gongkai.model.passages import PAD, Passage, chosen
from gongkai.training.authored import Example
from gongkai.training.fit import ATTRIBUTES

Floats = NDArray[np.float32]
OTHERS = 0.2
RANKS = (1.0, 0.5, 0.3)


@dataclass(frozen=True)
class Labels:
    """The columns of the network: attributes, then categories, then clauses."""

    category: tuple[str, ...]
    clause: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many columns."""
        return len(ATTRIBUTES) + len(self.category) + len(self.clause)

    def part(self, head: str) -> slice:
        """The columns of one head."""
        first, second = len(ATTRIBUTES), len(ATTRIBUTES) + len(self.category)
        return {"attribute": slice(0, first), "category": slice(first, second), "clause": slice(second, self.count)}[
            head
        ]

    def targets(self, example: Example) -> Floats:
        """One row: the attribute with some of its weight on other acceptable ones, then 1 for each code."""
        row = np.zeros(self.count, dtype=np.float32)
        others = sorted(example.acceptable - {example.attribute})
        row[ATTRIBUTES.index(example.attribute)] = 1.0 - OTHERS * bool(others)
        for name in others:
            row[ATTRIBUTES.index(name)] = OTHERS / len(others)
        for place, code in enumerate(self.category):
            row[len(ATTRIBUTES) + place] = (
                RANKS[min(example.categories.index(code), 2)] if code in example.categories else 0
            )
        for place, code in enumerate(self.clause):
            row[self.part("clause").start + place] = float(code in example.negative)
        return row


@dataclass(frozen=True)
class Item:
    """One document for the network. `known` is 0 where only the attribute is known (published documents)."""

    passages: Sequence[Passage]
    marks: tuple[Span, ...]
    targets: Floats
    weight: float = 1.0
    known: bool = True


@dataclass(frozen=True)
class Batch:
    """Tensors as the network takes them, with the places of the items."""

    ids: Tensor
    kinds: Tensor
    places: Tensor
    rows: list[int]


def tensors(items: Sequence[Sequence[Passage]], rows: Sequence[int]) -> Batch:
    """Pad the passages of some documents to one block."""
    flat = [passage for item in items for passage in item]
    longest = max(len(passage.ids) for passage in flat)
    ids = torch.full((len(flat), longest), PAD, dtype=torch.long)
    for row, passage in enumerate(flat):
        ids[row, : len(passage.ids)] = torch.tensor(passage.ids)
    places = torch.zeros((len(items), max(len(item) for item in items)), dtype=torch.long)
    at = 0
    for row, item in enumerate(items):
        places[row, : len(item)] = torch.arange(at + 1, at + len(item) + 1)
        at += len(item)
    return Batch(ids, torch.tensor([passage.kind for passage in flat]), places, list(rows))


def sampled(item: Item, most: int, random: np.random.Generator) -> list[Passage]:
    """For training: the passages that serving would choose, or, as often, others; fields are left out now and then."""
    if random.random() < 0.5:
        picked = chosen(item.passages, item.marks, most)
    else:
        body = sorted(random.permutation(np.arange(1, len(item.passages)))[: most - 1].tolist())
        picked = [item.passages[0], *(item.passages[at] for at in body)]
    return picked[1:] if len(picked) > 2 and random.random() < 0.1 else picked


def batches(items: Sequence[Item], most: int, size: int, random: np.random.Generator | None) -> Iterator[Batch]:
    """All items once: shuffled and sampled with `random`, else in order and as serving chooses. `size` in passages."""
    order = random.permutation(len(items)).tolist() if random is not None else list(range(len(items)))
    group: list[Sequence[Passage]] = []
    rows: list[int] = []
    for row in order:
        item = items[row]
        picked = sampled(item, most, random) if random is not None else chosen(item.passages, item.marks, most)
        if group and sum(map(len, group)) + len(picked) > size:
            yield tensors(group, rows)
            group, rows = [], []
        group.append(picked)
        rows.append(row)
    if group:
        yield tensors(group, rows)
