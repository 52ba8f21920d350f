"""What a call consists of, without saying how it waits: requests and pauses, driven by either client."""

from __future__ import annotations

import re
import uuid
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TypeVar

import httpx

from gongkai.service.client.errors import Refused, Unreachable
from gongkai.service.wire import Json

FIRST, LONGEST = 0.5, 15.0
_AGAIN = (409, 429, 503)
File = str | PathLike[str] | tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Ask:
    """One request. A POST carries an idempotency key, so that it may be sent again."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Json | None = field(default=None, repr=False)
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    fields: Mapping[str, str] = field(default_factory=dict, repr=False)

    def keyed(self) -> dict[str, str]:
        """The headers, with a fresh key for a POST."""
        return {"idempotency-key": str(uuid.uuid4()), **self.headers} if self.method == "POST" else dict(self.headers)

    def request(self, client: httpx.Client | httpx.AsyncClient, headers: Mapping[str, str]) -> httpx.Request:
        """The same for httpx."""
        content: Json = {}
        if self.json is not None:
            content["json"] = self.json
        if self.files:
            content |= {"files": [("file", file) for file in self.files], "data": dict(self.fields)}
        return client.build_request(self.method, self.path, params=dict(self.params), headers=dict(headers), **content)


@dataclass(frozen=True, slots=True)
class Send:
    """A request to be sent now, with these headers."""

    ask: Ask
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Pause:
    """Seconds to wait."""

    seconds: float


Got = httpx.Response | httpx.TransportError | None
T = TypeVar("T")
Plan = Generator[Send | Pause, Got, T]


def asked(ask: Ask, patience: float) -> Plan[httpx.Response]:
    """The answer; overload and broken lines are tried again for `patience` seconds. Raises Refused, Unreachable."""
    headers, waited, pause = ask.keyed(), 0.0, FIRST
    while True:
        got = yield Send(ask, headers)
        if isinstance(got, httpx.Response) and (got.status_code not in _AGAIN or not _wait(got)):
            return _good(got)
        seconds = _wait(got) if isinstance(got, httpx.Response) else pause
        if waited + seconds > patience:
            return _good(got)
        yield Pause(seconds)
        waited, pause = waited + seconds, min(LONGEST, pause * 2)


def _wait(answer: httpx.Response) -> float:
    """The seconds of Retry-After, 0 without."""
    given = answer.headers.get("retry-after", "")
    return min(float(given), 3600.0) if re.fullmatch(r"[0-9]{1,5}", given) else 0.0


def _good(got: Got) -> httpx.Response:
    if not isinstance(got, httpx.Response):
        raise Unreachable("连接不上公开属性服务，请检查地址、网络和证书后重试。") from got
    if got.status_code < 400:
        return got
    try:
        told = got.json()
        slug, title, detail = told["type"].rpartition(":")[2], told["title"], told["detail"]
    except (ValueError, KeyError, TypeError, AttributeError):
        slug, title, detail = "http", "请求失败", f"服务回答了 {got.status_code}，没有说明；请检查服务地址。"
    raise Refused(got.status_code, slug, title, detail)


def opened(file: File) -> tuple[str, bytes]:
    """A file's name and bytes. Raises OSError."""
    if isinstance(file, tuple):
        return file
    return Path(file).name, Path(file).read_bytes()
