"""Settings from the environment (GONGKAI_*), read when the application is built and never at import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gongkai.model.errors import RequestError
from gongkai.service.limits import Limits

if TYPE_CHECKING:
    from gongkai.service.readers import Reader


@dataclass(frozen=True, slots=True)
class Settings:
    """What one deployment sets: limits, agency profile, folders of its own tables and model.

    `readers` of its own formats by extension (`.abc`) come before ours; no variable of the environment sets them.
    """

    profile: str = "default"
    tables: Path | None = None
    model: Path | None = None
    fast: bool = False
    max_request_bytes: int = 20 * 1024 * 1024
    limits: Limits = field(default_factory=Limits)
    readers: Mapping[str, Reader] = field(default_factory=dict, hash=False)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read GONGKAI_PROFILE, _TABLES, _MODEL, _FAST, _MAX_REQUEST_BYTES. Raises RequestError for a bad value."""
        tables, model = environment.get("GONGKAI_TABLES"), environment.get("GONGKAI_MODEL")
        size = environment.get("GONGKAI_MAX_REQUEST_BYTES", str(cls.__dataclass_fields__["max_request_bytes"].default))
        if not size.isdecimal() or int(size) < 1024:
            raise RequestError("环境变量 GONGKAI_MAX_REQUEST_BYTES 应当是不小于 1024 的整数，请改正。")
        if environment.get("GONGKAI_FAST", "0") not in ("0", "1"):
            raise RequestError("环境变量 GONGKAI_FAST 应当是 1（快速模式）或者 0，请改正。")
        return cls(
            profile=environment.get("GONGKAI_PROFILE") or "default",
            tables=Path(tables) if tables else None,
            model=Path(model) if model else None,
            fast=environment.get("GONGKAI_FAST") == "1",
            max_request_bytes=int(size),
        )
