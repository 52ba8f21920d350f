"""The spotter's network: the shallow backbone with one score for each kind of personal data at every piece."""

from __future__ import annotations

import json
import tempfile
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from transformers import BertModel

from gongkai.model.passages import PAD, Pieces
from gongkai.model.spotter import KINDS
from gongkai.training.authored import Marked
from gongkai.training.config import Config, Spot
from gongkai.training.encoder.checkpoints import resume, save
from gongkai.training.encoder.even import even_out
from gongkai.training.encoder.export import quantize
from gongkai.training.encoder.language import schedule
from gongkai.training.encoder.marks import IGNORED, Lesson, batch, lessons, windows
from gongkai.training.encoder.run import shallow
from gongkai.training.encoder.steps import descend
from gongkai.training.fit import Prepared
from gongkai.training.progress import Progress
from gongkai.training.runlog import RunLog

SHOWN = 48


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
        """The same as probabilities."""
        return self.scores(ids).softmax(dim=-1)


def spot(
    model: Spotting, taught: Sequence[Lesson], pieces: Pieces, run: Spot, seed: int, checkpoint: Path, log: RunLog
) -> Spotting:
    """Train in place, an epoch a checkpoint; every epoch cuts its windows anew."""
    body = [{"params": list(model.backbone.parameters()), "lr": run.rate}]
    optimizer = torch.optim.AdamW([*body, {"params": list(model.head.parameters()), "lr": run.head_rate}])
    begin = resume(checkpoint, model, optimizer)
    a_pass = max(1, len(windows(taught, pieces, np.random.default_rng(seed))) // run.batch)
    pace = schedule(optimizer, run.epochs * a_pass, run.warm_up, begin * a_pass)
    for epoch, _ in Progress(range(run.epochs), checkpoint.stem, begin):
        torch.manual_seed(seed + epoch)
        random = np.random.default_rng(seed + epoch)
        data = windows(taught, pieces, random)
        model.train()
        losses = []
        for rows in np.array_split(random.permutation(len(data)), a_pass):
            ids, kinds = batch([data[row] for row in rows])
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = model.scores(ids)
            loss = nn.functional.cross_entropy(scores.float().flatten(0, 1), kinds.flatten(), ignore_index=IGNORED)
            losses.append(descend(model, loss, optimizer))
            pace.step()
        log.write("spot", epoch=epoch + 1, windows=len(data), loss=float(np.mean(losses)))
        save(checkpoint, model, optimizer, epoch + 1)
    return model


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


def train_spotter(
    data: Prepared, snippets: Sequence[tuple[str, Sequence[Marked]]], config: Config, work: Path, out: Path
) -> dict[str, Any]:
    """The whole run from the distilled backbone; figures of the file. Raises MissingStep."""
    pieces = Pieces.read(work)
    taught = lessons(data.readings, data.examples, snippets, pieces)
    torch.manual_seed(config.seed)
    model = Spotting(shallow(work, config), config.spot.dropout)
    spot(model, taught, pieces, config.spot, config.seed, work / "spot.safetensors", RunLog(work / "run.jsonl"))
    shown = windows(taught, pieces, np.random.default_rng(config.seed))
    rows = [batch([shown[row]])[0] for row in np.linspace(0, len(shown) - 1, SHOWN).astype(int)]
    return {"windows": len(shown), **write_spotter(model, rows, config.serve.ceiling, out)}
