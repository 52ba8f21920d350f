"""A site's listing against the catalog: misfiled papers, columns that no item names."""

from __future__ import annotations

import io

import openpyxl
import pytest

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.catalog.listing import Entry, category_of, columns_of, filed, read_listing

RULES = Rulebook.load()
LINES = [
    ["栏目", "标题", "发布日期"],
    ["政策文件", "青禾县征收土地预公告（第三批次）", "2024-05-01"],
    ["征地信息", "青禾县2024年征收土地公告", "2024-05-02"],
    ["人事信息", "青禾县自然资源局2024年部门预算", "2024-01-01"],
    ["热点专题", "植树节活动", ""],
    ["", "没有栏目的一行", ""],
]


def csv(lines=LINES):
    return "\n".join(",".join(line) for line in lines).encode("utf-8-sig")


def xlsx():
    book = openpyxl.Workbook()
    book.active.append(["青禾县人民政府网站信息清单"])
    for line in LINES:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("name", "data", "first"), [("清单.csv", csv(), 2), ("清单.xlsx", xlsx(), 3)])
def test_a_listing_is_read(name, data, first) -> None:
    entries = read_listing(name, data)
    assert [one.row for one in entries] == [first, first + 1, first + 2, first + 3]
    assert entries[0] == Entry(first, "政策文件", "青禾县征收土地预公告（第三批次）", "2024-05-01")


def test_misfiled_papers_are_told_with_their_columns() -> None:
    found = filed(read_listing("清单.csv", csv()), RULES)
    assert [(one.entry.column, one.category.code, one.columns[0]) for one in found.misfiled] == [
        ("政策文件", "N0201", "征地信息"),
        ("人事信息", "G0701", "财政预决算"),
    ]
    assert found.unknown == ("热点专题",)
    assert found.told == 3
    assert "N0207" not in found.empty and "N0401" in found.empty


def test_what_is_known_already_goes_before_what_a_title_says() -> None:
    entry = Entry(1, "征地信息", "关于石桥村有关事项的公告")
    assert category_of(entry.title, RULES, {}) is None
    known = {"关于石桥村有关事项的公告": "N0403"}
    assert [one.category.code for one in filed((entry,), RULES, known).misfiled] == ["N0403"]


def test_every_item_maps_to_a_column() -> None:
    rest = {"G99"}
    assert [row.code for row in RULES.categories if not row.site and row.code not in rest] == []
    assert "N0205" in columns_of(RULES)["征地信息"]


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("清单.csv", csv([["标题"], ["一"]]), "“栏目”和“标题”"),
        ("清单.txt", b"x", ".xlsx"),
        ("清单.xlsx", b"x", "已损坏"),
    ],
)
def test_what_is_no_listing_is_explained(name, data, words) -> None:
    with pytest.raises(RequestError, match=words):
        read_listing(name, data)
