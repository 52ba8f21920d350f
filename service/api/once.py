"""Idempotency keys: a repeated request gets the answer of the first, and nothing is done twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from sqlalchemy import bindparam, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from gongkai.model.errors import RequestError
from gongkai.service.access.actors import Actor
from gongkai.service.api.doors import house_of
from gongkai.service.api.given import Form
from gongkai.service.errors import Conflicting
from gongkai.service.house import House
from gongkai.service.store.tables import Once

HELD = timedelta(hours=1)
#: After so long a request without an answer is one that was broken off.
BROKEN_OFF = timedelta(minutes=10)
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
A = TypeVar("A", bound=Response)
#: Written with every request that brings a key: built once. Who comes second waits for the first, and writes nothing.
_CLAIMED = {
    "sqlite": sqlite.insert(Once).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(Once).on_conflict_do_nothing(),
}
_HELD = update(Once).where(Once.actor == bindparam("whose"), Once.key == bindparam("of"))
_REPEATED = ("location", "etag", "content-type")
KeyHeader = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="幂等键：同一个键在一小时内重复提交，得到第一次的回答，不会做第二遍",
        examples=["7c0e3a52-8a55-4c5e-9d0e-0d5d6f7c1a11"],
        max_length=200,
    ),
]


class Answered(Exception):
    """The request was answered before: here is that answer."""

    def __init__(self, answer: Response) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True)
class Turn:
    """A request that is done now, not repeated. Without a key nothing is held."""

    house: House
    actor: str = ""
    key: str = ""
    request: str = ""

    def __bool__(self) -> bool:
        return bool(self.key)

    @property
    def owner(self) -> str:
        """What the held answer belongs to."""
        return hashlib.sha256(f"{self.actor}:{self.key}".encode()).hexdigest()[:32]

    def holding(self, session: Session, answer: A) -> A:
        """Hold an answer together with what was done for it; gives it back."""
        if self:
            at, headers = self.house.clock(), {k: v for k, v in answer.headers.items() if k in _REPEATED}
            blob = self.house.vault.put(session, "once", self.owner, bytes(answer.body), at=at, expires=at + HELD)
            row = {"whose": self.actor, "of": self.key, "status": answer.status_code, "headers": headers, "blob": blob}
            if not session.connection().execute(_HELD, row).rowcount:
                self.house.vault.drop(session, "once", self.owner)
        return answer

    def held(self, answer: A) -> A:
        """The same where nothing else is written."""
        if self:
            with self.house.database.writing() as session:
                self.holding(session, answer)
        return answer

    def let_go(self) -> None:
        """Forget an attempt that gave no answer to hold."""
        if not self:
            return
        with self.house.database.writing() as session:
            mine = (Once.actor == self.actor, Once.key == self.key, Once.status == 0)
            session.execute(delete(Once).where(*mine))

    def claim(self) -> None:
        """Take the key. Raises Answered with the answer held for it, Conflicting, RequestError."""
        with self.house.database.writing() as session:
            row = self._row(session)
            if row is not None:
                self._judge(session, row)

    def _row(self, session: Session) -> Once | None:
        """The row that holds the key already, or None when it is ours now."""
        row = {"actor": self.actor, "key": self.key, "request": self.request, "created": self.house.clock()}
        claimed = _CLAIMED[session.get_bind().dialect.name]
        if session.connection().execute(claimed, row, execution_options={"preserve_rowcount": True}).rowcount:
            return None
        return session.get(Once, (self.actor, self.key), populate_existing=True, with_for_update=True)

    def _judge(self, session: Session, row: Once) -> None:
        age = self.house.clock() - row.created
        if age > (HELD if row.status else BROKEN_OFF):
            self.house.vault.drop(session, "once", self.owner)
            row.request, row.status, row.headers, row.blob, row.created = self.request, 0, {}, "", self.house.clock()
        elif row.request != self.request:
            raise Conflicting("这个幂等键已经用于另一个请求，请换一个键。")
        elif not row.status:
            raise Conflicting("同一个幂等键的请求正在处理，请稍后再试。", after=1)
        else:
            raise Answered(self._again(session, row))

    def _again(self, session: Session, row: Once) -> Response:
        body = self.house.vault.get(session, "once", self.owner)
        if body is None:
            raise Conflicting("这个幂等键的回答已经删除，请换一个键。")
        return Response(body, row.status, {**row.headers, "idempotency-replayed": "true"})


async def fingerprint(request: Request) -> str:
    """A digest of what is asked: address and content; a route reads its form before this."""
    form: Form | None = getattr(request.state, "form", None)
    asked = f"{request.method} {request.url.path}?{request.url.query}".encode()
    return hashlib.sha256(asked + (form.digest.encode() if form else await request.body())).hexdigest()


async def _turn(request: Request, key: KeyHeader = "") -> AsyncIterator[Turn]:
    """Claim the key of a request that its door let in; a route names the door before this."""
    house = await house_of(request)
    if not key:
        yield Turn(house)
        return
    if not _KEY.fullmatch(key):
        raise RequestError("Idempotency-Key 应当是不超过 200 个的可见 ASCII 字符，请改正。")
    actor: Actor = request.state.actor
    turn = Turn(house, actor.user, key, await fingerprint(request))
    await run_in_threadpool(turn.claim)
    try:
        yield turn
    except BaseException:
        await run_in_threadpool(turn.let_go)
        raise


OneTurn = Annotated[Turn, Depends(_turn)]
