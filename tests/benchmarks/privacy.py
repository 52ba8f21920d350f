"""Stage `personal`: what is left in clear and how fast, against Presidio."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from documents import Paper, authored, gold, size, spread, trained_on
from leaks import figures
from measure import Plan, Row, Table, Times, interleaved, speed

from gongkai.model.finding import Action
from gongkai.model.identifiers.addresses import addresses
from gongkai.model.identifiers.numbers import numbers
from gongkai.model.reading import Reading
from gongkai.model.screener import Screener

HINT = "Presidio is left out: pip install 'gongkai[bench]' adds it"
#: With --least, every so manieth document.
_SPARSE = 12
Job = Callable[[Paper], object]


def measure(plan: Plan) -> Table:
    """Leaks on the authored documents and on --gold, then the speed of each part."""
    screener, peer = Screener.load(), _peer()
    papers = authored(plan.a_group)[:: 1 if plan.rounds > 1 else _SPARSE]
    table = Table(f"personal data: {len(papers)} authored documents")
    table.rows += _leaks("authored", "yes", papers, screener, peer)
    if plan.gold:
        marked = gold(plan.gold)
        seen = trained_on(marked)
        table.rows += _leaks(plan.gold.name, f"{seen} of {len(marked)}", marked, screener, peer)
        papers = marked
    table.rows += _speed(spread(papers, 2 * plan.papers), screener, peer, plan.rounds)
    table.notes += [
        "seen: gongkai's names model was fitted, and its rules were written, on the authored documents: those figures",
        "flatter it. Presidio and LAC have seen none of them. Measure unseen documents with --gold FILE.jsonl",
        "leaked: share of characters to hide that are not; keep violations: share of pieces to keep that are hidden",
        "MB/CPU-s: UTF-8 text for a second of processor time; each part reads its document anew, words and tables too",
    ]
    return table if peer else Table(table.title, table.rows, [HINT, *table.notes])


def _peer() -> object | None:
    try:
        from presidio_lac import Presidio
    except ImportError:
        return None
    logging.getLogger("presidio-analyzer").setLevel(logging.ERROR)
    return Presidio()


def _leaks(name: str, seen: str, papers: Sequence[Paper], screener: Screener, peer: object) -> list[Row]:
    ours = [
        [(f.span.start, f.span.end) for f in screener(paper.fresh()).personal if f.action == Action.mask]
        for paper in papers
    ]
    rows: list[Row] = [{"what": f"gongkai, {name}", "seen": seen, **figures(papers, ours)}]
    if peer:
        found = [peer.everything(paper.text) for paper in papers]
        for what, kinds in (("Presidio + LAC", ("LOCATION",)), ("Presidio + LAC, places too", ())):
            masks = [[(start, end) for start, end, kind in spans if kind not in kinds] for spans in found]
            rows.append({"what": f"{what}, {name}", "seen": "no", **figures(papers, masks)})
    return rows


def _parts(papers: Sequence[Paper], screener: Screener) -> dict[str, Job]:
    """The pipeline's parts, each on a reading of its own; the attribute is known beforehand."""
    labels = {paper.id: screener(paper.fresh()).opinion.label for paper in papers}

    def whole(paper: Paper) -> object:
        reading = screener.reading(paper.fresh())
        label, found = labels[paper.id], tuple(numbers(reading.document, reading.cells))
        return screener.data(reading, tuple(found), label)

    def part(work: Callable[[Reading, Paper], object]) -> Job:
        return lambda paper: work(screener.reading(paper.fresh()), paper)

    return {
        "numbers": part(lambda reading, paper: list(numbers(reading.document, reading.cells))),
        "names": part(lambda reading, paper: screener.people(reading, labels[paper.id])),
        "addresses": part(lambda reading, paper: list(addresses(reading))),
        "whole": whole,
    }


def _speed(papers: Sequence[Paper], screener: Screener, peer: object, rounds: int) -> list[Row]:
    parts, theirs = _parts(papers, screener), {}
    if peer:
        work = {"numbers": peer.numbers, "names": peer.names, "whole": peer.everything}
        theirs = {f"presidio {name}": lambda paper, job=job: job(paper.text) for name, job in work.items()}
    times = interleaved(papers, {**parts, **theirs}, rounds)
    volume = len(papers), size([paper.text for paper in papers])
    return [_timed(name, times[name], volume, times.get(f"presidio {name}")) for name in parts]


def _timed(name: str, ours: Times, volume: tuple[int, int], theirs: Times | None) -> Row:
    row = speed(f"{name}, {volume[0]} documents", ours, volume, f"Presidio {name}" if theirs else "", theirs)
    row |= {"MB/CPU-s": volume[1] / 1e6 / ours.cpu_seconds}
    return row | {"baseline MB/CPU-s": volume[1] / 1e6 / theirs.cpu_seconds if theirs else None}
