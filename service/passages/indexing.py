"""索引号 and classes of what is published: numbers given once and for good, classes by words of the title."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from sqlalchemy.orm import Session

from gongkai.model.tablefile import read_rows
from gongkai.service.rules import owntables
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Setting, Unit

#: Where the number of a passage stands in its bundle.
INDEX = "index"
_LENGTH = 9


@dataclass(frozen=True, slots=True)
class Agency:
    """The code of a unit in its numbers; the row of an empty name is for all others."""

    code: str
    unit: str

    def __post_init__(self) -> None:
        if len(self.code) != _LENGTH or not self.code.isascii() or not self.code.isalnum():
            raise ValueError("的 code 应当是9位字母或者数字，请改正。")


@dataclass(frozen=True, slots=True)
class Class:
    """主题分类: `by` are words of titles; one without any takes the rest."""

    code: str
    name: str
    by: tuple[str, ...]


def agencies(session: Session) -> tuple[Agency, ...]:
    """The rows of agencies.toml, or of the agency's own."""
    return owntables.rows(session, "passages/agencies.toml", Agency)


@cache
def classes() -> tuple[Class, ...]:
    """The rows of classes.toml. Raises RulebookError."""
    return read_rows(resources.files(__package__), "classes.toml", "class", Class)


def subject_of(title: str) -> str:
    """The subject class of a title: the one whose words it has most of, the earlier one among equals."""
    found = max(classes(), key=lambda row: sum(word in title for word in row.by))
    best = sum(word in title for word in found.by)
    return found.name if best else next((row.name for row in classes() if not row.by), "")


def numbered(session: Session, passage: Passage, year: int) -> str:
    """The number of a passage: the one it has, otherwise the next of its agency and year."""
    if given := passage.bundle.get(INDEX):
        return str(given)
    unit = session.get(Unit, passage.unit)
    code = _code(session, unit.name if unit else "")
    key = f"index/{code}/{year}"
    counter = session.get(Setting, key, with_for_update=True)
    if counter is None:
        counter = Setting(key=key, value={"last": 0})
        session.add(counter)
    last = int(counter.value["last"]) + 1
    counter.value = {"last": last}
    number = f"{code}/{year}-{last:05d}"
    passage.bundle = {**passage.bundle, INDEX: number}
    session.flush()
    return number


def _code(session: Session, name: str) -> str:
    known = agencies(session)
    exact = (row.code for row in known if row.unit == name)
    other = (row.code for row in known if not row.unit)
    return next(exact, next(other, "0" * _LENGTH))
