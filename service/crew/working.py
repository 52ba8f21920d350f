"""What is done with an order, at a desk: the same in a child and in this process."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any

from gongkai.model.document import Document
from gongkai.model.duties.flagging import Flag
from gongkai.model.duties.hints import hints
from gongkai.model.errors import ClassifiedDocument, RequestError
from gongkai.model.finding import Attribute, Handling
from gongkai.model.meaning import meaning
from gongkai.model.screener import secrecy_mark
from gongkai.service import checking
from gongkai.service.crew.masking import drafted, redacted
from gongkai.service.crew.orders import (
    Check,
    Hint,
    Judge,
    Meaning,
    Order,
    Read,
    Redact,
    Screen,
    Suggest,
    Suggested,
    Tabulate,
)
from gongkai.service.desk import STOP, Desk
from gongkai.service.rules.memory import loaded, shipped
from gongkai.service.screening.engine.recording import Given, kept
from gongkai.service.wire import Json

_BOOKS = 2
_NO_MEANING = "快速模式没有编码器，不能按意思查找，请改用全面模式（GONGKAI_FAST=0）。"
_NOTHING = "没有要判断的文字或者文件，请检查后重新提交。"


@dataclass(frozen=True)
class Bench:
    """A desk that does orders; rulebooks that are not in use are kept open for the next order with them."""

    desk: Desk
    _books: OrderedDict[str, Desk] = field(default_factory=OrderedDict)
    _shelf: Lock = field(default_factory=Lock)

    def __call__(self, order: Order) -> Any:  # noqa: ANN401
        """Do one order. Raises the GongkaiError that the document deserves."""
        match order:
            case Read():
                return self._read(order)
            case Suggest():
                return suggested(self.desk, self._document(order), order.vector)
            case Screen():
                return self.desk.unmarked(self._document(order))  # or its text would leave the child
            case Redact():
                return drafted(self.desk, order) if order.draft else redacted(self.desk, order)
            case Check():
                return self._checked(order)
            case Meaning():
                return [self._meaning(text) for text in order.texts]
            case Judge():
                return suggested(self._by(order.files), order.document, False)
            case Hint():
                return self._hints(order)
            case Tabulate():
                return order.reader(order.name, order.data)

    def _read(self, order: Read) -> Document:
        document = self.desk.upload(order.data, order.name)
        if secrecy_mark(self.desk.screener.reading(document)):
            raise ClassifiedDocument(STOP)
        return document

    def _hints(self, order: Hint) -> tuple[Flag, ...]:
        screener = (self._by(order.files) if order.files else self.desk).screener
        reading = screener.reading(self._document(order))
        if secrecy_mark(reading):
            raise ClassifiedDocument(STOP)
        label = _label(order.label) if order.label else None
        return hints(reading.document, reading.rules, reading.elements, label)

    def _document(self, order: Suggest | Screen | Hint) -> Document:
        if order.document is None and not order.name:
            raise RequestError(_NOTHING)
        return order.document or self.desk.upload(order.data, order.name)

    def _checked(self, order: Check) -> Json:
        rules = self.desk.screener.rules
        label = _label(order.label)
        checked = checking.check_file(self.desk.screener, order.data, order.name, self.desk.limits, label)
        return checking.to_json(checked, lambda kind: rules.type[kind].name)

    def _meaning(self, text: str) -> bytes:
        screener = self.desk.screener
        read = screener.read(screener.reading(Document("", text)))
        if read is None:
            raise RequestError(_NO_MEANING)
        return meaning(read)

    def _by(self, files: Mapping[str, str]) -> Desk:
        """The desk with another rulebook; two threads of one process wait for each other. Raises RulebookError."""
        content = repr(sorted(files.items())).encode("utf-8", "surrogatepass")
        key = hashlib.sha256(content).hexdigest()
        with self._shelf:
            if key not in self._books:
                self._books[key] = with_tables(self.desk, files)
            self._books.move_to_end(key)
            while len(self._books) > _BOOKS:
                self._books.popitem(last=False)
            return self._books[key]


def _label(value: str) -> Attribute:
    try:
        return Attribute(value)
    except ValueError:
        raise RequestError(f"没有这种公开属性，可用的有：{'、'.join(Attribute)}。") from None


def suggested(desk: Desk, document: Document, vector: bool) -> Suggested:
    """What is said of a document, and what may be kept of it; the encoder reads it once."""
    screener = desk.screener
    reading = screener.reading(document)
    screening = screener.judged(reading)
    result = desk.shown(screening)
    if screening.handling == Handling.stop_classified:
        return Suggested("", result, {})
    title = document.title if document.title not in document.text else ""
    mine = kept(desk, screening, Given(document.digest, {"title": title} if title else {}), result)
    read = screener.read(reading) if vector else None
    quotes = tuple((quote.code, quote.words) for quote in mine.quotes)
    return Suggested(document.text, result, mine.result, quotes, meaning(read) if read else b"")


def with_tables(desk: Desk, files: Mapping[str, str]) -> Desk:
    """A desk with the same model and other tables, those that ship where none is given. Raises RulebookError."""
    screener = desk.screener
    rules = loaded({**shipped(), **files}, screener.rules.chosen)
    engine = replace(screener.engine, rulebook=rules.digest, profile=rules.profile.name)
    return replace(desk, screener=replace(screener, rules=rules, engine=engine))
