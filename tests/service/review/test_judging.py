"""Decisions on one, several and groups, and taking them back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from gongkai.model.errors import RequestError
from gongkai.service.errors import Conflicting
from gongkai.service.review import judging, opinions
from gongkai.service.review.judging import MOST, SUGGESTED, Verdict, decide_all, members, undo_last
from gongkai.service.store import trail
from gongkai.service.store.tables import Decided, Kept


@pytest.fixture
def some(database, brought):
    """Documents of the pile to decide."""

    def found(count=5, **where):
        with database.reading() as session:
            query = select(Kept).filter_by(**{"pile": "decide", **where}).order_by(Kept.rank).limit(count)
            return list(session.scalars(query))

    return found


@pytest.fixture
def give(database, rules, people, clock):
    """Decide documents as a user."""

    def given(login, found, *verdict, **more):
        ids = [kept.id for kept in found]
        return decide_all(database, rules, people[login], ids, Verdict(*verdict, **more), clock)

    return given


def decided(database):
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Kept).where(Kept.decided != ""))


def test_as_suggested_takes_each_ones_own_reason(database, some, give):
    found = some(20)
    done = give("reviewer", found, SUGGESTED)
    assert (len(done.decided), done.refused) == (20, ())
    with database.reading() as session:
        made = {one.document: one for one in session.scalars(select(Decided))}
    for kept in found:
        expected = {"proactive": "P-2001", "on_request": "A-02", "withheld": "W-167"}[kept.attribute]
        assert (made[kept.id].attribute, made[kept.id].reason) == (kept.attribute, expected)
        assert bool(made[kept.id].category) == (kept.attribute == "proactive") and made[kept.id].basis


def test_a_reason_that_nobody_suggested_has_to_be_given(some, give):
    found = some(1, attribute="proactive")
    assert [one.lacks for one in give("reviewer", found, "withheld").refused] == ["reason"]
    assert give("reviewer", found, "withheld", reason="W-167").decided == (found[0].id,)


@pytest.mark.parametrize("count,words", [(0, "没有选中"), (MOST + 1, "一次最多")])
def test_too_few_and_too_many(some, give, count, words):
    with pytest.raises(RequestError, match=words):
        give("reviewer", some(1) * count, SUGGESTED)


@pytest.mark.parametrize(
    "verdict,words",
    [
        (Verdict("proactive", reason="W-999"), "理由代码"),
        (Verdict("proactive", reason="W-167"), "不是主动公开的理由"),
        (Verdict("proactive", category="X1"), "目录代码"),
        (Verdict("published"), "公开属性"),
    ],
)
def test_what_cannot_be_decided_is_told(database, rules, people, some, clock, verdict, words):
    found = [kept.id for kept in some(3)]
    done = decide_all(database, rules, people["reviewer"], found, verdict, clock)
    assert (done.decided, len(done.refused), decided(database)) == ((), 3, 0)
    assert all(words in one.why for one in done.refused)


def test_what_somebody_changed_meanwhile_is_told(database, some, give):
    found = some(1)
    give("second", found, SUGGESTED, version=1)
    assert "有了变动" in give("reviewer", found, SUGGESTED, version=1).refused[0].why


def test_one_that_cannot_be_decided_stops_no_other(database, some, give):
    one, other = some(1, attribute="proactive"), some(1, attribute="withheld")
    done = give("reviewer", [*one, *other], "withheld")
    assert (done.decided, [refused.document for refused in done.refused]) == ((other[0].id,), [one[0].id])


def test_a_group_is_decided_but_for_exceptions_and_what_was_decided(database, give, brought):
    with database.reading() as session:
        first = next(kept for kept in session.scalars(select(Kept)) if kept.place["joint"] and kept.place["joint"][3])
        whole = members(session, first)
    _, size, exceptions, _ = first.place["joint"]
    assert (len(whole), whole[0]) == (size - exceptions, first)
    give("second", whole[1:2], SUGGESTED)
    with database.reading() as session:
        assert len(members(session, session.get(Kept, first.id))) == size - exceptions - 1


def test_an_exception_leads_no_group(database, brought):
    with database.reading() as session:
        rows = session.scalars(select(Kept)).all()
        for kept in (next(one for one in rows if one.place["exception"]), next(one for one in rows if not one.group)):
            with pytest.raises(RequestError, match="不在任何组里"):
                members(session, kept)


def test_a_selection_is_taken_back_as_a_whole(database, brought, people, some, give, clock, monkeypatch):
    monkeypatch.setattr(judging, "TOGETHER", 4)  # over several transactions
    found = some(12)
    give("reviewer", found[:1], SUGGESTED)
    give("reviewer", found[1:], SUGGESTED)
    gone = undo_last(database, people["reviewer"], brought.backlog, clock)
    assert set(gone) == {kept.id for kept in found[1:]} and decided(database) == 1
    assert undo_last(database, people["reviewer"], brought.backlog, clock) == [found[0].id]
    with database.reading() as session:
        assert opinions.of(session, [kept.id for kept in found]) == {kept.id: [] for kept in found}
        assert list(trail.verified(session)) == []


def test_nobody_takes_back_what_somebody_else_decided(database, brought, people, some, give, clock):
    give("reviewer", some(1), SUGGESTED)
    with pytest.raises(Conflicting, match="没有可以撤销的"):
        undo_last(database, people["office"], brought.backlog, clock)
