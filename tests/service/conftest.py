"""A real server on a free port, a real browser that may only talk to it, and the command line."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field

import pytest
from postgres import database, database_url, postgres  # noqa: F401  # fixtures
from serving import served

from gongkai.service.app import create_app
from gongkai.service.cli import main
from gongkai.service.settings import Settings

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MAX_REQUEST_BYTES = 2_000_000


def pytest_collection_modifyitems(items):
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


def _without_browser(reason, environment):
    """Skip, but fail where a browser is promised: a skipped test in CI looks like a passed one."""
    (pytest.fail if environment.get("CI") else pytest.skip)(reason)


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


@pytest.fixture(scope="session")
def application(tmp_path_factory):
    return create_app(Settings(data=tmp_path_factory.mktemp("data"), max_request_bytes=MAX_REQUEST_BYTES))


@pytest.fixture(scope="session")
def origin(application):
    with served(application) as address:
        yield address


@pytest.fixture
def without_browser():
    return _without_browser


@pytest.fixture(scope="session")
def browser():
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        _without_browser("no Chromium is installed (Debian: apt-get install chromium)", os.environ)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _without_browser("playwright is not installed (pip install 'gongkai[dev]')", os.environ)
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=program, args=list(OPTIONS))
        yield chromium
        chromium.close()


@pytest.fixture
def watch(origin):
    return Watch(origin)


@pytest.fixture
def page(browser, origin, watch):
    """The page, opened on a wide screen; afterwards nothing foreign was asked for and no script failed."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=origin)
    context.set_default_timeout(60_000)
    opened = context.new_page()
    opened.on("request", lambda request: watch.requests.append(request.url))
    opened.on("console", lambda line: watch.console.append(line.text) if line.type in ("error", "warning") else None)
    opened.on("pageerror", lambda error: watch.crashes.append(str(error)))
    opened.goto(f"{origin}/")
    yield opened
    context.close()
    assert (watch.foreign, watch.complaints, watch.crashes) == ([], [], [])


@pytest.fixture
def run(capsys):
    """Run a command line: exit code, standard output, standard error."""

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call
