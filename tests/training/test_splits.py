"""Held-out documents and folds never share a group or a near duplicate with training."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("datasketch", reason="training needs datasketch (pip install gongkai[training])")

from gongkai.model.document import Document
from gongkai.training.authored import CorpusError, Example, read_folder
from gongkai.training.duplicates import pairs
from gongkai.training.splits import Rule, clustered_folds, grouped_folds, held_out, read_rule

ROOT = Path(__file__).parents[2]


def text(seed: int) -> str:
    return "".join(chr(0x4E00 + (place * 31 + seed * 977) % 9000) for place in range(200))


def example(name: str, content: str, genre: str = "", issuer: str = "") -> Example:
    labels = ("proactive", frozenset({"proactive"}), (), (), frozenset(), False, "", ())
    return Example(Document(name, content), *labels, group=name.split("-")[0], genre=genre, issuer=issuer)


EXAMPLES = [
    example("a-1", text(1), "公告"),
    example("a-2", text(2), "函", "青禾县教育局"),
    example("b-1", text(3), "公告", "岷阳市公安局"),
    example("b-2", text(1) + "续", "决定"),
    example("c-1", text(4), "决定"),
    example("d-1", text(5)),
]


@pytest.mark.parametrize(
    ("rule", "ids"),
    [
        (Rule(), []),
        (Rule(groups=frozenset({"c"})), ["c-1"]),
        (Rule(groups=frozenset({"a"})), ["a-1", "a-2", "b-2"]),
        (Rule(genres=frozenset({"决定"})), ["a-1", "b-2", "c-1"]),
        (Rule(agencies=("公安",)), ["b-1"]),
        (Rule(frozenset({"d"}), frozenset({"函"}), ("公安", "林业")), ["a-2", "b-1", "d-1"]),
    ],
)
def test_held_out(rule, ids):
    train, test = held_out(EXAMPLES, rule)
    assert [e.document.id for e in test] == ids
    assert [e.document.id for e in train] == [e.document.id for e in EXAMPLES if e.document.id not in ids]


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("k", [2, 3])
def test_folds(k, seed):
    folds = grouped_folds(EXAMPLES, k, seed)
    assert folds == grouped_folds(EXAMPLES, k, seed)
    assert sorted(place for _, test in folds for place in test) == list(range(len(EXAMPLES)))
    for train, test in folds:
        assert sorted(train + test) == list(range(len(EXAMPLES)))
        assert {EXAMPLES[i].group for i in train}.isdisjoint(EXAMPLES[i].group for i in test)
        assert (0 in test) == (3 in test)


def test_seeds_differ():
    many = [example(f"g{n}-1", text(n)) for n in range(12)]
    found = [grouped_folds(many, 3, seed) for seed in range(4)]
    assert any(one != other for one, other in pairwise(found))
    assert {len(test) for folds in found for _, test in folds} == {4}


@pytest.mark.parametrize("k", [0, 1, 4])
def test_more_folds_than_blocks(k):
    with pytest.raises(CorpusError, match="3 块"):
        grouped_folds(EXAMPLES, k, 0)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("k", [2, 5])
def test_folds_of_one_agency(k, seed):
    """Its groups may part, its near duplicates may not."""
    folds = clustered_folds(EXAMPLES, k, seed)
    assert folds == clustered_folds(EXAMPLES, k, seed)
    assert sorted(place for _, test in folds for place in test) == list(range(len(EXAMPLES)))
    for train, test in folds:
        assert sorted(train + test) == list(range(len(EXAMPLES)))
        assert (0 in test) == (3 in test)
    assert max(len(test) for _, test in folds) - min(len(test) for _, test in folds) <= 1
    if k == 5:
        assert any((0 in test) != (1 in test) for _, test in folds)


def test_no_more_folds_than_documents_that_differ():
    with pytest.raises(CorpusError, match="5 块"):
        clustered_folds(EXAMPLES, 6, 0)


def test_the_rule_of_the_project_holds_out_a_part():
    examples = list(read_folder(ROOT / "corpora" / "authored" / "documents"))
    train, test = held_out(examples, read_rule(ROOT / "corpora" / "heldout.toml"))
    assert 0.1 < len(test) / len(examples) < 0.35
    assert {e.attribute for e in test} == {e.attribute for e in train} == {"proactive", "on_request", "withheld"}
    both = [*train, *test]
    found = pairs([e.document.text for e in both])
    assert [pair for pair in found if pair.first < len(train) <= pair.second] == []


@pytest.mark.parametrize(
    "content",
    [b"groups = 'a'", b"groups = [1]", b"groups = ['']", b"other = []", b"groups = [", "groups = ['甲']".encode("gbk")],
)
def test_a_rule_that_is_none(tmp_path, content):
    (tmp_path / "h.toml").write_bytes(content)
    with pytest.raises(CorpusError, match=r"h\.toml"):
        read_rule(tmp_path / "h.toml")


def test_a_rule_that_is_not_there(tmp_path):
    with pytest.raises(CorpusError, match=r"h\.toml"):
        read_rule(tmp_path / "h.toml")
