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

ROOT = Path(__file__).parent
#: What takes longest, the longest first: begun at once, so that no worker is left alone with it at the end.
LONG = (
    "service/screening/engine/test_cluster.py", "test_docs.py", "test_benchmarks.py", "test_packaging.py",
    "service/jobs/test_faults.py", "model/test_adversarial.py", "service/pages/test_rules.py",
    "service/checks/test_anyfile.py", "service/screening/engine/test_running.py", "service/test_closed_network.py",
    "service/store/test_backup.py", "service/jobs/test_screening.py", "service/screening/engine/test_resuming.py",
    "service/screening/engine/test_stopping.py", "service/screening/engine/test_changes.py",
    "service/crew/test_children.py", "test_peers.py", "test_notebooks.py", "service/api/test_hostile.py",
    "service/pages/test_clauses.py", "service/test_cli.py", "service/test_presidio.py", "training/test_fit.py",
    "training/encoder/test_network.py", "training/encoder/test_steps.py", "training/test_tagger.py",
    "service/review/test_blind.py", "service/rewriting/test_pdf.py", "service/review/test_bringing.py",
    "training/test_adapt.py", "training/test_main.py", "training/test_corpus.py",
)  # fmt: skip
_TURN = {ROOT / name: place for place, name in enumerate(LONG)}


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: _TURN.get(item.path, len(LONG)))


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
