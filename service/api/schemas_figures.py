"""pydantic models of the API: statistics."""

from __future__ import annotations

from pydantic import BaseModel, Field

Codes = dict[str, int]


class MonthOut(BaseModel):
    """一个月"""

    month: str = Field(description="月份", examples=["2024-05"])
    proactive: int = Field(description="建议主动公开的件数", examples=[20])
    on_request: int = Field(description="建议依申请公开的件数", examples=[5])
    withheld: int = Field(description="建议不予公开的件数", examples=[3])


class UnitOut(BaseModel):
    """一个机构"""

    unit: str = Field(description="机构编号", examples=["0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"])
    name: str = Field(description="机构名称", examples=["青禾县水务局"])
    total: int = Field(description="件数", examples=[28])
    decided: int = Field(description="已决定的件数", examples=[12])
    proactive: int = Field(description="建议主动公开的件数", examples=[20])
    on_request: int = Field(description="建议依申请公开的件数", examples=[5])
    withheld: int = Field(description="建议不予公开的件数", examples=[3])
    decided_proactive: int = Field(description="决定主动公开的件数", examples=[8])
    decided_on_request: int = Field(description="决定依申请公开的件数", examples=[3])
    decided_withheld: int = Field(description="决定不予公开的件数", examples=[1])
    open_decided: int = Field(description="建议主动公开且已决定的件数", examples=[9])
    withheld_wrongly: int = Field(description="建议主动公开而决定不主动公开的件数", examples=[1])
    opened: int = Field(description="建议不主动公开而决定主动公开的件数", examples=[0])


class StatisticsOut(BaseModel):
    """统计；都是件数"""

    total: int = Field(description="总件数", examples=[28])
    review: int = Field(description="请人先复核的件数", examples=[4])
    disputed: int = Field(description="两人意见不一致的件数", examples=[0])
    attribute: Codes = Field(description="按建议的公开属性", examples=[{"proactive": 20}])
    handling: Codes = Field(description="按处理方式", examples=[{"full": 25}])
    decided: Codes = Field(description="按决定的公开属性", examples=[{"proactive": 8}])
    reason: Codes = Field(description="按理由", examples=[{"W-167": 3}])
    category: Codes = Field(description="按目录", examples=[{"G0102": 6}])
    clause: Codes = Field(description="按负面清单条款", examples=[{"NL-18": 2}])
    agreement: dict[str, Codes] = Field(
        description="建议的属性到决定的属性的件数", examples=[{"proactive": {"proactive": 8, "on_request": 1}}]
    )
    month: list[MonthOut] = Field(description="按月份")
    unit: list[UnitOut] = Field(description="按机构")
