"""Who comes in, who comes first, and who is told to come later."""

from __future__ import annotations

import os
import select

import pytest

from gongkai.service.crew.waiting import STARTING, STOPPING, Room, Waiting
from gongkai.service.errors import Busy, Stopping


@pytest.fixture
def room():
    opened = Room(most=3, hands=2)
    yield opened
    opened.close()


def put(room, *orders):
    waiting = [Waiting(order, 0.0, urgent=order.isupper()) for order in orders]
    for one in waiting:
        room.put(one)
    return waiting


@pytest.mark.parametrize(
    ("came", "later", "left_in_order"),
    [
        ("abc", True, "abc"),
        ("aBcD", True, "BDac"),
        ("aBcD", False, "BD"),
        ("abc", False, ""),
        ("ABCabc", True, "ABCabc"),
    ],
)
def test_who_comes_first(room, came, later, left_in_order):
    put(room, *came)
    taken = []
    while waiting := room.take(later):
        taken.append(waiting.order)
    assert "".join(taken) == left_in_order
    assert len(room) == len(came) - len(left_in_order)


@pytest.mark.parametrize("came", ["ABC", "abc"])
def test_no_more_than_so_many(room, came):
    put(room, *came)
    with pytest.raises(Busy):
        put(room, came[0])
    put(room, came[0].swapcase())


@pytest.mark.parametrize(
    ("pace", "came", "let_in"), [(0.1, "ABCDEF", 6), (8.0, "ABCDEF", 3), (30.0, "ABCDEF", 3), (8.0, "abcdef", 6)]
)
def test_nobody_is_let_in_to_wait_too_long(pace, came, let_in):
    room = Room(most=9, hands=2, patience=10.0)
    room.pace = pace
    try:
        put(room, *came)
    except Busy as error:
        assert error.after == room.after
    assert len(room) == let_in
    room.close()


@pytest.mark.parametrize(("pace", "after"), [(0.0, 1), (0.1, 1), (4.0, 3), (1000.0, 60)])
def test_when_to_come_again(room, pace, after):
    put(room, *"ABC")
    room.pace = pace
    assert room.after == after


def test_who_has_given_up_is_passed_by(room):
    first, second = put(room, "A", "B")
    assert first.future.cancel()
    assert room.take(True) is second
    assert not second.future.cancel()


def rung(room):
    return bool(select.select([room.bell], [], [], 0)[0])


def test_the_bell_rings_once_until_heard(room):
    assert not rung(room)
    put(room, "A", "B")
    assert rung(room)
    room.heard()
    assert not rung(room)
    room.heard()
    put(room, "C")
    assert rung(room)


@pytest.mark.parametrize(("why", "error"), [(STARTING, Busy), (STOPPING, Stopping)])
def test_a_shut_room(room, why, error):
    urgent, later, gone = put(room, "A", "b", "c")
    gone.future.cancel()
    room.shut(why)
    for waiting in (urgent, later):
        with pytest.raises(error):
            waiting.future.result(0)
    with pytest.raises(error):
        put(room, "D")
    room.open()
    if why == STOPPING:
        with pytest.raises(Stopping):
            put(room, "E")
    else:
        (waiting,) = put(room, "E")
        assert room.take(True) is waiting


def test_nothing_rings_in_a_closed_room():
    room = Room(1, 1)
    room.close()
    room.ring()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(room.bell)
