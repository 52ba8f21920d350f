"""What the register says of an application beside its reply: terms, reviews and lawsuits, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gongkai.service.afterwards.outcomes import codes

_DISPUTES = {"reviews": "行政复议", "direct": "直接起诉", "after": "复议后起诉"}
_IN_TIME = {True: "按时", False: "逾期"}


def told(extra: dict[str, Any]) -> tuple[str, ...]:
    """One short piece each, in the order of the register's columns."""
    return tuple(_told(extra))


def _told(extra: dict[str, Any]) -> Iterator[str]:
    if extra.get("extended"):
        yield "延期答复"
    if extra.get("paused"):
        yield f"扣除 {extra['paused']} 天"
    if extra.get("in_time") in _IN_TIME:
        yield _IN_TIME[extra["in_time"]]
    known = codes().results
    for key, name in _DISPUTES.items():
        for code in extra.get(key, ()):
            yield f"{name}：{known[code].name if code in known else code}"
    if extra.get("disputed"):
        yield f"复议诉讼日期 {extra['disputed']}"
