"""Columns of a table that somebody brought, where its headings say nothing: shown with samples, and chosen by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData

from gongkai.model.errors import RequestError

#: Rows that show what stands in a column, and characters of a cell.
_SAMPLES, _SHOWN = 3, 24
#: A row of so many cells may be headings.
_LEAST = 3
_NEAR = 15


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which column is what: a code for each place, empty for those that aren't read; `head` is the row of headings."""

    head: int
    columns: tuple[str, ...]
    sheet: int = 0

    @property
    def places(self) -> dict[str, int]:
        """The place of each code."""
        return {code: place for place, code in enumerate(self.columns) if code}


@dataclass(frozen=True, slots=True)
class Layout:
    """A table to choose in: headings as they stand, some cells below each, and what is told already."""

    chosen: Chosen
    titles: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]


def layout(rows: Sequence[Sequence[str]], meaning: Callable[[str], str], sheet: int = 0) -> Layout | None:
    """The likeliest headings among the first rows, the ones that say most; None where nothing looks like a table."""
    near = [place for place, row in enumerate(rows[:_NEAR]) if sum(map(bool, row)) >= _LEAST]
    if not near:
        return None
    head = max(near, key=lambda place: (sum(bool(meaning(cell)) for cell in rows[place]), -place))
    titles = tuple(cell[:_SHOWN] for cell in rows[head])
    codes = [meaning(cell) for cell in rows[head]]
    first = tuple("" if code in codes[:place] else code for place, code in enumerate(codes))
    below = [row for row in rows[head + 1 :] if any(row)][:_SAMPLES]
    samples = tuple(
        tuple(row[place][:_SHOWN] if place < len(row) else "" for row in below) for place in range(len(titles))
    )
    return Layout(Chosen(head, first, sheet), titles, samples)


def chosen_in(sent: FormData) -> Chosen | None:
    """What a form says: a field `column` for each column, `head` and `sheet`; None where nothing was chosen yet."""
    columns = tuple(str(code) for code in sent.getlist("column"))
    return Chosen(_number(sent.get("head")), columns, _number(sent.get("sheet"))) if columns else None


def checked(chosen: Chosen, names: Mapping[str, str], required: Sequence[str]) -> Chosen:
    """The same when each is chosen once and none is lacking. Raises RequestError."""
    counts = Counter(code for code in chosen.columns if code)
    if unknown := counts.keys() - names.keys():
        raise RequestError(f"没有“{min(unknown)[:20]}”这种列，请重新选择。")
    if twice := next((code for code, count in counts.items() if count > 1), ""):
        raise RequestError(f"“{names[twice]}”选了两列，请只留一列。")
    if lacking := [names[code] for code in required if code not in counts]:
        raise RequestError(f"还没有选{'、'.join(lacking)}是哪一列，请选好以后再导入。")
    return chosen


def _number(value: object) -> int:
    told = str(value or "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 6 else 0
