"""Rows as pieces of text: what is not meant stays byte for byte."""

from __future__ import annotations

import tomllib

import pytest

from gongkai.model.errors import RequestError
from gongkai.service.rules.memory import ROWS, shipped
from gongkai.service.rules.rows import added, changed, check_key, line_of, removed, row_of, rows
from gongkai.service.rules.writing import written

TEXT = """# 头一行说明

# 关于甲
[[cue]]
id = "甲"
# 留着的注释
pattern = '一\\d'  # 尾注
list = [
  "x",  # 内注
]
[cue.words]
"病名" = ["癌"]

[[cue]]
id = "乙"
pattern = "二"
"""


def test_rows():
    found = rows(TEXT, "cue")
    assert [(row.key, row.line, row.place) for row in found] == [("甲", 4, 1), ("乙", 14, 2)]
    assert found[0].values == {"id": "甲", "pattern": "一\\d", "list": ["x"], "words": {"病名": ["癌"]}}


@pytest.mark.parametrize(("column", "line"), [("pattern", 7), ("list", 8), ("病名", 12), ("没有", 4)])
def test_line_of(column, line):
    assert line_of(rows(TEXT, "cue")[0], column) == line


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({("pattern",): "三"}, "pattern = '一\\d'  # 尾注\n", 'pattern = "三"\n'),
        ({("words", "病名"): ["癌", "瘤"]}, '"病名" = ["癌"]\n', '"病名" = ["癌", "瘤"]\n'),
        ({("words", "部位"): "头"}, '"病名" = ["癌"]\n', '"病名" = ["癌"]\n"部位" = "头"\n'),
        ({("list",): None}, 'list = [\n  "x",  # 内注\n]\n', ""),
        ({("why",): "因为"}, '  "x",  # 内注\n]\n', '  "x",  # 内注\n]\nwhy = "因为"\n'),
    ],
)
def test_changed(changes, old, new):
    assert changed(TEXT, rows(TEXT, "cue")[0], changes) == TEXT.replace(old, new)


def test_the_last_line_needs_no_end():
    text = '[[t]]\nid = "甲"'
    assert changed(text, rows(text, "t")[0], {("why",): "乙"}) == '[[t]]\nid = "甲"\nwhy = "乙"\n'


def test_added():
    assert rows(added(TEXT, "cue", {"id": "丙", "pattern": "\\d"}), "cue")[2].values == {"id": "丙", "pattern": "\\d"}


def test_removed():
    assert removed(TEXT, rows(TEXT, "cue")[1]) == TEXT[: TEXT.index('\n[[cue]]\nid = "乙"')] + "\n"
    first = removed(TEXT, rows(TEXT, "cue")[0])
    assert [row.key for row in rows(first, "cue")] == ["乙"]
    assert first.startswith("# 头一行说明\n")


@pytest.mark.parametrize(("key", "why"), [("", "要有代码"), ("甲", "已经有了")])
def test_a_new_row_needs_a_key_of_its_own(key, why):
    with pytest.raises(RequestError, match=why):
        check_key(TEXT, "cue", key)


@pytest.mark.parametrize("file", sorted(ROWS))
def test_every_cell_that_ships_can_be_written_anew(file):
    text, table = shipped()[file], ROWS[file][0]
    for row in rows(text, table):
        anew = changed(text, row, {(key,): value for key, value in row.values.items() if key != "words"})
        assert row_of(anew, table, row.key).values == row.values


@pytest.mark.parametrize(
    "value",
    ["", "甲", 'a"b', "a\\d", "a'b\\d", "甲\n乙", "\x00\x7f\t", True, 3, 0.25, [], ["甲"], {"a": "b", "病 名": 1}]
    + [[{"where": "body", "weight": 0.5, "pattern": "x'\"\\d"}], ["很长" * 40, "乙"]],
)
def test_written(value):
    assert tomllib.loads(f"v = {written(value)}")["v"] == value
