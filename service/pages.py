"""The web page: everything on it comes from this server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gongkai.model.finding import Attribute, Handling
from gongkai.model.rulebook import Rulebook
from gongkai.service.readers import READERS

pages = APIRouter(include_in_schema=False)
_templates = Environment(loader=PackageLoader("gongkai.service"), autoescape=select_autoescape())
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
ANNOTATIONS = {
    Attribute.proactive: "（此件公开发布）",
    Attribute.on_request: "（此件依申请公开）",
    Attribute.withheld: "（此件不予公开）",
}
#: What a drafter does next, by handling; for `full` by attribute (条例 articles 13, 15, 36 and 37).
ADVICE = {
    "full.proactive": "全文主动公开，不用删改。",
    "full.on_request": "不主动公开；收到申请后，依照条例审查并答复。",
    "full.withheld": "全文不公开，并写明理由和依据。",
    "partial": "先作区分处理：删去或者遮蔽不应当公开的部分，再提供可以公开的部分。",
    "deid": "先遮蔽个人信息，其余内容公开。",
    "limited": "只在特定范围内公开，不上网。",
    "deferred": "现在不公开；暂缓的原因消除后，重新判断。",
    "out_of_scope": "可能不适用政府信息公开条例，按专门规定办理。",
}


class Word(NamedTuple):
    """What the script calls a code, and the article behind it."""

    key: str
    name: str
    basis: str = ""


def words(rules: Rulebook) -> Iterator[Word]:
    """Every Chinese name that a suggestion's codes stand for."""
    yield from (Word(f"attribute.{a.value}", a.label) for a in Attribute)
    yield from (Word(f"annotation.{a.value}", text) for a, text in ANNOTATIONS.items())
    yield from (Word(f"handling.{h.value}", h.label) for h in Handling)
    yield from (Word(f"advice.{key}", text) for key, text in ADVICE.items())
    yield from (Word(f"deadline.{d.code}", d.name, d.basis) for d in rules.deadlines)
    yield from (Word(f"clause.{c.id}", c.title, c.basis) for c in rules.clauses)
    yield from (Word(f"type.{t.id}", t.name, t.basis) for t in rules.personal)


@pages.api_route("/", methods=["GET", "HEAD"], response_class=HTMLResponse)
def home(request: Request) -> str:
    """Where a drafter pastes a text or drops a file."""
    screener = request.app.state.desk().screener
    page = _templates.get_template("index.html")
    return page.render(engine=screener.engine, words=list(words(screener.rules)), suffixes=list(READERS))


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
