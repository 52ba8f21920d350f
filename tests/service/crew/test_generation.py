"""What a generation of children works with stays what it was."""

from __future__ import annotations

import stat

import pytest

from gongkai.model.errors import ModelFolderError, RulebookError
from gongkai.model.rulebook import Rulebook
from gongkai.service.crew.generation import begun
from gongkai.service.rules.memory import shipped
from gongkai.service.settings import Settings


@pytest.fixture
def model(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model/model.json").write_text("{}", "utf-8")
    return tmp_path / "model"


@pytest.fixture
def tables(tmp_path):
    (tmp_path / "tables").mkdir()
    for name, content in shipped().items():
        (tmp_path / "tables" / name).write_text(content + "\n# 本机关\n", "utf-8")
    return tmp_path / "tables"


def test_what_ships_needs_no_copy():
    generation = begun(Settings(), None)
    assert (generation.folder, generation.settings.model, generation.settings.tables) == (None, None, None)
    assert generation.rules.digest == Rulebook.load().digest
    generation.end()


def test_copies_for_the_owner_only(model, tables):
    generation = begun(Settings(model=model, tables=tables), None)
    assert stat.S_IMODE(generation.folder.stat().st_mode) == 0o700
    (model / "model.json").write_text("changed", "utf-8")
    (tables / "reasons.toml").unlink()
    assert (generation.settings.model / "model.json").read_text("utf-8") == "{}"
    assert generation.rules.digest == Rulebook.load(generation.settings.tables).digest
    generation.end()
    assert not generation.folder.exists()


def test_a_version_goes_before_the_folder_and_what_ships(tables):
    given = {"reasons.toml": shipped()["reasons.toml"] + "\n# 版本\n"}
    for source, rest in ((tables, "# 本机关"), (None, "")):
        generation = begun(Settings(tables=source), given)
        found = {name: (generation.settings.tables / name).read_text("utf-8") for name in shipped()}
        generation.end()
        assert found.pop("reasons.toml") == given["reasons.toml"]
        assert all(text.strip().endswith(rest) for text in found.values())


@pytest.mark.parametrize(
    ("settings", "tables", "error"),
    [
        ({"model": "none"}, None, ModelFolderError),
        ({"tables": "none"}, None, RulebookError),
        ({}, {"reasons.toml": "[["}, RulebookError),
    ],
)
def test_what_can_not_be_read_leaves_nothing_behind(tmp_path, monkeypatch, settings, tables, error):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr("tempfile.tempdir", None)
    (tmp_path / "tmp").mkdir()
    with pytest.raises(error):
        begun(Settings(**{key: tmp_path / value for key, value in settings.items()}), tables)
    assert list((tmp_path / "tmp").iterdir()) == []
