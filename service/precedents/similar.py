"""Earlier decisions that bear on a document: of the same number, of nearly the same title, of the same meaning."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from gongkai.model.finding import Attribute
from gongkai.model.folding import fold
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import within_reach
from gongkai.service.precedents.meanings import Meanings
from gongkai.service.review.opinions import unread
from gongkai.service.store.tables import Decided, Kept, Unit

#: Cosines from which a precedent is shown and counts: of pairs of nearest documents of the authored corpus above the
#: first, four in five have one attribute, above the second nearly nine in ten (tests/benchmarks/precedents.py).
SHOWN, COUNTS = 0.80, 0.88
#: Share of two titles' pairs of characters that are common, from which they are nearly the same.
SAME_TITLE = 0.6
_CANDIDATES, _TERMS = 200, 3
_CLOSED = "（其他机构不予公开的文件，标题不显示）"
_APART = re.compile(r"[^\u3400-\u9fffA-Za-z0-9]+")
_WEAK = re.compile(r"关于|印发|转发|进一步|有关|通知|意见|请示|批复|报告|公告|通告|方案|工作|实施|管理|的|年|月")


class Found(StrEnum):
    """What brought a precedent up."""

    number = "number"
    heading = "title"
    meaning = "meaning"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"number": "文号相同", "title": "标题相近", "meaning": "内容相近"}[self.value]


@dataclass(frozen=True, slots=True)
class Precedent:
    """An earlier document as people decided it. `nearness` is 0 to 1; `mine` that the actor may open it.

    The title of what another unit withholds is not shown.
    """

    document: str
    title: str
    number: str
    issuer: str
    issued: str
    unit: str
    attribute: str
    reason: str
    basis: str
    note: str
    decided: str
    found: Found
    nearness: float
    mine: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What precedents are sought for; `but` is the document itself."""

    number: str = ""
    title: str = ""
    values: bytes = b""
    model: str = ""
    but: str = ""


def precedents(session: Session, meanings: Meanings, actor: Actor, asked: Asked, most: int = 8) -> list[Precedent]:
    """Same number first, then nearly the same title, then the same meaning; each document once, none that the actor
    reads blind."""
    ways = (
        (Found.number, ((one, 1.0) for one in _by_number(session, asked.number))),
        (Found.heading, _by_title(session, asked.title)),
        (Found.meaning, _by_meaning(session, meanings, asked, most)),
    )
    chosen: dict[str, tuple[Kept, Found, float]] = {}
    for found, rows in ways:
        for kept, nearness in rows:
            if kept.id != asked.but:
                chosen.setdefault(kept.id, (kept, found, nearness))
    blind = set(session.scalars(select(Kept.id).where(Kept.id.in_(chosen), unread(actor))))
    return _shown(session, actor, [one for id, one in chosen.items() if id not in blind][:most])


def _decided() -> Select[Kept]:
    return select(Kept).where(Kept.decided != "")


def _by_number(session: Session, number: str) -> Iterable[Kept]:
    if not number.strip():
        return ()
    return session.scalars(_decided().where(Kept.number == number.strip()).order_by(Kept.changed.desc()).limit(20))


def _by_title(session: Session, title: str) -> list[tuple[Kept, float]]:
    pairs, query = _pairs(title), _decided()
    terms = sorted((t for t in _WEAK.split(_APART.sub("", title)) if len(t) > 1), key=len, reverse=True)[:_TERMS]
    if not terms or len(pairs) < 4:
        return []
    for term in terms[:1]:
        query = query.where(Kept.title.contains(term[:8], autoescape=True))
    rows = session.scalars(query.order_by(Kept.changed.desc()).limit(_CANDIDATES))
    scored = [(kept, _common(pairs, _pairs(kept.title))) for kept in rows]
    return sorted((one for one in scored if one[1] >= SAME_TITLE), key=lambda one: -one[1])


def _pairs(title: str) -> set[str]:
    bare = _APART.sub("", fold(title))
    return {bare[at : at + 2] for at in range(len(bare) - 1)}


def _common(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _by_meaning(session: Session, meanings: Meanings, asked: Asked, most: int) -> list[tuple[Kept, float]]:
    if not asked.values:
        return []
    near = [one for one in meanings.nearest(session, asked.values, asked.model, 4 * most) if one.cosine >= SHOWN]
    rows = session.scalars(_decided().where(Kept.id.in_([one.document for one in near])))
    by_id = {kept.id: kept for kept in rows}
    return [(by_id[one.document], one.cosine) for one in near if one.document in by_id]


def _shown(session: Session, actor: Actor, rows: Sequence[tuple[Kept, Found, float]]) -> list[Precedent]:
    ids = [kept.id for kept, _, _ in rows]
    mine = set(session.scalars(within_reach(actor).where(Kept.id.in_(ids)).with_only_columns(Kept.id)))
    units = dict(
        session.execute(select(Unit.id, Unit.name).where(Unit.id.in_({kept.unit for kept, _, _ in rows}))).all()
    )
    last = _last(session, ids)
    return [_precedent(kept, found, near, kept.id in mine, units, last.get(kept.id)) for kept, found, near in rows]


def _last(session: Session, ids: Sequence[str]) -> dict[str, Decided]:
    """The decision that stands for each: the latest that says what stands."""
    query = select(Decided).join(Kept, Kept.id == Decided.document)
    query = query.where(Decided.document.in_(ids), Decided.attribute == Kept.decided, Decided.undoes == "")
    return {one.document: one for one in session.scalars(query.order_by(Decided.at))}


def _precedent(
    kept: Kept, found: Found, nearness: float, mine: bool, units: dict[str, str], decision: Decided | None
) -> Precedent:
    closed = kept.decided == Attribute.withheld and not mine
    return Precedent(
        document=kept.id if mine else "",
        title=_CLOSED if closed else kept.title,
        number="" if closed else kept.number,
        issuer=kept.issuer,
        issued=kept.issued,
        unit=units.get(kept.unit, ""),
        attribute=kept.decided,
        reason=decision.reason if decision else "",
        basis=decision.basis if decision else "",
        note=decision.note if decision and mine else "",
        decided=decision.at.date().isoformat() if decision else "",
        found=found,
        nearness=round(min(1.0, nearness), 3),
        mine=mine,
    )


def against(found: Sequence[Precedent], attribute: str) -> str:
    """A sentence where earlier decisions go against an attribute, or nothing.

    One of the same number or nearly the same title is enough; of the same meaning most must differ.
    """
    strong = [one for one in found if one.found != Found.meaning]
    close = [one for one in found if one.found == Found.meaning and one.nearness >= COUNTS]
    differing = [one for one in strong if one.attribute != attribute]
    if not differing and 2 * sum(one.attribute != attribute for one in close) > len(close):
        differing = [one for one in close if one.attribute != attribute]
    if not differing:
        return ""
    first = differing[0]
    told = "、".join(dict.fromkeys(Attribute(one.attribute).label for one in differing))
    return (
        f"与先例不一致：{first.found.label}的文件以前认定为{told}（共 {len(differing)} 件），"
        f"这次建议{Attribute(attribute).label}，请核对后再定。"
    )
