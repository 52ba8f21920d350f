"""The notebooks: numbered, stripped of outputs, on public names, and each runs on a sample of the corpus."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import re
import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SAMPLES = {"02-corpus": 120, "03-errors": 24, "04-calibration": 24, "05-adapt": 44}
#: What each must have said, whatever the weights.
SAID = {
    "01-suggest": "136****0174",
    "02-corpus": "NL-30",
    "03-errors": "withheld_called_proactive",
    "04-calibration": "校准误差",
    "05-adapt": "出厂",
}


def cells(path, kind):
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == kind]


def source(path, sample=None):
    """The code of a notebook as one program; `sample` replaces what the cell of parameters says."""
    parts = []
    for cell in cells(path, "code"):
        parts.append("".join(cell["source"]))
        if sample and "parameters" in cell["metadata"].get("tags", ()):
            parts.append(f"SAMPLE = {sample}")
    return "\n".join(parts)


def test_numbered_and_named_in_the_map():
    assert [path.name[:3] for path in BOOKS] == [f"{place:02}-" for place in range(1, len(BOOKS) + 1)]
    assert {path.stem for path in BOOKS} == set(SAID)
    named = re.findall(r"^  (\d\d-\S+\.ipynb) ", (ROOT / "ARCHITECTURE.md").read_text("utf-8"), re.MULTILINE)
    assert named == [path.name for path in BOOKS]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_stripped_and_short(path):
    code = cells(path, "code")
    assert 0 < len(code) <= 15
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    assert json.loads(path.read_text("utf-8"))["cells"][0]["source"][0].startswith("# ")
    assert ("parameters" in json.dumps(code)) == (path.stem in SAMPLES)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_public_names_only(path):
    imported = re.findall(r"^from (gongkai[\w.]*) import (.+)$", source(path), re.MULTILINE)
    assert imported
    for module, names in imported:
        assert module == "gongkai.model" or module.startswith("gongkai.training."), module
        if module == "gongkai.model":
            assert set(names.split(", ")) <= set(importlib.import_module(module).__all__)
        assert not re.search(r"\b_", names)


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_runs(path, monkeypatch):
    program = source(path, SAMPLES.get(path.stem))
    if "gongkai.training" in program:
        pytest.importorskip("sklearn", reason="scikit-learn is not installed (pip install 'gongkai[training]')")
    plots = "matplotlib" in program
    if plots:
        pytest.importorskip("matplotlib", reason="matplotlib is not installed (pip install 'gongkai[dev]')").use("agg")
    monkeypatch.chdir(path.parent)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(program, path.name, "exec"), {"__name__": "notebook"})
    assert SAID[path.stem] in said.getvalue()
    if plots:
        assert drawn() > 0


def drawn():
    """Draw and close every figure that is open; how many there were."""
    from matplotlib import pyplot

    numbers = pyplot.get_fignums()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph")  # no Chinese font on this machine
        for number in numbers:
            pyplot.figure(number).canvas.draw()
            pyplot.close(number)
    return len(numbers)
