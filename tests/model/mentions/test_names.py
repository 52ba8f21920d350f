"""People in running text, in columns and in short forms: marked ⟦mask|…⟧ or ⟦keep|…⟧ in the expected text."""

from __future__ import annotations

import re

import pytest
from papers import PAPERS

from gongkai.model.document import Document, Span
from gongkai.model.mentions.names import mentions
from gongkai.model.mentions.surnames import surname_of, surnames
from gongkai.model.reading import Reading

MARK = re.compile(r"⟦(mask|keep)\|([^⟧]*)⟧")


def people(screener, text: str) -> list[tuple[str, str]]:
    """Names; of a petitioner they may be called one of REPORTER."""
    found = screener(Document("", text)).personal
    return [(f.action.value, f.span.of(text)) for f in found if f.kind in ("NAME", "REPORTER")]


@pytest.mark.parametrize(
    "marked",
    [
        PAPERS["petition"].replace("赵一鸣", "⟦mask|赵一鸣⟧"),
        PAPERS["petition"].replace("赵一鸣", "⟦mask|欧阳晓雯⟧"),
        PAPERS["petition"].replace("赵一鸣", "⟦mask|买买提·艾力⟧"),
        PAPERS["penalty"].replace("孙国梁", "⟦keep|孙国梁⟧"),
        re.sub("(赵一鸣|钱小川|孙丽华)", r"⟦mask|\1⟧", PAPERS["list"]),
        PAPERS["request"].replace("周明远", "⟦keep|周明远⟧"),
        PAPERS["notice"],
        PAPERS["normative"],
        PAPERS["consultation"],
    ],
)
def test_people_in_papers(screener, marked):
    assert people(screener, MARK.sub(r"\2", marked)) == MARK.findall(marked)


def test_every_place_of_a_confirmed_name_is_found(screener):
    text = PAPERS["petition"].replace("您于", "赵一鸣于").replace("支付到您", "支付到赵一鸣")
    assert [piece for _, piece in people(screener, text)] == ["赵一鸣"] * 3


@pytest.mark.parametrize(("called", "found"), [("找一鸣本人核实", ["赵一鸣", "一鸣"]), ("找本人核实", ["赵一鸣"])])
def test_a_given_name_alone_is_the_same_person(screener, called, found):
    text = PAPERS["petition"].replace("您于", called + "，您于")
    assert [piece for _, piece in people(screener, text)] == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("面馆店主苗圃3时8分听见响声。", ["苗圃"]),
        ("工友方圆、高峰书面证明。", ["方圆", "高峰"]),
        ("第二名安静递补。", ["安静"]),
        ("市民白杨（电话另记）来过。", ["白杨"]),
        ("居民向社区反映，业主代表说不够。", []),
        ("住户时常看到，租户经常听见。", []),
        ("店主马上报警，顾客连夜报案。", []),
        ("邻居凌晨听见响声，车主周一说。", []),
        ("不再处罚。高春雨上年查出胃癌，铺子关了。", ["高春雨"]),
        ("门诊高血压科查出病人3名，今年确诊肺炎。", []),
    ],
)
def test_who_acts_is_named(screener, line, found):
    reading = screener.reading(Document("", line))
    assert [m.span.of(reading.text) for m in mentions(reading, []) if "acting" in m.sources] == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("授权代表方案（身份证号330101199001010016）到场。", ["方案"]),
        ("经办人：高峰，身份证330101199001010016。", ["高峰"]),
        ("申请人应持（身份证原件）到场。", []),
        ("代理人提供（身份证号330101199001010016）。", []),
    ],
)
def test_who_shows_a_card_is_named(screener, line, found):
    reading = screener.reading(Document("", line))
    assert [m.span.of(reading.text) for m in mentions(reading, []) if "carded" in m.sources] == found


@pytest.mark.parametrize(
    ("name", "line", "found"),
    [
        ("赵光明", "说光明去外地了", True),
        ("赵光明", "光明不在家", True),
        ("赵光明", "前途光明说不清", False),
        ("赵光明", "光明旧卡丢了", True),
    ],
)
def test_a_given_name_that_is_a_word(screener, name, line, found):
    text = PAPERS["petition"].replace("赵一鸣", name).replace("您于", line + "，您于")
    assert ("光明" in [piece for _, piece in people(screener, text)]) == found


def test_one_person_one_treatment(screener):
    told: set[str] = set()
    for paper, text in PAPERS.items():
        actions: dict[str, set[str]] = {}
        for action, piece in people(screener, text):
            actions.setdefault(re.sub(r"\s", "", piece), set()).add(action)
        assert all(len(found) == 1 for found in actions.values())
        told |= {paper} if actions else set()
    assert {"petition", "penalty", "list", "request"} <= told


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("赵一鸣", "赵"),
        ("欧阳晓雯", "欧阳"),
        ("欧阳", "欧"),
        ("司马光明", "司马"),
        ("肖水生", "肖"),
        ("付强", "付"),
        ("", ""),
        ("甲乙", ""),
    ],
)
def test_surname_of(name, family):
    assert surname_of(name) == family


def test_surnames_are_short_and_ranked():
    assert {len(name) for name in surnames()} <= {1, 2}
    assert set(surnames().values()) == {1, 2, 3, 4}


@pytest.mark.parametrize(
    ("text", "name", "source"),
    [
        ("经办人李卫东到场。", "李卫东", "surname"),
        ("当事人赵一鸣不服。", "赵一鸣", "after-role"),
        ("由主管脱小娟，按月报送。", "脱小娟", "role-ended"),
        ("买买提·艾力已签收。", "买买提·艾力", "dotted-loose"),
        ("序号\t姓名\t电话\n1\t赵一鸣\t无\n", "赵一鸣", "column"),
        ("李 明 到场。", "李 明", "spaced"),
        ("老李也来了。", "老李", "short"),
        ("手机13812345678（沈）未接。", "沈", "surname-only"),
    ],
)
def test_candidates(screener, text, name, source):
    found = {m.span.of(text): m.sources for m in mentions(screener.reading(Document("", text)), [])}
    assert name in found
    assert source in found[name]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("任命李强为副局长，免去其科长职务。", ["李强"]),
        ("任命王军、李强为副局长。", ["王军", "李强"]),
        ("任命李有为为副局长。", ["李有为"]),
        ("李有为副局长出席。", ["李有为"]),
    ],
)
def test_the_office_keeps_its_verb(screener, text, names):
    found = screener(Document("", text + "\n", "关于任免职的通知")).personal
    assert [f.span.of(text) for f in found if f.kind == "NAME"] == names


@pytest.mark.parametrize("text", ["二、司机和车辆\n", "由主管脱小娟按月报送。", "由主管安全员，按月报送。"])
def test_what_ends_behind_a_role_is_not_always_a_name(screener, text):
    assert not any("role-ended" in m.sources for m in mentions(screener.reading(Document("", text)), []))


def test_a_rare_name_behind_a_role_is_found_everywhere(screener):
    text = "　　乙方派社工不少于4名，项目主管脱小娟，中途不更换。\n附件：排班表（由主管脱小娟按月报送）\n"
    found = screener(Document("", text, "购买服务合同")).personal
    assert [text.count("脱小娟")] == [sum(f.span.of(text) == "脱小娟" for f in found)]


@pytest.mark.parametrize(
    ("text", "name"), [("从老桂花树下量起。", "老桂"), ("大约12（张）。", "张"), ("移走两棵杨树。", "杨树")]
)
def test_no_candidates(screener, text, name):
    found = mentions(screener.reading(Document("", text)), [])
    assert not [m for m in found if m.bare == name and m.sources & {"short", "surname-only", "surname"}]


def test_the_end_of_a_text_is_not_before_its_beginning(screener):
    found = mentions(screener.reading(Document("", "赵一鸣移走杨树两棵")), [])
    assert [m for m in found if m.bare == "赵一鸣" and "surname" in m.sources]


@pytest.mark.parametrize("name", PAPERS)
def test_candidates_lie_inside_the_text(screener, name):
    reading = screener.reading(Document("", PAPERS[name]))
    for mention in mentions(reading, []):
        assert mention.span.end <= len(reading.text)
        assert mention.bare == re.sub(r"\s", "", mention.span.of(reading.text))


@pytest.mark.parametrize(
    ("text", "parted"),
    [
        ("09:51 瓦岩兽医站-吴 咬哪里", []),
        ("09:51 瓦岩兽医站-吴 好", []),
        ("09:51 二栋业主-吴 明 漏水", ["吴 明"]),
        ("09:51 二栋业主-吴 大明：漏水", ["吴 大明"]),
        ("到会：赵 明、钱 亮", ["赵 明", "钱 亮"]),
        ("表-赵 明", ["赵 明"]),
    ],
)
def test_what_a_speaker_says_is_no_name(screener, text: str, parted: list[str]) -> None:
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    found = mentions(reading, [])
    assert {m.span.of(text) for m in found if m.sources & {"spaced", "gapped"}} >= set(parted)
    assert parted or not any(m.sources & {"spaced", "gapped"} for m in found)


def test_what_somebody_does_is_none_of_the_name(screener) -> None:
    text = "参加：镇长赵明远、文书钱立新、委员孙国梁。\n会上赵明远提议修渠，钱立新记了数。\n"
    found = screener(Document("", text)).personal
    assert {f.span.of(text) for f in found if f.kind == "NAME"} == {"赵明远", "钱立新", "孙国梁"}


def test_a_name_that_ends_like_a_preposition_is_whole(screener) -> None:
    text = "参加：镇长赵永、文书钱立新、委员赵永和。\n会上赵永说明情况，钱立新记了数。\n"
    found = screener(Document("", text)).personal
    assert {f.span.of(text) for f in found if f.kind == "NAME"} == {"赵永", "钱立新", "赵永和"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("会议记录\n参会：赵一鸣、钱多文、安全、孙小满\n研究了防汛工作。", "安全"),
        ("会议记录\n参会：赵一鸣、钱多文、管理处、孙小满\n研究了防汛工作。", "孙小满"),
        ("函\n我镇居民赵一鸣（曾用名钱二毛），男，请予核实。", "钱二毛"),
        ("询问笔录\n那天我和赵三平在店里喝酒，赵三平和钱多文吵起来，赵三平动了手。", "赵三平"),
    ],
)
def test_names_are_whole_in_lists_and_where_they_stand_again(screener, text: str, name: str) -> None:
    found = [piece for _, piece in people(screener, text)]
    assert found.count(name) == text.count(name) and "管理处" not in found
    assert not any(name.startswith(piece) and piece != name for piece in found)


def columns(heading: str, *rows: str) -> str:
    return "登记表\n" + "\n".join("\t".join(row.split()) for row in (heading, *rows)) + "\n"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            columns("序号 领款人签字 家属姓名 金额", "1 海波 向阳 50", "2 项链 云飞 60", "3 李建国 高原 70"),
            "海波向阳项链云飞李建国高原",
        ),
        (columns("序号 姓名 国籍", "1 李建国 加拿大", "2 Sarah·Hill 英国").replace("·", " "), "李建国Sarah Hill"),
        ("申请人李娜（Li Na）于3月申请。后Li Na本人到场。", "李娜Li NaLi Na"),
        ("由李建国（Vice Director）说明。", "李建国"),
        (columns("序号 乡镇 部门 户主", "1 柳河 安保 李建国", "2 安平 宣传 孙晓雯"), "李建国孙晓雯"),
        (
            columns("日期 走访人 同访人", "3月1日 席小林、郏敏 李建国", "3月2日 孙晓雯 赵铁柱"),
            "席小林郏敏李建国孙晓雯赵铁柱",
        ),
    ],
)
def test_columns_tell_names_from_words(screener, text, found):
    reading = screener.reading(Document("", text))
    assert "".join(p.span.of(text) for p in screener.people(reading, "")) == found


def test_a_name_never_spans_a_list_mark(screener):
    reading = screener.reading(Document("", "孙晓雯、李建国,钱桂芳\n"))
    assert {m.bare for m in mentions(reading, [Span(0, 11)]) if "tagger" in m.sources} == {"孙晓雯", "李建国", "钱桂芳"}
