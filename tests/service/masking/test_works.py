"""Redactions in work on both databases: two windows never overwrite each other."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from accounts import actor, fill

from gongkai.service.crew.orders import Redaction, Ruling
from gongkai.service.errors import Conflicting, NotFound, Outdated
from gongkai.service.masking import works
from gongkai.service.masking.works import State
from gongkai.service.store.vault import Vault

AT = datetime(2031, 5, 6, 7, 8, tzinfo=UTC)
VAULT = Vault(b"k" * 32)
DIGEST = {"sha256": "sha256:" + "0" * 64}
COPY = Redaction(b"copy", "a.txt", {"source": DIGEST, "copy": DIGEST}, "", "abcd", "abcd", ())
RULING = Ruling(0, 2, "mask", "NAME")


@pytest.fixture
def begun(database):
    with database.writing() as session:
        fill(session, AT)
        officer = actor(session, "privacy")
        state = State("a.txt", "", "blank", "")
        return officer, works.begin(session, VAULT, officer, b"file", state, COPY, at=AT)


def test_the_second_of_two_windows_is_told(database, begun):
    officer, id = begun
    with database.reading() as session:
        seen = works.one(session, VAULT, officer, id, at=AT)
    with database.writing() as session:
        works.rule(session, VAULT, officer, seen, [RULING], at=AT)
    with pytest.raises(Outdated), database.writing() as session:
        works.rule(session, VAULT, officer, seen, [RULING], at=AT)
    with pytest.raises(Outdated), database.writing() as session:
        works.proved(session, VAULT, officer, seen, COPY, at=AT)
    with database.reading() as session:
        now = works.one(session, VAULT, officer, id, at=AT)
        assert (now.state.version, now.state.pending) == (2, 1)
        assert works.file_of(session, VAULT, now) == b"file"
        with pytest.raises(Conflicting):
            works.copy_of(session, VAULT, officer, now, at=AT)


def test_from_begin_to_discard(database, begun):
    officer, id = begun
    with database.writing() as session:
        work = works.one(session, VAULT, officer, id, at=AT)
        work = works.rule(session, VAULT, officer, work, [RULING, RULING], at=AT)
        work = works.proved(session, VAULT, officer, work, COPY, at=AT)
        work = works.unrule(session, VAULT, officer, work, 1, at=AT)
    assert (work.state.pending, [one.number for one in work.state.active]) == (1, [2])
    with pytest.raises(NotFound), database.writing() as session:
        works.unrule(session, VAULT, officer, work, 1, at=AT)
    with database.writing() as session:
        works.discard(session, VAULT, officer, work, at=AT)
    with database.reading() as session:
        assert not list(works.listed(session, VAULT, officer, at=AT))
