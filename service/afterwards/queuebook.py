"""The re-review queue and its progress as workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gongkai.model.finding import Attribute
from gongkai.service.afterwards.progress import Owed, Progress
from gongkai.service.afterwards.queue import Item
from gongkai.service.books import book

_ITEMS = (
    ("序号", 6.0), ("标题", 44.0), ("发文字号", 20.0), ("机构", 20.0), ("现在的决定", 12.0), ("理由代码", 10.0),
    ("依据", 24.0), ("决定日期", 12.0), ("应当重评", 12.0), ("已过天数", 10.0), ("在等什么", 16.0), ("建议转为", 12.0),
    ("为什么", 50.0), ("建议的依据", 26.0),
)  # fmt: skip
_UNITS = (("机构", 28.0), ("在册", 8.0), ("待重评", 8.0), ("本年已重评", 12.0), ("维持", 8.0))
_MORE = (("转为公开", 10.0), ("暂缓", 8.0), ("完成比例", 10.0))
_OWED = (("标题", 44.0), ("发文字号", 20.0), ("机构", 20.0), ("转为公开", 12.0), ("最迟公开", 12.0), ("逾期天数", 10.0))


def of_items(items: Iterable[Item]) -> bytes:
    """The queue, one document a row."""
    return book("定期重评", _ITEMS, (_item(place, item) for place, item in enumerate(items, 1)))


def _item(place: int, item: Item) -> Sequence[str | int]:
    first = item.first
    return (
        place, item.kept.title, item.kept.number, item.unit, kind(item), item.reason, item.basis,
        item.since.isoformat(), item.revisit.isoformat(), item.late, item.awaited.name,
        Attribute(first.to).label if first.to else "维持", first.why, first.basis,
    )  # fmt: skip


def kind(item: Item) -> str:
    """How an item stands, in words."""
    if item.deferred:
        return "暂缓公开"
    return Attribute(item.kept.decided).label if item.kept.decided else "未决定"


def of_progress(rows: Iterable[Progress], year: int) -> bytes:
    """How far the year is, by unit."""
    told = (
        (row.unit, row.held, row.due, row.seen, row.kept, row.converted, row.deferred, f"{row.share:.0%}")
        for row in rows
    )
    return book(f"{year}年重评进度", (*_UNITS, *_MORE), told)


def of_owed(rows: Iterable[Owed]) -> bytes:
    """整改清单."""
    told = ((one.kept.title, one.kept.number, one.unit, one.since.isoformat(), one.due, one.late) for one in rows)
    return book("整改清单", _OWED, told)
