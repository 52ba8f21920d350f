"""What a check says: findings without values, and traces of text that a page doesn't show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from gongkai.service.limits import Limits


class Kind(StrEnum):
    """What can be wrong with a file that was published."""

    missed = "missed"
    recoverable = "recoverable"
    overmasked = "overmasked"
    inconsistent = "inconsistent"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {
            "missed": "应遮未遮",
            "recoverable": "遮了还能看到",
            "overmasked": "不该遮而遮",
            "inconsistent": "遮法不一致",
        }[self.value]


@dataclass(frozen=True, slots=True)
class Found:
    """One thing wrong. `shown` is a masked form and never the value; `type` is empty where nobody can say it."""

    kind: Kind
    place: str
    why: str
    advice: str
    type: str = ""
    shown: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """Text that is in a file without being seen, or the sign of one.

    `sure` makes it a finding whatever it says: somebody covered it. `type` is given where the place tells it.
    """

    place: str
    text: str = field(repr=False)
    why: str
    advice: str
    sure: bool = False
    type: str = ""


#: Finds the traces in the bytes of one format; raises anything at all for a damaged file.
Tracer = Callable[[bytes, Limits], Iterator[Trace]]
