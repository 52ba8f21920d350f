"""Read a written file back by every way there is, and say what of the hidden values still stands in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from gongkai.model.errors import CorruptDocument, DocumentError, ProofFailed, ScannedDocument
from gongkai.model.folding import fold
from gongkai.model.numbers import id_cards
from gongkai.model.proof import Values
from gongkai.model.rulebook import Rulebook
from gongkai.service.limits import Limits
from gongkai.service.readers import READERS, read_bytes
from gongkai.service.rewriting import openers
from gongkai.service.rewriting.joined import Joined
from gongkai.service.rewriting.slots import Opener, Remains

Result = TypeVar("Result")
Parts = list[tuple[str, str]]
_VALID = "number:ID_CARD"


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
        """A written file as slots, and every part that can be found in its bytes. Raises ProofFailed."""
        try:
            after = Joined.of(self.opens(data, self.limits).slots)
            parts = [*self.remains(data, self.limits), ("正文", after.text)]
            return after, [*parts, ("正文", readable(data, self.name, self.limits))]
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


def what_remains(values: Values, parts: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """How often a hidden value, or any valid identity number, stands at each place: (place, type)."""
    left: Counter[tuple[str, str]] = Counter()
    for place, text in parts:
        left.update({(item.place, item.kind): item.count for item in values.left([(place, text)])})
        left.update((place, card.kind) for card in id_cards(fold(text)) if card.source == _VALID)
    return left


def failure(left: Mapping[tuple[str, str], int], rules: Rulebook) -> ProofFailed:
    """What is told of a failed proof: places, types and counts."""
    places = "、".join(f"{place}里的{rules.type[kind].name}{count}处" for (place, kind), count in sorted(left.items()))
    return ProofFailed(f"遮蔽后的文件里仍有个人信息（{places}），没有保留，请人工处理。")
