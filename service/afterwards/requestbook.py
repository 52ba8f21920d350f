"""The register of applications and what is asked for often, as workbooks."""

from __future__ import annotations

from collections.abc import Iterable

from gongkai.service.afterwards.extras import told
from gongkai.service.afterwards.outcomes import codes
from gongkai.service.afterwards.requests import VERDICTS, Cluster
from gongkai.service.books import book
from gongkai.service.store.duties import Application

_REQUESTS = (
    ("编号", 18.0), ("收到日期", 12.0), ("答复日期", 12.0), ("申请人类型", 12.0), ("申请内容", 60.0),
    ("办理结果", 24.0), ("期限和复议诉讼", 30.0), ("转主动公开研判", 16.0), ("研判理由", 40.0),
)  # fmt: skip
_CLUSTERS = (
    ("申请内容", 50.0),
    ("件数", 8.0),
    ("提供了信息的", 12.0),
    ("没有研判的", 12.0),
    ("最近一件", 12.0),
    ("编号", 60.0),
)


def of_requests(rows: Iterable[Application]) -> bytes:
    """One application a row."""
    known = codes()
    lines = (
        (
            row.number, row.received, row.closed, known.applicants[row.applicant].name, row.topic,
            known.outcomes[row.outcome].name if row.outcome else "", "；".join(told(row.extra)),
            VERDICTS.get(row.assessed, ""), str(row.extra.get("why", "")),
        )
        for row in rows
    )  # fmt: skip
    return book("依申请公开登记", _REQUESTS, lines)


def of_clusters(found: Iterable[Cluster]) -> bytes:
    """What is asked for, the most frequent first."""
    lines = (
        (
            one.words, len(one.requests), one.granted, len(one.open), max(row.received for row in one.requests),
            "、".join(row.number for row in one.requests),
        )
        for one in found
    )  # fmt: skip
    return book("申请内容归类", _CLUSTERS, lines)
