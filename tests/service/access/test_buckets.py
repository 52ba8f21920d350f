"""Token buckets and what counts as one address."""

from __future__ import annotations

import pytest

from gongkai.service.access import buckets
from gongkai.service.access.buckets import Buckets, neighbourhood
from gongkai.service.errors import TooOften


class Ticks:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def ticks():
    return Ticks()


def taken(bucket, name="a"):
    try:
        bucket.take(name)
    except TooOften as refused:
        return refused.after
    return 0


def test_burst_then_pace(ticks):
    bucket = Buckets(rate=60, burst=3, clock=ticks)
    assert [taken(bucket) for _ in range(5)] == [0, 0, 0, 1, 1]
    ticks.now += 1
    assert [taken(bucket), taken(bucket)] == [0, 1]
    ticks.now += 3600
    assert [taken(bucket) for _ in range(4)] == [0, 0, 0, 1]


def test_slow_bucket_says_how_long(ticks):
    bucket = Buckets(rate=6, burst=1, clock=ticks)
    assert [taken(bucket), taken(bucket)] == [0, 10]
    ticks.now += 4
    assert taken(bucket) == 6


def test_names_are_apart(ticks):
    bucket = Buckets(rate=1, burst=1, clock=ticks)
    assert [taken(bucket, name) for name in "aba"] == [0, 0, 60]


def test_clock_that_jumps_back_gives_nothing(ticks):
    bucket = Buckets(rate=60, burst=1, clock=ticks)
    taken(bucket)
    ticks.now -= 50
    assert taken(bucket) == 1


def test_memory_has_an_end(ticks, monkeypatch):
    monkeypatch.setattr(buckets, "MOST", 3)
    bucket = Buckets(rate=1, burst=1, clock=ticks)
    for name in "abcd":
        taken(bucket, name)
    assert list(bucket._held) == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("10.1.2.3", "10.1.2.3"),
        ("::ffff:10.1.2.3", "10.1.2.3"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_neighbourhood(address, name):
    assert neighbourhood(address) == name
