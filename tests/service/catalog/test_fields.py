"""A text under an item: fields, publisher, what stays out."""

from __future__ import annotations

import pytest

from gongkai.model.errors import ClassifiedDocument, RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.catalog.fields import checked, nearest, to_json

RULES = Rulebook.load()
NOTICE = "青禾县人民政府征收土地公告\n一、征收范围：石桥村一组。\n青禾县人民政府\n2024年8月20日\n"


def test_fields_with_their_words_and_articles() -> None:
    found = checked(NOTICE, "", "N0207", RULES)
    assert [(one.name, one.words) for one in found.fields if one.span] == [("征收范围", "石桥村一组。")]
    assert [one.name for one in found.missing] == ["批准机关文号", "征收时间", "补偿标准", "救济途径"]
    assert all(one.basis for one in found.fields)


def test_the_answer_for_programs_tells_places_and_no_words() -> None:
    told = to_json(checked(NOTICE, "", "N0207", RULES))
    (place,) = [one["span"] for one in told["fields"] if one["found"]]
    assert NOTICE[place["start"] : place["end"]] == "石桥村一组。"
    assert "石桥村" not in str(told)
    assert (told["complete"], told["columns"], told["category"]["five_public"]) == (
        False,
        ["征地信息", "土地征收"],
        "结果",
    )


@pytest.mark.parametrize(
    ("issuer", "told"),
    [("石桥镇人民政府", "乡级"), ("青禾县人民政府", ""), ("青禾市人民政府", ""), ("青禾省人民政府", "省级")],
)
def test_the_publisher_is_of_the_items_level(issuer: str, told: str) -> None:
    remarks = checked(NOTICE.replace("青禾县人民政府", issuer), "", "N0207", RULES).remarks
    assert [told in remark for remark in remarks] == ([True] if told else [])


def test_what_stays_out_is_checked_first() -> None:
    text = "青禾县自然资源局建设用地批准公示\n项目：青禾县训练场建设项目\n青禾县自然资源局\n2024年8月20日\n"
    assert checked(text, "", "N0302", RULES).remarks == ()
    (remark,) = checked(text, "", "N0302", RULES, clauses=["NL-02", "NL-13"]).remarks
    assert RULES.clause["NL-02"].title in remark and "除外" in remark


def test_a_secrecy_mark_stops_it() -> None:
    with pytest.raises(ClassifiedDocument):
        checked("机密★10年\n青禾县人民政府文件\n关于苍鹭演练的通知\n", "", "N0207", RULES)


def test_an_item_that_is_not_there() -> None:
    with pytest.raises(RequestError, match="目录里没有这一项"):
        checked(NOTICE, "", "N9999", RULES)


@pytest.mark.parametrize(
    ("codes", "code"),
    [(["N02", "G0103", "N0207"], "N0207"), (["N0203", "N0207"], "N0203"), (["N02"], "N02"), ([], ""), (["无"], "")],
)
def test_the_nearest_item_that_names_fields(codes: list[str], code: str) -> None:
    assert nearest(codes, RULES) == code


ISSUED = "青禾县人民政府办公室关于印发青河管护办法的通知\n青政办发〔2024〕8号\n{}青禾县人民政府办公室\n2024年5月6日\n"


@pytest.mark.parametrize(("line", "words"), [("", ""), ("发布日期：2024-05-09\n", "2024-05-09")])
def test_the_day_of_publication_is_not_the_day_of_issue(line: str, words: str) -> None:
    found = checked(ISSUED.format(line), "", "G0102", RULES)
    told = {field.name: field.words for field in found.fields}
    assert (told["成文日期"], told["发布日期"]) == ("2024年5月6日", words)
    assert "发布日期" not in {field.name for field in found.missing}
