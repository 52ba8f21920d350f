"""Re-identification of one person in what is left (GB/T 42460-2023): rows by unit, date and matter; sentences and
records by quasi-identifiers that together fit hardly anybody else."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from gongkai.model.document import Document, Span
from gongkai.model.grid import table_rows
from gongkai.model.mentions.surnames import surname_of
from gongkai.model.tablerows import PARTS, Trait

#: What the heading of a column has to name for each part of the combination; a column counts for one part only.
COLUMNS = {
    "date": re.compile(r"日期|时间|年月|出生"),
    "unit": re.compile(r"单位|部门|学校|公司|企业|村|社区|科室|街道|乡镇|镇街|医院|机构|地点|处所|住址|地址|班级"),
    "matter": re.compile(
        r"事由|原因|事项|情形|行为|案由|内容|类别|类型|种类|处罚|处分|处理|奖惩|病种|诊断|险种|情况|结果|结论|事实|问题|部位"
    ),
}
_GONE = re.compile(r"[*×xX\-—/ ]*|〔.{1,12}〕|无|略")


def singled_out(text: str, places: Iterable[int]) -> list[int]:
    """Where the rows of pasted tables begin that only one person can mean.

    `text` is the redacted text, `places` are offsets where a name was hidden in it. A row counts when its table has
    columns for unit, date and matter, all three still tell something, and no other row has the same three.
    """
    document = Document("", text)
    ends = [match.start() for match in re.finditer("\n", text)]
    hidden = {bisect_left(ends, at) for at in places}
    rows: list[tuple[int, int, tuple[str, ...]]] = []
    columns: list[int] = []
    table = 0
    for number, (row, _) in enumerate(table_rows(document)):
        texts = row.texts if row else []
        if heading := _heading(texts):
            columns, table = heading, table + 1
        elif columns and len(texts) > max(columns):
            rows.append((table, number, tuple(texts[c].strip() for c in columns)))
        elif columns and not row:
            columns = []
    counts = Counter((where, key) for where, _, key in rows)
    alone = (number for where, number, key in rows if number in hidden and counts[where, key] == 1 and _tells(key))
    return [ends[number - 1] + 1 if number else 0 for number in alone]


def _tells(key: tuple[str, ...]) -> bool:
    """Whether no cell is empty or holds nothing but a mask."""
    return not any(map(_GONE.fullmatch, key))


def _heading(texts: list[str]) -> list[int]:
    """The columns of date, unit and matter in a heading row; empty where one is missing or the row holds data."""
    if len(texts) < 4 or any(re.search(r"\d{2}", text) or len(text) > 14 for text in texts):
        return []
    found: list[int] = []
    for cue in COLUMNS.values():
        found.append(next((at for at, text in enumerate(texts) if at not in found and cue.search(text)), -1))
    return found if min(found) >= 0 else []


#: How much each part narrows down the people of one place, and how much is too much: among a village's or a school's
#: people a birth date fits one, a rare trait with a role or an event few, a role with an event still many.
WEIGHTS = {"role": 1, "event": 1, "rare": 2, "birth": 3, "sole": 3, "unique": 3}
ENOUGH = 3
_SENTENCE = re.compile(r"[^\n。!?;]+")
_PAIR = re.compile(r" *[\u4e00-\u9fff ]{2,12}(?:\([^()\n]{1,8}\))? ?:[^\n]{1,80}$")
_MASKED = re.compile(
    r"(?P<family>[\u4e00-\u9fff]{1,2})某{1,2}(?![\u4e00-\u9fff]?[村县市区镇乡局校院厂社站]|公司|单位|地|[年月日天时]|[个些种项次])"
)
_SOMEBODY = re.compile(r"(?<![仅只有])[一1] ?[名位]|唯一")
_GAP = re.compile(r"[ :(]{0,2}")
_POST = re.compile(r"(?:职务|职业|任职|岗位|职位|身份)[^:\n]{0,6}: ?[^\n:]{0,16}$")
#: Characters: how far back a place counts, how long a paper's head and one record are.
_BACK, _HEAD, _RECORD = 200, 200, 300


@dataclass(frozen=True, slots=True)
class Standing:
    """A sentence or record, where the person in it stands, and the parts that together single that person out."""

    at: int
    parts: tuple[str, ...]


def standing_out(text: str, places: Iterable[int], traits: Sequence[Trait]) -> list[Standing]:
    """Sentences and records of redacted text in which quasi-identifiers still fit hardly anybody else.

    `places` are offsets where a name was hidden; people whom the text itself hides (王某, 一名学生) count as well. Rows
    of tables that `singled_out` judges are left to it.
    """
    document = Document("", text)
    folded = document.folded
    hidden = sorted({*places, *_masked(folded)})
    head = {part for part in ("place", "office") if _named(part, traits, folded, 0, _HEAD)}
    found = []
    for window, record in _windows(document):
        people = hidden[bisect_left(hidden, window.start) : bisect_left(hidden, window.end)]
        somebody = None if people else _SOMEBODY.search(folded, window.start, window.end)
        at = people[0] if people else somebody.start() if somebody else -1
        if at >= 0 and (parts := _together(folded, window, record, people, traits, head)):
            found.append(Standing(at, parts))
    return found


def _masked(folded: str) -> Iterator[int]:
    """Where somebody stands as 王某 or 欧阳某某; 在某地 names nobody."""
    for match in _MASKED.finditer(folded):
        family = match["family"]
        if surname_of(family + "某") == family:
            yield match.start()
        elif surname_of(family[-1]):
            yield match.start() + len(family) - 1


def _windows(document: Document) -> Iterator[tuple[Span, bool]]:
    """Records of `label: value` lines, which count as one, and the sentences of all other lines outside of tables."""
    start = offset = 0
    tabled = pairs = False
    for row, line in [*table_rows(document), (None, "")]:
        texts = row.texts if row else []
        tabled = bool(_heading(texts)) or (tabled and len(texts) >= len(COLUMNS))
        pair = not tabled and bool(_PAIR.match(line))
        if pairs and (not pair or offset - start > _RECORD):
            yield Span(start, offset), True
            pairs = False
        start = start if pairs else offset
        if not pair and not tabled:
            for sentence in _SENTENCE.finditer(line):
                yield Span(offset + sentence.start(), offset + sentence.end()), False
        pairs, offset = pair, offset + len(line) + 1


def _together(
    folded: str, window: Span, record: bool, people: Sequence[int], traits: Sequence[Trait], head: Set[str]
) -> tuple[str, ...]:
    """The parts that stand together, by the order of PARTS; empty where they fit many. `head`: the paper's own."""
    found = {t.part for t in traits if _stands(t, folded, window, record, people)}
    if sum(WEIGHTS.get(part, 0) for part in found) < ENOUGH:
        return ()
    paragraph = max(window.start - _BACK, folded.rfind("\n", 0, window.start) + 1)
    if not found & {"place", "unique"} and _named("place", traits, folded, paragraph, window.start):
        found.add("place")
    if "sole" in found and not found & {"place", "office"}:
        found |= head
    if not found & ({"place", "unique", "office"} if "sole" in found else {"place", "unique"}):
        return ()
    return tuple(part for part in PARTS if part in found and not (part == "office" and "place" in found))


def _named(part: str, traits: Sequence[Trait], folded: str, start: int, end: int) -> bool:
    return any(trait.pattern.search(folded, start, end) for trait in traits if trait.part == part)


def _stands(trait: Trait, folded: str, window: Span, record: bool, people: Sequence[int]) -> bool:
    for match in trait.pattern.finditer(folded, window.start, window.end):
        if not trait.near or any(_beside(folded, match, at, trait.near) for at in people):
            return True
        if record and people and _POST.search(folded, window.start, match.end()):
            return True
    return False


def _beside(folded: str, match: re.Match[str], at: int, near: int) -> bool:
    """Whether a trait is said of the person at a place: right before (校长王某), or a few characters behind."""
    if match.end() <= at:
        return bool(_GAP.fullmatch(folded, match.end(), at))
    return 0 <= match.start() - at <= near
