"""The form as .docx: a table under a title, in the typefaces of official papers, with room to sign."""

from __future__ import annotations

from collections.abc import Iterator

from gongkai.service.opinion.form import TITLE, Field, Values, fields, signatures
from gongkai.service.opinion.wordparts import Element, cell, heading, packed, row, table

#: Columns of the table in twentieths of a point: name, value, name, value.
_WIDTHS = (1500, 2900, 1500, 2900)
_SIGNED = "签字：                    年    月    日"


def docx(values: Values) -> bytes:
    """The filled form; the same values give the same bytes."""

    def write(body: Element) -> None:
        heading(body, TITLE)
        rows = table(body, _WIDTHS)
        for line in lines():
            _row(rows, [(field.name, values.get(field.key, "")) for field in line])
        for signature in signatures():
            _row(rows, [(signature.name, f"\n\n{_SIGNED}")])

    return packed(write)


def lines() -> Iterator[tuple[Field, ...]]:
    """The fields by lines: two beside each other, but for wide ones."""
    held: tuple[Field, ...] = ()
    for field in fields():
        if field.wide:
            yield from filter(None, (held, (field,)))
            held = ()
        elif held:
            yield (*held, field)
            held = ()
        else:
            held = (field,)
    yield from filter(None, (held,))


def _row(rows: Element, pairs: list[tuple[str, str]]) -> None:
    line = row(rows)
    for name, value in pairs:
        cell(line, name, _WIDTHS[0], font="黑体", align="center")
        cell(line, value, _WIDTHS[1] if len(pairs) > 1 else sum(_WIDTHS[1:]), span=1 if len(pairs) > 1 else 3)
