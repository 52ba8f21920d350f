"""The command vault: what is kept sealed gets a new key, while the old one still opens it."""

from __future__ import annotations

import argparse
import sys

from gongkai.service.commands.opening import database_of
from gongkai.service.house import now
from gongkai.service.settings import Settings
from gongkai.service.store import resealing
from gongkai.service.store.keys import keys_of, renewed
from gongkai.service.store.resealing import Resealed
from gongkai.service.store.vault import Vault

_LACKING = "不保存加密内容"


def options(command: argparse.ArgumentParser) -> None:
    """What vault understands."""
    actions = command.add_subparsers(dest="action", required=True, metavar="操作")
    actions.add_parser("status", help="有多少加密内容，其中多少还是以前的密钥")
    actions.add_parser("renew", help="换一把新密钥（密钥在文件里时）；以前的留在旁边的 .old 文件里，随后重启服务")
    actions.add_parser("reseal", help="把加密内容全部换成现在的密钥；服务可以同时运行，中断后再运行会接着做")


def run(given: argparse.Namespace, settings: Settings) -> bool:
    """One of these; whether every sealed content could be opened. Raises GongkaiError."""
    if given.action == "renew":
        path = renewed(settings)
        print(f"已换成新密钥 {path}，以前的密钥在 {path}.old。请重启各个服务进程，再运行 gongkai vault reseal。")
        return True
    with database_of(settings, _LACKING) as database:
        key, *old = keys_of(settings)
        vault = Vault(key, old=tuple(old))
        if given.action == "status":
            found = resealing.looked(database, vault)
            print(f"加密内容 {found.all} 项：现在的密钥 {found.same} 项，以前的密钥 {found.changed} 项。")
        else:
            found = resealing.reseal(database, vault, now, _told)
            print(f"已换成现在的密钥 {found.changed} 项，原来就是的 {found.same} 项。")
            if not found.lost and old:
                print("以前的密钥不再需要：请从 GONGKAI_OLD_KEYS 和 .old 文件里去掉；旧备份要用它，请另行保存。")
    if found.lost:
        print(f"有 {found.lost} 项没有密钥能打开，保持原样：请把当时的密钥写进 GONGKAI_OLD_KEYS 后再运行一次。")
    return not found.lost


def _told(found: Resealed) -> None:
    print(f"  {found.all} 项", file=sys.stderr)
