"""The command check: its options, folders and lists of files, and what it says."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gongkai.model.errors import GongkaiError
from gongkai.model.finding import Attribute
from gongkai.service.checking import SCHEMA, Checked, check_file, to_json, together
from gongkai.service.checks import Found, Kind
from gongkai.service.commands.failing import Usage, named
from gongkai.service.desk import Desk
from gongkai.service.proving import safely
from gongkai.service.readers import READERS
from gongkai.service.rewriting import OPENERS
from gongkai.service.settings import Settings
from gongkai.service.wire import Json

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_NETWORK = "清单里有网址：本程序不联网，请先把网页保存到本机，再在清单里写文件名。"
_MOST = 4 * 1024 * 1024
Result = Checked | GongkaiError


def options(command: argparse.ArgumentParser) -> None:
    """What check understands."""
    add = command.add_argument
    add("files", type=Path, nargs="*", metavar="文件", help="已遮蔽或者已公开的文件")
    add("--patrol", type=Path, metavar="清单", help="巡查一个目录，或者文本清单里的文件（每行一个），每个文件一行结果")
    add("--json", action="store_true", help="输出 JSON（check.schema.json）")
    add(
        "--attribute",
        choices=[*Attribute],
        default=Attribute.proactive.value,
        metavar="属性",
        help="按什么公开属性判断：proactive（默认）、on_request、withheld",
    )


def files(given: argparse.Namespace) -> list[Path]:
    """The files to check, in order. Raises Usage for none, and for a list that can't be read or names pages."""
    found = [*given.files, *(_patrolled(given.patrol) if given.patrol else ())]
    if any(_URL.match(str(path)) or str(path).startswith(("http:/", "https:/")) for path in given.files):
        raise Usage(_NETWORK.replace("清单里有网址", "给出的是网址").replace("，再在清单里写文件名", "后再检查"))
    if not found:
        raise Usage("没有要检查的文件，请给出文件，或者用 --patrol 给出目录或清单。")
    return found


def _patrolled(path: Path) -> Iterator[Path]:
    if path.is_dir():
        known = {*READERS, *OPENERS}
        yield from sorted(p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in known)
        return
    try:
        with path.open("rb") as file:
            lines = file.read(_MOST).decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Usage("--patrol 的清单读不出来，请确认它是目录或者 UTF-8 编码的文本文件。") from error
    entries = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if any(_URL.match(entry) for entry in entries):
        raise Usage(_NETWORK)
    yield from (path.parent / entry for entry in entries)


def run(given: argparse.Namespace, settings: Settings) -> bool:
    """Check what is named; whether all is clean. Raises Usage."""
    return not check_all(Desk.open(settings), files(given), given)


def check_all(desk: Desk, paths: Sequence[Path], given: argparse.Namespace) -> int:
    """Check every file, say what is wrong with it, and return how many are not clean or could not be checked."""
    desk._in_full()
    label, results = Attribute(given.attribute), list[Result]()
    for path in paths:
        results.append(_checked(desk, path, label))
        if not given.json:
            _say([_line(path, results[-1])] if given.patrol else _lines(desk, path, results[-1]))
    more = _together(paths, results)
    every = [_with(result, more.get(at, ())) for at, result in enumerate(results)]
    wrong = sum(isinstance(result, GongkaiError) or bool(result.found) for result in every)
    if given.json:
        rows = [_row(desk, path, result) for path, result in zip(paths, every, strict=True)]
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
    else:
        _say(line for at, found in more.items() for line in _compared(desk, paths[at], found, given))
    if given.patrol and not given.json:
        _say([_total(every, wrong)])
    return wrong


def _say(lines: Iterable[str]) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    sys.stdout.flush()


def _together(paths: Sequence[Path], results: Sequence[Result]) -> dict[int, tuple[Found, ...]]:
    """What the files of one run reveal only together, by the index of each file concerned."""
    whole = [one if isinstance(one, Checked) else Checked("", ()) for one in results]
    return together(whole, list(map(named, paths)))


def _with(result: Result, more: tuple[Found, ...]) -> Result:
    return replace(result, found=(*result.found, *more)) if isinstance(result, Checked) else result


def _compared(desk: Desk, path: Path, found: tuple[Found, ...], given: argparse.Namespace) -> list[str]:
    """What is said behind all files about one that others reveal."""
    head = f"{named(path)}：和其他文件对照，{_said({Kind.inconsistent.label: len(found)})}"
    return [head] if given.patrol else [head, *(f"  {_finding(item, desk)}" for item in found)]


def _checked(desk: Desk, path: Path, label: Attribute) -> Result:
    try:
        data = desk._contents(path)
        return safely(lambda: check_file(desk.screener, data, path.name, desk.limits, label))
    except GongkaiError as error:
        return error


def _row(desk: Desk, path: Path, result: Result) -> Json:
    if isinstance(result, GongkaiError):
        return {"schema": SCHEMA, "file": named(path), "clean": False, "error": f"{result.title}。{result.message}"}
    rules = desk.screener.rules
    return to_json(result, lambda kind: rules.type[kind].name) | {"file": named(path)}


def _counts(result: Checked) -> dict[str, int]:
    return {kind.label: count for kind in Kind if (count := sum(f.count for f in result.found if f.kind == kind))}


def _said(counts: Mapping[str, int]) -> str:
    return "、".join(f"{label}{count}处" for label, count in counts.items()) or "没有发现问题"


def _line(path: Path, result: Result) -> str:
    """One file of a patrol."""
    if isinstance(result, GongkaiError):
        return f"{named(path)}：没能检查：{result.title}。{result.message}"
    return f"{named(path)}：{_said(_counts(result))}"


def _total(results: Sequence[Result], wrong: int) -> str:
    unread = sum(isinstance(result, GongkaiError) for result in results)
    counts = Counter[str]()
    for result in results:
        counts.update(_counts(result) if isinstance(result, Checked) else {})
    told = f"，{_said(counts)}" if counts else ""
    return f"共{len(results)}个文件，{wrong}个有问题{f'（其中{unread}个没能检查）' if unread else ''}{told}。"


def _lines(desk: Desk, path: Path, result: Result) -> list[str]:
    """One file in full: a finding a line."""
    if isinstance(result, GongkaiError):
        return [_line(path, result)]
    lines = [_line(path, result)]
    lines += [f"  {_finding(item, desk)}" for item in result.found]
    return lines + [f"  请人工查看：{said}" for said in result.look]


def _finding(item: Found, desk: Desk) -> str:
    name = desk.screener.rules.type[item.type].name if item.type else ""
    what = " ".join(filter(None, (name, item.shown)))
    times = f"（{item.count}处）" if item.count > 1 else ""
    return f"[{item.kind.label}] {item.place}{times}{f'：{what}' if what else ''}。{item.why}。{item.advice}。"
