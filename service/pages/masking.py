"""The privacy officer's page: original and redacted side by side, every finding ruled upon, proven and taken away."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Literal
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Path, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from gongkai.service import report
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.crew.orders import Ruling
from gongkai.service.masking import doing, viewing, works
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.moving import onward
from gongkai.service.wire import Json

router = APIRouter(include_in_schema=False)
Officer = Annotated[Actor, Depends(may("mask"))]
Id = Annotated[str, Path(pattern="^[0-9a-f]{24}$")]
Number = Annotated[int, Form(ge=0, le=10**9)]
Short = Annotated[str, Form(max_length=400)]


@cache
def reasons() -> dict[str, list[str]]:
    """What an officer may choose as a reason."""
    return tomllib.loads((resources.files("gongkai.service.masking") / "reasons.toml").read_text("utf-8"))


@router.get("/privacy", response_class=HTMLResponse)
def works_page(request: Request, actor: Officer) -> HTMLResponse:
    """The officer's redactions in work, and the form for another."""
    house = house_of(request)
    with house.database.reading() as session:
        mine = list(works.listed(session, house.vault, actor, at=house.clock()))
    return render(
        request, actor, "masking_list.html", works=mine, styles=doing.styles(house), suffixes=doing.suffixes()
    )


@router.post("/privacy")
def begin(
    request: Request, actor: Officer, file: UploadFile, style: Short = "", pictures: Short = "blank",
    rename: Annotated[bool, Form()] = False,
) -> Response:  # fmt: skip
    """Redact an uploaded file and open it."""
    name, data = file.filename or "", file.file.read()
    return onward(request, f"/privacy/{doing.begin(house_of(request), actor, name, data, style, pictures, rename)}")


@router.get("/privacy/{id}", response_class=HTMLResponse)
def work_page(request: Request, id: Id, actor: Officer) -> HTMLResponse:
    """One redaction in work."""
    return _work(request, actor, id, "masking.html")


@router.post("/privacy/{id}/rulings", response_class=HTMLResponse)
def rule(
    request: Request, id: Id, actor: Officer, version: Number, start: Number, end: Number,
    action: Annotated[Literal["mask", "keep"], Form()], type: Short, replacement: Short = "", why: Short = "",
    everywhere: Annotated[bool, Form()] = False,
) -> HTMLResponse:  # fmt: skip
    """Rule about one place, or about all with its value."""
    ruling = Ruling(start, end, action, type, replacement.strip(), why.strip(), everywhere)
    doing.rule(house_of(request), actor, id, version, [ruling])
    return _work(request, actor, id, "masking_work.html")


@router.post("/privacy/{id}/accept", response_class=HTMLResponse)
def accept(request: Request, id: Id, actor: Officer, version: Number, type: Short = "") -> HTMLResponse:
    """Confirm whatever nobody has ruled about, of one type or of all."""
    house = house_of(request)
    work, shown = doing.opened(house, actor, id)
    rest = [p for p in viewing.places(shown, work.state) if not (p.ruling or p.pending) and type in ("", p.type)]
    doing.rule(house, actor, id, version, [Ruling(p.start, p.end, p.action, p.type, "", p.why) for p in rest])
    return _work(request, actor, id, "masking_work.html")


@router.post("/privacy/{id}/rulings/{number:int}/undo", response_class=HTMLResponse)
def undo(request: Request, id: Id, number: int, actor: Officer, version: Number) -> HTMLResponse:
    """Take a ruling back."""
    doing.unrule(house_of(request), actor, id, version, number)
    return _work(request, actor, id, "masking_work.html")


@router.post("/privacy/{id}/proof", response_class=HTMLResponse)
def prove(request: Request, id: Id, actor: Officer) -> HTMLResponse:
    """Make the copy anew with all rulings, and prove it."""
    doing.prove(house_of(request), actor, id)
    return _work(request, actor, id, "masking_work.html")


@router.get("/privacy/{id}/file")
def download(request: Request, id: Id, actor: Officer) -> Response:
    """The proven copy."""
    name, data = doing.copy(house_of(request), actor, id)
    return _attached(data, _apart(name), "application/octet-stream")


@router.get("/privacy/{id}/report")
def told(request: Request, id: Id, actor: Officer) -> Response:
    """The report of the last proven copy, as a page to keep and print."""
    name, made = doing.reported(house_of(request), actor, id)
    copy = made["copy"] | {"name": _apart(made["copy"]["name"])}
    written = report.page([made | {"copy": copy}])
    return _attached(written.encode(), f"{_apart(name)}.report.html", "text/html; charset=utf-8")


@router.post("/privacy/{id}/discard")
def discard(request: Request, id: Id, actor: Officer) -> Response:
    """Remove a redaction in work."""
    doing.discard(house_of(request), actor, id)
    return onward(request, "/privacy")


def _work(request: Request, actor: Actor, id: str, template: str) -> HTMLResponse:
    house = house_of(request)
    work, shown = doing.opened(house, actor, id)
    found = viewing.places(shown, work.state)
    types: dict[str, Json] = {row.id: {"name": row.name, "basis": row.basis} for row in house.rules().personal}
    return render(
        request, actor, template, work=work, report=shown.report, types=types, reasons=reasons(),
        groups=viewing.groups(found, shown.text), lines=viewing.lines(found, shown.text),
    )  # fmt: skip


def _apart(name: str) -> str:
    """The name of the copy, which must not pass for the original in the same folder."""
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-遮蔽{dot}{suffix}" if stem else f"{name}-遮蔽"


def _attached(data: bytes, name: str, kind: str) -> Response:
    """A download under the file's own name (RFC 6266)."""
    shown = f"attachment; filename=\"file\"; filename*=UTF-8''{quote(name, safe='')}"
    return Response(data, media_type=kind, headers={"content-disposition": shown})
