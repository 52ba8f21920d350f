"""What stays and what goes, and what stands in its place."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from gongkai.model.deid.disclosure import decide, decide_name, one_treatment, role_of
from gongkai.model.document import Document, Span
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.mentions.people import Person
from gongkai.model.reading import Reading
from gongkai.model.rulebook import Rulebook

RULES = Rulebook.load()
NAMES = ("赵一鸣", "钱多文", "李秀兰", "孙立军", "周海涛")


@pytest.mark.parametrize(
    ("kind", "text", "piece", "action"),
    [
        ("PHONE_FIX", "联系电话：0311-58020319", "0311-58020319", "keep"),
        ("PHONE_FIX", "申请人电话：0311-58020319", "0311-58020319", "mask"),
        ("PHONE_MOBILE", "监督电话13812345678（白天晚上都能打）", "13812345678", "keep"),
        ("PHONE_MOBILE", "沿线村民何大德（13812345678）打监督电话反映", "13812345678", "mask"),
        ("PHONE_MOBILE", "监督电话请打，投诉人电话：13812345678", "13812345678", "mask"),
        ("PHONE_MOBILE", "便民服务电话：何大德13812345678", "13812345678", "keep"),
        ("PHONE_MOBILE", "群众监督电话：13812345678", "13812345678", "keep"),
        ("PHONE_MOBILE", "居民服务热线：13812345678", "13812345678", "keep"),
        ("PHONE_MOBILE", "服务电话：居民委员会（13812345678）", "13812345678", "keep"),
        ("PHONE_MOBILE", "来电人：何大德，手机号：13812345678，称服务热线打不通", "13812345678", "mask"),
        ("PHONE_MOBILE", "甲某，手机13812345678", "13812345678", "mask"),
        ("BANK", "退回缴款账户6217001814821507164", "6217001814821507164", "mask"),
        ("BANK", "缴入财政非税专户37090500190000176", "37090500190000176", "keep"),
        ("EMAIL", "投诉邮箱shide@xnjyj.cn", "shide@xnjyj.cn", "keep"),
        ("EMAIL", "甲某的邮箱lihua@qq.com", "lihua@qq.com", "mask"),
        ("PLATE", "改装车牌浙CF94786，能不能走公交道", "浙CF94786", "mask"),
        ("PLATE", "公务车新H·UFQH5留馆备用", "新H·UFQH5", "keep"),
        ("WECHAT", "工作群号QQ群12345678", "12345678", "keep"),
        ("PHONE_FIX", "家中电话0311-58020319", "0311-58020319", "mask"),
        ("PHONE_FIX", "来电人电话是0311-58020319", "0311-58020319", "mask"),
        ("PHONE_FIX", "申请人的座机0311-58020319", "0311-58020319", "mask"),
        ("PHONE_FIX", "欢迎来电0311-58020319", "0311-58020319", "keep"),
        ("PHONE_MOBILE", "值班手机13812345678欠费停机", "13812345678", "keep"),
        ("PHONE_MOBILE", "单位电话13812345678", "13812345678", "mask"),
        ("PHONE_MOBILE", "他手机13812345678是公开的", "13812345678", "keep"),
        ("BANK", "汇至市见义勇为基金会专用户（6217001814821507164，", "6217001814821507164", "keep"),
        ("BANK", "县慈善总会捐款账号：6217001814821507164", "6217001814821507164", "keep"),
        ("BANK", "县慈善总会资助甲某账号6217001814821507164", "6217001814821507164", "mask"),
        ("BANK", "|县总工会|甲某|6217001814821507164|", "6217001814821507164", "mask"),
        ("PHONE_MOBILE", "他手机13812345678不是公开的", "13812345678", "mask"),
        ("FIN", "违规金额甲某户4,200元", "4,200元", "mask"),
        ("FIN", "甲某每月领取补助标准520元", "520元", "mask"),
        ("PLATE", "公务车浙A·12345因违停被查", "浙A·12345", "keep"),
        ("PLATE", "执法车到场，甲某的货车浙C·F9478受损", "浙C·F9478", "mask"),
        ("PLATE", "出警：一辆货车浙C·F9478右后轮冒烟", "浙C·F9478", "mask"),
        ("PHONE_MOBILE", "夜间打13812345678（公布）", "13812345678", "keep"),
        ("PLATE", "执法人员：甲某（云F25031）、乙某（云F25044）", "云F25044", "keep"),
        ("PLATE", "当事人：甲某（云F25031）", "云F25031", "mask"),
        ("PLATE", "执法人员：甲某、乙某，检查货车（云F25031）", "云F25031", "mask"),
        ("PLATE", "甲某身份证号110101199003074610（云F25031）", "云F25031", "mask"),
        ("PHONE_MOBILE", "甲某，证件号码：110101199003074610（13812345678）", "13812345678", "mask"),
        ("WECHAT", "QQ咨询群：12345678", "12345678", "keep"),
        ("ID_CARD", "联系电话旁的110101199003074610", "110101199003074610", "mask"),
    ],
)
def test_action_and_basis(screener, kind: str, text: str, piece: str, action: str) -> None:
    start = text.index(piece)
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    settled = decide(Finding(Span(start, start + len(piece)), kind, 0.9, "test"), reading, Attribute.proactive)
    assert settled.action == action
    assert settled.basis and settled.why


@pytest.mark.parametrize(
    ("label", "title", "line", "role"),
    [
        ("withheld", "报告", "核查人员：钱多文（乡村办）、【赵一鸣】", "handler"),
        ("withheld", "报告", "派出所【赵一鸣】到场", "handler-office"),
        ("withheld", "报告", "参加：【赵一鸣】（财政局）、钱多文", "handler-present"),
        ("withheld", "报告", "来人：【赵一鸣】（103室）", None),
        ("withheld", "报告", "来人：【赵一鸣】（原财政局）", None),
        ("proactive", "不动产权证书遗失公告", "登记所有人：【赵一鸣】", None),
        ("withheld", "笔录", "民警：【赵一鸣】（警号012345）", "handler-numbered"),
        ("withheld", "笔录", "民警：钱多文（警号012345）【赵一鸣】（012346）", "handler-numbered-next"),
        ("withheld", "笔录", "核查　钱多文（20110023061）　【赵一鸣】（20110023078）", "handler-numbered-bare"),
        ("withheld", "笔录", "核查　钱多文（20110023061）　【赵一鸣】（13800100023）", None),
        ("withheld", "笔录", "核查　钱多文（20110023061）　【赵一鸣】（05718765432）", None),
        ("withheld", "笔录", "入户调查　【赵一鸣】（19650203）", None),
        ("withheld", "笔录", "核查　申请人【赵一鸣】（6217001814）", None),
        ("withheld", "笔录", "被询问人：【赵一鸣】（20110023078）", "asked-party"),
        ("withheld", "笔录", "书记员【赵一鸣】", "handler-profession"),
        ("withheld", "笔录", "被询问人：【赵一鸣】", "asked-party"),
        ("proactive", "补贴公示", "【赵一鸣】与某建筑公司劳务报酬纠纷", "lay-dispute"),
        ("proactive", "补贴公示", "调解员【赵一鸣】，纠纷调解3件", "handler-profession"),
        ("proactive", "简报", "调解员【赵一鸣】成功调解一起邻里纠纷", "handler-profession"),
        ("proactive", "公告", "审判员【赵一鸣】审理买卖合同纠纷一案", "handler-profession"),
        ("proactive", "讲话", "副县长【赵一鸣】调研防溺亡工作", "office-holder"),
        ("proactive", "讲话", "【赵一鸣】在全县矛盾纠纷大排查会议上的讲话", None),
        ("proactive", "讲话", "县委书记【赵一鸣】到医患纠纷现场", None),
        ("proactive", "补贴公示", "【赵一鸣】（8岁）溺亡", "lay-dispute"),
        ("proactive", "补贴公示", "【赵一鸣】\n李家坝土地纠纷", None),
        ("withheld", "公告", "经查询登记所有人【赵一鸣】", "lay-owner"),
        ("withheld", "报告", "村支书【赵一鸣】说", "handler-secretary"),
        ("withheld", "报告", "桃园村原支书【赵一鸣】争地", None),
        ("withheld", "报告", "桃园村退休支书【赵一鸣】说", None),
        ("withheld", "报告", "管护员【赵一鸣】，建档立卡贫困户", None),
        ("withheld", "报告", "制衣厂女工：【赵一鸣】（组长）", None),
        ("withheld", "报告", "评审专家：【赵一鸣】（组长）", "handler-group"),
        ("proactive", "公告", "有房出租，打138-12345678找【赵一鸣】", None),
        ("proactive", "寻人公告", "请打0571-85220131找【赵一鸣】", None),
        ("proactive", "公告", "政策咨询打0571-85220130，找【赵一鸣】", "contact-asked"),
        ("proactive", "业主委员会公示", "主任：钱多文，配偶【赵一鸣】同住", "private-party"),
        ("proactive", "撤销登记公告", "法定代表人【赵一鸣】反映其3月遗失的身份证被他人冒用", "lay-impersonated"),
        ("proactive", "撤销登记公告", "经办人：【赵一鸣】审查发现申请人身份被冒用", "signer"),
        ("proactive", "公告", "原法定代表人：【赵一鸣】（无业）", None),
        ("withheld", "复核记录", "分管副县长【赵一鸣】的陈述一致", "office-holder"),
        ("withheld", "报告", "次女【赵一鸣】在外", "private-party"),
        ("withheld", "报告", "见证人【赵一鸣】到场", None),
        ("withheld", "报告", "【赵一鸣】（1960年5月生）", "private-age"),
        ("withheld", "报告", "【赵一鸣】（2014年7月至2019年5月）", None),
        ("withheld", "报告", "【赵一鸣】（住建局）、钱多文", "handler-titled"),
        ("proactive", "处罚决定书", "法定代表人：【赵一鸣】，男，身份证号330101199001010016", "punished-party"),
        ("withheld", "处罚决定书", "法定代表人：【赵一鸣】，男，身份证号330101199001010016", "legal-rep-case"),
        ("proactive", "成交公告", "受让人【赵一鸣】，身份证330101199001010016", "transferee"),
        ("proactive", "任前公示", "1.【赵一鸣】，男，1976年8月生，拟任科长", "candidate"),
        ("proactive", "任前公示", "其妻【赵一鸣】，女，1976年8月生", "private-party"),
        ("withheld", "台账", "镇妇联【赵一鸣】到场", "handler-office"),
        ("withheld", "台账", "柳林村一处【赵一鸣】的棚", None),
        ("withheld", "台账", "村警【赵一鸣】每日见面", "handler-village"),
        ("withheld", "台账", "保险理赔员【赵一鸣】到镇", "handler-profession"),
        ("proactive", "临时救助对象公示", "3    【赵一鸣】   柳林村4组", "listed"),
        ("proactive", "临时救助对象公示", "3|【赵一鸣】|4组", "listed"),
        ("withheld", "临时救助对象台账", "3|【赵一鸣】|4组", None),
        ("proactive", "临时救助对象公示", "3. 柳林镇东村【赵一鸣】，D级重建", "listed"),
        ("proactive", "临时救助对象公示", "3. 柳林镇东村【赵一鸣】户因超标未列入", None),
        ("proactive", "残疾人补贴公示", "3|【赵一鸣】|三社|330101201506240019", "listed-minor"),
        ("proactive", "小学新生录取名单公示", "3|【赵一鸣】|三班", "minors-list"),
        ("proactive", "火灾调查报告公布", "3 【赵一鸣】 工人", None),
        ("proactive", "公告送达决定书的公告", "一、【赵一鸣】（身份证号330101199001010016）", "served"),
        ("proactive", "通知", "一、【赵一鸣】（身份证号330101199001010016）", "private-age"),
        ("proactive", "招领公告", "拾得人：菜场保安【赵一鸣】", "finder"),
        ("withheld", "议事记录", "住户代表【赵一鸣】不赞成", "delegate"),
        ("proactive", "议事情况公开", "住户代表【赵一鸣】不赞成", None),
        ("withheld", "东村评议会记录", "二组　钱多文　【赵一鸣】　孙丽华", "villagers"),
        ("withheld", "督查方案", "二组　钱多文　【赵一鸣】　孙丽华", None),
        ("withheld", "抽取记录", "【赵一鸣】　青禾水文站　330101196805120016", "carded"),
        ("withheld", "转移名册", "【赵一鸣】　肢体二级残疾　二组", None),
        ("withheld", "转移名册", "【赵一鸣】　二级肢体残疾　二组", "aided"),
        ("proactive", "补贴名单公示", "【赵一鸣】　二级肢体残疾　二组", None),
        ("withheld", "走访记录", "面馆店主【赵一鸣】答应改", "lay"),
        ("proactive", "渔船事故调查报告", "门卫【赵一鸣】听见响声", "lay-in-case"),
        ("proactive", "好人榜", "门卫【赵一鸣】听见响声", None),
        ("withheld", "走访记录", "【赵一鸣】家的墙裂了", "lay-home"),
        ("withheld", "走访记录", "石桥村四组【赵一鸣】来问", "lay-villager"),
        ("withheld", "走访记录", "赵大妈（本名【赵一鸣】）去打针了", "lay-elder"),
        ("proactive", "好人榜", "赵大妈（本名【赵一鸣】）捐了钱", None),
        ("withheld", "走访记录", "抄送：石桥村【赵一鸣】", None),
        ("withheld", "小结", "不同意接种3人（钱多文、【赵一鸣】、孙丽华）", "refused"),
        ("withheld", "小结", "未到会3人（钱多文、【赵一鸣】、孙丽华）", None),
        ("withheld", "议事记录", "住户代表签字（按手印）：【赵一鸣】", "private-signer"),
        ("proactive", "烈士名录", "（三）【赵一鸣】，机枪手", "martyr"),
        ("proactive", "烈士名录", "另一位【赵一鸣】烈士葬于此", "martyr-called"),
        ("proactive", "烈士名录", "联系上【赵一鸣】烈士的侄孙", None),
        ("proactive", "沉船事故调查报告", "1．【赵一鸣】，船主，涉嫌重大责任事故罪", "blamed"),
        ("proactive", "沉船事故调查报告", "1．【赵一鸣】，男，51岁，溺亡", "private-age"),
        ("proactive", "坍塌事故调查报告", "【赵一鸣】，目击者，称未落实支护，未履行手续", None),
        ("proactive", "坍塌事故调查报告", "【赵一鸣】，受伤工人，依照《中华人民共和国社会保险法》认定", None),
        ("proactive", "火灾事故调查报告", "隔壁小吃店经营者【赵一鸣】报警", None),
        ("proactive", "火灾事故调查报告", "家具厂经营者【赵一鸣】未报警", "blamed-head"),
        ("proactive", "村务公开（纠纷调解）", "三组|【赵一鸣】|离婚纠纷", None),
        ("proactive", "拟聘用人员公示", "第二名【赵一鸣】体检不合格", "passed-over"),
        ("proactive", "拟聘用人员公示", "第二名【赵一鸣】现予公示", "published-names"),
        ("proactive", "失信名单", "3|柳林纸箱厂|投资人 【赵一鸣】|拖欠工资", "punished-party"),
        ("withheld", "关于钱多文等任免职的请示", "二、【赵一鸣】，男，1979年1月，拟任站长", "cadre"),
        ("withheld", "关于赵一鸣任职的请示", "关于【赵一鸣】任职的请示", "cadre-titled"),
        ("withheld", "关于钱多文等任免职的请示", "其妻【赵一鸣】，1979年1月生", "private-party"),
        ("on_request", "决定书", "送达人：钱　乙、【赵一鸣】", "handler-server"),
        ("on_request", "决定书", "送达：【赵一鸣】本人", None),
        ("withheld", "台账", "制表：水利科【赵一鸣】", "handler-office"),
        ("withheld", "台账", "打印：钱多文　校：【赵一鸣】", "handler-mark"),
        ("on_request", "决定书", "代理人：【赵一鸣】，石桥派出所民警", "handler-apposed"),
        ("on_request", "决定书", "代理人：【赵一鸣】，退休前石桥派出所民警", None),
        ("withheld", "记录", "我科派【赵一鸣】去看过", "handler-inside"),
        ("on_request", "决定书", "法定代表人：【赵一鸣】，场长", "legal-head"),
        ("on_request", "决定书", "法定代表人：【赵一鸣】，总经理", "legal-rep-replied"),
        ("proactive", "首次登记公告", "原权利人钱多文、【赵一鸣】已故", "registered-named"),
        ("withheld", "台账", "改由外婆|【赵一鸣】|4月2日", None),
        ("withheld", "台账", "户主|【赵一鸣】|4月2日", "private-party"),
        ("on_request", "决定书", "【赵一鸣】，殴打石桥派出所民警", None),
        ("on_request", "决定书", "【赵一鸣】，向市住建局工作人员反映", None),
        ("withheld", "记录", "派出所叫【赵一鸣】去做笔录", None),
        ("proactive", "关于来信调查处理情况的公示", "1．【赵一鸣】，反映村主任涉嫌侵占", "listed"),
        ("withheld", "任免审批表", "1.【赵一鸣】，女，43岁，妻子", "private-age"),
        ("withheld", "记录", "石桥村【赵一鸣】（支书）", None),
        ("proactive", "拟聘用人员公示", "第一名【赵一鸣】被确定为拟聘用人员", "published-names"),
        ("proactive", "非法集资案处罚公告", "投资人【赵一鸣】投入20万元", None),
        ("proactive", "养犬条例意见采纳情况", "| 3 | 市民【赵一鸣】 | 太严 |", "lay-commenter"),
        ("proactive", "养犬条例意见采纳情况", "| 3 | 【赵一鸣】 | 太严 |", "lay-commenter"),
        ("proactive", "专家意见采纳情况", "| 3 | 【赵一鸣】 | 太严 |", None),
        ("proactive", "拟处罚听证告知公告", "市民【赵一鸣】到场", None),
        ("proactive", "沉船事故调查报告", "经过有【赵一鸣】的陈述印证", "lay-witness"),
        ("on_request", "决定书", "执法人员【赵一鸣】的陈述", "signer"),
        ("withheld", "会议记录", "【赵一鸣】陈述了三点意见", None),
        ("proactive", "沉船事故调查报告", "安排装卸工【赵一鸣】下舱", "lay-worker"),
        ("proactive", "沉船事故调查报告", "总工【赵一鸣】下舱", None),
        ("withheld", "会商记录", "弟弟是邻镇副镇长【赵一鸣】，打过招呼", "kin-official"),
        ("withheld", "会商记录", "兄弟单位是县局副局长【赵一鸣】牵头", "office-holder"),
        ("on_request", "复函", "公司联系人【赵一鸣】13812345678", "company-contact"),
        ("on_request", "复函", "我局联系人：【赵一鸣】", "contact"),
        ("withheld", "检查记录", "受检单位现场负责人（签名）：【赵一鸣】", "private-signer"),
        ("withheld", "检查记录", "检查人员（签名）：【赵一鸣】", "handler"),
        ("withheld", "登记表", "受理人\n【赵一鸣】\n受理日期\n5月6日", "handler"),
        ("withheld", "登记表", "家庭住址　东村　　接访人　【赵一鸣】", "handler"),
        ("withheld", "登记表", "当日调查人员：钱多文、\n【赵一鸣】", "handler"),
        ("withheld", "月报", "成员：钱多文（司法所）、【赵一鸣】（与其父亲同住）", None),
        ("withheld", "月报", "成员：钱多文（司法所）、【赵一鸣】（邻居）", "lay-kin-remark"),
        ("withheld", "月报", "成员：钱多文（司法所）、【赵一鸣】（女）", None),
        ("withheld", "月报", "【赵一鸣】（配偶：钱多文）", None),
        ("proactive", "不动产继承登记公告", "继承人：【赵一鸣】（妻子）、钱多文（长子）", "registered-named"),
        ("withheld", "慰问金发放表", "慰问：【赵一鸣】、钱多文各1000元", None),
        ("withheld", "慰问金发放表", "慰问教师：【赵一鸣】、钱多文", None),
        ("withheld", "慰问登记表", "慰问人员：【赵一鸣】、钱多文", "handler"),
        ("withheld", "送达回证", "受送达人（签名或盖章）：【赵一鸣】", "private-signer"),
        ("withheld", "勘验笔录", "当事人（签名）\n钱多文\n见证人（签名）\n【赵一鸣】", "private-signer"),
        ("withheld", "勘验笔录", "勘验人员（签名）\n【赵一鸣】", "handler"),
        ("withheld", "拘留人员名单", "1、【赵一鸣】，男，1985年3月生，县财政局科员", "private-age"),
        ("withheld", "干部名册", "1、【赵一鸣】，男，1985年3月生，曾任县财政局科员", "private-age"),
        ("withheld", "目标管理责任书", "乙方负责人：【赵一鸣】", None),
        ("withheld", "安全生产责任书", "乙方负责人：【赵一鸣】", "lay-contractor"),
        ("withheld", "邮件", "发件人：【赵一鸣】 <zym@heng.com>；抄送：钱多文 <q@east.gov.cn>", None),
        ("withheld", "邮件", "发件人：【赵一鸣】 <zym@stu.east.edu.cn>", None),
        ("withheld", "答辩书", "县水务局\n法定代表人：钱多文，局长\n委托代理人：【赵一鸣】", None),
        ("proactive", "困难正式党员慰问公示", "【赵一鸣】，男，82岁", "private-age"),
        ("proactive", "拟转为正式党员公示", "【赵一鸣】，男，32岁", "candidate"),
        ("proactive", "优秀少先队辅导员名单", "1 【赵一鸣】 东村小学", None),
        ("proactive", "优秀少先队员、优秀辅导员名单", "1 【赵一鸣】 东村小学", "minors-list"),
        ("withheld", "走访记录", "走访人：【赵一鸣】、钱多文", "handler"),
        ("withheld", "家访记录", "家访教师：钱多文、【赵一鸣】", "handler"),
        ("withheld", "走访记录", "走访对象：【赵一鸣】", "asked-party"),
        ("withheld", "鉴定抽取记录", "患方代表：【赵一鸣】", "delegate"),
        ("proactive", "青少年足球赛获奖名单", "二等奖：【赵一鸣】、钱多文", "minors-list"),
        ("withheld", "签到表", "钱多文　　县教育局\n【赵一鸣】　　东村", None),
        ("withheld", "走访记录", "上午去了住户家，下午找社区民警。\n【赵一鸣】不在家", None),
        ("withheld", "检查记录", "法定代表人（负责人）：【赵一鸣】　职务：经理", "legal-rep-case"),
        ("withheld", "检查记录", "法定代表人：【赵一鸣】　职务：局长", None),
        ("proactive", "沉船事故调查报告", "甲公司，法定代表人【赵一鸣】，主营运沙", "legal-rep"),
        ("on_request", "批复", "甲公司（法定代表人：【赵一鸣】）：", "legal-rep-replied"),
        ("proactive", "认定决定书", "法定代理人【赵一鸣】到场", None),
        ("proactive", "撤销冒名登记公告", "登记的法定代表人为【赵一鸣】", None),
        ("on_request", "信封", "寄：柳林花园9幢1702室 【赵一鸣】 收", "receiver"),
        ("on_request", "信封", "寄：柳林大厦办公室1702室 【赵一鸣】 收", None),
        ("proactive", "沉船事故调查报告", "【赵一鸣】，乙船厂经营者，涉嫌重大责任事故罪", "blamed"),
        ("proactive", "沉船事故调查报告", "2．【赵一鸣】，主要负责人，未履行职责，罚款", "blamed"),
        ("proactive", "沉船事故调查报告", "【赵一鸣】，装卸工，未落实措施，鉴于已死亡，不再追究", None),
        ("proactive", "沉船事故调查报告", "1．【赵一鸣】，死者之妻，依据《中华人民共和国民法典》", None),
        ("proactive", "沉船事故调查报告", "乙船厂是个体户，经营者【赵一鸣】", "blamed-head"),
        ("proactive", "沉船事故调查报告", "经营者【赵一鸣】当场死亡", None),
        ("on_request", "赵一鸣任职时间认定的复函", "一、【赵一鸣】，女，主管技师", None),
        ("on_request", "业主委员会备案的复函", "委　员 【赵一鸣】（3栋）、钱多文（5栋）", "listed-committee"),
        ("on_request", "业主委员会备案的复函", "业主【赵一鸣】说签名不是他写的。", None),
        ("withheld", "排查记录", "【赵一鸣】（村民小组长）到场", "handler-titled"),
        ("withheld", "排查记录", "【赵一鸣】（装配组长）到场", None),
        ("withheld", "排查记录", "小学【赵一鸣】老师报告", "handler-teacher"),
        ("withheld", "排查记录", "小学【赵一鸣】老师家被盗", None),
        ("on_request", "复函", "不明白的，打0311-58020319，找【赵一鸣】", "contact-asked"),
        ("on_request", "复函", "不明白的，打13812345678，找【赵一鸣】", None),
        ("proactive", "耕地补贴公示", "二|【赵一鸣】|4.8|324.00", "listed"),
        ("proactive", "耕地补贴公示", "二、【赵一鸣】不在名单里", None),
        ("proactive", "耕地补贴公示", "3 钱多文 二组 代办人【赵一鸣】", "lay-proxy"),
        ("proactive", "耕地补贴公示", "3 钱多文 二组 代领：【赵一鸣】", "lay-proxy"),
        ("proactive", "便民代办员公示", "代办人【赵一鸣】", None),
        ("proactive", "失信名单公告", "名单中“【赵一鸣】”一人系身份被冒用，不列入", "lay-impersonated"),
        ("proactive", "处罚决定书", "当事人：【赵一鸣】，冒用他人身份证", "punished-party"),
        ("on_request", "决定书", "法定代表人：【赵一鸣】 身份证号：330101199001010016", "legal-rep-replied"),
        ("on_request", "复函", "打0311-5802 0319找【赵一鸣】", "contact-asked"),
        ("withheld", "排查记录", "民兵【赵一鸣】背人下山", "handler-village"),
        ("proactive", "在座谈会上的讲话", "副局长 【赵一鸣】\n（2019年11月22日）", "office-holder"),
        ("proactive", "处罚决定书", "【赵一鸣】（1984年3月11日出生）", "private-age"),
        ("proactive", "处罚决定书", "当事人二：【赵一鸣】，男，1984年3月11日出生", "punished-party"),
        ("withheld", "记录", "护理员【赵一鸣】说", "lay"),
        (
            "proactive",
            "常务会议",
            "公众代表2名（抽签产生：【赵一鸣】 13812345678、钱多文）",
            "delegate-public",
        ),
        ("proactive", "县政府常务会议", "公众代表【赵一鸣】列席", None),
        ("proactive", "欠薪典型案件的通告", "领取人【赵一鸣】、钱多文等12名职工签字", "lay-group"),
        ("proactive", "表彰决定", "授予【赵一鸣】、钱多文等12名职工称号", "published-names"),
        ("withheld", "支委会记录", "入党申请人【赵一鸣】要不要列席", "lay-party-applicant"),
        ("on_request", "调解记录", "原告代理人【赵一鸣】律师、钱多文", "lay-counsel"),
        ("on_request", "调解记录", "县住房和城乡建设局，代理人【赵一鸣】", None),
        ("on_request", "调解记录", "委托代理人：【赵一鸣】，石桥律师事务所", None),
        ("on_request", "托管合同", "乙方项目经理为【赵一鸣】，更换须经同意", "lay-contractor"),
        ("on_request", "托管合同", "甲方联系人：【赵一鸣】", "contact-principal"),
        ("withheld", "磋商记录", "磋商小组：钱多文（组长）、【赵一鸣】（物业）", "lay-panel"),
        ("withheld", "评审讨论", "13:22 评委4-【赵一鸣】：我", "lay-panel"),
        ("withheld", "磋商记录", "评审专家：【赵一鸣】（采购人代表）", None),
        ("withheld", "磋商记录", "答：【赵一鸣】（授权代表，13812345678）", "lay-bidder"),
        ("withheld", "核查三组群聊", "08:56 【赵一鸣】\n撤不回来了", "handler-speaker"),
        ("withheld", "核查三组群聊", "09:05 石桥镇 【赵一鸣】：收到", "handler-speaker-unit"),
        ("withheld", "三小区业主群聊天", "08:56 【赵一鸣】：又停水了", None),
        ("withheld", "核查三组群聊", "石桥乡-【赵一鸣】  09:40\n收到", "handler-speaker-first"),
        ("withheld", "核对说明", "派【赵一鸣】、钱多文二人赴现场", "handler-sent"),
        ("withheld", "党组会议纪要", "【赵一鸣】、钱多文两名同志民主推荐得票", "cadre-comrade"),
        ("withheld", "党组会议纪要", "慰问困难党员【赵一鸣】同志", None),
        ("withheld", "钱多文同志考察材料", "【赵一鸣】同志的爱人", None),
        ("withheld", "鉴定意见", "审读：钱多文  【赵一鸣】(上岗证B-0417)", "handler-numbered"),
        ("withheld", "会商记录", "参加：钱多文（派出所）、【赵一鸣】（社工站）", "handler-present"),
        ("withheld", "调解记录", "参加人：双方当事人钱多文、【赵一鸣】", None),
        ("on_request", "答复书", "县疾控中心【赵一鸣】负责联系", "handler-charged"),
        ("withheld", "认定报告", "由【赵一鸣】、钱多文两位同志负责调查", "handler-comrade"),
        ("proactive", "仲裁文书公告送达", "3．石桥租赁有限公司：【赵一鸣】（男，1988年1月30日生）", "served-claimant"),
        ("proactive", "奖励扶助对象公示", "三组【赵一鸣】不符合，评议没过", "lay-unlisted"),
        ("proactive", "摊位抽签结果公示", "原中签人【赵一鸣】自愿放弃", "lay-unlisted"),
        ("proactive", "摊位抽签结果公示", "换下【赵一鸣】（超龄）", "lay-struck"),
        ("proactive", "摊位抽签结果公示", "换下【赵一鸣】主任", None),
        ("proactive", "摊位抽签结果公示", "取消【赵一鸣】资格", "lay-struck"),
        ("proactive", "评标专家名单调整公告", "取消【赵一鸣】资格", None),
        ("proactive", "摊位抽签结果公示", "清退【赵一鸣】等3户", "lay-struck"),
        ("proactive", "公务员拟录用人员递补公告", "原拟录用人员【赵一鸣】自愿放弃，现递补", "lay-unlisted"),
        ("withheld", "走访群聊", "解主任，【赵一鸣】老太太核完了", "lay-elder-called"),
        ("withheld", "走访群聊", "【赵老汉】说煤照烧", "lay-elder-own"),
        ("withheld", "走访记录", "【赵一鸣】大爷到社区反映", "lay-elder-called"),
        ("withheld", "走访记录", "【赵一鸣】　老人协会会长", None),
        ("proactive", "养老机构检查通报", "三楼，老人【赵一鸣】评估为二级", "lay-cared"),
        ("proactive", "养老机构检查通报", "市老年人协会老人【赵一鸣】同志讲话", None),
        ("proactive", "养老机构检查通报", "看望老人【赵一鸣】、钱多文等3户", "lay-cared"),
        ("proactive", "养老机构检查通报", "残疾人【赵一鸣】、钱多文等代表参加", None),
        ("proactive", "高龄津贴发放公示", "东村老人【赵一鸣】 100元", None),
        ("proactive", "最美残疾人事迹简介", "残疾人【赵一鸣】，创办合作社", None),
        ("withheld", "电梯大修工作群聊天记录", "业委会-【赵大姐】 09:20", "lay-speaker"),
        ("on_request", "退件答复", "收件人: 【赵一鸣】 <zhao@foxmail.com>", "mail-private"),
        ("on_request", "退件答复", "收件人: 【赵一鸣】 <zhao@jyj.gov.cn>", "handler-mail"),
        ("withheld", "邮件", "From: 【赵一鸣】 [mailto:zhao@jyj.gov.cn]", "handler-mail"),
        ("withheld", "邮件", "From: 【赵一鸣】 [mailto:zhao@pack.com]", None),
        ("withheld", "工作群记录", "[09:12] 城关镇-【赵一鸣】：已到岗", "handler-speaker-unit"),
        ("withheld", "推荐函", "【赵一鸣】，男，1980年5月生，中共党员，副科级。", "cadre-resume"),
        ("withheld", "推荐函", "【赵一鸣】，男，1980年5月生，中共党员，农民。", "private-age"),
        ("withheld", "名册", "【赵一鸣】，男，1980年5月生，原县交通局副局长。", "private-age"),
        ("withheld", "处分决定", "【赵一鸣】，男，1980年5月生，县交通局副局长。", "private-age"),
        ("proactive", "接收预备党员公示", "【赵一鸣】，女，汉族，1995年8月生", "candidate"),
        ("on_request", "责任状", "乙方负责人：【赵一鸣】", "lay-contractor"),
        ("on_request", "补偿协议", "江城市自然资源局\n法定代表人：钱多文\n委托代理人：【赵一鸣】", None),
        ("on_request", "退件答复", '收件人: "【赵一鸣】" <zhao@QQ.com>', "mail-private"),
        ("on_request", "退件答复", "收件人：【赵一鸣】 zhao@qq.com", "mail-private"),
        ("on_request", "退件答复", "发件人: 县教育局办公室【赵一鸣】 <jyjbgs@163.com>", "handler-office"),
        ("withheld", "谈话记录表", "被谈话人|【赵一鸣】", "asked-party"),
        ("withheld", "谈话记录表", "谈话人：【赵一鸣】", None),
        ("withheld", "谈话记录表", "被谈话函询人：【赵一鸣】", "asked-party"),
        ("withheld", "核查记录", "被约谈人：【赵一鸣】", "asked-party"),
        ("withheld", "核查记录", "受访人：【赵一鸣】", "asked-party"),
        ("withheld", "执法检查笔录", "受检查人员：【赵一鸣】", "asked-party"),
        ("withheld", "执法检查笔录", "被监督检查人：【赵一鸣】", "asked-party"),
        ("withheld", "执法检查笔录", "被授权调查人员：【赵一鸣】", "handler"),
        ("withheld", "执法检查笔录", "被审查调查人：钱多文、【赵一鸣】", None),
        ("withheld", "接访记录", "接访人：钱多文\n【赵一鸣】系东村会计", None),
        ("withheld", "接访记录", "接访人：钱多文　【赵一鸣】", "handler"),
        ("withheld", "送达回证", "送达人员：钱多文、【赵一鸣】", "handler-server"),
        ("withheld", "送达回证", "送达人员：钱多文\n【赵一鸣】收到文书", None),
        ("withheld", "春防工作群聊天记录", "10:11 大坪村防疫员【赵一鸣】　我送起走", "handler-speaker-chat"),
        ("withheld", "救助站值班记录", "10:11 送救助站【赵一鸣】 男 45岁", None),
        ("withheld", "微信工作群记录", "10:11 送救助站【赵一鸣】 男 45岁", None),
        ("withheld", "夜间值班记录", "08:15 柳林镇 【赵一鸣】 反映路灯不亮", None),
        ("withheld", "会议签到", "村民委员会：【赵一鸣】", None),
        ("withheld", "会议签到", "群众工作部：【赵一鸣】", None),
        ("withheld", "会议签到", "业主单位：【赵一鸣】", None),
        ("withheld", "会议签到", "居民委：【赵一鸣】", None),
        ("withheld", "值班群聊", "08:15 3栋业主-【赵一鸣】：漏水", "lay-speaker"),
        ("withheld", "春防工作群聊天记录", "08:15 瓦岩兽医站-【赵一鸣】　收到", "handler-speaker-chat"),
        ("on_request", "复核决定", "责任民警为【赵一鸣】。", "handler-named"),
        ("on_request", "复核决定", "责任民警为【赵一鸣】，涉嫌吸毒", None),
        ("on_request", "复核决定", "包案领导是【赵一鸣】（副镇长）", "handler-named"),
        ("on_request", "复核决定", "办案民警为【赵一鸣】找回手机", None),
        ("on_request", "复核决定", "责任民警为【赵一鸣】及辅警钱多文。", "handler-named"),
        ("withheld", "通报", "执勤民警系【赵一鸣】的亲属", None),
        ("proactive", "见义勇为先进个人公示", "为突发心脏骤停的旅客【赵一鸣】急救", "lay-rescued-told"),
        ("proactive", "见义勇为先进个人公示", "1.【赵一鸣】，男，汉族，驾驶员", "candidate"),
        ("proactive", "规划意见采纳情况", "意见6：学校要早建。（【赵一鸣】，意见表第33号）", "lay-opinion"),
        ("proactive", "规划意见采纳情况", "意见6：学校要早建。（市政协委员【赵一鸣】）", None),
        ("proactive", "运动会竞赛成绩的通报", "男子百米：3.【赵一鸣】（石桥县，13秒02）", "contest-names"),
        ("on_request", "承包合同", "甲方：石桥村股份经济合作社 理事长【赵一鸣】", "handler-village"),
        ("proactive", "税务文书公告", "法定代表人【赵一鸣】（身份证号330101199001010016）", "legal-rep"),
        ("on_request", "告知书", "受送达人：【赵一鸣】（签收）", None),
        ("proactive", "高龄津贴发放公示", "【赵一鸣】　150", "listed-bare"),
        ("proactive", "高龄津贴发放公示", "由【赵一鸣】　150", None),
        ("withheld", "核查三组群聊", "07:35 内勤 【赵一鸣】：单号发我", "handler-speaker-unit"),
        ("withheld", "会商记录", "参加：镇长钱多文、信访人【赵一鸣】", "informant"),
        ("withheld", "会商记录", "参加：镇长钱多文、职工【赵一鸣】", None),
        ("withheld", "党委会议纪要", "研究群众【赵一鸣】同志房屋倒塌一事", None),
        ("withheld", "值班群聊", "08:15 群众-【赵一鸣】：家里漏水", "lay-speaker"),
        ("withheld", "专家论证会记录", "专家：钱多文（清华大学）、【赵一鸣】", "lay-panel"),
        ("withheld", "记录", "到县医院【赵一鸣】陪同其母就诊", None),
        ("withheld", "听证笔录", "被申请人：江城市自然资源局\n委托代理人：【赵一鸣】", None),
        ("withheld", "听证笔录", "申请人：钱多文\n委托代理人：【赵一鸣】", "lay-counsel"),
        ("withheld", "镇党委会议纪要", "同意接收【赵一鸣】、钱多文两名同志为中共预备党员", "lay-party-member"),
        ("on_request", "答复书", "【赵一鸣】同志提出的低保待遇问题", None),
        ("proactive", "见义勇为先进个人公示", "村民【赵一鸣】见儿童落水，跳河施救", None),
        ("proactive", "见义勇为先进个人公示", "出租车司机【赵一鸣】途经大桥", None),
        ("proactive", "见义勇为先进个人公示", "救起落水者【赵一鸣】", "lay-rescued"),
        ("on_request", "答复书", "由家住城关镇【赵一鸣】负责照料", None),
        ("withheld", "网上线索截图", "【赵一鸣】 08:56\n明天都去", None),
        ("withheld", "网上线索截图", "08:56 【赵一鸣】：明天都去", None),
        ("proactive", "人员名单公告", "【赵一鸣】（1962年3月15日）", "private-age"),
        ("proactive", "人员名单公告", "审批：【赵一鸣】（2022年3月15日）", "signer"),
        ("proactive", "对象名单公示", "【赵一鸣】　1958", None),
        ("proactive", "公布拖欠物业费住户的公告", "【赵一鸣】　2300", None),
        ("proactive", "运动会竞赛成绩的通报", "男子百米：3.【赵一鸣】（石桥小学四年级）", None),
        ("proactive", "中小学生运动会成绩公告", "男子百米：3.【赵一鸣】（石桥小学）", None),
        ("withheld", "土地流转协议", "甲方代表：【赵一鸣】", None),
        ("withheld", "审查材料", "1 本科 【赵一鸣】 女", None),
        ("withheld", "情况报告", "抓获有前科【赵一鸣】一名", None),
        ("withheld", "情况报告", "住妇科【赵一鸣】", None),
        ("withheld", "情况报告", "财务科【赵一鸣】", "handler-office"),
        ("proactive", "结论告知", "劳动能力鉴定：【赵一鸣】，九级", None),
        ("withheld", "委托书", "申请鉴定人：【赵一鸣】", None),
        ("withheld", "记录", "鉴定人：【赵一鸣】", "handler"),
        ("withheld", "调解记录", "参加人员：【赵一鸣】（死者之父）、钱多文", "lay-kin-remark"),
        ("withheld", "村民代表会议记录", "到会人员：支书钱多文、【赵一鸣】", None),
        ("withheld", "征地听证会记录", "参加人员：钱多文、【赵一鸣】", None),
        ("withheld", "镇党委会议纪要", "同意接收【赵一鸣】同志为中共预备党员", "lay-party-member"),
        ("withheld", "局党组会议纪要", "给予烈属【赵一鸣】同志一次性补助", None),
        ("withheld", "工伤认定审查表", "【赵一鸣】同志提出工伤认定申请", None),
        ("on_request", "答复书", "【赵一鸣】同志主张其子不应计入", None),
        ("proactive", "工伤认定决定书", "江北建材有限公司指派【赵一鸣】到工地安装护栏", None),
    ],
)
def test_names_stay_by_duty_and_law(screener, label: str, title: str, line: str, role: str | None) -> None:
    start, text = line.index("【"), line.replace("【", "").replace("】", "")
    reading = Reading(Document("", text + "\n", title), screener.rules, screener.segmenter)
    found = role_of("NAME", Span(start, start + 3), reading, Attribute(label))
    assert (found.id if found else None) == role


def test_the_next_line_says_nothing_of_a_name(screener) -> None:
    text = "审：赵一鸣（统战委员）\n户|姓名|住处\n"
    reading = Reading(Document("", text, "走访登记"), screener.rules, screener.segmenter)
    found = role_of("NAME", Span(2, 5), reading, Attribute.withheld)
    assert found
    assert found.action == "keep"


@pytest.mark.parametrize(
    ("kind", "title", "text", "piece", "action"),
    [
        ("ADDR_HOME", "火灾事故调查报告", "赵某，住石桥村五组", "石桥村五组", "mask"),
        ("PLATE", "公务用车安排", "老岑 浙CF94786（自己的车，公车不够时借）", "浙CF94786", "mask"),
        ("PLATE", "公务用车安排", "老岑 浙CF94786（公车）", "浙CF94786", "keep"),
        ("PLATE", "暗访检查行动安排", "甲组　组长赵某，车 浙CF94786", "浙CF94786", "keep"),
        ("PLATE", "暗访检查行动安排", "查获赵某驾驶的货车浙CF94786", "浙CF94786", "mask"),
        ("PHONE_MOBILE", "护林员名单公示", "1 石桥 赵某 山里没信号，打 13812345678", "13812345678", "mask"),
        ("PHONE_FIX", "值班安排", "打家里座机0311-58020319，老伴接", "0311-58020319", "mask"),
        ("PHONE_FIX", "值班安排", "打值班室座机0311-58020319", "0311-58020319", "keep"),
        ("EMAIL", "中标结果公告", "邮箱：zfcg5@163.com（收取质疑函）", "zfcg5@163.com", "keep"),
        ("EMAIL", "中标结果公告", "钱多文的邮箱：zfcg5@163.com", "zfcg5@163.com", "mask"),
        ("PLATE", "公务用车安排", "执法车外，司机老岑自己的车浙CF94786", "浙CF94786", "mask"),
        ("EMAIL", "行政处罚决定书", "身份证号：110101199003074610\n邮箱：zfcg5@163.com", "zfcg5@163.com", "mask"),
        ("MINOR", "困境儿童救助对象公告", "1. 赵某，男，石桥小学三年级2班学生", "石桥小学三年级2班学生", "mask"),
        ("EMAIL", "行政处罚决定书", "当事人：赵某\n邮箱：zfcg5@163.com", "zfcg5@163.com", "mask"),
        ("EMAIL", "政府信息公开答复书", "申请人：赵某\n电子邮箱：zfcg5@163.com", "zfcg5@163.com", "mask"),
        ("PHONE_MOBILE", "安全员考核合格人员名单", "赵某 13812345678", "13812345678", "mask"),
        ("PHONE_MOBILE", "网格员拟聘用人员名单公示", "赵某 13812345678", "13812345678", "mask"),
        ("PHONE_MOBILE", "农村供水欠费用户名单", "赵某 13812345678", "13812345678", "mask"),
        ("PLATE", "涉车问题整治行动方案", "查获非法营运的私家车辆浙CF94786", "浙CF94786", "mask"),
        ("PLATE", "执法检查工作安排", "举报人的车牌：浙CF94786", "浙CF94786", "mask"),
        ("PLATE", "执法检查工作安排", "轿车浙CF94786停在路边", "浙CF94786", "mask"),
        ("PHONE_MOBILE", "农村供水工程管水员名单公告", "1 石桥村 赵某 13812345678", "13812345678", "keep"),
        ("BIRTH", "见义勇为先进个人评选公示", "1.赵某，男，1979年11月生", "1979年11月", "mask"),
        ("MINOR", "查找儿童生父母公告", "三、赵某，男，约3岁，左脚跛行", "约3岁", "keep"),
        ("HEALTH", "查找儿童生父母公告", "三、赵某，男，约3岁，左脚跛行", "左脚跛行", "keep"),
        ("FIN", "公租房保障对象公示", "赵某 大女儿上班，月工资三千八", "三千八", "mask"),
        ("FIN", "公租房保障对象公示", "赵某 租赁补贴 196元", "196元", "keep"),
        ("ADDR_HOME", "土地现状调查结果公示", "赵某，石桥村五组", "石桥村五组", "keep"),
        ("ADDR_HOME", "更正登记公告", "赵某，现住石桥村五组", "石桥村五组", "mask"),
        ("PLATE", "公务用车派车单", "浙CF94786 送件", "浙CF94786", "keep"),
        ("PLATE", "违法超限运输处罚公告", "赵某 浙CF94786", "浙CF94786", "keep"),
        ("BIRTH", "劳动模范推荐人选公示", "赵某，1979年11月生", "1979年11月", "keep"),
        ("BIRTH", "居民委员会换届选举公告", "赵某 男 1979年11月出生", "1979年11月出生", "keep"),
        ("PLATE", "取消车辆第三场拍卖公告", "捷达 浙CF94786", "浙CF94786", "keep"),
        ("ADDR_HOME", "危房改造补助对象公示", "1|赵某|清水桥村2组|低保户", "清水桥村2组", "keep"),
        ("ADDR_HOME", "危房改造补助对象公示", "1|赵某|清水桥村2组18号|低保户", "清水桥村2组18号", "mask"),
        ("ADDR_HOME", "危房改造补助对象公示", "清水桥村2组赵某户未列入", "清水桥村2组", "mask"),
        ("ADDR_HOME", "危房改造补助对象公示", "1. 清水桥村赵一鸣，补助32000元", "清水桥村", "keep"),
        ("ADDR_HOME", "失信名单公告", "1|赵某|清水桥村2组|拒缴", "清水桥村2组", "mask"),
        ("ADDR_HOME", "处罚决定书", "经营场所：柳林镇西街18号", "柳林镇西街18号", "keep"),
        ("ADDR_HOME", "请示", "拨付至柳林镇敬老院账户", "柳林镇敬老", "keep"),
        ("ADDR_HOME", "公告", "甲住保决〔2023〕18号", "保决〔2023〕18号", "keep"),
        ("FIN", "村务公开", "10.08 机动地承包费 6,000元", "6,000元", "keep"),
        ("FIN", "临时救助公示", "赵某月收入4500元", "4500元", "mask"),
        ("FIN", "批评通报", "涉案金额初步统计116,940元", "116,940元", "keep"),
        ("FIN", "继承登记公告", "浙（2017）青禾县不动产权第0007714号", "（2017）青禾县不动产权第0007714号", "keep"),
        ("SPECIAL", "征兵预定兵公示", "赵某 共青团员 陆军", "共青团员", "keep"),
        ("SPECIAL", "危房改造公示", "（一）对象：农村低保户、特困人员", "农村低保户", "keep"),
        ("SPECIAL", "危房改造公示", "赵某系低保户", "低保户", "mask"),
        ("PHONE_MOBILE", "防汛责任人名单公告", "赵某 13812345678", "13812345678", "keep"),
        ("PHONE_MOBILE", "防汛工作总结公告", "赵某 13812345678", "13812345678", "mask"),
        ("PHONE_MOBILE", "处罚决定书", "执法人员：赵某（13020020117）", "13020020117", "keep"),
        ("PHONE_MOBILE", "处罚决定书", "执法人员：赵某（电话13020020117）", "13020020117", "mask"),
        ("MINOR", "疫情报告", "四（3）班自11月19日起停课", "四（3）班", "keep"),
        ("MINOR", "疫情报告", "赵某（四（3）班）", "四（3）班", "mask"),
        ("EDU", "技能竞赛结果的通报", "1 赵某 93.42", "93.42", "keep"),
        ("EDU", "笔试成绩复核的告知", "1 赵某 93.42", "93.42", "mask"),
        ("ADDR_HOME", "公共租赁住房摇号配租结果公示", "1 A02 赵某 2幢104", "2幢104", "keep"),
        ("ADDR_HOME", "公共租赁住房摇号配租结果公示", "赵某家住2幢104", "2幢104", "mask"),
        ("ADDR_HOME", "食品安全监督抽检信息的公告", "赵某摊 西街97号 韭菜", "西街97号", "keep"),
        ("ADDR_HOME", "为8名烈士寻找亲属的公告", "（一）赵某，男，青禾县东村，战士", "青禾县东村", "keep"),
        ("ADDR_HOME", "为8名烈士寻找亲属的公告", "已找到。侄女赵某住青禾县东村", "青禾县东村", "mask"),
        ("BIRTH", "为8名烈士寻找亲属的公告", "（一）赵某，男，廿二岁，战士", "廿二岁", "keep"),
        ("BIRTH", "寻找弃婴生父母公告", "出生日期：约2014年5月", "2014年5月", "keep"),
        ("HEALTH", "寻找弃婴生父母公告", "身体特征：左侧唇裂", "左侧唇裂", "keep"),
        ("HEALTH", "寻找弃婴生父母公告", "送院检验乙肝", "乙肝", "mask"),
        ("FIN", "房屋征收评估结果公示", "贷款余额18万", "贷款余额18万", "mask"),
        ("FIN", "复议决定书", "退还罚款300元", "300元", "keep"),
        ("FIN", "复议决定书", "因欠罚款，工资3000元", "3000元", "mask"),
        ("FIN", "失信名单公告", "拖欠农民工工资61人，1,204,560元", "1,204,560元", "keep"),
        ("FIN", "来信", "拖欠农民工工资1人，4,560元", "4,560元", "mask"),
        ("EMAIL", "来信", "社区公共邮箱 <liulin_sq@126.com>", "liulin_sq@126.com", "keep"),
        ("EMAIL", "来信", "赵某邮箱 <liulin_sq@126.com>", "liulin_sq@126.com", "mask"),
        ("PHONE_MOBILE", "寻亲公告", "联络人赵某13812345678（本人同意公布）", "13812345678", "keep"),
        ("PHONE_FIX", "配租公告", "我中心对反映人信息保密。受理电话0311-58020319", "0311-58020319", "keep"),
        ("PHONE_MOBILE", "寻亲公告", "联络人赵某13812345678，其不同意公开", "13812345678", "mask"),
        ("ADDR_HOME", "食品安全抽检情况公告", "柳林粮油店 石桥县柳林街12号", "柳林街12号", "keep"),
        ("ADDR_HOME", "低保对象抽查情况的公示", "赵某 石桥县柳林街12号3单元502室", "柳林街12号3单元502室", "mask"),
        ("SPECIAL", "仓库火灾事故调查报告", "赵某5月9日被刑事拘留", "被刑事拘留", "keep"),
        ("SPECIAL", "仓库火灾事故调查报告", "赵某系刑满释放人员", "刑满释放人员", "mask"),
        ("SPECIAL", "来信", "赵某取保候审", "取保候审", "mask"),
        ("FIN", "来信", "赵某按最低工资标准1,720元领取", "1,720元", "keep"),
        ("FIN", "来信", "全省在岗职工月平均工资 5,118.00", "5,118.00", "keep"),
        ("FIN", "来信", "赵某的月平均工资5,118元", "5,118元", "mask"),
        ("FIN", "来信", "违规金额初步核算为38,412元", "38,412元", "keep"),
        ("MINOR", "疫情报告", "三（2）班4月3日下午起停课", "三（2）班", "keep"),
        ("MINOR", "疫情报告", "二（1）班2例", "二（1）班", "keep"),
        ("TRACK", "核查记录", "长子在广东打工", "在广东打工", "keep"),
        ("TRACK", "核查记录", "当晚在金海岸酒店", "在金海岸酒店", "mask"),
        ("PLATE", "长期滞留车辆限期接受处理的公告", "1 浙C·F9478 小型轿车", "浙C·F9478", "keep"),
        ("PLATE", "车辆停放纠纷的答复", "1 浙C·F9478 小型轿车", "浙C·F9478", "mask"),
        ("PLATE", "长期停放僵尸车投诉的答复", "来信人车牌浙C·F9478", "浙C·F9478", "mask"),
        ("PLATE", "国有资产转让公告", "别克轿车 浙C·F9478", "浙C·F9478", "keep"),
        ("PLATE", "交通违法行为公告", "1 浙C·F9478 1344", "浙C·F9478", "keep"),
        ("PLATE", "城市公交线路调整公告", "公交线路由浙C·F9478、浙C·F9479运营", "浙C·F9478", "keep"),
        ("PLATE", "处罚决定书", "执法人员：甲、乙，执法证号：云F25031、云F25044", "云F25044", "keep"),
        ("PHONE_MOBILE", "处罚决定书", "执法证编号为13020020117", "13020020117", "keep"),
        ("PLATE", "处罚决定书", "出示执法证后检查货车云F25031", "云F25031", "mask"),
        ("PHONE_MOBILE", "征兵公告", "咨询电话：0311-58020319，13812345678（周末）", "13812345678", "keep"),
        ("PHONE_MOBILE", "征兵公告", "咨询电话：赵一鸣13812345678", "13812345678", "mask"),
        ("PHONE_MOBILE", "征兵公告", "申请人的咨询电话：13812345678", "13812345678", "mask"),
        ("PHONE_MOBILE", "河长公示牌", "村级河长：赵某 13812345678", "13812345678", "keep"),
        ("EMAIL", "裁决书", "甲，住某村，邮箱：zfcg5@163.com，意见反馈邮箱同上", "zfcg5@163.com", "mask"),
        ("EMAIL", "回复", "举报邮箱：a1@163.com、zfcg5@163.com", "zfcg5@163.com", "keep"),
        ("EMAIL", "回复", "请将意见反馈至电子邮箱zfcg5@163.com", "zfcg5@163.com", "keep"),
        ("EMAIL", "征求意见公告", "将意见发送至zfcg5@163.com，注明来意", "zfcg5@163.com", "keep"),
        ("EMAIL", "公告", "现将答复材料发送至你的zfcg5@163.com", "zfcg5@163.com", "mask"),
        ("EMAIL", "征求意见公告", "1.电子邮件：zfcg5@163.com", "zfcg5@163.com", "keep"),
        ("EMAIL", "环评公告", "传真0311-58020318；电子邮箱：zfcg5@163.com", "zfcg5@163.com", "keep"),
        ("EMAIL", "环评公告", "申请人：赵某，传真0311-58020318；电子邮箱：zfcg5@163.com", "zfcg5@163.com", "mask"),
        ("BANK", "资产转让公告", "保证金账户：37001618808050149999", "37001618808050149999", "keep"),
        ("BANK", "资产转让公告", "退还保证金账户：37001618808050149999", "37001618808050149999", "mask"),
        ("FIN", "资产转让公告", "评估值13812元，起拍价9000元", "13812元", "keep"),
        ("FIN", "有关事项报告", "本人房产成交价13812元", "13812元", "mask"),
        ("WECHAT", "招生公告", "咨询QQ：800138125", "800138125", "keep"),
        ("WECHAT", "诈骗案例公告", "被骗人添加客服QQ：800138125", "800138125", "mask"),
        ("ADDR_HOME", "地质灾害隐患点一览表", "1 柳林镇石桥村2组 崩塌", "石桥村2组", "keep"),
        ("ADDR_HOME", "地质灾害隐患点一览表", "1 柳林镇石桥村2组18号 崩塌", "石桥村2组18号", "mask"),
        ("PLATE", "暂扣机动车驾驶证公告", "赵某 浙C·F9478", "浙C·F9478", "mask"),
        ("PLATE", "滞留车辆司乘人员救助情况通报", "浙C·F9478 两人", "浙C·F9478", "mask"),
        ("PLATE", "情况通报", "撞上公交线路站牌的轿车浙C·F9478", "浙C·F9478", "mask"),
        ("EMAIL", "律师公示", "性别：女\n执业机构：某所\nE-mail：zfcg5@163.com", "zfcg5@163.com", "mask"),
        ("EMAIL", "公告", "我局已将材料电子版发送至zfcg5@163.com", "zfcg5@163.com", "mask"),
        ("EMAIL", "案情通报", "赵某将材料电子版发给zfcg5@163.com", "zfcg5@163.com", "mask"),
        ("EMAIL", "公告", "请将材料电子版发送至zfcg5@163.com", "zfcg5@163.com", "keep"),
        ("WECHAT", "处罚决定书", "赵某的官方微信：zfcg_55", "zfcg_55", "mask"),
        ("PHONE_MOBILE", "网上咨询回复", "咨询电话：13812345678", "13812345678", "mask"),
        ("PHONE_MOBILE", "报名公告", "网友赵某（咨询电话：13812345678）", "13812345678", "mask"),
        ("PHONE_MOBILE", "报名公告", "咨询电话：13812345678", "13812345678", "keep"),
        ("PHONE_MOBILE", "山洪灾害责任人公示牌", "1 赵某 13812345678", "13812345678", "keep"),
        ("PHONE_MOBILE", "水库移民扶持名单", "1 赵某 13812345678", "13812345678", "mask"),
    ],
)
def test_the_title_decides(screener, kind: str, title: str, text: str, piece: str, action: str) -> None:
    start = text.index(piece)
    reading = Reading(Document("", text + "\n", title), screener.rules, screener.segmenter)
    settled = decide(Finding(Span(start, start + len(piece)), kind, 0.9, "test"), reading, Attribute.proactive)
    assert settled.action == action


@pytest.mark.parametrize(
    ("kind", "title", "heading", "row", "piece", "role"),
    [
        ("SPECIAL", "低保公示", "姓名|对象类别|备注", "赵一鸣|低保户|无", "低保户", "publicity-category"),
        ("SPECIAL", "低保公示", "姓名|金额|备注", "赵一鸣|300|低保户", "低保户", None),
        ("SPECIAL", "困难学生资助公示", "姓名|困难类别|备注", "赵一鸣|低保户|无", "低保户", None),
        ("FIN", "三资情况", "姓名|补助金额|备注", "赵一鸣|32,000|无", "32,000", "publicity-column"),
        ("FIN", "三资情况", "姓名|月收入|备注", "赵一鸣|32,000|无", "32,000", None),
        ("ADDR_HOME", "补偿情况", "姓名|房屋坐落|备注", "赵一鸣|西街18号|无", "西街18号", "publicity-located"),
        ("NAME", "补偿台账", "户主|金额|责任人", "钱多文|300|赵一鸣", "赵一鸣", "handler-column"),
        ("NAME", "入户走访登记", "日期|走访人|同访人", "5月6日|赵一鸣|钱多文", "赵一鸣", "handler-column"),
        ("NAME", "入户走访登记", "走访人|同访人|姓名", "钱多文|孙小妹|赵一鸣", "赵一鸣", None),
        ("NAME", "接访登记", "日期|接访领导|记录人", "5月6日|赵一鸣|钱多文", "赵一鸣", "handler-column"),
        ("EDU", "雨露计划补助名单公示", "姓名|毕业院校|金额", "赵一鸣|石桥学院|1500", "石桥学院", "aided-school"),
        ("NAME", "不动产登记公告", "被继承人|继承人|坐落", "钱多文|赵一鸣|西街18号", "赵一鸣", "registered"),
        ("NAME", "拟吊销告知公告", "企业名称|法定代表人|住所", "甲商行|赵一鸣|西街18号", "赵一鸣", "legal-rep-column"),
        ("NAME", "拟吊销告知公告", "企业名称|法定代理人|住所", "甲商行|赵一鸣|西街18号", "赵一鸣", None),
        ("NAME", "网格员培训回执", "村别|姓名|手机", "东村|赵一鸣|无", "赵一鸣", "handler-attendee"),
        ("NAME", "药店检查分工表", "组别|带队|组员", "一|钱多文|赵一鸣", "赵一鸣", "handler-team"),
        ("NAME", "健身队分工表", "组别|带队|组员", "一|钱多文|赵一鸣", "赵一鸣", None),
        ("NAME", "家庭入户核查登记表", "户主|成员", "钱多文|赵一鸣", "赵一鸣", None),
        ("NAME", "货车隐患整治台账表", "车号|驾驶员", "一|赵一鸣", "赵一鸣", None),
        ("NAME", "电工培训回执", "村别|姓名|手机", "东村|赵一鸣|无", "赵一鸣", None),
        ("FIN", "企业负责人薪酬信息披露", "姓名|其他货币性收入|备注", "赵一鸣|9.81|无", "9.81", "published-pay"),
        ("FIN", "企业拖欠农民工薪酬情况公告", "姓名|月收入|备注", "赵一鸣|9.81|无", "9.81", None),
        ("FAMILY", "不动产登记公告", "被继承人|继承人|坐落", "钱多文|赵一鸣（妻）|西街18号", "妻", "registered-kin"),
    ],
)
def test_the_heading_of_the_column_decides(screener, kind, title, heading, row, piece, role) -> None:
    text = f"{heading}\n{row}\n"
    start = text.index(piece)
    reading = Reading(Document("", text, title), screener.rules, screener.segmenter)
    found = role_of(kind, Span(start, start + len(piece)), reading, Attribute.proactive)
    assert (found.id if found else None) == role


@pytest.mark.parametrize(
    ("text", "stays"),
    [("赵一鸣主持，一鸣签字", True), ("赵一鸣主持，钱一鸣说一鸣病了", False), ("赵一鸣主持，鸣一签字", False)],
)
def test_who_stays_does_so_by_given_name(text: str, stays: bool) -> None:
    names = [
        Finding(Span(m.start(), m.end()), "NAME", 0.9, "name:handler" if m[0] == "赵一鸣" else "name")
        for m in re.finditer("赵一鸣|钱一鸣|一鸣|鸣一", text)
    ]
    names = [replace(name, action=Action("keep" if ":" in name.source else "mask")) for name in names]
    assert (one_treatment(names, text, Attribute.withheld, RULES)[-1].action == Action.keep) == stays


@pytest.mark.parametrize(
    ("sources", "kinds", "stays"),
    [
        (("name:listed", "name"), ("NAME", "NAME"), True),
        (("name:listed", "name:private-party"), ("NAME", "NAME"), True),
        (("name:handler-office", "name"), ("NAME", "NAME"), True),
        (("name:handler-office", "name:private-party"), ("NAME", "NAME"), False),
        (("name:listed", "name:petitioner"), ("NAME", "NAME"), False),
        (("name:listed", "name:informant"), ("NAME", "REPORTER"), False),
        (("name:listed", "name:listed-minor"), ("NAME", "NAME"), False),
        (("name", "name"), ("NAME", "NAME"), False),
    ],
)
def test_one_person_is_treated_alike(sources, kinds, stays) -> None:
    first, second = (
        Finding(Span(at, at + 3), kind, 0.9, source, action=action)
        for at, kind, source, action in zip((0, 4), kinds, sources, (Action.keep, Action.mask), strict=True)
    )
    known, settled = one_treatment([first, second], "赵一鸣、赵一鸣", Attribute.proactive, RULES)
    assert known == first
    assert (settled.action == Action.keep) == stays
    assert settled.span == second.span


def test_what_is_published_outweighs_a_later_duty() -> None:
    listed, handler, private = (
        Finding(Span(at, at + 3), "NAME", 0.9, source, action=action)
        for at, source, action in (
            (0, "name:listed", Action.keep),
            (4, "name:handler", Action.keep),
            (8, "name:private-party", Action.mask),
        )
    )
    settled = one_treatment([listed, handler, private], "赵一鸣、赵一鸣、赵一鸣", Attribute.proactive, RULES)
    assert settled[2].source == "name:listed"


def treated(text: str, label: Attribute, *told: tuple[str, str, Action]) -> list[str]:
    """What becomes of names in their order: each with what decided it."""
    names, at = [], 0
    for name, source, action in told:
        at = text.index(name, at)
        names.append(Finding(Span(at, at + len(name)), "NAME", 0.9, source, action=action))
        at += len(name)
    return [name.action.value for name in one_treatment(names, text, label, RULES)]


@pytest.mark.parametrize(
    ("text", "label", "source", "second"),
    [
        ("户主赵一鸣，经查赵一鸣外出", "withheld", "name:private-party", "mask"),
        ("户主赵一鸣，经查赵一鸣外出", "proactive", "name:private-party", "keep"),
        ("店主赵一鸣，经查赵一鸣外出", "withheld", "name:lay", "mask"),
        ("科里赵一鸣，经查赵一鸣外出", "withheld", "name", "keep"),
    ],
)
def test_who_goes_by_a_row_goes_everywhere(text: str, label: str, source: str, second: str) -> None:
    told = ("赵一鸣", source, Action.mask), ("赵一鸣", "name", Action.keep)
    assert treated(text, Attribute(label), *told)[1] == second


@pytest.mark.parametrize(
    ("text", "first", "second", "kept"),
    [
        ("赵一鸣(又名赵小毛)到场", ("name:served", "keep"), ("name", "mask"), ["keep", "keep"]),
        ("赵一鸣(小名:赵小毛)到场", ("name:private-age", "mask"), ("name", "keep"), ["mask", "mask"]),
        ("赵一鸣,户口本上是赵小毛,在家", ("name", "keep"), ("name:private-age", "mask"), ["mask", "mask"]),
        ("赵一鸣(身份证名赵小毛)在家", ("name", "mask"), ("name", "keep"), ["mask", "mask"]),
        ("赵一鸣(委托赵小毛)到场", ("name:served", "keep"), ("name", "mask"), ["keep", "mask"]),
    ],
)
def test_two_names_of_one_person(text: str, first, second, kept: list[str]) -> None:
    told = (("赵一鸣", first[0], Action(first[1])), ("赵小毛", second[0], Action(second[1])))
    assert treated(text, Attribute.withheld, *told) == kept


@pytest.mark.parametrize(
    ("text", "source", "kept"),
    [
        ("举报人:赵一鸣、钱多文", "name:informant", ["mask", "mask"]),
        ("签字:赵一鸣    钱多文", "name:private-signer", ["mask", "mask"]),
        ("户主赵一鸣、钱多文", "name:private-party", ["mask", "keep"]),
        ("举报人:赵一鸣。钱多文接待", "name:informant", ["mask", "keep"]),
        ("赵一鸣 水文站 330101196805120016\n  钱多文 自由职业", "name:carded", ["mask", "mask"]),
        ("赵一鸣 水文站 330101196805120016\n监督:钱多文", "name:carded", ["mask", "keep"]),
    ],
)
def test_those_of_one_list_are_treated_alike(text: str, source: str, kept: list[str]) -> None:
    told = ("赵一鸣", source, Action.mask), ("钱多文", "name", Action.keep)
    assert treated(text, Attribute.withheld, *told) == kept


def test_a_long_row_of_names_is_read_at_once(screener) -> None:
    """A row whose items could be split in many ways would never end."""
    text = "出席会议的有" + "钱多文、" * 60 + "局长赵一鸣。"
    start = text.index("赵一鸣")
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    found = role_of("NAME", Span(start, start + 3), reading, Attribute.on_request)
    assert found is not None and found.action == "keep"


@pytest.mark.parametrize(("stay", "action"), [(-0.5, Action.keep), (-1.5, Action.keep), (-2.5, Action.mask)])
def test_a_duty_gives_way_to_what_the_model_reads(screener, stay, action) -> None:
    reading = Reading(Document("", "校医赵一鸣到场"), screener.rules, screener.segmenter)
    found = decide_name(Person(Span(2, 5), "赵一鸣", 0.9, stay), reading, Attribute.withheld)
    assert found.action == action


@pytest.mark.parametrize(("text", "action"), [("来电：0311-58020319", "mask"), ("请来电0311-58020319", "keep")])
def test_the_line_that_a_caller_used(screener, text: str, action: str) -> None:
    start = text.index("0311")
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    finding = Finding(Span(start, start + 13), "PHONE_FIX", 0.9, "test")
    assert decide(finding, reading, Attribute.withheld).action == action


def test_a_duty_mobile_of_a_withheld_paper_goes(screener) -> None:
    text = "股里值班手机13812345678。"
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    finding = Finding(Span(6, 17), "PHONE_MOBILE", 0.9, "test")
    assert decide(finding, reading, Attribute.withheld).action == Action.mask


def test_whoever_is_asked_with_somebody_goes_as_well(screener) -> None:
    text = "来访人：赵一鸣\n被反映人：钱多文、李秀兰\n接访人：孙立军\n"
    reading = Reading(Document("", text, "信访接待记录"), screener.rules, screener.segmenter)
    people = [Person(Span(at, at + 3), text[at : at + 3], 0.9, 5.0) for at in map(text.index, ("钱多文", "李秀兰"))]
    names = [decide_name(person, reading, Attribute.withheld) for person in people]
    assert [name.action for name in one_treatment(names, text, Attribute.withheld, RULES)] == [Action.mask, Action.mask]


def test_a_row_under_another_name_does_the_same(screener) -> None:
    rules = replace(RULES, roles=tuple(replace(row, id=f"own-{row.id}") for row in RULES.roles))
    text = "举报人：赵一鸣、钱多文\n又查，钱多文外出\n店主李秀兰，李秀兰不在\n"
    people = [
        Person(Span(m.start(), m.end()), m[0], 0.9, 9.0 if m.start() else -9.0)
        for m in re.finditer("赵一鸣|钱多文|李秀兰", text)
    ]

    def treated(rules: Rulebook) -> list[tuple[str, str]]:
        reading = Reading(Document("", text), rules, screener.segmenter)
        names = [decide_name(person, reading, Attribute.withheld) for person in people]
        found = one_treatment(names, reading.text, Attribute.withheld, rules)
        return [(name.kind, name.action.value) for name in found]

    assert treated(rules) == treated(RULES)
    assert treated(rules) == [("REPORTER", "mask")] * 3 + [("NAME", "mask")] * 2


STRUCK = "姓名|单位|职务|处分时间|处分种类"


@pytest.mark.parametrize(
    ("title", "headings", "label", "role"),
    [
        ("通报", STRUCK, "proactive", "punished-official"),
        ("通报", f"序号|{STRUCK}", "proactive", "punished-official"),
        ("台账", STRUCK, "withheld", "punished-staff"),
        ("情况表", "姓名|单位|违纪事实|问责方式", "on_request", "punished-staff"),
        ("通报", "姓名|班级|处分种类", "proactive", "punished-pupil"),
        ("学生违纪情况", "姓名|学校|处分种类", "proactive", "punished-pupil-titled"),
        ("通报", "姓名|单位|电话|职务", "withheld", None),
    ],
)
def test_a_table_of_discipline_is_one_for_all_its_rows(screener, title: str, headings: str, label: str, role) -> None:
    cells = headings.split("|")
    for mark in ("|", "\t"):
        for count in (1, 2, 5):
            rows = [mark.join(name if cell == "姓名" else "甲乙" for cell in cells) for name in NAMES[:count]]
            text = f"{title}\n\n{mark.join(cells)}\n" + "\n".join(rows) + "\n"
            reading = Reading(Document("", text, title), screener.rules, screener.segmenter)
            places = map(text.index, NAMES[:count])
            found = [role_of("NAME", Span(at, at + 3), reading, Attribute(label)) for at in places]
            assert {one and one.id for one in found} == {role}


@pytest.mark.parametrize(
    ("title", "headings", "kept"),
    [
        ("处分情况", "姓名|学校|职务|处分种类", True),
        ("教师处分情况", "姓名|学校|处分种类", True),
        ("处分情况", "姓名|学校|处分种类", False),
        ("情况表", "姓名|学校|班级|职务", False),
    ],
)
def test_a_school_that_employs_somebody_is_no_childs(screener, title: str, headings: str, kept: bool) -> None:
    schools = ("第1中学", "第2中学", "实验小学", "东关幼儿园", "青石镇中心学校")
    width = headings.count("|") - 1
    rows = [f"{name}|{school}" + "|甲" * width for name, school in zip(NAMES, schools, strict=True)]
    text = f"{headings}\n" + "\n".join(rows) + "\n"
    reading = Reading(Document("", text, title), screener.rules, screener.segmenter)
    found = [
        decide(Finding(Span(at, at + len(school)), "MINOR", 0.9, "test"), reading, Attribute.withheld).action
        for school in schools
        for at in [text.index(school)]
    ]
    assert found == [Action.keep if kept else Action.mask] * len(schools)
