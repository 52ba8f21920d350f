"""A server over the application that a module makes for its pages."""

from __future__ import annotations

import pytest
from serving import served


@pytest.fixture(scope="module")
def origin(application):
    with served(application) as address:
        yield address
