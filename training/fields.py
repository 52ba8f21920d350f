"""Labels that stand in a text (附注, 公开属性：, 主题分类：) are labels and leave it: rules in fields.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from gongkai.model.document import Document, Span
from gongkai.model.elements import DISCLOSURE, read_elements
from gongkai.model.folding import fold
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import read_rows

LABELS = ("attribute", "category", "removed", "column")
#: Runs of blanks are bounded, so that no text takes long.
_BOX = r"(?:〔 {0,4}[√✓✔vV]? {0,4}〕|\( {0,4}[√✓✔]? {0,4}\)|[□☐○◯◻▢☑☒■▣●⊠√✓✔])"
_TICKED = re.compile(r"[√✓✔vV☑☒■▣●⊠]")
_LEFT = r"(?:(?<![^\n\t| ;,。〔(])[\u4e00-\u9fff]{0,6}?)"
_GAP = r"[ \t|]{0,40}"
_SEPARATOR = rf"(?:(?: ?〕)?{_GAP}[:|\t][ \t|:]{{0,40}}\n?{_GAP}| ?〕{_GAP}\n?{_GAP}|{_GAP}\n{_GAP}| {{1,40}})"
_NEXT = r"(?= {0,40}(?:[\t|〕);。\n]|,?[\u4e00-\u9fff]{2,8} ?:|$)|  )"
_END = rf"(?:{_NEXT}| (?=\S))"
_REST = re.compile(r"[\s()〔〕|:;。,_-]*")
_TELLING = re.compile("公 *[开開]|[主發发] *[题題布]|目 *[录錄]|[栏欄] *目|[类類]")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One row of fields.toml."""

    name: str
    label: str
    names: tuple[str, ...]
    openers: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)
    column: str = ""

    def __post_init__(self) -> None:
        if self.label not in LABELS:
            raise ValueError(f"的 label 应当是 {'、'.join(LABELS)} 之一，请改正。")


@dataclass(frozen=True, slots=True)
class Label:
    """A label found in a text: `attribute` or `category`, and its value: an attribute, or the category's words."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text without its labels; `removed` are places in the text as it was, in order and apart."""

    text: str
    labels: tuple[Label, ...]
    removed: tuple[Span, ...]

    def moved(self, span: Span) -> Span | None:
        """Where a place of the old text stands in the new one; None when nothing of it is left."""
        start, end = (
            at - sum(min(at, cut.end) - cut.start for cut in self.removed if cut.start < at)
            for at in (span.start, span.end)
        )
        return Span(start, end) if start < end else None


@cache
def field_rows() -> tuple[FieldRow, ...]:
    """The rows of the packaged table. Raises RulebookError."""
    return read_rows(resources.files("gongkai.training"), "fields.toml", "field", FieldRow)


@cache
def _table() -> tuple[dict[str, str], tuple[tuple[str, re.Pattern[str]], ...]]:
    """Attribute values by their words, and the patterns of fields with the kind of label each finds."""
    rows = [row for row in field_rows() if row.label != "column"]
    values = {word: attribute for row in rows for word, attribute in row.values.items()}
    patterns: list[tuple[str, re.Pattern[str]]] = []
    for row in rows:
        names = rf"[〔(]? {{0,2}}{_LEFT}(?:{_spaced(row.names)})"
        if row.label == "attribute":
            patterns += _attribute_patterns(names, row)
        else:
            value = r"(?P<value>(?![\u4e00-\u9fff]{2,8} ?:)[^\n\t|;:〔〕()]{1,40}?)"
            patterns.append((row.label, re.compile(names + r"(?=[ 〕]*[:\t|〕])" + _SEPARATOR + value + _NEXT, re.M)))
    return values, tuple(patterns)


def _attribute_patterns(names: str, row: FieldRow) -> Iterator[tuple[str, re.Pattern[str]]]:
    value = f"(?:{_spaced(row.values)})"
    remark = r"(?: *\([^()\n]{0,30}\))?"
    choice = rf"(?:{_BOX} *{value}{remark}|{value} *{_BOX}{remark})"
    choices = rf"{choice}(?:[ \t|/、,;]{{0,40}}\n?{_GAP}(?:{choice}|{value}{remark}))*"
    yield "ticked", re.compile(rf"{names}{_SEPARATOR}(?P<value>{choices}){_END}", re.M)
    several = rf"(?!{value}{remark}{_NEXT})(?P<value>{value}(?:[ \t|/]{{1,40}}{value})+)"
    yield "unticked", re.compile(rf"{names}{_SEPARATOR}{several}{_END}", re.M)
    yield "attribute", re.compile(rf"{names}{_SEPARATOR}(?P<value>{value}){remark}{_END}[〕)]?", re.M)
    if not row.openers:
        return
    said = rf"(?:{_spaced(row.openers)}) *(?:[^不免非暂未无缓()〔〕\n,。;]{{0,10}}?)(?P<value>{value})"
    yield "attribute", re.compile(rf"[(〔] *{said}[^()〔〕\n。]{{0,24}}[)〕]", re.M)
    yield "attribute", re.compile(rf"^[ \t]*{said} *[。;]?[ \t]*$", re.M)
    yield "attribute", re.compile(rf"(?<=[。;,，]){said}(?=[。;]? *[)〕])", re.M)
    yield "attribute", re.compile(rf"^ *[(〔] *(?P<value>{value}) *[)〕] *$", re.M)


def _spaced(words: Iterable[str]) -> str:
    """Alternatives, the longest first, with blanks allowed between their characters."""
    return "|".join(" {0,3}".join(map(re.escape, fold(word))) for word in sorted(words, key=len, reverse=True))


def attribute_of(words: str) -> str:
    """The attribute that an expression stands for, also of a sentence that ends with one; "" if none."""
    bare = re.sub(r"\s|\([^()]*\)$", "", fold(words))
    return _table()[0].get(bare, "")


def seen(text: str) -> str:
    """The text folded, with its tabs, which part cells."""
    folded = fold(text)
    if "\t" not in text:
        return folded
    return "".join("\t" if old == "\t" else new for old, new in zip(text, folded, strict=True))


def strip_labels(text: str, rules: Rulebook) -> Cleaned:
    """A text without the labels that stand in it, whole lines or fields, and the labels found in their order."""
    if not _TELLING.search(text):
        return Cleaned(text, (), ())
    view = seen(text)
    found: list[tuple[Span, Label | None]] = []
    taken = bytearray(len(text))
    for span, label in (*_fields(view), *_columns(view), *_annotation(text, rules)):
        if taken.find(1, span.start, span.end) < 0:
            found.append((span, label))
            taken[span.start : span.end] = b"\1" * len(span)
    labels = dict.fromkeys(label for _, label in sorted(found, key=lambda pair: pair[0]) if label and label.value)
    cuts = _joined(_whole(view, span) for span, _ in found)
    kept = [text[a:b] for a, b in zip([0, *(c.end for c in cuts)], [*(c.start for c in cuts), len(text)], strict=True)]
    return Cleaned("".join(kept), tuple(labels), tuple(cuts))


@cache
def _words() -> re.Pattern[str]:
    rows = [row for row in field_rows() if row.label == "attribute"]
    names = _spaced(name for row in rows for name in (*row.names, *row.openers))
    values = _spaced(word for row in rows for word in row.values if len(word) > 1)
    return re.compile(rf"(?:{names})[^\n。;]{{0,8}}?(?:{values})")


def says_label(text: str) -> bool:
    """Whether a field's or annotation's words still stand close to a value's: a person should look at it."""
    return _words().search(fold(text)) is not None


def _fields(view: str) -> Iterator[tuple[Span, Label | None]]:
    for kind, pattern in _table()[1]:
        for match in pattern.finditer(view):
            span = Span(match.start(), match.end())
            if kind == "ticked":
                ticked = _ticked(match["value"])
                yield span, Label("attribute", ticked) if ticked else None
            elif kind == "attribute":
                yield span, Label("attribute", attribute_of(match["value"]))
            else:
                yield span, Label("category", match["value"].strip()) if kind == "category" else None


def _ticked(choices: str) -> str:
    """The attribute whose box is ticked; "" when none or several are."""
    values = "|".join(" *".join(map(re.escape, word)) for word in sorted(_table()[0], key=len, reverse=True))
    tokens = [match[0] for match in re.finditer(rf"{_BOX}|{values}", choices)]
    boxes_first = re.fullmatch(_BOX, tokens[0]) is not None
    pairs = list(zip(tokens, tokens[1:], strict=False))
    chosen = {
        attribute_of(value)
        for box, value in (pairs if boxes_first else [(b, a) for a, b in pairs])
        if re.fullmatch(_BOX, box) and _TICKED.search(box) and attribute_of(value)
    }
    return chosen.pop() if len(chosen) == 1 else ""


def _columns(view: str) -> Iterator[tuple[Span, Label | None]]:
    """A heading cell that names an attribute field, and the values under it; a list of documents labels none."""
    names = re.compile("|".join(_spaced(row.names) for row in field_rows() if row.label == "attribute"))
    lines = list(_cells(view))
    for place, cells in enumerate(lines):
        for column, cell in enumerate(cells[:-1] if len(cells) == 1 else cells):
            if len(cell[1]) > 12 or not names.search(cell[1]):
                continue
            under = list(_under(lines[place + 1 :], len(cells), column))
            for span, value in under:
                yield span, Label("attribute", value) if len(under) == 1 else None
            if under:
                yield cell[0], None


def _cells(view: str) -> Iterator[list[tuple[Span, str]]]:
    """Each line's filled cells."""
    at = 0
    for line in view.split("\n"):
        found = re.finditer(r"[^\t|]+", line)
        yield [(Span(at + m.start(), at + m.end()), m[0].strip()) for m in found if m[0].strip()]
        at += len(line) + 1


def _under(lines: Sequence[list[tuple[Span, str]]], width: int, column: int) -> Iterator[tuple[Span, str]]:
    for cells in lines:
        if all(re.fullmatch(r"[-:]+", cell) for _, cell in cells) and cells:
            continue
        if len(cells) != width or not (value := attribute_of(cells[column][1])):
            return
        yield cells[column][0], value


def _annotation(text: str, rules: Rulebook) -> Iterator[tuple[Span, Label | None]]:
    """附注 as the parser of elements finds it, where it speaks of disclosure."""
    document = Document("", text)
    if not DISCLOSURE.search(document.folded):
        return
    span = read_elements(document, rules).parts.get("附注")
    if span and (match := DISCLOSURE.search(fold(span.of(text)))):
        yield span, Label("attribute", attribute_of(match[1]))


def _whole(view: str, span: Span) -> Span:
    """The place, with its line when nothing but marks of punctuation is left on that."""
    start = view.rfind("\n", 0, span.start) + 1
    end = view.find("\n", span.end)
    end = len(view) if end < 0 else end
    if _REST.fullmatch(view[start : span.start] + view[span.end : end]):
        return Span(start, end + 1) if end < len(view) else Span(max(0, start - 1), end)
    return span


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined
