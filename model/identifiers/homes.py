"""Homes as a whole: what the spotter's stretches lack or have too much, and rooms told again by their number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from gongkai.model.document import Span, covered
from gongkai.model.finding import Action, Finding
from gongkai.model.identifiers.addresses import WORKING

#: Words that lead to an address and are none of it: a piece of the network may begin with them.
_LEAD = re.compile(
    r"(?:现|原|家|暂|租|户籍)?"
    r"(?:居?住(?:址|[在于到])?|所?在?地(?:址)?(?=[\u4e00-\u9fff]{2,}[省市县区旗州])|址|寄[往至到])[: ]*"
)
_TAIL = re.compile(r"(?:住户|居民|村民|人|的|住)$")
#: What still belongs to the door: the unit's own word, and a remark in brackets that says which house it is.
_UNIT = re.compile(
    r"(?<=\d)[户室号](?!码)|(?<=[东西南北左右])户|(?<=\d)(?:号楼|栋|幢|座)(?![\u4e00-\u9fff]{0,3}(?:业主|居民|住户))"
)
_REMARK = re.compile(r"\([^()\n\d]{0,12}(?:[房屋楼边旁处院户号租家]|对面|隔壁)[^()\n\d]{0,4}\)")
#: The last unit of a home, by which it is told again (402室, 18栋); a room's number may stand without its word.
_LAST = re.compile(r"(?<!\d)(?:(?P<room>\d{3,4})(?:[室户房]|$)|(?P<building>\d{2,4})(?P<unit>栋|幢)[^\d,。;\n]{0,3}$)")
_AGAIN = re.compile(r"(?<![\d\-.,号第建共有计达为约])(\d{2,4})(室|户|房|栋|幢)(?![\d\-])")
_LABEL = re.compile(
    r"(?:经营场所|经营地址|经营地点|单位地址|公司地址|营业场所|注册地址|办公地址|机构住所|生产地址)[: ]{0,3}$"
)
NEAR = 18
ROOM = 3


def home(text: str, span: Span) -> Span | None:
    """A stretch that tells a home, from its first place to its door; None for the seat of a firm or an office."""
    lead = _LEAD.match(text, span.start, span.end)
    start = lead.end() if lead and span.end - lead.end() > 2 else span.start
    piece = text[start : span.end]
    tail = _TAIL.search(piece)
    end = span.end - len(tail.group()) if tail and len(piece) > 4 else span.end
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - NEAR) : start]
    if _LABEL.search(before) or WORKING.search(text[start:end]):
        return None
    return Span(start, max(end, start + 1))


def whole(finding: Finding, text: str, others: bytearray) -> Finding:
    """A home that is hidden, with what still tells its door; a remark that names somebody (`others`) stays apart."""
    if finding.kind != "ADDR_HOME" or finding.action != Action.mask:
        return finding
    end = finding.span.end
    for more in (_UNIT, _REMARK):
        match = more.match(text, end)
        end = match.end() if match and not any(others[match.start() : match.end()]) else end
    return replace(finding, span=Span(finding.span.start, end)) if end > finding.span.end else finding


def again(findings: Sequence[Finding], text: str) -> Iterator[Finding]:
    """Rooms and buildings of hidden homes where they are told by their number alone: 402室, 18栋."""
    known: dict[tuple[str, bool], Finding] = {}
    for finding in findings:
        if finding.kind == "ADDR_HOME" and finding.action == Action.mask and len(finding.span) > ROOM:
            last = _LAST.search(finding.span.of(text))
            if last:
                known[last["room"] or last["building"], bool(last["room"])] = finding
    taken = covered((f.span for f in findings), len(text))
    for match in _AGAIN.finditer(text) if known else ():
        first = known.get((match[1], match[2] in "室户房"))
        if first and not any(taken[match.start() : match.end()]):
            yield replace(first, span=Span(*match.span()), source=first.source + ":again")
