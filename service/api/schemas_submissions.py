"""pydantic models of the API: a submission and what it lacks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

_ID = "0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"
Code = Annotated[str, StringConstraints(max_length=20)]
Name = Annotated[str, StringConstraints(max_length=100)]
Cell = Annotated[str, StringConstraints(max_length=2000)]
Stage = Literal["missing", "attached", "approved"]
_STAGES = "missing 没有，attached 随文报送，approved 随文报送并已审定"


class SubmissionIn(BaseModel):
    """报批的一件公文：拟稿人写了什么、附了什么；没有的不写"""

    model_config = ConfigDict(extra="forbid")

    mode: Literal["own", "behalf"] = Field(
        default="own", description="报送方式：own 自行发文，behalf 代拟稿", examples=["behalf"]
    )
    title: str = Field(default="", max_length=500, description="标题", examples=["关于青禾县河道管护的通知"])
    number: str = Field(default="", max_length=200, description="发文字号", examples=["青水发〔2024〕8号"])
    unit: str = Field(default="", max_length=200, description="报送单位", examples=["青禾县水务局"])
    drafter: str = Field(default="", max_length=100, description="拟稿人", examples=["赵一鸣"])
    genre: str = Field(default="", max_length=50, description="文种，名称同规则表", examples=["通知"])
    attribute: str = Field(
        default="",
        max_length=50,
        description="拟定的公开属性：proactive、on_request、withheld，或者其中文名称；空为没有写",
        examples=["withheld"],
    )
    reasons: list[Code] = Field(default=[], max_length=20, description="理由代码", examples=[["W-163"]])
    reason: str = Field(default="", max_length=2000, description="理由", examples=["属于内部工作流程"])
    basis: str = Field(default="", max_length=2000, description="依据", examples=["条例第十六条第一款"])
    annotation: str = Field(default="", max_length=500, description="文中附注", examples=["（此件不予公开）"])
    policy: bool | None = Field(default=None, description="是否政策性文件；没有写的按文种判断", examples=[False])
    plan: Stage = Field(default="missing", description=f"解读方案：{_STAGES}", examples=["approved"])
    material: Stage = Field(default="missing", description=f"解读材料：{_STAGES}", examples=["approved"])
    office: Literal["none", "agreed", "refused"] = Field(
        default="none",
        description="政务公开工作机构对不予公开的审查：none 没有送审，agreed 同意，refused 不同意",
        examples=["none"],
    )
    secrecy: bool = Field(default=False, description="有没有保密审查记录", examples=[True])
    third_asked: bool = Field(default=True, description="需要征求第三方意见的，是否已经征求", examples=[True])
    form: dict[Name, Cell] | None = Field(
        default=None,
        max_length=100,
        description="公文公开发布意见单：栏名和内容；没有填报的不写",
        examples=[{"文件标题": "关于青禾县河道管护的通知", "拟稿人": "赵一鸣"}],
    )
    document: str | None = Field(
        default=None,
        pattern="^[0-9a-f]{32}$",
        description="这件公文在本系统的记录编号，给出时附机器的提示",
        examples=[_ID],
    )


class GapOut(BaseModel):
    """缺什么，或者哪里不一致"""

    code: str = Field(description="代码，见规则表 submission.toml", examples=["reason-missing"])
    level: Literal["return", "mend", "remark"] = Field(
        description="轻重：return 可以退文，mend 须补正，remark 只提示", examples=["return"]
    )
    says: str = Field(description="缺什么", examples=["拟不予公开，没有说明理由。"])
    basis: str = Field(description="依据", examples=["国办发〔2016〕80号一、（一）"])
    mend: str = Field(description="怎样补正", examples=["依法依规写明不予公开的理由。"])


class ReturnOut(BaseModel):
    """检查结果；有缺项时就是退文通知或者补正通知的内容"""

    passed: bool = Field(description="是否没有缺项", examples=[False])
    returned: bool = Field(description="是否有可以退文的缺项", examples=[True])
    notice: str = Field(description="通知的名称", examples=["退文通知"])
    opening: str = Field(description="通知的正文", examples=["经检查，有下列2项不符合公文办理要求。"])
    title: str = Field(description="标题", examples=["关于青禾县河道管护的通知"])
    number: str = Field(description="发文字号，空为没有", examples=["青水发〔2024〕8号"])
    to: str = Field(description="报送单位，空为没有写", examples=["青禾县水务局"])
    by: str = Field(description="检查的机构", examples=["青禾县人民政府办公室"])
    date: str = Field(description="检查的日期", examples=["2024-05-06"])
    gaps: list[GapOut] = Field(description="缺项，按规则表的次序")
    remarks: list[GapOut] = Field(description="只作提示的，含机器的疑问")
