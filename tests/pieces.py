"""What the spotter may say of a text, one piece a character."""

from __future__ import annotations

import numpy as np

from gongkai.model.facts.spotter import KINDS, Spotted

NAME, STAYS, HEALTH, FIN, NUMBER, KEPT = (KINDS.index(k) for k in ("NAME", "NAME!", "HEALTH", "FIN", "OTHER", "OTHER!"))


def spotted(text: str, *told: tuple[str, int, float]) -> Spotted:
    """One piece a character; each told stretch has a probability of a kind, the rest of it and all else is nothing."""
    places = np.array([(at, at + 1) for at in range(len(text))])
    chances = np.zeros((len(text), len(KINDS)), np.float32)
    chances[:, 0] = 1.0
    for piece, kind, chance in told:
        at = text.index(piece)
        chances[at : at + len(piece), kind] = chance
        chances[at : at + len(piece), 0] -= chance
    return Spotted(places, chances)


TEXT = "张三患肺病,住院9天,自费730元。李科长到访"
