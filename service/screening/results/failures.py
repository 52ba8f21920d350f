"""Why a file gave no record, in the words that every output uses."""

from __future__ import annotations

from gongkai.model.errors import GongkaiError
from gongkai.service.screening.store import FileRow

#: Readers speak to people who hand in one file; here the same command is run again.
_AGAIN = ("再提交", "再筛查")
_SCANNED = ("文字识别（OCR）后再提交", "文字识别（OCR）后再筛查，或者加上 --ocr 筛查（要装 ocr 扩展）")


def titles() -> dict[str, str]:
    """The Chinese name of every error by its slug."""
    found: dict[str, str] = {}
    waiting: list[type[GongkaiError]] = [GongkaiError]
    while waiting:
        error = waiting.pop()
        found[error.slug] = error.title
        waiting += error.__subclasses__()
    return found


def advice(row: FileRow) -> str:
    """What to do about it, in the words of a backlog; nothing for one that gave a record."""
    return row.failure.message.replace(*_SCANNED).replace(*_AGAIN) if row.failure else ""


def reason(row: FileRow) -> str:
    """Why a file gave no record, in a few words; nothing for one that gave a record."""
    if row.failure is None:
        return ""
    return titles().get(row.failure.slug, row.failure.slug)
