"""What was determined of a backlog, as a city's system takes it in."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest
from sqlalchemy import select

from gongkai.service.review import municipal, queue
from gongkai.service.review.judging import Verdict, decide_all
from gongkai.service.review.queue import Wanted
from gongkai.service.store.tables import Backlog, Kept


def table(database, brought, rules, actor, since=""):
    with database.reading() as session:
        data = municipal.workbook(session, session.get(Backlog, brought.backlog), rules, actor, since)
    heads, *rows = openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    return [dict(zip(heads, row, strict=True)) for row in rows]


def some(database, count):
    with database.reading() as session:
        return list(session.scalars(select(Kept).where(Kept.pile == "decide").order_by(Kept.rank).limit(count)))


def test_only_what_was_decided_is_told_with_its_elements(database, brought, people, rules, clock):
    first, second, third = [kept for kept in some(database, 12) if kept.number.startswith("青政办")][:3]
    for kept, verdict in (
        (first, Verdict("proactive", category="G0102")),
        (second, Verdict("withheld", reason="W-167")),
        (third, Verdict("proactive")),
    ):
        decide_all(database, rules, people["reviewer"], [kept.id], verdict, clock)
    rows = {row["文号"]: row for row in table(database, brought, rules, people["reviewer"])}
    assert rows.keys() == {municipal.number(kept.number) for kept in (first, second, third)}
    open_, held = rows[municipal.number(first.number)], rows[municipal.number(second.number)]
    assert (open_["公开属性"], open_["公开目录"], open_["认定人"]) == ("主动公开", "G0102 行政规范性文件", "钱多文")
    assert open_["公开渠道"] == rules.category["G0102"].channel
    assert open_["公开时限"] == rules.clock[rules.category["G0102"].deadline].name
    assert not open_["不公开或者依申请公开的理由"]
    assert (held["公开属性"], held["依据"]) == ("不予公开", rules.reason["W-167"].basis)
    assert held["不公开或者依申请公开的理由"] == rules.reason["W-167"].name
    assert held["认定日期"] == "2026-11-20"


def test_only_from_a_year_on(database, brought, people, rules, clock):
    chosen = some(database, 8)
    decide_all(database, rules, people["reviewer"], [kept.id for kept in chosen], Verdict("withheld", "W-167"), clock)
    days = [kept.issued for kept in chosen]
    assert "" in days and max(days) > "2016"
    found = table(database, brought, rules, people["reviewer"], "2016")
    assert sorted(row["生成日期"] or "" for row in found) == sorted(day for day in days if not day or day >= "2016")
    assert all("成文日期" in row["录入前须补"] for row in found if not row["生成日期"])


@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("青政发[2016]5号", "青政发〔2016〕5号"),
        ("青政发（2016） 5 号", "青政发〔2016〕5号"),
        ("青政发【2016】5号", "青政发〔2016〕5号"),
        ("青政发〔2016〕5号", "青政发〔2016〕5号"),
        ("", ""),
    ],
)
def test_numbers_are_written_alike(told, number):
    assert municipal.number(told) == number


def test_what_is_missing_before_entry(database, brought, people, rules, clock):
    kept = some(database, 1)[0]
    decide_all(database, rules, people["reviewer"], [kept.id], Verdict("proactive"), clock)
    with database.reading() as session:
        [paper] = municipal.papers(session, session.get(Backlog, brought.backlog), rules, people["reviewer"])
    bare = replace(paper.entry.record, number="", issued="2016")
    assert municipal.missing(replace(paper.entry, record=bare)).startswith("发文字号、成文日期的月和日")


def ids(database, brought, actor, **wanted):
    with database.reading() as session:
        page = queue.page(session, brought.backlog, actor, Wanted(**wanted), limit=500)
        return {row.kept.id: row.kept for row in page.rows}


def test_papers_since_a_year_whose_attribute_was_never_determined(database, brought, people, rules, clock):
    actor = people["reviewer"]
    all_ = ids(database, brought, actor)
    with database.writing() as session:
        recorded, bare = list(all_)[:2]
        known = session.get(Kept, recorded)
        known.place = {**known.place, "recorded": "主动公开"}
        session.get(Kept, bare).issued = ""
    decided = list(all_)[2]
    decide_all(database, rules, actor, [decided], Verdict("withheld", "W-167"), clock)
    before = {id_ for id_, kept in all_.items() if kept.place.get("recorded")}
    never = ids(database, brought, actor, state="never")
    assert never.keys() == all_.keys() - before - {recorded, decided}
    since = ids(database, brought, actor, state="never", since="2016")
    assert since.keys() == {id_ for id_ in never if all_[id_].issued >= "2016" or id_ == bare}
    assert bare in since and 0 < len(since) < len(never)
