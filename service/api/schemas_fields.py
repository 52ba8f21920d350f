"""Models: key fields of a document."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from gongkai.service.api.schemas import SpanOut


class FieldOut(BaseModel):
    """一项要素"""

    name: str = Field(description="要素", examples=["征收范围"])
    basis: str = Field(description="为什么要有", examples=["土地管理法第四十七条"])
    found: bool = Field(description="文中有没有", examples=[True])
    sure: bool = Field(description="规则表里有没有它的写法；没有的只按名称查找，请人核对", examples=[True])
    span: SpanOut | None = Field(description="在全文中的位置，没有时为 null")


class FieldsCategory(BaseModel):
    """目录事项"""

    code: str = Field(description="代码，空为还不知道", examples=["N0207"])
    name: str = Field(description="名称", examples=["征收土地公告"])
    five_public: str = Field(description="五公开的环节", examples=["结果"])
    basis: str = Field(description="公开依据", examples=["土地管理法实施条例第三十一条"])


class FieldsDeadline(BaseModel):
    """公开时限"""

    code: str = Field(description="代码，空为没有规定", examples=["D15"])
    name: str = Field(description="名称", examples=["收到批准文件之日起15个工作日"])


class FieldsOut(BaseModel):
    """目录要素核对的结果"""

    source: Literal["text", "item", "none"] = Field(
        description="凭什么核对：text 全文，item 没有保存全文、只有事项，none 还不知道归到哪一项", examples=["text"]
    )
    category: FieldsCategory = Field(description="目录事项")
    deadline: FieldsDeadline = Field(description="公开时限")
    publisher: str = Field(description="公开主体", examples=["县级以上地方人民政府"])
    columns: list[str] = Field(description="网站栏目", examples=[["征地信息"]])
    fields: list[FieldOut] = Field(description="要素")
    missing: list[str] = Field(description="缺的要素", examples=[["救济途径"]])
    complete: bool = Field(description="看过全文并且不缺", examples=[False])
    remarks: list[str] = Field(description="公开前请核对的：公开主体、除外的情形", examples=[[]])
