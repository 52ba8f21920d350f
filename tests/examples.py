"""Labelled documents for the tests of training, made on the spot."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gongkai.model.document import Document
from gongkai.training.authored import Example

ROOT = Path(__file__).parents[1]
AUTHORED = ROOT / "corpora" / "authored" / "documents"


def labelled(
    name: str,
    text: str,
    attribute: str,
    *others: str,
    categories: Sequence[str] = (),
    negative: Sequence[str] = (),
    group: str = "",
    **fields,
) -> Example:
    """A document with its labels; `others` are attributes that can be defended as well."""
    return Example(
        document=Document(name, text),
        attribute=attribute,
        acceptable=frozenset({attribute, *others}),
        reasons=(),
        categories=tuple(categories),
        negative=frozenset(negative),
        partial=False,
        handling="full",
        marked=(),
        group=group or name.split("-")[0],
        **fields,
    )
