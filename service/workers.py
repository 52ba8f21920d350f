"""Several processes screening one stream of documents, answers in the order of the documents."""

from __future__ import annotations

import gc
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager

from gongkai.model.document import Document
from gongkai.model.errors import GongkaiError
from gongkai.model.finding import Screening
from gongkai.service.desk import Desk
from gongkai.service.screening.engine.pool import context
from gongkai.service.settings import Settings

AHEAD = 4
Named = tuple[str, Document | GongkaiError]
Answered = tuple[str, Screening | GongkaiError]
_desk: list[Desk] = []


def _open(settings: Settings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business
    _desk.append(Desk.open(settings))
    gc.freeze()


def _screen(document: Document) -> Screening:
    return _desk[0].screen(document)


def screened(desk: Desk, settings: Settings, items: Iterable[Named], jobs: int) -> Iterator[Answered]:
    """Screen every document, in this process or in `jobs` others; errors among the items pass through."""
    if jobs == 1:
        for name, item in items:
            yield name, item if isinstance(item, GongkaiError) else desk.screen(item)
        return
    with _pool(settings, jobs) as pool:
        waiting: deque[tuple[str, Future[Screening] | GongkaiError]] = deque()
        for name, item in items:
            waiting.append((name, item if isinstance(item, GongkaiError) else pool.submit(_screen, item)))
            if len(waiting) > AHEAD * jobs:
                yield _answer(*waiting.popleft())
        while waiting:
            yield _answer(*waiting.popleft())


def _answer(name: str, item: Future[Screening] | GongkaiError) -> Answered:
    return name, item if isinstance(item, GongkaiError) else item.result()


@contextmanager
def _pool(settings: Settings, jobs: int) -> Iterator[ProcessPoolExecutor]:
    pool = ProcessPoolExecutor(jobs, mp_context=context(), initializer=_open, initargs=(settings,))
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
