"""An order for a backlog in a fresh folder, screened fast, with readers of hostile formats."""

from __future__ import annotations

import io
import os

from hostile import READERS

from gongkai.model.errors import OutputError
from gongkai.service.screening.engine.orders import Order
from gongkai.service.screening.engine.progress import Progress
from gongkai.service.screening.engine.running import run
from gongkai.service.screening.store import Store
from gongkai.service.settings import Settings


def ordered(folder, **given):
    source = folder / "档案"
    source.mkdir()
    settings = Settings(fast=True, readers=READERS)
    return Order((source,), folder / "out", settings, **{"jobs": 2, "memory": 900, "report": False} | given)


def fill(order, **files):
    """Files by name, with `_` before the extension."""
    for name, content in files.items():
        stem, _, suffix = name.rpartition("_")
        path = order.sources[0] / f"{stem}.{suffix}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def screened(order):
    return run(order, Progress(io.StringIO()))


def slugs(order):
    """Why each file gave no record; nothing for one that did."""
    with Store(order.out) as store:
        return {os.path.basename(row.path): row.failure.slug if row.failure else "" for row in store.files()}


def count(order):
    """How many files stand in the store, of an unfinished run too."""
    try:
        with Store(order.out) as store:
            return sum(1 for _ in store.files(run=0))
    except OutputError:
        return 0
