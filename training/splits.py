"""What training never sees, and folds: groups of agencies stay whole, and so do clusters of near duplicates."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gongkai.training.authored import CorpusError, Example
from gongkai.training.duplicates import THRESHOLD, clusters, joined, pairs, same

_KEYS = ("groups", "genres", "agencies")


@dataclass(frozen=True, slots=True)
class Rule:
    """What is held out: whole groups, genres, and agencies whose name holds one of these."""

    groups: frozenset[str] = frozenset()
    genres: frozenset[str] = frozenset()
    agencies: tuple[str, ...] = ()

    def meets(self, example: Example) -> bool:
        """Whether the document is held out for its own sake."""
        named = any(agency in example.issuer for agency in self.agencies)
        return example.group in self.groups or example.genre in self.genres or named


def read_rule(path: Path) -> Rule:
    """The rule of a TOML file. Raises CorpusError."""
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise CorpusError(f"留出规则 {path.name} 读不出来，请确认文件存在并且是 UTF-8 编码的 TOML。") from error
    lists = {key: content.get(key, []) for key in _KEYS}
    whole = all(isinstance(value, list) and all(isinstance(v, str) and v for v in value) for value in lists.values())
    if set(content) - set(_KEYS) or not whole:
        raise CorpusError(f"留出规则 {path.name} 只能有 {'、'.join(_KEYS)} 三项，每项是一列文字，请改正。")
    return Rule(frozenset(lists["groups"]), frozenset(lists["genres"]), tuple(lists["agencies"]))


def held_out(
    examples: Sequence[Example], rule: Rule, threshold: float = THRESHOLD
) -> tuple[list[Example], list[Example]]:
    """(train, test) in the order given: a document that the rule meets is held out with its whole cluster."""
    chosen = {
        place
        for cluster in clusters([example.document.text for example in examples], threshold)
        if any(rule.meets(examples[place]) for place in cluster)
        for place in cluster
    }
    train = [example for place, example in enumerate(examples) if place not in chosen]
    return train, [example for place, example in enumerate(examples) if place in chosen]


def grouped_folds(
    examples: Sequence[Example], k: int, seed: int, threshold: float = THRESHOLD
) -> list[tuple[list[int], list[int]]]:
    """`k` times (train, test) as places; neither a group nor a cluster of near duplicates is ever in both.

    Raises CorpusError when there are fewer such blocks than folds.
    """
    found = pairs([example.document.text for example in examples], threshold)
    links = [*same([example.group for example in examples]), *((pair.first, pair.second) for pair in found)]
    blocks = joined(len(examples), links)
    return _dealt(blocks, len(examples), k, seed)


def clustered_folds(
    examples: Sequence[Example], k: int, seed: int, threshold: float = THRESHOLD
) -> list[tuple[list[int], list[int]]]:
    """`k` folds for the documents of one agency: only near duplicates have to stay together."""
    blocks = clusters([example.document.text for example in examples], threshold)
    return _dealt(blocks, len(examples), k, seed)


def _dealt(blocks: Sequence[Sequence[int]], count: int, k: int, seed: int) -> list[tuple[list[int], list[int]]]:
    """Blocks dealt out to `k` tests of much the same size."""
    if not 2 <= k <= len(blocks):
        raise CorpusError(f"语料按机关和近似重复只能分成 {len(blocks)} 块，分不出 {k} 折，请减少折数。")
    order = list(blocks)
    random.Random(seed).shuffle(order)
    tests: list[list[int]] = [[] for _ in range(k)]
    for block in sorted(order, key=len, reverse=True):
        min(tests, key=len).extend(block)
    everything = set(range(count))
    return [(sorted(everything - set(test)), sorted(test)) for test in tests]
