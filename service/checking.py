"""A file that was already redacted or published: what is missed, recoverable, hidden for nothing, or told twice."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from gongkai.model.deid.hiding import hidden, stars
from gongkai.model.deid.proof import NUMBERS, PERSONS, Values, normal
from gongkai.model.document import Document, Span
from gongkai.model.errors import ClassifiedDocument, CorruptDocument, UnsupportedFormat, UnsupportedPart
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.folding import NO_WIDTH, fold
from gongkai.model.identifiers.numbers import id_cards, numbers
from gongkai.model.mentions.surnames import surname_of
from gongkai.model.screener import Screener, secrecy_mark
from gongkai.service.checks import Found, Kind, Trace, gathered, traces
from gongkai.service.checks.across import Mark, across, marked
from gongkai.service.checks.combining import combined
from gongkai.service.checks.overmasking import overmasked
from gongkai.service.limits import Limits
from gongkai.service.proving import readable, safely
from gongkai.service.redacting import STOP, beside
from gongkai.service.rewriting import openers
from gongkai.service.rewriting.joined import Joined
from gongkai.service.rewriting.slots import Slot
from gongkai.service.wire import Json

SCHEMA = 1
SURE, TOLD = 0.5, 0.6
_SIGNS = frozenset("*＊×●■█•某〔〕")
#: Lines and dots that stand for the digits taken out; a number with more digits than these is a whole one.
_GAP, _PART = re.compile(r"[-_—–.…]{3,}|…|—{2}"), 10
#: These part letters for a program and not for a reader.
_PARTING = re.compile(f"[{''.join(sorted(NO_WIDTH))}]")
_PROVEN = NUMBERS | PERSONS | {"ADDR_HOME"}
_VALID = "number:ID_CARD"
_MISSED = "请用 gongkai redact 遮蔽后重新发布，并撤下原文件"
_UNSEEN = "页面上看不到，文件里却有，复制或另存即可得到"
_UNREAD, _SAVE = "文件有损坏的部分，页面上看不到的内容没能检查", "请打开后另存为新文件再检查一次"
_LAYER = "文字在隐藏的图层等不显示的部分，复制或另存即可得到"
_RAW = "PDF 数据流"
#: What stands in these is what is read: nothing lies beside it.
_BARE = (".txt", ".md", ".csv")
_DEEP = "文件的数据里仍有完整的身份证号，页面上看不到却能被取出"


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found in one file, and what only a person can check; no value stands in either.

    `marks` are its masked numbers, to be compared with those of other files.
    """

    name: str
    found: tuple[Found, ...]
    look: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class _Case:
    """One file, taken apart and judged."""

    screener: Screener
    label: Attribute
    judged: Joined = field(repr=False)
    findings: tuple[Finding, ...] = field(repr=False)

    def value(self, finding: Finding) -> str:
        return finding.span.of(self.judged.text)

    @property
    def people(self) -> list[tuple[int, str]]:
        """Offsets and values of people named in clear."""
        return [(f.span.start, self.value(f)) for f in self.findings if f.kind in PERSONS]

    def place(self, at: int) -> str:
        name, number = self.judged.numbered(at)
        return f"{name}第{number}{self.judged.unit(name)}"


def check_file(
    screener: Screener, data: bytes, name: str, limits: Limits, label: Attribute = Attribute.proactive
) -> Checked:
    """Judge a file as it was published; `label` is the attribute that it was published under.

    Raises DocumentError (ClassifiedDocument for a secrecy mark).
    """
    judged, look = _opened(data, name, limits)
    case = _Case(screener, label, judged, _judged(screener, label, judged.text))
    try:
        found = safely(lambda: list(_unseen(case, data, name, limits)))
    except CorruptDocument:
        found = [(("", ""), Found(Kind.recoverable, "文件", _UNREAD, _SAVE))]
    every = (*_missed(case, {trace for trace, _ in found}), *(item for _, item in found))
    told = tuple(_grouped([*every, *_overmasked(case), *_inconsistent(case)]))
    marks = marked(case.judged.text, case.people)
    return Checked(name, told, look, tuple(Mark(mask, case.place(mask.start), beside) for mask, beside in marks))


def together(checked: Sequence[Checked], names: Sequence[str]) -> dict[int, tuple[Found, ...]]:
    """What files reveal only together, by the index of each file concerned; `names` say which the other one is."""
    found: dict[int, list[Found]] = defaultdict(list)
    for item in across([one.marks for one in checked]):
        for (here, mark), (there, other) in (item.ends, item.ends[::-1]):
            why = f"和“{names[there]}”{other.place}对照：{item.why}"
            shown = mark.mask.shown if item.type != "NAME" else ""
            found[here].append(Found(Kind.inconsistent, mark.place, why, item.advice, item.type, shown))
    return {index: tuple(items) for index, items in found.items()}


def _opened(data: bytes, name: str, limits: Limits) -> tuple[Joined, tuple[str, ...]]:
    """The file as slots, or as its text where it can't be taken apart; raises DocumentError where neither works."""
    text = readable(data, name, limits)
    try:
        opens, _ = openers(Path(name).suffix.lower(), "keep")
        opened = safely(lambda: opens(data, limits))
        return Joined.of(opened.slots), tuple(getattr(opened, "by_eye", ()))
    except (UnsupportedPart, UnsupportedFormat) as error:
        if not text.strip():
            raise
        return Joined.of(Slot(line, "正文") for line in text.split("\n")), (f"只检查了文字：{error.message}",)


def _judged(screener: Screener, label: Attribute, text: str) -> tuple[Finding, ...]:
    """Personal data that must not stand in a text under an attribute, with how it should have been masked.

    Characters that nobody sees may part a value's letters: the text is read without them, and as it stands.
    """
    found = _read(screener, label, text)
    if not _PARTING.search(text):
        return found
    places = [at for at, char in enumerate(text) if not _PARTING.match(char)]
    thin = _read(screener, label, "".join(map(text.__getitem__, places)))
    whole = [replace(f, span=Span(places[f.span.start], places[f.span.end - 1] + 1)) for f in thin]
    taken = {at for f in whole if f.action == Action.mask for at in range(*f.span)}
    return tuple(sorted([*whole, *(f for f in found if taken.isdisjoint(range(*f.span)))], key=lambda f: f.span))


def _read(screener: Screener, label: Attribute, text: str) -> tuple[Finding, ...]:
    if not text.strip():
        return ()
    reading = screener.reading(Document("", text))
    if secrecy_mark(reading):
        raise ClassifiedDocument(STOP)
    found = screener.data(reading, tuple(numbers(reading.document, reading.cells)), label)
    return tuple(hidden(found, text, screener.rules))


def _wrong(findings: Iterable[Finding], text: str) -> Iterator[Finding]:
    """Findings that should be hidden and aren't: sure enough, no mask already, and saying more than one would."""
    for f in findings:
        around = text[max(0, f.span.start - 1) : f.span.end + beside(f)]
        sure = f.score >= (SURE if f.kind in _PROVEN else TOLD)
        if f.action == Action.mask and sure and not _masked(around, f, f.span.of(text)):
            yield f


def _masked(around: str, finding: Finding, value: str) -> bool:
    """Whether a value is masked already: signs in or beside it, or no more than what would stand in its place."""
    gap = finding.kind in NUMBERS and _GAP.search(value) and sum(map(str.isdecimal, value)) <= _PART
    same = finding.replacement.rstrip("*") == _PARTING.sub("", value).rstrip("出生")
    return bool(_SIGNS.intersection(around) or gap or same)


def _missed(case: _Case, unseen: set[tuple[str, str]]) -> Iterator[Found]:
    for f in _wrong(case.findings, case.judged.text):
        shown = case.judged.slots[case.judged.pieces(f.span)[0][0]].body
        if shown and (f.kind, normal(f.kind, case.value(f))) in unseen:
            continue
        kind, why = (Kind.missed, f.why) if shown else (Kind.recoverable, f"{f.why}；{_UNSEEN}")
        yield Found(kind, case.place(f.span.start), why, _MISSED, f.kind, f.replacement)


def _unseen(case: _Case, data: bytes, name: str, limits: Limits) -> Iterator[tuple[tuple[str, str], Found]]:
    """Findings of what is in the bytes and not on the page, each with the value that it is about."""
    extension = Path(name).suffix.lower()
    values = Values.of(case.findings, case.judged.text, case.screener.segmenter)
    known = {normal(f.kind, case.value(f)) for f in case.findings}
    seen: set[tuple[str, str]] = set()
    aside = list(_aside(case, readable(data, name, limits))) if extension not in _BARE else []
    for trace in (*gathered(traces(data, extension, limits)), *aside):
        told = [item for item in _told(case, values, trace) if trace not in aside or item[:2] not in seen]
        seen.update((kind, value) for kind, value, _ in told)
        for kind, value, shown in told:
            yield (kind, value), Found(Kind.recoverable, trace.place, trace.why, trace.advice, kind, shown)
        if trace.sure and not told:
            yield ("", ""), Found(Kind.recoverable, trace.place, trace.why, trace.advice)
    known.update(value for _, value in seen)
    read = "".join(fold(case.judged.text).split())  # what stands there was judged with the label beside it
    yield from (told for told in _deep(data, extension, limits, known) if told[0][1] not in read)


def _aside(case: _Case, text: str) -> Iterator[Trace]:
    """Lines that our reader sees and that redaction would drop unseen, such as those of a hidden layer."""
    known = "".join(case.judged.text.split())
    lines = {"".join(line.split()) for line in case.judged.text.splitlines()}
    squeezed = ((line, "".join(line.split())) for line in text.splitlines() if line.strip())
    lost = [line for line, bare in squeezed if bare not in lines and bare not in known]
    if lost:
        yield Trace("正文以外", "\n".join(lost), _LAYER, _MISSED)


def _told(case: _Case, values: Values, trace: Trace) -> Iterator[tuple[str, str, str]]:
    """Type, normal form and masked form of what a trace tells about people."""
    text = trace.text
    if trace.type:
        if _a_name(text, case.screener):
            yield trace.type, normal(trace.type, text), surname_of(text) + "某某"
        return
    own = list(_wrong(_judged(case.screener, case.label, text), text))
    swept = [(hit.value.kind, hit.span.of(text), hit.value.replacement) for hit in values.hits(text)]
    told = [(f.kind, f.span.of(text), f.replacement) for f in own] + swept
    seen = {(kind, normal(kind, value)): shown for kind, value, shown in reversed(told)}
    yield from ((kind, value, shown) for (kind, value), shown in seen.items())


def _a_name(text: str, screener: Screener) -> bool:
    """Whether an author's entry names a person and no office or program."""
    bare = "".join(text.split())
    han = 2 <= len(bare) <= 4 and all("\u4e00" <= char <= "\u9fff" for char in bare)
    return han and bool(surname_of(bare)) and bare not in screener.segmenter


def _deep(data: bytes, extension: str, limits: Limits, known: set[str]) -> Iterator[tuple[tuple[str, str], Found]]:
    """Valid identity numbers anywhere in the bytes, unpacked, that no other way has found."""
    try:
        _, remains = openers(extension)
    except UnsupportedFormat:
        return
    for place, text in remains(data, limits):
        for card in id_cards(fold(text)):
            value = normal(card.kind, card.span.of(text))
            sure = card.source == _VALID or (card.score >= SURE and place != _RAW)
            if sure and value not in known:
                known.add(value)
                yield (card.kind, value), Found(Kind.recoverable, place, _DEEP, _MISSED, card.kind, stars(value))


def _overmasked(case: _Case) -> Iterator[Found]:
    for at, rule, shown in overmasked(case.judged.text):
        yield Found(Kind.overmasked, case.place(at), rule.why, rule.advice, "", rule.name if len(shown) > 30 else shown)


def _inconsistent(case: _Case) -> Iterator[Found]:
    for item in combined(case.judged.text, case.people):
        places = "和".join(dict.fromkeys(map(case.place, item.places)))
        yield Found(Kind.inconsistent, places, item.why, item.advice, item.type, item.shown)


def _grouped(found: Sequence[Found]) -> Iterator[Found]:
    """Findings that say the same, counted."""
    counts = Counter(found)
    for item, count in counts.items():
        yield Found(item.kind, item.place, item.why, item.advice, item.type, item.shown, count)


def to_json(checked: Checked, name_of: Callable[[str], str]) -> Json:
    """The result of one file (check.schema.json); `name_of` gives a type's Chinese name."""
    return {
        "schema": SCHEMA,
        "file": checked.name,
        "clean": not checked.found,
        "counts": {kind.value: sum(f.count for f in checked.found if f.kind == kind) for kind in Kind},
        "findings": [_shown(item, name_of) for item in checked.found],
        "look": list(checked.look),
    }


def _shown(item: Found, name_of: Callable[[str], str]) -> Json:
    entry: Json = {"kind": item.kind.value, "label": item.kind.label, "place": item.place, "type": item.type}
    entry |= {"name": name_of(item.type) if item.type else "", "shown": item.shown, "count": item.count}
    return entry | {"why": item.why, "advice": item.advice}
