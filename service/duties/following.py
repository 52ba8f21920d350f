"""What follows when a version of the rulebook is put into force: lists that changed are published anew in time."""

from __future__ import annotations

import tomllib
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from gongkai.model.rulebook import Rulebook
from gongkai.service.access.actors import Actor
from gongkai.service.duties.dues import here
from gongkai.service.duties.ledger import raised
from gongkai.service.duties.occasions import occasion_of

#: Lists that are public themselves, and the table of their rows.
LISTS = {"catalog.toml": ("category", "公开目录"), "negative.toml": ("clause", "负面清单")}


def lists_changed(
    session: Session, actor: Actor, rules: Rulebook, before: dict[str, str], after: dict[str, str], *, at: datetime
) -> tuple[str, ...]:
    """Record that published lists changed, with the task and its term; their names. Layout and comments alone are no
    change."""
    found = tuple(
        name for file, (table, name) in LISTS.items() if _told(before, file, table) != _told(after, file, table)
    )
    for name in found:
        raised(session, actor, rules, occasion_of("list-changed"), name, here(at).date(), at=at)
    return found


def _told(files: dict[str, str], file: str, table: str) -> Any:  # noqa: ANN401 - rows of TOML
    """The rows of a table by what they say."""
    return tomllib.loads(files.get(file, "")).get(table)
