"""Units of the agency: a tree, kept as paths of ids."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.errors import RequestError
from gongkai.service.access.rows import one
from gongkai.service.errors import Conflicting, NotFound
from gongkai.service.store import trail
from gongkai.service.store.tables import Unit, new_id

DEEPEST = 12


def add(session: Session, by: str, name: str, parent: str, at: datetime) -> Unit:
    """A new unit below another (`parent` is empty for a top one). Raises RequestError, NotFound, Conflicting."""
    above = unit(session, parent).path if parent else ""
    if above.count("/") >= DEEPEST - 1:
        raise Conflicting(f"机构最多 {DEEPEST} 级，请放到上一级。")
    code = new_id()
    row = Unit(id=code, name=_name(session, name, above), path=f"{above}/{code}" if above else code)
    session.add(row)
    session.flush()
    trail.append(session, by, "unit-added", "unit", code, at=at, above=parent)
    return row


def change(session: Session, by: str, code: str, name: str, parent: str, at: datetime) -> Unit:
    """Another name, or another place for a unit with all below it.

    Raises RequestError, NotFound, Conflicting for a place inside itself or a name that is taken there.
    """
    row, above = unit(session, code), unit(session, parent).path if parent else ""
    old, new = row.path, f"{above}/{code}" if above else code
    if above == old or above.startswith(f"{old}/"):
        raise Conflicting("机构不能放到自己下面，请另选上级。")
    row.name = _name(session, name, above, code)
    if new != old:
        _move(session, old, new)
    trail.append(session, by, "unit-changed", "unit", code, at=at, above=parent)
    return row


def _move(session: Session, old: str, new: str) -> None:
    tree = list(session.scalars(select(Unit).where(Unit.path.startswith(old, autoescape=True))))
    if new.count("/") + max(u.path.count("/") - old.count("/") for u in tree) >= DEEPEST:
        raise Conflicting(f"机构最多 {DEEPEST} 级，请放到别处。")
    for each in tree:
        each.path = new + each.path[len(old) :]


def unit(session: Session, code: str) -> Unit:
    """A unit by id. Raises NotFound."""
    return one(session, Unit, code, "机构")


def named(session: Session, name: str) -> Unit:
    """A unit by name, for the command line. Raises NotFound, Conflicting where two have it."""
    rows = list(session.scalars(select(Unit).where(Unit.name == name).limit(2)))
    if not rows:
        raise NotFound(f"没有名为“{name}”的机构，请先在页面上建立，或者检查名称。")
    if len(rows) > 1:
        raise Conflicting(f"有两个名为“{name}”的机构，请在页面上办理。")
    return rows[0]


def listed(session: Session) -> list[Unit]:
    """All units, each followed by those below it, by name."""
    rows = {row.path: row for row in session.scalars(select(Unit))}

    def order(path: str) -> list[str]:
        parts = path.split("/")
        return [rows["/".join(parts[: n + 1])].name for n in range(len(parts)) if "/".join(parts[: n + 1]) in rows]

    return [rows[path] for path in sorted(rows, key=lambda path: (order(path), path))]


def depth(row: Unit) -> int:
    """How many units are above it."""
    return row.path.count("/")


def _name(session: Session, name: str, above: str, but: str = "") -> str:
    """A name as it is kept. Raises RequestError, or Conflicting when a unit beside it has it already."""
    name = name.strip()
    if not 2 <= len(name) <= 100 or not name.isprintable():
        raise RequestError("机构名称应当有 2 到 100 个字，请改正。")
    same = session.scalars(select(Unit).where(Unit.name == name, Unit.id != but))
    if any(unit.path.rpartition("/")[0] == above for unit in same):
        raise Conflicting("同一级已经有这个名称的机构，请换一个名称或者放到别处。")
    return name
