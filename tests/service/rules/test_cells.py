"""Rows as forms: unchanged forms change nothing, changed ones only what was changed."""

from __future__ import annotations

from functools import cache

import pytest

from gongkai.service.rules.cells import given, shown, words
from gongkai.service.rules.columns import column_name, columns, tables
from gongkai.service.rules.memory import ROWS, shipped
from gongkai.service.rules.rows import row_of, rows


@cache
def base():
    return shipped()


def form_of(file, row):
    """What a browser sends for a row's form."""
    form = {}
    for column in columns(file):
        value = shown(column, row.values.get(column.key))
        if column.kind == "rows":
            form |= {f"{column.key}.{i}.{key}": cell for i, part in enumerate(value) for key, cell in part.items()}
        elif column.kind != "check":
            form[column.key] = value
        elif value:
            form[column.key] = "on"
    return form | {f"words.{name}": value for name, value in words(row.values).items()}


@pytest.mark.parametrize("file", sorted(ROWS))
def test_an_untouched_form_changes_nothing(file):
    for row in rows(base()[file], ROWS[file][0]):
        assert given(file, form_of(file, row), row.values) == {}, row.key


@pytest.mark.parametrize(
    ("file", "key", "told", "expected"),
    [
        ("reasons.toml", "W-141", {"text": " 新的说明 "}, {("text",): "新的说明"}),
        ("reasons.toml", "W-141", {"annual_report_cell": ""}, {("annual_report_cell",): None}),
        ("reasons.toml", "W-141", {"basis": ""}, {("basis",): ""}),
        ("deadlines.toml", "D20", {"count": "30"}, {("count",): 30}),
        ("deadlines.toml", "D20", {"count": "三十"}, {("count",): "三十"}),
        ("profile.toml", "default", {"coverage": "0.9"}, {("coverage",): 0.9}),
        (
            "profile.toml",
            "default",
            {"phones": "0570-5550123\r\n 12345 \n\n"},
            {("phones",): ["0570-5550123", "12345"]},
        ),
        ("profile.toml", "default", {"may": "NL-12 = on_request"}, {("may",): {"NL-12": "on_request"}}),
        ("profile.toml", "default", {"may": "NL-12 人事管理＝依申请公开"}, {("may",): {"NL-12": "on_request"}}),
        ("profile.toml", "default", {"demands": "listed = 提示"}, {("demands",): {"listed": "remark"}}),
        ("sensitive.toml", "disease", {"words.病名": "癌\n瘤"}, {("words", "病名"): ["癌", "瘤"]}),
        ("law.toml", "annotated-proactive", {"no_body": "样稿"}, {("no_body",): "样稿"}),
        ("disclosure.toml", "informant", {"elsewhere": ""}, {("elsewhere",): None}),
        ("disclosure.toml", "private-age", {"elsewhere": "doubted"}, {("elsewhere",): "doubted"}),
        ("disclosure.toml", "applicant-signer", {"firm": "on"}, {("firm",): True}),
        ("disclosure.toml", "informant", {"counts_as": ""}, {("counts_as",): None}),
    ],
)
def test_given(file, key, told, expected):
    row = row_of(base()[file], ROWS[file][0], key)
    assert given(file, form_of(file, row) | told, row.values) == expected


def test_rows_within_a_row_come_and_go():
    row = row_of(base()["negative.toml"], "clause", "NL-01")
    form = form_of("negative.toml", row)
    count = len(row.values["signals"])
    form |= {f"signals.{count}.where": "body", f"signals.{count}.weight": "0.5", f"signals.{count}.pattern": "内部资料"}
    form |= {"signals.0.pattern": "", "signals.0.weight": ""}
    new = {"where": "body", "weight": 0.5, "pattern": "内部资料"}
    assert given("negative.toml", form, row.values) == {("signals",): [*row.values["signals"][1:], new]}


def test_a_box_that_is_not_ticked():
    row = row_of(base()["sensitive.toml"], "cue", "disease")
    form = form_of("sensitive.toml", row)
    del form["person"]
    assert given("sensitive.toml", form, row.values) == {("person",): False}


@pytest.mark.parametrize("box", ["firm", "together"])
def test_what_a_row_says_of_other_places_can_be_taken_back(box):
    row = row_of(base()["disclosure.toml"], "role", "informant")
    form = form_of("disclosure.toml", row)
    del form[box]
    assert given("disclosure.toml", form, row.values) == {(box,): False}


def test_a_new_row_has_what_was_filled_in():
    form = {"code": "D9", "name": "九日", "basis": "", "count": "9", "unit": "day"}
    told = {("code",): "D9", ("name",): "九日", ("basis",): "", ("count",): 9, ("unit",): "day"}
    assert given("deadlines.toml", form, {}) == told


def test_every_table_and_column_has_a_chinese_name():
    assert set(tables()) == set(ROWS)
    for file in ROWS:
        for column in columns(file):
            for one in (column, *column.columns):
                assert not one.name.isascii(), (file, one.key)
    assert column_name("negative.toml", "title") != column_name("law.toml", "title")
