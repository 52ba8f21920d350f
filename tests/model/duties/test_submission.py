"""Submissions and what they lack: each case differs in a few cells from one that passes."""

from __future__ import annotations

from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from gongkai.model.demands import MACHINE, TESTS, Demand, Level, Mode
from gongkai.model.document import Document, Span
from gongkai.model.duties.gaps import CHECKS, check
from gongkai.model.duties.submission import Machine, Stage, Submission, Voice, named
from gongkai.model.elements import Elements
from gongkai.model.errors import RulebookError
from gongkai.model.finding import Attribute, Engine, Finding, Handling, Opinion, Screening
from gongkai.model.rulebook import TABLES, Rulebook

BOOK = Rulebook.load()
OPEN = Submission(
    attribute="proactive",
    annotation="（此件公开发布）",
    policy=False,
    secrecy=True,
    form={"文件标题": "关于青禾县河道管护的通知"},
)
CLOSED = replace(
    OPEN,
    attribute="withheld",
    annotation="（此件不予公开）",
    secrecy=False,
    reason="属于机关内部的办事流程，对外没有影响",
    basis="条例第十六条第一款",
)
ASKED = replace(
    OPEN,
    attribute="on_request",
    annotation="（此件依申请公开）",
    reason="只涉及一家企业的许可事项",
    basis="条例第二十七条",
)
POLICY = replace(OPEN, policy=True, plan=Stage.approved, material=Stage.approved)
DRAFTED = replace(POLICY, mode=Mode.behalf, reason="涉及公众利益调整", basis="条例第十九条")

PASSING = {"open": OPEN, "closed": CLOSED, "asked": ASKED, "policy": POLICY, "drafted": DRAFTED}


@pytest.mark.parametrize("name", PASSING)
def test_these_pass(name: str) -> None:
    answer = check(PASSING[name], BOOK)
    assert (answer.gaps, answer.remarks, answer.passed, answer.returned) == ((), (), True, False)


LACKING = [
    # 公开属性
    (OPEN, {"attribute": ""}, "return attribute-missing"),
    (OPEN, {"attribute": " "}, "return attribute-missing"),
    (OPEN, {"attribute": "部分公开"}, "return attribute-unknown"),
    (OPEN, {"attribute": "主动公开"}, ""),
    # 理由和依据
    (CLOSED, {"reason": "", "basis": ""}, "return reason-missing, return basis-missing"),
    (CLOSED, {"reason": "无"}, "return reason-missing"),
    (CLOSED, {"reason": "按有关规定不予公开。"}, "return reason-missing"),
    (CLOSED, {"reason": "属于内部文件，不宜公开"}, "return reason-missing"),
    (CLOSED, {"reason": "属于内部工作流程"}, ""),
    (CLOSED, {"reason": "按规定", "basis": "按有关规定"}, "return reason-missing, return basis-missing"),
    (CLOSED, {"basis": ""}, "return basis-missing"),
    (CLOSED, {"basis": "", "reason": "属于条例第十六条第一款规定的内部工作流程"}, ""),
    (CLOSED, {"reason": "", "basis": "", "codes": ("W-163",)}, ""),
    (CLOSED, {"codes": ("W-999",)}, "mend reason-unknown"),
    (CLOSED, {"reason": "", "basis": "", "codes": ("P-192",)}, "return reason-unfit"),
    (CLOSED, {"reason": BOOK.reason["A-02"].text, "basis": "条例第十六条"}, "return reason-unfit"),
    (CLOSED, {"codes": ("P-192", "W-163")}, ""),
    (CLOSED, {"basis": "条例第十九条"}, "return basis-outside"),
    (CLOSED, {"basis": "条例第十九条、第十六条"}, ""),
    (CLOSED, {"basis": "《统计法》第二十五条"}, ""),
    (CLOSED, {"codes": ("W-WS",), "basis": "保守国家秘密法第六十四条"}, "return reason-alone"),
    (CLOSED, {"codes": ("W-WS",), "basis": "保守国家秘密法第六十四条；条例第十六条第二款"}, ""),
    (OPEN, {"basis": "条例第十六条"}, "return basis-inside"),
    (OPEN, {"basis": "条例第十六条、第十九条"}, ""),
    (ASKED, {"reason": "", "basis": ""}, "mend reason-missing-request, mend basis-missing-request"),
    (ASKED, {"basis": "条例第二十条"}, "mend basis-inside-request"),
    (ASKED, {"codes": ("W-163",)}, "return reason-unfit"),
    # 代拟稿：每种属性都要理由
    (DRAFTED, {"reason": "", "basis": ""}, "return reason-missing-behalf, return basis-missing-behalf"),
    (ASKED, {"mode": Mode.behalf, "reason": ""}, "return reason-missing-behalf"),
    (CLOSED, {"mode": Mode.behalf, "reason": ""}, "return reason-missing"),
    (DRAFTED, {"form": None}, "return form-missing"),
    (OPEN, {"form": None}, ""),
    (
        OPEN,
        {"form": {"发文字号": "", "拟稿人": " ", "文件标题": "某"}},
        "return form-incomplete, return form-incomplete",
    ),
    # 政策性文件不予公开
    (CLOSED, {"policy": True}, "return office-missing"),
    (CLOSED, {"policy": True, "office": Voice.agreed}, ""),
    (CLOSED, {"policy": True, "office": Voice.refused}, "return office-refused"),
    (CLOSED, {"policy": None, "genre": "办法"}, "return office-missing"),
    (CLOSED, {"policy": None, "genre": "请示"}, ""),
    # 附注
    (OPEN, {"annotation": ""}, "mend annotation-missing"),
    (OPEN, {"annotation": "（联系人：赵一鸣）"}, "mend annotation-missing"),
    (OPEN, {"annotation": "（此件主动公开）"}, ""),
    (OPEN, {"annotation": "（此件不予公开）"}, "mend annotation-differs"),
    (OPEN, {"annotation": "（此件公开发布，附件依申请公开）"}, "mend annotation-differs"),
    (CLOSED, {"annotation": "（此件不公开）"}, ""),
    (ASKED, {"annotation": "此件公开发布"}, "mend annotation-differs"),
    # 解读
    (POLICY, {"plan": Stage.missing, "material": Stage.missing}, "return plan-missing, return material-missing"),
    (POLICY, {"plan": Stage.attached, "material": Stage.attached}, "mend plan-unsigned, mend material-unsigned"),
    (DRAFTED, {"plan": Stage.attached}, "return plan-unapproved"),
    (DRAFTED, {"material": Stage.attached}, "return material-unapproved"),
    (OPEN, {"policy": None, "genre": "办法"}, "return plan-missing, return material-missing"),
    # 审查
    (OPEN, {"secrecy": False}, "mend secrecy-missing"),
    (ASKED, {"secrecy": False}, "mend secrecy-missing"),
    (OPEN, {"third_asked": False}, "mend third-missing"),
]


@pytest.mark.parametrize(("base", "changed", "codes"), LACKING)
def test_what_is_lacking(base: Submission, changed: dict[str, object], codes: str) -> None:
    answer = check(replace(base, **changed), BOOK)  # type: ignore[arg-type]
    assert ", ".join(f"{gap.level} {gap.code}" for gap in answer.gaps) == codes
    assert answer.passed is (codes == "")
    assert answer.returned is ("return" in codes)


def test_every_gap_says_what_is_wrong_by_which_rule_and_what_to_do() -> None:
    gaps = [gap for base, changed, _ in LACKING for gap in check(replace(base, **changed), BOOK).gaps]  # type: ignore[arg-type]
    assert {gap.code for gap in gaps} == {row.code for row in BOOK.demands if row.grade != "remark"}
    assert [gap for gap in gaps if not (gap.says and gap.basis and gap.mend) or "{" in gap.says + gap.mend] == []


@pytest.mark.parametrize(
    ("changed", "code", "says", "mend"),
    [
        ({"attribute": "部分公开"}, "attribute-unknown", "公开属性写的是“部分公开”，不是三种之一。", ""),
        ({"annotation": ""}, "annotation-missing", "", "在成文日期下一行写附注：（此件不予公开）"),
        ({"annotation": "（此件公开发布）"}, "annotation-differs", "写的是“此件公开发布”，与拟定的不予公开不一致", ""),
        ({"basis": "条例第19条"}, "basis-outside", "拟不予公开，依据写的是条例第十九条，这不是不予公开的依据。", ""),
        ({"form": {"拟稿人": ""}}, "form-incomplete", "意见单“拟稿人”还没有填。", "补填“拟稿人”。"),
    ],
)  # fmt: skip
def test_sentences_name_what_stands_there(changed: dict[str, object], code: str, says: str, mend: str) -> None:
    gap = next(g for g in check(replace(CLOSED, **changed), BOOK).gaps if g.code == code)  # type: ignore[arg-type]
    assert says in gap.says
    assert mend in gap.mend


def test_gaps_stand_in_the_order_of_the_table() -> None:
    sent = Submission(mode=Mode.behalf, attribute="withheld", policy=True)
    codes = [gap.code for gap in check(sent, BOOK).gaps]
    assert codes == ["reason-missing", "basis-missing", "office-missing", "annotation-missing", "form-missing"]
    turned = replace(BOOK, demands=tuple(reversed(BOOK.demands)))
    assert [gap.code for gap in check(sent, turned).gaps] == codes[::-1]


SURE = Machine(Attribute.proactive, needs_review=False)
DOUBTS = [
    (OPEN, SURE, ""),
    (OPEN, replace(SURE, needs_review=True), "machine-unsure"),
    (CLOSED, replace(SURE, clauses=("NL-18",)), "machine-differs"),
    (CLOSED, replace(SURE, attribute=Attribute.withheld), "over-withheld"),
    (OPEN, replace(SURE, clauses=("NL-18",)), "listed"),
    (OPEN, replace(SURE, clauses=("NL-09",), masked={"ID_CARD": 2}), "mask-first"),
    (OPEN, replace(SURE, categories=("G0102",)), "machine-policy"),
    (POLICY, replace(SURE, categories=("G0102",)), ""),
    (OPEN, replace(SURE, kind="norm"), "normative-denied"),
    (replace(OPEN, genre="办法"), None, "normative-denied"),
    (replace(ASKED, genre="办法"), None, "normative-denied normative-closed"),
    (replace(CLOSED, genre="办法"), None, "normative-denied normative-closed"),
]


@pytest.mark.parametrize(("sent", "machine", "codes"), DOUBTS)
def test_a_doubt_is_a_remark_and_never_a_gap(sent: Submission, machine: Machine | None, codes: str) -> None:
    answer = check(sent, BOOK, machine)
    assert (answer.gaps, answer.passed) == ((), True)
    assert " ".join(remark.code for remark in answer.remarks) == codes


def test_no_machine_takes_a_gap_away() -> None:
    sent = replace(CLOSED, reason="")
    for machine in (None, SURE, replace(SURE, attribute=Attribute.withheld, clauses=("NL-12",))):
        assert [gap.code for gap in check(sent, BOOK, machine).gaps] == ["reason-missing"]


def test_a_machine_is_told_by_codes_and_counts() -> None:
    label = Attribute.on_request
    opinion = Opinion(label, {one: 0.9 if one == label else 0.05 for one in Attribute}, (label,))
    found = tuple(Finding(Span(at, at + 1), kind, 0.9, "t") for at, kind in ((0, "NL-09"), (1, "NL-09"), (2, "NL-18")))
    personal = (Finding(Span(0, 1), "ID_CARD", 1.0, "t"), Finding(Span(1, 2), "ID_CARD", 1.0, "t"))
    engine = Engine("1", "m", "sha256:0", "default")
    screening = Screening(
        Document("1", "甲乙丙丁"), engine, opinion, Handling.full, negative=found, personal=personal, needs_review=False
    )
    machine = Machine.of(screening, Elements(kind="norm"))
    assert machine == Machine(label, False, ("NL-09", "NL-18"), (), {"ID_CARD": 2}, "norm")


@pytest.mark.parametrize(
    ("word", "attribute"),
    [("主动公开", Attribute.proactive), (" withheld ", Attribute.withheld), ("公开", None), ("", None)],
)
def test_an_attribute_goes_by_code_or_name(word: str, attribute: Attribute | None) -> None:
    assert named(word) == attribute


def test_the_program_tests_what_the_table_may_ask_for() -> None:
    assert set(CHECKS) == set(TESTS)
    assert {row.test for row in BOOK.demands} == set(TESTS)
    assert {row.grade for row in BOOK.demands if row.test in MACHINE} == {Level.remark}


GOOD = {"code": "x", "test": "attribute_unknown", "grade": "mend", "says": "写的是{given}", "mend": "改", "basis": "甲"}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"test": "colour"}, "的 test 应当是 attribute_missing、"),
        ({"grade": "fatal"}, "的 grade 应当是 return、mend、remark 之一，请改正。"),
        ({"modes": ("gift",)}, "的 modes 应当是 own、behalf 之一，请改正。"),
        ({"attributes": ("secret",)}, "的 attributes 应当是 proactive、on_request、withheld 之一，请改正。"),
        ({"test": "listed", "says": "x"}, "的 grade 应当是 remark：机器没有把握的，只作提示，不退文，请改正。"),
        ({"test": "basis_outside", "says": "x"}, "的 articles 不能空，请写明条例的条，如 第十四条。"),
        ({"says": "{name}"}, "的 says 里 {name} 不认识，这一项可用的词：given，请改正。"),
        ({"says": "{"}, "的 says 花括号没有配对，请改正。"),
        ({"mend": "{}"}, "的 mend 里 {} 不认识，这一项可用的词：given，请改正。"),
        ({"says": "{given.__class__}"}, "的 says 里 {given.__class__} 不认识，这一项可用的词：given，请改正。"),
        ({"says": "{given!r:9}"}, "的 says 里 {given} 只写词，不写格式，请改正。"),
    ],
)
def test_a_row_that_makes_no_sense_is_refused(changed: dict[str, object], message: str) -> None:
    Demand(**GOOD)  # type: ignore[arg-type]
    with pytest.raises(ValueError) as caught:
        Demand(**{**GOOD, **changed})  # type: ignore[arg-type]
    assert str(caught.value).startswith(message)


def test_an_agency_adds_a_row(tmp_path: Path) -> None:
    source = Path(str(resources.files("gongkai.model.tables")))
    for file, _, _ in TABLES.values():
        (tmp_path / file).write_bytes((source / file).read_bytes())
    table = tmp_path / "submission.toml"
    row = 'code = "own-secrecy"\ntest = "secrecy_missing"\ngrade = "return"\nattributes = ["withheld"]\n'
    row += 'says = "不予公开的也要保密审查。"\nmend = "补上。"\nbasis = "本机关规定"\n'
    table.write_text(f"{table.read_text('utf-8')}\n[[demand]]\n{row}", "utf-8")
    assert [gap.says for gap in check(CLOSED, Rulebook.load(tmp_path)).gaps] == ["不予公开的也要保密审查。"]
    table.write_text(
        table.read_text("utf-8").replace(
            'grade = "return"\nattributes = ["withheld"]\nsays = "不', 'grade = "x"\nsays = "不'
        ),
        "utf-8",
    )
    with pytest.raises(RulebookError, match="submission.toml"):
        Rulebook.load(tmp_path)
