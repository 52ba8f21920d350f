"""The negative list as an officer edits it: a draft opened at a clause, a clause that ends on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.errors import NotFound
from gongkai.service.rules import versions
from gongkai.service.rules.memory import Files
from gongkai.service.rules.rows import Row, changed, row_of
from gongkai.service.rules.versions import Version
from gongkai.service.settings import Settings

FILE, TABLE = "negative.toml", "clause"


def pair(session: Session, settings: Settings, known: Sequence[Version], old: int, new: int) -> tuple[Version, Version]:
    """Two versions to compare; -1 is the one in force for `new`, and for `old` the one before it in the history.

    Raises NotFound.
    """
    after = versions.in_force(session, settings) if new < 0 else versions.version(session, settings, new)
    earlier = next((one.number for one in known if one.used and one.number < after.number), 0)
    return versions.version(session, settings, earlier if old < 0 else old), after


def draft_of(session: Session, actor: Actor, settings: Settings, clause: str, *, at: datetime) -> int:
    """A draft from the version in force to change a clause in, or to add one. Raises NotFound."""
    now = versions.in_force(session, settings)
    note = f"修改负面清单 {_row(now.files, clause).key}" if clause else "负面清单新增一条"
    return versions.draft(session, actor, now.files, note, at=at)


def retired(session: Session, actor: Actor, settings: Settings, clause: str, until: str, *, at: datetime) -> int:
    """A draft in which a clause is in force until a day. Raises NotFound, RequestError."""
    try:
        last = date.fromisoformat(until).isoformat()
    except ValueError as error:
        raise RequestError("请写明这一条到哪一天为止有效，如 2026-01-31。") from error
    now = versions.in_force(session, settings)
    row = _row(now.files, clause)
    files = now.files | {FILE: changed(now.files[FILE], row, {("until",): last})}
    versions.checked(files, settings)
    return versions.draft(session, actor, files, f"负面清单 {clause} 到 {last} 为止", at=at)


def _row(files: Files, clause: str) -> Row:
    row = row_of(files[FILE], TABLE, clause)
    if row is None:
        raise NotFound("现用的负面清单里没有这一条，请从负面清单页面选择。")
    return row
