"""Figures that no record of the service tells: typed by the office or read from a sheet, kept by unit and period."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import EmptyDocument, RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.afterwards.outcomes import codes
from gongkai.service.books import book
from gongkai.service.limits import Limits
from gongkai.service.readers import read_bytes
from gongkai.service.reports.periods import Period
from gongkai.service.reports.scopes import Scope
from gongkai.service.store import trail
from gongkai.service.store.duties import Figure

_MOST = 1e12
_LIMITS = Limits(max_bytes=5 * 2**20, max_cells=50_000, max_unpacked=50 * 2**20)
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_NOT_A_NUMBER = "“{name}”应当是不小于 0 的数，请改正；没有数据的请留空。"
_UNKNOWN = "表格里没有认得的项目：第一列应当是项目的名称或代码，第二列是数值。请先下载填报表，填好再导入。"


@dataclass(frozen=True, slots=True)
class Item:
    """A figure that can be given."""

    group: str
    key: str
    name: str
    unit: str


@cache
def items() -> tuple[Item, ...]:
    """Those of figures.toml, then every cell of the national table of applications, for registers kept elsewhere."""
    return tuple(Item(**row) for row in _told()["figure"]) + tuple(_cells())


@cache
def groups() -> dict[str, str]:
    """The headings of the form; cells of the national table come by sheet only."""
    return {row["code"]: row["name"] for row in _told()["group"]}


def _told() -> dict[str, list[dict[str, str]]]:
    text = (resources.files("gongkai.service.reports") / "figures.toml").read_text("utf-8")
    return tomllib.loads(text)


def _cells() -> Iterable[Item]:
    lines = {"new": "本年新收", "carried": "上年结转", "left": "结转下年度"}
    lines |= {code: outcome.name for code, outcome in codes().outcomes.items()}
    for line, name in lines.items():
        for code, applicant in codes().applicants.items():
            yield Item("applications", f"{line}.{code}", f"申请表／{name}／{applicant.name}", "件")
    for line, name in (("reviews", "行政复议"), ("direct", "未经复议直接起诉"), ("after", "复议后起诉")):
        for code, result in codes().results.items():
            yield Item("reviews", f"{line}.{code}", f"复议诉讼表／{name}／{result.name}", "件")


def known(session: Session, scope: Scope, period: Period) -> dict[str, float]:
    """The figures of a period, summed over the units of a scope that gave them."""
    query = select(Figure.key, Figure.value).where(Figure.unit.in_(scope.units), Figure.period == period.code)
    found: dict[str, float] = {}
    for key, value in session.execute(query):
        found[key] = found.get(key, 0) + value
    return found


def of_unit(session: Session, unit: str, period: Period) -> dict[str, float]:
    """The figures that one unit gave itself."""
    rows = session.scalars(select(Figure).where(Figure.unit == unit, Figure.period == period.code))
    return {row.key: row.value for row in rows}


def put(
    session: Session, actor: Actor, unit: str, period: Period, given: Mapping[str, str], *, at: datetime
) -> tuple[int, int]:
    """Keep what is given; an empty value takes a figure back. Returns how many were set and taken back.

    Raises RequestError, and then nothing is kept.
    """
    named = {item.key: item for item in items()}
    wanted = {key: _number(named[key], value) for key, value in given.items() if key in named}
    done = gone = 0
    for key, value in wanted.items():
        row = session.get(Figure, (unit, period.code, key))
        if value is None:
            gone += row is not None
            if row is not None:
                session.delete(row)
        elif row is None or row.value != value:
            session.merge(Figure(unit=unit, period=period.code, key=key, value=value, by=actor.user, at=at))
            done += 1
    if done or gone:
        trail.append(session, actor.user, "figures", "report", unit, at=at, period=period.code, set=done, gone=gone)
    return done, gone


def _number(item: Item, written: str) -> float | None:
    plain = written.strip().replace(",", "").replace("，", "")
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        value = -1
    if not math.isfinite(value) or not 0 <= value <= _MOST:
        raise RequestError(_NOT_A_NUMBER.format(name=item.name))
    return value


def from_sheet(data: bytes, limits: Limits) -> dict[str, str]:
    """The figures of an .xlsx: a name or key in one cell, the number in another. Raises RequestError, DocumentError."""
    named = {item.name: item.key for item in items()} | {item.key: item.key for item in items()}
    found: dict[str, str] = {}
    try:
        text = read_bytes(data, "填报表.xlsx", limits).text
    except EmptyDocument as error:
        raise RequestError(_UNKNOWN) from error
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("\t")]
        key = next((named[cell] for cell in cells if cell in named), "")
        numbers = [cell for cell in cells if _NUMBER.fullmatch(cell)]
        if key and numbers:
            found[key] = numbers[-1]
    if not found:
        raise RequestError(_UNKNOWN)
    return found


def from_file(_: str, data: bytes) -> dict[str, str]:
    """The same of a file as it was sent; the form has a few hundred lines. Raises RequestError, DocumentError."""
    return from_sheet(data, _LIMITS)


def sheet(unit: str, period: Period, told: Mapping[str, float]) -> bytes:
    """The form as .xlsx, with what is known filled in, to be filled and read by `from_sheet`."""
    heads = (("项目", 60), ("数值", 16), ("单位", 10), ("代码", 34))
    rows = [(item.name, told.get(item.key), item.unit, item.key) for item in items()]
    return book(f"{period.code}填报", heads, rows)
