"""How far a backlog is decided, counted without reading its documents."""

from __future__ import annotations

from sqlalchemy import event

from gongkai.service.review import progress
from gongkai.service.screening.records import Pile


def test_the_piles_are_counted_by_an_index_alone(database, brought):
    said = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: said.append(call[2:4]))
    with database.reading() as session:
        done = progress.tally(session, brought.backlog)
        (statement, parameters) = said[-1]
        assert sum(one.of for one in done.values()) == 117 and done[Pile.confirm].decided == 0
        if database.engine.dialect.name == "sqlite":  # PostgreSQL reads so small a table as a whole
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            assert "USING COVERING INDEX document_standing" in plan[0][-1]
