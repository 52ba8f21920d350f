"""One run over a backlog: list, skip what is known, screen the rest in children, keep, put in order, write it out."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from gongkai.model.errors import (
    CrashingDocument,
    DocumentError,
    GongkaiError,
    HeavyDocument,
    MissingDocument,
    RequestError,
    SlowDocument,
)
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import product_version
from gongkai.service.screening.engine.claiming import Stop, claimed
from gongkai.service.screening.engine.cluster import Cluster, need_ray
from gongkai.service.screening.engine.keeping import Keeper, means_of
from gongkai.service.screening.engine.listing import Listing
from gongkai.service.screening.engine.orders import RAY, Ended, Order
from gongkai.service.screening.engine.pool import Caps, Done, Lost, Pool, Why
from gongkai.service.screening.engine.progress import Progress, Tally
from gongkai.service.screening.engine.scanned import need_reader
from gongkai.service.screening.engine.tasks import (
    Answer,
    Hello,
    Means,
    Register,
    Screen,
    Screened,
    Task,
    Unpack,
    Unpacked,
)
from gongkai.service.screening.engine.working import opened
from gongkai.service.screening.intake import remote, sources
from gongkai.service.screening.intake.registers import NONE, Registers
from gongkai.service.screening.intake.sources import Item
from gongkai.service.screening.order import ordering
from gongkai.service.screening.order.published import listing
from gongkai.service.screening.records import Bundle, Failure, Part
from gongkai.service.screening.results import outputs
from gongkai.service.screening.results.drafts import swept
from gongkai.service.screening.store import Store

Children = Pool[Task, Answer, Hello] | Cluster
#: Where the work is done: on this machine, or on a Ray cluster.
_SLOW = "处理超过时限（{:g} 秒），已跳过，请人工查看这个文件，或者加大 --seconds 后用同一条命令重试。"
_HEAVY = "处理时占用内存超过 {} MB，已跳过，请人工查看这个文件，或者加大 --memory 后用同一条命令重试。"
_CRASH = "读取时程序两次崩溃，已跳过，请人工查看这个文件，或者打开后另存为新文件再试。"
_SAME = "输出目录 {} 就是来源，里面的文件不会筛查，请另选一个输出目录。"
_LOCAL_ONLY = "对象存储里的文件要用 --engine ray 筛查，或者先下载到本机。"
#: Seconds for a container, and bytes that are unpacked in one more.
_UNPACKING, _PER_SECOND = 600.0, 2 * 2**20
_AT_ONCE = 500


def run(order: Order, progress: Progress) -> Ended:
    """Screen a backlog, or go on where the last run ended; raises RequestError, OutputError, and what loading raises.

    To be called from the main thread, which receives Ctrl-C.
    """
    _checked(order)
    with claimed(order.out) as spool, Store(order.out) as store:
        swept(order.out)
        number = store.begin(order.restart)
        with Stop() as stop:
            ended, hello = _screened(order, progress, store, spool, number, stop)
        if ended.stopped:
            return ended
        store.note("run", str(number))
        _written(order, store, hello, number)
        failed = sum(row.failure is not None for row in store.files())
        return replace(ended, failed=failed, records=sum(1 for _ in store.places()))


def _checked(order: Order) -> None:
    """Raises RequestError for what would stop the run only after hours."""
    _checked_engine(order)
    if order.out.resolve() in {source.resolve() for source in order.sources}:
        raise RequestError(_SAME.format(order.out.name))
    sources.check_reachable(order.sources)
    for path in filter(None, (order.published, order.known)):
        listing(path)
    if order.ocr:
        need_reader()


def _checked_engine(order: Order) -> None:
    if order.engine == RAY:
        need_ray()
    elif any(map(remote.is_url, order.sources)):
        raise RequestError(_LOCAL_ONLY)


def _screened(
    order: Order, progress: Progress, store: Store, spool: Path, number: int, stop: Stop
) -> tuple[Ended, Hello]:
    caps = Caps(order.seconds, order.memory * 2**20)
    means = Means(order.settings, spool, order.ocr)
    kept: list[Keeper] = []
    with _pool(order, means, caps, lambda digest: kept[0].known(digest)) as pool:
        hello = pool.hello()
        limits = order.settings.limits
        by = means_of(product_version(), hello.engine, order.seconds, order.memory, order.ocr, limits)
        kept.append(Keeper(store, number, hello.engine, by))
        registered = _registers(pool, order.sources)
        with Listing(order.sources, registered) as listed:
            turn = _Run(order, pool, kept[0], listed, spool)
            turn.go(stop, progress)
    return Ended(turn.tally, turn.left_out + listed.left_out, stopped=stop.wanted), hello


def _pool(order: Order, means: Means, caps: Caps, known: Callable[[object], bool]) -> Children:
    if order.engine == RAY:
        return Cluster(means, order.jobs, caps, order.out)
    return Pool(partial(opened, means), order.jobs, caps, known)


def _registers(pool: Children, paths: Iterable[Path]) -> Registers:
    files = tuple(path for path in paths if path.is_file())
    if not files:
        return NONE
    pool.give(Register(files), _UNPACKING)
    while not (ended := pool.outcomes()):
        pass
    match ended[0]:
        case Done(answer=Registers() as registered):
            return registered
        case Done(answer=GongkaiError() as error):
            raise error
    raise RequestError("登记表读不出来，请用 Excel 或 WPS 打开后另存为新的 .xlsx 文件再试。")


def _written(order: Order, store: Store, hello: Hello, number: int) -> None:
    options = ordering.Options(
        date.today(), hello.confirm_over, hello.caution, order.published, order.known, run=number
    )  # fmt: skip
    ordering.place(store, options)
    if order.report:
        rules = Rulebook.load(order.settings.tables, order.settings.profile)
        made = datetime.now().astimezone().isoformat(timespec="seconds")
        outputs.write(store, order.out, made, number, rules)


class _Run:
    """The loop between the listing, the children and the store."""

    def __init__(self, order: Order, pool: Children, keeper: Keeper, listed: Listing, spool: Path) -> None:
        self.order, self.pool, self.keeper, self.listed, self.spool = order, pool, keeper, listed, spool
        self.tally, self.left_out = Tally(), Counter[str]()
        self._items: deque[Item] = deque()
        self._unpacking = 0
        self._found = 0
        #: How many bundles of each container in the spool are not done yet.
        self._open: Counter[Path] = Counter()

    def go(self, stop: Stop, progress: Progress) -> None:
        """Until everything is done, or somebody wants it to stop."""
        try:
            while not (stop.wanted or self._over()):
                self._turn(progress)
        except RequestError:  # a source is gone: what was read before stays
            self.keeper.flush()
            raise
        self.keeper.flush()
        progress.end(self.tally)

    def _turn(self, progress: Progress) -> None:
        self._feed()
        waiting = self.pool.room > 0 and not self.listed.done
        for outcome in self.pool.outcomes(0.005 if waiting else 0.1):
            self._take(outcome)
        self.keeper.tick()
        self._count()
        progress.tick(self.tally)

    def _over(self) -> bool:
        return self.listed.done and not self._items and not self.pool.busy

    def _count(self) -> None:
        self.tally.whole = self.listed.done and not self._unpacking
        self.tally.total = self._found if self.tally.whole else max(self._found, self.listed.estimate)

    def _feed(self) -> None:
        for _ in range(_AT_ONCE):
            if self.pool.room <= 0:
                return
            item = self._items.popleft() if self._items else self._next()
            if item is None:
                return
            self._begin(item)

    def _next(self) -> Item | None:
        item = self.listed.take()
        self._found += _files(item)
        return item

    def _begin(self, item: Item) -> None:
        if isinstance(item, tuple):
            self._failed(*item)
        elif isinstance(item, Part):
            self._unpacking += 1
            self.pool.give(Unpack(item), _UNPACKING + item.size / _PER_SECOND)
        elif self.keeper.unchanged(item):
            self.tally.unchanged += len(item.parts)
            self._close(item)
        else:
            self.pool.give(Screen(item))

    def _take(self, outcome: Done[Task, Answer] | Lost[Task]) -> None:
        task = outcome.task
        if isinstance(outcome, Lost):
            self._lost(task, outcome)
        elif isinstance(outcome.answer, GongkaiError):
            raise outcome.answer
        elif isinstance(task, Unpack) and isinstance(outcome.answer, Unpacked):
            self._unpacked(task.part, outcome.answer)
        elif isinstance(task, Screen) and isinstance(outcome.answer, Screened):
            self._done(task.bundle, outcome.answer)

    def _done(self, bundle: Bundle, answer: Screened) -> None:
        failures = [failure for _, failure in answer.parts if failure]
        if any(failure.slug == MissingDocument.slug for failure in failures):
            sources.check_reachable(self.order.sources)
        self.keeper.screened(bundle, answer)
        self.tally.read += len(bundle.parts)
        self.tally.failed += len(failures)
        self.tally.reused += len(bundle.parts) if answer.digest and answer.record is None else 0
        self._close(bundle)

    def _failed(self, part: Part, failure: Failure) -> None:
        if failure.slug == MissingDocument.slug:
            sources.check_reachable(self.order.sources)
        self.keeper.failed(part, failure)
        self.tally.read += 1
        self.tally.failed += 1

    def _unpacked(self, part: Part, answer: Unpacked) -> None:
        self._unpacking -= 1
        self._found += sum(map(_files, answer.items)) - 1
        self.left_out += answer.left_out
        self._items.extendleft(reversed(answer.items))
        self._open[part.locator.path] += sum(isinstance(item, Bundle) for item in answer.items) + 1
        self._closed(part)

    def _close(self, bundle: Bundle) -> None:
        if bundle.main.locator.path in self._open:
            self._closed(bundle.main)

    def _closed(self, part: Part) -> None:
        path = part.locator.path
        self._open[path] -= 1
        if not self._open[path]:
            del self._open[path]
            sources.release(part, self.spool)

    def _lost(self, task: Task, lost: Lost[Task]) -> None:
        failure = self._reason(lost.why)
        if isinstance(task, Unpack):
            self._unpacking -= 1
            self._failed(task.part, failure)
            sources.release(task.part, self.spool)
        elif isinstance(task, Screen):
            parts = task.bundle.parts
            of = [lost.step] if lost.step >= 0 else [n for n in range(len(parts)) if n not in task.lost]
            gone = task.lost | dict.fromkeys(of, failure)
            if len(gone) < len(parts):
                self.pool.give(Screen(task.bundle, gone))
            else:
                self._done(task.bundle, Screened("", None, tuple(("", gone[n]) for n in range(len(parts)))))

    def _reason(self, why: Why) -> Failure:
        told: dict[Why, tuple[type[DocumentError], str]] = {
            Why.time: (SlowDocument, _SLOW.format(self.order.seconds)),
            Why.memory: (HeavyDocument, _HEAVY.format(self.order.memory)),
            Why.crash: (CrashingDocument, _CRASH),
        }
        error, message = told[why]
        return Failure(error.slug, message)


def _files(item: Item | None) -> int:
    return len(item.parts) if isinstance(item, Bundle) else int(item is not None)
