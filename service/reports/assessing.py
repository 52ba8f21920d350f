"""Metrics of an assessment: scope, content, manner and time of disclosure, each a share with its points."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongkai.service.reports import counting
from gongkai.service.reports.asked import Asked
from gongkai.service.reports.counting import Published
from gongkai.service.reports.punctual import punctual
from gongkai.service.reports.shapes import Cell, Part, Report, Table, plain, share
from gongkai.service.store.duties import Step
from gongkai.service.store.tables import Decided, Kept

BASIS = "《政府信息公开条例》第四十六条（考核、评议）"
Share = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Metric:
    """A row of assessing.toml."""

    code: str
    group: str
    name: str
    weight: float


@cache
def metrics() -> tuple[Metric, ...]:
    """The table."""
    text = (resources.files("gongkai.service.reports") / "assessing.toml").read_text("utf-8")
    return tuple(Metric(**row) for row in tomllib.loads(text)["metric"])


def assessment(session: Session, asked: Asked) -> Report:
    """The report; a metric without cases gives and takes no points."""
    found = shares(session, asked)
    told = [metric for metric in metrics() if found[metric.code][1] and metric.weight]
    most = sum(metric.weight for metric in told)
    points = sum(metric.weight * found[metric.code][0] / found[metric.code][1] for metric in told)
    said = (
        f"{asked.period.name}得分{points / most * 100:.1f}（满分100，没有数据的指标不计）。"
        if most
        else "没有可以考核的数据。"
    )
    groups = dict.fromkeys(metric.group for metric in metrics())
    tables = tuple(_table(group, found) for group in groups)
    parts = (Part("一、得分", (said,)), Part("二、各项指标", tables=tables))
    title = f"{asked.scope.name}{asked.period.name}政府信息公开考核指标"
    return Report(title, asked.scope.name, asked.period.name, asked.today, parts, basis=BASIS)


def _table(group: str, found: dict[str, Share]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for metric in (metric for metric in metrics() if metric.group == group):
        part, whole = found[metric.code]
        points = f"{metric.weight * part / whole:.1f}／{metric.weight:g}" if whole and metric.weight else "不计分"
        rows.append((metric.name, part, whole, share(part, whole), points))
    return plain(group, "指标", ("达到", "应达到", "比例", "得分"), rows)


def shares(session: Session, asked: Asked) -> dict[str, Share]:
    """Of every metric: how many cases fulfil it, of how many."""
    published = counting.published(session, asked.scope, asked.period)
    decided = _decided(session, asked)
    return {
        **decided,
        "covered": _covered(published, asked),
        "complete": _complete(session, published),
        "placed": (sum(bool(one.category) for one in published), len(published)),
        "channelled": (sum(bool(one.channel) for one in published), len(published)),
        "reviewed": _reviewed(session, published),
        "punctual": (sum(not one.late for one in published if one.due), sum(bool(one.due) for one in published)),
        "answered": _answered(session, asked),
    }


def _decided(session: Session, asked: Asked) -> dict[str, Share]:
    mine = (Kept.unit.in_(asked.scope.units), Kept.backlog == "", *counting.between(Kept.created, asked.period))
    counts = {
        attribute: int(count)
        for attribute, count in session.execute(select(Kept.decided, func.count()).where(*mine).group_by(Kept.decided))
    }
    total, settled = sum(counts.values()), sum(count for attribute, count in counts.items() if attribute)
    undone = select(Decided.undoes).where(Decided.undoes != "")
    given = select(Decided.document).where(
        Decided.undoes == "", Decided.id.not_in(undone), Decided.reason != "", Decided.basis != ""
    )
    closed = (*mine, Kept.decided.in_(("withheld", "on_request")))
    founded = session.scalar(select(func.count()).select_from(Kept).where(*closed, Kept.id.in_(given))) or 0
    return {
        "decided": (settled, total),
        "proactive": (counts.get("proactive", 0), settled),
        "founded": (founded, counts.get("withheld", 0) + counts.get("on_request", 0)),
    }


def _covered(published: tuple[Published, ...], asked: Asked) -> Share:
    """First levels of the general catalog with something published, of all; nothing published is no case."""
    tops = {row.code for row in asked.rules.categories if len(row.code) == 3 and row.code.startswith("G")}
    return (len({one.category[:3] for one in published} & tops), len(tops) if published else 0)


def _complete(session: Session, published: tuple[Published, ...]) -> Share:
    ids = [one.document for one in published]
    whole = (Kept.title != "", Kept.number != "", Kept.issuer != "", Kept.issued != "")
    found = session.scalar(select(func.count()).select_from(Kept).where(Kept.id.in_(ids), *whole)) or 0
    return found, len(ids)


def _reviewed(session: Session, published: tuple[Published, ...]) -> Share:
    ids = [one.document for one in published]
    query = select(func.count(func.distinct(Step.document))).where(Step.document.in_(ids), Step.kind == "release")
    return int(session.scalar(query) or 0), len(ids)


def _answered(session: Session, asked: Asked) -> Share:
    rows = counting.register(session, asked.scope, asked.period)
    told = punctual(counting.closed(rows, asked.period), asked.rules.workdays)
    return told.kept, told.kept + told.late
