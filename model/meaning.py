"""The meaning of a document as one vector, from what the encoder made of it anyway."""

from __future__ import annotations

import numpy as np

from gongkai.model.encoder import Read


def meaning(read: Read) -> bytes:
    """The mean of the passages' states, as the judging heads see them: 16-bit floats of unit length, little-endian.

    A passage's shares are its pieces' states, weighed so that their sum is its mean state.
    """
    mean = read.shares.sum(axis=1, dtype=np.float32).mean(axis=0)
    length = float(np.linalg.norm(mean)) or 1.0
    return bytes((mean / length).astype("<f2"))
