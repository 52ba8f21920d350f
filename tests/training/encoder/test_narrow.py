"""Heads and inner channels that leave a layer: those that others make good, and what is left says the same."""

from __future__ import annotations

from copy import deepcopy

import pytest

pytest.importorskip("torch", reason="the encoder's training needs torch (pip install gongkai[training])")
pytest.importorskip("transformers", reason="the encoder's training needs transformers (pip install gongkai[training])")

import torch
from transformers import BertConfig, BertModel

from gongkai.training.encoder.narrow import narrow, refitted, shaped

WIDTH, HEADS, INNER = 16, 4, 24


@pytest.fixture
def backbone():
    torch.manual_seed(2)
    config = BertConfig(
        vocab_size=40,
        hidden_size=WIDTH,
        num_hidden_layers=2,
        num_attention_heads=HEADS,
        intermediate_size=INNER,
        pad_token_id=1,
        initializer_range=0.4,
    )
    return BertModel(config, add_pooling_layer=False).eval()


@pytest.fixture
def ids():
    return [torch.randint(5, 40, (4, 20), generator=torch.Generator().manual_seed(seed)) for seed in range(3)]


def said(backbone, ids):
    with torch.inference_mode():
        return backbone(input_ids=ids).last_hidden_state


def as_much(first, second, places, into):
    """Make the inputs of a product at `into` repeat those at `places`."""
    for dense in first:
        dense.weight.data[into], dense.bias.data[into] = dense.weight.data[places], dense.bias.data[places]
    second.weight.data[:, into] *= 0.3


@pytest.mark.parametrize(("size", "count", "left"), [(1, 3, {0, 1, 2, 3}), (2, 1, {0, 1, 2, 3})])
def test_what_others_repeat_leaves(size, count, left):
    random = torch.Generator().manual_seed(4)
    inputs = torch.randn(200, 4, generator=random)
    if size == 1:
        inputs[:, 3] = 2 * inputs[:, 0] - inputs[:, 1]
    else:
        inputs[:, 2:] = inputs[:, :2].flip(1)
    weight = torch.randn(5, 4, generator=random)
    kept, weights = refitted(weight, (inputs.T @ inputs).double(), size, count, 1)
    assert len(kept) == size * count
    assert set(kept.tolist()) < left
    assert torch.allclose(inputs[:, kept] @ weights.T, inputs @ weight.T, atol=0.02)


def test_an_input_that_says_nothing_leaves_first():
    inputs = torch.randn(200, 3, generator=torch.Generator().manual_seed(4))
    weight = torch.tensor([[3.0, 0.01, 2.0]])
    kept, weights = refitted(weight, (inputs.T @ inputs).double(), 1, 2, 1)
    assert kept.tolist() == [0, 2]
    assert torch.allclose(weights, weight[:, kept], atol=0.01)


def test_channels_and_heads_that_are_there_twice_can_leave(backbone, ids):
    half, head = INNER // 2, WIDTH // HEADS
    for layer in backbone.encoder.layer:
        first, part = layer.intermediate.dense, layer.attention.self
        as_much([first], layer.output.dense, slice(0, half), slice(half, INNER))
        double = [part.query, part.key, part.value]
        as_much(double, layer.attention.output.dense, slice(0, head), slice(head, 2 * head))
    before = said(backbone, ids[0])
    narrow(backbone, [HEADS - 1, HEADS - 1], [half, half], ids)
    assert [layer.attention.self.num_attention_heads for layer in backbone.encoder.layer] == [HEADS - 1] * 2
    assert [layer.intermediate.dense.out_features for layer in backbone.encoder.layer] == [half] * 2
    assert torch.allclose(said(backbone, ids[0]), before, atol=0.02)


def test_nothing_leaves_unasked(backbone, ids):
    before = said(backbone, ids[0])
    narrow(backbone, [0, HEADS], [INNER, 0], ids)
    assert torch.equal(said(backbone, ids[0]), before)


def test_a_shape_takes_the_weights_of_what_was_narrowed(backbone, ids):
    heads, inner = [2, 0], [0, 7]
    shape = shaped(deepcopy(backbone), heads, inner)
    wanted = narrow(backbone, heads, inner, ids)
    shape.load_state_dict(wanted.state_dict())
    assert torch.equal(said(shape, ids[0]), said(wanted, ids[0]))
