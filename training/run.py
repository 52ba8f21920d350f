"""The linear run from end to end: prepare, cross-validate, calibrate, fit, write; and figures on what it never saw."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jieba
import numpy as np

from gongkai.model.document import Document, Span
from gongkai.model.doubt import agency_kind
from gongkai.model.mentions.tagger import PersonTagger
from gongkai.model.negative import Hit, table_hits
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import Screener
from gongkai.model.words import Segmenter
from gongkai.training.authored import CorpusError, Example
from gongkai.training.calibrate import Scores, calibrate
from gongkai.training.config import Config
from gongkai.training.corpus import read_corpus
from gongkai.training.evaluate import Judged, judged
from gongkai.training.fit import (
    Floats,
    Prepared,
    corpus_digest,
    fit_heads,
    law_scores,
    out_of_fold,
    prepare,
    write_folder,
)
from gongkai.training.names import background_rows, fit_names, name_rows, write_logistic, write_packed
from gongkai.training.progress import Progress
from gongkai.training.splits import grouped_folds, held_out, read_rule
from gongkai.training.tagger.unseen import Unseen
from gongkai.training.vectors import as_json

LEAST_COUNT = 10
LEAST_DOCUMENTS = 20
RARE = 0.01


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


@dataclass(frozen=True)
class Material:
    """What a run works on: training documents prepared, published ones, and the held-out ones as they are."""

    data: Prepared
    public: Sequence[Document]
    held: Sequence[Example]
    words: Path


def load(corpus: Path, held: Path | None, public: Sequence[Document], words: Path) -> Material:
    """Read, split and prepare a corpus. Raises CorpusError when too little is left for training."""
    examples = [example for example in read_corpus(corpus) if example.attribute_known]
    train, test = held_out(examples, read_rule(held)) if held is not None else (list(examples), [])
    if len(train) < LEAST_DOCUMENTS:
        raise CorpusError(
            f"语料里可用于训练的标注文件只有 {len(train)} 篇，至少要 {LEAST_DOCUMENTS} 篇，请检查 --corpus。"
        )
    return Material(prepare(train, public, Rulebook.load(), Segmenter(words)), public, test, words)


def gold_places(example: Example) -> dict[str, Span]:
    """Each masked type's first marked place, as the personal signals of the table look at it."""
    places: dict[str, Span] = {}
    for marked in example.marked:
        if not marked.keep:
            places.setdefault(marked.type, marked.span)
    return places


def gold_hits(data: Prepared) -> list[Mapping[str, Hit]]:
    """What the negative list's table says of each document, with the marked personal data."""
    return [table_hits(reading, gold_places(e)) for reading, e in zip(data.readings, data.examples, strict=True)]


def folds_of(data: Prepared, count: int, config: Config) -> list[tuple[list[int], list[int]]]:
    """Folds over groups of agencies, seeded."""
    return grouped_folds(data.examples, min(count, len({e.group for e in data.examples})), config.seed)


def calibrations(
    data: Prepared, linear: Mapping[str, Floats], encoded: Mapping[str, Floats] | None
) -> tuple[dict[str, Any], dict[str, Floats]]:
    """Every calibration of the model folder, and the probabilities behind each."""
    law = np.array([law_scores(reading) for reading in data.readings])
    hits, found, rows = gold_hits(data), {}, {}
    for name, scores in {"linear": {}, **({"combined": encoded} if encoded else {})}.items():
        found[name], rows[name] = calibrate(data, Scores(linear, law, scores), hits)
    return found, rows


def seen(data: Prepared, known: Floats) -> dict[str, Any]:
    """Genres, kinds of agencies and words: what later documents are compared with."""
    elements = [reading.elements for reading in data.readings]
    return {
        "genres": sorted({e.genre for e in elements if e.genre}),
        "agencies": sorted({agency_kind(e.issuer) for e in elements if e.issuer}),
        "known_words": float(np.quantile(known, RARE)),
    }


def fit(
    material: Material, out: Path, config: Config, work: Path, encoded: Mapping[str, Floats] | None = None
) -> dict[str, Any]:
    """Fit heads and name models, calibrate, write the folder; `encoded` holds the encoder's out-of-fold scores."""
    data = material.data
    linear, known = out_of_fold(data, folds_of(data, config.folds, config), config.linear)
    work.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(work / "linear.npz", **linear)  # type: ignore[arg-type]
    found, _ = calibrations(data, linear, encoded)
    heads = fit_heads(data, range(len(data.examples)), config.linear)
    card = {
        "version": "",
        "corpus": corpus_digest(data.examples),
        "documents": {"training": len(data.examples), "published": len(data.public), "held_out": len(material.held)},
        "calibrations": found,
        "seen": seen(data, known),
    }
    write_folder(out, heads, card)
    version = _version(out, material, encoded)
    note(out, version=version)
    _fit_names(material, out, config, work)
    return {"version": version, "documents": card["documents"]}


def recalibrate(
    material: Material, out: Path, work: Path, encoded: Mapping[str, Floats] | None = None
) -> dict[str, Any]:
    """Fit only the calibrations anew, on the out-of-fold scores that `fit` left in the work folder."""
    if not (work / "linear.npz").is_file():
        raise CorpusError(f"{work.name} 里没有线性模型的折外得分，请先运行 fit。")
    with np.load(work / "linear.npz", allow_pickle=False) as stored:
        linear = {head: stored[head] for head in stored.files}
    if len(linear["attribute"]) != len(material.data.examples):
        raise CorpusError(f"{work.name} 里的折外得分属于另一份语料，请先重新运行 fit。")
    found, _ = calibrations(material.data, linear, encoded)
    note(out, calibrations=found, version=_version(out, material, encoded))
    return {name: {key: row[key] for key in ("mix", "temperature", "confirmed")} for name, row in found.items()}


def _version(folder: Path, material: Material, encoded: object) -> str:
    """What the folder is: the kind, how many documents, and eight characters that change with its weights."""
    content = hashlib.sha256()
    for name in ("linear.npz", "encoder.onnx"):
        if (folder / name).is_file():
            content.update((folder / name).read_bytes())
    kind = "combined" if encoded else "linear"
    return f"{kind}-{len(material.data.examples)}-{content.hexdigest()[:8]}"


def _fit_names(material: Material, out: Path, config: Config, work: Path) -> None:
    segmenter, rules = Segmenter(material.words), material.data.rules
    tagger = Unseen(work / "tags.npz", PersonTagger(out))
    rows = [name_rows(example, rules, segmenter, tagger) for _, example in Progress(material.data.examples, "姓名模型")]
    for document in material.public[: config.names.background_documents]:
        part = Document(document.id, document.text[: config.names.background_characters], document.title)
        rows.append(background_rows(part, rules, segmenter, tagger))
    is_name, stays = fit_names(rows, config.names)
    write_logistic(is_name, out / "names.json")
    write_packed(stays, out / "stays.npz")
    if material.words.resolve() != out.resolve():
        shutil.copyfile(material.words / "words.txt", out / "words.txt")


def product(folder: Path, examples: Sequence[Example], fast: bool = False) -> list[tuple[Example, Judged]]:
    """What the product itself, with a model folder, says of documents."""
    screener = Screener.load(folder, fast=fast)
    return [(e, judged(screener(e.document))) for _, e in Progress(examples, "评估")]


def card_of(folder: Path) -> dict[str, Any]:
    """What a model folder's model.json says."""
    card: dict[str, Any] = json.loads((folder / "model.json").read_text("utf-8"))
    return card


def note(folder: Path, **facts: object) -> None:
    """Add facts to the folder's model.json."""
    card = card_of(folder) | as_json(facts)
    (folder / "model.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", "utf-8")
