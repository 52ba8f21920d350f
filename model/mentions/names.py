"""Places in a text that may be a person's name. High recall: `people` decides which of them are."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from operator import sub
from typing import NamedTuple

from gongkai.model.document import Span
from gongkai.model.mentions.signing import framed
from gongkai.model.mentions.surnames import first_characters, surname_of, surnames
from gongkai.model.reading import Reading

HAN = "\u3400-\u9fff"
MINORITY = re.compile(rf"(?<![{HAN}·])[{HAN}]{{1,8}}(?:·[{HAN}]{{1,8}}){{1,3}}(?![{HAN}])")
DOTTED = re.compile(rf"(?P<left>[{HAN}]{{1,7}})·(?:[{HAN}]{{1,7}}·)*(?P<right>[{HAN}]{{1,7}})")
# A pattern that looks back only where its first two characters stand is searched several times as fast.
SPACED = re.compile(rf"[{HAN}](?= )(?<![{HAN}]{{2}})(?: {{1,6}}[{HAN}]){{1,3}}(?![{HAN}])")
GAPPED = re.compile(rf"(?P<family>[{HAN}])(?= )(?<![{HAN}]{{7}}) {{1,4}}(?P<given>[{HAN}]{{1,3}})")
#: Who speaks in a chat, up to the surname, and how far before it that begins: what follows a blank is what they say.
SPEAKER = re.compile(rf"\d:\d\d [{HAN}]{{2,10}}-$")
SPOKEN = 24
AFTER_ROLE = re.compile(
    r"(?:局长|主任|科长|处长|股长|所长|站长|队长|院长|校长|理事长|董事长|会长|组长|班长|镇长|乡长|村长|社长|厂长|"
    r"经理|总监|主管|书记|委员|代表|会计|出纳|"
    r"管理员|驾驶员|驾驶人|监测员|网格员|护理员|保育员|检查员|联络员|联系人|负责人|法定代表人|委托代理人|申请人|"
    r"被申请人|当事人|权利人|户主|村民|居民|市民|业主|住户|学生|同学|"
    r"教师|老师|传承人|领班|主管|医生|护士|律师|工程师|会计师|师傅|民警|辅警|法官|司机|保安|同事|邻居|老板|店主|房东|租客|患者|病人|"
    r"伤者|死者|证人|家属|监护人|举报人|投诉人|反映人|信访人|"
    r"丈夫|妻子|爱人|儿子|女儿|儿媳|女婿|父亲|母亲|老伴|孙子|孙女|外孙|外孙女|姥姥|姥爷|爷爷|奶奶|外公|外婆|公公|"
    r"婆婆|岳父|岳母|哥哥|姐姐|弟弟|妹妹|弟媳|嫂子|"
    r"小叔子|小舅子|侄子|侄女|外甥|外甥女|舅舅|堂弟|堂兄|堂妹|表弟|表哥|表妹|长子|次子|三子|长女|次女|养父|养母|继父|"
    r"继母|名叫)[ :]{0,2}(?=[\u3400-\u9fff])"
)
#: Surnames that join two words more often (司机和车辆), and what ends a name behind a role (主管某某某，).
JOINING = frozenset("和向同")
ENDED = re.compile(r"(?<!某)(?<![长员任记理册表书证卡带裤馆])[,。、;:(\n]| {2}")
#: Behind what somebody is, no name: adverbs, times, places. A surname that begins adverbs too tells nothing.
NO_ACTOR = (
    "[向于和时常经来从由应曾强普多能通过当因全同]|凌晨|周[一二三四五六日末]|[白夏明那]天|那晚|元旦|初[一二三]|马上|连[夜忙]|"
    "方[面才]|单[方独]|安全|明[确明]|任意|高速|区内|万分|许久|平[时常]|幸[好亏]|尚[未且]|[门路]口|路[过边]|[房车楼海][内上]|干部|党员|"
    "别人|满意|冷静"
)
#: What somebody is, the name, what they did: 店主某某说, 工友某某书面.
ACTING = re.compile(
    rf"(?:[店摊车房机船户失]主|门卫|市民|村民|居民|住户|业主|司机|驾驶员|保安|房东|租[客户]|工友|同事|邻居|老板|护工|保洁|"
    rf"学徒|员工|旅客|乘客|顾客|女子|男子|学生|同学|当事人|第[一二三四五]名)"
    rf"(?:(?P<first>[{HAN}]{{2,3}})[、和])?(?P<name>(?!{NO_ACTOR})[{HAN}]{{2,3}}?)"
    r"(?=\d{1,2}(?:时|点|月|日|:)|说|称|拨打|报警|报案|听[见到]|看[见到]|作证|书面|在场|签收|递补|不在|"
    r"\( ?(?:[男女]|化名|小名|绰号|又名|电话|手机|微信|身份证|\d\d岁|1\d{10})|"
    r"的(?:手机|电话|微信|身份证|妻子?|丈夫|[儿女][子儿]|[父母]亲)|家[里中])"
)
#: Who somebody is, the name, and at once the number of the card: 授权代表某某（身份证号 and digits.
CARD, NEAR = re.compile(r"[(,] ?(?:公民)?身份"), 24
CARDED = re.compile(
    r"(?:代表|代理人|负责人|联系人|经办人|申请人|权利人|当事人|经营者|投资人|承租人|受让人)[: ]{0,2}"
    rf"(?P<name>[{HAN}]{{2,3}})"
    r"(?=[(,] ?(?:公民)?身份证?(?:件|明)?号?码?[: ]{0,2}\d{6})"
)
#: A name alone at the beginning of a clause, before what somebody was found to have: 某某上年查出胃癌.
ILL = re.compile(r"(?:[上去今前]年|日前)?(?:查出|确诊|罹患|患上)(?=[^,。;\n]{0,6}[癌瘤病症炎])")
ALONE = re.compile(rf"(?:^|[。;,、\n ])(?P<name>[{HAN}]{{2,3}})$")
#: Another name of somebody, told up to a mark.
ALIASED = re.compile(
    rf"(?:曾用名|又名|原名|别名|本名|真名|户籍名|登记名)(?:为|是|叫)? ?:? ?[“\"]?(?P<name>[{HAN}]{{2,4}})"
    r"(?=[”\"),、。;\n])"
)
SHORT = re.compile(
    rf"(?P<old>[老小阿])(?P<a>[{HAN}])"
    rf"(?!区|学|组|队|型|额|微|时|旧|化|年|城|街|路|河|村|百姓|板|师|同志|花?树|[牛狗])"
    rf"|姓(?P<b>[{HAN}])(?![名氏])|(?P<c>[{HAN}])(?:师傅|女士|先生|老太|大爷|大妈|阿姨|姨|嫂|叔|婶|哥|姐|总|姓)"
    rf"(?![{HAN}]{{0,1}}(?:工|公司|局|站|会|理|监|体|数|额|量|是|的|和|结|计))"
)
#: A surname in brackets behind a number: 1381234**** （沈）.
LABELLED = re.compile(rf"\((?<=\d{{7}}\()(?P<name>[{HAN}])\)")
BROKEN = re.compile(rf"\n(?<=[{HAN}]\n)(?=[{HAN}])")
WRAPPED = re.compile(rf"(?<=[^\n]{{15}})(?P<first>[{HAN}]{{1,3}})\n(?P<rest>[{HAN}]{{1,2}})(?![{HAN}])")
RUN = re.compile(rf"(?<![{HAN}·])[{HAN}]{{2,6}}(?![{HAN}·])")
WRITTEN = re.compile(rf"[{HAN}A-Za-z· \n]*[{HAN}][{HAN}A-Za-z· \n]*")
#: No name runs over the mark between two.
LISTED_PART = re.compile("[^,、;/]+")
CELL_NAME = re.compile(rf"[{HAN}][{HAN}· ]{{0,14}}[{HAN}]")
NOT_A_NAME = re.compile(
    r"(?:学习强国|合计|小计|总计|姓名|备注|序号|单位|电话|性别|职务|签名|签字|盖章|以上|以下|本人|无|同上|见|略|某|"
    r"公司|委员会|政府|局$|村民|小组|社区|有限|部门|情况|"
    r"学校|医院|中心|银行|机关|科室|办公室|小学|中学|大学|街道|乡镇|人员|名单|名称|项目|关系|地址|日期|年月|时间|"
    r"签收|经办|负责|审核|主任|局长|书记|组长|科长|汉族|女|男|感$|专题$|等$|官网|热搜)"
)
TITLES = (
    "局长", "主任", "书记", "科长", "处长", "厅长", "县长", "市长", "镇长", "乡长", "村长", "所长", "站长", "队长",
    "院长", "校长", "部长", "司长", "经理", "董事长", "总裁", "组长", "法官", "律师", "医生", "教授", "工程师", "同志",
    "老师", "副局长", "副主任", "委员", "代表", "警官", "师傅", "女士", "先生",
)  # fmt: skip


#: Words for one of a kind that only plants and grain have: 两棵杨树 is nobody.
COUNTED = frozenset("棵株")
#: Where a name may begin and end, and what led to it.
Place = tuple[int, int, str]


class Mention(NamedTuple):
    """A place that may be a name: its span, the name without blanks, the ways that led to it."""

    span: Span
    bare: str
    sources: frozenset[str]


def _all_han(piece: str) -> bool:
    return min(piece) >= "\u3400" and max(piece) <= "\u9fff"


def _by_surname(reading: Reading) -> Iterator[Place]:
    text, known, first, ends = reading.text, surnames(), first_characters(), reading.ends
    for at in [at for at in reading.offsets[:-1] if text[at] in first]:
        double = known.get(text[at : at + 2]) == 4
        if (text[at] not in known and not double) or text[at - 1 : at] in COUNTED:
            continue
        for end in (at + 3, at + 4) if double else (at + 2, at + 3):
            if end in ends and _all_han(text[at:end]):
                yield at, end, "surname"


def _by_shape(reading: Reading) -> Iterator[Place]:
    text = reading.text
    if "·" in text:
        yield from _dotted(reading)
    for match in GAPPED.finditer(text):
        if match["family"] in surnames() and not _spoken(text, match):
            yield *match.span(), "gapped"
            yield match.start(), match.start("given") + 1, "gapped"
    for match in SPACED.finditer(text):
        if surname_of(match.group().replace(" ", "")) and not _spoken(text, match):
            yield *match.span(), "spaced"
    yield from _short_forms(reading)
    yield from _wrapped(text)


def _spoken(text: str, match: re.Match[str]) -> bool:
    """Whether what follows the blank is said in a chat: behind a given name a mark comes first, then the words."""
    named = text[match.end() : match.end() + 1] in (" ", ":")
    return not named and bool(SPEAKER.search(text, max(0, match.start() - SPOKEN), match.start()))


def _dotted(reading: Reading) -> Iterator[Place]:
    for match in MINORITY.finditer(reading.text):
        yield *match.span(), "dotted"
    for match in DOTTED.finditer(reading.text):
        yield from _trimmed(reading, match)


def _short_forms(reading: Reading) -> Iterator[Place]:
    """老李, 姓李, 李师傅: a surname that stands for a person."""
    for match in SHORT.finditer(reading.text):
        if match["a"]:
            if match["a"] in surnames() and match["old"] != "阿" and match["old"] + match["a"] not in reading.segmenter:
                yield match.start("old"), match.end("a"), "short"
        else:
            group = "b" if match["b"] else "c"
            if match[group] in surnames():
                yield *match.span(group), "surname-only"
    for match in LABELLED.finditer(reading.text):
        if match["name"] in surnames():
            yield *match.span("name"), "surname-only"


def _wrapped(text: str) -> Iterator[Place]:
    """A name that a page's edge broke: its beginning ends a long line, its end stands alone before the next mark."""
    for broken in BROKEN.finditer(text):
        match = WRAPPED.search(text, max(0, broken.start() - 3), broken.end() + 3)
        if match:
            yield from _beginnings(text, match)


def _beginnings(text: str, match: re.Match[str]) -> Iterator[Place]:
    for start in range(match.start("first"), match.end("first")):
        bare = text[start : match.end()].replace("\n", "")
        if 2 <= len(bare) <= 4 and surname_of(bare) and len(bare) - len(surname_of(bare)) <= 2:
            yield start, match.end(), "wrapped"


def _trimmed(reading: Reading, match: re.Match[str]) -> Iterator[Place]:
    """A dotted name inside running text: its two ends at word ends, since nothing else marks them."""
    starts = [at for at in range(match.start("left"), match.end("left")) if at in reading.starts]
    ends = [at for at in range(match.start("right") + 1, match.end("right") + 1) if at in reading.ends]
    for start in starts[-4:]:
        for end in ends[:4]:
            yield start, end, "dotted-loose"


def _after_role(reading: Reading) -> Iterator[Place]:
    """What follows a role or a kinship word, wherever words seem to end: 理事长江贻谋 is no 长江."""
    text, known = reading.text, surnames()
    for match in AFTER_ROLE.finditer(text):
        at = match.end()
        double = known.get(text[at : at + 2]) == 4
        for size in (3, 4) if double else (2, 3) if text[at] in known else ():
            piece = text[at : at + size]
            if len(piece) == size and _all_han(piece):
                yield at, at + size, "after-role"
                ended = size > 2 and text[at] not in JOINING and ENDED.match(text, at + size)
                if ended and piece not in reading.segmenter:
                    yield at, at + size, "role-ended"


def _acting(reading: Reading) -> Iterator[Place]:
    """Somebody of whom the text says at once what they are and what they did, or their card, though the name be a
    word."""
    text = reading.text
    cards = (CARDED.search(text, max(0, m.start() - NEAR), m.end() + NEAR) for m in CARD.finditer(text))
    ill = (ALONE.search(text, max(0, m.start() - 4), m.start()) for m in ILL.finditer(text))
    for match in chain(ACTING.finditer(text), ALIASED.finditer(text), filter(None, chain(cards, ill))):
        for group, name in match.groupdict("").items():
            family = len(surname_of(name))
            if 0 < family < len(name) <= family + 2 and not NOT_A_NAME.search(name) and not name.endswith(TITLES):
                yield *match.span(group), "carded" if match.re is CARDED else "acting"


def _by_run(reading: Reading) -> Iterator[Place]:
    """Short runs between delimiters that hold no longer dictionary word: names without a known surname."""
    for match in RUN.finditer(reading.text):
        start, end = match.span()
        if match.group() not in reading.segmenter and not NOT_A_NAME.search(match.group()):
            words = reading.offsets[bisect_left(reading.offsets, start) : bisect_left(reading.offsets, end)]
            if max(map(sub, [*words[1:], end], words), default=0) <= 2:
                yield start, end, "run"


def _by_heading(reading: Reading) -> Iterator[Place]:
    for cell in reading.cells:
        if cell.kind != "NAME":
            continue
        for match in CELL_NAME.finditer(reading.text, cell.span.start, cell.span.end):
            bare = match.group().replace(" ", "")
            pieces = [match.group()] if len(bare) <= 4 or "·" in bare or cell.row >= 0 else match.group().split(" ")
            at = match.start()
            for piece in pieces:
                at = reading.text.index(piece, at) if piece else at
                if 2 <= len(piece.replace(" ", "")) <= 15 and not NOT_A_NAME.search(piece):
                    yield at, at + len(piece), "column" if cell.row >= 0 else "field"
                at += len(piece)


def _by_tagger(reading: Reading, people: Iterable[Span]) -> Iterator[Place]:
    for span in people:
        for part in LISTED_PART.finditer(reading.text, span.start, span.end):
            piece = part[0]
            left, right = len(piece) - len(piece.lstrip(" ·")), len(piece.rstrip(" ·"))
            if right - left >= 2 and WRITTEN.fullmatch(piece[left:right]):
                yield part.start() + left, part.start() + right, "tagger"


def _by_frame(reading: Reading) -> Iterator[Place]:
    """Names that a salutation or a signature frames; a word of the dictionary only where the frame leaves no doubt."""
    for place in framed(reading.text):
        bare = "".join(place.span.of(reading.text).split())
        family = surname_of(bare)
        named = "·" in bare or (family and 1 <= len(bare) - len(family) <= 2)
        if named and not bare.endswith((*TITLES, "们")) and (place.plain or bare not in reading.segmenter):
            yield place.span.start, place.span.end, place.source


def mentions(reading: Reading, people: Iterable[Span]) -> list[Mention]:
    """Every place that may be a name; `people` are the tagger's spans."""
    found: dict[tuple[int, int], set[str]] = defaultdict(set)
    sources = (
        _by_surname(reading),
        _after_role(reading),
        _acting(reading),
        _by_shape(reading),
        _by_run(reading),
        _by_heading(reading),
        _by_frame(reading),
        _by_tagger(reading, people),
    )
    for source in sources:
        for start, end, name in source:
            found[start, end].add(name)
    text = reading.text
    return [
        Mention(Span(start, end), "".join(text[start:end].split()), frozenset(ways))
        for (start, end), ways in sorted(found.items())
    ]
