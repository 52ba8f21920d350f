"""Read a written file back by every way there is, and say what of the hidden values still stands in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from gongkai.model.deid.proof import PERSONS, Values, normal
from gongkai.model.document import Span
from gongkai.model.errors import (
    CorruptDocument,
    CrashingDocument,
    DocumentError,
    ProofFailed,
    ScannedDocument,
    SlowDocument,
)
from gongkai.model.finding import Finding
from gongkai.model.folding import fold
from gongkai.model.identifiers.numbers import id_cards
from gongkai.model.rulebook import Rulebook
from gongkai.service.limits import Limits
from gongkai.service.readers import READERS, read_bytes
from gongkai.service.rewriting import openers
from gongkai.service.rewriting.joined import Joined
from gongkai.service.rewriting.slots import Opener, Remains

Result = TypeVar("Result")
Parts = list[tuple[str, str]]
_VALID = "number:ID_CARD"
_LONGEST = 200
_HAN = re.compile("[\u3400-\u9fff]")
#: Where a number goes on in the next line of a narrow cell.
_BROKEN = re.compile(r"(?<=[0-9０-９])[ \t]*\r?\n[ \t]*(?=[0-9０-９XxＸｘ])")


@dataclass(frozen=True, slots=True)
class Remnant:
    """Something that should not stand in a written file: its place, what it is, and as it stands there."""

    place: str
    finding: Finding
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to read files of one format."""

    name: str
    limits: Limits
    opens: Opener
    remains: Remains

    @classmethod
    def of(cls, name: str, limits: Limits, pictures: str = "blank") -> Ways:
        """The ways for a file name. Raises UnsupportedFormat."""
        return cls(name, limits, *openers(Path(name).suffix.lower(), pictures))

    def read_back(self, data: bytes) -> tuple[Joined, Parts]:
        """A written file as slots, and every part that can be found in its bytes.

        Raises ProofFailed, and SlowDocument or CrashingDocument where its pictures can't be read again.
        """
        try:
            after = Joined.of(self.opens(data, self.limits).slots)
            parts = [*self.remains(data, self.limits), ("正文", after.text)]
            return after, [*parts, ("正文", readable(data, self.name, self.limits))]
        except (SlowDocument, CrashingDocument):
            raise
        except Exception as error:
            raise ProofFailed("写好的文件打不开，没有保留；请把原文件另存后再试，或者人工处理。") from error


def safely(call: Callable[[], Result]) -> Result:
    """A call into a format, whose own exceptions for damaged files become CorruptDocument."""
    try:
        return call()
    except (DocumentError, MemoryError):
        raise
    except Exception as error:
        raise CorruptDocument("文件已损坏或不完整，请重新获取，或打开后另存为新文件再提交。") from error


def readable(data: bytes, name: str, limits: Limits) -> str:
    """The text that our reader gives for a file; empty for pictures and for pages that are pictures.

    Raises DocumentError for what is damaged, protected, too large or not what its extension says.
    """
    if Path(name).suffix.lower() not in READERS:
        return ""
    try:
        return read_bytes(data, name, limits).text
    except ScannedDocument:
        return ""


def what_remains(
    values: Values,
    parts: Iterable[tuple[str, str]],
    expected: Mapping[tuple[bool, str], int] | None = None,
    cards: frozenset[str] = frozenset(),
) -> list[Remnant]:
    """Every hidden value that still stands in a part, and every valid identity number.

    A person may keep some places of a value: `expected` says of how many in one part, `cards` which numbers.
    """
    found = []
    for place, text in parts:
        found += _beyond(expected or {}, [Remnant(place, hit.value, hit.span.of(text)) for hit in values.hits(text)])
        own = ((card, shown) for card, shown in _cards(text) if normal(card.kind, shown) not in cards)
        found += [Remnant(place, card, shown) for card, shown in own]
    return found


def _beyond(expected: Mapping[tuple[bool, str], int], found: list[Remnant]) -> list[Remnant]:
    """All remnants of the values that stand more often than they may."""
    if not expected:
        return found
    values = [(one.finding.kind in PERSONS, normal(one.finding.kind, one.text)) for one in found]
    counts = Counter(values)
    return [one for one, value in zip(found, values, strict=True) if counts[value] > expected.get(value, 0)]


def short_remains(short: Iterable[Finding], judged: str, wanted: str, after: Parts, parts: Parts) -> list[Remnant]:
    """Short values that a person hides and that stand more often than in the text as it should read.

    In all parts only those are looked for that no code or measure of a file resembles.
    """
    found = []
    for finding in short:
        letters = letters_of(finding.span.of(judged))
        most = len(letters.findall(fold(wanted)))
        for place, text in (*after, *parts) if _like_no_code(finding.span.of(judged)) else after:
            hits = [match.group() for match in letters.finditer(fold(text))]
            found += [Remnant(place, finding, hit) for hit in hits] if len(hits) > most else []
    return found


def letters_of(value: str) -> re.Pattern[str]:
    """Finds a short value in a folded text by its letters, whatever blanks stand between them."""
    return re.compile(r"\s*".join(map(re.escape, "".join(fold(value).split()))))


def _like_no_code(value: str) -> bool:
    return len(_HAN.findall(value)) >= 2


def _cards(text: str) -> Iterator[tuple[Finding, str]]:
    """Valid identity numbers, as they stand and as they read when a cell broke them into lines."""
    for shown in dict.fromkeys((text, _BROKEN.sub("", text))):
        yield from ((card, card.span.of(shown)) for card in id_cards(fold(shown)) if card.source == _VALID)


def again(left: Iterable[Remnant], judged: str) -> Iterator[Finding]:
    """Where the letters of what is left stand in the judged text, whatever stands beside them and between its lines."""
    for text, finding in {"".join(one.text.split()): one.finding for one in left}.items():
        if 1 < len(text) <= _LONGEST:
            for match in re.finditer(r"\s*".join(map(re.escape, text)), judged):
                yield replace(finding, span=Span(*match.span()), source=f"{finding.source}:proof")


def failure(left: Iterable[tuple[str, str]], rules: Rulebook) -> ProofFailed:
    """What is told of a failed proof, given as (place, type) of each remnant: places, types and counts."""
    places = "、".join(
        f"{place}里的{rules.type[kind].name}{count}处" for (place, kind), count in sorted(Counter(left).items())
    )
    return ProofFailed(f"遮蔽后的文件里仍有个人信息（{places}），没有保留，请人工处理。")
