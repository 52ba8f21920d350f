"""What a person in a browser sees when something can't be done: a page, or the way to sign in."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from inspect import isawaitable
from typing import Any, cast
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError
from starlette.exceptions import HTTPException

from gongkai.model.errors import GongkaiError
from gongkai.service.access.actors import Actor
from gongkai.service.access.guard import MustChange, known
from gongkai.service.errors import NotAllowed, NotSignedIn
from gongkai.service.pages.layout import render

Handler = Callable[[Request, Exception], Response | Awaitable[Response]]


def for_people(app: FastAPI) -> None:
    """Let every problem that handle_problems answers be a page where a person looks; programs get what they got."""
    for kind in (GongkaiError, RequestValidationError, ValidationError, HTTPException, IntegrityError):
        app.add_exception_handler(kind, _shown(cast("Handler", app.exception_handlers[kind])))


def status_of(error: GongkaiError) -> int:
    """The HTTP status of a refusal."""
    return int(getattr(error, "status", 422))


def _shown(handler: Handler) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        stranger = isinstance(error, NotSignedIn | MustChange) or getattr(error, "status_code", 0) == 401
        if stranger and (elsewhere := _sent_on(request, error)):
            return elsewhere
        answer = handler(request, error)
        told = await answer if isawaitable(answer) else answer
        if not looking(request):
            return told
        if isinstance(error, NotAllowed) and request.url.path == "/" and request.method == "GET":
            return RedirectResponse("/welcome", 303)  # who drafts nothing has another first page
        problem: dict[str, Any] = json.loads(bytes(told.body))
        page = await run_in_threadpool(_page, request, told.status_code, problem)
        page.headers.update({name: told.headers[name] for name in ("retry-after", "allow") if name in told.headers})
        return page

    return handle


def _page(request: Request, status: int, problem: dict[str, Any]) -> HTMLResponse:
    sent = request.method == "POST"
    return render(request, _actor(request), "refusal.html", status=status, sent=sent, **_worded(problem))


def _actor(request: Request) -> Actor | None:
    """Who came, also to an address that no door stands before, so that the page has the menu."""
    with suppress(GongkaiError):
        acting: Actor = getattr(request.state, "actor", None) or known(request)
        return acting
    return None


def _worded(problem: dict[str, Any]) -> dict[str, str]:
    """A problem in words for people: who follows a link knows no description of an interface."""
    if problem["type"].endswith(":http") and problem["status"] in (404, 405):
        return {"title": "没有这个页面", "detail": "请检查网址，或者从菜单进入。"}
    return {
        "title": problem["title"],
        "detail": problem["detail"].replace("，请对照接口说明改正", "，请改正后重新提交"),
    }


def looking(request: Request) -> bool:
    """Whether a person opened a page of ours, or sent a form of it."""
    wants = "text/html" in request.headers.get("accept", "")
    return wants and not request.url.path.startswith("/v1/") and "hx-request" not in request.headers


def _sent_on(request: Request, error: Exception) -> Response | None:
    """To the sign-in (and back to the page afterwards), or to the change of password; None for programs."""
    target = "/account" if isinstance(error, MustChange) else "/login"
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"hx-redirect": target})
    if not looking(request):
        return None
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(path, safe='')}" if target == "/login" and request.method == "GET" and path != "/" else ""
    return RedirectResponse(target + back, 303)
