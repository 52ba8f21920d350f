"""What is known of a backlog: its files, its records, and where each record stands in the worklist."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gongkai.service.wire import Json


class Role(StrEnum):
    """What a file is to its record."""

    main = "main"
    attachment = "attachment"
    request = "request"
    reply = "reply"
    form = "form"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"main": "正文", "attachment": "附件", "request": "请示", "reply": "批复", "form": "发文稿纸"}[
            self.value
        ]


class Pile(StrEnum):
    """What a reviewer does with a record: confirm it quickly, decide it, or stop and hand it to the secrecy officer."""

    confirm = "confirm"
    decide = "decide"
    stop = "stop"

    @property
    def label(self) -> str:
        """The Chinese name."""
        return {"confirm": "快速确认", "decide": "逐件决定", "stop": "停止处理"}[self.value]


@dataclass(frozen=True, slots=True, order=True)
class Locator:
    """Where a file's bytes are: a path, and the names inside it (archive members, mail attachments, lines).

    `shown` is unique and stable within a backlog: `档案/2018.zip!收文/1.docx`.
    """

    path: Path
    inside: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """The path with the names inside it."""
        return "!".join((_readable(str(self.path)), *self.inside))

    @property
    def name(self) -> str:
        """The name of the innermost file."""
        return self.inside[-1].rsplit("/", 1)[-1] if self.inside else _readable(self.path.name)


def _readable(path: str) -> str:
    """A path that can be written in UTF-8: names in GBK, as old disks have them, come as halves of surrogate pairs."""
    if path.isascii() or not any("\ud800" <= character <= "\udfff" for character in path):
        return path
    pieces = (os.fsencode(piece) for piece in path.split("/"))
    return "/".join(piece.decode("gb18030" if _is_foreign(piece) else "utf-8", "replace") for piece in pieces)


def _is_foreign(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return True
    return False


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a record. `size` in bytes and `stamp` in nanoseconds tell whether it changed since it was read.

    `fields` are what a register says of it (title, number, issued, unit, attribute …); `text` is given by JSONL alone.
    """

    locator: Locator
    role: Role = Role.main
    size: int = 0
    stamp: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of one matter that are screened as one record: the main document first."""

    parts: tuple[Part, ...]

    @property
    def main(self) -> Part:
        """The part that the record is named after."""
        return self.parts[0]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that gave no record, and why: the slug of an error and its Chinese sentence."""

    slug: str
    message: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A few words of evidence with all personal data hidden; at most 40 characters. `code`: clause or reason."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Cited:
    """Another document that this one rests on: `relation` is forwards, answers, asks or attaches."""

    relation: str
    number: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class PartTold:
    """What was said of one part of a bundle. `characters` counts its text."""

    name: str
    role: Role
    digest: str
    attribute: str
    characters: int


@dataclass(frozen=True, slots=True)
class Record:
    """One document or bundle as screened: never its text.

    `digest` is `sha256:` over the bytes of its parts; `result` the output contract without replacements; `signature`
    and `mould` are MinHash signatures of the text and of the text without what changes within a series
    (`gongkai.model.likeness`). A stopped record has no title, no quotes and no signatures.
    """

    digest: str
    title: str
    number: str
    issuer: str
    issued: str
    genre: str
    attribute: str
    confidence: float
    handling: str
    needs_review: bool
    result: Json
    quotes: tuple[Quote, ...] = ()
    cited: tuple[Cited, ...] = ()
    parts: tuple[PartTold, ...] = ()
    signature: bytes = b""
    mould: bytes = b""
    characters: int = 0

    @property
    def year(self) -> str:
        """The year of issue, or nothing."""
        return self.issued[:4]

    @property
    def engine(self) -> Json:
        """Version, model, rulebook and profile that judged."""
        engine: Json = self.result["engine"]
        return engine


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in the worklist. Places are computed anew after each run.

    `rank` counts from 1 within the pile; `risk` is the probability of a wrong proactive or wrongly withheld record;
    `group` joins near duplicates, `series` documents of one template, both named after their first record's digest;
    `exception` marks the member that differs from its group; `follows` is the digest of the forwarded source;
    `published` the title or number under which it was found published; `remarks` are Chinese sentences.
    """

    digest: str
    pile: Pile
    rank: int
    risk: float
    group: str = ""
    series: str = ""
    exception: bool = False
    follows: str = ""
    published: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of a record; append-only. `at` in ISO 8601, `source` names file and row.

    `sample` names the audit sample that it belongs to, or nothing.
    """

    digest: str
    attribute: str
    by: str
    at: str
    reason: str = ""
    category: str = ""
    note: str = ""
    source: str = ""
    sample: str = ""
