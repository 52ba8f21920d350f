"""The queue, its lists and its figures on both databases."""

from __future__ import annotations

import accounts
from withheld import AT, OLD, kept

from gongkai.service.afterwards.progress import owed, progress
from gongkai.service.afterwards.queue import Wanted, queue
from gongkai.service.afterwards.requests import clusters, listed
from gongkai.service.afterwards.rereviewing import Ruling, rereview
from gongkai.service.afterwards.validity import inventory
from gongkai.service.store.duties import Application, Relation


def test_both_databases_say_the_same(database, rules):
    with database.writing() as session:
        accounts.fill(session, OLD)
        late, kept_on, turned = (kept(session, rules, f"去年的{word}") for word in ("值班安排", "会务安排", "停水方案"))
        final = kept(session, rules, "青禾县河道管护办法", decided="proactive", reason="P-2001")
        draft = kept(session, rules, "青禾县河道管护办法（送审稿）", reason="W-165", at=AT)
        who = accounts.user_id("reviewer")
        session.add(Relation(document=final.id, role="draft", target=draft.id, by=who, at=AT))
        for number in range(3):
            session.add(
                Application(
                    unit=accounts.WATER,
                    number=str(number),
                    received="2026-01-05",
                    applicant="natural",
                    by=who,
                    at=AT,
                    topic="征地补偿标准",
                )  # fmt: skip
            )
        reviewer = accounts.actor(session, "reviewer")
        rereview(session, rules, reviewer, kept_on.id, Ruling("retain", "理由", until="2026-09-01"), at=AT)
        given = Ruling("convert", "理由", attribute="proactive")
        rereview(session, rules, reviewer, turned.id, given, at=AT)
    with database.reading() as session:
        found = queue(session, reviewer, Wanted(), AT)
        assert ([item.kept.id for item in found.items], found.total) == ([late.id, draft.id], 2)
        assert queue(session, reviewer, Wanted("all", accounts.WATER, "W-163", "安排"), AT).total == 2
        assert [one.kept.id for one in owed(session, reviewer, AT)] == [turned.id]
        assert [(row.held, row.due, row.seen) for row in progress(session, reviewer, 2026, AT)] == [(3, 2, 2)]
        assert len(inventory(session, reviewer, AT)) == 1
        assert len(clusters(session, reviewer, AT)[0].requests) == len(listed(session, reviewer)) == 3
