"""The holiday calendar: every day of the years it knows, what it won't guess, and what a notice may not say."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import date, timedelta
from importlib import resources
from pathlib import Path

import chinese_calendar
import pytest

from gongkai.model.errors import RulebookError, UnknownYear
from gongkai.model.rulebook import TABLES, Rulebook
from gongkai.model.workdays import Notice, Workdays, days

BOOK = Rulebook.load()
CALENDAR = BOOK.workdays
YEARS = range(2016, 2027)
#: Weekdays of the year less its statutory days off (eleven, thirteen since 2025), which make-up days keep whatever is
#: moved; in 2020 two more for the extension: 261-11, 260-11, 261-11, 261-11, 262-11-2, 261-11, 260-11, 260-11, 262-11,
#: 261-13, 261-13.
COUNTS = {
    2016: 250, 2017: 249, 2018: 250, 2019: 250, 2020: 249, 2021: 250, 2022: 249, 2023: 249, 2024: 251, 2025: 248,
    2026: 248,
}  # fmt: skip


def every(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", YEARS)
def test_every_day_is_as_another_calendar_has_it(year: int) -> None:
    differing = [day for day in every(year) if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)]
    assert differing == []


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_so_many_working_days(year: int) -> None:
    assert sum(map(CALENDAR.is_workday, every(year))) == COUNTS[year]


def test_the_years_that_ship_have_their_notices() -> None:
    assert set(YEARS) == CALENDAR.years
    numbers = [row.basis for row in BOOK.notices]
    assert all(re.fullmatch(r"国办发明电〔20\d\d〕\d+号", number) for number in numbers)
    assert len(set(numbers)) == len(numbers) == 13


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2016-02-06", True),  # Saturday before the Spring Festival
        ("2018-12-29", True),  # Saturday, by the notice for 2019
        ("2018-12-31", False),  # Monday, by the notice for 2019
        ("2019-05-02", False),  # by the change of March 2019
        ("2019-04-28", True),
        ("2020-01-31", False),  # Friday, by the extension
        ("2020-02-01", False),  # Saturday, first a make-up day, then off by the extension
        ("2020-02-03", True),
        ("2022-12-31", False),
        ("2023-04-05", False),  # a single Wednesday
        ("2024-02-09", True),  # New Year's Eve 2024 was no day off
        ("2025-01-28", False),  # since 2025 it is
        ("2026-01-04", True),  # Sunday
        ("2026-02-23", False),
        ("2026-11-22", False),  # a plain Sunday
        ("2026-11-23", True),
    ],
)
def test_days_that_are_easily_got_wrong(day: str, worked: bool) -> None:
    assert CALENDAR.is_workday(date.fromisoformat(day)) is worked


@pytest.mark.parametrize("day", [date(2015, 12, 31), date(2027, 1, 1)])
def test_a_year_without_a_notice_is_not_guessed(day: date) -> None:
    with pytest.raises(UnknownYear, match=f"没有 {day.year} 年的放假安排"):
        CALENDAR.is_workday(day)


def test_counting_into_an_unknown_year_is_refused_and_up_to_its_edge_is_not() -> None:
    assert CALENDAR.add(date(2026, 12, 30), 1) == date(2026, 12, 31)
    with pytest.raises(UnknownYear, match="2027"):
        CALENDAR.add(date(2026, 12, 30), 2)
    with pytest.raises(UnknownYear, match="2015"):
        CALENDAR.add(date(2016, 1, 4), -1)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-02-13", 0, "2026-02-13"),
        ("2026-02-13", 1, "2026-02-14"),  # the make-up Saturday
        ("2026-02-13", 2, "2026-02-24"),  # after nine days off
        ("2026-02-24", -1, "2026-02-14"),
        ("2026-02-24", -2, "2026-02-13"),
        ("2018-12-28", 1, "2018-12-29"),
        ("2018-12-28", 2, "2019-01-02"),
        ("2020-01-23", 1, "2020-02-03"),
    ],
)
def test_adding_working_days(start: str, count: int, end: str) -> None:
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    assert CALENDAR.add(first, count) == last
    assert CALENDAR.between(first, last) == count


def test_the_day_itself_or_the_next_that_is_worked() -> None:
    assert CALENDAR.worked(date(2026, 9, 30)) == date(2026, 9, 30)
    assert CALENDAR.worked(date(2026, 10, 1)) == date(2026, 10, 8)


def test_the_end_of_the_last_known_year_is_not_settled() -> None:
    assert [CALENDAR.settled(date(2026, 12, day)) for day in (23, 24, 31)] == [True, False, False]
    assert CALENDAR.settled(date(2025, 12, 31))


def test_a_later_notice_changes_an_earlier_one() -> None:
    year = next(row for row in BOOK.notices if row.code == "2026")
    extra = Notice("2026-本地", "本地区放假", "本机关规定", off=("2026-03-03",), work=("2026-03-07", "2026-05-05"))
    changed = Workdays.of((year, extra))
    assert [changed.is_workday(date(2026, 3, day)) for day in (3, 4, 7)] == [False, True, True]
    assert changed.is_workday(date(2026, 5, 5))
    assert Workdays.of((extra,)).years == frozenset()


def test_an_added_year_is_known() -> None:
    off = ("2027-01-01/2027-01-03", "2027-05-01", "2027-10-01/2027-10-07")
    book = replace(BOOK, notices=(*BOOK.notices, Notice("2027", "2027年", "国办发明电〔2026〕0号", off=off)))
    assert book.workdays.is_workday(date(2027, 1, 4))
    assert book.workdays.settled(date(2026, 12, 31))


ALWAYS = ("2027-01-01", "2027-05-01", "2027-10-01/2027-10-03")


@pytest.mark.parametrize(
    ("code", "off", "work", "why"),
    [
        ("27", ALWAYS, (), "code 应当是四位年份"),
        ("2027", ALWAYS[:-1], (), "没有写 2027-10-01，这一天依法放假"),
        ("2027", (*ALWAYS, "2027-2-6"), (), "off 写的 2027-2-6 不是日期"),
        ("2027", (*ALWAYS, "2027-02-30"), (), "off 写的 2027-02-30 不是日期"),
        ("2027", (*ALWAYS, "2027-02-12/2027-02-06"), (), "先后颠倒或者超过一个月"),
        ("2027", (*ALWAYS, "2027-02-12/2027-12-06"), (), "先后颠倒或者超过一个月"),
        ("2027", (*ALWAYS, "2026-02-12"), (), "off 写的 2026-02-12 不在 2027 年"),
        ("2027", ALWAYS, ("2028-01-02",), "work 写的 2028-01-02 不在 2027 年"),
        ("2027", ALWAYS, ("2027-05-01",), "off 和 work 都有 2027-05-01"),
        ("2027", ALWAYS, ("2027-05-10",), "work 写的 2027-05-10 本来就上班"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(code: str, off: tuple[str], work: tuple[str], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Notice(code, "甲", "乙", off=off, work=work)


def test_spans_hold_both_their_ends() -> None:
    found = [str(day) for day in days("off", ["2018-12-30/2019-01-01"])]
    assert found == ["2018-12-30", "2018-12-31", "2019-01-01"]


def test_an_unknown_year_is_a_rulebook_error() -> None:
    assert issubclass(UnknownYear, RulebookError)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    for file, _, _ in TABLES.values():
        shutil.copy(str(resources.files("gongkai.model.tables") / file), tmp_path / file)
    return tmp_path


def test_an_agency_adds_a_year_in_its_own_folder(tables: Path) -> None:
    off = '["2027-01-01", "2027-02-05/2027-02-11", "2027-05-01", "2027-10-01/2027-10-07"]'
    row = f'\n[[notice]]\ncode = "2027"\nname = "2027年"\nbasis = "某通知"\noff = {off}\n'
    with (tables / "calendar.toml").open("a", encoding="utf-8") as file:
        file.write(row)
    calendar = Rulebook.load(tables).workdays
    assert calendar.add(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert calendar.add(date(2027, 2, 4), 1) == date(2027, 2, 12)


def test_a_wrong_notice_is_named_with_its_row(tables: Path) -> None:
    path = tables / "calendar.toml"
    path.write_text(path.read_text("utf-8").replace("2026-10-01/2026-10-07", "2026-10-02/2026-10-07"), "utf-8")
    with pytest.raises(RulebookError, match="calendar.toml 第 13 行（2026）的 off 没有写 2026-10-01"):
        Rulebook.load(tables)


def test_only_one_term_may_be_the_general_one(tables: Path) -> None:
    path = tables / "deadlines.toml"
    path.write_text(
        path.read_text("utf-8").replace('start = "作出决定"', 'start = "作出决定"\ngeneral = true'), "utf-8"
    )
    with pytest.raises(RulebookError, match="deadlines.toml 的 D7 行，general 只能有一行是 true"):
        Rulebook.load(tables)
