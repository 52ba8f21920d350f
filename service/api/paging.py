"""Pages of a list: the cursor says after which row the next one begins."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, TypeVar

from fastapi import Query
from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.store.tables import Job, Kept
from gongkai.service.wire import Json

Limit = Annotated[int, Query(ge=1, le=200, description="每页最多几项", examples=[50])]
Cursor = Annotated[str, Query(max_length=200, description="上一页的 next；第一页不给", examples=[""])]


_ID = re.compile(r"[0-9a-f]{32}")
_FOREIGN = "参数 cursor 不是本服务给出的，请从第一页重新读取。"
Row = TypeVar("Row", Kept, Job)


def page(
    session: Session, table: type[Row], chosen: Select[Row], cursor: str, limit: int, shown: Callable[[Row], Json]
) -> Json:
    """One page of rows, newest first, and the cursor of the next, empty at the end. Raises RequestError."""
    if cursor:
        at, last = _read(cursor)
        chosen = chosen.where(or_(table.created < at, and_(table.created == at, table.id < last)))
    rows = session.scalars(chosen.order_by(None).order_by(table.created.desc(), table.id.desc()).limit(limit + 1)).all()
    return {"items": [shown(row) for row in rows[:limit]], "next": _after(rows, limit)}


def _after(rows: Sequence[Row], limit: int) -> str:
    if len(rows) <= limit:
        return ""
    last = rows[limit - 1]
    return base64.urlsafe_b64encode(f"{last.created.isoformat()} {last.id}".encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, str]:
    try:
        words = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
        at, _, last = words.partition(" ")
        when = datetime.fromisoformat(at)
        if when.tzinfo is None or not _ID.fullmatch(last):
            raise ValueError
        return when.astimezone(UTC), last
    except (ValueError, OverflowError, binascii.Error) as error:
        raise RequestError(_FOREIGN) from error


def numbered(cursor: str) -> int:
    """The number of the row at which a page begins. Raises RequestError."""
    if cursor and not (cursor.isascii() and cursor.isdecimal() and len(cursor) < 8):
        raise RequestError(_FOREIGN)
    return int(cursor or 0)
