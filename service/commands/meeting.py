"""The command meeting: is a meeting's plan complete, what of its minutes is to be public."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from gongkai.model.duties.meetings import State, is_plan
from gongkai.model.duties.minutes import Kind
from gongkai.model.errors import DocumentError
from gongkai.model.finding import Screening
from gongkai.model.rulebook import Rulebook
from gongkai.service.commands.failing import failed
from gongkai.service.desk import Desk
from gongkai.service.meetings import looking
from gongkai.service.settings import Settings


def options(command: argparse.ArgumentParser) -> None:
    """What meeting understands."""
    command.add_argument("files", nargs="+", type=Path, metavar="文件", help="会议方案或者会议纪要")
    command.add_argument(
        "--as", dest="kind", choices=("plan", "minutes"), help="当作方案（plan）或纪要（minutes）；默认看文字"
    )
    command.add_argument("--fast", action="store_true", help="快速模式：不用编码器，不查姓名、住址和敏感信息")
    command.add_argument("--json", action="store_true", help="输出 JSON，每个文件一行")


def run(options: argparse.Namespace, settings: Settings) -> bool:
    """Look at each file; whether all could be read and no plan lacks anything."""
    desk, fine = Desk.open(settings), True
    for path in options.files:
        try:
            said = desk.screen(desk.file(path))
            kind = options.kind or ("plan" if is_plan(said.document) else "minutes")
            passed, told = (_plan if kind == "plan" else _minutes)(said, desk.screener.rules, options.json)
        except DocumentError as error:
            failed(str(path), error)
            fine = False
            continue
        print(told, flush=True)
        fine = fine and passed
    return fine


def _plan(said: Screening, _: Rulebook, plain: bool) -> tuple[bool, str]:
    check, tags = looking.plan(said)
    if plain:
        return check.passed, json.dumps(looking.plan_json(check, tags), ensure_ascii=False)
    lines = [
        f"{one.state.label}　{one.row.name}{_missing(one.state, one.row.says, one.row.mend)}" for one in check.demands
    ]
    return check.passed, "\n".join(lines)


def _missing(state: State, says: str, mend: str) -> str:
    return f"\n　　{says}{mend}" if state == State.missing else ""


def _minutes(said: Screening, rules: Rulebook, plain: bool) -> tuple[bool, str]:
    taken = looking.minutes(said, rules)
    if plain:
        return True, json.dumps(looking.minutes_json(taken), ensure_ascii=False)
    return True, "\n".join(_told(taken))


def _told(taken: looking.Taken) -> Iterator[str]:
    looked = {one.piece: one for one in taken.decisions}
    for piece in taken.minutes.pieces:
        if piece.kind == Kind.frame:
            continue
        yield f"{piece.kind.label}　{piece.span.of(taken.document.text).strip()}"
        if (one := looked.get(piece)) and not one.clear:
            yield f"　　公开前先核对：{'、'.join((*one.clauses, *one.personal))}"
