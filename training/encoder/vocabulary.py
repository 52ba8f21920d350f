"""The base vocabulary pruned to what Chinese official text uses, and the tokenizer that ships."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from gongkai.model.folding import fold
from gongkai.training.encoder.packed import Packed

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
UNKNOWN = SPECIAL.index("<unk>")


def tokenizer_of(pieces: Sequence[tuple[str, float]], unknown: int) -> Tokenizer:
    """A unigram tokenizer over folded text; blanks and line ends all count as one blank."""
    tokenizer = Tokenizer(models.Unigram([(text, score) for text, score in pieces], unk_id=unknown))
    tokenizer.normalizer = normalizers.Replace(Regex(r"\s+"), " ")
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def counted(packed: Packed, texts: Iterable[str]) -> Counter[int]:
    """How often each base piece is used in the texts."""
    tokenizer = tokenizer_of(packed.vocabulary, packed.sizes.unknown)
    counts: Counter[int] = Counter()
    for text in texts:
        counts.update(tokenizer.encode(fold(text), add_special_tokens=False).ids)
    return counts


def pruned(packed: Packed, counts: Counter[int], least: int) -> list[int]:
    """Base ids to keep after the special pieces: every single Chinese character and ASCII sign, and used pieces."""
    return [
        i
        for i, (text, _) in enumerate(packed.vocabulary)
        if i > packed.sizes.unknown and text != "<mask>" and (counts[i] >= least or _single(text.strip("▁")))
    ]


def _single(text: str) -> bool:
    return len(text) <= 1 and (text.isascii() or "\u3400" <= text <= "\u9fff")


def coverage(tokenizer: Tokenizer, texts: Iterable[str]) -> dict[str, float]:
    """Pieces a thousand characters and the share of unknown pieces, to be reported with the vocabulary."""
    pieces = unknown = characters = 0
    for text in texts:
        ids = tokenizer.encode(fold(text), add_special_tokens=False).ids
        pieces, unknown, characters = pieces + len(ids), unknown + ids.count(UNKNOWN), characters + len(text)
    return {"pieces_per_1000_characters": 1000 * pieces / characters, "unknown_share": unknown / pieces}


def small_tokenizer(packed: Packed, kept: Sequence[int]) -> Tokenizer:
    """The tokenizer over the special pieces and the kept ones, in this order."""
    rows = [(text, 0.0) for text in SPECIAL] + [packed.vocabulary[i] for i in kept]
    return tokenizer_of(rows, UNKNOWN)


def save_tokenizer(tokenizer: Tokenizer, path: Path) -> None:
    """One line of JSON: the file that the tokenizers package reads."""
    path.write_text(json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")), "utf-8")
