"""pydantic models of the API: texts and redacted copies of files, their reports, checks."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

_SHA = "sha256:9b74c9897bac770ffc029102a200c5de9b74c9897bac770ffc029102a200c5de"


class ReadText(BaseModel):
    """从文件读出的文字"""

    id: str = Field(description="文件名", examples=["通告.docx"])
    title: str = Field(description="标题，空为没有单独给出", examples=[""])
    text: str = Field(description="文字", examples=["关于青河路停水检修的通告……"])


class RedactedText(BaseModel):
    """遮蔽后的文字"""

    id: str = Field(description="编号", examples=["a-001"])
    text: str = Field(
        description="遮蔽了个人信息的文字，已核验", examples=["申请人：赵某某，身份证号：3301**********0016"]
    )
    hidden: int = Field(description="遮蔽的处数", examples=[2])


class RedactionLinks(BaseModel):
    """遮蔽结果的各部分"""

    file: str = Field(description="遮蔽后的文件", examples=["/v1/redactions/0f3a/file"])
    report: str = Field(description="遮蔽报告", examples=["/v1/redactions/0f3a/report"])
    page: str = Field(description="可打印的报告网页", examples=["/v1/redactions/0f3a/page"])


class RedactionOut(BaseModel):
    """一个文件的遮蔽结果，加密保存到 expires 为止"""

    id: str = Field(description="遮蔽结果的编号", examples=["0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e"])
    name: str = Field(description="文件名", examples=["名单.docx"])
    bytes: int = Field(description="遮蔽后文件的字节数", examples=[18244])
    hidden: int = Field(description="遮蔽的处数", examples=[9])
    look: list[str] = Field(description="须由人查看的事项，一句一项", examples=[["第2页的图片已替换成灰块，请查看。"]])
    expires: str = Field(description="保存到什么时候，过后删除", examples=["2024-05-06T09:00:00+00:00"])
    links: RedactionLinks = Field(description="文件、报告、网页的地址")


class FileOut(BaseModel):
    """一个文件"""

    name: str = Field(description="文件名", examples=["名单.docx"])
    bytes: int = Field(ge=0, description="字节数", examples=[18244])
    sha256: str = Field(pattern="^sha256:[0-9a-f]{64}$", description="内容摘要", examples=[_SHA])


class ReportEngine(BaseModel):
    """版本"""

    version: str = Field(description="程序版本", examples=["0.1.0"])
    model: str = Field(description="模型版本", examples=["2024.1"])
    rulebook: str = Field(description="规则表摘要", examples=["sha256:5f1c"])


class Place(BaseModel):
    """位置"""

    place: str = Field(description="在文件里的位置", examples=["正文第3段"])
    count: int = Field(ge=1, description="处数", examples=[1])


class HiddenType(BaseModel):
    """已遮蔽的一类"""

    type: str = Field(description="类型代码", examples=["ID_CARD"])
    name: str = Field(description="类型名称", examples=["居民身份证号"])
    count: int = Field(ge=1, description="处数", examples=[3])
    values: int = Field(ge=1, description="不同的值的个数", examples=[3])
    way: Literal["部分遮蔽", "全部遮蔽", "不遮", "泛化", "假名化", "删除"] = Field(
        description="GB/T 37964 的方法", examples=["部分遮蔽"]
    )
    basis: str = Field(description="依据", examples=["个人信息保护法第四条"])
    places: list[Place] = Field(description="各处位置")


class KeptType(BaseModel):
    """保留的一类"""

    type: str = Field(description="类型代码", examples=["NAME"])
    name: str = Field(description="类型名称", examples=["姓名"])
    place: str = Field(description="在文件里的位置", examples=["正文第1段"])
    count: int = Field(ge=1, description="处数", examples=[1])
    why: str = Field(description="为什么保留", examples=["履行职务的工作人员"])
    basis: str = Field(description="依据", examples=["条例第十五条"])


class Proof(BaseModel):
    """核验"""

    passed: Literal[True] = Field(description="没有通过核验的文件不给出", examples=[True])
    values: int = Field(ge=0, description="查找的值的写法数", examples=[12])
    parts: int = Field(ge=1, description="查找的部分数", examples=[4])


class Ruled(BaseModel):
    """经人逐处核对的处数"""

    mask: int = Field(ge=0, description="改为遮蔽或者确认遮蔽的处数", examples=[2])
    keep: int = Field(ge=0, description="改为保留的处数", examples=[1])


class ReportOut(BaseModel):
    """遮蔽报告（redaction.schema.json），不含文件里的任何值"""

    schema_: Literal[1] = Field(alias="schema", description="报告格式的版本", examples=[1])
    made: str = Field(description="时间", examples=["2024-05-06T08:00:00+00:00"])
    source: FileOut = Field(description="原文件")
    copy_: FileOut = Field(alias="copy", description="遮蔽后的文件")
    engine: ReportEngine = Field(description="由谁判断")
    profile: str = Field(description="机关画像", examples=["default"])
    style: str = Field(description="遮蔽样式；空为通常写法", examples=[""])
    hidden: list[HiddenType] = Field(description="已遮蔽的，一个类型一项")
    kept: list[KeptType] = Field(description="保留的，同一类型、位置、理由一项")
    look: list[str] = Field(description="须由人查看的事项", examples=[["表格第2行仍可认出一人，请人工判断"]])
    dropped: list[str] = Field(description="整体去掉的部分", examples=[["文档属性"]])
    ruled: Ruled | None = Field(default=None, description="经人逐处核对的处数；没有人核对过则没有这一项")
    proof: Proof = Field(description="读回核验的结果")


class CheckCounts(BaseModel):
    """各类问题的处数"""

    missed: int = Field(ge=0, description="漏遮", examples=[1])
    recoverable: int = Field(ge=0, description="遮了但仍能还原", examples=[0])
    overmasked: int = Field(ge=0, description="不该遮的遮了", examples=[0])
    inconsistent: int = Field(ge=0, description="前后不一致", examples=[0])


class CheckFinding(BaseModel):
    """一处问题；只有遮蔽后的写法，没有原值"""

    kind: Literal["missed", "recoverable", "overmasked", "inconsistent"] = Field(
        description="问题种类", examples=["missed"]
    )
    label: str = Field(description="问题名称", examples=["漏遮"])
    place: str = Field(description="在文件里的位置", examples=["正文第3段"])
    type: str = Field(description="个人信息类型代码，空为没有", examples=["MOBILE"])
    name: str = Field(description="类型名称", examples=["手机号码"])
    shown: str = Field(description="应当写成什么", examples=["138****5678"])
    count: int = Field(ge=1, description="处数", examples=[1])
    why: str = Field(description="为什么是问题", examples=["未公开身份的个人"])
    advice: str = Field(description="怎么改", examples=["请遮蔽后重新公开。"])


class CheckOut(BaseModel):
    """一个已遮蔽或者已公开的文件有什么问题（check.schema.json）"""

    schema_: Literal[1] = Field(alias="schema", description="格式的版本", examples=[1])
    file: str = Field(description="文件名", examples=["公示.pdf"])
    clean: bool = Field(description="没有发现问题", examples=[False])
    counts: CheckCounts = Field(description="各类问题的处数")
    findings: list[CheckFinding] = Field(description="问题，逐项列出")
    look: list[str] = Field(description="须由人查看的事项", examples=[["第2页有图片，未能识别文字。"]])
