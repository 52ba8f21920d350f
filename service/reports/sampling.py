"""The quarterly sample: drawn by a seed from what others decided, read a second time blind, and how far both agree."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.model.estimates import Estimate, kappa, wilson
from gongkai.model.finding import Attribute
from gongkai.service.access.actors import Actor, Reach
from gongkai.service.access.roles import table
from gongkai.service.errors import NotFound
from gongkai.service.reports.asked import Asked
from gongkai.service.reports.counting import between
from gongkai.service.reports.periods import Period
from gongkai.service.reports.scopes import Scope
from gongkai.service.reports.shapes import Cell, Part, Report, Table, plain
from gongkai.service.review import opinions
from gongkai.service.store import trail
from gongkai.service.store.duties import Sample
from gongkai.service.store.tables import Decided, Kept, Unit, User, new_id

BASIS = "日常监测和季度抽查；《政府信息公开条例》第四十七条"
MOST = 500
MOST_SEED = 2**31 - 1
_SEED = f"种子应当在 0 到 {MOST_SEED} 之间，请改正。"
_SIZE = f"抽查件数应当在 1 到 {MOST} 之间，请改正。"
_NOBODY = "没有这位复核人，或者他看不到这些公文，请从列表里选。"
_EMPTY = "这一期没有可以抽查的公文：要已经由别人决定、还没有交给第二人复核的。"
_NONE = "没有这次抽查，或者不在您能看的范围内。"


@dataclass(frozen=True, slots=True)
class Read:
    """A document of a sample with the first reader's attribute and the second's, empty before they decided."""

    kept: Kept
    first: str
    second: str
    reason: str = ""

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return bool(self.first) and self.first == self.second


def readers(session: Session, scope: Scope) -> list[User]:
    """Who may read some of the scope's documents a second time."""
    people = session.scalars(select(User).where(User.disabled.is_(False), User.machine.is_(False)).order_by(User.name))
    able = (user for user in people if "review" in table().allowed(user.roles))
    return [user for user in able if _units(session, scope, user)]


def _units(session: Session, scope: Scope, user: User) -> frozenset[str]:
    """The units of a scope whose documents somebody sees."""
    reach = table().reach(user.roles)
    if reach == Reach.all:
        return frozenset(scope.units)
    paths = session.execute(select(Unit.id, Unit.path).where(Unit.id.in_(scope.units))).all()
    return frozenset(id for id, path in paths if reach == Reach.unit and user.unit in path.split("/"))


def draw(
    session: Session, actor: Actor, scope: Scope, period: Period, size: int, seed: int, reader: str, *, at: datetime
) -> Sample:
    """Draw and give to a second reader; the same seed draws the same of the same documents. Raises RequestError."""
    if not 1 <= size <= MOST:
        raise RequestError(_SIZE)
    if not 0 <= seed <= MOST_SEED:
        raise RequestError(_SEED)
    second = next((user for user in readers(session, scope) if user.id == reader), None)
    if second is None:
        raise RequestError(_NOBODY)
    free = _free(session, _units(session, scope, second), period, reader)
    if not free:
        raise RequestError(_EMPTY)
    drawn = random.Random(seed).sample(free, min(size, len(free)))
    for kept in drawn:
        kept.place = {**kept.place, "second": opinions.second_key(reader)}
        kept.version += 1
    row = Sample(id=new_id(), unit=scope.unit, period=period.code, seed=seed, documents=[one.id for one in drawn])
    row.by, row.at = actor.user, at
    session.add(row)
    told = {"reader": reader, "given": len(drawn), "of": len(free), "seed": seed, "period": period.code}
    trail.append(session, actor.user, "sample.draw", "sample", row.id, at=at, **told)
    return row


def _free(session: Session, units: frozenset[str], period: Period, reader: str) -> list[Kept]:
    query = select(Kept).where(Kept.unit.in_(units), Kept.decided != "", *between(Kept.created, period))
    found = list(session.scalars(query.order_by(Kept.digest, Kept.id)))
    made = opinions.of(session, [kept.id for kept in found])
    others = (kept for kept in found if all(one.by != reader for one in made.get(kept.id, ())))
    return [kept for kept in others if not kept.place.get("second")]


def samples(session: Session, scope: Scope, period: Period | None = None) -> list[Sample]:
    """The samples of these units, newest first."""
    query = select(Sample).where(Sample.unit.in_(scope.units)).order_by(Sample.at.desc(), Sample.id)
    return list(session.scalars(query.where(Sample.period == period.code) if period else query))


def given(session: Session, actor: Actor) -> list[Sample]:
    """The samples of which the actor is the second reader, wherever they were drawn."""
    query = select(Sample).order_by(Sample.at.desc(), Sample.id)
    return [one for one in session.scalars(query) if any(is_for(item, actor) for item in read(session, one.documents))]


def sample(session: Session, actor: Actor, scope: Scope, id: str) -> tuple[Sample, list[Read]]:
    """One of them with what the actor may see of it: all within reach, and what was given to them. Raises NotFound."""
    found = session.get(Sample, id)
    items = read(session, found.documents) if found else []
    seen = [item for item in items if item.kept.unit in scope.units or is_for(item, actor)]
    if found is None or (found.unit not in scope.units and not any(is_for(item, actor) for item in items)):
        raise NotFound(_NONE)
    return found, seen


def is_for(item: Read, actor: Actor) -> bool:
    """Whether the actor is the one who reads a document a second time."""
    return bool(item.kept.place.get("second") == opinions.second_key(actor.user))


def read(session: Session, documents: Iterable[str]) -> list[Read]:
    """The documents of a sample as both readers saw them, in the order drawn."""
    ids = list(documents)
    made = opinions.of(session, ids)
    kept = {one.id: one for one in session.scalars(select(Kept).where(Kept.id.in_(ids)))}
    return [_read(kept[id], made.get(id, [])) for id in ids if id in kept]


def _read(kept: Kept, decisions: list[Decided]) -> Read:
    """The first reader's last word before the second's, which what settled it later doesn't change."""
    seconds = [place for place, one in enumerate(decisions) if one.second]
    firsts = [one for one in decisions[: seconds[-1] if seconds else None] if not one.second]
    last = decisions[seconds[-1]] if seconds else None
    return Read(
        kept, firsts[-1].attribute if firsts else "", last.attribute if last else "", last.reason if last else ""
    )


def agreement(found: Iterable[Read]) -> tuple[Estimate, float, int] | None:
    """Share of documents on which both agree with its interval, kappa, and how many were read; None before any was."""
    both = [one for one in found if one.first and one.second]
    if not both:
        return None
    same = wilson(sum(one.same for one in both), len(both))
    return same, kappa([one.first for one in both], [one.second for one in both]), len(both)


def report(session: Session, asked: Asked) -> Report:
    """The report on a period's samples."""
    drawn = samples(session, asked.scope, asked.period)
    found = read(session, dict.fromkeys(id for one in drawn for id in one.documents))
    parts = (
        Part("一、抽查方法", _method(drawn)),
        Part("二、一致程度", _agreed(found), (_crossed(found),) if found else ()),
        Part("三、意见不一致的公文", tables=_differing(found, asked) or ()),
    )
    title = f"{asked.scope.name}{asked.period.name}公开属性抽查报告"
    return Report(title, asked.scope.name, asked.period.name, asked.today, parts, basis=BASIS)


def _method(drawn: list[Sample]) -> tuple[str, ...]:
    if not drawn:
        return ("这一期还没有抽查，请先在“抽查”里抽取。",)
    told = "；".join(f"{one.at:%Y-%m-%d} 以种子 {one.seed} 抽取 {len(one.documents)} 件" for one in drawn)
    return (f"从本期已决定的公文里随机抽取（{told}），由没有参加第一次决定的人在看不到建议和原决定的情况下重新判断。",)


def _agreed(found: list[Read]) -> tuple[str, ...]:
    told = agreement(found)
    if told is None:
        return (f"抽取 {len(found)} 件，还没有复核。",) if found else ()
    same, chance, count = told
    return (
        f"抽取 {len(found)} 件，复核 {count} 件，公开属性一致的占 {same.value:.1%}"
        f"（95%置信区间 {same.low:.1%}–{same.high:.1%}），κ 系数 {chance:.2f}。",
    )


def _crossed(found: list[Read]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for one in Attribute:
        cells = [sum(item.first == one and item.second == other for item in found) for other in Attribute]
        rows.append((one.label, *cells))
    return plain("原决定（行）和复核（列）", "原决定", tuple(one.label for one in Attribute), rows)


def _differing(found: list[Read], asked: Asked) -> tuple[Table, ...]:
    differ = [one for one in found if one.second and not one.same]
    rows: list[tuple[Cell, ...]] = [
        (
            one.kept.title or "（无标题）",
            asked.scope.units.get(one.kept.unit, ""),
            Attribute(one.first).label,
            Attribute(one.second).label,
        )
        for one in differ
    ]
    return (plain("意见不一致", "公文", ("单位", "原决定", "复核"), rows),) if rows else ()
