"""What the columns of the worklist say of a record."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from backlogs import decision, digest, place, record

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.records import Pile, Place, Role
from gongkai.service.screening.results.entries import Entry, Joint, joined, joints, label
from gongkai.service.screening.results.worklist import (
    BY_KEY,
    COLUMNS,
    PRINTED,
    REVIEWERS,
    SECRET,
    choice,
    choices,
    chosen,
    values,
)
from gongkai.service.screening.store import FileRow

RULES = Rulebook.load()


def row(path="档案/1.docx", role=Role.main, **fields):
    return FileRow(path, role, "", "", digest(1), None, fields)


def entry(**changed):
    known = record(1, random.Random(1), **changed.pop("record", {}))
    return replace(Entry(place(known, 4, 1), known, (row(),)), **changed)


def test_headers_and_keys_are_unique_and_the_reviewers_columns_stand_together():
    assert len({c.header for c in COLUMNS}) == len(BY_KEY) == len(COLUMNS)
    assert [c.header for c in REVIEWERS] == ["决定", "理由", "目录", "适用整组", "审查人", "日期", "备注"]
    assert PRINTED[-7:] == REVIEWERS
    assert [c.header for c in COLUMNS if c.hidden] == ["记录编号", "组编号"]
    assert BY_KEY["decision"].values == ("主动公开", "依申请公开", "不予公开")


def test_what_a_reviewer_needs_fits_a_screen_of_1366_pixels():
    seen = COLUMNS[: COLUMNS.index(BY_KEY["decision"]) + 1]
    assert sum(c.width for c in seen) * 7 <= 1366 - 60


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("W-167 过程性信息：请示报告", "W-167"),
        ("W-WS 工作秘密", "W-WS"),
        (" G0102 行政规范性文件 ", "G0102"),
        ("G99", "G99"),
        ("会议已经讨论过", "会议已经讨论过"),
        ("2019年以前的", "2019年以前的"),
        ("WTO 事务", "WTO 事务"),
        ("", ""),
    ],
)
def test_a_choice_is_read_back_as_its_code(cell, code):
    assert chosen(cell) == code


def test_every_choice_is_read_back():
    offered = choices(RULES)
    assert [chosen(cell) for cell in offered["categories"]] == [c.code for c in RULES.categories]
    kept = [r.code for r in RULES.reasons if r.attribute in {*Attribute}]
    assert [chosen(cell) for cell in offered["reasons"]] == kept
    assert len(kept) < len(RULES.reasons)


def test_a_record_in_full():
    told = values(entry(), RULES)
    assert told["title"].startswith("青禾县民政局关于")
    assert told["rank"] == 4
    assert told["files"] == "档案/1.docx"
    assert told["catalog"] == "G0302 专项规划、区域规划"
    assert told["digest"] == digest(1)
    assert told["attribute"] == label(entry().record.attribute)
    assert told["why"].endswith("）")
    assert {"decision", "by", "group", "joined", "recorded"} & set(told) == set()


def test_a_secret_record_tells_its_path_and_nothing_else():
    secret = {"handling": "stop_classified", "title": "绝密的标题", "number": "青密〔2018〕1号"}
    files = (row(unit="某某处", attribute="主动公开"),)
    told = values(entry(record=secret, files=files, place=Place(digest(1), Pile.stop, 1, 0.0)), RULES)
    assert told == {
        "rank": 1, "title": "档案/1.docx", "remarks": SECRET, "handling": "疑似涉密，停止处理", "files": "档案/1.docx",
        "digest": digest(1),
    }  # fmt: skip


def test_what_fast_mode_did_not_look_for_is_not_told_as_nothing():
    known = entry().record
    told = values(entry(record={"result": known.result | {"notes": ["快速模式：没有查找。"]}, "quotes": ()}), RULES)
    assert (told["personal"], told["evidence"]) == ("没有查全", "快速模式不摘录")
    assert "快速模式" not in told.get("remarks", "")


@pytest.mark.parametrize(("fast", "expected"), [(False, 3), (True, "至少 3")])
def test_a_fast_screening_counts_the_least_there_can_be(fast, expected):
    known = record(4, random.Random(1))
    result = known.result | {"notes": ["快速模式：没有查找。"] if fast else []}
    assert values(entry(record={"result": result}), RULES)["personal"] == expected


def test_a_bundle_names_its_files_by_role():
    files = (row("a.docx"), row("b.xlsx", Role.attachment), row("c.docx", Role.request))
    assert values(entry(files=files), RULES)["files"] == "正文：a.docx\n附件：b.xlsx\n请示：c.docx"


def test_copies_are_told_as_such():
    files = tuple(replace(row(path), digest="sha256:1") for path in ("a.docx", "归档/a.docx"))
    assert values(entry(files=files), RULES)["files"] == "正文：a.docx\n相同的文件：归档/a.docx"


@pytest.mark.parametrize(("path", "name"), [("档/一.docx", "一.docx"), ("档/a.zip!b/二.doc", "二.doc")])
def test_without_a_title_the_file_is_named(path, name):
    assert values(entry(record={"title": ""}, files=(row(path),)), RULES)["title"] == f"（无标题）{name}"


def test_a_decision_comes_back_as_the_drop_downs_write_it():
    made = replace(decision(digest(1), 1), category="G0102")
    told = values(entry(decision=made), RULES)
    assert told["decision"] == "不予公开"
    assert told["reason"] == choice("W-167", RULES.reason["W-167"].name)
    assert told["category"] == "G0102 行政规范性文件"
    assert (told["by"], told["at"], told["note"]) == ("赵一鸣", date(2026, 3, 2), "=已核对")


def test_words_of_a_reviewers_own_come_back_as_they_are():
    made = replace(decision(digest(1)), reason="商请后决定", at="上周")
    told = values(entry(decision=made), RULES)
    assert (told["reason"], told["at"]) == ("商请后决定", "上周")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"joint": Joint(2, 5, 1, digest(1))}, "第2组共5件，可以一并决定：在“适用整组”选“是”，例外1件除外。"),
        ({"joint": Joint(2, 5, 0, digest(1))}, "第2组共5件，可以一并决定：在“适用整组”选“是”。"),
        ({"joint": Joint(2, 5, 0, digest(9))}, "第2组组员（1.docx）：随组长决定，也可以单独决定。"),
        ({"disputed": True}, "几位审查人意见不同，商定后再填（gongkai decisions conflicts 列出各人的意见）。"),
    ],
)
def test_remarks_begin_with_what_decides(changed, sentence):
    assert values(entry(**changed), RULES)["remarks"].split("\n")[0] == sentence


def test_remarks_tell_of_sources_publications_and_exceptions():
    known = Place(digest(1), Pile.decide, 1, 0.1, digest(9), "", True, digest(8), "公报2019年第3号", ("备考。",))
    told = values(entry(place=known, joint=Joint(1, 3, 1, digest(9)), source="国发〔2018〕1号（建议主动公开）"), RULES)
    assert told["remarks"].split("\n")[:4] == [
        "例外：建议或者命中条款与第1组多数不同，整组决定不包括本件，请单独决定。",
        "转发的是国发〔2018〕1号（建议主动公开）。",
        "公开清单中有：公报2019年第3号。",
        "备考。",
    ]
    assert told["group"] == "第1组 例外\n共3件"


def test_an_annotation_is_told_once_in_the_words_of_the_paper():
    ours, theirs = "文中标注为主动公开，与建议不一致，请核对。", "文中标注为“此件公开”，与建议不一致，请核对。"
    known = Place(digest(1), Pile.decide, 1, 0.1, remarks=(ours, "备考。"))
    for notes, expected in (([theirs], ["备考。", theirs]), ([], [ours, "备考。"])):
        result = entry().record.result | {"notes": notes}
        assert values(entry(record={"result": result}, place=known), RULES)["remarks"].split("\n") == expected


def test_groups_are_led_by_the_first_that_is_no_exception():
    def known(number, pile=Pile.decide, group="", series="", exception=False):
        return Place(digest(number), pile, number, 0.0, group, series, exception)

    placed = [
        known(1, Pile.stop, group="a"), known(2, group="a"), known(3, group="b", exception=True),
        known(4, group="b"), known(5, group="b"), known(6, group="c", series="s"), known(7, group="d", series="s"),
    ]  # fmt: skip
    assert [joined(p) for p in placed] == ["", "a", "b", "b", "b", "s", "s"]
    assert joints(placed) == {"b": Joint(1, 3, 1, digest(4)), "s": Joint(2, 2, 0, digest(6))}


def test_the_unit_is_the_registers_otherwise_the_issuer():
    assert entry(files=(row(unit="办公室"),)).unit == "办公室"
    assert entry().unit == entry().record.issuer
    assert values(entry(files=(row(attribute="不予公开"),)), RULES)["recorded"] == "不予公开"
