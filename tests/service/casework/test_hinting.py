"""A paper that is passed on follows its source: found by number or title, within reach, decided ones first."""

from __future__ import annotations

from datetime import UTC, datetime

import accounts
import pytest
from said import said

from gongkai.service.casework.hinting import source_of
from gongkai.service.casework.keeping import keep
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, tzinfo=UTC)
VAULT = Vault(bytes(32))
TITLE = "青禾县水务局关于印发河道管护办法的通知"


@pytest.fixture
def session(database):
    with database.writing() as opened:
        accounts.fill(opened, AT)
        yield opened


def kept(session, login, number, title=TITLE, decided=""):
    text = f"{title}\n{number}\n{login}"
    row = keep(session, VAULT, accounts.actor(session, login), said(text), text=text, origin="api", at=AT)
    row.number, row.title, row.decided = number, title, decided
    session.flush()
    return row


@pytest.mark.parametrize(
    ("about", "number"),
    [
        ("青水发〔2024〕3号", "青水发〔2024〕3号"),
        ("青水发[2024]3号", "青水发〔2024〕3号"),
        ("青水发（2024）3号", "青水发〔2024〕3号"),
        ("青水发〔2024〕3号", "青水发[2024]3号"),
        (f"《{TITLE}》", ""),
    ],
)
def test_found_by_number_or_title(session, about, number):
    row = kept(session, "drafter", number, decided="on_request")
    found = source_of(session, accounts.actor(session, "reviewer"), about)
    assert (found.document, found.attribute, found.decided) == (row.id, "on_request", True)
    assert found.sentence == "来源公文已认定为依申请公开，本件随它办理。"


@pytest.mark.parametrize("about", ["第5号", "青水发〔2024〕4号", "《通知》", ""])
def test_what_is_not_there_is_not_found(session, about):
    kept(session, "drafter", "青水发〔2024〕3号")
    assert source_of(session, accounts.actor(session, "reviewer"), about) is None


def test_a_paper_is_no_source_of_itself(session):
    row = kept(session, "drafter", "青水发〔2024〕3号")
    assert source_of(session, accounts.actor(session, "reviewer"), row.number, row.id) is None


def test_an_undecided_source_has_to_be_decided_first(session):
    kept(session, "drafter", "青水发〔2024〕3号")
    actor = accounts.actor(session, "office")
    assert "还没有人决定" in source_of(session, actor, "青水发〔2024〕3号").sentence
    row = kept(session, "reviewer", "青水发〔2024〕3号", decided="proactive")
    assert source_of(session, actor, "青水发〔2024〕3号").document == row.id


def test_nobody_learns_of_papers_out_of_reach(session):
    kept(session, "neighbour", "青民发〔2024〕3号", decided="withheld")
    assert source_of(session, accounts.actor(session, "reviewer"), "青民发〔2024〕3号") is None
    assert source_of(session, accounts.actor(session, "office"), "青民发〔2024〕3号") is not None
