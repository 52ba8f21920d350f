"""Figures on databases of each kind, against a table of documents."""

from __future__ import annotations

from datetime import UTC, datetime

import accounts
import pytest

from gongkai.service.casework.statistics import counts, months
from gongkai.service.office.drawing import agreement, by_attribute, by_code, by_month
from gongkai.service.store.tables import Kept, Screened, new_id

# unit, owner, suggested, decided, month-day hour (UTC), reason, category, clauses
DOCUMENTS = [
    (accounts.WATER, "drafter", "proactive", "proactive", (5, 31, 15), "P-192", "G01", []),
    (accounts.WATER, "drafter", "proactive", "withheld", (5, 31, 17), "P-192", "G01", ["NL-12"]),
    (accounts.WATER, "reviewer", "withheld", "proactive", (6, 2, 8), "W-163", "", ["NL-12", "NL-12", "NL-13"]),
    (accounts.WATER, "reviewer", "withheld", "", (6, 3, 8), "W-163", "G02", ["NL-13"]),
    (accounts.CIVIL, "neighbour", "on_request", "on_request", (8, 1, 8), "A-01", "", []),
    (accounts.CIVIL, "neighbour", "proactive", "", (8, 2, 8), "P-192", "", []),
]


def put(session, at, row):
    unit, owner, suggested, decided, (month, day, hour), reason, category, clauses = row
    created = datetime(2026, month, day, hour, tzinfo=UTC)
    document = Kept(
        id=new_id(), unit=unit, owner=accounts.user_id(owner), origin="api", digest=new_id(), title="", number="",
        issuer="", issued="", genre="", attribute=suggested, confidence=0.9, handling="full",
        needs_review=suggested == "withheld", decided=decided, created=created, changed=created,
    )  # fmt: skip
    session.add(document)
    session.flush()
    for age, code in ((1, "P-000"), (0, reason)):  # only the last screening counts
        result = {
            "reasons": [{"code": code}, {"code": "X-1"}],
            "categories": [{"code": category}] if category else [],
            "negative": [{"clause": clause} for clause in clauses] if age == 0 else [{"clause": "NL-30"}],
        }
        said = at.replace(year=at.year - age)
        session.add(Screened(document=document.id, at=said, engine={}, result=result, quotes=[]))


@pytest.fixture
def session(database):
    at = datetime(2026, 11, 20, 8, tzinfo=UTC)
    with database.writing() as opened:
        accounts.fill(opened, at)
        for row in DOCUMENTS:
            put(opened, at, row)
        opened.flush()
        yield opened


def figures(session, login="office", since=None, until=None):
    return counts(session, accounts.actor(session, login), since, until)


def test_everything_of_the_office(session):
    found = figures(session)
    assert {key: found[key] for key in ("total", "review", "disputed")} == {"total": 6, "review": 2, "disputed": 0}
    assert found["attribute"] == {"proactive": 3, "withheld": 2, "on_request": 1}
    assert found["decided"] == {"proactive": 2, "on_request": 1, "withheld": 1}
    assert found["reason"] == {"P-192": 3, "W-163": 2, "A-01": 1}
    assert found["category"] == {"G01": 2, "G02": 1}
    assert found["clause"] == {"NL-12": 2, "NL-13": 2}
    assert found["handling"] == {"full": 6}
    assert found["agreement"]["proactive"] == {"proactive": 1, "on_request": 0, "withheld": 1}
    assert found["agreement"]["withheld"] == {"proactive": 1, "on_request": 0, "withheld": 0}
    assert agreement(found["agreement"]) == (2, 4)


def test_months_are_those_of_the_agency(session):
    found = {row["month"]: (row["proactive"], row["on_request"], row["withheld"]) for row in figures(session)["month"]}
    assert found == {"2026-05": (1, 0, 0), "2026-06": (1, 0, 2), "2026-07": (0, 0, 0), "2026-08": (1, 1, 0)}


def test_units(session):
    found = {row["name"]: row for row in figures(session)["unit"]}
    water = found["青禾县水务局"]
    assert (water["total"], water["decided"], water["withheld_wrongly"], water["open_decided"], water["opened"]) == (
        4, 3, 1, 2, 1,
    )  # fmt: skip
    assert (found["青禾县民政局"]["on_request"], found["青禾县民政局"]["decided_on_request"]) == (1, 1)


def test_only_what_is_within_reach(session):
    totals = {"office": 6, "auditor": 6, "reviewer": 4, "drafter": 2, "neighbour": 2, "admin": 0}
    found = {login: figures(session, login) for login in totals}
    assert {login: one["total"] for login, one in found.items()} == totals
    assert {login: sum(one["reason"].values()) for login, one in found.items()} == totals


def test_a_period(session):
    found = figures(session, since=datetime(2026, 6, 1, tzinfo=UTC), until=datetime(2026, 8, 2, tzinfo=UTC))
    assert found["total"] == 3
    assert [row["month"] for row in found["month"]] == ["2026-06", "2026-07", "2026-08"]


def test_nothing(session):
    found = figures(session, since=datetime(2027, 1, 1, tzinfo=UTC))
    assert (found["total"], found["month"], found["unit"], found["clause"]) == (0, [], [], {})
    assert agreement(found["agreement"]) == (0, 0)


def test_months():
    found = months(datetime(2026, 11, 30, 17, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC))
    assert [f"{start:%Y-%m-%d}" for start in found] == ["2026-12-01", "2027-01-01", "2027-02-01"]


def test_drawings():
    rows = by_code({"NL-12": 3, "NL-13": 1}, {"NL-12": "人事管理"}, 4)
    assert [(row.code, row.name, row.count, row.share) for row in rows] == [
        ("NL-12", "人事管理", 3, 0.75),
        ("NL-13", "NL-13", 1, 0.25),
    ]
    assert 'class="one"' in rows[0].bar and 'width="75.00%"' in rows[0].bar
    assert [(row.name, row.count) for row in by_attribute({"withheld": 2})] == [
        ("主动公开", 0),
        ("依申请公开", 0),
        ("不予公开", 2),
    ]
    assert by_month([{"month": "2026-05", "proactive": 2, "on_request": 0, "withheld": 1}]).startswith("<svg")
