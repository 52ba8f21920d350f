"""Withholdings outside the negative list, on databases of each kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import accounts
import pytest

from gongkai.model.rulebook import Rulebook
from gongkai.service.casework import challenging, deciding
from gongkai.service.review.opinions import second_key
from gongkai.service.store.tables import Kept, Screened, new_id

RULES = Rulebook.load()
AT = datetime(2026, 6, 2, 8, tzinfo=UTC)


def put(session, title, clauses, *decisions, unit=accounts.WATER, owner="drafter"):
    document = Kept(
        id=new_id(), unit=unit, owner=accounts.user_id(owner), origin="api", digest=new_id(), title=title, number="",
        issuer="", issued="", genre="", attribute="withheld", confidence=0.9, handling="full", needs_review=False,
        created=AT, changed=AT,
    )  # fmt: skip
    session.add(document)
    session.flush()
    result = {"reasons": [], "categories": [], "negative": [{"clause": clause} for clause in clauses]}
    session.add(Screened(document=document.id, at=AT, engine={}, result=result, quotes=[]))
    session.flush()
    made = []
    for by, attribute, reason, note in decisions:
        given = deciding.Given(attribute, reason, note=note, second=by == "second")
        made.append(deciding.decide(session, RULES, accounts.actor(session, by), document, given, at=AT))
        session.flush()
    return document, made


@pytest.fixture
def session(database):
    with database.writing() as opened:
        accounts.fill(opened, AT)
        yield opened


def titles(session, login="office", rules=RULES, since=None, until=None):
    found = challenging.outside(session, accounts.actor(session, login), rules, since, until)
    return {one.title: one for one in found}


def test_which_withholdings_are_asked(session):
    put(session, "清单内", ["NL-12"], ("reviewer", "withheld", "W-161", ""))
    put(session, "没有条款", [], ("reviewer", "withheld", "W-161", "公开影响安全"))
    put(session, "理由不符", ["NL-16"], ("reviewer", "withheld", "W-161", ""))
    put(
        session,
        "两人有一人合清单",
        ["NL-12"],
        ("reviewer", "withheld", "W-163", ""),
        ("second", "withheld", "W-161", ""),
    )
    put(session, "公开", [], ("reviewer", "proactive", "", ""))
    document, made = put(session, "撤销了", [], ("reviewer", "withheld", "W-161", ""))
    deciding.undo(session, accounts.actor(session, "reviewer"), made[0].id, at=AT)
    session.flush()
    found = titles(session)
    assert found.keys() == {"没有条款", "理由不符"}
    assert (found["没有条款"].note, found["没有条款"].unit) == ("公开影响安全", "青禾县水务局")
    assert "没有查到负面清单的任何一条" in found["没有条款"].challenge.sentence
    assert "NL-16" in found["理由不符"].challenge.sentence
    assert titles(session, since=AT + timedelta(days=1)) == titles(session, until=AT) == {}


def test_only_within_reach_and_not_what_is_read_blind(session):
    document, _ = put(session, "甲", [], ("reviewer", "withheld", "W-161", ""))
    assert titles(session, "neighbour") == {}
    assert titles(session, "second").keys() == {"甲"}
    document.place = {"second": second_key(accounts.user_id("second"))}
    session.flush()
    assert titles(session, "second") == {}


def test_a_clause_carries_only_what_was_decided_while_it_was_in_force(session):
    document, made = put(session, "甲", ["NL-12"], ("reviewer", "withheld", "W-161", ""))
    rows = tuple(replace(row, until="2026-06-01") if row.id == "NL-12" else row for row in RULES.clauses)
    ended = replace(RULES, clauses=rows)
    assert challenging.asked_of(session, RULES, made[0]) is None
    assert challenging.asked_of(session, ended, made[0]) is not None
    given = (document.id, "withheld", "W-161")
    assert challenging.asked(session, ended, *given, at=AT) is not None
    assert challenging.asked(session, ended, *given, at=AT - timedelta(days=1)) is None
    assert titles(session) == {}
    assert titles(session, rules=ended).keys() == {"甲"}


def test_what_takes_a_decision_back_is_not_asked(session):
    _, made = put(session, "甲", [], ("reviewer", "withheld", "W-161", ""))
    undone = deciding.undo(session, accounts.actor(session, "reviewer"), made[0].id, at=AT)
    assert challenging.asked_of(session, RULES, undone) is None
    assert challenging.asked_of(session, RULES, made[0]) is not None
