"""Callers of a service from one process: connections kept open, requests at times set beforehand.

A drafter doesn't wait for a slow service before the next one writes: the moments of requests are drawn in advance, and
a request that goes out late counts as slow from the moment at which it should have gone out.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random

_PATIENCE = 60.0
BROKEN = 0
#: What a suggestion has and no other answer.
_PARTS = (b'"digest":', b'"attribute":', b'"handling":', b'"personal":')
Line = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status (0 for no answer), seconds from when it should have been asked, seconds to wait when told so."""

    status: int
    seconds: float
    after: int = 0


@dataclass
class Stage:
    """All answers of a stage, and how long it took."""

    answers: list[Answer] = field(default_factory=list)
    seconds: float = 0.0

    def of(self, *statuses: int) -> list[float]:
        """Seconds of the answers with these statuses, the shortest first."""
        return sorted(answer.seconds for answer in self.answers if answer.status in statuses)

    def figures(self) -> dict[str, object]:
        """Counts by status; p50, p95, p99 (ms) and a second's number of good answers; p95 of refusals."""
        good, refused = self.of(200), self.of(429, 503)
        counts = Counter(str(answer.status) for answer in self.answers)
        shown: dict[str, object] = {"asked": len(self.answers), **dict(sorted(counts.items()))}
        shown |= {f"p{share}": at(good, share) for share in (50, 95, 99)}
        shown |= {"a second": round(len(good) / self.seconds, 1) if self.seconds else 0.0}
        return shown | ({"refused p95": at(refused, 95)} if refused else {})


def at(ordered: Sequence[float], share: int) -> float:
    """A percentile in milliseconds."""
    if not ordered:
        return 0.0
    if len(ordered) == 1:
        return round(ordered[0] * 1000, 1)
    return round(statistics.quantiles(ordered, n=100, method="inclusive")[share - 1] * 1000, 1)


class Caller:
    """One drafter with a key and a connection for each request that is under way."""

    def __init__(self, port: int, key: str) -> None:
        self._port, self._key = port, key
        self._idle: list[Line] = []

    async def ask(self, text: str, due: float) -> Answer:
        """One suggestion; `due` by the loop's clock."""
        try:
            status, after = await asyncio.wait_for(self._asked(text), _PATIENCE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError, ValueError):
            status, after = BROKEN, 0
        return Answer(status, time.monotonic() - due, after)

    async def _asked(self, text: str) -> tuple[int, int]:
        body = json.dumps({"id": "", "text": text}, ensure_ascii=False).encode()
        head = (
            "POST /v1/suggestions HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            f"authorization: Bearer {self._key}\r\ncontent-length: {len(body)}\r\n\r\n"
        )
        while self._idle:
            try:
                return await self._over(self._idle.pop(), head.encode() + body)
            except (OSError, asyncio.IncompleteReadError):  # the server had hung up: it was idle for too long
                continue
        return await self._over(await asyncio.open_connection("127.0.0.1", self._port), head.encode() + body)

    async def _over(self, line: Line, asked: bytes) -> tuple[int, int]:
        line[1].write(asked)
        status, headers = await _head(line[0])
        body = await line[0].readexactly(int(headers.get("content-length", "0")))
        self._idle.append(line)
        if status == 200 and not all(part in body for part in _PARTS):
            raise ValueError("no suggestion")
        return status, int(headers.get("retry-after", "0"))

    async def close(self) -> None:
        """Hang up."""
        for _, writer in self._idle:
            writer.close()


async def _head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    return int(first.split(" ")[1]), {name.lower(): value.strip() for name, _, value in pairs}


async def alone(caller: Caller, texts: Iterator[str], count: int) -> Stage:
    """One caller, one request after the other."""
    stage, start = Stage(), time.monotonic()
    for _ in range(count):
        stage.answers.append(await caller.ask(next(texts), time.monotonic()))
    stage.seconds = time.monotonic() - start
    return stage


async def together(callers: Sequence[Caller], texts: Iterator[str], rate: float, seconds: float, seed: int) -> Stage:
    """All callers, each at moments of its own, together so many requests a second."""
    stage, start, asked = Stage(), time.monotonic(), []
    for due, caller in moments(len(callers), rate, seconds, Random(seed)):
        await asyncio.sleep(max(0.0, start + due - time.monotonic()))
        asked.append(asyncio.create_task(callers[caller].ask(next(texts), start + due)))
    stage.answers += await asyncio.gather(*asked)
    stage.seconds = time.monotonic() - start
    return stage


def moments(callers: int, rate: float, seconds: float, random: Random) -> list[tuple[float, int]]:
    """When each caller asks: think times of which the next doesn't depend on the last."""
    found = []
    for caller in range(callers):
        when = random.expovariate(rate / callers)
        while when < seconds:
            found.append((when, caller))
            when += random.expovariate(rate / callers)
    return sorted(found)
