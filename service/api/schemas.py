"""pydantic models of the API; their descriptions are what the OpenAPI document shows."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Label = Literal["proactive", "on_request", "withheld"]


class Problem(BaseModel):
    """错误说明（RFC 9457）"""

    type: str = Field(description="错误类型，稳定的标识", examples=["urn:gongkai:problem:empty"])
    title: str = Field(description="错误名称", examples=["文件没有内容"])
    status: int = Field(description="HTTP 状态码", examples=[422])
    detail: str = Field(description="哪里不对、怎么办", examples=["文件里没有文字：请确认文件内容。"])


class TextIn(BaseModel):
    """一份公文的文字"""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(default="text", max_length=200, description="调用方的编号，原样返回", examples=["a-001"])
    title: str = Field(
        default="", max_length=500, description="标题；不给则从正文中识别", examples=["关于青河路停水检修的通告"]
    )
    text: str = Field(
        min_length=1,
        description="正文全文；返回的位置按这段文字的字符计",
        examples=["关于青河路停水检修的通告\n\n广大市民：……"],
    )


class EngineOut(BaseModel):
    """版本"""

    version: str = Field(description="程序版本", examples=["0.1.0"])
    model: str = Field(description="模型版本", examples=["2024.1"])
    rulebook: str = Field(description="规则表摘要", examples=["sha256:5f1c"])
    profile: str = Field(description="机关画像", examples=["default"])


class AttributeOut(BaseModel):
    """公开属性"""

    label: Label = Field(
        description="建议：proactive 主动公开、on_request 依申请公开、withheld 不予公开", examples=["proactive"]
    )
    confidence: float = Field(description="建议的可信度，0 到 1", examples=[0.93])
    set: list[Label] = Field(description="不能排除的属性；只有一个说明有把握", examples=[["proactive"]])
    scores: dict[Label, float] = Field(
        description="三种属性各自的可能性", examples=[{"proactive": 0.93, "on_request": 0.05, "withheld": 0.02}]
    )


class SpanOut(BaseModel):
    """文字位置"""

    start: int = Field(ge=0, description="起始字符，从 0 数", examples=[12])
    end: int = Field(ge=1, description="结束字符，不含", examples=[20])


class ReasonOut(BaseModel):
    """理由"""

    code: str = Field(description="理由代码", examples=["W-167"])
    basis: str = Field(description="法律依据", examples=["条例第十六条第二款"])
    text: str = Field(description="一句话说明", examples=["讨论、请示等过程性信息，可以不予公开"])
    evidence: list[SpanOut] = Field(description="文中依据", examples=[[{"start": 12, "end": 20}]])


class CategoryOut(BaseModel):
    """目录"""

    code: str = Field(description="目录代码", examples=["G0102"])
    name: str = Field(description="目录名称", examples=["行政规范性文件"])
    confidence: float = Field(description="可信度", examples=[0.9])
    deadline: str = Field(description="时限代码，空为没有", examples=["D20"])


class NegativeOut(SpanOut):
    """负面清单命中"""

    clause: str = Field(description="条款代码", examples=["NL-18"])
    confidence: float = Field(description="可信度", examples=[0.9])
    reason: str = Field(description="对应的理由代码，空为没有", examples=["W-167"])


class PersonalOut(SpanOut):
    """个人信息"""

    type: str = Field(description="类型代码", examples=["ID_CARD"])
    action: Literal["mask", "keep"] = Field(description="遮蔽或者保留", examples=["mask"])
    why: str = Field(description="为什么", examples=["未公开身份的个人"])
    confidence: float = Field(description="可信度", examples=[0.9])
    replacement: str = Field(description="遮蔽后写成什么；保留的为空", examples=["3703**********4514"])


class ElementsOut(BaseModel):
    """公文要素；没有的为空"""

    number: str = Field(description="发文字号", examples=["青政发〔2024〕8号"])
    issuer: str = Field(description="发文机关", examples=["青禾县水务局"])
    issued: str = Field(description="成文日期", examples=["2024-04-28"])
    genre: str = Field(description="文种", examples=["通告"])
    annotation: str = Field(description="附注或者公开属性标注", examples=["此件公开发布"])


class SuggestionOut(BaseModel):
    """一份公文的建议，与命令行输出相同"""

    id: str = Field(description="编号", examples=["a-001"])
    title: str = Field(description="标题", examples=["关于青河路停水检修的通告"])
    digest: str = Field(
        description="文字摘要 sha256",
        examples=["sha256:9b74c9897bac770ffc029102a200c5de9b74c9897bac770ffc029102a200c5de"],
    )
    engine: EngineOut = Field(description="由谁判断")
    attribute: AttributeOut = Field(description="公开属性")
    handling: Literal["full", "partial", "deid", "limited", "deferred", "out_of_scope", "stop_classified"] = Field(
        description="处理方式", examples=["full"]
    )
    reasons: list[ReasonOut] = Field(description="理由，最有力的在前")
    categories: list[CategoryOut] = Field(description="目录，最可能的在前")
    negative: list[NegativeOut] = Field(description="负面清单命中，按位置排列，同一条款可以有多处")
    personal: list[PersonalOut] = Field(description="个人信息，按位置排列，互不重叠")
    elements: ElementsOut = Field(description="公文要素")
    needs_review: bool = Field(description="是否请人先复核", examples=[False])
    notes: list[str] = Field(description="提示", examples=[["文中有“讨论稿”字样，请确认是否已经定稿"]])
