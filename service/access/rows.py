"""A row by an id that somebody sent."""

from __future__ import annotations

import re
from typing import TypeVar

from sqlalchemy.orm import Session

from gongkai.service.errors import NotFound
from gongkai.service.store.tables import Base

Row = TypeVar("Row", bound=Base)


def one(session: Session, table: type[Row], code: str, what: str) -> Row:
    """The row; what is no id at all never reaches the database. Raises NotFound, which names it by `what`."""
    row = session.get(table, code) if re.fullmatch("[0-9a-f]{32}", code) else None
    if row is None:
        raise NotFound(f"没有这个{what}，请刷新页面后重试。")
    return row
