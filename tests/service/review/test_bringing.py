"""A screened folder becomes documents; once more changes what changed and nothing that people did."""

from __future__ import annotations

from dataclasses import replace

import backlogs
import pytest
from sqlalchemy import func, select

from gongkai.model.errors import RequestError
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.review.backlogs import choices, count, found, listed
from gongkai.service.review.bringing import Brought, Source, bring_in
from gongkai.service.screening.records import Pile, Place
from gongkai.service.screening.store import Store
from gongkai.service.store.tables import Backlog, Decided, Kept, Screened, Trail


def numbers(database, table):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def document(session, number):
    return session.scalars(select(Kept).where(Kept.digest == backlogs.digest(number))).one()


def change(out, index, **changed):
    """A record as another run judged it."""
    with Store(out) as store:
        record = store.record(backlogs.digest(index))
        with store.batch():
            store.put_record(replace(record, **changed))


def stop(out, number):
    with Store(out) as store:
        places = [
            Place(place.digest, Pile.stop, 900, 0.0) if place.digest == backlogs.digest(number) else place
            for place in store.places()
        ]
        store.replace_places(places)
    change(out, number, title="", number="", issuer="", issued="", genre="", quotes=(), handling="stop_classified")


def test_what_comes_in(database, brought):
    assert brought == Brought(brought.backlog, new=117, changed=0, same=0, gone=0, stopped=3, failed=4, decisions=0)
    assert (numbers(database, Kept), numbers(database, Screened), numbers(database, Backlog)) == (117, 117, 1)


def test_of_a_stopped_record_only_the_number_is_kept(database, brought):
    with database.reading() as session:
        digests = set(session.scalars(select(Kept.digest)))
        assert not digests & {backlogs.digest(number) for number in range(7, 121, 50)}
        assert count(session.get(Backlog, brought.backlog), "stopped") == 3


def test_a_title_holds_no_file_name(database, brought):
    with database.reading() as session:
        assert document(session, 12).title == "（无标题）"


def test_once_more_is_the_same(database, brought, people, source, clock):
    again = bring_in(database, people["reviewer"], source, clock)
    assert again == Brought(brought.backlog, new=0, changed=0, same=117, gone=0, stopped=3, failed=4, decisions=0)
    assert (numbers(database, Kept), numbers(database, Screened)) == (117, 117)


def test_a_new_screening_changes_the_suggestion_and_no_decision(database, brought, people, source, out, rules, clock):
    with database.writing() as session:
        kept = document(session, 5)
        kept.place = {**kept.place, "second": "s:somebody"}
        session.flush()
        decide(session, rules, people["reviewer"], kept, Given("proactive"), at=clock())
    with Store(out) as store:
        was = store.record(backlogs.digest(5)).result
    change(out, 5, attribute="withheld", confidence=0.5, result={**was, "notes": ["又看了一遍。"]})
    again = bring_in(database, people["reviewer"], source, clock)
    assert (again.new, again.changed, again.same) == (0, 1, 116)
    with database.reading() as session:
        kept = document(session, 5)
        assert (kept.attribute, kept.decided, kept.decisions, kept.version) == ("withheld", "proactive", 1, 3)
        assert kept.place["second"] == "s:somebody"
    assert (numbers(database, Screened), numbers(database, Decided)) == (118, 1)


def test_what_left_the_archive_leaves_the_piles(database, brought, people, source, out, clock):
    with Store(out) as store:
        store.replace_places([place for place in store.places() if place.digest != backlogs.digest(5)])
    assert bring_in(database, people["reviewer"], source, clock).gone == 1
    with database.reading() as session:
        assert (document(session, 5).pile, document(session, 5).title[:3]) == ("", "柳湾镇")


def test_what_turns_out_to_be_secret_is_forgotten(database, brought, people, source, out, clock):
    stop(out, 5)
    assert bring_in(database, people["reviewer"], source, clock).stopped == 4
    with database.reading() as session:
        kept = document(session, 5)
        assert (kept.title, kept.number, kept.issuer, kept.pile, kept.place) == ("", "", "", "", {})
        assert not session.scalars(select(Screened).where(Screened.document == kept.id)).all()


@pytest.mark.parametrize(
    "name,there,words",
    [("", True, "名称"), ("  ", True, "名称"), ("存量", False, "没有筛查结果")],
)
def test_what_cannot_come_in(database, people, out, tmp_path, clock, name, there, words):
    folder = out if there else tmp_path
    with pytest.raises(RequestError, match=words):
        bring_in(database, people["reviewer"], Source(folder, name, people["reviewer"].unit_id), clock)
    assert numbers(database, Backlog) == 0


@pytest.mark.parametrize(
    "login,sees", [("reviewer", True), ("office", True), ("neighbour", False), ("admin", False), ("auditor", True)]
)
def test_who_sees_it(database, brought, people, login, sees):
    with database.reading() as session:
        assert [one.id for one in listed(session, people[login])] == ([brought.backlog] if sees else [])


def test_what_it_can_be_filtered_by(database, brought, people):
    with database.reading() as session:
        backlog = found(session, people["office"], brought.backlog)
        assert sum(choice.count for choice in choices(backlog, "unit")) == 116  # one has no issuer
        assert [choice.name for choice in choices(backlog, "year")][:2] == ["2006", "2007"]
        assert {choice.name for choice in choices(backlog, "clause")} == {"NL-08", "NL-09", "NL-18"}


def test_it_is_in_the_trail(database, brought, people):
    with database.reading() as session:
        entry = session.scalars(select(Trail).where(Trail.kind == "backlog")).one()
        assert (entry.actor, entry.action, entry.object) == (people["reviewer"].user, "backlog.add", brought.backlog)
        assert entry.detail["stopped"] == 3
