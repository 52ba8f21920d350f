"""The tables of the service. Times are aware and in UTC; ids are 32 hexadecimal digits; no column but `sealed` of
`blob` ever holds document text."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, Index, LargeBinary, String, Text, TypeDecorator, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def new_id() -> str:
    """An id for a row."""
    return uuid.uuid4().hex


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC on every database."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times: nobody could tell which zone they mean."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive time")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware again."""
        return None if value is None else value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """All tables."""

    type_annotation_map = {datetime: Moment, dict[str, Any]: JSON, list[Any]: JSON, bytes: LargeBinary}


ID = String(32)
DIGEST = String(80)


_LOOSE = text("backlog = ''")


class Unit(Base):
    """机构: a unit of the agency; `path` is its ancestors' ids and its own, joined by `/`, so a prefix is a subtree."""

    __tablename__ = "unit"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    path: Mapped[str] = mapped_column(String(1000), unique=True)


class User(Base):
    """A person, or a drafting tool (`machine`) that only keys can act for. `roles` are codes of access/roles.toml."""

    __tablename__ = "user"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    roles: Mapped[list[Any]]
    machine: Mapped[bool] = mapped_column(default=False)
    password: Mapped[str] = mapped_column(Text, default="")
    subject: Mapped[str] = mapped_column(String(300), default="", index=True)
    disabled: Mapped[bool] = mapped_column(default=False)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    must_change: Mapped[bool] = mapped_column(default=False)
    created: Mapped[datetime]


class Login(Base):
    """A session of a browser: `id` is the SHA-256 of the cookie, never the cookie."""

    __tablename__ = "login"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime]
    seen: Mapped[datetime]
    expires: Mapped[datetime]


class Key(Base):
    """An API key: `hash` is the SHA-256 of its secret; `scopes` are codes of actions, a subset of its user's."""

    __tablename__ = "key"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    user: Mapped[str] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]]
    created: Mapped[datetime]
    expires: Mapped[datetime | None]
    used: Mapped[datetime | None]
    revoked: Mapped[bool] = mapped_column(default=False)


class Kept(Base):
    """A document that was screened: digest and elements, no text. Personal names in its title are hidden.

    `origin` is page, api, addin or backlog; `backlog` and `place` are set for backlogs (`place`: pile, rank, risk,
    group, series, exception, follows, published, remarks, path). `attribute`, `handling` … repeat the last screening,
    `decided` the attribute that stands by people's decisions, nothing before there is one.
    """

    __tablename__ = "document"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    owner: Mapped[str] = mapped_column(ForeignKey("user.id"))
    origin: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(DIGEST)
    title: Mapped[str] = mapped_column(Text)
    number: Mapped[str] = mapped_column(String(200))
    issuer: Mapped[str] = mapped_column(String(300))
    issued: Mapped[str] = mapped_column(String(20))
    genre: Mapped[str] = mapped_column(String(50))
    attribute: Mapped[str] = mapped_column(String(20))
    confidence: Mapped[float]
    handling: Mapped[str] = mapped_column(String(20))
    needs_review: Mapped[bool]
    decided: Mapped[str] = mapped_column(String(20), default="")
    decisions: Mapped[int] = mapped_column(default=0)
    disputed: Mapped[bool] = mapped_column(default=False)
    created: Mapped[datetime]
    changed: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    backlog: Mapped[str] = mapped_column(String(32), default="")
    pile: Mapped[str] = mapped_column(String(10), default="")
    rank: Mapped[int] = mapped_column(default=0)
    group: Mapped[str] = mapped_column(DIGEST, default="")
    place: Mapped[dict[str, Any]] = mapped_column(default=dict)
    __table_args__ = (
        Index("document_digest", "digest"),
        Index("document_once", "digest", "owner", "unit", unique=True, sqlite_where=_LOOSE, postgresql_where=_LOOSE),
        Index("document_seen", "unit", "created"),
        Index("document_owner", "owner", "created"),
        Index("document_number", "number"),
        Index("document_pile", "backlog", "pile", "rank"),
        Index("document_group", "backlog", "group"),
        Index("document_standing", "backlog", "pile", "decided", "disputed", "attribute"),
    )


class Screened(Base):
    """What one engine said of a document: `result` is the output contract without replacements and title."""

    __tablename__ = "screening"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    document: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    at: Mapped[datetime]
    engine: Mapped[dict[str, Any]]
    result: Mapped[dict[str, Any]]
    quotes: Mapped[list[Any]]


class Decided(Base):
    """What a person decided; append-only (triggers refuse change). `undoes` names the decision that this one takes
    back, by the same person; `second` marks a second reader's. `screening` is what the person was shown."""

    __tablename__ = "decision"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    document: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    screening: Mapped[str] = mapped_column(String(32), default="")
    attribute: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(20), default="")
    basis: Mapped[str] = mapped_column(Text, default="")
    category: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    second: Mapped[bool] = mapped_column(default=False)
    undoes: Mapped[str] = mapped_column(String(32), default="")
    by: Mapped[str] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(200), default="")


class Trail(Base):
    """留痕: who did what to what, chained: `hash` covers this row and the hash before it. Append-only."""

    __tablename__ = "trail"
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(50))
    kind: Mapped[str] = mapped_column(String(30))
    object: Mapped[str] = mapped_column(String(100))
    detail: Mapped[dict[str, Any]]
    before: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    __table_args__ = (Index("trail_object", "kind", "object"), Index("trail_actor", "actor", "seq"))


class Blob(Base):
    """Encrypted bytes: a kept text, a job's input or result, a redaction in work. `owner` is the id of what it
    belongs to, `role` what it is to it; gone after `expires`."""

    __tablename__ = "blob"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    owner: Mapped[str] = mapped_column(String(32))
    role: Mapped[str] = mapped_column(String(30), default="")
    sealed: Mapped[bytes]
    size: Mapped[int]
    created: Mapped[datetime]
    expires: Mapped[datetime | None] = mapped_column(index=True)
    __table_args__ = (Index("blob_owner", "kind", "owner"),)


class Job(Base):
    """Work that takes long. `state`: waiting, running, done, failed, cancelled. `attempt` fences: only the worker of
    the last attempt may end it; `beat` counts while one works, so that no clock is needed to see it dead."""

    __tablename__ = "job"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(30))
    owner: Mapped[str] = mapped_column(ForeignKey("user.id"))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    order: Mapped[dict[str, Any]]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    problem: Mapped[dict[str, Any]] = mapped_column(default=dict)
    attempt: Mapped[int] = mapped_column(default=0)
    beat: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(100), default="")
    cancel: Mapped[bool] = mapped_column(default=False)
    created: Mapped[datetime]
    changed: Mapped[datetime]
    __table_args__ = (Index("job_state", "state", "created"), Index("job_owner", "owner", "created"))


class Once(Base):
    """An answered request by its idempotency key, so that a repeated one gets the same answer."""

    __tablename__ = "once"
    actor: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(default=0)
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    blob: Mapped[str] = mapped_column(String(32), default="")
    created: Mapped[datetime]


class Backlog(Base):
    """A screened archive brought into the service; `folder` is where `gongkai screen` left it."""

    __tablename__ = "backlog"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    folder: Mapped[str] = mapped_column(Text, default="")
    engine: Mapped[dict[str, Any]]
    created: Mapped[datetime]
    changed: Mapped[datetime]


class Vector(Base):
    """The meaning of a decided document, for precedents: 16-bit floats of one length."""

    __tablename__ = "vector"
    document: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    model: Mapped[str] = mapped_column(String(40))
    values: Mapped[bytes]


class RulebookVersion(Base):
    """The tables of the rulebook as somebody saved them: file name -> content. One is `active` at most; none active
    means the tables that ship (or GONGKAI_TABLES)."""

    __tablename__ = "rulebook"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    number: Mapped[int] = mapped_column(unique=True)
    digest: Mapped[str] = mapped_column(DIGEST)
    files: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    active: Mapped[bool] = mapped_column(default=False)


class Setting(Base):
    """What an administrator sets on the pages: retention days and the like."""

    __tablename__ = "setting"
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[dict[str, Any]]
