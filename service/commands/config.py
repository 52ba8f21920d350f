"""`gongkai config`: every setting, its value now, where it came from and what it is for."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path

from gongkai.service.settings import Settings, explained, unknown

_LEAST_MEMORY = 600 * 2**20


def options(command: argparse.ArgumentParser) -> None:
    """The command's options."""
    command.add_argument("--json", action="store_true", help="按 JSON 输出")


def run(options: argparse.Namespace, settings: Settings) -> bool:
    """Show the settings; whether nothing is wrong with them."""
    rows, wrong = list(explained(settings, os.environ)), list(troubles(settings))
    if options.json:
        print(
            json.dumps({"settings": [row._asdict() for row in rows], "problems": wrong}, ensure_ascii=False, indent=1)
        )
        return not wrong
    for row in rows:
        print(f"{row.name}={row.value or '（空）'}  [{'环境变量' if row.given else '默认'}] {row.says}")
    for line in wrong:
        print(f"问题：{line}")
    return not wrong


def troubles(settings: Settings) -> Iterator[str]:
    """What would not work with these settings, each a sentence."""
    yield from (f"没有名为 {name} 的设置，请检查拼写。" for name in unknown(os.environ))
    wanted = {
        "GONGKAI_TABLES": settings.tables, "GONGKAI_MODEL": settings.model, "GONGKAI_KEY_FILE": settings.key_file,
        "GONGKAI_TLS_CERTIFICATE": settings.tls_certificate, "GONGKAI_TLS_KEY": settings.tls_key,
        "GONGKAI_OFFICE_JS": settings.office_js, "GONGKAI_BACKLOGS": settings.backlogs,
        "GONGKAI_PUBLISHED": settings.published,
    }  # fmt: skip
    yield from (f"{name} 指的路径不存在或无权读取。" for name, path in wanted.items() if path and not _readable(path))
    if bool(settings.tls_certificate) != bool(settings.tls_key):
        yield "GONGKAI_TLS_CERTIFICATE 和 GONGKAI_TLS_KEY 要一起设置。"
    if settings.oidc_issuer and not settings.oidc_client:
        yield "设置了 GONGKAI_OIDC_ISSUER，还要设置 GONGKAI_OIDC_CLIENT。"
    if settings.workers and settings.task_memory < _LEAST_MEMORY:
        yield f"GONGKAI_TASK_MEMORY 不够载入模型，至少 {_LEAST_MEMORY} 字节。"


def _readable(path: Path) -> bool:
    return os.access(path, os.R_OK)
