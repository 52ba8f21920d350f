"""Second reading: drawing, blindness, differences, agreement."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from gongkai.model.errors import RequestError
from gongkai.service.review import backlogs, opinions, progress, queue, seconds
from gongkai.service.review.judging import SUGGESTED, Verdict, decide_all
from gongkai.service.review.queue import Wanted
from gongkai.service.store.tables import Backlog, Kept


def pile(session, count=20):
    return list(session.scalars(select(Kept).where(Kept.pile == "confirm").order_by(Kept.rank).limit(count)))


@pytest.fixture
def read(database, brought, people, rules, clock):
    """Twenty decided as suggested by the first reader, half of them given to the second."""
    with database.reading() as session:
        found = pile(session)
    decide(database, rules, people["reviewer"], found, Verdict(SUGGESTED), clock)
    with database.writing() as session:
        backlog = session.get(Backlog, brought.backlog)
        given = seconds.assign(session, people["office"], backlog, Wanted(), people["second"].user, 50, at=clock())
    assert (given.given, given.of) == (10, 20)
    return brought.backlog


def decide(database, rules, actor, found, verdict, clock):
    return decide_all(database, rules, actor, [kept.id for kept in found], verdict, clock)


def waiting(session, backlog, actor):
    return queue.page(session, backlog, actor, Wanted(state="second"), "", 100).rows


def test_the_second_reader_sees_no_opinion_and_others_do(database, read, people):
    with database.reading() as session:
        rows = waiting(session, read, people["second"])
        assert [row.blind for row in rows] == [True] * 10
        assert progress.mine(session, read, people["second"]) == 10
        assert not waiting(session, read, people["reviewer"])
        assert not any(row.blind for row in queue.shown(session, people["office"], [row.kept for row in rows]))


def test_a_blind_reader_cannot_confirm_what_they_do_not_see(database, read, people, rules, clock):
    with database.reading() as session:
        rows = waiting(session, read, people["second"])
    done = decide(database, rules, people["second"], [rows[0].kept], Verdict(SUGGESTED), clock)
    assert ([one.lacks for one in done.refused], done.decided) == (["attribute"], ())


def test_readers_differ_until_somebody_settles_it(database, read, people, rules, clock):
    with database.reading() as session:
        kept = next(row.kept for row in waiting(session, read, people["second"]) if row.kept.attribute == "proactive")
    verdict = Verdict("withheld", reason="W-167")
    done = decide(database, rules, people["second"], [kept], verdict, clock)
    assert done.decided == (kept.id,)
    with database.reading() as session:
        [row] = seconds.differing(session, people["office"], read)
        assert ([one.attribute for one in row.decisions], row.kept.disputed) == (["proactive", "withheld"], True)
        assert not row.blind and progress.mine(session, read, people["second"]) == 9
    decide(database, rules, people["office"], [kept], verdict, clock)
    with database.reading() as session:
        assert seconds.differing(session, people["office"], read) == ()
        assert session.get(Kept, kept.id).decided == "withheld"
        agreed = {one.field: one for one in seconds.agreements(session, read)}
        assert (agreed["attribute"].cases, agreed["attribute"].same.value) == (1, 0.0)  # what settled it is no reading


def test_agreement_and_progress(database, read, people, rules, clock):
    with database.reading() as session:
        rows = waiting(session, read, people["second"])
    for row in rows:
        reason = {"on_request": "A-02", "withheld": "W-167"}.get(row.kept.attribute, "")
        decide(database, rules, people["second"], [row.kept], Verdict(row.kept.attribute, reason), clock)
    with database.reading() as session:
        [agreed] = [one for one in seconds.agreements(session, read) if one.field == "attribute"]
        assert (agreed.cases, agreed.same.value) == (10, 1.0)
        assert seconds.waiting(session, read) == [("孙可望", 10, 10)]
        told = {
            one.name: (one.first, one.second) for one in progress.people(session, progress.decisions(session, read))
        }
        assert told == {"钱多文": (20, 0), "孙可望": (0, 10)}


def test_nobody_is_asked_twice_for_the_same(database, read, people, clock):
    with database.writing() as session:
        backlog = session.get(Backlog, read)
        again = seconds.assign(session, people["office"], backlog, Wanted(), people["second"].user, 100, at=clock())
        own = seconds.assign(session, people["office"], backlog, Wanted(), people["reviewer"].user, 100, at=clock())
    assert ((again.given, again.of), (own.given, own.of)) == ((10, 10), (0, 0))  # nobody reads their own a second time


@pytest.mark.parametrize(
    "login,percent,words",
    [("drafter", 10, "没有这位复核人"), ("admin", 10, "没有这位"), ("second", 0, "比例"), ("second", 101, "比例")],
)
def test_who_and_how_many(database, brought, people, clock, login, percent, words):
    with database.writing() as session:
        backlog = session.get(Backlog, brought.backlog)
        with pytest.raises(RequestError, match=words):
            seconds.assign(session, people["office"], backlog, Wanted(), people[login].user, percent, at=clock())


def test_who_can_be_asked(database, brought, people):
    with database.reading() as session:
        backlog = backlogs.found(session, people["office"], brought.backlog)
        assert {user.login for user in seconds.readers(session, backlog)} == {"reviewer", "second", "office"}


def test_counts_of_the_piles(database, read, people, rules, clock):
    with database.reading() as session:
        found = [kept for kept in pile(session, 100) if not kept.decided and kept.attribute == "proactive"][:3]
    decide(database, rules, people["reviewer"], found, Verdict("withheld", reason="W-167"), clock)
    with database.reading() as session:
        done = {pile.value: one for pile, one in progress.tally(session, read).items()}
        assert (done["confirm"].decided, done["confirm"].changed, done["decide"].decided) == (23, 3, 0)
        assert sum(one.of for one in done.values()) == 117
        [row] = [one for one in progress.against(session, read) if one[0] == "proactive"]
        assert (row[1]["withheld"], row[2]) == (3, row[1]["proactive"] + 3)


def test_charts_hold_every_decision(database, read, clock):
    with database.reading() as session:
        days = progress.days(progress.decisions(session, read))
        years = progress.years(session, read)
    assert ">20</text>" in days and 'class="one"' in years and 'class="rest"' in years


def test_what_was_taken_back_is_no_opinion(database, read, people):
    with database.reading() as session:
        made = opinions.of(session, [kept.id for kept in pile(session)])
    assert {len(decisions) for decisions in made.values()} == {1}
