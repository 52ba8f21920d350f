"""Key fields of documents in the usual forms: a table of fields with the words in which each is found, or missing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gongkai.model.document import Document
from gongkai.model.duties.keyfields import Completeness, completeness, field_row
from gongkai.model.elements import read_elements
from gongkai.model.rulebook import Rulebook

BOOK = Rulebook.load()

FORENOTICE = """青禾县人民政府征收土地预公告
青征预〔2024〕3号
　　根据《中华人民共和国土地管理法》第四十五条、第四十七条的规定，现将拟征收土地有关事项公告如下：
　　一、征收范围
　　东至青禾河，南至迎宾路，西至石桥村二组耕地，北至县道X203，详见附图。
　　二、征收目的。由政府组织实施的县第二中学建设。
　　三、土地现状调查：自2024年4月1日起至4月20日止，由县自然资源局组织调查。
青禾县人民政府
2024年3月20日
"""

PLAN = """青禾县人民政府征地补偿安置方案公告
一、征收范围：石桥镇石桥村一、二组集体土地。
二、土地现状：总面积3.2105公顷，其中耕地2.1033公顷。
三、征收目的：用于青禾县第二中学建设。
四、补偿标准：执行区片综合地价，Ⅰ区片每亩48000元。
五、安置方式：货币安置，需安置农业人口41人。
六、社会保障：被征地农民参加养老保险，费用由县财政足额落实。
青禾县人民政府
2024年5月6日
"""

APPROVAL = """青禾省人民政府
青政土〔2024〕118号
青禾省人民政府关于青禾县2024年度第三批次城镇建设用地的批复
青禾县人民政府：
你县《关于批准建设用地的请示》收悉。同意将石桥镇石桥村集体农用地3.2105公顷转为建设用地并办理征收手续。
青禾省人民政府
2024年8月2日
"""

ANNOUNCEMENT = """青禾县人民政府征收土地公告
经青禾省人民政府批准（青政土〔2024〕118号），现将征收土地有关事项公告如下：
一、征收土地的位置和面积
村组\t位置\t面积（公顷）
石桥村一组\t迎宾路北\t1.1042
二、补偿标准：每亩48000元。
三、征收时间：自2024年9月1日起实施征收。
青禾县人民政府
2024年8月20日
"""

SALE = """青禾县自然资源局国有建设用地使用权挂牌出让公告
经青禾县人民政府批准，青禾县自然资源局决定以挂牌方式出让1幅地块的国有建设用地使用权。
宗地编号 | 土地位置 | 土地面积（平方米） | 土地用途 | 出让年限 | 容积率 | 绿地率 | 起始价（万元）
QH2024-05 | 迎宾路以北、学府街以东 | 21033.5 | 工业用地 | 50年 | 1.2—2.0 | 不高于20% | 512
"""

DEAL = """青禾县国有建设用地使用权成交公示
地块位置：迎宾路以北、学府街以东
土地面积：21033.5平方米　　土地用途：工业用地
受让单位：青禾县启明机械有限公司
成交价：____万元
"""

SUPPLY = """青禾县2024年第三季度土地供应结果
土地坐落	总面积	用途	开发程度	土地级别	容积率	出让年限	供应方式	受让人	成交价格(万元)	签订日期	约定开工时间	实际开工时间
迎宾路以北	21033.5	工业用地	五通一平	三级	1.2	50	挂牌出让	青禾县启明机械有限公司	512	2024-07-15	2024-12-31	/
"""  # noqa: E501

MINE = """青禾县石桥镇大坪建筑石料用灰岩矿采矿权挂牌出让公告
一、出让采矿权基本情况
矿种：建筑石料用灰岩；面积0.12平方公里；出让年限10年。
二、竞买人条件
竞买人应当为依法成立的营利法人。
三、竞价规则
网上挂牌，价高者得，加价幅度不低于10万元。
"""

GUIDE = """不动产转移登记办事指南
一、办理机构：青禾县不动产登记中心
二、设定依据：《不动产登记暂行条例》第十四条
三、申请条件：房屋已办理首次登记，转移双方共同申请。
四、申请材料
1.登记申请书；2.申请人身份证明；3.不动产权证书。
五、办理流程：受理、审核、登簿、缮证。
六、办结时限：3个工作日。
七、收费标准：住宅每件80元。
"""

ENFORCEMENT = """青禾县自然资源局行政执法公示
执法主体职责：负责本行政区域内土地、矿产资源的执法监督检查。
执法依据：《中华人民共和国土地管理法》《中华人民共和国矿产资源法》。
裁量基准：见《青禾县自然资源行政处罚裁量权基准》。
执法程序：立案、调查取证、告知、决定、送达、执行。
"""

PENALTY = """青禾县自然资源局行政处罚决定书
青自然资罚〔2024〕9号
当事人：青禾县启明机械有限公司
经查，当事人未经批准占用石桥村集体土地1200平方米建设厂房。以上行为违反了《中华人民共和国土地管理法》第四十四条的规定。
现决定：责令退还非法占用的土地，罚款12000元。
青禾县自然资源局
2024年6月3日
"""

PROJECT = """青禾县人民医院迁建项目信息公开
一、批准结果信息：可行性研究报告已经县发展和改革局批复（青发改审〔2023〕21号）。
二、招标投标信息：中标单位为青禾建工集团有限公司。
三、征收土地信息：征地批复已经取得。
四、施工有关信息：主体结构已经封顶。
五、质量安全监督信息：开展监督检查4次，发现隐患7处，均已整改。
"""

INTERMEDIARY = """青禾县行政审批中介服务事项清单
序号|中介服务项目名称|设定依据|服务时限|收费标准
1|土地勘测定界|《土地勘测定界规程》|10个工作日|双方协商
"""

MEASURES = """青禾县自然资源局2024年政务公开工作要点
一、主要措施：公开土地供应计划和征地信息，开设专栏。
二、实施步骤：3月底前完成目录调整，6月底前完成专栏改版。
三、责任分工：办公室牵头，各科室配合。
四、监督检查：每季度通报一次。
"""

REPORT = """青禾县自然资源局2024年重点工作落实情况
一、工作进展：截至9月底，已完成12项。
二、完成情况：年度任务完成率为86%。
"""

DISASTER = """青禾县石桥镇滑坡灾害情况通报
6月18日7时，石桥镇石桥村发生滑坡，预警级别为橙色预警。
灾情：未造成人员伤亡，直接经济损失约30万元。
成因：受连续强降雨影响引发。
应急救援：已转移群众41人，启动应急响应。
"""

BUDGET = """青禾县自然资源局2024年部门预算
一、按支出功能分类：自然资源海洋气象等支出1200万元。
二、按经济分类：工资福利支出600万元。
三、“三公”经费：公务接待费8万元，比上年减少2万元，主要原因是压减接待批次。
四、机关运行经费：85万元。
五、政府采购情况：政府采购预算总额120万元。
"""

ARREARS = "青禾县自然资源局2023年逾期未支付中小企业款项情况\n逾期尚未支付的合同3份，金额合计12.5万元。\n"

HOLDINGS = """青禾县矿业权审批信息公开
审批范围：县级发证的采矿权。
审批内容：新立、延续、变更、注销登记。
审批程序：受理、审查、决定。
"""

# code, document, {field: words in its place, "" for missing}
TABLE: list[tuple[str, str, dict[str, str]]] = [
    ("N0201", FORENOTICE, {"征收范围": "东至青禾河", "征收目的": "第二中学建设", "现状调查安排": "2024年4月1日起"}),
    (
        "N0203",
        PLAN,
        {
            "征收范围": "石桥镇石桥村一、二组",
            "土地现状": "其中耕地2.1033公顷",
            "征收目的": "第二中学建设",
            "补偿标准": "每亩48000元",
            "安置方式": "货币安置",
            "社会保障": "养老保险",
            "补偿登记": "",
            "异议渠道": "",
        },
    ),
    (
        "N0206",
        APPROVAL,
        {
            "批准机关": "青禾省人民政府",
            "文号": "青政土〔2024〕118号",
            "批准时间": "2024年8月2日",
            "面积": "3.2105公顷",
            "用途": "城镇建设用地",
        },
    ),
    (
        "N0207",
        ANNOUNCEMENT,
        {
            "批准机关文号": "青政土〔2024〕118号",
            "征收范围": "村组",
            "征收时间": "2024年9月1日",
            "补偿标准": "每亩48000元",
            "救济途径": "",
        },
    ),
    (
        "N0402",
        SALE,
        {
            "出让人": "青禾县自然资源局",
            "地块位置": "迎宾路以北、学府街以东",
            "面积": "21033.5",
            "用途": "工业用地",
            "年期": "50年",
            "开发程度": "",
            "规划指标要求": "1.2—2.0",
        },
    ),
    (
        "N0403",
        DEAL,
        {"地块位置": "迎宾路以北", "面积": "21033.5平方米", "用途": "工业用地", "受让人": "启明机械", "成交价": ""},
    ),
    (
        "N0404",
        SUPPLY,
        {
            "土地位置": "迎宾路以北",
            "面积": "21033.5",
            "用途": "工业用地",
            "开发程度": "五通一平",
            "土地级别": "三级",
            "容积率": "1.2",
            "出让年限": "50",
            "供地方式": "挂牌出让",
            "受让人": "启明机械",
            "成交价格": "512",
            "成交时间": "2024-07-15",
            "拟开竣工时间": "2024-12-31",
            "实际开竣工时间": "",
        },
    ),
    (
        "N0501",
        MINE,
        {
            "矿业权基本情况": "矿种：建筑石料用灰岩",
            "竞争规则": "价高者得",
            "受让人条件": "应当为依法成立",
            "权利义务": "",
        },
    ),
    (
        "G0501",
        GUIDE,
        {
            "办理主体": "不动产登记中心",
            "办理依据": "《不动产登记暂行条例》",
            "办理条件": "首次登记",
            "申请材料": "登记申请书",
            "办理程序": "受理、审核",
            "办理时限": "3个工作日",
            "收费": "每件80元",
            "办事结果": "",
        },
    ),
    (
        "G0505",
        INTERMEDIARY,
        {"项目名称": "土地勘测定界", "设置依据": "土地勘测定界规程", "服务时限": "10个工作日"},
    ),
    (
        "G0601",
        ENFORCEMENT,
        {
            "职责权限": "执法监督检查",
            "执法依据": "土地管理法",
            "裁量基准": "裁量权基准",
            "执法流程": "立案、调查取证",
            "救济途径": "",
        },
    ),
    (
        "G0602",
        PENALTY,
        {
            "文号": "青自然资罚〔2024〕9号",
            "被处罚人": "启明机械",
            "违法事实": "未经批准占用",
            "依据": "土地管理法",
            "处罚内容": "责令退还",
            "机关": "青禾县自然资源局",
            "日期": "2024年6月3日",
        },
    ),
    ("G0303", MEASURES, {"措施": "专栏", "步骤": "3月底前", "责任分工": "办公室牵头", "监督方式": "每季度通报"}),
    ("G0303", REPORT, {"进度": "已完成12项", "完成情况": "完成率为86%"}),
    (
        "N06",
        DISASTER,
        {
            "预警级别": "橙色预警",
            "区域": "石桥镇",
            "时间": "6月18日7时",
            "灾情": "未造成人员伤亡",
            "成因": "连续强降雨",
            "应急救援": "转移群众",
        },
    ),
    (
        "G0701",
        BUDGET,
        {
            "功能分类": "自然资源海洋气象",
            "经济分类": "工资福利",
            "三公经费": "公务接待费",
            "机关运行经费": "85万元",
            "政府采购说明": "120万元",
            "增减变化原因": "减少2万元，主要原因",
        },
    ),
    ("G0704", ARREARS, {"合同数量": "合同3份", "金额": "12.5万元"}),
    (
        "N05",
        HOLDINGS,
        {"审批范围": "县级发证", "审批内容": "新立、延续", "审批程序": "受理、审查", "审批要求": ""},
    ),
    (
        "G10",
        PROJECT,
        {
            "批准服务": "",
            "批准结果": "可行性研究报告",
            "招标投标": "青禾建工集团",
            "征收土地": "征地批复",
            "重大设计变更": "",
            "施工": "主体结构",
            "质量安全监督": "监督检查4次",
            "竣工": "",
        },
    ),
]


def check(code: str, text: str) -> Completeness:
    document = Document("d", text)
    return completeness(document, read_elements(document, BOOK), code, BOOK)


@pytest.mark.parametrize(("code", "text", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_fields(code: str, text: str, expected: dict[str, str]) -> None:
    found = check(code, text)
    told = {one.name: one.span.of(text) if one.span else "" for one in found.fields}
    assert told.keys() == expected.keys()
    assert [name for name, words in expected.items() if words not in told[name]] == []
    assert [one.name for one in found.missing] == [name for name, words in expected.items() if not words]
    assert found.unsure == ()
    assert all(one.basis for one in found.fields)


def test_a_field_without_a_row_of_its_own_is_looked_for_by_name() -> None:
    document = Document("d", "青禾县矿产资源总体规划\n规划期：2021年至2025年。\n")
    found = completeness(document, read_elements(document, BOOK), "N0102", replace(BOOK, fields=BOOK.fields[:1]))
    told = [(one.name, bool(one.span), one.sure) for one in found.fields]
    assert told == [("规划期", True, False), ("范围", False, False)]
    assert [one.name for one in found.unsure] == ["范围"]
    assert found.missing == ()


@pytest.mark.parametrize("code", ["G01", "G99", "无此代码"])
def test_items_that_name_no_fields(code: str) -> None:
    assert check(code, PENALTY).fields == ()


@pytest.mark.parametrize("value", ["", "____", "／", "——", "略", "待定", "    年  月  日", "×××", "（待填）"])
def test_what_nobody_filled_in_is_missing(value: str) -> None:
    assert "受让人" in [one.name for one in check("N0403", f"成交公示\n受让人：{value}\n").missing]


def test_traditional_text_is_read_too() -> None:
    found = check("N0402", "國有建設用地使用權出讓公告\n出讓人：青禾縣國土資源局\n開發程度：五通一平\n")
    assert [one.name for one in found.found] == ["出让人", "开发程度"]


def test_the_nearest_row_finds_a_field() -> None:
    rows = [field_row("批准机关", code, BOOK.fields) for code in ("N0206", "N0201", "G17")]
    assert [row and row.id for row in rows] == ["批准机关(批复)", "批准机关", None]
    assert field_row("没有的要素", "N02", BOOK.fields) is None


def test_every_field_of_the_catalog_has_a_row() -> None:
    wanted = [(row.code, name) for row in BOOK.categories for name in row.key_fields]
    assert [one for one in wanted if not field_row(one[1], one[0], BOOK.fields)] == []


def test_every_row_finds_a_field_of_the_catalog() -> None:
    names = {name for row in BOOK.categories for name in row.key_fields}
    assert {name for row in BOOK.fields for name in row.names} <= names
    assert all(row.element or row.leads or row.patterns for row in BOOK.fields)
