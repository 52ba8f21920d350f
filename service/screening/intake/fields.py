"""What registers, mails and lines say of a document beside its text: what is used of it, short and in one line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from gongkai.model.folding import fold

#: All that is ever used of what is said of a document.
USED = ("title", "number", "issued", "issuer", "attribute", "unit")
LONGEST = 200
_UNSEEN = {"Cc", "Cf", "Cs"}
_DAY = re.compile(r"^((?:19|20)[0-9]{2}) ?[年./-] ?([0-9]{1,2}) ?[月./-] ?([0-9]{1,2})(?![0-9])")
_YEAR = re.compile(r"^(?:19|20)[0-9]{2}(?![0-9])")


def told(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that are used, tidy; no cell brings a text, and the day begins with its year or is left out."""
    tidy = {key: plain(fields.get(key, "")) for key in USED}
    tidy["issued"] = _day(tidy["issued"])
    return {key: value for key, value in tidy.items() if value}


def plain(words: str) -> str:
    """Words in one line of at most `LONGEST` characters, without what a terminal would take for a command."""
    cut = " ".join(words[: 4 * LONGEST].split())
    return "".join(c for c in cut if not _hides(c))[:LONGEST].rstrip()


def is_plain(words: str) -> bool:
    """Whether words are short and of characters that can be seen."""
    return len(words) <= LONGEST and not any(map(_hides, words))


def _hides(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN


def _day(words: str) -> str:
    """A day as ISO 8601 where it can be read, else as it stands."""
    folded = fold(words)
    found = _DAY.match(folded)
    if found:
        return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}"
    return words if _YEAR.match(folded) else ""
