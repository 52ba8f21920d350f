"""Samples: the same seed draws the same, the second reader sees nothing, agreement is counted over what both read."""

from __future__ import annotations

import accounts
import pytest
from halfyear import NOW, fill

from gongkai.model.errors import RequestError
from gongkai.service.errors import NotFound
from gongkai.service.reports import sampling
from gongkai.service.reports.kinds import made
from gongkai.service.reports.periods import Period
from gongkai.service.reports.scopes import scope
from gongkai.service.review import judging, opinions
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Kept, Trail

QUARTER = Period.of("2026-Q2")


def draw(database, reader="reviewer", size=3, seed=7):
    with database.writing() as session:
        office = accounts.actor(session, "office")
        whose = scope(session, office)
        return sampling.draw(
            session, office, whose, QUARTER, size, seed, accounts.user_id(reader), at=NOW
        ).documents  # fmt: skip


def test_a_sample_from_drawing_to_its_report(database, rules):
    with database.writing() as session:
        fill(session, rules)
    drawn = draw(database)
    assert len(drawn) == 3
    with database.reading() as session:
        reader = accounts.actor(session, "reviewer")
        kept = [session.get(Kept, id) for id in drawn]
        assert {one.unit for one in kept} == {accounts.WATER}  # what the reader sees
        assert all(opinions.blind(one, reader, []) for one in kept)
        told = made(session, accounts.actor(session, "office"), rules, "sample", "2026-Q2", "", at=NOW)
        assert told.parts[1].words == ("抽取 3 件，还没有复核。",)
    for one in kept:
        attribute = "withheld" if one.title == "停水检修通告" else one.decided
        verdict = judging.Verdict(attribute, "W-163" if attribute == "withheld" else "")
        assert judging.decide_all(database, rules, reader, [one.id], verdict, lambda: NOW).refused == ()
    with database.reading() as session:
        found = sampling.read(session, drawn)
        same, kappa, count = sampling.agreement(found)
        differ = sum(one.kept.title == "停水检修通告" for one in found)
        assert (count, same.value) == (3, (3 - differ) / 3)
        assert same.low < same.value <= same.high and -1 <= kappa <= 1
        told = made(session, accounts.actor(session, "office"), rules, "sample", "2026-Q2", "", at=NOW)
        assert "种子 7 抽取 3 件" in told.parts[0].words[0]
        assert f"一致的占 {same.value:.1%}" in told.parts[1].words[0]
        assert [entry.action for entry in session.query(Trail).filter_by(kind="sample")] == ["sample.draw"]


def test_the_same_seed_draws_the_same(tmp_path, rules):
    drawn = []
    for name in ("one", "other"):
        database = Database.open(f"sqlite:///{tmp_path / name}.db")
        with database.writing() as session:
            fill(session, rules)
        ids = draw(database, seed=11)
        with database.reading() as session:
            drawn.append([session.get(Kept, id).digest for id in ids])
        database.close()
    assert drawn[0] == drawn[1]


def test_what_cannot_be_drawn(filled):
    with pytest.raises(RequestError, match="抽查件数"):
        draw(filled, size=0)
    for seed in (-1, 99_999_999_999):  # no column of PostgreSQL holds it
        with pytest.raises(RequestError, match="种子"):
            draw(filled, seed=seed)
    with pytest.raises(RequestError, match="没有这位复核人"):
        draw(filled, reader="drafter")
    with filled.writing() as session:
        office = accounts.actor(session, "office")
        with pytest.raises(RequestError, match="没有可以抽查的公文"):
            year = Period.of("2020")
            sampling.draw(
                session, office, scope(session, office), year, 3, 1, accounts.user_id("reviewer"), at=NOW
            )  # fmt: skip


def test_who_sees_a_sample(filled):
    drawn = draw(filled, size=2)
    with filled.reading() as session:
        one = sampling.samples(session, scope(session, accounts.actor(session, "office")))[0]
        for login, seen in (("office", 2), ("reviewer", 2)):
            actor = accounts.actor(session, login)
            assert len(sampling.sample(session, actor, scope(session, actor), one.id)[1]) == seen
        reviewer, stranger = accounts.actor(session, "reviewer"), accounts.actor(session, "second")
        assert [each.id for each in sampling.given(session, reviewer)] == [one.id]
        with pytest.raises(NotFound):
            sampling.sample(session, stranger, scope(session, stranger), one.id)
    assert drawn == one.documents
