"""Tables beside the code that an agency may have in a version of its own: kept in the database, each change noted and
taken back by one step. Where nobody changed one, what ships holds."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib import import_module, resources
from typing import Any, TypeVar, cast

from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError, RulebookError
from gongkai.model.tablefile import read_rows
from gongkai.service.access.actors import Actor
from gongkai.service.errors import Conflicting, Outdated
from gongkai.service.rules.memory import MOST, Memory
from gongkai.service.store import trail
from gongkai.service.store.tables import Setting, User

Row = TypeVar("Row")
#: So many changes can be taken back.
_KEPT = 20
_BAD = (RecursionError, OverflowError)


@dataclass(frozen=True, slots=True)
class Companion:
    """A table that ships beside the code: `file` below the service's folder; `table` and `row` (module:class) where an
    agency may change it; `fixed` says that codes which ship have to stay, `single` that it has one row."""

    file: str
    name: str
    about: str
    table: str = ""
    row: str = ""
    fixed: bool = False
    single: bool = False

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        return self.file.removesuffix(".toml").replace("/", "-")

    @property
    def editable(self) -> bool:
        """Whether it is changed on the pages."""
        return bool(self.row)

    @property
    def shipped(self) -> str:
        """Its text as it ships."""
        return (resources.files("gongkai.service") / self.file).read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Own:
    """How a table stands: its text, the number of changes, who made the last one and when; empty where none was."""

    text: str
    version: int = 0
    by: str = ""
    at: str = ""
    undoable: bool = False


@cache
def companions() -> tuple[Companion, ...]:
    """All of them, in the order in which people need them."""
    return read_rows(resources.files("gongkai.service.rules"), "companions.toml", "companion", Companion)


def rows(session: Session, file: str, kind: type[Row]) -> tuple[Row, ...]:
    """The rows of a table as they hold now."""
    companion = next(one for one in companions() if one.file == file)
    held = session.get(Setting, _key(companion))
    text = str(held.value["text"]) if held else ""
    return tuple(_read(file, text or companion.shipped, companion.table, cast("Hashable", kind)))


@lru_cache(maxsize=32)
def _read(file: str, text: str, table: str, kind: type[Any]) -> tuple[Any, ...]:
    return read_rows(Memory({file: text}), file, table, kind)  # type: ignore[arg-type]  # it asks no more of a folder


def standing(session: Session, companion: Companion) -> Own:
    """How it stands."""
    held = session.get(Setting, _key(companion))
    if held is None:
        return Own(companion.shipped)
    by = session.get(User, held.value["by"])
    return Own(
        held.value["text"] or companion.shipped, held.value["version"], by.name if by else "", held.value["at"],
        bool(held.value["before"]),
    )  # fmt: skip


def checked(companion: Companion, text: str) -> str:
    """A text that can be used, line ends made plain. Raises RequestError."""
    plain = text.replace("\r\n", "\n")
    if not companion.editable:
        raise RequestError("这张表随程序提供，不能在网页上改。")
    if len(plain) > MOST:
        raise RequestError("内容太长，请精简以后再保存。")
    module, _, kind = companion.row.partition(":")
    try:
        found = _read(companion.file, plain, companion.table, getattr(import_module(module), kind))
    except RulebookError as error:
        raise RequestError(error.message) from error
    except _BAD as error:
        raise RequestError("嵌套过深或者数字过大，请简化。") from error
    _whole(companion, found)
    return plain


def _whole(companion: Companion, found: Sequence[Any]) -> None:
    if companion.single and len(found) != 1:
        raise RequestError("这张表只能有一行，请删去多的。")
    if companion.fixed:
        module, _, kind = companion.row.partition(":")
        before = _read(companion.file, companion.shipped, companion.table, getattr(import_module(module), kind))
        left = {row.code for row in found}
        if gone := next((row.code for row in before if row.code not in left), ""):
            raise RequestError(f"不能删去代码 {gone}，已有的记录要引用它，请恢复。")


def differences(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The lines that go (-) and come (+)."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return tuple((line[0], line[2:]) for line in lines if line[0] in "+-" and line[2:].strip())


def save(session: Session, actor: Actor, companion: Companion, text: str, seen: int, *, at: datetime) -> None:
    """Put another text in force; `seen` is the number of changes when it was read. Raises RequestError, Outdated."""
    plain = checked(companion, text)

    def renewed(value: dict[str, Any]) -> dict[str, Any]:
        before = [*value["before"], value["text"]][-_KEPT:]
        return {"text": "" if plain == companion.shipped else plain, "before": before}

    _change(session, actor, companion, seen, renewed, "own-table", at)


def undo(session: Session, actor: Actor, companion: Companion, seen: int, *, at: datetime) -> None:
    """Take the last change back. Raises Conflicting where there is none, Outdated."""

    def earlier(value: dict[str, Any]) -> dict[str, Any]:
        if not value["before"]:
            raise Conflicting("没有可以撤回的修改。")
        return {"text": value["before"][-1], "before": value["before"][:-1]}

    _change(session, actor, companion, seen, earlier, "own-table-undo", at)


def _change(
    session: Session, actor: Actor, companion: Companion, seen: int,
    renewed: Callable[[dict[str, Any]], dict[str, Any]], action: str, at: datetime,
) -> None:  # fmt: skip
    held = session.get(Setting, _key(companion), with_for_update=True)
    value = held.value if held else {"text": "", "before": [], "version": 0}
    if value["version"] != seen:
        raise Outdated("这张表刚被别人改过，您的修改没有保存；请重新打开后再改。")
    told = {**renewed(value), "version": seen + 1, "by": actor.user, "at": at.isoformat()}
    if held is None:
        session.add(Setting(key=_key(companion), value=told))
    else:
        held.value = told
    trail.append(session, actor.user, action, "rulebook", companion.slug, at=at, number=seen + 1)


def _key(companion: Companion) -> str:
    return f"own-table/{companion.file}"
