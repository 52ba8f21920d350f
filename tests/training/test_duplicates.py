"""Near duplicates against exact similarity, which they must equal."""

from __future__ import annotations

import pytest

pytest.importorskip("datasketch", reason="training needs datasketch (pip install gongkai[training])")

from papers import PAPERS

from gongkai.training.duplicates import Pair, clusters, joined, nearest, pairs, same, shingles, similarity

TEXT = "".join(chr(0x5000 + place * 7) for place in range(300))


def changed(share: int) -> str:
    """TEXT with its last `share` characters replaced."""
    return TEXT[: len(TEXT) - share] + "".join(chr(0x7000 + place * 3) for place in range(share))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("青禾县人民政府", "青禾县人民政府", 1.0),
        ("青禾县人民政府", "青禾縣 人民\n政府", 1.0),
        ("2023年第12号公告如下", "２０２４年第7号公告如下", 1.0),
        ("共一百二十户受理登记", "共三十五户受理登记", 1.0),
        ("一二", "", 0.0),
        ("", "", 0.0),
        ("甲乙", "甲乙", 1.0),
        ("abcdefg", "abcdefh", 0.5),
        ("abcdef", "uvwxyz", 0.0),
    ],
)
def test_similarity(one, other, expected):
    assert similarity(shingles(one), shingles(other)) == expected


@pytest.mark.parametrize(("share", "found"), [(0, 1), (10, 1), (45, 1), (60, 0), (150, 0)])
def test_pairs_are_those_at_the_threshold(share, found):
    exact = (296 - share) / (296 + share)
    assert len(pairs([TEXT, changed(share)], 0.7)) == found == (exact >= 0.7)
    assert pairs([TEXT, changed(share)], exact) == [Pair(0, 1, pytest.approx(exact))]


@pytest.mark.parametrize("threshold", [0, -1, 1.1])
def test_no_such_threshold(threshold):
    with pytest.raises(ValueError, match="similarity"):
        pairs([TEXT], threshold)


def test_clusters_reach_over_steps():
    texts = [changed(0), PAPERS["notice"], PAPERS["list"], changed(40), changed(80), ""]
    assert [pair.second for pair in pairs(texts) if pair.first == 0] == [3]
    assert clusters(texts) == [[0, 3, 4], [1], [2], [5]]


def test_clusters_of_nothing():
    assert (clusters([]), clusters(["", ""]), pairs([])) == ([], [[0], [1]], [])


def test_the_nearest_is_the_most_similar():
    found = nearest([PAPERS["notice"], TEXT, ""], [changed(40), changed(5), PAPERS["approval"]])
    assert [(pair.first, pair.second) for pair in found] == [(1, 1)]
    assert nearest([TEXT], []) == []


def test_only_papers_made_from_one_another_are_duplicates():
    names = list(PAPERS)
    found = {(names[pair.first], names[pair.second]) for pair in pairs(list(PAPERS.values()))}
    assert found == {("classified", "declassified"), ("request", "wrongly-marked")}


@pytest.mark.parametrize(
    ("links", "expected"),
    [([], [[0], [1], [2], [3]]), ([(3, 1), (1, 0)], [[0, 1, 3], [2]]), ([(0, 1), (2, 3), (3, 0)], [[0, 1, 2, 3]])],
)
def test_joined(links, expected):
    assert joined(4, links) == expected


def test_same():
    assert list(same(["a", "b", "a", "a", "b"])) == [(0, 2), (0, 3), (1, 4)]
