"""The shallow backbone learns to say what the deep one says, and goes on where it was stopped."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("torch", reason="the encoder's training needs torch (pip install gongkai[training])")
pytest.importorskip("transformers", reason="the encoder's training needs transformers (pip install gongkai[training])")

import torch

from gongkai.model.passages import FIELDS, PAD, WINDOW, Passage
from gongkai.training.config import Shrink
from gongkai.training.encoder import shrink as module
from gongkai.training.encoder.backbone import backbone, shallower
from gongkai.training.encoder.shrink import mean_states, padded, shrink
from gongkai.training.encoder.vocabulary import SPECIAL
from gongkai.training.runlog import RunLog

KEPT = list(range(4, 104))
RUN = Shrink(steps=3, batch=4, rate=1e-3, save_every=2)


@pytest.fixture
def deep(packed):
    return backbone(packed, KEPT, [0, 1])


@pytest.fixture
def shallow(deep):
    return lambda: shallower(deep, [1])


def ids(count: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    rows = random.integers(len(SPECIAL), len(SPECIAL) + len(KEPT), (count, 24))
    rows[:, 0] = 0
    rows[: count // 2, 12:] = PAD
    return rows


def same(one, other) -> bool:
    return all(torch.equal(value, other.state_dict()[name]) for name, value in one.state_dict().items())


def test_passages_become_rows_of_equal_length():
    rows = padded([Passage(FIELDS, (0, 9), ()), Passage(FIELDS, (0, *range(5, 5 + WINDOW - 1)), ())])
    assert rows.shape == (2, WINDOW)
    assert rows[0].tolist() == [0, 9] + [PAD] * (WINDOW - 2)
    assert rows[1, -1] == 3 + WINDOW


def test_padding_counts_nothing_in_a_mean(deep):
    deep.train(False)
    row = torch.from_numpy(ids(4, 1)[:1])
    with torch.no_grad():
        whole, cut = mean_states(deep, row), mean_states(deep, row[:, :12])
        states = deep(input_ids=row[:, :12]).last_hidden_state
    assert whole.numpy() == pytest.approx(cut.numpy(), abs=0.03)
    assert cut.numpy() == pytest.approx(states.mean(dim=1).numpy(), abs=0.03)


@pytest.mark.parametrize("prose", [ids(6, 2), ids(6, 2)[:, :10], ids(0, 2)], ids=["as wide", "narrower", "none"])
def test_the_shallow_one_comes_nearer(deep, shallow, tmp_path, prose):
    run = replace(RUN, steps=75, batch=8, save_every=999)
    log = RunLog(tmp_path / "run.jsonl")
    found = shrink(deep, shallow(), ids(6, 1), prose, run, 5, tmp_path / "shrink.safetensors", log)
    rows = [json.loads(line) for line in log.path.read_text("utf-8").splitlines()]
    assert [row["step"] for row in rows] == [25, 50, 75]
    assert rows[-1]["loss"] < 0.7 * rows[0]["loss"]
    test = torch.from_numpy(ids(20, 9))
    with torch.no_grad():
        far, near = (
            float((mean_states(m, test) - mean_states(deep, test)).square().mean()) for m in (shallow(), found)
        )
    assert near < 0.8 * far


def test_the_deep_one_stays_as_it_is(packed, deep, shallow, tmp_path):
    shrink(deep, shallow(), ids(6, 1), ids(6, 2), RUN, 5, tmp_path / "a.safetensors", RunLog())
    assert same(deep, backbone(packed, KEPT, [0, 1]))


def test_a_stopped_run_goes_on_where_it_stood(deep, shallow, tmp_path, monkeypatch):
    def run(name: str):
        return shrink(deep, shallow(), ids(6, 1), ids(6, 2), RUN, 5, tmp_path / name, RunLog())

    whole, real, steps = run("whole.safetensors"), module._batch, []

    def stopping(*arguments):
        if len(steps) == 2:
            raise KeyboardInterrupt
        steps.append(1)
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(module, "_batch", stopping)
        with pytest.raises(KeyboardInterrupt):
            run("half.safetensors")
    assert same(run("half.safetensors"), whole)
    assert not same(whole, shallow())
    monkeypatch.setattr(module, "_batch", lambda *_: pytest.fail("a step too many"))
    assert same(run("half.safetensors"), whole)
