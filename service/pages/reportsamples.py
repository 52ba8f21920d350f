"""Quarterly samples: draw one, read it a second time without seeing what was said."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from gongkai.model.errors import RequestError
from gongkai.model.finding import Attribute
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.casework.keeping import TEXT, text_of
from gongkai.service.casework.statistics import ZONE
from gongkai.service.errors import NotFound
from gongkai.service.pages.layout import house_of, render
from gongkai.service.reports import sampling
from gongkai.service.reports.periods import Period, latest
from gongkai.service.reports.scopes import scope
from gongkai.service.review import judging, opinions
from gongkai.service.store import trail

router = APIRouter(include_in_schema=False)
Counting = Annotated[Actor, Depends(may("statistics"))]
Reporting = Annotated[Actor, Depends(may("reporting"))]
Reviewing = Annotated[Actor, Depends(may("review"))]
Field = Annotated[str, Form(max_length=2000)]


@router.get("/reports/samples", response_class=HTMLResponse)
def samples(request: Request, actor: Counting) -> HTMLResponse:
    """All samples within reach, and the form to draw one."""
    house = house_of(request)
    with house.database.reading() as session:
        whose = scope(session, actor)
        mine = {one.id: one for one in [*sampling.samples(session, whose), *sampling.given(session, actor)]}
        drawn = [(one, sampling.read(session, one.documents)) for one in mine.values()]
        readers = [(user.id, user.name) for user in sampling.readers(session, whose) if user.id != actor.user]
        names = opinions.names(session, {one.by for one, _ in drawn})
    quarter = latest("quarter", house.clock().astimezone(ZONE).date())
    shown = [(one, found, sampling.agreement(found), Period.of(one.period).name) for one, found in drawn]
    return render(
        request, actor, "reports_samples.html", drawn=shown, readers=readers, names=names, units=whose.units,
        quarter=quarter, seed=int(house.clock().timestamp()) % 100_000,
    )  # fmt: skip


@router.post("/reports/samples")
def draw(
    request: Request, actor: Reporting, period: Field, reader: Field, size: Annotated[int, Form()],
    seed: Annotated[int, Form()],
) -> Response:  # fmt: skip
    """Draw one and give it to its reader."""
    house = house_of(request)
    with house.database.writing() as session:
        whose = scope(session, actor)
        row = sampling.draw(session, actor, whose, Period.of(period), size, seed, reader, at=house.clock())
    return RedirectResponse(f"/reports/samples#{row.id}", 303)


@router.get("/reports/samples/{id}", response_class=HTMLResponse)
def reading(request: Request, id: str, actor: Reviewing) -> HTMLResponse:
    """The documents of a sample: to its reader without any opinion on what they haven't read."""
    house = house_of(request)
    with house.database.reading() as session:
        one, found = sampling.sample(session, actor, scope(session, actor), id)
        mine = {item.kept.id for item in found if sampling.is_for(item, actor)}
        names = opinions.names(session, {_reader(item) for item in found})
        texts = {one for one in mine if house.vault.has(session, TEXT, one)}
    return render(
        request, actor, "reports_sample.html", sample=one, period=Period.of(one.period).name, found=found, mine=mine,
        texts=texts, reader="、".join(names.values()), attributes=list(Attribute), reasons=house.rules().reasons,
    )  # fmt: skip


@router.get("/reports/samples/{id}/{document}/text", response_class=HTMLResponse)
def text(request: Request, id: str, document: str, actor: Reviewing) -> HTMLResponse:
    """The kept text for the second reader, who must not open the record; that it was read goes to the trail."""
    house = house_of(request)
    with house.database.writing() as session:
        item = _mine(sampling.sample(session, actor, scope(session, actor), id)[1], document, actor)
        found = text_of(session, house.vault, item.kept)
        if found is None:
            raise NotFound("没有保存这份公文的全文，或者已过保留期限；请调阅原件后判断。")
        trail.append(session, actor.user, "read", "document", document, at=house.clock())
    return render(request, actor, "document_text.html", document=item.kept, text=found, sample=id)


@router.post("/reports/samples/{id}/{document}")
def decide(
    request: Request, id: str, document: str, actor: Reviewing, attribute: Field, reason: Field = "", note: Field = ""
) -> Response:
    """What the second reader thinks of one document."""
    house = house_of(request)
    with house.database.reading() as session:
        _, found = sampling.sample(session, actor, scope(session, actor), id)
    _mine(found, document, actor)
    verdict = judging.Verdict(attribute, reason, note=note)
    done = judging.decide_all(house.database, house.rules(), actor, [document], verdict, house.clock)
    if done.refused:
        raise RequestError(done.refused[0].why)
    return RedirectResponse(f"/reports/samples/{id}#next", 303)


def _mine(found: list[sampling.Read], document: str, actor: Actor) -> sampling.Read:
    """What the actor is the second reader of. Raises NotFound."""
    mine = next((item for item in found if item.kept.id == document and sampling.is_for(item, actor)), None)
    if mine is None:
        raise NotFound("这一件不由您复核，或者不在这次抽查里。")
    return mine


def _reader(item: sampling.Read) -> str:
    return str(item.kept.place.get("second", "")).removeprefix("s:")
