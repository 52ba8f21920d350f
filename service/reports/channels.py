"""What was published, by type and by channel: records of 办理流转 and the channels' own figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.reports import counting, figures
from gongkai.service.reports.counting import Published
from gongkai.service.reports.periods import Period
from gongkai.service.reports.scopes import Scope
from gongkai.service.reports.shapes import Cell, Chart, Line, Part, Table, plain

_UNSAID, _NO_CATEGORY = "没有登记渠道", "没有定目录项"
_MOST = 8


def channel_parts(
    session: Session, scope: Scope, period: Period, given: Mapping[str, float], rules: Rulebook
) -> tuple[Part, ...]:
    """A chapter with both tables; none where neither records nor figures tell anything."""
    found = counting.published(session, scope, period)
    tables = (*_crossed(found, rules), *_given(given))
    if not tables:
        return ()
    return (Part("附：主动公开的类别、渠道和数量", tables=tables, charts=_chart(found, rules)),)


def top(category: str, rules: Rulebook) -> str:
    """The name of the catalog's first level that a category belongs to."""
    row = rules.category.get(category)
    above = rules.category.get(category[:3])
    return above.name if above else row.name if row else _NO_CATEGORY


def _crossed(found: Iterable[Published], rules: Rulebook) -> tuple[Table, ...]:
    """Types down, channels across."""
    cells = Counter((top(one.category, rules), one.channel.strip() or _UNSAID) for one in found)
    if not cells:
        return ()
    wide = [channel for channel, _ in Counter({c: 0 for _, c in cells} | _sums(cells, 1)).most_common(_MOST)]
    tall = [kind for kind, _ in _sums(cells, 0).most_common()]
    rows: list[tuple[Cell, ...]] = [
        (kind, *(cells[kind, channel] for channel in wide), _sums(cells, 0)[kind]) for kind in tall
    ]
    return (plain("按类别和渠道（件）", "类别", (*wide, "合计"), rows, "按办理流转里登记的发布统计。"),)


def _sums(cells: Counter[tuple[str, str]], place: int) -> Counter[str]:
    told = Counter[str]()
    for key, count in cells.items():
        told[key[place]] += count
    return told


def _given(given: Mapping[str, float]) -> tuple[Table, ...]:
    rows = [
        (item.name, f"{given[item.key]:,.15g}", item.unit)
        for item in figures.items()
        if item.group in ("channels", "service") and item.key in given
    ]
    return (plain("各渠道填报的数量", "渠道", ("数量", "单位"), rows),) if rows else ()


def _chart(found: Iterable[Published], rules: Rulebook) -> tuple[Chart, ...]:
    kinds = Counter(top(one.category, rules) for one in found).most_common(_MOST)
    if not kinds:
        return ()
    line = Line("主动公开", "proactive", tuple(count for _, count in kinds))
    return (Chart("主动公开的类别（件）", tuple(kind for kind, _ in kinds), (line,)),)
