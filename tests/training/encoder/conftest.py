"""One thread: the networks of these tests are too small to share out, and the machine has other work."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session", autouse=True)
def _one_thread():
    torch = pytest.importorskip("torch", reason="the encoder's training needs torch (pip install gongkai[training])")
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="session")
def packed(tmp_path_factory):
    """A base network of two layers, from a file in the packed layout."""
    from tinyencoder import write_packed

    from gongkai.training.encoder.packed import read_packed

    return read_packed(write_packed(tmp_path_factory.mktemp("base") / "base.bin"))
