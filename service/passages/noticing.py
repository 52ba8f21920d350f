"""退文通知 of a return, as it was told then."""

from __future__ import annotations

from sqlalchemy.orm import Session

from gongkai.model.demands import Level, Mode
from gongkai.model.duties.submission import Answer, Gap
from gongkai.service.casework.statistics import ZONE
from gongkai.service.duties.returning import Notice, docx
from gongkai.service.errors import NotFound
from gongkai.service.passages.stepping import steps_of
from gongkai.service.store.duties import Passage, Step
from gongkai.service.store.tables import Kept, Unit, User


def notice_of(session: Session, document: Kept, returned: Step) -> Notice:
    """The notice of a return: its gaps, and what else the reviewer wrote."""
    passage = session.get_one(Passage, document.id)
    to, reviewer = session.get(Unit, document.unit), session.get(User, returned.by)
    by = session.get(Unit, reviewer.unit) if reviewer else None
    return Notice(
        Answer(tuple(_gap(one) for one in returned.record.get("gaps", [])) + _written(returned)),
        document.title,
        document.number,
        Mode(passage.mode).label,
        to.name if to else "",
        by.name if by else "",
        returned.at.astimezone(ZONE).date(),
    )


def _gap(told: dict[str, str]) -> Gap:
    return Gap(told["code"], told["says"], told["basis"], told["mend"], Level(told["level"]), "")


def _written(returned: Step) -> tuple[Gap, ...]:
    note = str(returned.record.get("note", ""))
    return (Gap("note", "审查人指出的问题。", "本机关规定", note, Level.back, ""),) if note else ()


def last_return(session: Session, document: Kept) -> Step | None:
    """The last return of a document."""
    return next((one for one in reversed(steps_of(session, document.id)) if one.kind == "return"), None)


def notice_file(session: Session, document: Kept) -> tuple[str, bytes]:
    """Name and bytes of the last notice. Raises NotFound."""
    returned = last_return(session, document)
    if returned is None:
        raise NotFound("这件公文没有退过文，没有退文通知。")
    told = notice_of(session, document, returned)
    return f"{told.name}.docx", docx(told)
