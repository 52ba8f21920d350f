"""A record of a screened archive as rows of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from gongkai.service.screening.results.entries import Entry, joined
from gongkai.service.store.tables import Kept
from gongkai.service.wire import Json

#: A file name may hold a person's name.
UNTITLED = "（无标题）"
#: What a new screening may change of a document; its decisions, owner and unit stay.
CHANGING = (
    "title", "number", "issuer", "issued", "genre", "attribute", "confidence", "handling", "needs_review", "pile",
    "rank", "group", "place",
)  # fmt: skip
#: What people added to a place, which a new screening keeps.
ADDED = ("second",)


def unit_key(name: str) -> str:
    """A short name for a unit that filters can hold."""
    return "u:" + hashlib.sha256(name.encode()).hexdigest()[:12]


def keys(entry: Entry) -> Iterator[str]:
    """What a record can be found by: unit, year, first category, clauses."""
    record = entry.record
    if entry.unit:
        yield unit_key(entry.unit)
    if record.year:
        yield f"y:{record.year}"
    yield from (f"c:{row['code']}" for row in record.result.get("categories", ())[:1])
    yield from dict.fromkeys(f"n:{hit['clause']}" for hit in record.result.get("negative", ()))


def place(entry: Entry) -> Json:
    """Where a record stands, with what its row on the page and the export need, so that no other row is read."""
    at, joint, result = entry.place, entry.joint, entry.record.result
    return {
        "keys": list(keys(entry)),
        "risk": at.risk,
        "group": at.group,
        "series": at.series,
        "exception": at.exception,
        "follows": at.follows,
        "source": entry.source,
        "published": at.published,
        "remarks": list(at.remarks),
        "joint": [joint.number, joint.size, joint.exceptions, entry.leads] if joint else [],
        "reasons": list(dict.fromkeys(row["code"] for row in result.get("reasons", ()))),
        "category": next((row["code"] for row in result.get("categories", ())), ""),
        "unit": entry.unit,
        "recorded": entry.recorded("attribute"),
        "files": [[row.path, row.role.value, row.digest] for row in entry.files],
        "parts": [[part.name, part.role.value, part.attribute] for part in entry.record.parts],
    }


def told(entry: Entry) -> Json:
    """The columns that a screening settles."""
    record = entry.record
    return {
        "title": record.title or UNTITLED, "number": record.number, "issuer": record.issuer, "issued": record.issued,
        "genre": record.genre, "attribute": record.attribute, "confidence": record.confidence,
        "handling": record.handling, "needs_review": record.needs_review, "pile": entry.place.pile.value,
        "rank": entry.place.rank, "group": joined(entry.place) if entry.joint else "", "place": place(entry),
    }  # fmt: skip


def renew(kept: Kept, entry: Entry, at: datetime) -> bool:
    """Bring a row up to what the archive says now; whether anything changed."""
    now = told(entry)
    now["place"] |= {key: kept.place[key] for key in ADDED if key in kept.place}
    changed = {name: now[name] for name in CHANGING if getattr(kept, name) != now[name]}
    for name, value in changed.items():
        setattr(kept, name, value)
    if changed:
        kept.changed, kept.version = at, kept.version + 1
    return bool(changed)


def result(entry: Entry) -> Json:
    """The output contract as the store keeps it."""
    return {key: value for key, value in entry.record.result.items() if key != "title"}


def quotes(entry: Entry) -> list[list[str]]:
    """Words of evidence with their codes."""
    return [[quote.code, quote.words] for quote in entry.record.quotes]
