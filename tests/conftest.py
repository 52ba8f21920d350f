"""One desk for the whole run: loading the model takes longer than judging a hundred papers."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path

import pytest
from tinyencoder import write_counting

from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import Screener
from gongkai.service.desk import Desk
from gongkai.service.settings import Settings


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk.open(Settings())


@pytest.fixture(scope="session")
def screener(desk: Desk) -> Screener:
    return desk.screener


def copied(to: Path) -> Path:
    """The shipped model folder without its encoder and its spotter."""
    with resources.as_file(resources.files("gongkai.model.weights")) as shipped:
        shutil.copytree(
            shipped, to, ignore=shutil.ignore_patterns("__pycache__", "encoder.*", "spotter.*", "tokenizer.json")
        )
    return to


@pytest.fixture(scope="session")
def linear_folder(tmp_path_factory) -> Path:
    return copied(tmp_path_factory.mktemp("linear") / "model")


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory) -> Path:
    """The shipped folder with an encoder that counts characters: 密 speaks for 不予公开 and NL-21, 告 for 主动公开."""
    pytest.importorskip("onnx", reason="the counting encoder needs onnx (pip install gongkai[training])")
    folder, rules = copied(tmp_path_factory.mktemp("encoder") / "model"), Rulebook.load()
    labels = {"attribute": [a.value for a in Attribute], "category": [row.code for row in rules.categories]}
    labels["clause"] = [row.id for row in rules.clauses]
    write_counting(folder, labels, {"密": {"withheld": 6.0, "NL-21": 5.0}, "告": {"proactive": 3.0}})
    card = json.loads((folder / "model.json").read_text("utf-8"))
    stages = {"category": {"encoded": 1.0, "bias": 0.0}, "clause": {"encoded": 1.0, "bias": -3.0}}
    card["calibrations"]["combined"] = {**card["calibrations"]["linear"], "mix": 1.0, "stages": stages}
    (folder / "model.json").write_text(json.dumps(card), "utf-8")
    return folder


@pytest.fixture(scope="session")
def encoding(encoder_folder) -> Screener:
    return Screener.load(encoder_folder)
