"""The key fields of a kept document: from its kept text, under the item that people or the machine put it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import latest_screening, seen, text_of
from gongkai.service.casework.statistics import ZONE
from gongkai.service.catalog.coverage import category_of
from gongkai.service.catalog.fields import Checked, checked, nearest, remarks, to_json
from gongkai.service.catalog.items import items
from gongkai.service.review.opinions import unbiased
from gongkai.service.store.duties import Passage
from gongkai.service.store.vault import Vault
from gongkai.service.wire import Json

_PUBLISHED = "发布日期"


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
    found = checked(text, kept.title, code, rules, clauses=clauses)
    return Shown(_published(found, session.get(Passage, document)), "text")


def _published(found: Checked, passage: Passage | None) -> Checked:
    """With the day of publication where one was told: no text can say it, and it is not the day of issue."""
    if passage is None or passage.published is None:
        return found
    day = passage.published.astimezone(ZONE).date().isoformat()
    fields = tuple(replace(one, words=day, sure=True) if one.name == _PUBLISHED else one for one in found.fields)
    return replace(found, fields=fields)


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
