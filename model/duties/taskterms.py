"""Deadlines of a work plan as written (及时公开、20个工作日内、2023年10月底前、每季度、长期坚持), read and dated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.model.duties.clocks import UNITS, said
from gongkai.model.errors import UnknownYear
from gongkai.model.folding import fold
from gongkai.model.workdays import ONE, Workdays

_COUNT = r"(?P<count>\d{1,3}|[一二三四五六七八九十]{1,4})"
_MONTH = r"(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})月"
_WITHIN = re.compile(_COUNT + r" ?个? ?(?P<unit>工作日|自然日|日历日|小时|日|天)(?:之?内|以内|公开|前)?")
_YEAR = re.compile(r"(?P<year>20\d\d|19\d\d) ?年")
_DAY = re.compile(
    _MONTH + r"(?:(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日|(?P<part>底|末|上旬|中旬|下旬)|(?=前|内|完成))"
)
_YEAR_END = re.compile(r"(?:年底|年末|年内|年终|全年完成)")
_MONTHLY = re.compile(r"(?:每个?月|次月)(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日")
_QUARTER = re.compile(r"第?(?P<quarter>[一二三四1-4])季度(?:末|底|前|内|结束)?")
_HALF = re.compile(r"上半年")
_SEASON = re.compile(r"(?P<first>\d{1,2})月?[-至到—~](?P<last>\d{1,2})月")
_PARTS = {"上旬": 10, "中旬": 20}
_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_UNITS = {"工作日": "workday", "小时": "hour"}
_KINDS = (
    ("daily", re.compile(r"每天|每日|逐日")),
    ("month", re.compile(r"每个?月|按月|逐月|月度")),
    ("quarter", re.compile(r"季度|每季")),
    ("half", re.compile(r"每半年")),
    ("standing", re.compile(r"长期|常态|持续|全年|贯穿|日常|经常|每年至少|适时|动态")),
    ("prompt", re.compile(r"及时|实时|即时|立即|随时|第一时间|尽快")),
)
#: How each kind of term is called.
LABELS = {
    "within": "自起算之日",
    "by": "限期完成",
    "year": "每年",
    "half": "每半年",
    "quarter": "每季度",
    "month": "每月",
    "daily": "每天",
    "prompt": "及时",
    "standing": "长期坚持",
    "unread": "看不懂，请人工填写",
}
#: Those that come again.
AGAIN = ("year", "half", "quarter", "month", "daily")
#: What a plan may count from when it names itself.
PLAN = re.compile(r"(?:本)?(?:方案|计划|通知|文件|要点)(?:发布|印发|下发|公布)")


@dataclass(frozen=True, slots=True)
class TaskTerm:
    """One term: `written` as the plan has it; `count` `unit`s from `start` for within; `last` (ISO) for by; `day`
    (01-31) for year, the day of the month (10) for month; `season` are the first and last month of a daily one."""

    written: str
    kind: str
    count: int = 0
    unit: str = ""
    start: str = ""
    last: str = ""
    day: str = ""
    season: tuple[int, int] | tuple[()] = ()

    @property
    def label(self) -> str:
        """What kind of term it is, in words."""
        return LABELS[self.kind]


def read(written: str, year: int = 0) -> TaskTerm:
    """The term in a cell; `year` is the plan's, for a month that names none."""
    text = fold(written).replace(" ", "")
    plain = " ".join(written.split())
    for reader in (_every_year, _every_month, _within, _season, _fixed):
        if found := reader(plain, text, year):
            return found
    kind = next((kind for kind, words in _KINDS if words.search(text)), "unread")
    return TaskTerm(plain, kind)


def next_due(term: TaskTerm, issued: date | None, today: date, calendar: Workdays) -> tuple[date | None, str]:
    """The next last day of a term, and how it was told in one sentence; `issued` is the plan's own day."""
    if term.kind == "within":
        return _counted(term, issued, calendar)
    if term.kind == "by":
        last = date.fromisoformat(term.last)
        return last, f"最迟{said(last)}：按“{term.written}”。"
    if term.kind in AGAIN:
        last = _again(term, today)
        return last, f"{term.label}，本期最迟{said(last)}：按“{term.written}”。"
    return None, _UNDATED[term.kind]


_UNDATED = {
    "prompt": "应当及时办理，没有规定天数；有具体信息形成时按目录的公开时限计算。",
    "standing": "长期坚持，没有最后一日；按年检查。",
    "unread": "看不懂这个时限，请人工填写日期。",
}


def _counted(term: TaskTerm, issued: date | None, calendar: Workdays) -> tuple[date | None, str]:
    whole = f"{term.count}{UNITS[term.unit]}"
    if term.start and not PLAN.search(term.start):
        return None, f"每次自{term.start}起{whole}；有具体事项时从那一天起算。"
    if issued is None:
        return None, f"自{term.start or '方案印发'}起{whole}；没有填方案印发日期，算不出来，请补上。"
    if term.unit == "hour":
        return None, f"自{term.start}起{whole}；要有几时几分才能计算。"
    try:
        last = _after(issued, term, calendar)
    except UnknownYear as error:
        return None, error.message
    return last, f"最迟{said(last)}：自方案印发之日（{said(issued)}，当日不计）起{whole}。"


def _after(start: date, term: TaskTerm, calendar: Workdays) -> date:
    if term.unit == "workday":
        return calendar.add(start, term.count)
    return calendar.worked(start + ONE * term.count)


def _every_year(plain: str, text: str, _: int) -> TaskTerm | None:
    found = _DAY.search(text)
    if "每年" not in text or (found is None and not _YEAR_END.search(text)):
        return None
    day = _last_of(found, 2023) if found else date(2023, 12, 31)
    return TaskTerm(plain, "year", day=f"{day:%m-%d}") if day else None


def _every_month(plain: str, text: str, _: int) -> TaskTerm | None:
    found = _MONTHLY.search(text)
    day = number(found["day"]) if found else 0
    return TaskTerm(plain, "month", day=f"{day:02}") if 1 <= day <= 28 else None


def _within(plain: str, text: str, _: int) -> TaskTerm | None:
    found = _WITHIN.search(text)
    if found is None or found.start() and text[found.start() - 1] in "月第":
        return None
    count, unit = number(found["count"]), _UNITS.get(found["unit"], "day")
    return TaskTerm(plain, "within", count, unit, _start(text[: found.start()])) if 0 < count < 1000 else None


def _start(before: str) -> str:
    """What a term is counted from: 自信息形成或变更之日起 -> 信息形成或变更."""
    return re.sub(r"(?:之日起?|之日|后的?|以后|起|的)+$|^自", "", before).strip('，,。；;“”"')[-30:]


def _season(plain: str, text: str, _: int) -> TaskTerm | None:
    found = _SEASON.search(text)
    if found is None or not _KINDS[0][1].search(text):
        return None
    first, last = int(found["first"]), int(found["last"])
    return TaskTerm(plain, "daily", season=(first, last)) if 1 <= first <= last <= 12 else None


def _fixed(plain: str, text: str, year: int) -> TaskTerm | None:
    years = _YEAR.search(text)
    of = int(years["year"]) if years else year
    found = _DAY.search(text)
    if not of:
        return None
    last = _last_of(found, of) if found else None
    if found is None and (_YEAR_END.search(text) or (years and re.search(r"\d年底?前", text))):
        last = date(of, 12, 31)
    if found is None and _HALF.search(text):
        last = date(of, 6, 30)
    if found is None and (quarter := _QUARTER.search(text)):
        last = _month_end(of, 3 * number(quarter["quarter"]))
    return TaskTerm(plain, "by", last=last.isoformat()) if last else None


def _last_of(found: re.Match[str], year: int) -> date | None:
    """The last day in time: 10月底 and 10月前 are the last day of a month that is named, 10月15日 is that day."""
    month = number(found["month"])
    if not 1 <= month <= 12:
        return None
    if found["day"]:
        try:
            return date(year, month, number(found["day"]))
        except ValueError:
            return None
    if found["part"] in _PARTS:
        return date(year, month, _PARTS[found["part"]])
    return _month_end(year, month)


def _month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - ONE


def number(words: str) -> int:
    """二十 and 20 are 20."""
    if words.isdecimal():
        return int(words) if len(words) < 10 else 0
    tens, _, ones = words.rpartition("十")
    if "十" not in words:
        return _DIGITS.get(words, 0)
    return (_DIGITS.get(tens, 0) if tens else 1) * 10 + _DIGITS.get(ones, 0)


def _again(term: TaskTerm, today: date) -> date:
    """The end of the period that a day is in; a yearly day that is over is next year's."""
    if term.kind == "daily":
        return _in_season(term, today)
    if term.kind == "year":
        last = date.fromisoformat(f"{today.year}-{term.day}")
        return last if last >= today else date.fromisoformat(f"{today.year + 1}-{term.day}")
    if term.kind == "month" and term.day:
        last = today.replace(day=int(term.day))
        return last if last >= today else (today.replace(day=28) + ONE * 4).replace(day=int(term.day))
    months = {"month": 1, "quarter": 3, "half": 6}[term.kind]
    return _month_end(today.year, -(-today.month // months) * months)


def _in_season(term: TaskTerm, today: date) -> date:
    if not term.season:
        return today
    first, last = term.season
    if today.month < first:
        return date(today.year, first, 1)
    return today if today.month <= last else date(today.year + 1, first, 1)


def after(term: TaskTerm, done: date) -> date | None:
    """The next last day of a term that comes again, once the period that ends on a day is done."""
    return _again(term, done + timedelta(days=1)) if term.kind in AGAIN else None
