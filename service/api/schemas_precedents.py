"""pydantic models of the API: precedents."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from gongkai.service.api.schemas import Label


class PrecedentOut(BaseModel):
    """一件先例：以前由人作出的决定"""

    document: str = Field(description="公文记录编号；不在您范围内的为空", examples=["0f9c2d41a7b84c0c9a51f0a2b3c4d5e6"])
    title: str = Field(description="标题；其他机构不予公开的不显示", examples=["关于青河路停水检修的通告"])
    number: str = Field(description="发文字号", examples=["青水函〔2023〕12号"])
    issuer: str = Field(description="发文机关", examples=["青河县水务局"])
    issued: str = Field(description="成文日期", examples=["2023-04-28"])
    unit: str = Field(description="作出决定的机构", examples=["水务局办公室"])
    attribute: Label = Field(description="认定的公开属性", examples=["proactive"])
    reason: str = Field(description="理由代码", examples=[""])
    basis: str = Field(description="依据", examples=[""])
    note: str = Field(description="说明；只给范围内的", examples=[""])
    decided: str = Field(description="决定日期", examples=["2023-04-29"])
    found: Literal["number", "title", "meaning"] = Field(
        description="怎样找到：文号相同、标题相近、内容相近", examples=["title"]
    )
    nearness: float = Field(ge=0, le=1, description="相近程度", examples=[0.93])


class PrecedentsOut(BaseModel):
    """先例，以及与建议不一致时的提醒"""

    items: list[PrecedentOut] = Field(description="先例，最有力的在前")
    warning: str = Field(description="与先例不一致时的提醒，没有为空", examples=[""])


class Sought(BaseModel):
    """要查什么"""

    model_config = ConfigDict(extra="forbid")

    number: str = Field(default="", max_length=200, description="发文字号", examples=["青水函〔2023〕12号"])
    title: str = Field(default="", max_length=500, description="标题", examples=["关于青河路停水检修的通告"])
    text: str = Field(
        default="", max_length=2_000_000, description="正文，用来按内容查；不保存", examples=["因管网检修停水……"]
    )
    attribute: Label | None = Field(
        default=None, description="打算认定的公开属性；给了就核对是否与先例一致", examples=["proactive"]
    )
