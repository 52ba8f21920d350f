"""What the desk does with one document or file: suggest, redact and verify. Command line and API both call these."""

from __future__ import annotations

import gc
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from pathlib import Path

from gongkai.model.deid.hiding import Style
from gongkai.model.document import Document
from gongkai.model.errors import ClassifiedDocument, MissingDocument, OversizedDocument, RequestError
from gongkai.model.finding import Finding, Handling, Screening
from gongkai.model.screener import Screener
from gongkai.service.limits import Limits
from gongkai.service.readers import MISSING, Reader, read_bytes, read_file, regular
from gongkai.service.redacting import STOP as STOP
from gongkai.service.redacting import Copy, Draft, Options, draft_file, redact_file
from gongkai.service.settings import Settings
from gongkai.service.wire import Json, to_json


def today() -> date:
    """The day where the agency is, by which clauses of the negative list are in force."""
    return datetime.now(timezone(timedelta(hours=8))).date()


@dataclass(frozen=True, slots=True)
class Redacted:
    """A copy without its personal data, and what was hidden in it."""

    document: Document
    text: str
    hidden: tuple[Finding, ...]


@dataclass(frozen=True)
class Desk:
    """One screener with its limits."""

    screener: Screener
    limits: Limits
    readers: Mapping[str, Reader] = field(default_factory=dict)

    @classmethod
    def open(cls, settings: Settings) -> Desk:
        """Load rulebook and model. Raises RulebookError or ModelFolderError."""
        screener = Screener.load(settings.model, settings.tables, settings.profile, settings.fast)
        desk = cls(replace(screener, today=today), settings.limits, settings.readers)
        gc.freeze()  # tables and weights live as long as the process: the collector need not walk them again
        return desk

    @cached_property
    def clause_reasons(self) -> dict[str, str]:
        """The reason code of every negative-list clause."""
        return {clause.id: clause.reason for clause in self.screener.rules.clauses}

    def file(self, path: Path) -> Document:
        """The document in a file, with the path as its id. Raises DocumentError."""
        return replace(read_file(path, self.limits, self.readers), id=str(path))

    def upload(self, data: bytes, name: str) -> Document:
        """The document in uploaded bytes, with the file name as its id. Raises DocumentError."""
        return read_bytes(data, name, self.limits, self.readers)

    def screen(self, document: Document) -> Screening:
        """Everything the product says about a document."""
        return self.screener(document)

    def shown(self, screening: Screening) -> Json:
        """A screening as the output contract has it."""
        return to_json(screening, self.clause_reasons)

    def redact_file(self, path: Path, options: Options | None = None) -> Copy:
        """A proven copy of a file in its own format.

        Raises DocumentError, ProofFailed when the copy would still hold something, RequestError in fast mode.
        """
        return self.redact_upload(self._contents(path), path.name, options)

    def redact_upload(self, data: bytes, name: str, options: Options | None = None) -> Copy:
        """The same for uploaded bytes."""
        self._in_full()
        if len(data) > self.limits.max_bytes:
            raise self._too_large()
        return redact_file(self.screener, data, name, self.limits, options)

    def draft_upload(self, data: bytes, name: str, options: Options | None = None) -> Draft:
        """What a copy of uploaded bytes would hide, where none passes its proof."""
        self._in_full()
        return draft_file(self.screener, data, name, self.limits, options)

    def _contents(self, path: Path) -> bytes:
        try:
            regular(path)
            if path.stat().st_size > self.limits.max_bytes:
                raise self._too_large()
            return path.read_bytes()
        except (OSError, ValueError) as error:
            raise MissingDocument(MISSING) from error

    def _too_large(self) -> OversizedDocument:
        return OversizedDocument(f"文件超过 {self.limits.max_bytes / 2**20:g} MB，请压缩图片或拆分后再提交。")

    def _in_full(self) -> None:
        if self.screener.people is None:
            raise RequestError("快速模式不查找姓名和住址，不能用来遮蔽，请改用全面模式（GONGKAI_FAST=0）。")

    def check_style(self, style: Style) -> None:
        """Raises RequestError for a style that no table knows."""
        rules = self.screener.rules
        known = dict.fromkeys([way.style for row in rules.personal for way in row.way])
        if style.name and style.name not in known:
            raise RequestError(f"没有名为 {style.name} 的遮蔽样式，可用的有：{'、'.join(known)}。")

    def unmarked(self, document: Document) -> Screening:
        """The screening of a paper without a secrecy mark. Raises ClassifiedDocument for one that has it."""
        screening = self.screen(document)
        if screening.handling == Handling.stop_classified:
            raise ClassifiedDocument(STOP)
        return screening

    def redact(self, document: Document, style: Style | None = None) -> Redacted:
        """A copy with every masked piece hidden, proven as a file of its own would be.

        Raises DocumentError (ClassifiedDocument for a secrecy mark), ProofFailed when a hidden value would still stand
        in the copy, RequestError in fast mode.
        """
        data = document.text.encode(errors="replace")
        copy = self.redact_upload(data, "文本.txt", Options(style or Style()))
        return Redacted(document, copy.written.data.decode(), copy.hidden)
