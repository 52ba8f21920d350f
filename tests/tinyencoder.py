"""Encoders small enough for tests: a packed base file in its documented layout, and an ONNX file that counts signs.

The packed file has random 4-bit blocks; the counting encoder's scores can be worked out by hand: each of its telltale
characters adds its weight to some labels, once for each time it stands in a passage that is read.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from papers import PAPERS

from gongkai.model.folding import fold
from gongkai.training.encoder.vocabulary import SPECIAL, save_tokenizer, tokenizer_of

SIGNS = sorted({sign for text in PAPERS.values() for sign in fold(text) if not sign.isspace()})
WORDS = ("通知", "工作", "公告", "▁关于", "从不出现", "▁never")
BASE = [*SPECIAL[:4], "▁", *SIGNS, *WORDS, "<mask>"]
HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 32, 2, 2, 64, 160
UNUSED_ROWS = 3


def score(piece: str) -> float:
    """Log probabilities under which whole words win over their characters."""
    return 0.0 if piece.startswith("<") else -4.0 - 0.1 * len(piece)


def packed_block(scale: float, nibbles: Sequence[int]) -> bytes:
    """Thirty-two values of four bits: a float16 scale, then the first sixteen as low and the others as high nibbles."""
    return struct.pack("<e", scale) + bytes(
        low | high << 4 for low, high in zip(nibbles[:16], nibbles[16:], strict=True)
    )


def tensors(seed: int) -> dict[str, bytes]:
    """Every tensor of the network by its packed name."""
    random = np.random.default_rng(seed)

    def matrix(rows: int, columns: int) -> bytes:
        blocks = random.integers(0, 16, (rows * columns // 32, 32))
        return b"".join(packed_block(0.03, block) for block in blocks.tolist())

    def vector(*values: float, count: int = HIDDEN) -> bytes:
        return np.resize(np.array(values, "<f4"), count).tobytes()

    found = {"emb.word": matrix(len(BASE) + UNUSED_ROWS, HIDDEN)}
    found["emb.pos"] = random.normal(scale=0.02, size=POSITIONS * HIDDEN).astype("<f4").tobytes()
    found |= {"emb.type": vector(0.01, count=2 * HIDDEN), "emb.ln.w": vector(1.0), "emb.ln.b": vector(0.0)}
    shapes = {part: (HIDDEN, HIDDEN) for part in ("q", "k", "v", "ao")} | {"fi": (INNER, HIDDEN), "fo": (HIDDEN, INNER)}
    for layer in range(LAYERS):
        for part, shape in shapes.items():
            found[f"l{layer}.{part}.w"] = matrix(*shape)
            found[f"l{layer}.{part}.b"] = vector(0.01, -0.01, count=shape[0])
        for part in ("aln", "oln"):
            found[f"l{layer}.{part}.w"], found[f"l{layer}.{part}.b"] = vector(1.0), vector(0.0)
    return found


def write_packed(path: Path, seed: int = 3) -> Path:
    """A base weight file with two layers and hidden size 32."""
    blob = [piece.encode() for piece in BASE]
    offsets = np.cumsum([0, *map(len, blob)]).astype("<u4")
    head = b"E5S1" + struct.pack("<I7if", 1, HIDDEN, LAYERS, HEADS, INNER, len(BASE) + UNUSED_ROWS, 512, 2, 1e-12)
    head += struct.pack("<ii4i", 32, len(BASE), 0, 2, 1, 3) + struct.pack("<Q", len(b"".join(blob))) + offsets.tobytes()
    head += np.array([score(piece) for piece in BASE], "<f4").tobytes() + b"".join(blob)
    head += struct.pack("<iI", 0, 5) + b"12345"
    content = tensors(seed)
    at = len(head) + 4 + sum(2 + len(name) + 1 + 4 + 16 for name in content)
    index = struct.pack("<i", len(content))
    for name, data in content.items():
        index += struct.pack("<H", len(name)) + name.encode() + struct.pack("<BIQQ", 1, 0, at, len(data))
        at += len(data)
    path.write_bytes(head + index + b"".join(content.values()))
    return path


def write_tokenizer(folder: Path) -> None:
    """tokenizer.json over single characters; a run of others is one unknown piece."""
    rows = [(piece, 0.0) for piece in SPECIAL] + [("▁", -2.0)] + [(sign, -4.0) for sign in SIGNS]
    save_tokenizer(tokenizer_of(rows, SPECIAL.index("<unk>")), folder / "tokenizer.json")


def write_counting(
    folder: Path, labels: Mapping[str, Sequence[str]], tells: Mapping[str, Mapping[str, float]], passages: int = 4
) -> Path:
    """An encoder whose score of a label is the sum of its tells' weights; `tells` is character -> label -> weight."""
    columns = [label for head in ("attribute", "category", "clause") for label in labels[head]]
    table = np.zeros((len(SPECIAL) + 1 + len(SIGNS), max(1, len(tells))), np.float32)
    weights = np.zeros((len(columns), table.shape[1]), np.float32)
    for place, (sign, told) in enumerate(tells.items()):
        table[len(SPECIAL) + 1 + SIGNS.index(sign), place] = 1.0
        for label, weight in told.items():
            weights[columns.index(label), place] = weight
    (folder / "encoder.onnx").write_bytes(_graph(table, weights))
    content = {"format": 1, "passages": passages, "labels": {head: list(names) for head, names in labels.items()}}
    (folder / "encoder.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
    np.savez_compressed(folder / "encoder.npz", weights=weights.astype(np.float16))
    write_tokenizer(folder)
    return folder


INPUTS = {"ids": ["passages", "pieces"], "kinds": ["passages"]}


def _graph(table: np.ndarray, weights: np.ndarray) -> bytes:
    from onnx import TensorProto, helper, numpy_helper

    constants = {
        "table": table,
        "columns": weights.T.copy(),
        "ones": np.ones((len(weights), 1), np.float32),
        "all": np.array([0, 1], np.int64),
        "first": np.array([0], np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["table", "ids"], ["shares"]),
        helper.make_node("ReduceSum", ["shares", "all"], ["summed"], keepdims=0),
        helper.make_node("MatMul", ["summed", "columns"], ["scores"]),
        helper.make_node("Sub", ["kinds", "kinds"], ["zeros"]),
        helper.make_node("Cast", ["zeros"], ["none"], to=TensorProto.FLOAT),
        helper.make_node("Exp", ["none"], ["whole"]),
        helper.make_node("Unsqueeze", ["whole", "first"], ["row"]),
        helper.make_node("MatMul", ["ones", "row"], ["attention"]),
    ]
    graph = helper.make_graph(
        nodes,
        "counting",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name, shape in INPUTS.items()],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("scores", "attention", "shares")],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()
