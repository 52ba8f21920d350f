"""The backbone from the base weights, and its adaptation to prose: a run that was stopped goes on where it stood."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tinyencoder import BASE, HIDDEN, UNUSED_ROWS

pytest.importorskip("torch", reason="the encoder's training needs torch (pip install gongkai[training])")
pytest.importorskip("transformers", reason="the encoder's training needs transformers (pip install gongkai[training])")

import torch

from gongkai.training.config import Language
from gongkai.training.encoder import language
from gongkai.training.encoder.backbone import backbone, shallower
from gongkai.training.encoder.checkpoints import resume, save
from gongkai.training.encoder.language import MASK, START, adapt_language, masked, schedule, windows
from gongkai.training.encoder.vocabulary import SPECIAL
from gongkai.training.runlog import RunLog

RUN = Language(steps=3, batch=4, window=16, rate=1e-2, warm_up=0.3, save_every=2)
KEPT = list(range(4, 104))


@pytest.fixture
def rows():
    random = np.random.default_rng(1)
    return windows(random.integers(len(SPECIAL), len(SPECIAL) + len(KEPT), (6, 40)).tolist(), RUN.window)


def state(model) -> dict[str, list[float]]:
    return {name: value.detach().numpy() for name, value in model.state_dict().items()}


def same(one, other) -> bool:
    first, second = state(one), state(other)
    return first.keys() == second.keys() and all(np.array_equal(first[name], second[name]) for name in first)


def test_the_backbone_has_the_base_weights(packed):
    model = backbone(packed, [10, 20], [1, 0])
    words = packed.matrix("emb.word", len(BASE) + UNUSED_ROWS, HIDDEN)
    mask = BASE.index("<mask>")
    assert state(model)["embeddings.word_embeddings.weight"].tolist() == words[[0, 1, 2, 3, mask, 10, 20]].tolist()
    for place, layer in ((0, 1), (1, 0)):
        query = state(model)[f"encoder.layer.{place}.attention.self.query.weight"]
        assert query.tolist() == packed.matrix(f"l{layer}.q.w", HIDDEN, HIDDEN).tolist()


def test_a_shallower_copy(packed):
    whole = backbone(packed, KEPT, [0, 1])
    small = shallower(whole, [1])
    assert small.config.num_hidden_layers == 1
    assert state(small.encoder.layer[0]).keys() == state(whole.encoder.layer[1]).keys()
    assert same(small.encoder.layer[0], whole.encoder.layer[1])
    assert same(small.embeddings, whole.embeddings)


def test_windows_begin_with_the_start_piece_and_drop_what_is_left():
    assert windows([[7, 8, 9, 10, 11], [5], [6, 6]], 3).tolist() == [[START, 7, 8], [START, 9, 10], [START, 6, 6]]


def test_a_share_of_pieces_is_hidden():
    batch = torch.full((200, 50), 9)
    batch[:, 0] = START
    inputs, hidden = masked(batch, 100, torch.Generator().manual_seed(1))
    share = hidden.float().mean().item()
    assert 0.13 < share < 0.16
    assert not hidden[:, 0].any()
    assert torch.equal(inputs[~hidden], batch[~hidden])
    shown = inputs[hidden]
    assert 0.75 < (shown == MASK).float().mean().item() < 0.85
    assert (shown[shown != MASK] >= len(SPECIAL)).all()
    again = masked(batch, 100, torch.Generator().manual_seed(1))
    assert torch.equal(again[0], inputs)


@pytest.mark.parametrize(
    ("begin", "expected"), [(0, [0.5, 1.0, 1.0, 0.75, 0.5, 0.25, 0.0]), (3, [0.75, 0.5, 0.25, 0.0])]
)
def test_the_rate_rises_and_falls(begin, expected):
    """Six steps, a third of them to rise; a run that goes on meets the same rates."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2.0)
    pace, rates = schedule(optimizer, 6, 0.34, begin), []
    for _ in expected:
        rates.append(optimizer.param_groups[0]["lr"] / 2)
        optimizer.step()
        pace.step()
    assert rates == pytest.approx(expected)


def test_a_stopped_run_goes_on_where_it_stood(packed, rows, tmp_path, monkeypatch):
    whole = adapt_language(backbone(packed, KEPT, [0, 1]), rows, RUN, 5, tmp_path / "whole.safetensors", RunLog())
    real, steps = language._step, []

    def stopping(*arguments):
        if len(steps) == 2:
            raise KeyboardInterrupt
        steps.append(real(*arguments))
        return steps[-1]

    with monkeypatch.context() as patch:
        patch.setattr(language, "_step", stopping)
        with pytest.raises(KeyboardInterrupt):
            adapt_language(backbone(packed, KEPT, [0, 1]), rows, RUN, 5, tmp_path / "half.safetensors", RunLog())
    going = adapt_language(backbone(packed, KEPT, [0, 1]), rows, RUN, 5, tmp_path / "half.safetensors", RunLog())
    assert same(going, whole)
    assert not same(going, backbone(packed, KEPT, [0, 1]))


def test_a_finished_run_does_nothing_more(packed, rows, tmp_path, monkeypatch):
    path = tmp_path / "run.safetensors"
    whole = adapt_language(backbone(packed, KEPT, [0, 1]), rows, RUN, 5, path, RunLog())
    monkeypatch.setattr(language, "_step", lambda *_: pytest.fail("a step too many"))
    assert same(adapt_language(backbone(packed, KEPT, [0, 1]), rows, RUN, 5, path, RunLog()), whole)


def test_guessing_gets_better(packed, rows, tmp_path):
    run = Language(steps=100, batch=8, window=16, rate=5e-3, save_every=1000)
    adapt_language(
        backbone(packed, KEPT, [0, 1]),
        rows[:2].repeat(4, axis=0),
        run,
        5,
        tmp_path / "a.safetensors",
        RunLog(tmp_path / "r"),
    )
    log = [json.loads(line) for line in (tmp_path / "r").read_text("utf-8").splitlines()]
    assert [row["step"] for row in log] == [50, 100]
    assert log[1]["loss"] < 0.9 * log[0]["loss"] < np.log(105)


def test_a_checkpoint_is_whole_or_not_there(tmp_path, monkeypatch):
    model, path = torch.nn.Linear(2, 1), tmp_path / "deep" / "a.safetensors"
    assert resume(path, model) == 0
    save(path, model, None, 4)
    before = path.read_bytes()
    monkeypatch.setattr(
        "gongkai.training.encoder.checkpoints.save_file", lambda tensors, half, facts: half.write_bytes(b"x") and 1 / 0
    )
    with pytest.raises(ZeroDivisionError):
        save(path, torch.nn.Linear(2, 1), None, 5)
    assert path.read_bytes() == before
    other = torch.nn.Linear(2, 1)
    assert (resume(path, other), same(other, model)) == (4, True)
