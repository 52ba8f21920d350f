"""What a running service does beside answering: jobs, and following what is in force."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import anyio.to_thread

from gongkai.service.crew.following import Follower
from gongkai.service.house import House
from gongkai.service.jobs.worker import Workers

#: Threads of requests that wait for no child: pages, lists, signing in. And how many there are at most.
_OTHERS, _MOST = 40, 1_000


@contextmanager
def at_work(house: House) -> Iterator[Workers]:
    """Threads for as long as the service runs; at its end they give back what they have not finished.

    To be entered in the event loop. Requests get more threads than may wait for a child, as otherwise those beyond
    would wait where nobody counts them, instead of being told at once that the service is busy.
    """
    limiter = anyio.to_thread.current_default_thread_limiter()
    limiter.total_tokens = min(house.settings.queue + _OTHERS, _MOST)
    workers, follower = Workers(house), Follower(house)
    workers.start()
    follower.start()
    try:
        yield workers
    finally:
        follower.stop()
        workers.stop()
