"""Filled worklists: what becomes a decision, what is refused and where it is told, groups, second passes."""

from __future__ import annotations

import json
import shutil
import zipfile
from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest
from backlogs import digest, filled
from files import zipped
from openpyxl.utils import get_column_letter

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.decisions.deciding import APPLIED, Imported, import_decisions
from gongkai.service.screening.decisions.filled import SAMPLE
from gongkai.service.screening.decisions.rowchecks import Circumstances
from gongkai.service.screening.decisions.status import imported_lines
from gongkai.service.screening.records import Pile
from gongkai.service.screening.results import outputs, worklist
from gongkai.service.screening.results.entries import joined
from gongkai.service.screening.store import Store

RULES = Rulebook.load()
NOW = datetime(2026, 11, 22, 10, 0, 0)
TODAY = NOW.isoformat()
LETTERS = {column.key: get_column_letter(place) for place, column in enumerate(worklist.COLUMNS, 1)}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A backlog to copy: making one takes longer than a test."""
    folder = tmp_path_factory.mktemp("made")
    filled(folder, 60).close()
    return folder


@pytest.fixture
def backlog(made, tmp_path):
    with Store(shutil.copytree(made, tmp_path / "out")) as store:
        yield store


def taken(store, *files, by="", now=NOW) -> Imported:
    return import_decisions(files, Circumstances(store, RULES, by, now))


def book(path, rows, sheet="逐件决定", columns=worklist.COLUMNS):
    """A workbook with the worklist's columns and some rows; each row by the keys of its columns."""
    made = openpyxl.Workbook()
    made.active.title = sheet
    made.active.append([column.header for column in columns])
    for row in rows:
        made.active.append([row.get(column.key) for column in columns])
    made.save(path)
    return path


def row(of, **cells):
    return {"digest": digest(of), "decision": "主动公开", "by": "赵一鸣"} | cells


VALID = [
    ({}, ("proactive", "", "", "赵一鸣", TODAY)),
    ({"decision": "不予公开", "reason": "W-167 过程性信息：请示报告"}, ("withheld", "W-167", "", "赵一鸣", TODAY)),
    ({"decision": "不予公开", "reason": "尚在讨论"}, ("withheld", "尚在讨论", "", "赵一鸣", TODAY)),
    ({"decision": " on_request "}, ("on_request", "", "", "赵一鸣", TODAY)),
    ({"category": "G0102 行政规范性文件"}, ("proactive", "", "G0102", "赵一鸣", TODAY)),
    ({"category": "行政规范性文件"}, ("proactive", "", "G0102", "赵一鸣", TODAY)),
    ({"at": date(2026, 11, 2)}, ("proactive", "", "", "赵一鸣", "2026-11-02")),
    ({"at": "2026年11月2日"}, ("proactive", "", "", "赵一鸣", "2026-11-02")),
    ({"at": "2026/11/2"}, ("proactive", "", "", "赵一鸣", "2026-11-02")),
    ({"at": 46328}, ("proactive", "", "", "赵一鸣", "2026-11-02")),
    ({"by": None}, ("proactive", "", "", "钱二白", TODAY)),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "expected"), VALID)
def test_what_becomes_a_decision(backlog, tmp_path, cells, expected):
    done = taken(backlog, book(tmp_path / "清单.xlsx", [row(2, **cells)]), by="钱二白")
    (made,) = backlog.decisions(digest(2))
    assert (made.attribute, made.reason, made.category, made.by, made.at) == expected
    assert (done.new, done.wrong, made.source) == (1, (), "清单.xlsx 逐件决定!2")


WRONG = [
    ({"decision": "公开"}, "decision", "下拉框"),
    ({"decision": None, "reason": "尚在讨论"}, "decision", "没有决定"),
    ({"decision": None, "note": "待议"}, "decision", "没有决定"),
    ({"decision": "不予公开"}, "reason", "须写明理由"),
    ({"decision": "不予公开", "reason": "W-999"}, "reason", "没有这个理由代码"),
    ({"reason": "W-167 过程性信息：请示报告"}, "reason", "不是主动公开的理由"),
    ({"decision": "不予公开", "reason": "X-361"}, "reason", "不是不予公开的理由"),
    ({"category": "G9999 没有"}, "category", "没有这一项"),
    ({"by": None}, "by", "没有审查人"),
    ({"at": "上周"}, "at", "日期认不出"),
    ({"at": "2026-02-30"}, "at", "日期认不出"),
    ({"at": "2026-11-23"}, "at", "今天以后"),
    ({"note": "甲" * 501}, "note", "超过 500 字"),
    ({"whole": "对"}, "whole", "适用整组"),
    ({"digest": "sha256:00"}, "digest", "不在这批筛查结果里"),
    ({"digest": None}, "digest", "不在这批筛查结果里"),
    ({"title": "青禾县民政局关于别的事的通知"}, "title", "对不上"),
    ({"number": "青政办〔1999〕1号"}, "number", "对不上"),
    ({"digest": digest(7)}, "note", "疑似涉密"),
]


@pytest.mark.parametrize(("cells", "key", "words"), WRONG)
def test_what_is_refused_names_its_cell(backlog, tmp_path, cells, key, words):
    done = taken(backlog, book(tmp_path / "清单.xlsx", [row(3), row(2, **cells)]))
    (wrong,) = done.wrong
    assert (wrong.file, wrong.cell) == ("清单.xlsx", f"逐件决定!{LETTERS[key]}3")
    assert words in wrong.message
    assert [made.digest for made in backlog.decisions()] == [digest(3)]
    assert f"清单.xlsx {wrong.cell}：{wrong.message}" in list(imported_lines(done))


def test_a_released_secret_needs_its_ground(backlog, tmp_path):
    rows = [row(7, note="保密办 2024 年已解密"), row(57, decision="不予公开", reason="W-141")]
    assert taken(backlog, book(tmp_path / "清单.xlsx", rows, "停止处理")).new == 2


def test_rows_that_contradict_each_other_are_both_refused(backlog, tmp_path):
    rows = [row(2), row(3), row(2, decision="依申请公开"), row(3)]
    done = taken(backlog, book(tmp_path / "清单.xlsx", rows))
    assert [wrong.cell for wrong in done.wrong] == [f"逐件决定!{LETTERS['decision']}{n}" for n in (2, 4)]
    assert f"{LETTERS['decision']}4" in done.wrong[0].message
    assert [made.digest for made in backlog.decisions()] == [digest(3)]


def test_two_reviewers_of_one_record_are_both_kept(backlog, tmp_path):
    one = book(tmp_path / "一.xlsx", [row(2)])
    other = book(tmp_path / "二.xlsx", [row(2, decision="依申请公开", by="钱二白")])
    assert taken(backlog, one, other).new == 2


def test_a_second_import_adds_only_what_changed(backlog, tmp_path):
    path = tmp_path / "清单.xlsx"
    told = [taken(backlog, book(path, [row(2), row(3)])), taken(backlog, book(path, [row(2), row(3)]))]
    told.append(taken(backlog, book(path, [row(2, decision="依申请公开"), row(3)])))
    told.append(taken(backlog, book(path, [row(2), row(3)])))  # back again, from the same cell
    told.append(taken(backlog, book(tmp_path / "另存.xlsx", [row(2), row(3)])))
    assert [(done.new, done.known) for done in told] == [(2, 0), (0, 2), (1, 1), (1, 1), (0, 2)]
    assert [made.attribute for made in backlog.decisions(digest(2))] == ["proactive", "on_request", "proactive"]


def groups(store):
    """A group of at least three with an exception: leader, members, exception."""
    places = [place for place in store.places() if place.pile != Pile.stop]
    exception = next(place for place in places if place.exception)
    return exception, [p for p in places if joined(p) == joined(exception) and not p.exception]


def test_one_decision_settles_its_group_but_not_its_exceptions(backlog, tmp_path):
    exception, (leader, *members) = groups(backlog)
    rows = [{"digest": leader.digest, "decision": "依申请公开", "whole": "是", "by": "赵一鸣"}]
    path = book(tmp_path / "清单.xlsx", rows)
    done = taken(backlog, path)
    assert len(members) >= 1
    assert (done.new, done.applied) == (1 + len(members), len(members))
    made = {d.digest: d for d in backlog.decisions()}
    assert set(made) == {leader.digest, *(m.digest for m in members)}
    assert all(made[m.digest].source.endswith(APPLIED) for m in members)
    assert exception.digest not in made
    assert taken(backlog, path).new == 0


def test_what_a_reviewer_decided_alone_stays(backlog, tmp_path):
    _, (leader, member, *others) = groups(backlog)
    alone = {"digest": member.digest, "decision": "主动公开", "by": "赵一鸣"}
    whole = {"digest": leader.digest, "decision": "依申请公开", "whole": "是", "by": "赵一鸣"}
    taken(backlog, book(tmp_path / "一.xlsx", [alone]))
    done = taken(backlog, book(tmp_path / "二.xlsx", [whole]))
    assert done.applied == len(others)
    assert [d.attribute for d in backlog.decisions(member.digest)] == ["proactive"]


def test_a_group_follows_when_its_leader_is_changed(backlog, tmp_path):
    """The members stand in the worklist by then with what was applied to them, and are no decisions of their own."""
    _, (leader, member, *others) = groups(backlog)
    whole = {"digest": leader.digest, "decision": "依申请公开", "whole": "是", "by": "赵一鸣"}
    taken(backlog, book(tmp_path / "一.xlsx", [whole]))
    rows = [whole | {"decision": "主动公开"}, {"digest": member.digest, "decision": "依申请公开", "by": "赵一鸣"}]
    assert taken(backlog, book(tmp_path / "二.xlsx", rows)).applied == 1 + len(others)
    assert [d.attribute for d in backlog.decisions(member.digest)] == ["on_request", "proactive"]


@pytest.mark.parametrize("which", ["exception", "single"])
def test_whole_where_there_is_no_group(backlog, tmp_path, which):
    exception, _ = groups(backlog)
    one = exception.digest if which == "exception" else digest(5)
    rows = [{"digest": one, "decision": "主动公开", "whole": "是", "by": "赵一鸣"}]
    done = taken(backlog, book(tmp_path / "清单.xlsx", rows))
    assert (done.new, [wrong.cell for wrong in done.wrong]) == (1, [f"逐件决定!{LETTERS['whole']}2"])


def test_the_worklist_comes_back(backlog, tmp_path):
    """The real one: written, filled in by hand, imported, written anew, imported again."""
    outputs.write(backlog, tmp_path / "out", "2026-11-22T09:00:00")
    path = tmp_path / "填好.xlsx"
    opened = openpyxl.load_workbook(tmp_path / "out" / worklist.NAME)
    filled_in = 0
    for sheet in (opened[Pile.decide.label], opened[Pile.confirm.label]):
        for place in range(2, sheet.max_row + 1, 3):
            sheet[f"{LETTERS['decision']}{place}"] = "不予公开"
            sheet[f"{LETTERS['reason']}{place}"] = worklist.choices(RULES)["reasons"][0]
            sheet[f"{LETTERS['by']}{place}"] = "钱二白"
            sheet[f"{LETTERS['at']}{place}"] = date(2026, 11, 20)
            filled_in += 1
    opened.save(path)
    done = taken(backlog, path)
    assert (done.new, done.wrong) == (filled_in, ())
    outputs.write(backlog, tmp_path / "out", "2026-11-22T11:00:00")
    again = taken(backlog, tmp_path / "out" / worklist.NAME)
    assert (again.new, again.known, again.wrong) == (0, filled_in, ())


def test_decisions_as_lines(backlog, tmp_path):
    path = tmp_path / "决定.jsonl"
    lines = [
        {"digest": digest(2), "attribute": "withheld", "reason": "W-167", "by": "赵一鸣", "at": "2026-11-01"},
        {"digest": digest(3), "attribute": "maybe", "by": "赵一鸣"},
    ]
    path.write_text("\n".join([*(json.dumps(line, ensure_ascii=False) for line in lines), "[1]", "{"]), "utf-8")
    done = taken(backlog, path)
    assert [(made.digest, made.reason) for made in backlog.decisions()] == [(digest(2), "W-167")]
    assert sorted(wrong.cell for wrong in done.wrong) == ["第 2 行", "第 3 行", "第 4 行"]


def test_lines_bring_no_control_characters(backlog, tmp_path):
    path = tmp_path / "决定.jsonl"
    lines = [
        {"digest": digest(2), "decision": "proactive", "by": "赵\x1b[31m一鸣", "note": "\ud800"},
        {"digest": "\ud800", "decision": "proactive", "by": "赵一鸣"},
    ]
    path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    done = taken(backlog, path)
    assert [(made.by, made.note) for made in backlog.decisions()] == [("赵 [31m一鸣", "")]
    assert [wrong.cell for wrong in done.wrong] == ["第 2 行"]


def test_a_row_that_claims_to_be_far_below_ends_the_sheet(backlog, tmp_path):
    path = book(tmp_path / "清单.xlsx", [row(2), row(3)])
    with zipfile.ZipFile(path) as box:
        parts = {name: box.read(name) for name in box.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'<row r="3"', b'<row r="999999999999"')
    path.write_bytes(zipped(parts))
    assert (taken(backlog, path).new, len(list(backlog.decisions()))) == (1, 1)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", "标题,决定".encode()])
def test_a_file_that_is_no_workbook(backlog, tmp_path, content):
    path = tmp_path / "清单.xlsx"
    path.write_bytes(content)
    with pytest.raises(RequestError, match="清单.xlsx"):
        taken(backlog, path)


def test_a_workbook_that_is_none_of_ours(backlog, tmp_path):
    columns = [column for column in worklist.COLUMNS if column.key != "digest"]
    with pytest.raises(RequestError, match="记录编号"):
        taken(backlog, book(tmp_path / "清单.xlsx", [row(2)], columns=columns))


def test_a_missing_file(backlog, tmp_path):
    with pytest.raises(RequestError, match=r"没有\.xlsx 读不出来"):
        taken(backlog, tmp_path / "没有.xlsx")


def test_columns_may_stand_in_another_order_and_formulas_are_nothing(backlog, tmp_path):
    columns = [*reversed(worklist.COLUMNS), replace(SAMPLE)]
    path = book(tmp_path / "清单.xlsx", [row(2), row(3, decision='=IF(1,"主动公开","")')], columns=columns)
    done = taken(backlog, path)
    assert ([made.digest for made in backlog.decisions()], done.wrong) == ([digest(2)], ())


def test_a_made_up_sample_is_refused(backlog, tmp_path):
    columns = [*worklist.COLUMNS, SAMPLE]
    done = taken(backlog, book(tmp_path / "清单.xlsx", [row(2, sample="S1")], columns=columns))
    assert "抽样编号" in done.wrong[0].message
