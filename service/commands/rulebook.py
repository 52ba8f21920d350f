"""The command rulebook: check the tables of a folder; list, export and import versions straight in the database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.duties.clauselint import remarks
from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.access.roles import actor
from gongkai.service.commands.engine import engine_options
from gongkai.service.commands.opening import database_of
from gongkai.service.house import now
from gongkai.service.rules import versions
from gongkai.service.rules.checking import problems
from gongkai.service.rules.folders import written
from gongkai.service.rules.memory import shipped
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Unit, User


def options(command: argparse.ArgumentParser) -> None:
    """What rulebook understands."""
    commands = command.add_subparsers(dest="action", required=True, metavar="操作")
    check = commands.add_parser("check", help="检查规则表，列出每一处问题")
    check.add_argument("--remarks", action="store_true", help="另列负面清单中不够具体、难以核对的条款")
    engine_options(check)
    commands.add_parser("list", help="列出保存的版本")
    out = commands.add_parser("export", help="把一个版本写成一个目录的 TOML 文件")
    out.add_argument("version", type=int, metavar="版本", help="版本号，0 为随程序提供的")
    out.add_argument("folder", type=Path, metavar="目录")
    into = commands.add_parser("import", help="把一个目录的 TOML 文件保存为草稿，在网页上预演、启用")
    into.add_argument("folder", type=Path, metavar="目录")
    into.add_argument("--by", required=True, metavar="登录名", help="经手人的登录名")
    into.add_argument("--note", default="导入", metavar="说明", help="这一版为什么改")


def run(options: argparse.Namespace, settings: Settings) -> bool:
    """One of them; whether nothing is wrong. Raises GongkaiError."""
    return {"check": _check, "list": _list, "export": _export, "import": _import}[options.action](options, settings)


def _check(options: argparse.Namespace, settings: Settings) -> bool:
    files = shipped(settings.tables)
    found = problems(files, shipped(), settings.profile)
    for one in found:
        place = f"{one.file} 第 {one.line} 行 {one.row}" if one.line else one.file
        print(f"{place}：{one.message}", file=sys.stderr)
    if found:
        return False
    rules = Rulebook.load(settings.tables, settings.profile)
    counts = f"理由 {len(rules.reasons)}、目录 {len(rules.categories)}、负面清单 {len(rules.clauses)}"
    counts += f"、判断规则 {len(rules.laws)}、留遮规则 {len(rules.roles)}"
    print(f"规则表没有问题：{counts}。版本 {rules.digest}，画像 {rules.profile.name}。")
    for remark in remarks(rules.clauses, rules.reason) if options.remarks else ():
        print(f"{remark.clause} {remark.column}：{remark.message}{remark.mend}")
    return True


def _list(options: argparse.Namespace, settings: Settings) -> bool:
    with _writing(settings) as session:
        for one in versions.history(session, settings):
            state = "现用" if one.active else "草稿" if one.editable else ""
            at = f"{one.at:%Y-%m-%d}" if one.at else ""
            print("\t".join((str(one.number), one.digest, state, one.by, at, one.note)))
    return True


def _export(options: argparse.Namespace, settings: Settings) -> bool:
    with _writing(settings) as session:
        written(versions.version(session, settings, options.version).files, options.folder)
    print(f"已写到 {options.folder}。")
    return True


def _import(options: argparse.Namespace, settings: Settings) -> bool:
    files = shipped(options.folder)
    versions.checked(files, settings)
    with _writing(settings) as session:
        user = session.scalar(select(User).where(User.login == options.by))
        unit = session.get(Unit, user.unit) if user else None
        if user is None or unit is None or not actor(user, unit).may("rules"):
            raise RequestError("没有这个登录名，或者没有修改规则表的权限，请检查 --by。")
        number = versions.draft(session, actor(user, unit), files, options.note, at=now())
    print(f"已保存为第 {number} 版（草稿）。")
    return True


@contextmanager
def _writing(settings: Settings) -> Iterator[Session]:
    with database_of(settings, "不保存规则表版本") as database, database.writing() as session:
        yield session
