"""What a check says: findings without values, and traces of text that a page doesn't show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from gongkai.service.limits import Limits

#: So many traces of one sort are judged one by one; those beyond are judged together, with the place of the first.
_ALONE = 100


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


def gathered(found: Iterable[Trace]) -> Iterator[Trace]:
    """The same traces, those of one sort beyond the first hundred as one: each is a text to be judged."""
    counts: dict[tuple[str, bool, str], int] = defaultdict(int)
    more: dict[tuple[str, bool, str], list[Trace]] = defaultdict(list)
    for trace in found:
        sort = trace.why, trace.sure, trace.type
        counts[sort] += bool(trace.text.strip() or trace.sure)
        if counts[sort] <= _ALONE or trace.type:
            yield trace
        elif trace.text.strip() or trace.sure:
            more[sort].append(trace)
    for rest in more.values():
        yield replace(rest[0], place=f"{rest[0].place}等{len(rest)}处", text="\n".join(trace.text for trace in rest))
