"""Who is dead, by a clock that only goes forward."""

from __future__ import annotations

import pytest

from gongkai.service.jobs.minding import Watchman
from gongkai.service.jobs.queue import Sign

A, B = "a" * 32, "b" * 32
FIRST, OTHER = Sign(A, 1, 5), Sign(B, 1, 1)


@pytest.mark.parametrize(
    ("looks", "dead"),
    [
        ([(0, [FIRST]), (14, [FIRST]), (29, [FIRST])], []),
        ([(0, [FIRST]), (14, [FIRST]), (28, [FIRST]), (30, [FIRST])], [A]),
        ([(0, [FIRST]), (14, [FIRST]), (28, [Sign(A, 1, 6)]), (31, [Sign(A, 1, 6)])], []),
        ([(0, [FIRST]), (14, [FIRST]), (28, [Sign(A, 2, 5)]), (31, [Sign(A, 2, 5)])], []),
        ([(0, [FIRST]), (10, []), (20, [FIRST]), (31, [FIRST])], []),
        ([(0, [FIRST, OTHER]), (15, [FIRST, OTHER]), (30, [FIRST, Sign(B, 1, 2)])], [A]),
        ([(100, [FIRST])], []),
        ([(0, [FIRST]), (14, [FIRST]), (600, [FIRST])], []),
        ([(0, [FIRST]), (14, [FIRST]), (600, [FIRST]), (615, [FIRST]), (630, [FIRST])], [A]),
    ],
)
def test_whose_beat_stands_still(looks, dead):
    now = [0.0]
    watchman = Watchman(30.0, lambda: now[0])
    for at, signs in looks:
        now[0] = at
        found = watchman.dead(signs)
    assert [sign.id for sign in found] == dead
