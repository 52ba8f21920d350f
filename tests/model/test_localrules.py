"""The same papers under local rules that disagree: what changes, why, and that nothing changes without one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai.model.document import Document
from gongkai.model.duties.gaps import check
from gongkai.model.duties.submission import Submission
from gongkai.model.finding import Attribute, Opinion
from gongkai.model.localrules import by_default, by_profile, differing, sent_to_all
from gongkai.model.reading import Reading
from gongkai.model.rulebook import Rulebook

BOOK = Rulebook.load()
BOOKS = {
    name: replace(BOOK, chosen=name)
    for name in (
        "default",
        "tongyu-2017",
        "suqian-veterans-2020",
        "panyu-2009",
        "shanghai",
        "jinping-2023",
        "qinglong-2025",
    )  # fmt: skip
}
ATTENDANCE = (
    "青禾县水务局机关考勤和请假制度\n\n局机关各科室：\n    为加强内部管理，工作人员请假须经科室负责人同意，"
    "按内部审批流程办理，考勤结果每月通报。\n\n青禾县水务局\n2024年5月6日\n"
)
CIRCULAR = "关于河道管护的通知\n\n各乡镇人民政府，县直各部门：\n    请遵照执行。\n\n青禾县水务局\n2024年5月6日\n"
SINGLE = CIRCULAR.replace("各乡镇人民政府，县直各部门", "青河乡人民政府")


def view(label, *options):
    scores = {name: 0.5 if name in (label, *options) else 0.0 for name in Attribute}
    return Opinion(Attribute(label), scores, (Attribute(label), *map(Attribute, options)))


@pytest.mark.parametrize(
    ("profile", "clause", "expected", "said"),
    [
        ("default", "NL-14", "withheld", ""),
        ("tongyu-2017", "NL-14", "on_request", "按通榆县（2017）口径：内部管理（工作流程）信息列入依申请公开"),
        ("tongyu-2017", "NL-18", "withheld", ""),
        ("shanghai", "NL-12", "on_request", "按上海市口径：人事方面的内部规章、文件列入依申请公开目录"),
        ("panyu-2009", "NL-14", "withheld", ""),
        ("suqian-veterans-2020", "NL-17", "withheld", ""),
    ],
)
def test_inside_matters_are_treated_as_the_place_says(profile, clause, expected, said):
    found, told = by_profile(view("withheld", "on_request"), {clause: 0.9}, BOOKS[profile])
    assert found.label == expected
    assert told.startswith(said) and bool(told) == bool(said)


@pytest.mark.parametrize(
    ("profile", "text", "before", "expected"),
    [
        ("default", CIRCULAR, ("on_request", "proactive"), "on_request"),
        ("panyu-2009", CIRCULAR, ("on_request", "proactive"), "proactive"),
        ("panyu-2009", CIRCULAR, ("on_request",), "on_request"),
        ("panyu-2009", SINGLE, ("proactive", "on_request"), "on_request"),
        ("panyu-2009", SINGLE, ("withheld", "on_request"), "withheld"),
        ("suqian-veterans-2020", SINGLE, ("proactive", "on_request"), "on_request"),
        ("suqian-veterans-2020", CIRCULAR, ("proactive", "on_request"), "on_request"),
        ("suqian-veterans-2020", CIRCULAR, ("proactive",), "proactive"),
    ],
)
def test_what_nothing_else_decides_is_decided_by_the_place(screener, profile, text, before, expected):
    reading = Reading(Document("", text), BOOKS[profile], screener.segmenter)
    found, told = by_default(view(*before), (), reading)
    assert found.label == expected
    assert bool(told) == (expected != before[0])
    assert found.scores[found.label] == max(found.scores.values())


def test_a_duty_to_disclose_is_stronger_than_a_local_default(screener):
    notice = "青禾县水务局关于青河路停水检修的通告\n\n    现予公告。\n\n青禾县水务局\n2024年5月6日\n"
    rules = BOOKS["suqian-veterans-2020"]
    own = replace(screener, rules=rules)
    case = own.case(own.reading(Document("", notice)))[0]
    assert {ground.rule.step for ground in case.grounds} >= {"duty"}
    assert by_default(view("proactive", "on_request"), case.grounds, case.reading)[1] == ""


def test_the_result_explains_the_local_rule(screener):
    screenings = {name: replace(screener, rules=book)(Document("", ATTENDANCE)) for name, book in BOOKS.items()}
    assert {name: found.opinion.label.value for name, found in screenings.items()} == {
        "default": "withheld", "tongyu-2017": "on_request", "suqian-veterans-2020": "withheld",
        "panyu-2009": "withheld", "shanghai": "on_request", "jinping-2023": "withheld", "qinglong-2025": "withheld",
    }  # fmt: skip
    assert screenings["tongyu-2017"].notes[0].startswith("按通榆县（2017）口径：")
    assert not any("口径" in note for note in screenings["default"].notes)


@pytest.mark.parametrize(
    ("profile", "code", "level"),
    [
        ("default", "reason-missing-request", "mend"),
        ("qinglong-2025", "reason-missing-request", "return"),
        ("qinglong-2025", "basis-missing-request", "return"),
        ("default", "annotation-missing", "mend"),
        ("jinping-2023", "annotation-missing", "return"),
        ("panyu-2009", "annotation-missing", "return"),
    ],
)
def test_a_demand_is_as_grave_as_the_place_says(profile, code, level):
    answer = check(Submission(attribute="依申请公开"), BOOKS[profile])
    (gap,) = [gap for gap in answer.gaps if gap.code == code]
    assert gap.level == level
    assert (BOOKS[profile].profile.basis in gap.basis) == (profile != "default")


def test_a_place_may_drop_a_demand():
    book = BOOKS["default"]
    lax = replace(book.profile, demands={"annotation-missing": "none"})
    codes = {gap.code for gap in check(Submission(attribute="主动公开"), replace(book, profiles=(lax,))).gaps}
    assert "annotation-missing" not in codes


def test_where_two_places_differ():
    assert set(differing(BOOKS["jinping-2023"], BOOKS["default"])) == {("demands", "annotation-missing", "return", "")}
    assert ("otherwise", "", "on_request", "") in set(differing(BOOKS["panyu-2009"], BOOKS["default"]))


@pytest.mark.parametrize(("text", "expected"), [(CIRCULAR, True), (SINGLE, False)])
def test_who_is_everybody(screener, text, expected):
    assert sent_to_all(Reading(Document("", text), BOOKS["default"], screener.segmenter)) is expected
