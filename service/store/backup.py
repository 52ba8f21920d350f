"""One file with all that a service holds, and its way back into an empty database of either kind."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import DataError, SQLAlchemyError
from sqlalchemy.orm import Session

from gongkai.model.errors import MissingDocument, OutputError, RequestError
from gongkai.model.screener import product_version
from gongkai.service.errors import Conflicting
from gongkai.service.store import dumping, trail, upgrading
from gongkai.service.store.database import Database
from gongkai.service.store.failures import told

MANIFEST = "manifest.json"
KIND = "gongkai-backup"
#: What a database may hold and still count as empty: a server that was only started sets these.
LOOSE = frozenset({"setting"})
#: What a backup leaves out: who was signed in then must not be signed in again.
LEFT_OUT = frozenset({"login", "once"})
#: What is taken from none, whoever wrote it: sessions would let their maker in.
NEVER = LEFT_OUT | {"alembic_version"}
#: What reading anybody's bytes, and putting anybody's values into a database, comes to.
_NOT_OURS = (
    zipfile.BadZipFile, zlib.error, SQLAlchemyError, LookupError, ValueError, TypeError, AttributeError, EOFError,
    ArithmeticError, RuntimeError,
)  # fmt: skip
_BAD = "这不是完整的备份文件，或者已经损坏，请换一份备份。"
_FULL = "数据库里已经有内容，没有恢复：请先换一个空的数据库（GONGKAI_DATABASE 或 GONGKAI_DATA）。"
_NEWER = "备份由更新版本的程序写出，当前程序不认识，请升级程序后再恢复。"
_BROKEN = "恢复后核对不符（{}），数据库没有改动，请换一份备份。"
_UNWRITTEN = "备份文件写不出来，请检查目录是否存在、能不能写、磁盘是否已满。"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `key` is the digest of the vault's key, which is never in it."""

    kind: str
    product: str
    version: str
    at: str
    key: str
    head: tuple[int, str]
    rows: dict[str, int]
    settings: dict[str, str]


def fingerprint(key: bytes) -> str:
    """What tells one vault's key from another's, and tells nothing of it."""
    return hashlib.sha256(b"gongkai vault key\0" + key).hexdigest()[:16]


def back_up(database: Database, to: Path, *, key: bytes, settings: dict[str, str], at: datetime) -> Manifest:
    """Write all rows as they are at one moment; the file is its owner's alone. Raises OutputError, StoreError."""
    if to.exists():
        raise OutputError("备份文件已经存在，没有覆盖，请换一个文件名。")
    with database.writing() as session:
        trail.append(session, trail.SYSTEM, "backup", "store", "", at=at)
    draft = to.with_name(f".{to.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            manifest = _written(database, file, fingerprint(key), settings, at)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, to)
    except OSError as error:
        raise OutputError(_UNWRITTEN) from error
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _written(database: Database, file: IO[bytes], key: str, settings: dict[str, str], at: datetime) -> Manifest:
    with database.snapshot() as connection, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as pack:
        found = dumping.tables(connection, upgrading.NAMES - LEFT_OUT)
        rows = {table.name: _packed(pack, connection, table) for table in found}
        with Session(connection) as session:
            head = trail.head(session)
        version = upgrading.found(connection).current
        manifest = Manifest(KIND, product_version(), version, at.isoformat(), key, head, rows, settings)
        pack.writestr(MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=1))
    return manifest


def _packed(pack: zipfile.ZipFile, connection: Connection, table: Table) -> int:
    count = 0
    with pack.open(f"{table.name}.jsonl", "w", force_zip64=True) as member:
        for line in dumping.lines(connection, table):
            member.write(line)
            count += 1
    return count


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself. Raises MissingDocument, RequestError."""
    with _opened(path) as pack:
        return _manifest(pack)


def restore(database: Database, path: Path, *, at: datetime) -> Manifest:
    """Fill an empty database, all of it or nothing, and check counts and chain.

    Raises RequestError for what is no backup or of a newer version, Conflicting for a database with content.
    """
    with _opened(path) as pack, told(), database.engine.execution_options(writing=True).begin() as connection:
        manifest = _manifest(pack)
        _emptied(connection)
        upgrading.upgrade_within(connection, manifest.version)
        for table in dumping.tables(connection, manifest.rows):
            with pack.open(f"{table.name}.jsonl") as member:
                found = _filled(connection, table, member)
            if found != manifest.rows[table.name]:
                raise RequestError(_BROKEN.format("条数"))
        upgrading.upgrade_within(connection)
        _checked(connection, manifest)
    with database.writing() as session:
        trail.append(session, trail.SYSTEM, "restore", "store", "", at=at, taken=manifest.at, head=manifest.head[0])
    return manifest


def _filled(connection: Connection, table: Table, member: IO[bytes]) -> int:
    try:
        return dumping.fill(connection, table, member)
    except DataError as error:  # the fault of the values, not of the database
        raise RequestError(_BAD) from error


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as pack:
            yield pack
    except OSError as error:
        raise MissingDocument("备份文件不存在或者读不出来，请检查文件名和权限。") from error
    except _NOT_OURS as error:
        raise RequestError(_BAD) from error


def _manifest(pack: zipfile.ZipFile) -> Manifest:
    given: dict[str, Any] = json.loads(pack.read(MANIFEST))
    seq, last = given.pop("head")
    manifest = Manifest(head=(int(seq), str(last)), **given)
    if manifest.kind != KIND or NEVER & {*manifest.rows}:
        raise RequestError(_BAD)
    if not upgrading.known(manifest.version):
        raise RequestError(_NEWER)
    return manifest


def _emptied(connection: Connection) -> None:
    """Leave no table, where none has content: those of the backup's own version come in their place."""
    upgrading.found(connection)
    found = dumping.tables(connection, upgrading.NAMES)
    if any(table.name not in LOOSE and dumping.counted(connection, table) for table in found):
        raise Conflicting(_FULL)
    upgrading.remove_all(connection)


def _checked(connection: Connection, manifest: Manifest) -> None:
    with Session(connection) as session:
        if trail.head(session) != manifest.head:
            raise RequestError(_BROKEN.format("留痕的末条"))
        broken = next(trail.verified(session), None)
    if broken:
        raise RequestError(_BROKEN.format(broken.why.rstrip("。")))
