"""What speaks for a mention being a name, in columns: one pass over all mentions of a document.

A feature is a form whose gaps are filled from short lists (`_FORMS`), or a prefix before a piece of some text. Training
asks for their names, `NameModel` for what they weigh, without a name being written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from gongkai.model.headings import CELL
from gongkai.model.linear import Logistic
from gongkai.model.mentions.cues import Surroundings
from gongkai.model.mentions.hashed import Ints, Runs, Weights, strung, table
from gongkai.model.mentions.names import Mention
from gongkai.model.mentions.sides import left, right
from gongkai.model.mentions.surnames import surname_of, surnames
from gongkai.model.mentions.tagger import Tags
from gongkai.model.reading import Reading

#: Probabilities at which what the tagger says counts as more.
_STEPS = (0.0003, 0.003, 0.02, 0.1, 0.3, 0.6, 0.85, 0.96, 0.99, 0.998)
_NO_YES = (False, True)
_TOLD = range(len(_STEPS) + 1)
_DOTTED = 7
_HEADINGS = {kind: place for place, kind in enumerate(("", *CELL))}
_CHOICES: dict[str, Sequence[object]] = {
    "shape": (*"0123456", "dot"),
    "rank": range(5),
    "repeats": range(4),
    "heading": tuple(_HEADINGS),
    "exact": _TOLD,
    "inside": _TOLD,
    "running": _TOLD,
}
#: Features by form, and which columns fill it: the name itself, what frames it, its place, what the tagger says.
_FORMS: dict[str, tuple[str, ...]] = {
    "len={}": ("shape",),
    "sur={}": ("rank",),
    "sur={}&len={}": ("rank", "shape"),
    "word={}": ("known",),
    "role-before={}": ("role",),
    "role-after={}": ("called",),
    "sex-after={}": ("sex",),
    "kin-before={}&word={}": ("kin", "known"),
    "job-before={}&sur={}": ("job", "rank"),
    "act-after={}&sur={}": ("act", "rank"),
    "frame={},{}&len={}": ("framed", "act", "shape"),
    "repeats={}": ("repeats",),
    "tagged-somewhere={}": ("tagged",),
    "alone={}": ("alone",),
    "numbered-line={}": ("numbered",),
    "aligned={}": ("aligned",),
    "heading={}": ("heading",),
    "tag={}": ("exact",),
    "tag={}&len={}": ("exact", "shape"),
    "tag={}&sur={}": ("exact", "rank"),
    "tag={}&in={}&run={}": ("exact", "inside", "running"),
    "in={}": ("inside",),
    "in={}&word={}": ("inside", "known"),
}


@dataclass(frozen=True, slots=True)
class Pieces:
    """Features that are a prefix before runs of a text, and which mention each belongs to."""

    prefix: str
    runs: Runs
    starts: Ints
    ends: Ints
    owners: Ints


@dataclass(frozen=True, slots=True)
class NameColumns:
    """The features of all mentions: for each form's columns the place in its choices, and pieces of text."""

    columns: Mapping[str, Ints]
    pieces: Sequence[Pieces]

    def names(self) -> list[list[str]]:
        """The features of each mention by name."""
        filled = {name: [_choices(name)[at] for at in column.tolist()] for name, column in self.columns.items()}
        forms = [map(form.format, *map(filled.__getitem__, columns)) for form, columns in _FORMS.items()]
        rows = [list(row) for row in zip(*forms, strict=True)]
        for part in self.pieces:
            for owner, start, end in zip(part.owners.tolist(), part.starts.tolist(), part.ends.tolist(), strict=True):
                rows[owner].append(part.prefix + part.runs.text[start:end])
        return rows


class NameModel:
    """The logistic model that tells names from other words, laid out for columns."""

    def __init__(self, model: Logistic) -> None:
        self._bias, self._weights = model.bias, Weights(model)
        self._tables = {form: table(model, form, *map(_choices, columns)) for form, columns in _FORMS.items()}

    def logits(self, found: NameColumns) -> list[float]:
        """The log-odds of each mention."""
        hashes = [part.runs.hashes(part.prefix, part.starts, part.ends) for part in found.pieces]
        owners = np.concatenate([part.owners for part in found.pieces])
        count = len(found.columns["shape"])
        total = np.bincount(owners, self._weights.of(np.concatenate(hashes)), count) + self._bias
        for form, columns in _FORMS.items():
            total += self._tables[form][tuple([found.columns[name] for name in columns])]
        logits: list[float] = total.tolist()
        return logits


def _choices(column: str) -> Sequence[object]:
    return _CHOICES.get(column, _NO_YES)


def name_columns(reading: Reading, mentions: Sequence[Mention], around: Surroundings, tags: Tags) -> NameColumns:
    """What all mentions of a document, of which there are some, look like, and what stands around them."""
    spans = [mention.span for mention in mentions]
    starts = np.fromiter([span.start for span in spans], np.int64, len(spans))
    ends = np.fromiter([span.end for span in spans], np.int64, len(spans))
    exact, inside, running = (np.digitize(shares, _STEPS) for shares in tags.of_spans(spans))
    itself, own = _itself(reading, mentions)
    beside, framing = _beside(reading, starts, ends)
    columns = {
        **itself,
        **beside,
        **_placed(reading, mentions, around, starts, ends),
        "exact": exact,
        "inside": inside,
        "running": running,
    }
    return NameColumns(columns, (*own, *framing))


def name_features(reading: Reading, mentions: Sequence[Mention], around: Surroundings, tags: Tags) -> list[list[str]]:
    """The same for each mention by name, as training has it."""
    return name_columns(reading, mentions, around, tags).names() if mentions else []


def _column(values: Sequence[int]) -> Ints:
    return np.fromiter(values, np.int64, len(values))


def _itself(reading: Reading, mentions: Sequence[Mention]) -> tuple[dict[str, Ints], list[Pieces]]:
    """The name itself: how long, how it begins, what follows the surname, the ways that led to it."""
    bares = [mention.bare for mention in mentions]
    families, known, ranks = [surname_of(bare) for bare in bares], reading.segmenter, surnames()
    columns = {
        "shape": _column([_DOTTED if "·" in bare else min(len(bare), 6) for bare in bares]),
        "rank": _column([ranks.get(family, 0) for family in families]),
        "known": _column([bare in known for bare in bares]),
    }
    runs, starts, ends = strung(bares)
    given, every = starts + _column([len(family) for family in families]), np.arange(len(bares))
    sizes, double = ends - given, np.flatnonzero(ends - given == 2)
    chars = np.repeat(given - np.append(0, np.cumsum(sizes)[:-1]), sizes) + np.arange(sizes.sum())
    pieces = [
        Pieces("family=", runs, starts, given, every),
        Pieces("given=", runs, chars, chars + 1, np.repeat(every, sizes)),
        Pieces("given2=", runs, given[double], ends[double], double),
    ]
    ways = [sorted(mention.sources) for mention in mentions]
    owners = np.repeat(every, _column([len(way) for way in ways]))
    return columns, [*pieces, Pieces("src=", *strung(list(chain.from_iterable(ways))), owners)]


def _beside(reading: Reading, starts: Ints, ends: Ints) -> tuple[dict[str, Ints], list[Pieces]]:
    """What stands on both sides: roles, kinship and acts; characters and words."""
    text = reading.text
    firsts, first = np.unique(starts, return_inverse=True)
    lasts, last = np.unique(ends, return_inverse=True)
    before = [left(text, at) for at in firsts.tolist()]
    after = [right(text, at) for at in lasts.tolist()]
    kin, job, role = np.array([side[1:] for side in before], dtype=np.int64).T[:, first]
    act, called, sex = np.array([side[1:] for side in after], dtype=np.int64).T[:, last]
    columns = {"kin": kin, "job": job, "role": role, "act": act, "called": called, "sex": sex, "framed": kin | job}
    nearest = [before[a][0] for a in first.tolist()], [after[b][0] for b in last.tolist()]
    return columns, [*_nearest(*nearest), *_words(reading, starts, ends)]


def _nearest(before: Sequence[str], after: Sequence[str]) -> list[Pieces]:
    """The nearest characters: before, behind, both."""
    every = np.arange(len(before))
    runs, starts, ends = strung([f"{one}&R={other}" for one, other in zip(before, after, strict=True)])
    return [
        Pieces("L=", runs, starts, starts + _column([len(one) for one in before]), every),
        Pieces("R=", runs, ends - _column([len(other) for other in after]), ends, every),
        Pieces("L=", runs, starts, ends, every),
    ]


def _words(reading: Reading, starts: Ints, ends: Ints) -> list[Pieces]:
    """Two and three characters and the word on each side; no word where none ends or begins there."""
    runs, length, every = Runs(reading.text), len(reading.text), np.arange(len(starts))
    offsets = np.array(reading.offsets, dtype=np.int64)
    at, to = np.searchsorted(offsets, starts), np.searchsorted(offsets, ends)
    word = np.where(offsets[at] == starts, offsets[np.maximum(at - 1, 0)], starts)
    next_word = np.where(offsets[to] == ends, offsets[np.minimum(to + 1, len(offsets) - 1)], ends)
    return [
        Pieces("L2=", runs, np.maximum(starts - 2, 0), starts, every),
        Pieces("L3=", runs, np.maximum(starts - 3, 0), starts, every),
        Pieces("Lw=", runs, word, starts, every),
        Pieces("R2=", runs, ends, np.minimum(ends + 2, length), every),
        Pieces("R3=", runs, ends, np.minimum(ends + 3, length), every),
        Pieces("Rw=", runs, ends, next_word, every),
    ]


def _placed(
    reading: Reading, mentions: Sequence[Mention], around: Surroundings, starts: Ints, ends: Ints
) -> dict[str, Ints]:
    """How often the name stands in the document, and what line or cell it stands in."""
    lines = reading.text.split("\n")
    begins = np.cumsum([0, *[len(line) + 1 for line in lines[:-1]]])
    line = np.searchsorted(begins, starts, side="right") - 1
    edges = np.zeros(len(reading.text) + 1, dtype=bool)
    edges[reading.offsets] = True
    cells = [reading.cell(mention.span) for mention in mentions] if reading.cells else [None] * len(mentions)
    return {
        "repeats": np.minimum(_column([around.repeats[mention.bare] for mention in mentions]), 3),
        "tagged": _column([mention.bare in around.tagged for mention in mentions]),
        "alone": (_column([len(line.strip()) for line in lines])[line] == ends - starts).astype(np.int64),
        "numbered": _column([at in around.numbered for at in begins.tolist()])[line],
        "aligned": (edges[starts] & edges[ends]).astype(np.int64),
        "heading": _column([_HEADINGS[cell.kind] if cell else 0 for cell in cells]),
    }
