"""What has to be open by the rules of law, and that the list of secrets is looked at before it goes out."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.finding import Attribute
from gongkai.model.flagging import KINDS
from gongkai.model.hints import hints
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


def test_a_draft_is_told_how_the_public_is_asked(screener):
    (flag,) = [flag for flag in hints(Document("", DRAFT), BOOK, label=Attribute.proactive) if flag.kind == "audience"]
    assert flag.code == "consultation"
    assert "不少于三十日" in flag.do


def test_every_rule_says_where_it_stands():
    for rows in (BOOK.flags, BOOK.regimes, BOOK.citations, BOOK.audiences, BOOK.laws, BOOK.clauses, BOOK.demands):
        assert [row for row in rows if not row.basis.strip()] == []


def test_every_kind_of_hint_has_its_name():
    assert {row.flag for row in BOOK.flags} <= {*KINDS}
