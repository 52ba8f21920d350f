"""docs/duties.md: every duty has its row, and what a row names exists."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from gongkai.service.app import ROUTERS
from gongkai.service.cli import COMMANDS

ROOT = Path(__file__).parents[1]
#: How many duties each founding document has.
COUNTS = {"S0": 29, "S1": 42, "S2": 22, "S3": 76, "S4": 34}
LEAST_DONE = 190
ROW = re.compile(r"\| (S\d-\d\d\d?) \| (done|part|no) \| (.+?) \| (.*?) \| (.*?) \|")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@cache
def rows():
    text = (ROOT / "docs" / "duties.md").read_text("utf-8")
    return [ROW.fullmatch(line).groups() for line in text.splitlines() if line.startswith("| S")]


@cache
def defined(path):
    """Names that a module defines, also within its classes."""
    tree = ast.parse(path.read_text("utf-8"))
    named = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = {node.name for node in ast.walk(tree) if isinstance(node, named)}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return names


def walked(router, prefix=""):
    """Every method with its path, also those of included routers."""
    for route in router.routes:
        if hasattr(route, "original_router"):
            yield from walked(route.original_router, prefix + route.include_context.prefix)
        else:
            yield from ((method, prefix + route.path) for method in route.methods)


@cache
def routes():
    return {pair for router in ROUTERS for pair in walked(router)}


def exists(place):
    """Whether `path::name`, `path`, `GET /route` or `gongkai command` is there."""
    method, _, rest = place.partition(" ")
    if method in METHODS:
        return (method, rest) in routes()
    if method == "gongkai":
        return rest.split(" ")[0] in COMMANDS
    path, _, name = place.partition("::")
    file = ROOT / path
    if not file.is_file():
        return False
    if not name:
        return True
    return name in defined(file) if file.suffix == ".py" else name in file.read_text("utf-8")


def places(cell):
    return re.findall(r"`([^`]+)`", cell)


def test_every_duty_has_one_row():
    ids = [row[0] for row in rows()]
    assert len(set(ids)) == len(ids) == sum(COUNTS.values())
    assert Counter(id[:2] for id in ids) == COUNTS
    assert ids == sorted(ids, key=lambda id: (id[:2], int(id[3:])))


def test_enough_of_them_are_done():
    text = (ROOT / "docs" / "duties.md").read_text("utf-8")
    counted = Counter(row[1] for row in rows())
    assert counted["done"] >= LEAST_DONE
    assert f"{counted['done']} are done, {counted['part']} in part, {counted['no']} not" in text


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_a_row_names_exists(row):
    id, state, what, where, tests = row
    assert what.endswith(".")
    missing = [place for place in places(where) + places(tests) if not exists(place)]
    assert not missing
    if state != "no":
        assert places(where)
        assert places(tests)
        assert all(place.startswith("tests/") and "::test_" in place for place in places(tests))
