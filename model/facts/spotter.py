"""The spotter: what a sentence tells of a private person (health, money, family …), and whether a name stays.

A small encoder over the pieces of the text, read only around places where somebody private is named or found: a paper
about nobody costs nothing. It gives each piece a probability for each kind; tables and detectors speak beside it. The
attribute suggested for the document and its title stand before each window: whether a name stays depends on them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from gongkai.model.document import Span
from gongkai.model.encoder import session_of
from gongkai.model.errors import ModelFolderError
from gongkai.model.finding import Attribute
from gongkai.model.folding import fold
from gongkai.model.passages import START, WINDOW, Cut, Pieces
from gongkai.model.tablefile import Folder

#: Pieces in one window at most, from one window to the next, and of the heading.
BODY, STEP, HEADING = WINDOW - 2, 116, 14
SHARED = BODY - STEP
TITLE = 40
OTHER = "OTHER"
#: Columns of the network: nothing; names that go and that stay; kinds told in words; what detectors of numbers find.
KINDS = [
    "", "NAME", "NAME!", "HEALTH", "FIN", "FAMILY", "SPECIAL", "MINOR", "EDU", "TRACK", "BIRTH", "ADDR_HOME",
    "REPORTER", "RELIGION", OTHER, OTHER + "!",
]  # fmt: skip
#: Columns of names that go and that stay.
GOING, STAYING = [KINDS.index(kind) for kind in ("NAME", "REPORTER", "MINOR")], KINDS.index("NAME!")
WORDS = slice(KINDS.index("HEALTH"), KINDS.index(OTHER))
AROUND = 320
_TRIM = " \n\t,。;:、|│()《》“”"


@dataclass(frozen=True)
class Spotted:
    """Probabilities of shape (pieces, kinds) with the place of each piece; rows of zeros where nothing was read."""

    places: NDArray[np.int64]
    chances: NDArray[np.float32]

    @cached_property
    def _sums(self) -> NDArray[np.float64]:
        """Over all pieces before each: how many were read, the chances that a name goes, that one stays."""
        read = self.chances.any(axis=1)
        goes, stays = self.chances[:, GOING].sum(axis=1), self.chances[:, STAYING]
        sums = np.zeros((len(self.chances) + 1, 3))
        np.cumsum(np.column_stack([read, goes, stays]), axis=0, dtype=np.float64, out=sums[1:])
        return sums

    def named(self, spans: Sequence[Span]) -> list[tuple[float, float] | None]:
        """For each place the mean chances that a name goes and that it stays; None where nothing was read."""
        sums = self._sums
        first = np.searchsorted(self.places[:, 1], [span.start for span in spans], side="right")
        after = np.searchsorted(self.places[:, 0], [span.end for span in spans], side="left")
        rows = (sums[np.maximum(after, first)] - sums[first]).tolist()
        return [(go / count, stay / count) if count else None for count, go, stay in rows]

    def piece(self, at: int) -> tuple[Span, float] | None:
        """The piece that begins at a place and how sure it is of a name; None where none begins or was read."""
        row = int(np.searchsorted(self.places[:, 0], at))
        if row == len(self.places) or self.places[row, 0] != at or not self.chances[row].any():
            return None
        return Span(at, int(self.places[row, 1])), float(self.chances[row, [*GOING, STAYING]].sum())

    def runs(self, text: str, least: float) -> Iterator[tuple[Span, str, float]]:
        """Stretches told in words that have to go: place, likeliest kind, probability."""
        for span, rows in self._stretches(text, WORDS, least):
            chances = self.chances[rows, WORDS]
            kind = KINDS[WORDS.start + int(chances.sum(axis=0).argmax())]
            yield span, kind, min(1.0, float(chances.sum(axis=1).max()))

    def names(self, text: str, least: float) -> Iterator[tuple[Span, float]]:
        """Names that go, with their probability."""
        column = KINDS.index("NAME")
        for span, rows in self._stretches(text, slice(column, column + 1), least):
            yield span, min(1.0, float(self.chances[rows, column].max()))

    def called(self, text: str, least: float) -> list[tuple[Span, float, float]]:
        """Names of which each piece is that sure to belong to one: the chance that they go, as the surest piece has it,
        and the mean chance that they stay."""
        goes, stays = self.chances[:, GOING].sum(axis=1), self.chances[:, STAYING]
        rows = np.flatnonzero(goes + stays >= least)
        if not len(rows):
            return []
        breaks = np.flatnonzero(np.diff(rows) > 1) + 1
        starts = np.append(0, breaks)
        first, last = rows[starts], rows[np.append(breaks - 1, len(rows) - 1)]
        most = np.maximum.reduceat(goes[rows], starts)
        mean = np.add.reduceat(stays[rows], starts) / (last - first + 1)
        edges = zip(self.places[first, 0].tolist(), self.places[last, 1].tolist(), strict=True)
        found = zip((_trimmed(text, *edge) for edge in edges), most.tolist(), mean.tolist(), strict=True)
        return [(span, go, stay) for span, go, stay in found if span]

    def _stretches(self, text: str, columns: slice, least: float) -> Iterator[tuple[Span, NDArray[np.int64]]]:
        rows = np.flatnonzero(self.chances[:, columns].sum(axis=1) >= least)
        for group in np.split(rows, np.flatnonzero(np.diff(rows) > 1) + 1) if len(rows) else ():
            span = _trimmed(text, int(self.places[group[0], 0]), int(self.places[group[-1], 1]))
            if span:
                yield span, group


def heading(label: Attribute | None, title: str, pieces: Pieces) -> list[int]:
    """What stands before each window: the pieces of the attribute (None: not known) and of the title."""
    said = f"{label.label if label else ''} {title[:TITLE]}"
    return pieces.of(fold(said))[0][:HEADING] if said.strip() else []


def _trimmed(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return Span(start, end) if end > start else None


@dataclass(frozen=True)
class Spotter:
    """Session and tokenizer; one instance serves all threads."""

    session: onnxruntime.InferenceSession
    pieces: Pieces

    @classmethod
    def read(cls, folder: Folder, threads: int = 1, pieces: Pieces | None = None) -> Spotter | None:
        """The spotter of a model folder; None when it holds none. `pieces` are the encoder's, if it is loaded.

        Raises ModelFolderError when it is damaged.
        """
        if not (folder / "spotter.onnx").is_file():
            return None
        try:
            kinds = json.loads((folder / "spotter.json").read_text("utf-8"))["kinds"]
            session = session_of(folder / "spotter.onnx", threads)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelFolderError("模型目录里的 spotter.json 缺失或者损坏，请重新安装或者重新训练。") from error
        if kinds != KINDS:
            raise ModelFolderError("模型目录里的 spotter.json 与程序版本不符，请重新安装或者重新训练。")
        return cls(session, pieces or Pieces.read(folder))

    def __call__(
        self, text: str, places: Iterable[Span], cut: Cut | None = None, before: Sequence[int] = ()
    ) -> Spotted:
        """Read a folded text around some places; `cut` are its pieces, if they are known, `before` is its heading.

        One window at a time: several at once take as long, and the shorter ones would have to be padded.
        """
        pieces, found = cut or self.pieces.of(text)
        offsets = np.fromiter(chain.from_iterable(found), np.int64, 2 * len(found)).reshape(-1, 2)
        chances = np.zeros((len(pieces), len(KINDS)), dtype=np.float32)
        counts = np.zeros(len(pieces), dtype=np.int64)
        lead = [START, *before]
        for start, end in _windows(offsets, places):
            row = np.array([[*lead, *pieces[start:end]]], dtype=np.int64)
            chances[start:end] += self.session.run(None, {"ids": row})[0][0, len(lead) :]
            counts[start:end] += 1
        return Spotted(offsets, (chances / np.maximum(counts, 1)[:, None]).astype(np.float32))


def _windows(offsets: NDArray[np.int64], places: Iterable[Span]) -> Iterator[tuple[int, int]]:
    """The windows, as first piece and the one behind the last, that hold each place and its surroundings, no more.

    What is longer than a window is parted evenly, so that none is left with a few pieces and nothing around them.
    """
    spans = list(places)
    first = np.searchsorted(offsets[:, 1], [span.start - AROUND for span in spans], side="right")
    after = np.searchsorted(offsets[:, 0], [span.end + AROUND for span in spans], side="left")
    wanted = np.zeros(len(offsets) + 2, dtype=np.int8)  # with one piece more at either end, which nobody wants
    for start, end in zip(first.tolist(), after.tolist(), strict=True):
        wanted[start + 1 : end + 1] = 1
    edges = np.flatnonzero(np.diff(wanted)).tolist()
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        count = max(1, -(-(end - start - SHARED) // STEP))
        step = -(-(end - start - SHARED) // count)
        for at in range(start, end - SHARED, step) if count > 1 else (start,):
            yield at, min(at + step + SHARED, end)
