"""A document against its catalog item: key fields, publisher, level, what to check before it is made public."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gongkai.model.document import Document, Span
from gongkai.model.duties.keyfields import Completeness, completeness
from gongkai.model.duties.publishers import level_of
from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.catalog.items import Item, items
from gongkai.service.secrecy import unclassified
from gongkai.service.wire import Json

#: Enough for a plan with its tables; what stands behind isn't looked through.
MOST = 200_000


@dataclass(frozen=True, slots=True)
class Field:
    """A key field with the words in its place; nothing where it is missing, `sure` False where nobody can tell."""

    name: str
    basis: str
    words: str
    span: Span | None
    sure: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """What a document says of the fields of its item, and what to look at first."""

    item: Item
    fields: tuple[Field, ...]
    remarks: tuple[str, ...]

    @property
    def missing(self) -> tuple[Field, ...]:
        """Fields that the item asks for and the document lacks."""
        return tuple(field for field in self.fields if field.sure and not field.words)


def checked(text: str, title: str, code: str, rules: Rulebook, *, clauses: Iterable[str] = ()) -> Checked:
    """A text under one item; `clauses` are those of the negative list that hit it. Raises RequestError and,
    for a secrecy mark, ClassifiedDocument."""
    item = next((one for one in items(rules) if one.row.code == code), None)
    if item is None:
        raise RequestError("目录里没有这一项，请从目录中选择。")
    document = Document("text", text[:MOST] or " ", title)
    elements = unclassified(document, rules)
    found = completeness(document, elements, code, rules)
    signed = elements.parts.get("署名")
    issuer = elements.issuer or (signed.of(document.text) if signed else "")
    return Checked(item, _fields(found, document.text), remarks(item, issuer, tuple(clauses)))


def nearest(codes: Sequence[str], rules: Rulebook) -> str:
    """The likeliest of several items; where it names no fields, the likeliest below it that does."""
    known = [rules.category[code] for code in codes if code in rules.category]
    first = known[0].code if known else ""
    below = (row.code for row in known if row.code.startswith(first) and row.key_fields)
    return next(below, first)


def _fields(found: Completeness, text: str) -> tuple[Field, ...]:
    return tuple(
        Field(one.name, one.basis, _short(one.span.of(text)) if one.span else "", one.span, one.sure)
        for one in found.fields
    )


def _short(words: str, most: int = 60) -> str:
    line = " ".join(words.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def remarks(item: Item, issuer: str, clauses: Sequence[str]) -> tuple[str, ...]:
    """What a person should look at before an item is made public: who publishes it, what has to stay out."""
    told = [
        f"命中“{title}”，{item.row.name}公开前先核对，属于这一条的除外。"
        for id, title in item.exclusions
        if id in clauses
    ]
    level = level_of(issuer)
    if level and item.levels and level not in item.levels:
        told.append(f"这一项由{'、'.join(item.levels)}公开，发文机关“{issuer}”看来是{level}，请核对公开主体。")
    return tuple(told)


def to_json(found: Checked) -> Json:
    """What the API and `gongkai fields --format json` answer."""
    row = found.item.row
    return {
        "category": {"code": row.code, "name": row.name, "five_public": row.five_public, "basis": row.basis},
        "deadline": {"code": row.deadline, "name": found.item.deadline},
        "publisher": found.item.publisher,
        "columns": list(row.site),
        "fields": [_field(one) for one in found.fields],
        "missing": [one.name for one in found.missing],
        "complete": not found.missing,
        "remarks": list(found.remarks),
    }


def _field(one: Field) -> Json:
    span = {"start": one.span.start, "end": one.span.end} if one.span else None
    return {"name": one.name, "basis": one.basis, "found": bool(one.words), "sure": one.sure, "span": span}
