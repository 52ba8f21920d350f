"""The secretariat's queue: rows, the side panel, decisions and undo."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse
from sqlalchemy.orm import Session

from gongkai.model.duties.presumption import Challenge
from gongkai.model.finding import Attribute, Handling
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.casework import challenging
from gongkai.service.casework.keeping import latest_screening, seen, text_of
from gongkai.service.house import House
from gongkai.service.pages.layout import house_of, render, templates
from gongkai.service.review import archive, backlogs, judging, marking, opinions, panel, progress, queue
from gongkai.service.review.judging import Done, Verdict
from gongkai.service.review.queue import Row, Wanted
from gongkai.service.screening.engine.pool import Caps
from gongkai.service.screening.records import Pile
from gongkai.service.store import trail
from gongkai.service.store.tables import Decided

router = APIRouter(include_in_schema=False)
Reviewing = Annotated[Actor, Depends(may("review"))]
#: As long as a field may be.
Short = Annotated[str, Query(max_length=200)]
Field = Annotated[str, Form(max_length=200)]
LABELS = {attribute.value: attribute.label for attribute in Attribute}
_ALL = "all"
_START = re.compile("(19|20)[0-9]{2}")
_LIMITS = (50, 200)


def wanted(
    pile: Short = "", attribute: Short = "", state: Short = "", q: Short = "", group: Short = "", unit: Short = "",
    year: Short = "", category: Short = "", clause: Short = "", since: Short = "",
) -> Wanted:  # fmt: skip
    """The filter that an address holds; the pile to decide where it names none."""
    pile = pile or ("" if state in ("second", "disputed") or group else Pile.decide.value)
    keys = tuple(key for key in (unit, year, category, clause) if key)
    return Wanted("" if pile == _ALL else pile, attribute, state, q.strip(), group, keys, _start(since))


def _start(since: str) -> str:
    """A start year; what is none doesn't narrow."""
    return since if _START.fullmatch(since) else ""


Filter = Annotated[Wanted, Depends(wanted)]


@router.get("/review/{backlog}", response_class=HTMLResponse)
def home(request: Request, backlog: str, actor: Reviewing, filter: Filter) -> HTMLResponse:
    """The queue with its filters and its first rows."""
    house = house_of(request)
    with house.database.reading() as session:
        known = backlogs.found(session, actor, backlog)
        page = queue.page(session, known.id, actor, filter)
        shown = row_values(session, house.rules(), page.rows)
    menus = {kind: backlogs.choices(known, kind) for kind in ("unit", "year", "category", "clause")}
    return render(
        request, actor, "review_queue.html", backlog=known, filter=filter, page=page, menus=menus, piles=progress.ORDER,
        states=queue.STATES, stopped=backlogs.count(known, "stopped"), most=judging.MOST, asked=request.query_params,
        clause_names={code: f"{code} {one.title}" for code, one in house.rules().clause.items()},
        category_names={code: f"{code} {one.name}" for code, one in house.rules().category.items()}, **shown,
    )  # fmt: skip


@router.get("/review/{backlog}/rows", response_class=HTMLResponse)
def more(
    request: Request, backlog: str, actor: Reviewing, filter: Filter, after: Short = "", limit: int = _LIMITS[0]
) -> HTMLResponse:
    """The rows after a place; `x-next` says where the next begin."""
    house = house_of(request)
    with house.database.reading() as session:
        known = backlogs.found(session, actor, backlog)
        page = queue.page(session, known.id, actor, filter, after, min(max(limit, 1), _LIMITS[1]))
        shown = row_values(session, house.rules(), page.rows)
    answer = HTMLResponse(_rows(page.rows, shown))
    answer.headers["x-next"] = page.next
    return answer


@router.get("/review/{backlog}/tally")
def tally(request: Request, backlog: str, actor: Reviewing) -> JSONResponse:
    """How far each pile has come, and what waits for the actor's second reading."""
    with house_of(request).database.reading() as session:
        known = backlogs.found(session, actor, backlog)
        piles = progress.tally(session, known.id)
        second = progress.mine(session, known.id, actor)
    disputed = sum(done.disputed for done in piles.values())
    counts = {pile.value: [done.decided, done.of] for pile, done in piles.items()}
    return JSONResponse({"piles": counts, "second": second, "disputed": disputed})


@router.get("/review/{backlog}/documents/{document}", response_class=HTMLResponse)
def document(request: Request, backlog: str, document: str, actor: Reviewing) -> HTMLResponse:
    """The side panel; that it was seen goes to the trail."""
    house = house_of(request)
    rules = house.rules()
    with house.database.writing() as session:
        row = _seen(session, house, actor, backlog, document)
        screened = None if row.blind else latest_screening(session, row.kept.id)
        told = panel.told(challenging.on_day(rules, house.clock()), row, screened)
        challenges = _challenges(session, rules, row.decisions)
        names = opinions.names(session, {one.by for one in row.decisions})
    return render(
        request, actor, "review_panel.html", row=row, told=told, names=names, reason=rules.reason,
        category=rules.category, reasons=panel.reasons(rules), categories=rules.categories, backlog=backlog,
        labels=LABELS, handling=Handling(row.kept.handling).label, similar=actor.may("precedents"),
        challenges=challenges,
    )  # fmt: skip


@router.get("/review/{backlog}/documents/{document}/text", response_class=HTMLResponse)
def text(request: Request, backlog: str, document: str, actor: Reviewing) -> HTMLResponse:
    """The text with its evidence marked: kept, or read again from the archive."""
    house = house_of(request)
    with house.database.writing() as session:
        row = _seen(session, house, actor, backlog, document)
        roots = backlogs.roots(backlogs.found(session, actor, backlog))
        kept = text_of(session, house.vault, row.kept)
        screened = None if row.blind else latest_screening(session, row.kept.id)
        trail.append(session, actor.user, "read", "document", row.kept.id, at=house.clock())
    shown = archive.read_again(row.kept.place, roots, _reader(house)) if kept is None else archive.Shown(kept, True)
    marks = marking.marks(screened.result) if screened and shown.exact else ()
    names = panel.names(house.rules())
    return render(
        request, actor, "review_text.html", shown=shown, pieces=marking.cut(shown.text, marks), names=names, row=row
    )


@router.post("/review/{backlog}/decisions")
def decide(
    request: Request,
    backlog: str,
    actor: Reviewing,
    ids: Annotated[list[str], Form(max_length=judging.MOST)],
    attribute: Field,
    reason: Field = "",
    category: Field = "",
    note: Annotated[str, Form(max_length=500)] = "",
    whole: Field = "",
    version: Annotated[int, Form()] = 0,
) -> JSONResponse:
    """Decide one, several or a group; the rows as they are now."""
    house = house_of(request)
    verdict = Verdict(attribute, reason, category, note.strip(), version if len(ids) == 1 and not whole else 0)
    with house.database.reading() as session:
        known = backlogs.found(session, actor, backlog)
        rows = [queue.one(session, known.id, actor, ids[0])] if whole else queue.several(session, known.id, actor, ids)
        found = judging.members(session, rows[0].kept) if whole else [row.kept for row in rows]
    documents = [kept.id for kept in found]
    done = judging.decide_all(house.database, house.rules(), actor, documents, verdict, house.clock)
    return _answer(house, actor, known.id, done.decided, done)


@router.post("/review/{backlog}/undo")
def undo(request: Request, backlog: str, actor: Reviewing) -> JSONResponse:
    """Take back what the actor decided last."""
    house = house_of(request)
    with house.database.reading() as session:
        known = backlogs.found(session, actor, backlog)
    taken = judging.undo_last(house.database, actor, known.id, house.clock)
    return _answer(house, actor, known.id, taken, None)


def _answer(house: House, actor: Actor, backlog: str, changed: Sequence[str], done: Done | None) -> JSONResponse:
    with house.database.reading() as session:
        rows = queue.several(session, backlog, actor, changed)
        values = row_values(session, house.rules(), rows)
        html = {row.kept.id: _rows([row], values) for row in rows}
        made = [row.decisions[-1] for row in rows if row.decisions and done is not None]
        challenged = _challenges(session, house.rules(), made)
    refused = [] if done is None else [
        {"id": one.document, "title": one.title, "why": one.why, "lacks": one.lacks} for one in done.refused
    ]  # fmt: skip
    asked = [{"id": one.document, "why": challenged[one.id].sentence} for one in made if one.id in challenged]
    return JSONResponse({"rows": html, "refused": refused, "undone": done is None, "asked": asked})


def _challenges(session: Session, rules: Rulebook, decisions: Iterable[Decided]) -> dict[str, Challenge]:
    """What withholdings without a note are asked, by the decision's id."""
    found = ((one.id, challenging.asked_of(session, rules, one)) for one in decisions if not one.note)
    return {id_: asked for id_, asked in found if asked}


def row_values(session: Session, rules: Rulebook, rows: Iterable[Row]) -> dict[str, Any]:
    """What the template of rows needs beside them."""
    people = {decision.by for row in rows for decision in row.decisions}
    return {"names": opinions.names(session, people), "reason": rules.reason, "labels": LABELS}


def _rows(rows: Sequence[Row], values: dict[str, Any]) -> str:
    return templates.get_template("review_rows.html").render(rows=rows, **values)


def _seen(session: Session, house: House, actor: Actor, backlog: str, document: str) -> Row:
    known = backlogs.found(session, actor, backlog)
    row = queue.one(session, known.id, actor, document)
    seen(session, actor, row.kept.id, at=house.clock())
    return row


def _reader(house: House) -> archive.Reader:
    settings = house.settings
    caps = Caps(seconds=settings.task_seconds, memory=settings.task_memory)
    return archive.Reader(house.crew, settings.limits, caps)
