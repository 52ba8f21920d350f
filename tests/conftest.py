"""One desk for the whole run: loading the model takes longer than judging a hundred papers."""

from __future__ import annotations

import pytest

from gongkai.model.screener import Screener
from gongkai.service.desk import Desk
from gongkai.service.settings import Settings


@pytest.fixture(scope="session")
def desk() -> Desk:
    return Desk.open(Settings())


@pytest.fixture(scope="session")
def screener(desk: Desk) -> Screener:
    return desk.screener
