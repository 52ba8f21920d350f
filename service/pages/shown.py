"""How times, shares, attributes and codes read on pages."""

from __future__ import annotations

from datetime import datetime

from gongkai.model.finding import Attribute, Handling
from gongkai.service.casework.statistics import ZONE
from gongkai.service.pages.layout import templates

ATTRIBUTES = {one.value: one.label for one in Attribute}
HANDLINGS = {one.value: one.label for one in Handling}
ORIGINS = {"page": "页面", "api": "接口", "addin": "插件", "backlog": "存量", "job": "任务"}


def when(at: datetime | None) -> str:
    """A time where the agency is, to the minute."""
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}" if at else ""


def told_when(text: str) -> str:
    """A time that a report holds as text, where the agency is."""
    return when(datetime.fromisoformat(text)) if text else ""


def share(part: int, whole: int) -> str:
    """A share in percent; nothing of nothing."""
    return f"{part / whole:.1%}" if whole else "—"


def told(**words: object) -> None:
    """Let templates use these by name."""
    templates.globals.update(words)


templates.filters.update(when=when, told_when=told_when)
told(share=share, ATTRIBUTES=ATTRIBUTES, HANDLINGS=HANDLINGS, ORIGINS=ORIGINS)
