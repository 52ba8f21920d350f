"""The encoder that ships: scores, shares and what is said of a damaged one. Its file here counts characters."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from tinyencoder import write_counting

from gongkai.model.document import Document, Span
from gongkai.model.encoder import Encoder, normalised, sentence
from gongkai.model.errors import ModelFolderError
from gongkai.model.screener import Screener

pytest.importorskip("onnx", reason="the counting encoder needs onnx (pip install gongkai[training])")

LABELS = {
    "attribute": ["withheld", "proactive", "on_request"],
    "category": ["G01", "G99"],
    "clause": ["NL-21", "NL-09"],
}
TELLS = {"密": {"withheld": 2.0, "NL-21": 3.0}, "告": {"proactive": 1.0, "G01": 4.0}, "手": {"NL-09": -1.0}}
TEXT = "停水。\n    本件属工作秘密，不得外传。\n手机保持畅通；密切联系，密件退回。\n完毕。\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_counting(tmp_path_factory.mktemp("encoder"), LABELS, TELLS)


@pytest.fixture(scope="module")
def encoder(folder):
    return Encoder.read(folder)


@pytest.fixture
def copy(folder, tmp_path):
    return shutil.copytree(folder, tmp_path / "copy")


def test_scores_of_a_text(screener, encoder):
    read = encoder(screener.reading(Document("", TEXT)), ())
    assert [read.scores[head].tolist() for head in LABELS] == [[6.0, 0.0, 0.0], [0.0, 0.0], [9.0, -1.0]]
    assert read.by_label("clause") == {"NL-21": 9.0, "NL-09": -1.0}
    assert sum(map(np.exp, read.by_label("attribute").values())) == pytest.approx(1.0)
    assert read.score("attribute", "withheld") == pytest.approx(-np.log(1 + 2 * np.exp(-6)))
    assert (read.score("clause", "NL-21"), read.score("clause", "NL-30"), read.score("category", "N01")) == (9.0, 0, 0)


@pytest.mark.parametrize(
    ("head", "scores", "expected"),
    [
        ("clause", [5.0, -5.0], [5.0, -5.0]),
        ("attribute", [1.0, 1.0], [-np.log(2)] * 2),
        ("category", [1000.0, 0.0], [0.0, -1000.0]),
        ("attribute", [[0.0, np.log(3)], [np.log(3), 0.0]], [np.log([0.25, 0.75]), np.log([0.75, 0.25])]),
    ],
)
def test_normalised(head, scores, expected):
    assert normalised(head, np.array(scores)) == pytest.approx(np.array(expected))


@pytest.mark.parametrize(
    ("head", "label", "most", "sentences"),
    [
        ("clause", "NL-21", 1, ["密切联系，密件退回"]),
        ("clause", "NL-21", 5, ["密切联系，密件退回", "本件属工作秘密，不得外传"]),
        ("attribute", "withheld", 1, ["密切联系，密件退回"]),
        ("attribute", "proactive", 3, []),
        ("clause", "NL-09", 3, []),
        ("clause", "NL-30", 3, []),
        ("category", "G01", 1, []),
    ],
)
def test_evidence_is_the_sentence_that_carries_the_label(screener, encoder, head, label, most, sentences):
    reading = screener.reading(Document("", TEXT))
    found = encoder.evidence(encoder(reading, ()), reading, head, label, most)
    assert [span.of(TEXT) for span in found] == sentences


def test_the_fields_count_but_are_no_place_in_the_text(screener, encoder):
    reading = screener.reading(Document("", "停水检修。", "密件"))
    read = encoder(reading, ())
    assert read.scores["clause"].tolist() == [3.0, 0.0]
    assert encoder.evidence(read, reading, "clause", "NL-21") == []


@pytest.mark.parametrize(
    ("marks", "most", "score"),
    [
        ([], 0, 0.0),
        ([Span(1000, 1001)], 0, 3.0),
        ([Span(1000, 1001)], 3, 0.0),
        ([], 99, 3.0),
        ([Span(500, 501)], 0, 0.0),
    ],
)
def test_marks_bring_a_passage_in(screener, encoder, marks, most, score):
    text = "水" * 1000 + "密" + "水" * 1000
    read = encoder(screener.reading(Document("", text)), marks, most)
    assert read.scores["clause"].tolist() == [score, 0.0]
    assert len(read.passages) == min(most or 4, 17)
    assert read.attention.shape == (7, len(read.passages))


def test_one_encoder_serves_all_threads(screener, encoder):
    readings = [screener.reading(Document("", "密" * count + "。" + TEXT)) for count in range(40)]
    alone = [encoder(reading, ()).scores["clause"][0] for reading in readings]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda reading: encoder(reading, ()).scores["clause"][0], readings))
    assert together == alone == [9.0 + 3 * count for count in range(40)]


def test_a_folder_without_an_encoder(tmp_path):
    assert Encoder.read(tmp_path) is None


@pytest.mark.parametrize("content", [None, b"", b"garbage", b"PK\x03\x04cut off", b"[]"])
@pytest.mark.parametrize("file", ["encoder.onnx", "encoder.json", "encoder.npz", "tokenizer.json"])
def test_a_damaged_encoder(copy, file, content):
    if content is None and file == "encoder.onnx":
        pytest.skip("a folder without encoder.onnx has no encoder")
    (copy / file).unlink()
    if content is not None:
        (copy / file).write_bytes(content)
    with pytest.raises(ModelFolderError, match="请重新安装或者重新训练。"):
        Encoder.read(copy)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": {**LABELS, "clause": ["NL-21"]}},
        {"labels": {**LABELS, "category": ["G01", "G99", "N01"]}},
        {"labels": {"attribute": LABELS["attribute"]}},
        {"labels": None},
        {"passages": None},
        {"passages": 0},
        {"passages": "many"},
    ],
    ids=str,
)
def test_an_encoder_that_does_not_fit_its_card(copy, change):
    card = json.loads((copy / "encoder.json").read_text("utf-8")) | change
    (copy / "encoder.json").write_text(json.dumps(card), "utf-8")
    with pytest.raises(ModelFolderError, match="编码器读不出来"):
        Encoder.read(copy)


@pytest.mark.parametrize("weights", [np.zeros((6, 3)), np.zeros((8, 3)), np.array(["a"] * 7), np.array([{}] * 7)])
def test_label_weights_that_do_not_fit(copy, weights):
    np.savez(copy / "encoder.npz", weights=weights)
    with pytest.raises(ModelFolderError, match="编码器读不出来"):
        Encoder.read(copy)


def test_an_encoder_from_another_run(copy, folder, tmp_path):
    """Card and weights fit each other, but the network has other columns."""
    (tmp_path / "other").mkdir()
    other = write_counting(tmp_path / "other", {**LABELS, "clause": ["NL-21"]}, {"密": {"NL-21": 1.0}})
    shutil.copy(other / "encoder.onnx", copy)
    with pytest.raises(ModelFolderError, match="编码器读不出来"):
        Encoder.read(copy)


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("甲乙。丙丁。", 0, "甲乙"),
        ("甲乙。丙丁。", 2, "甲乙"),
        ("甲乙。丙丁。", 3, "丙丁"),
        ("甲乙。\n    丙丁", 3, "丙丁"),
        ("甲乙。\n    丙丁", 6, "丙丁"),
        ("甲乙\n丙丁;戊!己?庚", 5, "丙丁"),
        ("甲乙\n丙丁;戊!己?庚", 6, "戊"),
        ("甲乙\n丙丁;戊!己?庚", 10, "庚"),
        ("甲" * 100, 70, "甲" * 60),
        ("甲。。乙", 2, "。"),
        ("甲\n", 1, "甲"),
    ],
)
def test_sentence(text, at, expected):
    assert sentence(text, at).of(text) == expected


# ---- in the screener ----

PLAIN = """青禾县水务局关于停水检修工作的函

县住建局：
    请密切配合做好检修工作。
    停水时间为8时至18时。

青禾县水务局
2024年4月28日
"""


def test_a_clause_that_the_encoder_alone_sees_shows_the_sentence(encoding):
    screening = encoding(Document("", PLAIN))
    assert [(f.kind, f.span.of(PLAIN), f.source) for f in screening.negative] == [
        ("NL-21", "请密切配合做好检修工作", "negative:NL-21")
    ]
    assert screening.negative[0].score == pytest.approx(1 / (1 + np.exp(-2)))


def test_a_clause_with_a_signal_shows_the_signal(encoding):
    text = PLAIN.replace("请密切配合做好检修工作", "本函属工作秘密，不得外传")
    shown = [f.span.of(text) for f in encoding(Document("", text)).negative if f.kind == "NL-21"]
    assert shown
    assert all(len(piece) < 12 and piece in "本函属工作秘密，不得外传" for piece in shown)


def test_without_the_tell_nothing_is_hit(encoding):
    assert encoding(Document("", PLAIN.replace("密", "紧"))).negative == ()


def test_the_encoder_moves_the_attribute(encoding, linear_folder):
    linear = Screener.load(linear_folder)
    untold = PLAIN.replace("密", "紧")
    with_it, without = (s(Document("", PLAIN)).opinion.scores["withheld"] for s in (encoding, linear))
    assert with_it > without + 0.1
    with_it, without = (s(Document("", untold)).opinion for s in (encoding, linear))
    assert (with_it.label, with_it.options) == (without.label, without.options)
    assert with_it.scores == pytest.approx(without.scores, abs=0.005)  # clauses are weighed by stages of their own


def test_rules_and_signals_mark_what_the_encoder_reads(encoding):
    """NL-21's own signal stands in the middle of a long text: that passage is read."""
    long = PLAIN.replace(
        "    停水时间", "    " + "检修。" * 600 + "本函属工作秘密，不得外传。" + "检修。" * 600 + "\n    停水时间"
    )
    case, _ = encoding.case(encoding.reading(Document("", long)))
    place = long.index("工作秘密")
    assert any(passage.span and passage.span.overlaps(Span(place, place + 4)) for passage in case.read.passages)
    assert len(case.read.passages) == encoding.encoder.most


def test_fast_mode_leaves_the_encoder_out(encoder_folder, linear_folder):
    fast, linear = Screener.load(encoder_folder, fast=True), Screener.load(linear_folder)
    assert (fast.encoder, fast.model.judged) == (None, "linear")
    assert fast(Document("", PLAIN)).opinion == linear(Document("", PLAIN)).opinion


def test_a_folder_with_an_encoder_needs_the_calibration_for_it(encoder_folder, tmp_path):
    folder = shutil.copytree(encoder_folder, tmp_path / "model")
    card = json.loads((folder / "model.json").read_text("utf-8"))
    del card["calibrations"]["combined"]
    (folder / "model.json").write_text(json.dumps(card), "utf-8")
    with pytest.raises(ModelFolderError, match="请"):
        Screener.load(folder)
    assert Screener.load(folder, fast=True).encoder is None
