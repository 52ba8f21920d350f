"""A real server on a free port, a real browser that may only talk to it, and the command line."""

from __future__ import annotations

import os
import shutil

import pytest
from browsing import Watch, watched
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
    clipboard = ("clipboard-read", "clipboard-write")
    with watched(browser, watch, size=(1280, 800), permissions=clipboard) as opened:
        opened.goto(f"{origin}/")
        yield opened


@pytest.fixture
def run(capsys):
    """Run a command line: exit code, standard output, standard error."""

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call
