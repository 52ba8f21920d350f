"""Marked text as pieces with kinds: what the spotter of personal data is taught from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gongkai.model.folding import fold
from gongkai.model.passages import PAD, START, Pieces
from gongkai.model.spotter import BODY, KINDS, OTHER, STEP
from gongkai.training.authored import CorpusError, Example, Marked, unmarked

IGNORED = -100
SEPARATOR = "%%"


@dataclass(frozen=True, slots=True)
class Strip:
    """A window of one document: piece ids and the kind of each."""

    ids: NDArray[np.int64]
    kinds: NDArray[np.int64]


def kind_of(mark: Marked) -> int:
    """The column of a mark; kinds that detectors of numbers find share one, hidden or kept."""
    name = mark.type + ("!" if mark.keep else "")
    return KINDS.index(name) if name in KINDS else KINDS.index(OTHER + ("!" if mark.keep else ""))


def labelled(text: str, marks: Sequence[Marked], pieces: Pieces) -> Strip:
    """A whole text; a piece that holds any character of a mark is of its kind."""
    encoded = pieces.tokenizer.encode(fold(text), add_special_tokens=False)
    by_character = np.zeros(len(text) + 1, dtype=np.int64)
    for mark in marks:
        by_character[mark.span.start : mark.span.end] = kind_of(mark)
    found = np.zeros(len(encoded.ids), dtype=np.int64)
    for place, (start, end) in enumerate(encoded.offsets):
        inside = by_character[start:end]
        if inside.any():
            found[place] = np.bincount(inside[inside > 0]).argmax()
    return Strip(np.array(encoded.ids, dtype=np.int64), found)


def strips(whole: Strip) -> Iterator[Strip]:
    """Windows that overlap, as serving cuts them."""
    for at in range(0, max(1, len(whole.ids) - BODY + STEP), STEP):
        yield Strip(whole.ids[at : at + BODY], whole.kinds[at : at + BODY])


def taught_from(
    examples: Sequence[Example], snippets: Sequence[tuple[str, Sequence[Marked]]], pieces: Pieces
) -> list[Strip]:
    """Windows of all documents whose personal data is marked, and the snippets."""
    texts = [(e.document.text, e.marked) for e in examples if e.personal_known] + list(snippets)
    return [strip for text, marks in texts for strip in strips(labelled(text, marks, pieces)) if len(strip.ids)]


def read_snippets(folder: Path) -> list[tuple[str, tuple[Marked, ...]]]:
    """Excerpts of a folder's files, parted by lines `%%`. Raises CorpusError with the file's name."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        for part in path.read_text("utf-8").split(f"\n{SEPARATOR}\n"):
            text, marks = unmarked(part.strip("\n%"))
            if "⟦" in text or "⟧" in text:
                raise CorpusError(f"语料 {path.name} 里有没写完整或者套在一起的标记，请对照标注规范改正。")
            if text:
                found.append((text, tuple(marks)))
    return found


def batch(rows: Sequence[Strip]) -> tuple[Tensor, Tensor]:
    """Ids and kinds of shape (rows, pieces), a start piece first; of it and of padding nothing is learned."""
    width = max(len(row.ids) for row in rows) + 1
    ids = np.full((len(rows), width), PAD, dtype=np.int64)
    kinds = np.full((len(rows), width), IGNORED, dtype=np.int64)
    for at, row in enumerate(rows):
        ids[at, 0] = START
        ids[at, 1 : len(row.ids) + 1] = row.ids
        kinds[at, 1 : len(row.ids) + 1] = row.kinds
    return torch.from_numpy(ids), torch.from_numpy(kinds)
