"""Redacted copies, sealed for an hour, each only for whoever made it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from gongkai.service.access.actors import Actor
from gongkai.service.crew.orders import Redaction
from gongkai.service.errors import NotFound
from gongkai.service.store.tables import new_id
from gongkai.service.store.vault import Vault
from gongkai.service.wire import Json

KIND = "redaction"
HELD = timedelta(hours=1)
_GONE = "没有这个遮蔽结果，或者已经过期删除；请重新提交文件。"


@dataclass(frozen=True, slots=True)
class Sealed:
    """A redacted copy that is held: what is told of it, without the file."""

    id: str
    name: str
    size: int
    expires: datetime
    report: Json = field(repr=False)

    @property
    def hidden(self) -> int:
        """In how many places something was hidden."""
        return sum(row["count"] for row in self.report["hidden"])


def _owner(actor: Actor, id: str) -> str:
    # nobody else's request leads to the same owner, so that there is nothing to check and nothing to forget
    return hashlib.sha256(f"{actor.user}:{id}".encode()).hexdigest()[:32]


def seal(session: Session, vault: Vault, actor: Actor, made: Redaction, at: datetime) -> Sealed:
    """Hold a copy for an hour."""
    report = {**made.report, "made": at.isoformat(timespec="seconds")}
    sealed = Sealed(new_id(), made.name, len(made.data), at + HELD, report)
    told = {"name": sealed.name, "size": sealed.size, "expires": sealed.expires.isoformat(), "report": report}
    parts: Mapping[str, bytes] = {
        "told": json.dumps(told, ensure_ascii=False).encode(),
        "file": made.data,
        "page": made.page.encode(),
    }
    for role, data in parts.items():
        vault.put(session, KIND, _owner(actor, sealed.id), data, role=role, at=at, expires=sealed.expires)
    return sealed


def found(session: Session, vault: Vault, actor: Actor, id: str, at: datetime) -> Sealed:
    """A copy of one's own. Raises NotFound, also when its hour is over."""
    told = vault.get(session, KIND, _owner(actor, id), "told")
    if told is None:
        raise NotFound(_GONE)
    row = json.loads(told)
    sealed = Sealed(id, row["name"], row["size"], datetime.fromisoformat(row["expires"]), row["report"])
    if sealed.expires <= at:
        raise NotFound(_GONE)
    return sealed


def part(session: Session, vault: Vault, actor: Actor, sealed: Sealed, role: str) -> bytes:
    """The `file` or `page` of a copy. Raises NotFound."""
    data = vault.get(session, KIND, _owner(actor, sealed.id), role)
    if data is None:
        raise NotFound(_GONE)
    return data


def discard(session: Session, vault: Vault, actor: Actor, id: str) -> None:
    """Remove a copy. Raises NotFound."""
    if not vault.drop(session, KIND, _owner(actor, id)):
        raise NotFound(_GONE)
