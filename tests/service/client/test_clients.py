"""Both clients against a real server: every call, along a drafting tool's day."""

from __future__ import annotations

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import apart
import pytest
import uvicorn
from accounts import keyed
from papers import LIST, NOTICE, NUMBERS

from gongkai.service.api.schemas_cases import DecisionIn
from gongkai.service.api.schemas_precedents import Sought
from gongkai.service.app import create_app
from gongkai.service.client import AsyncClient, Client, Refused
from gongkai.service.settings import Settings

#: Seconds that only what hangs takes.
ROOM = 120


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Where the server is, and a drafter's key."""
    app = create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, rate=1_000_000))
    server = uvicorn.Server(uvicorn.Config(app, "127.0.0.1", 0, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    until = time.monotonic() + ROOM
    while not server.started and thread.is_alive() and time.monotonic() < until:
        time.sleep(0.02)
    assert server.started, "the server did not start"
    key = keyed(app, "reviewer").headers["authorization"].removeprefix("Bearer ")
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}", key
    server.should_exit = True
    thread.join(ROOM)
    assert not thread.is_alive(), "the server did not stop"


class Beside:
    """An AsyncClient, called as if it were a Client."""

    def __init__(self, url, key):
        self.loop, self.thread = asyncio.new_event_loop(), ThreadPoolExecutor(1)
        self.client = AsyncClient(url, key)

    def _done(self, coroutine):
        return self.thread.submit(self.loop.run_until_complete, coroutine).result()

    def __getattr__(self, name):
        def call(*given, **named):
            found = getattr(self.client, name)(*given, **named)
            return self._done(_all(found) if name.startswith("every_") else found)

        return call

    def close(self):
        self._done(self.client.close())
        self.thread.shutdown()
        self.loop.close()


async def _all(found):
    return [one async for one in found]


@pytest.fixture(scope="module", params=[Client, Beside])
def client(request, place):
    opened = request.param(*place)
    yield opened
    opened.close()


def test_suggestions(client, tmp_path, desk):
    said = client.suggest(NOTICE, "a-001", "停水")
    assert (said.suggestion.id, said.suggestion.title, said.suggestion.attribute.label) == (
        "a-001",
        "停水",
        "proactive",
    )
    assert client.document(said.document).digest == said.suggestion.digest
    assert client.suggest(NOTICE, keep=False).document == ""
    path = tmp_path / "通告.txt"
    path.write_text(NOTICE, "utf-8")
    by_path, by_bytes = client.suggest_file(path), client.suggest_file(("通告.txt", NOTICE.encode()), keep=False)
    assert by_path.suggestion == by_bytes.suggestion
    assert by_path.suggestion.id == "通告.txt"


def test_texts_and_checks(client):
    assert client.read(("通告.txt", NOTICE.encode())).text == NOTICE
    assert client.check(("公示.txt", LIST.encode())).counts.missed == 9
    assert client.check(("公示.txt", NOTICE.encode()), "on_request").clean


def test_redactions(client):
    assert [value for value in NUMBERS if value in client.redact(LIST).text] == []
    made = client.redact_file(("名单.txt", LIST.encode()), style="strict")
    assert (made.name, made.report.style, made.report.proof.passed) == ("名单.txt", "strict", True)
    assert [value for value in NUMBERS if value.encode() in made.data] == []
    assert client.redact_file(("赵一鸣.txt", LIST.encode()), rename=True).name == "赵某某.txt"


def test_decisions(client):
    id = client.suggest(f"{NOTICE}（{type(client).__name__}）").document
    first = client.decide(id, DecisionIn(attribute="withheld", reason="W-167"), client.document(id).version)
    with pytest.raises(Refused) as caught:
        client.decide(id, DecisionIn(attribute="proactive"), 1)
    assert (caught.value.status, caught.value.slug) == (412, "outdated")
    assert client.undo(id, first.id, client.document(id).version).undoes == first.id
    assert [row.undoes for row in client.decisions(id).items] == ["", first.id]


def test_precedents(client):
    first = client.suggest(f"{NOTICE}（先例{type(client).__name__}）").document
    client.decide(first, DecisionIn(attribute="proactive"))
    later = client.suggest(f"{NOTICE}（后来{type(client).__name__}）").document
    assert first in [row.document for row in client.precedents(later).items]
    found = client.search(Sought(title="关于青禾路停水检修的通告", attribute="withheld"))
    assert first in [row.document for row in found.items]
    assert found.warning


def test_documents(client):
    ids = {client.suggest(f"{NOTICE}（列表{number}）").document for number in range(3)}
    assert ids <= {row.id for row in client.every_document(attribute="proactive")}
    page = client.documents(limit=2)
    assert len(page.items) == 2 and page.next
    assert client.documents(page.next, 2).items[0].id not in {row.id for row in page.items}
    assert list(client.every_document(title="没有这样的标题")) == []


def test_jobs(client):
    job = client.submit("redact", [("名单.txt", LIST.encode()), ("空.txt", b" ")], style="strict")
    done = client.wait(job.id, ROOM)
    assert (done.state, done.result) == ("done", {"done": 1, "failed": 1})
    assert [row.status for row in client.results(job.id).items] == ["done", "failed"]
    assert [row.file for row in client.every_result(job.id)] == ["名单.txt", "空.txt"]
    copy, page = client.product(job.id, 0), client.product(job.id, 0, "page")
    assert [value for value in NUMBERS if value.encode() in copy + page] == []
    assert job.id in [row.id for row in client.jobs().items]
    with pytest.raises(Refused):
        client.cancel(job.id)
    assert client.job(job.id) == done


def test_the_rest(client, desk):
    assert client.rulebook().digest == desk.screener.rules.digest == client.health().rulebook
    assert client.statistics("2020-01-01").total > 0


def test_a_wrong_key(place):
    with Client(place[0], "gk_none_none") as stranger, pytest.raises(Refused) as caught:
        stranger.rulebook()
    assert caught.value.status == 401


def test_both_have_the_same_calls():
    def calls(one):
        return sorted(name for name in vars(one) if not name.startswith("_"))

    assert calls(Client) == calls(AsyncClient)


def test_async_with(place):
    async def health():
        async with AsyncClient(*place) as client:
            return await client.health()

    assert apart.run(health).status == "ok"
