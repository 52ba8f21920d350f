"""A meeting's plan or minutes looked at: what is asked of the plan, what of the minutes is to be public, as JSON."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.model.document import Document, Span
from gongkai.model.duties.meetings import Met, PlanCheck, State, check_plan
from gongkai.model.duties.minutes import Kind, Minutes, Piece, public_text, split
from gongkai.model.duties.processroles import Tag, tags
from gongkai.model.errors import ClassifiedDocument
from gongkai.model.finding import Action, Finding, Handling, Screening
from gongkai.model.rulebook import Rulebook
from gongkai.service.wire import Json

_CLASSIFIED = "发现密级标志，已停止处理；请按保密规定办理，不要在本系统提交。"
#: The reason of the clause that minutes hit as a whole: which sentences are discussion was told apart already.
_DISCUSSION = "W-164"
BASIS = "条例第十六条第二款、第十九条；国土资源部关于全面推进政务公开工作的实施意见（2017）二（四）、四（十六）"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decided item, and why a person should look before it is published: clauses of the negative list by title,
    kinds of personal data by name."""

    piece: Piece
    clauses: tuple[str, ...]
    personal: tuple[str, ...]

    @property
    def clear(self) -> bool:
        """Whether nothing speaks against publishing it."""
        return not self.clauses and not self.personal


@dataclass(frozen=True, slots=True)
class Taken:
    """Minutes taken apart with what was found in their decided items; `draft` is those as a text to publish."""

    document: Document
    minutes: Minutes
    decisions: tuple[Decision, ...]
    draft: str
    tags: tuple[Tag, ...]


def plan(said: Screening) -> tuple[PlanCheck, tuple[Tag, ...]]:
    """Check a plan. Raises ClassifiedDocument."""
    _open(said)
    return check_plan(said.document), tags(said.document)


def minutes(said: Screening, rules: Rulebook) -> Taken:
    """Take minutes apart. Raises ClassifiedDocument."""
    _open(said)
    found = split(said.document)
    decided = tuple(_decision(piece, said, rules) for piece in found.of(Kind.decided))
    draft = public_text(said.document, [one.piece for one in decided if one.clear])
    return Taken(said.document, found, decided, draft, tags(said.document))


def _open(said: Screening) -> None:
    if said.handling == Handling.stop_classified:
        raise ClassifiedDocument(_CLASSIFIED)


def _decision(piece: Piece, said: Screening, rules: Rulebook) -> Decision:
    rows = (rules.clause[one.kind] for one in _within(piece.span, said.negative) if one.kind in rules.clause)
    clauses = [row.title for row in rows if row.reason != _DISCUSSION]
    masked = [one for one in _within(piece.span, said.personal) if one.action == Action.mask]
    personal = [rules.type[one.kind].name for one in masked if one.kind in rules.type]
    return Decision(piece, tuple(dict.fromkeys(clauses)), tuple(dict.fromkeys(personal)))


def _within(span: Span, found: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in found if span.overlaps(one.span)]


def plan_json(check: PlanCheck, found: tuple[Tag, ...]) -> Json:
    """The check for other programs; offsets count code points of the text as read."""
    return {
        "plan": check.plan,
        "passed": check.passed,
        "demands": [_demand(one) for one in check.demands],
        "tags": [_tag(one) for one in found],
    }


def _demand(one: Met) -> Json:
    row, missing = one.row, one.state == State.missing
    return {
        "code": row.code,
        "name": row.name,
        "state": one.state.value,
        "says": row.says if missing else "",
        "mend": row.mend if missing else "",
        "basis": row.basis,
        **_place(one.span),
    }


def minutes_json(taken: Taken) -> Json:
    """The pieces for other programs."""
    looked = {one.piece: one for one in taken.decisions}
    return {
        "minutes": taken.minutes.minutes,
        "party": taken.minutes.party,
        "basis": BASIS,
        "pieces": [_piece(piece, looked.get(piece)) for piece in taken.minutes.pieces],
        "draft": taken.draft,
        "tags": [_tag(one) for one in taken.tags],
    }


def _piece(piece: Piece, looked: Decision | None) -> Json:
    return {
        "kind": piece.kind.value,
        **_place(piece.span),
        "clauses": list(looked.clauses) if looked else [],
        "personal": list(looked.personal) if looked else [],
    }


def _tag(one: Tag) -> Json:
    role = one.role
    told = {"code": role.code, "name": role.name, "step": role.step, "attribute": role.attribute, "note": role.note}
    return {**told, "sure": one.sure}


def _place(span: Span | None) -> Json:
    return {"start": span.start if span else 0, "end": span.end if span else 0}
