"""The tagger's run, step by step in a work folder; every step is resumable, each needs the one before.

lessons.jsonl        published text with the teacher's people
lesson.safetensors   the network after the teacher's text
fold-N.safetensors   the same, taught on all training documents but those of a fold
tagger.safetensors   the same, taught on all of them
tags.npz             what the folds' networks say of the documents they never saw
run.jsonl            what happened
"""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch

from gongkai.model.document import Document, Span
from gongkai.model.mentions.surnames import surnames
from gongkai.model.mentions.tagger import Alphabet
from gongkai.model.rulebook import Rulebook
from gongkai.model.words import Segmenter
from gongkai.training.authored import CorpusError, Example
from gongkai.training.config import Config
from gongkai.training.corpus import read_corpus
from gongkai.training.progress import Progress
from gongkai.training.splits import grouped_folds, held_out, read_rule
from gongkai.training.tagger.export import write
from gongkai.training.tagger.naming import SOUNDS, Namer
from gongkai.training.tagger.network import Network
from gongkai.training.tagger.samples import Sample, blanked, exchanged, listed, marked
from gongkai.training.tagger.teach import scores_of, teach
from gongkai.training.tagger.teacher import Teacher, taught
from gongkai.training.tagger.windows import Windows, edges_of, windows

Folds = Sequence[tuple[list[int], list[int]]]
#: Of the characters of a scanned page, the share that a blank follows.
BLANK = 0.03


def lessons(prose: Sequence[Document], segmenter: Segmenter, rules: Rulebook, work: Path) -> list[Sample]:
    """Published text with the teacher's people; asked once, then read from the work folder."""
    path = work / "lessons.jsonl"
    if not path.is_file():
        teacher = Teacher()
        found = [taught(document, teacher, rules, segmenter) for _, document in Progress(prose, "老师标注")]
        half = path.with_suffix(".part")
        half.write_text("\n".join(json.dumps(_row(sample), ensure_ascii=False) for sample in found) + "\n", "utf-8")
        half.rename(path)
    rows = (json.loads(line) for line in path.read_text("utf-8").split("\n") if line)
    return [Sample(r["text"], *(tuple(Span(**s) for s in r[key]) for key in ("people", "unsure"))) for r in rows]


def _row(sample: Sample) -> dict[str, object]:
    """A sample as a line of JSON."""
    places = {"people": sample.people, "unsure": sample.unsure}
    return {"text": sample.text} | {key: [span._asdict() for span in spans] for key, spans in places.items()}


@dataclass(frozen=True)
class Lessons:
    """What networks are taught from."""

    public: Sequence[Sample]
    authored: Sequence[Sample]
    namer: Namer
    words: Sequence[str]
    alphabet: Alphabet
    segmenter: Segmenter
    config: Config

    def first(self, epoch: int) -> Windows:
        """The teacher's text and invented lists."""
        random = Random(f"{self.config.seed} lesson {epoch}")
        mixed = [exchanged(s, self.namer, self.config.tagger.exchange, random) for s in self.public]
        return self._cut([*mixed, *self._lists(random)], random)

    def second(self, epoch: int, rows: Sequence[int]) -> Windows:
        """Authored documents, some as scans, lists, and a share of the teacher's text."""
        run, random = self.config.tagger, Random(f"{self.config.seed} marks {epoch}")
        chosen = [exchanged(self.authored[i], self.namer, run.exchange, random) for i in rows]
        chosen += [blanked(s, BLANK, random) for s in random.sample(chosen, int(run.blanks * len(chosen)))]
        wanted = run.public_share * sum(len(sample.text) for sample in chosen)
        for sample in random.sample(self.public, len(self.public)):
            if wanted <= 0:
                break
            chosen.append(exchanged(sample, self.namer, run.exchange, random))
            wanted -= len(sample.text)
        return self._cut([*chosen, *self._lists(random)], random)

    def _lists(self, random: Random) -> list[Sample]:
        return [listed(self.namer, self.words, random) for _ in range(self.config.tagger.lists)]

    def _cut(self, samples: list[Sample], random: Random) -> Windows:
        random.shuffle(samples)
        return windows(samples, self.alphabet, self.segmenter, self.config.tagger.window)


def alphabet_of(samples: Sequence[Sample], config: Config) -> Alphabet:
    """Characters that occur often enough, and all that names are made of."""
    counts = Counter(char for sample in samples for char in sample.text)
    always = {char for name in surnames() for char in name} | set(SOUNDS) | set("\n ·")
    kept = {char for char, count in counts.items() if count >= config.tagger.least} | always
    plain = "".join(sorted(c for c in kept if ord(c) < 0xFFFF and not (c.isascii() and c.isalnum())))
    return Alphabet(plain, config.tagger.buckets)


@dataclass(frozen=True)
class Source:
    """What a run starts from: marked documents, folds of them, published text, the folder of words.txt."""

    examples: Sequence[Example]
    folds: Folds
    prose: Sequence[Document]
    words: Path


def training_set(corpus: Path, held: Path | None, config: Config) -> tuple[list[Example], Folds]:
    """The marked documents that may be taught, and folds over groups of agencies. Raises CorpusError."""
    known = [example for example in read_corpus(corpus) if example.personal_known]
    examples = held_out(known, read_rule(held))[0] if held is not None else known
    count = min(config.tagger.folds, len({example.group for example in examples}))
    return examples, grouped_folds(examples, count, config.seed)


def gathered(source: Source, config: Config, work: Path) -> Lessons:
    """Read everything that is taught from."""
    segmenter = Segmenter(source.words)
    public = [sample for sample in lessons(source.prose, segmenter, Rulebook.load(), work) if sample.text.strip()]
    authored = [marked(example) for example in source.examples]
    known = [span.of(sample.text) for sample in (*public, *authored) for span in sample.people]
    lines = (source.words / "words.txt").read_text("utf-8").split("\n")
    dictionary = [line.rsplit(" ", 1)[0] for line in lines if line]
    plain = [word for word in dictionary if 2 <= len(word) <= 4]
    alphabet = alphabet_of([*public, *authored], config)
    return Lessons(public, authored, Namer(known, dictionary), plain, alphabet, segmenter, config)


def teach_tagger(source: Source, config: Config, work: Path) -> tuple[Network, Lessons]:
    """Lesson, folds with their scores, then the network that is shipped."""
    work.mkdir(parents=True, exist_ok=True)
    data, run = gathered(source, config, work), config.tagger
    torch.manual_seed(config.seed)
    model = Network(data.alphabet.count, run)
    teach(model, data.first, (run.lesson, run.lesson_rate), run, config.seed, work / "lesson.safetensors")
    if not (work / "tags.npz").is_file():
        _write_tags(data, model, source, work)
    final, rows = copy.deepcopy(model), range(len(source.examples))
    pace = (run.epochs, run.rate)
    teach(final, lambda epoch: data.second(epoch, rows), pace, run, config.seed, work / "tagger.safetensors")
    return final, data


def _write_tags(data: Lessons, model: Network, source: Source, work: Path) -> None:
    """Scores of each document by a network that never saw its group: honest inputs for the models behind names."""
    run, found = data.config.tagger, {}
    for number, (train, test) in enumerate(source.folds):
        part, at = copy.deepcopy(model), work / f"fold-{number}.safetensors"
        teach(part, partial(data.second, rows=train), (run.fold_epochs, run.rate), run, number, at)
        for i in test:
            text = data.authored[i].text
            scores = scores_of(part, data.alphabet, text, edges_of(text, data.segmenter))
            found[source.examples[i].document.id] = scores.astype(np.float16)
    np.savez_compressed(work / "tags.npz", **found)  # type: ignore[arg-type]


def train_and_export(source: Source, config: Config, work: Path, out: Path) -> dict[str, Any]:
    """The whole run; figures of the exported file. Raises CorpusError without published text."""
    if not source.prose:
        raise CorpusError("没有给出公开的公文，请用 --public 或者 --prose 指定。")
    model, data = teach_tagger(source, config, work)
    return write(model, data.alphabet, data.second(0, range(len(source.examples))), out)
