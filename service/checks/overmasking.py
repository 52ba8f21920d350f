"""Masks over what the law wants public: officials on duty, winners of tenders, office telephones (条例 article 20)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.model.mentions.surnames import surname_of

_NAME = (
    r"(?:[\u4e00-\u9fff]{1,2}(?:某{1,3}|[*＊×●■█]{1,3})(?:[\u4e00-\u9fff](?![\u4e00-\u9fff]))?"
    r"|[*＊×●■█某]{2,4})"
    r"(?![\u4e00-\u9fff]{0,4}公司)"
)
_COMPANY = (
    r"[\u4e00-\u9fff]{0,8}(?:某{1,4}|[*＊×●■█]{2,}|[Xx]{2,})"
    r"[\u4e00-\u9fff]{0,8}(?:公司|厂|院|中心|合作社|事务所)"
)
_PEOPLE = ("履职人员", "评审专家")
_SIGNS = "*＊×●■█某"
_GAP = r"[ 　]*[:：|\t]?[ 　]*"
_DUTY = r"签[ 　]*发(?:人)?|审[ 　]*签(?:人)?|新闻发言人|法定代表人职务|值班领导|带班领导|分管领导"
_POST = (
    r"(?:县|市|区|州|省|乡|镇|局|厅|处|科|院|所)长|(?:副)?主任委员|审判长|审判员|书记员|检察员|仲裁员|执法人员|承办法官"
    r"|(?:党委|党组|党工委|纪委|支部|(?<=[省市县区州])委)(?:副)?书记|(?:党委|党组|党工委)委员|(?:办公室|委员会|街道办|管委会)(?:副)?主任|案件承办人"
)
_NAMED_TO = r"(?:任命|免去|聘任|提名)[ 　]*"
#: 财库〔2015〕135号、财政部令第87号第六十九条
_EXPERT = r"(?:评审|评标|评议)(?:委员会)?(?:专家|成员)(?:名单|姓名)?|(?:磋商|谈判|询价)小组(?:成员)?(?:名单)?"
_NUMBERED = r"(?:项目|采购|招标|合同|许可证|决定书|文书)(?:编号|文号)|案[ 　]*号|发文字号|文[ 　]*号"
#: Signs that stand in forms and samples as well, for what is to be filled in.
_SAMPLE = frozenset("×某")
_OFFICE = r"(?:咨询|监督|举报|投诉|办公|服务|值班|受理|信访|行政复议)(?:热线|电话)|热线(?:电话)?"
#: Whose account is the public's to know, and what is said on the way to its number; a card of 62 is a person's.
_PAYEE = (
    r"财政专户|国库|非税收入|罚没|保证金|捐[赠款]|[户帐账]名(?:称)?[:： 　]{0,3}[\u4e00-\u9fff（）()]{2,24}"
    r"(?:局|中心|委员会|公司|政府|医院|学校|合作社|慈善总会|红十字会|基金会)"
)
_WINNER = r"(?:中标|成交|中选|入围)(?:人|单位|供应商|候选人|机构)(?:名称)?|供应商名称"
_AMOUNT = r"(?:中标|成交|合同|罚款|处罚|采购|预算)(?:总)?(?:金额|价格?)"


@dataclass(frozen=True, slots=True)
class Rule:
    """A label, what stands behind it when it is masked, and what is to be said; `group` 1 is the masked piece."""

    name: str
    pattern: re.Pattern[str]
    why: str
    advice: str


RULES = (
    Rule(
        "履职人员",
        re.compile(
            rf"(?:{_DUTY})[ 　]*[:：\t|][ 　]*({_NAME})|(?:{_POST})[ 　]*[:：\t|]?[ 　]*({_NAME})"
            rf"|{_NAMED_TO}({_NAME})(?=同志|为|任|的|[ 　])"
        ),
        "签发、执法等履职人员的姓名属于履行职务的信息，一般应当公开",
        "请核对后恢复履职人员的姓名",
    ),
    Rule(
        "评审专家",
        re.compile(rf"(?:{_EXPERT})[ 　]*[:：\t|][ 　]*({_NAME})"),
        "采购结果公告依法应当写明评审专家的姓名",
        "请核对后恢复评审专家的姓名",
    ),
    Rule(
        "文号、案号和项目编号",
        re.compile(
            rf"(?:{_NUMBERED}){_GAP}((?=[^\n，。；*＊●■█]*[*＊●■█])[\w*＊●■█\-—/〔〕（）()\[\]【】]{{4,40}})"
            r"|([\u4e00-\u9fff]{1,10}[〔（(\[]20\d\d[〕）)\]][\u4e00-\u9fff\d]{0,8}[*＊●■█]+\d*号"
            r"|[〔（(\[]20\d\d[〕）)\]](?=[\u4e00-\u9fff\d*＊●■█]{3,14}号)[\u4e00-\u9fff]\d{0,4}[*＊●■█]+[\u4e00-\u9fff]{1,3}\d{0,6}号)"
        ),
        "文号、案号和项目编号不属个人信息，遮住后无法查询和监督",
        "请核对后恢复编号",
    ),
    Rule(
        "中标、成交单位",
        re.compile(rf"(?:{_WINNER}){_GAP}({_COMPANY}|[*＊×●■█]{{2,}})"),
        "中标、成交结果依法应当公开，单位名称不属个人信息",
        "请核对后恢复中标、成交单位的名称",
    ),
    Rule(
        "办公电话",
        re.compile(rf"(?:{_OFFICE})(?:号码)?{_GAP}((?=[\d\- ()（）转]*[*＊×●■█xX])[\d*＊×●■█xX\- ()（）转]{{5,}})"),
        "机关对外的办公、咨询、监督电话依法应当公开",
        "请核对后恢复机关的对外电话",
    ),
    Rule(
        "单位账户",
        re.compile(
            rf"(?:{_PAYEE})[^。；\d*＊×●■█]{{0,50}}[账帐][ 　]*[号户]{_GAP}"
            r"((?!62)(?=[\d ]*[*＊×●■█]{2})[\d*＊×●■█ ]{8,30})"
        ),
        "财政、保证金、捐赠等单位账户供社会缴款，不属个人信息",
        "请核对：单位的账户应当恢复，个人的账户仍应遮蔽",
    ),
    Rule(
        "法定公开的金额",
        re.compile(
            rf"(?:{_AMOUNT})(?:[（(][^）)]{{1,6}}[）)])?{_GAP}((?:人民币)?[￥¥]?[\d.,]*[*＊×●■█]{{2,}})"
            r"|罚款(?:人民币)?[ 　]*([\d.,]*[*＊●■█]{2,})[ 　]*[万亿]?元"
        ),
        "中标、成交和处罚的金额依法应当公开",
        "请核对后恢复金额",
    ),
    Rule(
        "单位信用代码",
        re.compile(rf"统一社会信用代码{_GAP}((?=[0-9A-Z]*?(?:[*＊×●■█]|X{{4}}))[0-9A-Z*＊×●■█]{{8,18}})"),
        "法人的统一社会信用代码是公开信息，不属个人信息",
        "请核对：单位的代码应当恢复，个体工商户的代码含身份证号时可以遮",
    ),
)


def overmasked(text: str) -> Iterator[tuple[int, Rule, str]]:
    """Where something public is masked: its offset, the rule, and how it stands (which is masked already)."""
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            group = next(number for number in range(1, rule.pattern.groups + 1) if match[number])
            shown = match[group].strip()
            if not _SAMPLE.issuperset(shown) and (rule.name not in _PEOPLE or shown[0] in _SIGNS or surname_of(shown)):
                yield match.start(group), rule, shown
