"""Trends: attributes, reasons, and decisions that differ from the suggestion, by unit and over the years or months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.casework.overwithholding import by_unit
from gongkai.service.reports import counting
from gongkai.service.reports.asked import Asked
from gongkai.service.reports.counting import SPAN
from gongkai.service.reports.periods import Period
from gongkai.service.reports.scopes import Scope
from gongkai.service.reports.shapes import Cell, Chart, Line, Part, Report, Table, plain, share
from gongkai.service.store.tables import Kept

#: Periods of a trend: this one and those before it.
LONG = 6
BASIS = "《国土资源部关于全面推进政务公开工作的实施意见》五（二十五）：数据统计、案例分析和趋势研判"


def trend(session: Session, asked: Asked) -> Report:
    """The report of a period against those before it."""
    scope, period, rules = asked.scope, asked.period, asked.rules
    periods = [period]
    while len(periods) < LONG:
        periods.insert(0, periods[0].before)
    mixes = [_mix(session, scope, one) for one in periods]
    parts = (
        Part("一、公开属性", _said(periods, mixes), (_attributes(periods, mixes),), _chart(periods, mixes)),
        Part("二、不公开的理由", tables=(_reasons(session, scope, periods[-2:], rules),)),
        Part("三、决定与建议不同", tables=(_overrides(session, scope, period),)),
        Part("四、不予公开偏多的单位", *_withholding(session, asked)),
    )
    return Report(
        f"{scope.name}{period.name}政府信息公开趋势分析", scope.name, period.name, asked.today, parts, basis=BASIS
    )


def _mix(session: Session, scope: Scope, period: Period) -> Counter[str]:
    found = Counter[str]()
    for (_, decided), count in counting.documents(session, scope, period).items():
        found[decided] += count
    return found


def _attributes(periods: Sequence[Period], mixes: Sequence[Counter[str]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for period, mix in zip(periods, mixes, strict=True):
        decided = sum(mix[one.value] for one in Attribute)
        rows.append((period.name, mix.total(), *(mix[one.value] for one in Attribute), share(mix["withheld"], decided)))
    return plain("公开属性", "时期", ("公文", *(one.label for one in Attribute), "不予公开占比"), rows)


def _said(periods: Sequence[Period], mixes: Sequence[Counter[str]]) -> tuple[str, ...]:
    shares = [_share(mix) for mix in mixes]
    if shares[-1] is None:
        return (f"{periods[-1].name}没有已决定的公文。",)
    told = f"{periods[-1].name}不予公开占已决定公文的{shares[-1]:.1%}"
    if shares[-2] is None:
        return (f"{told}；上一期没有可比的数据。",)
    change = (shares[-1] - shares[-2]) * 100
    word = "持平" if abs(change) < SPAN else f"{'上升' if change > 0 else '下降'}{abs(change):.1f}个百分点"
    return (f"{told}，比{periods[-2].name}{word}。",)


def _share(mix: Counter[str]) -> float | None:
    decided = sum(mix[one.value] for one in Attribute)
    return mix["withheld"] / decided if decided else None


def _chart(periods: Sequence[Period], mixes: Sequence[Counter[str]]) -> tuple[Chart, ...]:
    lines = tuple(Line(one.label, one.value, tuple(mix[one.value] for mix in mixes)) for one in Attribute)
    return (Chart("已决定公文的公开属性（份）", tuple(period.name for period in periods), lines),)


def _reasons(session: Session, scope: Scope, periods: Sequence[Period], rules: Rulebook) -> Table:
    found = [counting.reasons(session, scope, period) for period in periods]
    codes = sorted({reason for one in found for attribute, reason in one if attribute != "proactive" and reason})
    rows: list[tuple[Cell, ...]] = []
    for code in codes:
        name = rules.reason[code].name if code in rules.reason else code
        rows.append((name, *(sum(n for (_, reason), n in one.items() if reason == code) for one in found)))
    rows.sort(key=lambda row: -int(row[-1] or 0))
    return plain("依申请公开和不予公开的理由（件）", "理由", tuple(period.name for period in periods), rows)


def _overrides(session: Session, scope: Scope, period: Period) -> Table:
    """By unit: decided, different from the suggestion, and of those the ones that withhold what was to be public."""
    rows = session.execute(
        select(Kept.unit, Kept.attribute, Kept.decided, func.count())
        .where(Kept.unit.in_(scope.units), Kept.decided != "", *counting.between(Kept.created, period))
        .group_by(Kept.unit, Kept.attribute, Kept.decided)
    )
    found = Counter[tuple[str, str]]()
    for unit, said, decided, count in rows:
        closed = said == "proactive" and decided != "proactive"
        found.update(
            {(unit, "all"): count, (unit, "other"): count * (said != decided), (unit, "closed"): count * closed}
        )
    told = [
        (
            name,
            found[unit, "all"],
            found[unit, "other"],
            share(found[unit, "other"], found[unit, "all"]),
            found[unit, "closed"],
        )
        for unit, name in scope.units.items()
        if found[unit, "all"]
    ]
    return plain("各单位", "单位", ("已决定", "与建议不同", "占比", "建议公开而未公开"), told)


def _withholding(session: Session, asked: Asked) -> tuple[tuple[str, ...], tuple[Table, ...]]:
    """Sentences on units with an alarm, and every unit's share with its interval."""
    found = by_unit(session, asked.actor, asked.rules, asked.period.since, asked.period.until)
    mine = [one for one in found if one.unit in asked.scope.units]
    words = [f"{one.name}：{alarm.says}。{alarm.mend}" for one in mine for alarm in one.alarms]
    rows = [
        (
            one.name,
            one.decided,
            one.withheld,
            f"{one.share.value:.1%}",
            f"{one.share.low:.1%}–{one.share.high:.1%}",
            one.outside,
        )
        for one in mine
    ]
    names = ("已决定", "不予公开", "占比", "95%置信区间", "清单以外")
    return tuple(words) or ("没有明显偏多的单位。",), (plain("各单位不予公开", "单位", names, rows),)
