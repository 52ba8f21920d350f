"""What the order needs of each record, held in memory for all of them: under a kilobyte a record, no text."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gongkai.model.dates import DATE, as_date
from gongkai.model.doubt import marked_attribute
from gongkai.model.finding import Attribute, Handling
from gongkai.model.folding import fold
from gongkai.model.likeness import SLOTS
from gongkai.model.references import number_key, title_key
from gongkai.service.screening.records import Cited, Record, Role
from gongkai.service.screening.store import Store

Prints = NDArray[np.uint16]
STOPPED = (Handling.stop_classified.value, Handling.out_of_scope.value)
_DECLARED = {
    **{attribute.label: attribute.value for attribute in Attribute},
    **{attribute.value: attribute.value for attribute in Attribute},
    "公开": Attribute.proactive.value,
    "依申请": Attribute.on_request.value,
    "不公开": Attribute.withheld.value,
}


@dataclass(frozen=True, slots=True)
class Outline:
    """One record in short. `annotated` is the attribute written in the text, `declared` the register's, or nothing.

    `scores` follow the order of Attribute; `options` counts the attributes that can't be ruled out; `clauses` are the
    negative list's; `forwards` what it carries; `parts` role and attribute of each part of a bundle; the
    keys are number and title in one spelling.
    """

    digest: str
    title: str
    number: str
    issued: str
    attribute: str
    confidence: float
    scores: tuple[float, ...]
    options: int
    handling: str
    needs_review: bool
    clauses: frozenset[str] = frozenset()
    annotated: str = ""
    declared: str = ""
    forwards: tuple[Cited, ...] = ()
    parts: tuple[tuple[Role, str], ...] = ()
    number_key: str = field(init=False)
    title_key: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "number_key", number_key(self.number))
        object.__setattr__(self, "title_key", title_key(self.title))

    @property
    def classified(self) -> bool:
        """Whether it carries a secrecy mark."""
        return self.handling == Handling.stop_classified.value

    @property
    def stopped(self) -> bool:
        """Whether nobody determines its attribute here."""
        return self.handling in STOPPED


@dataclass(frozen=True, slots=True)
class Backlog:
    """All records in the order of their digests; row i of the fingerprints belongs to outline i, noughts where none."""

    outlines: tuple[Outline, ...]
    signatures: Prints
    moulds: Prints


def read(store: Store, run: int | None = None) -> Backlog:
    """The records with a file of this run or later, else of the last whole one. Raises OutputError."""
    declared = _declared(store, run)
    outlines, signatures, moulds = [], bytearray(), bytearray()
    empty = bytes(2 * SLOTS)
    for record in store.records(run):
        outlines.append(outlined(record, declared.get(record.digest, "")))
        signatures += record.signature or empty
        moulds += record.mould or empty
    return Backlog(tuple(outlines), _prints(signatures), _prints(moulds))


def attribute_of(value: str) -> str:
    """The attribute that a field of a register or list names, in Chinese or by its code; nothing where none."""
    return _DECLARED.get("".join(value.split()), "")


def outlined(record: Record, declared: str = "") -> Outline:
    """One record in short; of a stopped one nothing but that."""
    result = record.result
    attribute = result.get("attribute", {})
    scores = attribute.get("scores", {})
    annotation = result.get("elements", {}).get("annotation", "")
    return Outline(
        digest=record.digest,
        title=record.title,
        number=record.number,
        issued=_day(record.issued),
        attribute=_one(record.attribute),
        confidence=record.confidence,
        scores=tuple(float(scores.get(name.value, 0.0)) for name in Attribute),
        options=len(attribute.get("set", ())),
        handling=_one(record.handling),
        needs_review=record.needs_review,
        clauses=_set(tuple(sorted({hit["clause"] for hit in result.get("negative", ())}))),
        annotated=marked_attribute(annotation).value if annotation else "",
        declared=declared,
        forwards=tuple(cited for cited in record.cited if cited.relation == "forwards"),
        parts=tuple((part.role, _one(part.attribute)) for part in record.parts),
    )


def _declared(store: Store, run: int | None) -> dict[str, str]:
    """What registers say of the main file of each record."""
    found: dict[str, str] = {}
    for row in store.files(run=run):
        if row.record and row.role == Role.main and (value := attribute_of(row.fields.get("attribute", ""))):
            found.setdefault(row.record, value)
    return found


def _day(issued: str) -> str:
    """A day in ISO 8601, also where a register writes it in Chinese; nothing for what is no day."""
    match = DATE.search(fold(issued))
    day = as_date(match) if match else None
    return day.isoformat() if day else ""


def _prints(joined: bytearray) -> Prints:
    return np.frombuffer(bytes(joined), dtype="<u2").reshape(-1, SLOTS)


@cache
def _one(word: str) -> str:
    """The same string for the same word, so that a hundred thousand records share a handful."""
    return word


@cache
def _set(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)
