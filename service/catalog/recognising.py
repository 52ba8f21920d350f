"""Which items of the catalog a plan or a list asks for, in whatever script and however badly transcribed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gongkai.model.document import Document, Span
from gongkai.model.duties.keyfields import Completeness, completeness
from gongkai.model.elements import read_elements
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablerows import CategoryRow
from gongkai.service.secrecy import unclassified

#: Machine conversion of "2014" leaves "2065 438+04": each 1 became 65438+0.
_ONE = re.compile(r"65 ?4 ?3 ?8 ?\+ ?0 ?(?=[\d\]〕])|65 ?4 ?3 ?8 ?\+ ?0 ?")
_NUMBER = re.compile(
    r"(?P<who>[\u4e00-\u9fff]{2,10}) ?[〔\[(【] ?(?P<year>(?:19|20)\d ?\d) ?[〕\])】] ?(?P<count>\d{1,4}) ?号"
)
#: Shorter names (黑名单, 矿业权) are told by their own item alone.
_SHORTEST = 3
MOST = 100_000
_END, _LIST = re.compile("[。;\n]"), re.compile("[”\"'」』]?[\\s:]?([(]|包括|即)")


@dataclass(frozen=True, slots=True)
class Asked:
    """An item that a text names: where, in which of its names, and which of its papers the text lists."""

    row: CategoryRow
    span: Span
    name: str
    listed: Completeness | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a text asks for, in its own order, and the numbers of the papers that it cites, mended."""

    asked: tuple[Asked, ...]
    numbers: tuple[str, ...]


def recognised(text: str, rules: Rulebook) -> Recognised:
    """The items that a text names, each once, where it first stands. Raises ClassifiedDocument."""
    document = Document("list", text[:MOST])
    unclassified(document, rules)
    found: dict[str, Asked] = {}
    for asked in sorted(_named(document, rules), key=lambda one: (one.span.start, -one.span.end)):
        found.setdefault(asked.row.code, asked)
    return Recognised(tuple(found.values()), numbers(document.folded))


def mended(text: str) -> str:
    """Digits that a machine conversion tore apart, whole again."""
    return _ONE.sub("1", text)


def numbers(folded: str) -> tuple[str, ...]:
    """The document numbers in a folded text, as they should read."""
    hits = _NUMBER.finditer(mended(folded))
    return tuple(dict.fromkeys(f"{hit['who']}〔{hit['year'].replace(' ', '')}〕{hit['count']}号" for hit in hits))


def _named(document: Document, rules: Rulebook) -> Iterator[Asked]:
    for row in rules.categories:
        for name in row.aliases:
            said = re.escape(name).replace("一书四", "[一壹]书四")
            for hit in re.finditer(said, document.folded) if len(name) >= _SHORTEST else ():
                yield Asked(row, Span(*hit.span()), name, _listed(document, row, hit.end(), rules))


def _listed(document: Document, row: CategoryRow, at: int, rules: Rulebook) -> Completeness | None:
    """The papers of an item that stand in brackets behind its name (“一书四方案”(…)); None where it lists none."""
    end = _END.search(document.folded, at)
    piece = document.folded[at : end.start() if end else len(document.folded)]
    if not row.key_fields or not _LIST.match(piece):
        return None
    part = Document("part", piece)
    told = completeness(part, read_elements(part, rules), row.code, rules)
    return told if len(told.found) > 1 else None
