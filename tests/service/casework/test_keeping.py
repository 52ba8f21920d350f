"""What is kept of a screened document, who sees it, and who saw it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import accounts
import pytest
from said import TEXT, said
from sqlalchemy import func, select

from gongkai.service.casework.keeping import keep, latest_screening, seen, text_of, within_reach
from gongkai.service.errors import NotFound
from gongkai.service.store.tables import Blob, Kept, Screened, Trail, Vector
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, tzinfo=UTC)
LATER = AT + timedelta(hours=1)
VAULT = Vault(bytes(32))
KEEPING = Vault(bytes(32), keep_text=True)


@pytest.fixture
def people(database):
    with database.writing() as session:
        accounts.fill(session, AT)
    return database


def _keep(database, login="drafter", *, vault=VAULT, text=TEXT, at=AT, **more):
    with database.writing() as session:
        actor = accounts.actor(session, login)
        return keep(session, vault, actor, said(text, **more), text=text, origin="api", at=at)


def _count(database, *tables):
    with database.reading() as session:
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def _trail(database):
    with database.reading() as session:
        return [(one.action, one.object, one.detail) for one in session.scalars(select(Trail).order_by(Trail.seq))]


def test_a_document_is_kept_once_and_each_time_noted(people):
    first = _keep(people, quotes=[("c", "河道管护")], vector=b"12")
    again = _keep(people, at=LATER, quotes=[("c", "河道管护")], vector=b"12")
    assert (first.id, again.version, again.changed) == (again.id, 1, LATER)
    assert _count(people, Kept, Screened, Vector, Blob) == [1, 1, 1, 0]
    told = {"attribute": "proactive", "handling": "full", "origin": "api"}
    assert _trail(people) == [("suggest", first.id, told | {"new": new}) for new in (True, False)]


def test_its_row_says_what_was_suggested(people):
    kept = _keep(people, attribute="on_request", handling="partial")
    assert (kept.title, kept.attribute, kept.handling, kept.origin) == (
        "关于印发青禾县河道管护实施方案的通知",
        "on_request",
        "partial",
        "api",
    )
    assert (kept.confidence, kept.decided, kept.decisions, kept.needs_review) == (0.8, "", 0, True)


def test_a_new_row_stands_in_the_session_as_it_was_written(people):
    with people.writing() as session:
        actor = accounts.actor(session, "drafter")
        kept = keep(session, VAULT, actor, said(TEXT), text=TEXT, origin="api", at=AT)
        assert session.get(Kept, kept.id) is kept
        kept.decided, kept.place = "withheld", {"recorded": "proactive"}
        written = {column.key: getattr(kept, column.key) for column in Kept.__table__.columns}
    with people.reading() as session:
        found = session.get(Kept, kept.id)
        assert {column: getattr(found, column) for column in written} == written


def test_what_is_kept_in_a_broken_transaction_is_gone(people):
    with pytest.raises(RuntimeError), people.writing() as session:
        actor = accounts.actor(session, "drafter")
        keep(session, VAULT, actor, said(TEXT), text=TEXT, origin="api", at=AT)
        raise RuntimeError
    assert _count(people, Kept, Screened, Trail) == [0, 0, 0]


def test_another_engine_screens_anew(people):
    _keep(people)
    again = _keep(people, at=LATER, model="m2", attribute="withheld")
    assert (again.attribute, again.version) == ("withheld", 2)
    with people.reading() as session:
        assert latest_screening(session, again.id).engine["model"] == "m2"
    assert _count(people, Kept, Screened) == [1, 2]


def test_everybody_has_rows_of_their_own(people):
    assert len({_keep(people, login).id for login in ("drafter", "reviewer", "neighbour")}) == 3


def test_the_same_text_at_the_same_moment_is_kept_once(people):
    with ThreadPoolExecutor(6) as threads:
        kept = list(threads.map(lambda _: _keep(people), range(12)))
    assert len({one.id for one in kept}) == 1
    assert _count(people, Kept, Screened, Trail) == [1, 1, 12]


def test_of_a_stopped_document_only_the_stop_is_told(people):
    text = "机密★一年\n关于某工程的通知"
    assert _keep(people, vault=KEEPING, text=text, handling="stop_classified") is None
    assert _count(people, Kept, Screened, Vector, Blob) == [0, 0, 0, 0]
    assert _trail(people) == [("stop", "", {"origin": "api"})]


@pytest.mark.parametrize(("vault", "expected"), [(VAULT, None), (KEEPING, TEXT)])
def test_the_text_is_kept_only_where_the_agency_wants_it(people, vault, expected):
    kept = _keep(people, vault=vault)
    again = _keep(people, vault=vault)
    with people.reading() as session:
        assert text_of(session, vault, again) == expected
    assert kept.id == again.id
    assert _count(people, Blob) == [int(expected is not None)]


def test_a_text_whose_time_is_over_is_kept_anew(people):
    kept = _keep(people, vault=KEEPING)
    with people.writing() as session:
        KEEPING.drop(session, "text", kept.id)
        assert text_of(session, KEEPING, kept) is None
    _keep(people, vault=KEEPING)
    with people.reading() as session:
        assert text_of(session, KEEPING, kept) == TEXT


@pytest.mark.parametrize(
    ("login", "expected"),
    [
        ("drafter", {"drafter"}),
        ("neighbour", {"neighbour"}),
        ("reviewer", {"drafter", "reviewer"}),
        ("privacy", {"drafter", "reviewer"}),
        ("office", {"drafter", "reviewer", "neighbour"}),
        ("auditor", {"drafter", "reviewer", "neighbour"}),
        ("admin", set()),
    ],
)
def test_who_sees_whose_documents(people, login, expected):
    owners = {_keep(people, owner).id: owner for owner in ("drafter", "reviewer", "neighbour")}
    with people.writing() as session:
        actor = accounts.actor(session, login)
        assert {owners[one.id] for one in session.scalars(within_reach(actor))} == expected
        for id, owner in owners.items():
            if owner in expected:
                assert seen(session, actor, id, at=AT).id == id
            else:
                with pytest.raises(NotFound):
                    seen(session, actor, id, at=AT)
    assert [action for action, _, _ in _trail(people)].count("see") == len(expected)


def test_what_there_is_not_looks_like_what_is_out_of_reach(people):
    kept = _keep(people, "neighbour")
    with people.writing() as session:
        actor = accounts.actor(session, "drafter")
        messages = []
        for id in (kept.id, "0" * 32):
            with pytest.raises(NotFound) as caught:
                seen(session, actor, id, at=AT)
            messages.append(caught.value.message)
    assert messages[0] == messages[1]
