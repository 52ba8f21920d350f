"""The commands decisions and sample: their options, and what they say."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.decisions import teaching
from gongkai.service.screening.decisions.conflicts import agreements, conflicts, write_conflicts
from gongkai.service.screening.decisions.deciding import import_decisions
from gongkai.service.screening.decisions.rowchecks import Circumstances
from gongkai.service.screening.decisions.sampling import Wanted, draw, sample, write_sample
from gongkai.service.screening.decisions.status import (
    agreement_lines,
    conflict_lines,
    imported_lines,
    order_line,
    status,
    trust_lines,
)
from gongkai.service.screening.decisions.trust import estimate
from gongkai.service.screening.engine.claiming import claimed
from gongkai.service.screening.records import Pile
from gongkai.service.screening.results.drafts import swept
from gongkai.service.screening.store import NAME, Store
from gongkai.service.settings import Settings

SAMPLES = "samples"
_PRECISE = "差错率要准到正负多少，默认 0.02，就是正负 2%%；越小抽得越多"
_PILES = f"只抽 {'、'.join(f'{pile.value}（{pile.label}）' for pile in Pile)} 中的一堆，可以写几次"
_NO_STORE = "{} 里没有筛查结果（{}），请检查目录，或者先运行 gongkai screen。"
Run = Callable[[argparse.Namespace, Settings, Store], int]
#: Seconds after which a half-written file beside an output is nobody's.
AN_HOUR = 3600.0


def options(command: argparse.ArgumentParser) -> None:
    """What decisions understands."""
    actions = command.add_subparsers(dest="action", required=True, metavar="动作")
    taken = _action(actions, "import", "导入填好的审查清单、抽样表或者意见表，逐行核对", rules=True)
    taken.add_argument("files", type=Path, nargs="+", metavar="文件", help="填好的 .xlsx，或者每行一个决定的 .jsonl")
    taken.add_argument("--by", default="", metavar="姓名", help="没有填审查人的行算谁的")
    differ = _action(actions, "conflicts", "列出几位审查人意见不同的文件，并计算一致程度（kappa）", rules=True)
    differ.add_argument("-o", dest="to", type=Path, metavar="文件", help="写出 .xlsx，商定后填好再导入")
    given = _action(actions, "export", "写出决定和正文（JSONL），供 gongkai.training 使用", rules=True)
    given.add_argument(
        "-o", dest="to", type=Path, required=True, metavar="文件", help="含正文，只有自己能读，用完请删除"
    )
    given.add_argument("--backlog", action="store_true", help="写出全部文件的正文，不带决定（供 active 排序）")
    _action(actions, "status", "审查进度")
    order = _action(actions, "order", "记下 gongkai.training active 的结果：估计还要不要接着审")
    order.add_argument("file", type=Path, metavar="结果", help="active 输出的 JSON")


def sample_options(command: argparse.ArgumentParser) -> None:
    """What sample understands."""
    actions = command.add_subparsers(dest="action", required=True, metavar="动作")
    drawn = _action(actions, "draw", "从每一堆随机抽出没有决定的文件，写成看不到建议的抽样表", rules=True)
    drawn.add_argument("--precision", type=_share, default=0.02, metavar="小数", help=_PRECISE)
    drawn.add_argument("--confidence", type=_share, default=0.95, metavar="小数", help="置信度，默认 0.95")
    drawn.add_argument("--seed", type=int, metavar="整数", help="随便一个数；同样的数抽出同样的文件，便于复核")
    drawn.add_argument("--pile", action="append", choices=[*Pile], metavar="堆", help=_PILES)
    drawn.add_argument("-o", dest="to", type=Path, metavar="文件", help="默认写在结果目录的 samples 里")
    judged = _action(actions, "estimate", "由抽查的决定估计差错率，和档案里还有多少误判的")
    judged.add_argument("--name", default="", metavar="抽样编号", help="默认最近一次抽样")
    judged.add_argument("--json", action="store_true", help="输出 JSON")


def _action(
    actions: argparse._SubParsersAction[argparse.ArgumentParser], name: str, told: str, rules: bool = False
) -> argparse.ArgumentParser:
    command = actions.add_parser(name, help=told, description=told)
    command.add_argument("out", type=Path, metavar="结果目录", help="gongkai screen 的输出目录")
    if rules:
        command.add_argument("--profile", help="机关画像名（profile.toml），默认 default")
        command.add_argument("--tables", type=Path, metavar="目录", help="用自己的规则表目录")
    return command


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = 0
    if not 0 < share < 1:
        raise argparse.ArgumentTypeError("应当是 0 和 1 之间的小数")
    return share


def run(given: argparse.Namespace, settings: Settings) -> bool:
    """Do what decisions or sample is asked; whether no row was refused. Raises GongkaiError."""
    if not (given.out / NAME).is_file():
        raise RequestError(_NO_STORE.format(given.out.name, NAME))
    with Store(given.out) as store:
        return not _ACTIONS[given.action](given, settings, store)


def _rules(settings: Settings) -> Rulebook:
    return Rulebook.load(settings.tables, settings.profile)


def _say(lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def _import(given: argparse.Namespace, settings: Settings, store: Store) -> int:
    at = Circumstances(store, _rules(settings), given.by.strip(), datetime.now().astimezone())
    done = import_decisions(given.files, at)
    _say(imported_lines(done))
    return len(done.wrong)


def _conflicts(given: argparse.Namespace, settings: Settings, store: Store) -> int:
    found = conflicts(store)
    _say(conflict_lines(store, found))
    _say(agreement_lines(agreements(store)))
    if given.to and found:
        swept(given.to.parent, AN_HOUR)
        write_conflicts(store, found, given.to, _rules(settings))
        _say([f"已写出 {given.to}，商定后填好，运行 gongkai decisions import {given.out} {given.to}。"])
    return 0


def _export(given: argparse.Namespace, settings: Settings, store: Store) -> int:
    swept(given.to.parent, AN_HOUR)
    with claimed(given.out) as spool:
        done = teaching.export(store, given.to, _rules(settings), spool, given.backlog)
    _say([f"写出 {done.written} 件到 {given.to}，含正文，用完请删除。"])
    _say(f"没有写出 {count} 件：{reason}。" for reason, count in sorted(done.left_out.items()) if count)
    return 0


def _status(given: argparse.Namespace, settings: Settings, store: Store) -> int:
    _say(status(store))
    return 0


def _order(given: argparse.Namespace, settings: Settings, store: Store) -> int:
    order = teaching.read_order(given.file)
    teaching.note_order(store, order, _today())
    _say([order_line(order)])
    return 0


def _draw(given: argparse.Namespace, settings: Settings, store: Store) -> int:
    rules = _rules(settings)
    seed = secrets.randbelow(2**31) if given.seed is None else given.seed
    piles = tuple(Pile(pile) for pile in given.pile or Pile)
    drawn = draw(store, Wanted(given.precision, given.confidence, seed, piles), _today())
    to: Path = given.to or given.out / SAMPLES / f"{drawn.name}.xlsx"
    if given.to is None:
        to.parent.mkdir(mode=0o700, exist_ok=True)
    swept(to.parent, AN_HOUR)
    write_sample(store, drawn, to, rules)
    parts = "，".join(
        f"{pile.label} {of} 件抽 {sum(there == pile for _, there in store.samples(drawn.name))} 件"
        for pile, counts in drawn.frame.items()
        if (of := sum(counts.values()))
    )
    _say(
        [
            f"抽样 {drawn.name}（种子 {drawn.seed}），从还没有决定的里面：{parts}。",
            f"已写出 {to}，表里看不到机器的建议。填好后运行 gongkai decisions import {given.out} {to}。",
        ]
    )
    return 0


def _estimate(given: argparse.Namespace, settings: Settings, store: Store) -> int:
    found = estimate(store, sample(store, given.name))
    _say([json.dumps(asdict(found), ensure_ascii=False)] if given.json else trust_lines(found))
    return 0


def _today() -> str:
    return datetime.now().astimezone().date().isoformat()


_ACTIONS: dict[str, Run] = {
    "import": _import,
    "conflicts": _conflicts,
    "export": _export,
    "status": _status,
    "order": _order,
    "draw": _draw,
    "estimate": _estimate,
}
