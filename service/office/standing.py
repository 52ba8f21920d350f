"""How the service stands: its parts, jobs, what it holds, and the figures of the model in use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gongkai.service.house import House
from gongkai.service.jobs.kinds import KINDS
from gongkai.service.store.tables import Blob, Decided, Job, Kept, Trail, User

#: Figures of the model card (model.json, `evaluated`): how they are called, and whether more is better.
FIGURES = (
    ("accuracy_strict", "公开属性与第一位标注人相同"),
    ("accuracy_acceptable", "公开属性站得住"),
    ("withheld_recall", "应当不予公开的判为不予公开"),
    ("withheld_called_proactive", "应当不予公开的误判为主动公开"),
    ("over_withholding", "应当公开的判为不公开"),
    ("category_top1", "第一个目录正确"),
    ("negative_f1", "负面清单条款（F1）"),
    ("set_coverage", "属性集合含正确属性"),
    ("needs_review", "请人工复核的占比"),
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the service holds, by name, and its jobs by state."""

    holds: tuple[tuple[str, int], ...]
    jobs: dict[str, int]


@dataclass(frozen=True, slots=True)
class Card:
    """The model in use and its figures on documents that it had not seen; `figures` as shares."""

    version: str
    documents: int
    figures: tuple[tuple[str, float], ...]


def standing(session: Session) -> Standing:
    """Counts of everything that grows."""
    held = (("公文记录", Kept), ("决定", Decided), ("用户", User), ("留痕", Trail))
    holds = [(name, _count(session, select(func.count()).select_from(table))) for name, table in held]
    holds.append(("保存的全文", _count(session, select(func.count()).where(Blob.kind == "text"))))
    states = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    return Standing(tuple(holds), {state: count for state, count in states})


def _count(session: Session, query: Any) -> int:  # noqa: ANN401 - a statement
    return int(session.scalar(query) or 0)


def recent_jobs(session: Session, most: int = 20) -> tuple[tuple[Job, str, str], ...]:
    """The newest jobs with the names of their kinds and owners."""
    query = select(Job, User.name).join(User, User.id == Job.owner).order_by(Job.created.desc(), Job.id).limit(most)
    found = session.execute(query).all()
    return tuple((job, KINDS[job.kind].name if job.kind in KINDS else job.kind, name) for job, name in found)


def card(house: House) -> Card | None:
    """The card of the model in its folder; nothing when it can't be read."""
    folder = house.settings.model or resources.files("gongkai.model.weights")
    try:
        told = json.loads((folder / "model.json").read_text("utf-8"))
        found = told["evaluated_fast" if house.settings.fast else "evaluated"]["all"]
        figures = tuple((name, float(found[key])) for key, name in FIGURES if found.get(key) is not None)
        return Card(str(told["version"]), int(found["documents"]), figures)
    except (OSError, ValueError, KeyError, TypeError):
        return None
