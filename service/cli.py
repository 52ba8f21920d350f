"""gongkai COMMAND: arguments -> one call, exit codes."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from gongkai.model.document import Document
from gongkai.model.errors import DocumentError, GongkaiError, RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import product_version
from gongkai.service import checkcli, redactcli
from gongkai.service.console import colourful, render
from gongkai.service.desk import Desk
from gongkai.service.screening import decidecli, screencli
from gongkai.service.settings import Settings
from gongkai.service.workers import screened

DONE, FAILED, USAGE = 0, 1, 2
MOST_JOBS = 64


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"用法不对：{message}。运行 {self.prog} --help 查看说明。\n")


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--profile", help="机关画像名（profile.toml），默认 default")
    command.add_argument("--tables", type=Path, metavar="目录", help="用自己的规则表目录")
    command.add_argument("--model", type=Path, metavar="目录", help="用自己的模型目录")


def _jobs(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_JOBS:
        raise argparse.ArgumentTypeError(f"应当是 1 到 {MOST_JOBS} 的整数")
    return int(text)


def _suggest_options(command: argparse.ArgumentParser) -> None:
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
    _common(command)


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = _Parser(
        prog="gongkai", description="公开：为政府公文建议公开属性，查找并遮蔽个人信息。机器只建议，由人决定。"
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="命令", parser_class=_Parser)
    suggest = commands.add_parser("suggest", help="建议公开属性、目录、负面清单、个人信息")
    _suggest_options(suggest)
    redact = commands.add_parser("redact", help="写出遮蔽了个人信息的副本（保持原格式），并核验")
    redactcli.options(redact)
    _common(redact)
    check = commands.add_parser("check", help="检查已遮蔽或已公开的文件：漏遮、能恢复、不该遮、遮法不一致")
    checkcli.options(check)
    _common(check)
    screen = commands.add_parser("screen", help="无人值守筛查成批的旧文件，给出按轻重排好的清单和报告")
    screencli.options(screen)
    _common(screen)
    decidecli.options(commands.add_parser("decisions", help="审查清单填好后的决定：导入、不一致、导出、进度"))
    decidecli.sample_options(commands.add_parser("sample", help="抽样核查：抽出样本，估计还有多少判错的"))
    mapping = commands.add_parser("mapping", help="读出加密的对照表（遮蔽前后的值）")
    redactcli.mapping_options(mapping)
    serve = commands.add_parser("serve", help="启动网页和接口服务")
    serve.add_argument("--host", default="127.0.0.1", help="监听地址，默认只限本机")
    serve.add_argument("--port", type=int, default=8080, help="端口，默认 8080")
    _common(serve)
    book = commands.add_parser("rulebook", help="规则表")
    book.add_argument("action", choices=("check",), metavar="check", help="检查规则表")
    _common(book)
    commands.add_parser("version", help="版本")
    return top


def _settings(options: argparse.Namespace) -> Settings:
    settings = Settings.from_environment(os.environ)
    given = {name: value for name in ("profile", "tables", "model", "fast") if (value := getattr(options, name, None))}
    return replace(settings, **given)


def _report(name: str, error: GongkaiError) -> None:
    print(f"{name}：{error.title}。{error.message}", file=sys.stderr)


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


def _suggest(options: argparse.Namespace) -> int:
    if bool(options.files) == bool(options.from_jsonl):
        print("用法不对：给出文件，或者给出 --from-jsonl，两者选一。", file=sys.stderr)
        return USAGE
    settings = _settings(options)
    desk, failed, rows = Desk.open(settings), 0, []
    if options.from_jsonl:
        items: Iterable[tuple[str, Document | GongkaiError]] = (
            (str(options.from_jsonl), d) for d in _jsonl_documents(options.from_jsonl)
        )
    else:
        items = _file_documents(desk, options.files)
    for name, item in screened(desk, settings, items, options.jobs):
        if isinstance(item, GongkaiError):
            _report(name, item)
            failed += 1
        elif options.format == "text":
            print(render(item, desk.screener.rules, colourful(sys.stdout)), flush=True)
        elif options.format == "jsonl":
            print(json.dumps(desk.shown(item), ensure_ascii=False), flush=True)
        else:
            rows.append(desk.shown(item))
    if options.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    return FAILED if failed else DONE


def _redact(options: argparse.Namespace) -> int:
    order = redactcli.order(options, datetime.now().astimezone().isoformat(timespec="seconds"))
    desk = Desk.open(_settings(options))
    return FAILED if redactcli.run(desk, options.files, order, _report) else DONE


def _check(options: argparse.Namespace) -> int:
    try:
        files = checkcli.files(options)
    except RequestError as error:
        print(f"用法不对：{error.message}", file=sys.stderr)
        return USAGE
    return FAILED if checkcli.run(Desk.open(_settings(options)), files, options) else DONE


def _screen(options: argparse.Namespace) -> int:
    return FAILED if screencli.screen(options, _settings(options)) else DONE


def _decide(options: argparse.Namespace) -> int:
    return FAILED if decidecli.run(options, _settings(options)) else DONE


def _mapping(options: argparse.Namespace) -> int:
    for pair in redactcli.mapping(options):
        print("\t".join((pair.file, pair.type, pair.value, pair.replacement, str(pair.count))))
    return DONE


def _serve(options: argparse.Namespace) -> int:
    import uvicorn

    from gongkai.service.app import create_app

    app = create_app(_settings(options))
    print(f"打开 http://{options.host}:{options.port}/ 使用；按 Ctrl-C 停止。", file=sys.stderr)
    uvicorn.run(app, host=options.host, port=options.port, log_level="warning", access_log=False)
    return DONE


def _rulebook(options: argparse.Namespace) -> int:
    settings = _settings(options)
    rules = Rulebook.load(settings.tables, settings.profile)
    counts = f"理由 {len(rules.reasons)}、目录 {len(rules.categories)}、负面清单 {len(rules.clauses)}"
    counts += f"、判断规则 {len(rules.laws)}、留遮规则 {len(rules.roles)}"
    print(f"规则表没有问题：{counts}。版本 {rules.digest}，画像 {rules.profile.name}。")
    return DONE


def _version(options: argparse.Namespace) -> int:
    print(product_version())
    return DONE


def _place(error: BaseException) -> str:
    """What went wrong and where in the code; an exception's own words may hold document text."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}（{Path(last.filename).name} 第 {last.lineno} 行）"


COMMANDS = {
    "suggest": _suggest,
    "redact": _redact,
    "check": _check,
    "screen": _screen,
    "decisions": _decide,
    "sample": _decide,
    "mapping": _mapping,
    "serve": _serve,
    "rulebook": _rulebook,
    "version": _version,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command: 0 done, 1 some files failed or are not clean, 2 usage."""
    options = parser().parse_args(arguments)
    try:
        return COMMANDS[options.command](options)
    except GongkaiError as error:
        print(f"{error.title}：{error.message}", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        print("已停止；停止前输出的结果有效。", file=sys.stderr)
        return FAILED
    except Exception as error:
        print(f"程序出错：{_place(error)}。后面的文件没有处理；请把这一行告诉开发者。", file=sys.stderr)
        return FAILED


if __name__ == "__main__":
    sys.exit(main())
