"""pydantic models of the API: re-reviews, dossiers, what is asked for often."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

_ID = "0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"


class ProposalOut(BaseModel):
    """重评的一条提示；机器只提示，由人决定"""

    to: str = Field(description="建议转为的公开属性；空为不变", examples=["on_request"])
    why: str = Field(description="为什么", examples=["已有3件申请要这份文件；属于可以公开的，可以纳入主动公开。"])
    basis: str = Field(description="依据", examples=["条例第四十四条第一款"])


class RereviewOut(BaseModel):
    """待重评的一件公文"""

    document: str = Field(description="公文的记录编号", examples=[_ID])
    title: str = Field(description="标题", examples=["青禾县河道管护办法（送审稿）"])
    number: str = Field(description="发文字号", examples=[""])
    unit: str = Field(description="机构", examples=["青禾县水务局"])
    decided: str = Field(description="现在的公开属性", examples=["withheld"])
    deferred: bool = Field(description="是否暂缓公开", examples=[False])
    reason: str = Field(description="理由代码", examples=["W-165"])
    since: str = Field(description="决定日期", examples=["2025-03-02"])
    revisit: str = Field(description="应当重评的日子", examples=["2026-03-02"])
    late: int = Field(description="已过天数", examples=[0])
    awaiting: str = Field(description="在等什么", examples=["决策作出"])
    proposals: list[ProposalOut] = Field(description="提示，最要紧的在前")


class RereviewPage(BaseModel):
    """定期重评清单的一页：暂缓到期的在前"""

    total: int = Field(description="共有多少件", examples=[12])
    page: int = Field(description="第几页", examples=[1])
    pages: int = Field(description="共几页", examples=[1])
    items: list[RereviewOut] = Field(description="本页各件")


class RulingIn(BaseModel):
    """重评的结果"""

    model_config = ConfigDict(extra="forbid")

    way: Literal["retain", "convert", "defer", "resume"] = Field(
        description="retain 维持，convert 转为公开，defer 暂缓公开，resume 恢复公开", examples=["retain"]
    )
    reason: str = Field(max_length=2000, description="理由，必填", examples=["仍属内部值班安排，理由成立"])
    until: str = Field(default="", max_length=10, description="下次重评、暂缓到的日子", examples=["2027-03-01"])
    awaiting: str = Field(default="", max_length=30, description="在等什么：awaiting.toml 的代码", examples=["year"])
    filing: str = Field(default="", max_length=100, description="暂缓公开的备案号", examples=[""])
    attribute: str = Field(default="", max_length=20, description="转为的公开属性", examples=[""])
    code: str = Field(default="", max_length=20, description="理由代码", examples=[""])
    basis: str = Field(default="", max_length=300, description="依据", examples=["条例第十八条"])


class RereviewedOut(BaseModel):
    """重评以后的办理情况"""

    document: str = Field(description="公文的记录编号", examples=[_ID])
    state: str = Field(description="办理状态", examples=["withheld"])
    decided: str = Field(description="现在的公开属性", examples=["withheld"])
    revisit: str = Field(description="下次重评的日子", examples=["2027-03-01"])
    awaiting: str = Field(description="在等什么", examples=["year"])


class PaperOut(BaseModel):
    """卷宗里的一份文件"""

    role: str = Field(description="是什么：relations.toml 的代码", examples=["draft"])
    name: str = Field(description="是什么", examples=["决策草案"])
    title: str = Field(description="标题", examples=["青禾县河道管护办法（送审稿）"])
    number: str = Field(description="发文字号", examples=[""])
    document: str = Field(description="在本系统的记录编号；没有的为空", examples=[_ID])


class MissingOut(BaseModel):
    """重大行政决策还缺的一项"""

    role: str = Field(description="代码", examples=["consultation"])
    name: str = Field(description="缺什么", examples=["意见征集和采纳情况"])
    always: bool = Field(description="是否每件都要有；否为做了的要有", examples=[True])
    basis: str = Field(description="依据", examples=["重大行政决策程序暂行条例第三十二条"])


class DossierOut(BaseModel):
    """一件公文的卷宗"""

    decision: bool = Field(description="是否按重大行政决策检查", examples=[True])
    papers: list[PaperOut] = Field(description="归集的文件")
    missing: list[MissingOut] = Field(description="还缺的")
    validity: str = Field(description="效力：空为有效，amended、repealed、expired", examples=[""])


class TopicOut(BaseModel):
    """申请较多的一项内容"""

    words: str = Field(description="都有的字", examples=["青河路二期征地"])
    count: int = Field(description="件数", examples=[3])
    granted: int = Field(description="提供了信息的件数", examples=[2])
    open: int = Field(description="还没有研判的件数", examples=[3])
    numbers: list[str] = Field(description="各件的编号", examples=[["2026-001", "2026-002", "2026-003"]])


class TopicsOut(BaseModel):
    """申请集中的内容，多的在前"""

    many: int = Field(description="满几件算集中", examples=[3])
    topics: list[TopicOut] = Field(description="各项内容")
