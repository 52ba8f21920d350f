"""Items of the catalog with everything that 条例 and the standard catalogs ask of one: nine elements, level, column."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from gongkai.model.folding import fold
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import CategoryRow

#: The order in which a power runs (决策、执行、管理、服务、结果公开).
STEPS = ("决策", "执行", "管理", "服务", "结果")
LEVELS = ("国家", "省级", "市级", "县级", "乡级", "村级")
MANNERS = {"proactive": "主动公开", "on_request": "依申请公开", "withheld": "不予公开"}
#: The first platform of disclosure (条例 24) where an item names none.
PORTAL = "门户"
OWN = "本机关"
_MARKS = re.compile(r"[\s“”\"'「」『』《》（）()、，,。·]")


@dataclass(frozen=True, slots=True)
class Item:
    """One item as people read it: names instead of codes, what its row leaves open filled in."""

    row: CategoryRow
    parent: str
    deadline: str
    channels: tuple[str, ...]
    publisher: str
    manner: str
    scope: str
    levels: tuple[str, ...]
    exclusions: tuple[tuple[str, str], ...]

    @property
    def general(self) -> bool:
        """Whether it belongs to the catalog of any agency (the other one is that of natural resources)."""
        return self.row.code.startswith("G")

    @property
    def leaf(self) -> bool:
        """Whether documents belong to it rather than to an item below."""
        return len(self.row.code) > 3


@dataclass(frozen=True, slots=True)
class Area:
    """A field of work that a plan names, and the codes below which its items stand."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody wants to see of the catalog; nothing chosen is everything."""

    words: str = ""
    area: str = ""
    step: str = ""
    level: str = ""
    channel: str = ""


@cache
def areas() -> tuple[Area, ...]:
    """The twelve areas of a natural-resources agency."""
    text = (resources.files("gongkai.service.catalog") / "areas.toml").read_text("utf-8")
    return tuple(Area(row["name"], tuple(row["codes"])) for row in tomllib.loads(text)["area"])


def items(rules: Rulebook) -> tuple[Item, ...]:
    """All items in the order of the table."""
    return tuple(_items(rules))


def _items(rules: Rulebook) -> Iterator[Item]:
    deadlines = {row.code: row.name for row in rules.deadlines}
    clauses = {row.id: row.title for row in rules.clauses}
    for row in rules.categories:
        parent = rules.category.get(row.code[:3])
        yield Item(
            row,
            parent.name if parent else row.name,
            deadlines.get(row.deadline, row.deadline),
            split(row.channel) or (PORTAL,),
            row.publisher or OWN,
            row.manner or MANNERS.get(row.attribute, "按专门规定提供"),
            row.scope or ("全社会" if row.audience == "社会" else row.audience),
            split(row.level),
            tuple((id, clauses[id]) for id in row.unless if id in clauses),
        )


def split(told: str) -> tuple[str, ...]:
    """What a cell lists with 、."""
    return tuple(filter(None, (one.strip() for one in re.split("[、，,;；\n]", told))))


def plain(text: str) -> str:
    """Words as names are compared: folded (one script, one width), without marks."""
    return _MARKS.sub("", fold(text)).lower()


def names(row: CategoryRow) -> tuple[str, ...]:
    """Every name that an item goes by."""
    return (row.name, *row.aliases)


def found(all_items: Iterable[Item], chosen: Chosen) -> tuple[Item, ...]:
    """The items that fit, in their order."""
    return tuple(item for item in all_items if _fits(item, chosen))


def _fits(item: Item, chosen: Chosen) -> bool:
    row = item.row
    if chosen.step and row.five_public != chosen.step:
        return False
    if chosen.level and item.levels and chosen.level not in item.levels:
        return False
    if chosen.channel and chosen.channel not in item.channels:
        return False
    return _within(row.code, chosen.area) and _said(item, chosen.words)


def _within(code: str, area: str) -> bool:
    if not area or code.startswith(area):
        return True
    return any(code.startswith(one) for named in areas() if named.name == area for one in named.codes)


def _said(item: Item, words: str) -> bool:
    """Whether all words stand in what an item says of itself, in whatever script they are typed."""
    row = item.row
    said = plain(
        " ".join((row.code, *names(row), row.basis, item.deadline, item.publisher, *row.key_fields, *row.site))
    )
    return all(plain(word) in said for word in words.split())


def channels(rules: Rulebook) -> tuple[str, ...]:
    """Every channel that the catalog names, the most used first."""
    told = [channel for item in items(rules) for channel in item.channels]
    return tuple(sorted(dict.fromkeys(told), key=lambda one: (-told.count(one), one)))
