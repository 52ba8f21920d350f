"""One training run from end to end, and its evaluation on groups of agencies that it never saw."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jieba
import numpy as np

from gongkai.model.calibration import probabilities
from gongkai.model.document import Document, Span
from gongkai.model.negative import table_hits
from gongkai.model.rulebook import Rulebook
from gongkai.model.tagger import PersonTagger
from gongkai.model.words import Segmenter
from gongkai.training.authored import CorpusError, Example, read_folder
from gongkai.training.config import Config
from gongkai.training.evaluate import attribute_figures
from gongkai.training.fit import (
    Floats,
    Prepared,
    corpus_digest,
    fit_heads,
    fit_stages,
    fit_temperature,
    fit_thresholds,
    heads_digest,
    out_of_fold,
    prepare,
    write_folder,
)
from gongkai.training.names import background_rows, fit_names, name_rows, write_logistic
from gongkai.training.vectors import as_json

LEAST_COUNT = 10


def write_words(out: Path) -> int:
    """Write words.txt: jieba's dictionary words of two characters and more or common single ones, no personal names.

    Source: jieba's dict.txt (MIT); rows tagged nr (personal names) are left out, so that a name never hides as a word.
    """
    rows = (Path(jieba.__file__).parent / "dict.txt").read_text("utf-8").splitlines()
    kept = [
        (word, count)
        for word, count, tag in (row.split() for row in rows)
        if int(count) >= LEAST_COUNT and not tag.startswith("nr")
    ]
    (out / "words.txt").write_text("\n".join(f"{word} {count}" for word, count in kept) + "\n", "utf-8")
    return len(kept)


def _load(corpus: Path, public: Sequence[Document], words: Path) -> Prepared:
    examples = list(read_folder(corpus))
    if len(examples) < 20:
        raise CorpusError(f"语料目录里只有 {len(examples)} 篇标注文件，至少要 20 篇才能训练，请检查 --corpus。")
    return prepare(examples, public, Rulebook.load(), Segmenter(words))


def gold_places(example: Example) -> dict[str, Span]:
    """Each masked type's first marked place, as the personal signals of the table look at it."""
    places: dict[str, Span] = {}
    for marked in example.marked:
        if not marked.keep:
            places.setdefault(marked.type, marked.span)
    return places


def _cross_validated(data: Prepared, config: Config) -> tuple[dict[str, Floats], float, Floats]:
    scores = out_of_fold(data, config)
    labels = [example.attribute for example in data.examples]
    temperature = fit_temperature(scores["attribute"], labels)
    return scores, temperature, probabilities(scores["attribute"], temperature)


def fit(corpus: Path, public: Sequence[Document], words: Path, out: Path, config: Config) -> dict[str, Any]:
    """Train everything and write the model folder; the card holds the cross-validated figures."""
    data = _load(corpus, public, words)
    scores, temperature, probabilities = _cross_validated(data, config)
    labels = [example.attribute for example in data.examples]
    thresholds = fit_thresholds(probabilities, labels)
    hits = [table_hits(reading, gold_places(e)) for reading, e in zip(data.readings, data.examples, strict=True)]
    stages = fit_stages(data, scores, probabilities, hits)
    figures = attribute_figures(data.examples, probabilities, thresholds["0.9"])
    heads = fit_heads(data, range(len(data.examples)), config)
    card = {
        "version": f"linear-{len(data.examples)}-{heads_digest(heads)}",
        "corpus": corpus_digest(data.examples),
        "public_documents": len(data.public),
        "temperature": temperature,
        "thresholds": thresholds,
        "stages": stages,
        "cross_validated": figures,
    }
    write_folder(out, heads, card)
    _fit_names(data, public, words, out, config)
    return as_json({"version": card["version"], "cross_validated": figures})  # type: ignore[no-any-return]


def _fit_names(data: Prepared, public: Sequence[Document], words: Path, out: Path, config: Config) -> None:
    segmenter, tagger = Segmenter(words), PersonTagger()
    rows = [name_rows(example, data.rules, segmenter, tagger) for example in data.examples]
    for document in public[: config.background_documents]:
        part = Document(document.id, document.text[: config.background_characters], document.title)
        rows.append(background_rows(part, data.rules, segmenter, tagger))
    is_name, stays = fit_names(rows, config)
    write_logistic(is_name, out / "names.json")
    write_logistic(stays, out / "stays.json")
    if words.resolve() != out.resolve():
        shutil.copyfile(words / "words.txt", out / "words.txt")


def evaluate(corpus: Path, public: Sequence[Document], words: Path, config: Config) -> dict[str, Any]:
    """Figures on groups of agencies left out of training one at a time, whole and by group."""
    data = _load(corpus, public, words)
    _, _, probabilities = _cross_validated(data, config)
    threshold = fit_thresholds(probabilities, [e.attribute for e in data.examples])["0.9"]
    result: dict[str, Any] = {"all": attribute_figures(data.examples, probabilities, threshold), "groups": {}}
    for group in sorted({example.group for example in data.examples}):
        rows = np.array([i for i, example in enumerate(data.examples) if example.group == group])
        result["groups"][group] = attribute_figures([data.examples[i] for i in rows], probabilities[rows], threshold)
    return as_json(result)  # type: ignore[no-any-return]
