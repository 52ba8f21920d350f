"""A house opened from settings: its database, key, crew and rules."""

from __future__ import annotations

from datetime import UTC, datetime

import accounts
import pytest

from gongkai.model.errors import ModelFolderError
from gongkai.model.rulebook import Rulebook
from gongkai.service.errors import StoreError
from gongkai.service.house import opened
from gongkai.service.rules.memory import shipped
from gongkai.service.settings import Settings
from gongkai.service.store.connecting import address
from gongkai.service.store.database import Database
from gongkai.service.store.tables import RulebookVersion

AT = datetime(2026, 5, 6, tzinfo=UTC)


def test_an_open_house_leaves_nothing_behind(tmp_path):
    house = opened(Settings(open=True, fast=True, keep_text=True, data=tmp_path / "data"), lambda: AT)
    assert (house.database.ready(), house.vault.keep_text, house.clock()) == (True, False, AT)
    assert house.rules().digest == Rulebook.load().digest
    house.close()
    assert list(tmp_path.iterdir()) == []


def test_a_house_keeps_its_data_in_one_folder(tmp_path):
    settings = Settings(fast=True, data=tmp_path / "data")
    house = opened(settings)
    key = house.vault.key
    house.close()
    assert {path.name for path in settings.data.iterdir()} >= {"gongkai.db", "vault.key"}
    again = opened(settings)
    assert again.vault.key == key
    again.close()


def test_the_rulebook_version_in_force_is_used(tmp_path):
    settings = Settings(fast=True, data=tmp_path / "data")
    files = shipped()
    files["reasons.toml"] += "\n# changed\n"
    database = Database.open(address(settings))
    with database.writing() as session:
        accounts.fill(session, AT)
        row = {"digest": "", "note": "", "by": accounts.user_id("office"), "at": AT}
        session.add(RulebookVersion(number=1, files={}, active=False, **row))
        session.add(RulebookVersion(number=2, files=files, active=True, **row))
    database.close()
    house = opened(settings)
    assert house.rules().digest != Rulebook.load().digest
    house.close()


@pytest.mark.parametrize(
    ("change", "error"),
    [({"model": "none"}, ModelFolderError), ({"database": "sqlite:////proc/none/a.db"}, StoreError)],
)
def test_a_house_that_can_not_open_says_why(tmp_path, change, error):
    if "model" in change:
        change = {"model": tmp_path / "none"}
    with pytest.raises(error):
        opened(Settings(data=tmp_path / "data", **change))
