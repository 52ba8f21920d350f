"""What the spotter changes: names that stay or go, cues that stand for nobody, facts and names nobody else saw."""

from __future__ import annotations

import pytest
from pieces import FIN, HEALTH, NAME, STAYS, TEXT, spotted

from gongkai.model import context
from gongkai.model.document import Document, Span
from gongkai.model.finding import Action, Finding
from gongkai.model.people import Person, one_column, one_list
from gongkai.model.spotter import KINDS

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


@pytest.mark.parametrize(
    ("text", "piece", "kind", "chance", "found"),
    [
        ("就读于市第二中学", "第二", "MINOR", 0.45, []),
        ("就读于市第二中学", "第二", "MINOR", 0.6, ["第二"]),
        ("就读于市第二中学", "市第二中学", "MINOR", 0.45, ["市第二中学"]),
        ("就读于市第二中学", "市第二中学", "MINOR", 0.35, []),
        ("其妻到场", "其妻", "FAMILY", 0.45, ["其妻"]),
        ("李梅女士：", "女", "FAMILY", 0.9, []),
        ("李梅女士：", "李梅女", "REPORTER", 0.9, ["李梅"]),
        ("女儿到场", "女儿", "FAMILY", 0.45, ["女儿"]),
        ("(anonymous)", "on", "NAME", 0.9, []),
        ("Maria到场", "Maria", "NAME", 0.9, ["Maria"]),
        ("丽华到场", "丽华", "NAME", 0.9, ["丽华"]),
    ],
)
def test_what_is_too_short_to_tell(text, piece, kind, chance, found):
    seen = spotted(text, (piece, KINDS.index(kind), chance))
    assert [f.span.of(text) for f in context.told(seen, text, [])] == found


@pytest.mark.parametrize(
    ("hanging", "found"),
    [
        ((("每月", 0.1),), "每月三千"),
        ((("每月", 0.1), ("左右", 0.1)), "每月三千左右"),
        ((("每月", 0.01),), "三千"),
        (((",每月", 0.1),), "每月三千"),
        ((("家里,每月", 0.3),), "家里,每月三千"),
        ((("左右。", 0.3),), "三千左右"),
    ],
)
def test_a_fact_takes_what_hangs_on_to_it(hanging, found):
    text = "他家里,每月三千左右。完"
    seen = spotted(text, ("三千", FIN, 0.9), *((piece, FIN, chance) for piece, chance in hanging))
    assert [f.span.of(text) for f in context.told(seen, text, [])] == [found]


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("赵一鸣、钱小川到场", True),
        ("赵一鸣（乡村办）、钱小川到场", True),
        ("赵一鸣和钱小川到场", True),
        ("赵一鸣到场，钱小川没有", False),
        ("赵一鸣\n钱小川", False),
    ],
)
def test_names_in_a_row_are_weighed_alike(text, alike):
    folded = Document("", text).folded
    people = [
        Person(Span(text.index(n), text.index(n) + 3), n, 0.9, stay) for n, stay in (("赵一鸣", 4.0), ("钱小川", 0.0))
    ]
    first, second = one_list(folded, people)
    assert (first.stay, second.stay) == ((2.0, 2.0) if alike else (4.0, 0.0))


def test_one_column_is_weighed_alike(screener):
    text = "通报\n\n序号\t姓名\t事由\n1\t赵一鸣\t迟到\n2\t钱小川\t早退\n"
    reading = screener.reading(Document("a", text))
    people = [Person(Span(text.index(n), text.index(n) + 3), n, 0.9, 0.0) for n in ("赵一鸣", "钱小川")]
    said = spotted(text, ("赵一鸣", STAYS, 0.9), ("钱小川", NAME, 0.9))
    first, second = one_column(reading, context.weighed(people, said))
    assert first.stay == pytest.approx(second.stay)
