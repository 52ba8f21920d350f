"""Which column of a table holds what, and what its values mean: the table's own TOML over the names in fields.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping as Cells
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gongkai.model.finding import Attribute
from gongkai.model.folding import fold
from gongkai.model.rulebook import Rulebook
from gongkai.training.authored import CorpusError
from gongkai.training.fields import attribute_of, field_rows
from gongkai.training.tabular import heading

_PARTS = ("columns", "attribute", "category", "fixed", "sheet")
Names = dict[str, tuple[str, ...]]
_LIST = re.compile(r"[,，;；、|\s]+")


def _default_columns() -> dict[str, tuple[str, ...]]:
    return {row.column: tuple(map(heading, row.names)) for row in field_rows() if row.label == "column"}


@dataclass(frozen=True)
class Mapping:
    """Headings by field, meanings of an export's own values, and cells that are the same in every row."""

    columns: Cells[str, tuple[str, ...]] = field(default_factory=_default_columns)
    attributes: Cells[str, str] = field(default_factory=dict)
    categories: Cells[str, tuple[str, ...]] = field(default_factory=dict)
    fixed: Cells[str, str] = field(default_factory=dict)
    sheet: str = ""
    wanted: tuple[str, ...] = ()

    def known(self, headings: set[str]) -> bool:
        """Whether these headings can be those of the table: a text or a file, and every column that a mapping names."""
        holds = {name for name, names in self.columns.items() if headings & set(names)}
        return bool(holds & {"text", "file"}) and holds >= set(self.wanted)

    def cell(self, row: Cells[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON values or text
        """The first filled cell of a field, stripped if text; the fixed value, else None."""
        for column in self.columns.get(name, ()):
            value = row.get(column)
            if value is not None and (not isinstance(value, str) or value.strip()):
                return value.strip() if isinstance(value, str) and name != "text" else value
        return self.fixed.get(name)

    def text(self, row: Cells[str, Any], name: str) -> str:
        """A cell as text; lists and the like count as nothing."""
        value = self.cell(row, name)
        return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""

    def attribute(self, value: str) -> str:
        """An attribute in the export's own words, a code or common words; "" if unknown."""
        if mapped := self.attributes.get(heading(value)):
            return mapped
        return value if value in list(Attribute) else attribute_of(value)

    def codes(self, value: Any, names: Cells[str, tuple[str, ...]]) -> tuple[tuple[str, ...], bool]:  # noqa: ANN401
        """The codes that a list, or a text with separators, names, and whether all of it was understood."""
        pieces = value if isinstance(value, list) else [value]
        found: dict[str, None] = {}
        whole = True
        for piece in map(str, pieces):
            parts = [piece] if heading(piece) in names else [part for part in _LIST.split(piece) if part]
            for part in parts:
                found.update(dict.fromkeys(names.get(heading(part), ())))
                whole &= heading(part) in names
        return tuple(found), whole


def code_names(rules: Rulebook, mapping: Mapping) -> dict[str, Names]:
    """Codes by their own and their Chinese names, for each field that holds codes; the export's own names win."""
    clauses: Names = {heading(name): (row.id,) for row in rules.clauses for name in (row.id, row.title)}
    categories: Names = {heading(name): (row.code,) for row in rules.categories for name in (row.name, row.code)}
    reasons: Names = {heading(name): (row.code,) for row in rules.reasons for name in (row.name, row.code)}
    categories.update(mapping.categories)
    return {"categories": categories, "negative": clauses, "near": clauses, "reasons": reasons}


def read_mapping(path: Path, rules: Rulebook) -> Mapping:
    """A mapping from its TOML. Raises CorpusError that names what is wrong in it."""
    try:
        content = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"映射表 {path.name} 读不出来，请确认文件存在并且是 UTF-8 编码。") from error
    except tomllib.TOMLDecodeError as error:
        raise CorpusError(f"映射表 {path.name} 不是有效的 TOML，请改正。") from error
    tables = {name: content.get(name, {}) for name in _PARTS if name != "sheet"}
    if set(content) - set(_PARTS) or not all(isinstance(table, dict) for table in tables.values()):
        raise CorpusError(f"映射表 {path.name} 只能有 {'、'.join(_PARTS)} 这几部分，请对照示例改正。")
    _check(path.name, tables, rules)
    columns = {name: tuple(map(heading, _listed(value))) for name, value in tables["columns"].items()}
    return Mapping(
        {**_default_columns(), **columns},
        {heading(words): value for words, value in tables["attribute"].items()},
        {heading(words): tuple(_listed(value)) for words, value in tables["category"].items()},
        tables["fixed"],
        str(content.get("sheet", "")),
        tuple(name for name, value in columns.items() if value),
    )


def _check(name: str, tables: dict[str, dict[str, Any]], rules: Rulebook) -> None:
    known = _default_columns()
    wrong = [f for f in (*tables["columns"], *tables["fixed"]) if f not in known]
    if wrong:
        raise CorpusError(f"映射表 {name} 里有不认识的字段 {'、'.join(wrong)}，可用的：{'、'.join(known)}。")
    if any(value not in list(Attribute) for value in tables["attribute"].values()):
        raise CorpusError(f"映射表 {name} 的 [attribute] 只能对应到 {'、'.join(Attribute)}，请改正。")
    codes = [code for value in tables["category"].values() for code in _listed(value)]
    if unknown := sorted({code for code in codes if code not in rules.category}):
        raise CorpusError(f"映射表 {name} 的 [category] 用了目录里没有的代码 {'、'.join(unknown)}，请改正。")
    if not all(isinstance(value, str) for value in tables["fixed"].values()):
        raise CorpusError(f"映射表 {name} 的 [fixed] 只能是文字，请给值加上引号。")


def _listed(value: Any) -> list[str]:  # noqa: ANN401 - a TOML value
    return [str(item) for item in (value if isinstance(value, list) else [value]) if fold(str(item)).strip()]
