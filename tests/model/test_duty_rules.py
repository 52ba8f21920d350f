"""What has to be open by the rules of law, and that the list of secrets is looked at before it goes out."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.duties.flagging import KINDS
from gongkai.model.duties.hints import hints
from gongkai.model.finding import Attribute, Handling
from gongkai.model.law import grounds
from gongkai.model.rulebook import Rulebook

BOOK = Rulebook.load()
NORMATIVE = (
    "青禾县河道管理办法\n\n    第一条 为加强河道管理，制定本办法。\n    第二条 单位和个人应当遵守本办法。\n"
    "    第三条 本办法自2024年7月1日起施行，有效期五年。\n\n青禾县人民政府\n2024年5月6日\n"
)
DRAFT = (
    "青禾县水务局关于公开征求《青禾县河道管理办法（征求意见稿）》意见的公告\n\n    现将征求意见稿全文公布，"
    "面向全社会公开征求意见，意见反馈截止时间为2024年6月30日。\n\n青禾县水务局\n2024年5月20日\n"
)
PENALTY = (
    "青禾县自然资源局行政处罚决定书\n青自然资罚〔2024〕8号\n\n当事人：青禾建材有限公司\n"
    "    经查，当事人未经批准占用土地，依据土地管理法第七十七条，处以罚款。\n\n青禾县自然资源局\n2024年5月6日\n"
)
MOTION = (
    "青禾县水务局对县政协十届三次会议第21号提案的答复\n\n钱多文委员：\n    您提出的关于加强河道保洁的提案收悉，"
    "现答复如下：已建立日常保洁制度。\n\n青禾县水务局\n2024年5月6日\n"
)
LAND = (
    "青禾县人民政府征收土地公告\n\n    经依法批准，征收青河村集体土地2.5公顷，补偿安置方案另行公告。\n\n"
    "青禾县人民政府\n2024年5月6日\n"
)


def held(screener, text):
    return {ground.rule.id: ground.rule for ground in grounds(screener.reading(Document("", text)))}


@pytest.mark.parametrize(
    ("text", "rule", "reason"),
    [
        (NORMATIVE, "normative", "P-2001"),
        (DRAFT, "public-consultation", "P-193"),
        (PENALTY, "penalty-decision", "P-2006"),
        (MOTION, "motion-reply", ""),
    ],
)
def test_what_has_to_be_open(screener, text, rule, reason):
    found = held(screener, text)[rule]
    assert (found.step, found.attribute) == ("duty", "proactive")
    assert found.basis
    if reason:
        assert found.reason == reason
    assert screener(Document("", text)).opinion.label == Attribute.proactive


def test_what_has_to_be_open_is_held_against_the_list_of_secrets_first(screener):
    assert screener(Document("", LAND)).negative == ()
    found = screener(Document("", LAND + "附：勘测定界界址点坐标成果表（CGCS2000，X 4012345.678，Y 39512345.678）\n"))
    assert held(screener, LAND)["land-requisition"].step == "duty"
    assert "NL-22" in {hit.kind for hit in found.negative}
    assert any("公开前须经保密审查" in note for note in found.notes)


SURVEY = "青禾县2023年度国土变更调查{}\n\n    现将主要数据公布如下：耕地12034.5公顷，林地8021.3公顷。\n"
FOOT = "\n青禾县自然资源局\n2024年5月6日\n"
POINTS = "附：勘测定界界址点坐标成果表（CGCS2000，X 4012345.678，Y 39512345.678）\n"
SHEETS = "附：土地利用现状图12幅\n"


@pytest.mark.parametrize(
    ("title", "more", "clauses", "told"),
    [
        ("成果", "", set(), False),
        ("成果", POINTS, {"NL-22"}, True),
        ("成果", SHEETS, set(), True),
        ("主要数据公报", POINTS, set(), True),
    ],
)
def test_totals_of_a_survey_are_public_and_points_and_sheets_are_reviewed_first(screener, title, more, clauses, told):
    document = Document("", SURVEY.format(title) + more + FOOT)
    found = screener(document)
    assert found.opinion.label == Attribute.proactive
    assert {hit.kind for hit in found.negative} == clauses
    flags = {flag.code: flag for flag in hints(document, BOOK, label=Attribute.proactive)}
    assert ("map-sheets" in flags) is told
    assert not told or "保密审查" in flags["map-sheets"].says


def test_who_looks_up_the_register_is_sent_to_the_special_query(screener):
    text = "不动产登记资料查询结果证明\n\n    查询人赵一鸣。经查询，权利人赵一鸣，坐落青禾县柳湾镇。\n" + FOOT
    found = screener(Document("", text))
    assert (held(screener, text)["registry-query"].step, found.handling) == ("scope", Handling.out_of_scope)
    assert any("按专门规定办理" in note for note in found.notes)


def test_a_bidders_secrets_stop_what_is_public_of_a_purchase(screener):
    award = "青禾县自然资源局办公设备采购项目中标结果公告\n\n    中标供应商：青禾科技有限公司，中标金额12.5万元。\n"
    papers = (
        "青禾县自然资源局办公设备采购项目评审情况\n\n    投标人报价文件载明成本构成、利润率和独家技术方案，"
        "属商业秘密，请勿外传。\n"
    )
    given, kept = (screener(Document("", text + FOOT)) for text in (award, papers))
    assert (given.opinion.label, given.negative) == (Attribute.proactive, ())
    assert kept.opinion.label == Attribute.withheld
    assert "NL-08" in {hit.kind for hit in kept.negative}


def test_a_draft_is_told_how_the_public_is_asked(screener):
    (flag,) = [flag for flag in hints(Document("", DRAFT), BOOK, label=Attribute.proactive) if flag.kind == "audience"]
    assert flag.code == "consultation"
    assert "不少于三十日" in flag.do


def test_every_rule_says_where_it_stands():
    for rows in (BOOK.flags, BOOK.regimes, BOOK.citations, BOOK.audiences, BOOK.laws, BOOK.clauses, BOOK.demands):
        assert [row for row in rows if not row.basis.strip()] == []


def test_every_kind_of_hint_has_its_name():
    assert {row.flag for row in BOOK.flags} <= {*KINDS}
