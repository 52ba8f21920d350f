"""`gongkai precedents add LIST --by LOGIN`: bring in decisions that were made elsewhere."""

from __future__ import annotations

import argparse
from pathlib import Path

from sqlalchemy import select

from gongkai.model.errors import RequestError
from gongkai.service.access.roles import actor
from gongkai.service.house import opened
from gongkai.service.precedents.bringing import bring
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Unit, User

MOST_SHOWN = 20


def options(command: argparse.ArgumentParser) -> None:
    """The command's options."""
    command.add_argument("action", choices=("add",), metavar="add", help="导入先例清单")
    command.add_argument("list", type=Path, metavar="清单", help="CSV、XLSX 或 JSONL，列有标题、文号、公开属性、理由")
    command.add_argument("--by", required=True, metavar="登录名", help="以谁的名义导入；归入这个人的机构")


def run(options: argparse.Namespace, settings: Settings) -> bool:
    """Import a list; whether every row could be used. Raises RequestError for an unknown login."""
    house = opened(settings)
    try:
        with house.database.reading() as session:
            user = session.scalar(select(User).where(User.login == options.by, ~User.disabled))
            unit = session.get(Unit, user.unit) if user else None
            if user is None or unit is None:
                raise RequestError("没有这个登录名，或者已停用；用 gongkai user list 查看。")
            acting = actor(user, unit)
        brought = bring(house, acting, options.list)
    finally:
        house.close()
    print(f"导入先例 {brought.new} 件，已有 {brought.known} 件，没有收下 {len(brought.refused)} 件。")
    for place, why in brought.refused[:MOST_SHOWN]:
        print(f"第 {place} 件：{why}")
    return not brought.refused
