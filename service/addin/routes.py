"""The pane's page, what it asks of us, and the files that office programs fetch."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from pydantic import BaseModel, Field

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may, open_door
from gongkai.service.addin.manifests import SERVED, served
from gongkai.service.errors import NotFound
from gongkai.service.opinion.brief import Brief
from gongkai.service.opinion.form import fields, given
from gongkai.service.opinion.submission import to_fix
from gongkai.service.pages.layout import POLICY, house_of, render
from gongkai.service.pages.opinion import form_of
from gongkai.service.pages.words import words

pages = APIRouter(include_in_schema=False)
_Drafting = Annotated[Actor, Depends(may("suggest"))]
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.*-]+(:[0-9]{1,5})?")
_NO_FILE = "没有这个文件，请检查 Office.js 目录（GONGKAI_OFFICE_JS）是否完整。"
_KINDS = {".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".map": "application/json"}


class Asked(BaseModel):
    """A suggestion in short, and the fields that the drafter filled in so far."""

    brief: Brief
    values: dict[str, str] = Field(default={}, max_length=100)


class FieldOut(BaseModel):
    """栏"""

    key: str
    name: str
    value: str


class ItemOut(BaseModel):
    """要办的事"""

    level: str
    says: str
    basis: str
    target: str


class Opinion(BaseModel):
    """意见单和提交前要办的事"""

    fields: list[FieldOut]
    items: list[ItemOut]


@pages.get("/addin/pane", response_class=HTMLResponse)
def pane(request: Request, actor: _Drafting, host: Literal["", "word", "wps"] = "") -> HTMLResponse:
    """The task pane; the agency's own office.js goes into it for Word."""
    house = house_of(request)
    office = host == "word" and house.settings.office_js is not None
    page = render(request, actor, "addin.html", words=list(words(house.rules())), office=office, host=host)
    page.headers["content-security-policy"] = framed(house.settings.frames)
    return page


def framed(sites: str) -> str:
    """The policy of the pane: these sites may frame it, by default none."""
    allowed = [one for one in sites.split() if _ORIGIN.fullmatch(one)]
    ancestors = f"frame-ancestors {' '.join(allowed) or chr(39) + 'none' + chr(39)}"
    return "; ".join(ancestors if part.startswith("frame-ancestors") else part for part in POLICY.split("; "))


@pages.post("/addin/opinion")
def opinion(asked: Asked, request: Request, actor: _Drafting) -> Opinion:
    """The 意见单's fields and what to put right, for the document in the pane."""
    rules = house_of(request).rules()
    values = form_of(request, actor, asked.brief) | {k: v for k, v in given(asked.values).items() if k in asked.values}
    shown = [FieldOut(key=field.key, name=field.name, value=values.get(field.key, "")) for field in fields()]
    items = to_fix(asked.brief, values, rules)
    told = [ItemOut(level=i.level, says=i.says, basis=i.basis, target=i.target) for i in items]
    return Opinion(fields=shown, items=told)


@pages.get("/addin/wps/", dependencies=[Depends(open_door)])
def wps_start() -> Response:
    """The background page of the WPS add-in."""
    return wps_file("index.html")


@pages.get("/addin/wps/{name}", dependencies=[Depends(open_door)])
def wps_file(name: str) -> Response:
    """What WPS loads in the background before anybody signed in."""
    if name not in SERVED:
        raise NotFound("没有这个文件，请用 gongkai addin wps 重新生成加载项文件。")
    kind = {"html": "text/html", "js": "text/javascript", "xml": "application/xml"}[name.rpartition(".")[2]]
    return Response(served(name), media_type=f"{kind}; charset=utf-8")


@pages.get("/addin/office/{path:path}", dependencies=[Depends(open_door)])
def office_file(request: Request, path: str) -> Response:
    """A file of the agency's own copy of Office.js."""
    folder = house_of(request).settings.office_js
    found = inside(folder, path) if folder else None
    if found is None:
        raise NotFound(_NO_FILE)
    kind = _KINDS.get(found.suffix) or mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    return FileResponse(found, media_type=kind)


def inside(folder: Path, path: str) -> Path | None:
    """A file of that path below a folder, links followed; None for what is not there or elsewhere."""
    try:
        root = folder.resolve()
        found = (root / path).resolve()
        return found if found.is_relative_to(root) and found.is_file() else None
    except (OSError, ValueError):
        return None
