"""Fold a text for matching, one character for one, so that every offset stays true.

Full-width ASCII becomes half-width, Traditional characters Simplified (OpenCC's tables), and the capital 壹, which
machine conversion left in place of 一, becomes 一. Never NFKC: it turns ㎡ into m2 and shifts what follows.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

_SHORT = 40  # characters up to which a dict is as fast as an array

#: Characters that have no width, by the first and last of each range: programs and web pages leave them in texts.
_NO_WIDTH = (
    (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F),
    (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF),
)  # fmt: skip
NO_WIDTH = frozenset(chr(code) for first, last in _NO_WIDTH for code in range(first, last + 1))
#: Blanks of other widths.
_BLANKS = "\u1680\u2000\u2001\u2004\u2005\u2006\u2007\u2008\u200a\u202f\u205f\u2800\u3164\uffa0"

_ALIKE = dict.fromkeys((*NO_WIDTH, *_BLANKS), " ") | {
    "\u3000": " ",
    "\u00a0": " ",
    "\u2002": " ",
    "\u2003": " ",
    "\u2009": " ",
    "\t": " ",
    "\r": "\n",
    "\v": "\n",
    "\f": "\n",
    "\x85": "\n",
    "\u2028": "\n",
    "\u2029": "\n",
    "壹": "一",
    "—": "-",
    "–": "-",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "―": "-",
    "−": "-",
    "﹣": "-",
    "[": "〔",
    "]": "〕",
    "﹝": "〔",
    "﹞": "〕",
    "［": "〔",
    "］": "〕",
    "【": "〔",
    "】": "〕",
    "·": "·",
    "•": "·",
    "‧": "·",
    "・": "·",
    "∙": "·",
    "˙": "·",
    "．": ".",
    "﹕": ":",
    "∶": ":",
}


@cache
def _table() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    pairs = (resources.files("gongkai.model.tables") / "traditional.txt").read_text("utf-8").split()
    table.update({ord(pair[0]): pair[1] for pair in pairs})
    table.update({ord(char): to for char, to in _ALIKE.items()})
    # Half of a surrogate pair is no character: what is written in Rust (words, pieces) can't take it.
    table.update(dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))
    return table


@cache
def _codes() -> NDArray[np.uint16]:
    """The same table by code point."""
    codes = np.arange(0x10000, dtype=np.uint16)
    for code, char in _table().items():
        codes[code] = ord(char)
    return codes


def fold(text: str) -> str:
    """The text with look-alike characters made equal; same length as `text`."""
    if len(text) <= _SHORT:
        return text.translate(_table())
    codes, table = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype=np.uint16), _codes()
    if len(codes) == len(text):
        return str(table.take(codes).data, "utf-16-le")
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.where(codes < len(table), table[np.minimum(codes, len(table) - 1)], codes).tobytes().decode("utf-32-le")


@cache
def _traditional() -> re.Pattern[str]:
    pairs = (resources.files("gongkai.model.tables") / "traditional.txt").read_text("utf-8").split()
    return re.compile(f"[{''.join(sorted(pair[0] for pair in pairs))}]")


def is_traditional(text: str) -> bool:
    """Whether more than four in a hundred Chinese characters are Traditional ones."""
    traditional = len(_traditional().findall(text))
    return traditional > 0 and traditional > 0.04 * sum("\u4e00" <= char <= "\u9fff" for char in text) > 0
