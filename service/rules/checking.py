"""Everything that is wrong in the tables of a version, each with its file, line and row, as `gongkai rulebook check`
finds it; and codes that may not go or that the output contract could not carry."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.model.errors import RulebookError
from gongkai.model.tablefile import read_rows
from gongkai.service.rules.memory import MOST, ROWS, Files, Memory, loaded
from gongkai.service.rules.rows import Row, line_of, rows

#: Rows of these files are cited by the program, the model and past decisions.
FIXED = ("reasons.toml", "catalog.toml", "negative.toml", "personal.toml", "deadlines.toml")
#: What the output contract (suggestion.schema.json) can carry.
CODES = {
    "reasons.toml": (re.compile(r"[PAWX]-([0-9]+|[A-Z]+)"), "P-、A-、W- 或 X- 加数字或者大写字母"),
    "catalog.toml": (re.compile(r"[GN][0-9]+"), "G 或 N 加数字"),
    "negative.toml": (re.compile(r"NL-[0-9]{2}"), "NL- 加两位数字"),
    "personal.toml": (re.compile(r"[A-Z]+(_[A-Z]+)*"), "大写字母，可以用下划线连接"),
}
#: Rows of these may stand without a basis: some agencies' catalogs have none for an item.
UNFOUNDED = ("catalog.toml",)
NO_BASIS = "依据没有写，请写明法律、法规、规章或者文件的名称和条款。"
_WRITTEN = "a table without that column"
_AT = re.compile(r"\(at line (\d+), column (\d+)\)")
_ROW = re.compile(r"规则表 (\S+?\.toml)(?: 第 \d+ 行(?:（[^）]*）)?| 的 (\S+) 行，)")
_COLUMN = re.compile(r"的 ([A-Za-z_]+) |，([a-z_]+) 写的|不认识的列 ([^，]+)，")
_TERMS = (
    ("Expected '='", "列名和值之间缺少等号"),
    ("Unclosed array", "方括号没有配对"),
    ("Unclosed inline table", "花括号没有配对"),
    ("Unterminated string", "引号没有配对"),
    ('Expected "\'"', "引号没有配对"),
    ("Cannot overwrite a value", "同一列写了两次"),
    ("Cannot declare", "同一名称的表写了两次"),
    ("Invalid value", "等号后面的值写得不对，文字要加引号"),
    ("Illegal character", "有不允许的字符，或者引号没有在同一行结束"),
    ("Unescaped '\\'", "双引号里的反斜线要写两个，正则表达式请用单引号"),
    ("Invalid statement", "这一行既不是列也不是表头"),
    ("Expected newline", "一行里只能写一列"),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where (line 0: in the file as a whole), and what to do in one sentence."""

    file: str
    line: int
    row: str
    message: str


def problems(files: Files, base: Files, profile: str = "default") -> tuple[Problem, ...]:
    """What is wrong, by file and line; `base` are right tables whose codes must stay. Nothing where all is right."""
    found = [problem for file in sorted(ROWS) for problem in _of_file(file, files, base)]
    if not found:
        found = list(_across(files, profile))
    return tuple(found)


def _of_file(file: str, files: Files, base: Files) -> Iterator[Problem]:
    text, table = files.get(file), ROWS[file][0]
    if text is None or len(text) > MOST:
        why = "没有这个文件，请补上。" if text is None else f"超过 {MOST // 2**20} MB，请精简。"
        yield Problem(file, 0, "", why)
        return
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        yield _unreadable(file, text, str(error))
    except RecursionError:
        yield Problem(file, 0, "", "括号嵌套过深，请简化。")
    else:
        yield from _of_content(file, text, content, rows(base.get(file, ""), table))


def _of_content(file: str, text: str, content: dict[str, object], before: tuple[Row, ...]) -> Iterator[Problem]:
    table = ROWS[file][0]
    found = content.get(table)
    if set(content) - {table} or not isinstance(found, list) or not found:
        yield Problem(file, 0, "", f"应当只有 [[{table}]] 的行，并且至少一行，请改正。")
        return
    there = rows(text, table)
    right = {row.text for row in before}  # the base loads, so they are
    for row in there:
        if row.text not in right:
            yield from _of_row(file, row)
    yield from _twice(file, there)
    if file in FIXED:
        left = {row.key for row in there}
        for row in before:
            if row.key not in left:
                yield Problem(
                    file, 0, row.key, f"不能删除代码 {row.key}（{row.name}），已有的记录和模型要引用它，请恢复。"
                )


def _of_row(file: str, row: Row) -> Iterator[Problem]:
    table, kind = ROWS[file]
    if file in CODES and not CODES[file][0].fullmatch(row.key):
        yield Problem(file, row.line, row.key, f"代码应当是{CODES[file][1]}，请改正。")
    try:
        read_rows(Memory({file: row.text}), file, table, kind)  # type: ignore[arg-type]
    except RulebookError as error:
        yield Problem(file, _line(row, error.message), row.key, _plain(error.message))
    except (RecursionError, OverflowError):
        yield Problem(file, row.line, row.key, "有嵌套过深或者重复次数过大的正则表达式，请简化。")
    else:
        if file not in UNFOUNDED and not str(row.values.get("basis", _WRITTEN)).strip():
            yield Problem(file, line_of(row, "basis"), row.key, NO_BASIS)


def _twice(file: str, there: tuple[Row, ...]) -> Iterator[Problem]:
    counts = Counter(row.key for row in there)
    seen: set[str] = set()
    for row in there:
        if counts[row.key] > 1 and row.key in seen:
            yield Problem(file, row.line, row.key, "重复了：同一个代码只能有一行，请删去一行。")
        seen.add(row.key)


def _across(files: Files, profile: str) -> Iterator[Problem]:
    try:
        loaded(files, profile)
    except RulebookError as error:
        where = _ROW.search(error.message)
        file, key = (where[1], where[2] or "") if where else ("profile.toml", "")
        found = next((row for row in rows(files[file], ROWS[file][0]) if row.key == key), None)
        yield Problem(file, _line(found, error.message) if found else 0, key, _plain(error.message))


def _line(row: Row, message: str) -> int:
    column = _COLUMN.search(message)
    name = next(filter(None, column.groups()), "") if column else ""
    return line_of(row, name) if name else row.line


def _plain(message: str) -> str:
    """The sentence without file and row, which stand beside it."""
    return _ROW.sub("", message).lstrip("的 ") or message


def _unreadable(file: str, text: str, error: str) -> Problem:
    at = _AT.search(error)
    line, column = (int(at[1]), int(at[2])) if at else (text.count("\n") + 1, 0)
    term = next((chinese for english, chinese in _TERMS if english in error), "不是有效的 TOML")
    place = f"第 {column} 个字附近" if column else "文件结尾处"
    return Problem(file, line, "", f"{place}{term}，请改正。")
