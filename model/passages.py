"""Reading -> passages of pieces, as the encoder reads them: one of fields, then the body in windows of equal size.

A long document has more windows than the encoder is given time for: the first, the last and those in which rules of the
law or signals of the negative list stand come first, then the others from the top.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from gongkai.model.document import Span
from gongkai.model.errors import ModelFolderError
from gongkai.model.folding import fold
from gongkai.model.reading import Reading
from gongkai.model.tablefile import Folder

WINDOW = 128
BODY = 20_000
START, PAD = 0, 1
FIELDS, FIRST, MIDDLE, LAST = range(4)
Cut = tuple[list[int], list[tuple[int, int]]]  # pieces' ids, and their places


@dataclass(frozen=True, slots=True)
class Passage:
    """Piece ids (the start piece first) with the place of each piece in the text; no places for the fields."""

    kind: int
    ids: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    @property
    def span(self) -> Span | None:
        """The part of the text that it covers."""
        return Span(self.places[0][0], self.places[-1][1]) if self.places else None


@dataclass(frozen=True)
class Pieces:
    """The tokenizer that ships beside the encoder."""

    tokenizer: Tokenizer

    @classmethod
    def read(cls, folder: Folder) -> Pieces:
        """Raises ModelFolderError when tokenizer.json is missing or damaged."""
        try:
            return cls(Tokenizer.from_str((folder / "tokenizer.json").read_text("utf-8")))
        except Exception as error:  # the tokenizers package raises bare Exception for a damaged file
            raise ModelFolderError("模型目录里的 tokenizer.json 缺失或者损坏，请重新安装或者重新训练。") from error

    def cut(self, reading: Reading) -> Cut:
        """The pieces of a document's text; encoder and spotter share them."""
        return reading.once(self.tokenizer, self.of)

    def of(self, text: str) -> Cut:
        """The pieces of a folded text."""
        encoded = self.tokenizer.encode(text, add_special_tokens=False)
        return encoded.ids, encoded.offsets

    def passages(self, reading: Reading) -> list[Passage]:
        """The fields, then every window of the body, in order."""
        fields = self.tokenizer.encode(fields_text(reading), add_special_tokens=False).ids[: WINDOW - 1]
        ids, places = self.cut(reading) if len(reading.text) <= BODY else self.of(reading.text[:BODY])
        size, count = WINDOW - 1, len(ids)
        found = [Passage(FIELDS, (START, *fields), ())]
        for at in range(0, count, size):
            kind = FIRST if at == 0 else LAST if at + size >= count else MIDDLE
            window = slice(at, min(at + size, count))
            found.append(Passage(kind, (START, *ids[window]), tuple(places[window])))
        return found


def fields_text(reading: Reading) -> str:
    """Title and elements as one short text, in a fixed order."""
    elements = reading.elements
    parts = [
        f"标题:{elements.title[:100]}",
        f"文种:{elements.genre}",
        f"稿:{elements.draft}" if elements.draft else "",
        f"附注:{elements.annotation[:20]}" if elements.annotation else "",
        *(f"{name}:{span.of(reading.text)[:40]}" for name, span in elements.parts.items() if name in _SHOWN),
    ]
    return fold("\n".join(part for part in parts if part))


_SHOWN = ("发文机关标志", "发文字号", "主送机关", "署名", "抄送机关")


def chosen(passages: Sequence[Passage], marks: Iterable[Span], most: int) -> list[Passage]:
    """At most `most` passages, in order: fields, first, last, then the ones with most marks, then from the top."""
    if len(passages) <= most:
        return list(passages)
    places = list(marks)

    def rank(at: int) -> tuple[int, int, int]:
        passage = passages[at]
        span = passage.span
        marked = sum(1 for mark in places if span and span.overlaps(mark))
        return (0 if passage.kind != MIDDLE else 1, -marked, at)

    return [passages[at] for at in sorted(sorted(range(len(passages)), key=rank)[:most])]
