"""The commands redact and mapping: their options, and what they say on the way."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import count, takewhile
from pathlib import Path

from gongkai.model.deid.hiding import Style
from gongkai.model.errors import GongkaiError, OutputError, RequestError
from gongkai.service.bulk import Earlier, Order, redact_all
from gongkai.service.commands.failing import failed, named
from gongkai.service.desk import Desk
from gongkai.service.mapping import Pair, Seal, by_passphrase, id_of, read_mapping, to_recipient
from gongkai.service.output import identity, write_private
from gongkai.service.redacting import Copy, Options
from gongkai.service.report import of_name, renamed
from gongkai.service.settings import Settings

_EARLIER = "以前已经遮蔽，副本、报告和这次的原文件、程序、选项都相符，没有重做；公开前请由人复核。"
_SMALL = 64 * 1024
_LARGE = 2**30
_LEAST_KEY = 16


def options(command: argparse.ArgumentParser) -> None:
    """What redact understands."""
    add = command.add_argument
    add("files", type=Path, nargs="+", metavar="文件", help="txt md csv html docx xlsx pdf ofd 和图片")
    add(
        "-o", "--out", type=Path, required=True, metavar="输出", help="输出目录；一个文件时也可以是文件名，- 为标准输出"
    )
    add("--report", action="store_true", help="另写遮蔽报告（JSON 和可打印的网页）")
    add("--show-kept", action="store_true", help="报告里列出保留的姓名、电话等")
    add("--rename", action="store_true", help="输出到目录时，文件名里已遮蔽的姓名等也换成遮蔽后的写法")
    add("--style", default="", metavar="样式", help="遮蔽样式（personal.toml），自带 pseudonym、strict、bands")
    add("--key-file", type=Path, metavar="文件", help="假名的密钥：一批文件用同一密钥，同一个人的假名就相同")
    add("--pictures", choices=("blank", "keep"), default="blank", help="文件里的图片：替换成灰块（默认）或者保留")
    add("--mapping", type=Path, metavar="文件", help="另写加密的对照表，须给出口令文件或者接收人公钥")
    add(
        "--resume",
        action="store_true",
        help="接着上次做：副本和报告都在、和这次相符的不重做，要有 --report",
    )
    _who(command.add_mutually_exclusive_group(), "--recipient", "接收人的 X25519 公钥（PEM），只有他能打开对照表")


def mapping_options(command: argparse.ArgumentParser) -> None:
    """What mapping understands."""
    command.add_argument("file", type=Path, metavar="文件", help="对照表")
    _who(command.add_mutually_exclusive_group(required=True), "--identity", "接收人的 X25519 私钥（PEM）")


def _who(group: argparse._MutuallyExclusiveGroup, key: str, words: str) -> None:
    group.add_argument("--passphrase-file", type=Path, metavar="文件", help="口令写在这个文件的第一行")
    group.add_argument(key, type=Path, metavar="文件", help=words)


def order(given: argparse.Namespace, made: str) -> Order:
    """What was asked for. Raises RequestError for a key or passphrase that can't be used."""
    who = given.passphrase_file or given.recipient
    if bool(given.mapping) != bool(who):
        raise RequestError("--mapping 要和 --passphrase-file 或者 --recipient 一起用，请补上。")
    try:
        given.out.is_dir()
    except (OSError, ValueError) as error:
        raise OutputError("输出的名字用不了（可能太长），请换一个。") from error
    if given.resume and (given.key_file or not given.report):
        raise RequestError("--resume 凭报告认出做完的副本：要和 --report 一起用，并且不能有 --key-file，请改正。")
    earlier = _earlier(given.mapping) if given.resume and given.mapping else ()
    _mapped(given, earlier)
    key = _bytes(given.key_file, "密钥文件") if given.key_file else b""
    if given.key_file and len(key) < _LEAST_KEY:
        raise RequestError(f"密钥文件太短：至少 {_LEAST_KEY} 字节，请换一个。")
    wanted = Options(Style(given.style, key), given.pictures)
    seal = _seal(given) if who else None
    place = _numbered(given.mapping, len(earlier)) if given.mapping else None
    mapped = frozenset(filter(None, (id_of(_bytes(one, "对照表", _LARGE)) for one in earlier)))
    names = (given.report, given.show_kept, made, place, seal, given.rename, given.resume, mapped)
    return Order(given.out, wanted, *names)


def _earlier(place: Path) -> tuple[Path, ...]:
    """The mappings that earlier runs left under a name and its numbers."""
    return tuple(takewhile(os.path.lexists, (_numbered(place, number) for number in count())))


def _numbered(place: Path, before: int) -> Path:
    """A name, numbered where others stand before it."""
    return place.with_stem(f"{place.stem}（{before + 1}）") if before else place


def _mapped(given: argparse.Namespace, earlier: Sequence[Path]) -> None:
    """Raises RequestError where the mapping can't be written, or would stand in place of something given."""
    place: Path | None = given.mapping
    if not place:
        return
    folder = place.parent if place.parent != given.out or given.out.exists() else given.out.absolute().parent
    if place.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
        raise RequestError("对照表写不出来：给出的应当是文件名，它的目录应当存在并且可写，请核对。")
    others = filter(None, (*given.files, given.key_file, given.passphrase_file, given.recipient))
    if (there := identity(place)) and there in map(identity, others):
        raise RequestError("对照表不能写在原文件、密钥文件或者口令文件上，请换一个文件名。")
    if os.path.lexists(place) and not earlier:  # the only way back from an earlier run
        raise RequestError("对照表的文件已经存在：覆盖后，以前的遮蔽就无法还原，请换一个文件名，或者先把它移走。")


def _seal(given: argparse.Namespace) -> Seal:
    if given.passphrase_file:
        return by_passphrase(_passphrase(given.passphrase_file))
    return to_recipient(_bytes(given.recipient, "接收人的公钥"))


def mapping(given: argparse.Namespace) -> tuple[Pair, ...]:
    """The pairs of an encrypted mapping. Raises RequestError when it can't be opened."""
    phrase = _passphrase(given.passphrase_file) if given.passphrase_file else ""
    private = _bytes(given.identity, "接收人的私钥") if given.identity else b""
    return read_mapping(_bytes(given.file, "对照表", _LARGE), phrase, private)


def _passphrase(path: Path) -> str:
    """The first line of a file, so that no passphrase stands on a command line or in a variable."""
    try:
        return _bytes(path, "口令文件").decode("utf-8-sig").partition("\n")[0].rstrip("\r")
    except UnicodeDecodeError as error:
        raise RequestError("口令文件不是 UTF-8 编码，请另存后再试。") from error


def _bytes(path: Path, what: str, most: int = _SMALL) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise RequestError(f"{what}读不出来，请确认文件存在并且有权读取。") from error
    if len(data) > most:
        raise RequestError(f"{what}太大，请核对是否给错了文件。")
    return data


def run(given: argparse.Namespace, settings: Settings) -> bool:
    """Redact what is named; whether every file has its proven copy. Raises GongkaiError."""
    wanted = order(given, datetime.now().astimezone().isoformat(timespec="seconds"))
    try:
        with _told_to_end():
            return not redact_files(Desk.open(settings), given.files, wanted, failed)
    finally:
        if wanted.mapping != given.mapping and os.path.lexists(wanted.mapping or ""):
            sys.stderr.write(f"以前的对照表保留，这次的写在 {named(wanted.mapping)}，合起来才完整。\n")


@contextmanager
def _told_to_end() -> Iterator[None]:
    """A run that SIGTERM ends leaves the mapping of its copies, as one does that Ctrl-C stops."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def mapping_run(given: argparse.Namespace, settings: Settings) -> bool:
    """Show an encrypted mapping. Raises RequestError."""
    for pair in mapping(given):
        print("\t".join(map(_cell, (pair.file, pair.type, pair.value, pair.replacement, pair.count))))
    return True


def _cell(content: object) -> str:
    """A column of one line: control characters as JSON writes them, so that a value that breaks the line stays one."""
    return "".join(char if char.isprintable() or char == "\u3000" else json.dumps(char)[1:-1] for char in str(content))


def redact_files(desk: Desk, files: Sequence[Path], wanted: Order, tell: Callable[[str, GongkaiError], None]) -> int:
    """Redact, say on standard error what was done, and return how many files failed. Raises GongkaiError."""
    _styled(desk, wanted.options.style)
    if str(wanted.out) == "-" and len(files) > 1:
        raise RequestError("标准输出一次只能给一个文件，请把输出改为目录。")
    if len(files) == 1 and _as_text(files[0], wanted.out):
        return _to_text(desk, files[0], wanted, tell)
    lost = stood = 0
    with closing(redact_all(desk, files, wanted)) as every:
        for path, result in every:
            if isinstance(result, GongkaiError):
                tell(str(path), result)
                lost += 1
            elif isinstance(result, Earlier):
                sys.stderr.write(f"{named(path)}：{_EARLIER}\n")
                stood += 1
            else:
                told = "".join(f"{line}；" for line in _of_name(desk, result, path, files, wanted))
                _said(len(result.hidden), str(path) if len(files) > 1 else "", told)
    if len(files) > 1 and (lost or stood):
        sys.stderr.write(f"共{len(files)}个文件{_of(stood, '个以前已经遮蔽')}{_of(lost, '个没有副本，原因见上')}。\n")
    return lost


def _of(number: int, words: str) -> str:
    return f"，{number}{words}" if number else ""


def _of_name(desk: Desk, copy: Copy, path: Path, files: Sequence[Path], wanted: Order) -> list[str]:
    """What is said of the name of a copy."""
    folder = wanted.to_folder(files)
    name = (path if folder else wanted.out).name
    if wanted.rename and folder:
        return ["文件名里的个人信息已遮蔽"] if renamed(copy, name) != name else []
    return [*of_name(copy, name, desk.screener.rules)]


def _styled(desk: Desk, style: Style) -> None:
    """Raises RequestError for a style that no table knows, and for a key that nothing would use."""
    desk.check_style(style)
    rules = desk.screener.rules
    if style.key and all(style.way(row.id, rules).mask != "pseudonym" for row in rules.personal):
        raise RequestError("密钥只用来生成假名，这种样式没有假名：请加上 --style pseudonym，或者去掉 --key-file。")


def _as_text(source: Path, out: Path) -> bool:
    """Whether the text alone is wanted: on standard output, or of another format into a .txt file."""
    return str(out) == "-" or (not out.is_dir() and out.suffix.lower() == ".txt" != source.suffix.lower())


def _to_text(desk: Desk, source: Path, wanted: Order, tell: Callable[[str, GongkaiError], None]) -> int:
    if (there := identity(wanted.out)) and there == identity(source):
        raise OutputError("输出不能是原文件，请换一个文件名。")
    if wanted.reports or wanted.mapping:
        raise RequestError("只要文字时没有报告和对照表，请把输出改为目录。")
    try:
        copy = desk.redact(desk.file(source), wanted.options.style)
        if str(wanted.out) == "-":
            sys.stdout.write(copy.text)
        else:
            write_private(wanted.out, copy.text)
    except GongkaiError as error:
        tell(str(source), error)
        return 1
    _said(len(copy.hidden), "")
    return 0


def _said(count: int, name: str, also: str = "") -> None:
    start = f"{named(name)}：" if name else ""
    sys.stderr.write(f"{start}已遮蔽 {count} 处个人信息，核验通过；{also}公开前请由人复核。\n")
