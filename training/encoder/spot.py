"""The spotter's run: a teacher from the shallow backbone, then the narrow pupil that ships."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gongkai.model.passages import Pieces
from gongkai.training.authored import Marked
from gongkai.training.config import Config, Spot
from gongkai.training.encoder.checkpoints import resume, save
from gongkai.training.encoder.language import schedule
from gongkai.training.encoder.marks import IGNORED, Lesson, Strip, batch, lessons, windows
from gongkai.training.encoder.pupil import narrowed, teach_pupil
from gongkai.training.encoder.renaming import Renaming, namer_of
from gongkai.training.encoder.run import shallow
from gongkai.training.encoder.spotting import Spotting, write_spotter
from gongkai.training.encoder.steps import descend
from gongkai.training.fit import Prepared
from gongkai.training.progress import Progress
from gongkai.training.runlog import RunLog

SHOWN = 48
Snippets = Sequence[tuple[str, Sequence[Marked]]]


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


def train_spotter(
    data: Prepared, snippets: Snippets, config: Config, work: Path, out: Path, words: Path
) -> dict[str, Any]:
    """The whole run from the distilled backbone; figures of the file. Raises MissingStep."""
    pieces, log = Pieces.read(work), RunLog(work / "run.jsonl")
    taught = lessons(data.readings, data.examples, snippets, pieces)
    torch.manual_seed(config.seed)
    teacher = Spotting(shallow(work, config), config.spot.dropout)
    spot(teacher, taught, pieces, config.spot, config.seed, work / "spot.safetensors", log)
    shown = _shown(taught, pieces, config.pupil.shown, config.seed)
    used = np.concatenate([lesson.whole.ids for lesson in taught])
    counts = torch.from_numpy(np.bincount(used, minlength=teacher.backbone.config.vocab_size))
    pupil = narrowed(teacher, shown, counts, config.pupil, config.seed)
    texts = [*((e.document.text, e.marked) for e in data.examples), *snippets]
    namer = namer_of(texts, words)

    def epoch(seed: int) -> list[Strip]:
        renaming = Renaming(namer, config.pupil.exchange, Random(seed))
        renamed = lessons(data.readings, data.examples, snippets, pieces, renaming)
        return windows(renamed, pieces, np.random.default_rng(seed))

    teach_pupil(pupil, teacher, epoch, config.pupil, config.seed, work / "pupil.safetensors", log)
    rows = _shown(taught, pieces, SHOWN, config.seed)
    return {"lessons": len(taught), **write_spotter(pupil, rows, config.serve.ceiling, out)}


def _shown(taught: Sequence[Lesson], pieces: Pieces, count: int, seed: int) -> list[Tensor]:
    """Windows from all over, one a batch: what the layers are measured on."""
    found = windows(taught, pieces, np.random.default_rng(seed))
    return [batch([found[row]])[0] for row in np.linspace(0, len(found) - 1, count).astype(int)]
