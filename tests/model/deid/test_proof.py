"""Hidden values are found again in any dress, and strangers are not taken for them."""

from __future__ import annotations

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.deid.proof import Left, Values, _within, forms, normal
from gongkai.model.document import Span
from gongkai.model.finding import Action, Finding

CARD, MOBILE, FIXED = "370302199001014514", "13812341234", "0533-5550123"


def values(
    *pieces: tuple[str, str], kept: tuple[tuple[str, str], ...] = (), words: frozenset[str] = frozenset()
) -> Values:
    every = [(*p, Action.mask) for p in pieces] + [(*p, Action.keep) for p in kept]
    text, findings = "", []
    for kind, value, action in every:
        findings.append(Finding(Span(len(text), len(text) + len(value)), kind, 0.9, "test", action=action))
        text += value + "\n"
    return Values.of(findings, text, words)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("ID_CARD", CARD, f"号码{CARD}。"),
        ("ID_CARD", CARD, "3703 0219 9001 0145 14"),
        ("ID_CARD", CARD, "370302-19900101-4514"),
        ("ID_CARD", CARD, "３７０３０２１９９００１０１４５１４"),
        ("ID_CARD", CARD, "37030219900\n    1014514"),
        ("ID_CARD", CARD, "3\u200b7\u200b0302199001014514"),
        ("ID_CARD", CARD, "三七〇三〇二一九九〇〇一〇一四五一四"),
        ("ID_CARD", CARD, "𝟑𝟕𝟎𝟑𝟎𝟐𝟏𝟗𝟗𝟎𝟎𝟏𝟎𝟏𝟒𝟓𝟏𝟒"),
        ("ID_CARD", CARD, "37O3O2l99OOlOl45l4"),
        ("ID_CARD", CARD, f"个体户代码92{CARD}"),
        ("ID_CARD", "37030219900101451X", "37030219900101451x"),
        ("ID_CARD", "37030219900101451X", "37030219900101451×"),
        ("PHONE_MOBILE", MOBILE, "138-1234-1234"),
        ("PHONE_MOBILE", MOBILE, "+86 138 1234 1234"),
        ("PHONE_MOBILE", "+86-138-1234-1234", MOBILE),
        ("PHONE_MOBILE", MOBILE, "幺三八一二三四一二三四"),
        ("PHONE_MOBILE", "一三八一二三四一二三四", MOBILE),
        ("PHONE_MOBILE", MOBILE, "①③⑧①②③④①②③④"),
        ("PHONE_FIX", "0533-5550123转8001", "05335550123"),
        ("BANK", "6217 0000 0000 0000 001", "6217000000000000001"),
        ("PASSPORT", "E12345678", "e1234 5678"),
        ("PLATE", "鲁C12345", "鲁Ｃ·12345"),
        ("EMAIL", "Li.Hua@qq.com", "li.hua＠QQ.com"),
        ("EDU", "202401", "考号202401，"),
        ("NAME", "张三丰", "张三丰"),
        ("NAME", "张三丰", "張三豐"),
        ("NAME", "张三丰", "张　三　丰"),
        ("NAME", "张三丰", "张三\n丰"),
        ("NAME", "张三", "张三的妻子"),
        ("NAME", "张三", "：张　三（"),
        ("NAME", "张三", "张\u200b三"),
        ("NAME", "方言", "⽅⾔"),
        ("NAME", "买买提·艾力", "买买提•艾力"),
        ("ADDR_HOME", "柳林镇石桥村6组", "柳林镇石桥村六组"),
        ("ADDR_HOME", "柳林镇石桥村6组", "柳林镇，石桥村（6组）"),
        ("BIRTH", "1953年7月8日", "19530708"),
        ("BIRTH", "1953-07-08", "1953年7月8日"),
        ("HEALTH", "患有慢性肾功能衰竭", "患有慢性肾功能衰竭"),
    ],
)
def test_any_dress(kind: str, value: str, text: str) -> None:
    hits = values((kind, value)).hits(text)
    assert [hit.value.kind for hit in hits] == [kind]


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("ID_CARD", CARD, "3703**********4514"),
        ("ID_CARD", CARD, CARD[:-1] + "5"),
        ("ID_CARD", CARD, CARD[:9] + "，" * 13 + CARD[9:]),
        ("EDU", "202401", "1202401"),
        ("EDU", "202401", "2024014"),
        ("EDU", "202401", "A202401"),
        ("EDU", "202401", "2024年01月"),
        ("EDU", "202401", "2\t0\t2\t4\t0\t1".replace("\t", "，，")),
        ("EDU", "202401", "202\n401"),
        ("EDU", "2024", "2024"),
        ("NAME", "张三", "主张三是"[2:]),
        ("NAME", "张三", "主张 三是"),
        ("NAME", "张三", "张某"),
        ("NAME", "高明", "高明区"),
        ("NAME", "李", "李"),
        ("FIN", "1200000元", "1200000元"),
        ("HEALTH", "高血压", "高血压"),
        ("BIRTH", "35岁", "35岁"),
        ("ADDR_HOME", "6组", "6组"),
    ],
)
def test_no_stranger(kind: str, value: str, text: str) -> None:
    assert values((kind, value)).hits(text) == []


@pytest.mark.parametrize(
    ("pieces", "kept", "text", "found"),
    [
        ([("NAME", "王小")], [("NAME", "王小明")], "王小明、王小", [(4, 6)]),
        ([("NAME", "王小明")], [("NAME", "王小明")], "王小明", []),
        ([("PHONE_MOBILE", MOBILE)], [("PHONE_MOBILE", MOBILE)], MOBILE, [(0, 11)]),
        ([("NAME", "王小明"), ("NAME", "王小")], [], "王小明", [(0, 2), (0, 3)]),
    ],
)
def test_what_is_kept(pieces: list[tuple[str, str]], kept: list[tuple[str, str]], text: str, found: list) -> None:
    """A name that is kept anywhere is hidden by its place only; a number that is hidden anywhere is hidden."""
    hits = values(*pieces, kept=tuple(kept)).hits(text)
    assert [(hit.span.start, hit.span.end) for hit in hits] == found


def test_a_name_that_is_a_word_is_hidden_by_its_place_only() -> None:
    assert values(("NAME", "高兴"), words=frozenset({"高兴"})).hits("很高兴") == []
    assert values(("NAME", "高兴"), words=frozenset({"高大"})).hits("很高兴")


@pytest.mark.parametrize(("name", "score", "looked_for"), [("杨梅", 0.4, 0), ("杨梅", 0.5, 1), ("杨小梅", 0.4, 1)])
def test_two_characters_that_are_hardly_a_name_are_hidden_by_their_place(
    name: str, score: float, looked_for: int
) -> None:
    finding = Finding(Span(0, len(name)), "NAME", score, "test")
    assert len(Values.of([finding], name).hits(f"{name}每株2元")) == looked_for


def test_places_types_and_counts_are_told() -> None:
    hidden = values(("NAME", "张三丰"), ("ID_CARD", CARD))
    assert hidden.hidden == 2
    left = hidden.left([("正文", f"张三丰，{CARD}，张三丰"), ("批注", "张三丰"), ("批注", "无")])
    assert left == (Left("正文", "NAME", 2), Left("正文", "ID_CARD", 1), Left("批注", "NAME", 1))


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("NAME", "张　三", ["张三"]),
        ("PHONE_MOBILE", "+86 13812341234", ["8613812341234", "8613812341234", "13812341234"]),
        ("PHONE_FIX", "0533-5550123转8", ["05335550123转8", "05335550123"]),
        ("BIRTH", "1953-7-8", ["195378", "1953年7月8日", "1953年07月08日", "19530708"]),
    ],
)
def test_forms(kind: str, text: str, expected: list[str]) -> None:
    assert list(forms(kind, text)) == expected


SEPARATORS = st.sampled_from(["", "", "", " ", "　", "-", "\n", "\u200b", "\t", ".", "\u00ad"])
DRESS = st.sampled_from([0, 0xFEE0])


@given(st.lists(SEPARATORS, min_size=17, max_size=17), st.lists(DRESS, min_size=18, max_size=18), st.text(max_size=40))
def test_a_number_is_found_however_it_is_split_and_written(between: list[str], width: list[int], around: str) -> None:
    dressed = "".join(chr(ord(c) + w) + gap for c, w, gap in zip(CARD, width, [*between, ""], strict=True))
    text = around + "；" + dressed + "；" + around
    spans = [hit.span for hit in values(("ID_CARD", CARD)).hits(text)]
    assert Span(len(around) + 1, len(around) + 1 + len(dressed)) in spans


@given(st.text(max_size=80), st.sampled_from(["NAME", "ID_CARD", "ADDR_HOME"]))
def test_any_text_can_be_searched(text: str, kind: str) -> None:
    hidden = values((kind, "柳林镇石桥" if kind != "ID_CARD" else CARD))
    assert all(hit.span.end <= len(text) for hit in hidden.hits(text))
    assert normal(kind, text) == normal(kind, normal(kind, text))


def test_five_thousand_values_do_not_take_time_with_their_square() -> None:
    chance = random.Random(7)
    family, given_name = "赵钱孙李周吴郑王冯陈", "一二三四五六七八九华丽明国建军伟芳娜敏静"
    people = ["".join([chance.choice(family), *chance.choices(given_name, k=2)]) for _ in range(1700)]
    cards = [f"1101{chance.randrange(10**14):014}" for _ in range(1700)]
    mobiles = [f"138{chance.randrange(10**8):08}" for _ in range(1700)]
    pieces = [("NAME", p) for p in people] + [("ID_CARD", c) for c in cards] + [("PHONE_MOBILE", m) for m in mobiles]
    hidden = values(*pieces)
    text = "".join(f"{n}\t{p[0]}某某\t1101**********{c[-4:]}\t138****{m[-4:]}\n" for n, (p, c, m) in
                   enumerate(zip(people, cards, mobiles, strict=True))) * 5 + cards[0]  # fmt: skip
    begun = time.process_time()
    assert [hit.value.kind for hit in hidden.hits(text)] == ["ID_CARD"]
    assert time.process_time() - begun < 10


def test_as_many_values_that_are_kept_do_not_either() -> None:
    people = [("NAME", f"{chr(0x4E00 + at)}建国") for at in range(5_000)]
    offices = tuple(("ORG", f"{chr(0x6E00 + at)}建国招待所有限公司") for at in range(5_000))
    text = "\n".join(f"{name}，{office}" for (_, name), (_, office) in zip(people, offices, strict=True))
    known = values(*people, kept=offices)
    start = time.process_time()
    assert len(known.hits(text)) == 5_000
    assert time.process_time() - start < 2


SPANS = st.builds(lambda at, size: Span(at, at + size), st.integers(0, 9), st.integers(1, 4))


@given(st.lists(SPANS), SPANS)
def test_what_lies_in_a_longer_one(kept: list[Span], span: Span) -> None:
    assert _within(kept)(span) == any(k.covers(span) and len(k) > len(span) for k in kept)
