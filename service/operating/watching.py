"""Every request is numbered, timed, counted and logged: by route, never by what it carries."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import MutableMapping
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gongkai.service.operating.metrics import Telling

LOG = logging.getLogger("gongkai.requests")
_GOOD = re.compile(rb"[0-9A-Za-z._-]{1,64}")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
#: What is noted where the caller was gone before there was an answer; nobody is told it.
GONE = 499
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Watched:
    """Around the whole application. A caller's `x-request-id` is kept when it is a plain word."""

    def __init__(self, app: ASGIApp, telling: Telling) -> None:
        self.app, self.telling = app, telling

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note how it went."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0
        gone, number = False, _numbered(scope)

        async def hearing() -> Message:
            nonlocal gone
            message = await receive()
            gone = gone or message["type"] == "http.disconnect"
            return message

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = GONE if gone and message["status"] == 400 else message["status"]
                MutableHeaders(scope=message)["x-request-id"] = number
            await send(message)

        try:
            await self.app(scope, hearing, noting)
        finally:
            self._note(scope, number, status or (GONE if gone else 500), time.perf_counter() - began)

    def _note(self, scope: Scope, number: str, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        route = route_of(scope)
        self.telling.request(method, route, status, seconds)
        if route in _QUIET and status < 400:
            return
        told: dict[str, object] = {"request": number, "method": method, "route": route, "status": status}
        acting = scope.get("state", {}).get("actor")
        told |= {"milliseconds": round(seconds * 1000, 1), "actor": acting.user if acting else ""}
        LOG.info("request", extra=told)


def _numbered(scope: Scope) -> str:
    given = dict(scope["headers"]).get(b"x-request-id", b"")
    return given.decode() if _GOOD.fullmatch(given) else uuid.uuid4().hex[:16]


def route_of(scope: MutableMapping[str, Any]) -> str:
    """The route as it is written (`/v1/documents/{id}`); paths that no route has are one."""
    route = scope.get("route")
    if route is not None:
        return str(route.path)
    return "/static" if scope.get("path", "").startswith("/static/") else "(none)"
