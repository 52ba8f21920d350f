"""What one generation of children works with: own copies of model and tables, so that a child that is born later reads
what the others have read, whatever happens to the folders meanwhile."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from gongkai.model.errors import ModelFolderError, OutputError, RulebookError
from gongkai.model.rulebook import TABLES, Rulebook, home
from gongkai.service.screening.engine import private
from gongkai.service.settings import Settings

_NO_MODEL = "模型目录读不出来，请确认目录存在并且有权读取。"
_NO_TABLES = "规则表目录读不出来，请确认目录存在并且有权读取。"
_NO_ROOM = "临时目录写不进去，请确认磁盘没有满、目录可写。"


@dataclass(frozen=True)
class Generation:
    """Settings that point to the copies, the rulebook in them, and the folder that holds them."""

    settings: Settings
    rules: Rulebook
    folder: Path | None = None

    def end(self) -> None:
        """Remove the copies; to be called once no child works with them."""
        if self.folder:
            private.remove(self.folder)


def begun(settings: Settings, tables: Mapping[str, str] | None) -> Generation:
    """Copy what may change. Raises RulebookError, ModelFolderError, OutputError."""
    settings = replace(
        settings, database="", key="", old_keys="", key_file=None, oidc_secret=""
    )  # nothing that a child could tell
    if settings.model is None and settings.tables is None and tables is None:
        return Generation(settings, Rulebook.load(None, settings.profile))
    folder = private.made()
    try:
        return _copied(settings, tables, folder)
    except BaseException:
        private.remove(folder)
        raise


def _copied(settings: Settings, tables: Mapping[str, str] | None, folder: Path) -> Generation:
    if settings.model is not None:
        settings = replace(settings, model=_model(settings.model, folder / "model"))
    if settings.tables is not None or tables is not None:
        settings = replace(settings, tables=_tables(settings.tables, tables or {}, folder / "tables"))
    return Generation(settings, Rulebook.load(settings.tables, settings.profile), folder)


def _model(source: Path, to: Path) -> Path:
    try:
        return Path(shutil.copytree(source, to))
    except (OSError, shutil.Error) as error:
        raise ModelFolderError(_NO_MODEL) from error


def _tables(source: Path | None, given: Mapping[str, str], to: Path) -> Path:
    """The given tables, and those that aren't given from `source` or as they ship."""
    try:
        to.mkdir(mode=0o700)
    except OSError as error:
        raise OutputError(_NO_ROOM) from error
    base = source or resources.files("gongkai.model.tables")
    for name, _, _ in TABLES.values():
        try:
            content = given[name].encode() if name in given else (home(base, name) / name).read_bytes()
        except OSError as error:
            raise RulebookError(_NO_TABLES) from error
        (to / name).write_bytes(content)
    return to
