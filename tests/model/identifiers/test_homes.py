"""Homes as a whole: edges of the spotter's stretches, doors, rooms told again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.document import Span, covered
from gongkai.model.finding import Action, Finding
from gongkai.model.identifiers.homes import again, home, whole


def hidden(text: str, piece: str, action: Action = Action.mask) -> Finding:
    at = text.index(piece)
    return Finding(Span(at, at + len(piece)), "ADDR_HOME", 0.9, "test", action=action)


@pytest.mark.parametrize(
    ("text", "seen", "told"),
    [
        ("号,住古陶镇东达村南街38号,", "住古陶镇东达村南街38号", "古陶镇东达村南街38号"),
        ("户籍地舒梅县油坊村14号", "地舒梅县油坊村14号", "舒梅县油坊村14号"),
        ("现居住县城城北花园7栋", "居住县城城北花园7栋", "县城城北花园7栋"),
        ("你区小区6栋1806室住户", "小区6栋1806室住户", "小区6栋1806室"),
        ("经营场所:鹭洲街道渔港路77号", "鹭洲街道渔港路77号", None),
        ("单位地址:永兴街道滨海五道12号", "永兴街道滨海五道12号", None),
        ("到迎宾大厦写字楼", "迎宾大厦写字楼", None),
        ("(改寄河沿社后面二层砖楼)", "改寄河沿社后面二层砖楼", "河沿社后面二层砖楼"),
        ("户口在外县,租东关老粮站后院", "户口在外县,租东关老粮站后院", "东关老粮站后院"),
        ("5.3幢502:甲某", "5.3幢502", "3幢502"),
        ("09:51 一单元502业主-甲某", "51 一单元502", "一单元502"),
        ("10:20 2栋502业主-甲某", "10:20 2栋502", "2栋502"),
        ("(柳林区桐花巷22号楼", "区桐花巷22号楼", "柳林区桐花巷22号楼"),
        ("青禾县公安局,住所地青禾县迎宾路16号", "青禾县迎宾路16号", None),
        ("承租方(乙方):青禾县海岛中学\n  地址:岙山街道文教路2号\n", "岙山街道文教路2号", None),
        ("被申请人:青禾县公安局。住所地:站前路2号。", "站前路2号", None),
        ("申请人:甲某\n工作单位:青禾县海岛中学\n地址:岙山街道文教路2号\n", "岙山街道文教路2号", "岙山街道文教路2号"),
        ("姓名:甲某\n单位:青禾县海岛中学\n地址:岙山街道文教路2号\n", "岙山街道文教路2号", "岙山街道文教路2号"),
        ("信访人:甲某 青禾县海岛中学\n地址:岙山街道文教路2号\n", "岙山街道文教路2号", "岙山街道文教路2号"),
        ("所在单位:青禾县海岛中学\n地址:岙山街道文教路2号\n", "岙山街道文教路2号", "岙山街道文教路2号"),
        ("单位:青禾县海岛中学\n地址:岙山街道文教路2号\n", "岙山街道文教路2号", None),
        ("(2022)浙9901民初6671号", "浙9901民初6671号", None),
        ("申请人对城东大队作出", "城东大队", None),
        ("就住镇敬老院", "镇敬", None),
        ("户籍地、执行地均为青禾县石桥村", "、执行地均为青禾县石桥村", "青禾县石桥村"),
        ("(原石桥村河沿头18号)", "原石桥村河沿头18号", "石桥村河沿头18号"),
        ("带着女孩住在三组晒坪边红砖屋。", "带着女孩住在三组晒坪边红砖屋", "三组晒坪边红砖屋"),
        ("甲某(3-2-701)", "-2-701", "3-2-701"),
        ("该校距东风路57号大院步行", "57号大院", "东风路57号大院"),
        ("\n新桥路粮站家属院东头\n", "粮站家属院东头", "新桥路粮站家属院东头"),
        ("户口在柳林街道,在女儿家", "柳林街道", None),
        ("青禾区柳林街道,纺织厂宿舍", "青禾区柳林街道", "青禾区柳林街道"),
        ("项目名称:东风路118号3栋既有住宅", "东风路118号3栋", None),
        ("经营场所:青禾县农贸市场水产区17号", "水产区17号", None),
        ("店 91420105MA4K7X2B3F 甲某 车站北区12号", "车站北区12号", None),
        ("都搬去县城桂花苑14幢602了", "都搬去县城桂花苑14幢602了", "县城桂花苑14幢602"),
        ("三十七岁,在团结巷19号院后平房", "三十七岁,在团结巷19号院后平房", "团结巷19号院后平房"),
        ("石桥村幸福胡同东头第二家拜访过,", "石桥村幸福胡同东头第二家拜访过", "石桥村幸福胡同东头第二家"),
        ("\n(1)沟滩村甲某,已嫁", "沟滩村", None),
        ("她在大江边村老家,", "大江边村", "大江边村"),
        ("案9-1 甲某", "9-1", None),
        ("甲某,科研所东院平房第二排,", "院平房第二排", "科研所东院平房第二排"),
        ("酒厂家属楼2单元1楼,到学校闹过一回,", "酒厂家属楼2单元1楼,到学校闹过一回", "酒厂家属楼2单元1楼"),
        ("捡拾地点:菱塘镇汽车站东头第二排", "菱塘镇汽车站东头第二排", None),
        ("户籍地、执行地均为青禾县石桥村三组", "户籍地、执行地均为青禾县石桥村三组", "青禾县石桥村三组"),
        ("石桥村二队17号,身份证1101", "石桥村二队17号,身份证1101", "石桥村二队17号"),
        ("石桥村二队平房,与母亲甲某同住", "石桥村二队平房,与母亲甲某同住", "石桥村二队平房"),
        ("住云梯街21号案", "云梯街21号案", "云梯街21号"),
        ("抓获地点:云梯街21号", "云梯街21号", None),
        ("抓获地点:其租住的云梯街21号", "云梯街21号", "云梯街21号"),
        ("项目名称:农户甲某危房石桥村二队17号", "石桥村二队17号", "石桥村二队17号"),
    ],
)
def test_the_edges_of_a_home(text, seen, told):
    at = text.index(seen)
    span = home(text, Span(at, at + len(seen)))
    assert (span.of(text) if span else None) == told


@pytest.mark.parametrize(
    ("text", "piece", "told"),
    [
        ("住岩口村下寨屯17号(老晒场边木房),", "岩口村下寨屯17号", "岩口村下寨屯17号(老晒场边木房)"),
        ("住和平里6号楼东门2楼西户,", "和平里6号楼东门2楼西", "和平里6号楼东门2楼西户"),
        ("住文昌里3栋402室,", "文昌里3栋402", "文昌里3栋402室"),
        ("住文昌里3栋402(电话另报)", "文昌里3栋402", "文昌里3栋402"),
        ("证件12号码", "证件12", "证件12"),
        ("住东院平房第二排,门口有石榴树那家,", "东院平房第二排", "东院平房第二排,门口有石榴树那家"),
        ("卖早点那栋,一楼。", "卖早点那栋", "卖早点那栋,一楼"),
        ("我妹家,三楼靠里,跟孩子", "我妹家", "我妹家,三楼靠里"),
        ("瞿三(石桥村7组人)", "石桥村7", "石桥村7组"),
        ("石桥村晒谷坪组人,", "石桥村晒谷", "石桥村晒谷坪组"),
        ("石桥村往上第三家,门牌41号\n", "石桥村往上第三家", "石桥村往上第三家,门牌41号"),
        ("敬老院斜对面出租屋,", "敬老院斜对面", "敬老院斜对面出租屋"),
        ("解放北路供销社后面印刷厂宿舍403,手机", "解放北路供销社", "解放北路供销社后面印刷厂宿舍403"),
        ("|双桐巷22号,楼上204 |", "双桐巷22号", "双桐巷22号,楼上204"),
        ("民主路57号3栋402房租赁备案", "民主路57号3栋402", "民主路57号3栋402房"),
        ("石桥下坡第三家(门口有棵皂角树的)退回", "石桥下坡第三家", "石桥下坡第三家(门口有棵皂角树的)"),
        ("石桥村老屋院子人)", "石桥村老屋院", "石桥村老屋院子"),
        ("|湾塘安置区5#302|", "湾塘安置区", "湾塘安置区5#302"),
        ("住石桥村坡造屯,老祠堂左手 电话", "石桥村坡造屯", "石桥村坡造屯"),
        ("住石桥村坡造屯,老祠堂左手,电话", "石桥村坡造屯", "石桥村坡造屯,老祠堂左手"),
        ("住石桥村坡造屯,父亲住在隔壁,", "石桥村坡造屯", "石桥村坡造屯"),
        ("住桐花巷22号楼下车库改,楼上204|", "桐花巷22号楼下车库改", "桐花巷22号楼下车库改,楼上204"),
        ("住柳营新村27幢底楼车库改的那间(", "柳营新村27幢底楼车库改", "柳营新村27幢底楼车库改的那间"),
        ("住柳林村六组,门口停车的人", "柳林村六组", "柳林村六组,门口停车的人"),
    ],
)
def test_what_still_tells_the_door(text, piece, told):
    assert whole(hidden(text, piece), text, bytearray(len(text))).span.of(text) == told


def test_what_stays_is_left_as_it_is():
    text = "住岩口村下寨屯17号(老晒场边木房),"
    kept = hidden(text, "岩口村下寨屯17号", Action.keep)
    assert whole(kept, text, bytearray(len(text))) == kept


@pytest.mark.parametrize("remark", ["(户主张三)", "(13812345678房东)"])
def test_who_is_named_in_a_remark_stands_apart(remark):
    text = "住建设路12号3栋301" + remark
    home_there = hidden(text, "建设路12号3栋301")
    others = covered([hidden(text, remark[3:5]).span], len(text))
    assert whole(home_there, text, others) == home_there


@pytest.mark.parametrize(
    ("text", "piece", "rooms"),
    [
        ("住12号楼1单元402室。到402室核查", "12号楼1单元402室", ["402室"]),
        ("住文昌里18栋。18栋业主", "文昌里18栋", ["18栋"]),
        ("住育才新村604。604室群租", "育才新村604", ["604室"]),
        ("住12号楼1单元402室。1402室、会议402室2", "12号楼1单元402室", []),
        ("住南街38号。第38号文", "南街38号", []),
        ("住4组5号。5号上午", "4组5号", []),
        ("住建设路1203号。1203室样板间", "建设路1203号", []),
        ("住文昌里18栋。共18栋住宅,建18栋", "文昌里18栋", []),
        ("1幢204:甲某。1幢204漏水;1幢204、301和2幢204", "1幢204", ["1幢204", "1幢204、301"]),
    ],
)
def test_rooms_told_again(text, piece, rooms):
    assert [f.span.of(text) for f in again([hidden(text, piece)], text)] == rooms


def test_a_part_told_again_is_hidden_from_its_street_on():
    text = "住柳林区民主路57号大院3栋402房。该校距民主路57号大院不远"
    seen = hidden(text, "柳林区民主路57号大院3栋402房"), Finding(Span(25, 30), "ADDR_HOME", 0.9, "test")
    assert seen[1].span.of(text) == "57号大院"
    assert [f.span.of(text) for f in again(seen, text)] == ["民主路57号大院"]


def test_two_parts_of_one_home_are_one():
    text = "住石桥村四组,老小学往上第三家,现住青禾镇东风路3号"
    parts = [hidden(text, piece) for piece in ("石桥村四组", "老小学往上第三家", "青禾镇东风路3号")]
    assert {f.span.of(text) for f in again(parts, text)} == {"石桥村四组,老小学往上第三家"}


def test_a_home_that_stays_is_not_sought_again():
    text = "住12号楼1单元402室。到402室核查"
    assert not list(again([hidden(text, "12号楼1单元402室", Action.keep)], text))


_PIECES = st.sampled_from(["3幢", "12栋", "号楼", "2单元", "502", "5021", "、", "301", "1", "元", "，", "住"])


@given(st.lists(_PIECES, max_size=14).map("".join), st.lists(_PIECES, min_size=2, max_size=4).map("".join))
def test_flats_told_again_as_an_alternation_of_all_of_them_finds_them(rest, piece):
    form = r"(?<!\d)\d{1,3}(?:幢|栋|座|号楼)(?:\d{1,2}单元)?\d{3,4}"
    text, flat = piece + "，" + rest, re.search(form + "$", piece)
    told = rf"(?<!\d)({re.escape(flat[0])})(?:、\d{{3,4}}(?![\d.元年户人]))*(?!\d)" if flat else "(?!)"
    want = [match.span() for match in re.finditer(told, text) if match.end() > len(piece)]
    found = again([hidden(text, piece)], text)
    assert [(f.span.start, f.span.end) for f in found if form and re.match(form, f.span.of(text))] == want
