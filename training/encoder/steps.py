"""One step down the gradient, the same in every training loop."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def descend(model: nn.Module, loss: Tensor, optimizer: torch.optim.Optimizer, most: float = 1.0) -> float:
    """Backward, gradients cut to a norm of at most `most`, one step; the loss as a number."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    nn.utils.clip_grad_norm_(model.parameters(), most)
    optimizer.step()
    return float(loss.detach())
