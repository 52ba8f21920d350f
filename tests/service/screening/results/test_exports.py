"""CSV, JSONL and the publish list."""

from __future__ import annotations

import csv
import json
import random
from dataclasses import replace

import openpyxl
import pytest
from backlogs import HOSTILE, decision, digest, filled, record

from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.records import PartTold, Pile, Place, Role
from gongkai.service.screening.results import outputs
from gongkai.service.screening.results.entries import Entry
from gongkai.service.screening.results.exports import HEADERS, safe
from gongkai.service.screening.results.publishing import (
    HEADS,
    Publishing,
    agreed,
    apart,
    masked,
    publishable,
    settled_by,
)

RULES = Rulebook.load()
FAST = "快速模式没有查姓名、住址等，公开前须用全面模式再查"
SECRET = {"handling": "stop_classified", "title": "", "number": "", "issuer": "", "issued": "", "quotes": ()}


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("backlog") / "out"
    with filled(folder, 120, decisions=10) as store:
        outputs.write(store, folder, "2026-03-05T10:20:30", rules=RULES)
    return folder


@pytest.fixture(scope="module")
def table(out):
    with (out / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def lines(out):
    return [json.loads(line) for line in (out / "results.jsonl").read_text("utf-8").splitlines()]


def entry(pile=Pile.confirm, attribute="proactive", made=None, disputed=False, **changed):
    place = Place(digest(1), pile, 1, 0.1, **{k: changed.pop(k) for k in ("exception", "published") if k in changed})
    return Entry(place, record(1, random.Random(1), attribute=attribute, **changed), (), made, disputed=disputed)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("=1+1", "'=1+1"), ("+86", "'+86"), ("-", "'-"), ("@a", "'@a"), ("\t=1", "' =1"), ("\x00=1", "'=1"),
        (" +1", "' +1"), ("通知", "通知"), (3, "3"),
    ],
)  # fmt: skip
def test_no_value_of_the_table_is_a_formula(value, written):
    assert safe(value) == written


def test_the_table_opens_in_chinese_spreadsheets(out, table):
    assert (out / "results.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert tuple(table[0]) == HEADERS
    assert len(table) == len({row["记录编号"] for row in table}) == 120
    assert f"'{HOSTILE}" in {row["标题"] for row in table}
    assert {row["文号"] for row in table if row["标题"] == f"'{HOSTILE}"} == {"'+86号"}


def test_a_line_is_the_contract_with_its_place(lines):
    known = {line["record"]: line for line in lines}
    assert len(known) == 120
    one = known[digest(2)]
    assert {"attribute", "handling", "reasons", "categories", "negative", "personal", "notes", "engine"} <= set(one)
    assert one["files"] == [{"path": "档案/2008/收文 2号.docx", "role": "main"}]
    assert set(one["place"]) == {
        "pile", "rank", "risk", "group", "series", "exception", "follows", "published", "remarks",
    }  # fmt: skip
    assert sum("decision" in line for line in lines) == 10


def test_a_secret_record_leaves_with_its_path_and_nothing_else(lines, table):
    secret = [line for line in lines if line["handling"] == "stop_classified"]
    assert len(secret) == 3
    assert {frozenset(line) for line in secret} == {frozenset({"record", "handling", "files", "place"})}
    assert {frozenset(line["place"]) for line in secret} == {frozenset({"pile", "rank"})}
    rows = [row for row in table if row["处理方式"] == "疑似涉密，停止处理"]
    full = {"记录编号", "分堆", "序号", "处理方式", "文件"}
    assert [{key for key, value in row.items() if value} for row in rows] == [full] * 3


@pytest.mark.parametrize(
    ("given", "goes"),
    [
        (entry(), True),
        (entry(attribute="withheld"), False),
        (entry(pile=Pile.decide), False),
        (entry(exception=True), False),
        (entry(pile=Pile.decide, made=decision(digest(1), 0)), True),
        (entry(made=decision(digest(1), 1)), False),
        (entry(attribute="withheld", made=decision(digest(1), 0)), True),
        (entry(disputed=True), False),
        (entry(pile=Pile.stop, **SECRET), False),
        (entry(pile=Pile.stop, made=decision(digest(1), 0), **SECRET), False),
        (entry(handling="out_of_scope"), False),
    ],
)
def test_what_may_be_published(given, goes):
    assert publishable(given) is goes


@pytest.mark.parametrize(
    ("category", "issued", "today", "told"),
    [
        ("G0102", "2018-03-05", "2026-03-05", "形成或变更之日起20个工作日，最迟2018年4月2日；已过时限，审定后即公开"),
        ("G0102", "2026-02-05", "2026-03-05", "形成或变更之日起20个工作日，最迟2026年3月11日"),
        ("G0102", "2026-02-05", "2026-03-12", "形成或变更之日起20个工作日，最迟2026年3月11日；已过时限，审定后即公开"),
        ("G0102", "2008-06-05", "2026-03-05", "形成或变更之日起20个工作日；已过时限，审定后即公开"),
        ("G0704", "2025-06-05", "2026-03-05", "每年3月31日前，最迟2026年3月31日"),
        ("G0102", "2018-03", "2026-03-05", "形成或变更之日起20个工作日"),
        ("G0102", "", "2026-03-05", "形成或变更之日起20个工作日"),
        ("G0106", "2018-03-05", "2026-03-05", "公开征求意见不少于30日"),
        ("", "2018-03-05", "2026-03-05", ""),
    ],
)
def test_deadlines_that_are_over_are_told(tmp_path, category, issued, today, told):
    with Publishing(tmp_path, RULES, today) as publishing:
        assert publishing.deadline(RULES.category.get(category), issued) == told


def test_a_reviewers_category_goes_before_the_suggested_one(tmp_path):
    made = replace(decision(digest(1)), category="G0105 文件清理")
    with Publishing(tmp_path, RULES, "2026-03-05") as publishing:
        assert publishing.category(entry(made=made)).code == "G0105"
        assert publishing.category(entry(made=replace(made, category="另定"))).code == "G0302"


def test_what_must_be_masked_is_counted_by_type():
    known = record(4, random.Random(1))
    assert masked(Entry(Place(known.digest, Pile.confirm, 1, 0.0), known), RULES) == "自然人姓名2处、身份证号1处"
    assert masked(entry(), RULES) == ""
    fast = entry(result=entry().record.result | {"notes": ["快速模式：没有查找。"]})
    assert masked(fast, RULES) == FAST
    found = replace(known, result=known.result | {"notes": ["快速模式：没有查找。"]})
    told = masked(Entry(Place(known.digest, Pile.confirm, 1, 0.0), found), RULES)
    assert told == f"自然人姓名2处、身份证号1处；{FAST}"


def part(role, attribute):
    return PartTold(f"{role}.docx", Role(role), digest(9), attribute, 100)


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        ((), ""),
        ((part("main", "withheld"), part("attachment", "proactive")), ""),
        ((part("reply", "proactive"), part("request", "withheld")), "请示（建议不予公开）1件"),
        (
            (part("main", "proactive"), *[part("attachment", "on_request")] * 2, part("form", "proactive")),
            "附件（建议依申请公开）2件、发文稿纸1件",
        ),
    ],
)
def test_parts_that_stay_behind_are_told(parts, told):
    assert apart(entry(parts=parts)) == told


def test_what_the_machine_says_of_another_attribute_is_left_out():
    assert agreed(entry()) is agreed(entry(made=decision(digest(1), 0))) is True
    assert agreed(entry(attribute="withheld", made=decision(digest(1), 0))) is False


def test_who_settled_the_attribute():
    assert settled_by(entry()) == "机器建议，等待快速确认"
    assert settled_by(entry(made=decision(digest(1)))) == "赵一鸣决定（2026-03-01）"


def test_the_publish_list_as_it_is_opened(out):
    book = openpyxl.load_workbook(out / "publish.xlsx")
    assert book.sheetnames == ["待公开（已决定）", "建议公开（等人确认）", "已公开过（核对）"]
    heads = [head.header for head in HEADS]
    waiting = {"待公开（已决定）": {False}, "建议公开（等人确认）": {True}}
    for sheet, published in zip(book, (False, False, True), strict=True):
        told = [dict(zip(heads, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
        assert told
        assert [row["序号"] for row in told] == list(range(1, len(told) + 1))
        assert {bool(row["已公开于"]) for row in told} == {published}
        assert all(row["目录"] and row["栏目"] and row["公开时限"] for row in told)
        by_machine = {row["属性由谁定"].startswith("机器") for row in told}
        assert by_machine == waiting.get(sheet.title, by_machine)


def test_an_empty_publish_list_says_so(tmp_path):
    with filled(tmp_path, 0) as store:
        outputs.write(store, tmp_path, "2026-03-05", rules=RULES)
    book = openpyxl.load_workbook(tmp_path / "publish.xlsx")
    assert [sheet["B2"].value for sheet in book] == ["（没有这一类文件）"] * 3
