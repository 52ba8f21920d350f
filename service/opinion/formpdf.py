"""The 意见单 as .pdf, line for line as on paper."""

from __future__ import annotations

from gongkai.service.opinion.form import TITLE, Values, signatures
from gongkai.service.opinion.portable import Paper, pairs
from gongkai.service.opinion.word import lines

_SIGNED = "\n\n签字：                    年    月    日"


def pdf(values: Values) -> bytes:
    """The filled form; the same values give the same bytes."""
    paper = Paper()
    paper.heading(TITLE)
    for line in lines():
        paper.row([*pairs([(field.name, values.get(field.key, "")) for field in line])])
    for signature in signatures():
        paper.row([*pairs([(signature.name, _SIGNED)])])
    return paper.packed(TITLE)
