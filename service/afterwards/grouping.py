"""Requests put together once for each state of the register: what was worked out is kept until a topic changes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

from gongkai.model.duties.topics import Topic, topics

#: As many states as units look at at a time.
_KEPT = 16
#: Nobody tells requests apart by what stands further behind; a group of long ones costs by the square of its length.
_LONGEST = 120


@dataclass(frozen=True, slots=True)
class _Register:
    """Topics of requests, known by their digest."""

    digest: str
    texts: tuple[str, ...] = field(compare=False, repr=False)


def together(texts: tuple[str, ...], idle: tuple[str, ...], alike: float) -> tuple[Topic, ...]:
    """`topics` of these texts, which are worked out once."""
    cut = tuple(text[:_LONGEST] for text in texts)
    digest = hashlib.sha256("\n".join(cut).encode("utf-8", "surrogatepass")).hexdigest()
    return _grouped(_Register(digest, cut), idle, alike)


@lru_cache(maxsize=_KEPT)
def _grouped(register: _Register, idle: tuple[str, ...], alike: float) -> tuple[Topic, ...]:
    return topics(register.texts, idle, alike)
