"""The encoder's run, step by step in a work folder; every step resumable, each needs the one before.

kept.json, tokenizer.json   the pruned vocabulary
rows.npy                    prose as windows of pieces
deep/                       the deep backbone over the pruned vocabulary
shrink.safetensors          the shallow backbone, distilled from it
slim.safetensors            the slim backbone: the shallow one narrowed, then distilled as well
heads.safetensors           the network: slim backbone and heads taught on all training documents
deep-heads.safetensors      the same over the deep backbone, for comparison
folds.npz                   out-of-fold scores of the slim one, by document id
run.jsonl                   what happened
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import BertModel

from gongkai.model.document import Document
from gongkai.model.errors import GongkaiError
from gongkai.model.folding import fold
from gongkai.model.passages import Pieces, chosen
from gongkai.training.config import Config
from gongkai.training.encoder import vocabulary
from gongkai.training.encoder.backbone import backbone, shallower
from gongkai.training.encoder.batches import Floats, Item, Labels
from gongkai.training.encoder.checkpoints import resume, save
from gongkai.training.encoder.even import even_out
from gongkai.training.encoder.export import write
from gongkai.training.encoder.items import items_of, labels_of, public_items
from gongkai.training.encoder.language import adapt_language, windows
from gongkai.training.encoder.narrow import narrow, shaped
from gongkai.training.encoder.network import Judge
from gongkai.training.encoder.packed import installed_file, read_packed
from gongkai.training.encoder.shrink import Ints, padded, shrink, some_rows
from gongkai.training.encoder.teach import MOST_MEANS, all_means, scores_from, teach, warm_heads
from gongkai.training.fit import Prepared
from gongkai.training.runlog import RunLog

LONGEST = 200_000
Folds = Sequence[tuple[list[int], list[int]]]


class MissingStep(GongkaiError):
    """A step needs the outcome of an earlier one."""

    slug = "missing-step"
    title = "前一步还没有做"


def language(statutes: Sequence[str], prose: Sequence[str], config: Config, work: Path) -> dict[str, float]:
    """Prune the vocabulary, cut the prose into windows, take the deep backbone; figures of the vocabulary."""
    work.mkdir(parents=True, exist_ok=True)
    packed = read_packed(installed_file())
    texts = [*statutes[:: config.base.prose_share], *prose, *prose]
    if not (work / "kept.json").is_file():
        kept = vocabulary.pruned(packed, vocabulary.counted(packed, texts), config.base.least)
        (work / "kept.json").write_text(json.dumps(kept), "utf-8")
    kept = json.loads((work / "kept.json").read_text("utf-8"))
    tokenizer = vocabulary.small_tokenizer(packed, kept)
    vocabulary.save_tokenizer(tokenizer, work / "tokenizer.json")
    if not (work / "rows.npy").is_file():
        encoded = tokenizer.encode_batch([fold(text)[:LONGEST] for text in texts], add_special_tokens=False)
        np.save(work / "rows.npy", windows([e.ids for e in encoded], config.language.window))
    model = backbone(packed, kept, config.base.layers)
    if config.language.steps:
        rows, log = np.load(work / "rows.npy"), RunLog(work / "run.jsonl")
        adapt_language(model, rows, config.language, config.seed, work / "language.safetensors", log)
    model.save_pretrained(work / "deep")
    return {"pieces": float(tokenizer.get_vocab_size()), **vocabulary.coverage(tokenizer, prose[:200])}


def deep(work: Path) -> BertModel:
    """The deep backbone. Raises MissingStep."""
    if not (work / "deep").is_dir():
        raise MissingStep(f"{work.name} 里还没有编码器，请先运行 language。")
    return BertModel.from_pretrained(work / "deep", add_pooling_layer=False)


def shallow(work: Path, config: Config, done: bool = True) -> BertModel:
    """The shallow backbone, distilled or, with `done` false, as distillation begins. Raises MissingStep."""
    model = shallower(deep(work), config.base.student_layers)
    if done and resume(work / "shrink.safetensors", model) < config.shrink.steps:
        raise MissingStep(f"{work.name} 里的编码器还没有蒸馏完，请先运行 distil。")
    return model


def slim(work: Path, config: Config) -> BertModel:
    """The backbone that ships: the slim one, or the shallow one where `[slim]` has no steps. Raises MissingStep."""
    if not config.slim.steps:
        return shallow(work, config)
    model = shaped(shallower(deep(work), config.base.student_layers), config.slim.heads, config.slim.inner)
    if resume(work / "slim.safetensors", model) < config.slim.steps:
        raise MissingStep(f"{work.name} 里的编码器还没有收窄完，请先运行 slim。")
    return model


def distil(data: Prepared, config: Config, work: Path) -> None:
    """Make the shallow backbone say what the deep one says of training documents and prose."""
    log, student = RunLog(work / "run.jsonl"), shallow(work, config, done=False)
    own, prose = _texts(data, work)
    shrink(deep(work), student, own, prose, config.shrink, config.seed, work / "shrink.safetensors", log)


def make_slim(data: Prepared, config: Config, work: Path) -> None:
    """Narrow the shallow backbone, then make it say what the deep one says; what is left is kept as step 0.

    Without steps nothing is done.
    """
    if not config.slim.steps:
        return
    run, log, checkpoint = config.slim, RunLog(work / "run.jsonl"), work / "slim.safetensors"
    model = shallow(work, config)
    own, prose = _texts(data, work)
    if checkpoint.is_file():
        shaped(model, run.heads, run.inner)
    else:
        narrow(model, run.heads, run.inner, some_rows(own, prose, run.shown, config.seed))
        save(checkpoint, model, None, 0)
    shrink(deep(work), model, own, prose, run, config.seed, checkpoint, log)


def _texts(data: Prepared, work: Path) -> tuple[Ints, Ints]:
    """Passages of training documents and windows of prose, as rows of pieces."""
    items = items_of(data, Pieces.read(work), labels_of(data))
    own = padded([passage for item in items for passage in chosen(item.passages, item.marks, MOST_MEANS)])
    return own, np.load(work / "rows.npy")


def inputs(data: Prepared, public: Sequence[Document], work: Path) -> tuple[list[Item], list[Item], Labels]:
    """Labelled items, published items, columns."""
    labels, pieces = labels_of(data), Pieces.read(work)
    return items_of(data, pieces, labels), public_items(public, data, pieces, labels), labels


def teach_all(data: Prepared, public: Sequence[Document], folds: Folds, config: Config, work: Path) -> None:
    """Heads for every fold, for out-of-fold scores, then on everything: over the slim and over the deep backbone."""
    items, extra, labels = inputs(data, public, work)
    model = Judge(slim(work, config), labels.count)
    means = all_means(model, items + extra)
    ids = np.array([example.document.id for example in data.examples])
    scores = _fold_scores(model, items, extra, means, labels, folds, config)
    np.savez_compressed(work / "folds.npz", ids=ids, scores=scores)
    log = RunLog(work / "run.jsonl")
    for name, body in (("heads", model.backbone), ("deep-heads", deep(work))):
        final = Judge(body, labels.count)
        known = means if name == "heads" else all_means(final, items + extra)
        warm_heads(final, items + extra, known, labels, config.teach, config.seed)
        if config.teach.epochs:
            teach(final, items + extra, labels, config.teach, config.seed, work / f"{name}-all.safetensors", log)
        save(work / f"{name}.safetensors", final, None, 1)


def _fold_scores(
    model: Judge,
    items: Sequence[Item],
    extra: Sequence[Item],
    means: Sequence[Any],
    labels: Labels,
    folds: Folds,
    config: Config,
) -> Floats:
    scores = np.zeros((len(items), labels.count), dtype=np.float32)
    for train, test in folds:
        places = [*train, *range(len(items), len(items) + len(extra))]
        known = [*items, *extra]
        fold_model = Judge(model.backbone, labels.count)
        part = [known[i] for i in places]
        warm_heads(fold_model, part, [means[i] for i in places], labels, config.teach, config.seed)
        asked = [items[i] for i in test]
        scores[test] = scores_from(fold_model, asked, [means[i] for i in test], config.serve.passages)
    return scores


def trained(name: str, config: Config, work: Path, labels: Labels) -> Judge:
    """The network over the `slim` or the `deep` backbone. Raises MissingStep."""
    body = deep(work) if name == "deep" else slim(work, config)
    model = Judge(body, labels.count)
    if not resume(work / ("deep-heads.safetensors" if name == "deep" else "heads.safetensors"), model):
        raise MissingStep(f"{work.name} 里的编码器还没有学过标注，请先运行 teach。")
    return model


def export_network(data: Prepared, config: Config, work: Path, out: Path) -> dict[str, Any]:
    """encoder.*, tokenizer.json of the model folder."""
    labels = labels_of(data)
    out.mkdir(parents=True, exist_ok=True)
    settings = {"format": 1, "passages": config.serve.passages}
    model, pieces = trained("slim", config, work, labels), Pieces.read(work)
    read = [padded(chosen(i.passages, i.marks, config.serve.passages)) for i in items_of(data, pieces, labels)]
    even_out(model.backbone, [torch.from_numpy(rows) for rows in read[:: config.serve.every]], config.serve.ceiling)
    write(model, labels, out, settings)
    (out / "tokenizer.json").write_bytes((work / "tokenizer.json").read_bytes())
    return {"megabytes": round((out / "encoder.onnx").stat().st_size / 1e6, 1)}


def fold_scores(work: Path, ids: Sequence[str]) -> Floats | None:
    """Out-of-fold scores in the order of some ids; None when the step was not done or another corpus was used."""
    if not (work / "folds.npz").is_file():
        return None
    with np.load(work / "folds.npz", allow_pickle=False) as stored:
        rows = dict(zip(stored["ids"].tolist(), stored["scores"], strict=True))
    return np.stack([rows[i] for i in ids]) if set(ids) <= set(rows) else None
