"""What the parent gives its children to do, and what they answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from gongkai.model.errors import GongkaiError
from gongkai.service.screening.intake.archives import Ready
from gongkai.service.screening.intake.registers import Registers
from gongkai.service.screening.records import Bundle, Failure, Part, Record
from gongkai.service.settings import Settings


@dataclass(frozen=True, slots=True)
class Means:
    """What reading and judging depend on beside the files; `spool` holds what containers unpack to."""

    settings: Settings
    spool: Path
    ocr: bool = False


@dataclass(frozen=True, slots=True)
class Hello:
    """What a child says of itself: its engine (JSON), and two figures of model and profile that the order needs."""

    engine: str
    confirm_over: float
    caution: float


@dataclass(frozen=True, slots=True)
class Screen:
    """Screen one bundle; `lost` are parts (by number) that cost a child its life."""

    bundle: Bundle
    lost: dict[int, Failure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unpack:
    """List what a container holds."""

    part: Part


@dataclass(frozen=True, slots=True)
class Register:
    """Read the registers among the sources."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Screened:
    """A bundle's record, or only its digest when the parent knows it; digest and failure of each part.

    `fields` are what may be kept of what is said of each part.
    """

    digest: str
    record: Record | None
    parts: tuple[tuple[str, Failure | None], ...]
    fields: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unpacked:
    """The members of a container, and how many files were left out by reason."""

    items: tuple[Ready, ...]
    left_out: Counter[str]


Task: TypeAlias = Screen | Unpack | Register
#: An error is the parent's to raise: it ends the run.
Answer: TypeAlias = Screened | Unpacked | Registers | GongkaiError
