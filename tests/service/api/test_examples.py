"""docs/api.md: every command is run as it stands, against a real server, and answers what stands below it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import uvicorn
from accounts import keyed
from papers import LIST, NOTICE

from gongkai.service.app import create_app
from gongkai.service.settings import Settings

PAGE = Path(__file__).parents[3] / "docs" / "api.md"
BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```\n+^```(?:json)?\n(.*?)^```$", re.M | re.S)


def examples():
    return [
        pytest.param(*found.groups(), id=str(number))
        for number, found in enumerate(BLOCK.finditer(PAGE.read_text("utf-8")))
    ]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    app = create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0))
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + 120
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started, "the server did not start"
    key = keyed(app, "office").headers["authorization"].removeprefix("Bearer ")
    yield {"GONGKAI_URL": f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", "GONGKAI_KEY": key}
    server.should_exit = True
    thread.join(60)
    assert not thread.is_alive(), "the server did not stop"


def told(words):
    """What stands in the page as a pattern: … is anything, line ends don't count."""
    plain = "".join(words.split("\n"))
    return ".*".join(re.escape(piece) for piece in plain.split("…"))


@pytest.mark.parametrize(("language", "words", "expected"), examples())
def test_an_example(place, tmp_path, language, words, expected):
    if language == "sh" and shutil.which("curl") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("curl is not installed (Debian: apt-get install curl)")
    for name, text in (("名单.txt", LIST), ("通告.txt", NOTICE)):
        (tmp_path / name).write_text(text, "utf-8")
    command = ["sh", "-eu", "-c", words] if language == "sh" else [sys.executable, "-c", words]
    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **place}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(told(expected), "".join(done.stdout.split("\n")), re.S), done.stdout


def test_every_command_has_an_answer():
    page = PAGE.read_text("utf-8")
    assert len(examples()) == page.count("```sh") + page.count("```python")
