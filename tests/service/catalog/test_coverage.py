"""五公开 by unit and year, and what a changed catalog means for documents: counted by both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import accounts
import pytest
from said import said

from gongkai.model.rulebook import Rulebook
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.keeping import keep
from gongkai.service.catalog.coverage import category_of, coverage, step_of
from gongkai.service.catalog.projects import kept
from gongkai.service.catalog.remapping import remapped
from gongkai.service.rules.memory import shipped
from gongkai.service.rules.rows import removed, row_of
from gongkai.service.store.tables import Kept
from gongkai.service.store.vault import Vault

START = datetime(2026, 6, 1, tzinfo=UTC)
RULES = Rulebook.load()
#: Title, day of issue, item that the machine gives, attribute; all of the drafter but the last.
PAPERS = [
    ("河道管护办法", "2024-03-01", "G0102", "proactive"),
    ("河道管护工作总结", "2024-12-20", "G0303", "withheld"),
    ("行政处罚决定书", "2025-02-01", "G0602", "proactive"),
    ("没有事项的文件", "2025-02-02", "", "proactive"),
    ("救助指南", "2025-03-01", "G0501", "proactive"),
]


@pytest.fixture
def filled(database):
    vault = Vault(b"k" * 32)
    with database.writing() as session:
        accounts.fill(session, START)
        for place, (title, issued, code, label) in enumerate(PAPERS):
            told = said(f"{title}\n正文。", attribute=label)
            told.kept["title"], told.kept["elements"]["issued"] = title, issued
            told.kept["categories"] = [{"code": code, "name": "", "confidence": 0.9, "deadline": ""}] if code else []
            actor = accounts.actor(session, "neighbour" if place == len(PAPERS) - 1 else "drafter")
            keep(session, vault, actor, told, text="", origin="page", at=START + timedelta(hours=place))
    return database


def lines(session, login):
    return [
        (line.unit, line.year, line.counts, line.public, line.missing)
        for line in coverage(session, accounts.actor(session, login), RULES)
    ]


def test_steps_by_unit_and_year(filled) -> None:
    with filled.reading() as session:
        found = lines(session, "office")
        own = lines(session, "reviewer")
    assert found == [
        ("青禾县民政局", "2025", {"服务": 1}, {"服务": 1}, ("决策", "执行", "管理", "结果")),
        ("青禾县水务局", "2025", {"结果": 1}, {"结果": 1}, ("决策", "执行", "管理", "服务")),
        ("青禾县水务局", "2024", {"决策": 1, "执行": 1}, {"决策": 1}, ("执行", "管理", "服务", "结果")),
    ]
    assert [unit for unit, *_ in own] == ["青禾县水务局"] * 2


def by_title(session, title):
    return next(row for row in session.query(Kept) if row.title == title)


def test_what_people_decided_goes_before_what_the_machine_said(filled) -> None:
    with filled.writing() as session:
        actor, paper = accounts.actor(session, "reviewer"), by_title(session, "河道管护工作总结")
        assert category_of(session, paper.id) == "G0303"
        given = Given("proactive", "P-192", "条例第十九条", "G0501")
        decide(session, RULES, actor, paper, given, at=START + timedelta(days=1))
        assert category_of(session, paper.id) == "G0501"
    with filled.reading() as session:
        (_, _, counts, public, _) = lines(session, "reviewer")[1]
    assert (counts, public) == ({"决策": 1, "服务": 1}, {"决策": 1, "服务": 1})


def test_documents_of_an_item_that_is_gone_are_listed(filled) -> None:
    before = shipped()
    text = before["catalog.toml"]
    text = removed(text, row_of(text, "category", "G0602"))
    text = text.replace('name = "行政规范性文件"', 'name = "规范性文件"')
    after = before | {"catalog.toml": text}
    with filled.reading() as session:
        changed, gone = remapped(session, accounts.actor(session, "office"), before, after)
        neighbours = remapped(session, accounts.actor(session, "neighbour"), before, after)
    assert (changed.change.key, changed.change.kind, changed.documents, changed.listed) == ("G0102", "changed", 1, ())
    assert (gone.change.key, gone.change.kind, gone.documents) == ("G0602", "removed", 1)
    assert [title for _, title in gone.listed] == ["行政处罚决定书"]
    assert [one.documents for one in neighbours] == [0, 0]


@pytest.mark.parametrize(("code", "step"), [("G0102", "决策"), ("N0401", "执行"), ("G99", ""), ("无", "")])
def test_the_step_of_an_item(code: str, step: str) -> None:
    assert step_of(code, RULES) == step


def test_titles_within_reach(filled) -> None:
    with filled.reading() as session:
        assert len(kept(session, accounts.actor(session, "drafter"))) == 4
        assert [one.title for one in kept(session, accounts.actor(session, "neighbour"))] == ["救助指南"]
