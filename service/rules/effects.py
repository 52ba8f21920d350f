"""What changed rows touch, told from what earlier screenings said: for documents whose text is not kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.service.rules.comparing import Change
from gongkai.service.wire import Json

#: The tables whose rows are named in results, and the figure that counts them.
FIGURES = {"negative.toml": "clause", "reasons.toml": "reason", "catalog.toml": "category"}


@dataclass(frozen=True, slots=True)
class Touched:
    """A changed row that earlier suggestions named, and how many documents it was."""

    file: str
    key: str
    name: str
    documents: int


def touched(changes: tuple[Change, ...], figures: Json) -> tuple[Touched, ...]:
    """Changed rows by how many documents they were named for, most first; `figures` as `statistics.counts` has them."""
    return tuple(sorted(_touched(changes, figures), key=lambda one: -one.documents))


def _touched(changes: tuple[Change, ...], figures: Json) -> Iterator[Touched]:
    for change in changes:
        if change.file in FIGURES and change.key:
            count = figures[FIGURES[change.file]].get(change.key, 0)
            yield Touched(change.file, change.key, change.name, count)


def untold(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """The files with changes whose effect only judging anew can tell."""
    return tuple(sorted({change.file for change in changes} - set(FIGURES)))
