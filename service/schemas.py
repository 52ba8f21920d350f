"""pydantic models of the API; their descriptions are what the OpenAPI document shows."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from gongkai.model.rulebook import Rulebook

Label = Literal["proactive", "on_request", "withheld"]


class Problem(BaseModel):
    """错误说明（RFC 9457）"""

    type: str = Field(description="错误类型，稳定的标识", examples=["urn:gongkai:problem:empty"])
    title: str = Field(description="错误名称", examples=["文件没有内容"])
    status: int = Field(description="HTTP 状态码", examples=[422])
    detail: str = Field(description="哪里不对、怎么办", examples=["文件里没有文字：请确认文件内容。"])


_CONTENT = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
PROBLEM: dict[int | str, dict[str, Any]] = {
    409: {"description": "带有密级标志，停止处理", "content": _CONTENT},
    413: {"description": "超过大小上限", "content": _CONTENT},
    415: {"description": "格式不支持，或者扩展名与内容不符", "content": _CONTENT},
    422: {"description": "请求或者文件无法使用", "content": _CONTENT},
    500: {"description": "程序出错，没有结果", "content": _CONTENT},
}


class TextIn(BaseModel):
    """一份公文的文字"""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(default="text", max_length=200, description="调用方的编号，原样返回")
    title: str = Field(default="", max_length=500, description="标题；不给则从正文中识别")
    text: str = Field(min_length=1, description="正文全文；返回的位置按这段文字的字符计")


class EngineOut(BaseModel):
    """版本"""

    version: str = Field(description="程序版本")
    model: str = Field(description="模型版本")
    rulebook: str = Field(description="规则表摘要")
    profile: str = Field(description="机关画像")


class AttributeOut(BaseModel):
    """公开属性"""

    label: Label = Field(description="建议：proactive 主动公开、on_request 依申请公开、withheld 不予公开")
    confidence: float = Field(description="建议的可信度，0 到 1")
    set: list[Label] = Field(description="不能排除的属性；只有一个说明有把握")
    scores: dict[Label, float] = Field(description="三种属性各自的可能性")


class SpanOut(BaseModel):
    """文字位置"""

    start: int = Field(ge=0, description="起始字符，从 0 数")
    end: int = Field(ge=1, description="结束字符，不含")


class ReasonOut(BaseModel):
    """理由"""

    code: str = Field(description="理由代码")
    basis: str = Field(description="法律依据")
    text: str = Field(description="一句话说明")
    evidence: list[SpanOut] = Field(description="文中依据")


class CategoryOut(BaseModel):
    """目录"""

    code: str = Field(description="目录代码")
    name: str = Field(description="目录名称")
    confidence: float = Field(description="可信度")
    deadline: str = Field(description="时限代码，空为没有")


class NegativeOut(SpanOut):
    """负面清单命中"""

    clause: str = Field(description="条款代码")
    confidence: float = Field(description="可信度")
    reason: str = Field(description="对应的理由代码，空为没有")


class PersonalOut(SpanOut):
    """个人信息"""

    type: str = Field(description="类型代码")
    action: Literal["mask", "keep"] = Field(description="遮蔽或者保留")
    why: str = Field(description="为什么")
    confidence: float = Field(description="可信度")
    replacement: str = Field(description="遮蔽后写成什么；保留的为空")


class ElementsOut(BaseModel):
    """公文要素；没有的为空"""

    number: str = Field(description="发文字号")
    issuer: str = Field(description="发文机关")
    issued: str = Field(description="成文日期")
    genre: str = Field(description="文种")
    annotation: str = Field(description="附注或者公开属性标注")


class SuggestionOut(BaseModel):
    """一份公文的建议，与命令行输出相同"""

    id: str = Field(description="编号")
    title: str = Field(description="标题")
    digest: str = Field(description="文字摘要 sha256")
    engine: EngineOut = Field(description="由谁判断")
    attribute: AttributeOut = Field(description="公开属性")
    handling: Literal["full", "partial", "deid", "limited", "deferred", "out_of_scope", "stop_classified"] = Field(
        description="处理方式"
    )
    reasons: list[ReasonOut] = Field(description="理由，最有力的在前")
    categories: list[CategoryOut] = Field(description="目录，最可能的在前")
    negative: list[NegativeOut] = Field(description="负面清单命中，按位置排列，同一条款可以有多处")
    personal: list[PersonalOut] = Field(description="个人信息，按位置排列，互不重叠")
    elements: ElementsOut = Field(description="公文要素")
    needs_review: bool = Field(description="是否请人先复核")
    notes: list[str] = Field(description="提示")


class RedactedText(BaseModel):
    """遮蔽后的文字"""

    id: str = Field(description="编号")
    text: str = Field(description="遮蔽了个人信息的文字，已核验")
    hidden: int = Field(description="遮蔽的处数")


class ReadText(BaseModel):
    """从文件读出的文字"""

    id: str = Field(description="文件名")
    title: str = Field(description="标题，空为没有单独给出")
    text: str = Field(description="文字")


class Health(BaseModel):
    """运行状态"""

    status: Literal["ok"] = Field(description="就绪")
    version: str = Field(description="程序版本")
    model: str = Field(description="模型版本")
    rulebook: str = Field(description="规则表摘要")
    profile: str = Field(description="机关画像")


class RulebookRow(BaseModel):
    """规则表的一行"""

    code: str = Field(description="代码")
    name: str = Field(description="名称")
    basis: str = Field(description="法律依据")


class RulebookSummary(BaseModel):
    """规则表"""

    digest: str = Field(description="规则表摘要")
    profile: str = Field(description="机关画像")
    reasons: list[RulebookRow] = Field(description="理由")
    categories: list[RulebookRow] = Field(description="目录")
    deadlines: list[RulebookRow] = Field(description="公开时限")
    clauses: list[RulebookRow] = Field(description="负面清单条款")
    types: list[RulebookRow] = Field(description="个人信息类型")

    @classmethod
    def of(cls, rules: Rulebook) -> RulebookSummary:
        """What the API shows of a rulebook."""
        return cls(
            digest=rules.digest,
            profile=rules.profile.name,
            reasons=[RulebookRow(code=r.code, name=r.name, basis=r.basis) for r in rules.reasons],
            categories=[RulebookRow(code=c.code, name=c.name, basis=c.basis) for c in rules.categories],
            deadlines=[RulebookRow(code=d.code, name=d.name, basis=d.basis) for d in rules.deadlines],
            clauses=[RulebookRow(code=c.id, name=c.title, basis=c.basis) for c in rules.clauses],
            types=[RulebookRow(code=t.id, name=t.name, basis=t.basis) for t in rules.personal],
        )
