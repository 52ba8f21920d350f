"""pydantic models of the API: hints on what to settle before a paper is disclosed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class PlaceOut(BaseModel):
    """文中一处，按字符计，end 不含"""

    start: int = Field(description="开始", examples=[12])
    end: int = Field(description="结束，不含", examples=[20])


class SourceOut(BaseModel):
    """转发的来源公文；系统里没有的，各项为空"""

    document: str = Field(description="记录编号", examples=["0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"])
    title: str = Field(description="标题", examples=["关于印发河道管护办法的通知"])
    attribute: str = Field(description="公开属性", examples=["proactive"])
    decided: bool = Field(description="是否由人决定过", examples=[True])
    says: str = Field(description="一句话", examples=["来源公文已认定为主动公开，本件随它办理。"])


class HintOut(BaseModel):
    """一条办理提示"""

    kind: Literal["consult", "approval", "source", "scope", "part", "regime", "citation", "audience"] = Field(
        description="协商确认、报经批准、随来源办理、是否属条例调整、损害衡量和区分处理、适用的条例、引用依据、公开对象和方式",
        examples=["consult"],
    )
    name: str = Field(description="提示的名称", examples=["协商确认"])
    code: str = Field(description="规则表里的行", examples=["joint"])
    says: str = Field(description="看到什么", examples=["几个机关联合制作，由牵头制作的机关公开。"])
    do: str = Field(description="怎样办理", examples=["公开前同联合发文的机关协商、确认。"])
    basis: str = Field(description="依据", examples=["条例第十条第三款、第十一条第一款"])
    about: str = Field(description="涉及的机关、公文或者对象，空为没有", examples=["青禾县水务局"])
    places: list[PlaceOut] = Field(description="文中的位置")
    source: SourceOut = Field(description="来源公文")


class HintsOut(BaseModel):
    """一份公文的办理提示"""

    whole: bool = Field(description="是否看过全文；没有保存全文的只看标题、文号和日期", examples=[True])
    hints: list[HintOut] = Field(description="提示")
