"""Bring in decisions that were made elsewhere: a list of titles, numbers, attributes and reasons."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.document import Document
from gongkai.model.errors import GongkaiError, RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.keeping import keep
from gongkai.service.crew.orders import Suggest, Suggested
from gongkai.service.house import House
from gongkai.service.screening.order.published import Entry, entries
from gongkai.service.store.tables import Kept

ORIGIN = "precedent"
_EMPTY = "没有标题，或者没有公开属性。"
_STOPPED = "标题带密级标志，没有收下。"


@dataclass(slots=True)
class Brought:
    """How an import went: new precedents, those that were there already, and rows that can't be used, with reasons."""

    new: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


def bring(house: House, actor: Actor, path: Path) -> Brought:
    """Import a list (CSV, XLSX, JSONL; 标题, 文号, 发文机关, 成文日期, 公开属性, 理由). Rows brought in before
    are left alone. Raises RequestError where the list can't be read at all."""
    return bring_entries(house, actor, entries(path), path.name)


def bring_entries(house: House, actor: Actor, listed: Iterable[Entry], source: str) -> Brought:
    """The same for papers that were read already; each is kept by itself, so that what was done stays done."""
    brought = Brought()
    for place, entry in enumerate(listed, start=1):
        try:
            if not entry.title or not entry.attribute:
                raise RequestError(_EMPTY)
            said = house.crew.do(Suggest(Document(_named(entry), entry.title, entry.title), vector=True), urgent=False)
            if said.stopped:
                raise RequestError(_STOPPED)
            with house.database.writing() as session:
                new = _kept(session, house, actor, entry, said, f"{source} 第 {place} 件"[:200])
        except GongkaiError as error:
            brought.refused.append((place, error.message))
        else:
            brought.new, brought.known = brought.new + new, brought.known + (not new)
    return brought


def _named(entry: Entry) -> str:
    return hashlib.sha256("\n".join((entry.title, entry.number, entry.issued)).encode()).hexdigest()


def _kept(session: Session, house: House, actor: Actor, entry: Entry, said: Suggested, source: str) -> bool:
    digest = f"precedent:{_named(entry)}"
    if session.scalar(select(Kept.id).where(Kept.digest == digest, Kept.unit == actor.unit_id)):
        return False
    rules, at = house.rules(), house.clock()
    said.kept["digest"] = digest
    said.kept["elements"] |= {"number": entry.number, "issuer": entry.issuer, "issued": entry.issued}
    document = keep(session, house.vault, actor, said, text=entry.title, origin=ORIGIN, at=at)
    assert document is not None  # a stopped one was refused above
    given = Given(entry.attribute, _reason(rules, entry.reason), source=source)
    decide(session, rules, actor, document, given, at=at)
    return True


def _reason(rules: Rulebook, told: str) -> str:
    """The code of a reason that a list names by code or by name; what it says otherwise is for decide to refuse."""
    bare = told.strip()
    return next((reason.code for reason in rules.reasons if bare in (reason.code, reason.name)), bare)
