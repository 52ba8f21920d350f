"""A redaction in work: its file, rulings and last proven copy, all sealed, seen by its owner alone, gone after days."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor
from gongkai.service.crew.orders import Drafted, Redaction, Ruling
from gongkai.service.errors import Conflicting, NotFound, Outdated
from gongkai.service.store import trail
from gongkai.service.store.tables import Blob
from gongkai.service.store.vault import Vault
from gongkai.service.wire import Json

#: Kinds of blobs: a work's parts belong to the work, its card to the user.
PARTS, CARD = "masking", "masking-card"
STATE, FILE, COPY, SHOWN = "state", "file", "copy", "shown"
KEPT = timedelta(days=3)
_UNKNOWN = "没有这份核对中的文件：可能已经清除或者过期，请重新提交原文件。"
_CHANGED = "这份核对已在别的窗口改动，请刷新页面后重试。"
_STALE = "还有核对没有经过核验，请先按“重新核验”，通过后再下载。"


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling with the number that it is taken back by; `back` when it was, and the copy still has it."""

    number: int
    ruling: Ruling
    back: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What is known of a work without its text: `proven` are the numbers of the rulings that the copy is made with;
    `failed` what the proof of the first copy still found, as long as none has passed; `rename`: hidden values are
    replaced in the copy's name, too."""

    name: str = field(repr=False)
    style: str
    pictures: str
    made: str
    version: int = 1
    rulings: tuple[Ruled, ...] = field(default=(), repr=False)
    proven: tuple[int, ...] = ()
    failed: str = ""
    rename: bool = False

    @property
    def active(self) -> tuple[Ruled, ...]:
        """The rulings that hold."""
        return tuple(one for one in self.rulings if not one.back)

    @property
    def pending(self) -> int:
        """How many rulings were given or taken back since the proof."""
        return sum(one.back or one.number not in self.proven for one in self.rulings)

    def packed(self) -> bytes:
        """As bytes to seal."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpacked(cls, data: bytes) -> State:
        """What `packed` made."""
        fields = json.loads(data)
        rulings = tuple(Ruled(row["number"], Ruling(**row["ruling"]), row["back"]) for row in fields["rulings"])
        return cls(**fields | {"rulings": rulings, "proven": tuple(fields["proven"])})


@dataclass(frozen=True, slots=True)
class Shown:
    """The judged text of the last proven copy, its findings in contract form, the report, and what it is called."""

    text: str = field(repr=False)
    personal: tuple[Json, ...] = field(repr=False)
    report: Json = field(repr=False)
    called: str = field(default="", repr=False)

    @classmethod
    def unpacked(cls, data: bytes) -> Shown:
        """What was sealed."""
        fields = json.loads(data)
        return cls(fields["text"], tuple(fields["personal"]), fields["report"], fields.get("called", ""))


@dataclass(frozen=True, slots=True)
class Opened:
    """A work as its owner opens it."""

    id: str
    state: State
    expires: datetime


def begin(
    session: Session, vault: Vault, actor: Actor, data: bytes, state: State, copy: Redaction | Drafted, *, at: datetime
) -> str:
    """Keep a file and its first copy, or what one would hide; the work's id."""
    id, expires = secrets.token_hex(12), at + KEPT
    vault.put(session, CARD, actor.user, b"{}", role=id, at=at, expires=expires)
    _put(session, vault, id, FILE, data, at)
    _put(session, vault, id, STATE, state.packed(), at)
    _put_copy(session, vault, id, copy, state.made, at)
    _noted(session, actor, "begin", id, at, **_counts(copy), source=hashlib.sha256(data).hexdigest())
    return id


def stopped(session: Session, actor: Actor, *, at: datetime) -> None:
    """Note that a file with a secrecy mark was turned away; nothing else is known of it."""
    trail.append(session, actor.user, "stop", "masking", "", at=at)


def listed(session: Session, vault: Vault, actor: Actor, *, at: datetime) -> Iterator[Opened]:
    """The actor's works, newest first."""
    mine = select(Blob.role).where(Blob.kind == CARD, Blob.owner == actor.user, Blob.expires > at)
    for id in session.scalars(mine.order_by(Blob.created.desc())):
        yield one(session, vault, actor, id, at=at)


def one(session: Session, vault: Vault, actor: Actor, id: str, *, at: datetime) -> Opened:
    """A work of the actor's. Raises NotFound."""
    mine = (Blob.kind == CARD, Blob.owner == actor.user, Blob.role == id)
    expires = session.scalar(select(Blob.expires).where(*mine, Blob.expires > at))
    data = vault.get(session, PARTS, id, STATE) if expires else None
    if expires is None or data is None:
        raise NotFound(_UNKNOWN)
    return Opened(id, State.unpacked(data), expires)


def file_of(session: Session, vault: Vault, work: Opened) -> bytes:
    """The original."""
    return _part(session, vault, work, FILE)


def shown_of(session: Session, vault: Vault, work: Opened) -> Shown:
    """What the page shows."""
    return Shown.unpacked(_part(session, vault, work, SHOWN))


def copy_of(session: Session, vault: Vault, actor: Actor, work: Opened, *, at: datetime) -> bytes:
    """The proven copy, to be taken away. Raises Conflicting when rulings came after the proof."""
    if work.state.pending or work.state.failed:
        raise Conflicting(_STALE)
    _noted(session, actor, "download", work.id, at, copy=shown_of(session, vault, work).report["copy"]["sha256"])
    return _part(session, vault, work, COPY)


def rule(
    session: Session, vault: Vault, actor: Actor, work: Opened, rulings: Sequence[Ruling], *, at: datetime
) -> Opened:
    """Add rulings, each with its entry in the trail; the copy waits to be proven anew. Raises Outdated."""
    shown = shown_of(session, vault, work)
    numbers = (one.number for one in work.state.rulings)
    first = max((*numbers, *work.state.proven), default=0) + 1
    added = tuple(Ruled(number, ruling) for number, ruling in enumerate(rulings, first))
    for ruled in added:
        _noted(session, actor, "rule", work.id, at, number=ruled.number, **_told(ruled.ruling, shown))
    return _changed(session, vault, actor, work, at, rulings=(*work.state.rulings, *added))


def _told(ruling: Ruling, shown: Shown) -> Json:
    """A ruling without words of the document or of the officer."""
    own = {"everywhere": ruling.everywhere, "own": bool(ruling.replacement), "verdict": verdict(ruling, shown)}
    return {"start": ruling.start, "end": ruling.end, "type": ruling.type, "do": ruling.action} | own


def unrule(session: Session, vault: Vault, actor: Actor, work: Opened, number: int, *, at: datetime) -> Opened:
    """Take a ruling back. Raises NotFound, Outdated."""
    state = work.state
    if not any(one.number == number for one in state.active):
        raise NotFound("没有这一项核对，可能已经撤销，请刷新页面。")
    others = (replace(one, back=one.back or one.number == number) for one in state.rulings)
    rest = tuple(one for one in others if not one.back or one.number in state.proven)
    _noted(session, actor, "unrule", work.id, at, number=number)
    return _changed(session, vault, actor, work, at, rulings=rest)


def proved(session: Session, vault: Vault, actor: Actor, work: Opened, copy: Redaction, *, at: datetime) -> Opened:
    """Keep a copy made with the rulings of this state. Raises Outdated when they changed meanwhile."""
    rulings = work.state.active
    proven = tuple(one.number for one in rulings)
    changed = _changed(session, vault, actor, work, at, rulings=rulings, proven=proven, made=told_at(at), failed="")
    vault.drop(session, PARTS, work.id, COPY)
    vault.drop(session, PARTS, work.id, SHOWN)
    _put_copy(session, vault, work.id, copy, told_at(at), at)
    _noted(session, actor, "prove", work.id, at, passed=True, rulings=len(proven), **_counts(copy))
    return changed


def failed(session: Session, actor: Actor, work: Opened, *, at: datetime) -> None:
    """Note a proof that failed; the work stays as it was."""
    _noted(session, actor, "prove", work.id, at, passed=False, rulings=len(work.state.active))


def discard(session: Session, vault: Vault, actor: Actor, work: Opened, *, at: datetime) -> None:
    """Remove everything of a work."""
    vault.drop(session, PARTS, work.id)
    vault.drop(session, CARD, actor.user, work.id)
    _noted(session, actor, "discard", work.id, at)


def verdict(ruling: Ruling, shown: Shown) -> str:
    """What a ruling does to what stood there: accepted, changed, kept or added."""
    same = [row for row in shown.personal if row["start"] < ruling.end and ruling.start < row["end"]]
    if not same:
        return "added"
    exact = [row for row in same if (row["start"], row["end"]) == (ruling.start, ruling.end)]
    if any((row["action"], row["type"]) == (ruling.action, ruling.type) for row in exact) and not ruling.replacement:
        return "accepted"
    return "kept" if ruling.action == "keep" else "changed"


def outdated() -> Outdated:
    """What is told when somebody else, or another window, was faster."""
    return Outdated(_CHANGED)


def told_at(at: datetime) -> str:
    """A time as reports have it."""
    return at.astimezone().isoformat(timespec="seconds")


def _changed(session: Session, vault: Vault, actor: Actor, work: Opened, at: datetime, **fields: object) -> Opened:
    """Replace the state, unless somebody was faster; a change gives the work its full time anew."""
    now = one(session, vault, actor, work.id, at=at)
    if now.state.version != work.state.version or vault.drop(session, PARTS, work.id, STATE) != 1:
        raise outdated()
    state = replace(work.state, version=work.state.version + 1, **fields)  # type: ignore[arg-type]
    _put(session, vault, work.id, STATE, state.packed(), at)
    expires = at + KEPT
    mine = ((Blob.kind == PARTS) & (Blob.owner == work.id)) | ((Blob.kind == CARD) & (Blob.role == work.id))
    session.execute(update(Blob).where(mine).values(expires=expires))
    return Opened(work.id, state, expires)


def _part(session: Session, vault: Vault, work: Opened, role: str) -> bytes:
    data = vault.get(session, PARTS, work.id, role)
    if data is None:
        raise NotFound(_UNKNOWN)
    return data


def _put(session: Session, vault: Vault, id: str, role: str, data: bytes, at: datetime) -> None:
    vault.put(session, PARTS, id, data, role=role, at=at, expires=at + KEPT)


def _put_copy(session: Session, vault: Vault, id: str, copy: Redaction | Drafted, made: str, at: datetime) -> None:
    report = copy.report | {"made": made} if isinstance(copy, Redaction) else {"look": []}
    shown = {"text": copy.text, "personal": copy.personal, "report": report, "called": copy.name}
    if isinstance(copy, Redaction):
        _put(session, vault, id, COPY, copy.data, at)
    _put(session, vault, id, SHOWN, json.dumps(shown).encode(), at)


def _counts(copy: Redaction | Drafted) -> Json:
    actions = Counter(row["action"] for row in copy.personal)
    digest = copy.report["copy"]["sha256"] if isinstance(copy, Redaction) else ""
    return {"mask": actions["mask"], "keep": actions["keep"], "copy": digest}


def _noted(session: Session, actor: Actor, action: str, id: str, at: datetime, **detail: object) -> None:
    trail.append(session, actor.user, action, "masking", id, at=at, **detail)
