"""What the founding documents ask of published lists and papers that name people: who stays, what goes."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document
from gongkai.model.finding import Action, Attribute, Handling

DISHONEST = """青禾县自然资源局关于公布土地市场严重违法失信名单的公告
现将严重违法失信人名单公布如下：
序号	姓名	身份证号	住址	联系电话	失信情形
1	赵一鸣	330101199001010016	青禾县柳林镇东村3组12号	13812345678	拒不缴纳土地出让价款
2	钱多文	330101198203040038	青禾县河东镇西街18号2单元301室	13912345678	擅自改变土地用途
"""
PUPILS = """青禾镇小学2025年新生录取名单公示
序号	姓名	出生日期	监护人	电话
1	赵小明	2018-03-04	赵一鸣	13812345678
2	钱小文	2018-05-04	钱多文	13912345678
联系人：孙可望，电话0533-1234567
"""
TEACHERS = """青禾县教育局关于2025年中学教师招聘拟聘用人员名单的公示
序号	姓名	岗位
1	赵一鸣	语文
2	钱多文	数学
"""
HOMES = """青禾县住房保障中心关于2025年公共租赁住房分配结果的公示
现将分配结果公示如下，公示期7日。
序号	姓名	身份证号	联系电话	房号
1	赵一鸣	330101199001010016	13812345678	安居苑3号楼
2	钱多文	330101198203040038	13912345678	安居苑5号楼
"""
HONOURS = """青禾县自然资源局关于表彰2024年度先进个人的决定
现决定对下列同志予以表彰：
序号	姓名	身份证号	单位
1	赵一鸣	330101199001010016	测绘院
2	钱多文	330101198203040038	执法大队
"""
QUALIFIED = """青禾县自然资源局关于公布2024年度土地估价师执业资格审查合格名单的公告
序号	姓名	身份证号	执业单位
1	赵一鸣	330101199001010016	青禾评估所
2	钱多文	330101198203040038	柳湾评估所
"""
EXPOSED = """青禾县自然资源局关于曝光挂牌督办国土资源违法案件的通告
一、违法行为人：赵一鸣
违法事实：未经批准占用石桥村耕地2亩建房，责令拆除，罚款2万元。身份证号330101199001010016
二、违法行为人：钱多文
违法事实：越界开采石料，没收违法所得3万元。身份证号330101198203040038
"""
EPIDEMIC = """青禾县疾控中心流行病学调查记录
被调查人：赵一鸣，身份证号330101199001010016，手机13812345678，家住青禾县柳林镇东村3组12号。
赵一鸣3月2日出现发热，3月3日核酸检测阳性，确诊为新冠肺炎，既往有糖尿病史。
"""
PLAN = """青禾县人民政府办公室关于印发青禾县突发地质灾害应急预案的通知
各乡镇人民政府，县政府各部门：
现将《青禾县突发地质灾害应急预案》印发给你们，请认真组织实施。
一、总则
为高效有序做好突发地质灾害应急工作，避免和减轻灾害损失，制定本预案。
二、预警
预警级别分为蓝色、黄色、橙色、红色四级。应急值班电话：0533-1234567。
（此件公开发布）
附件
应急联络人
姓名	职务	手机
赵一鸣	股长	13812345678
钱多文	科员	13912345678
"""
CHANNELS = """青禾县自然资源局关于公布信访渠道的公告
通信地址：青禾县人民路8号，咨询投诉电话：0533-1234567，信访接待时间：工作日上午9时至11时，接待地点：局机关一楼信访室。
"""
NUMBERS = {"330101199001010016", "330101198203040038"}


@pytest.fixture
def read(screener):
    """The pieces of a text that stay and those that go, when it is to be published."""

    def call(text, label=None):
        title, _, _ = text.partition("\n")
        found = screener(Document("x", text, title))
        pieces = {action: set() for action in Action}
        for one in found.personal:
            pieces[one.action].add(text[one.span.start : one.span.end])
        return found, pieces[Action.keep], pieces[Action.mask]

    return call


def test_a_list_of_the_dishonest_keeps_names_and_hides_numbers(read):
    found, kept, hidden = read(DISHONEST)
    assert {one.why[-4:] for one in found.personal if one.kind == "NAME"} == {"（E1）"}
    assert {"赵一鸣", "钱多文"} <= kept
    assert hidden >= NUMBERS | {"13812345678", "13912345678"}
    assert any("3组12号" in piece for piece in hidden)
    assert any("2单元301室" in piece for piece in hidden)


def test_a_list_of_pupils_hides_them_and_their_parents(read):
    _, kept, hidden = read(PUPILS)
    assert hidden >= {"赵小明", "赵一鸣", "钱小文", "钱多文", "2018-03-04", "13812345678"}
    assert "孙可望" in kept


def test_a_list_of_teachers_keeps_the_names(read):
    _, kept, _ = read(TEACHERS)
    assert {"赵一鸣", "钱多文"} <= kept


def test_a_list_of_homes_allotted_keeps_names_and_hides_the_rest(read):
    _, kept, hidden = read(HOMES)
    assert {"赵一鸣", "钱多文"} <= kept
    assert NUMBERS | {"13812345678", "13912345678"} <= hidden


@pytest.mark.parametrize("listed", [HONOURS, QUALIFIED, EXPOSED])
def test_lists_of_honours_qualifications_and_cases_keep_names_and_hide_numbers(read, listed):
    _, kept, hidden = read(listed)
    assert {"赵一鸣", "钱多文"} <= kept
    assert hidden >= NUMBERS


def test_what_an_epidemic_made_people_tell_is_hidden(read):
    found, kept, hidden = read(EPIDEMIC)
    assert found.opinion.label != Attribute.proactive
    assert {"赵一鸣", "330101199001010016", "13812345678"} <= hidden
    assert any("3组12号" in piece for piece in hidden)
    assert {one.kind for one in found.personal} >= {"HEALTH"}
    assert "赵一鸣" not in kept


def test_an_emergency_plan_is_open_but_for_its_contacts(read):
    found, kept, hidden = read(PLAN)
    assert found.opinion.label == Attribute.proactive
    assert "0533-1234567" in kept
    assert {"13812345678", "13912345678"} <= hidden
    assert found.handling == Handling.deid


def test_channels_for_petitions_stay(read):
    found, _, hidden = read(CHANNELS)
    assert found.opinion.label == Attribute.proactive
    assert hidden == set()
