"""Teach a network from labels: first its heads alone, on the backbone's means, then, if asked, all of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from gongkai.model.passages import chosen
from gongkai.training.config import Teach
from gongkai.training.encoder.batches import Batch, Item, Labels, batches
from gongkai.training.encoder.checkpoints import resume, save
from gongkai.training.encoder.language import schedule
from gongkai.training.encoder.network import Answer, Judge
from gongkai.training.encoder.steps import descend
from gongkai.training.progress import Progress
from gongkai.training.runlog import RunLog

Floats = NDArray[np.float32]
MOST_MEANS = 8
WARM_BATCH = 32


def label_loss(scores: Tensor, items: Sequence[Item], labels: Labels) -> Tensor:
    """Cross-entropy of the attribute and of the ranked categories, binary cross-entropy of the clauses."""
    targets = torch.from_numpy(np.stack([item.targets for item in items]))
    known = torch.tensor([float(item.known) for item in items])
    attribute, category, clause = (labels.part(head) for head in ("attribute", "category", "clause"))
    weight = torch.tensor([item.weight for item in items])
    loss = -(targets[:, attribute] * scores[:, attribute].log_softmax(dim=-1)).sum(dim=-1) * weight
    wanted = targets[:, category]
    share = wanted / wanted.sum(dim=-1, keepdim=True).clamp(min=1e-6)
    loss = loss - 0.5 * known * (share * scores[:, category].log_softmax(dim=-1)).sum(dim=-1)
    binary = functional.binary_cross_entropy_with_logits(
        scores[:, clause], targets[:, clause], reduction="none", pos_weight=torch.tensor(3.0)
    )
    return (loss + 0.7 * known * binary.sum(dim=-1)).mean()


def answer(model: Judge, batch: Batch) -> Answer:
    """One forward pass in bfloat16, scores in float32."""
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = model(batch.ids, batch.kinds, batch.places)
    return Answer(found.scores.float(), found.attention.float(), found.shares.float())


@torch.no_grad()
def all_means(model: Judge, items: Sequence[Item]) -> list[Tensor]:
    """Mean states of the passages of every item, up to `MOST_MEANS` each, as the backbone now gives them."""
    model.train(False)
    found: list[Tensor] = [torch.zeros(0)] * len(items)
    for batch in batches(items, MOST_MEANS, 64, None):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            means = model.means(batch.ids).float()
        for row, places in zip(batch.rows, batch.places, strict=True):
            found[row] = means[places[places > 0] - 1].clone()
    return found


def _judged(model: Judge, items: Sequence[Item], means: Sequence[Tensor], picks: Sequence[Sequence[int]]) -> Tensor:
    """Scores from the picked ones of each item's means."""
    rows = [m[list(pick)] for m, pick in zip(means, picks, strict=True)]
    read = [chosen(item.passages, item.marks, MOST_MEANS) for item in items]
    kinds = [passages[at].kind for passages, pick in zip(read, picks, strict=True) for at in pick]
    places = torch.zeros((len(items), max(map(len, picks))), dtype=torch.long)
    start = 1
    for row, pick in zip(places, picks, strict=True):
        row[: len(pick)] = torch.arange(start, start + len(pick))
        start += len(pick)
    return model.judge(torch.cat(rows), torch.tensor(kinds), places)[0]


def warm_heads(
    model: Judge, items: Sequence[Item], means: Sequence[Tensor], labels: Labels, run: Teach, seed: int
) -> Judge:
    """Train the heads alone, in seconds; each document now with some of its passages, now with others."""
    torch.manual_seed(seed)
    model.settle(torch.cat(list(means)))
    head = [parameter for name, parameter in model.named_parameters() if not name.startswith("backbone.")]
    optimizer = torch.optim.AdamW(head, lr=run.warm_rate, weight_decay=run.warm_decay)
    random = np.random.default_rng(seed)
    pace = schedule(optimizer, run.warm_epochs * max(1, len(items) // WARM_BATCH), 0.05)
    model.train()
    for _ in range(run.warm_epochs):
        for rows in np.array_split(random.permutation(len(items)), max(1, len(items) // WARM_BATCH)):
            picks = [_some(len(means[i]), run.most, random) for i in rows]
            part = [items[i] for i in rows]
            loss = label_loss(_judged(model, part, [means[i] for i in rows], picks), part, labels)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            pace.step()
    return model


def _some(count: int, most: int, random: np.random.Generator) -> list[int]:
    """The fields and some other passages, now few, now many."""
    size = int(random.integers(2, most + 1))
    return [0, *sorted((random.permutation(count - 1)[: size - 1] + 1).tolist())]


@torch.no_grad()
def scores_from(model: Judge, items: Sequence[Item], means: Sequence[Tensor], most: int) -> Floats:
    """Scores of shape (items, labels) from stored means, the passages chosen as serving chooses them."""
    model.train(False)
    picks = []
    for item in items:
        read = chosen(item.passages, item.marks, MOST_MEANS)
        wanted = chosen(read, item.marks, most)
        picks.append([at for at, passage in enumerate(read) if any(passage is other for other in wanted)])
    return np.asarray(_judged(model, items, means, picks).numpy())


def teach(
    model: Judge, items: Sequence[Item], labels: Labels, run: Teach, seed: int, checkpoint: Path, log: RunLog
) -> Judge:
    """Train the whole network in place, an epoch a checkpoint, from heads that are already warm."""
    torch.manual_seed(seed)
    optimizer = _optimizer(model, run)
    begin = resume(checkpoint, model, optimizer)
    a_pass = sum(1 for _ in batches(items, run.most, run.size, np.random.default_rng(0)))
    pace = schedule(optimizer, run.epochs * a_pass, run.warm_up, begin * a_pass)
    model.train()
    for epoch, _ in Progress(range(run.epochs), checkpoint.stem, begin):
        random = np.random.default_rng(seed + epoch)
        torch.manual_seed(seed + epoch)  # dropout: a run that goes on is the run that never stopped
        losses = []
        for batch in batches(items, run.most, run.size, random):
            loss = label_loss(answer(model, batch).scores, [items[row] for row in batch.rows], labels)
            losses.append(descend(model, loss, optimizer))
            pace.step()
        log.write("teach", run=checkpoint.stem, epoch=epoch + 1, loss=float(np.mean(losses)))
        save(checkpoint, model, optimizer, epoch + 1)
    return model


def _optimizer(model: Judge, run: Teach) -> torch.optim.Optimizer:
    body = list(model.backbone.parameters())
    known = {id(parameter) for parameter in body}
    head = [parameter for parameter in model.parameters() if id(parameter) not in known]
    return torch.optim.AdamW(
        [{"params": body, "lr": run.rate}, {"params": head, "lr": run.head_rate}], weight_decay=0.01
    )


@torch.no_grad()
def scores_of(model: Judge, items: Sequence[Item], labels: Labels, most: int) -> Floats:
    """Scores of shape (items, labels), the passages chosen as serving chooses them."""
    model.train(False)
    found = np.zeros((len(items), labels.count), dtype=np.float32)
    for batch in batches(items, most, 64, None):
        found[batch.rows] = answer(model, batch).scores.numpy()
    return found
