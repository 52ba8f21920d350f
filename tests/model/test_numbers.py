"""Numbers that name a person, marked in the text; look-alikes stay unmarked."""

from __future__ import annotations

import re
import time

import pytest

from gongkai.model.checkdigits import credit_check, id_check, luhn
from gongkai.model.document import Document
from gongkai.model.grid import table_cells, table_rows
from gongkai.model.numbers import numbers

MARK = re.compile(r"⟦([A-Z_]+)\|([^⟧]*)⟧")
LONG = 200_000


def found(text: str) -> set[tuple[str, str]]:
    document = Document("", text)
    return {(f.kind, f.span.of(text)) for f in numbers(document, table_cells(table_rows(document)))}


@pytest.mark.parametrize(
    "marked",
    [
        "身份证号⟦ID_CARD|110101199003074610⟧，男",
        "公民身份号码：⟦ID_CARD|110101 19900307 4610⟧。",
        "身份证⟦ID_CARD|１１０１０１１９９００３０７４６１０⟧",
        "身份证号⟦ID_CARD|11O1O1 l99OO3O7 461O⟧",
        "公民身份号码⟦ID_CARD|1101011990030\n74610⟧，住",
        "身份证 ⟦ID_CARD|110101199003074619⟧（末位有误）",
        "旧证⟦ID_CARD|110101900307461⟧",
        "残疾人证号⟦ID_CARD|11010119900307461044⟧，肢体四级",
        "手机⟦PHONE_MOBILE|13812345678⟧，",
        "电话⟦PHONE_MOBILE|138 1234 5678⟧",
        "电话⟦PHONE_MOBILE|138-1234-5678⟧；",
        "拨⟦PHONE_MOBILE|139-\n7731-7808⟧，",
        "电话⟦PHONE_MOBILE|l38 l234 567O⟧",
        "手机⟦PHONE_MOBILE|＋86 138 1234 5678⟧",
        "手机⟦PHONE_MOBILE|一三八一二三四五六七八⟧一直关机",
        "手机 ⟦PHONE_MOBILE|+852 9123 4567⟧",
        "手机 ⟦PHONE_MOBILE|+853 6612 3456⟧",
        "手机 ⟦PHONE_MOBILE|0912-345-678⟧",
        "香港居民，电话⟦PHONE_MOBILE|9123 4567⟧",
        "境外⟦PHONE_MOBILE|+44 7700 900 318⟧",
        "电话：⟦PHONE_FIX|0951-3862975⟧",
        "电话（⟦PHONE_FIX|010-66012345转802⟧）",
        "卡号⟦BANK|6217 0045 5071 2435 944⟧",
        "户名甲，账号：⟦BANK|6230594502237132⟧",
        "护照⟦PASSPORT|E78405781⟧",
        "护照⟦PASSPORT|B88 412O3⟧，",
        "转业证⟦MIL_ID|（八九）转字0632⟧。",
        "医保编号 ⟦SSN|5001-0342 7709 1160⟧",
        "号牌⟦PLATE|辽D·Y4WDN⟧，",
        "车牌⟦PLATE|粤BD12345⟧",
        "微信⟦WECHAT|lanzhi780207⟧，",
        "微信联系比较快：⟦WECHAT|haruka-shuiku⟧",
        "邮箱⟦EMAIL|li.hua@qq.com⟧，",
        "准考证号⟦EDU|1920070031⟧",
    ],
)
def test_a_number_is_found_whole(marked: str) -> None:
    text = MARK.sub(r"\2", marked)
    expected = {(kind, piece) for kind, piece in MARK.findall(marked)}
    assert expected == found(text)


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码91370100MA3C1X2Y3X",
        "信用代码：113701050042115648",
        "案号（2021）鲁0102民初13812号",
        "项目编号13812345678",
        "合同编号：13900001111",
        "运单号 13812345678901",
        "执法证号14092100417",
        "卡片编号：18602310045、18602310046、13800021107",
        "东经117.120000，北纬36.651216",
        "合计13,812,345.67元",
        "图斑370112199003074610",
        "任务号SJ20220902",
        "2024年6月1日至2024年6月30日",
    ],
)
def test_a_look_alike_stays(text: str) -> None:
    assert found(text) == set()


def test_a_number_does_not_run_into_the_next_cell() -> None:
    text = "姓名\t面积\t电话\n甲某\t15340\t154743\n乙某\t12\t13812345678\n"
    assert found(text) == {("PHONE_MOBILE", "13812345678")}


def test_any_line_end_parts_lines() -> None:
    text = "0\x0c姓名\t电话\r甲某\t13812345678\u2028完"
    assert ("PHONE_MOBILE", "13812345678") in found(text)


def test_the_column_decides_when_the_check_digit_is_wrong() -> None:
    text = "序号\t姓名\t身份证号\t卡号\n1\t甲某\t990101199013074619\t1234567890123\n"
    assert {("ID_CARD", "990101199013074619"), ("BANK", "1234567890123")} <= found(text)


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (id_check, "110101199003074610", "110101199003074611"),
        (luhn, "6222021234567890128", "6222021234567890123"),
        (credit_check, "91350100M000100Y43", "91350100M000100Y44"),
    ],
)
def test_check_digits(check, right, wrong) -> None:
    assert (check(right), check(wrong)) == (True, False)


@pytest.mark.parametrize("unit", ["1", "村", " ", "139", "1 ", "a.b@", "姓名|", "甲\t110101199003074610\t12\n"])
def test_long_texts_take_no_more_than_two_seconds(unit: str) -> None:
    document = Document("", (unit * LONG)[:LONG] + "。")
    begun = time.process_time()
    assert list(numbers(document, table_cells(table_rows(document)))) is not None
    assert time.process_time() - begun < 2
