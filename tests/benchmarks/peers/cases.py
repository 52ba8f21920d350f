"""Cases of other tools' own tests, JSONL: text, spans [{start, end, type}], polarity, must_keep [{start, end}]."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from documents import Paper

#: What their types are, as the columns have it; what is not personal data by the annotation standard is in none.
TYPES = {
    **dict.fromkeys(
        (
            "ID_CARD", "PHONE", "PHONE_MOBILE", "PHONE_FIX", "BANK", "BANK_CARD", "BANK_ACCOUNT", "PASSPORT", "PLATE",
            "EMAIL", "SSN", "SOCIAL_SECURITY", "MIL_ID", "MILITARY_ID", "WECHAT", "QQ",
        ),
        "numbers",
    ),
    **dict.fromkeys(("NAME", "REPORTER"), "names"),
    **dict.fromkeys(("ADDRESS", "ADDR_HOME"), "addresses"),
    **dict.fromkeys(("DOB", "BIRTH"), "births"),
    **dict.fromkeys(("HEALTH", "RELIGION", "BIOMETRIC", "FINANCIAL", "FIN", "SPECIAL", "CRIMINAL_RECORD"), "sensitive"),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A short text, what must be found in it by group, what must stay, and whether there is nothing at all."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    stay: tuple[tuple[int, int], ...]
    clean: bool

    @property
    def paper(self) -> Paper:
        """The case as a document without labels."""
        return Paper("case", "", self.text, "", frozenset(), ())


def read_cases(path: Path) -> list[Case]:
    """Cases of a JSONL file, offsets as in `spans` for what must stay too."""
    rows = (json.loads(line) for line in path.read_text("utf-8-sig").split("\n") if line.strip())
    return [_case(row) for row in rows]


def _case(row: dict[str, Any]) -> Case:
    text, spans = row["text"], row.get("spans") or []
    marked = tuple((s["start"], s["end"], TYPES[s["type"]]) for s in spans if s["type"] in TYPES)
    stay = tuple((s["start"], s["end"]) for s in row.get("must_keep") or [])
    return Case(text, marked, stay, row.get("polarity") == "negative" and not spans)
