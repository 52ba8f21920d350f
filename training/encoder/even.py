"""Even out the inner layers before their weights are cut to 8 bits.

In each layer one inner channel fires ten times stronger than all others, at the first piece of a passage. One scale for
a whole tensor would leave the others two or three bits. Dividing such a channel and multiplying its weights by the same
number changes nothing in float32 (SmoothQuant, Xiao and others 2023, with the scale of quiet channels left at one).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertModel

from gongkai.model.passages import PAD


class Evened(nn.Module):
    """A linear layer whose inputs are scaled down first."""

    scale: Tensor

    def __init__(self, dense: nn.Linear, peaks: Tensor, ceiling: float) -> None:
        super().__init__()
        strength = (peaks / ceiling).clamp(min=1)
        self.register_buffer("scale", 1 / strength)
        self.dense = nn.Linear(dense.in_features, dense.out_features)
        self.dense.weight = nn.Parameter(dense.weight.detach() * strength)
        self.dense.bias = dense.bias

    def forward(self, states: Tensor) -> Tensor:
        """The same product as before."""
        return self.dense(states * self.scale)  # type: ignore[no-any-return]


def even_out(backbone: BertModel, ids: Sequence[Tensor], ceiling: float) -> None:
    """Replace, in place, the product that leaves each inner layer; peaks are measured on ids (passages, pieces)."""
    layers: Any = backbone.encoder.layer
    peaks = [torch.zeros(layer.output.dense.in_features) for layer in layers]

    def watch(place: int) -> Any:  # noqa: ANN401 - torch names no type for a hook
        def seen(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            peaks[place] = torch.maximum(peaks[place], inputs[0].abs().amax(dim=(0, 1)))

        return layers[place].output.dense.register_forward_pre_hook(seen)

    hooks = [watch(place) for place in range(len(layers))]
    backbone.train(False)
    with torch.inference_mode():
        for batch in ids:
            backbone(input_ids=batch, attention_mask=(batch != PAD).float())
    for hook in hooks:
        hook.remove()
    for layer, peak in zip(layers, peaks, strict=True):
        layer.output.dense = Evened(layer.output.dense, peak.clone(), ceiling)
