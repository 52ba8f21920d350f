"""What the spotter changes: names that stay or go, cues that stand for nobody, facts and names nobody else saw."""

from __future__ import annotations

import pytest
from pieces import FIN, HEALTH, NAME, STAYS, TEXT, spotted

from gongkai.model.document import Document, Span
from gongkai.model.facts import context
from gongkai.model.facts.spotter import KINDS
from gongkai.model.finding import Action, Finding
from gongkai.model.mentions.people import STAY_CUT, Person, one_column, one_list

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


def test_where_reading_is_worth_its_time(screener):
    sure = Person(Span(20, 22), "李科", 0.9, context.OPEN)
    goes = Finding(Span(5, 7), "ID_CARD", 0.9, "test", action=Action.mask)
    stays = Finding(Span(9, 11), "PHONE_FIX", 0.9, "test", action=Action.keep)
    home = Finding(Span(12, 18), "ADDR_HOME", 0.9, "test", action=Action.keep)
    titled, bare = Document("", "张三到会。" * 5, "通报"), Document("", "张三到会。" * 5)
    found = [goes, stays, home]
    assert context.places(screener.reading(titled), [ZHANG, sure], found) == [ZHANG.span, goes.span, home.span]
    assert context.places(screener.reading(bare), [], []) == [Span(0, 25)], "an excerpt is read whole"


def test_an_excerpt_tells_of_somebody_without_a_name(screener):
    text = "出生日期：1985年8月15日"
    assert [(f.kind, f.action) for f in screener(Document("", text)).personal] == [("BIRTH", Action.mask)]
    assert not screener(Document("", text, "关于印发办法的通知")).personal


def test_a_fact_ends_with_its_cell():
    text = "21│张三│西街18号│货币"
    people = [Person(Span(3, 5), "张三", 0.9, 5.0)]
    seen = spotted(text, ("张三│西街18号", FIN, 0.9))
    assert [f.span.of(text) for f in context.told(seen, text, people)] == ["西街18号"]


@pytest.mark.parametrize(
    ("piece", "kind", "score", "found"),
    [
        ("贡文倩肺病", "HEALTH", 0.9, ["肺病"]),
        ("倩肺病", "HEALTH", 0.9, ["肺病"]),
        ("肺病,贡文", "HEALTH", 0.9, ["肺病"]),
        ("贡文倩", "FAMILY", 0.9, []),
        ("贡文倩肺病", "HEALTH", 0.3, ["贡文倩肺病"]),
        ("贡文倩肺病", "MINOR", 0.9, ["贡文倩肺病"]),
        ("肺病,贡文英说", "HEALTH", 0.9, ["肺病"]),
        ("病,贡文英说“肺病", "FAMILY", 0.9, ["病", "说“肺病"]),
        ("说“肺病”", "HEALTH", 0.9, ["说“肺病"]),
    ],
)
def test_a_fact_leaves_names_to_themselves(piece, kind, score, found):
    text = "贡文倩肺病,贡文英说“肺病”"
    at = text.index("贡文英")
    people = [Person(Span(0, 3), "贡文倩", score, 0.0), Person(Span(at, at + 3), "贡文英", score, 0.0)]
    seen = spotted(text, (piece, KINDS.index(kind), 0.9))
    assert [f.span.of(text) for f in context.told(seen, text, people)] == found


@pytest.mark.parametrize(("staying", "found"), [(False, ["贡文倩"]), (True, [])])
def test_who_stays_by_a_row_is_no_informant(staying, found):
    text = "窗口投诉已处理；贡文倩同志"
    at = text.index("贡文倩")
    name = Span(at, at + 3)
    seen = spotted(text, ("贡文倩", KINDS.index("REPORTER"), 0.9))
    people = [Person(name, "贡文倩", 0.9, 3.0)]
    assert [f.span.of(text) for f in context.told(seen, text, people, [name] if staying else [])] == found


@pytest.mark.parametrize(("chance", "found"), [(0.0, ["石拱村6组"]), (0.4, ["村6组"])])
def test_a_home_leaves_only_names_that_the_spotter_sees(chance, found):
    text = "家住石拱村6组"
    seen = spotted(text, ("石拱村6组", KINDS.index("ADDR_HOME"), 0.5), ("石拱", NAME, chance))
    told = context.told(seen, text, [Person(Span(2, 4), "石拱", 0.9, 0.0)])
    assert [f.span.of(text) for f in told if f.kind == "ADDR_HOME"] == found


@pytest.mark.parametrize(
    ("score", "bare", "found"),
    [(0.3, "贡文倩", [0, 7]), (0.1, "贡文倩", [0]), (0.9, "贡文倩", [0]), (0.3, "贡文", [0])],
)
def test_a_name_that_the_finder_half_saw_is_sought(score, bare, found):
    text = "贡文倩在,原在贡文倩名下"
    called = context.called([Person(Span(0, len(bare)), bare, score, 1.0)], spotted(text), text)
    assert [(person.span.start, person.stay) for person in called] == [(at, 1.0) for at in found]


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


@pytest.mark.parametrize(("heading", "alike"), [("姓名", True), ("帮扶人员", False)])
def test_one_column_is_weighed_alike(screener, heading: str, alike: bool):
    text = f"通报\n\n序号\t{heading}\t身份证号\n1\t赵一鸣\t迟到\n2\t钱小川\t早退\n"
    reading = screener.reading(Document("a", text))
    people = [Person(Span(text.index(n), text.index(n) + 3), n, 0.9, 0.0) for n in ("赵一鸣", "钱小川")]
    said = spotted(text, ("赵一鸣", STAYS, 0.9), ("钱小川", NAME, 0.9))
    first, second = one_column(reading, context.weighed(people, said))
    assert (first.stay == pytest.approx(second.stay)) is alike
    assert {cell.kind for cell in reading.cells if cell.heading == heading} == {"NAME"}


@pytest.mark.parametrize(
    ("chance", "score", "stays"),
    [
        (0.9, 0.1, True),
        (0.05, 0.1, False),
        (0.05, 0.4, True),
        (0.02, 0.4, False),
        (0.001, 0.7, False),
        (0.001, 0.9, True),
    ],
)
def test_a_word_taken_for_a_name(chance, score, stays):
    person = Person(Span(0, 2), "高峰", score, 0.0)
    assert bool(context.believed([person], spotted("高峰村下片", ("高峰", NAME, chance)))) == stays


def test_one_sure_place_keeps_all_mentions_of_a_name():
    text = "高峰到。高峰村"
    both = [Person(Span(0, 2), "高峰", 0.3, 0.0), Person(Span(4, 6), "高峰", 0.3, 0.0)]
    seen = spotted(text, ("高峰到", NAME, 0.9))
    assert len(context.believed(both, seen)) == 2


@pytest.mark.parametrize(
    ("text", "cut", "named", "found"),
    [
        ("投诉人贡文倩的", "贡文", "贡文倩", "贡文倩"),
        ("投诉人贡文的", "贡文", "贡文", "贡文"),
        ("投诉人贡文倩雯", "贡文", "贡文倩雯", "贡文"),
        ("系受尉迟国华授意", "受尉迟国华", "尉迟国华", "尉迟国华"),
        ("系欧阳国华授意", "欧阳国华", "阳国华", "欧阳国华"),
        ("刘小姐到场", "刘", "刘小", "刘"),
        ("外甥贡文倩来接", "贡文倩来", "贡文倩", "贡文倩"),
        ("户码06阿合达木家", "达木", "阿合达木", "阿合达木"),
        ("车间乌日其格的", "日其格", "乌日其格", "乌日其格"),
        ("社区主任贡文倩到", "贡文倩", "任贡文倩", "贡文倩"),
        ("他孙贡文倩病了", "贡文倩", "孙贡文倩", "贡文倩"),
    ],
)
def test_the_edges_of_a_name(text, cut, named, found):
    at = text.index(cut)
    person = Person(Span(at, at + len(cut)), cut, 0.6, 0.0)
    seen = spotted(text, *((char, NAME, 0.95) for char in named))
    (fitted,) = context.fitted([person], seen, text)
    assert (fitted.bare, fitted.span.of(text)) == (found, found)


@pytest.mark.parametrize(
    ("piece", "kind", "chance", "found"),
    [
        ("苗圃", NAME, 0.9, [("苗圃", False)]),
        ("苗圃", STAYS, 0.95, [("苗圃", True)]),
        ("苗圃", NAME, 0.7, []),
        ("圃拨", NAME, 0.9, []),
        ("门卫苗圃拨打", NAME, 0.9, []),
    ],
)
def test_a_name_that_the_finder_took_for_a_word(piece, kind, chance, found):
    text = "门卫苗圃拨打电话"
    called = context.called([], spotted(text, (piece, kind, chance)), text)
    assert [(person.bare, person.stay > STAY_CUT) for person in called] == found


@pytest.mark.parametrize(
    ("text", "action", "found"),
    [
        ("贡文倩，女。名下的贡文倩户", Action.mask, [9]),
        ("贡文倩，女。名下的贡文倩户", Action.keep, []),
        ("贡文，女。名下的贡文户", Action.mask, []),
    ],
)
def test_a_name_that_goes_is_sought_again(screener, text, action, found):
    name = Finding(Span(0, text.index("，")), "NAME", 0.9, "name", action=action)
    reading = screener.reading(Document("", text))
    assert [again.span.start for again in context.again(reading, [name])] == found


@pytest.mark.parametrize(
    ("chance", "action", "found"),
    [(0.3, Action.mask, [8]), (0.1, Action.mask, []), (0.3, Action.keep, [])],
)
def test_a_name_that_is_a_word_is_sought_again_where_somebody_is_half_seen(screener, chance, action, found):
    text = "邻居阳春家失火。阳春说没事。阳春时节"
    name = Finding(Span(2, 4), "NAME", 0.9, "name", action=action)
    seen = spotted(text, ("。阳春说", NAME, chance))
    reading = screener.reading(Document("", text))
    assert [again.span.start for again in context.again(reading, [name], seen)] == found
