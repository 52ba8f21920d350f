"""What a corpus is made of, counted: the composition that its datasheet states."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gongkai.training.authored import CorpusError, Example, read_folder
from gongkai.training.splits import held_out, read_rule

RARE = 5


def counted(values: Iterable[str], least: int = 1) -> dict[str, int]:
    """Counts, the most frequent first; those under `least` are summed up as `(rarer)`."""
    counts = Counter(values)
    shown = {name: count for name, count in sorted(counts.items(), key=lambda p: (-p[1], p[0])) if count >= least}
    rest = counts.total() - sum(shown.values())
    return {**shown, **({"(rarer)": rest} if rest else {})}


def header(path: Path) -> Mapping[str, str]:
    """The header fields of one marked file, keys and values stripped."""
    lines = path.read_text("utf-8-sig").partition("\n---\n")[0].splitlines()
    return {key.strip(): value.strip() for key, colon, value in (line.partition(":") for line in lines) if colon}


def describe(folder: Path, held: Path | None = None) -> dict[str, Any]:
    """Counts by attribute, handling, group, level, year, genre, clause and type of mark.

    `near` counts the documents that a clause's keywords would wrongly hit; `held` names a rule of what is held out.
    Raises CorpusError.
    """
    examples = list(read_folder(folder))
    if not examples:
        raise CorpusError("语料目录里没有标注文件，请检查 --corpus。")
    heads = [header(path) for path in sorted(folder.glob("*.txt"))]
    lengths = sorted(len(example.document.text) for example in examples)
    return {
        "documents": len(examples),
        "characters": {
            "all": sum(lengths),
            "median": lengths[len(lengths) // 2],
            "least": lengths[0],
            "most": lengths[-1],
        },
        "attribute": counted(example.attribute for example in examples),
        "more_than_one_acceptable": sum(len(example.acceptable) > 1 for example in examples),
        "handling": counted(example.handling or "(none)" for example in examples),
        "group": counted(example.group for example in examples),
        "level": counted(head.get("level", "") for head in heads),
        "year": dict(sorted(counted(head.get("year", "") for head in heads).items())),
        "genre": counted((head.get("genre", "") for head in heads), RARE),
        "clause": dict(sorted(counted(clause for example in examples for clause in example.negative).items())),
        "near": dict(sorted(counted(clause for example in examples for clause in example.near).items())),
        "masked": counted(mark.type for example in examples for mark in example.marked if not mark.keep),
        "kept": counted(mark.type for example in examples for mark in example.marked if mark.keep),
        **({"split": split(examples, held)} if held else {}),
    }


def split(examples: Sequence[Example], held: Path) -> dict[str, dict[str, Any]]:
    """What is trained on and what a rule holds out: documents, and their attributes."""
    parts = zip(("training", "held_out"), held_out(examples, read_rule(held)), strict=True)
    return {name: {"documents": len(part), **counted(example.attribute for example in part)} for name, part in parts}
