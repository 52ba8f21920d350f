"""What the page shows of findings and rulings, as tables."""

from __future__ import annotations

import pytest

from gongkai.service.crew.orders import Ruling
from gongkai.service.masking import viewing
from gongkai.service.masking.viewing import groups, lines, places
from gongkai.service.masking.works import Ruled, Shown, State, verdict

TEXT = "居民赵一鸣、钱小川。\n经办孙明华，居民赵一鸣。\n"


def row(value, nth=0, action="mask", replacement="某", confidence=0.9):
    start = [at for at in range(len(TEXT)) if TEXT.startswith(value, at)][nth]
    told = {"start": start, "end": start + len(value), "type": "NAME", "action": action, "why": "因"}
    return told | {"replacement": replacement, "confidence": confidence}


ROWS = (row("赵一鸣"), row("钱小川", confidence=0.3), row("孙明华", action="keep", replacement=""), row("赵一鸣", 1))
SHOWN = Shown(TEXT, ROWS, {})


def state(*rulings, proven=()):
    ruled = (one if isinstance(one, Ruled) else Ruled(number, one) for number, one in enumerate(rulings, 1))
    return State("a.txt", "", "blank", "", rulings=tuple(ruled), proven=proven)


def ruling(value, action, nth=0, **more):
    told = row(value, nth)
    return Ruling(told["start"], told["end"], action, "NAME", **more)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (state(), ["mask", "mask", "keep", "mask"]),
        (state(ruling("赵一鸣", "keep")), ["keep*", "mask", "keep", "mask"]),
        (state(ruling("赵一鸣", "keep", everywhere=True)), ["keep*", "mask", "keep", "keep*"]),
        (state(ruling("孙明华", "mask")), ["mask", "mask", "mask*", "mask"]),
        (state(ruling("赵一鸣", "keep"), ruling("赵一鸣", "mask", 1)), ["keep*", "mask", "keep", "mask*"]),
        (state(ruling("居民", "mask")), ["mask*", "mask", "mask", "keep", "mask"]),
        (state(ruling("孙明华", "keep"), proven=(1,)), ["mask", "mask", "keep", "mask"]),
        (state(Ruled(1, ruling("孙明华", "keep"), back=True), proven=(1,)), ["mask", "mask", "keep*", "mask"]),
    ],
)
def test_places(given, wanted):
    assert [place.shown + "*" * place.pending for place in places(SHOWN, given)] == wanted


def test_groups_and_lines():
    found = places(SHOWN, state(ruling("赵一鸣", "keep")))
    made = {group.value: (len(group.places), group.mixed, group.state) for group in groups(found, TEXT)}
    assert made == {
        "赵一鸣": (2, True, "pending"),
        "钱小川": (1, False, "doubt"),
        "孙明华": (1, False, "plain"),
    }
    left = ["".join(piece.text for piece in line.left) for line in lines(found, TEXT)]
    right = ["".join(piece.text for piece in line.right) for line in lines(found, TEXT)]
    assert "\n".join(left) == TEXT and right == ["居民某、某。", "经办孙明华，居民某。", ""]
    assert [line.start for line in lines(found, TEXT)] == [0, TEXT.index("\n") + 1, len(TEXT)]
    assert [place.line for place in found] == [1, 1, 2, 2]


def test_a_place_over_two_lines():
    wide = {
        "start": 2,
        "end": 13,
        "type": "NAME",
        "action": "mask",
        "why": "",
        "replacement": "〔略〕",
        "confidence": 1,
    }
    shown = list(lines(places(Shown(TEXT, (wide,), {}), state()), TEXT))
    assert ["".join(p.text for p in line.right) for line in shown] == ["居民〔略〕", "孙明华，居民赵一鸣。", ""]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ruling("赵一鸣", "mask"), "accepted"),
        (ruling("赵一鸣", "mask", replacement="甲"), "changed"),
        (ruling("赵一鸣", "keep"), "kept"),
        (ruling("孙明华", "keep"), "accepted"),
        (ruling("孙明华", "mask"), "changed"),
        (ruling("经办", "mask"), "added"),
    ],
)
def test_verdicts(given, said):
    assert verdict(given, SHOWN) == said


def test_what_waits_for_a_proof():
    one, two = ruling("赵一鸣", "keep"), ruling("孙明华", "mask")
    assert [state(one, two, proven=proven).pending for proven in ((), (1,), (1, 2))] == [2, 1, 0]
    taken = state(Ruled(1, one, back=True), Ruled(2, two), proven=(1,))
    assert taken.pending == 2 and State.unpacked(taken.packed()) == taken


def test_the_work_grows_with_the_list_and_not_with_its_square(monkeypatch):
    many, seen = 300, []
    monkeypatch.setattr(viewing, "normal", lambda kind, value: seen.append(kind) or value)
    text = "".join(f"赵{number:05d}\n" for number in range(many))
    told = {"type": "NAME", "action": "mask", "why": "", "replacement": "某", "confidence": 0.9}
    rows = tuple(told | {"start": 7 * n, "end": 7 * n + 6} for n in range(many))
    rulings = (Ruling(row["start"], row["end"], "mask", "NAME") for row in rows)
    assert len(places(Shown(text, rows, {}), state(*rulings))) == many
    assert len(seen) <= 4 * many
