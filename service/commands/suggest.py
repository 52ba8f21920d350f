"""The command suggest: what is to be judged, and how the answers are shown."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from gongkai.model.document import Document
from gongkai.model.errors import DocumentError, GongkaiError, RequestError
from gongkai.service.commands.failing import Usage, failed
from gongkai.service.console import colourful, render
from gongkai.service.desk import Desk
from gongkai.service.settings import Settings
from gongkai.service.workers import screened

MOST_JOBS = 64


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"应当是 1 到 {MOST_JOBS} 的整数")
    return int(text)


def options(command: argparse.ArgumentParser) -> None:
    """What suggest understands."""
    command.add_argument(
        "files", nargs="*", type=Path, metavar="文件", help="txt md html docx pdf xlsx xls csv ofd doc wps"
    )
    command.add_argument(
        "--format", choices=("text", "json", "jsonl"), default="text", help="输出格式，默认给人看的文字"
    )
    command.add_argument(
        "--from-jsonl", type=Path, metavar="文件", help="每行一个 {id, title, text}，按原顺序输出；- 为标准输入"
    )
    command.add_argument("--fast", action="store_true", help="快速模式：不用编码器，不查姓名、住址和敏感信息")
    command.add_argument("--jobs", type=_jobs, default=1, metavar="N", help="同时用几个进程，默认 1；顺序不变")


def _from_lines(lines: Iterable[bytes]) -> Iterator[Document | GongkaiError]:
    for place, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            values = [row[key] for key in ("id", "text")] + [row.get("title") or ""]
            if not all(isinstance(value, str) for value in values):
                raise TypeError
            "".join(values).encode()  # half of a surrogate pair is no character: nothing could print it
            yield Document(values[0], values[1], values[2])
        except (ValueError, KeyError, TypeError, RecursionError):
            yield RequestError(f"第 {place} 行不是含 id、title、text 的 JSON 对象（UTF-8 编码），请改正这一行。")
        except DocumentError as error:
            yield RequestError(f"第 {place} 行：{error.message}")


def _jsonl_documents(path: Path) -> Iterator[Document | GongkaiError]:
    try:
        with contextlib.ExitStack() as stack:
            source = sys.stdin.buffer if str(path) == "-" else stack.enter_context(path.open("rb"))
            yield from _from_lines(source)
    except OSError as error:
        raise RequestError("--from-jsonl 的文件读不出来，请确认文件存在并且有权读取。") from error


def _file_documents(desk: Desk, files: Iterable[Path]) -> Iterator[tuple[str, Document | GongkaiError]]:
    for path in files:
        try:
            yield str(path), desk.file(path)
        except DocumentError as error:
            yield str(path), error


def run(options: argparse.Namespace, settings: Settings) -> bool:
    """Judge what is named and show the answers in its order; whether every document could be judged. Raises Usage."""
    if bool(options.files) == bool(options.from_jsonl):
        raise Usage("给出文件，或者给出 --from-jsonl，两者选一。")
    desk, lost, rows = Desk.open(settings), 0, []
    for name, item in screened(desk, settings, _items(desk, options), options.jobs):
        if isinstance(item, GongkaiError):
            failed(name, item)
            lost += 1
        elif options.format == "text":
            print(render(item, desk.screener.rules, colourful(sys.stdout)), flush=True)
        elif options.format == "jsonl":
            print(json.dumps(desk.shown(item), ensure_ascii=False), flush=True)
        else:
            rows.append(desk.shown(item))
    if options.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    return not lost


def _items(desk: Desk, options: argparse.Namespace) -> Iterable[tuple[str, Document | GongkaiError]]:
    if options.from_jsonl:
        return ((str(options.from_jsonl), one) for one in _jsonl_documents(options.from_jsonl))
    return _file_documents(desk, options.files)
