"""Sensitive personal data in prose, tables and forms: health, special status, minors, family, income, birth, belief.

Cues are rows of sensitive.toml; most count only beside a private person (个人信息保护法 article 28).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from gongkai.model.document import Span
from gongkai.model.finding import Finding
from gongkai.model.reading import Reading

_SENTENCE = re.compile(r"[^\n。;!?]+")
_PRONOUN = re.compile(r"(?:其(?!他|中|它|余|次|所|实|一)|本人|你(?!局|委|单位|公司|院|校|厅|部|县|市|镇|乡|们)|我(?!局|委|市|县|省|厅|国|部|院|校|镇|乡|办|区|站|所|们|司)|她|他(?!人|们)|该(?:女|男|同志|户|人|生))")
_CELL_TYPES = {"HEALTH", "EDU", "FAMILY", "FIN", "MINOR", "BIRTH", "PLATE"}
_EMPTY = re.compile(r"^[\s\-—/\\无略见同上*.]*$|^(?:无|略|同上|见附件|正常|良好|合计|是|否)$")


def _prose(reading: Reading, private: Iterable[Span]) -> Iterator[Finding]:
    text = reading.text
    marks = sorted(span.start for span in private)
    for sentence in _SENTENCE.finditer(text):
        named = any(sentence.start() <= at < sentence.end() for at in marks)
        personal = named or (bool(marks) and bool(_PRONOUN.search(sentence.group())))
        for cue in reading.rules.cues:
            if cue.person and not personal:
                continue
            for match in cue.pattern.finditer(text, sentence.start(), sentence.end()):
                group = next((g for g in ("v", "w") if g in cue.pattern.groupindex and match[g]), None)
                if group and (marks or not cue.person):
                    yield Finding(Span(*match.span(group)), cue.type, 0.75 if named else 0.6, "sensitive:" + cue.id)


def _columns(reading: Reading) -> Iterator[Finding]:
    for cell in reading.cells:
        piece = cell.span.of(reading.text)
        if cell.kind in _CELL_TYPES and cell.row >= 0 and len(piece) <= 40 and not _EMPTY.match(piece):
            yield Finding(cell.span, cell.kind, 0.7, "column:" + cell.kind)


def sensitive(reading: Reading, private: Iterable[Span]) -> Iterator[Finding]:
    """Sensitive data; `private` are the places of private people (names to be masked, identity numbers)."""
    people = list(private)
    yield from _prose(reading, people)
    if people:
        yield from _columns(reading)
