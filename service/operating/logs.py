"""Logs that a machine can read: what happened to which request, and never a word of a document."""

from __future__ import annotations

import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import TextIO

#: Fields that a log line may carry beside its message; anything else that is attached to a record is left out.
FIELDS = ("request", "method", "route", "status", "milliseconds", "actor", "job", "kind", "count")
NAME = "gongkai"


class JsonLines(logging.Formatter):
    """One JSON object a line. Of an exception only its type and place: its words may hold document text."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as JSON."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, "name": record.name, "message": record.getMessage()}
        line |= {name: vars(record)[name] for name in FIELDS if name in vars(record)}
        return json.dumps(line | _place(record), ensure_ascii=False, default=str)


class TextLines(logging.Formatter):
    """The same for people at a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text."""
        at = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(record.created))
        more = {name: vars(record)[name] for name in FIELDS if name in vars(record)} | _place(record)
        told = " ".join(f"{name}={value}" for name, value in more.items())
        return f"{at} {record.levelname} {record.getMessage()} {told}".rstrip()


def _place(record: logging.LogRecord) -> dict[str, str]:
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    trace, last = record.exc_info[2], None
    while trace is not None:
        last, trace = trace, trace.tb_next
    where = f"{last.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{last.tb_lineno}" if last else ""
    return {"error": record.exc_info[0].__name__, "place": where}


def begin(form: str, stream: TextIO | None = None) -> None:
    """Send our log and uvicorn's to a stream (standard error) as `json` or `text` lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    for name, level in ((NAME, logging.INFO), ("uvicorn.error", logging.WARNING), ("alembic", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(level)
