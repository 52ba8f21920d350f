"""What stands instead of personal data: lawful, consistent, and never the value itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.deid.hiding import TERMS, Style, code, hidden, replacement
from gongkai.model.document import Span
from gongkai.model.errors import RulebookError
from gongkai.model.finding import Action, Finding
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import read_rows
from gongkai.model.tablerows import MASKS, PersonalType, Way

RULES = Rulebook.load()


def found(text: str, *pieces: tuple[str, str], action: Action = Action.mask) -> list[Finding]:
    """Every place of each (kind, value) in a text."""
    places = [(m.span(), kind) for kind, value in pieces for m in re.finditer(re.escape(value), text)]
    return [Finding(Span(*span), kind, 0.9, "test", action=action) for span, kind in sorted(places)]


def shown(text: str, *pieces: tuple[str, str], style: Style | None = None) -> list[str]:
    return [f.replacement for f in hidden(found(text, *pieces), text, RULES, style)]


@pytest.mark.parametrize(
    ("piece", "mask", "head", "tail", "expected"),
    [
        ("370302199001014514", "ends", 4, 4, "3703**********4514"),
        ("1380000 1234", "ends", 3, 4, "138****1234"),
        ("6217000000000001", "ends", 0, 4, "************0001"),
        ("0533-5550123", "ends", 0, 0, "************"),
        ("12345", "ends", 2, 2, "*****"),
        ("张三丰", "surname", 0, 0, "张某某"),
        ("张三", "surname", 0, 0, "张某"),
        ("张 三", "surname", 0, 0, "张某"),
        ("欧阳明月", "surname", 0, 0, "欧阳某某"),
        ("阿依古丽·买买提", "surname", 0, 0, "阿某某"),
        ("李", "surname", 0, 0, "某"),
        ("青禾县柳林镇石桥村6组", "township", 0, 0, "青禾县柳林镇***"),
        ("青禾市城东区人民路3号2单元501室", "township", 0, 0, "青禾市城东区***"),
        ("柳林镇", "township", 0, 0, "***"),
        ("宁波市镇海区柳林街道槐荫路3号", "township", 0, 0, "宁波市镇海区柳林街道***"),
        ("镇江市京口区槐荫路3号", "township", 0, 0, "镇江市京口区***"),
        ("新乡市红旗区槐荫路3号", "township", 0, 0, "新乡市红旗区***"),
        ("临汾市乡宁县柳林镇3组", "township", 0, 0, "临汾市乡宁县柳林镇***"),
        ("西藏自治区拉萨市城关区3号", "township", 0, 0, "西藏自治区拉萨市城关区***"),
        ("中山市东区槐荫路3号", "township", 0, 0, "中山市东区***"),
        ("西宁市城东区槐荫路3号", "township", 0, 0, "西宁市城东区***"),
        ("槐荫里小区A区3栋502室", "township", 0, 0, "***"),
        ("槐荫绿洲东区3栋", "township", 0, 0, "***"),
        ("槐荫西园四区410楼", "township", 0, 0, "***"),
        ("槐荫小镇5栋", "township", 0, 0, "***"),
        ("红旗路3号", "township", 0, 0, "***"),
        ("1953年7月18日出生", "year", 0, 0, "1953年*"),
        ("1953年", "year", 0, 0, "*****"),
        ("35岁", "year", 0, 0, "30—39周岁"),
        ("39岁", "year", 0, 0, "30—39周岁"),
        ("30周岁", "year", 0, 0, "30—39岁"),
        ("6岁", "year", 0, 0, "不满14周岁"),
        ("17岁", "year", 0, 0, "14—17周岁"),
        ("101岁", "year", 0, 0, "90周岁以上"),
        ("35", "year", 0, 0, "**岁"),
        ("孙女", "year", 0, 0, "**"),
        ("一九五三年七月十八日", "year", 0, 0, "一九五三年*"),
        ("２００１年５月", "year", 0, 0, "２００１年*"),
        ("五十六岁", "year", 0, 0, "50—59岁"),
        ("十三周岁", "year", 0, 0, "不满14岁"),
        ("一百零二岁", "year", 0, 0, "90岁以上"),
        ("53年7月", "year", 0, 0, "*****"),
        ("12,000元", "band", 0, 0, "1万—2万元"),
        ("1.5万元", "band", 0, 0, "1万—2万元"),
        ("850元", "band", 0, 0, "800—900元"),
        ("35岁", "band", 0, 0, "30—39周岁"),
        ("若干", "band", 0, 0, "**"),
        ("lihua@qq.com", "user", 0, 0, "***@qq.com"),
        ("lihua", "user", 0, 0, "***"),
        ("高血压", "all", 0, 0, "***"),
        ("高血压", "omit", 0, 0, "〔略〕"),
    ],
)
def test_replacement(piece: str, mask: str, head: int, tail: int, expected: str) -> None:
    finding = Finding(Span(0, len(piece)), "NAME", 0.9, "test")
    assert replacement(finding, piece, Way("", mask, head, tail)) == expected


@pytest.mark.parametrize(("kind", "piece"), [("PHONE_MOBILE", "13812345678"), ("ADDR_HOME", "青禾县柳林镇3组")])
def test_a_pseudonym_on_its_own_tells_nothing_of_the_value(kind: str, piece: str) -> None:
    finding = Finding(Span(0, len(piece)), kind, 0.9, "test")
    assert replacement(finding, piece, Style("pseudonym").way(kind, RULES)) == "********"


@pytest.mark.parametrize("unit", ["岁", "周岁", ""])
def test_an_age_and_all_others_of_its_band_are_written_alike(unit: str) -> None:
    """Were one age of a band written otherwise, that would tell it."""
    pieces = [f"{age}{unit}" for age in range(1, 121)]
    written = [replacement(Finding(Span(0, len(p)), "BIRTH", 0.9, "test"), p, Way("", "year")) for p in pieces]
    assert not [p for p, w in zip(pieces, written, strict=True) if p in w]
    assert len(set(written)) == (10 if unit else 1)


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        ("张三丰和李四海，张三丰", [("NAME", "张三丰"), ("NAME", "李四海")], ["张某某", "李某某", "张某某"]),
        ("张三丰、张小明、张三丰", [("NAME", "张三丰"), ("NAME", "张小明")], ["张某某1", "张某某2", "张某某1"]),
        ("张三丰，举报人张三丰，张 三 丰", [("NAME", "张三丰"), ("REPORTER", "张 三 丰")], ["张某某"] * 3),
        ("张三丰、张小明，见张某某1", [("NAME", "张三丰"), ("NAME", "张小明")], ["张某某2", "张某某3"]),
        ("李大山住院，老李的妻子", [("NAME", "李大山"), ("NAME", "老李")], ["李某某", "李某某"]),
        (
            "李大山、李小河，老李",
            [("NAME", "李大山"), ("NAME", "李小河"), ("NAME", "老李")],
            ["李某某1", "李某某2", "老某"],
        ),
        (
            "张三丰2010年，张小明13812341234，张三丰",
            [("NAME", "张三丰"), ("NAME", "张小明"), ("PHONE_MOBILE", "13812341234")],
            ["张某某1 ", "张某某2 ", "138****1234", "张某某1"],
        ),
        ("阿依古丽·买买提，阿依古丽买买提", [("NAME", "阿依古丽·买买提"), ("NAME", "阿依古丽买买提")], ["阿某某"] * 2),
        ("电话13812341234，13812341234", [("PHONE_MOBILE", "13812341234")], ["138****1234"] * 2),
    ],
)
def test_one_person_one_name_and_no_two_share_one(
    text: str, pieces: list[tuple[str, str]], expected: list[str]
) -> None:
    assert shown(text, *pieces) == expected


def test_who_is_linked_is_said_by_the_caller() -> None:
    text = "张三丰、张小明，老张"
    findings = found(text, ("NAME", "张三丰"), ("NAME", "张小明"), ("NAME", "老张"))
    names = hidden(findings, text, RULES, Style("pseudonym"), {findings[2].span: "张小明"})
    assert [f.replacement for f in names] == ["张某某1", "张某某2", "张某某2"]


@pytest.mark.parametrize(
    ("text", "pieces", "expected"),
    [
        ("张三丰、李四海、张小明", ["张三丰", "李四海", "张小明"], ["张某某1", "李某某1", "张某某2"]),
        ("欧阳明月、欧阳明月", ["欧阳明月"], ["欧阳某某1", "欧阳某某1"]),
    ],
)
def test_pseudonyms(text: str, pieces: list[str], expected: list[str]) -> None:
    assert shown(text, *(("NAME", p) for p in pieces), style=Style("pseudonym")) == expected


def test_pseudonyms_of_numbers_are_keyed_by_kind_and_value() -> None:
    text = "卡号62170001，工号62170001，卡号6217 0001，卡号62170002"
    findings = [Finding(Span(*m.span()), "BANK", 0.9, "test") for m in re.finditer(r"6217 ?\d{4}", text)]
    findings[1] = Finding(findings[1].span, "EDU", 0.9, "test")
    names = [f.replacement for f in hidden(findings, text, RULES, Style("pseudonym"))]
    assert names == ["〔银行账号1〕", "〔学籍号1〕", "〔银行账号1〕", "〔银行账号2〕"]


def test_a_mobile_is_the_same_with_its_country_code() -> None:
    text = "13812341234，+86 138 1234 1234，0086-13812341234"
    pieces = [("PHONE_MOBILE", value) for value in ("+86 138 1234 1234", "0086-13812341234")]
    findings = [*found(text, *pieces), Finding(Span(0, 11), "PHONE_MOBILE", 0.9, "test")]
    names = {f.replacement for f in hidden(findings, text, RULES, Style("pseudonym", b"k" * 16))}
    assert len(names) == 1


def test_a_key_makes_pseudonyms_the_same_over_a_batch() -> None:
    one, two, other = (Style("pseudonym", key) for key in (b"k" * 16, b"k" * 16, b"other" * 4))
    pieces = (("NAME", "张三丰"), ("NAME", "张小明"))
    first, second = shown("张三丰与张小明", *pieces, style=one), shown("张小明，张三丰", *pieces, style=two)
    assert first == second[::-1]
    assert len({*first, *shown("张三丰与张小明", *pieces, style=other)}) == 4
    assert all(re.fullmatch("张某某[A-Z]{8}", name) for name in first)
    assert code(b"k", "NAME", "甲") != code(b"k", "REPORTER", "甲") != code(b"k", "NAME", "乙")


def test_a_key_is_not_shown() -> None:
    assert "secret" not in repr(Style("pseudonym", b"secret"))


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("柳林镇的柳林住柳林镇石桥村6组", [("NAME", "柳林"), ("ADDR_HOME", "柳林镇石桥村6组")]),
        (
            "邮箱a@13812345678.com，手机13812345678",
            [("EMAIL", "a@13812345678.com"), ("PHONE_MOBILE", "13812345678")],
        ),
        ("张某和张三", [("NAME", "张某"), ("NAME", "张三")]),
    ],
)
def test_no_replacement_holds_a_hidden_value(text: str, pieces: list[tuple[str, str]]) -> None:
    written = shown(text, *pieces)
    assert not [(value, w) for _, value in pieces for w in written if value in w]


NAMES = st.lists(st.text("张王李一二三明华", min_size=2, max_size=3), min_size=1, max_size=8, unique=True)


@given(NAMES, st.sampled_from(["", "pseudonym", "strict"]), st.sampled_from([b"", b"0123456789abcdef"]))
def test_whatever_the_names_none_stands_in_a_replacement(names: list[str], style: str, key: bytes) -> None:
    text = "、".join(names)
    at, findings = 0, []
    for name in names:
        findings.append(Finding(Span(at, at + len(name)), "NAME", 0.9, "test"))
        at += len(name) + 1
    written = [f.replacement for f in hidden(findings, text, RULES, Style(style, key))]
    assert not [(name, w) for name in names for w in written if name in w]
    if style == "pseudonym":
        assert len(set(written)) == len(names)


def test_what_stays_has_no_replacement() -> None:
    kept = found("张三丰", ("NAME", "张三丰"), action=Action.keep)
    assert hidden(kept, "张三丰", RULES) == tuple(kept)


@pytest.mark.parametrize(
    ("style", "kind", "mask"),
    [
        ("", "NAME", "surname"),
        ("pseudonym", "NAME", "pseudonym"),
        ("strict", "ADDR_HOME", "all"),
        ("bands", "FIN", "band"),
        ("bands", "NAME", "surname"),
        ("default", "NAME", "surname"),
    ],
)
def test_styles(style: str, kind: str, mask: str) -> None:
    assert Style(style).way(kind, RULES).mask == mask


def test_every_way_of_the_tables_has_a_term_and_a_basis() -> None:
    assert set(TERMS) == set(MASKS)
    assert all(way.basis and way.style for row in RULES.personal for way in row.way)
    assert all(row.under("").basis for row in RULES.personal)


ROW = '[[type]]\nid = "NAME"\nname = "姓名"\nclass = "direct"\nbasis = "法"\nexception = ""\n'


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ('mask = "surnam"\nhead = 0\ntail = 0\n', "mask 应当是"),
        ('mask = "ends"\nhead = -1\ntail = 0\n', "不能是负数"),
        ('mask = "ends"\nhead = 0\ntail = 0\nway = [{ style = "x", mask = "y" }]\n', "mask 应当是"),
        ('mask = "ends"\nhead = 0\ntail = 0\nway = [{ mask = "all" }]\n', "缺少 style"),
    ],
)
def test_a_wrong_row_is_named(tmp_path, cells: str, message: str) -> None:
    (tmp_path / "personal.toml").write_text(ROW + cells, "utf-8")
    with pytest.raises(RulebookError, match=message):
        read_rows(tmp_path, "personal.toml", "type", PersonalType)
