"""Which kind of personal data the heading of a column or the label of a form names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from gongkai.model.patterns import by_end

_Kinds = Mapping[str, Sequence[tuple[str, re.Pattern[str]]]]
CELL = {
    "NAME": r"姓 ?名|[\u4e00-\u9fff]{2,6}(姓名|签[名字]|签章)"
    r"|申请人|户主|户主姓名|权利人|被征收人|被补偿人|学生(姓名)?|儿童(姓名)?|患者(姓名)?|老人姓"
    r"名|负责人|联系人|驾驶(员|人)|经办人|领款人|"
    r"承包(人|方)|登记人|持证人|参保人|监护人|家长|代表|成员|人员|值班(人员|领导)?|带班领导|法定代表人"
    r"|组员|队员|带队(领导|人员?)?|检查人员|押[运送](人员?|员)|监考(人员?|员|教师)?|购机者"
    r"|(包案|包保|化解|稳控)?责任人|包案(领导|人员?)|被?继承人|共有人|补贴对象|救助对象|受助人|被保障人|拟(录|聘)用人员|考生|签名|签字|户名|收款人",
    "ID_CARD": r"(居民|公民|本人)?身份证?(件)?(号码?|码|号)?|证件号码?|公民身份号码|(居民)?身份证|残疾人?证号?码?"
    r"|驾驶证号码?",
    "PHONE_MOBILE": r"(联系|本人|监护人|家长|家庭|个人)?(电话|手机|方式)(号码?)?|联系方式|手机号?码?|(监护人|家长)及电"
    r"话",
    "BANK": r"(银行|社保|收款|信用社|农商行|个人|代领人?)?(卡|帐|账)(户|号)(号码?)?|(银行|一卡通|存折|开户|信"
    r"用社|工资|惠农|社保|收款).{0,6}(卡|账|帐)号|一卡通(账号)?",
    "ADDR_HOME": r"(家庭(详细)?|现|居住|户籍|常住|实际居住|经常居住|暂住|租房)?(住|地)址|"
    r"(常住|暂住|经常居住)地|(现)?居住地址|(现|家庭)?住处|现居地址?|现居住地|现住地?|住|住所|户籍|"
    r"户籍(所在)?地(址)?|户口(所在地|地址)?|家庭住址|"
    r"居住地|坐落|(房屋)?坐落(位置)?|门牌号?|通[讯信]地址|(被征收)?房屋(坐落|地址|位置)|送达地址|收件地址",
    "BIRTH": r"出生(年月日?|日期|时间)?|年龄|生日|生于",
    "HEALTH": r"(健康|身体|患病|伤病|身心)(状况|情况)|病(情|种|因|史)|(入院|出院|临床)?诊断(结果|意见)?|(残疾)?("
    r"类别等级|等级类别)|残疾(类别|等级|类型|情况|程度)(等级)?|"
    r"(受)?伤(情|势|害部位)|症状|疾病(名称)?|既往史|入院体检|体检(结果|情况)|自述症状",
    "EDU": r"准考证号?|考号|学籍号?|学号|((笔试|面试|总|综合|考试|加权|折合|最终)(成绩|得分|分数)?|专业测试|"
    r"折合|体测|成绩|得分|分数)|毕业(院校|学校)|文化程度|学历(学位)?|(所学)?专业|最终成绩",
    "FAMILY": r"(与(户主|申请人|本人|参保人|孩子|学生|死者|患者).{0,2}|家庭)?关系|家庭(成员|情况|状况)|监护情况|"
    r"婚姻状况|婚前状况|(生)?父母信息|家庭主要成员",
    "FIN": r"((月|年|人均|家庭|应|实|基本|绩效|本月|本次|累计)?(收入|工资|薪资|底薪|提成|补助|补偿|救助|发放|"
    r"补贴|奖励|赔偿|欠薪|应领|实领|应得|已领|还欠|未付|实得|保险金|抚恤金)(金额|标准|金|款|费|额)?(合"
    r"计)?|"
    r"(月|年|本月|发放|补助|补贴)?标准|金额|(本月|补偿|补助|救助|发放|应发|实发|支付|票据|补贴|欠付)金额|"
    r"应发(数|额)?|应得|已领|还欠|未付|实得|日工资|月收入|年收入|绩效(工资|奖金)?|实发(数|额)?|(.{0,3}"
    r"月)?合计|小计|(土地|青苗|附着物|房屋|搬迁|安置|过渡|装修|住院|医疗|护理|生活)(补偿)?(费|款)|青苗"
    r"|附着物|剔除|支付|贷方累计|借方累计|"
    r"[\u4e00-\u9fff]{0,6}(补偿款|补偿费|工资|收入|补贴款?|救助金|补助金|抚恤金|欠款|存款|余额))",
    "MINOR": r"(就读|所在)?学校(及)?(班级|年级)?|班级|年级|就读(学校|情况|班级)|学校年级|月龄",
    "PLATE": r"(车辆)?车?牌号?码?|车号|号牌(号码)?",
    "SSN": r"(社保|医保|社会保障|医疗保险)(卡)?(编?号|号码)|个人编号",
    "SPECIAL": r"(人员|困难|对象|保障|优抚)(类别|类型|情形|原因).{0,6}|政治面貌|兵役状况",
}
#: A role over a column of those who have it: the word alone, in a cell, is as often what somebody is (护林员).
ROLE = (
    r"(?!采购|[招投中议]标|[出承]租|[出受]让|[出买]卖|买受|[发转分]包|保险|投保|[债质]权|债务|[残疾老成幼]|未成年|外[国来地]|中国|农村|当地|"
    r"[公党团会学社]|从业|就业|失业|困难|参保|贫困|专业|技术)[\u4e00-\u9fff]{2,4}[人员]|(走访|接访|下访|约访|陪访|检查|督查|巡查|巡逻|执勤|参会|参训|到会|包联|帮扶|驻村)(领导|干部)"
)
#: What columns hold that names no person, so that a number in them is no mobile and a place no name.
OTHER = {
    "NUMBER": r"[\u4e00-\u9fff]{0,6}(出厂|发动机|序列|订单|车架|机身|设备|合同|发票|运单|"
    r"快递单|物流|流水|凭证|工单|图纸|产品|批|资产|条码)"
    r"(编号|号码?|编码)|发动机|(IMEI|IMSI|SN|S/N)(码|号)?|条形?码|商品(编)?码",
    "SUM": r"[\u4e00-\u9fff]{1,12}\([万亿]?元\)|[\u4e00-\u9fff]{0,6}([预决]算|执行|完成)数|[\u4e00-\u9fff]{0,6}"
    r"(产值|投资|预算|决算|采购|中标|成交|合同|交易)(总?额|价|金额)?|金额|合计|总计",
    "PLACE": r"(所[在属辖]|工作|主管|责任|牵头|配合|承办|报送|服务)?(乡|镇|乡镇|镇街|街道|村|村居|社区|单位|部门|"
    r"科室|县区?|区县|地点|地区|流域|站点)"
    r"(\(?[乡镇村街道办社区单位]*\)?)(名称)?|国籍|籍贯|民族|值班地点|培训地点|活动地点",
}


def heading_kind(text: str) -> str:
    """The kind of personal data that a column heading or a form label names; empty for others."""
    return _named(text, _kinds())


def other_kind(text: str) -> str:
    """What a column heading names that would be no heading alone: a role (NAME), NUMBER, SUM or PLACE, or nothing."""
    return _named(text, _others())


def _named(text: str, kinds: _Kinds) -> str:
    bare = text if text.isalnum() else "".join(text.split()).replace("*", "").replace(":", "").replace("：", "")
    if not 0 < len(bare) <= 24 or bare.isdigit():
        return ""
    for kind, pattern in kinds.get(bare[-1], kinds[""]):
        if pattern.match(bare):
            return kind
    return ""


@cache
def _kinds() -> _Kinds:
    """The kinds that a heading may name, by its last character."""
    return by_end((kind, re.compile(rf"^(?:{words})(?:[（(].{{0,14}}[)）])?$")) for kind, words in CELL.items())


@cache
def _others() -> _Kinds:
    return by_end((kind, re.compile(rf"^(?:{words})$")) for kind, words in (("NAME", ROLE), *OTHER.items()))
