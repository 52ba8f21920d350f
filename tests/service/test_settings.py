"""Settings from the environment."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from gongkai.model.errors import RequestError
from gongkai.service.limits import Limits
from gongkai.service.settings import Settings


@pytest.mark.parametrize(
    ("environment", "changes"),
    [
        ({}, {}),
        ({"HOME": "x", "PROFILE": "other"}, {}),
        ({"GONGKAI_PROFILE": "qinghe"}, {"profile": "qinghe"}),
        ({"GONGKAI_PROFILE": ""}, {}),
        ({"GONGKAI_TABLES": "tables"}, {"tables": Path("tables")}),
        ({"GONGKAI_TABLES": "", "GONGKAI_MODEL": ""}, {}),
        ({"GONGKAI_MODEL": "weights"}, {"model": Path("weights")}),
        ({"GONGKAI_MAX_REQUEST_BYTES": "1024"}, {"max_request_bytes": 1024}),
        ({"GONGKAI_FAST": "1"}, {"fast": True}),
        ({"GONGKAI_FAST": "0"}, {}),
    ],
)
def test_from_environment(environment, changes):
    assert Settings.from_environment(environment) == dataclasses.replace(Settings(), **changes)


@pytest.mark.parametrize("value", ["", "0", "1023", "-5", "1e6", "20MB", "²", "1 024"])
def test_a_bad_size(value):
    with pytest.raises(RequestError, match="GONGKAI_MAX_REQUEST_BYTES"):
        Settings.from_environment({"GONGKAI_MAX_REQUEST_BYTES": value})


@pytest.mark.parametrize("value", ["", "yes", "true", "2", "１"])
def test_a_bad_switch(value):
    with pytest.raises(RequestError, match="GONGKAI_FAST"):
        Settings.from_environment({"GONGKAI_FAST": value})


def test_defaults():
    settings = Settings()
    assert (settings.profile, settings.tables, settings.model, settings.fast) == ("default", None, None, False)
    assert (settings.max_request_bytes, settings.limits) == (20 * 1024 * 1024, Limits())
