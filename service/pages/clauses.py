"""负面清单: its clauses with what is weak in them and how they fare, what was withheld outside it, what changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.duties.clauselint import Remark, remarks
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.casework.challenging import LISTED, outside
from gongkai.service.casework.clausefigures import clause_figures
from gongkai.service.casework.overwithholding import Withholding, by_unit, thresholds
from gongkai.service.casework.statistics import ZONE
from gongkai.service.errors import NotFound
from gongkai.service.house import House
from gongkai.service.office.periods import day, end
from gongkai.service.pages.layout import counted_of, house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.pages.rules import address
from gongkai.service.rules import editions, versions
from gongkai.service.rules.comparing import changes
from gongkai.service.rules.memory import loaded
from gongkai.service.rules.rescreening import FILE, changed_clauses, standing_against, submit
from gongkai.service.store.tables import Job

router = APIRouter(include_in_schema=False)
Reading = Annotated[Actor, Depends(may("rulebook"))]
Counting = Annotated[Actor, Depends(may("statistics"))]
Editing = Annotated[Actor, Depends(may("rules"))]
Day = Annotated[str, Query(max_length=10)]


@router.get("/clauses", response_class=HTMLResponse)
def clauses(request: Request, actor: Reading, since: Day = "", until: Day = "") -> HTMLResponse:
    """Every clause of the list in force: remarks, figures, when it is in force."""
    house = house_of(request)
    rules, weak = house.rules(), _remarks(house.rules())
    with house.database.reading() as session:
        figures = _figures(request, session, actor, since, until) if actor.may("statistics") else {}
    return render(
        request, actor, "clauses.html", rows=rules.clauses, remarks=weak, figures=figures, since=since, until=until,
        today=_today(house), gone=[code for code in figures if code not in rules.clause],
    )  # fmt: skip


@router.get("/clauses/withheld", response_class=HTMLResponse)
def withheld(request: Request, actor: Counting, since: Day = "", until: Day = "") -> HTMLResponse:
    """Units beside each other, and what was withheld outside the list with what it is asked."""
    house = house_of(request)
    rules, start = house.rules(), _start(house, since)
    with house.database.reading() as session:
        units = by_unit_of(request, session, actor, since, until)
        listed = outside(session, actor, rules, start, end(until)) if actor.may("documents") else ()
    return render(
        request, actor, "clauses_withheld.html", units=units, outside=listed, most=LISTED, rules=rules,
        since=since or f"{start.astimezone(ZONE):%Y-%m-%d}", until=until,
    )  # fmt: skip


@router.get("/clauses/changes", response_class=HTMLResponse)
def changed(request: Request, actor: Reading, old: int = -1, new: int = -1) -> HTMLResponse:
    """Two versions of the list, the documents that the changed clauses were hit in, and the last judging anew."""
    house = house_of(request)
    with house.database.reading() as session:
        known = versions.history(session, house.settings)
        before, after = editions.pair(session, house.settings, known, old, new)
        figures = _figures(request, session, actor, "", "") if actor.may("statistics") else {}
        job = _last(session, actor)
        against = standing_against(session, actor, job.result) if job and actor.may("documents") else ()
    found = tuple(one for one in changes(before.files, after.files) if one.file == FILE)
    return render(
        request, actor, "clauses_changes.html", versions=known, old=before, new=after, changes=found, figures=figures,
        job=job, against=against, remarks=_remarks(loaded(after.files, house.settings.profile)),
    )  # fmt: skip


@router.get("/clauses/{id}", response_class=HTMLResponse)
def clause(request: Request, id: str, actor: Reading) -> HTMLResponse:
    """One clause: object, basis, signals, counter-examples, remarks with their mends, figures."""
    house = house_of(request)
    row = house.rules().clause.get(id)
    if row is None:
        raise NotFound("现用的负面清单里没有这一条，请从负面清单页面选择。")
    with house.database.reading() as session:
        figures = _figures(request, session, actor, "", "") if actor.may("statistics") else {}
    return render(
        request, actor, "clause.html", row=row, remarks=_remarks(house.rules()).get(id, []), today=_today(house),
        figure=figures.get(id), reason=house.rules().reason.get(row.reason),
    )  # fmt: skip


@router.post("/clauses/edit")
def edited(request: Request, actor: Editing, id: Annotated[str, Form(max_length=10)] = "") -> Response:
    """Begin a draft of the list in force and open a clause in it as a form; without one, a new clause."""
    house = house_of(request)
    with house.database.writing() as session:
        number = editions.draft_of(session, actor, house.settings, id, at=house.clock())
    return onward(request, address(number, FILE, id))


@router.post("/clauses/{id}/retire")
def retired(request: Request, id: str, actor: Editing, until: Annotated[str, Form(max_length=10)] = "") -> Response:
    """A draft in which a clause ends on a day."""
    house = house_of(request)
    with house.database.writing() as session:
        number = editions.retired(session, actor, house.settings, id, until, at=house.clock())
    return onward(request, address(number))


@router.post("/clauses/rescreen")
def rescreened(request: Request, actor: Editing, old: Annotated[int, Form()] = 0) -> Response:
    """Judge the documents anew that the difference to an earlier version touches."""
    house = house_of(request)
    with house.database.writing() as session:
        before, now = versions.version(session, house.settings, old), versions.in_force(session, house.settings)
        rules = house.rules()
        dated = {row.id for row in rules.clauses if row.since or row.until}
        submit(session, house, actor, {*changed_clauses(before.files, now.files), *dated})
    return onward(request, f"/clauses/changes?old={old}&new={now.number}")


def by_unit_of(request: Request, session: Session, actor: Actor, since: str, until: str) -> tuple[Withholding, ...]:
    """Units beside each other, counted a moment ago or now; without a day over the last year."""
    house = house_of(request)
    rules, start, stop = house.rules(), _start(house, since), end(until)
    told = counted_of(request).told(
        f"units {rules.digest}", lambda: by_unit(session, actor, rules, start, stop), actor, day(since), stop,
        at=house.clock(),
    )  # fmt: skip
    found: tuple[Withholding, ...] = told.found
    return found


def _start(house: House, since: str) -> datetime:
    return day(since) or house.clock() - timedelta(days=thresholds()["period"]["days"])


def _remarks(rules: Rulebook) -> dict[str, list[Remark]]:
    found: dict[str, list[Remark]] = {}
    for one in remarks(rules.clauses, rules.reason):
        found.setdefault(one.clause, []).append(one)
    return found


def _figures(request: Request, session: Session, actor: Actor, since: str, until: str) -> dict[str, Any]:
    house = house_of(request)
    rules, start, stop = house.rules(), day(since), end(until)
    told = counted_of(request).told(
        f"clauses {rules.digest}", lambda: clause_figures(session, actor, rules, start, stop), actor, start, stop,
        at=house.clock(),
    )  # fmt: skip
    return {one.clause: one for one in told.found}


def _last(session: Session, actor: Actor) -> Job | None:
    """The actor's last judging anew."""
    mine = select(Job).where(Job.owner == actor.user, Job.kind == "rescreen").order_by(Job.created.desc()).limit(1)
    return session.scalars(mine).first()


def _today(house: House) -> str:
    return house.clock().astimezone(ZONE).date().isoformat()
