"""The spotter that ships: the taught one narrowed, then taught by it (Kullback–Leibler) and by the marks once more.

Names in the marked text are exchanged for invented ones each epoch, so that the pupil hears what its teacher says of
people that neither of them has seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel

from gongkai.training.config import Pupil
from gongkai.training.encoder.checkpoints import resume, save
from gongkai.training.encoder.language import schedule
from gongkai.training.encoder.marks import IGNORED, Strip, batch
from gongkai.training.encoder.narrow import narrow
from gongkai.training.encoder.slight import slight
from gongkai.training.encoder.spotting import Spotting
from gongkai.training.encoder.steps import descend
from gongkai.training.progress import Progress
from gongkai.training.runlog import RunLog

SORTED = 16  # batches' worth of windows are put in order of their length, so that little is padding
Windows = Callable[[int], Sequence[Strip]]


def narrowed(teacher: Spotting, shown: Sequence[Tensor], counts: Tensor, run: Pupil, seed: int) -> Spotting:
    """A copy with fewer heads, inner channels and columns of the word table; `counts` of pieces in what is taught."""
    pupil = deepcopy(teacher)
    narrow(pupil.backbone, run.heads, run.inner, shown)
    if run.columns:
        parts: Any = pupil.backbone.embeddings
        parts.word_embeddings = slight(parts.word_embeddings.weight, counts, run.columns, seed)
    return pupil


def teach_pupil(
    pupil: Spotting, teacher: Spotting, windows: Windows, run: Pupil, seed: int, checkpoint: Path, log: RunLog
) -> Spotting:
    """Train in place; `windows` cuts an epoch's windows. Goes on from `checkpoint` when it is there."""
    body = [{"params": list(pupil.backbone.parameters()), "lr": run.rate}]
    optimizer = torch.optim.AdamW([*body, {"params": list(pupil.head.parameters()), "lr": run.head_rate}])
    begin = resume(checkpoint, pupil, optimizer)
    pace = schedule(optimizer, run.steps, run.warm_up, begin)
    teacher.train(False)
    pupil.train()
    losses: list[tuple[float, float]] = []
    epochs = _batches(windows, run, seed)
    for _ in range(begin):
        next(epochs)
    for step, _ in Progress(range(run.steps), checkpoint.stem, begin):
        torch.manual_seed(seed * 1_000_003 + step)  # dropout: a run that goes on is the run that never stopped
        losses.append(_step(pupil, teacher, next(epochs), run, optimizer))
        pace.step()
        if (step + 1) % run.save_every == 0 or step + 1 == run.steps:
            apart, wrong = np.mean(losses, axis=0).tolist()
            log.write("pupil", step=step + 1, divergence=apart, loss=wrong)
            save(checkpoint, pupil, optimizer, step + 1)
            losses.clear()
    return pupil


def _batches(windows: Windows, run: Pupil, seed: int) -> Iterator[list[Strip]]:
    """Batches of windows of much the same length, epoch after epoch."""
    epoch = seed
    while True:
        data, random = windows(epoch), np.random.default_rng(epoch)
        for rows in in_order([len(strip.ids) for strip in data], run.batch, random):
            yield [data[row] for row in rows]
        epoch += 1


def in_order(lengths: Sequence[int], size: int, random: np.random.Generator) -> list[NDArray[np.int64]]:
    """All rows once, in shuffled batches of at most `size`, each of rows of much the same length."""
    order = random.permutation(len(lengths))
    found: list[NDArray[np.int64]] = []
    for at in range(0, len(order), size * SORTED):
        part = order[at : at + size * SORTED]
        part = part[np.argsort([lengths[row] for row in part], kind="stable")]
        found += [part[first : first + size] for first in range(0, len(part), size)]
    return [found[place] for place in random.permutation(len(found))]


def _step(
    pupil: Spotting, teacher: Spotting, rows: Sequence[Strip], run: Pupil, optimizer: torch.optim.Optimizer
) -> tuple[float, float]:
    ids, kinds = batch(rows)
    told = kinds != IGNORED
    with torch.no_grad():
        wanted = _chances(teacher, ids)[told]
    found = _chances(pupil, ids)[told]
    apart = (wanted.exp() * (wanted - found)).sum(dim=-1).mean()
    wrong = nn.functional.nll_loss(found, kinds[told])
    descend(pupil, apart + run.marks * wrong, optimizer)
    return float(apart.detach()), float(wrong.detach())


def _chances(model: Spotting, ids: Tensor) -> Tensor:
    """Log probabilities; plain attention, whose way back is the fastest for short windows."""
    with torch.autocast("cpu", dtype=torch.bfloat16), sdpa_kernel(SDPBackend.MATH):
        return model.scores(ids).float().log_softmax(dim=-1)
