"""Changing over while the service goes on: with a real model and database."""

from __future__ import annotations

from functools import cache

import accounts
import pytest

from gongkai.model.document import Document
from gongkai.model.errors import RequestError, RulebookError, SlowDocument
from gongkai.service.crew.orders import Judge, Suggest
from gongkai.service.errors import StoreError
from gongkai.service.house import opened
from gongkai.service.rules import versions
from gongkai.service.rules.activating import TRIAL, activate
from gongkai.service.rules.memory import digest, shipped
from gongkai.service.settings import Settings

TEXT = "青禾县水务局关于印发河道管护实施方案的通知\n各乡镇人民政府：\n现将方案印发给你们。\n（此件公开发布）\n"


@cache
def tables(new="主动公开|公开发布|公开"):
    law = shipped()["law.toml"].replace("此件(主动公开|公开发布|公开)", f"此件({new})", 1)
    return shipped() | {"law.toml": law}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    opened_house = opened(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True))
    with opened_house.database.writing() as session:
        accounts.fill(session, opened_house.clock())
    yield opened_house
    opened_house.close()


@pytest.fixture
def office(house):
    with house.database.reading() as session:
        return accounts.actor(session, "office")


@pytest.fixture
def draft(house, office):
    def make(files):
        with house.database.writing() as session:
            return versions.draft(session, office, files, "", at=house.clock())

    return make


def in_force(house):
    with house.database.reading() as session:
        return versions.in_force(session, house.settings).number


def test_the_service_changes_over_and_back(house, office, draft):
    number = draft(tables("暂不说明"))
    activate(house, office, number)
    said = house.crew.do(Suggest(Document("1", TEXT)))
    assert (house.rules().digest, in_force(house)) == (digest(tables("暂不说明")), number)
    assert said.result["engine"]["rulebook"] == digest(tables("暂不说明"))
    activate(house, office, 0)
    assert (house.rules().digest, in_force(house)) == (digest(shipped()), 0)


@pytest.mark.parametrize("wrong", ["(", "x{99999999999}"])
def test_a_wrong_version_changes_nothing(house, office, draft, wrong):
    with pytest.raises(RequestError, match="规则表没有通过校验：law.toml 第 "):
        activate(house, office, draft(tables(wrong)))
    assert (house.rules().digest, in_force(house)) == (digest(shipped()), 0)


def test_a_version_that_cannot_cope_is_not_put_into_force(house, office, draft, monkeypatch):
    def slow(order, **_):
        assert isinstance(order, Judge) and order.document.text == TRIAL
        raise SlowDocument("慢")

    number = draft(tables("别的"))
    monkeypatch.setattr(house.crew, "do", slow)
    with pytest.raises(RequestError, match="没有在时限内得出结果"):
        activate(house, office, number)
    assert (house.rules().digest, in_force(house)) == (digest(shipped()), 0)


def test_a_database_that_does_not_take_it_leaves_the_old_one_at_work(house, office, draft, monkeypatch):
    def full(*_, **__):
        raise StoreError("磁盘已满")

    number = draft(tables("别的"))
    monkeypatch.setattr("gongkai.service.rules.activating.put_in_force", full)
    with pytest.raises(StoreError):
        activate(house, office, number)
    assert (house.rules().digest, in_force(house)) == (digest(shipped()), 0)


def test_a_crew_that_cannot_load_it_leaves_the_old_one(house, office, draft, monkeypatch):
    def damaged(_):
        raise RulebookError("坏了")

    number = draft(tables("别的"))
    monkeypatch.setattr(house.crew, "reload", damaged)
    with pytest.raises(RulebookError):
        activate(house, office, number)
    assert in_force(house) == 0
