"""What a corpus holds and what is wrong with it, before anything is trained on it: counts, conflicts, leaks."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.training.authored import CorpusError, Example
from gongkai.training.corpus import Corpus, Problem, load_corpus
from gongkai.training.describe import counted
from gongkai.training.duplicates import THRESHOLD, Pair, pairs
from gongkai.training.fields import says_label, strip_labels
from gongkai.training.splits import Rule, held_out, read_rule

HELD_OUT = Path("corpora/heldout.toml")
SHORT = 100


def add_report(commands: Any) -> None:  # noqa: ANN401 - argparse's own type has no public name
    """Declare the sub-command."""
    command = commands.add_parser("report", help="语料的数量、标注冲突、泄漏和重复")
    command.add_argument("sources", type=Path, nargs="+", metavar="SOURCE", help="标注目录、JSONL、CSV 或 XLSX")
    command.add_argument("--mapping", type=Path, help="办公系统导出表的映射表（TOML）")
    command.add_argument("--heldout", type=Path, help=f"留出规则（TOML），默认 {HELD_OUT}（有的话）")
    command.add_argument("--threshold", type=_share, default=THRESHOLD, help="近似重复的相似度，默认 %(default)s")
    command.add_argument("--json", action="store_true", help="打印 JSON")


def run_report(options: argparse.Namespace) -> str:
    """What the sub-command prints. Raises CorpusError."""
    from gongkai.training.reporttable import as_table

    corpora = [load_corpus(source, options.mapping) for source in options.sources]
    chosen = options.heldout or (HELD_OUT if HELD_OUT.is_file() else None)
    found = report(corpora, read_rule(chosen) if chosen else Rule(), options.threshold)
    return json.dumps(found, ensure_ascii=False, indent=1) if options.json else as_table(found)


def _share(text: str) -> float:
    value = float(text)
    if not 0 < value <= 1:
        raise argparse.ArgumentTypeError("相似度要大于 0、不大于 1")
    return value


def report(corpora: Sequence[Corpus], rule: Rule, threshold: float = THRESHOLD) -> dict[str, Any]:
    """Everything that can be said of some corpora together, as JSON: ids, places and counts, never text.

    Raises CorpusError when there is no document at all.
    """
    examples = [example for corpus in corpora for example in corpus.examples]
    problems = [problem for corpus in corpora for problem in corpus.problems]
    if not examples and not problems:
        raise CorpusError("语料里没有文件，请检查路径。")
    alike = pairs([example.document.text for example in examples], threshold)
    differ = [pair for pair in alike if _differ(examples[pair.first], examples[pair.second])]
    across = [pair for pair in alike if rule.meets(examples[pair.first]) != rule.meets(examples[pair.second])]
    return {
        "documents": len(examples),
        "sources": {corpus.name: len(corpus.examples) for corpus in corpora},
        "counts": composition(examples),
        "conflicts": {
            "between": [_pair(examples, pair) for pair in differ],
            "within": [_problem(problem) for problem in problems if problem.kind == "conflict"],
        },
        "leaks": {
            "label_words": [label for corpus in corpora for label in _label_words(corpus)],
            "authored_annotations": sum(_annotated(corpus) for corpus in corpora if corpus.authored),
            "across_split": [_pair(examples, pair) for pair in across],
        },
        "held_out": len(held_out(examples, rule, threshold)[1]) if rule != Rule() else 0,
        "duplicates": [_pair(examples, pair) for pair in alike],
        "same_id": sorted(name for name, n in Counter(e.document.id for e in examples).items() if n > 1),
        "short": [example.document.id for example in examples if _visible(example) < SHORT],
        "dropped": [_problem(problem) for problem in problems if problem.kind in ("dropped", "unlabelled")],
        "labels_left_out": [_problem(problem) for problem in problems if problem.kind == "label"],
    }


def composition(examples: Sequence[Example]) -> dict[str, dict[str, int]]:
    """Counts by each label and by what the documents are; `(none)` where it is not known."""
    return {
        "attribute": _named(example.attribute for example in examples),
        "category": _named(code for example in examples for code in example.categories or ("",)),
        "clause": dict(sorted(counted(clause for example in examples for clause in example.negative).items())),
        "near": dict(sorted(counted(clause for example in examples for clause in example.near).items())),
        "genre": _named(example.genre for example in examples),
        "year": dict(sorted(_named(example.year for example in examples).items())),
        "level": _named(example.level for example in examples),
        "group": _named(example.group for example in examples),
    }


def short_report(examples: Sequence[Example]) -> str:
    """A few Chinese lines about what is about to be trained on."""
    alike = pairs([example.document.text for example in examples])
    differ = sum(_differ(examples[pair.first], examples[pair.second]) for pair in alike)
    attributes = "，".join(f"{name} {n}" for name, n in counted(map(_attribute, examples)).items())
    groups, genres = {e.group for e in examples}, {e.genre for e in examples if e.genre}
    clauses = {clause for example in examples for clause in example.negative}
    return "\n".join(
        (
            f"语料 {len(examples)} 篇：{attributes}",
            f"{len(groups)} 组机关，{len(genres)} 种文种，{len(clauses)} 条负面清单条款有例子",
            f"近似重复 {len(alike)} 对，其中标注不一致 {differ} 对；不足 {SHORT} 字的 "
            f"{sum(_visible(e) < SHORT for e in examples)} 篇",
        )
    )


def _named(values: Iterable[str]) -> dict[str, int]:
    return counted(value or "(none)" for value in values)


def _attribute(example: Example) -> str:
    return Attribute(example.attribute).label if example.attribute_known else "未标"


def _visible(example: Example) -> int:
    return len("".join(example.document.text.split()))


def _differ(one: Example, other: Example) -> bool:
    """Whether both have an attribute and neither's is acceptable to the other."""
    if not (one.attribute_known and other.attribute_known):
        return False
    return one.attribute not in other.acceptable or other.attribute not in one.acceptable


def _pair(examples: Sequence[Example], pair: Pair) -> dict[str, Any]:
    one, other = examples[pair.first], examples[pair.second]
    return {
        "ids": [one.document.id, other.document.id],
        "similarity": round(pair.similarity, 3),
        "same_text": one.document.text.strip() == other.document.text.strip(),
        "attributes": [one.attribute, other.attribute],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {"file": problem.file, "row": problem.row, "message": problem.message}


def _label_words(corpus: Corpus) -> list[str]:
    """Documents in whose text words of a label still stand, though they should have left it."""
    if corpus.authored:
        return []
    return [example.document.id for example in corpus.examples if says_label(example.document.text)]


def _annotated(corpus: Corpus) -> int:
    """How many texts carry a label that stays in them on purpose."""
    rules = Rulebook.load()
    return sum(bool(strip_labels(example.document.text, rules).labels) for example in corpus.examples)
