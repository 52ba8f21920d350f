"""The installation's key for the vault: from the environment, a file, or made at the first start; former ones beside
it, for as long as something is sealed with them."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path

from gongkai.model.errors import OutputError, RequestError
from gongkai.service.errors import StoreError
from gongkai.service.output import write_private_bytes
from gongkai.service.settings import Settings

SIZE = 32
NAME = "vault.key"
#: Former keys stand beside the file of the key of now, one a line.
OLD = ".old"
_BY_HAND = (
    "密钥在环境变量 GONGKAI_KEY 里：请把原来的写进 GONGKAI_OLD_KEYS，GONGKAI_KEY 换成 openssl rand -base64 32 的输出，"
    "重启服务，再运行 gongkai vault reseal。"
)
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


def keys_of(settings: Settings) -> tuple[bytes, ...]:
    """The key of now, then former ones: from GONGKAI_OLD_KEYS and the file beside the key's. Raises the same."""
    named = [
        _decoded(words, "环境变量 GONGKAI_OLD_KEYS 的每一项") for words in settings.old_keys.split(",") if words.strip()
    ]
    beside = _beside(settings)
    stored = _lines(beside) if beside and beside.exists() else []
    return tuple(dict.fromkeys((key_of(settings), *named, *stored)))


def renewed(settings: Settings) -> Path:
    """Make a new key in the key's file, and keep the former beside it; the file. Raises RequestError, StoreError."""
    beside = _beside(settings)
    if beside is None:
        raise RequestError(_BY_HAND)
    path, former = beside.with_name(beside.name.removesuffix(OLD)), key_of(settings)
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "w") as file:
            file.write(base64.b64encode(former).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        write_private_bytes(path, base64.b64encode(os.urandom(SIZE)) + b"\n")
    except (OSError, OutputError) as error:
        raise StoreError("新密钥写不进密钥文件，仍用原来的，请检查目录和权限。") from error
    return path


def _beside(settings: Settings) -> Path | None:
    """Where former keys stand; nowhere when the key is in the environment."""
    if settings.open or settings.key:
        return None
    path = settings.key_file or settings.data / NAME
    return path.with_name(path.name + OLD)


def _lines(path: Path) -> list[bytes]:
    try:
        words = path.read_text("ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError("以前的密钥的文件读不出来，请检查密钥文件旁边的 .old 文件和权限。") from error
    return [_decoded(word, "以前的密钥的文件里每一行") for word in words]


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
