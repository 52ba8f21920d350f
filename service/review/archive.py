"""The text of a document for the side panel: kept, or read again from the archive, or not to be had."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gongkai.model.errors import ClassifiedDocument, DocumentError, GongkaiError
from gongkai.service.crew.orders import Crew, Read
from gongkai.service.limits import Limits
from gongkai.service.review.child import Fetch, done
from gongkai.service.screening.engine.pool import Caps
from gongkai.service.screening.intake import lines
from gongkai.service.screening.intake.sources import located
from gongkai.service.screening.records import Locator, Role
from gongkai.service.wire import Json

_ELSEWHERE = "原文件不在允许读取的目录里，这里只能看摘录；要看全文，请到档案里打开原文件。"
_GONE = "原文件已经移走或者读不出来，这里只能看摘录。"
_CHANGED = "原文件在筛查以后改过，下面是现在的文字，不标依据；请重新筛查后再决定。"
_STOPPED = "原文件现在带有密级标志，不能在这里打开，请立即交保密工作机构。"
_LARGE = "原文件太大，不能在这里打开，请到档案里打开原文件。"


@dataclass(frozen=True, slots=True)
class Shown:
    """A text, or why there is none (`note`); `exact` when offsets of the screening count into it."""

    text: str = field(default="", repr=False)
    exact: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading again needs: the crew, and limits on what it may cost."""

    crew: Crew
    limits: Limits
    caps: Caps


def read_again(place: Json, roots: Sequence[Path], reader: Reader) -> Shown:
    """Read a document's main file from the archive, never outside `roots`."""
    main = next((row for row in place.get("files", ()) if row[1] == Role.main), None)
    if main is None:
        return Shown(note=_GONE)
    path, _, digest = main
    try:
        locator = located(path)
        if not _within(locator.path, roots):
            return Shown(note=_ELSEWHERE)
        data = _bytes(locator, reader)
        same = "sha256:" + hashlib.sha256(data).hexdigest() == digest
        return Shown(_text(data, locator, reader), same, "" if same else _CHANGED)
    except ClassifiedDocument:
        return Shown(note=_STOPPED)
    except DocumentError as error:
        return Shown(note=f"原文件读不成文字：{error.message}这里只能看摘录。")
    except (OSError, ValueError, GongkaiError):
        return Shown(note=_GONE)


def _within(path: Path, roots: Sequence[Path]) -> bool:
    """Whether a file, links followed, lies below one of the folders."""
    there = path.resolve(strict=True)
    return any(there.is_relative_to(root.resolve()) for root in roots)


def _bytes(locator: Locator, reader: Reader) -> bytes:
    if locator.inside:
        fetched: bytes = done(Fetch(locator), reader.limits, reader.caps)
        return fetched
    if locator.path.stat().st_size > reader.limits.max_bytes:
        raise DocumentError(_LARGE)
    return locator.path.read_bytes()


def _text(data: bytes, locator: Locator, reader: Reader) -> str:
    if locator.inside and locator.path.suffix.lower() == lines.SUFFIX:
        return data.decode("utf-8", "replace")
    text: str = reader.crew.do(Read(data, locator.name)).text
    return text
