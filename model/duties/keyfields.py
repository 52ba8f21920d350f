"""要素: is everything in a document that its catalog item asks for, and where does each piece stand?

A field is looked for under its labels (`面积：…`, a heading of a table or a section) and by patterns in running text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

from gongkai.model.document import Document, Span
from gongkai.model.elements import Elements
from gongkai.model.fieldrow import KeyField
from gongkai.model.folding import fold
from gongkai.model.grid import table_rows
from gongkai.model.rows import Row
from gongkai.model.rulebook import Rulebook

#: What stands in a form that nobody filled in.
_BLANK = re.compile(
    r"(?:[\s_/\\*×…〇○\-.,:;|()〔〕年月日元万亿亩%㎡]|平方米|公顷|略|待定|待补充?|待填|空白|另行公[告布])*"
)
_UNIT = re.compile(r"\([^()\n]{0,20}\)|[\s*:]|(?:㎡|平方米|公顷|亩|万元|元)$")
#: How most headings end that no field has as a label of its own.
_HEADING = re.compile(r"[^\d]{0,12}(?:[名号别间额数称位务期况型类容注址因族话式级准积明价率途类]|序|时间|日期?|备注)")
_FIGURE, _DIGIT = re.compile(r"-?[\d,.]+"), re.compile(r"\d")
#: A row with so many headings among its cells heads a table; in a form every other cell is one.
_HEADINGS = 0.6
_KINDS = (
    r"第?[一二三四五六七八九十]{1,3}[、.是章]",
    r"\([一二三四五六七八九十\d]{1,3}\)",
    r"\d{1,2}(?:[.、)](?!\d)|\.\d{1,2})",
)
_NUMBER = f"(?:{'|'.join(_KINDS)})"
_ASIDE = r"(?:\([^()\n]{0,20}\))?"
_COLON = r"(?::|为(?!什么|何)|是(?![否不]))"
_GAP = r"[^\S\n]*"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """A field and where it stands; `span` None: it is missing. `sure` False: the table has no row for it, so only its
    name was looked for, and a missing one may be there in other words; or it comes with publication."""

    name: str
    span: Span | None
    basis: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Completeness:
    """The key fields of one document under one catalog item."""

    code: str
    fields: tuple[Found, ...]

    @property
    def found(self) -> tuple[Found, ...]:
        """Fields with their places."""
        return tuple(field for field in self.fields if field.span)

    @property
    def missing(self) -> tuple[Found, ...]:
        """Fields that the table knows and the document lacks."""
        return tuple(field for field in self.fields if field.sure and not field.span)

    @property
    def unsure(self) -> tuple[Found, ...]:
        """Fields that somebody has to look for."""
        return tuple(field for field in self.fields if not field.sure and not field.span)


def completeness(document: Document, elements: Elements, code: str, rules: Rulebook) -> Completeness:
    """The fields of catalog item `code` that a paper of this title needs, in its order; none for an item that names
    none or is not in the catalog."""
    row = rules.category.get(code)
    wanted = [(name, field_row(name, code, rules.fields)) for name in (row.key_fields if row else ())]
    page, title = _Page(document, _any_label(rules.fields)), fold(elements.title or document.title)
    asked = [(name, field) for name, field in wanted if not (field and field.when) or field.when.search(title)]
    return Completeness(code, tuple(_found(name, field, page, elements) for name, field in asked))


def field_row(name: str, code: str, fields: Iterable[KeyField]) -> KeyField | None:
    """The row by which a field of a catalog item is found: the one that names the nearest item."""
    fitting = [(reach, row) for row in fields if name in row.names and (reach := _reach(row, code)) >= 0]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _reach(row: KeyField, code: str) -> int:
    return max((len(at) for at in row.codes if code.startswith(at)), default=-1) if row.codes else 0


def _labels(name: str, row: KeyField | None) -> tuple[str, ...]:
    own = re.escape(name.partition("(")[0].partition("（")[0])
    return (own, *(label.pattern for label in row.leads)) if row else (own,)


@cache
def _any_label(fields: tuple[KeyField, ...]) -> re.Pattern[str]:
    said = sorted({label for row in fields for name in row.names for label in _labels(name, row)})
    return re.compile("|".join([*(f"(?:{label})" for label in said), _HEADING.pattern]))


def _found(name: str, row: KeyField | None, page: _Page, elements: Elements) -> Found:
    if row and row.element and (span := elements.parts.get(row.element)):
        return Found(name, span, row.basis)
    asked = list(page.under(_labels(name, row)))
    span = next(filter(None, asked), None)
    if row and not asked:  # a label that nobody filled in is no reason to look elsewhere
        span = next(filter(None, (_place(pattern, page.text) for pattern in row.patterns)), None)
    return Found(name, span, row.basis if row else "", row is not None and not row.later)


def _place(pattern: re.Pattern[str], text: str) -> Span | None:
    match = pattern.search(text)
    return Span(*match.span()) if match and match.group() else None


@dataclass(frozen=True)
class _Page:
    """A document's text and lines of cells; `labels` matches every label of the table."""

    document: Document
    labels: re.Pattern[str]

    @property
    def text(self) -> str:
        return self.document.folded

    @cached_property
    def rows(self) -> list[Row | None]:
        return [row if row and (row.ruled or row.gapped) else None for row, _ in table_rows(self.document)]

    def under(self, labels: tuple[str, ...]) -> Iterator[Span | None]:
        """What stands under these labels in tables, in lines, in sections; None for each that nobody filled in."""
        said = "|".join(f"(?:{label})" for label in labels)
        yield from self._celled(re.compile(said))
        yield from self._behind(
            rf"(?:^|[\n。;,、|\s(〔《:]|{_NUMBER})\s{{0,8}}(?:{said}){_ASIDE} ?{_COLON}[^\S\n]*(?=\S)"
        )
        yield from self._behind(
            rf"(?:^|\n){_GAP}(?:{_NUMBER}{_GAP})?(?:{said}){_ASIDE}{_GAP}(?:。{_GAP}|[:。]?{_GAP}\n\s*)"
        )
        yield from self._behind(rf"(?:^|\n){_GAP}{_NUMBER}{_GAP}(?:{said}){_ASIDE}[^\S\n]+")

    def _behind(self, head: str) -> Iterator[Span | None]:
        for match in re.finditer(head, self.text):
            end = self.text.find("\n", match.end())
            end = min(len(self.text) if end < 0 else end, match.end() + _LONGEST)
            if "\n" in match.group().lstrip() and self._begins(match.group().lstrip(), match.end()):
                yield None
            else:
                yield _filled(self.text, match.end(), end)

    def _begins(self, head: str, at: int) -> bool:
        """Whether the line after a heading begins something else, so that nothing stands under the heading."""
        kind = next((kind for kind in _KINDS if re.match(kind, head)), None)
        return bool((re.compile(kind) if kind else self._next).match(self.text, at))

    @cached_property
    def _next(self) -> re.Pattern[str]:
        return re.compile(rf"{_NUMBER}|(?:{self.labels.pattern}){_ASIDE} ?:")

    def _celled(self, label: re.Pattern[str]) -> Iterator[Span | None]:
        for at, row in enumerate(self.rows):
            for place in row.spans if row else ():
                if row and label.fullmatch(_bare(row.texts[place])):
                    yield self._value(at, row, place)

    def _value(self, at: int, row: Row, place: int) -> Span | None:
        """Below a heading of a table; right of a label in a form."""
        if not self._heads(at, row):
            right = row.spans.get(place + 1)
            return _filled(self.text, *_ends(right)) if right else None
        for below in self.rows[at + 1 : at + 4]:
            if below and place in below.spans and (span := _filled(self.text, *_ends(below.spans[place]))):
                return span
        return None

    def _heads(self, at: int, row: Row) -> bool:
        """Whether a row names columns: by its words, or since figures stand below it and none in it."""
        named = [bool(self.labels.fullmatch(_bare(text))) for text in row.texts if text]
        if len(named) < 2 or sum(named) > _HEADINGS * len(named):
            return len(named) > 1
        below = next((other for other in self.rows[at + 1 : at + 3] if other), None)
        figures = {place for place in below.spans if _FIGURE.match(below.texts[place])} if below else set()
        return len(figures & row.spans.keys()) > 1 + sum(bool(_DIGIT.search(text)) for text in row.texts)


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _bare(cell: str) -> str:
    return _UNIT.sub("", cell)


def _filled(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    if _BLANK.fullmatch(piece):
        return None
    left = len(piece) - len(piece.lstrip())
    return Span(start + left, start + len(piece.rstrip()))
