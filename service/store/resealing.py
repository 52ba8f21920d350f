"""Everything sealed is sealed anew with the key of now; what was interrupted goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from gongkai.service.errors import StoreError
from gongkai.service.store import trail
from gongkai.service.store.backup import fingerprint
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Blob
from gongkai.service.store.vault import Vault

#: How many are sealed anew in one transaction, one of them in memory at a time.
TOGETHER = 50


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many were sealed anew, how many had the key of now already, how many no key opens."""

    changed: int = 0
    same: int = 0
    lost: int = 0

    def __add__(self, other: Resealed) -> Resealed:
        return Resealed(self.changed + other.changed, self.same + other.same, self.lost + other.lost)

    @property
    def all(self) -> int:
        """How many there were."""
        return self.changed + self.same + self.lost


def looked(database: Database, vault: Vault) -> Resealed:
    """What sealing anew would come to; nothing is written."""
    found = Resealed()
    for ids in _batches(database):
        with database.reading() as session:
            found = sum((_one(session, vault, id, write=False) for id in ids), found)
    return found


def reseal(
    database: Database, vault: Vault, clock: Callable[[], datetime], told: Callable[[Resealed], object] = lambda _: None
) -> Resealed:
    """Seal all anew that older keys opened; what no key opens stays as it is. Both ends are noted in the trail."""
    key = fingerprint(vault.key)
    with database.writing() as session:
        trail.append(session, trail.SYSTEM, "reseal", "store", "", at=clock(), key=key, state="begun")
    found = Resealed()
    for ids in _batches(database):
        with database.writing() as session:
            found = sum((_one(session, vault, id, write=True) for id in ids), found)
        told(found)
    counts = {"changed": found.changed, "same": found.same, "lost": found.lost}
    with database.writing() as session:
        trail.append(session, trail.SYSTEM, "reseal", "store", "", at=clock(), key=key, state="done", **counts)
    return found


def _batches(database: Database) -> Iterator[list[str]]:
    last = ""
    while True:
        with database.reading() as session:
            ids = list(session.scalars(select(Blob.id).where(Blob.id > last).order_by(Blob.id).limit(TOGETHER)))
        if not ids:
            return
        yield ids
        last = ids[-1]


def _one(session: Session, vault: Vault, id: str, *, write: bool) -> Resealed:
    query = select(Blob.kind, Blob.owner, Blob.role, Blob.sealed).where(Blob.id == id)
    row = session.execute(query.with_for_update() if write else query).one_or_none()
    if row is None:  # removed meanwhile
        return Resealed()
    try:
        anew = vault.resealed(row.sealed, row.kind, row.owner, row.role)
    except StoreError:
        return Resealed(lost=1)
    if anew is None:
        return Resealed(same=1)
    if write:
        session.execute(update(Blob).where(Blob.id == id).values(sealed=anew))
    return Resealed(changed=1)
