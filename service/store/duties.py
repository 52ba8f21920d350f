"""The tables of what follows a suggestion: passages to publication, dossiers, applications, tasks, figures. Days are
ISO dates, since they are days of the agency's place; no column holds document text."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from gongkai.service.store.tables import ID, Base, new_id


class Passage(Base):
    """办理: how far one document has come between its draft and its publication, and what came after.

    `state` is a code of passing.toml; `bundle` has the values of the submission form (interpretation, secrecy review
    …, no text); `codes` are clocks of deadlines.toml that run from `start`, an ISO date, `due` is the last day or
    empty. `revisit` is the day on which a deferral or a reason to withhold has to be looked at again, for `awaiting`,
    a code of awaiting.toml. `channel` says where it was published. `validity` is empty for one still in force.
    """

    __tablename__ = "passage"
    document: Mapped[str] = mapped_column(ForeignKey("document.id"), primary_key=True)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    mode: Mapped[str] = mapped_column(String(10), default="own")
    state: Mapped[str] = mapped_column(String(20), default="drafted")
    important: Mapped[bool] = mapped_column(default=False)
    bundle: Mapped[dict[str, Any]] = mapped_column(default=dict)
    category: Mapped[str] = mapped_column(String(20), default="")
    codes: Mapped[list[Any]] = mapped_column(default=list)
    start: Mapped[str] = mapped_column(String(20), default="")
    due: Mapped[str] = mapped_column(String(20), default="")
    published: Mapped[datetime | None]
    channel: Mapped[str] = mapped_column(Text, default="")
    revisit: Mapped[str] = mapped_column(String(20), default="")
    awaiting: Mapped[str] = mapped_column(String(30), default="")
    validity: Mapped[str] = mapped_column(String(20), default="")
    validity_since: Mapped[str] = mapped_column(String(20), default="")
    created: Mapped[datetime]
    changed: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        Index("passage_state", "state", "changed"),
        Index("passage_due", "due"),
        Index("passage_revisit", "revisit"),
    )


class Step(Base):
    """One step of a passage: a review with its record, a return, a release, a deferral …; append-only.

    `kind` is an action of passing.toml, `record` what the person wrote down (conclusions, basis, gaps by code).
    """

    __tablename__ = "step"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    document: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    before: Mapped[str] = mapped_column(String(20))
    after: Mapped[str] = mapped_column(String(20))
    record: Mapped[dict[str, Any]]
    by: Mapped[str] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class Relation(Base):
    """A paper that belongs to a document's dossier: `role` is a code of relations.toml (draft, basis, consultation,
    adoption, result, interpretation, source, repealed …); `target` is its id where the service has it."""

    __tablename__ = "relation"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    document: Mapped[str] = mapped_column(ForeignKey("document.id"), index=True)
    role: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(Text, default="")
    target: Mapped[str] = mapped_column(String(32), default="", index=True)
    issued: Mapped[str] = mapped_column(String(20), default="")
    by: Mapped[str] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class Application(Base):
    """依申请公开: one row of the register. No applicant's name: `applicant` is a code of applications.toml (natural
    person, enterprise …), `outcome` one of its replies; `extra` has reviews and lawsuits. Days are ISO dates."""

    __tablename__ = "application"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    number: Mapped[str] = mapped_column(String(100))
    received: Mapped[str] = mapped_column(String(20))
    closed: Mapped[str] = mapped_column(String(20), default="")
    applicant: Mapped[str] = mapped_column(String(30))
    topic: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(40), default="")
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    document: Mapped[str] = mapped_column(String(32), default="")
    assessed: Mapped[str] = mapped_column(String(30), default="")
    by: Mapped[str] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    __table_args__ = (Index("application_once", "unit", "number", unique=True), Index("application_day", "received"))


class Duty(Base):
    """任务台账: one task of a work plan, imported or written: what, by whom, until when; `terms` are the deadlines as
    written and as read, `due` the next of them as an ISO date."""

    __tablename__ = "duty"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    source: Mapped[str] = mapped_column(Text)
    place: Mapped[int] = mapped_column(default=0)
    task: Mapped[str] = mapped_column(Text)
    requirement: Mapped[str] = mapped_column(Text, default="")
    responsible: Mapped[str] = mapped_column(Text, default="")
    terms: Mapped[list[Any]] = mapped_column(default=list)
    due: Mapped[str] = mapped_column(String(20), default="")
    category: Mapped[str] = mapped_column(String(20), default="")
    done: Mapped[str] = mapped_column(String(20), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (Index("duty_due", "due"),)


class Figure(Base):
    """A figure of a report that no record of the service tells, as a unit reported it."""

    __tablename__ = "figure"
    unit: Mapped[str] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    period: Mapped[str] = mapped_column(String(10), primary_key=True)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[float]
    by: Mapped[str] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class Sample(Base):
    """抽查: documents drawn by a seed for a period, to be read a second time."""

    __tablename__ = "sample"
    id: Mapped[str] = mapped_column(ID, primary_key=True, default=new_id)
    unit: Mapped[str] = mapped_column(ForeignKey("unit.id"))
    period: Mapped[str] = mapped_column(String(10))
    seed: Mapped[int]
    documents: Mapped[list[Any]]
    by: Mapped[str] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
