"""What can go wrong for a user of the service, beside what `gongkai.model.errors` draws. `status` is HTTP's.

GongkaiError
└── ServiceError
    ├── NotSignedIn      401  no session, no valid key
    ├── NotAllowed       403  the table of roles says no, or a CSRF token is missing
    ├── NotFound         404  no such thing, or not within the actor's reach: the two look alike
    ├── Outdated         412  somebody else changed it meanwhile (ETag)
    ├── Conflicting      409  the state doesn't allow it: decided already, key of another request, job ended
    ├── TooOften         429  rate limit or lock-out; `after` seconds until it is worth trying
    ├── Busy             503  all workers are taken and enough wait; `after`
    ├── Stopping         503  the service is shutting down; `after`
    └── StoreError       503  the database can't be reached or written; `after`
"""

from __future__ import annotations

from gongkai.model.errors import GongkaiError


class ServiceError(GongkaiError):
    """A request that the service can't do now, or not for this user."""

    status = 400
    after = 0

    def __init__(self, message: str, after: int = 0) -> None:
        super().__init__(message)
        self.after = after or self.after


class NotSignedIn(ServiceError):
    """Nobody is known to be acting."""

    slug, title, status = "not-signed-in", "没有登录", 401


class NotAllowed(ServiceError):
    """The actor may not do this."""

    slug, title, status = "not-allowed", "没有权限", 403


class NotFound(ServiceError):
    """There is no such thing within the actor's reach."""

    slug, title, status = "not-found", "没有这一项", 404


class Outdated(ServiceError):
    """It changed since the actor saw it."""

    slug, title, status = "outdated", "内容已被别人改动", 412


class Conflicting(ServiceError):
    """Its state does not allow this."""

    slug, title, status = "conflict", "当前状态不允许", 409


class TooOften(ServiceError):
    """Too many requests or wrong passwords in a short time."""

    slug, title, status, after = "too-often", "过于频繁", 429, 1


class Busy(ServiceError):
    """All workers are taken, and enough wait already."""

    slug, title, status, after = "busy", "服务繁忙", 503, 2


class Stopping(ServiceError):
    """The service is shutting down."""

    slug, title, status, after = "stopping", "服务正在停止", 503, 10


class StoreError(ServiceError):
    """The database can't be reached or written."""

    slug, title, status, after = "store", "数据库不可用", 503, 5
