"""The store of a backlog: one SQLite file, written by one process, whole after every commit. It never holds a text."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gongkai.model.errors import OutputError
from gongkai.service.screening.records import (
    Cited,
    Decision,
    Failure,
    Part,
    PartTold,
    Pile,
    Place,
    Quote,
    Record,
    Role,
)

NAME = "backlog.sqlite"
SCHEMA = 1
_TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
  path TEXT PRIMARY KEY, size INTEGER NOT NULL, stamp INTEGER NOT NULL, run INTEGER NOT NULL, role TEXT NOT NULL,
  bundle TEXT NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL, slug TEXT NOT NULL, message TEXT NOT NULL,
  fields TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_record ON file (record);
CREATE TABLE IF NOT EXISTS record (
  digest TEXT PRIMARY KEY, title TEXT NOT NULL, number TEXT NOT NULL, issuer TEXT NOT NULL, issued TEXT NOT NULL,
  genre TEXT NOT NULL, attribute TEXT NOT NULL, confidence REAL NOT NULL, handling TEXT NOT NULL,
  needs_review INTEGER NOT NULL, result TEXT NOT NULL, quotes TEXT NOT NULL, cited TEXT NOT NULL, parts TEXT NOT NULL,
  signature BLOB NOT NULL, mould BLOB NOT NULL, characters INTEGER NOT NULL, engine TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS record_number ON record (number);
CREATE TABLE IF NOT EXISTS place (
  digest TEXT PRIMARY KEY, pile TEXT NOT NULL, rank INTEGER NOT NULL, risk REAL NOT NULL, "group" TEXT NOT NULL,
  series TEXT NOT NULL, exception INTEGER NOT NULL, follows TEXT NOT NULL, published TEXT NOT NULL,
  remarks TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS place_rank ON place (pile, rank);
CREATE TABLE IF NOT EXISTS decision (
  id INTEGER PRIMARY KEY AUTOINCREMENT, digest TEXT NOT NULL, attribute TEXT NOT NULL, by TEXT NOT NULL,
  at TEXT NOT NULL, reason TEXT NOT NULL, category TEXT NOT NULL, note TEXT NOT NULL, source TEXT NOT NULL,
  sample TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS decision_digest ON decision (digest);
CREATE TABLE IF NOT EXISTS sample (
  name TEXT NOT NULL, digest TEXT NOT NULL, pile TEXT NOT NULL, PRIMARY KEY (name, digest)) WITHOUT ROWID;
"""
_LOST = "筛查结果写不进 {}，请确认目录存在、可写并且磁盘没有满；已完成的部分都在，改正后用同一条命令继续。"
_OTHER = "{} 不是本程序的筛查结果，或者由别的版本写成，请换一个输出目录。"


@dataclasses.dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the backlog as it stands in the store; `record` is the digest of its record, or nothing."""

    path: str
    role: Role
    bundle: str
    digest: str
    record: str
    failure: Failure | None
    fields: dict[str, str]


class Store:
    """The records of one backlog. Raises OutputError when it can't be written or read."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        with self._told():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
            self._open = sqlite3.connect(self.path, isolation_level=None)
            self._open.execute("PRAGMA journal_mode=WAL")
            self._open.execute("PRAGMA synchronous=FULL")
        self._check()

    def _check(self) -> None:
        try:
            self._open.executescript(_TABLES)
            self._open.execute("INSERT OR IGNORE INTO meta VALUES ('schema', ?)", (str(SCHEMA),))
            known = self.meta("schema")
        except sqlite3.DatabaseError as error:
            raise OutputError(_OTHER.format(self.path.name)) from error
        if known != str(SCHEMA):
            raise OutputError(_OTHER.format(self.path.name))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise OutputError(_LOST.format(self.path.parent.name)) from error

    def close(self) -> None:
        """Give the file back."""
        self._open.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Everything inside is kept together or not at all."""
        with self._told():
            self._open.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._open.execute("ROLLBACK")
                raise
            self._open.execute("COMMIT")

    def meta(self, key: str) -> str:
        """What is noted under a key, or nothing."""
        with self._told():
            row = self._open.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else ""

    def note(self, key: str, value: str) -> None:
        """Note something about the backlog."""
        with self._told():
            self._open.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def unchanged(self, part: Part) -> bool:
        """Whether a file was read already as it is now (size and time), with a record or a failure."""
        with self._told():
            row = self._open.execute("SELECT size, stamp FROM file WHERE path = ?", (part.locator.shown,)).fetchone()
        return row is not None and tuple(row) == (part.size, part.stamp)

    def engine_of(self, digest: str) -> str | None:
        """The engine (JSON) that judged a record; None for one that is not there."""
        with self._told():
            row = self._open.execute("SELECT engine FROM record WHERE digest = ?", (digest,)).fetchone()
        return row[0] if row else None

    def put_file(
        self, part: Part, run: int, bundle: str, digest: str = "", record: str = "", failure: Failure | None = None
    ) -> None:
        """Note one file with its record or its failure."""
        slug, message = (failure.slug, failure.message) if failure else ("", "")
        row = (part.locator.shown, part.size, part.stamp, run, part.role.value, bundle, digest, record, slug, message)
        with self._told():
            self._open.execute("INSERT OR REPLACE INTO file VALUES (?,?,?,?,?,?,?,?,?,?,?)", (*row, _json(part.fields)))

    def seen(self, path: str, run: int) -> None:
        """Note that a file that was not read again is still there."""
        with self._told():
            self._open.execute("UPDATE file SET run = ? WHERE path = ?", (run, path))

    def put_record(self, record: Record) -> None:
        """Keep one record; one with the same digest is replaced."""
        row = [getattr(record, f.name) for f in dataclasses.fields(record)]
        names = [f.name for f in dataclasses.fields(record)]
        for name in ("result", "quotes", "cited", "parts"):
            place = names.index(name)
            row[place] = _json(row[place])
        marks = ",".join("?" * (len(row) + 1))
        with self._told():
            self._open.execute(f"INSERT OR REPLACE INTO record VALUES ({marks})", (*row, _json(record.engine)))

    def record(self, digest: str) -> Record | None:
        """One record."""
        with self._told():
            row = self._open.execute("SELECT * FROM record WHERE digest = ?", (digest,)).fetchone()
        return _record(row) if row else None

    def records(self, run: int = 0) -> Iterator[Record]:
        """Records with at least one file (of a run, or later), in the order of their digests."""
        query = "SELECT * FROM record WHERE digest IN (SELECT record FROM file WHERE run >= ?) ORDER BY digest"
        with self._told():
            for row in self._open.execute(query, (run,)):
                yield _record(row)

    def files(self, record: str | None = None, run: int = 0) -> Iterator[FileRow]:
        """Files in the order of their paths; of one record where it is given (nothing: those without a record)."""
        where, values = (
            ("WHERE run >= ?", [run]) if record is None else ("WHERE run >= ? AND record = ?", [run, record])
        )
        columns = "path, role, bundle, digest, record, slug, message, fields"
        with self._told():
            for path, role, bundle, digest, owner, slug, message, fields in self._open.execute(
                f"SELECT {columns} FROM file {where} ORDER BY path", values
            ):
                failure = Failure(slug, message) if slug else None
                yield FileRow(path, Role(role), bundle, digest, owner, failure, json.loads(fields))

    def replace_places(self, places: Iterable[Place]) -> None:
        """Put all places anew."""
        with self.batch():
            self._open.execute("DELETE FROM place")
            for place in places:
                row = [getattr(place, f.name) for f in dataclasses.fields(place)]
                row[-1] = _json(place.remarks)
                self._open.execute("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?)", row)

    def places(self) -> Iterator[Place]:
        """All places: piles in the order stop, decide, confirm; by rank within."""
        order = "CASE pile WHEN 'stop' THEN 0 WHEN 'decide' THEN 1 ELSE 2 END, rank"
        with self._told():
            for row in self._open.execute(f"SELECT * FROM place ORDER BY {order}"):
                digest, pile, rank, risk, group, series, exception, follows, published, remarks = row
                yield Place(
                    digest, Pile(pile), rank, risk, group, series, bool(exception), follows, published,
                    tuple(json.loads(remarks)),
                )  # fmt: skip

    def add_decisions(self, decisions: Iterable[Decision]) -> int:
        """Append decisions, but those that stand there word for word; how many were new."""
        names = [f.name for f in dataclasses.fields(Decision)]
        same = " AND ".join(f"{name} = ?" for name in names if name != "at")
        new = 0
        with self.batch():
            for decision in decisions:
                row = [getattr(decision, name) for name in names]
                known = [value for name, value in zip(names, row, strict=True) if name != "at"]
                if self._open.execute(f"SELECT 1 FROM decision WHERE {same}", known).fetchone():
                    continue
                self._open.execute(f"INSERT INTO decision ({', '.join(names)}) VALUES (?,?,?,?,?,?,?,?,?)", row)
                new += 1
        return new

    def decisions(self, digest: str | None = None) -> Iterator[Decision]:
        """Decisions in the order in which they were made."""
        where, values = ("", []) if digest is None else ("WHERE digest = ?", [digest])
        names = ", ".join(f.name for f in dataclasses.fields(Decision))
        with self._told():
            for row in self._open.execute(f"SELECT {names} FROM decision {where} ORDER BY id", values):
                yield Decision(*row)

    def put_sample(self, name: str, drawn: Sequence[tuple[str, Pile]]) -> None:
        """Keep an audit sample: digests with the pile that each was drawn from."""
        with self.batch():
            for digest, pile in drawn:
                self._open.execute("INSERT OR REPLACE INTO sample VALUES (?,?,?)", (name, digest, pile.value))

    def samples(self, name: str) -> list[tuple[str, Pile]]:
        """The records of an audit sample."""
        with self._told():
            rows = self._open.execute("SELECT digest, pile FROM sample WHERE name = ? ORDER BY digest", (name,))
            return [(digest, Pile(pile)) for digest, pile in rows]


def _json(value: object) -> str:
    if isinstance(value, tuple):
        value = [dataclasses.asdict(v) if dataclasses.is_dataclass(v) and not isinstance(v, type) else v for v in value]
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _record(row: Sequence[object]) -> Record:
    names = [f.name for f in dataclasses.fields(Record)]
    given: dict[str, Any] = dict(zip(names, row, strict=False))
    for name in ("result", "quotes", "cited", "parts"):
        given[name] = json.loads(str(given[name]))
    given["quotes"] = tuple(Quote(**q) for q in given["quotes"])
    given["cited"] = tuple(Cited(**c) for c in given["cited"])
    given["parts"] = tuple(PartTold(**{**p, "role": Role(p["role"])}) for p in given["parts"])
    given["needs_review"] = bool(given["needs_review"])
    return Record(**given)
