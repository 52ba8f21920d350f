"""A real server in a process of its own, with accounts and store, and what it costs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from watching import family

from gongkai.service.access import keys
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Unit, User, new_id

_PAGE, _HERTZ = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_CLK_TCK")
_PATIENCE = 180.0
#: Straight to the server, whatever the environment says of proxies.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True)
class Moment:
    """Bytes and processor seconds of the server itself and of its children."""

    at: float
    memory: int
    children: int
    cpu: float
    children_cpu: float


@dataclass
class Serving:
    """A running server and the keys of its drafters."""

    port: int
    process: subprocess.Popen[bytes]
    keys: list[str]
    moments: list[Moment] = field(default_factory=list)

    def look(self) -> Moment:
        """What it holds and has used by now."""
        own, *others = (_used(pid) for pid in family(self.process.pid))
        memory, cpu = (sum(column) for column in zip(*others, strict=True)) if others else (0, 0.0)
        self.moments.append(Moment(time.monotonic(), own[0], int(memory), own[1], float(cpu)))
        return self.moments[-1]


def _used(pid: int) -> tuple[int, float]:
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return 0, 0.0
    return int(fields[21]) * _PAGE, (int(fields[11]) + int(fields[12])) / _HERTZ


@contextmanager
def serving(folder: Path, drafters: int, workers: int, **more: str) -> Iterator[Serving]:
    """Accounts and keys first, then the server as it is started by hand; it ends with the context."""
    url = f"sqlite:///{folder / 'gongkai.db'}"
    issued, port = _keys(url, drafters), _port()
    given = {"DATA": str(folder), "DATABASE": url, "WORKERS": str(workers), "RATE": "100000", **more}
    environment = os.environ | {f"GONGKAI_{name}": value for name, value in given.items()}
    command = [sys.executable, "-m", "gongkai.service", "serve", "--port", str(port)]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _answers(process, port)
        yield Serving(port, process, issued)
    finally:
        process.terminate()
        process.wait(60)


def _keys(url: str, drafters: int) -> list[str]:
    database, at, issued = Database.open(url), datetime.now(UTC), []
    with database.writing() as session:
        unit = Unit(id=new_id(), name="青禾县水务局", path="")
        unit.path = unit.id
        session.add(unit)
        session.flush()
        for number in range(drafters):
            user = User(
                id=new_id(), login=f"drafter{number}", name="赵一鸣", unit=unit.id, roles=["drafter"], created=at,
                machine=True,
            )  # fmt: skip
            session.add(user)
            session.flush()
            issued.append(keys.issue(session, user, "load", ["suggest"], at, None)[1])
    database.close()
    return issued


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while process.poll() is None and time.monotonic() < deadline:
        try:
            _DIRECT.open(f"http://127.0.0.1:{port}/healthz", timeout=2).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError("the server does not answer")


def flat(moments: Sequence[Moment]) -> float:
    """Memory of all processes in the last third over that in the middle third: 1 where it is flat."""
    held = [moment.memory + moment.children for moment in moments]
    third = max(1, len(held) // 3)
    return round(sum(held[-third:]) / sum(held[-2 * third : -third]), 3) if len(held) >= 3 else 1.0
