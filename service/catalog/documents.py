"""The key fields of a kept document: from its kept text, under the item that people or the machine put it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import latest_screening, seen, text_of
from gongkai.service.catalog.coverage import category_of
from gongkai.service.catalog.fields import Checked, checked, nearest, remarks, to_json
from gongkai.service.catalog.items import items
from gongkai.service.review.opinions import unbiased
from gongkai.service.store.vault import Vault
from gongkai.service.wire import Json


@dataclass(frozen=True, slots=True)
class Shown:
    """What can be said of a document's item: everything where its text is there (`source` text), else the item alone
    (`item`), or that nobody knows it (`none`)."""

    found: Checked | None
    source: str


def of_kept(session: Session, vault: Vault, rules: Rulebook, actor: Actor, document: str, *, at: datetime) -> Shown:
    """What a kept document says of the fields of its item. Raises NotFound, NotAllowed."""
    kept = seen(session, actor, document, at=at)
    unbiased(session, actor, kept)
    screened = latest_screening(session, document)
    said = [row["code"] for row in screened.result["categories"]] if screened else []
    code = nearest([category_of(session, document), *said], rules)
    item = next((one for one in items(rules) if one.row.code == code), None)
    if item is None:
        return Shown(None, "none")
    clauses = {hit["clause"] for hit in screened.result["negative"]} if screened else set()
    text = text_of(session, vault, kept)
    if text is None:
        return Shown(Checked(item, (), remarks(item, kept.issuer, tuple(clauses))), "item")
    return Shown(checked(text, kept.title, code, rules, clauses=clauses), "text")


def shown_json(shown: Shown) -> Json:
    """What the API answers."""
    told = to_json(shown.found) if shown.found else _NOTHING
    return {"source": shown.source, **told, "complete": shown.source == "text" and not told["missing"]}


_NOTHING: Json = {
    "category": {"code": "", "name": "", "five_public": "", "basis": ""},
    "deadline": {"code": "", "name": ""},
    "publisher": "",
    "columns": [],
    "fields": [],
    "missing": [],
    "remarks": [],
}
