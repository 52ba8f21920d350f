"""All personal data of a document, each piece with its action, why, and what replaces it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gongkai.model.deid.disclosure import MODEL, decide, decide_name, one_treatment
from gongkai.model.deid.hiding import hidden
from gongkai.model.deid.proof import PERSONS
from gongkai.model.deid.redaction import uncovered
from gongkai.model.document import Span, covered
from gongkai.model.facts import context
from gongkai.model.facts.edges import bridged, edged
from gongkai.model.facts.sensitive import sensitive
from gongkai.model.facts.spotter import Spotted, Spotter, heading
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.model.identifiers.addresses import addresses
from gongkai.model.identifiers.doors import doors
from gongkai.model.identifiers.homes import again, whole
from gongkai.model.mentions.people import Person, one_column, one_list
from gongkai.model.reading import Reading
from gongkai.model.retold import apart, places_of

BLOCK = 60
ECHO = 7
OFFICE = re.compile(
    r"工作时间|上班时间|局|委|办|处|科|股|所|站|中心|公司|政府|监督|咨询|受理|登记|报名|投诉|举报|热线|值班|传真|经办|承办|联系人|窗口|医生|"
    r"学校|社区(?=座机|电话)|办公|村(?![\d一二三四五六七八九十]{1,3}[组社队幢栋号排])|支队|大队|医院|[。;]"
)
#: What stands between a name and the number that it is reached by.
LABELLED = re.compile(
    r" ?(?:同志|先生|女士)? ?"
    r"(?:[(,] ?(?:联系|本人|个人)?(?:手机|电话|(?:电子)?邮箱)?(?:号码?)?"
    r"|(?:手机|电话|(?:电子)?邮箱)(?:号码?)?)[:是为 ]{0,2}"
)
_BLOCK = ("NAME", "REPORTER", "ID_CARD")
_PRIVATE = ("NAME", "REPORTER", "ID_CARD", "ADDR_HOME", "BANK", "PHONE_MOBILE", "PASSPORT", "SSN", "MIL_ID")
_STRONG = {
    "ID_CARD": 5,
    "BANK": 4,
    "PASSPORT": 4,
    "PHONE_MOBILE": 4,
    "EMAIL": 4,
    "REPORTER": 3,
    "NAME": 3,
    "ADDR_HOME": 2,
}


def _rank(finding: Finding) -> tuple[float, float, int]:
    return (_STRONG.get(finding.kind, 1), finding.score, len(finding.span))


def _clusters(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """Findings in reading order, those that hang together by overlaps in one list."""
    cluster: list[Finding] = []
    end = 0
    for finding in sorted(findings, key=lambda f: f.span):
        if cluster and finding.span.start >= end:
            yield cluster
            cluster = []
        end = max(end, finding.span.end) if cluster else finding.span.end
        cluster.append(finding)
    if cluster:
        yield cluster


def _whole(cluster: Sequence[Finding]) -> Finding:
    """The strongest, over all of them."""
    return replace(max(cluster, key=_rank), span=Span(cluster[0].span.start, max(f.span.end for f in cluster)))


def _parted(cluster: Sequence[Finding], text: str) -> Iterator[Finding]:
    """One for all that hang together; but a name stays the name alone, and what is told around it stands beside it."""
    if max(cluster, key=_rank).kind not in PERSONS:
        yield _whole(cluster)
        return
    people = [*map(_whole, _clusters(f for f in cluster if f.kind in PERSONS))]
    yield from people
    names = [f.span for f in people]
    rest = [(f, span) for f in cluster if f.kind not in PERSONS for span in uncovered(f.span, names)]
    told = (replace(f, span=own) for f, span in rest if (own := _trimmed(span, text)))
    yield from map(_whole, _clusters(told))


def _trimmed(span: Span, text: str) -> Span | None:
    """A span without what is no letter, digit or character at its ends; none where nothing is left."""
    inside = [at for at in range(span.start, span.end) if at >= len(text) or text[at].isalnum()]
    return Span(inside[0], inside[-1] + 1) if inside else None


def joined(findings: Iterable[Finding], text: str = "") -> tuple[Finding, ...]:
    """Findings in reading order without overlaps: the strongest is shown, and what is hidden covers the union.

    A masked finding grows over every masked finding that overlaps it, so no last character is left in clear, but for a
    name, beside which the rest is hidden on its own; a kept one gives way to a masked one. With `text`, marks beside a
    name that part it from the rest stay.
    """
    every = list(findings)
    masked = [f for group in _clusters(f for f in every if f.action == Action.mask) for f in _parted(group, text)]
    masked.sort(key=lambda f: f.span)
    starts = [f.span.start for f in masked]
    kept: list[Finding] = []
    for finding in sorted(
        (f for f in every if f.action == Action.keep), key=lambda f: (f.span.start, -_rank(f)[0], -len(f.span))
    ):
        place = bisect_left(starts, finding.span.end)
        below = place > 0 and masked[place - 1].span.overlaps(finding.span)
        if not below and not (kept and kept[-1].span.overlaps(finding.span)):
            kept.append(finding)
    return tuple(sorted(masked + kept, key=lambda f: f.span))


def _echoes(findings: Sequence[Finding], text: str) -> Iterator[Finding]:
    """Other places where a masked home or identity number stands word for word."""
    whole = [f for f in findings if f.action == Action.mask and f.kind in ("ADDR_HOME", "ID_CARD")]
    values = {f.span.of(text): f for f in whole if len(f.span) >= ECHO}
    taken = {f.span.start for f in findings}
    for span in apart(places_of(values, text)):
        if span.start not in taken:
            first = values[span.of(text)]
            yield replace(first, span=span, source=first.source + ":echo")


def _sane(findings: Iterable[Finding], names: Iterable[Finding]) -> Iterator[Finding]:
    """Those without what swallows a sure name; an address label may."""
    sure = sorted(name.span for name in names if name.score > 0.9)
    for finding in findings:
        span = finding.span
        near = sure[bisect_left(sure, (span.start,)) : bisect_left(sure, (span.end,))]
        if finding.kind == "ADDR_HOME" or not any(n.end <= span.end and len(span) > 3 * len(n) for n in near):
            yield finding


def personal(
    reading: Reading,
    numbers: Iterable[Finding],
    people: Sequence[Person],
    label: Attribute,
    spotter: Spotter | None = None,
) -> tuple[Finding, ...]:
    """Personal data found in a document that will carry `label`, in reading order, without overlaps."""
    found = [decide(finding, reading, label) for finding in (*numbers, *addresses(reading))]
    spotted = _spotted(reading, people, found, label, spotter) if spotter else None
    people = _people(reading, people, spotted) if spotted else people
    told = [decide_name(person, reading, label) for person in people]
    names = one_treatment(told, reading.text, label, reading.rules)
    found = _beside(reading, found, names, label)
    cues = _cues(reading, found, names, people, spotted)
    found += [decide(finding, reading, label) for finding in cues]
    taken = covered((f.span for f in names + found if f.kind != "ADDR_HOME"), len(reading.text))
    found = [whole(finding, reading.text, taken) for finding in found]
    found += [*_echoes(found, reading.text), *again(found, reading.text), *bridged(found, reading.text)]
    return hidden(joined(names + found, reading.document.text), reading.document.text, reading.rules)


def _spotted(
    reading: Reading, people: Sequence[Person], found: Sequence[Finding], label: Attribute, spotter: Spotter
) -> Spotted:
    """What the spotter sees around people and what is found."""
    before = heading(label, reading.title, spotter.pieces)
    return spotter(reading.text, context.places(reading, people, found), spotter.pieces.cut(reading), before)


def _people(reading: Reading, people: Sequence[Person], spotted: Spotted) -> list[Person]:
    """The people as the spotter settles them: who is one, where they are named again, who stays."""
    people = context.fitted(context.believed(people, spotted), spotted, reading.text)
    people = context.called(people, spotted, reading.text)
    return one_list(reading.text, one_column(reading, context.weighed(people, spotted)))


def _beside(reading: Reading, found: Sequence[Finding], names: Sequence[Finding], label: Attribute) -> list[Finding]:
    """What is found, with the doors beside hidden names and with the numbers that go with their owners."""
    masked = [n.span for n in names if n.action == Action.mask]
    every = [*found, *(decide(finding, reading, label) for finding in doors(reading, masked))]
    blocks = sorted(f.span for f in (*every, *names) if f.action == Action.mask and _own(f))
    ends = sorted(name.end for name in masked)
    return [_own_number(_own_line(finding, reading, blocks), reading, ends) for finding in every]


def _cues(
    reading: Reading,
    found: Sequence[Finding],
    names: Sequence[Finding],
    people: Sequence[Person],
    spotted: Spotted | None,
) -> list[Finding]:
    """Facts around people: told by cues, told in words that the spotter reads, and told again."""
    places = [f.span for f in (*names, *found) if f.action == Action.mask and f.kind in _PRIVATE]
    public = [n.span for n in names if n.action == Action.keep]
    cues = list(_sane(sensitive(reading, places, public), names))
    if spotted:
        ruled = [n.span for n in names if n.action == Action.keep and n.source != MODEL]
        cues += edged(context.told(spotted, reading.text, people, ruled), reading)
    return [*cues, *context.again(reading, [*names, *cues], spotted)]


def only_numbers(reading: Reading, numbers: Iterable[Finding], label: Attribute) -> tuple[Finding, ...]:
    """The same for numbers alone: no names, no addresses, nothing sensitive."""
    return hidden(joined([decide(n, reading, label) for n in numbers]), reading.document.text, reading.rules)


def _own(finding: Finding) -> bool:
    """A person's own block: a name, a card, a home with its label."""
    return finding.kind in _BLOCK or finding.source == "address:label"


def _own_number(finding: Finding, reading: Reading, names: Sequence[int]) -> Finding:
    """A mobile or a mailbox in brackets or behind its label right behind a name that goes (one of the ordered ends of
    `names`) goes with it, whatever else its line says."""
    if finding.kind not in ("PHONE_MOBILE", "EMAIL") or finding.action == Action.mask:
        return finding
    start = finding.span.start
    at = bisect_right(names, start) - 1
    if at < 0 or not LABELLED.fullmatch(reading.text, names[at], start):
        return finding
    kind = reading.rules.type[finding.kind]
    why = f"{kind.name}与遮蔽的姓名写在一起，公开时应当遮蔽"
    return replace(finding, action=Action.mask, basis=kind.basis, why=why)


def _own_line(finding: Finding, reading: Reading, blocks: Sequence[Span]) -> Finding:
    """A fixed line in a person's own block (behind one of the ordered `blocks`, no office between) is private."""
    if finding.kind != "PHONE_FIX" or finding.action == Action.mask:
        return finding
    text, start = reading.text, finding.span.start
    floor = max(text.rfind("\n", 0, max(0, text.rfind("\n", 0, start))), start - BLOCK, 0)
    near = blocks[bisect_left(blocks, (floor,)) : bisect_left(blocks, (start,))]
    if not near or re.match(r"[48]00|12\d{3}", finding.span.of(text)):
        return finding
    end = max(span.end for span in near)
    lead = re.split(r"[。;,\n]", text[max(floor, end - 16) : end])[-1]
    if OFFICE.search(lead) or OFFICE.search(text, end, start):
        return finding
    basis = reading.rules.type["PHONE_FIX"].basis
    return replace(
        finding, action=Action.mask, basis=basis, why="与个人的姓名、证件号或者住址写在一起的固定电话，按个人信息遮蔽"
    )
