"""Figures of the product on held-out documents, kept in the model folder, where the model card is written from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gongkai.training.authored import CorpusError, Example
from gongkai.training.corpus import read_corpus
from gongkai.training.evaluate import GROUPINGS, Judged, by_group, clause_counts, figures, risk_coverage
from gongkai.training.leaks import leak_figures
from gongkai.training.run import note, product
from gongkai.training.splits import held_out, read_rule
from gongkai.training.vectors import as_json

STEPS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
RISK = 0.01


def summary(pairs: Sequence[tuple[Example, Judged]]) -> dict[str, Any]:
    """Whole figures, by part, by clause, and the risk–coverage curve at tenths of the documents."""
    curve = risk_coverage(pairs)
    fits = [point["coverage"] for point in curve if point["wrong_proactive"] <= RISK]
    return {
        "all": figures(pairs),
        "by": {grouping: by_group(pairs, grouping) for grouping in GROUPINGS},
        "clauses": clause_counts(pairs),
        "curve": [curve[max(0, round(step * len(curve)) - 1)] for step in STEPS],
        "confirmed_at_risk": {"wrong_proactive": RISK, "coverage": max(fits, default=0.0)},
    }


def evaluate(corpus: Path, held: Path, model: Path, fast: bool, errors: bool) -> Any:  # noqa: ANN401 - JSON
    """Run the product over the held-out part of a corpus and keep the figures in the model folder.

    Raises CorpusError when nothing is held out.
    """
    _, test = held_out(read_corpus(corpus), read_rule(held))
    if not test:
        raise CorpusError(f"按 {held.name} 没有留出任何文件，请检查留出规则。")
    pairs = product(model, test, fast)
    found = summary(pairs)
    found["personal"] = leak_figures([(example, one.hidden) for example, one in pairs])
    note(model, **{"evaluated_fast" if fast else "evaluated": found})
    wrong = [
        {"id": e.document.id, "gold": e.attribute, "said": j.label, "confidence": j.confidence, "review": j.review}
        for e, j in pairs
        if j.label not in e.acceptable
    ]
    whole = found["all"] | {"personal": found["personal"]}
    return as_json(whole | {"confirmed": found["confirmed_at_risk"], **({"errors": wrong} if errors else {})})
