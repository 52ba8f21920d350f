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

from gongkai.model.facts.spotter import KINDS
from gongkai.model.passages import PAD
from gongkai.training.encoder.even import even_out
from gongkai.training.encoder.export import quantize


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

    def forward(self, ids: Tensor) -> Tensor:
        """The same as probabilities, of rows without padding: serving has none, and a mask takes time."""
        return self.head(self.backbone(input_ids=ids).last_hidden_state).softmax(dim=-1)  # type: ignore[no-any-return]


def write_spotter(model: Spotting, ids: Sequence[Tensor], ceiling: float, folder: Path) -> dict[str, Any]:
    """spotter.onnx in 8 bits and spotter.json; its size."""
    even_out(model.backbone, ids, ceiling)
    model.eval()
    model.backbone.set_attn_implementation("eager")
    axes = {name: {0: "rows", 1: "pieces"} for name in ("ids", "kinds")}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain = Path(scratch) / "spotter.onnx"
        torch.onnx.export(
            model, (torch.randint(5, 99, (2, 16)),), str(plain), input_names=["ids"], output_names=["kinds"],
            dynamic_axes=axes, opset_version=17, dynamo=False,
        )  # fmt: skip
        quantize(plain, folder / "spotter.onnx")
    (folder / "spotter.json").write_text(json.dumps({"format": 1, "kinds": KINDS}, ensure_ascii=False) + "\n", "utf-8")
    return {"megabytes": round((folder / "spotter.onnx").stat().st_size / 1e6, 1)}
