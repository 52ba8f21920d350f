"""Settings from the environment."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from gongkai.model.errors import RequestError
from gongkai.service.limits import Limits
from gongkai.service.settings import Settings, explained, unknown


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
        ({"GONGKAI_FAST": "", "GONGKAI_MAX_REQUEST_BYTES": ""}, {}),
        ({"GONGKAI_DATABASE": "postgresql://db/gongkai"}, {"database": "postgresql://db/gongkai"}),
        ({"GONGKAI_PUBLIC_URL": "https://gongkai.qinghe.local/"}, {"public_url": "https://gongkai.qinghe.local"}),
        ({"GONGKAI_WORKERS": "0", "GONGKAI_KEEP_TEXT": "1"}, {"workers": 0, "keep_text": True}),
    ],
)
def test_from_environment(environment, changes):
    assert Settings.from_environment(environment) == dataclasses.replace(Settings(), **changes)


@pytest.mark.parametrize("value", ["0", "1023", "-5", "1e6", "20MB", "²", "1 024"])
def test_a_bad_size(value):
    with pytest.raises(RequestError, match="GONGKAI_MAX_REQUEST_BYTES"):
        Settings.from_environment({"GONGKAI_MAX_REQUEST_BYTES": value})


@pytest.mark.parametrize("value", ["yes", "true", "2", "１"])
def test_a_bad_switch(value):
    with pytest.raises(RequestError, match="GONGKAI_FAST"):
        Settings.from_environment({"GONGKAI_FAST": value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GONGKAI_DATABASE", "mysql://db/gongkai"),
        ("GONGKAI_PUBLIC_URL", "gongkai.qinghe.local"),
        ("GONGKAI_OIDC_ISSUER", "file:///etc/passwd"),
        ("GONGKAI_SESSION_HOURS", "169"),
        ("GONGKAI_WORKERS", "-1"),
        ("GONGKAI_LOG_FORMAT", "xml"),
    ],
)
def test_a_bad_value_is_named_and_not_repeated(name, value):
    with pytest.raises(RequestError, match=name) as raised:
        Settings.from_environment({name: value})
    assert value not in raised.value.message


def test_every_setting_is_explained_and_no_secret_shown():
    environment = {"GONGKAI_KEY": "a" * 64, "GONGKAI_DATABASE": "postgresql://gongkai:mima@db/gongkai"}
    rows = {row.name: row for row in explained(Settings.from_environment(environment), environment)}
    assert len(rows) == len([f for f in dataclasses.fields(Settings) if f.metadata])
    assert all(row.says for row in rows.values())
    assert rows["GONGKAI_KEY"].given and not rows["GONGKAI_FAST"].given
    assert rows["GONGKAI_FAST"].value == "0"
    assert not any(secret in row.value for row in rows.values() for secret in ("aaaa", "mima"))


def test_a_misspelt_variable_is_seen():
    assert unknown({"GONGKAI_KEEPTEXT": "1", "GONGKAI_KEY": "x", "HOME": "x"}) == ["GONGKAI_KEEPTEXT"]


def test_defaults():
    settings = Settings()
    assert (settings.profile, settings.tables, settings.model, settings.fast) == ("default", None, None, False)
    assert (settings.max_request_bytes, settings.limits) == (20 * 1024 * 1024, Limits())
