"""Lists of normative documents, system documents and plans; marks of validity, by hand and as other papers say."""

from __future__ import annotations

import io
from datetime import date

import accounts
import openpyxl
import pytest
from withheld import AT, kept

from gongkai.model.duties.inventory import historical, kind_of, period
from gongkai.model.errors import RequestError
from gongkai.service.afterwards.validity import inventory, kinds, mark, workbook
from gongkai.service.errors import Conflicting
from gongkai.service.store.duties import Passage, Relation, Step


@pytest.mark.parametrize(
    ("title", "category", "kind"),
    [
        ("青禾县供水管理办法", "", "normative"),
        ("青禾县供水管理办法（试行）", "", "normative"),
        ("青禾县人民政府关于禁止河道采砂的通告", "", "normative"),
        ("关于印发青禾县节约用水若干规定的通知", "", "normative"),
        ("青禾县“十三五”水利发展规划", "", "plan"),
        ("青禾县国民经济和社会发展第十三个五年规划纲要", "", "plan"),
        ("汛期安排", "G0302", "plan"),
        ("青禾县水务局请销假制度", "", "system"),
        ("青禾县水务局会议制度", "", "system"),
        ("关于印发青禾县水务局机关工作规则的通知", "", "system"),
        ("青禾县供水管理办法（征求意见稿）", "", ""),
        ("关于赵某等同志任免的决定", "", ""),
        ("行政处罚决定", "", ""),
        ("关于青禾县供水管理办法的请示", "", ""),
        ("建设工程规划许可证", "", ""),
        ("关于开会的通知", "", ""),
    ],
)
def test_the_list_of_a_title(title, category, kind):
    assert kind_of(title, category, kinds()) == kind


@pytest.mark.parametrize(
    ("title", "number", "kind"),
    [
        ("青禾市供水管理办法", "青禾市人民政府令第8号", "regulation"),
        ("青禾市供水管理办法（2024年修订）", "第8号", "regulation"),
        ("青禾市人民政府关于修改《青禾市供水管理办法》的决定", "第12号", "regulation"),
        ("青禾市供水管理办法", "青政发〔2024〕8号", "normative"),
        ("青禾市供水管理办法（草案）", "第8号", ""),
        ("关于停水检修的通告", "第8号", "normative"),
    ],
)
def test_a_regulation_is_told_by_the_number_of_its_order(title, number, kind):
    assert kind_of(title, "", kinds(), number) == kind


@pytest.mark.parametrize(
    ("title", "years", "over"),
    [
        ("青禾县“十三五”水利发展规划", (2016, 2020), True),
        ("青禾县十四五规划", (2021, 2025), True),
        ("水利规划（2021—2035年）", (2021, 2035), False),
        ("水利发展规划", None, False),
    ],
)
def test_a_plan_whose_time_is_over(title, years, over):
    assert period(title) == years
    assert historical(title, date(2026, 3, 2)) is over


def norm(session, rules, title, **more):
    return kept(session, rules, title, decided="proactive", reason="P-2001", **more)


def relate(session, document, role, **more):
    row = Relation(document=document, role=role, by=accounts.user_id("reviewer"), at=AT, **more)
    session.add(row)
    session.flush()


def told(rows):
    return [(one.kept.title, one.kind.code, one.validity, one.hint) for one in rows]


def test_the_lists_with_their_validity(session, rules, reviewer):
    norm(session, rules, "青禾市排水管理办法", number="第8号", issued="2014-05-06")
    norm(session, rules, "青禾县供水管理办法", issued="2015-05-06")
    norm(session, rules, "青禾县“十三五”水利发展规划", issued="2016-05-06").backlog = "2016年存量"
    norm(session, rules, "青禾县水务局会议制度")
    kept(session, rules, "关于开会的通知")
    kept(session, rules, "青禾县排水管理办法（征求意见稿）")
    assert told(inventory(session, reviewer, AT)) == [
        ("青禾市排水管理办法", "regulation", "", ""),
        ("青禾县“十三五”水利发展规划", "plan", "", ""),
        ("青禾县供水管理办法", "normative", "", ""),
        ("青禾县水务局会议制度", "system", "", ""),
    ]
    assert told(inventory(session, reviewer, AT, kind="system")) == [("青禾县水务局会议制度", "system", "", "")]
    assert [one.kept.title for one in inventory(session, reviewer, AT, state="past")] == ["青禾县“十三五”水利发展规划"]
    assert inventory(session, accounts.actor(session, "neighbour"), AT) == []


def test_what_another_paper_repeals_is_to_be_marked(session, rules, reviewer):
    old = norm(session, rules, "青禾县供水管理办法")
    new = norm(session, rules, "青禾县城乡供水管理办法", number="青政发〔2026〕1号", issued="2026-01-05")
    relate(session, new.id, "repeals", target=old.id)
    (one,) = inventory(session, reviewer, AT, state="hint")
    assert (one.kept.id, one.effect, one.day) == (old.id, "repealed", "2026-01-05")
    assert one.hint == "被《青禾县城乡供水管理办法》（青政发〔2026〕1号）废止"
    mark(session, rules, reviewer, old.id, "废止", one.day, one.by, at=AT)
    session.flush()
    assert session.get(Passage, old.id).validity == "repealed"
    assert inventory(session, reviewer, AT, state="hint") == []
    assert [(one.validity, one.since) for one in inventory(session, reviewer, AT, state="ended")] == [
        ("repealed", "2026-01-05")
    ]
    assert [one.kept.id for one in inventory(session, reviewer, AT, state="valid")] == [new.id]
    step = session.get(Step, session.query(Step.id).filter(Step.document == old.id).scalar())
    assert (step.kind, step.record["by"]) == ("annul", "《青禾县城乡供水管理办法》（青政发〔2026〕1号）")


def test_whose_own_term_is_over_is_to_be_marked(session, rules, reviewer):
    over = norm(session, rules, "青禾县供水管理办法")
    relate(session, over.id, "term", issued="2026-03-01", title="有效期至2026-03-01")
    holds = norm(session, rules, "青禾县排水管理办法")
    relate(session, holds.id, "term", issued="2026-03-02", title="有效期至2026-03-02")
    (one,) = inventory(session, reviewer, AT, state="hint")
    assert (one.kept.id, one.effect, one.day, one.hint) == (
        over.id, "expired", "2026-03-02", "有效期至2026-03-01，已经届满",
    )  # fmt: skip


def test_a_mark_can_be_taken_back(session, rules, reviewer):
    row = norm(session, rules, "青禾县供水管理办法")
    mark(session, rules, reviewer, row.id, "失效", "2026-01-05", "", at=AT)
    mark(session, rules, reviewer, row.id, "有效", "2026-01-05", "标错了", at=AT)
    passage = session.get(Passage, row.id)
    assert (passage.validity, passage.validity_since) == ("", "")


def test_marks_that_are_refused(session, rules, reviewer):
    row = norm(session, rules, "青禾县供水管理办法")
    with pytest.raises(RequestError):
        mark(session, rules, reviewer, row.id, "作废", "2026-01-05", "", at=AT)
    with pytest.raises(RequestError):
        mark(session, rules, reviewer, row.id, "废止", "昨天", "", at=AT)
    undecided = kept(session, rules, "青禾县排水管理办法", decided="")
    with pytest.raises(Conflicting):
        mark(session, rules, reviewer, undecided.id, "废止", "2026-01-05", "", at=AT)


def test_the_list_of_those_in_force_as_a_workbook(session, rules, reviewer):
    norm(session, rules, "青禾县供水管理办法", number="青政发〔2015〕8号", issuer="青禾县人民政府", issued="2015-05-06")
    made = openpyxl.load_workbook(io.BytesIO(workbook(inventory(session, reviewer, AT, state="valid")))).active
    rows = [[cell.value for cell in row] for row in made.iter_rows()]
    assert rows[0][:4] == ["序号", "清单", "标题", "发文字号"]
    assert rows[1][1:9] == [
        "规范性文件", "青禾县供水管理办法", "青政发〔2015〕8号", "青禾县人民政府", "2015-05-06", "青禾县水务局",
        "有效", None,
    ]  # fmt: skip
