"""Home addresses, marked whole; offices, companies and places of events stay unmarked."""

from __future__ import annotations

import re
import time

import pytest

from gongkai.model.document import Document, Span
from gongkai.model.identifiers.addresses import addresses
from gongkai.model.identifiers.doors import doors
from gongkai.model.reading import Reading

MARK = re.compile(r"⟦([^⟧]*)⟧")
LONG = 200_000


def covered(screener, text: str) -> str:
    """The text with every character of a home in marks."""
    hidden = [False] * len(text)
    for finding in addresses(Reading(Document("", text), screener.rules, screener.segmenter)):
        hidden[finding.span.start : finding.span.end] = [True] * len(finding.span)
    pieces, before = [], False
    for char, now in zip(text + "\0", [*hidden, False], strict=True):
        pieces.append("⟦" if now and not before else "⟧" if before and not now else "")
        pieces.append(char)
        before = now
    return "".join(pieces)[:-1]


@pytest.mark.parametrize(
    "marked",
    [
        "甲某，男，住⟦青禾县柳林镇东风路12号院3号楼2单元502室⟧，电话13812345678。",
        "户籍地址：⟦青禾县柳林镇石桥村六组23号⟧　现住：⟦青禾县桃园小区7号楼2单元302⟧\n",
        "家庭住址：⟦青禾市昌江大道118号陶机厂宿舍23栋106⟧　联系电话：13812345678",
        "身份证110101199003074610，住⟦青禾县曼乡曼龙寨下寨12号⟧，",
        "她家住⟦柳林镇石桥村后甲屯36号附3号⟧，独居",
        "身份证110101199003074610，户籍地⟦阿拉旗查干苏木巴彦嘎查二队⟧。",
        "冀某，63岁，⟦下社镇北庄村三队戏台后第二户⟧，电话13812345678。",
        "石某，住⟦青禾县石桥村三组12号（祠堂西墙外）⟧，电话13812345678",
        "石某，住⟦青禾县石桥村三组，水井东侧⟧，电话13812345678",
        "石某，住⟦青禾县石桥村三组12号⟧（租住），电话13812345678",
        "石某，户籍地、执行地均为⟦青禾县柳林镇石桥村老屋组⟧。因",
        "户籍：⟦柳林镇石桥村二队17号⟧，身份证110101199003074610（重号）",
        "石某一家住在⟦锅炉房后面那间耳房⟧，",
        "石某，现暂住⟦船厂仓库西头第三间⟧，",
        "石某，1956年11月出生，⟦平舒镇供销社旧楼3单元2号⟧，电话13812345678",
        "香港居民，住址：⟦九龍觀塘區翠屏道88號景泰苑3座14樓C室⟧，",
        "受理时间：3月5日\n联系地址：⟦青禾市桐花小区3幢2单元402室⟧\n",
        "受理人：甲某\n事发地点：⟦石桥新村3幢402室⟧漏水\n",
        "甲某，女，住⟦青禾县柳林镇石桥村第十二村民小组⟧，",
        "甲某，女，住⟦香港九龙青山道123号金辉大厦12楼B座⟧，",
        "现住址（⟦青禾县柳林镇石桥村3组12号⟧）",
        "承办单位：青禾县水务局，申请人：甲某，联系地址：⟦青禾市桐花小区3幢2单元402室⟧，电话13812345678\n",
        "甲某（手机13812345678） ⟦柳林镇石桥村3组⟧ 117.1200 36.6512",
        "住址:⟦青禾县柳林镇石桥村3组12号⟧/电话:13935275537",
        "常住地址：⟦青禾县柳林镇石桥村3组12号⟧\n老家：⟦青禾县石桥村5组⟧\n",
        "甲某，送达地址：⟦青禾县建设路45号5号楼2单元501室⟧，收件人：甲某",
        "申请确认甲某女士位于⟦柳林镇石桥村3组12号⟧的宅基地",
        "身份证110101199003074610，住⟦平壶县衙前街\n     纸坊巷17号院3排4号⟧，",
    ],
)
def test_a_home_is_found_whole(screener, marked: str) -> None:
    assert covered(screener, MARK.sub(r"\1", marked)) == marked


@pytest.mark.parametrize(
    "text",
    [
        "地址：青禾县解放路12号政务服务大厅3楼302室",
        "办公地点：青禾市人民西路326号，联系电话0311-58020319",
        "某某商贸有限公司，住所地青禾市渭阳区咸辅路66号。",
        "一人公司\t91420105MA4K7X2B3F\t石某\t高新区创业路66号3栋1109\t查无下落",
        "去年两家在屯里吵过三次，",
        "捐款的人母亲就住镇敬老院，",
        "本月共入住14户37人，常住人口8.1万。",
        "不公布学生姓名、身份证号、家庭住址和房产证号。",
        "新建居住区按国家规定比例修建防空地下室，",
        "新增感染者居住于水仙门街道。",
        "补偿费支付给农村集体经济组织，由村民小组会议确认。",
        "社会保险中心由铁东二路41号迁至浑江大街208号。",
        "几人把甲某按住。县医院检查，背部挫伤。",
        "居民反映位于柳林镇石桥村3组12号的砖厂",
        "办公地址：青禾市建设路45号金辉大厦12楼1203室\n",
        "招标人：青禾市水务局\n联系人：甲某\n联系地址：青禾市泗河路8号院2号楼305室\n联系电话：13812345678\n",
        "受理处室：养老处　电话：0311-58020319\n地址：青禾市海天大道1号1号楼309室\n",
        "请到市科协学会部（海天大道1号2号楼614室）办理，",
        "名称：青禾县石油有限公司\n信用代码：91370100MA3C1X2Y3X\n住所：青禾县北郊镇工业大道86号\n",
    ],
)
def test_what_is_no_home_stays(screener, text: str) -> None:
    assert covered(screener, text) == text


def test_an_address_ends_with_its_cell(screener) -> None:
    text = "姓名\t身份证号\t住址\t备注\n甲某\t110101199003074610\t站前里3号楼4单元501\t24\n"
    assert covered(screener, text) == text.replace("站前里3号楼4单元501", "⟦站前里3号楼4单元501⟧")


@pytest.mark.parametrize(
    ("text", "name", "door"),
    [
        ("1．甲某某，83号，在外打工", "甲某某", "83号"),
        ("2．甲某某，74号附1号，亲兄弟", "甲某某", "74号附1号"),
        ("402室住户甲某某多次拒绝", "甲某某", "402室"),
        ("一组\n5号门甲某某：已签", "甲某某", "5号门"),
        ("3号甲某某（答辩）", "甲某某", None),
        ("2．1幢404：甲某某夫妇", "甲某某", "1幢404"),
        ("　　1幢2单元404 甲某某", "甲某某", "1幢2单元404"),
        ("|3|甲某某|男|先锋六社|空腹14.6|", "甲某某", "先锋六社"),
        ("|3|甲某某（真名）|桐花安置区5#302|", "甲某某", "桐花安置区5#302"),
        ("|3|甲某某|石桥村二组|", "甲某某", "石桥村二组"),
        ("|3|甲某某|巡查第三组|", "甲某某", None),
        ("名单重对：\n1、1栋　甲某某，八十一，", "甲某某", "1栋"),
        ("物业在1栋找甲某某", "甲某某", None),
    ],
)
def test_a_door_beside_a_name(screener, text: str, name: str, door: str | None) -> None:
    at = Span(text.index(name), text.index(name) + len(name))
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    assert [f.span.of(text) for f in doors(reading, [at])] == ([door] if door else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("加装电梯：104那家还是不同意出钱", ["104"]),
        ("加装电梯：我家在102，采光受影响", ["102"]),
        ("业主意见：401的理由是房子有争议，1704的业主同意", ["401", "1704"]),
        ("二楼202住的是业主的老母亲", ["202"]),
        ("业主共104户，单元门禁费104元，2014年那次", []),
        ("培训安排：104那家企业不同意", []),
        ("业主共420户，其中112家不同意，2019的业主大会没开成", []),
        ("物业费调查：104那家企业不同意，大家在301，国家在2015，", []),
        ("加装电梯：6-301不签，他家在102，", ["6-301", "102"]),
    ],
)
def test_a_home_told_by_its_room(screener, text: str, found: list[str]) -> None:
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    assert [f.span.of(text) for f in doors(reading, [])] == found


@pytest.mark.parametrize("unit", ["1", "村", " ", "村1号", "住路号楼子宫女儿", "住"])
def test_long_texts_do_not_take_time_with_their_square(screener, unit: str) -> None:
    reading = Reading(Document("", (unit * LONG)[:LONG] + "。"), screener.rules, screener.segmenter)
    assert reading.cells is not None and reading.starts | reading.ends
    begun = time.process_time()
    assert list(addresses(reading)) is not None
    assert time.process_time() - begun < 10
