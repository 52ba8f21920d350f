"""What the desk does with one document: suggest, redact and verify. Command line and API both call these."""

from __future__ import annotations

import gc
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from gongkai.model.document import Document
from gongkai.model.errors import ClassifiedDocument, OutputError, RequestError
from gongkai.model.finding import Action, Finding, Handling, Screening
from gongkai.model.redaction import left_over, redact
from gongkai.model.screener import Screener
from gongkai.service.limits import Limits
from gongkai.service.readers import read_bytes, read_file
from gongkai.service.settings import Settings
from gongkai.service.wire import Json, to_json

STOP = "发现密级标志，已停止处理：请勿在非涉密系统中存储、处理本文件，立即交本单位保密工作机构。"


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

    @classmethod
    def open(cls, settings: Settings) -> Desk:
        """Load rulebook and model. Raises RulebookError or ModelFolderError."""
        screener = Screener.load(settings.model, settings.tables, settings.profile, settings.fast)
        desk = cls(screener, settings.limits)
        gc.freeze()  # tables and weights live as long as the process: the collector need not walk them again
        return desk

    @cached_property
    def clause_reasons(self) -> dict[str, str]:
        """The reason code of every negative-list clause."""
        return {clause.id: clause.reason for clause in self.screener.rules.clauses}

    def file(self, path: Path) -> Document:
        """The document in a file, with the path as its id. Raises DocumentError."""
        return replace(read_file(path, self.limits), id=str(path))

    def upload(self, data: bytes, name: str) -> Document:
        """The document in uploaded bytes, with the file name as its id. Raises DocumentError."""
        return read_bytes(data, name, self.limits)

    def screen(self, document: Document) -> Screening:
        """Everything the product says about a document."""
        return self.screener(document)

    def shown(self, screening: Screening) -> Json:
        """A screening as the output contract has it."""
        return to_json(screening, self.clause_reasons)

    def redact(self, document: Document) -> Redacted:
        """A copy with every masked piece hidden, verified by reading it back.

        Raises ClassifiedDocument for a secrecy mark, OutputError when a hidden value would still stand in the copy,
        RequestError in fast mode.
        """
        if self.screener.people is None:
            raise RequestError("快速模式不查找姓名和住址，不能用来遮蔽，请改用全面模式（GONGKAI_FAST=0）。")
        screening = self.screen(document)
        if screening.handling == Handling.stop_classified:
            raise ClassifiedDocument(STOP)
        text = redact(document.text, screening.personal)
        left = left_over(text, document.text, screening.personal)
        if left:
            raise OutputError(f"核验没有通过：遮蔽后的文本里仍有{len(left)}处个人信息，没有写出文件，请人工处理。")
        hidden = tuple(f for f in screening.personal if f.action == Action.mask)
        return Redacted(document, text, hidden)
