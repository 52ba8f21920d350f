"""The tagging network as ONNX in eight bits, weights and activations, and what that costs."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from gongkai.model.mentions.tagger import Alphabet
from gongkai.training.tagger.network import Network
from gongkai.training.tagger.windows import Windows

INPUTS = ("ids", "pairs", "edges")
SHOWN = 64


class _Shown(CalibrationDataReader):  # type: ignore[misc]
    """Windows that the ranges of the activations are measured on."""

    def __init__(self, data: Windows) -> None:
        self._rows = self._each(data)

    def _each(self, data: Windows) -> Iterator[dict[str, Any]]:
        for at in np.linspace(0, len(data) - 1, SHOWN).astype(int).tolist():
            rows = (data.ids[at : at + 1], data.pairs[at : at + 1], data.edges[at : at + 1])
            yield {name: row.astype(np.int64) for name, row in zip(INPUTS, rows, strict=True)}

    def get_next(self) -> dict[str, Any] | None:
        """The next window; None after the last."""
        return next(self._rows, None)


def export(model: Network, path: Path) -> None:
    """Write an ONNX file in float32; inputs (rows, characters), `pairs` with one more, output (rows, 3, characters)."""
    model.eval()
    asked = (torch.ones(1, 24, dtype=torch.int64), torch.ones(1, 25, dtype=torch.int64), torch.zeros(1, 24).long())
    axes = {name: {0: "rows", 1: name} for name in INPUTS} | {"scores": {0: "rows", 2: "characters"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model, asked, str(path), input_names=list(INPUTS), output_names=["scores"], dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip


def quantize(source: Path, target: Path, data: Windows) -> None:
    """Tables and convolutions in eight bits, one scale a channel."""
    ready = source.with_name("ready.onnx")
    quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
    quantize_static(
        str(ready), str(target), _Shown(data), quant_format=QuantFormat.QDQ, per_channel=True,
        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8,
    )  # fmt: skip


def write(model: Network, alphabet: Alphabet, data: Windows, folder: Path) -> dict[str, Any]:
    """tagger.onnx and tagger.json; the size, and the share of characters whose best label changed."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "plain.onnx"
        export(model, plain)
        quantize(plain, folder / "tagger.onnx", data)
    content = {"format": 1, "buckets": alphabet.buckets, "characters": alphabet.characters}
    (folder / "tagger.json").write_text(json.dumps(content, ensure_ascii=False) + "\n", "utf-8")
    size = (folder / "tagger.onnx").stat().st_size
    return {"megabytes": round(size / 1e6, 2), "changed": changed(model, folder / "tagger.onnx", data)}


def changed(model: Network, path: Path, data: Windows, most: int = 256) -> dict[str, float]:
    """How often the exported network prefers another label than the trained one: of all characters, of people's."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    parts = [part[:most].astype(np.int64) for part in (data.ids, data.pairs, data.edges)]
    found = session.run(None, dict(zip(INPUTS, parts, strict=True)))[0].argmax(axis=1)
    with torch.inference_mode():
        wanted = model(*map(torch.from_numpy, parts)).numpy().argmax(axis=1)
    differs, people = found != wanted, data.labels[:most] > 0
    return {"all": round(float(differs.mean()), 6), "people": round(float(differs[people].mean()), 6)}
