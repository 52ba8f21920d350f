"""The lists of normative documents, system documents and plans with their validity, and what should be marked.

Sources: 条例 articles 12, 18, 20(1), 20(3); S0-33, S1-18, S2-02, S2-23, S3-02, S3-09, S3-12, S3-47, S3-84.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import resources

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gongkai.model.duties.inventory import Kind, historical, kind_of
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import read_rows
from gongkai.model.titles import quoted
from gongkai.service.access.actors import Actor
from gongkai.service.afterwards.standing import known, taken_up
from gongkai.service.books import book
from gongkai.service.casework.keeping import within_reach
from gongkai.service.casework.statistics import ZONE
from gongkai.service.office.records import names
from gongkai.service.passages.stepping import step
from gongkai.service.review.opinions import unread
from gongkai.service.store.duties import Passage, Relation, Step
from gongkai.service.store.tables import Kept, Unit

#: What a passage's validity is called; nothing marked is in force.
VALIDITY = {"": "有效", "amended": "已修改", "repealed": "已废止", "expired": "已失效"}
#: Words of which one stands in every title that is on a list.
_TELLING = (
    "规划",
    "纲要",
    "计划",
    "办法",
    "规定",
    "细则",
    "规则",
    "决定",
    "通告",
    "意见",
    "措施",
    "方案",
    "制度",
    "规程",
    "守则",
    "准则",
    "规范",
)
_MOST = 20_000
_NONE = ("", "", "", "")
_HEADS = (
    ("序号", 6.0), ("清单", 12.0), ("标题", 48.0), ("发文字号", 22.0), ("发文机关", 22.0), ("成文日期", 12.0),
    ("机构", 20.0), ("效力", 10.0), ("自", 12.0), ("应当标注", 40.0), ("公开情况", 12.0),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """A document on a list: `hint` says what should be marked (`effect` of VALIDITY, by which paper, since when)."""

    kept: Kept
    kind: Kind
    unit: str
    validity: str
    since: str
    public: str
    past: bool
    hint: str = ""
    effect: str = ""
    by: str = ""
    day: str = ""


@cache
def kinds() -> tuple[Kind, ...]:
    """The lists, in the order in which a document is tried on them."""
    return read_rows(resources.files("gongkai.service.afterwards"), "inventory.toml", "kind", Kind)


def inventory(
    session: Session, actor: Actor, at: datetime, *, kind: str = "", state: str = "", words: str = ""
) -> list[Listed]:
    """The documents of a list (of all three), by kind and day of issue; `state` is valid, ended, hint or past."""
    query = within_reach(actor).where(~unread(actor))
    query = query.where(or_(*(Kept.title.contains(word) for word in _TELLING)))
    for word in words.split():
        query = query.where(or_(*(c.contains(word, autoescape=True) for c in (Kept.title, Kept.number))))
    rows = list(session.scalars(query.order_by(Kept.issued.desc(), Kept.id).limit(_MOST)))
    found = (one for one in _listed(session, actor, rows, at) if not kind or one.kind.code == kind)
    chosen = [one for one in found if _is(one, state)]
    order = [one.code for one in kinds()]
    return sorted(chosen, key=lambda one: order.index(one.kind.code))


def _is(one: Listed, state: str) -> bool:
    ended = one.validity in ("repealed", "expired")
    tests = {"valid": not ended, "ended": ended, "hint": bool(one.hint), "past": one.past}
    return tests.get(state, True)


def _listed(session: Session, actor: Actor, rows: list[Kept], at: datetime) -> Iterator[Listed]:
    passages = {one.document: one for one in _chunks(session, [row.id for row in rows])}
    hints, known_kinds = _hints(session, actor, at), {one.code: one for one in kinds()}
    units = names(session, Unit, {row.unit for row in rows})
    today = at.astimezone(ZONE).date()
    for row in rows:
        passage = passages.get(row.id)
        code = kind_of(row.title, passage.category if passage else "", kinds(), row.number)
        if not code:
            continue
        validity = passage.validity if passage else ""
        since = passage.validity_since if passage else ""
        hint = _NONE if validity in ("repealed", "expired") else hints.get(row.id, _NONE)
        past = code == "plan" and historical(row.title, today)
        place = units.get(row.unit, "")
        yield Listed(row, known_kinds[code], place, validity, since, _public(row, passage), past, *hint)


def _chunks(session: Session, ids: list[str]) -> Iterator[Passage]:
    for start in range(0, len(ids), 5000):
        yield from session.scalars(select(Passage).where(Passage.document.in_(ids[start : start + 5000])))


def _public(row: Kept, passage: Passage | None) -> str:
    if (passage and passage.state == "published") or row.place.get("published"):
        return "已公开"
    return Attribute(row.decided).label if row.decided else "未决定"


def _hints(session: Session, actor: Actor, at: datetime) -> dict[str, tuple[str, str, str, str]]:
    """What other papers, and a document's own term, say of its validity: sentence, effect, by which paper, since."""
    today = at.astimezone(ZONE).date().isoformat()
    seen = within_reach(actor).with_only_columns(Kept.id)
    found: dict[str, tuple[str, str, str, str]] = {}
    own = select(Relation).where(Relation.role == "term", Relation.issued < today, Relation.document.in_(seen))
    for row in session.scalars(own):
        found[row.document] = (f"有效期至{row.issued}，已经届满", "expired", "本文件规定的有效期", _next(row.issued))
    said = select(Relation, Kept).join(Kept, Kept.id == Relation.document)
    said = said.where(Relation.role.in_(("repeals", "voids")), Relation.target != "", Relation.document.in_(seen))
    for row, by in session.execute(said):
        paper = quoted(by.title) + (f"（{by.number}）" if by.number else "")
        effect, word = ("repealed", "废止") if row.role == "repeals" else ("expired", "宣布失效")
        found[row.target] = (f"被{paper}{word}", effect, paper, row.issued or by.issued)
    return found


def _next(day: str) -> str:
    return date.fromordinal(date.fromisoformat(day).toordinal() + 1).isoformat()


def mark(
    session: Session, rules: Rulebook, actor: Actor, document: str, validity: str, since: str, by: str, *, at: datetime
) -> Step:
    """Mark a document as 有效, 修改, 废止 or 失效 since a day, because of a paper. Raises GongkaiError."""
    kept = known(session, actor, document)
    taken_up(session, actor, kept, at)
    return step(session, rules, actor, kept, "annul", {"validity": validity, "since": since, "by": by}, at)


def workbook(rows: Iterable[Listed]) -> bytes:
    """The lists as a workbook, to be published or worked off."""
    told = (
        (
            place, one.kind.name, one.kept.title, one.kept.number, one.kept.issuer, one.kept.issued, one.unit,
            VALIDITY.get(one.validity, one.validity), one.since, one.hint, one.public,
        )
        for place, one in enumerate(rows, 1)
    )  # fmt: skip
    return book("文件清单和效力", _HEADS, told)
