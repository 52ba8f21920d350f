"""Token buckets in this process: how often an actor or an address may come."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from gongkai.service.errors import TooOften

MOST = 20_000


@dataclass
class Buckets:
    """One bucket a name: `burst` tokens at most, `rate` new ones a minute; forgotten when unused for long."""

    rate: float
    burst: float
    clock: Callable[[], float] = time.monotonic
    _held: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, name: str, tokens: float = 1.0) -> None:
        """Take tokens out of a bucket. Raises TooOften, with the seconds until there are enough."""
        after = self._taken(name, tokens)
        if after:
            raise TooOften(f"请求过于频繁，请在 {after} 秒后重试。", after)

    def _taken(self, name: str, tokens: float) -> int:
        with self._lock:
            now = self.clock()
            left, seen = self._held.pop(name, (self.burst, now))
            left = min(self.burst, left + max(0.0, now - seen) * self.rate / 60)
            enough = left >= tokens
            self._held[name] = (left - tokens if enough else left, now)
            while len(self._held) > MOST:
                self._held.popitem(last=False)
            return 0 if enough else max(1, math.ceil((tokens - left) * 60 / self.rate))


def neighbourhood(address: str) -> str:
    """The name of an address' bucket: an IPv6 subscriber has a /64, so that is one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 6 and known.ipv4_mapped is None:
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known.ipv4_mapped or known) if known.version == 6 else str(known)
