"""Decisions: what is refused, what stands after several, and taking back one's own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import accounts
import pytest
from said import TEXT, said
from sqlalchemy import event, select

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.casework.deciding import Given, decide, decisions_of, standing, undo
from gongkai.service.casework.keeping import keep, latest_screening
from gongkai.service.errors import Conflicting, NotFound, Outdated
from gongkai.service.store import trail
from gongkai.service.store.tables import Decided, Kept, Trail
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, tzinfo=UTC)
RULES = Rulebook.load()
REASON = next(row.code for row in RULES.reasons if row.attribute == "withheld")
OPEN, CLOSED = Given("proactive"), Given("withheld", reason=REASON)


@pytest.fixture
def kept(database):
    with database.writing() as session:
        accounts.fill(session, AT)
        actor = accounts.actor(session, "drafter")
        return keep(session, Vault(bytes(32)), actor, said(), text=TEXT, origin="api", at=AT)


def _decide(database, document, login, given, at=AT):
    with database.writing() as session:
        row = session.get(Kept, document.id)
        return decide(session, RULES, accounts.actor(session, login), row, given, at=at)


def _undo(database, login, decision, at=AT):
    with database.writing() as session:
        return undo(session, accounts.actor(session, login), decision, at=at)


def _row(database, document):
    with database.reading() as session:
        row = session.get(Kept, document.id)
        assert list(trail.verified(session)) == []
        return row.decided, row.decisions, row.disputed, row.version


def _second(given):
    return Given(given.attribute, given.reason, second=True)


def test_a_decision_is_appended_and_chained(database, kept):
    made = _decide(database, kept, "drafter", Given("withheld", REASON, "条例第十六条", note="内部", source="清单"))
    assert _row(database, kept) == ("withheld", 1, False, 2)
    with database.reading() as session:
        entry = session.scalar(select(Trail).where(Trail.action == "decide"))
        assert made.screening == latest_screening(session, kept.id).id
        assert session.get(Decided, made.id).note == "内部"
    assert entry.object == kept.id
    assert entry.detail == {
        "decision": made.id,
        "digest": trail.digest(made),
        "attribute": "withheld",
        "reason": REASON,
        "second": False,
    }


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (Given("主动公开"), "公开属性应当是"),
        (Given("withheld"), "应当选定理由"),
        (Given("on_request"), "应当选定理由"),
        (Given("withheld", reason="没有的"), "没有这个理由代码"),
        (Given("proactive", category="没有的"), "没有这个目录代码"),
    ],
)
def test_a_wrong_decision_is_refused(database, kept, given, words):
    with pytest.raises(RequestError, match=words):
        _decide(database, kept, "drafter", given)
    assert _row(database, kept) == ("", 0, False, 1)


def test_what_was_changed_meanwhile_is_not_decided(database, kept):
    _decide(database, kept, "drafter", Given("proactive", version=1))
    with pytest.raises(Outdated, match="变动"):
        _decide(database, kept, "reviewer", Given("withheld", REASON, version=1))
    _decide(database, kept, "reviewer", Given("withheld", REASON, version=2))
    assert _row(database, kept) == ("withheld", 2, False, 3)


def test_of_many_who_saw_the_same_only_one_decides(database, kept):
    def one(_):
        try:
            return bool(_decide(database, kept, "drafter", Given("proactive", version=1)))
        except Outdated:
            return False

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(one, range(12))) == 1
    assert _row(database, kept) == ("proactive", 1, False, 2)


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([("reviewer", OPEN), ("second", _second(OPEN))], ("proactive", False)),
        ([("reviewer", OPEN), ("second", _second(CLOSED))], ("proactive", True)),
        ([("second", _second(CLOSED)), ("reviewer", OPEN)], ("proactive", True)),
        ([("second", _second(CLOSED))], ("withheld", False)),
        ([("reviewer", OPEN), ("second", _second(CLOSED)), ("reviewer", CLOSED)], ("withheld", False)),
        ([("reviewer", OPEN), ("second", _second(CLOSED)), ("office", OPEN)], ("proactive", False)),
        ([("reviewer", OPEN), ("second", _second(CLOSED)), ("second", _second(OPEN))], ("proactive", False)),
        ([("drafter", OPEN), ("reviewer", CLOSED)], ("withheld", False)),
    ],
)
def test_what_stands(database, kept, steps, expected):
    for login, given in steps:
        _decide(database, kept, login, given)
    decided, decisions, disputed, _ = _row(database, kept)
    assert ((decided, disputed), decisions) == (expected, len(steps))
    with database.reading() as session:
        assert standing(decisions_of(session, kept.id)) == expected


@pytest.mark.parametrize("steps", [(OPEN, _second(OPEN)), (_second(OPEN), OPEN)])
def test_nobody_reads_twice(database, kept, steps):
    _decide(database, kept, "reviewer", steps[0])
    with pytest.raises(Conflicting, match="另一个人"):
        _decide(database, kept, "reviewer", steps[1])


def test_a_decision_is_taken_back_by_a_further_one(database, kept):
    first = _decide(database, kept, "reviewer", OPEN)
    later = _decide(database, kept, "reviewer", CLOSED)
    undone = _undo(database, "reviewer", later.id)
    assert (undone.undoes, undone.by) == (later.id, later.by)
    assert _row(database, kept) == ("proactive", 3, False, 4)
    _undo(database, "reviewer", first.id)
    assert _row(database, kept) == ("", 4, False, 5)
    _decide(database, kept, "reviewer", _second(OPEN))
    assert _row(database, kept) == ("proactive", 5, False, 6)


def test_what_can_not_be_taken_back(database, kept):
    made = _decide(database, kept, "reviewer", OPEN)
    with pytest.raises(Conflicting, match="自己作出"):
        _undo(database, "second", made.id)
    for login, id in (("neighbour", made.id), ("reviewer", "0" * 32)):
        with pytest.raises(NotFound):
            _undo(database, login, id)
    undone = _undo(database, "reviewer", made.id)
    for id in (made.id, undone.id):
        with pytest.raises(Conflicting, match="已经撤销"):
            _undo(database, "reviewer", id)
    assert _row(database, kept) == ("", 2, False, 3)


def test_a_clock_that_goes_back_does_not_turn_the_order_round(database, kept):
    _decide(database, kept, "reviewer", OPEN)
    _decide(database, kept, "reviewer", CLOSED, at=AT - timedelta(days=400))
    assert _row(database, kept)[0] == "withheld"
    with database.reading() as session:
        assert [one.attribute for one in decisions_of(session, kept.id)] == ["proactive", "withheld"]


def test_what_was_said_is_named_without_being_read(database, kept):
    said = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    made = _decide(database, kept, "drafter", OPEN)
    with database.reading() as session:
        assert made.screening == latest_screening(session, kept.id).id
    asked = [one for one in said if "FROM screening" in one]
    assert ["screening.result" in one for one in asked] == [False, True]
