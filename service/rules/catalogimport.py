"""Bring an agency's catalog (its own, or one of the 26 grass-roots standard catalogs) into the rulebook as a draft.

Items are known by their names; others get new codes. Nothing is taken over while a cell is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gongkai.model.folding import fold
from gongkai.model.tablefile import read_rows
from gongkai.model.tablerows import CategoryRow, Deadline
from gongkai.service.access.actors import Actor
from gongkai.service.rules import versions
from gongkai.service.rules.catalogsheet import Line, Wrong, read_lines
from gongkai.service.rules.catalogterms import Term, article_item, channels, contents, nearest, step, term, ticked
from gongkai.service.rules.memory import Files, Memory
from gongkai.service.rules.rows import added, changed, rows
from gongkai.service.settings import Settings

CATALOG, CLOCKS = "catalog.toml", "deadlines.toml"
REST = "G99"
#: Shorter names (政策解读, 监督检查) stand in every area.
TELLING = 5
#: Of a catalog's columns, or words of its one column.
LEVELS = {"nation": "国家", "province": "省级", "city": "市级", "county": "县级", "town": "乡级", "village": "村级"}
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_NOT_HAN = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]")
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one line: the code, whether it is new, the columns that changed."""

    code: str
    name: str
    new: bool
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """A catalog read over the tables of a version: `files` are the tables after it (as before while `wrong` holds
    anything), `remarks` what somebody should look at."""

    files: Files = field(repr=False)
    items: tuple[Item, ...]
    wrong: tuple[Wrong, ...]
    remarks: tuple[Wrong, ...]


def draft(
    session: Session, actor: Actor, settings: Settings, lines: Iterable[Line], *, at: datetime
) -> tuple[int, Imported]:
    """Keep the lines of a catalog, over the version in force, as a draft; 0 and no draft while a cell is wrong.

    Raises RequestError (tables that would not load).
    """
    found = taken(lines, versions.in_force(session, settings).files)
    if found.wrong:
        return 0, found
    versions.checked(found.files, settings)
    new = sum(item.new for item in found.items)
    note = f"导入目录：{len(found.items)} 项，其中新增 {new} 项"
    return versions.draft(session, actor, found.files, note, at=at), found


def imported(name: str, data: bytes, files: Files) -> Imported:
    """Read a catalog over these tables. Raises RequestError, RulebookError."""
    return taken(read_lines(name, data), files)


def taken(lines: Iterable[Line], files: Files) -> Imported:
    """Put the lines of a catalog over these tables. Raises RulebookError."""
    folder: Any = Memory(files)  # it is as much of a folder as is asked of one
    known = read_rows(folder, CATALOG, "category", CategoryRow)
    taking = _Taking(files, {row.code: row for row in known}, [*read_rows(folder, CLOCKS, "deadline", Deadline)])
    for line in lines:
        taking.take(line)
    return taking.result()


def same(name: str) -> str:
    """A name as it is compared: without brackets and punctuation."""
    folded = fold(name)
    return _NOT_HAN.sub("", _ASIDE.sub("", folded)) or _NOT_HAN.sub("", folded)


class _Taking:
    """The tables while lines are taken over."""

    def __init__(self, files: Files, known: dict[str, CategoryRow], clocks: list[Deadline]) -> None:
        self.files, self.known, self.clocks = files, known, clocks
        self.changes: dict[str, Values] = {}
        self.new: dict[str, Values] = {}
        self.new_clocks: dict[str, Values] = {}
        self.names = {code: row.name for code, row in known.items()}
        self.items: list[Item] = []
        self.wrong: list[Wrong] = []
        self.remarks: list[Wrong] = []

    def take(self, line: Line) -> None:
        """Take one line over, or note what is wrong with it."""
        name = "—".join(filter(None, (line["second"], line["third"])))
        before = len(self.wrong)
        if not name:
            self.wrong.append(line.wrong("second", "没有写二级事项，请补上。"))
            return
        parent = self._parent(line)
        code = line["code"] if line["code"] in self.known else self._known_code(line, name, parent)
        values = self._values(line, self.known.get(code))
        if code in self.changes or code in self.new:
            self.wrong.append(line.wrong("second", f"事项“{name[:40]}”和上面的一行重复（{code}），请合并。"))
        if len(self.wrong) > before:
            return
        if code:
            self._change(code, values)
        else:
            self._add(line, parent, name, values)

    def _parent(self, line: Line) -> str:
        """The code of the line's 一级事项; a new one for a name that nobody knows; nothing where there is none."""
        first = same(line["first"])
        general = [code for code in self.names if len(code) == 3]
        found = next((code for code in general if same(self.names[code]) == first), "") if first else ""
        return found or (f"?{first}" if first else "")

    def _known_code(self, line: Line, name: str, parent: str) -> str:
        """The item of the same name: under the same 一级事项, or anywhere where the name is telling enough."""
        alike = [code for code, known in self.names.items() if same(known) == same(name)]
        if parent in self.names:
            alike = [code for code in alike if code.startswith(parent)]
        elif parent and len(same(name)) < TELLING:
            alike = []
        if len(alike) > 1:
            told = "、".join(alike)
            self.wrong.append(line.wrong("second", f"事项“{name[:40]}”和 {told} 同名，请在一级事项写明属于哪一类。"))
        return alike[0] if alike else ""

    def _values(self, line: Line, row: CategoryRow | None) -> Values:
        """The columns that a line fills; an empty cell leaves what is known, and is wrong where nothing is."""
        if row is None:
            for key, told in (("basis", "没有写公开依据"), ("deadline", "没有写公开时限")):
                if not line[key]:
                    self.wrong.append(line.wrong(key, f"{told}，新的事项必须写明。"))
        values = {
            "basis": " ".join(line["basis"].split()),
            "deadline": self._deadline(line, row),
            "channel": channels(line["channel"]),
            "audience": self._audience(line),
            "attribute": "",
            "key_fields": contents(line["content"]),
            "publisher": " ".join(line["publisher"].split()),
            "manner": "、".join(self._ticked(line, {"proactive": "主动", "on_request": "依申请"}, "manner")),
            "level": "、".join(self._ticked(line, LEVELS, "level")),
            "site": contents(line["site"]),
            "scope": " ".join(line["scope"].split()),
            "aliases": contents(line["aliases"]),
        }
        if values["manner"]:
            values["attribute"] = "on_request" if values["manner"] == "依申请" else "proactive"
        return {key: value for key, value in values.items() if value}

    def _deadline(self, line: Line, row: CategoryRow | None) -> str:
        told = line["deadline"]
        if not told:
            return ""
        if named := next((clock for clock in self.clocks if clock.name == told), None):
            return named.code
        found = term(told)
        if found is None:
            said = "看不懂这个公开时限，请写明几个工作日内、每年几月几日前、按季度或者及时。"
            self.wrong.append(line.wrong("deadline", said))
            return ""
        if found.several:
            self.remarks.append(line.wrong("deadline", "写了几个时限，只取了第一个，请核对。"))
        clock = nearest(found, self.clocks, told, row.deadline if row else "")
        return clock.code if clock else self._clock(found, told, line["basis"])

    def _clock(self, found: Term, told: str, basis: str) -> str:
        taken = {row.code for row in self.clocks}
        code = next(code for code in _numbered(found.code) if code not in taken)
        name, start = " ".join(told.split())[:60], "信息形成或者变更"
        row = Deadline(code, name, basis or "本机关目录", found.count, found.unit, found.clock, start, found.day)
        self.clocks.append(row)
        parts = {
            "count": row.count,
            "unit": row.unit,
            "clock": row.clock if row.clock != "within" else "",
            "day": row.day,
        }
        told_parts = {key: value for key, value in parts.items() if value}
        self.new_clocks[code] = {"code": code, "name": name, "basis": row.basis, **told_parts, "start": start}
        return code

    def _audience(self, line: Line) -> str:
        some = line["some"].strip()
        if "all" not in line.cells and "some" not in line.cells:
            return {"全社会": "社会"}.get(line["audience"], line["audience"])
        if self._ticked(line, {"all": "社会"}, "audience"):
            return "社会"
        return "" if ticked(some) is False else "特定群体" if ticked(some) else some.lstrip("√✓■ ")

    def _ticked(self, line: Line, names: dict[str, str], whole: str) -> list[str]:
        """The names whose boxes are ticked, or those that stand in the one column that is not divided."""
        if not names.keys() & line.cells.keys():
            return [name for name in names.values() if name in fold(line[whole])]
        found = []
        for key, name in names.items():
            tick = ticked(line[key])
            if tick is None:
                self.wrong.append(line.wrong(key, "这一格应当打“√”或者空着，请改正。"))
            if tick:
                found.append(name)
        return found

    def _change(self, code: str, values: Values) -> None:
        row = self.known[code]
        different = {key: value for key, value in values.items() if value != _plain(getattr(row, key))}
        if different.get("attribute") == "on_request":
            different["duty"] = ""
        self.changes[code] = different
        self.items.append(Item(code, row.name, False, tuple(different)))

    def _add(self, line: Line, parent: str, name: str, values: Values) -> None:
        if parent.startswith("?") or not parent:
            parent = self._new_parent(line, values) if parent else REST
        code = next(code for code in _below(parent) if code not in self.names)
        row = {**_BLANK, **values, "code": code, "name": name, "five_public": step(name)}
        row["duty"] = self._duty(parent, values) if row["attribute"] == "proactive" else ""
        row["title"] = [re.escape(same(name))] if len(same(name)) > 2 else []
        self._put(row)

    def _new_parent(self, line: Line, values: Values) -> str:
        code = next(
            code for code in (f"G{place}" for place in range(22, 10_000)) if len(code) == 3 and code not in self.names
        )
        name = " ".join(line["first"].split())
        row = {**_BLANK, "code": code, "name": name, "five_public": step(name), "basis": values["basis"]}
        row |= {"deadline": values["deadline"], "duty": self._duty("", values)}
        self._put(row)
        return code

    def _put(self, row: Values) -> None:
        self.new[row["code"]] = row
        self.names[row["code"]] = row["name"]
        self.items.append(Item(row["code"], row["name"], True, ()))

    def _duty(self, parent: str, values: Values) -> str:
        place = article_item(values.get("basis", ""))
        if place:
            return f"P-20{place:02}"
        return self.known[parent].duty if parent in self.known and parent != REST else "P-2015"

    def result(self) -> Imported:
        """What came of it."""
        files = self.files if self.wrong else self._written()
        return Imported(files, tuple(self.items), tuple(self.wrong), tuple(self.remarks))

    def _written(self) -> Files:
        text = self.files[CATALOG]
        for row in reversed(rows(text, "category")):  # from the end, so that the places of those before stay true
            if change := self.changes.get(row.key):
                text = changed(text, row, {(key,): value for key, value in change.items()})
        text = _all_added(text, "category", self.new.values())
        clocks = _all_added(self.files[CLOCKS], "deadline", self.new_clocks.values())
        return {**self.files, CATALOG: text, CLOCKS: clocks}


_BLANK: Values = {
    "code": "", "name": "", "five_public": "", "basis": "", "deadline": "", "channel": "", "audience": "社会",
    "attribute": "proactive", "key_fields": [], "duty": "", "title": [], "body": [],
}  # fmt: skip


def _all_added(text: str, table: str, values: Iterable[Values]) -> str:
    for row in values:
        text = added(text, table, row)
    return text


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell of any type
    return list(value) if isinstance(value, tuple) else value


def _below(parent: str) -> Iterator[str]:
    yield from (f"{parent}{place:02}" for place in range(1, 100))
    yield from (f"{parent}{place}" for place in range(100, 10_000))


def _numbered(code: str) -> Iterator[str]:
    yield code
    yield from (f"{code}-{place}" for place in range(2, 10_000))
