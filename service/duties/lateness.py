"""Late entries (超期补录): a list of what was published, with the days on which it came about and went out, judged."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from gongkai.model.duties.clocks import AMISS, Due, Entry, State, standing
from gongkai.model.errors import DocumentError, RequestError
from gongkai.model.folding import fold
from gongkai.model.rulebook import Rulebook
from gongkai.service.duties.terms import moment, terms_of
from gongkai.service.limits import Limits
from gongkai.service.readers import read_bytes

MOST = 20_000
LIMITS = Limits(max_bytes=20 * 1024 * 1024, max_characters=20_000_000, max_cells=1_000_000)
HEADINGS = {
    "title": r"标题|题名|文件标题|文件名称|名称|信息名称|title",
    "formed": r"(?:成文|形成|变更|制发|印发|生成|起算)(?:日期|时间)|formed|issued|start",
    "published": r"(?:发布|公开|上网|刊登|录入)(?:日期|时间)|published|done",
    "number": r"文号|发文字号|number",
    "issuer": r"发文机关|发布机构|制作机关|issuer",
    "code": r"(?:公开)?时限(?:代码)?|code",
    "category": r"目录(?:代码)?|类别(?:代码)?|category",
}
_MEANS = {key: re.compile(words) for key, words in HEADINGS.items()}
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:[ T](\d{1,2}):(\d{2}).*)?")
#: What every published paper should be listed with, and what it is called.
_FORM = {"title": "标题", "number": "发文字号", "issuer": "发文机关", "formed": "成文日期"}
_MARKS = re.compile(r"^[\s\d.、]+|(?<![\s。，,;；])[\s。，,;；]+$|\.(?:docx?|pdf|wps|ofd|txt)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of such a list as read; days are empty where they can't be read."""

    place: int
    title: str
    formed: str
    published: str
    number: str = ""
    issuer: str = ""
    code: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A line against its term; `lacks` are the elements that it is listed without."""

    listed: Listed
    due: Due | None
    state: State
    over: int
    lacks: tuple[str, ...]

    @property
    def amiss(self) -> bool:
        """Whether it belongs on the report of late entries."""
        return self.state in AMISS


def read_list(name: str, data: bytes) -> tuple[Listed, ...]:
    """The lines of a CSV or XLSX with the headings 标题, 成文日期, 发布日期. Raises RequestError."""
    try:
        rows = iter(list(_cells(read_bytes(data, name, LIMITS).text, name)))
    except DocumentError as error:
        raise RequestError(f"清单读不出来：{error.message}") from error
    except csv.Error as error:
        raise RequestError("清单读不出来：有一格太长，请检查引号和逗号。") from error
    for row in rows:
        keys = [_meaning(cell) for cell in row]
        if {"title", "formed"} <= set(keys):
            return tuple(_lines(keys, rows))
    raise RequestError("清单里没有找到表头，要有“标题”“成文日期”，还可以有“发布日期”“文号”“发文机关”“时限”“目录”。")


def _cells(text: str, name: str) -> Iterator[list[str]]:
    lines = text.splitlines()
    if name.lower().endswith(".csv"):
        delimiter = "\t" if "\t" in (lines or [""])[0] else ","
        return ([cell.strip() for cell in row] for row in csv.reader(lines, delimiter=delimiter))
    return ([cell.strip() for cell in line.split("\t")] for line in lines)


def _meaning(cell: str) -> str:
    bare = "".join(fold(cell).lower().split())
    return next((key for key, words in _MEANS.items() if words.fullmatch(bare)), "")


def _lines(keys: Sequence[str], rows: Iterable[list[str]]) -> Iterator[Listed]:
    for place, row in enumerate((row for row in rows if any(row)), 1):
        if place > MOST:
            raise RequestError(f"清单超过 {MOST} 行，请拆分。")
        cells = {key: cell for key, cell in zip(keys, row, strict=False) if key}
        days = {key: _day(cells.get(key, "")) for key in ("formed", "published")}
        yield Listed(place, **{**cells, **days})


def _day(cell: str) -> str:
    found = _DAY.match(fold(cell).strip())
    if not found:
        return ""
    year, month, day, hour, minute = found.groups()
    told = f"{year}-{int(month):02}-{int(day):02}" + (f"T{int(hour):02}:{minute}" if hour else "")
    return told if moment(told) else ""


def judged(lines: Iterable[Listed], rules: Rulebook, now: date | datetime) -> tuple[Judged, ...]:
    """Each line against the term that its code or category names, otherwise the general one. Raises RequestError."""
    return tuple(_judged(line, rules, now) for line in lines)


def _judged(line: Listed, rules: Rulebook, now: date | datetime) -> Judged:
    lacks = tuple(name for key, name in _FORM.items() if not getattr(line, key))
    start = moment(line.formed)
    if start is None:
        return Judged(line, None, State.untold, 0, lacks)
    codes = terms_of(line.category, start, rules, codes=[line.code] if line.code else []).codes
    found = [standing(Entry(str(line.place), code, start, moment(line.published)), rules, now) for code in codes]
    worst = max(found, key=lambda one: (one.state in AMISS, one.over, one.due.last is not None))
    return Judged(line, worst.due, worst.state, worst.over, lacks + _title(line.title))


def _title(title: str) -> tuple[str, ...]:
    """What is wrong with how a title is written."""
    return ("标题写法（序号、扩展名或者句末标点）",) if title and _MARKS.search(title) else ()
