"""A service with accounts, a store and a folder of published files; a browser signed in as the privacy officer."""

from __future__ import annotations

import time

import pytest
from accounts import cookie, signed_in
from browsing import follow, watched
from maskingpapers import CARD, CLASSIFIED, NOTICE
from serving import served

from gongkai.service.app import create_app
from gongkai.service.settings import Settings


@pytest.fixture(scope="session")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published")
    (folder / "2024").mkdir()
    (folder / "2024" / "救助公示.txt").write_text(NOTICE, "utf-8")
    (folder / "2024" / "通知.txt").write_text(
        "青禾县民政局关于开展养老服务检查的通知\n各乡镇：\n请认真组织实施。\n", "utf-8"
    )
    (folder / "坏.docx").write_bytes(b"PK\x03\x04broken")
    (folder / "苍鹭名单.txt").write_text(CLASSIFIED, "utf-8")
    (folder / ".hidden.txt").write_text(CARD, "utf-8")
    (folder / "链接.txt").symlink_to("/etc/hostname")
    (folder / "说明.bin").write_bytes(b"\x00")
    return folder


@pytest.fixture(scope="session")
def application(tmp_path_factory, published):
    return create_app(
        Settings(
            data=tmp_path_factory.mktemp("data"), published=published, max_request_bytes=2_000_000, workers=0, rate=0
        )
    )


@pytest.fixture(scope="session")
def origin(application):
    with served(application) as address:
        yield address


@pytest.fixture
def house(application):
    return application.state.house


@pytest.fixture
def officer(application):
    return signed_in(application, "privacy")


@pytest.fixture
def page(browser, application, origin, watch):
    """The officer's browser; afterwards nothing foreign was asked for and no script failed."""
    with watched(browser, watch, cookie(application, "privacy", origin)) as opened:
        yield opened


@pytest.fixture
def ended():
    """Wait for a job's page to say that it is over."""

    def wait(client, path):
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            text = client.get(path).text
            if "hx-trigger" not in text:
                return text
            time.sleep(0.1)
        raise AssertionError("the patrol did not end")

    return wait


@pytest.fixture
def submitted(page, origin):
    def submit(text=NOTICE, name="救助公示.txt"):
        page.goto(f"{origin}/privacy")
        page.set_input_files("#file", {"name": name, "mimeType": "text/plain", "buffer": text.encode()})
        follow(page, "#begin button")
        return page

    return submit
