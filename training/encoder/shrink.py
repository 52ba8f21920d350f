"""Distil the deep backbone to a shallow one: the same mean states of passages from half the layers.

No label is used, so scores of documents left out of a fold stay honest. Half of each batch are passages of training
documents, half windows of official prose: the shallow network learns to say of official text what the deep one says.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import BertModel

from gongkai.model.passages import WINDOW, Passage
from gongkai.training.config import Shrink
from gongkai.training.encoder.checkpoints import resume, save
from gongkai.training.encoder.language import schedule
from gongkai.training.encoder.network import PAD
from gongkai.training.encoder.steps import descend
from gongkai.training.progress import Progress
from gongkai.training.runlog import RunLog

Ints = NDArray[np.int64]
SAMPLE = 256


def mean_states(model: BertModel, ids: Tensor) -> Tensor:
    """Mean states of passages, of shape (passages, width)."""
    real = (ids != PAD).float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = model(input_ids=ids, attention_mask=real).last_hidden_state.float()
    means: Tensor = (states * real.unsqueeze(-1)).sum(dim=1) / real.sum(dim=1, keepdim=True)
    return means


def padded(passages: Sequence[Passage]) -> Ints:
    """Passages as rows of equal length."""
    rows = np.full((len(passages), WINDOW), PAD, dtype=np.int64)
    for row, passage in zip(rows, passages, strict=True):
        row[: len(passage.ids)] = passage.ids
    return rows


def some_rows(own: Ints, prose: Ints, count: int, seed: int, size: int = 16) -> list[Tensor]:
    """Some passages, three in four of training documents, `size` a batch: what layers are measured on."""
    random = np.random.default_rng(seed)
    shares = ((own, count - count // 4), (prose, count // 4))
    rows = [source[random.permutation(len(source))[:most]] for source, most in shares]
    return [torch.from_numpy(part[at : at + size]) for part in rows for at in range(0, len(part), size)]


def shrink(
    deep: BertModel, shallow: BertModel, own: Ints, prose: Ints, run: Shrink, seed: int, checkpoint: Path, log: RunLog
) -> BertModel:
    """Train the shallow backbone in place; goes on from `checkpoint` when it is there."""
    torch.manual_seed(seed)
    optimizer = torch.optim.AdamW(shallow.parameters(), lr=run.rate, weight_decay=0.01)
    begin = resume(checkpoint, shallow, optimizer)
    pace = schedule(optimizer, run.steps, run.warm_up, begin)
    deep.train(False)
    centre, spread = _scale(deep, own, seed)
    shallow.train(False)  # without dropout: the aim is one fixed function
    for step, _ in Progress(range(run.steps), checkpoint.stem, begin):
        ids = _batch(own, prose, run.batch, np.random.default_rng(seed * 1_000_003 + step))
        with torch.no_grad():
            wanted = (mean_states(deep, ids) - centre) / spread
        loss = nn.functional.mse_loss((mean_states(shallow, ids) - centre) / spread, wanted.clone())
        value = descend(shallow, loss, optimizer)
        pace.step()
        if (step + 1) % 25 == 0:
            log.write(checkpoint.stem, step=step + 1, loss=value)
        if (step + 1) % run.save_every == 0 or step + 1 == run.steps:
            save(checkpoint, shallow, optimizer, step + 1)
    return shallow


@torch.no_grad()
def _scale(deep: BertModel, own: Ints, seed: int) -> tuple[Tensor, Tensor]:
    chosen = np.random.default_rng(seed).permutation(len(own))[:SAMPLE]
    means = mean_states(deep, torch.from_numpy(own[chosen]))
    return means.mean(dim=0).clone(), means.std(dim=0).clamp(min=1e-4).clone()


def _batch(own: Ints, prose: Ints, size: int, random: np.random.Generator) -> Tensor:
    half = size // 2 if len(prose) else 0
    rows = [own[random.integers(0, len(own), size - half)]]
    if half:
        rows.append(prose[random.integers(0, len(prose), half)])
    width = max(part.shape[1] for part in rows)
    same = [np.pad(part, ((0, 0), (0, width - part.shape[1])), constant_values=PAD) for part in rows]
    return torch.from_numpy(np.concatenate(same))
