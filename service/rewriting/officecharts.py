"""The values that a chart keeps of its data, in any office file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lxml.etree import _Element as Element

from gongkai.service.rewriting.officexml import Leftovers, remove
from gongkai.service.rewriting.ooxml import Package
from gongkai.service.rewriting.slots import Edit
from gongkai.service.rewriting.strands import Strand, Words, local, strand


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    """A value of a chart: a number that is hidden leaves its point empty, for a mask is no number."""

    element: Element
    strand: Strand

    def change(self, edits: Sequence[Edit]) -> None:
        point = self.element.getparent()
        if point is not None and local(point.getparent()) in ("numCache", "numLit"):
            remove(point)
        else:
            self.strand.change(edits)


def add_charts(package: Package, leftovers: Leftovers) -> None:
    """Hidden slots for all names and numbers of all charts and for the text of drawings."""
    for part in package.parts.values():
        if part.kind == "chart":
            for value in part.xml.iter("{*}v"):
                one = strand(Words(value))
                leftovers.cover(one)
                leftovers.ledger.add(one.text, "图表", _Point(value, one), body=False)
        place = {"chart": "图表", "drawing": "文本框"}.get(part.kind, "图示")
        if part.kind in ("chart", "drawing") or part.kind.startswith("diagram"):
            leftovers.paragraphs(part.xml, place)
