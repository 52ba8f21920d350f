"""What an officer does with a redaction in work: the slow part at the crew, what comes of it in the store."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from gongkai.model.deid.hiding import Style
from gongkai.model.errors import ClassifiedDocument, ProofFailed, RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.crew.orders import Drafted, Redact, Redaction, Ruling
from gongkai.service.errors import Conflicting
from gongkai.service.house import House
from gongkai.service.masking import works
from gongkai.service.masking.works import Opened, Shown, State
from gongkai.service.rewriting import OPENERS
from gongkai.service.rulings import Rulings
from gongkai.service.wire import Json

PICTURES = ("blank", "keep")
_UNPROVEN = "这份文件还没有核验通过，没有遮蔽报告，请核对后按“重新核验”。"
_LONGEST = 200
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def plain_name(given: str) -> str:
    """The last part of an uploaded file's name, without what no name needs. Raises RequestError for none."""
    bare = _UNSEEN.sub("", given.replace("\\", "/").rpartition("/")[2]).strip()
    if not bare.strip("."):
        raise RequestError("没有文件，请选择一个文件。")
    stem, suffix = PurePath(bare).stem, PurePath(bare).suffix
    return stem[: _LONGEST - len(suffix)] + suffix[:_LONGEST]


def styles(house: House) -> list[str]:
    """The styles of hiding that the rulebook knows."""
    return [*dict.fromkeys(way.style for row in house.rules().personal for way in row.way)]


def begin(
    house: House, actor: Actor, name: str, data: bytes, style: str = "", pictures: str = "blank", rename: bool = False
) -> str:
    """Redact a file as the machine would and open it for rulings; the work's id. One whose proof fails is opened too,
    with what failed and without a copy.

    Raises DocumentError, Busy; nothing is kept then.
    """
    if pictures not in PICTURES:
        raise RequestError("图片的处理应当是替换成灰块或者保留，请重新选择。")
    order, why = Redact(data, plain_name(name), Style(style), pictures, rename=rename), ""
    try:
        copy: Redaction | Drafted = _redacted(house, actor, order)
    except ProofFailed as failed:
        copy, why = house.crew.do(replace(order, draft=True)), failed.message
    at = house.clock()
    state = State(order.name, style, pictures, works.told_at(at), failed=why, rename=rename)
    with house.database.writing() as session:
        return works.begin(session, house.vault, actor, data, state, copy, at=at)


def opened(house: House, actor: Actor, id: str) -> tuple[Opened, Shown]:
    """A work with what its page shows. Raises NotFound."""
    with house.database.reading() as session:
        work = works.one(session, house.vault, actor, id, at=house.clock())
        return work, works.shown_of(session, house.vault, work)


def rule(house: House, actor: Actor, id: str, version: int, rulings: Sequence[Ruling]) -> None:
    """Give rulings; they count with the next proof. Raises NotFound, Outdated, RequestError."""
    work, shown = opened(house, actor, id)
    every = [*(one.ruling for one in work.state.active), *rulings]
    Rulings.of(every, (), shown.text, house.rules(), frozenset())
    with house.database.writing() as session:
        works.rule(session, house.vault, actor, _as_seen(work, version), rulings, at=house.clock())


def unrule(house: House, actor: Actor, id: str, version: int, number: int) -> None:
    """Take a ruling back. Raises NotFound, Outdated."""
    with house.database.writing() as session:
        work = works.one(session, house.vault, actor, id, at=house.clock())
        works.unrule(session, house.vault, actor, _as_seen(work, version), number, at=house.clock())


def prove(house: House, actor: Actor, id: str) -> None:
    """Make and prove the copy anew with all rulings.

    Raises ProofFailed or DocumentError; the last proven copy stays then.
    """
    with house.database.reading() as session:
        work = works.one(session, house.vault, actor, id, at=house.clock())
        data = works.file_of(session, house.vault, work)
    state = work.state
    rulings = tuple(one.ruling for one in state.active)
    try:
        order = Redact(data, state.name, Style(state.style), state.pictures, rulings, rename=state.rename)
        copy = _redacted(house, actor, order)
    except ProofFailed:
        with house.database.writing() as session:
            works.failed(session, actor, work, at=house.clock())
        raise
    with house.database.writing() as session:
        works.proved(session, house.vault, actor, work, copy, at=house.clock())


def copy(house: House, actor: Actor, id: str) -> tuple[str, bytes]:
    """Name and content of the proven copy; that it was taken is noted. Raises NotFound, Conflicting."""
    with house.database.writing() as session:
        work = works.one(session, house.vault, actor, id, at=house.clock())
        called = works.shown_of(session, house.vault, work).called or work.state.name
        return called, works.copy_of(session, house.vault, actor, work, at=house.clock())


def reported(house: House, actor: Actor, id: str) -> tuple[str, Json]:
    """Name and report of the last proven copy. Raises NotFound, Conflicting."""
    work, shown = opened(house, actor, id)
    if work.state.failed:
        raise Conflicting(_UNPROVEN)
    return shown.called or work.state.name, shown.report


def discard(house: House, actor: Actor, id: str) -> None:
    """Remove a work. Raises NotFound."""
    with house.database.writing() as session:
        work = works.one(session, house.vault, actor, id, at=house.clock())
        works.discard(session, house.vault, actor, work, at=house.clock())


def suffixes() -> list[str]:
    """What can be redacted in its own format."""
    return [*OPENERS]


def _as_seen(work: Opened, version: int) -> Opened:
    """The work, if the actor saw it as it is now. Raises Outdated."""
    if version != work.state.version:
        raise works.outdated()
    return work


def _redacted(house: House, actor: Actor, order: Redact) -> Redaction:
    try:
        answer: Redaction = house.crew.do(order)
    except ClassifiedDocument:
        with house.database.writing() as session:
            works.stopped(session, actor, at=house.clock())
        raise
    return answer
