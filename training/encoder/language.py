"""Adapt the backbone to official prose: masked-language training on statutes and published documents.

Fifteen pieces in a hundred are hidden (eight in ten as the mask, one as another piece, one as itself) and guessed from
what stands around them. The output weights are the input embeddings. Checkpoints make the run resumable.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import BertModel

from gongkai.training.config import Language
from gongkai.training.encoder.checkpoints import resume, save
from gongkai.training.encoder.steps import descend
from gongkai.training.encoder.vocabulary import SPECIAL
from gongkai.training.progress import Progress
from gongkai.training.runlog import RunLog

Ints = NDArray[np.int64]
MASK, START = SPECIAL.index("<mask>"), SPECIAL.index("<s>")
HIDDEN_SHARE, AS_MASK, AS_OTHER = 0.15, 0.8, 0.9


def windows(ids: Sequence[Sequence[int]], size: int) -> Ints:
    """Texts as piece ids, cut into rows of shape (windows, size), each opened by the start piece."""
    body = size - 1
    rows = [list(text[at : at + body]) for text in ids for at in range(0, len(text) - body + 1, body)]
    return np.array([[START, *row] for row in rows], dtype=np.int64)


def masked(batch: Tensor, pieces: int, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Inputs with hidden pieces, and which places are hidden (bool), both of shape (rows, window)."""
    chance = torch.rand(batch.shape, generator=random)
    hidden = (chance < HIDDEN_SHARE) & (batch >= len(SPECIAL))
    how = torch.rand(batch.shape, generator=random)
    other = torch.randint(len(SPECIAL), pieces, batch.shape, generator=random)
    inputs = torch.where(hidden & (how < AS_MASK), torch.full_like(batch, MASK), batch)
    return torch.where(hidden & (how >= AS_MASK) & (how < AS_OTHER), other, inputs), hidden


class Guesser(nn.Module):
    """The backbone with a small transform before the tied output weights."""

    def __init__(self, backbone: BertModel) -> None:
        super().__init__()
        width = backbone.config.hidden_size
        self.backbone = backbone
        self.transform = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.LayerNorm(width))
        self.bias = nn.Parameter(torch.zeros(backbone.config.vocab_size))

    def forward(self, inputs: Tensor, hidden: Tensor) -> Tensor:
        """Scores of shape (hidden places, pieces)."""
        states = self.backbone(input_ids=inputs).last_hidden_state[hidden]
        scores: Tensor = self.transform(states) @ self.backbone.embeddings.word_embeddings.weight.T + self.bias
        return scores


def schedule(
    optimizer: torch.optim.Optimizer, steps: int, warm_up: float, begin: int = 0
) -> torch.optim.lr_scheduler.LambdaLR:
    """Up linearly in the first share of the steps, down linearly to nothing; `begin` steps are already done."""
    rise = max(1, int(steps * warm_up))

    def share(step: int) -> float:
        at = step + begin
        return min((at + 1) / rise, max(0.0, (steps - at) / max(1, steps - rise)))

    return torch.optim.lr_scheduler.LambdaLR(optimizer, share)


def _order(count: int, run: Language, seed: int) -> Iterator[NDArray[np.int64]]:
    random, row, order = np.random.default_rng(seed), 0, np.zeros(0, dtype=np.int64)
    for _ in range(run.steps):
        while len(order) - row < run.batch:
            order, row = np.concatenate([order[row:], random.permutation(count)]), 0
        yield order[row : row + run.batch]
        row += run.batch


def adapt_language(
    backbone: BertModel, rows: Ints, run: Language, seed: int, checkpoint: Path, log: RunLog
) -> BertModel:
    """Train and return the backbone; goes on from `checkpoint` when it is there."""
    torch.manual_seed(seed)
    model = Guesser(backbone)
    optimizer = torch.optim.AdamW(model.parameters(), lr=run.rate, weight_decay=0.01)
    begin = resume(checkpoint, model, optimizer)
    pace = schedule(optimizer, run.steps, run.warm_up, begin)
    model.train()
    for step, chosen in Progress(list(_order(len(rows), run, seed)), "语言适应", begin):
        random = torch.Generator().manual_seed(seed * 1_000_003 + step)
        torch.manual_seed(seed * 1_000_003 + step)  # dropout: a run that goes on is the run that never stopped
        loss = _step(model, torch.from_numpy(rows[chosen]), random, optimizer)
        pace.step()
        if (step + 1) % 50 == 0:
            log.write("language", step=step + 1, loss=loss)
        if (step + 1) % run.save_every == 0 or step + 1 == run.steps:
            save(checkpoint, model, optimizer, step + 1)
    return backbone


def _step(model: Guesser, batch: Tensor, random: torch.Generator, optimizer: torch.optim.Optimizer) -> float:
    inputs, hidden = masked(batch, model.backbone.config.vocab_size, random)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        loss = nn.functional.cross_entropy(model(inputs, hidden).float(), batch[hidden])
    return descend(model, loss, optimizer)
