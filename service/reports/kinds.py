"""Which reports there are: their names, the periods they are for, and what makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.casework.statistics import ZONE
from gongkai.service.errors import NotFound
from gongkai.service.reports import assessing, bulletin, sampling, selfchecking, trend, yearly
from gongkai.service.reports.asked import Asked
from gongkai.service.reports.periods import Period, latest
from gongkai.service.reports.scopes import scope
from gongkai.service.reports.shapes import Report


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of report; `periods` are year, quarter, month, the usual one first."""

    name: str
    says: str
    periods: tuple[str, ...]
    make: Callable[[Session, Asked], Report]


KINDS = {
    "yearly": Kind("年度报告", "全国统一格式，六章四表", ("year",), yearly.yearly),
    "monthly": Kind("月度通报", "各单位办理、发布、逾期、退文、申请", ("month", "quarter", "year"), bulletin.monthly),
    "sample": Kind("抽查报告", "随机抽取，第二人盲审，一致率和置信区间", ("quarter", "year"), sampling.report),
    "selfcheck": Kind("自查报告", "逐项列出问题和整改办法", ("quarter", "month", "year"), selfchecking.selfcheck),
    "assessment": Kind("考核指标", "范围、内容、方式、时间", ("year", "quarter", "month"), assessing.assessment),
    "trend": Kind("趋势分析", "属性、理由、与建议不同、不予公开偏多", ("year", "quarter", "month"), trend.trend),
}
PERIODS = {"year": "年", "quarter": "季度", "month": "月"}


def made(session: Session, actor: Actor, rules: Rulebook, kind: str, period: str, unit: str, *, at: datetime) -> Report:
    """A report for a unit (all within reach without one) and a period (the last one without it).

    Raises NotFound, RequestError.
    """
    if kind not in KINDS:
        raise NotFound(f"没有这种报表，可用的有：{'、'.join(KINDS)}。")
    today = at.astimezone(ZONE).date()
    chosen = Period.of(period or latest(KINDS[kind].periods[0], today))
    if _length(chosen) not in KINDS[kind].periods:
        names = "、".join(PERIODS[one] for one in KINDS[kind].periods)
        raise RequestError(f"{KINDS[kind].name}按{names}编制，请改选报告期。")
    return KINDS[kind].make(session, Asked(actor, scope(session, actor, unit), chosen, rules, today))


def usual(kind: str, today: date) -> str:
    """The period that one most likely wants."""
    return latest(KINDS[kind].periods[0], today)


def _length(period: Period) -> str:
    return "quarter" if "Q" in period.code else "year" if len(period.code) == 4 else "month"
