"""Which earlier decisions come up for whom, and when a suggestion goes against them."""

from __future__ import annotations

from datetime import UTC, datetime

import accounts
import numpy as np
import pytest

from gongkai.service.precedents.meanings import Meanings
from gongkai.service.precedents.similar import Asked, Found, Precedent, against, precedents
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Decided, Kept, Vector

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
MODEL = "m1"


def values(*at):
    """A vector of unit length that points along some of 128 directions."""
    row = np.zeros(128)
    row[list(at)] = 1
    return (row / np.linalg.norm(row)).astype("<f2").tobytes()


#: name: unit, owner, title, number, decided, directions
KEPT = {
    "water": (
        accounts.WATER,
        "drafter",
        "青禾县水务局关于青河路停水检修的通告",
        "青水〔2023〕1号",
        "proactive",
        (0, 1),
    ),
    "minutes": (accounts.WATER, "reviewer", "青禾县水务局局务会议纪要", "青水纪〔2023〕2号", "withheld", (2, 3)),
    "civil": (accounts.CIVIL, "neighbour", "青禾县民政局局长办公会议纪要", "青民纪〔2023〕3号", "withheld", (2, 3, 4)),
    "open": (accounts.WATER, "drafter", "青禾县水务局关于停水的请示", "青水〔2023〕4号", "", (0, 1, 2)),
}


def row_id(name):
    return f"{list(KEPT).index(name) + 1:032x}"


@pytest.fixture(scope="module")
def database():
    opened = Database.open("sqlite://")
    with opened.writing() as session:
        accounts.fill(session, AT)
        for name, (unit, owner, title, number, decided, directions) in KEPT.items():
            session.add(_kept(name, unit, owner, title, number, decided))
            session.flush()
            session.add(Vector(document=row_id(name), model=MODEL, values=values(*directions)))
            if decided:
                reason = "" if decided == "proactive" else "R16-PROCESS"
                session.add(
                    Decided(
                        document=row_id(name),
                        attribute=decided,
                        reason=reason,
                        note="议定",
                        by=accounts.user_id(owner),
                        at=AT,
                    )
                )
    yield opened
    opened.close()


def _kept(name, unit, owner, title, number, decided):
    return Kept(
        id=row_id(name), unit=unit, owner=accounts.user_id(owner), origin="api", digest=f"sha256:{name}", title=title,
        number=number, issuer="", issued="2023-01-01", genre="", attribute=decided or "proactive", confidence=0.9,
        handling="full", needs_review=False, decided=decided, created=AT, changed=AT,
    )  # fmt: skip


@pytest.fixture(scope="module")
def meanings():
    return Meanings()


def found(database, meanings, login, **asked):
    with database.reading() as session:
        return precedents(session, meanings, accounts.actor(session, login), Asked(model=MODEL, **asked))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"number": "青水〔2023〕1号"}, [("water", Found.number)]),
        ({"number": "青水〔2023〕9号"}, []),
        ({"number": " "}, []),
        ({"title": "关于青河路停水检修的通告"}, [("water", Found.heading)]),
        ({"title": "青禾县水务局党组会议纪要"}, []),
        ({"title": "通知"}, []),
        ({"title": "100%_的通告"}, []),
        ({"values": values(0, 1)}, [("water", Found.meaning)]),
        ({"values": values(2, 3)}, [("minutes", Found.meaning), ("civil", Found.meaning)]),
        ({"values": values(2, 3), "but": row_id("minutes")}, [("civil", Found.meaning)]),
        ({"values": values(77)}, []),
        ({"number": "青水〔2023〕1号", "values": values(0, 1)}, [("water", Found.number)]),
    ],
)
def test_what_comes_up(database, meanings, asked, expected):
    rows = found(database, meanings, "office", **asked)
    assert [(row.document, row.found) for row in rows] == [(row_id(name), way) for name, way in expected]


def test_what_another_unit_withholds_has_no_title(database, meanings):
    (mine, theirs) = found(database, meanings, "reviewer", values=values(2, 3))
    assert (mine.title, mine.note, mine.mine) == ("青禾县水务局局务会议纪要", "议定", True)
    assert (theirs.title, theirs.number, theirs.note, theirs.document, theirs.mine) == (
        "（其他机构不予公开的文件，标题不显示）", "", "", "", False,
    )  # fmt: skip
    assert (theirs.unit, theirs.attribute, theirs.reason) == ("青禾县民政局", "withheld", "R16-PROCESS")


def test_another_model_has_other_meanings(database, meanings):
    with database.reading() as session:
        assert meanings.nearest(session, values(0, 1), "m2", 5) == ()
        assert meanings.nearest(session, values(0, 1)[:64], MODEL, 5) == ()


def test_a_new_decision_is_found_at_once(database, meanings):
    found(database, meanings, "office", values=values(0, 1))
    with database.writing() as session:
        session.get(Kept, row_id("open")).decided = "proactive"
    try:
        rows = found(database, meanings, "office", values=values(0, 1, 2))
        assert row_id("open") in [row.document for row in rows]
    finally:
        with database.writing() as session:
            session.get(Kept, row_id("open")).decided = ""
    assert row_id("open") not in [r.document for r in found(database, meanings, "office", values=values(0, 1, 2))]


def precedent(attribute, way=Found.meaning, nearness=0.95):
    return Precedent("", "", "", "", "", "", attribute, "", "", "", "", way, nearness, True)


@pytest.mark.parametrize(
    ("rows", "warned"),
    [
        ([], False),
        ([precedent("proactive")], False),
        ([precedent("withheld")], True),
        ([precedent("withheld", nearness=0.85)], False),
        ([precedent("withheld"), precedent("proactive")], False),
        ([precedent("withheld"), precedent("on_request"), precedent("proactive")], True),
        ([precedent("withheld", Found.number, 1.0), precedent("proactive"), precedent("proactive")], True),
        ([precedent("proactive", Found.heading, 0.7)], False),
    ],
)
def test_against(rows, warned):
    told = against(rows, "proactive")
    assert bool(told) is warned
    assert not warned or ("与先例不一致" in told and "建议主动公开" in told)
