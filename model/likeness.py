"""How alike two documents are, from fingerprints of 256 bytes that hold no text: MinHash over runs of characters.

numpy only, since serving imports no datasketch, with which `training/duplicates.py` does the same for training.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.typing import NDArray

from gongkai.model.dates import DATE
from gongkai.model.document import Span
from gongkai.model.folding import fold

Hashes = NDArray[np.uint32]
SLOTS = 128
WIDTH, MOULD_WIDTH = 5, 3
#: With fewer different runs of characters two texts are alike by accident.
LEAST = 40
_BLANKS = re.compile(r"\s+")
_HAN = "[\u4e00-\u9fff]"
_MAKER = re.compile(rf"(?:{_HAN}|[()]){{2,12}}?(?:有限责任公司|有限公司|公司|合作社|经营部|工厂|养殖场)")
_PERSON = re.compile(
    rf"{_HAN}{{2,3}}(?=同志|先生|女士)"
    rf"|(?<=[人名主者]:)(?:{_HAN}|·){{2,4}}(?![\u4e00-\u9fff])"
    rf"|{_HAN}某某?"
)
_PLACE = re.compile(rf"{_HAN}{{1,3}}(?:省|自治[区州]|市|州|县|旗|区|镇|乡|街道|社区|村|屯|组|路|号楼)")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百千万亿两甲乙丙丁]+")
_REST = re.compile(r"[^\u4e00-\u9fffa-z]+")


def signature(text: str) -> bytes:
    """MinHash of a text's runs of five characters, folded, without blanks: 128 slots of 16 bits.

    Empty for a text that is too short to be told from another. Of each hash only 16 bits are kept: enough to compare,
    too few to say which characters stood there.
    """
    return _minhash(_runs(_BLANKS.sub("", fold(text)).lower(), WIDTH))


def mould(text: str, names: Iterable[Span] = ()) -> bytes:
    """The same of what stays in a series of documents: no dates, numbers, places, companies, and none of `names`.

    `names` are the places of personal data in `text` as a full screening finds them; runs are of three characters.
    """
    return _minhash(_runs(_emptied(text, names), MOULD_WIDTH))


def alike(one: bytes, other: bytes) -> float:
    """The Jaccard similarity (0 to 1) of two texts, estimated from their fingerprints; nothing resembles none."""
    if not one or not other:
        return 0.0
    return float(np.mean(slots(one) == slots(other)))


def slots(fingerprint: bytes) -> NDArray[np.uint16]:
    """A fingerprint as numbers."""
    return np.frombuffer(fingerprint, dtype="<u2")


def _emptied(text: str, names: Iterable[Span]) -> str:
    kept = list(fold(text))
    for span in names:
        kept[span.start : span.end] = "\n" * len(span)
    emptied = DATE.sub("\n", "".join(kept))
    for pattern in (_MAKER, _PERSON, _PLACE, _NUMERAL):
        emptied = pattern.sub("", emptied)
    return _REST.sub("", emptied.lower())


def _runs(plain: str, width: int) -> Hashes:
    """Hashes of the distinct runs of `width` characters."""
    points = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64)
    count = len(points) - width + 1
    if count < LEAST:
        return np.zeros(0, dtype=np.uint32)
    hashed = np.full(count, width, dtype=np.uint64)
    for place in range(width):
        hashed = hashed * np.uint64(0x9E3779B97F4A7C15) + points[place : count + place]
    hashed = (hashed ^ (hashed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.unique((hashed >> np.uint64(32)).astype(np.uint32))


def _minhash(runs: Hashes) -> bytes:
    if len(runs) < LEAST:
        return b""
    factors, shifts = _mixers()
    least = [(runs * factor + shift).min() for factor, shift in zip(factors, shifts, strict=True)]
    return np.array(least, dtype=np.uint32).astype("<u2").tobytes()


@cache
def _mixers() -> tuple[Hashes, Hashes]:
    """Factors (odd) and shifts that order all hashes anew for each slot; numpy's generators may change, this can't."""
    drawn = np.frombuffer(hashlib.shake_128(b"gongkai likeness").digest(8 * SLOTS), dtype="<u4")
    return drawn[:SLOTS] | np.uint32(1), drawn[SLOTS:]
