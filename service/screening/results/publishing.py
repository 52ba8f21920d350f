"""What may be published: proactive records that a person decided, or that only wait for a quick confirmation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from gongkai.model.duties.clocks import State, due, said, state
from gongkai.model.finding import Action, Attribute, Handling
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import CategoryRow
from gongkai.service.screening.records import Pile, Role
from gongkai.service.screening.results import links
from gongkai.service.screening.results.entries import Entry, label
from gongkai.service.screening.results.sheets import Book, Cell, Head, Look, Sheet, Value
from gongkai.service.screening.results.worklist import choice, chosen

NAME = "publish.xlsx"
_LINED = Look(lined=True)
HEADS = (
    Head("序号", 7, Look(align="right", lined=True)),
    Head("标题", 44, _LINED),
    Head("打开", 6, Look(align="center", lined=True)),
    Head("文号", 20, _LINED),
    Head("发文机关", 20, _LINED),
    Head("成文日期", 12, _LINED),
    Head("目录", 26, _LINED),
    Head("栏目", 18, _LINED),
    Head("公开渠道", 16, _LINED),
    Head("公开时限", 28, _LINED),
    Head("先遮蔽", 28, _LINED),
    Head("不随同公开", 28, _LINED),
    Head("处理方式", 16, _LINED),
    Head("属性由谁定", 24, _LINED),
    Head("把握", 8, Look("0%", "right", lined=True)),
    Head("已公开于", 30, _LINED),
    Head("文件", 48, _LINED),
    Head("记录编号", 20, hidden=True),
)
#: Up to here it is printed.
_PRINTED = "N"
_EMPTY = "（没有这一类文件）"
#: Clocks that run from the day a document came about.
_COUNTING = ("within", "prompt", "quarter", "year")
_FAST = "快速模式没有查姓名、住址等，公开前须用全面模式再查"


def publishable(entry: Entry) -> bool:
    """Whether it goes on the list: decided proactive, or suggested so, in the confirm pile and like its group.

    Nothing goes there while reviewers differ.
    """
    if entry.stopped or entry.disputed or entry.record.handling == Handling.out_of_scope:
        return False
    if entry.decision:
        return entry.decision.attribute == Attribute.proactive
    proactive = entry.record.attribute == Attribute.proactive
    return proactive and entry.place.pile == Pile.confirm and not entry.place.exception


class Publishing(Book):
    """The publish list under way; `today` is the day of the run (ISO 8601), from which overdue deadlines count."""

    def __init__(self, out: Path, rules: Rulebook, today: str) -> None:
        super().__init__(out / NAME)
        self.rules, self.today = rules, today
        self.waiting = self.sheet("待公开（已决定）", HEADS, frozen="C2")
        self.suggested = self.sheet("建议公开（等人确认）", HEADS, frozen="C2")
        self.known = self.sheet("已公开过（核对）", HEADS, frozen="C2")

    def add(self, entry: Entry) -> None:
        """One record, when it belongs here."""
        if not publishable(entry):
            return
        sheet = self.known if entry.place.published else self.waiting if entry.decision else self.suggested
        told = self._told(entry, sheet)
        link = links.to(entry.files[0].path, self.path.parent) if entry.files else ""
        sheet.add(
            Cell(value, head.look, link if head.header == "打开" else "")
            for head, value in zip(HEADS, told, strict=True)
        )

    def finish(self) -> None:
        """The list takes its place. Raises OutputError."""
        for sheet in (self.waiting, self.suggested, self.known):
            if sheet.rows == 1:
                sheet.add([None, Cell(_EMPTY)])
            sheet.made.print_area = f"A1:{_PRINTED}{sheet.rows}"
            sheet.close()
        self.save()

    def _told(self, entry: Entry, sheet: Sheet) -> tuple[Value, ...]:
        record, row = entry.record, self.category(entry)
        parent = self.rules.category.get(row.code[:3]) if row else None
        return (
            sheet.rows,
            entry.title,
            "打开" if entry.files else "",
            record.number,
            record.issuer,
            record.issued,
            choice(row.code, row.name) if row else "（未定，请选目录）",
            parent.name if parent else "",
            row.channel if row else "",
            self.deadline(row, record.issued),
            masked(entry, self.rules),
            apart(entry),
            Handling(record.handling).label if agreed(entry) else "按决定",
            settled_by(entry),
            record.confidence if agreed(entry) else None,
            entry.place.published,
            "\n".join(file.path for file in entry.files),
            record.digest,
        )

    def category(self, entry: Entry) -> CategoryRow | None:
        """The category that a person chose, otherwise the first suggested."""
        codes = [chosen(entry.decision.category)] if entry.decision and entry.decision.category else []
        codes += [row["code"] for row in entry.record.result.get("categories", ())[:1]]
        return next((self.rules.category[code] for code in codes if code in self.rules.category), None)

    def deadline(self, row: CategoryRow | None, issued: str) -> str:
        """The deadline in words with its last day, and whether that is over: in a year without a calendar, when
        twice its days and a month's holidays have gone."""
        clock = self.rules.clock.get(row.deadline) if row else None
        if clock is None:
            return ""
        start, today = _day(issued), _day(self.today)
        at = due(clock.code, start, self.rules) if start and clock.clock in _COUNTING else None
        if at is None or start is None or today is None:
            return clock.name
        over = state(at, today) == State.late or (at.last is None and (today - start).days > clock.count * 2 + 30)
        last = f"，最迟{said(at.last)}" if at.last else ""
        return f"{clock.name}{last}{'；已过时限，审定后即公开' if over else ''}"


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written[:10])
    except ValueError:
        return None


def masked(entry: Entry, rules: Rulebook) -> str:
    """What must be masked before it goes out, by type and count: no value."""
    kinds: Iterable[str] = (f["type"] for f in entry.record.result.get("personal", ()) if f["action"] == Action.mask)
    counts = Counter(rules.type[kind].name if kind in rules.type else kind for kind in kinds)
    told = "、".join(f"{name}{count}处" for name, count in counts.most_common())
    return "；".join(filter(None, (told, _FAST))) if entry.fast else told


def apart(entry: Entry) -> str:
    """Parts of a bundle that don't go out with the rest: a form never, others where they are judged otherwise."""
    counts = Counter(
        part.role.label if part.role == Role.form else f"{part.role.label}（建议{label(part.attribute)}）"
        for part in entry.record.parts[1:]
        if part.role == Role.form or part.attribute not in ("", Attribute.proactive)
    )
    return "、".join(f"{name}{count}件" for name, count in counts.items())


def agreed(entry: Entry) -> bool:
    """Whether what the machine says holds for what goes out: nobody decided otherwise."""
    return entry.decision is None or entry.decision.attribute == entry.record.attribute


def settled_by(entry: Entry) -> str:
    """Who settled the attribute."""
    if entry.decision:
        return f"{entry.decision.by}决定（{entry.decision.at[:10]}）"
    return "机器建议，等待快速确认"
