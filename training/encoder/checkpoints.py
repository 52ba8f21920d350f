"""Checkpoints in safetensors: weights, optimiser state and the step that comes next. No pickles."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from gongkai.model.errors import GongkaiError


class OtherNetwork(GongkaiError):
    """A checkpoint was written by a network of another shape."""

    slug = "other-network"
    title = "检查点不符"


def _shapes(weights: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: value.shape for name, value in weights.items()}


def save(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer | None, step: int, **facts: Any) -> None:  # noqa: ANN401
    """Write whole or not at all: a run that is stopped in between keeps the earlier checkpoint."""
    tensors = {"model." + name: value.detach().clone() for name, value in model.state_dict().items()}
    if optimizer is not None:
        for place, state in optimizer.state_dict()["state"].items():
            for name, value in state.items():
                tensors[f"state.{place}.{name}"] = torch.as_tensor(value).clone()
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    save_file(tensors, half, {"step": str(step), "facts": json.dumps(facts)})
    os.replace(half, path)


def resume(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer | None = None) -> int:
    """Load weights and optimiser state in place; the step that comes next, 0 when there is no checkpoint.

    Raises OtherNetwork.
    """
    if not path.is_file():
        return 0
    states: dict[int, dict[str, Tensor]] = {}
    weights = {}
    with safe_open(path, "pt") as file:
        for key in file.keys():  # noqa: SIM118 - not a mapping
            kind, _, rest = key.partition(".")
            if kind == "model":
                weights[rest] = file.get_tensor(key)
            else:
                place, _, name = rest.partition(".")
                states.setdefault(int(place), {})[name] = file.get_tensor(key)
        step = int(file.metadata()["step"])
    if _shapes(weights) != _shapes(model.state_dict()):
        raise OtherNetwork(f"{path.name} 属于另一种形状的网络，请把它移走后重新运行写出它的那一步。")
    model.load_state_dict(weights)
    if optimizer is not None and states:
        optimizer.load_state_dict({"state": states, "param_groups": optimizer.state_dict()["param_groups"]})
    return step
