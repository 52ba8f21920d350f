"""Encrypted bytes in the database: kept texts, inputs and results of jobs, redactions in work."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from gongkai.service.errors import StoreError
from gongkai.service.store.tables import Blob, new_id

NONCE = 12
_CLOSED = "加密保存的内容打不开：密钥不对，或者内容已损坏。请检查 GONGKAI_KEY 或 GONGKAI_KEY_FILE。"


@dataclass(frozen=True)
class Vault:
    """AES-256-GCM under the installation's key; `keep_text` says whether the agency turned keeping of texts on."""

    key: bytes = field(repr=False)
    keep_text: bool = False

    def put(
        self,
        session: Session,
        kind: str,
        owner: str,
        data: bytes,
        *,
        role: str = "",
        at: datetime,
        expires: datetime | None = None,
    ) -> str:
        """Seal bytes; the blob's id. The owner, kind and role are bound in, so that rows can't be swapped."""
        id, nonce = new_id(), os.urandom(NONCE)
        sealed = nonce + AESGCM(self.key).encrypt(nonce, data, _bound(kind, owner, role))
        blob = Blob(
            id=id, kind=kind, owner=owner, role=role, sealed=sealed, size=len(data), created=at, expires=expires
        )
        session.add(blob)
        session.flush()
        return id

    def get(
        self, session: Session, kind: str, owner: str, role: str = "", *, at: datetime | None = None
    ) -> bytes | None:
        """The newest bytes of an owner, or None; with a time none that are over by then, swept away or not.

        Raises StoreError when they can't be opened with this key.
        """
        mine = select(Blob.sealed).where(Blob.kind == kind, Blob.owner == owner, Blob.role == role)
        if at is not None:
            mine = mine.where(or_(Blob.expires.is_(None), Blob.expires > at))
        sealed = session.scalar(mine.order_by(Blob.created.desc()).limit(1))
        return None if sealed is None else self._unsealed(sealed, _bound(kind, owner, role))

    def has(self, session: Session, kind: str, owner: str, role: str = "") -> bool:
        """Whether an owner has bytes, without opening them."""
        mine = select(Blob.id).where(Blob.kind == kind, Blob.owner == owner, Blob.role == role)
        return session.scalar(mine.limit(1)) is not None

    def _unsealed(self, sealed: bytes, bound: bytes) -> bytes:
        try:
            return AESGCM(self.key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
        except (InvalidTag, ValueError) as error:
            raise StoreError(_CLOSED) from error

    def drop(self, session: Session, kind: str, owner: str, role: str | None = None) -> int:
        """Remove an owner's bytes, of every role without one; how many there were."""
        gone = delete(Blob).where(Blob.kind == kind, Blob.owner == owner)
        return session.execute(gone if role is None else gone.where(Blob.role == role)).rowcount  # type: ignore[attr-defined,no-any-return]


def _bound(kind: str, owner: str, role: str) -> bytes:
    return "\0".join((kind, owner, role)).encode()
