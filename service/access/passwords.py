"""Passwords: argon2id, a policy that can be told in one sentence, and equal work for logins that don't exist."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from gongkai.model.errors import RequestError
from gongkai.service.errors import Busy

SHORTEST, LONGEST = 10, 128
#: RFC 9106's second recommended option but for one lane: 64 MiB and three passes.
HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
#: So many at once: each takes 64 MiB.
_SEATS = threading.BoundedSemaphore(2)
_PATIENCE = 10.0


@contextmanager
def _seated() -> Iterator[None]:
    if not _SEATS.acquire(timeout=_PATIENCE):
        raise Busy("同时登录的人太多，请稍后再试。", 5)
    try:
        yield
    finally:
        _SEATS.release()


def normal(password: str) -> str:
    """One form for what different keyboards send as the same characters."""
    return unicodedata.normalize("NFKC", password)


def hashed(password: str) -> str:
    """What the database keeps."""
    with _seated():
        return HASHER.hash(normal(password))


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody's password: verified against when there is no such user")


def matches(kept: str, password: str) -> bool:
    """Whether a password is the one kept; as slow for an empty `kept` (unknown login, no password) as for any."""
    with _seated():
        try:
            return HASHER.verify(kept or _nobodys(), normal(password)[: LONGEST * 4]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return HASHER.check_needs_rehash(kept)


@cache
def common() -> frozenset[str]:
    """Passwords that everybody tries first."""
    text = resources.files("gongkai.service.access").joinpath("common.txt").read_text("utf-8")
    return frozenset(line.strip().lower() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def check(password: str, login: str, name: str = "") -> None:
    """Refuse a password that can be guessed. Raises RequestError, which says what is wrong."""
    plain = normal(password).lower()
    if not SHORTEST <= len(plain) <= LONGEST:
        raise RequestError(f"口令应当有 {SHORTEST} 到 {LONGEST} 个字符，请重新设置。")
    if any(word and word.lower() in plain for word in (login if len(login) > 2 else "", name)):
        raise RequestError("口令里不要有登录名或者姓名，请重新设置。")
    if _guessable(plain):
        raise RequestError("这个口令太常见或者太有规律，容易被猜中，请重新设置。")


def _guessable(plain: str) -> bool:
    core = plain.strip("!@#$%^&*.?,;:~-_+= ")
    known = {core, core.rstrip("0123456789"), core.lstrip("0123456789"), core.strip("0123456789")}
    return len(set(plain)) < 5 or bool(known & common()) or _runs(plain) < 5 or _repeats(plain)


def _runs(plain: str) -> int:
    """How many characters are left when those that follow the one before (1 2 3, a b c, q w e) are left out."""
    keyboard = "qwertyuiop asdfghjkl zxcvbnm 1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm"
    near = {keyboard[i : i + 2] for i in range(len(keyboard) - 1)} | {
        keyboard[i : i + 2][::-1] for i in range(len(keyboard) - 1)
    }
    follows = (a + b in near or abs(ord(b) - ord(a)) <= 1 for a, b in zip(plain, plain[1:], strict=False))
    return 1 + sum(not one for one in follows) if plain else 0


def _repeats(plain: str) -> bool:
    """Whether it is one short piece said again: 青禾青禾青禾."""
    return any(plain == (plain[:n] * len(plain))[: len(plain)] for n in range(1, len(plain) // 2 + 1) if n <= 5)
