"""Doors, rooms and village groups right beside a private person's name, or in the cells of its row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.reading import Reading
from gongkai.model.rows import parted

#: A cell of a row that tells a place by its village group, its door or its room.
CELLED = re.compile(
    r"[^|│┃\n]{0,8}(?:[|│┃][^|│┃\n]{0,12}){0,2}[|│┃] *(?P<door>[\u4e00-\u9fff]{2,9}"
    r"(?:(?<!第)[一二三四五六七八九十\d]{1,3}[社屯]|(?<=[村寨庄屯坪湾坝沟塘坡岭冲坳])[一二三四五六七八九十\d]{1,3}[组队]"
    r"|[村路街巷里院园苑区社](?: ?[一二三四五六七八九十\d]{1,4} ?号"
    r"| ?\d{1,3}(?:#|栋|幢|-\d{1,2}-)\d{3,4})))(?= *[|│┃])"
)
AFTER_NAME = re.compile(
    r"[,、( ]{1,2}(?P<door>[\u4e00-\u9fff]{0,5}\d{1,4}(?:号(?:附\d{1,3}号)?(?: ?\d{1,3}-\d{1,3})?|室))"
    r"(?=[,。;)])"
)
BEFORE_NAME = re.compile(
    r"(?:^|[\n,。;、:(]|[\u4e00-\u9fff]|(?<=[\d ])[. ])"
    r"(?P<door>\d{1,4}(?:-\d{1,3})?(?:号门|号楼\d{2,4}室|室)|\d{1,3}(?:幢|栋|座)(?:\d{1,2}单元)?\d{3,4}"
    r"|\d{1,2}[幢栋](?= $))(?:住户|业主|租户|居民)? ?:?$"
)
#: A home told by its room alone, in a paper about a house: 104那家不同意, 我家在102.
HOUSE = re.compile(r"业主|业委会|单元|加装电梯|加梯|楼栋|楼道|物业")
_NUMBER = r"(?:[1-9]|[12]\d|3[0-3])(?:0[1-9]|1\d)"
ROOM = re.compile(
    rf"(?<![\d.\-/第共有约中余近超达计剩])(?<!\d:)(?P<door>(?!20[01]\d(?:的|那个))(?:\d{{1,2}}-){{0,2}}{_NUMBER})"
    r"(?:(?= ?那[家户个](?!企业|公司|单位))|(?=住的)|(?=家(?:不|也|还|后|前|的|没|说|老))|(?=说通)"
    r"|(?=的(?:理由|业主|住户|租客))|(?=没签|不签|不同意|不出钱|同意了))"
    rf"|(?:[我他她]|(?<![\u4e00-\u9fff]))家在 ?(?P<own>{_NUMBER})(?=[,。;室])"
)


def _rooms(text: str) -> Iterator[Finding]:
    """Homes told by their room alone, in a paper about a house."""
    for match in ROOM.finditer(text) if HOUSE.search(text) else ():
        group = "door" if match["door"] else "own"
        yield Finding(Span(*match.span(group)), "ADDR_HOME", 0.6, "address:room")


def doors(reading: Reading, names: Iterable[Span]) -> Iterator[Finding]:
    """Door numbers right beside a private person's name (`甲，83号，`, `402室住户甲`), rooms told alone (`104那家`)."""
    text = parted(reading.document)
    yield from _rooms(text)
    for name in names:
        before = BEFORE_NAME.search(text, max(0, name.start - 16), name.start)
        for match in (AFTER_NAME.match(text, name.end), CELLED.match(text, name.end), before):
            if match:
                yield Finding(Span(*match.span("door")), "ADDR_HOME", 0.7, "address:door")
