"""会议: a plan checked before it is submitted, minutes taken apart before they are published; nothing is kept."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, UploadFile
from fastapi.responses import HTMLResponse

from gongkai.model.document import Document
from gongkai.model.errors import RequestError
from gongkai.model.finding import Attribute, Screening
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.api.given import last_part
from gongkai.service.crew.orders import Screen
from gongkai.service.meetings.looking import minutes, plan
from gongkai.service.pages.layout import house_of, render
from gongkai.service.readers import READERS

router = APIRouter(include_in_schema=False)
Drafting = Annotated[Actor, Depends(may("suggest"))]
Text = Annotated[str, Form(max_length=300_000)]
KINDS = {"plan": "会议方案", "minutes": "会议纪要"}
_NOTHING = "请粘贴会议方案或者纪要的文字，或者选择文件。"


@router.get("/meetings", response_class=HTMLResponse)
def meetings(request: Request, actor: Drafting) -> HTMLResponse:
    """An empty form."""
    return _page(request, actor, "plan", "")


@router.post("/meetings", response_class=HTMLResponse)
def look(
    request: Request, actor: Drafting, file: UploadFile | None = None, text: Text = "", kind: Text = "plan"
) -> HTMLResponse:
    """The same with what was found."""
    house = house_of(request)
    data = file.file.read() if file else b""
    if not data and not text.strip():
        raise RequestError(_NOTHING)
    order = Screen(data=data, name=last_part(file.filename or "") if file else "") if data else None
    said: Screening = house.crew.do(order or Screen(Document("pasted", text)))
    if kind == "minutes":
        taken = minutes(said, house.rules())
        return _page(request, actor, "minutes", said.document.text, taken=taken)
    check, tags = plan(said)
    return _page(request, actor, "plan", said.document.text, check=check, tags=tags)


def _page(request: Request, actor: Actor, kind: str, text: str, **found: Any) -> HTMLResponse:  # noqa: ANN401
    values = {"check": None, "taken": None, "tags": (), **found}
    return render(
        request, actor, "meetings.html", kind=kind, kinds=KINDS, text=text, suffixes=READERS, labels=_labels(), **values
    )


def _labels() -> dict[str, str]:
    return {one.value: one.label for one in Attribute}
