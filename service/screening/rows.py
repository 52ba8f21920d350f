"""The tables of the store, and how a record stands in them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from gongkai.service.screening.records import Cited, Part, PartTold, Quote, Record, Role

TABLES = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS file (
  path TEXT PRIMARY KEY, size INTEGER NOT NULL, stamp INTEGER NOT NULL, run INTEGER NOT NULL, role TEXT NOT NULL,
  bundle TEXT NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL, slug TEXT NOT NULL, message TEXT NOT NULL,
  fields TEXT NOT NULL, told TEXT NOT NULL, means TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS file_record ON file (record);
CREATE INDEX IF NOT EXISTS file_bundle ON file (bundle);
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
#: What the outputs need of what a register says of a file; title and number are the record's, the rest is not kept.
KEPT = ("attribute", "unit")
#: What is known of a file and of the record that it belongs to.
STANDING = """
SELECT f.size, f.stamp, f.role, f.bundle, f.told, f.record, f.slug, f.means, f.run, r.engine, r.handling
FROM file f LEFT JOIN record r ON r.digest = f.record WHERE f.path = ?"""


def as_json(value: object) -> str:
    """A cell of the store; tuples of dataclasses as lists of objects."""
    if isinstance(value, tuple):
        value = [dataclasses.asdict(v) if dataclasses.is_dataclass(v) and not isinstance(v, type) else v for v in value]
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def told_of(part: Part) -> str:
    """What is said of a file, as a digest by which a change is seen; nothing where nothing is said."""
    said = as_json(part.fields).encode("utf-8", "surrogatepass")
    return hashlib.sha256(said).hexdigest()[:32] if part.fields else ""


def record_of(row: Sequence[object]) -> Record:
    """A record as it stands in the store."""
    names = [f.name for f in dataclasses.fields(Record)]
    given: dict[str, Any] = dict(zip(names, row, strict=False))
    for name in ("result", "quotes", "cited", "parts"):
        given[name] = json.loads(str(given[name]))
    given["quotes"] = tuple(Quote(**q) for q in given["quotes"])
    given["cited"] = tuple(Cited(**c) for c in given["cited"])
    given["parts"] = tuple(PartTold(**{**p, "role": Role(p["role"])}) for p in given["parts"])
    given["needs_review"] = bool(given["needs_review"])
    return Record(**given)
