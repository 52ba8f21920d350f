"""Logs: machine-readable lines that tell type and place of an error and never its words."""

from __future__ import annotations

import io
import json
import logging

import pytest

from gongkai.service.operating import logs


@pytest.fixture
def stream(request):
    """Where the log goes for one test; the loggers are as before afterwards."""
    loggers = [logging.getLogger(name) for name in (logs.NAME, "uvicorn.error", "alembic")]
    before = [(one, one.handlers, one.level, one.propagate) for one in loggers]
    opened = io.StringIO()
    logs.begin(request.param, opened)
    yield opened
    for one, handlers, level, propagate in before:
        one.handlers, one.propagate = handlers, propagate
        one.setLevel(level)


def _failing():
    raise ValueError("赵一鸣 330102199003074514")


@pytest.mark.parametrize("stream", ["json"], indirect=True)
def test_a_line_is_json_with_the_known_fields_alone(stream):
    logging.getLogger("gongkai.requests").info("request", extra={"status": 200, "route": "/v1/x", "text": "赵一鸣"})
    line = json.loads(stream.getvalue())
    assert line.pop("at").endswith("+00:00")
    assert line == {"level": "INFO", "name": "gongkai.requests", "message": "request", "route": "/v1/x", "status": 200}


@pytest.mark.parametrize("stream", ["json", "text"], indirect=True)
def test_an_error_tells_type_and_place(stream):
    try:
        _failing()
    except ValueError:
        logging.getLogger("gongkai").exception("job failed", extra={"job": "a1"})
    told = stream.getvalue()
    assert "ValueError" in told and "test_logs.py:" in told and "a1" in told
    assert "赵一鸣" not in told and "330102" not in told
