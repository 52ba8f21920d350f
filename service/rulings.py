"""What a privacy officer rules about places of a text: it holds there whatever the machine says, and nowhere else."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from gongkai.model.deid.proof import PERSONS, Values, Words, normal
from gongkai.model.deid.redaction import uncovered
from gongkai.model.document import Span
from gongkai.model.errors import RequestError
from gongkai.model.finding import Action, Finding
from gongkai.model.folding import fold
from gongkai.model.identifiers.numbers import id_cards
from gongkai.model.rulebook import Rulebook
from gongkai.service.crew.orders import Ruling
from gongkai.service.proving import letters_of

RULED = "ruling"
MOST, WIDEST, LONGEST = 5_000, 500, 60
OWN = 4
WHY = {Action.mask: "经人工核对，应当遮蔽", Action.keep: "经人工核对，可以保留"}
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")

#: A value of a person or of anything else, as proofs compare it.
Value = tuple[bool, str]


def value_of(finding: Finding, text: str) -> Value:
    """What makes two places the same value."""
    return finding.kind in PERSONS, normal(finding.kind, finding.span.of(text))


@dataclass(frozen=True)
class Rulings:
    """Rulings made places: `ruled` don't overlap. Build it with `Rulings.of`.

    `shown` holds replacements of the officer's own, `known` the values that the machine itself keeps, `kept` the words
    that the officer keeps.
    """

    ruled: tuple[Finding, ...] = ()
    shown: dict[Value, str] = field(default_factory=dict, repr=False)
    known: frozenset[Value] = field(default=frozenset(), repr=False)
    kept: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(
        cls, given: Sequence[Ruling], findings: Sequence[Finding], text: str, rules: Rulebook, words: Words
    ) -> Rulings:
        """The places that rulings mean; of two that overlap the later holds. Raises RequestError for a wrong one."""
        if len(given) > MOST:
            raise RequestError(f"一份文件最多作 {MOST} 项核对，请先重新核验并下载。")
        single = [_finding(ruling, text, rules) for ruling in given]
        ruled = tuple(sorted(_painted(_everywhere(given, single, findings, text, words)), key=lambda f: f.span))
        masked = {value_of(f, text) for f in ruled if f.action == Action.mask}
        kept = (f for f in findings if f.action == Action.keep)
        return cls(
            ruled,
            {value_of(f, text): f.replacement for f in single if f.replacement},
            frozenset(value_of(f, text) for f in kept) - masked,
            tuple(f.span.of(text) for f in ruled if f.action == Action.keep),
        )

    @property
    def spans(self) -> list[Span]:
        """The places, in reading order."""
        return [f.span for f in self.ruled]

    def over(self, findings: Iterable[Finding], text: str) -> tuple[Finding, ...]:
        """The machine's findings where nothing is ruled, and the rulings.

        What the officer hides once is not kept elsewhere by the machine; what sticks out of a ruling stays as it was.
        """
        if not self.ruled:
            return tuple(findings)
        masked = {value_of(f, text): f for f in self.ruled if f.action == Action.mask}
        spans = self.spans
        rest = [
            self._same(replace(f, span=span), masked, text)
            for f in findings
            if f.source != RULED
            for span in uncovered(f.span, spans)
            if span == f.span or any(map(str.isalnum, span.of(text)))
        ]
        return tuple(sorted((*rest, *self.ruled), key=lambda f: f.span))

    def _same(self, finding: Finding, masked: dict[Value, Finding], text: str) -> Finding:
        ruling = masked.get(value_of(finding, text)) if finding.action == Action.keep else None
        return replace(ruling, span=finding.span, source=f"{RULED}:same") if ruling else finding

    def machine(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings without the rulings: only these grow and give way to each other."""
        return [f for f in findings if not self.ruled or f.source != RULED]

    def replaced(self, findings: Iterable[Finding], text: str) -> tuple[Finding, ...]:
        """The findings, those with a replacement of the officer's own under it."""
        if not self.shown:
            return tuple(findings)
        return tuple(
            replace(f, replacement=self.shown.get(value_of(f, text), f.replacement)) if f.action == Action.mask else f
            for f in findings
        )

    def values(self, findings: Sequence[Finding], text: str, words: Words) -> Values:
        """What must not be found again.

        A place that the officer keeps does not stop a value from being looked for that is hidden at another; the
        machine's own reason to keep a name does.
        """
        masked = {value_of(f, text) for f in findings if f.action == Action.mask} - self.known
        looked = [
            f for f in findings if not (f.source == RULED and f.action == Action.keep and value_of(f, text) in masked)
        ]
        return Values.of(looked if self.ruled else findings, text, words)

    def expected(self, values: Values, text: str) -> Counter[Value]:
        """How often each hidden value rightly stands in a copy: where the officer keeps it."""
        kept = [f.span for f in self.ruled if f.action == Action.keep]
        if not kept:
            return Counter()
        held = (hit for hit in values.hits(text) if not uncovered(hit.span, kept))
        return Counter((hit.value.kind in PERSONS, normal(hit.value.kind, hit.span.of(text))) for hit in held)

    def cards(self, text: str) -> frozenset[str]:
        """Valid identity numbers that the officer keeps."""
        kept = [f.span for f in self.ruled if f.action == Action.keep]
        found = id_cards(fold(text)) if kept else ()
        return frozenset(normal(f.kind, f.span.of(text)) for f in found if not uncovered(f.span, kept))

    def check(self, values: Values) -> None:
        """Raise RequestError where a replacement or a reason of the officer's own holds a hidden value."""
        if not self.ruled:
            return
        own = dict.fromkeys((*self.shown.values(), *(f.why for f in self.ruled)))
        itself = any(
            bare in normal("NAME" if name else "", shown) for (name, bare), shown in self.shown.items() if bare
        )
        if itself or any(values.hits(words) for words in own):
            raise RequestError("替换文字或者理由里有应当遮蔽的内容，请换一种写法。")

    def settles(self, shown: str) -> bool:
        """Whether words that look like personal data are what the officer kept or wrote."""
        return any(shown in piece for piece in (*self.kept, *self.shown.values()))

    def short(self, values: Values, text: str) -> list[Finding]:
        """What the officer hides and no search for values would find again, one finding a value."""
        masked = {value_of(f, text): f for f in self.ruled if f.action == Action.mask}
        known = values.names.keys() | values.others.keys()
        return [f for (_, form), f in masked.items() if form not in known]


def _finding(ruling: Ruling, text: str, rules: Rulebook) -> Finding:
    """A ruling as a finding, blanks around it left out. Raises RequestError."""
    if ruling.action not in (*Action,) or ruling.type not in rules.type:
        raise RequestError("核对的处理或者类型不对：处理应当是遮蔽或者保留，类型应当是规则表里的一种。")
    shown = text[ruling.start : ruling.end] if 0 <= ruling.start < ruling.end <= len(text) else ""
    if not shown.strip():
        raise RequestError("核对的位置不在原文里，请刷新页面后重新选择。")
    own = ruling.replacement if ruling.action == Action.mask else ""
    if len(shown) > WIDEST:
        raise RequestError(f"一处最多选 {WIDEST} 字，请分几处选择。")
    if _UNFIT.search(own) or len(own) > LONGEST or own[:1] in tuple("=+-@"):
        raise RequestError(f"替换文字应当是一行、不超过 {LONGEST} 字，不以 = + - @ 开头，请改正。")
    if _UNFIT.search(ruling.why) or len(ruling.why) > 4 * LONGEST:
        raise RequestError(f"理由应当是一行、不超过 {4 * LONGEST} 字，请改正。")
    start = ruling.start + len(shown) - len(shown.lstrip())
    action = Action(ruling.action)
    basis = rules.type[ruling.type].basis if action == Action.mask else ""
    span = Span(start, start + len(shown.strip()))
    return Finding(span, ruling.type, 1.0, RULED, basis, action, ruling.why or WHY[action], own)


def _everywhere(
    given: Sequence[Ruling], single: Sequence[Finding], findings: Sequence[Finding], text: str, words: Words
) -> Iterator[Finding]:
    """Every place of every ruling, in the order of the rulings.

    What is hidden once is hidden everywhere, if it is long enough to be nothing else; this yields to all rulings.
    """
    own = {value_of(f, text): f for f in single if f.action == Action.mask}
    wide = {value_of(f, text): f for ruling, f in zip(given, single, strict=True) if ruling.everywhere}
    places = _places(own | wide, findings, text, words)
    for value in own.keys() - wide.keys():
        if len(value[1]) >= OWN:
            yield from (replace(own[value], span=span) for span in places[value])
    for finding in single:
        if wide.get(value_of(finding, text)) is finding:
            yield from (replace(finding, span=span) for span in places[value_of(finding, text)])
        yield finding


def _places(
    wide: dict[Value, Finding], findings: Sequence[Finding], text: str, words: Words
) -> dict[Value, list[Span]]:
    """Where each value stands: as the machine found it, in any dress, and letter for letter outside longer findings."""
    found: dict[Value, list[Span]] = {value: [] for value in wide}
    for finding in findings:
        if (value := value_of(finding, text)) in found:
            found[value].append(finding.span)
    values = Values.of([replace(f, action=Action.mask) for f in wide.values()], text, words)
    for hit in values.hits(text):
        if (value := (hit.value.kind in PERSONS, normal(hit.value.kind, hit.span.of(text)))) in found:
            found[value].append(hit.span)
    longer = sorted((f.span for f in findings), key=lambda s: s.start)
    folded = fold(text)
    for value, finding in wide.items():
        if value[1] not in values.names and value[1] not in values.others:
            spans = (Span(*match.span()) for match in letters_of(finding.span.of(text)).finditer(folded))
            found[value] += [span for span in spans if not _inside(span, longer)]
    return found


def _inside(span: Span, sorted_spans: Sequence[Span]) -> bool:
    """Whether a longer one of some spans that don't overlap covers this one."""
    at = bisect_right(sorted_spans, span.start, key=lambda s: s.start) - 1
    return at >= 0 and sorted_spans[at].covers(span) and len(sorted_spans[at]) > len(span)


def _painted(findings: Iterable[Finding]) -> list[Finding]:
    """The findings without overlaps: a later one covers those before it."""
    taken: list[Span] = []
    painted = []
    for finding in reversed(list(findings)):
        pieces = uncovered(finding.span, taken)
        painted += [replace(finding, span=piece) for piece in pieces]
        for piece in pieces:
            taken.insert(bisect_right(taken, piece.start, key=lambda s: s.start), piece)
    return painted
