"""Due list, ledger and report of late entries as workbooks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from gongkai.service.duties.dues import KINDS, Line
from gongkai.service.duties.lateness import Judged
from gongkai.service.screening.results.sheets import Book, Cell, Head, Look, Value
from gongkai.service.store.duties import Duty

_LINED = Look(lined=True)
_DUE = (
    Head("序号", 7, Look(align="right", lined=True)), Head("事项", 48, _LINED), Head("类别", 10, _LINED),
    Head("机构", 20, _LINED), Head("责任单位", 22, _LINED), Head("时限", 24, _LINED), Head("最后一日", 13, _LINED),
    Head("状态", 16, _LINED), Head("超过天数", 10, Look(align="right", lined=True)), Head("怎样计算", 60, _LINED),
)  # fmt: skip
_LATE = (
    Head("序号", 7, Look(align="right", lined=True)), Head("标题", 48, _LINED), Head("文号", 20, _LINED),
    Head("发文机关", 20, _LINED), Head("成文日期", 13, _LINED), Head("发布日期", 13, _LINED),
    Head("最后一日", 13, _LINED), Head("状态", 16, _LINED), Head("超过天数", 10, Look(align="right", lined=True)),
    Head("要素不全", 28, _LINED), Head("怎样计算", 60, _LINED),
)  # fmt: skip
_TASKS = (
    Head("序号", 7, Look(align="right", lined=True)), Head("方案", 28, _LINED), Head("工作任务", 40, _LINED),
    Head("工作要求", 60, _LINED), Head("责任单位", 26, _LINED), Head("时限要求", 30, _LINED),
    Head("最后一日", 13, _LINED), Head("目录", 24, _LINED), Head("办结", 13, _LINED), Head("备注", 30, _LINED),
)  # fmt: skip


def due_book(lines: Iterable[Line]) -> bytes:
    """The due list."""
    return _book("公开时限", _DUE, [_of_line(place, one) for place, one in enumerate(lines, 1)])


def _of_line(place: int, one: Line) -> Sequence[Value]:
    return (
        place, one.title, KINDS[one.kind], one.unit, one.who, one.due.row.name, _day(one.due.last), one.label,
        one.over or None, one.due.told,
    )  # fmt: skip


def late_book(rows: Iterable[Judged]) -> bytes:
    """The report of late entries: what is amiss on the first sheet, everything on the second."""
    every = [_of_judged(one) for one in rows]
    amiss = [_of_judged(one) for one in rows if one.amiss]
    return _books((("超期补录", _LATE, amiss), ("全部", _LATE, every)))


def _of_judged(one: Judged) -> Sequence[Value]:
    listed, due = one.listed, one.due
    told = due.told if due else "没有成文日期，或者日期读不懂，请补上。"
    return (
        listed.place, listed.title, listed.number, listed.issuer, listed.formed, listed.published,
        _day(due.last if due else None), one.state.label, one.over or None, "、".join(one.lacks), told,
    )  # fmt: skip


def ledger_book(duties: Iterable[Duty], names: dict[str, str]) -> bytes:
    """The ledger."""
    return _book("任务台账", _TASKS, [_of_duty(place, one, names) for place, one in enumerate(duties, 1)])


def _of_duty(place: int, one: Duty, names: dict[str, str]) -> Sequence[Value]:
    written = str(one.terms[0].get("written", "")) if one.terms else ""
    return (
        place, one.source, one.task, one.requirement, one.responsible, written, one.due,
        names.get(one.category, one.category), one.done, one.note,
    )  # fmt: skip


def _day(last: date | None) -> str:
    return last.isoformat() if last else "算不出来"


def _book(title: str, heads: Sequence[Head], rows: Iterable[Sequence[Value]]) -> bytes:
    return _books(((title, heads, rows),))


def _books(sheets: Iterable[tuple[str, Sequence[Head], Iterable[Sequence[Value]]]]) -> bytes:
    with tempfile.TemporaryDirectory(prefix="gongkai-") as folder, Book(Path(folder) / "list.xlsx") as book:
        for title, heads, rows in sheets:
            sheet = book.sheet(title, heads, frozen="C2")
            for row in rows:
                sheet.add(Cell(value, head.look) for value, head in zip(row, heads, strict=True))
            sheet.close()
        book.save()
        return book.path.read_bytes()
