"""Statements of TOML and where they stand."""

from __future__ import annotations

import tomllib

import pytest

from gongkai.service.rules.lexing import statements
from gongkai.service.rules.memory import ROWS, shipped


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1\n", [("=", ("a",), "a = 1\n", 1)]),
        ("# a = 1\n\n  b='#'  # x\n", [("=", ("b",), "  b='#'  # x\n", 3)]),
        ("[[t]]\na=1", [("[[", ("t",), "[[t]]\n", 1), ("=", ("a",), "a=1", 2)]),
        ("[t.words] # x\n", [("[", ("t", "words"), "[t.words] # x\n", 1)]),
        (
            '"病 名" = [\n  "]",\n]\nb=2\n',
            [("=", ("病 名",), '"病 名" = [\n  "]",\n]\n', 1), ("=", ("b",), "b=2\n", 4)],
        ),
        ("a = '''\n[[t]]\n'''\n", [("=", ("a",), "a = '''\n[[t]]\n'''\n", 1)]),
        ('a = """\n\\"""\n[[t]]\n""""\n', [("=", ("a",), 'a = """\n\\"""\n[[t]]\n""""\n', 1)]),
        ('a.b = { c = "}" }\n', [("=", ("a", "b"), 'a.b = { c = "}" }\n', 1)]),
        ("a = 'x[' # [\nb = 1\n", [("=", ("a",), "a = 'x[' # [\n", 1), ("=", ("b",), "b = 1\n", 2)]),
    ],
)
def test_statements(text, expected):
    tomllib.loads(text)
    assert [(s.kind, s.path, text[s.start : s.end], s.line) for s in statements(text)] == expected


@pytest.mark.parametrize("file", sorted(ROWS))
def test_all_of_a_shipped_table_is_statements_comments_or_empty(file):
    text = shipped()[file]
    left = text
    for found in reversed(list(statements(text))):
        left = left[: found.start] + left[found.end :]
    assert {line.strip()[:1] for line in left.split("\n")} <= {"", "#"}
