"""Parts of official documents, as marked text: 【part|characters】 is what must be found, and nothing else may be."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gongkai.model.document import Document, Span
from gongkai.model.elements import Elements, read_elements
from gongkai.model.rulebook import Rulebook

RULES = Rulebook.load()
MARK = re.compile(r"【([\u4e00-\u9fff]+)\|([^【】]*)】")
PARTS = [
    "份号",
    "密级和保密期限",
    "紧急程度",
    "发文机关标志",
    "发文字号",
    "签发人",
    "标题",
    "主送机关",
    "正文",
    "附件说明",
    "署名",
    "成文日期",
    "附注",
    "抄送",
    "印发",
]


def unmark(marked: str) -> tuple[str, dict[str, Span]]:
    text, parts, at = "", {}, 0
    for match in MARK.finditer(marked):
        text += marked[at : match.start()]
        parts[match[1]] = Span(len(text), len(text) + len(match[2]))
        text, at = text + match[2], match.end()
    return text + marked[at:], parts


def read(text: str, title: str = "") -> Elements:
    return read_elements(Document("t", text, title), RULES)


def found(marked: str) -> tuple[dict[str, str], dict[str, str]]:
    text, wanted = unmark(marked)
    parts = read(text).parts
    if "正文" not in wanted:
        parts = {name: span for name, span in parts.items() if name != "正文"}
    assert set(wanted) <= set(PARTS)
    return {n: s.of(text) for n, s in parts.items()}, {n: s.of(text) for n, s in wanted.items()}


FULL = """【份号|000017】
【密级和保密期限|机密★1年】
【紧急程度|特急】

【发文机关标志|川泽省人民政府办公厅文件】

【发文字号|川政办发〔2023〕12号】　　　　　　　　　　【签发人|签发人：陈有为】

【标题|川泽省人民政府办公厅关于做好
今冬明春防火工作的通知】

【主送机关|各市（州）人民政府，省政府各部门、各直属机构，有关单位：】

【正文|　　为做好今冬明春防火工作，现将有关事项通知如下。
　　一、提高认识。
　　二、落实责任。】

　　【附件说明|附件：1．防火责任分工表
　　　　　2．值班电话】

　　　　　　　　　　　　　　　　【署名|川泽省人民政府办公厅】
　　　　　　　　　　　　　　　　　【成文日期|2023年10月9日】

【附注|（此件公开发布）】

【抄送|抄送：省委办公厅，省人大常委会办公厅，
　　　省政协办公厅。】
【印发|川泽省人民政府办公厅　　　　　　　　2023年10月10日印发】
"""
PLAIN = """【标题|关于印发《城区停车管理办法》的通知】

【发文字号|河府规〔2024〕3号】

【主送机关|各镇人民政府，区政府各部门：】
　　现将《城区停车管理办法》印发给你们，请遵照执行。

　　　　　　　　【署名|河湾区人民政府】
　　　　　　　　【成文日期|2024年3月5日】
"""


def test_every_part_of_the_standard_is_found() -> None:
    marked = FULL.replace("【正文|　　", "　　【正文|")
    parts, wanted = found(marked)
    assert parts == wanted
    assert list(dict.fromkeys(PARTS)) == [name for name in PARTS if name in wanted]


CASES = {
    "plain": PLAIN,
    "blanks between characters": """【发文机关标志|平 壶 县 财 政 局】
【标题|准 予 行 政 许 可 决 定 书】

                【发文字号|平财许准字〔2O19〕 O5号】

【主送机关|山城财务咨询有限公司：】
　　你公司提出的申请收悉。
                【署名|平壶县财政局（行政审批专用章）】
                【成文日期|2O19年7月26曰】
""",
    "Traditional": """【发文机关标志|鷺灣區教育局】

【发文字号|鷺灣教函〔2019〕27號】

【标题|關於臺胞子女申請入讀公辦小學事項的覆函】

【主送机关|連先生、歐陽女士：】

　　來函收悉。現答覆如下。

　　　　　　　　【署名|鷺灣區教育局】
　　　　　　　　【成文日期|二〇一九年七月二十三日】
【抄送|副本：區臺港澳事務辦公室】
""",
    "square brackets and capital one": """【发文机关标志|國土資源部辦公廳】
【发文字号|國土資廳發[2016]19號】
【标题|國土資源部辦公廳關於印發壹份實施方案的通知】
【主送机关|各省、自治區國土資源主管部門：】
　　現印發給妳們。
　　　　　【署名|國土資源部辦公廳】
　　　　　【成文日期|2016年5月3日】
""",
    "mistranscribed year": """【发文字号|國土資發[2065 438+04]29號】
【标题|關於進壹步做好征地信息公開工作的通知】
【主送机关|各省國土資源廳：】
　　請認真落實。
""",
    "web page": """您现在的位置：首页 > 政务公开 > 通知公告 > 正文
【字体：大 中 小】 【打印】 【关闭】
【标题|河湾区民政局关于开展养老机构检查的公告】
来源：区民政局　　发布时间：2022-03-02 09:00　　浏览次数：12
　　现将检查安排公告如下。
　　　　　　【署名|河湾区民政局】
　　　　　　【成文日期|2022年3月1日】
打印本页　关闭窗口
上一篇：关于春节放假的通知　　下一篇：没有了
版权所有：河湾区人民政府　　苏ICP备05001873号-2
""".replace("【字体：大 中 小】 【打印】 【关闭】", "[字体：大 中 小] [打印] [关闭]"),
    "a number broken over two lines": """【发文机关标志|河湾区水务局】
【发文字号|河水字
〔2021〕36号】

【标题|关于汛期值班的通知】

【主送机关|各水管站：】
　　请按表值班。
""",
    "joint issue": """【发文机关标志|陇陉市发展和改革委员会
陇 陉 市 财 政 局】

【发文字号|陇发改呈〔2017〕29号】　　　　　　　　　【签发人|签发人：魏长河　牛有余】

【标题|关于调整占道费标准的请示】

【主送机关|市人民政府：】
　　妥否，请批示。

　　　　　【署名|陇陉市发展和改革委员会　　陇陉市财政局】
　　　　　　　　　【成文日期|2017年9月11日】
""",
    "order": """【标题|河湾市人民政府令】
【发文字号|第46号】

　　《河湾市供水管理办法》已经市政府第72次常务会议通过，现予公布。

　　　　　　　　　　【署名|市长　钱有余】
　　　　　　　　　　【成文日期|2020年9月22日】
""",
    "announcement with the agency above": """【标题|河湾区民政局
公　　告】
【发文字号|2020年第7号】

　　根据有关规定，现将结果公告如下。

　　　　　　　【署名|河湾区民政局】
　　　　　　　【成文日期|2020年9月22日】
【附注|（此件公开发布）】
""",
    "agency and day on one line": """【标题|河湾林业局补正告知书】
【发文字号|河林公开补〔2024〕3号】
　　请于十个工作日内补正。
【署名|河湾林业局】　【成文日期|2024年3月14日】
""",
    "addressees over two lines": """【标题|关于召开全市会议的通知】

【主送机关|各县（市、区）人民政府，各开发区管委会，市政府各部门、
各直属机构，各人民团体：】
　　定于下周召开会议。
""",
    "labels": """编号：【发文字号|辽发改便〔2023〕19号】          紧急程度：【紧急程度|加急】
【标题|关于再次征求意见的函】
【主送机关|市财政局、市商务局：】
　　请研提意见。
""",
    "no title: a letter": """【主送机关|张先生：】

　　您好！来信收到，井已打好。

　　　　　【署名|河湾镇人民政府】
　　　　　【成文日期|2021年6月2日】
""",
}


@pytest.mark.parametrize("name", CASES)
def test_parts_are_found_exactly_and_nothing_else(name: str) -> None:
    parts, wanted = found(CASES[name])
    assert parts == wanted


ABSENT = {
    "a date of birth in the last lines": (
        "成文日期",
        "关于救助的说明\n\n经办情况见表。\n\n刘某，1964年11月3日出生\n联系人手机见封面\n",
    ),
    "a term in the last lines": ("成文日期", "工作方案\n\n一、目标。\n\n二、本方案自2024年5月1日起施行\n"),
    "a certificate's number": (
        "发文字号",
        "遗失声明\n\n土地使用证　苍集用（2003）第1508号　遗失，声明作废。\n\n1\t苍集用（2003）第1508号\t作废\n",
    ),
    "a cited document's number": ("发文字号", "关于做好工作的通知\n\n根据川政发〔2020〕5号文件要求，现通知如下。\n"),
    "a quoted number on a line": ("发文字号", "关于做好工作的通知\n（川政发〔2020〕5号）有关要求如下，请执行。\n"),
    "a clause": ("标题", "一、关于工作要求\n（一）加强领导。各单位要重视。\n二、关于时间安排\n按期完成。\n"),
    "a body sentence": ("标题", "根据《关于印发办法的通知》要求，现就有关工作安排如下。请认真执行。\n"),
    "a colon after a phrase": ("主送机关", "2021年工作要点\n主要工作如下：\n一是抓落实。\n"),
    "a heading of a form": ("主送机关", "现场检查记录\n检查情况：\n通道畅通。\n"),
    "a masthead with a label": (
        "发文机关标志",
        "时间　2017年6月2日\n地点　四楼小会议室\n主持　金主任\n一、通报情况。\n",
    ),
    "an agency in the body": ("署名", "会议材料\n\n各单位发言如下。\n河湾区民政局\n请各位讨论，提出意见。\n"),
    "an attachment's heading": (
        "附件说明",
        "关于会议的通知\n各科室：\n请参会。\n　　办公室\n　　2024年1月3日\n附件：\n名单\n",
    ),
    "the header of a mail": ("抄送", "发件人：工业科\n抄送：谭局\n主题：4月份情况\n数已报，请看。\n"),
}


@pytest.mark.parametrize("name", ABSENT)
def test_nothing_is_invented(name: str) -> None:
    part, text = ABSENT[name]
    assert part not in read(text).parts


SECRECY = {
    "秘密★10年\n": "秘密★10年",
    "000017\n机密★1年\n": "机密★1年",
    "000017　　　　　　　机密★1年\n": "机密★1年",
    "机 密 ★ 2 0 年\n": "机 密 ★ 2 0 年",
    "机密*20午                 第 l 页  共 2 页\n": "机密*20午",
    "绝密★启用前\n": "绝密★启用前",
    "機密★長期\n": "機密★長期",
    "秘密☆六个月\n": "秘密☆六个月",
    "密级：秘密\n": "秘密",
    "密级：机密★10年\n": "机密★10年",
    "文件名称：图件移交　密级：秘密　份数：2\n": "秘密",
    "秘　密\n": "秘　密",
    "机密★10年 特急 河湾省国土资源厅文件\n": "机密★10年",
    "秘密★1年 关于移交图件的函\n": "秘密★1年",
}
NOT_SECRET = (
    "密级：公开\n",
    "密级：内部\n",
    "密级：无\n",
    "密级：秘密、机密、绝密\n",
    "密级：□秘密　□机密　□公开\n",
    "商业秘密\n",
    "本项目涉及商业秘密，不予公开。\n",
    "序号\t成果名称\t密级\t数量\n1\t影像\t秘密\t3\n",
    "序号 | 成果名称 | 密级\n1 | 地形图 | 秘密\n",
    "工作秘密事项清单\n",
    "保守国家秘密法宣传方案\n",
    "秘密级图件管理台账\n",
    "标注“机密★10年”的文件怎样移交\n",
    "机密★10年的文件怎样移交\n",
)
BODY = "河湾省国土资源厅\n\n关于移交图件的函\n\n省测绘院：\n　　现移交图件一批。图件标注秘密，请妥善保管。\n"


@pytest.mark.parametrize("head", SECRECY)
def test_a_secrecy_mark_in_the_head_is_found(head: str) -> None:
    elements = read(head + BODY)
    assert elements.secrecy == SECRECY[head]
    assert elements.parts["密级和保密期限"] == Span(
        head.index(SECRECY[head]), head.index(SECRECY[head]) + len(SECRECY[head])
    )


@pytest.mark.parametrize("head", NOT_SECRET)
def test_words_about_secrets_are_no_mark(head: str) -> None:
    assert read(head + BODY).secrecy == ""


def test_a_mark_below_the_head_is_no_mark() -> None:
    assert read(BODY + "　　附表如下。\n" * 8 + "秘密★10年\n").secrecy == ""


ISSUED = {
    "关于会议的通知\n各科室：\n请参会。\n　河湾区财政局\n　2024年1月3日\n": date(2024, 1, 3),
    "河湾区财政局\n工作简报\n第3期\n河湾区财政局办公室　　　2021年6月17日\n一、动态。\n二、经验。\n": date(2021, 6, 17),
    "河湾市统计公报\n河湾市统计局\n2020年6月16日\n经济平稳运行，各项事业进步。\n" * 3: date(2020, 6, 16),
    "关于会议的通知\n发布时间：2023-07-25 18:02\n请参会。\n": date(2023, 7, 25),
    "动态清单\n一、事项。\n河湾区办公室\n二〇一七年九月二十日印发\n": date(2017, 9, 20),
    "关于会议的通知\n请参会。\n河湾区财政局\n1890年1月3日\n": None,
    "关于会议的通知\n请参会。\n河湾区财政局\n2023年2月30日\n": None,
    "申请表\n姓名\t出生\t1989.07.08\n备注\t无\n": None,
    "关于会议的通知\n请参会。2021年3月5日前报名。\n": None,
}


@pytest.mark.parametrize("text", ISSUED)
def test_day_of_issue(text: str) -> None:
    assert read(text).issued == ISSUED[text]


def test_values_follow_from_the_parts() -> None:
    elements = read(unmark(FULL)[0])
    assert elements.title == "川泽省人民政府办公厅关于做好今冬明春防火工作的通知"
    assert elements.shown() == {
        "title": "川泽省人民政府办公厅关于做好今冬明春防火工作的通知",
        "number": "川政办发〔2023〕12号",
        "issuer": "川泽省人民政府办公厅",
        "issued": "2023-10-09",
        "genre": "通知",
        "annotation": "此件公开发布",
        "secrecy": "机密★1年",
    }
    assert (elements.marked, elements.kind, elements.traditional, elements.noisy) == ("公开发布", "other", False, False)


def test_page_furniture_and_script_are_noticed() -> None:
    assert read(unmark(CASES["web page"])[0]).noisy
    assert read(unmark(CASES["Traditional"])[0]).traditional
    assert not read(unmark(PLAIN)[0]).noisy


@pytest.mark.parametrize(
    ("head", "mark", "may_be_open"),
    [
        ("河湾市停车管理办法（征求意见稿）\n", "征求意见稿", True),
        ("河湾市停车管理办法\n（征求意见稿）\n", "征求意见稿", True),
        ("河湾市停车条例（草案）\n", "草案", True),
        ("河湾市停车管理办法\n（送审稿　2019年2月18日）\n", "送审稿", False),
        ("在大会上的讲话（代拟稿）\n", "代拟稿", False),
        ("（第二稿，送县委统战部会商）\n\n关于有关情况的应对方案\n", "修改稿", False),
        ("工作方案（讨论稿）\n", "讨论稿", False),
        ("工作方案（初稿）\n", "初稿", False),
        ("关于2024年财政预算草案的报告\n", "", False),
        ("河湾市停车管理办法\n", "", False),
    ],
)
def test_draft_marks(head: str, mark: str, may_be_open: bool) -> None:
    elements = read(head + "\n第一条　为规范停车，制定本办法。去年的送审稿已经作废，不再使用。\n")
    assert (elements.draft, elements.draft_open) == (mark, may_be_open)


PIECES = st.sampled_from(
    [
        *"\n\n\n 　关于的通知办法县局府〔2020〕3号第一条、：。（）★密秘机年月日2019-*附件抄送印发｜\t",
        "河湾区民政局",
        "2024年1月3日",
        "秘密★10年",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=160).map("".join).filter(str.strip), st.booleans())
@example("秘密★10年 关关关关关", False)
def test_every_part_lies_in_the_text_and_none_overlaps(text: str, titled: bool) -> None:
    elements = read(text, "关于河湾区民政局的通知" if titled else "")
    spans = sorted(elements.parts.values())
    assert set(elements.parts) <= set(PARTS)
    assert all(span.end <= len(text) and span.of(text).strip() == span.of(text) for span in spans)
    assert not any(one.overlaps(other) for one, other in zip(spans, spans[1:], strict=False))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300).filter(str.strip))
def test_any_text_is_read(text: str) -> None:
    assert all(span.end <= len(text) for span in read(text).parts.values())
