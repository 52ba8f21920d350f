"""The one table: what every system leaves in clear, by type, what it hides for nothing, and how fast it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from documents import ROOT, Paper, authored, examples, gold, size, spread, trained_on
from measure import Plan, Row, Table, in_blocks

from gongkai.training.splits import read_rule
from peers.cases import read_cases
from peers.systems import SYSTEMS, System
from peers.tally import FOUND, figures, judged, share, tally

MOST = 60
NOTES = (
    "held out: authored documents of groups and genres in corpora/heldout.toml, which training leaves out",
    "leaked: share of characters to hide that are not (numbers, names, home addresses, health and the like); fully",
    "masked: share of documents with nothing left; keep violations: share of pieces to keep that are hidden; stray:",
    "share of all characters that are hidden and no personal data. A span counts as hidden whole, whatever a system",
    "would leave of it in clear. No peer decides what stays, nor does `numbers alone`",
    "MB/CPU-s: UTF-8 text for a second of processor time, everything from the text to the spans; each system on all",
    "papers in a row, the systems in turn, median of the rounds",
)


@dataclass
class Bench:
    """The systems that could be loaded, and what is missing for the others."""

    loaded: dict[str, System] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)

    def rows(self, figured: dict[str, Row], what: str) -> list[Row]:
        """A row for every system in the order of SYSTEMS; one that is missing says so and has no figures."""
        empty = dict.fromkeys(next(iter(figured.values())))
        absent = {name: {**empty} for name in self.missing}
        rows = figured | absent
        return [{"what": f"{name}{self._hint(name)}", "on": what, **rows[name]} for name, _, _ in SYSTEMS]

    def _hint(self, name: str) -> str:
        return f" (not installed: {self.missing[name]})" if name in self.missing else ""


def load() -> Bench:
    """Every system of SYSTEMS; none is needed."""
    bench = Bench()
    for name, loader, package in SYSTEMS:
        try:
            bench.loaded[name] = loader()
        except ImportError:
            if not package:
                raise
            bench.missing[name] = package
    return bench


def measure(plan: Plan) -> Table:
    """Leaks and speed on held-out documents and on --gold, then the cases of --cases."""
    bench, held = load(), held_out(plan.a_group)
    table = Table(f"peers: {len(held)} held-out documents")
    sets = [("held out", held)]
    if plan.gold:
        marked = gold(plan.gold)
        sets.append((f"{plan.gold.name}, {trained_on(marked)} of {len(marked)} authored", marked))
    counted = [(what, papers, _counted(bench, papers)) for what, papers in sets]
    speeds = _speeds(bench, spread(sets[-1][1], min(MOST, plan.papers)), plan.rounds)
    for what, _, counts in counted:
        table.rows += bench.rows({name: figures(c) | {"MB/CPU-s": speeds[name]} for name, c in counts.items()}, what)
    for what, _, counts in counted:
        table.rows += _by_type(counts, what)
    if plan.cases:
        table.rows += _cases(bench, plan)
    return Table(table.title, table.rows, list(NOTES))


def held_out(a_group: int | None) -> list[Paper]:
    """The authored documents that training never sees."""
    rule = read_rule(ROOT / "corpora" / "heldout.toml")
    pairs = zip(authored(a_group), examples(a_group), strict=True)
    return [paper for paper, example in pairs if rule.meets(example)]


def _counted(bench: Bench, papers: Sequence[Paper]) -> dict[str, Counter[str]]:
    return {name: tally(papers, [system.hides(p) for p in papers]) for name, system in bench.loaded.items()}


def _speeds(bench: Bench, papers: Sequence[Paper], rounds: int) -> dict[str, float]:
    times = in_blocks(papers, {name: system.hides for name, system in bench.loaded.items()}, rounds)
    volume = size([paper.text for paper in papers]) / 1e6
    return {name: volume / time.cpu_seconds for name, time in times.items()}


def _by_type(counts: dict[str, Counter[str]], what: str) -> list[Row]:
    whole = next(iter(counts.values()))
    kinds = sorted(key.removeprefix("hide ") for key in whole if key.startswith("hide ") and key[5:].isupper())
    shares = [(f"leaked {kind}", f"open {kind}", f"hide {kind}") for kind in kinds]
    shares += [(f"stray, taken for {kind}", f"stray {kind}", "characters") for kind in FOUND]
    return [
        {"type": label, "on": what, "characters": whole[of]}
        | {name: share(count, part, of) for name, count in counts.items()}
        for label, part, of in shares
    ]


def _cases(bench: Bench, plan: Plan) -> list[Row]:
    cases = read_cases(plan.cases)
    found = {name: [system.finds(case.paper) for case in cases] for name, system in bench.loaded.items()}
    return bench.rows({name: judged(cases, spans) for name, spans in found.items()}, f"{len(cases)} cases")
