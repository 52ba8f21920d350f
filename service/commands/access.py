"""The commands user and key: accounts and API keys straight in the database, for automation and for a lost password."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access import entering, keys, passwords, units, users
from gongkai.service.access.roles import table
from gongkai.service.access.users import Person
from gongkai.service.commands.opening import database_of
from gongkai.service.errors import NotFound
from gongkai.service.house import now
from gongkai.service.settings import Settings
from gongkai.service.store import trail
from gongkai.service.store.tables import Unit, User

#: Who acts in the trail: somebody with the rights of the server's own account.
BY = "command"
_MOST = 4096


def user_options(command: argparse.ArgumentParser) -> None:
    """What user understands."""
    commands = command.add_subparsers(dest="action", required=True, metavar="操作")
    add = commands.add_parser("add", help="新增用户；没有给口令就生成一个，只显示这一次")
    add.add_argument("login", metavar="登录名")
    add.add_argument("--name", required=True, metavar="姓名", help="姓名")
    add.add_argument("--unit", required=True, metavar="机构", help="机构名称；还没有任何机构时，建为最高一级")
    codes = "、".join(f"{role.code} {role.name}" for role in table().roles.values())
    add.add_argument("--role", action="append", default=[], metavar="角色", help=f"可以给几个：{codes}")
    add.add_argument("--machine", action="store_true", help="程序用户：不能登录网页，只用接口密钥")
    _password(add)
    commands.add_parser("list", help="列出用户")
    renew = commands.add_parser("password", help="重设口令，登录全部退出")
    _password(renew)
    others = (("disable", "停用：登录全部退出，密钥全部失效"), ("enable", "启用"), ("unlock", "解除输错口令的锁定"))
    for one in (renew, *(commands.add_parser(name, help=says) for name, says in others)):
        one.add_argument("login", metavar="登录名")


def key_options(command: argparse.ArgumentParser) -> None:
    """What key understands."""
    commands = command.add_subparsers(dest="action", required=True, metavar="操作")
    add = commands.add_parser("add", help="新增接口密钥，只显示这一次")
    add.add_argument("login", metavar="登录名", help="所属用户")
    add.add_argument("--name", required=True, metavar="名称", help="给哪个系统用")
    add.add_argument("--scope", action="append", required=True, metavar="权限", help="可以给几个，如 suggest、redact")
    add.add_argument("--days", type=int, default=365, metavar="天数", help="有效天数，默认 365，最多 1095")
    commands.add_parser("list", help="列出密钥")
    revoke = commands.add_parser("revoke", help="撤销密钥，立即失效")
    revoke.add_argument("id", metavar="编号", help="密钥 gk_ 后面的编号")


def _password(command: argparse.ArgumentParser) -> None:
    says = "从文件读口令（- 为标准输入），不放在命令行里；不给则生成一个，本人登录后要改"
    command.add_argument("--password-file", metavar="文件", help=says)


def run(options: argparse.Namespace, settings: Settings) -> bool:
    """One command on the database of the settings. Raises GongkaiError."""
    said = {
        ("user", "add"): _add,
        ("user", "list"): _list,
        ("user", "password"): _renew,
        ("user", "disable"): _change,
        ("user", "enable"): _change,
        ("user", "unlock"): _change,
        ("key", "add"): _issue,
        ("key", "list"): _keys,
        ("key", "revoke"): _revoke,
    }[options.command, options.action](options, settings)
    sys.stdout.write("".join(f"{line}\n" for line in said))
    return True


@contextmanager
def _writing(settings: Settings) -> Iterator[tuple[Session, datetime]]:
    with database_of(settings, "没有用户和密钥") as database, database.writing() as session:
        yield session, now()


def _given(options: argparse.Namespace) -> tuple[str, bool]:
    """The password, and whether we made it up."""
    if not options.password_file:
        return users.invented(), True
    try:
        if options.password_file == "-":
            text = sys.stdin.readline(_MOST)
        else:
            with Path(options.password_file).open(encoding="utf-8-sig") as file:
                text = file.readline(_MOST)
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError("--password-file 的文件读不出来，应当是一行 UTF-8 文字，请检查。") from error
    return text.rstrip("\r\n"), False


def _add(options: argparse.Namespace, settings: Settings) -> list[str]:
    password, made = ("", False) if options.machine else _given(options)
    if not options.machine:
        passwords.check(password, options.login, options.name)
    hash = passwords.hashed(password) if password else ""
    with _writing(settings) as (session, at):
        unit = _unit(session, options.unit, at)
        person = Person(options.login, options.name, unit.id, tuple(options.role), options.machine)
        user = users.add(session, BY, person, hash, at, must_change=made)
    return [f"已新增用户 {user.login}（{user.name}，{unit.name}）。", *_told(password, made)]


def _unit(session: Session, name: str, at: datetime) -> Unit:
    empty = session.scalar(select(Unit.id).limit(1)) is None
    return units.add(session, BY, name, "", at) if empty else units.named(session, name)


def _told(password: str, made: bool) -> list[str]:
    return [f"初始口令（只显示这一次，本人登录后要改）：{password}"] if made else []


def _list(options: argparse.Namespace, settings: Settings) -> list[str]:
    with _writing(settings) as (session, at):
        found = users.listed(session, limit=100_000)
        return ["登录名\t姓名\t机构\t角色\t状态", *("\t".join(_row(user, unit, at)) for user, unit in found)]


def _row(user: User, unit: Unit, at: datetime) -> list[str]:
    locked = entering.wait(user.locked_until, at) > 0
    state = "已停用" if user.disabled else "已锁定" if locked else "程序" if user.machine else "正常"
    return [user.login, user.name, unit.name, ",".join(map(str, user.roles)) or "-", state]


def _renew(options: argparse.Namespace, settings: Settings) -> list[str]:
    password, made = _given(options)
    with _writing(settings) as (session, _):
        user = _user(session, options.login)
    passwords.check(password, user.login, user.name)
    hash = passwords.hashed(password)
    with _writing(settings) as (session, at):
        users.give_password(session, BY, user.id, hash, at, must_change=made)
    return [f"已重设 {user.login} 的口令，登录全部退出。", *_told(password, made)]


def _change(options: argparse.Namespace, settings: Settings) -> list[str]:
    act, done = {
        "disable": (users.disable, "已停用"),
        "enable": (users.enable, "已启用"),
        "unlock": (users.unlock, "已解锁"),
    }[options.action]
    with _writing(settings) as (session, at):
        user = act(session, BY, _user(session, options.login).id, at)
    return [f"{done} {user.login}。"]


def _user(session: Session, login: str) -> User:
    user = entering.known_as(session, login)
    if user is None:
        raise NotFound("没有这个登录名的用户，请用 gongkai user list 查看。")
    return user


def _issue(options: argparse.Namespace, settings: Settings) -> list[str]:
    if not 1 <= options.days <= keys.LONGEST_DAYS:
        raise RequestError(f"--days 应当是 1 到 {keys.LONGEST_DAYS} 的整数，请改正。")
    with _writing(settings) as (session, at):
        user = _user(session, options.login)
        expires = at + timedelta(days=options.days)
        key, text = keys.issue(session, user, options.name, options.scope, at, expires)
        trail.append(session, BY, "key-issued", "key", key.id, at=at, user=user.id, scopes=key.scopes)
    return [f"密钥（只显示这一次，{expires.astimezone():%Y-%m-%d} 到期）：", text]


def _keys(options: argparse.Namespace, settings: Settings) -> list[str]:
    with _writing(settings) as (session, at):
        rows = [
            "\t".join(
                (
                    key.id,
                    key.name,
                    user.login,
                    ",".join(key.scopes),
                    f"{key.expires:%Y-%m-%d}" if key.expires else "-",
                    _state(key.revoked, key.expires, at),
                )
            )
            for key, user in keys.listed(session)
        ]
    return ["编号\t名称\t用户\t权限\t到期\t状态", *rows]


def _state(revoked: bool, expires: datetime | None, at: datetime) -> str:
    return "已撤销" if revoked else "已到期" if expires and expires <= at else "有效"


def _revoke(options: argparse.Namespace, settings: Settings) -> list[str]:
    with _writing(settings) as (session, at):
        key = keys.revoke(session, options.id.removeprefix("gk_").partition("_")[0])
        trail.append(session, BY, "key-revoked", "key", key.id, at=at)
    return [f"已撤销密钥“{key.name}”。"]
