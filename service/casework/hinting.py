"""办理提示 of kept documents and given texts: what to settle first, and what became of the paper that is passed on."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_
from sqlalchemy.orm import Session

from gongkai.model.document import Document
from gongkai.model.duties.flagging import KINDS, Flag
from gongkai.model.finding import Attribute
from gongkai.model.references import number_key, title_key
from gongkai.service.access.actors import Actor
from gongkai.service.casework.keeping import seen, text_of, within_reach
from gongkai.service.crew.orders import Hint
from gongkai.service.house import House
from gongkai.service.review.opinions import unbiased, unread
from gongkai.service.store.tables import Kept
from gongkai.service.wire import Json

#: How the brackets of a 发文字号 are written in practice.
_BRACKETS = (("〔", "〕"), ("[", "]"), ("(", ")"), ("（", "）"), ("【", "】"), ("［", "］"))


@dataclass(frozen=True, slots=True)
class Source:
    """The paper that a document passes on, as the service has it."""

    document: str
    title: str
    attribute: Attribute
    decided: bool

    @property
    def sentence(self) -> str:
        """What follows for the one that passes it on."""
        if self.decided:
            return f"来源公文已认定为{self.attribute.label}，本件随它办理。"
        return f"来源公文在系统里还没有人决定（机器建议{self.attribute.label}），请先决定来源。"


@dataclass(frozen=True, slots=True)
class Hinted:
    """Hints with the source of each that has one; `whole` is false where only the title could be read."""

    flags: tuple[tuple[Flag, Source | None], ...]
    whole: bool = True


def of_order(house: House, actor: Actor, order: Hint) -> Hinted:
    """The hints of what an order names. Raises ClassifiedDocument for a paper with a secrecy mark."""
    flags = house.crew.do(order)
    with house.database.reading() as session:
        return Hinted(_sourced(session, actor, flags))


def of_document(house: House, actor: Actor, id: str) -> Hinted:
    """The hints of a document within reach: by its text where that is kept, else by what is known of it.

    No session is open while the crew works. Raises NotFound.
    """
    with house.database.writing() as session:
        kept = seen(session, actor, id, at=house.clock())
        unbiased(session, actor, kept)
        text = text_of(session, house.vault, kept)
        order = _order(kept, text)
    flags = house.crew.do(order)
    with house.database.reading() as session:
        return Hinted(_sourced(session, actor, flags, id), text is not None)


def _order(kept: Kept, text: str | None) -> Hint:
    known = "\n\n".join(filter(None, (kept.title, kept.number, kept.issuer, _written(kept.issued))))
    given = Document(kept.id, text or known or "（无标题）", "" if text else kept.title)
    return Hint(given, label=kept.decided or kept.attribute)


def _written(day: str) -> str:
    parts = [int(part) for part in day.split("-") if part.isdecimal()]
    return "{}年{}月{}日".format(*parts) if len(parts) == 3 else ""


def _sourced(
    session: Session, actor: Actor, flags: tuple[Flag, ...], own: str = ""
) -> tuple[tuple[Flag, Source | None], ...]:
    return tuple(
        (flag, source_of(session, actor, flag.about, own) if flag.kind == "source" else None) for flag in flags
    )


def source_of(session: Session, actor: Actor, about: str, own: str = "") -> Source | None:
    """The kept document of a number or of a 《title》 within reach, a decided one first; `own` is never it."""
    number, title = number_key(about), about.strip("《》")
    if not number and len(title_key(title)) < 6:
        return None
    named = [Kept.number.in_(_spellings(about))] if number else []
    found = within_reach(actor).where(or_(*named, Kept.title == title), Kept.id != own, ~unread(actor))
    row = session.scalar(found.order_by(Kept.decided == "", Kept.changed.desc()).limit(1))
    return Source(row.id, row.title, Attribute(row.decided or row.attribute), bool(row.decided)) if row else None


def _spellings(number: str) -> list[str]:
    plain = number.strip()
    for left, right in _BRACKETS:
        plain = plain.replace(left, "〔").replace(right, "〕")
    return [plain.replace("〔", left).replace("〕", right) for left, right in _BRACKETS]


def to_json(hinted: Hinted) -> Json:
    """The hints for other programs; offsets count the characters of the text as read."""
    return {"whole": hinted.whole, "hints": [_row(flag, source) for flag, source in hinted.flags]}


def _row(flag: Flag, source: Source | None) -> Json:
    return {
        "kind": flag.kind,
        "name": KINDS[flag.kind],
        "code": flag.code,
        "says": flag.says,
        "do": flag.do,
        "basis": flag.basis,
        "about": flag.about,
        "places": [{"start": span.start, "end": span.end} for span in flag.spans],
        "source": _source(source),
    }


def _source(source: Source | None) -> Json:
    if source is None:
        return {"document": "", "title": "", "attribute": "", "decided": False, "says": ""}
    return {
        "document": source.document,
        "title": source.title,
        "attribute": source.attribute.value,
        "decided": source.decided,
        "says": source.sentence,
    }
