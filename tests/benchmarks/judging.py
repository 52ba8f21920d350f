"""Stage `attribute`: how often the attribute is right on documents that neither side was fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import resources

import numpy as np
from baseline import NAME, fitted, probabilities
from documents import authored, examples, gold, trained_on
from measure import Plan, Row, Table

from gongkai.model.calibration import softmax
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import Screener
from gongkai.model.words import Segmenter
from gongkai.training.config import Linear
from gongkai.training.evaluate import Judged, attribute_figures
from gongkai.training.fit import ATTRIBUTES, fit_heads, prepare
from gongkai.training.vectors import folds

FIGURES = (
    "accuracy_strict", "accuracy_acceptable", "withheld_recall", "withheld_called_proactive", "over_withholding",
)  # fmt: skip


def measure(plan: Plan) -> Table:
    """Both sides on the same documents, fitted on the same others."""
    table = _left_out(plan)
    if plan.gold:
        _on_gold(plan, table)
    return table


def _row(what: str, seen: str, papers: Sequence[object], scores: np.ndarray) -> Row:
    said = [Judged(dict(zip(ATTRIBUTES, row.tolist(), strict=True)), frozenset(), (), frozenset()) for row in scores]
    figures = attribute_figures(list(zip(papers, said, strict=True)))
    return {"what": what, "seen": seen, "documents": len(papers), **{name: figures[name] for name in FIGURES}}


def _left_out(plan: Plan) -> Table:
    known = examples(plan.a_group)
    # The attribute is all that is asked for: without other labels, the other heads cost nothing.
    bare = [replace(e, categories=(), reasons=(), negative=frozenset()) for e in known]
    data = prepare(bare, [], Rulebook.load(), Segmenter(resources.files("gongkai.model.weights")))
    ours, plain, tested = [], [], []
    splits = folds([example.group for example in known])[: plan.groups]
    for train, test in splits:
        heads = fit_heads(data, train, Linear())
        ours.append(softmax(heads.logits([data.vectors[i] for i in test])["attribute"], 1.0))
        model = fitted([known[i].document.text for i in train], [known[i].attribute for i in train])
        plain.append(probabilities(model, [known[i].document.text for i in test]))
        tested += [known[i] for i in test]
    table = Table(f"attribute: {len(splits)} groups of agencies, each judged by models fitted on the other groups")
    table.rows.append(_row("gongkai, refitted", "no", tested, np.vstack(ours)))
    table.rows.append(_row(NAME, "no", tested, np.vstack(plain)))
    table.notes.append(
        "fitted on authored documents alone; but gongkai's rule tables were written with all groups in view"
    )
    return table


def _on_gold(plan: Plan, table: Table) -> None:
    papers, screener, known = gold(plan.gold), Screener.load(), authored()
    labels = [screener(paper.fresh()).opinion.label for paper in papers]
    ours = np.array([[float(label == name) for name in ATTRIBUTES] for label in labels])
    model = fitted([paper.text for paper in known], [paper.attribute for paper in known])
    seen = trained_on(papers)
    word = f"{seen} of {len(papers)}"
    name = plan.gold.name
    table.rows.append(_row(f"gongkai as shipped, {name}", word, papers, ours))
    table.rows.append(_row(f"{NAME}, {name}", word, papers, probabilities(model, [paper.text for paper in papers])))
    table.notes.append(f"{name}: 'seen' counts authored texts among them; who tuned rules on the rest it can't know")
