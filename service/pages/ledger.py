"""/ledger: tasks of work plans and of what happened; imported with a preview, done, noted, held against the catalog."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response
from starlette.datastructures import FormData
from starlette.datastructures import UploadFile as Sending

from gongkai.model.document import Document
from gongkai.model.errors import ClassifiedDocument, DocumentError, RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.afterwards.sweeping import cleaned
from gongkai.service.api.attachments import attachment
from gongkai.service.columnchoice import checked, chosen_in
from gongkai.service.crew.orders import Read
from gongkai.service.duties import catalogupdates, ledger, taskplan
from gongkai.service.duties.cleaning import clean
from gongkai.service.duties.dues import here
from gongkai.service.duties.duesheet import ledger_book
from gongkai.service.duties.items import code_of, labels
from gongkai.service.duties.occasions import occasion_of, occasions
from gongkai.service.duties.terms import asked, moment
from gongkai.service.house import House
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import inside, onward
from gongkai.service.pages.rules import address

router = APIRouter(include_in_schema=False)
Seeing = Annotated[Actor, Depends(may("documents"))]
Keeping = Annotated[Actor, Depends(may("ledger"))]
Ruling = Annotated[Actor, Depends(may("rules"))]
Word = Annotated[str, Query(max_length=200)]
Given = Annotated[str, Form(max_length=500)]
Version = Annotated[int, Form()]
_COLUMNS = ("place", "task", "requirement", "responsible", "term", "due", "category")
_EMPTY: dict[str, Any] = {"layout": None, "name": "", "issued": "", "told": ""}
_TOLD = {"added": "已经登记，列在下面。", "done": "已经办结；按周期的转入了下一期。", "saved": "已经保存。"}


async def _rows(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_fields=ledger.MOST * (len(_COLUMNS) + 1) + 10) as sent:
        yield sent


Sent = Annotated[FormData, Depends(_rows)]


def _today(house: House) -> date:
    return here(house.clock()).date()


@router.get("/ledger", response_class=HTMLResponse)
def page(
    request: Request, actor: Seeing, q: Word = "", source: Word = "", state: Word = "", told: Word = ""
) -> HTMLResponse:
    """The tasks within reach."""
    return _ledger(request, actor, ledger.Filter(q, source, state), told=_TOLD.get(told, ""))


def _ledger(request: Request, actor: Actor, wanted: ledger.Filter, **more: Any) -> HTMLResponse:  # noqa: ANN401
    house = house_of(request)
    with house.database.reading() as session:
        duties, known = ledger.listed(session, actor, wanted, _today(house)), ledger.sources(session, actor)
    return render(
        request, actor, "ledger.html", duties=duties, sources=known, wanted=wanted, occasions=occasions(),
        categories=labels(house.rules()), today=_today(house).isoformat(), names=taskplan.NAMES,
        required=[taskplan.NAMES[code] for code in taskplan.REQUIRED],
        query=urlencode({"q": wanted.words, "source": wanted.source, "state": wanted.state}), **_EMPTY | more,
    )  # fmt: skip


@router.get("/ledger/list.xlsx")
def workbook(request: Request, actor: Seeing, q: Word = "", source: Word = "", state: Word = "") -> Response:
    """The same as a workbook."""
    house = house_of(request)
    with house.database.reading() as session:
        duties = ledger.listed(session, actor, ledger.Filter(q, source, state), _today(house))
    return attachment(ledger_book(duties, labels(house.rules())), "任务台账.xlsx")


@router.post("/ledger/preview", response_class=HTMLResponse)
def preview(request: Request, actor: Keeping, sent: Sent) -> HTMLResponse:
    """What a plan's file would bring; nothing is kept yet. Where its headings say nothing only the form changes, with
    its file in it, to choose the columns."""
    house, file = house_of(request), sent.get("file")
    if not isinstance(file, Sending) or not file.filename:
        raise RequestError("没有选择文件，请先选工作方案。")
    name, issued = (str(sent.get(key, ""))[:500] for key in ("name", "issued"))
    text, chosen = _text(house, file), chosen_in(sent)
    try:
        found = taskplan.tasks(text, checked(chosen, taskplan.NAMES, taskplan.REQUIRED) if chosen else None)
    except taskplan.UnknownHeadings:
        if (layout := taskplan.laid_out(text)) is None:
            raise
        answer = _ledger(request, actor, ledger.Filter(), layout=layout, name=name, issued=issued)
        answer.headers.update(inside("#planned"))
        return answer
    tasks = ledger.planned(found, house.rules(), _day(issued), _today(house))
    categories = labels(house.rules())
    return render(request, actor, "ledger_preview.html", tasks=tasks, name=name, issued=issued, categories=categories)


def _text(house: House, file: Sending) -> str:
    try:
        plan: Document = house.crew.do(Read(file.file.read(), file.filename or ""))
        return plan.text
    except ClassifiedDocument:
        raise
    except DocumentError as error:
        raise RequestError(f"方案读不出来：{error.message}") from error


def _day(written: str) -> date | None:
    found = moment(written)
    return found.date() if isinstance(found, datetime) else found


@router.post("/ledger/import")
def imported(request: Request, actor: Keeping, sent: Sent) -> Response:
    """Keep the tasks of a preview as they were corrected there."""
    house = house_of(request)
    name, tasks = clean(house.crew, str(sent.get("name", "")), _taken(sent, house))
    with house.database.writing() as session:
        ledger.bring(session, actor, name, tasks, at=house.clock())
    return onward(request, "/ledger?" + urlencode({"source": name, "told": "added"}))


def _taken(sent: FormData, house: House) -> tuple[ledger.Planned, ...]:
    columns = [[str(value) for value in sent.getlist(key)] for key in _COLUMNS]
    if len({len(column) for column in columns}) != 1:
        raise RequestError("表单不完整，没有导入；请重新预览。")
    rows = [dict(zip(_COLUMNS, row, strict=True)) for row in zip(*columns, strict=True)]
    wanted = {str(place) for place in sent.getlist("take")}
    issued = _day(str(sent.get("issued", "")))
    return tuple(_corrected(row, issued, house) for place, row in enumerate(rows) if str(place) in wanted)


def _corrected(row: dict[str, str], issued: date | None, house: House) -> ledger.Planned:
    rules = house.rules()
    place = int(row["place"]) if row["place"].isdecimal() and len(row["place"]) < 6 else 0
    task = taskplan.Task(place, row["task"], row["requirement"], "", row["term"])
    (planned,) = ledger.planned((task,), rules, issued, _today(house))
    if row["due"] and moment(row["due"]) is None:
        raise RequestError("最后一日应当写成 2026-03-31，请改正。")
    category = code_of(row["category"], rules)
    return replace(planned, responsible=row["responsible"], due=row["due"][:10], category=category)


@router.post("/ledger/task")
def task(request: Request, actor: Keeping, task: Given = "", responsible: Given = "", term: Given = "") -> Response:
    """One task by hand."""
    house = house_of(request)
    found = taskplan.Task(0, task, "", responsible, term)
    _, (planned,) = clean(house.crew, "", ledger.planned((found,), house.rules(), _today(house), _today(house)))
    with house.database.writing() as session:
        ledger.add(session, actor, planned, at=house.clock())
    return onward(request, "/ledger?told=added")


@router.post("/ledger/happened")
def happened(request: Request, actor: Keeping, occasion: Given = "", about: Given = "", start: Given = "") -> Response:
    """The tasks that follow from something that happened."""
    house = house_of(request)
    (about,) = cleaned(house.crew, [about])
    with house.database.writing() as session:
        ledger.raised(session, actor, house.rules(), occasion_of(occasion), about, asked(start), at=house.clock())
    return onward(request, "/ledger?told=added")


@router.post("/ledger/{id}/done")
def done(request: Request, id: str, actor: Keeping, version: Version, day: Given = "") -> Response:
    """Mark a task done."""
    house = house_of(request)
    with house.database.writing() as session:
        ledger.done(session, actor, id, day, version, at=house.clock())
    return onward(request, "/ledger?told=done")


@router.post("/ledger/{id}/reopen")
def reopened(request: Request, id: str, actor: Keeping, version: Version) -> Response:
    """Take that back."""
    house = house_of(request)
    with house.database.writing() as session:
        ledger.reopened(session, actor, id, version, at=house.clock())
    return onward(request, "/ledger?told=saved")


@router.post("/ledger/{id}/amend")
def amended(
    request: Request, id: str, actor: Keeping, version: Version, due: Given = "", responsible: Given = "",
    category: Given = "", note: Annotated[str, Form(max_length=1000)] = "",
) -> Response:  # fmt: skip
    """Keep what somebody wrote of a task."""
    house = house_of(request)
    who, told = cleaned(house.crew, [responsible, note])
    given = {"due": due, "responsible": who, "category": code_of(category, house.rules()), "note": told}
    with house.database.writing() as session:
        ledger.amended(session, actor, id, version, given, at=house.clock())
    return onward(request, "/ledger?told=saved")


@router.post("/ledger/{id}/drop")
def dropped(request: Request, id: str, actor: Keeping, version: Version) -> Response:
    """Take a task out."""
    house = house_of(request)
    with house.database.writing() as session:
        ledger.dropped(session, actor, id, version, at=house.clock())
    return onward(request, "/ledger?told=saved")


@router.get("/ledger/catalog", response_class=HTMLResponse)
def catalog(request: Request, actor: Ruling, source: Word = "") -> HTMLResponse:
    """Where the tasks of a plan and the catalog differ."""
    house = house_of(request)
    with house.database.reading() as session:
        known = ledger.sources(session, actor)
        chosen = source or next(iter(known), "")
        duties = ledger.listed(session, actor, ledger.Filter(source=chosen), _today(house)) if chosen else []
    found = catalogupdates.updates(duties, house.rules())
    return render(request, actor, "ledger_catalog.html", found=found, sources=known, source=chosen)


@router.post("/ledger/catalog")
def drafted(request: Request, actor: Ruling, sent: Sent) -> Response:
    """The chosen differences as a draft of the rulebook."""
    house, source = house_of(request), str(sent.get("source", ""))
    codes = {str(code) for code in sent.getlist("code")}
    with house.database.writing() as session:
        duties = ledger.listed(session, actor, ledger.Filter(source=source), _today(house))
        found = catalogupdates.updates(duties, house.rules())
        number = catalogupdates.drafted(
            session, actor, house.settings, found, codes, source, at=house.clock()
        )  # fmt: skip
    return onward(request, address(number))
