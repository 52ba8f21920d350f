"""The web page: everything on it comes from this server."""

from __future__ import annotations


from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

pages = APIRouter(include_in_schema=False)
_templates = Environment(loader=PackageLoader("gongkai.service"), autoescape=select_autoescape())
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


@pages.get("/", response_class=HTMLResponse)
def home(request: Request) -> str:
    """Where a drafter pastes a text or drops a file."""
    rules = request.app.state.desk.screener.rules
    engine = request.app.state.desk.screener.engine
    return _templates.get_template("index.html").render(rules=rules, engine=engine)


class SecurityHeaders:
    """No page of ours loads or sends anything elsewhere, and nothing of it is cached."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
