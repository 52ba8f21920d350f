"""须协商、须报批: whose word is needed before a paper is disclosed, whose attribute it follows, and is it any of ours.

条例 article 10 (who made it discloses it; several: the lead agency), article 11 (consult other agencies; approval where
it is required), article 2 (what is government information at all). Flags are for people: nothing is decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from gongkai.model.document import Document, Span
from gongkai.model.duties.flagging import Flag, Page, stand
from gongkai.model.elements import Elements
from gongkai.model.finding import Attribute
from gongkai.model.flagrows import FlagRow
from gongkai.model.folding import fold
from gongkai.model.references import references
from gongkai.model.rulebook import Rulebook

__all__ = ["Flag", "consulting"]

_BLANKS = re.compile(r"[\u3000\n]+|\s{2,}|、|(?<=[局委办府院会厅部处站]) (?=[\u4e00-\u9fff]{3})")
_PARTY = re.compile(r"^(?:中共|中国共产党)|党委|党组|党工委|纪委|党支部|组织部|宣传部|统战部|政法委")
_PARTY_NUMBER = re.compile(r"^[\u4e00-\u9fff]{0,8}(?:委办?发|委办|党[发办字组委]|纪发|组发|组通字|宣发)〔")
Look = tuple[tuple[Span, ...], str]


def consulting(
    document: Document, elements: Elements, rules: Rulebook, label: Attribute | None = None
) -> tuple[Flag, ...]:
    """The flags of a paper in the table's order; those of one attribute only where it is the paper's `label`.

    Call it for no stopped document.
    """
    page = Page(document, elements)
    said = (row for row in rules.flags if not row.attributes or label in row.attributes)
    return tuple(flag for row in said for flag in _flagged(row, page))


def _flagged(row: FlagRow, page: Page) -> Iterator[Flag]:
    if any(page.has(sign) for sign in row.unless):
        return
    for spans, about in LOOKS[row.look](row, page):
        yield Flag(row.flag, row.id, row.says, row.do, row.basis, about, spans)


def _signs(row: FlagRow, page: Page) -> Iterator[Look]:
    """One flag with all places; a place that names nobody but the issuer is none."""
    found = [(span, who) for span, who in stand(page, row.signs) if not who or _other(row, who, page)]
    if found:
        named = dict.fromkeys(who for _, who in found if who)
        yield tuple(span for span, _ in found), "、".join(named)


def _other(row: FlagRow, who: str, page: Page) -> bool:
    """Whether a name is another agency's: not the issuer's, with or without the place before it.

    Where no issuer is known only a source that is named as one counts.
    """
    known = bool(page.own) or row.flag == "source"
    return known and not any(name.endswith(who) or who.endswith(name) for name in _issuers(page))


def _issuers(page: Page) -> list[str]:
    return [fold(name.strip()) for name in _BLANKS.split(page.elements.issuer) if name.strip()]


def _place(page: Page) -> tuple[Span, ...]:
    return page.part("署名") or page.part("发文机关标志") or page.part("发文字号")


def _every(row: FlagRow, page: Page) -> Iterator[Look]:
    yield (), ""


def _joint(row: FlagRow, page: Page) -> Iterator[Look]:
    names = _issuers(page)
    if len(names) > 1 and not any(map(_PARTY.search, names)):
        yield _place(page), "、".join(names)


def _joint_party(row: FlagRow, page: Page) -> Iterator[Look]:
    names = _issuers(page)
    party = [name for name in names if _PARTY.search(name)]
    if party and (len(party) < len(names) or not _by_party(page)):
        yield _place(page), "、".join(names)


def _party(row: FlagRow, page: Page) -> Iterator[Look]:
    names = _issuers(page)
    if _by_party(page) and all(map(_PARTY.search, names)):
        yield _place(page), "、".join(names)


def _by_party(page: Page) -> bool:
    """Whether the number is a Party organ's, or there is none and only Party organs issue it."""
    number = fold(page.elements.number).replace("[", "〔")
    return bool(_PARTY_NUMBER.search(number)) if number else all(map(_PARTY.search, _issuers(page) or [""]))


def _forwards(row: FlagRow, page: Page) -> Iterator[Look]:
    """The paper that is passed on; one that is issued (印发) under the same roof is no other's."""
    if not _carries(page):
        return
    for other in references(page):
        if other.relation == "forwards":
            yield page.part("标题"), other.number or f"《{other.title}》"


def _carried(row: FlagRow, page: Page) -> Iterator[Look]:
    """Signs that speak of the paper that is passed on."""
    if _carries(page):
        yield from _signs(row, page)


def _carries(page: Page) -> bool:
    return "转发" in page.title or "批转" in page.title


LOOKS: Mapping[str, Callable[[FlagRow, Page], Iterator[Look]]] = MappingProxyType(
    {
        "": _signs,
        "every": _every,
        "joint": _joint,
        "joint_party": _joint_party,
        "party": _party,
        "forwards": _forwards,
        "carried": _carried,
    }
)
