"""pydantic models of the API: meetings and reports."""

from __future__ import annotations

from pydantic import BaseModel, Field

_START = Field(description="起点，按文字的字符数；没有时是 0", examples=[12])
_END = Field(description="终点，不含；没有时是 0", examples=[20])


class DemandOut(BaseModel):
    """会议方案要写明的一项"""

    code: str = Field(description="代码", examples=["attendance"])
    name: str = Field(description="名称", examples=["是否邀请有关方面列席"])
    state: str = Field(description="stated 已写明、missing 没有写明、spared 不涉及", examples=["missing"])
    says: str = Field(description="缺什么", examples=["方案没有写明是否邀请列席。"])
    mend: str = Field(description="怎样补", examples=["写明邀请谁、几人、怎样产生。"])
    basis: str = Field(description="依据", examples=["实施意见（2017）四（十六）"])
    start: int = _START
    end: int = _END


class TagOut(BaseModel):
    """重大行政决策程序的一步"""

    code: str = Field(description="代码", examples=["risk"])
    name: str = Field(description="名称", examples=["风险评估"])
    step: str = Field(description="决策程序的步骤", examples=["风险评估"])
    attribute: str = Field(description="通常的公开属性", examples=["withheld"])
    note: str = Field(description="说明", examples=["报告可以不公开，结论可以公开。"])
    sure: bool = Field(description="是否由标题得出", examples=[True])


class PlanOut(BaseModel):
    """会议方案的检查结果"""

    plan: bool = Field(description="是否自称会议方案", examples=[True])
    passed: bool = Field(description="是否都写明了", examples=[False])
    demands: list[DemandOut] = Field(description="逐项")
    tags: list[TagOut] = Field(description="决策程序的哪一步")


class PieceOut(BaseModel):
    """纪要里的一段"""

    kind: str = Field(
        description="decided 议定事项、discussion 讨论记录、frame 会议情况、other 请人工判断", examples=["decided"]
    )
    start: int = _START
    end: int = _END
    clauses: list[str] = Field(description="命中的负面清单条款", examples=[["人事管理"]])
    personal: list[str] = Field(description="要遮蔽的个人信息种类", examples=[["自然人姓名"]])


class MinutesOut(BaseModel):
    """纪要拆分的结果"""

    minutes: bool = Field(description="是否自称纪要", examples=[True])
    party: bool = Field(description="是否像党组织的会议", examples=[False])
    basis: str = Field(description="依据", examples=["条例第十六条第二款"])
    pieces: list[PieceOut] = Field(description="逐段，按原文顺序")
    draft: str = Field(description="可以公开的议定事项（拟稿）", examples=["1．同意实施供水改造。"])
    tags: list[TagOut] = Field(description="决策程序的哪一步")


class ReportTableOut(BaseModel):
    """报表里的一张表"""

    title: str = Field(description="表名", examples=["收到和处理政府信息公开申请情况"])
    columns: list[str] = Field(description="各列，第一列是行名", examples=[["本列数据", "自然人", "总计"]])
    rows: list[list[str | int | float]] = Field(
        description="各行，没有数据的是空文字", examples=[[["（一）予以公开", 3, 3]]]
    )
    note: str = Field(description="附注", examples=["第一项加第二项之和，等于第三项加第四项之和。"])


class ReportPartOut(BaseModel):
    """报表的一章"""

    heading: str = Field(description="标题", examples=["一、总体情况"])
    words: list[str] = Field(description="文字", examples=[["2025年新收政府信息公开申请3件，全部按时办结。"]])
    tables: list[ReportTableOut] = Field(description="表")


class ReportOut(BaseModel):
    """一份报表"""

    kind: str = Field(description="种类", examples=["yearly"])
    period: str = Field(description="报告期", examples=["2025"])
    title: str = Field(description="标题", examples=["青禾县水务局2025年政府信息公开工作年度报告"])
    unit: str = Field(description="单位", examples=["青禾县水务局"])
    date: str = Field(description="生成日期", examples=["2026-01-05"])
    basis: str = Field(description="依据", examples=["国办公开办函〔2021〕30号"])
    faults: list[str] = Field(description="数据不一致的地方，发布以前核对", examples=[["“自然人”一列不平。"]])
    parts: list[ReportPartOut] = Field(description="各章")
