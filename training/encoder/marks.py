"""Marked text as pieces with kinds: what the spotter of personal data is taught from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from gongkai.model.facts.spotter import BODY, KINDS, OTHER, STEP, heading
from gongkai.model.finding import Attribute
from gongkai.model.folding import fold
from gongkai.model.passages import PAD, START, Pieces
from gongkai.model.reading import Reading
from gongkai.training.authored import CorpusError, Example, Marked, unmarked

IGNORED = -100
SEPARATOR = "%%"
SHORT = 150  # pieces of an excerpt that has no window of its own
LABELLED, WRONG, TITLED, ALONE = 0.75, 0.93, 0.8, 0.25
Random = np.random.Generator
Said = Callable[[str, Sequence[Marked]], tuple[str, Sequence[Marked]]]


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


@dataclass(frozen=True, slots=True)
class Lesson:
    """A marked text with what its heading says; an excerpt says nothing of itself but perhaps its first line."""

    whole: Strip
    attribute: Attribute | None
    title: str


def as_written(text: str, marks: Sequence[Marked]) -> tuple[str, Sequence[Marked]]:
    """A marked text unchanged."""
    return text, marks


def lessons(
    readings: Sequence[Reading],
    examples: Sequence[Example],
    snippets: Sequence[tuple[str, Sequence[Marked]]],
    pieces: Pieces,
    said: Said = as_written,
) -> list[Lesson]:
    """All documents whose personal data is marked, and the snippets; `said` may change what they say."""
    found = [
        Lesson(labelled(*said(e.document.text, e.marked), pieces), Attribute(e.attribute), reading.title)
        for reading, e in zip(readings, examples, strict=True)
        if e.personal_known
    ]
    found += [Lesson(labelled(*said(text, marks), pieces), None, text.partition("\n")[0]) for text, marks in snippets]
    return [lesson for lesson in found if len(lesson.whole.ids)]


def strips(whole: Strip, shift: int = 0) -> Iterator[Strip]:
    """Windows that overlap, as serving cuts them; with a shift (pieces) the first one is so much shorter."""
    for at in range(-shift, max(1, len(whole.ids) - BODY + STEP), STEP):
        part = slice(max(0, at), at + BODY)
        yield Strip(whole.ids[part], whole.kinds[part])


def windows(taught: Sequence[Lesson], pieces: Pieces, random: Random) -> list[Strip]:
    """One epoch: documents cut at places that change, short excerpts several to a window, headings that say less
    or something wrong now and then, so that nothing leans on them alone."""
    found = []
    for lesson in (lesson for lesson in taught if lesson.attribute or len(lesson.whole.ids) >= SHORT):
        shift = int(random.integers(STEP)) if len(lesson.whole.ids) > BODY else 0
        for strip in strips(lesson.whole, shift):
            found.append(headed(strip, _said(lesson, pieces, random)))
    short = [lesson.whole for lesson in taught if not lesson.attribute and len(lesson.whole.ids) < SHORT]
    return found + list(_gathered([short[at] for at in random.permutation(len(short))], random))


def headed(strip: Strip, before: Sequence[int]) -> Strip:
    """A window with a heading, of which nothing is learned."""
    ids = np.concatenate([np.array(before, dtype=np.int64), strip.ids])
    return Strip(ids, np.concatenate([np.full(len(before), IGNORED, dtype=np.int64), strip.kinds]))


def _said(lesson: Lesson, pieces: Pieces, random: Random) -> list[int]:
    label, drawn = lesson.attribute, random.random()
    if label and drawn >= LABELLED:
        label = None if drawn < WRONG else list(Attribute)[int(random.integers(len(Attribute)))]
    return heading(label, lesson.title if random.random() < TITLED else "", pieces)


def _gathered(short: Iterable[Strip], random: Random) -> Iterator[Strip]:
    waiting: list[Strip] = []
    for strip in short:
        if waiting and (sum(len(w.ids) for w in waiting) + len(strip.ids) > BODY or random.random() < ALONE):
            yield _as_one(waiting)
            waiting = []
        waiting.append(strip)
    if waiting:
        yield _as_one(waiting)


def _as_one(parts: Sequence[Strip]) -> Strip:
    return Strip(np.concatenate([p.ids for p in parts])[:BODY], np.concatenate([p.kinds for p in parts])[:BODY])


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
