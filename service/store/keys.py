"""The installation's key for the vault: from the environment, a file, or made at the first start."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path

from gongkai.model.errors import RequestError
from gongkai.service.errors import StoreError
from gongkai.service.settings import Settings

SIZE = 32
NAME = "vault.key"
_BAD = "{}应当是 32 字节密钥的 base64 或十六进制文字，例如 openssl rand -base64 32 的输出，请改正。"


def key_of(settings: Settings) -> bytes:
    """The key; with `settings.open` one that lasts as long as the process. Raises RequestError or StoreError."""
    if settings.open:
        return os.urandom(SIZE)
    if settings.key:
        return _decoded(settings.key, "环境变量 GONGKAI_KEY ")
    if settings.key_file:
        return _read(settings.key_file)
    made = settings.data / NAME
    return _read(made) if made.exists() else _made(made)


def _decoded(words: str, where: str) -> bytes:
    given = words.strip()
    try:
        key = bytes.fromhex(given) if len(given) == 2 * SIZE else base64.b64decode(given, validate=True)
    except (ValueError, binascii.Error) as error:
        raise RequestError(_BAD.format(where)) from error
    if len(key) != SIZE:
        raise RequestError(_BAD.format(where))
    return key


def _read(path: Path) -> bytes:
    try:
        words = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError("密钥文件读不出来，请检查 GONGKAI_KEY_FILE 和文件权限。") from error
    return _decoded(words, "密钥文件里")


def _made(path: Path) -> bytes:
    key = os.urandom(SIZE)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(base64.b64encode(key).decode() + "\n")
    except FileExistsError:  # another process of the same service was first
        return _read(path)
    except OSError as error:
        raise StoreError("密钥文件建不起来，请检查数据目录能不能写，或者设置 GONGKAI_KEY_FILE。") from error
    return key
