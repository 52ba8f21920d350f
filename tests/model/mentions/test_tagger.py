"""The name tagger: characters as numbers, probabilities as places, and what the shipped network finds."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest

from gongkai.model.document import Document, Span
from gongkai.model.errors import ModelFolderError
from gongkai.model.mentions import tagger as module
from gongkai.model.mentions.tagger import DIGIT, FIRST, HAN, LATIN, OTHER, Alphabet, PersonTagger, Tags, word_edges

ALPHABET = Alphabet("张三·\n", 1024)


@pytest.fixture(scope="module")
def tagger():
    return PersonTagger()


def tags(*shares: tuple[float, float, float]) -> Tags:
    return Tags(np.array(shares, dtype=np.float32))


OUT, BEGIN, INSIDE = (0.98, 0.01, 0.01), (0.05, 0.9, 0.05), (0.1, 0.1, 0.8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("张三", [FIRST, FIRST + 1]),
        ("·\n", [FIRST + 2, FIRST + 3]),
        ("垚", [HAN]),
        ("𠮷", [HAN]),
        ("7", [DIGIT]),
        ("aZ", [LATIN, LATIN]),
        ("。�", [OTHER, OTHER]),
    ],
)
def test_characters_are_numbers(text, expected):
    assert ALPHABET.ids(text).tolist() == expected


def test_pairs_are_those_of_neighbours():
    one, other = (ALPHABET.pairs(ALPHABET.ids(text)).tolist() for text in ("张三", "x张三"))
    assert len(one) == 3
    assert one[1] == other[2]
    assert one[0] != other[1]
    assert all(0 <= pair < 1024 for pair in one + other)


@pytest.mark.parametrize(
    ("offsets", "expected"), [([0, 1], [0]), ([0, 2], [1, 2]), ([0, 1, 5], [0, 1, 3, 3, 2]), ([0, 3, 4], [1, 3, 2, 0])]
)
def test_word_edges(offsets, expected):
    assert word_edges(offsets).tolist() == expected


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([OUT, OUT], []),
        ([OUT, BEGIN, INSIDE, OUT], [(1, 3)]),
        ([BEGIN, INSIDE], [(0, 2)]),
        ([BEGIN, INSIDE, BEGIN, INSIDE, OUT], [(0, 2), (2, 4)]),
        ([OUT, INSIDE, INSIDE], [(1, 3)]),
        ([BEGIN, OUT, BEGIN], [(0, 1), (2, 3)]),
        ([(0.69, 0.3, 0.01), OUT], [(0, 1)]),
        ([(0.71, 0.28, 0.01), OUT], []),
    ],
    ids=["none", "one", "whole", "two", "headless", "apart", "faint", "too faint"],
)
def test_people_are_cut_out_of_probabilities(shares, expected):
    assert tags(*shares).people() == [Span(*place) for place in expected]


def test_what_is_said_of_places():
    exact, mean, running = tags(OUT, BEGIN, INSIDE, OUT).of_spans([Span(1, 3), Span(1, 2), Span(2, 3), Span(0, 4)])
    assert exact.tolist() == pytest.approx([0.9 * 0.8 * 0.99, 0.9 * 0.2, 0.1 * 0.99, 0.01 * 0.05 * 0.8 * 0.01])
    assert mean.tolist() == pytest.approx([0.925, 0.95, 0.9, (0.02 + 0.95 + 0.9 + 0.02) / 4])
    assert running.tolist() == pytest.approx([0.02 * 0.05, 0.02 * 0.05, 0.95 * 0.8, 0.0])


def test_no_places_no_answers():
    assert [len(part) for part in tags(OUT).of_spans([])] == [0, 0, 0]


def test_probabilities_of_one_character_sum_to_one():
    found = Tags.of(np.array([[900.0, 1.0, 1.0], [-3.0, 2.0, 0.5]], dtype=np.float32))
    assert found.shares.sum(axis=1).tolist() == pytest.approx([1.0, 1.0])


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("联系人：张伟，电话见附件。", ["张伟"]),
        ("申请人欧阳晓芸与被申请人王建国达成协议。", ["欧阳晓芸", "王建国"]),
        ("姓名  性别\n李娜  女\n赵志强  男\n", ["李娜", "赵志强"]),
        ("被询问人：阿依古丽·买买提，住本村。", ["阿依古丽·买买提"]),
        ("經辦人：陳麗華", ["陳麗華"]),
        ("签收人：王　芳（签字）", ["王　芳"]),
        ("谢卫东，男，大学学历。", ["谢卫东"]),
        ("关于印发全县安全生产工作要点的通知", []),
    ],
    ids=["field", "compound", "column", "minority", "traditional", "spaced", "first", "none"],
)
def test_the_shipped_network_finds_names(screener, tagger, text, names):
    assert [span.of(text) for span in tagger(screener.reading(Document("", text))).people()] == names


def test_a_long_text_in_parts_is_the_same(screener, tagger, monkeypatch):
    reading = screener.reading(Document("", "经办人：刘洋，审核：陈静。本周共检查企业三家。\n" * 20))
    whole = tagger(reading).shares
    monkeypatch.setattr(module, "PART", 64)
    assert np.abs(tagger(reading).shares - whole).max() < 1e-4


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("tagger.json", None),
        ("tagger.json", b""),
        ("tagger.json", b"{}"),
        ("tagger.json", b"{"),
        ("tagger.onnx", b""),
        ("tagger.onnx", b"{}"),
    ],
)
def test_a_damaged_folder_is_refused(tmp_path, file, content):
    weights = module.resources.files("gongkai.model.weights")
    for name in ("tagger.json", "tagger.onnx"):
        shutil.copyfile(str(weights / name), tmp_path / name)
    (tmp_path / file).unlink()
    if content is not None:
        (tmp_path / file).write_bytes(content)
    with pytest.raises(ModelFolderError, match="人名识别模型"):
        PersonTagger(tmp_path)


def test_the_characters_are_those_of_the_network(tmp_path):
    weights = module.resources.files("gongkai.model.weights")
    shutil.copyfile(str(weights / "tagger.onnx"), tmp_path / "tagger.onnx")
    content = json.loads((weights / "tagger.json").read_text("utf-8"))
    content["characters"] += "龘靐齉"
    (tmp_path / "tagger.json").write_text(json.dumps(content), "utf-8")
    with pytest.raises(ModelFolderError, match="人名识别模型"):
        PersonTagger(tmp_path)


def test_a_folder_without_a_tagger_has_the_shipped_one(tmp_path, tagger):
    assert PersonTagger(tmp_path).alphabet == tagger.alphabet
