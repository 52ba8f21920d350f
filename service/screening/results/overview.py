"""The report of a backlog: one self-contained page without a script, to read on a screen or on paper."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.records import Pile
from gongkai.service.screening.results import charts
from gongkai.service.screening.results.totals import CLASSES, UNKNOWN, Split, Totals, at
from gongkai.service.wire import Json

NAME = "report.html"
_MOST = 15
_SHARES = (0.25, 0.5, 0.75, 0.9, 1.0)
_YEARS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: name, count, share of the whole (0 to 1), its bar, and more cells."""

    name: str
    count: int
    share: float
    bar: str
    more: tuple[str, ...] = ()


def page(totals: Totals, rules: Rulebook, made: str, kept: Sequence[str] = (), trust: Json | None = None) -> str:
    """The report as HTML. `made` is the time as the caller tells it, `kept` names worklists that were moved aside.

    `trust` is what an audit sample said (`gongkai.service.screening.decisions.trust.Trust` as JSON).
    """
    environment = Environment(loader=PackageLoader("gongkai.service"), autoescape=True, trim_blocks=True)
    environment.filters |= {"csp": _csp, "number": lambda n: f"{n:,}", "percent": percent}
    expected, observed = totals.expected(), totals.observed()
    told = {
        "totals": totals,
        "made": made,
        "kept": kept,
        "trust": trust,
        "pile_names": {pile.value: pile.label for pile in Pile},
        "engines": list(totals.engines),
        "piles": _piles(totals),
        "attributes": _attributes(totals),
        "labels": [(a.value, a.label) for a in Attribute],
        "years": _years(totals),
        "unknown_year": sum(totals.years.get(UNKNOWN, {}).values()),
        "confidence": _confidence(totals),
        "units": _split(totals.units),
        "categories": _named(totals.categories, {c.code: c.name for c in rules.categories}),
        "clauses": _named(totals.clauses, {c.id: c.title for c in rules.clauses}, sum(totals.attributes.values())),
        "failures": _failures(totals),
        "curve": _curve(expected, observed),
        "shares": [(share, at(expected, share), at(observed, share) if observed else None) for share in _SHARES],
        "observed": len(totals.judged) if observed else 0,
    }
    return environment.get_template("backlog.html").render(told)


def percent(share: float | None) -> str:
    """A share in percent with one decimal."""
    return "—" if share is None else f"{share:.1%}"


def _csp(style: str) -> str:
    """The source expression of the page's only style."""
    return f"sha256-{b64encode(hashlib.sha256(style.encode()).digest()).decode()}"


def _row(name: str, count: int, whole: int, kind: str, more: tuple[str, ...] = ()) -> Row:
    share = count / whole if whole else 0.0
    return Row(name, count, share, charts.bar([(share, kind)]), more)


def _piles(totals: Totals) -> list[Row]:
    order = (Pile.stop, Pile.decide, Pile.confirm)
    rows = [(pile, totals.piles[pile], totals.decided[pile]) for pile in order]
    return [_row(p.label, count, totals.records, p.value, (f"{done:,}",)) for p, count, done in rows]


def _attributes(totals: Totals) -> list[Row]:
    whole = sum(totals.attributes.values())
    return [_row(a.label, totals.attributes[a.value], whole, a.value) for a in Attribute]


def _years(totals: Totals) -> str | None:
    known = sorted(year for year in totals.years if year.isdecimal())
    if not known:
        return None
    labels = [str(year) for year in range(int(known[0]), int(known[-1]) + 1)]
    labels = labels if len(labels) <= _YEARS else known[-_YEARS:]
    return charts.columns(labels, _series(totals.years, labels), "各年记录数，按建议属性")


def _confidence(totals: Totals) -> str:
    ends = [*CLASSES[1:], 100]
    labels = [f"{low}–{end}%" if low else f"<{end}%" for low, end in zip(CLASSES, ends, strict=True)]
    return charts.columns(labels, _series(totals.confidence, [str(low) for low in CLASSES]), "把握的分布，按建议属性")


def _series(split: Split, keys: Sequence[str]) -> list[charts.Series]:
    return [
        charts.Series(a.label, a.value, [split[key][a.value] if key in split else 0 for key in keys]) for a in Attribute
    ]


def _split(split: Split) -> list[Row]:
    """The largest, each bar cut by attribute and as long as its share of the largest; the rest and the unknown last."""
    ordered = sorted(split.items(), key=lambda item: (item[0] == UNKNOWN, -item[1].total(), item[0]))
    known = [(name, counts) for name, counts in ordered if name != UNKNOWN]
    whole, most = sum(c.total() for c in split.values()), max((c.total() for _, c in known), default=0)
    rows = [_bar(name, counts, whole, most) for name, counts in known[:_MOST]]
    if rest := known[_MOST:]:
        rows.append(_bar(f"其余{len(rest)}项", sum((c for _, c in rest), Counter()), whole, 0))
    return rows + [_bar(name, counts, whole, 0) for name, counts in ordered[len(known) :]]


def _bar(name: str, counts: Counter[str], whole: int, most: int) -> Row:
    """A line with its numbers by attribute; without a bar where `most` is 0."""
    pieces = [(counts[a.value] / most, a.value) for a in Attribute] if most else []
    more = tuple(f"{counts[a.value]:,}" for a in Attribute)
    return Row(name, counts.total(), counts.total() / whole, charts.bar(pieces), more)


def _named(counts: dict[str, int], names: dict[str, str], whole: int = 0) -> list[Row]:
    """The most frequent codes with their names; shares of `whole`, or of all counts."""
    total = whole or sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    most = ordered[0][1] if ordered else 1
    rows = [
        Row(names.get(code, code), n, n / total, charts.bar([(n / most, "plain")]), (code,))
        for code, n in ordered[:_MOST]
    ]
    rest = [n for _, n in ordered[_MOST:]]
    return rows + ([Row(f"其余{len(rest)}项", sum(rest), sum(rest) / total, charts.bar(()), ("",))] if rest else [])


def _failures(totals: Totals) -> list[Row]:
    whole = sum(totals.failures.values())
    most = sorted(totals.failures.items(), key=lambda item: (-item[1], item[0]))
    return [_row(name, count, whole, "plain", (totals.advice[name],)) for name, count in most]


def _curve(expected: Iterable[charts.Point], observed: Iterable[charts.Point]) -> str | None:
    lines = [charts.Line("预计", "expected", list(expected)), charts.Line("实际", "observed", list(observed))]
    drawn = [line for line in lines if line.points]
    if not drawn:
        return None
    return charts.curve(drawn, "照建议直接采用的比例和其中属性有误的比例", "按把握从高到低，照建议采用的比例")
