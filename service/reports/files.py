"""Reports as files, and the trail's note of who took one along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor
from gongkai.service.books import XLSX
from gongkai.service.opinion.wordparts import MEDIA
from gongkai.service.reports.paper import docx
from gongkai.service.reports.shapes import Report
from gongkai.service.reports.workbook import xlsx
from gongkai.service.store import trail


@dataclass(frozen=True, slots=True)
class Format:
    """What writes it, and its media type."""

    write: Callable[[Report], bytes]
    media: str


#: By file extension.
FORMATS: Mapping[str, Format] = {"xlsx": Format(xlsx, XLSX), "docx": Format(docx, MEDIA)}


def noted(
    session: Session, actor: Actor, report: Report, kind: str, format: str, unit: str, *, at: datetime
) -> None:  # fmt: skip
    """Note who took which report."""
    told = {"format": format, "period": report.period, "job": kind}
    trail.append(session, actor.user, "download", "report", unit or actor.unit_id, at=at, **told)
