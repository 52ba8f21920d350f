"""Catalog items as people choose them: by name, with the one above where two share a name."""

from __future__ import annotations

from collections import Counter

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook


def labels(rules: Rulebook) -> dict[str, str]:
    """A name of its own for every code."""
    alike = Counter(row.name for row in rules.categories)
    return {
        row.code: _above(row.code, rules) + row.name if alike[row.name] > 1 else row.name for row in rules.categories
    }


def _above(code: str, rules: Rulebook) -> str:
    parent = rules.category.get(code[:3])
    return f"{parent.name}：" if parent and parent.code != code else ""


def code_of(label: str, rules: Rulebook) -> str:
    """The code that a name or a code stands for, nothing for no words. Raises RequestError for other words."""
    bare = label.strip()
    if not bare or bare in rules.category:
        return bare
    found = next((code for code, name in labels(rules).items() if name == bare), "")
    if not found:
        raise RequestError(f"公开目录里没有“{bare[:30]}”，请从列表里选一项，或者空着。")
    return found
