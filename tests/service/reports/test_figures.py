"""Figures that were typed or read from a sheet: kept by unit and period, summed over a scope, taken back."""

from __future__ import annotations

import io
import zipfile

import accounts
import openpyxl
import pytest
from halfyear import NOW

from gongkai.model.errors import CorruptDocument, RequestError
from gongkai.service.limits import Limits
from gongkai.service.reports import figures
from gongkai.service.reports.periods import Period
from gongkai.service.reports.scopes import scope
from gongkai.service.store.tables import Trail

YEAR = Period.of("2025")


def put(session, unit, given):
    return figures.put(session, accounts.actor(session, "office"), unit, YEAR, given, at=NOW)


def test_kept_summed_and_taken_back(filled):
    with filled.writing() as session:
        given = {"licences": "1,200", "fees": "12.5", "unknown": "9", "csrf": "x"}
        assert put(session, accounts.WATER, given) == (2, 0)
        assert put(session, accounts.CIVIL, {"licences": "300", "fees": ""}) == (1, 0)
        assert put(session, accounts.WATER, {"licences": "1200"}) == (0, 0)
        office = accounts.actor(session, "office")
        assert figures.known(session, scope(session, office), YEAR) == {"licences": 1500, "fees": 12.5}
        assert put(session, accounts.WATER, {"fees": ""}) == (0, 1)
        assert figures.of_unit(session, accounts.WATER, YEAR) == {"licences": 1200}
    with filled.reading() as session:
        entries = session.query(Trail).filter_by(action="figures").order_by(Trail.seq).all()
        assert [(one.detail["set"], one.detail["gone"]) for one in entries] == [(2, 0), (1, 0), (0, 1)]


@pytest.mark.parametrize("value", ["-1", "许多", "nan", "inf", "1e300"])
def test_what_is_no_figure(filled, value):
    with filled.writing() as session, pytest.raises(RequestError, match="行政许可：本年处理决定数量"):
        put(session, accounts.WATER, {"fees": "3", "licences": value})


def test_the_sheet_comes_back_as_it_went():
    given = {"licences": 3.0, "fees": 12.5, "granted.natural": 7.0, "reviews.upheld": 2.0}
    data = figures.sheet("青禾县水务局", YEAR, given)
    assert {key: float(value) for key, value in figures.from_sheet(data, Limits()).items()} == given


@pytest.mark.parametrize("rows", [[["没有的项目", 3]], [["行政许可：本年处理决定数量", "三件"]], []])
def test_a_sheet_without_figures(rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    with pytest.raises(RequestError, match="没有认得的项目"):
        figures.from_sheet(held.getvalue(), Limits())


def test_a_damaged_sheet_is_told():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as box:
        box.writestr("xl/workbook.xml", "<workbook")
    with pytest.raises(CorruptDocument, match="已损坏"):
        figures.from_file("填报表.xlsx", held.getvalue())


def test_keys_fit_their_column():
    assert len({item.key for item in figures.items()}) == len(figures.items())
    assert max(len(item.key) for item in figures.items()) <= 60
    assert {item.group for item in figures.items()} == {*figures.groups(), "applications", "reviews"}
