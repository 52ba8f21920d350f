"""The trail: who did what to what, and whether all of it is whole."""

from __future__ import annotations

from itertools import islice
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.office.entries import Sought, entries, words
from gongkai.service.office.periods import day, end
from gongkai.service.pages.layout import house_of, render
from gongkai.service.store import trail

router = APIRouter(include_in_schema=False)
Auditing = Annotated[Actor, Depends(may("audit"))]
Word = Annotated[str, Query(max_length=100)]
#: As many broken places are shown; the command `gongkai audit verify` shows all.
MOST = 20


@router.get("/audit", response_class=HTMLResponse)
def audit(
    request: Request, actor: Auditing, who: Word = "", action: Word = "", kind: Word = "", object: Word = "",
    since: Word = "", until: Word = "", before: Annotated[int, Query(ge=0, lt=2**53)] = 0,
) -> HTMLResponse:  # fmt: skip
    """Entries, newest first."""
    sought = Sought(who.strip(), action, kind, object.strip(), day(since), end(until))
    with house_of(request).database.reading() as session:
        found, further = entries(session, sought, before)
    chosen = {"who": who, "action": action, "kind": kind, "object": object, "since": since, "until": until}
    next_page = urlencode({**{key: value for key, value in chosen.items() if value}, "before": further})
    return render(
        request, actor, "audit.html", entries=found, chosen=chosen, words=words(), further=further and next_page,
        first=not before,
    )  # fmt: skip


@router.post("/audit/verify", response_class=HTMLResponse)
def verify(request: Request, actor: Auditing) -> HTMLResponse:
    """Walk the whole chain; that it was done goes to the trail."""
    house = house_of(request)
    with house.database.reading() as session:
        count, _ = trail.head(session)
        broken = list(islice(trail.verified(session), MOST + 1))
    with house.database.writing() as session:
        told = {"entries": count, "broken": len(broken)}
        trail.append(session, actor.user, "verify", "trail", "", at=house.clock(), **told)
    return render(
        request, actor, "audit_verified.html", count=count, broken=broken[:MOST], more=len(broken) > MOST,
        at=house.clock(),
    )  # fmt: skip
