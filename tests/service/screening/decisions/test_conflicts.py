"""Differing reviewers: who differs in what, how far they agree, how it is settled, which decision stands."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from backlogs import digest, filled

from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.decisions.conflicts import agreements, conflicts, standing, write_conflicts
from gongkai.service.screening.decisions.deciding import APPLIED, SETTLING, import_decisions
from gongkai.service.screening.decisions.rowchecks import Circumstances
from gongkai.service.screening.decisions.status import agreement_lines, conflict_lines, status
from gongkai.service.screening.records import Decision
from gongkai.service.screening.results.worklist import choice
from gongkai.service.screening.store import Store

RULES = Rulebook.load()


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


def said(of, by, attribute="proactive", reason="", category="", source="一.xlsx 逐件决定!2"):
    return Decision(digest(of), attribute, by, "2026-11-22", reason, category, "", source)


SETTLED = f"议.xlsx {SETTLING}!2"


@pytest.mark.parametrize(
    ("decisions", "expected"),
    [
        ([], None),
        ([said(1, "甲")], "proactive"),
        ([said(1, "甲"), said(1, "甲", "withheld")], "withheld"),
        ([said(1, "甲"), said(1, "乙")], "proactive"),
        ([said(1, "甲"), said(1, "乙", "withheld")], None),
        ([said(1, "甲"), said(1, "乙", "withheld"), said(1, "甲", "withheld")], "withheld"),
        ([said(1, "甲"), said(1, "乙", "withheld"), said(1, "甲", "on_request", source=SETTLED)], "on_request"),
        ([said(1, "甲", "withheld", source=SETTLED), said(1, "乙")], None),
    ],
)
def test_which_decision_stands(decisions, expected):
    found = standing(decisions)
    assert (found.attribute if found else None) == expected


def test_who_differs_in_what(backlog):
    backlog.add_decisions([
        said(2, "甲", category="G0102"), said(2, "乙", category="G0102"),
        said(3, "甲", "withheld", "W-167"), said(3, "乙", "on_request"),
        said(4, "甲", "withheld", "W-167"), said(4, "乙", "withheld", "W-161"),
        said(5, "甲", category="G0102"), said(5, "乙"),
    ])  # fmt: skip
    found = conflicts(backlog)
    assert [(one.digest, one.fields) for one in found] == [(digest(3), ("attribute",)), (digest(4), ("reason",))]
    lines = list(conflict_lines(backlog, found))
    assert lines[0] == "意见不一致 2 件。"
    assert "甲 不予公开，乙 依申请公开（不同：公开属性）" in lines[1]
    told = "".join(status(backlog))
    assert "公开属性意见不一致、还没有定的 1 件" in told
    assert "意见不一致 2 件（包括理由、目录不一致的）" in told


def test_alike_differences_are_told_on_one_line(backlog):
    for of in (3, 4):
        known = backlog.record(digest(of))
        backlog.put_record(replace(known, title="收支公开榜"))
        backlog.add_decisions([said(of, "甲"), said(of, "乙", "on_request")])
    assert list(conflict_lines(backlog, conflicts(backlog))) == [
        "意见不一致 2 件。",
        "  收支公开榜：甲 主动公开，乙 依申请公开（不同：公开属性），标题相同的共 2 件",
    ]


def test_decisions_on_what_is_gone_are_told_apart(backlog):
    backlog.add_decisions([said(2, "甲"), said(999, "甲", "withheld")])
    told = "".join(status(backlog))
    assert "已决定 1 件" in told
    assert "主动公开 1 件、依申请公开 0 件、不予公开 0 件" in told
    assert "另有 1 件决定了以后文件改过或者移走了" in told


def test_agreement_counts_what_both_decided_by_themselves(backlog):
    """20 and 15 alike, 5 and 10 crosswise: kappa 0.4. What a group was given counts for nothing."""
    pairs = [("proactive", "proactive")] * 20 + [("proactive", "withheld")] * 5
    pairs += [("withheld", "proactive")] * 10 + [("withheld", "withheld")] * 15
    for place, (one, other) in enumerate(pairs, 1):
        backlog.add_decisions([said(place, "甲", one), said(place, "乙", other)])
    backlog.add_decisions([said(51, "甲"), said(51, "乙", source=f"一.xlsx 逐件决定!9{APPLIED}"), said(52, "甲")])
    (found,) = agreements(backlog)
    assert (found.first, found.second, found.field, found.cases) == ("乙", "甲", "attribute", 50)
    assert found.kappa == pytest.approx(0.4)
    assert found.same.value == pytest.approx(0.7)
    assert list(agreement_lines([found])) == [
        "两人的一致程度，只算两人各自逐件决定的（kappa：1 是完全一致，0 是和碰巧一样）：",
        "  乙和甲 公开属性：50 件，一致 70.0%（56.2% 到 80.9%），kappa 0.40",
    ]


def test_a_conflict_is_settled_on_its_sheet(backlog, tmp_path):
    """Also when the settled opinion is one that its author held before."""
    backlog.add_decisions([said(3, "甲", "withheld", "W-167"), said(3, "乙", "on_request")])
    path = tmp_path / "议.xlsx"
    write_conflicts(backlog, conflicts(backlog), path, RULES)
    opened = openpyxl.load_workbook(path)
    sheet = opened[SETTLING]
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    assert (
        sheet[f"{heads['各人意见']}2"].value
        == f"甲：不予公开；{choice('W-167', RULES.reason['W-167'].name)}\n乙：依申请公开"
    )
    assert sheet[f"{heads['标题']}2"].value == backlog.record(digest(3)).title
    blank = sheet[f"{heads['决定']}2"]
    assert (blank.value, blank.fill.fgColor.rgb, blank.border.top.style) == (None, "FFFFF8E1", "thin")
    for head, value in {"决定": "不予公开", "理由": "W-167 过程性信息：请示报告", "审查人": "甲"}.items():
        sheet[f"{heads[head]}2"] = value
    opened.save(path)
    done = import_decisions([path], Circumstances(backlog, RULES, "", datetime(2026, 11, 22)))
    assert (done.new, done.wrong, conflicts(backlog)) == (1, (), [])
    assert standing(backlog.decisions(digest(3))).attribute == "withheld"
