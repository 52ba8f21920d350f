"""python tests/benchmarks/precedents.py [--rows N ...] [--no-corpus]: do near documents have the same attribute, and
how long does an exact search take.

The first table takes every authored document and the nearest other one: the bounds SHOWN and COUNTS of
service/precedents/similar.py rest on it. The second searches N random vectors, beside
rows of 16 bits, which take half the memory, as baseline.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gongkai.model.meaning import meaning
from gongkai.model.screener import Screener
from gongkai.service.precedents.meanings import Shelf
from gongkai.service.precedents.similar import COUNTS, SHOWN
from gongkai.training.corpus import read_corpus

CORPUS = Path(__file__).parents[2] / "corpora" / "authored" / "documents"
BANDS = (0.0, 0.7, SHOWN, 0.84, COUNTS, 1.01)
WIDTH, COUNT, ROUNDS, STEP = 128, 32, 5, 8192


def corpus() -> None:
    """Pairs of nearest documents by cosine, and the share that have one attribute."""
    screener = Screener.load()
    examples = list(read_corpus(CORPUS))
    read = [screener.read(screener.reading(example.document)) for example in examples]
    rows = np.stack([np.frombuffer(meaning(one), np.float16) for one in read if one]).astype(np.float32)
    labels = np.array([str(example.attribute) for example in examples])
    near = rows @ rows.T
    np.fill_diagonal(near, -1)
    cosine, same = near.max(1), labels[near.argmax(1)] == labels
    print("nearest other document, cosine | documents | same attribute")
    for low, high in zip(BANDS, BANDS[1:], strict=False):
        chosen = (cosine >= low) & (cosine < high)
        if chosen.any():
            print(f"{low:.2f} – {min(high, 1.0):.2f} | {chosen.sum()} | {same[chosen].mean():.3f}")


def timed(call: Callable[[], object]) -> float:
    """Milliseconds, the median of some rounds."""
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def searching(count: int) -> None:
    """An exact search as the service does it, beside one over rows of 16 bits."""
    random = np.random.default_rng(7)
    rows = random.standard_normal((count, WIDTH), np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    shelf, short, wanted = Shelf(WIDTH), rows.astype(np.float16), rows[count // 2]
    for number, row in enumerate(rows):
        shelf.add(str(number), row)

    def by_halves() -> set[int]:
        parts = [short[at : at + STEP].astype(np.float32) @ wanted for at in range(0, count, STEP)]
        return set(np.argpartition(-np.concatenate(parts), COUNT)[:COUNT].tolist())

    def by_shelf() -> set[int]:
        return {int(near.document) for near in shelf.nearest(wanted, COUNT)}

    agreed = len(by_halves() & by_shelf()) / COUNT
    ours, baseline = timed(by_shelf), timed(by_halves)
    print(f"{count:,} | {ours:.1f} ms | 16 bits {baseline:.1f} ms | ratio {baseline / ours:.1f} | same {agreed:.2f}")


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description="Precedents: nearness and search.")
    options.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    options.add_argument("--no-corpus", action="store_true")
    chosen = options.parse_args()
    if not chosen.no_corpus:
        corpus()
    for count in chosen.rows:
        searching(count)


if __name__ == "__main__":
    main()
