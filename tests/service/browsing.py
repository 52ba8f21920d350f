"""A page of a real browser that may only talk to its own server, for pages of another application than conftest's.

@pytest.fixture
def page(browser, origin, watch, application):
    with watched(browser, watch, cookie(application, "office", origin)) as opened:
        yield opened
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Watch:
    """What a page asked for and complained about."""

    origin: str
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)

    @property
    def foreign(self) -> list[str]:
        return [url for url in self.requests if not url.startswith((f"{self.origin}/", f"blob:{self.origin}/"))]

    @property
    def complaints(self) -> list[str]:
        """Console errors other than Chromium's own line, and that of htmx, for an answer of 4xx or 5xx, or for none."""
        own = ("Failed to load resource", "Response Status Error Code")
        return [line for line in self.console if not line.startswith(own)]


def follow(page, what):
    """Click what leads to another page, and wait for that one with its scripts."""
    with page.expect_navigation():
        page.click(what)


def become(page, *cookies):
    """Somebody else in the same browser. The old page goes first: an answer to what it still asked for would send
    one who is no longer signed in to the entrance, in the middle of the next step."""
    page.goto("about:blank")
    page.context.clear_cookies()
    page.context.add_cookies(list(cookies))


@contextmanager
def held(page, path):
    """No answer to the first request of the block for this path before the block ends."""
    routes = []
    page.route(path, lambda route: routes.append(route), times=1)
    with page.expect_request(path):
        yield
    while not routes:
        page.wait_for_timeout(10)
    routes[0].continue_()


@contextmanager
def watched(browser, watch, *cookies, size=(1366, 768), permissions=()):
    """A page of a context of its own; afterwards nothing foreign was asked for and no script failed."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    context.grant_permissions(list(permissions), origin=watch.origin)
    context.add_cookies(list(cookies))
    context.set_default_timeout(60_000)
    opened = context.new_page()
    opened.on("request", lambda request: watch.requests.append(request.url))
    opened.on("console", lambda line: watch.console.append(line.text) if line.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: watch.crashes.append(str(error)))
    yield opened
    context.close()
    assert (watch.foreign, watch.complaints, watch.crashes) == ([], [], [])
