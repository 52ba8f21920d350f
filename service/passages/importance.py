"""Which documents need three reviews (important.toml), and which ask for a step more (flags.toml)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import read_rows
from gongkai.service.passages.case import Case
from gongkai.service.passages.sheet import Values


@dataclass(frozen=True, slots=True)
class Important:
    """A kind of document that three people look at before it is published; all that a row names must hold."""

    code: str
    name: str
    basis: str
    policy: bool = False
    categories: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not (self.policy or self.categories or self.genres):
            raise ValueError("的 policy、categories、genres 至少要写一样，请改正。")

    def holds(self, values: Values) -> bool:
        """Whether a form is of this kind."""
        category, genre = values.get("category", ""), values.get("genre", "")
        return (
            (not self.policy or values.get("policy") == "是")
            and (not self.categories or category.startswith(self.categories))
            and (not self.genres or genre in self.genres)
        )


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that a document asks for: the step that has to be entered before it is published; `categories` and
    `kinds` of genres are those that it is ticked for to begin with."""

    code: str
    name: str
    step: str
    hint: str
    basis: str
    categories: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@cache
def kinds() -> tuple[Important, ...]:
    """The rows of important.toml. Raises RulebookError."""
    return read_rows(resources.files(__package__), "important.toml", "important", Important)


@cache
def flags() -> tuple[Flag, ...]:
    """The rows of flags.toml. Raises RulebookError."""
    return read_rows(resources.files(__package__), "flags.toml", "flag", Flag)


def important(case: Case) -> tuple[Important, ...]:
    """Why a document is important: the rows that hold; none where it is not published."""
    if case.attribute != Attribute.proactive:
        return ()
    return tuple(row for row in kinds() if row.holds(case.values))


def suggested(values: Values, rules: Rulebook) -> frozenset[str]:
    """Flags to begin with, by the catalog item and the genre of a form."""
    category = values.get("category", "")
    kind = next((row.kind for row in rules.genres if row.name == values.get("genre")), "")
    return frozenset(row.code for row in flags() if category.startswith(row.categories) or kind in row.kinds)
