"""办理提示 of a kept document, as a part of its page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from gongkai.model.duties.flagging import KINDS
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.casework.hinting import of_document
from gongkai.service.pages.layout import house_of, render

router = APIRouter(include_in_schema=False)
Seeing = Annotated[Actor, Depends(may("documents"))]


@router.get("/documents/{id}/hints", response_class=HTMLResponse)
def hints(request: Request, id: str, actor: Seeing) -> HTMLResponse:
    """Whom to consult, whose approval, which regulation, which audience."""
    return render(request, actor, "hints.html", found=of_document(house_of(request), actor, id), kinds=KINDS)
