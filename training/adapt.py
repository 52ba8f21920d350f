"""An agency's own model: the shipped one, moved as little as its reviewed decisions ask for.

The network stays as it is. The linear heads get differences fitted on the decisions; words that only this agency uses
come in. Part of the decisions is kept out to compare before and after; a model that got worse is not written.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from gongkai.model.calibration import probabilities
from gongkai.model.errors import GongkaiError
from gongkai.model.modelfolder import ModelFolder
from gongkai.model.screener import Screener
from gongkai.training.authored import CorpusError, Example
from gongkai.training.calibrate import fit_confirmed, fit_thresholds
from gongkai.training.config import Adapt, Config
from gongkai.training.described import Described, Floats, describe_all
from gongkai.training.evaluate import figures
from gongkai.training.fit import ATTRIBUTES, Heads, corpus_digest, heads_digest, write_folder
from gongkai.training.offsets import fit_binary_difference, fit_difference
from gongkai.training.run import product
from gongkai.training.splits import clustered_folds
from gongkai.training.vectors import matrix, vocabulary

LEAST = 30
WATCHED = ("accuracy_acceptable", "accuracy_strict")


class GotWorse(GongkaiError):
    """The adapted model does worse than the one it came from."""

    slug = "adapted-model-worse"
    title = "适应后的模型变差了"


@dataclass(frozen=True)
class Difference:
    """What adaptation adds: weights (features, labels) and biases by head, over features of its own."""

    names: dict[str, int]
    weights: dict[str, Floats]
    biases: dict[str, Floats]


def fit_differences(
    described: Described, attributes: Sequence[str], known: set[str], temperature: float, run: Adapt
) -> Difference:
    """Differences on some decisions; scores of the attribute are divided by the temperature, as serving does."""
    fresh = vocabulary(described.vectors, run.least, run.most)
    names = {name: place for place, name in enumerate(sorted(set(fresh) | (known & _used(described))))}
    inputs = matrix(described.vectors, names)
    targets = np.array([[float(attribute == name) for name in ATTRIBUTES] for attribute in attributes])
    weights, biases = fit_difference(
        inputs / temperature, described.scores["attribute"] / temperature, targets, run.penalty
    )
    return Difference(names, {"attribute": weights}, {"attribute": biases * temperature})


def _used(described: Described) -> set[str]:
    return {name for vector in described.vectors for name in vector}


def add_codes(
    found: Difference, described: Described, examples: Sequence[Example], model: ModelFolder, run: Adapt
) -> Difference:
    """Differences of category and clause heads, for codes that the decisions name often enough."""
    inputs = matrix(described.vectors, found.names)
    for head, wanted in (("category", [e.categories for e in examples]), ("clause", [e.negative for e in examples])):
        labels = model.labels(head)
        weights, biases = np.zeros((len(found.names), len(labels))), np.zeros(len(labels))
        told = [i for i, codes in enumerate(wanted) if (examples[i].clauses_known if head == "clause" else codes)]
        for column, label in enumerate(labels):
            target = np.array([float(label in wanted[i]) for i in told])
            if target.sum() >= run.least_codes:
                start = described.scores[head][told, column]
                weights[:, column], biases[column] = fit_binary_difference(inputs[told], start, target, run.penalty)
        found.weights[head], found.biases[head] = weights, biases
    return found


def moved(model: ModelFolder, found: Difference) -> Heads:
    """The model's heads with the differences added, over both vocabularies."""
    names = {**model.vocabulary}
    for name in sorted(found.names):
        names.setdefault(name, len(names))
    weights, biases, labels = {}, {}, {}
    for head in ("attribute", "category", "clause", "reason"):
        scale = model.arrays[head + ".scale"].astype(np.float64)
        total = np.zeros((len(names), len(scale)))
        total[: len(model.vocabulary)] = model.arrays[head] * scale
        biases[head] = model.arrays[head + ".bias"].astype(np.float64)
        if head in found.weights:
            total[[names[name] for name in found.names]] += found.weights[head]
            biases[head] = biases[head] + found.biases[head]
        weights[head], labels[head] = total, model.labels(head)
    return Heads(names, labels, weights, biases)


def _shift(found: Difference, described: Described) -> Floats:
    inputs = matrix(described.vectors, found.names)
    return np.asarray(inputs @ found.weights["attribute"]) + found.biases["attribute"]


def _calibrated(
    described: Described, examples: Sequence[Example], model: ModelFolder, config: Config
) -> dict[str, Any]:
    """Thresholds of this agency's own documents, on scores that never saw them."""
    rows = np.zeros((len(examples), len(ATTRIBUTES)))
    known = set(model.vocabulary)
    for train, test in clustered_folds(examples, config.adapt.folds, config.seed):
        part = described.rows(train)
        found = fit_differences(part, [examples[i].attribute for i in train], known, model.temperature, config.adapt)
        scores = described.scores["attribute"][test] + _shift(found, described.rows(test))
        rows[test] = probabilities(scores, model.temperature)
    labels = [e.attribute for e in examples]
    return {"thresholds": fit_thresholds(rows, labels), "confirmed": fit_confirmed(rows, examples)}


def adapt(decisions: Sequence[Example], base: Path, words: Path, out: Path, config: Config) -> dict[str, Any]:
    """Write the agency's model folder; figures before and after on the part kept out.

    Raises CorpusError for too few decisions, GotWorse when the model would do worse than before.
    """
    if len(decisions) < LEAST or len({e.attribute for e in decisions}) < 2:
        raise CorpusError(
            f"审定过的决定只有 {len(decisions)} 份，或者只有一种公开属性：至少要 {LEAST} 份、两种，请补充后再做。"
        )
    if out.resolve() == base.resolve():
        raise CorpusError("适应后的模型不能写回原来的目录，请用 -o 另外指定一个目录。")
    if out.exists() and not (out / "model.json").is_file():
        raise CorpusError(f"{out.name} 已经存在，又不是模型目录，不能替换，请用 -o 另外指定一个目录。")
    train, test = clustered_folds(decisions, config.adapt.folds, config.seed)[0]
    kept, used = [decisions[i] for i in test], [decisions[i] for i in train]
    screener = Screener.load(base)
    described = describe_all(screener, [e.document for e in used])
    with tempfile.TemporaryDirectory(prefix="gongkai-") as scratch:
        folder = Path(scratch) / "model"
        _write(screener.model, described, used, base, folder, config)
        before, after = figures(product(base, kept)), figures(product(folder, kept))
        found = {"decisions": len(decisions), "kept_out": len(kept), "before": before, "after": after}
        _refuse_worse(before, after)
        _install(folder, out)
    return found


def _write(
    model: ModelFolder, described: Described, used: Sequence[Example], base: Path, folder: Path, config: Config
) -> None:
    attributes = [e.attribute for e in used]
    found = fit_differences(described, attributes, set(model.vocabulary), model.temperature, config.adapt)
    heads = moved(model, add_codes(found, described, used, model, config.adapt))
    card = {key: value for key, value in model.card.items() if key not in ("labels", "format")}
    version = f"{str(model.card['version']).split('+')[0]}+{corpus_digest(used)[:6]}-{heads_digest(heads)}"
    calibrations = {
        **card["calibrations"],
        model.judged: {**card["calibrations"][model.judged], **_calibrated(described, used, model, config)},
    }
    shutil.copytree(base, folder, ignore=shutil.ignore_patterns("__pycache__"))
    write_folder(folder, heads, {**card, "version": version, "adapted_on": len(used), "calibrations": calibrations})


def _refuse_worse(before: dict[str, float | None], after: dict[str, float | None]) -> None:
    lower = [name for name in WATCHED if (after[name] or 0.0) < (before[name] or 0.0)]
    leaks = (after["withheld_called_proactive"] or 0.0) > (before["withheld_called_proactive"] or 0.0)
    if lower or leaks:
        told = json.dumps(
            {name: [before[name], after[name]] for name in (*WATCHED, "withheld_called_proactive")}, ensure_ascii=False
        )
        raise GotWorse(f"适应后在留出的决定上变差了（{told}），没有写出模型，请检查决定是否前后一致或者补充决定。")


def _install(folder: Path, out: Path) -> None:
    """Put the folder in place at once: a service that watches it never sees half of it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".gongkai-", dir=out.parent) as scratch:
        fresh, old = Path(scratch) / "new", Path(scratch) / "old"
        shutil.copytree(folder, fresh)
        if out.exists():
            out.rename(old)
        fresh.rename(out)
