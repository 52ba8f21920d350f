"""The spotter's network and its file: one score for each kind of personal data at every piece."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertModel

from gongkai.model.facts.spotter import BODY, HEADING, KINDS
from gongkai.model.passages import PAD
from gongkai.training.encoder.even import even_out
from gongkai.training.encoder.export import quantize
from gongkai.training.encoder.slight import Packed, Slight
from gongkai.training.encoder.unpadded import Layer, placed, product

LONGEST = 1 + HEADING + BODY  # pieces of a window, with the first one and the heading


class Spotting(nn.Module):
    """Piece ids in, probabilities of kinds out."""

    def __init__(self, backbone: BertModel, dropout: float) -> None:
        super().__init__()
        self.backbone = backbone
        self.drop = nn.Dropout(dropout)
        self.head = nn.Linear(backbone.config.hidden_size, len(KINDS))

    def scores(self, ids: Tensor) -> Tensor:
        """(rows, pieces) -> (rows, pieces, kinds)."""
        real = (ids != PAD).to(self.head.weight.dtype)
        states = self.backbone(input_ids=ids, attention_mask=real).last_hidden_state
        return self.head(self.drop(states))  # type: ignore[no-any-return]


class Alone(nn.Module):
    """The network as it ships: probabilities for one window, which has no padding."""

    def __init__(self, model: Spotting) -> None:
        super().__init__()
        parts: Any = model.backbone.embeddings
        words = parts.word_embeddings
        self.words = Packed(words) if isinstance(words, Slight) else words
        self.places = placed(parts, LONGEST)
        self.norm, self.head = parts.LayerNorm, product(model.head)
        self.layers = nn.ModuleList(Layer(layer) for layer in model.backbone.encoder.layer)

    def forward(self, ids: Tensor) -> Tensor:
        """(1, pieces) -> (1, pieces, kinds)."""
        states = self.norm(self.words(ids[0]) + self.places[: ids.shape[1]])
        for layer in self.layers:
            states = layer.alone(states)  # type: ignore[operator]
        return self.head(states).softmax(dim=-1).unsqueeze(0)  # type: ignore[no-any-return]


def write_spotter(model: Spotting, ids: Sequence[Tensor], ceiling: float, folder: Path) -> dict[str, Any]:
    """spotter.onnx in 8 bits and spotter.json; its size."""
    even_out(model.backbone, ids, ceiling)
    axes = {name: {1: "pieces"} for name in ("ids", "kinds")}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(scratch) / "spotter.onnx"
        torch.onnx.export(
            Alone(model).eval(), (torch.randint(5, 99, (1, 16)),), str(plain),
            input_names=["ids"], output_names=["kinds"], dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize(plain, folder / "spotter.onnx")
    (folder / "spotter.json").write_text(json.dumps({"format": 1, "kinds": KINDS}, ensure_ascii=False) + "\n", "utf-8")
    return {"megabytes": round((folder / "spotter.onnx").stat().st_size / 1e6, 1)}
