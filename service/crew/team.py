"""One generation of children at work."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from gongkai.model.errors import CrashingDocument, DocumentError, GongkaiError, HeavyDocument, SlowDocument
from gongkai.service.crew.generation import Generation
from gongkai.service.crew.orders import Order
from gongkai.service.crew.waiting import Waiting
from gongkai.service.crew.working import Bench
from gongkai.service.desk import Desk
from gongkai.service.screening.engine.child import Line
from gongkai.service.screening.engine.pool import Caps, Done, Lost, Pool, Why
from gongkai.service.settings import Settings
from gongkai.service.wire import Json

#: A child takes seconds to start: it is kept for as long as its memory stays small.
_TASKS = 20_000
_ODD = "程序处理这个文件时出错，没有结果，请把文件的格式告诉管理员。"
_LOST: dict[Why, tuple[type[DocumentError], str]] = {
    Why.time: (SlowDocument, "处理超过时限，已停止，请拆分后再提交。"),
    Why.memory: (HeavyDocument, "处理时占用内存过多，已停止，请拆分或者压缩图片后再提交。"),
    Why.crash: (CrashingDocument, "处理时程序两次崩溃，没有结果，请打开后另存为新文件再试。"),
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What an order gave."""

    value: Any


@dataclass(frozen=True, slots=True)
class Odd:
    """Something that nobody foresaw: what kind, and where in the code. Its words may hold text and stay behind."""

    place: str


Task: TypeAlias = tuple[int, Order]
Answer: TypeAlias = Answered | Odd | GongkaiError


def opened(settings: Settings) -> tuple[Callable[[Task, Line], Answer], Json]:
    """Load the model, once for a child."""
    bench = Bench(Desk.open(settings))
    return partial(worked, bench), asdict(bench.desk.screener.engine)


def worked(bench: Callable[[Order], Any], task: Task, _: Line) -> Answer:
    """One order done, whatever comes of it."""
    try:
        return Answered(bench(task[1]))
    except GongkaiError as error:
        return error
    except MemoryError:  # the pool's
        raise
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return Odd(f"{type(error).__name__} {Path(last.filename).name}:{last.lineno}")


class Team:
    """Children with the same model and tables. To be used by one thread, with whose end they end.

    What is given to it comes back through the futures; `told` is called with what only an administrator should know.
    """

    def __init__(self, generation: Generation, told: Callable[[str], object]) -> None:
        settings = generation.settings
        self.generation, self._told, self._numbers = generation, told, count()
        self._flying: dict[int, tuple[Waiting, float]] = {}
        self.lost, self.done = Counter[str](), 0
        self.engine: Json = {}
        self._most_later = max(1, settings.workers - 1)
        caps = Caps(settings.task_seconds, settings.task_memory, _TASKS)
        self._pool: Pool[Task, Answer, Json] = Pool(partial(opened, settings), settings.workers, caps)

    @property
    def ready(self) -> int:
        """How many children have their model."""
        return self._pool.ready

    @property
    def pids(self) -> list[int]:
        """The children's process ids."""
        return self._pool.pids

    @property
    def busy(self) -> int:
        """How many orders are under way."""
        return len(self._flying)

    @property
    def room(self) -> bool:
        """Whether an order could begin now."""
        return self._pool.room > 0

    @property
    def room_later(self) -> bool:
        """Whether one could that nobody waits for: a child is left for those that somebody does."""
        return sum(not waiting.urgent for waiting, _ in self._flying.values()) < self._most_later

    def begin(self, waiting: Waiting) -> None:
        """Give an order to a child that has room for it."""
        number = next(self._numbers)
        self._flying[number] = (waiting, time.monotonic())
        self._pool.give((number, waiting.order), waiting.seconds)

    def turn(self, timeout: float, also: Sequence[int] = ()) -> float:
        """Answer what has come to its end; the seconds that the last of it took, or 0.

        Raises whatever keeps children from starting.
        """
        took = 0.0
        for outcome in self._pool.outcomes(timeout, also):
            waiting, since = self._flying.pop(outcome.task[0])
            took = time.monotonic() - since
            self.done += 1
            self._answer(waiting, outcome)
        if not self.engine and self._pool.ready:
            self.engine = self._pool.hello()
        return took

    def _answer(self, waiting: Waiting, outcome: Done[Task, Answer] | Lost[Task]) -> None:
        if isinstance(outcome, Lost):
            error, message = _LOST[outcome.why]
            self.lost[outcome.why.value] += 1
            waiting.future.set_exception(error(message))
        elif isinstance(outcome.answer, Answered):
            waiting.future.set_result(outcome.answer.value)
        elif isinstance(outcome.answer, Odd):
            self._told(f"unexpected {outcome.answer.place} in {type(waiting.order).__name__}")
            waiting.future.set_exception(DocumentError(_ODD))
        else:
            waiting.future.set_exception(outcome.answer)

    def end(self, error: GongkaiError) -> None:
        """Kill the children; what they were doing is told `error`. The generation stays."""
        self._pool.__exit__()
        for waiting, _ in self._flying.values():
            waiting.future.set_exception(error)
        self._flying.clear()
