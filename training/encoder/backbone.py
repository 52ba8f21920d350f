"""The base network as an ordinary torch model: chosen layers of it, over the pruned vocabulary."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from transformers import BertConfig, BertModel

from gongkai.training.encoder.packed import Packed
from gongkai.training.encoder.vocabulary import SPECIAL

PARTS = (("q", "attention.self.query"), ("k", "attention.self.key"), ("v", "attention.self.value"))
NORMS = (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm"))


def configuration(packed: Packed, pieces: int, layers: int) -> BertConfig:
    """The shape of a network of some layers over some pieces."""
    return BertConfig(
        vocab_size=pieces,
        hidden_size=packed.sizes.hidden,
        num_hidden_layers=layers,
        num_attention_heads=packed.sizes.heads,
        intermediate_size=packed.sizes.inner,
        max_position_embeddings=len(packed.vector("emb.pos")) // packed.sizes.hidden,
        type_vocab_size=len(packed.vector("emb.type")) // packed.sizes.hidden,
        layer_norm_eps=packed.sizes.epsilon,
        pad_token_id=SPECIAL.index("<pad>"),
    )


def backbone(packed: Packed, kept: Sequence[int], layers: Sequence[int]) -> BertModel:
    """A BertModel with the base's weights: `kept` pieces after the special ones, `layers` of its twelve."""
    model = BertModel(configuration(packed, len(SPECIAL) + len(kept), len(layers)), add_pooling_layer=False)
    state = {**_embeddings(packed, kept)}
    for place, layer in enumerate(layers):
        state |= _layer(packed, layer, f"encoder.layer.{place}.")
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or [name for name in missing if "position_ids" not in name]:
        raise ValueError(f"state does not fit: {missing[:3]} {unexpected[:3]}")
    return model


def _embeddings(packed: Packed, kept: Sequence[int]) -> dict[str, torch.Tensor]:
    hidden, sizes = packed.sizes.hidden, packed.sizes
    words = torch.from_numpy(packed.matrix("emb.word", sizes.pieces, hidden))
    mask = [text for text, _ in packed.vocabulary].index("<mask>")  # the table has unused rows after it
    special = words[[sizes.bos, sizes.pad, sizes.eos, sizes.unknown, mask]]
    return {
        "embeddings.word_embeddings.weight": torch.cat([special, words[list(kept)]]),
        "embeddings.position_embeddings.weight": torch.from_numpy(packed.vector("emb.pos").reshape(-1, hidden)),
        "embeddings.token_type_embeddings.weight": torch.from_numpy(packed.vector("emb.type").reshape(-1, hidden)),
        "embeddings.LayerNorm.weight": torch.from_numpy(packed.vector("emb.ln.w")),
        "embeddings.LayerNorm.bias": torch.from_numpy(packed.vector("emb.ln.b")),
    }


def _layer(packed: Packed, layer: int, prefix: str) -> dict[str, torch.Tensor]:
    hidden, inner = packed.sizes.hidden, packed.sizes.inner
    matrices = [(short, name, hidden, hidden) for short, name in PARTS]
    matrices += [("ao", "attention.output.dense", hidden, hidden), ("fi", "intermediate.dense", inner, hidden)]
    matrices += [("fo", "output.dense", hidden, inner)]
    state = {}
    for short, name, rows, columns in matrices:
        weight = packed.matrix(f"l{layer}.{short}.w", rows, columns)
        state[prefix + name + ".weight"] = torch.from_numpy(weight)
        state[prefix + name + ".bias"] = torch.from_numpy(packed.vector(f"l{layer}.{short}.b"))
    for short, name in NORMS:
        state[prefix + name + ".weight"] = torch.from_numpy(packed.vector(f"l{layer}.{short}.w"))
        state[prefix + name + ".bias"] = torch.from_numpy(packed.vector(f"l{layer}.{short}.b"))
    return state


def shallower(model: BertModel, layers: Sequence[int]) -> BertModel:
    """A copy of a backbone with some of its layers, in order."""
    config = BertConfig.from_dict({**model.config.to_dict(), "num_hidden_layers": len(layers)})
    small = BertModel(config, add_pooling_layer=False)
    small.embeddings.load_state_dict(model.embeddings.state_dict())
    for place, layer in enumerate(layers):
        small.encoder.layer[place].load_state_dict(model.encoder.layer[layer].state_dict())
    return small
