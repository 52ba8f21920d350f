"""The judging network: passages of a document -> scores for attribute, category and negative-list clauses.

Each label looks at all passages of a document with its own attention, so that what decided can be shown; given that
attention, a label's score is a plain sum over pieces, which is how a sentence's share in it is read off.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from transformers import BertModel

from gongkai.training.encoder.vocabulary import SPECIAL

PAD = SPECIAL.index("<pad>")
KINDS = 4
LOOK, SHARE = 64, 128
SCALE = 4.0


@dataclass(frozen=True, slots=True)
class Answer:
    """Scores (documents, labels), attention (documents, labels, passages), piece shares (passages, pieces, SHARE)."""

    scores: Tensor
    attention: Tensor
    shares: Tensor


class Judge(nn.Module):
    """Backbone, label-wise attention over passages, one linear score a label.

    The base's states share a large common part; `settle` takes it out, so that the heads see what differs.
    """

    centre: Tensor
    spread: Tensor

    def __init__(self, backbone: BertModel, labels: int) -> None:
        super().__init__()
        width = backbone.config.hidden_size
        self.backbone = backbone
        self.register_buffer("centre", torch.zeros(width))
        self.register_buffer("spread", torch.ones(width))
        self.kinds = nn.Embedding(KINDS, LOOK)
        self.look = nn.Linear(width, LOOK)
        self.queries = nn.Parameter(torch.randn(labels, LOOK) * 0.02)
        self.share = nn.Linear(width, SHARE)
        self.weights = nn.Parameter(torch.randn(labels, SHARE) * 0.02)
        self.bias = nn.Parameter(torch.zeros(labels))
        self.drop = nn.Dropout(0.1)

    def settle(self, means: Tensor) -> None:
        """Take centre and spread from means of passages, of shape (passages, width)."""
        self.centre.copy_(means.mean(dim=0))
        self.spread.copy_(means.std(dim=0).clamp(min=1e-4) * math.sqrt(means.shape[1]) / SCALE)

    def states(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """Last states of the pieces, and the weight of each piece in its passage's mean (0 for padding)."""
        real = (ids != PAD).to(self.queries.dtype)
        states = self.backbone(input_ids=ids, attention_mask=real).last_hidden_state
        return states, real / real.sum(dim=1, keepdim=True).clamp(min=1)

    def means(self, ids: Tensor) -> Tensor:
        """Mean states of passages, as the backbone gives them, of shape (passages, width)."""
        states, part = self.states(ids)
        return (states * part.unsqueeze(-1)).sum(dim=1)

    def normal(self, states: Tensor) -> Tensor:
        """States or means without their common part."""
        return (states - self.centre) / self.spread

    def judge(self, means: Tensor, kinds: Tensor, places: Tensor) -> tuple[Tensor, Tensor]:
        """Scores and attention from means of passages; see `forward`."""
        known = self.drop(self.normal(means))
        looks = self.look(known) + self.kinds(kinds)
        present = places > 0
        rows = (places - 1).clamp(min=0)
        sight = torch.einsum("dpk,lk->dlp", looks[rows], self.queries) / math.sqrt(LOOK)
        attention = sight.masked_fill(~present.unsqueeze(1), -1e4).softmax(dim=-1)
        return torch.einsum("dlp,dps,ls->dl", attention, self.share(known)[rows], self.weights) + self.bias, attention

    def forward(self, ids: Tensor, kinds: Tensor, places: Tensor) -> Answer:
        """Judge a batch.

        ids (passages, pieces); kinds (passages); places (documents, most): each passage's row plus one, 0 for none.
        """
        states, part = self.states(ids)
        scores, attention = self.judge((states * part.unsqueeze(-1)).sum(dim=1), kinds, places)
        return Answer(scores, attention, self.share(self.normal(states)) * part.unsqueeze(-1))
