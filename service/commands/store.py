"""The commands audit, backup, restore and database: on the database itself, with or without a running server."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.settings import Settings, explained
from gongkai.service.store import backup, trail, upgrading
from gongkai.service.store.connecting import address, engine_for
from gongkai.service.store.database import Database
from gongkai.service.store.failures import told
from gongkai.service.store.keys import key_of, keys_of
from gongkai.service.store.tables import Trail

MOST_SHOWN = 20
_NONE = "还没有数据库：先运行 gongkai serve 或 gongkai database upgrade，或者检查 GONGKAI_DATA 和 GONGKAI_DATABASE。"
_OTHER_KEY = "注意：现在的密钥不是备份时的密钥，加密保存的正文打不开；请把原来的密钥放回 GONGKAI_KEY_FILE 或数据目录。"


def audit_options(command: argparse.ArgumentParser) -> None:
    """What audit understands."""
    command.add_argument("action", choices=("verify",), metavar="verify", help="核验留痕的每一条和每一个决定")
    command.add_argument(
        "--expect", type=_mark, metavar="序号:校验值", help="以前核验时记下的末条；不符说明后来被整体改写或截短"
    )


def backup_options(command: argparse.ArgumentParser) -> None:
    """What backup understands."""
    command.add_argument("file", type=Path, metavar="文件", help="写到哪里；含口令摘要和加密正文，不含密钥，请妥善保管")


def restore_options(command: argparse.ArgumentParser) -> None:
    """What restore understands."""
    command.add_argument("file", type=Path, metavar="文件", help="gongkai backup 写出的文件；只恢复到空的数据库")


def database_options(command: argparse.ArgumentParser) -> None:
    """What database understands."""
    command.add_argument("action", choices=("status", "upgrade"), metavar="status|upgrade", help="查看，或者升级表结构")


def _mark(text: str) -> tuple[int, str]:
    if not re.fullmatch(r"[0-9]{1,18}:[0-9a-f]{64}", text):
        raise argparse.ArgumentTypeError("应当是 gongkai audit verify 显示的“序号:校验值”")
    number, _, hash = text.partition(":")
    return int(number), hash


def audit(options: argparse.Namespace, settings: Settings) -> bool:
    """Verify the trail; whether it is whole. Raises RequestError, StoreError."""
    count = 0
    with _existing(settings) as database, database.reading() as session:
        for count, why in enumerate(_wrong(session, options.expect), 1):
            if count <= MOST_SHOWN:
                print(why)
        seq, hash = trail.head(session)
    if count:
        print(f"留痕不完整：共 {count} 处。请保护现场，停止服务，并报告负责人。")
        return False
    print(f"留痕完整：共 {seq} 条。末条 {seq}:{hash}，请记在别处，下次核验时用 --expect 对照。")
    return True


def _wrong(session: Session, mark: tuple[int, str] | None) -> Iterator[str]:
    if mark and mark[0] and session.scalar(select(Trail.hash).where(Trail.seq == mark[0])) != mark[1]:
        yield f"第 {mark[0]} 号留痕与记下的校验值不符，或者不见了：到这一条为止的内容被改写过。"
    yield from (broken.why for broken in trail.verified(session))


def back_up(options: argparse.Namespace, settings: Settings) -> bool:
    """Write a backup. Raises RequestError, OutputError, StoreError."""
    given = {one.name: one.value for one in explained(settings, os.environ) if one.given}
    with _existing(settings) as database:
        made = backup.back_up(database, options.file, key=key_of(settings), settings=given, at=datetime.now(UTC))
    print(f"已备份 {sum(made.rows.values())} 行到 {options.file}。密钥不在其中，请另行保存。")
    return True


def restore(options: argparse.Namespace, settings: Settings) -> bool:
    """Fill an empty database from a backup. Raises MissingDocument, RequestError, Conflicting, StoreError."""
    keys = keys_of(settings)
    backup.read_manifest(options.file)
    database = Database(engine_for(address(settings)))
    try:
        made = backup.restore(database, options.file, at=datetime.now(UTC))
    finally:
        database.close()
    print(f"已恢复 {sum(made.rows.values())} 行（备份于 {made.at[:19]}），留痕核验完整。")
    if made.key not in map(backup.fingerprint, keys):
        print(_OTHER_KEY)
    return True


def database(options: argparse.Namespace, settings: Settings) -> bool:
    """Tell how far the tables are, or bring them up to date. Raises StoreError."""
    if options.action == "upgrade":
        Database.open(address(settings)).close()
    with _existing(settings, upgraded=False) as found, told():
        state = upgrading.state(found.engine)
    if state.current == state.newest:
        print(f"表结构是最新的（版本 {state.newest}）。")
        return True
    print(f"表结构是版本 {state.current or '（空）'}，需要 {state.newest}：运行 gongkai database upgrade，先备份。")
    return False


@contextmanager
def _existing(settings: Settings, *, upgraded: bool = True) -> Iterator[Database]:
    url = make_url(address(settings))
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        raise RequestError(_NONE)
    found = Database.open(address(settings)) if upgraded else Database(engine_for(address(settings)))
    try:
        yield found
    finally:
        found.close()
