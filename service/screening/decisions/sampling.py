"""Audit samples: records drawn at random from each pile, shown without the machine's opinion, to be decided anew."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from gongkai.model.errors import RequestError
from gongkai.model.estimates import needed
from gongkai.model.finding import Handling
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.decisions.filled import SAMPLE
from gongkai.service.screening.decisions.forms import FormRow, chosen_entries, write_form
from gongkai.service.screening.records import Pile
from gongkai.service.screening.results.entries import Entry
from gongkai.service.screening.results.worklist import BY_KEY, values
from gongkai.service.screening.store import Store

#: What an auditor may see: nothing that the machine or a register says of the attribute.
BLIND = (
    *("rank", "title", "number", "issuer", "issued", "genre", "unit"),
    *("decision", "reason", "category", "by", "at", "note", "files"),
)
SHEET = "抽查"
#: The key under which the store lists its samples.
NAMES = "samples"
#: The rate of wrong attributes that a size is made for lies between these.
_LEAST, _MOST = 0.05, 0.5
_NOTES = (
    ("审查抽样表", ""),
    ("看不到建议", "抽查用来估计机器判错多少。机器建议的属性、把握、理由、证据和登记的属性都不显示，免得先入为主。"),
    ("怎么填", "点标题打开文件，照平时的标准独立判断，填黄色各列。不要对照审查清单和先前的决定。"),
    ("顺序", "各件已经打乱。请从上往下逐件审查，不要跳过难的；没有审完也能估计，但跳过难的，估计就不可信。"),
    ("审查人", "最好不是做出先前决定的人。"),
    ("疑似涉密的", "不在抽查之内，由保密工作机构处理。"),
    (
        "交回",
        "保存后运行（或者交给运行筛查的人运行）gongkai decisions import 结果目录 这个文件，"
        "再运行 gongkai sample estimate 结果目录。",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a sample is made for: shares known within ± `precision`; the same seed draws the same records."""

    precision: float
    confidence: float
    seed: int
    piles: tuple[Pile, ...] = tuple(Pile)


@dataclass(frozen=True, slots=True)
class Sample:
    """An audit sample as noted when it was drawn.

    `frame` counts the records that nobody had decided, by pile and the machine's attribute; `machine` is that attribute
    of each record drawn; `decisions` counts the decisions made before; `mark` changes when the archive does.
    """

    name: str
    drawn: str
    precision: float
    confidence: float
    seed: int
    mark: str
    decisions: int
    frame: dict[Pile, dict[str, int]]
    machine: dict[str, str]


@dataclass(frozen=True, slots=True)
class Frame:
    """The records of a backlog with pile and machine's attribute, those that nobody decided, and how doubtful they are.

    Papers with a secrecy mark are none of them: whether it holds is not for an auditor to say. `doubt` is the mean
    of what the machine itself gives for being wrong, by pile.
    """

    all: dict[str, tuple[Pile, str]]
    open: dict[Pile, list[str]]
    doubt: dict[Pile, float]

    @property
    def mark(self) -> str:
        """A digest over every record with its pile and attribute."""
        lines = "\n".join(f"{digest} {pile} {attribute}" for digest, (pile, attribute) in sorted(self.all.items()))
        return hashlib.sha256(lines.encode()).hexdigest()[:16]


def frame(store: Store) -> Frame:
    """What can be drawn from."""
    decided = {decision.digest for decision in store.decisions()}
    piles = {place.digest: place.pile for place in store.places()}
    everything: dict[str, tuple[Pile, str]] = {}
    left: dict[Pile, list[str]] = {pile: [] for pile in Pile}
    doubts: dict[Pile, float] = defaultdict(float)
    for record in store.records():
        pile = piles.get(record.digest)
        if pile and record.handling != Handling.stop_classified:
            everything[record.digest] = pile, record.attribute
            if record.digest not in decided:
                left[pile].append(record.digest)
                doubts[pile] += 1 - record.confidence
    return Frame(everything, left, {pile: doubts[pile] / len(left[pile]) for pile in Pile if left[pile]})


def draw(store: Store, wanted: Wanted, day: str) -> Sample:
    """Draw a sample of what nobody decided yet, and note it. Raises RequestError where nothing is left."""
    whole, dice = frame(store), random.Random(wanted.seed)
    drawn: list[tuple[str, Pile]] = []
    for pile in wanted.piles:
        of = whole.open[pile]
        rate = min(_MOST, max(_LEAST, whole.doubt.get(pile, _LEAST)))
        size = needed(len(of), wanted.precision, wanted.confidence, rate)
        drawn += [(digest, pile) for digest in dice.sample(of, size)]
    if not drawn:
        raise RequestError("没有可以抽查的文件：还没有筛查，或者都已经有了决定。")
    counts = {pile: dict(Counter(whole.all[digest][1] for digest in whole.open[pile])) for pile in wanted.piles}
    machine = {digest: whole.all[digest][1] for digest, _ in drawn}
    made = sum(1 for _ in store.decisions())
    names = sample_names(store)
    name = _name(day, names)
    noted = Sample(name, day, wanted.precision, wanted.confidence, wanted.seed, whole.mark, made, counts, machine)
    store.put_sample(name, drawn)
    store.note(f"sample:{name}", json.dumps(asdict(noted)))
    store.note(NAMES, json.dumps([*names, name]))
    return noted


def _name(day: str, known: Sequence[str]) -> str:
    stem = f"S{day.replace('-', '')}"
    return f"{stem}-{sum(name.startswith(stem) for name in known) + 1}"


def sample_names(store: Store) -> list[str]:
    """The samples of a backlog, oldest first."""
    names: list[str] = json.loads(store.meta(NAMES) or "[]")
    return names


def sample(store: Store, name: str = "") -> Sample:
    """A sample by its name, otherwise the last. Raises RequestError where there is none."""
    names = sample_names(store)
    if not names or (name and name not in names):
        raise RequestError(f"没有这个抽样，已有的：{'、'.join(names) or '（没有）'}。请先运行 gongkai sample draw。")
    told = json.loads(store.meta(f"sample:{name or names[-1]}"))
    return Sample(**told | {"frame": {Pile(pile): counts for pile, counts in told["frame"].items()}})


def write_sample(store: Store, drawn: Sample, path: Path, rules: Rulebook) -> None:
    """The workbook of a sample in random order, blind. Raises OutputError."""
    found = list(chosen_entries(store, drawn.machine))
    random.Random(drawn.seed).shuffle(found)
    columns = [*(BY_KEY[key] for key in BLIND), replace(SAMPLE, hidden=True), BY_KEY["digest"]]
    write_form(path, rules, columns, {SHEET: _rows(found, drawn, rules)}, _NOTES)


def _rows(found: Sequence[Entry], drawn: Sample, rules: Rulebook) -> list[FormRow]:
    rows = []
    for number, entry in enumerate(found, 1):
        told = {key: cell for key, cell in values(entry, rules).items() if key in (*BLIND, "digest")}
        rows.append(FormRow(told | {"rank": number, SAMPLE.key: drawn.name}, entry))
    return rows
