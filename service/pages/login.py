"""Sign in and out: by password, or by the agency's identity provider."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from gongkai.model.errors import GongkaiError
from gongkai.service.access import beginning, entering, forms, oidc, sessions
from gongkai.service.access.actors import Actor
from gongkai.service.access.gate import address, gate_of
from gongkai.service.access.guard import known, may, open_door
from gongkai.service.access.oidc import Journey
from gongkai.service.access.sessions import Begun
from gongkai.service.errors import NotSignedIn
from gongkai.service.pages.layout import LINKS, house_of, render
from gongkai.service.pages.refusing import status_of
from gongkai.service.store import trail

router = APIRouter(include_in_schema=False)
MINUTES = 10


@router.get("/login", dependencies=[Depends(open_door)])
def asked(request: Request, next: str = "") -> Response:
    """The form; who is signed in already goes on, and before there is a user to the first set-up."""
    house = house_of(request)
    if house.settings.open or _signed_in(request):
        return RedirectResponse(inside(next), 303)
    if not beginning.begun(house):
        return RedirectResponse("/setup", 303)
    return _form(request, next)


@router.post("/login", dependencies=[Depends(open_door)])
def entered(
    request: Request,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    csrf: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    """Sign in; a wrong password shows the form again."""
    house = house_of(request)
    try:
        forms.check(request, csrf)
        cookie = request.cookies.get(sessions.cookie_name(house.settings), "")
        begun = entering.sign_in(house, gate_of(request).unknown, login, password, cookie)
    except GongkaiError as error:
        return _form(request, next, error, login)
    return admitted(request, begun, inside(next))


@router.post("/logout")
def left(request: Request, actor: Annotated[Actor, Depends(may("account"))]) -> Response:
    """End this session."""
    house = house_of(request)
    name = sessions.cookie_name(house.settings)
    with house.database.writing() as session:
        sessions.end(session, request.cookies.get(name, ""))
        trail.append(session, actor.user, "sign-out", "user", actor.user, at=house.clock())
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(name, path="/", secure=sessions.secure(house.settings), httponly=True, samesite="lax")
    return answer


@router.get("/login/oidc", dependencies=[Depends(open_door)])
def sent(request: Request) -> Response:
    """Send the browser to the identity provider."""
    house, journey = house_of(request), Journey.begun()
    gate_of(request).signing.take(address(request))
    answer = RedirectResponse(oidc.departure(house.settings, journey), 303)
    forms.set_cookie(answer, house.settings, _travelling(request), journey.cookie, MINUTES * 60)
    return answer


@router.get(oidc.BACK, dependencies=[Depends(open_door)])
def came_back(request: Request, state: str = "", code: str = "") -> Response:
    """Sign in whom the identity provider vouches for."""
    house = house_of(request)
    try:
        gate_of(request).signing.take(address(request))
        journey = Journey.of(request.cookies.get(_travelling(request), ""))
        old = request.cookies.get(sessions.cookie_name(house.settings), "")
        begun = oidc.arrival(house, journey, state, code, old)
    except GongkaiError as error:
        return _form(request, "", error)
    answer = admitted(request, begun, "/welcome")
    answer.delete_cookie(_travelling(request), path="/", secure=sessions.secure(house.settings), httponly=True)
    return answer


@router.get("/welcome")
def welcomed(actor: Annotated[Actor, Depends(may("account"))]) -> Response:
    """To the page where somebody's own work is: what everybody may read comes last."""
    mine = [link for link in LINKS if actor.may(link.action)]
    first = [link for link in mine if link.action not in ("rulebook", "statistics", "documents")]
    return RedirectResponse(next((link.path for link in [*first, *mine]), "/account"), 303)


def admitted(request: Request, begun: Begun, path: str) -> Response:
    """On to a page, with the session's cookie: it ends with the browser, or when the session is over."""
    settings, answer = house_of(request).settings, RedirectResponse(path, 303)
    forms.set_cookie(answer, settings, sessions.cookie_name(settings), begun.cookie, settings.session_hours * 3600)
    return answer


def inside(path: str) -> str:
    """A path to go on to, if it is one of ours; else where everybody starts."""
    plain = path.isascii() and path.isprintable() and "\\" not in path
    return path if plain and path.startswith("/") and not path.startswith("//") else "/welcome"


def _form(request: Request, next: str, error: GongkaiError | None = None, login: str = "") -> Response:
    token = forms.token(request)
    answer = render(
        request,
        None,
        "login.html",
        status=status_of(error) if error else 200,
        token=token,
        error=error,
        next=inside(next),
        login=login,
        issuer=bool(house_of(request).settings.oidc_issuer),
    )
    if getattr(error, "after", 0):
        answer.headers["retry-after"] = str(getattr(error, "after", 0))
    forms.remember(answer, request, token)
    return answer


def _signed_in(request: Request) -> bool:
    try:
        known(request)
    except NotSignedIn:
        return False
    return True


def _travelling(request: Request) -> str:
    return sessions.cookie_name(house_of(request).settings) + "-oidc"
