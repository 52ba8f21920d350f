"""Words that people wrote about requests and papers, with personal data hidden before they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gongkai.model.document import Document
from gongkai.model.errors import ClassifiedDocument
from gongkai.model.finding import Screening
from gongkai.service.crew.orders import Crew, Screen
from gongkai.service.redacting import STOP

#: Lines that are judged together: as many as a page of a register.
BATCH = 100
HIDDEN = "×"
STOPPED = "（疑似涉密，内容没有存入）"
#: What stays although it names somebody: numbers of organisations.
_OPEN = frozenset({"CREDIT_CODE"})


def swept(crew: Crew, lines: Sequence[str]) -> list[str]:
    """Each line with all personal data in it hidden, whoever it is about; a line with a secrecy mark is left out."""
    found: list[str] = []
    for start in range(0, len(lines), BATCH):
        found += _batch(crew, [" ".join(line.split()) for line in lines[start : start + BATCH]])
    return found


def cleaned(crew: Crew, lines: Sequence[str]) -> list[str]:
    """The same, but nothing is given out where one has a secrecy mark. Raises ClassifiedDocument."""
    found = swept(crew, lines)
    if STOPPED in found:
        raise ClassifiedDocument(STOP)
    return found


def _batch(crew: Crew, lines: list[str]) -> list[str]:
    if not any(lines):
        return lines
    text = "\n".join(lines)
    try:
        said: Screening = crew.do(Screen(Document("", text)))
    except ClassifiedDocument:
        if len(lines) == 1:
            return [STOPPED]
        middle = len(lines) // 2
        return _batch(crew, lines[:middle]) + _batch(crew, lines[middle:])
    return list(_hidden(text, said).split("\n"))


def _hidden(text: str, said: Screening) -> str:
    kept = list(text)
    for start, end in _places(said):
        for place in range(start, end):
            kept[place] = "\n" if text[place] == "\n" else HIDDEN
    return "".join(kept)


def _places(said: Screening) -> Iterator[tuple[int, int]]:
    for finding in said.personal:
        if finding.kind not in _OPEN:
            yield finding.span.start, finding.span.end
