"""The three tables of the national yearly report, counted from the register and the figures that were given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from gongkai.service.afterwards.outcomes import Codes, codes
from gongkai.service.reports.periods import Period
from gongkai.service.reports.shapes import Cell, Column, Row, Table
from gongkai.service.store.duties import Application

NEW, CARRIED, LEFT = "new", "carried", "left"
LINES = {"reviews": "行政复议", "direct": "未经复议直接起诉", "after": "复议后起诉"}
BASIS = "国办公开办函〔2021〕30号；《政府信息公开条例》（2019年修订）第五十条"
UNNAMED = "—"


@dataclass(frozen=True, slots=True)
class Counts:
    """The register of a year as numbers: by line and kind of applicant, by kind of dispute and result.

    `unnamed` are closed applications without a known outcome, `unplaced` those of an unknown kind of applicant, `given`
    how many cells were given instead of counted.
    """

    applications: Mapping[tuple[str, str], int]
    disputes: Mapping[tuple[str, str], int]
    unnamed: int = 0
    unplaced: int = 0
    given: int = 0

    def line(self, code: str) -> int:
        """One line over all kinds of applicants."""
        return sum(self.applications.get((code, kind), 0) for kind in codes().applicants)

    def of(self, kind: str, *lines: str) -> int:
        """Some lines of one kind of applicant."""
        return sum(self.applications.get((line, kind), 0) for line in lines)

    def group(self, code: str) -> int:
        """One heading of the results over all kinds."""
        return sum(self.line(outcome.code) for outcome in codes().within(code))

    @property
    def closed(self) -> int:
        """All that was closed in the year."""
        return sum(self.line(code) for code in codes().outcomes)

    def disputed(self, line: str, *, refused: bool = False) -> int:
        """Reviews or lawsuits of one line, those that were not accepted left out unless asked for."""
        results = codes().results.values()
        return sum(self.disputes.get((line, one.code), 0) for one in results if refused or one.counted)


def counted(register: Iterable[Application], year: Period, given: Mapping[str, float]) -> Counts:
    """Count a register (all rows that touch the year); what was given for a cell replaces what was counted."""
    told, known = Counter[tuple[str, str]](), codes()
    disputes = Counter[tuple[str, str]]()
    unnamed = unplaced = 0
    for one in register:
        kind = one.applicant if one.applicant in known.applicants else ""
        unplaced += not kind
        for line in _lines(one, year):
            unnamed += line == UNNAMED
            told[line, kind or "other"] += 1
        for line, results in ((line, one.extra.get(line, ())) for line in LINES):
            if _falls(one, year):
                disputes.update((line, result if result in known.results else "pending") for result in results)
    replaced = _replace(told, disputes, given, known)
    return Counts(told, disputes, unnamed, unplaced, replaced)


def _lines(one: Application, year: Period) -> Iterable[str]:
    """In which lines of the table an application counts."""
    first, after = year.first.isoformat(), year.after.isoformat()
    if not one.received or one.received >= after or (one.closed and one.closed < first):
        return
    yield NEW if one.received >= first else CARRIED
    if not one.closed or one.closed >= after:
        yield LEFT
    else:
        yield one.outcome if one.outcome in codes().outcomes else UNNAMED


def _falls(one: Application, year: Period) -> bool:
    """Whether its disputes count in a year: that of their own day, or else of the reply."""
    return year.holds(str(one.extra.get("disputed", "") or one.closed or one.received))


def _replace(
    told: Counter[tuple[str, str]], disputes: Counter[tuple[str, str]], given: Mapping[str, float], known: Codes
) -> int:
    done = 0
    for key, value in given.items():
        line, _, part = key.partition(".")
        if line in LINES and part in known.results:
            disputes[line, part], done = int(value), done + 1
        elif part in known.applicants:
            told[line, part], done = int(value), done + 1
    return done


def applications_table(counts: Counts) -> Table:
    """第三张表：收到和处理政府信息公开申请情况."""
    known = codes()
    columns = tuple(
        Column(one.name, above="" if code == "natural" else "法人或其他组织", wide=9)
        for code, one in known.applicants.items()
    )
    rows = [
        _row(counts, "一、本年新收政府信息公开申请数量", NEW),
        _row(counts, "二、上年结转政府信息公开申请数量", CARRIED),
        Row("三、本年度办理结果", (None,) * (len(columns) + 1)),
    ]
    for group in known.groups.values():
        within = known.within(group.code)
        if len(within) == 1:
            rows.append(_row(counts, group.name, within[0].code, level=1))
            continue
        rows.append(_row(counts, group.name, *(one.code for one in within), level=1, strong=True))
        rows += [_row(counts, f"{n}．{one.name}", one.code, level=2) for n, one in enumerate(within, 1)]
    rows.append(_row(counts, "（七）总计", *known.outcomes, level=1, strong=True))
    rows.append(_row(counts, "四、结转下年度继续办理", LEFT))
    note = "勾稽关系：第一项加第二项之和，等于第三项加第四项之和。"
    title = "收到和处理政府信息公开申请情况"
    return Table(title, "本列数据", (*columns, Column("总计", wide=9)), tuple(rows), note)


def _row(counts: Counts, name: str, *lines: str, level: int = 0, strong: bool = False) -> Row:
    cells = [counts.of(kind, *lines) for kind in codes().applicants]
    return Row(name, (*cells, sum(cells)), level, strong)


def disputes_table(counts: Counts) -> Table:
    """第四张表：政府信息公开行政复议、行政诉讼情况."""
    results = [one for one in codes().results.values() if one.counted]
    columns, cells = [], []
    for line, name in LINES.items():
        above = name if line == "reviews" else f"行政诉讼：{name}"
        found = [counts.disputes.get((line, one.code), 0) for one in results]
        columns += [Column(one.name, above=above, wide=7) for one in results] + [Column("总计", above=above, wide=7)]
        cells += [*found, sum(found)]
    left_out = sum(counts.disputes.get((line, "refused"), 0) for line in LINES)
    note = f"另有 {left_out} 件复议机关或者法院未受理，不计入本表。" if left_out else ""
    rows = (Row("件数", tuple(cells)),)
    return Table("政府信息公开行政复议、行政诉讼情况", "", tuple(columns), rows, note)


PROACTIVE = (
    ("第二十条第（一）项", "规章", ("rules_made", "rules_repealed", "rules_valid")),
    ("第二十条第（一）项", "行政规范性文件", ("normative_made", "normative_repealed", "normative_valid")),
    ("第二十条第（五）项", "行政许可", ("licences",)),
    ("第二十条第（六）项", "行政处罚", ("penalties",)),
    ("第二十条第（六）项", "行政强制", ("coercions",)),
)


def proactive_tables(told: Mapping[str, float], recorded: Mapping[str, int]) -> tuple[Table, ...]:
    """第二张表：主动公开政府信息情况, in its four pieces; what nobody gave and no record tells stays empty."""
    first = [Row(name, tuple(_told(told, recorded, key) for key in keys)) for _, name, keys in PROACTIVE[:2]]
    used = [name for key, name in _RECORDED.items() if key not in told and recorded.get(key)]
    note = f"{'、'.join(used)}按本系统的记录统计，请核对后填报。" if used else ""
    made = ("本年制发件数", "本年废止件数", "现行有效件数")
    tables = [Table("第二十条第（一）项", "信息内容", tuple(map(Column, made)), tuple(first), note)]
    for place in ("第二十条第（五）项", "第二十条第（六）项"):
        rows = [Row(name, (_told(told, recorded, keys[0]),)) for at, name, keys in PROACTIVE if at == place]
        tables.append(Table(place, "信息内容", (Column("本年处理决定数量"),), tuple(rows)))
    fee = Row("行政事业性收费", (_told(told, recorded, "fees"),))
    tables.append(Table("第二十条第（八）项", "信息内容", (Column("本年收费金额（单位：万元）"),), (fee,)))
    return tuple(tables)


_RECORDED = {
    "normative_made": "规范性文件制发件数",
    "normative_repealed": "规范性文件废止件数",
    "normative_valid": "规范性文件现行有效件数",
}


def _told(told: Mapping[str, float], recorded: Mapping[str, int], key: str) -> Cell:
    value = told.get(key, recorded.get(key))
    return int(value) if value is not None and value == int(value) else value
