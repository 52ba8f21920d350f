"""A mended text goes on from the draft that came back: with its form, without its reviews."""

from __future__ import annotations

import pytest
from accounts import actor
from walking import OPEN, RULES, SECRECY, SIGNED, Walk

from gongkai.service.errors import NotFound
from gongkai.service.passages.succeeding import earlier, succeed
from gongkai.service.store.tables import Kept

BACK = (SIGNED[0], ("reviewer", "secrecy", SECRECY), ("reviewer", "return", {"note": "改第二段"}))


def _earlier(shared, one, login="drafter"):
    with shared.reading() as session:
        return {kept.id for kept in earlier(session, actor(session, login), session.get(Kept, one.id))}


def _succeed(shared, one, before):
    with shared.writing() as session:
        succeed(session, RULES, actor(session, "drafter"), session.get(Kept, one.id), before, one.at)


def test_the_form_comes_along_and_no_review_does(walk, shared):
    old, new = walk(OPEN, *BACK, flagged=["consult"]), Walk(shared)
    assert old.id in _earlier(shared, new)
    _succeed(shared, new, old.id)
    case = new.case()
    assert (case.values["attribute"], case.values["secrecy"], case.flags) == ("主动公开", "尚未审查", {"consult"})
    assert (old.passage().state, old.kinds()[-1], new.kinds()) == ("replaced", "replace", [])
    assert old.id not in _earlier(shared, Walk(shared))


def test_only_drafts_of_ones_own_that_are_not_on_their_way(walk, shared):
    new, busy = Walk(shared), walk(OPEN, SIGNED[0])
    other = walk(OPEN, *BACK)
    with shared.writing() as session:
        session.get(Kept, other.id).title = "关于别的事的通知"
    assert not {busy.id, other.id} & _earlier(shared, new)
    assert _earlier(shared, new, "neighbour") == set()
    with pytest.raises(NotFound, match="没有这份前稿"):
        _succeed(shared, new, busy.id)
