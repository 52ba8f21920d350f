"""Links from a result to the files it tells of: relative, so that they hold when both folders move together."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import quote

#: What a path goes through when a shown name has names inside it (`2018.zip!a.docx`); the link leads to the container.
_CONTAINER = re.compile(r"\.(?:zip|rar|7z|tar|tgz|gz|bz2|xz|eml|msg|mbox|jsonl|json|csv|xlsx|xls)$", re.IGNORECASE)
#: What a link can't hold as it stands, or what leads elsewhere on Windows; Chinese characters can.
_ESCAPED = re.compile(r"""[ %#?"<>\[\]^`{|}\\]""")


def outermost(shown: str) -> str:
    """The path of the file on disk behind a shown name."""
    head, *rest = shown.split("!")
    for piece in rest:
        if _CONTAINER.search(head):
            break
        head = f"{head}!{piece}"
    return head


def to(shown: str, out: Path) -> str:
    """A link from a file in `out`; absolute where no relative path leads there (another Windows drive)."""
    path = os.path.abspath(outermost(shown))
    try:
        relative = os.path.relpath(path, os.path.abspath(out))
    except ValueError:
        return Path(path).as_uri()
    link = "".join(map(_escaped, relative.replace(os.sep, "/")))
    return f"./{link}" if ":" in link.partition("/")[0] else link


def _escaped(character: str) -> str:
    if character.isprintable() and not _ESCAPED.match(character):
        return character
    return quote(character, safe="", errors="replace")
