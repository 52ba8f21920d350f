"""What a screening made of a generated archive, against its manifest; and two results, row by row."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archiving.matters import RECORD
from archiving.placing import told

#: Columns that tell when something was done, not what came of it.
_PASSING = {"file": ("run",), "record": (), "place": ()}
_STORE = "backlog.sqlite"


@dataclass
class Checked:
    """Files by kind, those with the expected outcome, and the others; bundles that were meant and found."""

    files: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[str, str]] = field(default_factory=list)
    bundles: int = 0
    together: int = 0


def checked(archive: Path, result: Path) -> Checked:
    """Compare an archive's manifest with the store that a run left."""
    found, rows = Checked(), {path: rest for path, *rest in _files(result)}
    bundles: dict[str, set[str]] = defaultdict(set)
    for row in told(archive):
        path = str(archive.absolute() / str(row["path"]))
        kind, outcome = str(row["kind"]), _outcome(rows.get(path))
        found.files[kind] += 1
        if outcome in list(row["expect"]):  # type: ignore[call-overload]
            found.right[kind] += 1
        else:
            found.wrong.append((str(row["path"]), outcome))
        if row["bundle"]:
            bundles[str(row["bundle"])].add(rows[path][0] if path in rows else "")
    found.bundles, found.together = len(bundles), sum(len(mains) == 1 for mains in bundles.values())
    return found


def _outcome(row: list[str] | None) -> str:
    if row is None:
        return "left-out"
    _, record, slug = row
    return slug or (RECORD if record else "nothing")


def _files(result: Path) -> Iterator[tuple[str, str, str, str]]:
    with sqlite3.connect(result / _STORE) as store:
        yield from store.execute("SELECT path, bundle, record, slug FROM file")
    store.close()


def differences(one: Path, other: Path) -> dict[str, int]:
    """How many rows of each table stand in one result only; runs and times of writing aside."""
    return {table: _differing(one / _STORE, other / _STORE, table) for table in ("file", "record", "place")}


def _differing(one: Path, other: Path, table: str) -> int:
    store = sqlite3.connect(f"file:{one}?mode=ro", uri=True)
    try:
        store.execute("ATTACH ? AS other", (f"file:{other}?mode=ro",))
        passing = _PASSING[table]
        columns = [name for _, name, *_ in store.execute(f"PRAGMA main.table_info({table})") if name not in passing]
        names = ", ".join(f'"{name}"' for name in columns)
        sides = [f"SELECT {names} FROM {side}.{table}" for side in ("main", "other")]
        query = "SELECT count(*) FROM ({} EXCEPT {})"
        return sum(store.execute(query.format(*pair)).fetchone()[0] for pair in (sides, sides[::-1]))
    finally:
        store.close()
