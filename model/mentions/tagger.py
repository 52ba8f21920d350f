"""How likely each character of a text begins or continues a person's name: a small network in ONNX, 8 bits.

It sees characters, pairs of neighbours and the edges of dictionary words; dilated convolutions carry what stands up to
sixteen characters away. Long texts go through in parts that overlap by more than that, so that no answer changes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from gongkai.model.document import Span
from gongkai.model.encoder import session_of
from gongkai.model.errors import ModelFolderError
from gongkai.model.reading import Reading
from gongkai.model.tablefile import Folder

PART, SIGHT = 4096, 20
BLANK = "\n" * SIGHT
LEAST, TINY = 0.3, 1e-9
NOTHING, HAN, OTHER, DIGIT, LATIN, FIRST = range(6)
PLANE = 0xFFFF
OUTSIDE, BEGIN, INSIDE = range(3)
Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Alphabet:
    """Numbers for characters, and for pairs of neighbours, which share `buckets` numbers by a hash."""

    characters: str
    buckets: int

    @property
    def count(self) -> int:
        """How many different numbers characters have."""
        return FIRST + len(self.characters)

    @cached_property
    def _table(self) -> Ints:
        table = np.full(PLANE + 1, OTHER, dtype=np.int64)
        table[0x3400:0xA000] = table[PLANE] = HAN
        for first, last, number in (("0", "9", DIGIT), ("A", "Z", LATIN), ("a", "z", LATIN)):
            table[ord(first) : ord(last) + 1] = number
        for place, char in enumerate(self.characters):
            table[ord(char)] = FIRST + place
        return table

    def ids(self, text: str) -> Ints:
        """One number a character of folded text."""
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        found: Ints = self._table[np.minimum(codes, PLANE)]
        return found

    def pairs(self, ids: Ints) -> Ints:
        """The number of the pair before each character, and of the one behind the last."""
        mixed = np.append(NOTHING, ids) * 0x9E3779B1 ^ np.append(ids, NOTHING) * 0x85EBCA6B
        return np.asarray((mixed ^ mixed >> 15) % self.buckets, dtype=np.int64)


def word_edges(offsets: Sequence[int]) -> Ints:
    """What each character is in its word: 0 all of it, 1 the first, 2 the last, 3 between.

    `offsets` are where words begin, and the end of the text.
    """
    places = np.array(offsets, dtype=np.int64)
    edges = np.full(offsets[-1], 3, dtype=np.int64)
    edges[places[:-1]] -= 2
    edges[places[1:] - 1] -= 1
    return edges


@dataclass(frozen=True)
class Tags:
    """Probabilities of shape (characters, 3): outside, a name begins, inside of one."""

    shares: Floats

    @classmethod
    def of(cls, scores: Floats) -> Tags:
        """From the network's scores of the same shape."""
        powers = np.exp(scores - scores.max(axis=1, keepdims=True))
        return cls(powers / powers.sum(axis=1, keepdims=True))

    def people(self) -> list[Span]:
        """Stretches that are more likely than LEAST a name, cut where another begins."""
        named = self.shares[:, OUTSIDE] < 1 - LEAST
        begins = named & (self.shares[:, BEGIN] >= self.shares[:, INSIDE])
        begins |= named & ~np.append(False, named[:-1])
        starts = np.flatnonzero(begins)
        stops = np.flatnonzero(begins | ~named)
        ends = np.append(stops, len(named))[np.searchsorted(stops, starts, side="right")]
        return [Span(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]

    def of_spans(self, spans: Sequence[Span]) -> tuple[Floats, Floats, Floats]:
        """For each span the probabilities that it is just a name, inside of names, and that one runs into it."""
        starts = np.fromiter((span.start for span in spans), np.int64, len(spans))
        ends = np.fromiter((span.end for span in spans), np.int64, len(spans))
        inside = np.append(self.shares[:, INSIDE], 0).astype(np.float32)
        named = np.append(0, np.cumsum(1 - self.shares[:, OUTSIDE], dtype=np.float64))
        going = np.append(0, np.cumsum(np.log(np.maximum(inside, TINY)), dtype=np.float64))
        exact = self.shares[starts, BEGIN] * np.exp(going[ends] - going[starts + 1]) * (1 - inside[ends])
        mean = (named[ends] - named[starts]) / (ends - starts)
        before = np.where(starts > 0, 1 - self.shares[starts - 1, OUTSIDE], 0) * inside[starts]
        return exact.astype(np.float32), mean.astype(np.float32), before.astype(np.float32)


class PersonTagger:
    """Session and alphabet of a model folder, or the shipped ones where it has none; one instance serves all threads.

    Raises ModelFolderError.
    """

    def __init__(self, folder: Folder | None = None) -> None:
        at: Folder = resources.files("gongkai.model.weights")
        if folder is not None and (folder / "tagger.onnx").is_file():
            at = folder
        try:
            content = json.loads((at / "tagger.json").read_text("utf-8"))
            self.alphabet = Alphabet(str(content["characters"]), int(content["buckets"]))
            self._session = session_of(at / "tagger.onnx")
            self._scores(*self._lasts())
        except Exception as error:  # ONNX Runtime's errors share no base of their own
            message = "模型目录里的人名识别模型读不出来：缺文件或者文件损坏，请重新安装或者重新训练。"
            raise ModelFolderError(message) from error

    def __call__(self, reading: Reading) -> Tags:
        """What the network says of a document's folded text; blank lines stand before and behind, as in training."""
        ids, edges = self.alphabet.ids(BLANK + reading.text + BLANK), np.pad(word_edges(reading.offsets), SIGHT)
        pairs, length = self.alphabet.pairs(ids), len(reading.text)
        ends = ((at, min(at + PART, length) + 2 * SIGHT) for at in range(0, length, PART))
        parts = [self._scores(ids[a:b], pairs[a : b + 1], edges[a:b])[SIGHT:-SIGHT] for a, b in ends]
        return Tags.of(np.concatenate(parts))

    def _scores(self, ids: Ints, pairs: Ints, edges: Ints) -> Floats:
        asked = {"ids": ids[None], "pairs": pairs[None], "edges": edges[None]}
        scores: Floats = self._session.run(None, asked)[0][0].T
        return scores

    def _lasts(self) -> tuple[Ints, Ints, Ints]:
        """One character with the highest numbers there are: a network for fewer refuses them."""
        pair = self.alphabet.buckets - 1
        return np.array([self.alphabet.count - 1]), np.array([pair, pair]), np.array([3])
