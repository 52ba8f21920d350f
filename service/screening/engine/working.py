"""What a child does with a task: a bundle becomes a record, a container its members, registers what they say."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

from gongkai.model.document import Document
from gongkai.model.errors import DocumentError, GongkaiError, OversizedDocument, ScannedDocument
from gongkai.model.finding import Attribute
from gongkai.model.screener import secrecy_mark
from gongkai.service.desk import Desk
from gongkai.service.screening.engine import scanned
from gongkai.service.screening.engine.child import Line
from gongkai.service.screening.engine.recording import Given, hidden, recorded
from gongkai.service.screening.engine.tasks import Answer, Hello, Means, Register, Screen, Screened, Task, Unpacked
from gongkai.service.screening.intake import sources
from gongkai.service.screening.records import Failure, Part, PartTold, Record
from gongkai.service.screening.rows import KEPT, as_json

V = TypeVar("V")
NO_MAIN = "正文没有读成，结论只依据其余文件，请补上正文后重新筛查。"
NO_PART = "有附件没有读成，结论只依据读出的部分，请人工查看。"
ODD = Failure("error", "程序处理这个文件时出错，请人工查看，并把文件的格式告诉开发者。")
_TOO_LONG = "和同一件的其他文件合起来超过 {} 字，没有一起判断，请单独提交这个文件。"
#: What a register or an export may say of a document that its text doesn't.
_FIELDS = ("title", "number", "issuer", "issued")
_MOST_KEPT = 10_000


def opened(means: Means) -> tuple[Callable[[Task, Line], Answer], Hello]:
    """Load the model, once for a child."""
    desk = Desk.open(means.settings)
    screener = desk.screener
    profile = screener.rules.profile
    engine = desk.screener.engine
    hello = Hello(as_json(asdict(engine)), screener.model.confirm_over(profile.wrong_proactive), profile.caution)
    return Work(desk, means), hello


@dataclass(frozen=True, slots=True)
class Work:
    """A desk that does tasks."""

    desk: Desk
    means: Means
    _kept: dict[tuple[str, ...], dict[str, str]] = field(default_factory=dict)

    def __call__(self, task: Task, line: Line) -> Answer:
        """Do one task; errors of documents are part of the answer, MemoryError is the pool's."""
        try:
            if isinstance(task, Screen):
                return _Bundle(self, task, line).screened()
            if isinstance(task, Register):
                return sources.read_registers(task.paths, self.desk.limits)
            left_out = Counter[str]()
            items = tuple(sources.expand(task.part, self.means.spool, self.desk.limits, left_out))
            return Unpacked(items, left_out)
        except GongkaiError as error:
            return error

    def kept(self, part: Part) -> dict[str, str]:
        """What may be kept of what a register says of a part: thousands of files are of one unit."""
        told = tuple(part.fields.get(key, "") for key in KEPT)
        if told not in self._kept:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            fields = {key: value for key, value in zip(KEPT, told, strict=True) if value}
            self._kept[told] = hidden(self.desk, fields, Attribute.withheld)
        return self._kept[told]

    def text(self, part: Part, data: bytes) -> str:
        """The words of a part. Raises DocumentError."""
        if part.text is not None:
            return Document(part.locator.name, part.text).text
        name, limits = part.locator.name, self.desk.limits
        if self.means.ocr and Path(name).suffix.lower() in scanned.PICTURES:
            return scanned.picture_text(data, limits)
        try:
            return self.desk.upload(data, name).text
        except ScannedDocument:
            if not self.means.ocr or Path(name).suffix.lower() != ".pdf":
                raise
            return scanned.pages_text(data, limits)


class _Bundle:
    """One bundle on its way to a record: bytes, digest, words, judgement."""

    def __init__(self, work: Work, task: Screen, line: Line) -> None:
        self.work, self.line, self.parts = work, line, task.bundle.parts
        self.failures = dict(task.lost)
        self.digests = [""] * len(self.parts)
        self.fields = {key: value for key in _FIELDS if (value := self.parts[0].fields.get(key, ""))}

    def screened(self) -> Screened:
        data = self._each(self._bytes)
        digest = self._digest()
        if data and self.line.ask(digest):
            return self._answer(digest, None)
        texts = self._each(lambda number: self.work.text(self.parts[number], data.pop(number)))
        self._fit(texts)
        try:
            record = self._record(digest, texts) if texts else None
        except MemoryError:
            raise
        except Exception as error:  # its words may hold text of the document
            odd = Failure(error.slug, error.message) if isinstance(error, DocumentError) else ODD
            self.failures, record = {number: odd for number in range(len(self.parts))} | self.failures, None
        return self._answer(digest if record else "", record)

    def _answer(self, digest: str, record: Record | None) -> Screened:
        told = tuple((part, self.failures.get(number)) for number, part in enumerate(self.digests))
        return Screened(digest, record, told, tuple(map(self.work.kept, self.parts)) if digest else ())

    def _each(self, read: Callable[[int], V]) -> dict[int, V]:
        """What can be read of each part; what can't becomes a failure."""
        found = {}
        for number in range(len(self.parts)):
            if number in self.failures:
                continue
            self.line.step(number)
            try:
                found[number] = read(number)
            except DocumentError as error:
                self.failures[number] = Failure(error.slug, error.message)
            except (GongkaiError, MemoryError):
                raise
            except Exception:  # a parser's own words may hold text of the document
                self.failures[number] = ODD
        self.line.step(-1)
        return found

    def _bytes(self, number: int) -> bytes:
        data = sources.contents(self.parts[number], self.work.desk.limits, self.work.means.spool)
        self.digests[number] = "sha256:" + hashlib.sha256(data).hexdigest()
        return data

    def _digest(self) -> str:
        """Over all that the record depends on, so that a digest has one record, wherever and whenever it is made."""
        told = [
            [part.role.value, part.locator.name] if len(self.parts) > 1 else Path(part.locator.name).suffix.lower()
            for part in self.parts
        ]
        seen = as_json((self.fields, *told, *self.digests))
        return "sha256:" + hashlib.sha256(seen.encode("utf-8", "surrogatepass")).hexdigest()

    def _fit(self, texts: dict[int, str]) -> None:
        """Leave out parts with which the whole would be longer than a document may be."""
        most, length = self.work.desk.limits.max_characters, 0
        for number in list(texts):
            length += len(texts[number])
            if length > most and number != min(texts):
                length -= len(texts.pop(number))
                self.failures[number] = Failure(OversizedDocument.slug, _TOO_LONG.format(most))

    def _record(self, digest: str, texts: dict[int, str]) -> Record:
        screener = self.work.desk.screener
        attributes = {}
        for number, text in texts.items() if len(texts) > 1 else ():
            self.line.step(number)
            reading = screener.reading(Document(digest, text))
            if secrecy_mark(reading):  # one marked part stops all
                return recorded(self.work.desk, reading, screener.judged(reading), Given(digest, {}))
            attributes[number] = screener.view(screener.case(reading)[0]).label.value
        self.line.step(-1)
        reading = screener.reading(Document(digest, self._joined(texts), self.fields.get("title", "")))
        screening = screener.judged(reading)
        attributes = attributes or dict.fromkeys(texts, screening.opinion.label.value)
        parts = tuple(self._told(texts, attributes)) if len(self.parts) > 1 else ()
        return recorded(self.work.desk, reading, screening, Given(digest, self.fields, parts, self._notes()))

    def _joined(self, texts: dict[int, str]) -> str:
        first, *rest = texts
        return "\n".join([texts[first], *(f"附件：{self.parts[n].locator.name}\n{texts[n]}" for n in rest)])

    def _told(self, texts: dict[int, str], attributes: dict[int, str]) -> Iterator[PartTold]:
        for number, part in enumerate(self.parts):
            digest, length = self.digests[number], len(texts.get(number, ""))
            yield PartTold(part.locator.name, part.role, digest, attributes.get(number, ""), length)

    def _notes(self) -> tuple[str, ...]:
        if not self.failures:
            return ()
        return (NO_MAIN,) if 0 in self.failures else (NO_PART,)
