"""One table: rules alone, linear, frozen encoder, taught heads over deep and slim, 8 bits, and all together.

All on the held-out documents. Judges that stand alone are not calibrated: their best label counts, and a clause with a
score over nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from gongkai.model import catalog
from gongkai.model.calibration import softmax
from gongkai.model.encoder import Encoder
from gongkai.model.passages import Pieces
from gongkai.training.authored import Example
from gongkai.training.config import Config
from gongkai.training.encoder.batches import Item, Labels
from gongkai.training.encoder.items import items_of, labels_of
from gongkai.training.encoder.network import Judge
from gongkai.training.encoder.run import MissingStep, deep, trained
from gongkai.training.encoder.teach import MOST_MEANS, all_means, scores_of
from gongkai.training.evaluate import Judged, figures
from gongkai.training.fit import ATTRIBUTES, Floats, Prepared, fit_heads, law_scores, prepare
from gongkai.training.run import Material, gold_hits, product
from gongkai.training.vectors import as_json

SHOWN = (
    "accuracy_strict", "accuracy_acceptable", "balanced_accuracy", "withheld_recall", "withheld_called_proactive",
    "over_withholding", "category_top1", "category_top1_specific", "category_top3", "negative_f1",
)  # fmt: skip


def _judged(attribute: Floats, category: Floats, clause: Floats, labels: Labels) -> list[Judged]:
    """Best label, ranked categories, clauses over nothing."""
    found = []
    for row, ranks, hits in zip(softmax(attribute), category, clause, strict=True):
        scores = dict(zip(ATTRIBUTES, row.tolist(), strict=True))
        best = tuple(labels.category[int(i)] for i in np.argsort(-ranks)[:5])
        said = frozenset(name for name, hit in zip(labels.clause, hits, strict=True) if hit > 0)
        found.append(Judged(scores, frozenset({max(scores, key=lambda n: scores[n])}), best, said))
    return found


def rules_alone(data: Prepared, labels: Labels) -> list[Judged]:
    """Law rules for the attribute (no rule: proactive), cues for categories, the negative list's table for clauses."""
    law = np.array([law_scores(reading) for reading in data.readings])
    law[:, ATTRIBUTES.index("proactive")] += 0.01
    cues = np.array([[2 * one.title + one.body for one in catalog.all_cues(reading)] for reading in data.readings])
    table = np.array([[hits[name].score - 0.5 for name in labels.clause] for hits in gold_hits(data)])
    return _judged(law, cues, table, labels)


def linear_alone(train: Prepared, data: Prepared, labels: Labels, config: Config) -> list[Judged]:
    """The linear heads without law and second stages."""
    scores = fit_heads(train, range(len(train.examples)), config.linear).logits(data.vectors)
    return _judged(scores["attribute"], scores["category"], scores["clause"], labels)


def network(scores: Floats, labels: Labels) -> list[Judged]:
    """A network's own scores."""
    attribute, category, clause = (scores[:, labels.part(head)] for head in ("attribute", "category", "clause"))
    return _judged(attribute, category, clause, labels)


def means(work: Path, items: Sequence[Item], labels: Labels) -> Floats:
    """Mean states of the deep network, one row a document, of shape (documents, width)."""
    rows = np.stack([passages.mean(dim=0).numpy() for passages in all_means(Judge(deep(work), labels.count), items)])
    return np.asarray(rows, dtype=np.float64)


def frozen(train: Prepared, data: Prepared, inputs: tuple[Floats, Floats], labels: Labels) -> list[Judged]:
    """Linear heads over the frozen network's means."""
    centre, spread = inputs[0].mean(axis=0), inputs[0].std(axis=0) * np.sqrt(inputs[0].shape[1])
    known, asked = ((rows - centre) / spread for rows in inputs)
    model = LogisticRegression(C=3.0, max_iter=3000).fit(known, [e.attribute for e in train.examples])
    order = [list(model.classes_).index(name) for name in ATTRIBUTES]
    attribute = np.asarray(model.predict_log_proba(asked))[:, order]
    wanted: dict[str, tuple[Sequence[str], Callable[[Example], Sequence[str]]]] = {
        "category": (labels.category, lambda e: e.categories),
        "clause": (labels.clause, lambda e: sorted(e.negative)),
    }
    many = {head: _one_against_rest(train, known, asked, *how) for head, how in wanted.items()}
    return _judged(attribute, many["category"], many["clause"], labels)


def _one_against_rest(
    train: Prepared, known: Floats, asked: Floats, names: Sequence[str], codes: Callable[[Example], Sequence[str]]
) -> Floats:
    scores = np.full((len(asked), len(names)), -6.0)
    for column, name in enumerate(names):
        target = [int(name in codes(example)) for example in train.examples]
        if sum(target) >= 2:
            fitted = LogisticRegression(C=3.0, solver="liblinear").fit(known, target)
            scores[:, column] = fitted.decision_function(asked)
    return scores


def int8_scores(folder: Path, data: Prepared, items: Sequence[Item], labels: Labels) -> Floats:
    """The shipped encoder's raw scores."""
    encoder = Encoder.read(folder)
    assert encoder is not None
    rows = []
    for reading, item in zip(data.readings, items, strict=True):
        read = encoder(reading, item.marks)
        rows.append(np.concatenate([read.scores[head] for head in ("attribute", "category", "clause")]))
    return np.stack(rows)


def compare(
    material: Material, folder: Path, config: Config, work: Path, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Figures of every judge; the last two rows are the product in its two modes.

    A network that the work folder does not hold keeps the figures that it had `before`, or is left out.
    """
    data = prepare(material.held, [], material.data.rules, material.data.readings[0].segmenter)
    labels, pieces = labels_of(data), Pieces.read(folder)
    items = items_of(data, pieces, labels)
    shipped = "slim" if config.slim.steps else "shallow"

    def both() -> tuple[Floats, Floats]:
        asked = means(work, items, labels)  # the few first: a missing network is told before all others are read
        return means(work, items_of(material.data, pieces, labels), labels), asked

    judges: dict[str, Callable[[], Sequence[Judged]]] = {
        "rules alone": lambda: rules_alone(data, labels),
        "linear": lambda: linear_alone(material.data, data, labels, config),
        "frozen deep encoder + linear": lambda: frozen(material.data, data, both(), labels),
        "deep encoder, taught heads": lambda: taught("deep", config, work, items, labels, MOST_MEANS),
        f"{shipped} encoder, taught heads": lambda: taught("slim", config, work, items, labels, config.serve.passages),
        f"{shipped}, 8-bit": lambda: network(int8_scores(folder, data, items, labels), labels),
        "linear + law (fast mode)": lambda: [one for _, one in product(folder, material.held, True)],
        "all together": lambda: [one for _, one in product(folder, material.held, False)],
    }
    found = {}
    for name, judge in judges.items():
        try:
            found[name] = as_json(_short(material.held, judge()))
        except MissingStep:
            continue
    modes, rows = list(found)[-2:], {**(before or {}), **found}
    return {name: row for name, row in rows.items() if name not in modes} | {name: rows[name] for name in modes}


def taught(name: str, config: Config, work: Path, items: Sequence[Item], labels: Labels, most: int) -> list[Judged]:
    """What a taught network says, read from its checkpoint. Raises MissingStep."""
    return network(scores_of(trained(name, config, work, labels), items, labels, most).astype(np.float64), labels)


def _short(examples: Sequence[Example], rows: Sequence[Judged]) -> Mapping[str, float | None]:
    found = figures(list(zip(examples, rows, strict=True)))
    return {name: found[name] for name in SHOWN}
