"""What a run is asked to do, and how it ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from gongkai.service.screening.engine.progress import Tally
from gongkai.service.settings import Settings

LOCAL, RAY = "local", "ray"


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be screened, and how. `memory` in MiB for each child; `published` and `known` are lists of papers."""

    sources: tuple[Path, ...]
    out: Path
    settings: Settings
    jobs: int = 1
    seconds: float = 60.0
    memory: int = 1536
    ocr: bool = False
    published: Path | None = None
    known: Path | None = None
    restart: bool = False
    report: bool = True
    engine: str = LOCAL


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended. `failed` counts all files without a record, those of former runs too."""

    tally: Tally
    left_out: Counter[str]
    failed: int = 0
    records: int = 0
    stopped: bool = False
