"""The encoder's run from prose to the model folder, on a base of two layers: every step, its order, and going on."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from examples import labelled
from papers import PAPERS, VALUES
from tinyencoder import write_packed

pytest.importorskip("torch", reason="the encoder's training needs torch (pip install gongkai[training])")
pytest.importorskip("transformers", reason="the encoder's training needs transformers (pip install gongkai[training])")
pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")
pytest.importorskip("onnx", reason="the export needs onnx (pip install gongkai[training])")

import torch
from safetensors.torch import load_file

from gongkai.model.document import Document
from gongkai.model.encoder import Encoder
from gongkai.model.screener import Screener
from gongkai.training.compare import SHOWN, compare, rules_alone
from gongkai.training.config import Base, Config, Language, Linear, Serve, Shrink, Slim, Teach
from gongkai.training.encoder import run
from gongkai.training.encoder.items import by_head, labels_of
from gongkai.training.encoder.run import (
    MissingStep,
    distil,
    export_network,
    fold_scores,
    language,
    make_slim,
    slim,
    teach_all,
    trained,
)
from gongkai.training.fit import ATTRIBUTES, prepare
from gongkai.training.run import Material

CONFIG = Config(
    base=Base((0, 1), (1,), least=1, prose_share=1),
    language=Language(steps=2, batch=4, window=32, save_every=1),
    linear=Linear(least=1, most=300),
    shrink=Shrink(steps=2, batch=8, save_every=1),
    slim=Slim(steps=2, batch=8, save_every=1, heads=(1,), inner=(48,), shown=8),
    teach=Teach(epochs=1, rate=1e-3, head_rate=1e-2, most=3, size=16, warm_epochs=3),
    serve=Serve(3),
)
LABELLED = {
    "consultation": ("proactive", ["G0106"], []),
    "approval": ("proactive", ["G0201"], []),
    "notice": ("proactive", ["G1202"], []),
    "normative": ("proactive", ["G0102"], []),
    "petition": ("on_request", ["G99"], ["NL-09"]),
    "penalty": ("on_request", ["G0602"], []),
    "request": ("withheld", ["G99"], ["NL-18"]),
    "roster": ("withheld", ["G99"], ["NL-13", "NL-09"]),
    "inside-draft": ("withheld", ["G99"], ["NL-16"]),
}
PUBLIC = [Document("p1", PAPERS["list"]), Document("p2", PAPERS["notice"])]


@pytest.fixture(scope="module")
def data(screener):
    examples = [labelled(n, PAPERS[n], a, categories=c, negative=x) for n, (a, c, x) in LABELLED.items()]
    return prepare(examples, [], screener.rules, screener.segmenter)


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    return write_packed(tmp_path_factory.mktemp("base") / "base.bin")


@pytest.fixture(scope="module")
def work(tmp_path_factory, data, base):
    """A work folder after every step."""
    folder = tmp_path_factory.mktemp("work")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "installed_file", lambda: base)
        found = language(list(PAPERS.values()), list(PAPERS.values()), CONFIG, folder)
    assert 600 < found["pieces_per_1000_characters"] < 1100
    assert found["unknown_share"] < 0.01
    folds = [([0, 1, 2, 4, 5, 6, 7], [3, 8]), ([0, 3, 4, 6, 8], [1, 2, 5, 7]), ([1, 2, 3, 5, 7, 8], [0, 4, 6])]
    distil(data, CONFIG, folder)
    make_slim(data, CONFIG, folder)
    teach_all(data, PUBLIC, folds, CONFIG, folder)
    return folder


@pytest.fixture(scope="module")
def model(work, data, linear_folder, tmp_path_factory):
    """The shipped folder with the exported encoder."""
    folder = shutil.copytree(linear_folder, tmp_path_factory.mktemp("model") / "model")
    assert 0 < export_network(data, CONFIG, work, folder)["megabytes"] < 1
    card = json.loads((folder / "model.json").read_text("utf-8"))
    card["calibrations"]["combined"] = {**card["calibrations"]["linear"], "mix": 0.1}
    (folder / "model.json").write_text(json.dumps(card), "utf-8")
    return folder


def test_the_steps_leave_what_the_next_one_needs(work):
    assert {path.name for path in work.iterdir()} == {
        *("kept.json", "tokenizer.json", "rows.npy", "language.safetensors", "deep", "shrink.safetensors"),
        "slim.safetensors",
        *("heads-all.safetensors", "heads.safetensors", "deep-heads-all.safetensors", "deep-heads.safetensors"),
        *("folds.npz", "run.jsonl"),
    }


def test_without_language_steps_the_base_stays_as_it_is(base, packed, tmp_path, monkeypatch):
    monkeypatch.setattr(run, "installed_file", lambda: base)
    still = replace(CONFIG, language=replace(CONFIG.language, steps=0))
    language(list(PAPERS.values()), list(PAPERS.values()), still, tmp_path)
    query = run.deep(tmp_path).state_dict()["encoder.layer.1.attention.self.query.weight"]
    assert query.numpy().tolist() == packed.matrix("l1.q.w", 32, 32).tolist()
    assert not (tmp_path / "language.safetensors").exists()


def test_the_run_log_holds_figures_and_no_text(work):
    text = (work / "run.jsonl").read_text("utf-8")
    rows = [json.loads(line) for line in text.splitlines()]
    assert [row["run"] for row in rows if row["event"] == "teach"] == ["heads-all", "deep-heads-all"]
    assert {type(value) for row in rows for k, value in row.items() if k not in ("at", "event", "run")} <= {int, float}
    assert [value for value in (*VALUES, "青禾县") if value in text] == []


def test_every_document_was_scored_by_a_network_that_never_saw_it(work, data):
    ids = [example.document.id for example in data.examples]
    scores = fold_scores(work, ids)
    assert scores.shape == (9, labels_of(data).count)
    assert (np.abs(scores).sum(axis=1) > 0).all()
    assert np.array_equal(fold_scores(work, ids[::-1]), scores[::-1])
    assert set(by_head(scores, labels_of(data))) == {"attribute", "category", "clause"}


def test_scores_of_another_corpus_are_not_taken(work, tmp_path):
    assert fold_scores(work, ["notice", "elsewhere"]) is None
    assert fold_scores(tmp_path, ["notice"]) is None


def test_what_is_done_is_not_done_again(work, data, base, monkeypatch, tmp_path):
    copy = shutil.copytree(work, tmp_path / "work")
    monkeypatch.setattr(run, "installed_file", lambda: base)
    monkeypatch.setattr("gongkai.training.encoder.language._step", lambda *_: pytest.fail("adapted again"))
    monkeypatch.setattr("gongkai.training.encoder.shrink._batch", lambda *_: pytest.fail("distilled again"))
    monkeypatch.setattr("gongkai.training.encoder.teach.answer", lambda *_: pytest.fail("taught again"))
    language(list(PAPERS.values()), list(PAPERS.values()), CONFIG, copy)
    distil(data, CONFIG, copy)
    make_slim(data, CONFIG, copy)
    teach_all(data, PUBLIC, [([0, 1, 2, 4, 5, 6, 7], [3, 8])], CONFIG, copy)
    for name in ("deep/model.safetensors", "shrink.safetensors", "slim.safetensors", "heads.safetensors"):
        before, after = (load_file(folder / name) for folder in (work, copy))
        assert all(torch.equal(value, after[key]) for key, value in before.items())


STEPS = {
    "distil": lambda data, work: distil(data, CONFIG, work),
    "slim": lambda data, work: make_slim(data, CONFIG, work),
    "teach": lambda data, work: teach_all(data, [], [], CONFIG, work),
    "deep": lambda data, work: trained("deep", CONFIG, work, labels_of(data)),
    "export": lambda data, work: export_network(data, CONFIG, work, work),
}


@pytest.mark.parametrize(
    ("missing", "step", "named"),
    [
        ("deep", "distil", "language"),
        ("deep", "export", "language"),
        ("shrink.safetensors", "slim", "distil"),
        ("slim.safetensors", "teach", "slim"),
        ("slim.safetensors", "export", "slim"),
        ("heads.safetensors", "export", "teach"),
        ("deep-heads.safetensors", "deep", "teach"),
    ],
)
def test_a_step_names_the_one_before(work, data, tmp_path, missing, step, named):
    copy = shutil.copytree(work, tmp_path / "work", ignore=shutil.ignore_patterns(missing))
    with pytest.raises(MissingStep, match=f"请先运行 {named}。"):
        STEPS[step](data, copy)


def test_a_distillation_that_was_stopped_is_not_taken(work, data):
    """The checkpoint of the second of three steps."""
    longer = replace(CONFIG, shrink=replace(CONFIG.shrink, steps=3))
    with pytest.raises(MissingStep, match="还没有蒸馏完，请先运行 distil"):
        make_slim(data, longer, work)
    longer = replace(CONFIG, slim=replace(CONFIG.slim, steps=3))
    with pytest.raises(MissingStep, match="还没有收窄完，请先运行 slim"):
        teach_all(data, [], [], longer, work)


def test_what_was_narrowed_is_not_narrowed_again(work, data, tmp_path, monkeypatch):
    """Stopped before the first step of the second distillation, it goes on as if it had never been."""
    copy = shutil.copytree(work, tmp_path / "work", ignore=shutil.ignore_patterns("slim.safetensors"))
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("gongkai.training.encoder.shrink._batch", stopped)
        make_slim(data, CONFIG, copy)
    monkeypatch.setattr(run, "narrow", lambda *_: pytest.fail("narrowed again"))
    make_slim(data, CONFIG, copy)
    (layer,) = slim(copy, CONFIG).encoder.layer
    assert (layer.attention.self.num_attention_heads, layer.intermediate.dense.out_features) == (1, 48)
    whole = slim(work, CONFIG).state_dict()
    assert all(torch.equal(value, whole[name]) for name, value in slim(copy, CONFIG).state_dict().items())


def test_without_steps_the_shallow_backbone_ships(work, data, monkeypatch):
    wide = replace(CONFIG, slim=replace(CONFIG.slim, steps=0))
    monkeypatch.setattr(run, "narrow", lambda *_: pytest.fail("narrowed"))
    make_slim(data, wide, work)
    distilled = run.shallow(work, wide).state_dict()
    assert all(torch.equal(value, distilled[name]) for name, value in slim(work, wide).state_dict().items())


def stopped(*_):
    raise KeyboardInterrupt


def test_the_exported_folder_is_one_that_serving_reads(model):
    encoder, screener = Encoder.read(model), Screener.load(model)
    assert encoder.most == 3
    for name, text in PAPERS.items():
        screening = screener(Document(name, text))
        assert screening.opinion.label in screening.opinion.options


def test_the_table_of_judges(work, data, model, screener):
    held = [replace(example, document=replace(example.document, id="h")) for example in data.examples[::2]]
    material = Material(data, PUBLIC, held, model)
    found = compare(material, model, CONFIG, work)
    assert list(found) == [
        *("rules alone", "linear", "frozen deep encoder + linear", "deep encoder, taught heads"),
        *("slim encoder, taught heads", "slim, 8-bit", "linear + law (fast mode)", "all together"),
    ]
    assert all(list(row) == list(SHOWN) for row in found.values())
    assert {0 <= value <= 1 for row in found.values() for value in row.values() if value is not None} == {True}
    assert found["linear"]["accuracy_strict"] == 1


def test_a_judge_without_its_network_keeps_its_figures(tmp_path, data, model):
    held = [replace(example, document=replace(example.document, id="h")) for example in data.examples[::2]]
    before = {"shallow, 8-bit": {"accuracy_strict": 0.5}, "all together": {}, "deep encoder, taught heads": {"kept": 1}}
    found = compare(Material(data, PUBLIC, held, model), model, CONFIG, tmp_path, before)
    assert list(found) == [
        *("shallow, 8-bit", "deep encoder, taught heads", "rules alone", "linear", "slim, 8-bit"),
        *("linear + law (fast mode)", "all together"),
    ]
    assert (found["shallow, 8-bit"], found["deep encoder, taught heads"]) == ({"accuracy_strict": 0.5}, {"kept": 1})
    assert list(found["all together"]) == list(SHOWN)


def test_rules_alone(data):
    said = rules_alone(data, labels_of(data))
    by_name = {example.document.id: one for example, one in zip(data.examples, said, strict=True)}
    assert (by_name["request"].label, by_name["consultation"].label) == ("withheld", "proactive")
    assert by_name["consultation"].categories[0] == "G0106"
    assert "NL-18" in by_name["request"].clauses
    assert all(set(one.scores) == set(ATTRIBUTES) and len(one.categories) == 5 for one in said)
