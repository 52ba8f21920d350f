"""The titles that a website lists, by column: does what stands in a column belong there (内容混杂)?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from gongkai.model.errors import RequestError
from gongkai.model.folding import fold
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import CategoryRow
from gongkai.service.catalog.items import plain
from gongkai.service.rules.catalogsheet import Grid, grids

HEADINGS = {
    "column": re.compile("(所在|发布|网站|信息)?栏目(名称)?|分类|频道"),
    "title": re.compile("(信息|文件|文章)?(标题|名称|题名)"),
    "day": re.compile("(发布|公开|上网)?(日期|时间)"),
    "link": re.compile("链接|网址|地址|url"),
}
#: More lines than a sheet of the importer holds are given in several files.
_LOOKED = 10
#: No title is longer: whole texts in its cell would be searched by every row of the catalog.
MOST = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a site's listing."""

    row: int
    column: str
    title: str
    day: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Misfiled:
    """A paper in a column where its item does not belong: the item, and the columns where it does."""

    entry: Entry
    category: CategoryRow
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """What a check of a listing says: papers misfiled, columns that no item names, items without a paper."""

    entries: tuple[Entry, ...]
    misfiled: tuple[Misfiled, ...]
    unknown: tuple[str, ...]
    empty: tuple[str, ...]
    told: int


def read_listing(name: str, data: bytes) -> tuple[Entry, ...]:
    """A listing (.xlsx, .csv) with a column for 栏目 and one for 标题. Raises RequestError."""
    found = [entry for rows in grids(name, data).values() for entry in _entries(rows)]
    if not found:
        raise RequestError("没有读到内容：前几行里要有“栏目”和“标题”两列的表头，可以另有“日期”“链接”，下面是内容。")
    return tuple(found)


def _entries(rows: Grid) -> Iterator[Entry]:
    named = (place for place, row in enumerate(rows[:_LOOKED]) if {"column", "title"} <= _places(row).keys())
    head = next(named, None)
    if head is None:
        return
    places = _places(rows[head])
    for at, row in enumerate(rows[head + 1 :], head + 2):
        entry = _entry(at, row, places)
        if entry.column and entry.title:
            yield entry


def _places(row: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, cell in enumerate(row):
        bare = fold(cell).strip().lower()
        key = next((key for key, words in HEADINGS.items() if words.fullmatch(bare)), "")
        found.setdefault(key, at)
    found.pop("", None)
    return found


def _entry(at: int, row: list[str], places: Mapping[str, int]) -> Entry:
    cells = {key: row[place].strip() if place < len(row) else "" for key, place in places.items()}
    return Entry(at, cells["column"][:MOST], cells["title"][:MOST], cells.get("day", ""), cells.get("link", ""))


def filed(entries: tuple[Entry, ...], rules: Rulebook, known: Mapping[str, str] | None = None) -> Filed:
    """Check a listing; `known` gives the item of titles (`plain`) that people or the machine already put somewhere."""
    columns = columns_of(rules)
    where = {entry.row: category_of(entry.title, rules, known or {}) for entry in entries}
    misfiled = tuple(_misfiled(entries, where, rules, columns))
    unknown = dict.fromkeys(one.column for one in entries if not columns.get(plain(one.column)))
    there = {plain(one.column) for one in entries}
    empty = tuple(row.code for row in rules.categories if row.site and not there & {plain(one) for one in row.site})
    return Filed(entries, misfiled, tuple(unknown), empty, sum(row is not None for row in where.values()))


def columns_of(rules: Rulebook) -> dict[str, tuple[str, ...]]:
    """Which items a column shows, by its plain name."""
    found: dict[str, list[str]] = {}
    for row in rules.categories:
        for column in row.site:
            found.setdefault(plain(column), []).append(row.code)
    return {column: tuple(codes) for column, codes in found.items()}


def expected(row: CategoryRow, rules: Rulebook) -> tuple[str, ...]:
    """The columns where an item belongs: its own, else those of the item above it."""
    parent = rules.category.get(row.code[:3])
    return row.site or (parent.site if parent else ())


def category_of(title: str, rules: Rulebook, known: Mapping[str, str]) -> CategoryRow | None:
    """The item that a title names: as already known, by a name of the item, by its cues; None for one that tells
    nothing."""
    if code := known.get(plain(title)):
        return rules.category.get(code)
    folded = fold(title)
    named = [(len(name), row) for row in rules.categories for name in row.aliases if name in folded and len(name) > 3]
    if named:
        return max(named, key=lambda pair: (pair[0], len(pair[1].code)))[1]
    telling = [row for row in rules.categories if row.key_fields]
    cued = [row for row in telling if any(pattern.search(folded) for pattern in row.title)]
    return cued[0] if len(cued) == 1 else None


def _misfiled(
    entries: Iterable[Entry],
    where: Mapping[int, CategoryRow | None],
    rules: Rulebook,
    columns: Mapping[str, tuple[str, ...]],
) -> Iterator[Misfiled]:
    for entry in entries:
        row = where[entry.row]
        shown = columns.get(plain(entry.column), ())
        if row is None or not shown:
            continue
        wanted = expected(row, rules)
        if wanted and plain(entry.column) not in {plain(one) for one in wanted} and row.code not in shown:
            yield Misfiled(entry, row, wanted)
