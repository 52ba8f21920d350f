"""What all pages share: the frame, the links that an actor may follow, and the headers that keep a page to itself."""

from __future__ import annotations

from typing import Any, NamedTuple

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from gongkai.service.access.actors import Actor
from gongkai.service.casework.counting import Counted
from gongkai.service.house import House

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
_HEADERS = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())
templates = Environment(
    loader=PackageLoader("gongkai.service"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Link(NamedTuple):
    """A page in the bar at the top, shown to those who may do its action; those of one `group` share a place there."""

    path: str
    name: str
    action: str
    group: str

    def at(self, path: str) -> bool:
        """Whether a path is this page or below it."""
        return path == self.path or (self.path != "/" and path.startswith(self.path + "/"))


LINKS = (
    Link("/", "起草", "suggest", "起草"),
    Link("/submission", "退文检查", "suggest", "起草"),
    Link("/meetings", "会议方案", "suggest", "起草"),
    Link("/passages", "办理流转", "handle", "办理"),
    Link("/due", "公开时限", "documents", "办理"),
    Link("/ledger", "任务台账", "documents", "办理"),
    Link("/review", "存量审查", "review", "存量审查"),
    Link("/privacy", "遮蔽核对", "mask", "个人信息"),
    Link("/patrol", "公开巡查", "patrol", "个人信息"),
    Link("/documents", "公文记录", "documents", "公文"),
    Link("/rereview", "定期重评", "afterwards", "公文"),
    Link("/applications", "依申请公开", "applications", "公文"),
    Link("/rules", "规则表", "rulebook", "规则"),
    Link("/catalog", "公开目录", "rulebook", "规则"),
    Link("/clauses", "负面清单", "rulebook", "规则"),
    Link("/profiles", "机关口径", "rulebook", "规则"),
    Link("/statistics", "统计", "statistics", "统计"),
    Link("/reports", "报表", "statistics", "统计"),
    Link("/admin", "系统管理", "users", "系统管理"),
    Link("/audit", "留痕", "audit", "留痕"),
)


class Menu(NamedTuple):
    """The bars of one page: of every group the page that it leads to and whether it is here, and the pages of this
    group when there are several."""

    groups: list[tuple[str, str, bool]]
    pages: list[tuple[str, str, bool]]


def menu(actor: Actor | None, path: str) -> Menu:
    """What an actor may go to from a page."""
    links = [link for link in LINKS if actor and actor.may(link.action)]
    here = next((link.group for link in links if link.at(path)), "")
    first = {link.group: link for link in reversed(links)}
    groups = dict.fromkeys(link.group for link in links)
    inside = [(link.path, link.name, link.at(path)) for link in links if link.group == here]
    tops = [
        (first[group].path, first[group].name if _alone(links, group) else group, group == here) for group in groups
    ]
    return Menu(tops, inside if len(inside) > 1 else [])


def _alone(links: list[Link], group: str) -> bool:
    return sum(link.group == group for link in links) == 1


def house_of(request: Request) -> House:
    """The house that create_app opened."""
    house: House = request.app.state.house
    return house


def counted_of(request: Request) -> Counted:
    """The figures that create_app keeps for a minute."""
    counted: Counted = request.app.state.counted
    return counted


def render(
    request: Request,
    actor: Actor | None,
    template: str,
    *,
    status: int = 200,
    **values: Any,  # noqa: ANN401
) -> HTMLResponse:
    """A page in the frame of base.html; `actor` is None before somebody signed in.

    Every template has `actor`, `menu`, `here` (the path), `csrf` and `house`.
    """
    shown = templates.get_template(template).render(
        actor=actor,
        menu=menu(actor, request.url.path),
        here=request.url.path,
        csrf=actor.csrf if actor else "",
        house=house_of(request),
        **values,
    )
    # a name of a file may hold what is no character: one such name must not take the page away
    return HTMLResponse(shown.encode("utf-8", "replace"), status)


class SecurityHeaders:
    """No page of ours loads or sends anything elsewhere, and nothing of it is cached."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to every answer; one that set a header of its own keeps it."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(pair for pair in _HEADERS if pair[0] not in own)]
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)
