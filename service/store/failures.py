"""What a failing database says, in words for people; never the statement or its values."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, ProgrammingError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gongkai.model.errors import RequestError
from gongkai.service.errors import StoreError

_FULL = "磁盘已满或者写不进去，请腾出空间后重试。"
_BUSY = "数据库正忙，请稍后重试。"
_CLOSED = "数据库文件打不开或者写不进去，请检查目录和权限。"
_DAMAGED = "数据库文件已损坏，请停止服务，用备份恢复。"
_SHORT = "数据库服务的内存不够，请稍后重试；一直这样，请数据库管理员增加内存或者减少连接。"
#: PostgreSQL's own codes (appendix A of its manual) -> what to tell; its words are in the server's language.
STATES = {
    "53100": _FULL, "58030": _FULL,
    "53200": _SHORT, "53300": _BUSY, "53400": _BUSY, "55P03": _BUSY, "40P01": _BUSY, "40001": _BUSY, "57014": _BUSY,
    "25006": _CLOSED,
    "XX001": _DAMAGED, "XX002": _DAMAGED,
}  # fmt: skip
#: Words of the drivers' own messages -> what to tell, where there is no code: of SQLite, and of connections.
REASONS = (
    (("disk is full", "disk full", "no space left", "disk i/o error"), _FULL),
    (("locked", "busy", "lock timeout", "queuepool limit", "deadlock", "too many clients"), _BUSY),
    (("readonly", "read-only", "unable to open"), _CLOSED),
    (("not a database", "malformed"), _DAMAGED),
)
UNREACHABLE = "数据库连接不上或者中断了，请稍后重试；一直这样，请检查数据库服务和 GONGKAI_DATABASE。"
#: The database is well, it was given what no column holds: PostgreSQL takes no NUL, neither takes endless numbers.
UNKEEPABLE = "提交的内容里有没法保存的字符（空字符）或者过大的数，没有保存，请改正后重新提交。"

_UNIQUE = "23505"


@contextmanager
def told() -> Iterator[None]:
    """Turn what the driver raises into StoreError; broken constraints and wrong statements stay what they are."""
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise
    except (DBAPIError, PoolTimeout) as error:
        raise StoreError(reason(error)) from None


@contextmanager
def keepable() -> Iterator[None]:
    """Turn values that no column holds into RequestError: inside `told`, which would say that the database is away."""
    try:
        yield
    except DataError:
        raise RequestError(UNKEEPABLE) from None
    except OverflowError as error:
        if "SQLite" not in str(error):
            raise
        raise RequestError(UNKEEPABLE) from None


def raced(error: IntegrityError) -> bool:
    """Whether a row was there already: somebody else wrote the same at the same moment."""
    return getattr(error.orig, "sqlstate", "") == _UNIQUE or "unique constraint failed" in str(error.orig).lower()


def reason(error: SQLAlchemyError) -> str:
    """One sentence on why the database failed."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if state in STATES:
        return STATES[state]
    said = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    return next((told for words, told in REASONS if any(word in said for word in words)), UNREACHABLE)
