"""Stage `numbers`: the number detectors alone against one plain pattern for each type."""

from __future__ import annotations

import re

from documents import Paper, authored, gold, size, trained_on
from leaks import figures
from measure import Plan, Row, Table, interleaved, speed

from gongkai.model.document import Document
from gongkai.model.grid import Cell, table_cells, table_rows
from gongkai.model.identifiers.numbers import numbers

NAME = "one plain pattern a type"
PLAIN = {
    "ID_CARD": re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)|(?<!\d)\d{15}(?!\d)"),
    "PHONE_MOBILE": re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"),
    "PHONE_FIX": re.compile(r"(?<!\d)[(（]?0\d{2,3}[)）]?[- ]?\d{7,8}(?!\d)|(?<!\d)[48]00-?\d{3}-?\d{4}(?!\d)"),
    "BANK": re.compile(r"(?<!\d)\d{4} ?\d{4} ?\d{4} ?\d{4}(?: ?\d{1,3})?(?!\d)"),
    "PASSPORT": re.compile(r"(?<![A-Za-z\d])(?:[EG]\d{8}|E[A-Z]\d{7}|[HM]\d{10})(?!\d)"),
    "MIL_ID": re.compile(r"(?:军官证|士兵证|退伍证|转业证)号?[:：]?[^\s，。]{4,16}"),
    "SSN": re.compile(r"(?:社保|医保)(?:卡|编)?号[:： ]?[\dA-Za-z-]{8,20}"),
    "PLATE": re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·]?[A-Z0-9]{5,6}"),
    "EMAIL": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.A),
    "WECHAT": re.compile(r"(?:微信|QQ)号?[:：]?([A-Za-z][\w-]{5,19}|\d{5,12})", re.A),
}


def measure(plan: Plan) -> Table:
    """What either side leaves in clear, and megabytes for a second of processor time."""
    papers = authored(plan.a_group)
    table = Table(f"numbers alone: {len(papers)} authored documents")
    table.rows += _leaks("authored", "yes", papers)
    if plan.gold:
        papers = gold(plan.gold)
        table.rows += _leaks(plan.gold.name, f"{trained_on(papers)} of {len(papers)}", papers)
    table.rows += _speed(papers, plan.rounds)
    table.notes += [
        "every finding counts as masked, for nobody has decided yet what stays: keep violations are left out",
        f"ours: the folded text and the tables' cells are known beforehand; {NAME}: the text as read",
        "text without digits: the same documents, every digit replaced by a character",
    ]
    return table


def _plain(text: str) -> list[tuple[int, int]]:
    return [match.span() for pattern in PLAIN.values() for match in pattern.finditer(text)]


def _cells(document: Document) -> tuple[Cell, ...]:
    return table_cells(table_rows(document))


def _leaks(name: str, seen: str, papers: list[Paper]) -> list[Row]:
    read = [(document := paper.fresh(), _cells(document)) for paper in papers]
    ours = [[(f.span.start, f.span.end) for f in numbers(document, cells)] for document, cells in read]
    masks = {"gongkai": ours, NAME: [_plain(paper.text) for paper in papers]}
    kept = ("leaked numbers", "stray")
    return [
        {"what": f"{what}, {name}", "seen": seen if what == "gongkai" else "no"}
        | {key: value for key, value in figures(papers, spans).items() if key in kept}
        for what, spans in masks.items()
    ]


def _speed(papers: list[Paper], rounds: int) -> list[Row]:
    texts = {"as they are": [p.text for p in papers], "without digits": [re.sub(r"\d", "某", p.text) for p in papers]}
    return [_timed(name, some, rounds) for name, some in texts.items()]


def _timed(name: str, texts: list[str], rounds: int) -> Row:
    read = [(document := Document("", text), _cells(document), document.folded) for text in texts]
    jobs = {
        "ours": lambda item: list(numbers(item[0], item[1])),
        "plain": lambda item: _plain(item[0].text),
    }
    times = interleaved(read, jobs, rounds)
    volume = len(texts), size(texts)
    row = speed(f"numbers, {len(texts)} documents {name}", times["ours"], volume, NAME, times["plain"])
    rates = {key: volume[1] / 1e6 / times[key].cpu_seconds for key in jobs}
    return row | {"MB/CPU-s": rates["ours"], "baseline MB/CPU-s": rates["plain"]}
