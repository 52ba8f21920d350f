"""What the spotter changes: names that stay or go, cues that stand for nobody, facts and names nobody else saw."""

from __future__ import annotations

import pytest
from pieces import FIN, HEALTH, NAME, STAYS, TEXT, spotted

from gongkai.model import context
from gongkai.model.document import Span
from gongkai.model.finding import Action, Finding
from gongkai.model.people import Person

ZHANG = Person(Span(0, 2), "张三", 0.9, 1.0)


@pytest.mark.parametrize(
    ("told", "stay"),
    [((("张三", STAYS, 0.9),), "more"), ((("张三", NAME, 0.9),), "less"), ((("张三", NAME, 0.1),), "same")],
)
def test_the_stay_of_a_name(told, stay):
    (found,) = context.weighed([ZHANG], spotted(TEXT, *told))
    assert (found.stay > 1.0, found.stay < 1.0) == (stay == "more", stay == "less")
    assert (found.span, found.score) == (ZHANG.span, ZHANG.score)


def test_all_mentions_of_a_name_are_weighed_alike():
    text = "张三到。张三走"
    both = [Person(Span(0, 2), "张三", 0.9, 0.0), Person(Span(4, 6), "张三", 0.9, 0.0)]
    first, second = context.weighed(both, spotted(text, ("张三", STAYS, 0.9)))
    assert first.stay == second.stay > 0


def test_where_reading_is_worth_its_time():
    sure = Person(Span(20, 22), "李科", 0.9, context.OPEN)
    goes = Finding(Span(5, 7), "ID_CARD", 0.9, "test", action=Action.mask)
    stays = Finding(Span(9, 11), "PHONE_FIX", 0.9, "test", action=Action.keep)
    assert context.places([ZHANG, sure], [goes, stays]) == [ZHANG.span, goes.span]


def test_facts_and_missed_names():
    seen = spotted(TEXT, ("肺病", HEALTH, 0.9), ("730元", FIN, 0.8), ("张三", NAME, 0.9))
    kinds = {(f.kind, f.span.of(TEXT), f.source) for f in context.told(seen, TEXT, [])}
    facts = {("HEALTH", "肺病", "spotter:HEALTH"), ("FIN", "730元", "spotter:FIN")}
    assert kinds == facts | {("NAME", "张三", "spotter:NAME")}
    assert {(f.kind, f.span.of(TEXT), f.source) for f in context.told(seen, TEXT, [ZHANG])} == facts
