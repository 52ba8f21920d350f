"""Rows of a database as lines of JSON, the same from SQLite and PostgreSQL, and back into either."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, DateTime, LargeBinary, MetaData, Table, func, insert, select

BATCH = 500


def tables(connection: Connection, names: Collection[str]) -> list[Table]:
    """Those of these tables that are in this database, as they are there, those that others refer to first."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in names)
    return found.sorted_tables


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Each row as a line, in the order of its key."""
    ordered = select(table).order_by(*table.primary_key.columns)
    rows = connection.execution_options(yield_per=BATCH).execute(ordered)
    for row in rows.mappings():
        yield json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False).encode() + b"\n"


def fill(connection: Connection, table: Table, given: Iterable[bytes]) -> int:
    """Put lines into an empty table; how many there were."""
    readers = {column.name: _reader(column.type) for column in table.columns}
    count = 0
    remaining = iter(given)
    while some := list(islice(remaining, BATCH)):
        rows = [{name: readers[name](value) for name, value in json.loads(line).items()} for line in some]
        connection.execute(insert(table), rows)
        count += len(rows)
    return count


def counted(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def _plain(value: object) -> object:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def _reader(type_: object) -> Callable[[Any], Any]:
    if isinstance(type_, LargeBinary):
        return lambda value: None if value is None else base64.b64decode(value, validate=True)
    if isinstance(type_, DateTime):
        return lambda value: None if value is None else datetime.fromisoformat(value)
    return lambda value: value
