"""Masks that together reveal what each of them hides: numbers and names masked in two ways, and masks that hide little.

The standard of GB/T 42460 is what somebody can put together from all that is published, not each mask by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from gongkai.model.checkdigits import id_check
from gongkai.model.names import surname_of

_SIGNS = "*＊×●■█•"
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z{_SIGNS}])[0-9{_SIGNS}][0-9{_SIGNS}xX]{{9,17}}[0-9{_SIGNS}Xx](?![0-9A-Za-z{_SIGNS}])"
)
_NAME = re.compile(
    rf"(?<![\u4e00-\u9fff{_SIGNS}])(?:[\u4e00-\u9fff][某{_SIGNS}]{{1,2}}|[\u4e00-\u9fff][某{_SIGNS}][\u4e00-\u9fff]"
    rf"|[\u4e00-\u9fff]{{2}}[某{_SIGNS}]{{1,2}})(?![\u4e00-\u9fff{_SIGNS}])"
)
#: Characters behind a masked name that belong to the sentence.
_BEHIND = frozenset("的系女男妻夫子父母儿等为与和及在已诉之户家称说于是有到被将对向从给同经所该其系族岁")
_BIRTH = re.compile(r"(?:19|20)\d{2} ?[年./-] ?\d{1,2} ?[月./-] ?\d{1,2}|(?<!\d)(?:19|20)\d{6}(?!\d)")
_SHORT = re.compile(rf"(?<![\u4e00-\u9fff{_SIGNS}])[\u4e00-\u9fff]{{2,3}}(?![\u4e00-\u9fff{_SIGNS}])")
_ID, _MOBILE = 18, 11
#: How many known digits two masked numbers must share to be taken for one, and how many must stay hidden.
_SHARED = {_ID: 6, _MOBILE: 3}
_LEAST = {_ID: 6, _MOBILE: 4}
_TYPES = {_ID: "ID_CARD", _MOBILE: "PHONE_MOBILE"}
_ALIKE = "请对同一类信息用同一种遮法，遮住同样的位数，重新发布"


@dataclass(frozen=True, slots=True)
class Combined:
    """Places of masks that reveal something together."""

    type: str
    places: tuple[int, ...]
    shown: str
    why: str
    advice: str = _ALIKE


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

    def fits(self, other: str) -> bool:
        """Whether both can be the same value."""
        same = zip(self.form, other, strict=True)
        return all(a == b or "*" in (a, b) for a, b in same)

    def shared(self, other: str) -> int:
        """How many known characters both have at the same place."""
        return sum(a == b != "*" for a, b in zip(self.form, other, strict=True))


def combined(text: str, names: Sequence[tuple[int, str]]) -> Iterator[Combined]:
    """What masks of a text reveal together; `names` are the offsets and values of people named in clear."""
    masks = [mask for mask in _masked(text) if len(mask.form) in _TYPES]
    yield from _pairs(masks)
    yield from _clear(masks, text)
    yield from _weak(masks, text)
    yield from _people(text, names)
    yield from _linked(masks, text)


def _masked(text: str) -> Iterator[Mask]:
    for match in _NUMBER.finditer(text):
        form = re.sub(rf"[{_SIGNS}]", "*", match.group()).upper()
        if "*" in form and len(form) - form.count("*") >= 3:
            yield Mask(match.start(), match.group(), form)


def _pairs(masks: Sequence[Mask]) -> Iterator[Combined]:
    """Two masks of one number that hide different digits."""
    forms = {mask.form: mask for mask in reversed(masks)}
    for one, other in combinations(forms.values(), 2):
        size = len(one.form)
        if size != len(other.form) or not one.fits(other.form) or one.shared(other.form) < _SHARED[size]:
            continue
        together = sum(a == b == "*" for a, b in zip(one.form, other.form, strict=True))
        if together < min(one.hidden, other.hidden):
            why = "同一个号码在两处遮的位置不同，合起来就能看出被遮的数字"
            yield Combined(_TYPES[size], (one.start, other.start), one.form, why)


def _clear(masks: Sequence[Mask], text: str) -> Iterator[Combined]:
    """A number that stands in clear elsewhere."""
    for match in re.finditer(r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|1[3-9][0-9]{9})(?![0-9A-Za-z])", text):
        number = match.group().upper()
        if len(number) == _ID and not id_check(number):
            continue
        for mask in (m for m in masks if len(m.form) == len(number) and m.fits(number)):
            why = "这个号码在一处遮蔽，在另一处却是明文"
            yield Combined(_TYPES[len(number)], (mask.start, match.start()), mask.form, why)
            break


def _weak(masks: Sequence[Mask], text: str) -> Iterator[Combined]:
    """Masks that leave too little to guess, with what stands beside them."""
    for mask in masks:
        size = len(mask.form)
        if mask.hidden < _LEAST[size]:
            yield Combined(
                _TYPES[size], (mask.start,), "", "遮住的位数太少，可以逐个试出完整号码", "请多遮几位后重新发布"
            )
        elif size == _ID and "*" in mask.form[6:14] and mask.form[14:].count("*") <= 1:
            line = text[text.rfind("\n", 0, mask.start) + 1 : (text.find("\n", mask.start) + 1 or len(text) + 1) - 1]
            if _BIRTH.search(line.replace(mask.shown, "")):
                why = "身份证号遮住了出生日期，同一行却写着完整的出生日期，合起来就能补全号码"
                yield Combined(
                    "ID_CARD", (mask.start,), mask.form, why, "请把出生日期改为只留年份，或者多遮身份证号的后四位"
                )


def _people(text: str, names: Sequence[tuple[int, str]]) -> Iterator[Combined]:
    """Names masked in two ways, and names in clear that a mask elsewhere nearly spells."""
    names = [(at, name) for at, name in names if not re.search(rf"[某{_SIGNS}]", name)]
    masks: dict[str, Mask] = {}
    for match in _NAME.finditer(text):
        form = re.sub(rf"[某{_SIGNS}]", "*", match.group())
        if surname_of(form.rstrip("*")) and form[-1] not in _BEHIND:
            masks.setdefault(form, Mask(match.start(), match.group(), form))
    telling = [mask for mask in masks.values() if mask.form.rstrip("*") != surname_of(_whole(mask.form))]
    for one, other in combinations(masks.values(), 2):
        if len(one.form) == len(other.form) and one.fits(other.form) and not _nested(one.form, other.form):
            yield Combined("NAME", (one.start, other.start), "", "姓名在两处遮的字不同，合起来就能看出全名")
    for mask in telling:
        family = surname_of(_whole(mask.form))
        plain = next((m for m in masks.values() if m.form.strip("*") == family and m is not mask), None)
        if plain:
            shown = family + "某" * (len(mask.form) - len(family))
            why = "有的姓名只留姓，有的还留了名中的字，对照就能认出本人"
            yield Combined("NAME", (plain.start, mask.start), shown, why)
        clear = next((at for at, name in names if len(name) == len(mask.form) and mask.fits(name)), None)
        if clear is not None:
            yield Combined("NAME", (mask.start, clear), "", "这个姓名在一处遮蔽，在另一处却是全名")


def _whole(form: str) -> str:
    """A masked name with another character for what is hidden, so that a surname of two characters is seen."""
    return form.replace("*", "某")


def _nested(one: str, other: str) -> bool:
    """Whether one of two masks tells nothing that the other doesn't."""
    return all(a == b or a == "*" for a, b in zip(one, other, strict=True)) or all(
        a == b or b == "*" for a, b in zip(one, other, strict=True)
    )


def _linked(masks: Sequence[Mask], text: str) -> Iterator[Combined]:
    """One masked number beside a masked name in one line and beside a full name of that surname in another."""
    lines: dict[str, list[int]] = defaultdict(list)
    for mask in masks:
        lines[mask.form].append(mask.start)
    for places in lines.values():
        around = {at: text[text.rfind("\n", 0, at) + 1 : at] for at in places}
        hidden = {
            m.group()[0]: at for at, line in around.items() for m in _NAME.finditer(line) if surname_of(m.group()[0])
        }
        for at, line in around.items():
            full = next(
                (
                    m.group()
                    for m in _SHORT.finditer(line)
                    if m.group()[0] in hidden and hidden[m.group()[0]] != at and len(m.group()) > 1
                ),
                "",
            )
            if full and not re.search(r"[某*]", full):
                why = "同一个号码旁边，一处姓名已遮蔽，另一处却是全名"
                yield Combined("NAME", (hidden[full[0]], at), full[0] + "某" * (len(full) - 1), why)
                break
