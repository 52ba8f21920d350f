"""pydantic models of the API: the rulebook, the state of the service."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class Health(BaseModel):
    """运行状态"""

    status: Literal["ok"] = Field(description="就绪", examples=["ok"])
    version: str = Field(description="程序版本", examples=["0.1.0"])
    model: str = Field(description="模型版本", examples=["2024.1"])
    rulebook: str = Field(description="规则表摘要", examples=["sha256:5f1c"])
    profile: str = Field(description="机关画像", examples=["default"])


class RulebookRow(BaseModel):
    """规则表的一行"""

    code: str = Field(description="代码", examples=["W-167"])
    name: str = Field(description="名称", examples=["过程性信息"])
    basis: str = Field(description="法律依据", examples=["条例第十六条第二款"])


class RulebookSummary(BaseModel):
    """规则表"""

    digest: str = Field(description="规则表摘要", examples=["sha256:5f1c"])
    profile: str = Field(description="机关画像", examples=["default"])
    reasons: list[RulebookRow] = Field(description="理由")
    categories: list[RulebookRow] = Field(description="目录")
    deadlines: list[RulebookRow] = Field(description="公开时限")
    clauses: list[RulebookRow] = Field(description="负面清单条款")
    types: list[RulebookRow] = Field(description="个人信息类型")
