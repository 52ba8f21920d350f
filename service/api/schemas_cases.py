"""pydantic models of the API: documents that were screened, and people's decisions."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from gongkai.service.api.schemas import Label

_ID, _AT = "0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e", "2024-05-06T08:00:00+00:00"
_NEXT = "MjAyNC0wNS0wNlQwODowMDowMCswMDowMCAwZjNh"


class DocumentOut(BaseModel):
    """一件经过判断的公文；不含正文，标题里的人名已隐去"""

    id: str = Field(description="记录编号", examples=[_ID])
    title: str = Field(description="标题", examples=["关于青河路停水检修的通告"])
    number: str = Field(description="发文字号，空为没有", examples=["青水发〔2024〕8号"])
    issuer: str = Field(description="发文机关，空为没有", examples=["青禾县水务局"])
    issued: str = Field(description="成文日期，空为没有", examples=["2024-04-28"])
    genre: str = Field(description="文种，空为没有", examples=["通告"])
    digest: str = Field(description="文字摘要", examples=["sha256:5f1c"])
    origin: str = Field(description="来自：page 网页、api 接口、addin 插件、backlog 存量", examples=["api"])
    backlog: str = Field(description="所属存量清单的编号，空为没有", examples=[""])
    attribute: str = Field(description="最近一次建议的公开属性", examples=["proactive"])
    confidence: float = Field(description="建议的可信度", examples=[0.93])
    handling: str = Field(description="处理方式", examples=["full"])
    needs_review: bool = Field(description="是否请人先复核", examples=[False])
    decided: str = Field(description="由人决定的公开属性，空为还没有决定", examples=["proactive"])
    decisions: int = Field(description="决定的次数，含撤销", examples=[1])
    disputed: bool = Field(description="两人的意见是否不一致", examples=[False])
    created: str = Field(description="首次提交的时间", examples=[_AT])
    changed: str = Field(description="最近变动的时间", examples=[_AT])
    version: int = Field(description="版本，与 ETag 相同", examples=[3])


class DocumentFull(DocumentOut):
    """一件公文，连同最近一次建议"""

    screening: str = Field(description="最近一次判断的编号，空为没有", examples=[_ID])
    suggestion: dict[str, Any] = Field(
        description="最近一次建议，内容同 POST /v1/suggestions 的回答，不含遮蔽后的写法和标题里的人名",
        examples=[{"attribute": {"label": "proactive", "confidence": 0.93}}],
    )


class DocumentPage(BaseModel):
    """一页公文，新的在前"""

    items: list[DocumentOut] = Field(description="公文")
    next: str = Field(description="下一页的 cursor，空为没有", examples=[_NEXT])


class DecisionIn(BaseModel):
    """一个人的决定"""

    model_config = ConfigDict(extra="forbid")

    attribute: Label = Field(description="公开属性", examples=["withheld"])
    reason: str = Field(default="", max_length=20, description="理由代码；不是主动公开的必须给出", examples=["W-167"])
    basis: str = Field(default="", max_length=500, description="依据", examples=["条例第十六条第二款"])
    category: str = Field(default="", max_length=20, description="目录代码", examples=["G99"])
    note: str = Field(default="", max_length=2000, description="说明", examples=["尚在讨论，定稿后重新判断。"])
    second: bool = Field(default=False, description="是否第二人复核", examples=[False])


class DecisionOut(BaseModel):
    """记下的决定；只增不改"""

    id: str = Field(description="决定的编号", examples=[_ID])
    document: str = Field(description="公文的记录编号", examples=[_ID])
    screening: str = Field(description="决定时所见的判断，空为没有", examples=[_ID])
    attribute: str = Field(description="公开属性", examples=["withheld"])
    reason: str = Field(description="理由代码，空为没有", examples=["W-167"])
    basis: str = Field(description="依据", examples=["条例第十六条第二款"])
    category: str = Field(description="目录代码，空为没有", examples=["G99"])
    note: str = Field(description="说明", examples=[""])
    second: bool = Field(description="是否第二人复核", examples=[False])
    undoes: str = Field(description="这一条撤销了哪个决定，空为不是撤销", examples=[""])
    by: str = Field(description="决定人的姓名", examples=["赵一鸣"])
    at: str = Field(description="决定的时间", examples=[_AT])
    challenge: str = Field(
        default="", description="负面清单之外的不予公开：须补充理由和依据，或者改为公开；空为没有疑问", examples=[""]
    )
    challenge_basis: str = Field(
        default="", description="这样问的依据，空为没有疑问", examples=["条例第五条、第十三条"]
    )


class DecisionList(BaseModel):
    """一件公文的全部决定，早的在前"""

    items: list[DecisionOut] = Field(description="决定")
    next: str = Field(default="", description="总是空：一次给全", examples=[""])
