"""One line of a pasted table cut into cells, and a row's cells settled under the headings."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from gongkai.model.document import Document, Span
from gongkai.model.headings import heading_kind, other_kind

_BLANK = " \u3000\t"
# What parts cells: split by a pattern with a group, a text keeps what stood between.
_TAB = re.compile(r"(\t)")
_BAR = re.compile(r"([|│┃])")
_GAP = re.compile(r"(\u3000+| {2,}|[ \u3000]{2,})")
_SPACE = re.compile(r"([ \u3000]+)")
_WIDE = re.compile("[\u2e80-\U0010ffff]")
HAN = re.compile(r"[\u3400-\u9fff]")
HEAD_PAIR = re.compile(
    r"姓 +名|性 +别|年 +龄|住 +址|备 +注|卡 +号|账 +号|电 +话|金 +额|序 +号|编 +号|面 +积|户 +主|签 +"
    r"名|签 +字|关 +系|学 +校"
)
_ORDER = re.compile(r"(?:序号?|号|编号|名次|排名|抽签号|户号|案号)\Z")
_SCHOOLED = re.compile("学历|学校|院校|专业$|程度")
_NUMBER = re.compile(r"^(?:约)?-?[\d,，.OoIl]+(?:万|元|万元)?$")
LIKE = {
    "ID_CARD": re.compile(r"^(?:[1-9lI][\dOoIlXx*× \-]{13,24}|-+|无|略|同上)"),
    "PHONE_MOBILE": re.compile(r"^(?:[+(]?[\dlI][\dOoIl() \-*]{6,20}|-+|无|略|同上)$"),
    "BANK": re.compile(r"^(?:\d[\dOoIl \-*]{8,26}|-+|无|略|同上)"),
    "SSN": re.compile(r"^[0-9A-Za-z\-]{6,24}$"),
    "FIN": _NUMBER,
    "BIRTH": re.compile(
        r"^(?:(?:19|20)?[\dOol]{2}[年./\-][\dOol]{1,2}(?:[月./\-][\dOol]{0,2}日?)?|(?:19|20)\d{6}|\d{1,3}"
        r"岁?)$"
    ),
    "NAME": re.compile(
        r"^[\u3400-\u9fff·]{2,12}(?:[（(].{1,6}[)）])?$|"
        r"^[\u3400-\u9fff]{2,4}(?:[、,/ ]{1,2}[\u3400-\u9fff]{2,4}){1,9}$|^[A-Za-z .·]{3,40}$|"
        r"^[\u3400-\u9fff] +[\u3400-\u9fff]"
    ),
    "PLATE": re.compile(r"^[\u4e00-\u9fff] ?[A-Z]"),
    "ADDR_HOME": re.compile(
        r"^[\u4e00-\u9fff].*[村路街巷镇乡区县市组号栋幢楼室里院苑园弄社屯寨队旗].*|^(?:略|同上|无|-+)$"
    ),
    "long": re.compile(r"^[A-Z]?\d{6,20}$"),
    "mark": re.compile(r"^\d{1,3}(?:\.\d+)?分?$|^缺考$|^-+$"),
    "sex": re.compile(r"^[男女]$"),
    "order": re.compile(r"^[\dOlIA-Z优]{1,5}[.、]?$|^[甲乙丙丁戊己庚辛]$|^[一二三四五六七八九十]{1,3}$"),
}


class _Line(NamedTuple):
    line: str
    raw: str
    offset: int
    ruled: bool
    gapped: bool


class Row(_Line):
    """A folded line, with the line as read beside it, that is cut into cells once they are asked for.

    Few rows of a document ever are: it is a tuple, and what it costs to cut one is spared for all others.
    """

    @cached_property
    def places(self) -> list[tuple[int, int]]:
        """Where in the line each cell begins and ends, cut at tabs, bars, wide gaps, or single blanks."""
        line, raw = self.line, self.raw
        if not self.ruled:
            return _joined(raw, line, _cut(raw, _GAP if self.gapped else _SPACE))
        if "\t" in raw.strip(_BLANK):
            return _cut(raw, _TAB)
        pieces = _cut(line, _BAR)
        return pieces if line[slice(*pieces[0])].strip() else pieces[1:]

    @cached_property
    def texts(self) -> list[str]:
        """What stands in each cell, empty cells too."""
        return [self.line[start:end].strip() for start, end in self.places]

    @cached_property
    def filled(self) -> list[int]:
        """Which cells have a text."""
        return [place for place, text in enumerate(self.texts) if text]

    @cached_property
    def spans(self) -> dict[int, Span]:
        """The places of those texts in the document."""
        spans = {}
        for place in self.filled:
            text = self.texts[place]
            at = self.offset + self.line.index(text, self.places[place][0])
            spans[place] = Span(at, at + len(text))
        return spans

    @cached_property
    def columns(self) -> list[int]:
        """How wide what stands before each cell is."""
        return [_width(self.raw[:start]) for start, _ in self.places]

    @cached_property
    def forms(self) -> list[re.Pattern[str] | None]:
        """What the cells under each cell look like, where it is a heading and that is known."""
        return list(map(_form, self.texts, self.kinds))

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of personal data that each cell would name as a heading."""
        return list(map(heading_kind, self.texts))

    @cached_property
    def others(self) -> list[str]:
        """What else each cell would name as a heading; places and things only where columns are sure."""
        kinds = map(other_kind, self.texts) if self.ruled or self.gapped else [""] * len(self.texts)
        return [kind if self.ruled or kind == "NAME" else "" for kind in kinds]


def parted(document: Document, by: str = "|") -> str:
    """The folded text with a bar (or another mark) for every tab: no number or address runs into the next cell."""
    folded = document.folded
    if "\t" not in document.text:
        return folded
    pieces, at = [], 0
    for piece in document.text.split("\t"):
        pieces.append(folded[at : at + len(piece)])
        at += len(piece) + 1
    return by.join(pieces)


def _width(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))


def read_row(line: str, raw: str, offset: int) -> Row | None:
    """A folded line (with the line as read beside it, or its beginning) as a row; nothing where nothing parts cells."""
    body, start = raw.strip(_BLANK), line[: len(raw)]
    ruled = "\t" in body or "|" in start or "│" in start or "┃" in start
    if not (ruled or " " in body or "\u3000" in body or "|" in line):
        return None
    return Row(start, raw, offset, ruled, not ruled and ("  " in body or "\u3000" in body))


def _cut(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    edges = list(accumulate(map(len, pattern.split(text)), initial=0))
    return list(zip(edges[::2], edges[1::2], strict=True))


def _joined(raw: str, line: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces that are no blanks. Names with a gap (张　三) and headings (姓 名) come as two cells: join them."""
    done: list[tuple[int, int]] = []
    for start, end in pieces:
        if not line[start:end].strip():
            continue
        first, last = done[-1] if done and end - start == 1 else (0, 0)
        if last - first == 1 and _pair(line[first], line[start], raw[last:start]):
            done[-1] = (first, end)
        else:
            done.append((start, end))
    return done


def _pair(before: str, piece: str, gap: str) -> bool:
    """Whether two characters are a heading, or may be a name, written with a gap."""
    if HEAD_PAIR.fullmatch(f"{before} {piece}"):
        return True
    if not HAN.match(before) or not HAN.match(piece) or LIKE["sex"].match(piece):
        return False
    return gap in (" ", "\u3000", "  ") and before not in "序号社组类"


def _form(heading: str, kind: str) -> re.Pattern[str] | None:
    """What cells under a heading look like, where that is known."""
    if heading in ("性别", "性 别"):
        kind = "sex"
    elif _ORDER.match(heading):
        kind = "order"
    elif kind == "EDU":
        kind = "" if _SCHOOLED.search(heading) else "long" if "号" in heading else "mark"
    return LIKE.get(kind)


def _like(text: str, form: re.Pattern[str] | None) -> float:
    """How well a cell fits a column."""
    if form is None:
        return -2.0 if LIKE["sex"].match(text) or LIKE["ID_CARD"].match(text) else 0.2
    return 2.0 if form.match(text) else -3.0


def settled(row: Row, heading: Row) -> list[tuple[int, int]]:
    """Which cell stands under which heading, as (cell, heading) places; empty when the line is no row of the table."""
    if row.ruled != heading.ruled or len(row.filled) < 2:
        return []
    width = len(heading.texts)
    fits = row.ruled or all(_like(*pair) > -3 for pair in zip(row.texts, heading.forms, strict=False))
    if (len(row.texts) == width and fits) or (row.ruled and width - 2 <= len(row.texts) <= width + 1):
        return [(place, place) for place in row.filled if place < width]
    if abs(len(row.filled) - width) > max(3, width // 2):
        return []
    return aligned(row, heading)


def aligned(row: Row, heading: Row) -> list[tuple[int, int]]:
    """The best order-keeping match of cells to headings (dynamic programming over form and place)."""
    gapped = row.gapped and heading.gapped
    best = [-0.5 * h for h in range(len(heading.forms) + 1)]
    steps: list[list[int]] = [[]]
    forms = set(heading.forms)
    for c, text in enumerate(row.texts):
        above, best, step = best, [best[0] - 1.0], [2]
        likes = {form: _like(text, form) for form in forms}
        for h, form in enumerate(heading.forms):
            taken, passed, left = above[h] + likes[form], best[h] - 0.5, above[h + 1] - 1.0
            if gapped:
                taken += max(-0.8, 0.5 - abs(row.columns[c] - heading.columns[h]) / 8)
            if taken >= passed and taken >= left:
                best.append(taken)
                step.append(0)
            else:
                best.append(max(passed, left))
                step.append(1 if passed >= left else 2)
        steps.append(step)
    return _back(steps, len(row.texts), len(heading.forms)) if best[-1] > 0 else []


def _back(steps: list[list[int]], c: int, h: int) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    while c and h:
        step = steps[c][h]
        if step == 0:
            places.append((c - 1, h - 1))
        c, h = c - (step != 1), h - (step != 2)
    return places[::-1]
