"""Find hidden values again, in whatever dress they stand: what still has to be hidden, and what a copy still holds."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import Protocol

from gongkai.model.document import Span
from gongkai.model.finding import Action, Finding
from gongkai.model.folding import fold

PERSONS = frozenset({"NAME", "REPORTER"})
NUMBERS = frozenset(
    {"ID_CARD", "PHONE_MOBILE", "PHONE_FIX", "BANK", "PASSPORT", "MIL_ID", "SSN", "EMAIL", "WECHAT", "PLATE", "EDU"}
)
LEAST_NUMBER, LEAST_TEXT, LONG = 6, 6, 11
ADDRESS = 4
GAP, TIGHT = 12, 1
SURE = 0.5
_PREFIX = {True: 2, False: 4}
_BLANK = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]+")
#: Between the parts of a minority's name stands a dot, another one, or none.
_DOTS = re.compile(r"(?<=[\u3400-\u9fff])\s*[·.⋅∙‧･]\s*(?=[\u3400-\u9fff])")
_DATE = re.compile(r"((?:19|20)\d{2})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})")
_HAN = re.compile("[\u3400-\u9fff]")
_GOES_ON = re.compile("[省市区县镇乡村路街巷店厂局站桥河山庄]|公司|集团|街道|社区")
_RANGES = ((0xB2, 0xBA), (0x2070, 0x20A0), (0x2460, 0x2500), (0x2E80, 0x2FE0), (0xF900, 0xFB00), (0x1D400, 0x1D800))
_SPOKEN = "〇零一二三四五六七八九幺贰叁肆伍陆柒捌玖两"
_DIGITS = "001234567891" + "234567892"


class Words(Protocol):
    """A dictionary."""

    def __contains__(self, word: str, /) -> bool:
        """Whether it lists a word."""
        ...


@cache
def _alike() -> dict[int, str]:
    """Characters that are another one in a different shape: circled and mathematical digits, radicals."""
    table = {}
    for code in (code for low, high in _RANGES for code in range(low, high)):
        plain = unicodedata.normalize("NFKC", chr(code))
        if len(plain) == 1 and plain != chr(code):
            table[code] = plain
    return table


@cache
def _dense() -> dict[int, str]:
    """Numerals in characters, and letters that are misread for digits."""
    table = {ord(said): digit for said, digit in zip(_SPOKEN, _DIGITS, strict=True)}
    return table | {ord(misread): digit for misread, digit in zip("OIL×", "011X", strict=True)}


def _squeezed(text: str, name: bool) -> tuple[str, list[int]]:
    """A text in normal form, and where each of its characters stood.

    Of names only blanks and the dots between characters go; of everything else all but letters, digits and characters,
    the numerals made digits.
    """
    same = fold(text.translate(_alike()))
    if name:
        gone = {at for cue in (_BLANK, _DOTS) for match in cue.finditer(same) for at in range(*match.span())}
        if not gone:
            return same, list(range(len(same)))
        places = [at for at in range(len(same)) if at not in gone]
        return "".join(map(same.__getitem__, places)), places
    # One character for one: upper() makes SS of ß, and every place behind it would be wrong.
    large = same.upper()
    if len(large) != len(same):
        large = "".join(up if len(up := char.upper()) == 1 else char for char in same)
    plain = large.translate(_dense())
    places = [at for at, char in enumerate(plain) if char.isalnum()]
    return "".join(map(plain.__getitem__, places)), places


def normal(kind: str, text: str) -> str:
    """The form under which two pieces of one kind are the same value, however they are written."""
    return _squeezed(text, kind in PERSONS)[0]


def forms(kind: str, text: str) -> Iterator[str]:
    """Normal forms that a value may stand in: with and without country code or extension, dates in other orders."""
    whole = normal(kind, text)
    yield whole
    if kind.startswith("PHONE"):
        yield normal(kind, re.split(r"转|/|分机", text)[0])
        if len(whole) > LONG and (national := re.fullmatch(r"(?:00)?86(1\d{10})", whole)):
            yield national[1]
    if kind == "BIRTH" and (date := _DATE.search(fold(text))):
        year, month, day = date.groups()
        yield f"{year}年{int(month)}月{int(day)}日"
        yield f"{year}年{int(month):02}月{int(day):02}日"
        yield f"{year}{int(month):02}{int(day):02}"


def _worth(finding: Finding, form: str, words: Words) -> bool:
    """Whether a value is so much its own that it may be looked for everywhere; others are hidden by their place.

    Two characters that are hardly a name (杨梅) are a word elsewhere.
    """
    kind = finding.kind
    if kind in PERSONS:
        return len(form) >= (2 if finding.score >= SURE else 3) and form not in words
    if kind in NUMBERS or kind == "BIRTH":
        return sum(char.isascii() for char in form) >= LEAST_NUMBER
    if kind == "ADDR_HOME":
        return len(form) >= ADDRESS
    return kind != "FIN" and len(_HAN.findall(form)) >= LEAST_TEXT


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a value stands, and the finding that it was hidden for."""

    span: Span
    value: Finding


@dataclass(frozen=True, slots=True)
class Left:
    """How often values of one type still stand at one place of a written file; never the values."""

    place: str
    kind: str
    count: int


@dataclass(frozen=True)
class Values:
    """Hidden values of a document, ready to be found in any text. Build it with `Values.of`.

    Values that are kept are known too: a hidden name inside a longer kept one is none.
    """

    names: dict[str, Finding]
    others: dict[str, Finding]
    starts: dict[bool, dict[str, tuple[int, ...]]] = field(repr=False)

    @classmethod
    def of(cls, findings: Iterable[Finding], text: str, words: Words = frozenset()) -> Values:
        """Index the findings of a text. `words` are dictionary words, which a name may be without being one."""
        groups: dict[bool, dict[str, Finding]] = {True: {}, False: {}}
        for finding in sorted(findings, key=lambda f: (f.action == Action.keep) == (f.kind in PERSONS)):
            for form in forms(finding.kind, finding.span.of(text)):
                if _worth(finding, form, words):
                    groups[finding.kind in PERSONS][form] = finding
        return cls(groups[True], groups[False], {name: _starts(group, name) for name, group in groups.items()})

    @property
    def hidden(self) -> int:
        """How many values are looked for."""
        return sum(f.action == Action.mask for f in (*self.names.values(), *self.others.values()))

    def hits(self, text: str) -> list[Hit]:
        """Where hidden values stand in a text, in reading order, but for those inside a longer value that is kept."""
        found = [*self._found(text, True), *self._found(text, False)]
        within = _within(hit.span for hit in found if hit.value.action == Action.keep)
        masked = (hit for hit in found if hit.value.action == Action.mask)
        return sorted((hit for hit in masked if not within(hit.span)), key=lambda hit: hit.span)

    def _found(self, text: str, name: bool) -> Iterator[Hit]:
        known, starts = (self.names if name else self.others), self.starts[name]
        if not known:
            return
        squeezed, places = _squeezed(text, name)
        width = _PREFIX[name]
        for at in [at for at in range(len(squeezed) - width + 1) if squeezed[at : at + width] in starts]:
            for size in starts[squeezed[at : at + width]]:
                value = known.get(squeezed[at : at + size])
                if (
                    value
                    and at + size <= len(places)
                    and _stands(text, places[at : at + size], squeezed[at : at + size], name)
                ):
                    yield Hit(Span(places[at], places[at + size - 1] + 1), value)

    def left(self, parts: Iterable[tuple[str, str]]) -> tuple[Left, ...]:
        """What of the hidden values stands in the parts of a written file: (place in Chinese, text)."""
        counts: dict[tuple[str, str], int] = defaultdict(int)
        for place, text in parts:
            for hit in self.hits(text):
                counts[place, hit.value.kind] += 1
        return tuple(Left(place, kind, count) for (place, kind), count in counts.items())


def _within(spans: Iterable[Span]) -> Callable[[Span], bool]:
    """Whether a span lies in a longer one of these."""
    ordered = sorted(spans)
    starts = [span.start for span in ordered]
    ends = [0, *accumulate((span.end for span in ordered), max)]

    def within(span: Span) -> bool:
        ahead, along = bisect_left(starts, span.start), bisect_right(starts, span.start)
        return ends[ahead] >= span.end or ends[along] > span.end

    return within


def _starts(group: Iterable[str], name: bool) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = defaultdict(set)
    for form in group:
        lengths[form[: _PREFIX[name]]].add(len(form))
    return {start: tuple(sorted(sizes)) for start, sizes in lengths.items()}


def _stands(text: str, places: list[int], form: str, name: bool) -> bool:
    """Whether the characters at these places hang together as the value: not pieced together from strangers."""
    widest = max((b - a - 1 for a, b in zip(places, places[1:], strict=False)), default=0)
    before, after = text[max(0, places[0] - 1) : places[0]], text[places[-1] + 1 : places[-1] + 3]
    if name:
        if len(form) == 2 and widest:
            return widest <= GAP and not (_HAN.match(before) or _HAN.match(after))
        return widest <= GAP and not (len(form) == 2 and _GOES_ON.match(after))
    if len(form) >= LONG or _HAN.search(form):
        return widest <= GAP
    alone = not (before.isascii() and before.isalnum()) and not (after[:1].isascii() and after[:1].isalnum())
    return alone and widest <= TIGHT and (len(form) >= 8 or "\n" not in text[places[0] : places[-1]])
