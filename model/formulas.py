"""Set phrases of official text that are looked for in every document, beside the cues of the tables."""

from __future__ import annotations

import re

_PHRASES = {
    "you-company": r"(你|贵)(公司|院|校|单位|局|委|镇|企业|店|厂)",
    "you-person": r"(^|[,。;:\n ])(你|您)(于|的|反映|提出|申请|所|持|户|来信|好)?",
    "reply": r"(函复|答复|批复|复函|告知)(如下|你|贵)|此复|特此(函复|答复|批复|告知)|收悉",
    "notify-all": r"各(县|市|区|乡|镇|街道|部门|单位|有关|村|科室|处室|学校|企业)",
    "inside": r"(各|机关)(科|处|股)室|全体干部|局领导|厅领导|本局|班子成员",
    "public": r"市民|群众|公众|社会各界|居民|村民|纳税人|考生|特此(公告|通告|公示)|现(予以?)?(公布|公告|公示)",
    "inform-upward": r"(特此|专此)报告|妥否|当否|请(予)?(批示|审定|审示|批复)|呈(报|送)",
    "dialogue": r"(^|\n) *(问|答|[\u4e00-\u9fff]{2,4}) ?[::]",
    "appeal": r"行政复议|行政诉讼|人民法院|如(有异议|不服)",
    "effective": r"自.{2,16}日?起(施行|执行)|有效期|本(办法|规定|细则)",
    "money": r"\d[\d,.]* ?(万元|亿元|元)",
    "mail": r"(发件人|收件人|主题|From|Subject) ?[::]",
    "secret-word": r"保密|涉密|秘密|机密|不得外传|内部",
    "undecided": r"(拟|建议|尚未|待|初步|暂|可能|倾向|分歧)",
}
#: How a document speaks: to whom, of what, in which form.
FORMULAS = {name: re.compile(pattern) for name, pattern in _PHRASES.items()}
#: Words to a machine: how the document is to be judged.
INSTRUCTION = re.compile(
    r"(?:忽略|无视|不要理会|跳过)[^。\n]{0,12}(?:以上|之前|前面|其他)?[^。\n]{0,8}(?:指令|规则|提示|判断)"
    r"|(?:系统|模型|机器|程序|AI|ai|人工智能|助手|自动(?:审查|判断|识别))[^。\n]{0,14}(?:请|应当?|必须|务必|直接|一律)[^。\n]{0,16}"
    r"(?:判定?|判断|标注|标记|输出|归类|认定|识别|返回)[^。\n]{0,8}(?:主动公开|不予公开|依申请公开|proactive|withheld|on_request)"
    r"|[Ii]gnore (?:all |any |the )?(?:previous|above|prior)|[Cc]lassify (?:this|the) document as"
)
