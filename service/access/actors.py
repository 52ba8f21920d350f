"""Who is acting, and what the table of roles lets them do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reach(StrEnum):
    """Whose documents an actor sees."""

    none = "none"
    own = "own"
    unit = "unit"
    all = "all"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: a user by session or key, or whoever sits at a service opened with `--open`.

    `unit` is the path of their unit (`Unit.path`); `actions` are those of their roles, cut down to a key's scopes;
    `csrf` is the token that this session's forms carry, nothing for keys.
    """

    user: str
    login: str
    name: str
    unit_id: str
    unit: str
    roles: tuple[str, ...]
    actions: frozenset[str]
    reach: Reach
    key: str = ""
    csrf: str = ""

    def may(self, action: str) -> bool:
        """Whether an action is allowed."""
        return action in self.actions
