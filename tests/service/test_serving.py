"""What runs beside the answers, and how many requests may wait for a child."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import anyio.to_thread
import apart
import pytest

from gongkai.service.house import House
from gongkai.service.serving import at_work
from gongkai.service.settings import Settings
from gongkai.service.store.database import Database
from gongkai.service.store.vault import Vault

OURS = ("gongkai-job", "gongkai-minder", "gongkai-follower")


def ours(others=()):
    """The names of the service's threads, but for those of other tests' services."""
    found = [thread for thread in threading.enumerate() if thread.name.startswith(OURS)]
    return sorted(thread.name for thread in found if thread not in others)


@pytest.mark.parametrize(("queue", "threads"), [(1, 41), (64, 104), (10_000, 1_000)])
def test_threads_for_as_long_as_it_runs(tmp_path, queue, threads):
    settings = Settings(workers=0, queue=queue, job_workers=2, data=tmp_path)
    database = Database.open("sqlite://")
    house = House(settings, database, Vault(bytes(32)), SimpleNamespace(), lambda: None)

    others = threading.enumerate()

    async def run():
        with at_work(house):
            assert ours(others) == ["gongkai-follower", "gongkai-job-0", "gongkai-job-1", "gongkai-minder"]
            assert anyio.to_thread.current_default_thread_limiter().total_tokens == threads
        assert ours(others) == []

    apart.run(run)
    database.close()
