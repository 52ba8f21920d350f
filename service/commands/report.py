"""The command report: a report of a period from the database into a file, as the page gives it, without a server."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.access import roles
from gongkai.service.access.actors import Actor
from gongkai.service.commands.opening import database_of
from gongkai.service.errors import NotAllowed
from gongkai.service.house import now
from gongkai.service.output import write_private_bytes
from gongkai.service.reports.files import FORMATS, noted
from gongkai.service.reports.kinds import KINDS, made
from gongkai.service.rules import versions
from gongkai.service.rules.memory import loaded, shipped
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Unit, User

_NO_USER = "没有登录名为“{}”的用户，或者已经停用，请用 gongkai user list 核对。"
_MAY_NOT = "这个用户不能编制报表，请换有统计权限的用户（--by）。"
_NO_UNIT = "没有名为“{}”的机构，或者有好几个，请写机构编号。"


def options(command: argparse.ArgumentParser) -> None:
    """What report understands."""
    kinds = "、".join(f"{code} {kind.name}" for code, kind in KINDS.items())
    command.add_argument("kind", choices=KINDS, metavar="报表", help=kinds)
    command.add_argument("-o", dest="to", type=Path, required=True, metavar="文件", help="写到哪里：.xlsx 或者 .docx")
    command.add_argument("--period", default="", metavar="报告期", help="2025、2025Q4、2025-12；不写就是最近的一期")
    command.add_argument("--unit", default="", metavar="机构", help="名称或者编号，含下级；不写就是编制人能看的全部")
    command.add_argument("--by", required=True, metavar="登录名", help="编制人：要有统计权限，只数他能看的记录")


def run(given: argparse.Namespace, settings: Settings) -> bool:
    """Write it. Raises GongkaiError."""
    format = given.to.suffix.lower().removeprefix(".")
    if format not in FORMATS:
        raise RequestError(f"报表只能写成 {'、'.join(f'.{one}' for one in FORMATS)}，请改 -o 的文件名。")
    at = now()
    with database_of(settings, "没有可以统计的记录") as database, database.writing() as session:
        actor, rules = _actor(session, given.by), _rules(session, settings)
        unit = _unit(session, given.unit)
        report = made(session, actor, rules, given.kind, given.period, unit, at=at)
        write_private_bytes(given.to, FORMATS[format](report))
        noted(session, actor, report, given.kind, format, unit, at=at)
    print(f"已写出 {given.to}：{report.title}。")
    for fault in report.faults:
        print(f"请核对：{fault}")
    return True


def _actor(session: Session, login: str) -> Actor:
    query = select(User, Unit).join(Unit, Unit.id == User.unit).where(User.login == login, User.disabled.is_(False))
    found = session.execute(query).first()
    if found is None:
        raise RequestError(_NO_USER.format(login[:50]))
    actor = roles.actor(found[0], found[1])
    if not actor.may("statistics"):
        raise NotAllowed(_MAY_NOT)
    return actor


def _unit(session: Session, said: str) -> str:
    if not said:
        return ""
    found = session.scalars(select(Unit.id).where(or_(Unit.id == said, Unit.name == said))).all()
    if len(found) != 1:
        raise RequestError(_NO_UNIT.format(said[:50]))
    return found[0]


def _rules(session: Session, settings: Settings) -> Rulebook:
    """Those in force in the service."""
    version = versions.in_force(session, settings)
    if not version.number:
        return Rulebook.load(settings.tables, settings.profile)
    return loaded({**shipped(settings.tables), **version.files}, settings.profile)
