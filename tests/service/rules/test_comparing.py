"""Two versions row by row, and what changed rows touch."""

from __future__ import annotations

from functools import cache

import pytest

from gongkai.service.rules.comparing import Cell, changes, lines, only_layout, touched
from gongkai.service.rules.effects import touched as told_by_results
from gongkai.service.rules.effects import untold
from gongkai.service.rules.memory import shipped
from gongkai.service.rules.rows import added, removed, row_of
from gongkai.service.rules.searching import search


@cache
def base():
    return shipped()


def test_nothing_differs():
    assert changes(base(), base()) == ()


def test_changed_added_removed():
    law = base()["law.toml"].replace("weight = 0.6", "weight = 0.7", 1)
    drafts = removed(base()["drafts.toml"], row_of(base()["drafts.toml"], "draft", "讨论稿"))
    deadlines = added(base()["deadlines.toml"], "deadline", {"code": "D99", "name": "九十九日"})
    found = changes(base(), base() | {"law.toml": law, "drafts.toml": drafts, "deadlines.toml": deadlines})
    assert [(one.file, one.key, one.kind) for one in found] == [
        ("deadlines.toml", "D99", "added"),
        ("drafts.toml", "讨论稿", "removed"),
        ("law.toml", "annotated-proactive", "changed"),
    ]
    assert found[2].cells == (Cell("weight", "0.6", "0.7"),)
    assert touched(found, "law.toml") == {"annotated-proactive"}


def test_comments_do_not_count():
    after = base() | {"law.toml": "# 新的说明\n" + base()["law.toml"]}
    assert changes(base(), after) == ()
    assert only_layout(base(), after) == ("law.toml",)


def test_the_order_of_rows_counts():
    row = row_of(base()["genres.toml"], "genre", "解读")
    moved = removed(base()["genres.toml"], row) + "\n" + row.text
    assert [(one.kind, one.key) for one in changes(base(), base() | {"genres.toml": moved})] == [("order", "")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("1", "2", (("-", "1"), ("+", "2"))),
        ("", "2", (("+", "2"),)),
        ("[\na,\nb,\nc,\nd,\ne,\n]", "[\na,\nb,\nc,\nd,\nf,\n]", (("-", "e,"), ("+", "f,"))),
    ],
)
def test_lines(before, after, expected):
    assert lines(Cell("x", before, after)) == expected


def test_what_earlier_results_tell():
    after = dict(base())
    after["negative.toml"] = after["negative.toml"].replace("weight = 0.97", "weight = 0.96", 1)
    after["reasons.toml"] = after["reasons.toml"].replace('name = "属于国家秘密"', 'name = "国家秘密"', 1)
    after["law.toml"] = after["law.toml"].replace("weight = 0.6", "weight = 0.7", 1)
    found = changes(base(), after)
    figures = {"clause": {"NL-01": 3}, "reason": {"W-141": 5, "W-142": 9}, "category": {}}
    assert [(one.key, one.documents) for one in told_by_results(found, figures)] == [("W-141", 5), ("NL-01", 3)]
    assert untold(found) == ("law.toml",)


@pytest.mark.parametrize(
    ("words", "keys"),
    [("NL-12", {"NL-12"}), ("nl-12", {"NL-12"}), ("惩戒公示 四十八条", {"E1"}), ("没有这样的话", set()), ("  ", set())],
)
def test_search(words, keys):
    assert {hit.row.key for hit in search(base(), words)} >= keys
    assert bool(search(base(), words)) == bool(keys)


def test_what_was_found_is_shown():
    hit = next(hit for hit in search(base(), "惩戒公示") if hit.row.key == "E1")
    assert (hit.column, hit.before, hit.found, hit.after) == ("名称", "", "惩戒公示", "")
    assert len(search(base(), "条", most=3)) == 3
