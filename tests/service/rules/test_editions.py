"""The negative list as an officer edits it: which versions are compared, drafts, clauses that end on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import accounts
import pytest

from gongkai.model.document import Document
from gongkai.model.errors import RequestError
from gongkai.service.desk import Desk, today
from gongkai.service.errors import NotFound
from gongkai.service.rules import editions, versions
from gongkai.service.rules.memory import shipped
from gongkai.service.rules.rows import row_of
from gongkai.service.settings import Settings

AT = datetime(2026, 6, 2, 8, tzinfo=UTC)
SETTINGS = Settings()
PAPER = (
    "关于拟任人选任职前考察情况的报告\n县委组织部：\n现将拟任人选民主测评、民主推荐得票和考察材料报告如下。\n"
    "考察组认为，考察对象德才表现较好。\n青禾县人力资源和社会保障局\n2024年4月28日\n"
)


@pytest.fixture
def session(database):
    with database.writing() as opened:
        accounts.fill(opened, AT)
        yield opened


def ended(session, clause="NL-12", until="2026-06-30"):
    return editions.retired(session, accounts.actor(session, "office"), SETTINGS, clause, until, at=AT)


def test_a_clause_ends_by_a_draft_that_changes_nothing_else(session):
    number = ended(session)
    draft = versions.version(session, SETTINGS, number)
    assert draft.editable and "NL-12" in draft.note and "2026-06-30" in draft.note
    assert row_of(draft.files["negative.toml"], "clause", "NL-12").values["until"] == "2026-06-30"
    same = {name for name, text in shipped().items() if draft.files[name] == text}
    assert same == shipped().keys() - {"negative.toml"}
    with pytest.raises(NotFound):
        ended(session, clause="NL-99")
    with pytest.raises(RequestError, match="到哪一天为止"):
        ended(session, until="")


def test_what_is_compared_when_nobody_chose(database):
    with database.writing() as session:
        accounts.fill(session, AT)
        office = accounts.actor(session, "office")

    def chosen(old=-1, new=-1):
        with database.reading() as session:
            known = versions.history(session, SETTINGS)
            return tuple(one.number for one in editions.pair(session, SETTINGS, known, old, new))

    assert chosen() == (0, 0)
    for clause in ("NL-12", "NL-13"):
        with database.writing() as session:
            versions.put_in_force(session, office, SETTINGS, ended(session, clause), at=AT)
    with database.writing() as session:
        draft = editions.draft_of(session, office, SETTINGS, "NL-14", at=AT)
        with pytest.raises(NotFound):
            editions.draft_of(session, office, SETTINGS, "NL-99", at=AT)
    assert chosen() == (1, 2)
    assert chosen(new=draft) == (2, draft)
    assert chosen(0, 1) == (0, 1)


def test_a_desk_honours_the_day(tmp_path):
    for name, text in shipped().items():
        dated = text.replace('id = "NL-12"\n', 'id = "NL-12"\nuntil = "2026-06-30"\n', 1)
        (tmp_path / name).write_text(dated if name == "negative.toml" else text, "utf-8")
    desk = Desk.open(Settings(fast=True, tables=tmp_path))
    assert desk.screener.today is today

    def clauses(day):
        other = replace(desk, screener=replace(desk.screener, today=lambda: day))
        return {hit["clause"] for hit in other.shown(other.screen(Document("a", PAPER)))["negative"]}

    assert "NL-12" in clauses(date(2026, 6, 30))
    assert "NL-12" not in clauses(date(2026, 7, 1))
