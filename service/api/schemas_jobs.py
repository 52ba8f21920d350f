"""pydantic models of the API: jobs, their progress and what they found."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, Field

_ID, _AT = "0f3a5c1e9b7d4a6f8e2c1b3d5f7a9c0e", "2024-05-06T08:00:00+00:00"
State = Literal["waiting", "running", "done", "failed", "cancelled"]


class TroubleOut(BaseModel):
    """哪里不对"""

    slug: str = Field(description="错误标识", examples=["empty"])
    title: str = Field(description="错误名称", examples=["文件没有内容"])
    detail: str = Field(description="哪里不对、怎么办", examples=["文件里没有文字：请确认文件内容。"])


class JobOut(BaseModel):
    """一个任务"""

    id: str = Field(description="任务编号", examples=[_ID])
    kind: str = Field(
        description="种类：suggest 建议、redact 遮蔽、check 检查、screen 筛查、patrol 巡查", examples=["suggest"]
    )
    state: State = Field(description="等候、进行、完成、失败、取消", examples=["running"])
    done: int = Field(description="已处理的文件数", examples=[3])
    total: int = Field(description="文件总数", examples=[20])
    cancel: bool = Field(description="是否已要求取消", examples=[False])
    result: dict[str, Any] = Field(description="各种结果的件数", examples=[{"done": 3}])
    problem: TroubleOut | None = Field(description="没有做完的原因，没有问题时为 null")
    created: str = Field(description="提交时间", examples=[_AT])
    changed: str = Field(description="最近变动的时间", examples=[_AT])


class JobPage(BaseModel):
    """一页任务，新的在前"""

    items: list[JobOut] = Field(description="任务")
    next: str = Field(description="下一页的 cursor，空为没有", examples=[""])


class JobRow(BaseModel):
    """一个文件的结果"""

    number: int = Field(description="文件的序号，从 0 数", examples=[0])
    status: Literal["done", "failed", "stopped"] = Field(
        description="完成、没能处理、带密级标志停止", examples=["done"]
    )
    file: str = Field(description="文件名；停止处理的不保留", examples=["通告.docx"])
    result: dict[str, Any] = Field(
        default={},
        description="建议、遮蔽报告或者检查结果，与单件接口的回答相同",
        examples=[{"handling": "full", "needs_review": False}],
    )
    problem: TroubleOut | None = Field(default=None, description="没能处理的原因")
    document: str = Field(default="", description="建议任务：记下的公文编号", examples=[_ID])


class JobRows(BaseModel):
    """一页结果，按文件的次序"""

    items: list[JobRow] = Field(description="结果")
    next: str = Field(description="下一页的 cursor，空为没有", examples=["100"])
