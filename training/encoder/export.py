"""The network as ONNX with 8-bit weights, and what serving needs to know beside it."""

from __future__ import annotations

import json
import tempfile
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from gongkai.training.encoder.batches import Labels
from gongkai.training.encoder.network import Judge
from gongkai.training.encoder.unpadded import Unpadded
from gongkai.training.fit import ATTRIBUTES

OUTPUTS = ("scores", "attention", "shares")


def export(model: Judge, path: Path) -> None:
    """Write an ONNX file in float32."""
    ids, kinds = torch.randint(5, 99, (3, 16)), torch.tensor([0, 1, 3])
    axes = {"ids": {0: "passages", 1: "pieces"}, "kinds": {0: "passages"}}
    axes |= {"attention": {1: "passages"}, "shares": {0: "passages", 1: "pieces"}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Unpadded(model).eval(),
            (ids, kinds),
            str(path),
            input_names=["ids", "kinds"],
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )


def quantize(source: Path, target: Path) -> None:
    """Weights of matrix products and of the word table as int8, one scale a channel."""
    quantize_dynamic(
        source, target, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul", "Gather"]
    )


def write(model: Judge, labels: Labels, folder: Path, settings: dict[str, Any]) -> None:
    """encoder.onnx, encoder.json and encoder.npz (label weights, for the share of a sentence in a score)."""
    with tempfile.TemporaryDirectory() as scratch:
        plain = Path(scratch) / "encoder.onnx"
        export(model, plain)
        quantize(plain, folder / "encoder.onnx")
    np.savez_compressed(folder / "encoder.npz", weights=model.weights.detach().numpy().astype(np.float16))
    content = {
        **settings,
        "labels": {"attribute": ATTRIBUTES, "category": list(labels.category), "clause": list(labels.clause)},
    }
    (folder / "encoder.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def difference(model: Judge, path: Path, passages: int = 4, trials: int = 8) -> float:
    """The largest difference of a score between the network and an exported file, on random pieces."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    model.eval()
    worst, random = 0.0, torch.Generator().manual_seed(5)
    for _ in range(trials):
        ids = torch.randint(5, model.backbone.config.vocab_size, (passages, 64), generator=random)
        kinds = torch.tensor([0, 1, *[2] * (passages - 3), 3])
        with torch.inference_mode():
            wanted = model(ids, kinds, torch.arange(1, passages + 1).unsqueeze(0)).scores[0].numpy()
        found = session.run(["scores"], {"ids": ids.numpy(), "kinds": kinds.numpy()})[0]
        worst = max(worst, float(np.abs(found - wanted).max()))
    return worst
