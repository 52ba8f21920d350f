"""The alarm of withholding too much, on databases of each kind, against a table of units."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import accounts
import pytest

from gongkai.model.rulebook import Rulebook
from gongkai.service.casework import overwithholding
from gongkai.service.casework.overwithholding import Withholding, alarms, by_unit
from gongkai.service.store.tables import Decided, Kept, Screened, new_id

RULES = Rulebook.load()
AT = datetime(2026, 6, 2, 8, tzinfo=UTC)
LAST_YEAR = AT - timedelta(days=500)


def put(session, unit, owner, count, attribute, *, clause="", reason="", basis="条例第十六条第一款", at=AT):
    for _ in range(count):
        document = Kept(
            id=new_id(), unit=unit, owner=accounts.user_id(owner), origin="api", digest=new_id(), title="", number="",
            issuer="", issued="", genre="", attribute=attribute, confidence=0.9, handling="full", needs_review=False,
            created=at, changed=at, decided=attribute, decisions=1,
        )  # fmt: skip
        session.add(document)
        session.flush()
        result = {"reasons": [], "categories": [], "negative": [{"clause": clause}] if clause else []}
        session.add(Screened(document=document.id, at=at, engine={}, result=result, quotes=[]))
        held = attribute == "withheld"
        session.add(
            Decided(document=document.id, attribute=attribute, reason=reason, basis=basis if held else "",
                    by=accounts.user_id("office"), at=at)
        )  # fmt: skip


@pytest.fixture
def session(database):
    with database.writing() as opened:
        accounts.fill(opened, AT)
        # 水务局: 12 of 20 withheld, all by the list; a year before 2 of 20
        put(opened, accounts.WATER, "drafter", 12, "withheld", clause="NL-12", reason="W-161")
        put(opened, accounts.WATER, "drafter", 8, "proactive")
        put(opened, accounts.WATER, "drafter", 2, "withheld", clause="NL-12", reason="W-161", at=LAST_YEAR)
        put(opened, accounts.WATER, "drafter", 18, "proactive", at=LAST_YEAR)
        # 民政局: 6 of 30 withheld, 5 of them outside the list, 4 without a basis or by a work secret alone
        put(opened, accounts.CIVIL, "neighbour", 1, "withheld", clause="NL-12", reason="W-161")
        put(opened, accounts.CIVIL, "neighbour", 1, "withheld", reason="W-161")
        put(opened, accounts.CIVIL, "neighbour", 2, "withheld", reason="W-WS")
        put(opened, accounts.CIVIL, "neighbour", 2, "withheld", reason="W-161", basis="")
        put(opened, accounts.CIVIL, "neighbour", 24, "proactive")
        yield opened


def found(session, login="office"):
    since = AT - timedelta(days=365)
    return {one.name: one for one in by_unit(session, accounts.actor(session, login), RULES, since, None)}


def codes(one):
    return [alarm.code for alarm in one.alarms]


def test_units_beside_each_other(session):
    rows = found(session)
    water, civil = rows["青禾县水务局"], rows["青禾县民政局"]
    assert (water.decided, water.withheld, water.outside, water.weak) == (20, 12, 0, 0)
    assert (water.others, water.before) == ((6, 30), (2, 20))
    assert (civil.decided, civil.withheld, civil.outside, civil.weak) == (30, 6, 5, 4)
    assert codes(water) == ["rate", "trend"]
    assert codes(civil) == ["outside", "weak"]
    assert "占决定的 60%，其他机构合计 20%" in water.alarms[0].says
    assert "从此前一段的 10% 升到 60%" in water.alarms[1].says
    assert "6 份里有 5 份没有负面清单条款支持" in civil.alarms[0].says
    assert all(alarm.mend and alarm.basis.startswith("条例第") for alarm in (*water.alarms, *civil.alarms))


def test_what_a_daily_digest_tells(session):
    told = alarms(session, accounts.actor(session, "office"), RULES, AT)
    assert {one.name for one in told} == {"青禾县水务局", "青禾县民政局"}
    later = AT + timedelta(days=400)
    assert alarms(session, accounts.actor(session, "office"), RULES, later) == ()


def test_only_units_within_reach_are_told_and_compared(session):
    rows = found(session, "reviewer")
    assert list(rows) == ["青禾县水务局"]
    assert rows["青禾县水务局"].others == (0, 0)
    assert codes(rows["青禾县水务局"]) == ["trend"]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Withholding("a", "甲", 9, 9, others=(0, 100)), []),
        (Withholding("a", "甲", 10, 10, others=(0, 100)), ["rate"]),
        (Withholding("a", "甲", 100, 10, others=(8, 100)), []),
        (Withholding("a", "甲", 10, 2, outside=2), []),
        (Withholding("a", "甲", 10, 3, outside=3), ["outside"]),
        (Withholding("a", "甲", 40, 30, outside=7), []),
        (Withholding("a", "甲", 40, 30, weak=30), ["weak"]),
        (Withholding("a", "甲", 40, 30, before=(1, 9)), []),
        (Withholding("a", "甲", 40, 30, before=(1, 10)), ["trend"]),
    ],
)
def test_when_it_is_an_alarm(one, expected):
    assert [alarm.code for alarm in overwithholding._alarms(one)] == expected
