"""The tagging network: characters, pairs of them and word edges, through dilated convolutions, to O, B and I."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from gongkai.training.config import Tagger


class Block(nn.Module):
    """A dilated convolution over three places, added to what came in."""

    def __init__(self, width: int, reach: int) -> None:
        super().__init__()
        self.look = nn.Conv1d(width, width, 3, padding=reach, dilation=reach, bias=False)
        self.norm = nn.BatchNorm1d(width)

    def forward(self, states: Tensor) -> Tensor:
        """(rows, width, characters) -> the same."""
        found: Tensor = states + torch.relu(self.norm(self.look(states)))
        return found


class Network(nn.Module):
    """One score for each of O, B and I at every character."""

    def __init__(self, characters: int, config: Tagger) -> None:
        super().__init__()
        self.characters = nn.Embedding(characters, config.character)
        self.pairs = nn.Embedding(config.buckets, config.pair)
        self.edges = nn.Embedding(4, config.edge)
        nn.init.normal_(self.pairs.weight, std=0.1)
        width = config.width
        self.entry = nn.Conv1d(config.character + 2 * config.pair + config.edge, width, 1, bias=False)
        self.norm = nn.BatchNorm1d(width)
        self.blocks = nn.Sequential(*(Block(width, reach) for reach in config.reaches))
        self.drop = nn.Dropout(config.dropout)
        self.exit = nn.Conv1d(width, 3, 1)

    def forward(self, ids: Tensor, pairs: Tensor, edges: Tensor) -> Tensor:
        """ids, edges (rows, characters), pairs (rows, characters + 1) -> scores (rows, 3, characters)."""
        joined = self.pairs(pairs)
        parts = (self.characters(ids), joined[:, :-1], joined[:, 1:], self.edges(edges))
        states = torch.relu(self.norm(self.entry(torch.cat(parts, dim=2).transpose(1, 2))))
        scores: Tensor = self.exit(self.drop(self.blocks(states)))
        return scores
