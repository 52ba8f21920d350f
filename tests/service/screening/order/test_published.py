"""Lists of papers in every format, and what stands in them."""

from __future__ import annotations

import json

import openpyxl
import pytest
from outlined import outline

from gongkai.model.errors import RequestError
from gongkai.service.screening.order.published import NOTHING, Entry, listing, match

TITLE, NUMBER = "青禾县人民政府关于做好节约用水工作的通知", "青政发〔2020〕7号"
KEY = "青禾县人民政府关于做好节约用水工作通知"
WHOLE = Entry(TITLE, NUMBER, "proactive", "2020-05-06")


def sheet(path, *rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.csv", f"标题,发文字号,公开属性,发布日期\n{TITLE},{NUMBER},主动公开,2020-05-06\n".encode("gb18030"), WHOLE),
        ("a.csv", f"\ufeff序号,文号,名称\n1,{NUMBER},《{TITLE}》\n".encode(), Entry(TITLE, NUMBER)),
        ("a.csv", f'"{TITLE}",{NUMBER}\n'.encode(), Entry(TITLE, NUMBER)),
        ("a.txt", f"{TITLE}\n".encode(), Entry(TITLE)),
        ("a.txt", f"{TITLE}（{NUMBER}）\n\n".encode(), Entry(TITLE, NUMBER)),
        ("a.txt", f"{NUMBER}\n".encode(), Entry("", NUMBER)),
        (
            "a.jsonl",
            json.dumps({"title": TITLE, "number": NUMBER, "attribute": "主动公开", "issued": "2020-05-06"}).encode(),
            WHOLE,
        ),
        ("a.jsonl", json.dumps({"标题": TITLE, "文号": None}).encode(), Entry(TITLE)),
    ],
)
def test_listing(tmp_path, name, data, expected):
    (tmp_path / name).write_bytes(data)
    found = listing(tmp_path / name)
    assert found.numbers == ({"青政发-2020-7号": expected} if expected.number else {})
    assert found.titles == ({KEY: (expected,)} if expected.title else {})


def test_a_workbook(tmp_path):
    sheet(tmp_path / "a.xlsx", ["已公开文件"], ["序号", "标题", "文号", "公开属性", "成文日期"], [1, *vars_of(WHOLE)])
    assert listing(tmp_path / "a.xlsx").numbers == {"青政发-2020-7号": WHOLE}


def vars_of(entry):
    return entry.title, entry.number, "主动公开", entry.issued


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.csv", None, "清单 a.csv 读不出来：文件不存在或者没有读取权限，请检查路径。"),
        ("a.csv", "序号,备注\n1,无\n".encode(), "清单 a.csv 里没有找到标题或者文号，请检查列名（标题、文号）。"),
        ("a.jsonl", b'{"title": "x"}\n[1]\n', "清单 a.jsonl 读不出来：第 2 行不是 JSON 对象，请改正。"),
        ("a.xlsx", b"PK\x03\x04 cut", "清单 a.xlsx 读不出来：文件已损坏"),
        ("a.csv", "标题\n".encode() + b"x" * 200_000, "清单 a.csv 读不出来：有的单元格过长"),
    ],
)
def test_a_list_that_is_none(tmp_path, name, data, message):
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(RequestError) as caught:
        listing(tmp_path / name)
    assert caught.value.message.startswith(message)


def test_no_list_is_an_empty_one():
    assert listing(None) is NOTHING


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"title": "别的题目", "number": "青政发[2020]07号"}, NUMBER),
        ({"title": TITLE}, TITLE),
        ({"title": TITLE, "number": "青政发〔2020〕8号"}, ""),
        ({"title": TITLE, "issued": "2016-05-01"}, ""),
        ({"title": TITLE, "issued": "2021-01-04"}, TITLE),
        ({"title": "", "number": NUMBER, "handling": "stop_classified"}, ""),
        ({"title": "通知"}, ""),
    ],
)
def test_match(tmp_path, known, expected):
    (tmp_path / "a.csv").write_text(f"标题,文号,发布日期\n{TITLE},{NUMBER},2020-05-06\n通知,,\n", "utf-8")
    assert match(listing(tmp_path / "a.csv"), outline(**known)) == expected
