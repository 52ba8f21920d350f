"""What a training run is made of; every value has been chosen by cross-validation over unseen groups."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Config:
    """Strengths are inverse L2 penalties; `public_weight` weighs a real published document against an authored one."""

    attribute_strength: float = 10.0
    label_strength: float = 10.0
    public_weight: float = 0.1
    withheld_cost: float = 1.0
    least: int = 2
    most: int = 30_000
    name_strength: float = 1.0
    stay_strength: float = 0.08
    name_least: int = 3
    background_documents: int = 120
    background_characters: int = 2500
