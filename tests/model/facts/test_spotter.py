"""What a small encoder says of pieces, gathered into places; which parts of a text it reads; damaged folders."""

from __future__ import annotations

import json
from dataclasses import replace
from math import ceil

import numpy as np
import pytest
from pieces import FIN, HEALTH, NAME, NUMBER, STAYS, TEXT, spotted
from tinyencoder import SIGNS, write_tokenizer

from gongkai.model.document import Span
from gongkai.model.errors import ModelFolderError
from gongkai.model.facts.spotter import AROUND, BODY, KINDS, STEP, Spotted, Spotter


@pytest.mark.parametrize(
    ("told", "least", "runs"),
    [
        ((), 0.5, []),
        ((("肺病", HEALTH, 0.9),), 0.5, [("肺病", "HEALTH", 0.9)]),
        ((("肺病", HEALTH, 0.4),), 0.5, []),
        ((("肺病,", HEALTH, 0.9),), 0.5, [("肺病", "HEALTH", 0.9)]),
        ((("肺病", HEALTH, 0.6), ("肺病", FIN, 0.3)), 0.8, [("肺病", "HEALTH", 0.9)]),
        ((("肺病", HEALTH, 0.9), ("730元", FIN, 0.8)), 0.5, [("肺病", "HEALTH", 0.9), ("730元", "FIN", 0.8)]),
        (((",", HEALTH, 0.9),), 0.5, []),
        ((("张三", NAME, 0.9),), 0.5, []),
        ((("9", NUMBER, 0.9),), 0.5, []),
    ],
)
def test_stretches(told, least, runs):
    found = [(span.of(TEXT), kind, round(chance, 3)) for span, kind, chance in spotted(TEXT, *told).runs(TEXT, least)]
    assert found == runs


@pytest.mark.parametrize(
    ("told", "goes", "stays"),
    [
        ((("张三", NAME, 0.9),), 0.9, 0.0),
        ((("张三", STAYS, 0.9),), 0.0, 0.9),
        ((("张三", NAME, 0.45), ("张三", STAYS, 0.45)), 0.45, 0.45),
        ((("张三", KINDS.index("REPORTER"), 0.9),), 0.9, 0.0),
        ((("张三", KINDS.index("MINOR"), 0.9),), 0.9, 0.0),
        ((("张", NAME, 0.4),), 0.2, 0.0),
        ((), 0.0, 0.0),
    ],
)
def test_whether_somebody_is_named(told, goes, stays):
    assert spotted(TEXT, *told).named([Span(0, 2)]) == [pytest.approx((goes, stays), abs=1e-5)]


def test_what_was_not_read_says_nothing():
    unread = Spotted(np.array([(0, 1), (1, 2)]), np.zeros((2, len(KINDS)), np.float32))
    assert unread.named([Span(0, 2)]) == [None]
    assert unread.piece(0) is None
    assert list(unread.runs("张三", 0.1)) == []


def test_names_that_go():
    found = spotted(TEXT, ("张三", NAME, 0.9), ("李科", STAYS, 0.9)).names(TEXT, 0.5)
    assert [(span.of(TEXT), round(chance, 3)) for span, chance in found] == [("张三", 0.9)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A spotter that calls every 水 health and all else nothing."""
    pytest.importorskip("onnx", reason="the test makes a network with onnx (pip install gongkai[training])")
    from onnx import TensorProto, helper, numpy_helper

    from gongkai.training.encoder.vocabulary import SPECIAL

    at = tmp_path_factory.mktemp("spotter")
    table = np.zeros((len(SPECIAL) + 1 + len(SIGNS), len(KINDS)), np.float32)
    table[:, 0] = 1.0
    sick = len(SPECIAL) + 1 + SIGNS.index("水")
    table[sick, 0], table[sick, HEALTH] = 0.0, 1.0
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "ids"], ["kinds"])],
        "spotter",
        [helper.make_tensor_value_info("ids", TensorProto.INT64, ["rows", "pieces"])],
        [helper.make_tensor_value_info("kinds", TensorProto.FLOAT, ["rows", "pieces", len(KINDS)])],
        [numpy_helper.from_array(table, "table")],
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    (at / "spotter.onnx").write_bytes(made.SerializeToString())
    (at / "spotter.json").write_text(json.dumps({"format": 1, "kinds": KINDS}), "utf-8")
    write_tokenizer(at)
    return at


@pytest.mark.parametrize("size", [1, BODY - 1, BODY, BODY + 1, BODY + STEP, 5 * BODY + 7])
def test_every_piece_around_a_place_is_read(folder, size):
    text = "水" * size
    found = Spotter.read(folder)(text, [Span(0, size)])
    assert [span for span, _, _ in found.runs(text, 0.99)] == [Span(0, size)]


def test_only_the_surroundings_are_read(folder):
    text = "人" * 2000 + "水" + "人" * 2000
    found = Spotter.read(folder)(text, [Span(2000, 2001)])
    read = found.places[found.chances.any(axis=1)]
    assert (read.min(), read.max()) == (2000 - AROUND, 2001 + AROUND)
    assert [(span, kind) for span, kind, _ in found.runs(text, 0.99)] == [(Span(2000, 2001), "HEALTH")]
    assert not Spotter.read(folder)(text, []).chances.any()


@pytest.mark.parametrize("size", [1, 10, BODY - 1, BODY, BODY + STEP - 1, BODY + STEP, 9 * STEP])
def test_a_long_stretch_is_parted_evenly(folder, size):
    spotter = Spotter.read(folder)
    text = "人" * size
    pieces, read = len(spotter.pieces.of(text)[0]), []
    whole = spotter.session

    class Counting:
        def run(self, outputs, feed):
            read.append(feed["ids"].shape[1] - 1)
            return whole.run(outputs, feed)

    replace(spotter, session=Counting())(text, [Span(0, size)])
    assert len(read) == max(1, ceil((pieces - (BODY - STEP)) / STEP))
    assert sum(read) == pieces + (len(read) - 1) * (BODY - STEP)
    assert max(read) <= BODY
    assert max(read) - min(read) < len(read)


def test_an_empty_text(folder):
    assert list(Spotter.read(folder)("", [Span(0, 1)]).runs("", 0.1)) == []


def test_no_spotter_in_a_folder(tmp_path):
    assert Spotter.read(tmp_path) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("spotter.json", b"{"),
        ("spotter.json", b'{"format": 1}'),
        ("spotter.json", b'{"kinds": ["NAME"]}'),
        ("spotter.onnx", b"PK"),
    ],
)
def test_a_damaged_folder(folder, tmp_path, name, content):
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ModelFolderError) as caught:
        Spotter.read(tmp_path)
    assert "请重新安装或者重新训练" in str(caught.value)
