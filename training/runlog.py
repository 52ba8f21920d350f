"""The run log: what a training run did, one JSON object a line; figures and counts only, never text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class RunLog:
    """Appends to a JSONL file, or nowhere when there is no path."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)

    def write(self, event: str, **fields: Any) -> None:  # noqa: ANN401 - any JSON value
        """One line with the time in UTC."""
        if self.path is None:
            return
        rounded = {key: round(value, 5) if isinstance(value, float) else value for key, value in fields.items()}
        row = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, **rounded}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
