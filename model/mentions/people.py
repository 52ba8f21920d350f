"""Which mentions are people, every other place their names stand, and whether they stay (marked keep) or go."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from gongkai.model.document import Span
from gongkai.model.headings import heading_kind
from gongkai.model.linear import Logistic, sigmoid
from gongkai.model.mentions.cues import stay_parts, surroundings
from gongkai.model.mentions.namecues import NameModel, name_columns
from gongkai.model.mentions.names import Mention, mentions
from gongkai.model.mentions.parts import PartedLogistic
from gongkai.model.mentions.sides import LONELY, SURE, beside_names, without_places
from gongkai.model.mentions.surnames import short_of, surname_of
from gongkai.model.mentions.tagger import PersonTagger, Tags
from gongkai.model.reading import Reading
from gongkai.model.retold import places_of

CARDED, WORD, FAINT = 0.9, 0.25, 0.01
#: Log-odds over which a name stays that no row decides: the dial between names left in clear and names hidden in vain.
STAY_CUT = 2.7
INSIDE = 2
#: Who is appointed, perhaps behind others, and how far before a name that is looked for.
APPOINTS = re.compile(r"(?:任命|聘任|聘请|聘用|提名|委任|任用|推举|推选|选举|增补|指定|明确|同意)[^。;,\n]{0,24}$")
REACH = 30
#: What stands between the names of one list: a mark or a word, perhaps after a remark in brackets.
LISTED = re.compile(r" ?(?:\([^()\n]{1,16}\))? ?[、和及与] ?|\([^()\n]{1,20}\) ?")
#: A unit that begins like a surname (安全组, 管理处).
UNIT = re.compile(r"..[局科股处站组办室所队]")
#: What stands before and behind a given name that is a word, where somebody is called by it.
BY_NAME = frozenset(",。;:、(“\n 说叫找给跟让")
BY_ACT = re.compile(
    r"不在|不[肯愿]|说|去[^年岁]|来过|同志|本人|[他她]?的?(?:爸|妈|父亲|母亲|妻子|丈夫)|[旧新]卡|的?(?:银行卡|手机|病历|腿)"
)
BLANKS, GAP = " \n", 3
#: What follows a name rather than ends one, where the name stands elsewhere without it; of that, what never ends a
#: clause, so that before a mark it belongs to the name (甲永和、).
DOES = frozenset("提说问讲答称核填签收送负带让叫找请主参列陪到在对向和与及将把被就也还又再都拟校记报审批办交打接管帮替")
LEADS = frozenset("陪到在对向和与及将把被就也还又再都拟")
FRAMED = frozenset({"addressed", "signed", "acting", "carded"})
ENDED = "role-ended"
LED = FRAMED | {"wrapped", ENDED}
POINTED = FRAMED | {"tagger", "column", "field", "after-role", "short", "spaced"}


@dataclass(frozen=True, slots=True)
class Person:
    """One place where a person is named: how sure, and the log-odds that the name stays."""

    span: Span
    bare: str
    score: float
    stay: float

    def with_stay(self, stay: float) -> Person:
        """The same with other log-odds; `dataclasses.replace` takes four times as long."""
        return Person(self.span, self.bare, self.score, stay)


class PeopleFinder:
    """Candidates from rules and the tagger, judged by two small logistic models (is it a name; does it stay)."""

    def __init__(self, tagger: PersonTagger, is_name: Logistic, stays: Logistic, threshold: float = 0.06) -> None:
        self._tagger, self._threshold = tagger, threshold
        self._least = math.log(threshold / (1 - threshold)) - 0.01
        self._is_name, self._stays = NameModel(is_name), PartedLogistic(stays)

    def candidates(self, reading: Reading) -> tuple[list[Mention], Tags]:
        """Every place that may be a name, and what the tagger says of the text."""
        tags = self._tagger(reading)
        return mentions(reading, tags.people()), tags

    def __call__(self, reading: Reading, label: str) -> list[Person]:
        """The people of a document in reading order, without overlaps; `label` is the attribute suggested for it."""
        found, tags = self.candidates(reading)
        found = [
            m for m in found if m.sources & FRAMED or not (UNIT.fullmatch(m.bare) and m.bare[:2] in reading.segmenter)
        ]
        if not found:
            return []
        around = surroundings(reading, found, label)
        names = self._is_name.logits(name_columns(reading, found, around, tags))
        likely = [(logit, m) for logit, m in zip(names, found, strict=True) if logit > self._least or m.sources & LED]
        scored = without_places(reading, [(sigmoid(logit), mention) for logit, mention in likely])
        chosen = self._chosen(reading, _whole(scored))
        chosen = _parted(reading.text, [(score, _appointed(reading.text, mention)) for score, mention in chosen])
        stays = self._stays.logits([stay_parts(reading, mention, around) for _, mention in chosen])
        people = [Person(m.span, m.bare, score, stay) for (score, m), stay in zip(chosen, stays, strict=True)]
        people.sort(key=lambda p: (p.span.start, p.span.end))
        return one_column(reading, _agreed(people))

    def _chosen(self, reading: Reading, scored: list[tuple[float, Mention]]) -> list[tuple[float, Mention]]:
        """The likeliest mentions that don't overlap, and their echoes.

        Where nobody is named for sure, a faint candidate is a word, not a person; so is a word of the dictionary that
        nothing but its first character speaks for.
        """
        peopled = any(score >= SURE for score, _ in scored)
        taken = bytearray(len(reading.text))
        chosen = []
        for score, mention in sorted(scored, key=lambda pair: (-pair[0], -len(pair[1].span))):
            plain = mention.bare in reading.segmenter and not mention.sources & POINTED
            least = max(self._threshold if peopled else LONELY, WORD if plain else 0.0)
            if score >= least and not any(taken[mention.span.start : mention.span.end]):
                taken[mention.span.start : mention.span.end] = b"\1" * len(mention.span)
                chosen.append((score, mention))
        chosen = _unbroken(reading.text, chosen, taken)
        chosen += _echoes(reading.text, chosen, taken)
        chosen += beside_names(reading, chosen, taken)
        return chosen + _given(reading, chosen, taken)


def _whole(scored: list[tuple[float, Mention]]) -> list[tuple[float, Mention]]:
    """A name that goes on after a broken line is as sure as its first part: its last character must not stay.

    A name that a salutation, a signature or an act frames is sure, however rare it is; more so before its card.
    """
    scored = [(max(score, SURE) if m.sources & FRAMED else score, m) for score, m in scored]
    scored = [(max(score, CARDED) if "carded" in m.sources else score, m) for score, m in scored]
    scored = [(max(score, SURE) if ENDED in m.sources and score > FAINT else score, m) for score, m in scored]
    first: dict[int, float] = {}
    for score, mention in scored:
        first[mention.span.start] = max(score, first.get(mention.span.start, 0.0))
    return [(first[m.span.start] if "wrapped" in m.sources else score, m) for score, m in scored]


def _without_last(mention: Mention) -> Mention:
    """A mention without its last character, which belongs to the next word."""
    return mention._replace(span=Span(mention.span.start, mention.span.end - 1), bare=mention.bare[:-1])


def _appointed(text: str, mention: Mention) -> Mention:
    """任命某某为局长: the 为 belongs to the office, unless another one follows (任命李有为为局长)."""
    start, end = mention.span.start, mention.span.end
    joined = mention.bare[-1] == "为" and len(mention.span) == len(mention.bare) == len(surname_of(mention.bare)) + 2
    if not joined or text[end : end + 1] in ("为", "任") or not APPOINTS.search(text, max(0, start - REACH), start):
        return mention
    return _without_last(mention)


def _parted(text: str, chosen: list[tuple[float, Mention]]) -> list[tuple[float, Mention]]:
    """What a sure name is told to do, or with whom, is none of it: 张三提 where 张三 stands elsewhere too."""
    often = Counter(mention.bare for _, mention in chosen)
    sure = {m.bare for score, m in chosen if score >= SURE and len(m.bare) > len(surname_of(m.bare)) > 0}

    def part(mention: Mention) -> Mention:
        bare, span = mention.bare, mention.span
        told = bare[-1] in DOES and bare[:-1] in sure and often[bare] == 1 and len(span) == len(bare)
        told = told and (bare[-1] not in LEADS or text[span.end : span.end + 1].isalnum())
        return _without_last(mention) if told else mention

    return [(score, part(mention)) for score, mention in chosen]


def _unbroken(text: str, chosen: list[tuple[float, Mention]], taken: bytearray) -> list[tuple[float, Mention]]:
    """Without faint mentions of no more than a part of where a sure name of three characters or more stands again."""
    sure = {m.bare for score, m in chosen if score >= SURE and len(m.bare) == len(m.span) > 2}
    cover = sorted(places_of(sure, text))
    starts = [span.start for span in cover]
    whole = {m.span for _, m in chosen}

    def broken(score: float, span: Span) -> bool:
        at = bisect_right(starts, span.start) - 1
        around = cover[at] if at >= 0 and score < SURE else span
        return around != span and around.covers(span) and around not in whole

    for score, mention in chosen:
        if broken(score, mention.span):
            taken[mention.span.start : mention.span.end] = bytes(len(mention.span))
    return [(score, mention) for score, mention in chosen if not broken(score, mention.span)]


def _echoes(text: str, chosen: list[tuple[float, Mention]], taken: bytearray) -> list[tuple[float, Mention]]:
    """Other places where a confirmed name stands, written exactly so or with blanks or line ends between."""
    best: dict[str, float] = defaultdict(float)
    for score, mention in chosen:
        if len(mention.bare) >= 2:
            best[mention.bare] = max(best[mention.bare], score)
    sure = [bare for bare, score in best.items() if score >= (0.5 if len(bare) > 2 else SURE)]
    order = {bare: place for place, bare in enumerate(sorted(sure, key=lambda bare: -len(bare)))}
    more = []
    for bare, span in sorted(_written(text, order), key=lambda found: (order[found[0]], found[1])):
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * len(span)
            more.append((best[bare], Mention(span, bare, frozenset({"echo"}))))
    return more


def _given(reading: Reading, chosen: list[tuple[float, Mention]], taken: bytearray) -> list[tuple[float, Mention]]:
    """Where someone named in full is called by the given name alone; a word of the dictionary only where it does what
    people do."""
    full: dict[str, float] = {}
    for score, mention in chosen:
        if score >= SURE and len(mention.bare) == 3:
            full[mention.bare] = max(score, full.get(mention.bare, 0.0))
    given = {bare[1:]: (bare, score) for bare, score in reversed(full.items()) if len(surname_of(bare)) == 1}
    text, more = reading.text, []
    for span in places_of(given, text):
        bare, score = given[span.of(text)]
        told = bare[1:] not in reading.segmenter or (
            text[span.start - 1 : span.start] in BY_NAME and BY_ACT.match(text, span.end)
        )
        if told and span.start in reading.starts and not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * len(span)
            more.append((score, Mention(span, bare[1:], frozenset({"echo"}))))
    return more


def _written(text: str, names: Iterable[str]) -> Iterator[tuple[str, Span]]:
    """Where names stand; in those of three characters or more with at most `GAP` blanks and line ends after each."""
    places = [at for at, char in enumerate(text) if char not in BLANKS]
    close = text.replace(" ", "").replace("\n", "")
    for found in places_of(names, close):
        bare, at = found.of(close), places[found.start : found.end]
        gap = GAP if len(bare) > 2 else 0
        if all(later - one <= gap + 1 for one, later in pairwise(at)):
            yield bare, Span(at[0], at[-1] + 1)


def _agreed(people: list[Person]) -> list[Person]:
    """One person, one treatment: the log-odds of all mentions of a name, and of its short forms, are averaged."""
    groups: dict[str, list[Person]] = defaultdict(list)
    full = {p.bare for p in people if len(p.bare) >= 2}
    called = by_given(full)
    whole = {bare: called.get(bare) or _full_name(bare, full) for bare in {p.bare for p in people}}
    for person in people:
        groups[whole[person.bare]].append(person)
    mean = {key: sum(p.stay for p in group) / len(group) for key, group in groups.items()}
    return [p.with_stay(mean[whole[p.bare]]) for p in people]


def by_given(full: Collection[str]) -> dict[str, str]:
    """Names of three characters by their last two, where nobody else of `full` (each name once) has the same."""
    count = Counter(name[1:] for name in full if len(name) == 3)
    return {name[1:]: name for name in full if len(name) == 3 and count[name[1:]] == 1}


def one_list(text: str, people: list[Person]) -> list[Person]:
    """The same for names in a row, parted by no more than marks and remarks (甲（乡村办）、乙和丙)."""
    rows: list[list[Person]] = []
    for person in sorted(people, key=lambda p: (p.span.start, p.span.end)):
        if rows and LISTED.fullmatch(text, rows[-1][-1].span.end, person.span.start):
            rows[-1].append(person)
        else:
            rows.append([person])
    means = [sum(p.stay for p in row) / len(row) for row in rows]
    return [person.with_stay(mean) for row, mean in zip(rows, means, strict=True) for person in row]


def one_column(reading: Reading, people: list[Person]) -> list[Person]:
    """The names in one column of a table are of one kind: their log-odds are averaged, so that no row stands out.

    What stands under a mere role (帮扶人员) is judged name by name: it tells less of them than their rows do.
    """
    named = (cell for cell in reading.cells if cell.kind == "NAME" and cell.row >= 0)
    headed = {cell.span.start: cell.heading for cell in named if heading_kind(cell.heading)}
    starts = sorted(headed)
    columns: dict[str, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        at = bisect_right(starts, person.span.start) - 1
        if at >= 0 and person.span.start - starts[at] <= INSIDE:
            columns[headed[starts[at]]].append(place)
    found = list(people)
    for places in columns.values():
        mean = sum(people[i].stay for i in places) / len(places)
        for i in places:
            found[i] = people[i].with_stay(mean)
    return found


def _full_name(bare: str, full: Iterable[str]) -> str:
    """The one full name in the document that a short form (老李, 李) can stand for; else itself."""
    family = short_of(bare)
    if not family:
        return bare
    options = [name for name in full if name.startswith(family) and len(name) > 1 and name != bare]
    return options[0] if len(options) == 1 else bare
