"""The task table of a work plan (任务分解表): one task a row, however the file's reader gives its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from gongkai.model.errors import RequestError
from gongkai.model.folding import fold
from gongkai.service.columnchoice import Chosen, Layout, layout

MOST = 2000
#: What the headings of task tables mean; what stands between the number and the requirement is the task.
HEADINGS = {
    "number": r"序号|编号|号",
    "requirement": r"(?:工作|任务|具体|公开|主要|重点)?(?:要求|措施|内容|举措|标准|任务和要求)",
    "task": r"(?:重点)?(?:工作|主要|重点|具体)?(?:任务|事项|项目|目标)|任务分类|类别",
    "responsible": r"责任(?:单位|部门|科室|主体|分工|人)|牵头(?:单位|部门|科室)|承办(?:单位|部门|科室)|分工",
    "assist": r"(?:配合|协办|参与|协助)(?:单位|部门|科室)",
    "deadline": r"(?:完成|公开|办结|办理|落实)?(?:时限|时间|期限)(?:要求|节点|安排|进度)?|进度(?:安排)?",
}
#: What the columns of a table are called where they have to be chosen, and which of them it needs.
NAMES = {
    "number": "序号", "task": "任务", "requirement": "要求", "responsible": "责任单位", "assist": "配合单位",
    "deadline": "时限",
}  # fmt: skip
REQUIRED = ("requirement", "deadline")
_MEANS = {key: re.compile(words) for key, words in HEADINGS.items()}
_NEEDED = {"responsible", "deadline"}
_PLACE = re.compile(r"(\d{1,4})[.、．]?")
_NO_TABLE = "没有找到任务分解表：表头里要有责任单位、时限这两栏，还要有任务或者要求；请检查文件。"


@dataclass(frozen=True, slots=True)
class Task:
    """One row as the plan has it; merged cells are filled in."""

    place: int
    task: str
    requirement: str
    responsible: str
    deadline: str


Row = list[str]


class UnknownHeadings(RequestError):
    """No table has the headings: which column is what has to be chosen."""


def laid_out(text: str) -> Layout | None:
    """The table to choose its columns in: of the first lines with tabs."""
    lines = text.splitlines()
    first = next((at for at, line in enumerate(lines) if line.strip("\n").count("\t") > 1), None)
    if first is None:
        return None
    rows = [[cell.strip() for cell in line.split("\t")] for line in lines[first : first + 30]]
    found = layout(rows, _meaning)
    return replace(found, chosen=replace(found.chosen, head=first + found.chosen.head)) if found else None


def tasks(text: str, chosen: Chosen | None = None) -> tuple[Task, ...]:
    """The tasks of the first table with the headings, or of the columns that were chosen. Raises RequestError,
    UnknownHeadings among them."""
    lines = text.splitlines()
    if chosen is not None:
        return _chosen(lines[chosen.head + 1 :], chosen)
    for at in range(len(lines)):
        if (keys := _keys(lines[at].split("\t"))) and (found := _told(keys, _wide(lines[at + 1 :]))):
            return found
        keys, after = _listed_keys(lines, at)
        if keys and (found := _told(keys, _tall(lines[after:]))):
            return found
    raise UnknownHeadings(_NO_TABLE)


def _chosen(lines: list[str], chosen: Chosen) -> tuple[Task, ...]:
    """Rows by the columns that were chosen; a task that is merged over rows is filled from above."""
    found: list[Task] = []
    name = ""
    for row in _wide(lines):
        cells = {code: row[place] for code, place in chosen.places.items() if place < len(row)}
        if cells.get("requirement") or cells.get("deadline"):
            name = cells.pop("task", "") or name
            found.append(_task(len(found) + 1, [name], cells))
    if not found:
        raise RequestError("所选的列里没有任务，请检查选择，或者检查文件。")
    return tuple(found)


def _keys(cells: Sequence[str]) -> tuple[str, ...]:
    """What columns mean when these cells are headings, nothing when they aren't."""
    keys = tuple(_meaning(cell) for cell in cells if cell.strip())
    return keys if set(keys) >= _NEEDED and {"task", "requirement"} & set(keys) else ()


def _meaning(cell: str) -> str:
    bare = "".join(fold(cell).split())
    return next((key for key, words in _MEANS.items() if words.fullmatch(bare)), "")


def _listed_keys(lines: list[str], at: int) -> tuple[tuple[str, ...], int]:
    """Headings that stand one below the other, and where the cells after them begin."""
    if _meaning(lines[at]) != "number":
        return (), at
    end = next((place for place in range(at, min(at + 12, len(lines))) if not _meaning(lines[place])), at)
    return _keys(lines[at:end]), end


def _wide(lines: list[str]) -> Iterator[Row]:
    """Rows of a table whose cells are parted by tabs, up to where the table ends."""
    seen = False
    for line in lines[:MOST]:
        if "\t" not in line.strip("\n"):
            if seen and line.strip():
                return
            continue
        seen = True
        yield [cell.strip() for cell in line.split("\t")]


def _tall(lines: list[str]) -> Iterator[Row]:
    """Rows of a table with one cell a line: each begins with the next number."""
    row: Row = []
    wanted = 1
    for line in lines[: MOST * 8]:
        cell = line.strip()
        number = _PLACE.fullmatch(cell)
        if number and int(number[1]) == wanted:
            if row:
                yield row
            row, wanted = [cell], wanted + 1
        elif cell and row:
            row.append(cell)
    if row:
        yield row


def _told(keys: tuple[str, ...], rows: Iterator[Row]) -> tuple[Task, ...]:
    found: list[Task] = []
    above: Row = []
    for row in rows:
        cells = _by_key(keys, row)
        if not cells.get("requirement") and not cells.get("deadline"):
            continue
        above = _carried(above, cells.pop("task").split("\t"))
        found.append(_task(len(found) + 1, above, cells))
    return tuple(found)


def _task(place: int, names: Row, cells: dict[str, str]) -> Task:
    number = _PLACE.fullmatch(cells.get("number", ""))
    who = cells.get("responsible", "")
    if cells.get("assist"):
        who = f"牵头单位：{who}；配合单位：{cells['assist']}"
    task = "—".join(dict.fromkeys(filter(None, names)))
    return Task(int(number[1]) if number else place, task, cells.get("requirement", ""), who, cells.get("deadline", ""))


def _by_key(keys: tuple[str, ...], row: Row) -> dict[str, str]:
    """A row's cells by what they mean; further ones belong to the task, whose heading is then wider than its cells."""
    at = keys.index("task") if "task" in keys else keys.index("requirement")
    left, right = keys[:at], keys[at + 1 :]
    cells = dict(zip(left, row, strict=False))
    if right and len(row) >= len(right):
        cells |= dict(zip(right, row[-len(right) :], strict=True))
    middle = row[len(left) : len(row) - len(right)]
    return cells | {"task": "\t".join(middle)}


def _carried(above: Row, own: Row) -> Row:
    """Names of a task with its merged cells filled from the row above; the last one is the narrowest."""
    names = [name for name in own if name]
    if not names:
        return above
    if len(names) < len(above):
        return [*above[: len(above) - len(names)], *names]
    return names
