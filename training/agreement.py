"""How far two readers of the same documents agree: the labels in the corpus, and a second reader's."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.model.document import Span
from gongkai.model.estimates import kappa
from gongkai.training.authored import CorpusError, Example
from gongkai.training.leaks import hidden_places, leak_figures

#: By the id of a document, the places that a second reader hides, each with what stands there.
Marks = dict[str, tuple[tuple[Span, str], ...]]


@dataclass(frozen=True, slots=True)
class Reader:
    """What one more reader says about one document; categories best first."""

    attribute: str
    acceptable: frozenset[str]
    categories: tuple[str, ...]
    negative: frozenset[str]


def read_second(path: Path) -> dict[str, Reader]:
    """A second reader's JSONL (`id`, `attribute`, `acceptable`, `categories`, `negative`) by id. Raises CorpusError."""
    found = {}
    for place, line in enumerate(path.read_text("utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found[str(row["id"])] = Reader(
                str(row["attribute"]),
                frozenset(row["acceptable"]),
                tuple(row["categories"]),
                frozenset(row["negative"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(f"{path.name} 第 {place} 行不是第二读者的标注，请对照标注规范改正。") from error
    return found


def read_marks(path: Path) -> Marks:
    """A second reader's marks of personal data, JSONL (`id`, `marks` [{`start`, `end`, `action`, `text`}]): what goes.

    Raises CorpusError.
    """
    found: Marks = {}
    for place, line in enumerate(path.read_text("utf-8-sig").split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            goes = [mark for mark in row["marks"] if mark["action"] == "mask"]
            found[str(row["id"])] = tuple((Span(int(m["start"]), int(m["end"])), str(m["text"])) for m in goes)
        except (ValueError, KeyError, TypeError) as error:
            raise CorpusError(f"{path.name} 第 {place} 行不是个人信息标注，请对照标注规范改正。") from error
    return found


def marks_agreement(examples: Sequence[Example], second: Marks) -> dict[str, Any]:
    """What the second reader's marks leave open of the first's, as the product is measured, and `pieces`: how many that
    the first hides the second covers, meets in part (another edge) or leaves. Raises CorpusError."""
    read = [(example, second[example.document.id]) for example in examples if example.document.id in second]
    pieces = Counter[str](covered=0, partly=0, left=0)
    pairs = []
    for example, marks in read:
        text = example.document.text
        if any(span.of(text) != said for span, said in marks):
            raise CorpusError(f"第二读者对 {example.document.id} 的标注与正文不符，请对照现在的正文重新标注。")
        spans = [span for span, _ in marks]
        hidden = hidden_places(len(text), spans)
        pairs.append((example, spans))
        for mark in example.marked:
            if not mark.keep:
                met = hidden[mark.span.start : mark.span.end]
                pieces["covered" if all(met) else "partly" if any(met) else "left"] += 1
    return {"documents": len(pairs), **leak_figures(pairs), "pieces": dict(pieces)}


def agreement(examples: Sequence[Example], second: dict[str, Reader]) -> dict[str, Any]:
    """Agreement over the documents that both have read, field by field. Raises CorpusError when there are none."""
    pairs = [(example, second[example.document.id]) for example in examples if example.document.id in second]
    if not pairs:
        raise CorpusError("两位读者没有标注过同一篇文件，请检查 --corpus 和 --second。")
    return {
        "documents": len(pairs),
        "attribute": _attribute(pairs),
        "categories": _categories(pairs),
        "clauses": _clauses(pairs),
    }


def _share(cases: Sequence[bool]) -> float:
    return sum(cases) / len(cases)


def _attribute(pairs: Sequence[tuple[Example, Reader]]) -> dict[str, float]:
    """`acceptable`: the second reader's attribute is one that the first calls defensible, and the other way round."""
    first, other = [e.attribute for e, _ in pairs], [r.attribute for _, r in pairs]
    return {
        "kappa": kappa(first, other),
        "same": _share([a == b for a, b in zip(first, other, strict=True)]),
        "second_acceptable_to_first": _share([r.attribute in e.acceptable for e, r in pairs]),
        "first_acceptable_to_second": _share([e.attribute in r.acceptable for e, r in pairs]),
    }


def _categories(pairs: Sequence[tuple[Example, Reader]]) -> dict[str, float]:
    """`top1`, `top3`: the second reader's first code, or one of the first three, is one of the first reader's."""
    return {
        "kappa": kappa([e.categories[:1] for e, _ in pairs], [r.categories[:1] for _, r in pairs]),
        "top1": _share([r.categories[:1] != () and r.categories[0] in e.categories for e, r in pairs]),
        "top3": _share([bool(set(r.categories[:3]) & set(e.categories)) for e, r in pairs]),
    }


def _clauses(pairs: Sequence[tuple[Example, Reader]]) -> dict[str, Any]:
    """Pooled over (document, clause) pairs of every clause that either reader names."""
    names = sorted({clause for e, r in pairs for clause in e.negative | r.negative})
    cells = [(clause, clause in e.negative, clause in r.negative) for e, r in pairs for clause in names]
    both = Counter(clause for clause, a, b in cells if a and b)
    one, other = Counter(c for c, a, _ in cells if a), Counter(c for c, _, b in cells if b)
    named = sum(one.values()) + sum(other.values())
    return {
        "kappa": kappa([a for _, a, _ in cells], [b for _, _, b in cells]) if cells else 1.0,
        "f1": 2 * sum(both.values()) / named if named else 1.0,
        "by_clause": {c: {"first": one[c], "second": other[c], "both": both[c]} for c in names},
    }
