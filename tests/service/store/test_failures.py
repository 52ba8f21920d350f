"""What drivers say, told in words for people."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from gongkai.service.errors import StoreError
from gongkai.service.store.failures import told


def _operational(words):
    return OperationalError("INSERT 赵一鸣", {"title": "赵一鸣"}, sqlite3.OperationalError(words))


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_operational("database or disk is full"), "磁盘已满"),
        (_operational('could not extend file "base/1": No space left on device'), "磁盘已满"),
        (_operational("database is locked"), "正忙"),
        (_operational("canceling statement due to lock timeout"), "正忙"),
        (_operational("deadlock detected"), "正忙"),
        (PoolTimeout("QueuePool limit of size 16 overflow 0 reached"), "正忙"),
        (_operational("attempt to write a readonly database"), "检查目录和权限"),
        (_operational("unable to open database file"), "检查目录和权限"),
        (_operational("server closed the connection unexpectedly"), "连接不上或者中断"),
    ],
)
def test_what_went_wrong_is_told_without_values(error, words):
    with pytest.raises(StoreError, match=words) as caught, told():
        raise error
    assert "赵一鸣" not in caught.value.message
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("53100", "磁盘已满"), ("58030", "磁盘已满"), ("53200", "内存不够"), ("53300", "正忙"), ("55P03", "正忙"),
        ("40P01", "正忙"), ("25006", "检查目录和权限"), ("XX001", "已损坏"), ("57P01", "连接不上或者中断"),
    ],
)  # fmt: skip
def test_postgresql_is_understood_by_its_codes_in_any_language(state, words):
    psycopg = pytest.importorskip("psycopg")
    raised = psycopg.errors.lookup(state)("не хватает места: 赵一鸣")
    with pytest.raises(StoreError, match=words) as caught, told():
        raise DBAPIError.instance("INSERT", {"title": "赵一鸣"}, raised, psycopg.Error)
    assert "赵一鸣" not in caught.value.message


@pytest.mark.parametrize("kind", [IntegrityError, ProgrammingError])
def test_what_the_code_did_wrong_stays_what_it_is(kind):
    with pytest.raises(kind), told():
        raise kind("INSERT", {}, Exception("constraint"))
