"""Numbers that name a person, marked in the text; look-alikes stay unmarked."""

from __future__ import annotations

import re
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.model.document import Document
from gongkai.model.grid import table_cells, table_rows
from gongkai.model.identifiers.checkdigits import credit_check, id_check, luhn
from gongkai.model.identifiers.numbers import in_columns, numbers
from gongkai.model.identifiers.phones import is_mobile

MARK = re.compile(r"⟦([A-Z_]+)\|([^⟧]*)⟧")
LONG = 200_000


def found(text: str) -> set[tuple[str, str]]:
    document = Document("", text)
    return {(f.kind, f.span.of(text)) for f in numbers(document, table_cells(table_rows(document)))}


@pytest.mark.parametrize(
    "marked",
    [
        "身份证号⟦ID_CARD|110101199003074610⟧，男",
        "公民身份号码：⟦ID_CARD|110101 19900307 4610⟧。",
        "身份证⟦ID_CARD|１１０１０１１９９００３０７４６１０⟧",
        "身份证号⟦ID_CARD|11O1O1 l99OO3O7 461O⟧",
        "公民身份号码⟦ID_CARD|1101011990030\n74610⟧，住",
        "身份证 ⟦ID_CARD|110101199003074619⟧（末位有误）",
        "旧证⟦ID_CARD|110101900307461⟧",
        "身份证号⟦ID_CARD|110101·19900307·4610⟧，身份证⟦ID_CARD|110101,19900307,4610⟧",
        "ID⟦ID_CARD|110101199003074610⟧，SFZ⟦ID_CARD|110101199003074610⟧",
        "打⟦PHONE_MOBILE|013812345678⟧，联系⟦PHONE_MOBILE|138·1234·5678⟧，⟦PHONE_MOBILE|138~1234~5678⟧",
        "手机号：|⟦PHONE_MOBILE|1|3|8|1|2|3|4|5|6|7|8⟧|",
        "座机⟦PHONE_FIX|0745.2823917⟧，宅电⟦PHONE_FIX|0745-\n2823917⟧",
        "家里电话⟦PHONE_FIX|二八二三九一七⟧，",
        "账号⟦BANK|6222·0212·3456·7890·128⟧，账号⟦BANK|六二二二〇二一二三四五六七八九〇一二八⟧",
        "折号⟦BANK|82010004556610293⟧，汇至⟦BANK|82010004556610293⟧，邮政储蓄⟦BANK|82010004556610293⟧",
        "护照：⟦PASSPORT|E-12345678⟧，签证号⟦PASSPORT|12345678⟧",
        "两辆车（⟦PLATE|湘N7K523⟧、⟦PLATE|N8M661⟧）",
        "驾驶⟦PLATE|湘-N7K523⟧，⟦PLATE|湘N＊7K523⟧，⟦PLATE|湘N·\n7K523⟧",
        "邮箱⟦EMAIL|lt1986@163。com⟧，⟦EMAIL|lt1986#163.com⟧，⟦EMAIL|lt1986@\n163.com⟧，⟦EMAIL|lt1986艾特163点com⟧",
        "扣扣⟦WECHAT|1029384756⟧，V信⟦WECHAT|jlt198603⟧，微信ＩＤ：⟦WECHAT|jlt198603⟧，QQ 号 码：⟦WECHAT|1029384756⟧",
        "学籍号⟦EDU|0612-03-0447⟧，打学籍股电话⟦PHONE_FIX|0455-3517026⟧",
        "新农合证号⟦SSN|4312270019⟧，医保手册号⟦SSN|431227-0019-2837⟧，社保电脑号⟦SSN|629384756⟧",
        "医保号我记不全，你们单子上写的⟦SSN|431227-0019-2837⟧就是他的",
        "卡号抄了一个，甲某的是⟦SSN|K00719283⟧。",
        "残疾人证号⟦ID_CARD|11010119900307461044⟧，肢体四级",
        "手机⟦PHONE_MOBILE|13812345678⟧，",
        "电话⟦PHONE_MOBILE|138 1234 5678⟧",
        "电话⟦PHONE_MOBILE|138-1234-5678⟧；",
        "签字：⟦PHONE_MOBILE|1-381-234-5678⟧ 6月",
        "拨⟦PHONE_MOBILE|139-\n7731-7808⟧，",
        "电话⟦PHONE_MOBILE|l38 l234 567O⟧",
        "手机⟦PHONE_MOBILE|＋86 138 1234 5678⟧",
        "手机⟦PHONE_MOBILE|一三八一二三四五六七八⟧一直关机",
        "手机 ⟦PHONE_MOBILE|+852 9123 4567⟧",
        "手机 ⟦PHONE_MOBILE|+853 6612 3456⟧",
        "手机 ⟦PHONE_MOBILE|0912-345-678⟧",
        "香港居民，电话⟦PHONE_MOBILE|9123 4567⟧",
        "境外⟦PHONE_MOBILE|+44 7700 900 318⟧",
        "电话：⟦PHONE_FIX|0951-3862975⟧",
        "电话（⟦PHONE_FIX|010-66012345转802⟧）",
        "卡号⟦BANK|6217 0045 5071 2435 944⟧",
        "户名甲，账号：⟦BANK|6230594502237132⟧",
        "护照⟦PASSPORT|E78405781⟧",
        "护照⟦PASSPORT|B88 412O3⟧，",
        "转业证⟦MIL_ID|（八九）转字0632⟧。",
        "医保编号 ⟦SSN|5001-0342 7709 1160⟧",
        "社会保险号⟦SSN|3303 0479 0521 7139⟧，",
        "医保 | 城乡居民医保 ⟦SSN|4510270030917865⟧ |",
        "由其侄转账（⟦BANK|6212261101008754329⟧），",
        "号牌⟦PLATE|辽D·Y4WDN⟧，",
        "车牌⟦PLATE|粤BD12345⟧",
        "微信⟦WECHAT|lanzhi780207⟧，",
        "微信联系比较快：⟦WECHAT|haruka-shuiku⟧",
        "邮箱⟦EMAIL|li.hua@qq.com⟧，",
        "准考证号⟦EDU|1920070031⟧",
        "身份证号码：⟦ID_CARD|110101  19900307  4610⟧",
        "身份证号⟦ID_CARD|11010119900307\n    4610⟧，住",
        "公民身份号码⟦ID_CARD|11010119900101345Ⅹ⟧",
        "居住证号碼（⟦ID_CARD|83000019880417602X⟧）",
        "│⟦ID_CARD|1│1│0│1│0│1│1│9│9│0│0│3│0│7│4│6│1│0⟧│",
        "身份号码|⟦ID_CARD|110101|19900307|4610⟧|男",
        "号码⟦ID_CARD|一一〇一〇一一九九〇〇三〇七四六一〇⟧",
        "个体工商户，纳税人识别号⟦ID_CARD|11010119900307461001⟧",
        "项目负责人李某⟦PHONE_MOBILE|13812345678⟧",
        "还留了手机号⟦PHONE_MOBILE|13812345678⟧，",
        "已备案|乙某（⟦PHONE_MOBILE|13812345678⟧）",
        "⟦PHONE_MOBILE|13812345678⟧、⟦PHONE_MOBILE|13987654321⟧/⟦PHONE_MOBILE|15012345678⟧",
        "Tel⟦PHONE_MOBILE|13812345678⟧",
        "电话⟦PHONE_MOBILE|138.1234.5678⟧。",
        "电话⟦PHONE_MOBILE|138  1234  5678⟧。",
        "拨⟦PHONE_MOBILE|幺三八 幺二三四 五六七八⟧",
        "座机⟦PHONE_FIX|〇五三一六六〇一二三四五⟧",
        "科室⟦PHONE_FIX|（0951）3862975⟧",
        "科室⟦PHONE_FIX|0951-3862975转801⟧",
        "科室⟦PHONE_FIX|0951-3862975分机801⟧",
        "科室⟦PHONE_FIX|O951-38629l5⟧",
        "科室⟦PHONE_FIX|0951-3862975⟧、⟦PHONE_FIX|3862976⟧",
        "科室⟦PHONE_FIX|+86 951 3862975⟧",
        "咨询：⟦PHONE_FIX|0951－38 62 975⟧（会说方言）",
        "甲某没手机，打他隔壁⟦PHONE_FIX|3862 975⟧叫一声",
        "身份证末四位⟦ID_CARD|4610⟧",
        "住院号 ⟦SSN|140105 0041 2297⟧",
        "工伤保险（个人编号 ⟦SSN|62010319650504-07⟧）",
        "物流　⟦PHONE_MOBILE|13812345678⟧",
        "银行账号：⟦BANK|6228480123456789012⟧，户名甲",
        "打到我卡⟦BANK|6216610267661339058⟧，",
        "卡号⟦BANK|6230594505880048⟧\n8月12日",
        "已核\n⟦BANK|9558809106904\n328172⟧\n青禾县\n⟦BANK|6222026\n6838741\n45201⟧\n2\n⟦BANK|6230594505880048⟧\n1",
        "信用卡 ⟦BANK|5500 0000 0000 0004⟧",
        "外国人永久居留证⟦PASSPORT|CAN110080010100⟧",
        "往来港澳通行证号⟦PASSPORT|C12345678⟧",
        "台胞证号⟦PASSPORT|05370141⟧",
        "民警现场核查甲某台胞证号⟦PASSPORT|05370141⟧",
        "军士证⟦MIL_ID|海字第2011045号⟧",
        "号牌⟦PLATE|鲁 A·1234学⟧，",
        "号牌⟦PLATE|使224578⟧，",
        "号牌⟦PLATE|京A1234警⟧，",
        "号牌⟦PLATE|粤Z·1234港⟧",
        "VX：⟦WECHAT|jia_2266x⟧",
        "微信倒是有一个，叫⟦WECHAT|jia_junjun_88⟧，",
        "微信告知☑（⟦WECHAT|jia0930⟧）",
        "证件号末四位录入为“⟦ID_CARD|568X⟧”",
        "微 信号：⟦WECHAT|wxid_abcdefghijkl⟧，",
        "邮箱⟦EMAIL|jia@qq. com⟧，",
        "Email:⟦EMAIL|jia@qq.com⟧. Tel",
        "邮箱⟦EMAIL|jialan[@]163.com⟧，⟦EMAIL|jialan☆163.com⟧，⟦EMAIL|jialan{at}163.com⟧，⟦EMAIL|jialan_at_163.com⟧",
        "邮箱：⟦EMAIL|jialan at 163 dot com⟧，⟦EMAIL|jialan@qq\n.com⟧",
        "甲某⟦ID_CARD|520103197201157329⟧⟦PHONE_MOBILE|18921407460⟧",
        "甲某⟦ID_CARD|520103197201157329⟧⟦ID_CARD|610101199003074619⟧",
        "学生甲某（G⟦ID_CARD|520103197201157329⟧）",
        "全国学籍号⟦EDU|G37030320153912001X⟧",
        "手机：⟦PHONE_MOBILE|一八九，二一四零，七四六零⟧",
        "电话⟦PHONE_FIX|0951-3862975（转8012）⟧，⟦PHONE_FIX|0951-3862975*8012⟧，⟦PHONE_FIX|0951-3862975EXT.8012⟧",
        "电话⟦PHONE_FIX|86-21-62381234⟧，⟦PHONE_FIX|+86 (21) 6238 1234⟧，固话⟦PHONE_FIX|3862975⟧",
        "卡号是⟦BANK|6222025498014477⟧或者⟦BANK|6222025498014476⟧",
        "农商行，⟦BANK|8201004556610293⟧，⟦PHONE_MOBILE|13935275537⟧",
        "户名：甲某\n账　号\n⟦BANK|6222025498014476⟧\n",
        "护照号码⟦PASSPORT|e74713142⟧，Passport No.: ⟦PASSPORT|546789123⟧",
        "香港居民身份证：⟦PASSPORT|R123456（A）⟧，澳门身份证号：⟦PASSPORT|1/123456/7⟧，台湾身份证字号⟦PASSPORT|A123456789⟧",
        "台湾居民来往大陆通行证：⟦PASSPORT|01234567（B）⟧",
        "军官证号码⟦MIL_ID|（2015）军字第123456号⟧，伤残人民警察证⟦MIL_ID|豫警C00123⟧",
        "车牌：⟦PLATE|黑BQCFTK⟧，电动自行车号牌：⟦PLATE|青禾A123456⟧，车牌号：⟦PLATE|青禾123456⟧",
        "车牌：⟦PLATE|黑B/12345⟧，警车⟦PLATE|WJ11-12345⟧",
        "微信名：⟦WECHAT|小蓝天⟧，",
        "两部手机⟦PHONE_MOBILE|13812345678⟧⟦PHONE_MOBILE|13987654321⟧，都能打通",
        "手机⟦PHONE_MOBILE|138，1234，5678⟧、⟦PHONE_MOBILE|138*1234*5678⟧；⟦PHONE_MOBILE|138※1234※5678⟧",
        "电话⟦PHONE_FIX|【0951】3862975⟧，办字〔2024〕3862975号",
        "涉案号码：⟦PHONE_MOBILE|13812345678⟧",
        "银行账号\t⟦BANK|6\t2\t1\t7\t0\t0\t1\t8\t2\t1\t5\t0\t7\t1\t6\t4⟧",
        "银行卡号：|⟦BANK|6217|0018|2150|7164|512⟧|",
        "卡号：⟦BANK|6217 0018 2150 7164⟧、⟦BANK|6217-0018-2150-7164-512⟧，",
        "身份证号|⟦ID_CARD|3|7|0|1|0|2|1|9|7|2|0|3|0|8|1|2|3|4⟧|",
        "账\n号\n⟦BANK|9\n5\n5\n8\n8\n0\n9\n1\n0\n6\n9\n0\n4\n3\n2\n8\n1\n7\n2⟧\n甲某",
        "备注\n⟦BANK|6\n2\n2\n2\n0\n2\n6\n6\n8\n3\n8\n7\n414\n5\n2\n01⟧\n已核",
        "姓名\n开户账号\n甲某\n⟦BANK|6222026683874\n145202⟧\n备注",
        "社保卡：⟦SSN|AB1381251⟧；淘宝账号：⟦WECHAT|jlt198603⟧，Telegram账号@⟦WECHAT|jlt198603⟧",
    ],
)
def test_a_number_is_found_whole(marked: str) -> None:
    text = MARK.sub(r"\2", marked)
    expected = {(kind, piece) for kind, piece in MARK.findall(marked)}
    assert expected == found(text)


@pytest.mark.parametrize(
    "text",
    [
        "统一社会信用代码91370100MA3C1X2Y3X",
        "信用代码：113701050042115648",
        "案号（2021）鲁0102民初13812号",
        "项目编号13812345678",
        "市人事局 1953—1975　204 个人登记表",
        "合同编号：13900001111",
        "运单号 13812345678901",
        "执法证号14092100417",
        "行政执法人员甲某、乙某，证件号码为 37092100417、37092100418，请核对",
        "得票数|1|3|8|1|2|3|4|5|6|7|8|",
        "卡片编号：18602310045、18602310046、13800021107",
        "东经117.120000，北纬36.651216",
        "合计13,812,345.67元",
        "图斑370112199003074610",
        "任务号SJ20220902",
        "2024年6月1日至2024年6月30日",
        "使用登记证（锅10晋H00217(12)）",
        "线索编号|421088-20240122-0317",
        "项目编号：110101202106014011",
        "国海证093501284号",
        "微信公众号gongkai2024",
        "ISBN 978-7-5000-1234-5",
        "水表号13812345678",
        "IMEI：490154203237518",
        "服务器192.168.1.100，版本V2.0.13812",
        "身份证370303×××××××4514，电话138****1234",
        "缴至中国银行网点（缴款码2111 0321 0900 0096）",
        "招标代理有限公司|91120103PQ91QYU692",
        "订单号6222021234567890128",
        "人民币13812345678元，库存13912345678件",
        "http://www.qinghe.gov.cn/art/2023/6/1/art_1234_13812345678.html",
        "100 200 300 400 500 600",
        "IMSI：460001234567890",
        "号牌累计发放123456副，车牌：共计12345块",
        "微信公众号名称：青禾发布，",
        "二〇二四年六月一日至二〇二四年六月三十日",
        "尺寸138*1234*5678毫米，合计138,1234,5678元，金额1,138,1234,5678",
        "订单号1381234567813987654321，批号：240138、13812345678",
        "会议ID：13812345678，直播间号13812345678",
        "数量\n6222026683874\n145202\n备注",
        "得分\n6\n2\n2\n2\n0\n2\n6\n6\n8\n3\n8\n7\n4\n1\n4\n5\n2\n0\n1\n5\n6\n",
        "开卡户数|1|2|3|4|5|6|7|8|9|1|2|3|4|5|6|",
        "〔2024〕3862975号",
        "户名：青禾县慈善总会\n开户银行：工商银行青禾支行\n账号：1608001109200138123\n联系人：甲某",
        "账号：1608001109200138123，户名：青禾县慈善总会",
        "乙方：青禾博雅教育科技有限公司，乙方开户行：工行青禾支行，账号：1608001109200138123，",
    ],
)
def test_a_look_alike_stays(text: str) -> None:
    assert found(text) == set()


def test_a_number_does_not_run_into_the_next_cell() -> None:
    text = "姓名\t面积\t电话\n甲某\t15340\t154743\n乙某\t12\t13812345678\n"
    assert found(text) == {("PHONE_MOBILE", "13812345678")}


@pytest.mark.parametrize(
    ("text", "accounts"),
    [
        ("收款单位：县财政局，领款人：甲某，账号：{}123", "123"),
        (
            "户名：县财政局，账号：{0}123\n户名：甲某，账号：{0}124\n户名：县公安局，账号：{0}125\n户名：乙某",
            "123 124 125",
        ),
        ("账号：{0}123，户名：县财政局\n账号：{0}124，户名：甲某\n", "124"),
        ("户名：李社会，账号：{}123", "123"),
        ("单位名称：青禾县宏达建筑有限公司\n甲某 账号：{}123", "123"),
        ("单位名称：青禾县宏达建筑有限公司，李甲的银行账号{}123", "123"),
        ("户名：青禾县宏达建筑有限公司，银行卡号：{}123", "123"),
        ("姓名：甲某　单位：青禾县教育局　账号：{}123", "123"),
        ("户名：青禾县宏达建筑有限公司\n开户行 农商行\n账 号：{}123", ""),
    ],
)
def test_an_account_is_an_offices_where_all_labels_beside_it_say_so(text: str, accounts: str) -> None:
    text = text.format("1608001109200138")
    assert {piece[-3:] for kind, piece in found(text) if kind == "BANK"} == set(accounts.split())


def test_an_examination_number_of_eleven_digits_is_no_mobile() -> None:
    text = "姓名\t准考证号\t电话\n甲某\t13708110138\t13812345678\n乙某\t13708110139\t\n丙某\t13812345678\t\n"
    assert {piece for kind, piece in found(text) if kind == "PHONE_MOBILE"} == {"13812345678"}


def test_any_line_end_parts_lines() -> None:
    text = "0\x0c姓名\t电话\r甲某\t13812345678\u2028完"
    assert ("PHONE_MOBILE", "13812345678") in found(text)


def test_an_empty_cell_is_no_place_even_in_a_row_with_too_many_cells() -> None:
    text = "姓名|病情|电话|住址\n甲某||13812345678|某村3组|乙|丙\n"
    assert found(text) == {("PHONE_MOBILE", "13812345678")}


def test_the_column_decides_when_the_check_digit_is_wrong() -> None:
    text = "序号\t姓名\t身份证号\t卡号\n1\t甲某\t990101199013074619\t1234567890123\n"
    assert {("ID_CARD", "990101199013074619"), ("BANK", "1234567890123")} <= found(text)


@pytest.mark.parametrize(
    ("headings", "cells", "expected"),
    [
        ("种植户\t补贴金额\t一折通账号", "甲某\t315.2\t6228480478123456789", {("BANK", "6228480478123456789")}),
        ("姓名\t来电号码\t内容", "甲某\t5512345\t噪声", {("PHONE_FIX", "5512345")}),
        ("姓名\t性别\t微信号", "甲某\t男\tjia_2020", {("WECHAT", "jia_2020")}),
        ("姓名\t住院号\t科室", "甲某\t342211\t内科", {("SSN", "342211")}),
        ("姓名\t投诉电话\t登录账号", "甲某\t5512345\t20240001234", set()),
        ("姓名\t微信公众号\t住院号", "甲某\tqinghe_2020\tunknown", set()),
    ],
)
def test_columns_of_everyday_lists(headings: str, cells: str, expected: set[tuple[str, str]]) -> None:
    document = Document("", f"{headings}\n{cells}\n{cells}\n")
    told = in_columns(document.folded, table_cells(table_rows(document)))
    assert {(f.kind, f.span.of(document.text)) for f in told} == expected


@pytest.mark.parametrize("heading", ["被问责人", "受处分人员", "被查处党员", "谈话对象", "车主", "受检者"])
def test_columns_that_name_people_by_what_befell_them(heading: str) -> None:
    document = Document("", f"序号\t{heading}\t承办人\n1\t甲某\t乙某\n2\t丙某\t丁某\n")
    names = [c.span.of(document.text) for c in table_cells(table_rows(document)) if c.kind == "NAME"]
    assert names == ["甲某", "乙某", "丙某", "丁某"]


def test_two_lines_of_headings_are_one() -> None:
    text = "姓名\t身份证\t补助\t\t备注\n\t号码\t账号\t金额\t\n甲某\t990101199013074619\t1234567890123\t500\t\n"
    assert found(text) == {("ID_CARD", "990101199013074619"), ("BANK", "1234567890123")}


def test_a_number_that_a_narrow_cell_broke() -> None:
    text = "|姓名|身份证号|电话|住址|\n|甲某|520103197201|1892140|某村|\n||157329|7460|3组|\n"
    text += "|乙某|520103|3862|某村|\n||157329|7460||\n"
    assert found(text) == {
        ("ID_CARD", "520103197201"), ("ID_CARD", "157329"), ("PHONE_MOBILE", "1892140"), ("PHONE_MOBILE", "7460"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (id_check, "110101199003074610", "110101199003074611"),
        (luhn, "6222021234567890128", "6222021234567890123"),
        (credit_check, "91350100M000100Y43", "91350100M000100Y44"),
    ],
)
def test_check_digits(check, right, wrong) -> None:
    assert (check(right), check(wrong)) == (True, False)


@pytest.mark.parametrize(
    ("number", "mobile"),
    [
        ("86190227", False),
        ("13812345678", True),
        ("8613812345678", True),
        ("+8613812345678", True),
        ("0311-58020319", False),
    ],
)
def test_a_line_that_begins_like_the_country_is_no_mobile(number: str, mobile: bool) -> None:
    assert is_mobile(number) is mobile


def test_a_cell_loses_brackets_that_are_not_its_own() -> None:
    text = "姓名\t电话\n甲某\t（0951-3862975）\n"
    document = Document("", text)
    places = {f.span.of(text) for f in in_columns(document.folded, table_cells(table_rows(document)))}
    assert places == {"0951-3862975"}


@st.composite
def valid(draw) -> tuple[str, str]:
    """A number with right check digits, and its type."""
    kind = draw(st.sampled_from(("ID_CARD", "PHONE_MOBILE", "BANK")))
    if kind == "PHONE_MOBILE":
        return kind, "1" + draw(st.from_regex(r"[3-9][0-9]{9}", fullmatch=True))
    if kind == "ID_CARD":
        born = draw(st.dates(date(1930, 1, 1), date(2004, 12, 31)))
        body = draw(st.sampled_from(("110101", "370303", "530102"))) + f"{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
        return kind, next(body + last for last in "0123456789X" if id_check(body + last))
    body = "62" + draw(st.from_regex(r"[0-9]{13}|[0-9]{16}", fullmatch=True))
    return kind, next(body + last for last in "0123456789" if luhn(body + last))


GROUPS = {"ID_CARD": (6, 14), "PHONE_MOBILE": (3, 7), "BANK": (4, 8, 12)}
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


@st.composite
def dressed(draw) -> tuple[str, str]:
    """The same in blanks, dashes, full width, or broken over a line."""
    kind, number = draw(valid())
    gap = draw(st.sampled_from(("", " ", "-", "－", "—", "\n", "\u3000", "\u00a0")))
    cuts = (0, *GROUPS[kind], len(number))
    if gap == "\n":
        cuts = (0, draw(st.sampled_from(GROUPS[kind])), len(number))
    text = gap.join(number[a:b] for a, b in zip(cuts, cuts[1:], strict=False))
    return kind, text.translate(WIDE) if draw(st.booleans()) else text


LEAD = st.sampled_from(("", "，", "甲某", "（", "：", "系本人", "\n", "。\t", "项目经理乙某"))
TAIL = st.sampled_from(("", "，", "元月", "）", "。", "\n", "、丙某", "\t男"))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(LEAD, dressed(), TAIL), min_size=1, max_size=4))
def test_planted_numbers_are_found_at_their_places(pieces: list[tuple[str, tuple[str, str], str]]) -> None:
    text, planted = "", []
    for lead, (kind, number), tail in pieces:
        text += "正文" + lead
        planted.append((kind, len(text), len(text) + len(number)))
        text += number + tail
    places = {(f.kind, f.span.start, f.span.end) for f in numbers(Document("", text + "完"))}
    assert set(planted) <= places


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(
        ("项目编号：", "合同编号", "运单号", "案号", "索引号：", "水表号", "发票号码", "任务号", "资产编号 ")
    ),
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(("", "，", "。", "）", "\n")),
)
def test_a_number_that_is_called_otherwise_stays(label: str, number: str, tail: str) -> None:
    assert found(f"查{label}{number}{tail}") == set()


@settings(max_examples=150, deadline=None)
@given(st.from_regex(r"9[123][1-6][0-9]{5}[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True), st.sampled_from("，。）\n"))
def test_a_credit_code_stays(body: str, tail: str) -> None:
    code = next(body + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY" if credit_check(body + last))
    assert found(f"统一社会信用代码：{code}{tail}") == set()


@pytest.mark.parametrize("text", ["", "：", "1", "1 ", "甲.", "a@"])
def test_places_without_numbers_are_no_place(text: str) -> None:
    assert found(text + "。") == set()


RUNS = ("1", "0", "村", " ", "-", "(", "+", "139", "1 ", "1-", "1|", "12 ", "一", "一 ")
WORDS = ("a.b@", "@", "姓名|", "微信", "卡号", "护照A ", "甲\t110101199003074610\t12\n")


@pytest.mark.parametrize("unit", RUNS + WORDS)
def test_time_grows_with_the_length_only(unit: str) -> None:
    def spent(length: int) -> float:
        document = Document("", (unit * length)[:length] + "。")
        cells, _ = table_cells(table_rows(document)), document.folded
        begun = time.process_time()
        for _ in numbers(document, cells):
            pass
        return time.process_time() - begun

    assert spent(LONG) < 12 * max(spent(LONG // 4), 0.02)


@pytest.mark.parametrize(
    ("heading", "values", "found"),
    [
        ("出厂编号", ("13812340001", "13912340002"), 0),
        ("发动机号", ("13812340001", "13912340002"), 0),
        ("订单号", ("13812340001", "电话13912340002"), 1),
        ("决算数（元）", ("13812340001", "250000"), 0),
        ("金额", ("13812340001", "13912340002"), 2),
        ("备注", ("13812340001", "13912340002"), 2),
        ("手机号", ("13812340001", "13912340002"), 2),
    ],
)
def test_a_heading_that_names_another_thing(heading, values, found):
    rows = [f"{n}\t水泵\t{value}\t好" for n, value in enumerate(values, 1)]
    document = Document("", "\n".join([f"序号\t设备\t{heading}\t状况", *rows]))
    assert (
        len({f.span for f in numbers(document, table_cells(table_rows(document))) if f.kind == "PHONE_MOBILE"}) == found
    )
