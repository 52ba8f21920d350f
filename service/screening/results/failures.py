"""Why a file gave no record, in the words that every output uses."""

from __future__ import annotations

from gongkai.model.errors import GongkaiError
from gongkai.service.screening.store import FileRow


def titles() -> dict[str, str]:
    """The Chinese name of every error by its slug."""
    found: dict[str, str] = {}
    waiting: list[type[GongkaiError]] = [GongkaiError]
    while waiting:
        error = waiting.pop()
        found[error.slug] = error.title
        waiting += error.__subclasses__()
    return found


def reason(row: FileRow) -> str:
    """Why a file gave no record, in a few words; nothing for one that gave a record."""
    if row.failure is None:
        return ""
    return titles().get(row.failure.slug, row.failure.slug)
