"""Take attention heads and inner channels out of layers and refit what is left, without a step down any gradient.

Of each product that leaves a layer's attention or its inner part, those inputs go whose loss the others make good best
(optimal brain surgeon over whole structures: Hassibi and Stork 1993; ZipLM, Kurtic and others 2023). The rest gets the
weights that least squares gives on real text: half of both costs little even before anything is taught.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertModel

from gongkai.model.passages import PAD

DAMPING = 1e-4  # of the mean of the diagonal
CHANNELS = 64  # leave at a time; heads leave one by one
# of a product's inputs, groups of a size, how many stay, how many leave at a time: the places that stay, their weights
Choice = Callable[[nn.Linear, int, int, int], tuple[Tensor, Tensor]]


def narrow(backbone: BertModel, heads: Sequence[int], inner: Sequence[int], ids: Sequence[Tensor]) -> BertModel:
    """Leave, in place, so many heads and inner channels in each layer, chosen on ids (rows, pieces); 0 leaves all."""
    backbone.train(False)

    def best(dense: nn.Linear, size: int, count: int, step: int) -> tuple[Tensor, Tensor]:
        return refitted(dense.weight, _gram(backbone, dense, ids), size, count, step)

    return _each(backbone, heads, inner, best)


def shaped(backbone: BertModel, heads: Sequence[int], inner: Sequence[int]) -> BertModel:
    """The shape that `narrow` leaves, in place and at once, for weights that are loaded afterwards."""

    def first(dense: nn.Linear, size: int, count: int, _: int) -> tuple[Tensor, Tensor]:
        return torch.arange(size * count), dense.weight[:, : size * count]

    return _each(backbone, heads, inner, first)


def _each(backbone: BertModel, heads: Sequence[int], inner: Sequence[int], choose: Choice) -> BertModel:
    layers: Any = backbone.encoder.layer
    for layer, head_count, channels in zip(layers, heads, inner, strict=True):
        if 0 < head_count < layer.attention.self.num_attention_heads:
            _fewer_heads(layer.attention, head_count, choose)
        if 0 < channels < layer.intermediate.dense.out_features:
            _fewer_channels(layer, channels, choose)
    return backbone


def _fewer_heads(attention: Any, count: int, choose: Choice) -> None:  # noqa: ANN401
    part, out = attention.self, attention.output
    kept, weights = choose(out.dense, part.attention_head_size, count, 1)
    for name in ("query", "key", "value"):
        old = getattr(part, name)
        setattr(part, name, _linear(old.weight[kept], old.bias[kept]))
    out.dense = _linear(weights, out.dense.bias)
    part.num_attention_heads, part.all_head_size = count, len(kept)


def _fewer_channels(layer: Any, count: int, choose: Choice) -> None:  # noqa: ANN401
    first, second = layer.intermediate.dense, layer.output.dense
    kept, weights = choose(second, 1, count, CHANNELS)
    layer.intermediate.dense = _linear(first.weight[kept], first.bias[kept])
    layer.output.dense = _linear(weights, second.bias)


def _linear(weight: Tensor, bias: Tensor) -> nn.Linear:
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.weight = nn.Parameter(weight.detach().clone())
    made.bias = nn.Parameter(bias.detach().clone())
    return made


def _gram(backbone: BertModel, dense: nn.Linear, ids: Sequence[Tensor]) -> Tensor:
    """Sums of products of each two inputs of a layer, of shape (inputs, inputs), over all real pieces."""
    total = torch.zeros(dense.in_features, dense.in_features, dtype=torch.float64)
    real = torch.zeros(0)

    def seen(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        states = inputs[0][real]
        total.add_(states.T @ states)

    hook = dense.register_forward_pre_hook(seen)
    with torch.no_grad():
        for batch in ids:
            real = batch != PAD
            backbone(input_ids=batch, attention_mask=real.float())
    hook.remove()
    return total


def refitted(weight: Tensor, gram: Tensor, size: int, count: int, step: int) -> tuple[Tensor, Tensor]:
    """Which inputs stay when only `count` groups of `size` may, `step` leaving at a time, and their new weights.

    weight (outputs, inputs), gram (inputs, inputs) -> places (kept), weights (outputs, kept)
    """
    gram = gram + DAMPING * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype)
    wanted = weight.detach().double() @ gram
    places = torch.arange(len(gram)).reshape(-1, size)
    while len(places) > count:
        inverse = torch.linalg.inv(gram[places.flatten()][:, places.flatten()])
        lost = _losses(wanted[:, places.flatten()] @ inverse, inverse, size)
        leaving = lost.argsort()[: min(step, len(places) - count)]
        stays = torch.ones(len(places), dtype=torch.bool)
        stays[leaving] = False
        places = places[stays]
    kept = places.flatten()
    return kept, torch.linalg.solve(gram[kept][:, kept], wanted[:, kept].T).T.float()


def _losses(weights: Tensor, inverse: Tensor, size: int) -> Tensor:
    """How much each group's leaving costs once the others are refitted."""
    groups = weights.reshape(len(weights), -1, size).transpose(0, 1)  # (groups, outputs, size)
    blocks = inverse.reshape(-1, size, len(inverse) // size, size).diagonal(dim1=0, dim2=2).permute(2, 0, 1)
    lost: Tensor = (groups.transpose(1, 2) * torch.linalg.solve(blocks, groups.transpose(1, 2))).sum(dim=(1, 2))
    return lost
