"""A passage for other programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from gongkai.model.duties.submission import Gap
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.office.records import names
from gongkai.service.passages.passing import Act, acts, states
from gongkai.service.passages.stepping import case_of, open_to, seen_of
from gongkai.service.store.duties import Step
from gongkai.service.store.tables import Kept, User
from gongkai.service.wire import Json


def told(session: Session, rules: Rulebook, actor: Actor, document: Kept, at: datetime) -> Json:
    """Where a document is, as PassageOut has it."""
    passage = seen_of(session, document, at)
    case = case_of(session, rules, actor, document, passage)
    people = names(session, User, {one.by for one in case.steps})
    plain = ("document", "state", "mode", "important", "category", "due", "channel", "revisit", "validity", "version")
    return {
        **{name: getattr(passage, name) for name in plain},
        "name": states()[passage.state].name,
        "form": dict(case.values),
        "flags": sorted(case.flags),
        "published": passage.published.isoformat() if passage.published else "",
        "gaps": [_gap(gap) for gap in case.answer.gaps],
        "open": [_open(row, stops) for row, stops in open_to(case)],
        "steps": [_step(one, people) for one in case.steps],
    }


def _gap(gap: Gap) -> Json:
    return {"code": gap.code, "level": gap.level.value, "says": gap.says, "basis": gap.basis, "mend": gap.mend}


def _open(row: Act, stops: tuple[str, ...]) -> Json:
    fields = [
        {"key": f.key, "name": f.name, "kind": f.kind, "choices": list(f.choices), "required": f.required}
        for f in row.fields
    ]
    named = {"kind": row.code, "name": row.name, "to": row.to, "basis": row.basis}
    return {**named, "missing": list(stops), "fields": fields}


def _step(one: Step, people: Mapping[str, str]) -> Json:
    row = acts().get(one.kind)
    return {
        "id": one.id,
        "kind": one.kind,
        "name": row.name if row else one.kind,
        "before": one.before,
        "after": one.after,
        "record": one.record,
        "by": people.get(one.by, ""),
        "at": one.at.isoformat(),
    }
