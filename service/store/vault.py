"""Encrypted bytes in the database: kept texts, inputs and results of jobs, redactions in work."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from gongkai.service.errors import StoreError
from gongkai.service.store.tables import Blob, new_id

NONCE = 12
_SEALED = insert(Blob)
_CLOSED = "加密保存的内容打不开：密钥不对，或者内容已损坏。请检查 GONGKAI_KEY 或 GONGKAI_KEY_FILE。"


@dataclass(frozen=True)
class Vault:
    """AES-256-GCM under the installation's key; `keep_text` says whether the agency turned keeping of texts on, `old`
    are former keys, which open what they sealed and seal nothing."""

    key: bytes = field(repr=False)
    keep_text: bool = False
    old: tuple[bytes, ...] = field(default=(), repr=False)

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
        id, sealed = new_id(), self._sealed(data, _bound(kind, owner, role))
        row = {"id": id, "kind": kind, "owner": owner, "role": role, "sealed": sealed}
        session.connection().execute(_SEALED, row | {"size": len(data), "created": at, "expires": expires})
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

    def resealed(self, sealed: bytes, kind: str, owner: str, role: str) -> bytes | None:
        """The same bytes sealed with the key of now, None where they are. Raises StoreError when no key opens them."""
        bound = _bound(kind, owner, role)
        if _opened(self.key, sealed, bound) is not None:
            return None
        return self._sealed(self._unsealed(sealed, bound), bound)

    def _sealed(self, data: bytes, bound: bytes) -> bytes:
        nonce = os.urandom(NONCE)
        return nonce + AESGCM(self.key).encrypt(nonce, data, bound)

    def _unsealed(self, sealed: bytes, bound: bytes) -> bytes:
        for key in (self.key, *self.old):
            if (data := _opened(key, sealed, bound)) is not None:
                return data
        raise StoreError(_CLOSED)

    def drop(self, session: Session, kind: str, owner: str, role: str | None = None) -> int:
        """Remove an owner's bytes, of every role without one; how many there were."""
        gone = delete(Blob).where(Blob.kind == kind, Blob.owner == owner)
        return session.execute(gone if role is None else gone.where(Blob.role == role)).rowcount  # type: ignore[attr-defined,no-any-return]


def _opened(key: bytes, sealed: bytes, bound: bytes) -> bytes | None:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound)
    except (InvalidTag, ValueError):
        return None


def _bound(kind: str, owner: str, role: str) -> bytes:
    return "\0".join((kind, owner, role)).encode()
