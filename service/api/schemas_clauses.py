"""pydantic models of the API: the negative list, and withholding by unit."""

from __future__ import annotations

from pydantic import BaseModel, Field


class RemarkOut(BaseModel):
    """条款不够具体、难以核对的一处"""

    column: str = Field(description="哪一列", examples=["counter_examples"])
    message: str = Field(description="哪里不够具体", examples=["没有写反例，不便于检查监督。"])
    mend: str = Field(description="怎样完善", examples=["写明哪些相近的内容应当公开。"])


class ClauseOut(BaseModel):
    """负面清单的一条"""

    id: str = Field(description="条款代码", examples=["NL-12"])
    title: str = Field(description="名称", examples=["人事管理"])
    basis: str = Field(description="法律依据", examples=["条例第十六条第一款"])
    force: str = Field(
        description="效力：must 应当、may 可以、deid 去标识化、scope 不属条例调整、consult 须协商或者报批",
        examples=["may"],
    )
    reason: str = Field(description="理由代码，空为没有", examples=["W-161"])
    examples: str = Field(description="不予公开的对象", examples=["干部考察材料、年度考核名单"])
    counter_examples: str = Field(description="反例：相近而应当公开的", examples=["任前公示"])
    since: str = Field(description="自哪一天起有效，空为一直", examples=[""])
    until: str = Field(description="到哪一天为止，空为一直", examples=[""])
    in_force: bool = Field(description="今天是否有效", examples=[True])
    remarks: list[RemarkOut] = Field(description="须完善的地方")


class ClauseList(BaseModel):
    """现用的负面清单"""

    digest: str = Field(description="规则表摘要", examples=["sha256:5f1c"])
    items: list[ClauseOut] = Field(description="条款")


class AlarmOut(BaseModel):
    """一条提醒：说明哪里该抽查，不是结论"""

    code: str = Field(description="rate 比例偏高、outside 清单外、weak 理由不足、trend 升高", examples=["outside"])
    says: str = Field(description="提醒", examples=["不予公开的 6 份里有 5 份没有负面清单条款支持"])
    mend: str = Field(description="怎样办", examples=["逐件补充理由和依据，或者改为公开。"])
    basis: str = Field(description="依据", examples=["条例第五条、第十三条"])


class WithholdingOut(BaseModel):
    """一个机构的不予公开"""

    unit: str = Field(description="机构编号", examples=["0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"])
    name: str = Field(description="机构名称", examples=["青禾县水务局"])
    decided: int = Field(description="已决定的件数", examples=[20])
    withheld: int = Field(description="不予公开的件数", examples=[12])
    outside: int = Field(description="其中没有负面清单条款支持的", examples=[0])
    weak: int = Field(description="其中没有写依据或者理由不能单独成立的", examples=[0])
    share: list[float] = Field(description="不予公开的比例和95%区间的上下限", examples=[[0.6, 0.387, 0.781]])
    others: list[float] = Field(description="其他机构合计的比例和区间", examples=[[0.2, 0.095, 0.373]])
    alarms: list[AlarmOut] = Field(description="提醒，空为没有")


class WithholdingList(BaseModel):
    """各机构的不予公开，有提醒的在前"""

    items: list[WithholdingOut] = Field(description="机构")
