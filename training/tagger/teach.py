"""Training of the tagging network: epochs of windows that are made anew each time; resumable after every epoch."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from gongkai.model.mentions.tagger import HAN, Alphabet
from gongkai.training.config import Tagger
from gongkai.training.encoder.checkpoints import resume, save
from gongkai.training.encoder.steps import descend
from gongkai.training.progress import Progress
from gongkai.training.runlog import RunLog
from gongkai.training.tagger.network import Network
from gongkai.training.tagger.windows import IGNORED, Windows

Make = Callable[[int], Windows]
Places = NDArray[np.int64]


def pace(done: float, warm_up: float) -> float:
    """The share of the rate at a share of the run: up in the first part, then down to nothing."""
    return min(done / warm_up, (1 - done) / (1 - warm_up)) if done < 1 else 0.0


def teach(model: Network, make: Make, plan: tuple[int, float], config: Tagger, seed: int, checkpoint: Path) -> None:
    """Train in place on the windows that `make` gives for each epoch; goes on from `checkpoint` when it is there.

    `plan` is how many epochs, and the highest rate.
    """
    epochs, rate = plan
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    log = RunLog(checkpoint.parent / "run.jsonl")
    for epoch, _ in Progress(range(epochs), checkpoint.stem, resume(checkpoint, model, optimizer)):
        torch.manual_seed(seed * 1_000_003 + epoch)  # dropout: a run that goes on is the run that never stopped
        data = make(epoch)
        order = np.random.default_rng(seed * 1_000_003 + epoch).permutation(len(data))
        model.train()
        losses = []
        for at in range(0, len(order), config.batch):
            optimizer.param_groups[0]["lr"] = rate * pace((epoch + at / len(order)) / epochs, config.warm_up)
            losses.append(_step(model, _batch(data, np.sort(order[at : at + config.batch]), config), optimizer))
        log.write(checkpoint.stem, epoch=epoch + 1, windows=len(data), loss=float(np.mean(losses)))
        save(checkpoint, model, optimizer, epoch + 1)


def _batch(data: Windows, rows: Places, config: Tagger) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """One batch; some characters are made unknown and some pairs taken away, so that neither is relied on alone."""
    ids, pairs, edges, labels = (
        torch.from_numpy(part[rows].astype(np.int64)) for part in (data.ids, data.pairs, data.edges, data.labels)
    )
    ids = torch.where((torch.rand(ids.shape) < config.unknown) & (ids > HAN), torch.full_like(ids, HAN), ids)
    other = torch.randint(0, config.buckets, pairs.shape)
    return ids, torch.where(torch.rand(pairs.shape) < config.unpaired, other, pairs), edges, labels


def _step(model: Network, batch: tuple[Tensor, ...], optimizer: torch.optim.Optimizer) -> float:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = model(*batch[:3])
    loss = nn.functional.cross_entropy(scores.float(), batch[3], ignore_index=IGNORED)
    return descend(model, loss, optimizer)


def scores_of(model: Network, alphabet: Alphabet, text: str, edges: Places) -> NDArray[np.float32]:
    """What the network says of one folded text: (characters, 3)."""
    model.eval()
    ids = alphabet.ids(text)
    with torch.inference_mode():
        found = model(*(torch.from_numpy(part)[None] for part in (ids, alphabet.pairs(ids), edges)))
    scores: NDArray[np.float32] = found[0].T.numpy()
    return scores
