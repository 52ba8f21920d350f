"""Pages and filters of the queue."""

from __future__ import annotations

import pytest
from sqlalchemy import event, select

from gongkai.model.errors import RequestError
from gongkai.service.errors import NotFound
from gongkai.service.review import queue
from gongkai.service.review.judging import Verdict, decide_all
from gongkai.service.review.queue import Wanted
from gongkai.service.review.rows import unit_key
from gongkai.service.store.tables import Kept


def walk(session, brought, actor, wanted, limit):
    after, seen = "", []
    while True:
        page = queue.page(session, brought.backlog, actor, wanted, after, limit)
        seen += [row.kept for row in page.rows]
        after = page.next
        if not after:
            return seen


def test_pages_hold_every_row_once_in_order(database, brought, people):
    with database.reading() as session:
        rows = session.scalars(select(Kept).order_by(Kept.pile, Kept.rank, Kept.id)).all()
        for pile, limit in (("confirm", 1), ("confirm", 7), ("confirm", 200), ("", 50)):
            seen = walk(session, brought, people["reviewer"], Wanted(pile=pile), limit)
            assert [one.id for one in seen] == [one.id for one in rows if pile in ("", one.pile)]


FILTERS = [
    (Wanted(attribute="withheld"), lambda kept: kept.attribute == "withheld"),
    (Wanted(keys=("y:2018",)), lambda kept: kept.issued.startswith("2018")),
    (Wanted(keys=("c:G0302",)), lambda kept: kept.place["category"] == "G0302"),
    (Wanted(keys=("n:NL-18",)), lambda kept: "n:NL-18" in kept.place["keys"]),
    (
        Wanted(keys=(unit_key("青禾县民政局"), "y:2019")),
        lambda kept: kept.issued[:4] == "2019" and "民政局" in kept.issuer,
    ),
    (Wanted(words="资产清查"), lambda kept: "资产清查" in kept.title),
    (Wanted(words="财政局 通知"), lambda kept: "财政局" in kept.title and "通知" in kept.title),
    (Wanted(words="〕5号"), lambda kept: "〕5号" in kept.number),
    (Wanted(words="%"), lambda kept: False),
    (Wanted(words="_"), lambda kept: False),
    (Wanted(keys=('x"%',)), lambda kept: False),
    (Wanted(state="open"), lambda kept: not kept.decided),
    (Wanted(state="decided"), lambda kept: bool(kept.decided)),
    (Wanted(state="changed"), lambda kept: kept.decided not in ("", kept.attribute)),
    (Wanted(state="disputed"), lambda kept: False),
    (Wanted(state="second"), lambda kept: False),
]


def test_filters(database, brought, people, rules, clock):
    with database.reading() as session:
        some = session.scalars(select(Kept.id).where(Kept.pile == "decide").order_by(Kept.rank).limit(20)).all()
    decide_all(database, rules, people["reviewer"], some, Verdict("withheld", reason="W-167"), clock)
    with database.reading() as session:
        rows = session.scalars(select(Kept)).all()
        for wanted, expected in FILTERS:
            seen = {kept.id for kept in walk(session, brought, people["reviewer"], wanted, 100)}
            assert seen == {kept.id for kept in rows if expected(kept)}, wanted


@pytest.mark.parametrize("cursor", ["x", "confirm", "confirm.x.1", "confirm.-1.y", "confirm.9999999999.y"])
def test_a_cursor_that_is_none(cursor):
    with pytest.raises(RequestError, match="续页标记"):
        queue.page(None, "", None, Wanted(), cursor)


def test_a_page_takes_two_statements(database, brought, people):
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with database.reading() as session:
        queue.page(session, brought.backlog, people["reviewer"], Wanted(pile="decide"), "", 50)
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 2


def test_a_document_of_another_backlog_is_not_found(database, brought, people):
    with database.reading() as session:
        kept = session.scalars(select(Kept).limit(1)).one()
        assert queue.one(session, brought.backlog, people["reviewer"], kept.id).kept is kept
        with pytest.raises(NotFound):
            queue.one(session, "0" * 32, people["reviewer"], kept.id)
        with pytest.raises(NotFound):
            queue.one(session, brought.backlog, people["reviewer"], "0" * 32)
