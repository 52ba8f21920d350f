"""Reports as files, and the trail's note of who took one along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor
from gongkai.service.reports.paper import docx
from gongkai.service.reports.shapes import Report
from gongkai.service.reports.workbook import xlsx
from gongkai.service.store import trail

#: What writes a report, by file extension.
FORMATS: Mapping[str, Callable[[Report], bytes]] = {"xlsx": xlsx, "docx": docx}


def noted(
    session: Session, actor: Actor, report: Report, kind: str, format: str, unit: str, *, at: datetime
) -> None:  # fmt: skip
    """Note who took which report."""
    told = {"format": format, "period": report.period, "job": kind}
    trail.append(session, actor.user, "download", "report", unit or actor.unit_id, at=at, **told)
