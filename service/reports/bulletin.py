"""The monthly bulletin: what every unit handed in, published, returned and answered, against the month before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.reports import counting, figures
from gongkai.service.reports.asked import Asked
from gongkai.service.reports.channels import channel_parts
from gongkai.service.reports.periods import Period
from gongkai.service.reports.punctual import punctual
from gongkai.service.reports.scopes import Scope
from gongkai.service.reports.shapes import Cell, Chart, Line, Part, Report, Table, plain, share

#: Columns of the bulletin: key and heading.
COLUMNS = {
    "documents": "公文",
    "proactive": "主动公开",
    "on_request": "依申请公开",
    "withheld": "不予公开",
    "submit": "报送",
    "return": "退文",
    "publish": "发布",
    "late": "逾期发布",
    "overdue": "到期未公开",
    "received": "新收申请",
    "closed": "办结申请",
    "unpunctual": "逾期答复",
}
BASIS = "政府信息公开工作月度通报（本级政务公开工作要求）；《政府信息公开条例》第四十七条"


@dataclass(frozen=True, slots=True)
class Month:
    """A period's numbers by unit and column."""

    cells: Mapping[tuple[str, str], int]

    def of(self, unit: str, column: str) -> int:
        """One number."""
        return self.cells.get((unit, column), 0)

    def sum(self, column: str) -> int:
        """Over all units."""
        return sum(count for (_, name), count in self.cells.items() if name == column)


def month_of(session: Session, scope: Scope, period: Period, rules: Rulebook, today: date) -> Month:
    """Count a period."""
    cells = Counter[tuple[str, str]]()
    for (unit, decided), count in counting.documents(session, scope, period).items():
        cells.update({(unit, "documents"): count, (unit, decided or "open"): count})
    for (unit, kind), count in counting.steps(session, scope, period).items():
        if kind in ("submit", "return"):
            cells[unit, kind] += count
    for one in counting.published(session, scope, period):
        cells.update({(one.unit, "publish"): 1, (one.unit, "late"): int(one.late)})
    for unit, count in counting.overdue(session, scope, min(period.after, today)).items():
        cells[unit, "overdue"] += count
    rows = counting.register(session, scope, period)
    for application in counting.received(rows, period):
        cells[application.unit, "received"] += 1
    for application in counting.closed(rows, period):
        late = punctual([application], rules.workdays).late
        cells.update({(application.unit, "closed"): 1, (application.unit, "unpunctual"): late})
    return Month(cells)


def monthly(session: Session, asked: Asked) -> Report:
    """The bulletin of a month (or of any other period)."""
    scope, period, rules = asked.scope, asked.period, asked.rules
    now = month_of(session, scope, period, rules, asked.today)
    before = month_of(session, scope, period.before, rules, asked.today)
    parts = (
        Part("一、总体情况", _overall(period, now, before), tables=(_totals(period, now, before),)),
        Part("二、各单位情况", tables=(_units(scope, now),), charts=_chart(scope, now)),
        Part("三、存在的问题", _problems(scope, now)),
        *channel_parts(session, scope, period, figures.known(session, scope, period), rules),
    )
    title = f"{scope.name}{period.name}政府信息公开工作情况通报"
    return Report(title, scope.name, period.name, asked.today, parts, basis=BASIS)


def _overall(period: Period, now: Month, before: Month) -> tuple[str, ...]:
    published, late = now.sum("publish"), now.sum("late")
    part = f"，占{share(late, published)}" if published else ""
    return (
        f"{period.name}办理公文{now.sum('documents')}份，发布政府信息{published}条"
        f"（上期{before.sum('publish')}条），逾期发布{late}条{part}。",
        f"报送{now.sum('submit')}份次，退文{now.sum('return')}份次；到期未公开{now.sum('overdue')}份。",
        f"新收政府信息公开申请{now.sum('received')}件，办结{now.sum('closed')}件，逾期答复{now.sum('unpunctual')}件。",
    )


def _totals(period: Period, now: Month, before: Month) -> Table:
    rows = [(name, now.sum(key), before.sum(key), now.sum(key) - before.sum(key)) for key, name in COLUMNS.items()]
    return plain("与上期比较", "项目", (period.name, period.before.name, "增减"), rows)


def _units(scope: Scope, now: Month) -> Table:
    named = [(unit, name) for unit, name in scope.units.items() if any(now.of(unit, key) for key in COLUMNS)]
    rows: list[tuple[Cell, ...]] = [(name, *(now.of(unit, key) for key in COLUMNS)) for unit, name in named]
    rows.append(("合计", *(now.sum(key) for key in COLUMNS)))
    return plain("各单位", "单位", tuple(COLUMNS.values()), rows, "没有任何数据的单位不列。")


def _chart(scope: Scope, now: Month) -> tuple[Chart, ...]:
    named = [(unit, name) for unit, name in scope.units.items() if now.of(unit, "documents")][:12]
    if not named:
        return ()
    kinds = (("主动公开", "proactive"), ("依申请公开", "on_request"), ("不予公开", "withheld"))
    lines = tuple(Line(name, kind, tuple(now.of(unit, kind) for unit, _ in named)) for name, kind in kinds)
    return (Chart("各单位公文的公开属性（已决定，份）", tuple(name for _, name in named), lines),)


def _problems(scope: Scope, now: Month) -> tuple[str, ...]:
    told = {
        "overdue": "到期未公开{}份",
        "late": "逾期发布{}条",
        "return": "退文{}份次",
        "unpunctual": "逾期答复申请{}件",
    }
    found = []
    for unit, name in scope.units.items():
        wrong = [words.format(now.of(unit, key)) for key, words in told.items() if now.of(unit, key)]
        if wrong:
            found.append(f"{name}：{'，'.join(wrong)}。")
    return tuple(found) or ("没有逾期、退文的情况。",)
