"""Dates in digits, in Chinese numerals, as scanned; only plausible ones count."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.dates import DATE, as_date, last_date
from gongkai.model.folding import fold

DATES = {
    "2019年8月5日": date(2019, 8, 5),
    "２０１９年８月５日": date(2019, 8, 5),
    "2 0 1 9 年 8 月 5 日": date(2019, 8, 5),
    "2019 年 08 月 05 日": date(2019, 8, 5),
    "2O16年lO月3曰": date(2016, 10, 3),
    "2019-08-05": date(2019, 8, 5),
    "2019.8.5": date(2019, 8, 5),
    "2019/8/5": date(2019, 8, 5),
    "二〇二四年四月五日": date(2024, 4, 5),
    "二○一六年十月二十一日": date(2016, 10, 21),
    "二零一九年十二月三十一日": date(2019, 12, 31),
    "二0一九年十一月三十日": date(2019, 11, 30),
    "一九九八年三月廿五日": date(1998, 3, 25),
    "2023年2月30日": None,
    "2023年13月1日": None,
    "1890年1月1日": None,
    "1948年12月31日": None,
    "2036年1月1日": None,
    "2019年8月": None,
    "8月5日": None,
    "2019-8.5": None,
    "12019-08-051": None,
    "": None,
}


@pytest.mark.parametrize("text", DATES)
def test_dates_are_read(text: str) -> None:
    match = DATE.search(fold(text))
    assert (as_date(match) if match else None) == DATES[text]


def test_the_last_date_and_its_place() -> None:
    text = "2019年8月5日印发，二〇二〇年一月二日施行，2020年2月30日"
    assert last_date(fold(text)) == (date(2020, 1, 2), 12, 21)
    assert last_date("没有日期") is None


@given(
    st.dates(date(1949, 1, 1), date(2035, 12, 31)),
    st.sampled_from(["{0.year}年{0.month}月{0.day}日", "{0:%Y-%m-%d}", "{0:%Y.%m.%d}"]),
)
def test_every_plausible_day_is_read(day: date, form: str) -> None:
    text = "于" + form.format(day) + "办"
    found = last_date(text)
    assert found == (day, 1, len(text) - 1)
