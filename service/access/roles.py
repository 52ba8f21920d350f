"""The table of roles and actions (roles.toml): the one source of what anybody may do."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor, Reach
from gongkai.service.store.tables import Unit, User

WIDTH = tuple(Reach)


@dataclass(frozen=True, slots=True)
class Role:
    """A row of the table; `code` is what `User.roles` holds."""

    code: str
    name: str
    reach: Reach


@dataclass(frozen=True, slots=True)
class Action:
    """Something that routes ask for by `may(code)`, and the roles that may."""

    code: str
    name: str
    roles: frozenset[str]
    everyone: bool = False


@dataclass(frozen=True, slots=True)
class Roles:
    """The whole table, in the order of the file."""

    roles: dict[str, Role]
    actions: dict[str, Action]

    def allowed(self, held: Iterable[str]) -> frozenset[str]:
        """What somebody with these roles may do."""
        mine = frozenset(held)
        return frozenset(code for code, action in self.actions.items() if action.everyone or mine & action.roles)

    def reach(self, held: Iterable[str]) -> Reach:
        """The widest reach of these roles."""
        return max((self.roles[code].reach for code in held if code in self.roles), key=WIDTH.index, default=Reach.none)

    def names(self, held: Iterable[str]) -> list[str]:
        """The roles in words, in the order of the table."""
        mine = frozenset(held)
        return [role.name for code, role in self.roles.items() if code in mine]


def parse(text: str) -> Roles:
    """The table from its text. Raises RequestError, which names the row, for one that contradicts itself."""
    raw = tomllib.loads(text)
    roles = {code: Role(code, _text(row, "name", code), _reach(row, code)) for code, row in raw.get("role", {}).items()}
    actions = {}
    for code, row in raw.get("action", {}).items():
        held = frozenset(row.get("roles", ()))
        if unknown := sorted(held - roles.keys()):
            raise RequestError(f"roles.toml 的操作 {code} 写了没有的角色 {'、'.join(unknown)}，请改正。")
        actions[code] = Action(code, _text(row, "name", code), held, row.get("everyone") is True)
    return Roles(roles, actions)


def _text(row: dict[str, Any], key: str, code: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value:
        raise RequestError(f"roles.toml 的 {code} 缺少 {key}，请补上。")
    return value


def _reach(row: dict[str, Any], code: str) -> Reach:
    try:
        return Reach(row.get("reach", ""))
    except ValueError as error:
        raise RequestError(f"roles.toml 的角色 {code} 的 reach 应当是 {'、'.join(Reach)} 之一，请改正。") from error


@cache
def table() -> Roles:
    """The table that ships."""
    return parse(resources.files("gongkai.service.access").joinpath("roles.toml").read_text("utf-8"))


@lru_cache(1024)
def _rights(held: tuple[str, ...]) -> tuple[frozenset[str], Reach]:
    """What roles may do, and how far they see."""
    return table().allowed(held), table().reach(held)


def actor(user: User, unit: Unit, *, csrf: str = "") -> Actor:
    """A user as an actor: what their roles allow."""
    return acting(user.id, user.login, user.name, user.roles, unit.id, unit.path, csrf=csrf)


def acting(
    user: str, login: str, name: str, roles: Iterable[object], unit_id: str, unit: str,
    *, key: str = "", scopes: Iterable[str] | None = None, csrf: str = "",
) -> Actor:  # fmt: skip
    """The same of columns, cut down to a key's scopes where one is used."""
    held = tuple(str(role) for role in roles)
    actions, reach = _rights(held)
    actions = actions if scopes is None else actions & frozenset(scopes)
    return Actor(user, login, name, unit_id, unit, held, actions, reach, key, csrf)
