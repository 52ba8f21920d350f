"""提示: what a person has to settle before a paper goes out, and the signs by which it is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gongkai.model.document import Document, Span
from gongkai.model.elements import Elements
from gongkai.model.flagrows import Sign
from gongkai.model.folding import fold
from gongkai.model.law import HEAD

BODY = 20_000
#: No flag shows more places than a person would look at.
MOST = 3


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing to settle: `kind` is a key of KINDS, `says` and `do` Chinese sentences, `about` the agencies or the
    paper it is about; `spans` are the places that show it, none where an element of the paper does."""

    kind: str
    code: str
    says: str
    do: str
    basis: str
    about: str = ""
    spans: tuple[Span, ...] = ()


#: Kinds of flags and what they are called.
KINDS = {
    "consult": "协商确认",
    "approval": "报经批准",
    "source": "随来源办理",
    "scope": "是否属条例调整",
    "part": "损害衡量和区分处理",
    "regime": "适用的条例",
    "citation": "引用依据",
    "audience": "公开对象和方式",
}


@dataclass(frozen=True)
class Page:
    """A paper as signs see it: the folded text and its elements."""

    document: Document
    elements: Elements

    @property
    def text(self) -> str:
        """The folded text; its offsets are those of the text as read."""
        return self.document.folded

    @property
    def title(self) -> str:
        """The folded title."""
        return fold(self.elements.title)

    @property
    def own(self) -> str:
        """The folded names of the agencies that issue it."""
        return fold(self.elements.issuer)

    def part(self, name: str) -> tuple[Span, ...]:
        """Where a part of the paper stands."""
        found = self.elements.parts.get(name)
        return (found,) if found else ()

    def places(self, sign: Sign) -> Iterator[tuple[Span, str]]:
        """Where a sign stands, and the group `who` of its match; a title that is not in the text has no place."""
        if sign.place == "title":
            yield from self._titled(sign.pattern)
            return
        for match in sign.pattern.finditer(self.text, *self._zone(sign.place)):
            if match.group() and self._by_issuer(match):
                yield Span(*match.span()), match.groupdict().get("who") or ""

    def _by_issuer(self, match: re.Match[str]) -> bool:
        """Whether the group `own` of a match, where it has one, is who issues the paper: 我局, 本委, or its name."""
        named = match.groupdict().get("own")
        return not named or named[0] in "我本" or (len(named) > 2 and named in self.own)

    def has(self, sign: Sign) -> bool:
        """Whether a sign stands in the paper."""
        if sign.place == "title":
            return sign.pattern.search(self.title) is not None
        return sign.pattern.search(self.text, *self._zone(sign.place)) is not None

    def _zone(self, place: str) -> tuple[int, int]:
        return 0, HEAD if place == "head" else BODY

    def _titled(self, pattern: re.Pattern[str]) -> Iterator[tuple[Span, str]]:
        match = pattern.search(self.title)
        if match and match.group():
            at = self.text.find(match.group(), 0, 2000)
            span = Span(at, at + len(match.group())) if at >= 0 else next(iter(self.part("标题")), None)
            if span:
                yield span, match.groupdict().get("who") or ""


def stand(page: Page, signs: Sequence[Sign], unless: Sequence[Sign] = ()) -> tuple[tuple[Span, str], ...]:
    """The first places where any of these signs stands; none where one of `unless` does."""
    if any(page.has(sign) for sign in unless):
        return ()
    found = [place for sign in signs for place in page.places(sign)]
    return tuple(sorted(found)[:MOST])
