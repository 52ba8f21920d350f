"""One line of a pasted table cut into cells, and a row's cells settled under the headings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from gongkai.model.document import Document, Span
from gongkai.model.headings import heading_kind

_TAB = re.compile(r"\t")
BAR = re.compile(r"[|│┃]")
GAP = re.compile(r"\u3000+| {2,}|[ \u3000]{2,}")
SPACE = re.compile(r"[ \u3000]+")
_WIDE = re.compile("[\u2e80-\U0010ffff]")
HAN = re.compile(r"[\u3400-\u9fff]")
HEAD_PAIR = re.compile(
    r"姓 +名|性 +别|年 +龄|住 +址|备 +注|卡 +号|账 +号|电 +话|金 +额|序 +号|编 +号|面 +积|户 +主|签 +"
    r"名|签 +字|关 +系|学 +校"
)
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
        r"^[\u3400-\u9fff·]{2,12}(?:[（(].{1,6}[)）])?$|^[A-Za-z .·]{3,40}$|^[\u3400-\u9fff] +[\u3400-"
        r"\u9fff]"
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


@dataclass(frozen=True)
class Row:
    """A line's cells: their places (an empty cell has none and text "") and how they are parted."""

    line: str
    texts: list[str]
    spans: dict[int, Span]
    before: list[str]
    ruled: bool
    gapped: bool

    @cached_property
    def columns(self) -> list[int]:
        """How wide what stands before each cell is."""
        return list(map(_width, self.before))

    @cached_property
    def kinds(self) -> list[str]:
        """The kind of personal data that each cell would name as a heading."""
        return list(map(heading_kind, self.texts))


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


def read_row(line: str, raw: str, offset: int) -> Row:
    """Cut one folded line (with the line as read beside it) at tabs, bars, wide gaps, or single blanks."""
    body = raw.strip(" \u3000\t")
    ruled = "\t" in body or bool(BAR.search(line))
    gapped = not ruled and ("  " in body or "\u3000" in body)
    if "\t" in body:
        pieces = _cut(raw, _TAB)
    elif ruled:
        pieces = _cut(line, BAR)
        pieces = pieces[1:] if pieces and not line[pieces[0][0] : pieces[0][1]].strip() else pieces
    else:
        pieces = _joined(raw, line, [p for p in _cut(raw, GAP if gapped else SPACE) if line[p[0] : p[1]].strip()])
    texts, spans = [], {}
    for place, (start, end) in enumerate(pieces):
        piece = line[start:end]
        texts.append(piece.strip())
        if piece.strip():
            left = start + len(piece) - len(piece.lstrip())
            spans[place] = Span(offset + left, offset + start + len(piece.rstrip()))
    return Row(line, texts, spans, [raw[:start] for start, _ in pieces], ruled, gapped)


def _cut(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    pieces, at = [], 0
    for match in pattern.finditer(text):
        pieces.append((at, match.start()))
        at = match.end()
    return [*pieces, (at, len(text))]


def _joined(raw: str, line: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Names written with a gap (张　三) and headings so written (姓 名) come as two cells: join them."""
    done: list[tuple[int, int]] = []
    for start, end in pieces:
        before = line[done[-1][0] : done[-1][1]] if done else ""
        piece = line[start:end]
        single = len(before) == len(piece) == 1
        if single and (HEAD_PAIR.fullmatch(f"{before} {piece}") or _named(before, piece, raw[done[-1][1] : start])):
            done[-1] = (done[-1][0], end)
        else:
            done.append((start, end))
    return done


def _named(before: str, piece: str, gap: str) -> bool:
    """Whether two characters may be a name written with a gap."""
    if not HAN.match(before) or not HAN.match(piece) or LIKE["sex"].match(piece):
        return False
    return gap in (" ", "\u3000", "  ") and before not in "序号社组类"


def _like(text: str, heading: str, kind: str) -> float:
    """How well a cell's form fits a column."""
    if heading in ("性别", "性 别"):
        kind = "sex"
    elif re.fullmatch(r"序号?|号|编号|名次|排名|抽签号|户号|案号", heading):
        kind = "order"
    elif kind == "EDU":
        kind = "" if re.search("学历|学校|院校|专业$|程度", heading) else "long" if "号" in heading else "mark"
    pattern = LIKE.get(kind)
    if pattern is None:
        return -2.0 if LIKE["sex"].match(text) or LIKE["ID_CARD"].match(text) else 0.2
    return 2.0 if pattern.match(text) else -3.0


def settled(row: Row, heading: Row, kinds: list[str]) -> list[tuple[int, int]]:
    """Which cell stands under which heading, as (cell, heading) places; empty when the line is no row of the table."""
    filled, width = len(row.spans), len(heading.texts)
    if filled < 2 or row.ruled != heading.ruled:
        return []
    fits = row.ruled or all(
        _like(text, *pair) > -3 for text, *pair in zip(row.texts, heading.texts, kinds, strict=False)
    )
    if (len(row.texts) == width and fits) or (row.ruled and width - 2 <= len(row.texts) <= width + 1):
        return [(place, place) for place in row.spans if place < width]
    if abs(filled - width) > max(3, width // 2):
        return []
    return _aligned(row, heading, kinds)


def _aligned(row: Row, heading: Row, kinds: list[str]) -> list[tuple[int, int]]:
    """The best order-keeping match of cells to headings (dynamic programming over form and place)."""
    cells, width = len(row.texts), len(heading.texts)
    best: list[list[float]] = [[-0.5 * h for h in range(width + 1)]]
    steps: list[list[int]] = [[1] * (width + 1)]
    for c in range(1, cells + 1):
        best.append([best[c - 1][0] - 1.0])
        steps.append([2])
        for h in range(1, width + 1):
            fit = _like(row.texts[c - 1], heading.texts[h - 1], kinds[h - 1])
            if row.gapped and heading.gapped:
                fit += max(-0.8, 0.5 - abs(row.columns[c - 1] - heading.columns[h - 1]) / 8)
            options = (best[c - 1][h - 1] + fit, best[c][h - 1] - 0.5, best[c - 1][h] - 1.0)
            step = max(range(3), key=options.__getitem__)
            best[c].append(options[step])
            steps[c].append(step)
    return _back(steps, cells, width) if best[cells][width] > 0 else []


def _back(steps: list[list[int]], c: int, h: int) -> list[tuple[int, int]]:
    places: list[tuple[int, int]] = []
    while c and h:
        step = steps[c][h]
        if step == 0:
            places.append((c - 1, h - 1))
        c, h = c - (step != 1), h - (step != 2)
    return places[::-1]
