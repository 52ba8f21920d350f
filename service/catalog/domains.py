"""Catalogs of other areas (schools, health, townships …) that ship as tables to import, one click each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from gongkai.model.errors import RequestError


@dataclass(frozen=True, slots=True)
class Domain:
    """A catalog that ships: its file, its area, the articles behind it."""

    file: str
    name: str
    basis: str


@cache
def domains() -> tuple[Domain, ...]:
    """All of them."""
    text = (resources.files("gongkai.service.catalog") / "domains.toml").read_text("utf-8")
    return tuple(Domain(**row) for row in tomllib.loads(text)["domain"])


def contents(file: str) -> bytes:
    """The table of one of them. Raises RequestError."""
    if file not in {one.file for one in domains()}:
        raise RequestError("没有这个分领域目录，请从列表中选择。")
    return (resources.files("gongkai.service.catalog") / "others" / file).read_bytes()
