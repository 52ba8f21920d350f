"""Titles: which lines are one, what they name, and where a title that is known stands."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.elements import read_elements
from gongkai.model.rulebook import Rulebook
from gongkai.model.titles import quoted, title_genre

RULES = Rulebook.load()
LEGAL = {
    "河湾市第十届人民代表大会第三次会议关于政府工作报告的决议": "决议",
    "河湾市人民政府关于公布规范性文件清理结果的决定": "决定",
    "河湾市人民政府令": "命令",
    "河湾市2023年国民经济和社会发展统计公报": "公报",
    "河湾区民政局公告": "公告",
    "关于江桥维修期间实行临时交通管制的通告": "通告",
    "关于全面推进政务公开工作的实施意见": "意见",
    "关于印发《城区停车管理办法》的通知": "通知",
    "关于四起违法占地典型案例的通报": "通报",
    "关于2023年预算执行情况的报告": "报告",
    "关于调整占道费标准的请示": "请示",
    "关于永和楼修缮工程方案的批复": "批复",
    "河湾市人民政府关于提请审议停车条例的议案": "议案",
    "关于移交图件的函": "函",
    "河湾市人民政府第94次常务会议纪要": "纪要",
}
OTHERS = {
    "《停车管理办法》政策解读": "解读",
    "行政处罚决定书": "行政处罚决定",
    "行政复议决定书（河府复〔2018〕77号，停车案）": "行政复议决定",
    "政府信息公开申请答复书（河民依复〔2019〕第17号）": "复函",
    "准 予 行 政 许 可 决 定 书": "行政许可决定",
    "询 问 笔 录": "笔录",
    "关于市政协第137号提案的答复": "建议提案答复",
    "2018年政府信息公开工作年度报告": "年报",
    "“6·17”中毒和窒息事故调查报告": "调查报告",
    "停车管理办法（试行）": "办法",
    "突发环境事件应急预案（2020年修订）": "预案",
    "公共租赁住房摇号结果公示（第二批）": "公示",
    "關於協議出讓地塊分期繳款申請的答覆函": "复函",
    "转发：Re: 材料补正": "电子邮件",
    "土地复垦验收意见": "审查意见",
    "关于对一名工作人员的处理决定": "文书",
    "耕地补贴发放花名册": "清单",
    "植保情报（2021年第5期）": "简报",
    "某同志考察材料": "考察材料",
    "为烈士寻找亲人": "",
}


@pytest.mark.parametrize(
    ("title", "named"),
    [
        ("青河管护办法", "《青河管护办法》"),
        ("《青河管护办法》", "《青河管护办法》"),
        ("关于印发《青河管护办法》的通知", "《关于印发〈青河管护办法〉的通知》"),
        ("关于印发《青河管护办法》", "《关于印发〈青河管护办法〉》"),
        ("《甲办法》和《乙办法》", "《〈甲办法〉和〈乙办法〉》"),
    ],
)
def test_a_title_inside_a_title_has_single_brackets(title, named):
    assert quoted(title) == named


@pytest.mark.parametrize("title", LEGAL | OTHERS)
def test_the_end_of_a_title_names_its_genre(title: str) -> None:
    genre = title_genre(title, RULES)
    assert (genre.name if genre else "") == (LEGAL | OTHERS)[title]


def test_the_fifteen_legal_genres_are_marked_and_each_is_recognised() -> None:
    assert {genre.name for genre in RULES.genres if genre.legal} == set(LEGAL.values())
    assert len(set(LEGAL.values())) == 15


@pytest.mark.parametrize("title", [title for title in LEGAL if not title.endswith("令")])
def test_a_document_of_each_legal_genre_shows_its_title(title: str) -> None:
    text = f"河湾市档案局\n\n河档〔2023〕7号\n\n{title}\n\n各单位：\n　　正文在此。\n"
    elements = read_elements(Document("t", text), RULES)
    assert (elements.title, elements.genre) == (title, LEGAL[title])


READ = {
    "over two lines": (
        "关于同意向第二中学\n划拨供应扩建用地的批复\n\n县教育局：\n",
        "关于同意向第二中学划拨供应扩建用地的批复",
    ),
    "over three lines": (
        "河湾市公安局\n关于江桥维修期间实行临时交通管制的\n通　告\n\n　　桥面要换。\n",
        "河湾市公安局关于江桥维修期间实行临时交通管制的通　告",
    ),
    "years in brackets on the second": (
        "关于古镇保护规划\n（2022—2035年）的批复\n\n河湾市人民政府：\n",
        "关于古镇保护规划（2022—2035年）的批复",
    ),
    "a serial number below": (
        "定期定额户核定定额公示\n（2023年第2批）\n\n　　根据办法，公示如下。\n",
        "定期定额户核定定额公示（2023年第2批）",
    ),
    "a draft mark below": (
        "停车管理办法\n（征求意见稿）\n\n第一条　为规范停车，制定本办法。\n",
        "停车管理办法（征求意见稿）",
    ),
    "a remark below is none of it": (
        "2024年招生应答要点\n（7月1日版，内部掌握，不得转发）\n\n一、怎么用\n",
        "2024年招生应答要点",
    ),
    "letter-spaced": ("闲 置 土 地 调 查 通 知 书\n\n河国土〔2017〕6号\n", "闲置土地调查通知书"),
    "a masthead above": (
        "河湾市水务局文件\n\n河水〔2016〕73号\n\n关于请求解决资金的请示\n\n县人民政府：\n",
        "关于请求解决资金的请示",
    ),
    "a letterhead above": ("河湾省自然资源厅便函\n\n征求对分区指标的意见\n\n省发展改革委：\n", "征求对分区指标的意见"),
    "a caution above": (
        "内部资料  注意保存\n\n关于保管使用情况的自查报告\n\n州档案局：\n",
        "关于保管使用情况的自查报告",
    ),
    "a mail's subject": (
        "发件人：甲科\n收件人：乙科\n主题：转发：Re: 来信的事（请办）\n\n请阅。\n",
        "转发：Re: 来信的事（请办）",
    ),
    "something beside it": (
        "证　　明（存根）　　　　　编号：河证字（2017）第0441号\n\n兹证明如下。\n",
        "证　　明（存根）",
    ),
    "a page around it": (
        "首页 > 通知公告 > 正文\n分享到：微信\n河湾局-通知公告\n\n关于搬迁办公地点的公告\n来源：办公室\n",
        "关于搬迁办公地点的公告",
    ),
    "a question": (
        "征地区片价，您关心的九个问题\n来源：自然资源局\n\n问：什么叫区片价？\n",
        "征地区片价，您关心的九个问题",
    ),
    "none: a letter": ("王队：\n\n按您6月4日电话的安排，我和小邵上山看了两回。\n地点在西山脚。\n", ""),
    "none: the first page is missing": ("（第1页缺）\n\n— 2 —\n\n会上，各单位通报了情况。大家认为，问题不少。\n", ""),
    "none: a table": ("序号\t名称\t数量\n1\t通知\t3\n2\t报告\t4\n", ""),
    "none: clauses": ("一、关于经费的决定\n二、关于人员的通知\n", ""),
}


@pytest.mark.parametrize("name", READ)
def test_titles_are_read(name: str) -> None:
    text, title = READ[name]
    elements = read_elements(Document("t", text), RULES)
    assert elements.title == title
    assert ("标题" in elements.parts) == bool(title)


GIVEN = {
    "as it stands": ("关于会议的通知", "河湾局\n关于会议的通知\n各科室：\n", "关于会议的通知"),
    "broken over lines": ("关于会议的通知", "关于会\n　　议的通知\n各科室：\n", "关于会\n　　议的通知"),
    "letter-spaced": ("关于会议的通知", "关 于 会 议 的 通 知\n", "关 于 会 议 的 通 知"),
    "in Traditional": ("关于会议的通知", "關於會議的通知\n", "關於會議的通知"),
    "with quotation marks": ("“双减”方案", "河湾局\n“双减”方案\n\n一、目标。\n", "“双减”方案"),
    "its remark is not in the text": ("答复书（河民复〔2019〕17号）", "河湾局\n答复书\n河民复〔2019〕17号\n", "答复书"),
    "shorter than in the text": ("2024年年度报告", "河湾局2024年年度报告\n\n　　一、概述。\n", "2024年年度报告"),
    "elsewhere first": ("关于会议的通知", "上一篇：关于会议的通知\n正文\n关于会议的通知\n各科室：\n", "关于会议的通知"),
    "not in the text": ("关于经费的请示", "河湾局\n会议记录\n请到会。\n", None),
}


@pytest.mark.parametrize("name", GIVEN)
def test_a_known_title_is_kept_and_placed(name: str) -> None:
    title, text, shown = GIVEN[name]
    elements = read_elements(Document("t", text, title), RULES)
    assert elements.title == title
    assert (elements.parts["标题"].of(text) if "标题" in elements.parts else None) == shown


def test_a_known_title_is_placed_on_its_own_line() -> None:
    title, text, _ = GIVEN["elsewhere first"]
    assert read_elements(Document("t", text, title), RULES).parts["标题"].start == text.rindex(title)
