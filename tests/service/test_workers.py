"""Several processes, one order."""

from __future__ import annotations

import pytest
from papers import LIST, NOTICE, PAPERS, REQUEST

from gongkai.model.document import Document
from gongkai.model.errors import DocumentError, GongkaiError, RequestError
from gongkai.service import workers
from gongkai.service.settings import Settings
from gongkai.service.workers import AHEAD, screened

BAD = RequestError("第 2 行不对，请改正。")
ITEMS = [
    ("a", Document("1", NOTICE)),
    ("b", BAD),
    ("c", Document("2", LIST * 20)),
    *(("d", Document(str(n), text)) for n, text in enumerate([NOTICE, REQUEST, *PAPERS.values()])),
    ("e", DocumentError("坏文件。")),
]


def test_one_process_passes_errors_through(desk):
    found = list(screened(desk, Settings(), ITEMS, 1))
    assert [name for name, _ in found] == [name for name, _ in ITEMS]
    for (_, given), (_, answer) in zip(ITEMS, found, strict=True):
        assert answer == (given if isinstance(given, GongkaiError) else desk.screen(given))


def test_one_process_reads_no_further_than_asked(desk):
    asked = []
    items = ((asked.append(n), ("a", Document("1", NOTICE)))[1] for n in range(9))
    next(screened(desk, Settings(), items, 1))
    assert asked == [0]


def test_two_processes_say_the_same_in_the_same_order(desk):
    """More documents than are sent ahead; a long one early, so that others are ready before it."""
    assert len(ITEMS) > 2 * AHEAD + 2
    assert list(screened(desk, Settings(), iter(ITEMS), 2)) == list(screened(desk, Settings(), ITEMS, 1))


class Pool:
    """Stands for the processes: counts what waits, fails where it is told to."""

    def __init__(self) -> None:
        self.sent, self.taken = 0, 0

    def submit(self, call, document):
        self.sent += 1
        pool = self

        class Future:
            def result(self):
                pool.taken += 1
                if document.id == "bad":
                    raise ValueError(document.text)
                return document.id

        return Future()

    def shutdown(self, cancel_futures):
        self.cancelled = cancel_futures


@pytest.fixture
def pool(monkeypatch):
    found = Pool()
    monkeypatch.setattr(workers, "ProcessPoolExecutor", lambda *_, **__: found)
    return found


def test_only_so_many_wait(desk, pool):
    items = (("a", Document(str(n), NOTICE)) for n in range(100))
    most = 0
    for place, (_, answer) in enumerate(screened(desk, Settings(), items, 3)):
        assert answer == str(place)
        most = max(most, pool.sent - pool.taken)
    assert (pool.sent, most) == (100, 3 * AHEAD)
    assert pool.cancelled


def test_a_process_that_fails_ends_the_run(desk, pool):
    items = [("a", Document("1", NOTICE)), ("a", Document("bad", NOTICE)), ("a", Document("2", NOTICE))]
    answers = screened(desk, Settings(), items, 2)
    assert next(answers) == ("a", "1")
    with pytest.raises(ValueError):
        next(answers)
    assert pool.cancelled
