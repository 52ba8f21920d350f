"""Surnames: how common each is, with which one a name begins, and for which one a short form stands."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def surnames() -> dict[str, int]:
    """Surnames with how common they are: 1 very, 2 common, 3 rare, 4 compound or a minority name's beginning."""
    rows = (resources.files("gongkai.model.tables") / "surnames.tsv").read_text("utf-8").split("\n")
    return {name: int(rank) for name, rank in (row.split("\t") for row in rows if row and not row.startswith("#"))}


@cache
def first_characters() -> frozenset[str]:
    """With which characters a surname begins: most words don't begin with one, and need no further look."""
    return frozenset(name[0] for name in surnames())


def surname_of(bare: str) -> str:
    """The surname a name begins with; empty when it begins with none."""
    known = surnames()
    return bare[:2] if known.get(bare[:2]) == 4 and len(bare) > 2 else bare[:1] if bare[:1] in known else ""


def short_of(bare: str) -> str:
    """The surname that a short form (老李, 李) stands for; empty for a whole name."""
    return bare[1:] if len(bare) == 2 and bare[0] in "老小阿" else bare if len(bare) == 1 else ""
