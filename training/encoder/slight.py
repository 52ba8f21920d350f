"""A word table in few bytes: fewer columns of 4 bits each, and one product back to the width of the network.

The columns are those along which the table differs most where text uses it (singular vectors, pieces weighed by how
often they occur), turned at random so that all of them carry about as much and one scale a row serves them all. The
rounding takes part in training, the step over it is taken as if it were not there (Bengio and others 2013).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

LEVELS = 7  # whole numbers on either side of nothing, in 4 bits
SCALES = 255  # the scale of a row is so many parts of the largest, in 8 bits


class Slight(nn.Module):
    """Stands in for a table of (pieces, width)."""

    def __init__(self, codes: Tensor, back: Tensor) -> None:
        super().__init__()
        self.codes = nn.Embedding(*codes.shape)
        self.codes.weight = nn.Parameter(codes)
        self.back = nn.Linear(back.shape[1], back.shape[0], bias=False)
        self.back.weight = nn.Parameter(back)

    def forward(self, ids: Tensor) -> Tensor:
        """(rows, pieces) -> (rows, pieces, width)."""
        codes = self.codes(ids)
        with torch.no_grad():
            scale, whole = rounded(codes, self.codes.weight.abs().max())
        return self.back(codes + (whole * scale - codes).detach())  # type: ignore[no-any-return]


class Packed(nn.Module):
    """The same as it ships: two columns a byte, the scale of a row in the last."""

    rows: Tensor

    def __init__(self, table: Slight) -> None:
        super().__init__()
        codes = table.codes.weight.detach()
        top = codes.abs().max()
        scale, whole = rounded(codes, top)
        self.unit = float(top) / LEVELS / SCALES
        halves = (whole + LEVELS + 1).reshape(len(whole), 2, -1)
        packed = torch.cat([halves[:, 0] * 16 + halves[:, 1], (scale / self.unit).round()], dim=1)
        self.register_buffer("rows", packed.to(torch.uint8))
        self.back = nn.Parameter(table.back.weight.detach().T.contiguous().clone())

    def forward(self, ids: Tensor) -> Tensor:
        """(pieces) -> (pieces, width)."""
        found = self.rows[ids]
        both, scale = found[:, :-1], found[:, -1:].float() * self.unit
        halves = torch.cat([both >> 4, both << 4 >> 4], dim=1)  # in bytes, where the higher bits fall away
        return (halves.float() - (LEVELS + 1)) @ self.back * scale


def rounded(codes: Tensor, top: Tensor) -> tuple[Tensor, Tensor]:
    """The scale of each row, itself a whole number of parts of the largest, and whole numbers from -7 to 7."""
    unit = top / LEVELS / SCALES
    scale = (codes.abs().amax(dim=-1, keepdim=True) / LEVELS / unit).ceil().clamp(1, SCALES) * unit
    return scale, (codes / scale).round().clamp(-LEVELS, LEVELS)


def slight(table: Tensor, counts: Tensor, columns: int, seed: int) -> Slight:
    """The table of (pieces, width) in so many columns; `counts` says how often each piece occurs."""
    words = table.detach().double()
    weighed = words * (counts.double() + 1).sqrt().unsqueeze(1)
    axes = torch.linalg.svd(weighed, full_matrices=False).Vh[:columns]
    random = torch.Generator().manual_seed(seed)
    turn = torch.linalg.qr(torch.randn(columns, columns, generator=random, dtype=torch.float64)).Q
    axes = turn @ axes
    return Slight((words @ axes.T).float().contiguous(), axes.T.float().contiguous())
