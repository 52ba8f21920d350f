"""Versions of the rulebook: drafted from another, edited, put into force, left again. What was ever in force stays as
it was; number 0 is what ships (or what GONGKAI_TABLES names)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, defer

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import LATER
from gongkai.service.access.actors import Actor
from gongkai.service.errors import Conflicting, NotFound, Outdated
from gongkai.service.rules.checking import problems
from gongkai.service.rules.memory import Files, digest, shipped
from gongkai.service.settings import Settings
from gongkai.service.store import trail
from gongkai.service.store.tables import RulebookVersion, Trail, User, new_id

KIND = "rulebook"
BASE_NOTE = "随程序提供"


@dataclass(frozen=True, slots=True)
class Version:
    """A version as pages show it; `used`: it was in force at some time, so it can't be edited any more."""

    number: int
    digest: str
    note: str
    by: str
    at: datetime | None
    active: bool
    used: bool
    id: str = ""
    files: Files = field(default_factory=dict, repr=False)

    @property
    def editable(self) -> bool:
        """Whether it is still a draft."""
        return self.number > 0 and not self.used

    @property
    def name(self) -> str:
        """What people call it."""
        return f"第 {self.number} 版" if self.number else BASE_NOTE


def history(session: Session, settings: Settings) -> tuple[Version, ...]:
    """All versions, newest first, without their files."""
    query = select(RulebookVersion, User.name).join(User, User.id == RulebookVersion.by, isouter=True)
    query = query.options(defer(RulebookVersion.files)).order_by(RulebookVersion.number.desc())
    used = _used(session)
    found = [_version(row, name, used, {}) for row, name in session.execute(query).all()]
    files = shipped(settings.tables)
    return (*found, _base(files, not any(version.active for version in found)))


def version(session: Session, settings: Settings, number: int) -> Version:
    """One version with its files. Raises NotFound."""
    if number == 0:
        return _base(shipped(settings.tables), _active(session) is None)
    row = _row(session, number)
    by = session.get(User, row.by)
    files = {**_later(settings, row.files), **row.files}
    return _version(row, by.name if by else "", _used(session), files)


def _later(settings: Settings, files: Files) -> Files:
    """Tables that came after a version was saved, as they ship."""
    lacking = [file for file in LATER if file not in files]
    base = shipped(settings.tables) if lacking else {}
    return {file: base[file] for file in lacking}


def in_force(session: Session, settings: Settings) -> Version:
    """The version in force."""
    return version(session, settings, session.scalar(_ACTIVE) or 0)


def draft(session: Session, actor: Actor, files: Files, note: str, *, at: datetime) -> int:
    """Keep tables as a new draft; its number."""
    number = (session.scalar(select(func.max(RulebookVersion.number))) or 0) + 1
    row = RulebookVersion(
        id=new_id(), number=number, digest=digest(files), files=files, note=note[:500], by=actor.user, at=at
    )
    session.add(row)
    _noted(session, actor, "draft", row, at)
    return number


def save(session: Session, actor: Actor, number: int, seen: str, files: Files, *, at: datetime) -> None:
    """Put other tables into a draft. `seen` is its digest when it was read.

    Raises NotFound, Conflicting (it was in force), Outdated.
    """
    row = _open(session, number)
    if row.digest != seen:
        raise Outdated("这一版刚被别人改过，您的修改没有保存；请重新打开后再改。")
    row.files, row.digest, row.by, row.at = files, digest(files), actor.user, at
    _noted(session, actor, "edit", row, at)


def rename(session: Session, actor: Actor, number: int, note: str, *, at: datetime) -> None:
    """Say what a version is for."""
    row = _row(session, number)
    row.note = note.strip()[:500]
    _noted(session, actor, "note", row, at)


def discard(session: Session, actor: Actor, number: int, *, at: datetime) -> None:
    """Give a draft up. Raises NotFound, Conflicting."""
    row = _open(session, number)
    _noted(session, actor, "discard", row, at)
    session.delete(row)


def put_in_force(session: Session, actor: Actor, settings: Settings, number: int, *, at: datetime) -> None:
    """Make a version the one in force, 0 for what ships. Raises NotFound."""
    found = version(session, settings, number)
    session.execute(update(RulebookVersion).values(active=False))
    if number:
        session.execute(update(RulebookVersion).where(RulebookVersion.number == number).values(active=True))
    told = {"number": number, "digest": found.digest}
    trail.append(session, actor.user, "activate", KIND, found.id or "shipped", at=at, **told)


def checked(files: Files, settings: Settings) -> None:
    """Raises RequestError when tables that come from outside are not right: the first problem, and how many more."""
    found = problems(files, shipped(settings.tables), settings.profile)
    if found:
        first = found[0]
        place = f"{first.file} 第 {first.line} 行" if first.line else first.file
        more = f"（另有 {len(found) - 1} 处）" if len(found) > 1 else ""
        raise RequestError(f"规则表没有通过校验：{place}{first.message}{more}")


_ACTIVE = select(RulebookVersion.number).where(RulebookVersion.active)


def _active(session: Session) -> int | None:
    return session.scalar(_ACTIVE)


def _used(session: Session) -> frozenset[str]:
    entries = select(Trail.object).where(Trail.kind == KIND, Trail.action == "activate")
    return frozenset(session.scalars(entries))


def _base(files: Files, active: bool) -> Version:
    return Version(0, digest(files), BASE_NOTE, "", None, active, True, "", files)


def _version(row: RulebookVersion, by: str | None, used: frozenset[str], files: Files) -> Version:
    known = row.id in used or row.active
    return Version(row.number, row.digest, row.note, by or "", row.at, row.active, known, row.id, files)


def _row(session: Session, number: int) -> RulebookVersion:
    known = number < 2**31  # what no database takes for a number is none
    row = session.scalar(select(RulebookVersion).where(RulebookVersion.number == number)) if known else None
    if row is None:
        raise NotFound("没有这一版规则表，可能已经放弃，请回到版本列表查看。")
    return row


def _open(session: Session, number: int) -> RulebookVersion:
    row = _row(session, number)
    if row.active or row.id in _used(session):
        raise Conflicting("启用过的版本不能再改，请以它为基础起草新版本。")
    return row


def _noted(session: Session, actor: Actor, action: str, row: RulebookVersion, at: datetime) -> None:
    trail.append(session, actor.user, action, KIND, row.id, at=at, number=row.number, digest=row.digest)
