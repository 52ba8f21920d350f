"""Find the title of a document: the line, or two, that names its matter and its genre."""

from __future__ import annotations

import re

from gongkai.model.document import Document, Span
from gongkai.model.lines import Line
from gongkai.model.rulebook import Rulebook

_NUMBERED = re.compile(r"〔(?:19|20)\d{2}〕 ?(?:第 ?)?\d+ ?号")
_CLAUSE = re.compile(r"^(?:第?[一二三四五六七八九十\d]{1,3}[条章节、.．]|[（(][一二三四五六七八九十\d]{1,2}[)）])")
_FIELD = re.compile(r"^.{1,10}[::]")


def _weight(line: Line, place: int, rules: Rulebook) -> float:
    text = line.text
    points = 3.0 * text.startswith("关于") + 1.0 * ("关于" in text) + 1.0 * (6 <= len(text) <= 60) - 0.15 * place
    points += 3.0 if rules.genre(text) else 0.0
    points -= 4.0 * bool(_NUMBERED.search(text)) + 4.0 * (text[-1] in ":：") + 3.0 * ("。" in text)
    points -= 3.0 * bool(_CLAUSE.match(text)) + 3.0 * text.endswith("文件") + 3.0 * (len(text) > 90)
    points -= 2.0 * bool(_FIELD.match(text)) + 2.0 * text.startswith(("签发", "抄送", "附件", "来源", "发布"))
    return points - 2.0 * (len(text) < 4)


def find_title(document: Document, rows: list[Line], rules: Rulebook) -> tuple[str, Span | None]:
    """The title and where it stands; a title that came with the document is kept, with its place if it is found."""
    if document.title.strip():
        at = document.text.find(document.title.strip())
        span = Span(at, at + len(document.title.strip())) if at >= 0 else None
        return document.title.strip(), span
    best, score = -1, 1.5
    for place, line in enumerate(rows[:16]):
        weight = _weight(line, place, rules)
        if weight > score:
            best, score = place, weight
    if best < 0:
        return "", None
    return _joined(document, rows, best, rules)


def _joined(document: Document, rows: list[Line], at: int, rules: Rulebook) -> tuple[str, Span]:
    first, last = rows[at], rows[at]
    if not rules.genre(first.text) and at + 1 < len(rows) and rules.genre(rows[at + 1].text):
        last = rows[at + 1] if len(rows[at + 1].text) < 50 else last
    elif "关于" not in first.text and at > 0 and rows[at - 1].text.startswith("关于"):
        first = rows[at - 1]
    span = Span(first.start, last.end)
    return re.sub(r"\s*\n\s*", "", span.of(document.text)).strip(), span
