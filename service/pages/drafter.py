"""The drafter's page: a text or file, its suggestion, the drafter's own decision."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse
from sqlalchemy.orm import Session

from gongkai.model.finding import Attribute
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import may
from gongkai.service.casework.challenging import asked
from gongkai.service.casework.deciding import Given, decide, decisions_of, undo
from gongkai.service.casework.keeping import latest_screening, seen
from gongkai.service.house import House
from gongkai.service.pages.layout import house_of, render
from gongkai.service.pages.words import words
from gongkai.service.readers import READERS
from gongkai.service.review.opinions import blind, effective, unbiased
from gongkai.service.store.tables import Decided, Kept

pages = APIRouter(include_in_schema=False)
_Drafting = Annotated[Actor, Depends(may("suggest"))]
_Deciding = Annotated[Actor, Depends(may("decide"))]
#: As long as a field of the form may be.
_Short = Annotated[str, Form(max_length=500)]


@pages.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse)
def home(request: Request, actor: _Drafting) -> HTMLResponse:
    """Where a drafter pastes a text or drops a file."""
    house = house_of(request)
    return render(
        request,
        actor,
        "drafter.html",
        engine=house.crew.engines[0],
        words=list(words(house.rules())),
        suffixes=[*READERS, *house.settings.readers],
    )


@pages.get("/draft/{document}/decision", response_class=HTMLResponse)
def deciding(request: Request, document: str, actor: _Deciding) -> HTMLResponse:
    """The form to decide a kept document, or what was decided of it already."""
    house = house_of(request)
    with house.database.writing() as session:
        return _panel(request, house, session, actor, seen(session, actor, document, at=house.clock()))


@pages.post("/draft/{document}/decision", response_class=HTMLResponse)
def decided(
    request: Request,
    document: str,
    actor: _Deciding,
    attribute: _Short = "",
    reason: _Short = "",
    category: _Short = "",
    note: Annotated[str, Form(max_length=2000)] = "",
    version: Annotated[int, Form()] = 0,
) -> HTMLResponse:
    """Record a decision."""
    house = house_of(request)
    rules, at = house.rules(), house.clock()
    basis = rules.reason[reason].basis if reason in rules.reason else ""
    given = Given(attribute, reason, basis, category, note.strip(), version=version, source="page")
    with house.database.writing() as session:
        kept = seen(session, actor, document, at=at)
        unbiased(session, actor, kept)
        if reason and not given.note and asked(session, rules, kept.id, attribute, reason, at=at):
            return _panel(request, house, session, actor, kept, given)
        decide(session, rules, actor, kept, given, at=at)
        return _panel(request, house, session, actor, kept)


@pages.post("/draft/{document}/decision/{decision}/undo", response_class=HTMLResponse)
def undone(request: Request, document: str, decision: str, actor: _Deciding) -> HTMLResponse:
    """Take a decision back."""
    house = house_of(request)
    with house.database.writing() as session:
        kept = seen(session, actor, document, at=house.clock())
        undo(session, actor, decision, at=house.clock())
        return _panel(request, house, session, actor, kept)


def _panel(
    request: Request, house: House, session: Session, actor: Actor, kept: Kept, given: Given | None = None
) -> HTMLResponse:
    """The form or what was decided; `given` is a withholding that needs a word of why before it is recorded."""
    made = decisions_of(session, kept.id)
    if blind(kept, actor, effective(made)):
        return render(request, actor, "drafter_blind.html")
    rules, screened, last = house.rules(), latest_screening(session, kept.id), standing(made)
    wanted = (given.attribute, given.reason) if given else (last.attribute, last.reason) if last else ("", "")
    result = screened.result if screened else {"reasons": [], "categories": []}
    suggested = {row["code"] for row in result["reasons"]}
    return render(
        request,
        actor,
        "drafter_decision.html",
        document=kept,
        last=last,
        given=given,
        challenge=asked(session, rules, kept.id, *wanted, at=house.clock()),
        attributes=list(Attribute),
        reasons=[row for row in rules.reasons if row.attribute in [*Attribute]],
        reason=rules.reason,
        suggested=suggested,
        categories=rules.categories,
        category=given.category if given else next((row["code"] for row in result["categories"]), ""),
    )


def standing(decisions: list[Decided]) -> Decided | None:
    """The last decision that nobody took back."""
    undone = {one.undoes for one in decisions}
    return next((one for one in reversed(decisions) if not one.undoes and one.id not in undone), None)
