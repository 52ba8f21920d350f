"""Plain text and tables keep encoding, line ends and quotes; nothing but the edits changes."""

from __future__ import annotations

import codecs
import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.document import Span
from gongkai.model.errors import CorruptDocument
from gongkai.service.limits import Limits
from gongkai.service.rewriting.plain import open_csv, open_markdown, open_plain
from gongkai.service.rewriting.plainremains import remains_markdown, remains_plain
from gongkai.service.rewriting.slots import Edit

LIMITS = Limits()
ENCODED = [
    ("utf-8", b""),
    ("utf-8", codecs.BOM_UTF8),
    ("gb18030", b""),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
]
TEXT = "申请人：赵一鸣\r\n电话：13812345678\n住址：青禾县\r青禾路\n\n"


def replaced(opened, old: str, new: str) -> bytes:
    edits = {
        index: [Edit(Span(at, at + len(old)), new)]
        for index, slot in enumerate(opened.slots)
        if (at := slot.text.find(old)) >= 0
    }
    return opened.rewrite(edits).data


@pytest.mark.parametrize(("codec", "mark"), ENCODED)
def test_encoding_and_line_ends_stay(codec: str, mark: bytes) -> None:
    opened = open_plain(mark + TEXT.encode(codec), LIMITS)
    assert [slot.text for slot in opened.slots] == ["申请人：赵一鸣", "电话：13812345678", "住址：青禾县", "青禾路", ""]
    assert opened.rewrite({}).data == mark + TEXT.encode(codec)
    assert replaced(opened, "赵一鸣", "赵某某") == mark + TEXT.replace("赵一鸣", "赵某某").encode(codec)


@pytest.mark.parametrize(
    ("table", "cells", "old", "new", "expected"),
    [
        ("姓名,电话\r\n赵一鸣,138\r\n", "姓名\t电话\n赵一鸣\t138\n", "赵一鸣", "赵某", "姓名,电话\r\n赵某,138\r\n"),
        ('甲,"赵一鸣"\n', "甲\t赵一鸣\n", "赵一鸣", "赵某", '甲,"赵某"\n'),
        ('甲,"他说""赵一鸣"""\n', '甲\t他说"赵一鸣"\n', "赵一鸣", "赵某", '甲,"他说""赵某"""\n'),
        ('"甲\n乙,丙",赵一鸣', "甲 乙,丙\t赵一鸣\n", "赵一鸣", "赵,某", '"甲\n乙,丙","赵,某"'),
        ("=A1+B1,赵一鸣\n", "=A1+B1\t赵一鸣\n", "赵一鸣", "赵某", "=A1+B1,赵某\n"),
        ('甲,"赵一\n鸣"\n', "甲\t赵一 鸣\n", "赵一 鸣", "赵某", '甲,"赵某"\n'),
        ('甲,"赵一鸣\r\n乙"\n', "甲\t赵一鸣  乙\n", "赵一鸣", "赵某", '甲,"赵某\r\n乙"\n'),
        ("甲,3.30199199003075E+17\n", "甲\t330199199003075000\n", "0199199003075", "*", "甲,33*000\n"),
        ("甲;赵一鸣;乙\n", "甲\t赵一鸣\t乙\n", "赵一鸣", "赵某", "甲;赵某;乙\n"),
        ("甲\t赵一鸣\n", "甲\t赵一鸣\n", "赵一鸣", "赵某", "甲\t赵某\n"),
        ('"不成对,赵一鸣\n', '"不成对\t赵一鸣\n', "赵一鸣", "赵某", '"不成对,赵某\n'),
        ("赵一鸣,,\n,,\n", "赵一鸣\t\t\n\t\t\n", "赵一鸣", "", ",,\n,,\n"),
        ('甲,"赵一鸣"x,乙\n', '甲\t"赵一鸣"x\t乙\n', "赵一鸣", "赵某", '甲,"""赵某""x",乙\n'),
    ],
)
def test_cells(table: str, cells: str, old: str, new: str, expected: str) -> None:
    opened = open_csv(table.encode(), LIMITS)
    assert "".join(slot.text + slot.after for slot in opened.slots) == cells
    assert opened.rewrite({}).data.decode() == table
    assert replaced(opened, old, new).decode() == expected


@given(st.lists(st.lists(st.text("甲,;\"'=\n\t x1", max_size=6), min_size=1, max_size=4), min_size=1, max_size=4))
def test_whatever_stands_in_a_table_is_read_as_a_program_reads_it(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    opened = open_csv(written.getvalue().encode(), LIMITS)
    assert opened.rewrite({}).data.decode() == written.getvalue()
    assert opened.separator != "," or [slot.text for slot in opened.slots] == [
        cell.replace("\n", " ") for row in rows for cell in row
    ]


@pytest.mark.parametrize(
    ("line", "old", "expected"),
    [
        ("电话138**1234**5678。", "13812345678", "电话*。"),
        ("电话138*1234*5678。", "13812345678", "电话*。"),
        (r"电话138\-1234\-5678。", "138-1234-5678", "电话*。"),
        ("电话138<b>1234</b>5678。", "13812345678", "电话*<b></b>。"),
        ("电话138<!-- x -->12345678。", "13812345678", "电话*<!-- x -->。"),
        ("电话1&#51;8`1234`~~5678~~。", "13812345678", "电话*。"),
        (r'{"name": "\u8d75\u4e00\u9e23"}', "赵一鸣", '{"name": "*"}'),
        ("赵**一鸣**、**赵一鸣**", "赵一鸣", "*、**赵一鸣**"),
        ("**赵**一鸣，**乙**丙", "赵一鸣", "*，**乙**丙"),
        (r"a\_b@example.com", "a_b@example.com", "*"),
        ("|甲|330199<br/>199003070011|", "330199 199003070011", "|甲|*|"),
        ("|甲|1.3812345678E+10|", "13812345678", "|甲|*|"),
        ("138****5678、<tel:13812345678>", "13812345678", "138****5678、<tel:*>"),
    ],
)
def test_marks_inside_a_value_are_not_read_and_go_with_it(line: str, old: str, expected: str) -> None:
    assert any(old.replace(" ", "") in text for _, text in remains_markdown(line.encode(), LIMITS))
    opened = open_markdown(f"甲\n{line}\n".encode(), LIMITS)
    assert opened.rewrite({}).data.decode() == f"甲\n{line}\n"
    assert replaced(opened, old, "*").decode() == f"甲\n{expected}\n"


def test_a_number_with_an_exponent_is_read_by_its_digits() -> None:
    text = "赵一鸣手机1.3812345678E+10，**乙**丙\r\n"
    opened = open_plain(text.encode(), LIMITS)
    assert [slot.text for slot in opened.slots] == ["赵一鸣手机13812345678，**乙**丙"]
    assert opened.rewrite({}).data.decode() == text
    assert replaced(opened, "13812345678", "*").decode() == "赵一鸣手机*，**乙**丙\r\n"


def test_a_line_with_thousands_of_changes_takes_no_longer_than_they_are_many() -> None:
    line, start = "赵**一鸣**、" * 5_000, time.process_time()
    opened = open_markdown(line.encode(), LIMITS)
    edits = {0: [Edit(Span(at * 4, at * 4 + 3), "某") for at in range(5_000)]}
    assert opened.rewrite(edits).data.decode() == "某、" * 5_000
    assert time.process_time() - start < 10


def test_data_inside_a_text_is_emptied_or_named() -> None:
    picture = "data:image/png;base64," + "iVBORw0KGgo" * 9 + "="
    text = f"赵一鸣\r\n![证件]({picture}) 乙\r\n"
    opened = open_plain(text.encode(), LIMITS)
    assert [slot.text for slot in opened.slots] == ["赵一鸣", "![证件](", ") 乙"]
    assert opened.rewrite({}).data.decode() == text.replace(picture, "data:,")
    assert opened.rewrite({}).dropped == ("文中内嵌的图片等数据1项已清空",)
    kept = open_plain(text.encode(), LIMITS, pictures="keep").rewrite({})
    assert (kept.data.decode(), kept.by_eye) == (text, ("文中内嵌的图片等数据1项原样保留，请人工查看",))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_comes_back(text: str) -> None:
    for opener in (open_plain, open_csv, open_markdown):
        assert opener(b"\xef\xbb\xbf" + text.encode(), LIMITS).rewrite({}).data == b"\xef\xbb\xbf" + text.encode()


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"\xef\xbb\xbf\xff", b"\x81\xff\x81\xff" * 9])
def test_damaged(data: bytes) -> None:
    with pytest.raises(CorruptDocument):
        open_plain(data, LIMITS)


@pytest.mark.parametrize(("codec", "mark"), ENCODED)
def test_what_remains_is_found_in_every_encoding(codec: str, mark: bytes) -> None:
    data = mark + TEXT.encode(codec)
    assert any("赵一鸣" in text for _, text in remains_plain(data, LIMITS))
