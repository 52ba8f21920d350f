"""Masks that together reveal what each of them hides: numbers and names masked in two ways, and masks that hide little.

The standard of GB/T 42460 is what somebody can put together from all that is published, not each mask by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from gongkai.model.document import Span
from gongkai.model.identifiers.checkdigits import id_check
from gongkai.model.mentions.surnames import surname_of

_SIGNS = "*＊×●■█•"
_DOTS = f"{_SIGNS}□○△"
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z{_DOTS}])[0-9{_DOTS}][0-9{_DOTS}xX]{{9,17}}[0-9{_DOTS}Xx](?![0-9A-Za-z{_DOTS}])"
    r"(?![ 　]*[万亿]?元)"
)
#: A number whose signs aren't as many as the digits that they hide, and the words before it that say how many it has.
_ELIDED = re.compile(
    rf"(?<![0-9A-Za-z{_DOTS}])(?P<first>[0-9]{{1,14}})(?P<signs>[{_DOTS}]{{2,}})(?P<last>[0-9]{{0,6}}[0-9Xx]?)(?![0-9A-Za-z{_DOTS}])"
)
_LABELS = (
    (re.compile(rf"(?:身份证|公民身份)[^0-9{_DOTS}，。；]{{0,12}}$"), 18),
    (re.compile(rf"(?:手机|电话|联系方式)[^0-9{_DOTS}，。；]{{0,8}}$"), 11),
)
#: What hides a digit: a sign, and letters that stand together, since one alone is the last digit of a card.
_HIDES = re.compile(rf"[{_DOTS}]|(?<=X)X|X(?=X)")
_NAME = re.compile(
    rf"(?<![\u4e00-\u9fff{_SIGNS}])(?:[\u4e00-\u9fff][某{_SIGNS}]{{1,2}}|[\u4e00-\u9fff][某{_SIGNS}][\u4e00-\u9fff]"
    rf"|[\u4e00-\u9fff]{{2}}[某{_SIGNS}]{{1,2}})(?![\u4e00-\u9fff{_SIGNS}])"
)
#: Characters behind a masked name that belong to the sentence.
_BEHIND = frozenset("的系女男妻夫子父母儿等为与和及在已诉之户家称说于是有到被将对向从给同经所该其系族岁")
_BIRTH = re.compile(r"(?:19|20)\d{2} ?[年./-] ?\d{1,2} ?[月./-] ?\d{1,2}|(?<!\d)(?:19|20)\d{6}(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?= ?[年./-]|\d{4}(?!\d))")
#: A day so many years before the latest of a text may be somebody's first.
_AGE = 10
_SHORT = re.compile(rf"(?<![\u4e00-\u9fff{_SIGNS}])[\u4e00-\u9fff]{{2,4}}(?![\u4e00-\u9fff{_SIGNS}])")
_ID, _MOBILE = 18, 11
_CARDS = (16, 19)
#: How many known digits two masked numbers must share to be taken for one, and how many must stay hidden.
SHARED = {_ID: 6, _MOBILE: 3} | dict.fromkeys(_CARDS, 8)
_LEAST = {_ID: 6, _MOBILE: 4} | dict.fromkeys(_CARDS, 4)
TYPES = {_ID: "ID_CARD", _MOBILE: "PHONE_MOBILE"} | dict.fromkeys(_CARDS, "BANK")
#: How far around a mask its line is read; how many ways of masking are compared; how many findings of one sort told.
_AROUND, WAYS, _MOST = 200, 40, 100
ALIKE = "请对同一类信息用同一种遮法，遮住同样的位数，重新发布"


@dataclass(frozen=True, slots=True)
class Combined:
    """Places of masks that reveal something together."""

    type: str
    places: tuple[int, ...]
    shown: str
    why: str
    advice: str = ALIKE


@dataclass(frozen=True, slots=True)
class Mask:
    """A masked value: where it begins, how it stands, its known characters with `*` for each hidden one."""

    start: int
    shown: str
    form: str

    @property
    def hidden(self) -> int:
        """How many characters are hidden."""
        return self.form.count("*")

    @property
    def known(self) -> tuple[int, ...]:
        """Where its known characters stand."""
        return tuple(at for at, char in enumerate(self.form) if char != "*")


def combined(text: str, names: Sequence[tuple[int, str]]) -> Iterator[Combined]:
    """What masks of a text reveal together; `names` are the offsets and values of people named in clear."""
    masks = numbers(text)
    for found in (_pairs(masks), _clear(masks, text), _weak(masks, text), _people(text, names), _linked(masks, text)):
        yield from islice(found, _MOST)


def numbers(text: str) -> list[Mask]:
    """Masked numbers of a text that can be people's."""
    return [mask for mask in _masked(text) if len(mask.form) in TYPES and _may_be(mask.form)]


def _masked(text: str) -> Iterator[Mask]:
    for match in _NUMBER.finditer(text):
        form = _HIDES.sub("*", match.group().upper())
        if "*" in form and len(form) - form.count("*") >= 3 and _labelled(text, match.start()) in (0, len(form)):
            yield Mask(match.start(), match.group(), form)
    for match in _ELIDED.finditer(text):
        size, known = _labelled(text, match.start()), len(match["first"] + match["last"])
        if size > known >= 3 and len(match.group()) != size:
            form = match["first"] + "*" * (size - known) + match["last"].upper()
            yield Mask(match.start(), match.group(), form)


def _labelled(text: str, at: int) -> int:
    """How long a number is by the label right before it; 0 where none says it."""
    before = _before(text, at)
    return next((size for label, size in _LABELS if label.search(before)), 0)


def _may_be(form: str) -> bool:
    """Whether a number of 11 characters can be a mobile's, and one of 16 or 19 a bank card's."""
    if len(form) in _CARDS:
        return form[0] in "4569*"
    return len(form) != _MOBILE or (form[0] in "1*" and form[1] in "3456789*")


def _by_way(masks: Iterable[Mask]) -> dict[tuple[int, tuple[int, ...]], list[Mask]]:
    """Masks by their length and by which of their characters are known: two of one way are never one value."""
    ways: dict[tuple[int, tuple[int, ...]], list[Mask]] = defaultdict(list)
    for mask in masks:
        ways[len(mask.form), mask.known].append(mask)
    return dict(islice(ways.items(), WAYS))


def _at(text: str, places: Sequence[int]) -> str:
    return "".join(text[place] for place in places)


def _alike(masks: Iterable[Mask]) -> Iterator[tuple[Mask, Mask, tuple[int, ...]]]:
    """Pairs of masks of two ways that can be one value, and where both are known; one partner for each mask."""
    every = _by_way(masks)
    for (size, one), (other_size, other) in combinations(every, 2):
        both = tuple(sorted(set(one) & set(other)))
        if size != other_size:
            continue
        first: dict[str, Mask] = {}
        for mask in every[size, one]:
            first.setdefault(_at(mask.form, both), mask)
        for mask in every[size, other]:
            partner = first.get(_at(mask.form, both))
            if partner:
                yield (partner, mask, both) if partner.start < mask.start else (mask, partner, both)


def _pairs(masks: Sequence[Mask]) -> Iterator[Combined]:
    """Two masks of one number that hide different digits."""
    forms = {mask.form: mask for mask in reversed(masks)}
    for one, other, both in _alike(forms.values()):
        size = len(one.form)
        together = size - len(set(one.known) | set(other.known))
        if len(both) >= SHARED[size] and together < min(one.hidden, other.hidden):
            why = "同一个号码在两处遮的位置不同，合起来就能看出被遮的数字"
            yield Combined(TYPES[size], (one.start, other.start), one.form, why)


def _clear(masks: Sequence[Mask], text: str) -> Iterator[Combined]:
    """A number that stands in clear elsewhere."""
    index = _index(masks)
    for match in re.finditer(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|1[3-9][0-9]{9})(?![0-9A-Za-z])", text):
        number = match.group().upper()
        if len(number) == _ID and not id_check(number):
            continue
        mask = _fitting(number, index)
        if mask:
            why = "这个号码在一处遮蔽，在另一处却是明文"
            yield Combined(TYPES[len(number)], (mask.start, match.start()), mask.form, why)


_Index = dict[tuple[int, tuple[int, ...]], dict[str, Mask]]


def _index(masks: Iterable[Mask]) -> _Index:
    """Masks by their way, and then by their known characters; the first of each."""
    return {way: {_at(mask.form, way[1]): mask for mask in reversed(mine)} for way, mine in _by_way(masks).items()}


def _fitting(value: str, index: _Index) -> Mask | None:
    """The first mask that a value fits."""
    found = (mine.get(_at(value, known)) for (size, known), mine in index.items() if size == len(value))
    return min((mask for mask in found if mask), key=lambda mask: mask.start, default=None)


def _weak(masks: Sequence[Mask], text: str) -> Iterator[Combined]:
    """Masks that leave too little to guess, with what stands beside them."""
    for mask in masks:
        size = len(mask.form)
        if mask.hidden < _LEAST[size]:
            yield Combined(
                TYPES[size], (mask.start,), "", "遮住的位数太少，可以逐个试出完整号码", "请多遮几位后重新发布"
            )
        elif size == _ID and "*" in mask.form[6:14] and mask.form[14:].count("*") <= 1:
            line = _before(text, mask.start) + text[mask.start : mask.start + _AROUND].partition("\n")[0]
            if _tells_birth(line.replace(mask.shown, ""), text):
                why = "身份证号遮住了出生日期，同一行却写着完整的出生日期，合起来就能补全号码"
                yield Combined(
                    "ID_CARD", (mask.start,), mask.form, why, "请把出生日期改为只留年份，或者多遮身份证号的后四位"
                )


def _tells_birth(line: str, text: str) -> bool:
    """Whether a line holds a day of birth: one that says so, stands in a cell, or lies years before other dates."""
    latest = max(map(int, _YEAR.findall(text)), default=0)
    for match in _BIRTH.finditer(line):
        before, behind = line[: match.start()], line[match.end() :]
        said = "生" in before[-8:] or "生" in behind[:4]
        cell = before[-1:] in ("", "\t", "|") and behind[:1] in ("", "\t", "|") and "出生" in text
        if said or cell or int(match.group()[:4]) <= latest - _AGE:
            return True
    return False


def _names(text: str) -> Iterator[Mask]:
    for match in _NAME.finditer(text):
        form = re.sub(rf"[某{_SIGNS}]", "*", match.group())
        if surname_of(form.rstrip("*")) and form[-1] not in _BEHIND:
            yield Mask(match.start(), match.group(), form)


def hidden_names(text: str) -> Iterator[tuple[int, str]]:
    """Offsets of masked names and how they stand, with `*` for what is hidden."""
    return ((mask.start, mask.form) for mask in _names(text))


def _people(text: str, names: Sequence[tuple[int, str]]) -> Iterator[Combined]:
    """Names masked in two ways, and names in clear that a mask elsewhere nearly spells."""
    names = [(at, name) for at, name in names if not re.search(rf"[某{_SIGNS}]", name)]
    masks: dict[str, Mask] = {}
    for mask in _names(text):
        masks.setdefault(mask.form, mask)
    for one, other, both in _alike(masks.values()):
        if both not in (one.known, other.known):
            yield Combined("NAME", (one.start, other.start), "", "姓名在两处遮的字不同，合起来就能看出全名")
    plain = {mask.form.strip("*"): mask for mask in reversed(masks.values())}
    telling = [mask for mask in masks.values() if mask.form.rstrip("*") != surname_of(_whole(mask.form))]
    for mask in telling:
        family = surname_of(_whole(mask.form))
        only = plain.get(family)
        if only and only is not mask:
            shown = family + "某" * (len(mask.form) - len(family))
            why = "有的姓名只留姓，有的还留了名中的字，对照就能认出本人"
            yield Combined("NAME", (only.start, mask.start), shown, why)
    index, told = _index(telling), set[str]()
    for at, name in names:
        mask_of = _fitting(name, index)
        if mask_of and mask_of.form not in told:
            told.add(mask_of.form)
            yield Combined("NAME", (mask_of.start, at), "", "这个姓名在一处遮蔽，在另一处却是全名")


def _before(text: str, at: int) -> str:
    """What stands before a place in its line, as far as it is read."""
    return text[max(text.rfind("\n", 0, at) + 1, at - _AROUND) : at]


def line_of(text: str, mask: Mask) -> Span:
    """The line of a mask, as far as it is read."""
    start = mask.start - len(_before(text, mask.start))
    return Span(start, mask.start + len(text[mask.start : mask.start + _AROUND].partition("\n")[0]))


def _whole(form: str) -> str:
    """A masked name with another character for what is hidden, so that a surname of two characters is seen."""
    return form.replace("*", "某")


def _linked(masks: Sequence[Mask], text: str) -> Iterator[Combined]:
    """One masked number beside a masked name in one line and beside a full name of that surname in another."""
    lines: dict[str, list[int]] = defaultdict(list)
    for mask in masks:
        lines[mask.form].append(mask.start)
    for places in lines.values():
        around = {at: _before(text, at) for at in places}
        hidden = {surname_of(_whole(name.form)): at for at, line in around.items() for name in _names(line)}
        told = ((at, name) for at, line in around.items() for name in _in_full(line))
        at, full = next(((at, name) for at, name in told if hidden.get(surname_of(name), at) != at), (0, ""))
        if family := surname_of(full):
            why = "同一个号码旁边，一处姓名已遮蔽，另一处却是全名"
            yield Combined("NAME", (hidden[family], at), family + "某" * (len(full) - len(family)), why)


def _in_full(line: str) -> Iterator[str]:
    """What stands alone in a line and may be a name with nothing of it hidden."""
    for match in _SHORT.finditer(line):
        name = match.group()
        if "某" not in name and 1 <= len(name) - len(surname_of(name)) <= 2:
            yield name
