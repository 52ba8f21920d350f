"""The network as it ships: layers work on real pieces alone, without the padding of short passages.

Of four passages of a document nearly a third is padding; only attention, which compares the pieces of one passage,
sees it. One product gives query, key and value, so that its input is cut to 8 bits once; what is the same for every
document (the root of the width of a head, centre and spread, the type of a piece) is in the weights beforehand.
"""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from gongkai.model.passages import PAD, WINDOW
from gongkai.training.encoder.even import Evened
from gongkai.training.encoder.network import LOOK, Judge

HIDDEN = -1e4  # added to the sight of padding


class Product(nn.Module):
    """A linear layer as a plain product: the exporter would make another operator of it, which is not cut to 8 bits."""

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(weight.detach().T.contiguous().clone())
        self.bias = nn.Parameter(bias.detach().clone())

    def forward(self, states: Tensor) -> Tensor:
        """(rows, inputs) -> (rows, outputs)."""
        return states @ self.weight + self.bias


def product(dense: Any) -> Product:  # noqa: ANN401 - torch names no type for the parts of a layer
    """A linear layer as such a product."""
    return Product(dense.weight, dense.bias)


def placed(embeddings: Any, most: int) -> nn.Parameter:  # noqa: ANN401
    """What the first `most` places add to their pieces, with the type of a piece, of which there is one."""
    types = embeddings.token_type_embeddings.weight[0]
    return nn.Parameter((embeddings.position_embeddings.weight[:most] + types).detach().clone())


class Layer(nn.Module):
    """One layer of the backbone, on the real pieces of all passages in one block."""

    scale: Tensor

    def __init__(self, layer: Any) -> None:  # noqa: ANN401
        super().__init__()
        part, out, second = layer.attention.self, layer.attention.output, layer.output.dense
        self.heads, self.size = part.num_attention_heads, part.attention_head_size
        root = 1 / math.sqrt(self.size)
        weights = [part.query.weight * root, part.key.weight, part.value.weight]
        self.looks = Product(torch.cat(weights), torch.cat([part.query.bias * root, part.key.bias, part.value.bias]))
        self.seen, self.norm = product(out.dense), out.LayerNorm
        self.first, self.last_norm = product(layer.intermediate.dense), layer.output.LayerNorm
        evened = isinstance(second, Evened)
        self.register_buffer("scale", second.scale if evened else torch.ones(second.in_features))
        self.second = product(second.dense if evened else second)

    def forward(self, states: Tensor, block: Tensor, rows: Tensor, hidden: Tensor) -> Tensor:
        """states (real pieces, width), block (passages, pieces): where each stands among the real; rows: and back."""
        looks = self.looks(states)[block.flatten()].reshape(*block.shape, 3, self.heads, self.size)
        query, key, value = looks.permute(2, 0, 3, 1, 4)
        sight = (query @ key.transpose(2, 3) + hidden).softmax(dim=-1)
        return self._beyond(states, (sight @ value).transpose(1, 2).reshape(-1, self.heads * self.size)[rows])

    def alone(self, states: Tensor) -> Tensor:
        """The same for one passage: (pieces, width)."""
        query, key, value = self.looks(states).reshape(-1, 3, self.heads, self.size).permute(1, 2, 0, 3)
        sight = (query @ key.transpose(1, 2)).softmax(dim=-1)
        return self._beyond(states, (sight @ value).transpose(0, 1).reshape(-1, self.heads * self.size))

    def _beyond(self, states: Tensor, met: Tensor) -> Tensor:
        states = self.norm(states + self.seen(met))
        inner = nn.functional.gelu(self.first(states)) * self.scale
        return self.last_norm(states + self.second(inner))  # type: ignore[no-any-return]


class Unpadded(nn.Module):
    """The network for the passages of one document, with the answers of `Judge`."""

    def __init__(self, model: Judge) -> None:
        super().__init__()
        embeddings: Any = model.backbone.embeddings
        self.words, self.norm = embeddings.word_embeddings, embeddings.LayerNorm
        self.places = placed(embeddings, WINDOW)
        self.layers = nn.ModuleList(Layer(layer) for layer in model.backbone.encoder.layer)
        self.layers[-1].last_norm = _settled(self.layers[-1].last_norm, model)
        self.kinds, self.look, self.queries = model.kinds, model.look, model.queries
        self.share, self.weights, self.bias = product(model.share), model.weights, model.bias

    def forward(self, ids: Tensor, kinds: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """ids (passages, pieces), kinds (passages) -> scores (labels), attention (labels, passages), shares."""
        real = ids != PAD
        rows = real.flatten().nonzero().squeeze(1)
        block = (real.flatten().long().cumsum(0) - 1).clamp(min=0).reshape(ids.shape)
        at = torch.arange(ids.shape[1]).expand(ids.shape).flatten()[rows]
        states = self.norm(self.words(ids.flatten()[rows]) + self.places[at])
        hidden = ((~real).float() * HIDDEN)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, block, rows, hidden)
        part = (real.float() / real.float().sum(dim=1, keepdim=True)).unsqueeze(-1)
        return self._judged(_apart(states, block) * part, kinds, _apart(self.share(states), block) * part)

    def _judged(self, known: Tensor, kinds: Tensor, shares: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        looks = self.look(known.sum(dim=1)) + self.kinds(kinds)
        attention = (self.queries @ looks.T / math.sqrt(LOOK)).softmax(dim=-1)
        return ((attention @ shares.sum(dim=1)) * self.weights).sum(dim=-1) + self.bias, attention, shares


def _apart(states: Tensor, block: Tensor) -> Tensor:
    """(real pieces, width) -> (passages, pieces, width); padding repeats what stands before it."""
    return states[block.flatten()].reshape(*block.shape, states.shape[1])


def _settled(norm: Any, model: Judge) -> nn.LayerNorm:  # noqa: ANN401
    """The last normalisation with the common part of the means taken out, as `Judge.normal` does."""
    made = nn.LayerNorm(norm.normalized_shape, eps=norm.eps)
    made.weight = nn.Parameter((norm.weight / model.spread).detach().clone())
    made.bias = nn.Parameter(((norm.bias - model.centre) / model.spread).detach().clone())
    return made
