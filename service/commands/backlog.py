"""The command backlog: screened folders into the service and worklists out of it, without a running server."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gongkai.model.errors import OutputError, RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.access import roles
from gongkai.service.access.actors import Actor
from gongkai.service.commands.opening import database_of
from gongkai.service.house import now
from gongkai.service.output import write_private_bytes
from gongkai.service.review import backlogs, exporting, municipal, progress
from gongkai.service.review.bringing import Brought, Source, bring_in
from gongkai.service.settings import Settings
from gongkai.service.store import trail
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Backlog, Unit, User

#: Who acts in the trail where no person does.
BY = "command"
_NO_UNIT = "没有名为“{}”的机构，或者有好几个，请用 gongkai user list 核对，或者写机构编号。"
_NO_USER = "请用 --by 写明由哪个用户办理（登录名）：他要有导入存量清单的权限，并且能看这个机构的公文。"
_NO_BACKLOG = "没有这份存量清单，或者名称相同的有好几份，请用 gongkai backlog list 查看编号。"
_NOT_WRITTEN = "{} 写不出来，请确认目录可写、磁盘没有满。"


def options(command: argparse.ArgumentParser) -> None:
    """What backlog understands."""
    actions = command.add_subparsers(dest="action", required=True, metavar="操作")
    add = actions.add_parser("add", help="把筛查结果导入服务；同一目录再导入只更新建议，不动决定")
    add.add_argument("out", type=Path, metavar="结果目录", help="gongkai screen 的输出目录")
    add.add_argument("--name", required=True, metavar="名称", help="清单名称")
    add.add_argument("--unit", required=True, metavar="机构", help="归哪个机构办理：名称或者编号")
    add.add_argument("--by", default="", metavar="登录名", help="由谁导入；只有一个人能办时可以不写")
    says = "档案所在的目录，可以写几个；审查时只从这里重新读原文件，不写就只能看摘录"
    add.add_argument("--source", type=Path, action="append", default=[], metavar="目录", help=says)
    actions.add_parser("list", help="列出存量清单和进度")
    export = actions.add_parser("export", help="导出现在的建议和决定")
    export.add_argument("backlog", metavar="清单", help="编号或者名称")
    export.add_argument("-o", dest="to", type=Path, required=True, metavar="文件", help=".xlsx、.csv 或者 .jsonl")
    export.add_argument("--municipal", action="store_true", help="写成全市系统的录入表（.xlsx），只含已决定的公文")
    export.add_argument("--since", default="", metavar="年", help="录入表只取这一年以来的，如 2016")


def run(given: argparse.Namespace, settings: Settings) -> bool:
    """One command on the database of the settings. Raises GongkaiError."""
    with database_of(settings, "不办理存量清单") as database:
        lines = {"add": _add, "list": _list, "export": _export}[given.action](given, settings, database)
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return True


def _add(given: argparse.Namespace, settings: Settings, database: Database) -> list[str]:
    with database.reading() as session:
        unit = _unit(session, given.unit)
        actor = _actor(session, unit, given.by)
    found = tuple(path.resolve() for path in given.source)
    if missing := next((path for path in found if not path.is_dir()), None):
        raise RequestError(f"没有目录 {missing.name}，请检查 --source。")
    return list(told(bring_in(database, actor, Source(given.out, given.name, unit.id, found), now)))


def told(done: Brought) -> Iterator[str]:
    """What came of an import, in lines."""
    yield f"清单 {done.backlog}：新增 {done.new} 件，更新 {done.changed} 件，没有变的 {done.same} 件。"
    if done.gone:
        yield f"已不在档案里的 {done.gone} 件移出清单，所作的决定都在。"
    if done.stopped:
        yield f"疑似涉密 {done.stopped} 件没有存入服务，请按筛查结果的审查清单交保密工作机构。"
    if done.failed:
        yield f"没读成的文件 {done.failed} 个，见筛查结果的审查清单。"
    if done.decisions:
        yield f"结果目录里已有 {done.decisions} 个决定没有带入；请导出那里的审查清单，由审查人本人在网页上导入。"


def _list(given: argparse.Namespace, settings: Settings, database: Database) -> list[str]:
    with database.reading() as session:
        lines = []
        for one in session.scalars(select(Backlog).order_by(Backlog.created)):
            done = progress.tally(session, one.id).values()
            counts = f"{sum(d.decided for d in done)}/{sum(d.of for d in done)} 件已决定"
            lines.append(f"{one.id}  {one.name}  {counts}，疑似涉密 {backlogs.count(one, 'stopped')} 件")
    return lines or ["还没有存量清单，用 gongkai backlog add 导入。"]


def _export(given: argparse.Namespace, settings: Settings, database: Database) -> list[str]:
    format, at = given.to.suffix.lower().removeprefix("."), now()
    rules = Rulebook.load(settings.tables, settings.profile)
    with database.reading() as session:
        known = _backlog(session, given.backlog)
        if given.municipal:
            write_private_bytes(given.to, municipal.workbook(session, known, rules, None, given.since))
        else:
            with exporting.exported(session, known, rules, format, at) as made:
                _placed(made, given.to)
    with database.writing() as session:
        trail.append(session, BY, "backlog.export", "backlog", known.id, at=at, format=format)
    return [f"已写出 {given.to}。含标题和简短证据，请按内部资料保管。"]


def _placed(made: Path, to: Path) -> None:
    try:
        made.chmod(0o600)
        shutil.copyfile(made, to, follow_symlinks=False)
        os.chmod(to, 0o600)
    except OSError as error:
        raise OutputError(_NOT_WRITTEN.format(to.name)) from error


def _unit(session: Session, said: str) -> Unit:
    found = session.scalars(select(Unit).where(or_(Unit.id == said, Unit.name == said))).all()
    if len(found) != 1:
        raise RequestError(_NO_UNIT.format(said[:50]))
    return found[0]


def _actor(session: Session, unit: Unit, login: str) -> Actor:
    """Whoever brings it in: by login, or the only one who may."""
    query = select(User, Unit).join(Unit, Unit.id == User.unit).where(User.disabled.is_(False), User.machine.is_(False))
    if login:
        query = query.where(User.login == login)
    known = (roles.actor(user, own) for user, own in session.execute(query))
    able = [actor for actor in known if actor.may("backlogs") and backlogs.reaches(actor, unit)]
    if len(able) != 1:
        raise RequestError(_NO_USER)
    return able[0]


def _backlog(session: Session, said: str) -> Backlog:
    found = session.scalars(select(Backlog).where(or_(Backlog.id == said, Backlog.name == said))).all()
    if len(found) != 1:
        raise RequestError(_NO_BACKLOG)
    return found[0]
