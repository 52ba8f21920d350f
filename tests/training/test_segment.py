"""Official vocabulary: what is taught, what is cut, and which words become terms."""

from __future__ import annotations

from itertools import product

import pytest

pytest.importorskip("spacy_pkuseg", reason="the segmenter is trained with spacy-pkuseg (pip install gongkai[training])")

from gongkai.training import segment as segmenting
from gongkai.training.authored import CorpusError
from gongkai.training.segment import Amounts, Counts, agreement, sampled, segment, terms

OFFICES = ("县自然资源局", "市场监督管理局", "区民政局")
DEEDS = ("审查商业秘密", "公开行政处罚的结果", "通报安全隐患", "登记行政许可的申请", "保护个人隐私")
ENDS = ("由赵一鸣同志负责联系。", "并于每年年底向社会公布。", "具体办法另行制定。")
PROSE = [
    f"{office}应当依照规定{deed},{end}\n{office}负责{deed}的工作,{end}"
    for office, deed, end in product(OFFICES, DEEDS, ENDS)
]
SMALL = Amounts(taught=200, tested=10, rounds=6, words_in=6, pairs_in=6, closeness=0.3)


class Words(frozenset[str]):
    """Stands for the segmenter's dictionary."""


KINDS = {
    "甲方": "n",
    "乙方": "n",
    "跑": "v",
    "约谈": "v",
    "处罚": "vn",
    "很快": "ad",
    "青禾": "LOC",
    "事项": "n",
    "赵鸣": "n",
}
KINDS |= {"王牌": "n", "三方": "n", "长宁": "nz"}


def tagged(word: str) -> list[tuple[str, str]]:
    """Words as the table has them, else pairs of characters."""
    parts = [word] if word in KINDS else [word[:2], word[2:]]
    return [(part, KINDS.get(part, "d")) for part in parts if part]


def counted(*lines: str, times: int = 10) -> Counts:
    counts = Counts()
    for _ in range(times):
        counts.add([line.split() for line in [*lines, "填 充", "其 他", "文 字", "若 干"]])
    return counts


CASES = {
    "a word that the dictionary lacks": (counted("约谈"), ["约谈"]),
    "one that it has": (counted("事项"), []),
    "in too few documents": (counted("约谈", times=5), []),
    "neither noun nor verb": (counted("很快"), []),
    "a place": (counted("青禾"), []),
    "a name in its lines": (counted("长宁"), []),
    "a surname that was never taught": (counted("赵鸣"), []),
    "a surname that was taught": (counted("王牌"), ["王牌"]),
    "a numeral": (counted("三方"), []),
    "cut by the tagger": (counted("很快处罚"), []),
    "cut into nouns by the tagger": (counted("甲方处罚"), ["甲方处罚"]),
    "close nouns": (counted("事项 处罚"), ["事项处罚", "处罚"]),
    "nouns with a mark between": (counted("事项 , 处罚"), ["处罚"]),
    "a verb before a noun": (counted("约谈 甲方"), ["甲方", "约谈"]),
    "nouns that meet by chance": (counted("甲方 乙方", *["甲方", "乙方"] * 9), ["乙方", "甲方"]),
}


@pytest.mark.parametrize("counts, expected", CASES.values(), ids=CASES)
def test_terms(counts, expected):
    rows = [[("王牌", "n"), ("长宁", "nz")], [("长宁", "LOC")]]
    found = terms(counts, rows, Words({"事项"}), tagged, SMALL)
    assert [term for term, _ in found] == expected


def test_the_commonest_comes_first():
    counts = counted("约谈 , 处罚")
    counts.add([["处罚"]])
    assert terms(counts, [], Words(), lambda word: [(word, KINDS.get(word, "d"))], SMALL) == [
        ("处罚", 11),
        ("约谈", 10),
    ]


@pytest.mark.parametrize(
    "said, expected",
    [(["行政", "许可", "证"], 1.0), (["行政许可证"], 0.0), (["行政", "许可证"], 0.4)],
)
def test_agreement(said, expected):
    gold = [[("行政", "n"), ("许可", "vn"), ("证", "n")]]
    assert agreement(gold, lambda text: said if text == "行政许可证" else []) == expected


def test_lines_are_folded_different_and_of_fair_length():
    text = "第一行太短\n申请人应当如实提交有关材料；受理机关应当当场作出决定。\n" + "长" * 200
    expected = {"申请人应当如实提交有关材料;", "受理机关应当当场作出决定。"}
    assert set(sampled([text, text], SMALL)) == expected
    assert len(sampled([text], Amounts(taught=1, tested=0))) == 1


def test_no_more_is_cut_than_asked_for(monkeypatch):
    read: list[str] = []
    amounts = Amounts(characters=10, document=6)
    assert segmenting.counted(["一" * 9] * 5, lambda line: read.append(line) or [], amounts)[1] == 2
    assert read == ["一" * 6] * 2


def test_a_model_learns_from_lac_and_finds_terms(tmp_path, linear_folder, capsys):
    found = segment(PROSE, linear_folder, tmp_path, SMALL)
    rows = dict(line.split("\t") for line in (tmp_path / "terms.tsv").read_text("utf-8").splitlines())
    assert found["lines"] == 90 and found["documents"] == len(PROSE) and found["terms"] == len(rows)
    assert found["agreement"] > 0.9
    assert {"商业秘密", "行政处罚", "安全隐患", "个人隐私"} <= set(rows)
    assert not [term for term in rows if "赵" in term or term in OFFICES or term == "规定"]
    assert (tmp_path / "pkuseg" / "weights.npz").is_file() and not list(tmp_path.rglob("*.pkl"))
    assert capsys.readouterr().out == ""


def test_too_little_prose_is_told(tmp_path, linear_folder):
    with pytest.raises(CorpusError, match="太少"):
        segment(PROSE[:3], linear_folder, tmp_path, SMALL)
    assert list(tmp_path.iterdir()) == []
