"""The yearly report in the national format: six chapters, drafted from records and given figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.reports import counting, figures, national
from gongkai.service.reports.asked import Asked
from gongkai.service.reports.channels import channel_parts
from gongkai.service.reports.consistency import faults
from gongkai.service.reports.national import CARRIED, LEFT, NEW, Counts
from gongkai.service.reports.periods import Period
from gongkai.service.reports.punctual import Punctual, punctual
from gongkai.service.reports.scopes import Scope
from gongkai.service.reports.shapes import Chart, Line, Part, Report

_BLANK = "（由本机关填写。）"
#: What article 50 asks for beside the tables.
PROBLEMS = "本机关政府信息公开工作存在的主要问题和改进情况。"
GOVERNMENT = "各级人民政府的年度报告，还应当包括工作考核、社会评议和责任追究结果情况（条例第五十条第一款第四项）。"


@dataclass(frozen=True, slots=True)
class Year:
    """A year's numbers: counted, given, and of the year before where there are any."""

    period: Period
    counts: Counts
    given: Mapping[str, float]
    recorded: Mapping[str, int]
    punctual: Punctual
    before: Counts | None
    earlier: Mapping[str, float]


def year_of(session: Session, scope: Scope, period: Period, rules: Rulebook) -> Year:
    """Gather them."""
    given = figures.known(session, scope, period)
    rows = counting.register(session, scope, period)
    earlier = figures.known(session, scope, period.before)
    old = counting.register(session, scope, period.before)
    counts = national.counted(rows, period, given)
    known = old or any("." in key for key in earlier)
    before = national.counted(old, period.before, earlier) if known else None
    recorded = counting.normative(session, scope, period)
    kept = punctual(counting.closed(rows, period), rules.workdays)
    return Year(period, counts, given, recorded, kept, before, earlier)


def yearly(session: Session, asked: Asked) -> Report:
    """The report of a year."""
    scope, period, rules = asked.scope, asked.period, asked.rules
    year = year_of(session, scope, period, rules)
    parts = (
        Part("一、总体情况", overall(scope, year), charts=_months(session, scope, period)),
        Part("二、主动公开政府信息情况", tables=national.proactive_tables(year.given, year.recorded)),
        Part("三、收到和处理政府信息公开申请情况", tables=(national.applications_table(year.counts),)),
        Part("四、政府信息公开行政复议、行政诉讼情况", tables=(national.disputes_table(year.counts),)),
        Part("五、存在的主要问题及改进情况", (PROBLEMS + _BLANK, GOVERNMENT)),
        Part("六、其他需要报告的事项", (_fee(year),)),
        *channel_parts(session, scope, period, year.given, rules),
    )
    wrong = (*_unfiled(year), *faults(year.counts, year.given, year.before, year.earlier))
    title = f"{scope.name}{period.name}政府信息公开工作年度报告"
    return Report(title, scope.name, period.name, asked.today, parts, wrong, national.BASIS)


def _unfiled(year: Year) -> tuple[str, ...]:
    """That a year of noughts may only mean that nobody brought the register in."""
    if year.counts.given or year.counts.line(NEW) or year.counts.line(CARRIED):
        return ()
    return (
        f"本系统里没有{year.period.name}的申请登记，第三、四张表都按 0 计。收到过申请、复议或者诉讼的，"
        "请先在“依申请公开”里导入登记表，或者在“填报数据”里填汇总数。",
    )


def overall(scope: Scope, year: Year) -> tuple[str, ...]:
    """The sentences that the figures give; what else belongs there is for the office to write."""
    return tuple(
        sentence
        for sentence in (
            _applications(year),
            _terms(year.punctual),
            _reviews(year),
            _activities(year.given),
            "其余情况" + _BLANK,
        )
        if sentence
    )


def _applications(year: Year) -> str:
    counts = year.counts
    new, done, left = counts.line(NEW), counts.closed, counts.line(LEFT)
    if not new and not counts.line(CARRIED):
        return f"{year.period.name}没有收到政府信息公开申请。"
    compared = _compared(new, _new_before(year))
    return f"{year.period.name}新收政府信息公开申请{new}件{compared}，{_closed(year, done, left)}。"


def _closed(year: Year, done: int, left: int) -> str:
    carried = year.counts.line(CARRIED)
    before = f"上年结转{carried}件，" if carried else ""
    if not left and year.punctual.all_kept and year.punctual.kept == done:
        return f"{before}全部按时办结"
    late = f"，其中{year.punctual.late}件超过答复期限" if year.punctual.late else ""
    untold = f"，{year.punctual.untold}件是否按时无从计算" if year.punctual.untold else ""
    return f"{before}办结{done}件，结转下年度{left}件{late}{untold}"


def _terms(closed: Punctual) -> str:
    """Terms that were extended, days that were taken off."""
    told = [
        f"经批准延长答复期限{closed.extended}件" if closed.extended else "",
        f"扣除征求意见、补正等时间{closed.paused}件" if closed.paused else "",
    ]
    return f"办结的申请中，{'，'.join(filter(None, told))}。" if any(told) else ""


def _new_before(year: Year) -> int:
    if year.before is not None and year.before.line(NEW):
        return year.before.line(NEW)
    return int(year.given.get("applications_before", 0))


def _compared(now: int, before: int) -> str:
    if not before:
        return ""
    change = (now - before) / before
    word = "增加" if change > 0 else "减少"
    return "，与上年持平" if now == before else f"，比上年{word}{abs(change):.1%}"


def _reviews(year: Year) -> str:
    counts = year.counts
    asked, taken = (counts.disputed("reviews", refused=refused) for refused in (True, False))
    sued = sum(counts.disputed(line) for line in ("direct", "after"))
    if not asked and not sued:
        return "没有因政府信息公开工作被申请行政复议、提起行政诉讼。"
    open_ = sum(counts.disputes.get((line, "pending"), 0) for line in national.LINES)
    accepted = f"（受理{taken}件）" if taken != asked else ""
    told = f"因政府信息公开工作被申请行政复议{asked}件{accepted}，被提起行政诉讼{sued}件"
    return f"{told}，尚未审结{open_}件。" if open_ else f"{told}，均已办结。"


def _activities(given: Mapping[str, float]) -> str:
    told = [
        f"{item.name}{given[item.key]:.15g}{item.unit}"
        for item in figures.items()
        if item.group in ("channels", "service") and item.key in given
    ]
    return f"全年{'，'.join(told)}。" if told else ""


def _fee(year: Year) -> str:
    fee = year.given.get("applications_fee")
    if fee is None:
        return "本年度收取信息处理费的情况" + _BLANK
    return f"本年度收取信息处理费{fee:g}元。" if fee else "本年度没有收取信息处理费。"


def _months(session: Session, scope: Scope, period: Period) -> tuple[Chart, ...]:
    rows = counting.register(session, scope, period)
    months = [Period.of(f"{period.first.year}-{month:02}") for month in range(1, 13)]
    came = [len(counting.received(rows, month)) for month in months]
    if not any(came):
        return ()
    labels = tuple(f"{month.first.month}月" for month in months)
    return (Chart("各月新收申请（件）", labels, (Line("新收申请", "one", tuple(came)),)),)
