"""The store of a backlog: one SQLite file, written by one process, whole after every commit. It never holds a text."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gongkai.model.errors import OutputError
from gongkai.model.finding import Handling
from gongkai.service.screening.records import Bundle, Decision, Failure, Part, Pile, Place, Record, Role
from gongkai.service.screening.rows import KEPT, STANDING, TABLES, as_json, record_of, told_of

NAME = "backlog.sqlite"
SCHEMA = 2
#: Errors that are tried again in every run: the file may be back.
_PASSING = ("missing",)
_LOST = "筛查结果写不进 {}，请确认目录存在、可写并且磁盘没有满；已完成的部分都在，改正后用同一条命令继续。"
#: What is forgotten is overwritten; a file that somebody else made runs nothing.
_SETTINGS = ("trusted_schema=OFF", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
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
            self._open = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        try:
            self._prepare()
        except BaseException:
            self._open.close()
            raise

    def _prepare(self) -> None:
        with self._told():
            try:
                names = {name for (name,) in self._open.execute("SELECT name FROM sqlite_master")}
                if names and "meta" not in names:  # another program's
                    raise OutputError(_OTHER.format(self.path.name))
                for setting in _SETTINGS:
                    self._open.execute(f"PRAGMA {setting}")
                if not names:
                    noted = f"INSERT OR IGNORE INTO meta VALUES ('schema', '{SCHEMA}');"
                    self._open.executescript(f"BEGIN;{TABLES}{noted}COMMIT;")
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError as error:
                raise OutputError(_OTHER.format(self.path.name)) from error
        if self.meta("schema") != str(SCHEMA):
            raise OutputError(_OTHER.format(self.path.name))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as error:
            raise OutputError(_LOST.format(self.path.parent.name)) from error

    @contextmanager
    def _read(self) -> Iterator[None]:
        """The same for cells that hold more than a word: somebody else may have written them."""
        with self._told():
            try:
                yield
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise OutputError(_OTHER.format(self.path.name)) from error

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
                if self._open.in_transaction:  # SQLite has rolled back by itself when the disk is full
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

    @property
    def run(self) -> int:
        """The last run that came to its end; 0 before the first."""
        return int(self.meta("run") or 0)

    def begin(self, anew: bool = False) -> int:
        """The number of a new run; `anew` forgets what was screened, never what people decided."""
        run = int(self.meta("begun") or 0) + 1
        with self.batch():
            self.note("begun", str(run))
            for table in ("file", "record", "place") if anew else ():
                self._open.execute(f"DELETE FROM {table}")
        return run

    def unchanged(self, bundle: Bundle, engine: str, means: str) -> bool:
        """Whether a bundle was screened by this engine, its files as they are now.

        A file that failed has to have failed by the same `means` (limits and what else reading depends on).
        """
        return all(self._stands(part, bundle, engine, means) for part in bundle.parts)

    def _stands(self, part: Part, bundle: Bundle, engine: str, means: str) -> bool:
        with self._told():
            row = self._open.execute(STANDING, (part.locator.shown,)).fetchone()
        if row is None:
            return False
        *known, told, record, slug, by, run, judged, handling = row
        name = bundle.main.locator.shown
        same = known == [part.size, part.stamp, part.role.value, name] and self._members(name, run) == len(bundle.parts)
        same = same and (told == told_of(part) or handling == Handling.stop_classified)
        return same and (judged == engine if record else by == means and slug not in _PASSING)

    def _members(self, bundle: str, run: int) -> int:
        query = "SELECT count(*) FROM file WHERE bundle = ? AND run = ?"
        with self._told():
            return int(self._open.execute(query, (bundle, run)).fetchone()[0])

    def reusable(self, digest: str, engine: str) -> bool:
        """Whether the same bytes were judged by this engine, and every part of them was read."""
        with self._read():
            row = self._open.execute("SELECT engine, parts FROM record WHERE digest = ?", (digest,)).fetchone()
            return row is not None and row[0] == engine and all(part["attribute"] for part in json.loads(row[1]))

    def put_file(
        self,
        part: Part,
        run: int,
        bundle: str,
        digest: str = "",
        record: str = "",
        failure: Failure | None = None,
        means: str = "",
        told: str | None = None,
    ) -> None:
        """Note one file with its record or its failure; `told` where a register said more of it than may be kept."""
        slug, message = (failure.slug, failure.message) if failure else ("", "")
        fields = {key: part.fields[key] for key in KEPT if record and key in part.fields}
        known = (part.locator.shown, part.size, part.stamp, run, part.role.value, bundle, digest, record, slug, message)
        row = (*known, as_json(fields), told_of(part) if told is None else told, means)
        with self._told():
            self._open.execute(f"INSERT OR REPLACE INTO file VALUES ({','.join('?' * len(row))})", row)

    def seen(self, bundle: Bundle, run: int) -> None:
        """Note that files that were not read again are still there."""
        with self._told():
            for part in bundle.parts:
                self._open.execute("UPDATE file SET run = ? WHERE path = ?", (run, part.locator.shown))

    def put_record(self, record: Record) -> None:
        """Keep one record; one with the same digest is replaced."""
        row = [getattr(record, f.name) for f in dataclasses.fields(record)]
        names = [f.name for f in dataclasses.fields(record)]
        for name in ("result", "quotes", "cited", "parts"):
            place = names.index(name)
            row[place] = as_json(row[place])
        marks = ",".join("?" * (len(row) + 1))
        with self._told():
            self._open.execute(f"INSERT OR REPLACE INTO record VALUES ({marks})", (*row, as_json(record.engine)))

    def record(self, digest: str) -> Record | None:
        """One record."""
        with self._read():
            row = self._open.execute("SELECT * FROM record WHERE digest = ?", (digest,)).fetchone()
            return record_of(row) if row else None

    def records(self, run: int | None = None) -> Iterator[Record]:
        """Records with a file that was there in the last whole run (or `run`, or later), in the order of digests."""
        query = "SELECT * FROM record WHERE digest IN (SELECT record FROM file WHERE run >= ?) ORDER BY digest"
        with self._read():
            for row in self._open.execute(query, (self.run if run is None else run,)):
                yield record_of(row)

    def files(self, record: str | None = None, run: int | None = None) -> Iterator[FileRow]:
        """Files that were there in the last whole run (or `run`, or later), in the order of their paths.

        Of one record where it is given (nothing: those without a record).
        """
        run = self.run if run is None else run
        where, values = (
            ("WHERE run >= ?", [run]) if record is None else ("WHERE run >= ? AND record = ?", [run, record])
        )
        columns = "path, role, bundle, digest, record, slug, message, fields"
        with self._read():
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
                row[-1] = as_json(place.remarks)
                self._open.execute("INSERT INTO place VALUES (?,?,?,?,?,?,?,?,?,?)", row)

    def places(self) -> Iterator[Place]:
        """All places: piles in the order stop, decide, confirm; by rank within."""
        order = "CASE pile WHEN 'stop' THEN 0 WHEN 'decide' THEN 1 ELSE 2 END, rank"
        with self._read():
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
        with self._read():
            for row in self._open.execute(f"SELECT {names} FROM decision {where} ORDER BY id", values):
                yield Decision(*row)

    def put_sample(self, name: str, drawn: Sequence[tuple[str, Pile]]) -> None:
        """Keep an audit sample: digests with the pile that each was drawn from."""
        with self.batch():
            for digest, pile in drawn:
                self._open.execute("INSERT OR REPLACE INTO sample VALUES (?,?,?)", (name, digest, pile.value))

    def samples(self, name: str) -> list[tuple[str, Pile]]:
        """The records of an audit sample."""
        with self._read():
            rows = self._open.execute("SELECT digest, pile FROM sample WHERE name = ? ORDER BY digest", (name,))
            return [(digest, Pile(pile)) for digest, pile in rows]
