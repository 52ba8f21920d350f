"""What the spotter adds to tables and detectors: facts told in words, names that were missed, whether a name stays."""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from gongkai.model.document import Span, covered
from gongkai.model.facts.spotter import WORDS, Spotted
from gongkai.model.finding import Action, Finding
from gongkai.model.identifiers.homes import home
from gongkai.model.mentions.names import TITLES as ROLES
from gongkai.model.mentions.people import STAY_CUT, Person
from gongkai.model.mentions.surnames import surname_of
from gongkai.model.reading import Reading
from gongkai.model.retold import apart, places_of

#: Least probability of a stretch that goes, of one so short that it tells little alone (女; the 第二 of a school), and
#: of a name that nothing else saw.
TOLD, TOLD_SHORT, MISSED = 0.4, 0.5, 0.5
#: Least probability of what hangs on to such a stretch within its clause, of the same where the stretch is but a name,
#: and of what leads into the next clause.
NEAR, BESIDE_NAME, ACROSS = 0.06, 0.35, 0.2
#: How many pieces may hang on to a stretch on either side.
LONGEST_FACT = 100
CLAUSE = frozenset(",。;:!?\n|\t、()")
CELLS = frozenset("|│┃")
CELL = re.compile(r"[^|│┃ \n]+(?:[ \n]+[^|│┃ \n]+)*")
EDGES = " \n\t,。;:、|│()《》“”"
SHORT = {"MINOR": 2, "EDU": 2}
#: Kinds that a name belongs to.
WITH_NAMES = ("MINOR", "REPORTER")
#: What one character can tell (母), and what a word that was taken for a name is often part of (石桥 of a village).
KIN, HOME = "FAMILY", "ADDR_HOME"
#: Least chance of a name at which what the spotter says of its stay counts.
SEEN = 0.3
#: How sure the spotter is of a character that belongs to a name, of one that does not, of one behind a whole name.
IN_NAME, NO_NAME, NO_MORE = 0.75, 0.05, 0.4
#: A name is taken for a word where the spotter's chance of a name and the finder's are both below these.
DOUBTED = ((0.01, 0.8), (0.03, 0.5), (0.1, 0.2))
#: How sure the spotter is of each piece of a name that the finder took for a word.
CALLED = 0.75
#: How sure the finder is of a name that a fact does not take along, of one that is sought, and sought by itself.
APART, FAINT, SOUGHT = 0.6, 0.2, 0.5
#: How sure the spotter is of a name at a place where one stands that goes elsewhere.
AGAIN = 0.2
#: A name in one piece; it does not begin with a word for a relative.
FULL_NAME = re.compile(
    r"(?![子女儿孙父母爸妈妻夫兄弟姐妹哥嫂媳婿侄甥爷奶公婆叔伯姑姨舅])[\u3400-\u9fff](?:[· ]?[\u3400-\u9fff]){1,5}"
)
CALLED_NAME, WHOLE_NAME = re.compile(r"[\u3400-\u9fff]{2,4}"), re.compile(r"[\u3400-\u9fff]{3,4}")
TITLES = ("女士", "先生", "小姐")
OPEN = 2.5
LONGEST_NAME, SHORTEST_LATIN = 12, 3
#: Characters of a Chinese name that was seen with its surname, two of them at most, and given name.
LONGEST_FULL = 4


def places(reading: Reading, people: Iterable[Person], found: Iterable[Finding]) -> list[Span]:
    """Where reading is worth its time: around everything private, homes, and names whose stay is not beyond doubt; the
    whole of an excerpt, which may tell of somebody named elsewhere."""
    if reading.excerpt:
        return [Span(0, len(reading.text))]
    names = [person.span for person in people if person.stay < OPEN]
    return names + [f.span for f in found if f.action == Action.mask or f.kind == "ADDR_HOME"]


def weighed(people: Sequence[Person], spotted: Spotted) -> list[Person]:
    """People with what the spotter says of their stay, the same for all mentions of a name."""
    said: dict[str, list[float]] = defaultdict(list)
    for person, told in zip(people, spotted.named([person.span for person in people]), strict=True):
        if told and sum(told) > SEEN:
            goes, stays = told
            said[person.bare].append(math.log((stays + 0.01) / (goes + 0.01)))
    mean = {bare: sum(values) / len(values) for bare, values in said.items()}
    return [p.with_stay(p.stay + mean[p.bare]) if p.bare in mean else p for p in people]


def believed(people: Sequence[Person], spotted: Spotted) -> list[Person]:
    """People without the words that were taken for names: the spotter read each place and saw nobody, nor was the
    finder sure."""
    said: dict[str, float] = defaultdict(float)
    for person, told in zip(people, spotted.named([person.span for person in people]), strict=True):
        said[person.bare] = max(said[person.bare], sum(told) if told else 1.0)
    return [p for p in people if not any(said[p.bare] < seen and p.score < sure for seen, sure in DOUBTED)]


def fitted(people: Sequence[Person], spotted: Spotted, text: str) -> list[Person]:
    """People with the edges that the spotter sees: a given name's last character, no word before or behind the name."""
    starts = {person.span.start for person in people}
    fitting = [_longer(_cut(_shorter(person, spotted), spotted, text), spotted, text, starts) for person in people]
    return list(_whole(fitting, spotted, text))


def _shorter(person: Person, spotted: Spotted) -> Person:
    """Without a first character that is a word of its own before a whole name."""
    span, bare = person.span, person.bare
    plain = len(bare) == len(span) > 2 and len(surname_of(bare)) < 2 and surname_of(bare[1:])
    first = spotted.piece(span.start) if plain else None
    if not first or len(first[0]) != 1 or first[1] > NO_NAME:
        return person
    rest = Span(span.start + 1, span.end)
    (told,) = spotted.named([rest])
    return replace(person, span=rest, bare=bare[1:]) if told and sum(told) >= IN_NAME else person


def _cut(person: Person, spotted: Spotted, text: str) -> Person:
    """Without a last character that is a word of its own behind a whole name, unless it stands there again."""
    span, bare = person.span, person.bare
    plain = len(bare) == len(span) and len(bare) > len(surname_of(bare)) + 1 and text.count(bare) == 1
    last = spotted.piece(span.end - 1) if plain else None
    if not last or len(last[0]) != 1 or last[1] > NO_NAME:
        return person
    rest = Span(span.start, span.end - 1)
    (told,) = spotted.named([rest])
    return replace(person, span=rest, bare=bare[:-1]) if told and sum(told) >= IN_NAME else person


def _whole(people: Sequence[Person], spotted: Spotted, text: str) -> Iterator[Person]:
    """People with all of a name that the spotter sees in one piece, of which somebody saw but a part."""
    seen = [(span, span.of(text)) for span, _, _ in spotted.called(text, IN_NAME)]
    seen = [(span, bare) for span, bare in seen if FULL_NAME.fullmatch(bare)]
    starts = [span.start for span, _ in seen]
    counts = Counter(bisect_right(starts, person.span.start) - 1 for person in people)
    for person in people:
        at = bisect_right(starts, person.span.start) - 1
        span, bare = seen[at] if at >= 0 and counts[at] == 1 else (person.span, person.bare)
        longer = len(span) > len(person.span) > 1 and span.covers(person.span)
        yield (
            replace(person, span=span, bare="".join(bare.split())) if longer and _named(person, span, text) else person
        )


def _named(person: Person, span: Span, text: str) -> bool:
    """Whether a longer stretch can be the name: no role stands in it, and a surname has no more than two characters."""
    family, length = surname_of(person.bare), len("".join(span.of(text).split()))
    most = len(family) + 2 if span.start == person.span.start else LONGEST_FULL if len(person.bare) > 2 else length
    return not (family and length > most) and not text[max(0, span.start - 1) : person.span.start].endswith(ROLES)


def _longer(person: Person, spotted: Spotted, text: str, starts: set[int]) -> Person:
    """With the one character more that is left of a name cut short."""
    span, bare = person.span, person.bare
    family = len(surname_of(bare))
    cut = len(bare) == len(span) and family < len(bare) < family + 2
    after = spotted.piece(span.end) if cut and span.end not in starts else None
    if not after or len(after[0]) != 1 or after[1] < IN_NAME or not "\u3400" <= text[span.end] <= "\u9fff":
        return person
    beyond = spotted.piece(span.end + 1)
    if beyond and beyond[1] > NO_MORE:
        return person
    return replace(person, span=Span(span.start, span.end + 1), bare=bare + text[span.end])


def called(people: Sequence[Person], spotted: Spotted, text: str) -> list[Person]:
    """People with those whose names the finder took for words, though the spotter is sure of each piece; what it
    says of their stay decides."""
    known = covered((person.span for person in people), len(text))
    found = list(people)
    for span, goes, stays in spotted.called(text, CALLED):
        bare = span.of(text)
        named = CALLED_NAME.fullmatch(bare) and 0 < len(surname_of(bare)) < len(bare)
        if named and not any(known[span.start : span.end]):
            stay = STAY_CUT + (math.log((stays + 0.01) / (goes + 0.01)) if goes < MISSED else -1.0)
            found.append(Person(span, bare, min(1.0, goes + stays), stay))
    return [*found, *_repeated(found, text)]


def _repeated(people: Sequence[Person], text: str) -> Iterator[Person]:
    """Other places of a whole name that the finder was not sure enough of to seek it there, though the spotter let it
    stand."""
    sure = {person.bare for person in people if person.score >= SOUGHT}
    likely = {p.bare: p for p in people if p.score >= FAINT and WHOLE_NAME.fullmatch(p.bare) and surname_of(p.bare)}
    faint = {bare: person for bare, person in likely.items() if bare not in sure}
    found = places_of(faint, text)
    known = covered((person.span for person in people), len(text)) if found else b""
    for span in apart(found):
        if not any(known[span.start : span.end]):
            yield replace(faint[span.of(text)], span=span)


def _without_title(span: Span, text: str) -> Span | None:
    """A stretch that doesn't reach into 女士 or 先生, which tell nothing of a family."""
    end = span.end - 1 if text[span.end - 1 : span.end + 1] in TITLES else span.end
    return Span(span.start, end) if end > span.start else None


def _without_names(span: Span, named: Sequence[Span], text: str) -> Iterator[Span]:
    """The parts of a stretch beside the names in it, which are judged for themselves."""
    start = span.start
    first = max(0, bisect_right(named, Span(start, len(text) + 1)) - 1)
    for name in (*named[first : bisect_left(named, Span(span.end, span.end + 1))], Span(span.end, span.end + 1)):
        if name.end <= start:
            continue
        piece = text[start : max(start, name.start)]
        left, right = start + len(piece) - len(piece.lstrip(EDGES)), start + len(piece.rstrip(EDGES))
        if right > left:
            yield Span(left, right)
        start = name.end


def _grown(spotted: Spotted, chances: NDArray[np.float32], text: str, span: Span, near: float) -> Span:
    """A stretch with what hangs on to it: a fact is told in more words than those that give it away."""
    places = spotted.places
    first, last = np.searchsorted(places[:, 0], [span.start, span.end - 1], side="right") - 1

    def joins(row: int) -> bool:
        if not 0 <= row < len(places):
            return False
        start, end = places[row].tolist()
        if not CELLS.isdisjoint(text[start:end]):
            return False
        return bool(chances[row] >= (near if CLAUSE.isdisjoint(text[start:end]) else ACROSS))

    begin, end = first - LONGEST_FACT, last + LONGEST_FACT
    while first > begin and joins(first - 1):
        first -= 1
    while last < end and joins(last + 1):
        last += 1
    piece = text[places[first, 0] : places[last, 1]]
    start, end = (int(places[first, 0]) + len(piece) - len(piece.lstrip(EDGES)), len(piece.rstrip(EDGES)))
    return Span(min(start, span.start), max(int(places[first, 0]) + end, span.end))


def _in_cells(span: Span, text: str, named: bytearray) -> Iterator[Span]:
    """The parts of a stretch that runs over the cells of a ruled table, without cells that only name somebody."""
    parts = [Span(span.start + m.start(), span.start + m.end()) for m in CELL.finditer(span.of(text))]
    if len(parts) < 2:
        yield span
        return
    for part in parts:
        if sum(named[part.start : part.end]) < len(part) - 1 or not any(named[part.start : part.end]):
            yield part


def _pieces(part: Span, kind: str, chance: float, named: Sequence[Span], text: str) -> Iterator[Span]:
    """What a part of a stretch tells, without titles and names, unless it is too short to tell anything."""
    whole = _without_title(part, text)
    for piece in _without_names(whole, named, text) if whole else ():
        span = home(text, piece) if kind == HOME else piece
        if span and (len(span) > SHORT.get(kind, 1) or (chance >= TOLD_SHORT and (kind == KIN or piece == whole))):
            yield span


def told(spotted: Spotted, text: str, people: Sequence[Person], staying: Iterable[Span] = ()) -> Iterator[Finding]:
    """Facts about private people, and names that no other detector saw; none takes along who stays by a row."""
    known = covered((person.span for person in people), len(text))
    named = sorted(person.span for person in people if person.score >= APART and len(person.span) > 1)
    seen = [span for span, said in zip(named, spotted.named(named), strict=True) if said and sum(said) > SEEN]
    cut: dict[str, list[Span]] = {HOME: seen, **dict.fromkeys(WITH_NAMES, sorted(staying))}
    chances = spotted.chances[:, WORDS].sum(axis=1)
    for run, kind, chance in spotted.runs(text, TOLD):
        near = BESIDE_NAME if kind in WITH_NAMES and all(known[run.start : run.end]) else NEAR
        for part in _in_cells(_grown(spotted, chances, text, run, near), text, known):
            yield from (
                Finding(span, kind, chance, "spotter:" + kind)
                for span in _pieces(part, kind, chance, cut.get(kind, named), text)
            )
    for span, chance in spotted.names(text, MISSED):
        written = len(span) > SHORTEST_LATIN or not span.of(text).isascii()
        if written and len(span) <= LONGEST_NAME and not any(known[span.start : span.end]):
            yield Finding(span, "NAME", chance, "spotter:NAME")


def again(reading: Reading, findings: Sequence[Finding], spotted: Spotted | None = None) -> Iterator[Finding]:
    """Other places where a name that goes stands and nobody saw it: where the spotter half sees somebody, and wherever
    a whole name stands that is no word."""
    text = reading.text
    going = {f.span.of(text): f for f in findings if f.kind in ("NAME", "REPORTER") and f.action == Action.mask}
    found = places_of(filter(CALLED_NAME.fullmatch, going), text)
    often = Counter(span.of(text) for span in found)
    more = [span for span in found if often[span.of(text)] > 1]
    known = covered((f.span for f in findings if f.kind in ("NAME", "REPORTER")), len(text)) if more else b""
    unseen = [span for span in apart(more) if not any(known[span.start : span.end])]
    for span, said in zip(unseen, spotted.named(unseen) if spotted else repeat(None), strict=False):
        bare = span.of(text)
        whole = WHOLE_NAME.fullmatch(bare) and surname_of(bare) and bare not in reading.segmenter
        if whole or (said and sum(said) >= AGAIN):
            yield Finding(span, going[bare].kind, going[bare].score, "spotter:NAME:again")
