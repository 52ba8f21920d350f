"""Whom a paper speaks to and who signed it: places that a salutation, a signature, a seal or a thumbprint frames."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.model.dates import DATE
from gongkai.model.document import Span

_HAN = "\u3400-\u9fff"
_NAME = rf"(?:[{_HAN}]{{1,8}}(?:·[{_HAN}]{{1,8}}?)+?|[{_HAN}]{{2,6}}?|[{_HAN}](?: {{1,4}}[{_HAN}]){{1,2}})"
_POLITE = re.compile(
    r" *(?:(?:尊敬|敬爱|亲爱)的 ?)?(?P<who>[^:。;!?()\n]{2,40}?)(?:\([^()\n]{1,40}\))? *"
    r"(?:(?P<greeting>:? *[,!]? ?[您你]好[^\n]{0,60})|: *)(?=\n|$)"
)
_SPEAKS = re.compile(r"[:好](?:(?<=:) *(?=\n|$)|(?<=[您你]好))")
_ONE = re.compile(rf"(?P<name>{_NAME}) ?(?P<style>先生|女士|小姐|同志|老师|同学|家长|师傅)?")
_SURE = ("先生", "女士", "小姐")
_YOU = re.compile(r"[您你](?!们?[局委办厅部院校市县区镇乡村省]|们?单位|们?公司)")
_NEAR, _LONGEST = 80, 18
_PRINT = r"(?:捺印|[捺按] ?(?:手|指)?印|[手指]印)"
_INK = rf"(?:签[名字章领]|盖[章印]|{_PRINT}|手模|画押)"
#: 签字（盖章）： and the like, as forms print it before the place where somebody signs.
_LABEL = re.compile(
    rf"(?=[签盖捺按指手画]){_INK}(?:[、,/及或并和 (]{{0,3}}{_INK})*"
    r"(?:\)? {0,3}(?P<colon>:) {0,12}|\) {0,12}| {1,12})"
)
_VALUE = re.compile(rf"(?P<name>{_NAME})(?![{_HAN}·])")
_NEXT = re.compile(r"[ 、,]{1,8}")
_BEFORE = re.compile(rf"(?<![{_HAN}·])(?P<name>{_NAME}) {{0,3}}$")
_SEALED = re.compile(
    rf"(?=[(捺按手指印])(?:\( ?(?:(?P<hand>亲笔|本人|签名|{_PRINT})|签[字章]|盖[章印]|印章?|章)[^()\n]{{0,6}}\)"
    rf"|(?<= )(?:(?P<print>{_PRINT})(?![{_HAN}])|印(?=[ \n]|$)))(?! *:)"
)
_DATED = re.compile(rf"^ *(?P<name>{_NAME})(?: {{1,12}}| *\n *)(?:{DATE.pattern}) *$", re.MULTILINE)
_LETTER = re.compile(
    r"^ *(?:此致|特此(?:申请|说明|证明|承诺|声明|委托|报告)|(?:申请|具状|承诺|声明|委托)人)", re.MULTILINE
)
_GROUP = re.compile(
    r"^(?:各|全|广大|有关|相关|诸|所有|本|贵)|[们员民众户主者友人商客]$|干部|司机|领导|代表|家长|[师学]生|老师|同学"
)
_AGENCY = re.compile(r"(?:[局厅部委办处科室站所队组会社司校院厂店镇乡县市区府团]|单位|中心|某)$")
_ROLE = re.compile(
    r"某|本人|代理|领导|干部|单位|时间|日期|同意|属实|有效|无效|确认|通过|代表|家[属长]|父母|全家|[双各甲乙丙]方|[房股]东|"
    r"[盖公印]章|手印|(?:[人员长者位部导任记委会局所站处科室办组队司院校店厂社户主师计众]|中心|[村镇乡县市区])$"
)
#: What says that somebody signed, sealed, left a print or is to be seen, on paper that no text shows.
_SEEN = re.compile(
    r"(?:手写|亲笔)签[名字]|签[名字] ?:? ?[(【〔]?(?:手写|手印|指印|章)|[捺按] ?(?:了|有)?(?:手|指|红)印|捺印|手模"
    r"|签名图|(?:照片|相片|指纹|人脸)[(:]|\((?:签[名字章]|盖[章印]|手印|指印|照片|印)\)"
    rf"|{_INK}[)、,及或并和签名字盖章]{{0,6}} ?: *"
)
_ONCE = 6


@dataclass(frozen=True, slots=True)
class Framed:
    """A framed place: how it is framed, and whether it may be a name although a dictionary has it as a word."""

    span: Span
    source: str
    plain: bool = False


def framed(text: str) -> Iterator[Framed]:
    """Places in folded text that salutations (`addressed`) and signatures (`signed`) frame as names."""
    yield from _addressed(text)
    yield from _labelled(text)
    for seal in _SEALED.finditer(text):
        name = _BEFORE.search(text, max(0, seal.start() - _LONGEST), seal.start())
        if name and not _ROLE.search(_tight(name)):
            yield Framed(Span(*name.span("name")), "signed", bool(seal["hand"] or seal["print"]))
    yield from _dated(text)


def inked(text: str) -> list[int]:
    """Where folded text tells of a signature, a seal, a print or a photo; what belongs to one of them counts once."""
    found: list[int] = []
    end = -1
    for match in _SEEN.finditer(text):
        if end < 0 or match.start() - end > _ONCE or "\n" in text[end : match.start()]:
            found.append(match.start())
        end = match.end()
    return found


def _tight(match: re.Match[str]) -> str:
    return match["name"].replace(" ", "")


def _addressed(text: str) -> Iterator[Framed]:
    """尊敬的某某先生：, 某某女士、某某女士：, 某某，您好: a line that says no more than whom it speaks to."""
    for start in dict.fromkeys(text.rfind("\n", 0, match.start()) + 1 for match in _SPEAKS.finditer(text)):
        match = _POLITE.match(text, start)
        if match is None or _AGENCY.search(match["who"].rstrip()):
            continue
        spoken = bool(match["greeting"] or _YOU.search(text, match.end(), match.end() + _NEAR))
        for piece in re.finditer(r"[^、,和及 ](?:[^、,和及]*[^、,和及 ])?", match["who"]):
            one, at = _ONE.fullmatch(piece[0]), match.start("who") + piece.start()
            if one and (one["style"] in _SURE or (spoken and not _AGENCY.search(_tight(one)))):
                yield Framed(Span(at, at + one.end("name")), "addressed", not _GROUP.search(_tight(one)))


def _labelled(text: str) -> Iterator[Framed]:
    """What stands behind 签字：, （签名） or 捺印, one name or several; a role there is no name."""
    for match in _LABEL.finditer(text):
        at, plain = match.end(), bool(match["colon"])
        while (name := _VALUE.match(text, at)) and not _ROLE.search(_tight(name)):
            yield Framed(Span(*name.span("name")), "signed", plain)
            gap = _NEXT.match(text, name.end())
            if gap is None:
                break
            at, plain = gap.end(), False


def _dated(text: str) -> Iterator[Framed]:
    """Beside or above the day at the end of a letter that a person writes."""
    closing = max((match.start() for match in _LETTER.finditer(text)), default=len(text))
    for match in _DATED.finditer(text, closing):
        if not _ROLE.search(_tight(match)):
            yield Framed(Span(*match.span("name")), "signed")
