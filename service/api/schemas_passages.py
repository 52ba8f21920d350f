"""pydantic models of the API: a document on its way to publication."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from gongkai.service.api.schemas_submissions import GapOut

_ID, _AT = "0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e", "2024-05-06T08:00:00+00:00"
_KEY = "^[a-z_]{1,30}$"
Key = Annotated[str, StringConstraints(pattern=_KEY)]
Cell = Annotated[str, StringConstraints(max_length=2000)]


class StepIn(BaseModel):
    """办理流转的一步"""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(pattern=_KEY, description="步骤代码，见 open", examples=["secrecy"])
    record: dict[Key, Cell] = Field(
        default={},
        max_length=40,
        description="要记下的各栏：栏名代码和内容，见 open 里的 fields",
        examples=[{"outcome": "不涉及国家秘密、工作秘密，可以公开", "basis": "条例第十七条"}],
    )


class FormIn(BaseModel):
    """报送单；没有写的栏保持原样"""

    model_config = ConfigDict(extra="forbid")

    form: dict[Key, Cell] = Field(
        max_length=60,
        description="栏名代码和内容，代码同意见单（opinion/fields.toml）",
        examples=[{"attribute": "主动公开", "policy": "否"}],
    )
    reason: str | None = Field(
        default=None,
        max_length=20,
        description="理由代码，见规则表 reasons.toml；不写为保持原样",
        examples=["W-163"],
    )
    flags: list[Key] | None = Field(
        default=None,
        max_length=20,
        description="另要办的：consult 涉及其他机关，approval 公开须经批准，normative 行政规范性文件，major 重大政策；"
        "不写为保持原样，从来没有写过的按公文先列上",
        examples=[["consult"]],
    )


class StepOut(BaseModel):
    """已经办过的一步"""

    id: str = Field(description="编号", examples=[_ID])
    kind: str = Field(description="步骤代码", examples=["secrecy"])
    name: str = Field(description="步骤名称", examples=["保密审查"])
    before: str = Field(description="办之前的状态", examples=["signed"])
    after: str = Field(description="办之后的状态", examples=["signed"])
    record: dict[str, Any] = Field(description="记下的内容", examples=[{"outcome": "同意发布"}])
    by: str = Field(description="谁办的", examples=["钱多文"])
    at: str = Field(description="什么时候办的", examples=[_AT])


class FieldOut(BaseModel):
    """一步里要记下的一栏"""

    key: str = Field(description="栏名代码", examples=["outcome"])
    name: str = Field(description="栏名", examples=["结论"])
    kind: str = Field(
        description="line 一行，area 多行，choice 从 choices 选，day 日期，check 勾选", examples=["choice"]
    )
    choices: list[str] = Field(description="可选的内容", examples=[["同意发布", "不同意发布"]])
    required: bool = Field(description="是否必填", examples=[True])


class OpenOut(BaseModel):
    """现在可以办的一步，以及还缺什么"""

    kind: str = Field(description="步骤代码", examples=["release"])
    name: str = Field(description="步骤名称", examples=["发布审查通过"])
    to: str = Field(description="办完以后的状态，空为不变", examples=["released"])
    basis: str = Field(description="依据", examples=["条例第十七条"])
    missing: list[str] = Field(
        description="还不能办的原因，空为可以办", examples=[["没有保密审查记录，请先作保密审查。"]]
    )
    fields: list[FieldOut] = Field(description="要记下的各栏")


class PassageOut(BaseModel):
    """一件公文的办理流转"""

    document: str = Field(description="公文的记录编号", examples=[_ID])
    state: str = Field(description="状态代码", examples=["signed"])
    name: str = Field(description="状态名称", examples=["已签发"])
    mode: str = Field(description="报送方式：own 自行发文，behalf 代拟稿", examples=["own"])
    important: bool = Field(description="是否重要信息（三审）", examples=[False])
    form: dict[str, str] = Field(description="报送单各栏", examples=[{"attribute": "主动公开"}])
    flags: list[str] = Field(description="另要办的", examples=[["consult"]])
    category: str = Field(description="公开目录代码，空为没有", examples=["G0102"])
    due: str = Field(description="公开的最后一日，空为没有起算或者没有时限", examples=["2024-06-04"])
    published: str = Field(description="公开的时间，空为还没有", examples=[""])
    channel: str = Field(description="公开的渠道", examples=[""])
    revisit: str = Field(description="重评的日子，空为没有", examples=[""])
    validity: str = Field(description="效力：空为有效，amended、repealed、expired", examples=[""])
    gaps: list[GapOut] = Field(description="报送单的缺项")
    open: list[OpenOut] = Field(description="现在可以办的步骤")
    steps: list[StepOut] = Field(description="办过的步骤，先办的在前")
    version: int = Field(description="版本，与 ETag 相同；0 为还没有开始", examples=[5])
