"""What stands right before and behind a place, a name may be: the nearest character, roles, kinship, acts."""

from __future__ import annotations

import re

from gongkai.model.mentions.names import TITLES

_ROLE = re.compile("(?:" + "|".join(sorted(TITLES, key=len, reverse=True)) + ")$")
_LAST = frozenset("\n").union(title[-1] for title in TITLES)
_KIN = re.compile(
    r"(?:丈夫|妻子?|爱人|儿子|女儿|儿媳|女婿|父亲?|母亲?|老伴|孙子|孙女|外孙女?|姥姥|姥爷|爷爷|奶奶|外公|外婆|公公|"
    r"婆婆|岳父|岳母|哥哥?|姐姐?|弟弟?|妹妹?|兄|嫂子?|"
    r"叔父?|伯父?|舅舅?|姑母?|姨母?|侄子?|外甥|小叔子|小舅子|堂[兄弟姐妹]|表[兄弟姐妹哥]|长子|次子|长女|次女|养父|"
    r"养母|继父|继母|监护人|邻居|户主|同事|对象)[::（( ]?$"
)
_JOB = re.compile(
    r"(?:[员师长工人士生者]|教授|教练|律师|护士|医生|干部|会计|出纳|保安|司机|保管|主管|经理|总监|书记|代表|委员|"
    r"民警|辅警|法官|村民|居民|职工|市民|业主|住户|"
    r"租客|顾客|患者|学生|同学|股东|老板|房东|领头的是|名叫|叫|系|为|是|由|与|和|及|向|对|给|让|请|经|被|找|"
    r"[::、,;(（.．\d])[::]?$"
)
_ACT = re.compile(
    r"^(?:签收|签字|签名|患|说|称|反映|表示|认为|提出|出面|系|等\d|等[二三四五六七八九十两几]|（|\(|[,、;。:：]|同志|"
    r"本人|家|户|夫妇|兄弟|姐妹|父子|到|来|去|在|于|以|持|驾|负责|牵头|"
    r"任|介绍|汇报|主持|陈述|书面|证实|承认|要求|申请|领取|放弃|拒绝|不服|同意|之[子女父母妻夫]|的(?:儿|女|父|母|妻|"
    r"丈|家|身|住|电|手|账|房|地))"
)
_SEX = re.compile(r" ?[,(（]? ?[男女](?:[,;)） ]|$)")


def left(text: str, at: int) -> tuple[str, bool, bool, bool]:
    """The nearest character before a place, and whether kinship, a job or what one does, or a role stands there."""
    before = text[max(0, at - 6) : at]
    near = before.rstrip(" ")
    bare = near.rstrip(" :")
    role = bare[-1:] in _LAST and bool(_ROLE.search(bare))
    return _nearest(text, at, -1), bool(_KIN.search(near)), bool(_JOB.search(near)), role


def right(text: str, at: int) -> tuple[str, bool, bool, bool]:
    """The nearest character behind a place, and whether an act, a role or the sex stands there."""
    after = text[at : at + 6]
    near = after.lstrip(" ")
    return _nearest(text, at, 1), bool(_ACT.match(near)), near.startswith(TITLES), bool(_SEX.match(after))


def _nearest(text: str, at: int, step: int) -> str:
    """The first character that is no blank on one side, or a mark for the line's edge."""
    at = at - 1 if step < 0 else at
    blank = ""
    while 0 <= at < len(text):
        if text[at] == "\n":
            return "^" if step < 0 else "$"
        if text[at] != " ":
            return blank + ("0" if text[at].isdigit() else text[at])
        blank = "_"
        at += step
    return "^" if step < 0 else "$"
