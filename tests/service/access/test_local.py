"""--open serves this machine only."""

from __future__ import annotations

import pytest

from gongkai.model.errors import RequestError
from gongkai.service.access.local import insist, loopback
from gongkai.service.settings import Settings


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.2", False),
        ("localhost.evil.example", False),
        ("127.0.0.1.evil.example", False),
        ("", False),
    ],
)
def test_loopback(host, here):
    assert loopback(host) is here
    insist(Settings(), host)
    if here:
        insist(Settings(open=True), host)
    else:
        with pytest.raises(RequestError, match="只能在本机使用"):
            insist(Settings(open=True), host)
