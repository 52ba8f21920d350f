"""The tables of 办理流转: states, and the steps between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from gongkai.model.errors import RequestError
from gongkai.model.tablefile import read_rows
from gongkai.service.access.roles import table as roles
from gongkai.service.passages.needs import NEEDS

KINDS = ("line", "area", "choice", "day", "link", "check")


@dataclass(frozen=True, slots=True)
class State:
    """How far a document has come; `hint` says what comes next."""

    code: str
    name: str
    group: str
    hint: str


@dataclass(frozen=True, slots=True)
class Field:
    """Something to write down with a step."""

    key: str
    name: str
    kind: str
    choices: tuple[str, ...] = ()
    required: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"的 fields 里 {self.key} 的 kind 应当是 {'、'.join(KINDS)} 之一，请改正。")
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"的 fields 里 {self.key} 的 choices 与 kind 不一致，请改正。")


@dataclass(frozen=True, slots=True)
class Act:
    """A step that somebody may take: `may` is an action of roles.toml, `needs` name tests, `to` is empty where the
    state stays; `meets` name tests that it settles, `aside` leads back or off the way."""

    code: str
    name: str
    may: str
    states: tuple[str, ...]
    hint: str
    basis: str
    to: str = ""
    needs: tuple[str, ...] = ()
    meets: tuple[str, ...] = ()
    aside: bool = False
    fields: tuple[Field, ...] = ()

    def __post_init__(self) -> None:
        if self.may not in roles().actions:
            raise ValueError(f"的 may 不是 roles.toml 的操作：{self.may}，请改正。")
        if unknown := [need for need in (*self.needs, *self.meets) if need not in NEEDS]:
            raise ValueError(f"的 needs、meets 不认识 {unknown[0]}，可用的有：{'、'.join(NEEDS)}，请改正。")
        if unknown := [state for state in (*self.states, self.to) if state and state not in states()]:
            raise ValueError(f"的状态不认识 {unknown[0]}，可用的有：{'、'.join(states())}，请改正。")


@cache
def states() -> Mapping[str, State]:
    """The states by code, in their order. Raises RulebookError."""
    rows = read_rows(resources.files(__package__), "states.toml", "state", State)
    return MappingProxyType({row.code: row for row in rows})


@cache
def acts() -> Mapping[str, Act]:
    """The steps by code, in their order. Raises RulebookError."""
    rows = read_rows(resources.files(__package__), "passing.toml", "action", Act)
    return MappingProxyType({row.code: row for row in rows})


def act(code: str) -> Act:
    """The step of a code. Raises RequestError."""
    if code not in acts():
        raise RequestError(f"没有“{code[:30]}”这一步，可用的有：{'、'.join(acts())}。")
    return acts()[code]
