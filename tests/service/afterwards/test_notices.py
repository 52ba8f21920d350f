"""What is told of a withdrawal, a change, a deferral: the paper, the reason, the days."""

from __future__ import annotations

import io

import accounts
import docx as reader
import pytest
from withheld import AT, kept

from gongkai.service.afterwards.notices import docx, notice, steps
from gongkai.service.afterwards.standing import taken_up
from gongkai.service.errors import NotFound
from gongkai.service.passages.stepping import step
from gongkai.service.store.duties import Passage


def published(session, rules, **more):
    row = kept(
        session, rules, "青河路停水检修的通告", decided="proactive", reason="P-192", number="青水告〔2026〕3号", **more
    )
    taken_up(session, accounts.actor(session, "reviewer"), row, AT)
    return row


def taken(session, rules, row, kind, **record):
    return step(session, rules, accounts.actor(session, "reviewer"), row, kind, record, AT)


def paragraphs(session, rules, row, made):
    paper = reader.Document(io.BytesIO(docx(notice(session, rules, row, made.id))))
    return [line.text for line in paper.paragraphs if line.text]


def test_a_withdrawal_is_explained(session, rules):
    row = published(session, rules)
    made = taken(session, rules, row, "withdraw", reason="检修改期", day="2026-03-02")
    assert paragraphs(session, rules, row, made) == [
        "撤回说明",
        "青禾县水务局公开的《青河路停水检修的通告》（青水告〔2026〕3号），现予撤回。",
        "原因：检修改期",
        "自2026年3月2日起生效。",
        "青禾县水务局",
        "2026年3月2日",
    ]
    assert session.get(Passage, row.id).state == "withdrawn"


def test_a_change_restarts_the_clock_of_twenty_working_days(session, rules):
    row = published(session, rules)
    made = taken(session, rules, row, "change", reason="停水时间改为两天", day="2026-02-27")
    passage = session.get(Passage, row.id)
    assert (passage.state, passage.start, passage.due, passage.codes) == ("signed", "2026-02-27", "2026-03-26", ["D20"])
    told = paragraphs(session, rules, row, made)
    assert told[2] == "变更内容和原因：停水时间改为两天"
    assert told[4].endswith("自变更之日起20个工作日内公开，最迟2026年3月26日。")


def test_a_changed_penalty_is_withdrawn_within_three_days(session, rules):
    row = published(session, rules, genre="行政处罚决定")
    made = taken(session, rules, row, "withdraw", reason="处罚决定被撤销", day="2026-03-02")
    assert "在三日内撤回并公开说明理由" in "".join(paragraphs(session, rules, row, made))


def test_a_deferral_is_reported_for_filing(session, rules):
    row = published(session, rules)
    session.get(Passage, row.id).state = "signed"
    made = taken(session, rules, row, "defer", reason="灾情未核实", until="2026-04-01", awaiting="risk")
    told = paragraphs(session, rules, row, made)
    assert told[:2] == ["暂缓公开备案报告", "政务公开主管部门："]
    assert "灾情未核实" in told[3]
    assert told[4].startswith("暂缓到：2026年4月1日。到期重评")
    office = accounts.actor(session, "office")
    filed = step(session, rules, office, row, "filed", {"filing": "青公开备〔2026〕3号", "day": "2026-03-02"}, AT)
    assert "备案号：青公开备〔2026〕3号" in paragraphs(session, rules, row, filed)
    assert [name for _, name in steps(session, row.id)] == ["暂缓公开备案回执", "暂缓公开备案报告"]


def test_a_repealed_paper_is_marked(session, rules):
    row = published(session, rules)
    made = taken(session, rules, row, "annul", validity="废止", since="2026-01-05", by="青政发〔2026〕1号")
    told = paragraphs(session, rules, row, made)
    assert told[1] == "《青河路停水检修的通告》（青水告〔2026〕3号）：自2026年1月5日起废止，根据青政发〔2026〕1号。"


def test_other_steps_tell_nothing(session, rules):
    row = kept(session, rules, "值班安排")
    taken_up(session, accounts.actor(session, "reviewer"), row, AT)
    made = taken(session, rules, row, "retain", reason="理由成立", until="2026-09-01")
    with pytest.raises(NotFound):
        notice(session, rules, row, made.id)
