"""Everything that people and other systems get of a backlog, written in one pass over its store."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from lxml.etree import LxmlError

from gongkai.model.errors import OutputError
from gongkai.model.rulebook import Rulebook
from gongkai.service.output import write_private
from gongkai.service.screening.decisions.conflicts import by_record, standing
from gongkai.service.screening.decisions.trust import KEY as ESTIMATE
from gongkai.service.screening.records import Pile
from gongkai.service.screening.results import exports, overview, worklist
from gongkai.service.screening.results.drafts import draft, swept
from gongkai.service.screening.results.entries import entries
from gongkai.service.screening.results.publishing import Publishing
from gongkai.service.screening.results.totals import Totals
from gongkai.service.screening.results.workbook import Worklist
from gongkai.service.screening.store import Store
from gongkai.service.wire import Json

#: Under which the store notes what the worklist was when it was written.
WRITTEN = "worklist"
_FAST = (
    "{:,} 件用快速模式筛查：个人信息只查了号码，没有查姓名、住址和敏感信息，也没有摘录证据；"
    "公开之前须用全面模式再查一遍。"
)
_FAILED = "清单和报告写不出来，请确认输出目录可写、磁盘没有满；筛查结果都在，改正后用同一条命令继续。"


def write(store: Store, out: Path, made: str, run: int = 0, rules: Rulebook | None = None) -> None:
    """Write worklist, report, CSV, JSONL and publish list into a folder, each whole or not at all.

    `made` is the time (ISO 8601); files last seen before `run` are left out of the failures; `rules` names reasons,
    categories and clauses (the shipped ones without). A worklist that somebody filled in is moved aside, never
    replaced. Raises OutputError.
    """
    rules = rules or Rulebook.load()
    with _told():
        swept(out)
        kept = kept_aside(store, out)
        totals = _passed(store, out, made, run, rules)
        store.note(WRITTEN, _digest(out / worklist.NAME))
        write_private(
            out / overview.NAME, overview.page(totals, rules, made.replace("T", " ")[:16], kept, _trust(store))
        )


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (OSError, LxmlError) as error:
        raise OutputError(_FAILED) from error


def _passed(store: Store, out: Path, made: str, run: int, rules: Rulebook) -> Totals:
    totals = Totals()
    with ExitStack() as stack:
        listed = stack.enter_context(Worklist(out, rules))
        publishing = stack.enter_context(Publishing(out, rules, made))
        table = exports.Table(stack.enter_context(_text(out / exports.CSV, "utf-8-sig", "")))
        lines = exports.Lines(stack.enter_context(_text(out / exports.JSONL, "utf-8", "\n")))
        decided = {digest: standing(made) for digest, made in by_record(store).items()}
        for entry in entries(store, decided):
            for sink in (listed, publishing, table, lines, totals):
                sink.add(entry)
        failed = (row for row in store.files(run=run) if row.failure)
        listed.finish(totals.failed(failed), lambda: _summary(totals, made))
        publishing.finish()
    return totals


@contextmanager
def _text(path: Path, encoding: str, newline: str) -> Iterator[IO[str]]:
    with draft(path) as made, made.open("w", encoding=encoding, errors="replace", newline=newline) as file:
        yield file


def _trust(store: Store) -> Json | None:
    """The last estimate of an audit sample, when there is one."""
    told: Json | None = json.loads(store.meta(ESTIMATE) or "null")
    return told


def _summary(totals: Totals, made: str) -> list[tuple[str, str]]:
    """What the worklist is made of, for its first sheet."""
    piles = "，".join(f"{pile.label} {totals.piles[pile]:,} 件" for pile in (Pile.decide, Pile.confirm, Pile.stop))
    failed = totals.failures.total()
    return [
        ("生成时间", made.replace("T", " ")[:16]),
        ("共有", f"{totals.files:,} 个文件，{totals.records:,} 件记录：{piles}；没读成 {failed:,} 个文件。"),
        ("工作量", f"整组决定算一次，共需人判断 {totals.judgements:,} 次；已有决定 {totals.decided.total():,} 件。"),
        *([("快速模式", _FAST.format(totals.special["fast"]))] if totals.special["fast"] else ()),
        *(("程序", engine) for engine in totals.engines),
    ]


def kept_aside(store: Store, out: Path) -> list[str]:
    """Move a worklist that is not as we wrote it out of the way; the names of all that were moved and are there."""
    path = out / worklist.NAME
    if path.exists() and _digest(path) != store.meta(WRITTEN):
        number = next(n for n in range(1, 100_000) if not _aside(out, n).exists())
        os.replace(path, _aside(out, number))
    return filled(out)


def filled(out: Path) -> list[str]:
    """The names of worklists that were moved aside and are still there."""
    return sorted(kept.name for kept in out.glob("worklist-filled-*.xlsx"))


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _aside(out: Path, number: int) -> Path:
    return out / f"worklist-filled-{number}.xlsx"
