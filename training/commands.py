"""What each training command does: options in, something printable out."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from typing import Any

from gongkai.training.agreement import agreement, marks_agreement, read_marks, read_second
from gongkai.training.authored import CorpusError
from gongkai.training.card import evaluate
from gongkai.training.config import read_config
from gongkai.training.corpus import read_corpus
from gongkai.training.describe import describe
from gongkai.training.fit import Floats
from gongkai.training.report import run_report, short_report
from gongkai.training.run import Material, card_of, fit, folds_of, load, note, recalibrate, write_words
from gongkai.training.sources import read_prose, read_public
from gongkai.training.vectors import as_json

Options = argparse.Namespace


def _material(options: Options) -> Material:
    if options.held is not None and not options.held.is_file():
        raise CorpusError(f"没有留出规则 {options.held}，请用 --held-out 指定。")
    return load(options.corpus, options.held, read_public(options.public), options.words)


def _encoded(options: Options, material: Material) -> Mapping[str, Floats] | None:
    """The encoder's out-of-fold scores of this corpus, when the folder has an encoder."""
    if not (options.out / "encoder.onnx").is_file():
        return None
    from gongkai.training.encoder.items import by_head, labels_of
    from gongkai.training.encoder.run import fold_scores

    scores = fold_scores(options.work, [example.document.id for example in material.data.examples])
    if scores is None:
        raise CorpusError("模型目录里有编码器，但是工作目录里没有这份语料的折外得分，请先运行 teach。")
    return by_head(scores, labels_of(material.data))


def _language(options: Options) -> Any:  # noqa: ANN401 - anything that can be printed
    from gongkai.training.encoder.run import language

    prose = read_prose(options.prose)
    if not prose:
        raise CorpusError("没有给出公文正文，请用 --prose 指定。")
    return as_json(language(read_prose(options.statutes), prose, read_config(options.config), options.work))


def _teach(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.encoder.run import teach_all

    material, config = _material(options), read_config(options.config)
    folds = folds_of(material.data, config.encoder_folds, config)
    teach_all(material.data, material.public, folds, config, options.work)
    return {"work": str(options.work), "documents": len(material.data.examples)}


def _distil(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.encoder.run import distil

    material = _material(options)
    distil(material.data, read_config(options.config), options.work)
    return {"work": str(options.work), "documents": len(material.data.examples)}


def _slim(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.encoder.run import make_slim

    config = read_config(options.config)
    if not config.slim.steps:
        return "配置里 [slim] 的 steps 为 0，不收窄。"
    material = _material(options)
    make_slim(material.data, config, options.work)
    return {"work": str(options.work), "documents": len(material.data.examples)}


def _export(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.encoder.run import export_network

    return export_network(_material(options).data, read_config(options.config), options.work, options.out)


def _fit(options: Options) -> Any:  # noqa: ANN401
    material, config = _material(options), read_config(options.config)
    print_short = short_report([*material.data.examples, *material.held])
    found = fit(material, options.out, config, options.work, _encoded(options, material))
    return f"{print_short}\n{found}"


def _calibrate(options: Options) -> Any:  # noqa: ANN401
    material = _material(options)
    return as_json(recalibrate(material, options.out, options.work, _encoded(options, material)))


def _compare(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.compare import compare

    before = card_of(options.model).get("compared")
    found = compare(_material(options), options.model, read_config(options.config), options.work, before)
    note(options.model, compared=found)
    return found


def _adapt(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.adapt import adapt

    decisions = read_corpus(options.decisions)
    return adapt(decisions, options.model, options.words, options.out, read_config(options.config))


def _active(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.active import worklist

    decisions = read_corpus(options.decisions) if options.decisions else []
    return worklist(read_public(options.backlog), decisions, options.model, options.target)


def _simulate(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.active import simulate

    material = _material(options)
    return as_json(simulate(material.held, options.model, read_config(options.config)))


def _segment(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.segment import segment

    return as_json(segment(read_prose([*options.statutes, *options.prose]), options.words, options.work))


def _tagger(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.tagger.prose import read_texts
    from gongkai.training.tagger.run import Source, train_and_export, training_set

    config = read_config(options.config)
    prose = [*read_public(options.public), *read_texts(options.statutes, options.prose, config.tagger.statute_share)]
    source = Source(*training_set(options.corpus, options.held, config), prose, options.words)
    return as_json(train_and_export(source, config, options.work, options.out))


def _spot(options: Options) -> Any:  # noqa: ANN401
    from gongkai.training.encoder.marks import read_snippets
    from gongkai.training.encoder.spot import train_spotter

    material, config = _material(options), read_config(options.config)
    snippets = read_snippets(options.snippets)
    return as_json(train_spotter(material.data, snippets, config, options.work, options.out, options.words))


def _agreement(options: Options) -> Any:  # noqa: ANN401
    examples = read_corpus(options.corpus)
    found = agreement(examples, read_second(options.second))
    marks = options.marks or options.second.with_name("second_marks.jsonl")
    if options.marks or marks.is_file():
        found["marks"] = marks_agreement(examples, read_marks(marks))
    return as_json(found)


def _evaluate(options: Options) -> Any:  # noqa: ANN401
    return evaluate(options.corpus, options.held, options.model, options.fast, options.errors)


COMMANDS: dict[str, Callable[[Options], Any]] = {
    "language": _language,
    "teach": _teach,
    "distil": _distil,
    "slim": _slim,
    "export": _export,
    "fit": _fit,
    "calibrate": _calibrate,
    "evaluate": _evaluate,
    "compare": _compare,
    "adapt": _adapt,
    "active": _active,
    "simulate": _simulate,
    "agreement": _agreement,
    "describe": lambda options: describe(options.corpus, options.held),
    "report": run_report,
    "segment": _segment,
    "spot": _spot,
    "tagger": _tagger,
    "words": lambda options: f"已写出 {write_words(options.out)} 个词",
}
