"""The model folder: what is damaged is said so, what fits is applied."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from gongkai.model.errors import ModelFolderError
from gongkai.model.linear import Logistic, read_logistic, read_packed, sigmoid
from gongkai.model.modelfolder import FORMAT, HEADS, ModelFolder, Seen
from gongkai.model.screener import Screener


def calibration(temperature: float, mix: float = 0.0) -> dict[str, object]:
    return {
        "temperature": temperature,
        "mix": mix,
        "thresholds": {"0.9": 0.1},
        "confirmed": {"0.002": 1.0, "0.01": 0.95, "0.05": 0.8},
        "stages": {"category": {"bias": 1.0}, "clause": {"bias": 2.0}},
    }


def small(folder: Path, **changes) -> Path:
    """A folder with two features and two labels a head: attribute weights 1 and 2, scale 0.5, bias 0.25."""
    arrays = {}
    for head in HEADS:
        arrays[head] = np.array([[2, 0], [0, 4]], dtype=np.int8)
        arrays[head + ".scale"] = np.array([0.5, 0.5], dtype=np.float32)
        arrays[head + ".bias"] = np.array([0.25, 0.0], dtype=np.float32)
    arrays.update(changes.pop("arrays", {}))
    card = {
        "format": FORMAT,
        "version": "small",
        "labels": {head: ["a", "b"] for head in HEADS},
        "calibrations": {
            "linear": calibration(2.0) | changes.pop("linear", {}),
            "combined": calibration(3.0, mix=1.5),
        },
        "seen": {"genres": ["通知"], "agencies": ["教育局"], "known_words": 0.4},
    }
    card.update(changes.pop("card", {}))
    np.savez(folder / "linear.npz", **{name: value for name, value in arrays.items() if value is not None})
    (folder / "model.json").write_text(json.dumps({k: v for k, v in card.items() if v is not None}), "utf-8")
    (folder / "vocabulary.txt").write_text("W:一\nW:二\n", "utf-8")
    return folder


def test_a_small_folder(tmp_path):
    model = ModelFolder.read(small(tmp_path))
    assert model.logits({"W:一": 1.0, "W:二": 0.5, "W:没见过": 9.0})["attribute"] == pytest.approx([1.25, 1.0])
    assert model.logits({})["clause"] == pytest.approx([0.25, 0.0])
    assert model.weight("attribute", "b", "W:二") == pytest.approx(2.0)
    assert model.weight("attribute", "b", "W:没见过") == 0
    assert (model.temperature, model.thresholds.at, model.stage("clause")) == (2.0, {"0.9": 0.1}, {"bias": 2.0})
    assert model.seen == Seen(frozenset({"通知"}), frozenset({"教育局"}), 0.4)


@pytest.mark.parametrize(("judged", "temperature", "mix"), [("linear", 2.0, 0.0), ("combined", 3.0, 1.5)])
def test_each_way_of_judging_has_its_calibration(tmp_path, judged, temperature, mix):
    model = ModelFolder.read(small(tmp_path), judged)
    assert (model.temperature, model.mix) == (temperature, mix)


def test_a_calibration_that_is_not_there(tmp_path):
    with pytest.raises(ModelFolderError, match="请"):
        ModelFolder.read(small(tmp_path), "guessed")


@pytest.mark.parametrize(
    ("risk", "expected"), [(0.001, 1.0), (0.002, 1.0), (0.005, 1.0), (0.01, 0.95), (0.03, 0.95), (0.05, 0.8), (1, 0.8)]
)
def test_more_risk_never_asks_for_more_confidence(tmp_path, risk, expected):
    assert ModelFolder.read(small(tmp_path)).confirm_over(risk) == expected


def test_without_a_promise_nothing_is_confirmed(tmp_path):
    assert ModelFolder.read(small(tmp_path, linear={"confirmed": {}})).confirm_over(0.05) == 1.0


@pytest.mark.parametrize(
    "changes",
    [
        {"card": {"format": FORMAT + 1}},
        {"card": {"labels": None}},
        {"card": {"labels": {"attribute": ["a", "b"]}}},
        {"card": {"format": 1}},
        {"card": {"calibrations": None}},
        {"card": {"calibrations": {}}},
        {"card": {"calibrations": {"linear": {}}}},
        {"linear": {"temperature": None}},
        {"linear": {"mix": "much"}},
        {"linear": {"thresholds": None}},
        {"linear": {"confirmed": None}},
        {"linear": {"confirmed": {"0.01": "sure"}}},
        {"linear": {"stages": {"category": {}}}},
        {"card": {"seen": None}},
        {"card": {"seen": {"genres": [], "agencies": []}}},
        {"card": {"version": None}},
        {"arrays": {"clause": None}},
        {"arrays": {"clause": np.zeros((3, 2), dtype=np.int8)}},
        {"arrays": {"clause.scale": np.zeros(3, dtype=np.float32)}},
        {"arrays": {"reason.bias": None}},
        {"arrays": {"reason": np.array([[{}, {}], [{}, {}]], dtype=object)}},
    ],
    ids=str,
)
def test_a_folder_that_does_not_fit(tmp_path, changes):
    with pytest.raises(ModelFolderError, match="请"):
        ModelFolder.read(small(tmp_path, **changes))


@pytest.mark.parametrize("file", ["model.json", "vocabulary.txt", "linear.npz"])
@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe\x00garbage", b"PK\x03\x04cut off", b"[]"])
def test_a_damaged_file(tmp_path, file, content):
    small(tmp_path)
    (tmp_path / file).unlink()
    if content is not None:
        (tmp_path / file).write_bytes(content)
    with pytest.raises(ModelFolderError, match="请"):
        ModelFolder.read(tmp_path)


def test_a_cut_off_archive(tmp_path):
    whole = (small(tmp_path) / "linear.npz").read_bytes()
    (tmp_path / "linear.npz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelFolderError):
        ModelFolder.read(tmp_path)


@pytest.mark.parametrize("content", [None, "{", "[]", '{"weights": {}}', '{"weights": {"a": "x"}, "bias": 0}', "3"])
def test_a_damaged_logistic_model(tmp_path, content):
    if content is not None:
        (tmp_path / "names.json").write_text(content, "utf-8")
    with pytest.raises(ModelFolderError, match=r"names\.json"):
        read_logistic(tmp_path, "names.json")


@pytest.mark.parametrize(
    "arrays",
    [
        None,
        {},
        {"names": np.frombuffer(b"a\0b", np.uint8), "codes": np.array([1], np.int8), "scale": 1.0, "bias": 0.0},
        {"names": np.frombuffer(b"\xff", np.uint8), "codes": np.array([1], np.int8), "scale": 1.0, "bias": 0.0},
        {"names": np.frombuffer(b"a", np.uint8), "codes": np.array(["x"]), "scale": 1.0, "bias": 0.0},
    ],
)
def test_a_damaged_packed_model(tmp_path, arrays):
    if arrays is None:
        (tmp_path / "stays.npz").write_bytes(b"PK\x03\x04 cut off")
    else:
        np.savez_compressed(tmp_path / "stays.npz", **arrays)
    with pytest.raises(ModelFolderError, match=r"stays\.npz"):
        read_packed(tmp_path, "stays.npz")


@pytest.mark.parametrize("file", ["names.json", "stays.npz", "words.txt", "model.json"])
def test_a_screener_says_which_folder_is_incomplete(tmp_path, file):
    with resources.as_file(resources.files("gongkai.model.weights")) as shipped:
        shutil.copytree(shipped, tmp_path / "weights")
    (tmp_path / "weights" / file).unlink()
    with pytest.raises(ModelFolderError):
        Screener.load(tmp_path / "weights")


@pytest.mark.parametrize(("features", "logit"), [([], -1.0), (["a"], 1.0), (["a", "a", "b"], 2.5), (["c"], -1.0)])
def test_logistic(features, logit):
    model = Logistic({"a": 2.0, "b": -0.5}, -1.0)
    assert model.logit(features) == logit
    assert model(features) == sigmoid(logit)


@pytest.mark.parametrize(("value", "expected"), [(0, 0.5), (1000, 1.0), (-1000, 0.0), (2.1972245773, 0.9)])
def test_sigmoid(value, expected):
    assert sigmoid(value) == pytest.approx(expected)


def test_the_shipped_model_knows_the_rulebook(screener):
    labels = {head: set(screener.model.labels(head)) for head in HEADS}
    assert labels["attribute"] == {"proactive", "on_request", "withheld"}
    assert labels["category"] <= set(screener.rules.category)
    assert labels["clause"] <= set(screener.rules.clause)
    assert labels["reason"] <= set(screener.rules.reason)
