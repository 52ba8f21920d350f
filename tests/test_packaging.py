"""What is shipped: the wheel, built from the source archive and tried in a fresh environment.

The tests themselves run from an editable install.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("model", "service", "training")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
HEAVY = ("torch", "transformers", "sklearn", "scipy")
SAMPLE = ROOT / "corpora" / "samples" / "01-停水检修通告.docx"


def sources(*suffixes: str) -> Iterator[Path]:
    """Files of the three folders, relative to the root; bytecode and editors' leavings left out."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            hidden = any(part.startswith((".", "__pycache__")) for part in path.relative_to(ROOT).parts)
            if path.is_file() and not hidden and (not suffixes or path.suffix in suffixes):
                yield path.relative_to(ROOT)


def run(*command: str | Path, at: Path) -> str:
    """What a command prints; fails with its errors when it exits with anything but 0."""
    done = subprocess.run([str(part) for part in command], cwd=at, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the build needs, so that nothing is left in the checkout."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ("pyproject.toml", "README.md", "LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, copy)
    for path in sources():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, copy / path)
    return copy


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as `build` makes it: from the source archive, not from the tree."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", out, tree, at=out)
    assert list(out.glob("*.tar.gz"))
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The commands of a fresh environment that holds the product and what it depends on, nothing else."""
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, symlinks=True)
    pip = (sys.executable, "-m", "pip", "--python", home / "bin" / "python", "--disable-pip-version-check")
    run(*pip, "install", "--quiet", "--no-compile", wheel, at=home)
    return home / "bin"


def test_installed_product_works(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "gongkai", "version", at=tmp_path).strip() == PROJECT["project"]["version"]
    assert "规则表没有问题" in run(installed / "gongkai", "rulebook", "check", at=tmp_path)
    assert "主动公开" in run(installed / "gongkai", "suggest", SAMPLE, at=tmp_path)


def test_install_is_light_and_typed(installed: Path, tmp_path: Path) -> None:
    code = "import importlib.metadata as m; print(*sorted({d.name.lower() for d in m.distributions()}))"
    names = run(installed / "python", "-c", code, at=tmp_path).split()
    assert not set(names) & {"torch", "transformers", "scikit-learn", "scipy"}
    assert "gongkai" in names


@pytest.mark.parametrize("folder", FOLDERS)
def test_packages_are_the_folders(folder: str) -> None:
    declared = {name for name in PROJECT["tool"]["setuptools"]["packages"] if name.split(".")[1] == folder}
    assert declared == {".".join(("gongkai", *path.parent.parts)) for path in sources() if path.parts[0] == folder}
    assert {path.parent for path in sources() if path.parts[0] == folder} == {
        path.parent for path in sources(".py") if path.name == "__init__.py" and path.parts[0] == folder
    }


def test_wheel_holds_every_source_and_data_file(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as box:
        names = {name for name in box.namelist() if ".dist-info/" not in name}
        licences = {name.rsplit("/", 1)[1] for name in box.namelist() if "/licenses/" in name}
    assert names == {f"gongkai/{path.as_posix()}" for path in sources()}
    assert licences == {"LICENSE", "NOTICE"}


def test_wheel_metadata(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as box:
        name = next(name for name in box.namelist() if name.endswith(".dist-info/METADATA"))
        fields = HeaderParser().parsestr(box.read(name).decode("utf-8"))
    assert (fields["Name"], fields["License-Expression"]) == ("gongkai", "Apache-2.0")
    assert fields["Requires-Python"] == PROJECT["project"]["requires-python"]
    assert set(fields.get_all("Provides-Extra", [])) == set(PROJECT["project"]["optional-dependencies"])


def test_suggesting_imports_no_training_library(tmp_path: Path) -> None:
    """Run where the training libraries are installed, so that their absence means something."""
    code = (
        "import sys; from gongkai.service.cli import main; status = main(['suggest', sys.argv[1]]);"
        "from gongkai.service.app import create_app; from gongkai.service.settings import Settings;"
        "create_app(Settings());"
        f"print('LOADED', status, *sorted({set(HEAVY)!r} & set(sys.modules)))"
    )
    assert run(sys.executable, "-c", code, SAMPLE, at=tmp_path).splitlines()[-1] == "LOADED 0"
