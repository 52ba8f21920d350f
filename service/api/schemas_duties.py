"""pydantic models of the API: what is due."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from gongkai.model.duties.clocks import Due
from gongkai.service.duties.dues import Line
from gongkai.service.duties.handset import Clocks

State = Literal["due", "late", "kept", "missed", "short", "odd", "untold"]


class DueOut(BaseModel):
    """一项期限"""

    id: str = Field(description="编号，同一事项不变", examples=["0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e/D20"])
    kind: Literal["document", "notice", "interpretation", "task", "yearly"] = Field(
        description="公文、公示期、解读、台账任务、年度事项", examples=["document"]
    )
    title: str = Field(description="标题或者任务，人名已隐去", examples=["关于青禾县河道管护的通知"])
    unit: str = Field(description="机构，空为全部机构", examples=["青禾县水务局"])
    responsible: str = Field(description="责任单位，空为没有写", examples=["办公室牵头，各科室配合"])
    code: str = Field(
        description="时限的代码，见规则表 deadlines.toml；任务为 TASK，年度事项为 YEARLY", examples=["D20"]
    )
    last: str | None = Field(description="最后一日；null 为算不出来", examples=["2026-05-28"])
    moment: str | None = Field(description="按小时计算的，到几时几分", examples=[None])
    state: State = Field(
        description="due 未到期，late 逾期未公开，kept 按时，missed 逾期公开，short 公开天数不足，odd 日期有误，"
        "untold 算不出来",
        examples=["due"],
    )
    over: int = Field(description="超过或者不足的天数", examples=[0])
    told: str = Field(description="怎样计算的", examples=["最迟2026年5月28日：自信息形成之日起20个工作日。"])

    @classmethod
    def of(cls, one: Line) -> DueOut:
        """From a line of the due list."""
        last, moment = _days(one.due)
        return cls(
            id=one.key, kind=one.kind, title=one.title, unit=one.unit, responsible=one.who, code=one.due.row.code,
            last=last, moment=moment, state=one.state.value, over=one.over, told=one.due.told,
        )  # fmt: skip


class DueListOut(BaseModel):
    """范围内的期限，最急的在前"""

    due: list[DueOut] = Field(description="各项期限")
    missing: list[int] = Field(description="规则表里没有放假安排、因而算不出工作日的年份", examples=[[2027]])


class ClockOut(BaseModel):
    """一个期限怎样计算"""

    code: str = Field(description="时限的代码", examples=["D20"])
    name: str = Field(description="时限的名称", examples=["形成或变更之日起20个工作日"])
    last: str | None = Field(description="最后一日；null 为算不出来", examples=["2026-05-28"])
    told: str = Field(description="怎样计算的", examples=["最迟2026年5月28日：自信息形成之日起20个工作日。"])


class ClocksOut(BaseModel):
    """一件公文的公开时限"""

    codes: list[str] = Field(description="时限的代码", examples=[["D20"]])
    start: str = Field(description="起算日，空为还没有", examples=["2026-04-28"])
    due: str = Field(description="最后一日，空为算不出来", examples=["2026-05-28"])
    counted: list[ClockOut] = Field(description="怎样计算的")
    warning: str = Field(description="预警信息的级别和种类，空为不是预警信息", examples=["地质灾害橙色预警"])
    urgent: str = Field(description="预警信息怎样立即发布，空为不是预警信息", examples=[""])

    @classmethod
    def of(cls, told: Clocks) -> ClocksOut:
        """From what is known of a document."""
        counted = [
            ClockOut(code=one.row.code, name=one.row.name, last=_days(one)[0], told=one.told)
            for one in told.terms.counted
        ]
        return cls(
            codes=list(told.terms.codes), start=told.terms.start, due=told.terms.due, counted=counted,
            warning=told.warning.name if told.warning else "", urgent=told.urgent,
        )  # fmt: skip


def _days(due: Due) -> tuple[str | None, str | None]:
    return (due.last.isoformat() if due.last else None, due.moment.isoformat() if due.moment else None)
