"""Figures by clause on databases of each kind, against a table of documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import accounts
import pytest

from gongkai.model.rulebook import Rulebook
from gongkai.service.casework import clausefigures, deciding
from gongkai.service.store.tables import Kept, Screened, new_id

RULES = Rulebook.load()
AT = datetime(2026, 6, 2, 8, tzinfo=UTC)
HELD = ("reviewer", "withheld", "W-161")
#: unit, owner, clauses hit last, decisions (by, attribute, reason, second; "undo" takes the last one back)
DOCUMENTS = [
    (accounts.WATER, "drafter", ["NL-12", "NL-12", "NL-09"], [("reviewer", "withheld", "W-161")]),
    (accounts.WATER, "drafter", ["NL-12"], [("reviewer", "on_request", "A-04")]),
    (accounts.WATER, "drafter", ["NL-12", "NL-29"], [("reviewer", "withheld", "W-142")]),
    (accounts.WATER, "drafter", ["NL-29"], [("reviewer", "on_request", "A-01")]),
    (accounts.WATER, "drafter", ["NL-12"], [HELD, "undo", ("reviewer", "proactive", "")]),
    (accounts.WATER, "drafter", ["NL-12"], [HELD, "undo", ("reviewer", "withheld", "W-163")]),
    (accounts.WATER, "drafter", ["NL-12"], []),
    (accounts.CIVIL, "neighbour", [], [("office", "withheld", "W-161")]),
    (accounts.CIVIL, "neighbour", ["NL-99"], [("office", "withheld", "W-142")]),
    (accounts.CIVIL, "neighbour", ["NL-09"], [("office", "proactive", "")]),
]  # fmt: skip


def put(session, unit, owner, clauses, decisions):
    document = Kept(
        id=new_id(), unit=unit, owner=accounts.user_id(owner), origin="api", digest=new_id(), title="", number="",
        issuer="", issued="", genre="", attribute="withheld", confidence=0.9, handling="full", needs_review=False,
        created=AT, changed=AT,
    )  # fmt: skip
    session.add(document)
    session.flush()
    for age, hit in ((1, ["NL-01"]), (0, clauses)):  # only the last screening counts
        result = {"reasons": [], "categories": [], "negative": [{"clause": clause} for clause in hit]}
        said = AT - timedelta(days=age)
        session.add(Screened(document=document.id, at=said, engine={}, result=result, quotes=[]))
    session.flush()
    for given in decisions:
        decide(session, document, given)


def decide(session, document, given):
    if given == "undo":
        last = deciding.decisions_of(session, document.id)[-1]
        deciding.undo(session, accounts.actor(session, "reviewer"), last.id, at=AT)
    else:
        by, attribute, reason = given
        told = deciding.Given(attribute, reason)
        deciding.decide(session, RULES, accounts.actor(session, by), document, told, at=AT)
    session.flush()


@pytest.fixture
def session(database):
    with database.writing() as opened:
        accounts.fill(opened, AT)
        for row in DOCUMENTS:
            put(opened, *row)
        yield opened


def figures(session, login="office", since=None, until=None):
    found = clausefigures.clause_figures(session, accounts.actor(session, login), RULES, since, until)
    return {one.clause: one for one in found}


def told(one):
    return (one.hits, one.proactive, one.on_request, one.withheld, one.resting, one.followed, one.against)


def test_each_clause(session):
    found = figures(session)
    assert told(found["NL-12"]) == (6, 1, 1, 3, 1, 4, 1)
    assert told(found["NL-29"]) == (2, 0, 1, 1, 1, 1, 1)
    assert told(found["NL-09"]) == (2, 1, 0, 1, 0, None, None)
    assert told(found["NL-99"]) == (1, 0, 0, 1, 0, None, None)
    assert told(found["NL-01"]) == (0, 0, 0, 0, 0, 0, 0)
    assert list(found) == [*RULES.clause, "NL-99"]
    assert (found["NL-12"].title, found["NL-99"].title) == ("人事管理", "")


def test_only_what_is_within_reach_and_in_the_period(session):
    assert figures(session, "neighbour")["NL-09"].hits == 1
    assert figures(session, "reviewer")["NL-12"].hits == 6
    assert figures(session, until=AT)["NL-12"].hits == 0
    assert figures(session, since=AT)["NL-12"].hits == 6


def test_withheld_outside_the_list_by_unit(session):
    found = clausefigures.outside_list(session, accounts.actor(session, "office"), RULES, None, None)
    assert [(one.name, one.withheld, one.outside) for one in found] == [
        ("青禾县民政局", 2, 2),
        ("青禾县水务局", 3, 1),
    ]


def test_nothing_withheld_is_no_alarm(session):
    assert clausefigures.outside_list(session, accounts.actor(session, "office"), RULES, None, AT) == ()
