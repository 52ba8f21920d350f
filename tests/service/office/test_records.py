"""Records within reach: filtered, paged; the trail in words; days."""

from __future__ import annotations

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path

import accounts
import pytest
from said import said

from gongkai.model.errors import RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service import store
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.keeping import keep, seen
from gongkai.service.jobs.kinds import KINDS as JOBS
from gongkai.service.office.entries import Sought, entries, gathered, of_object, words
from gongkai.service.office.periods import day, end
from gongkai.service.office.records import Wanted, decisions, listed, screenings, units_within
from gongkai.service.passages.passing import acts, states
from gongkai.service.reports.kinds import KINDS
from gongkai.service.store import trail
from gongkai.service.store.tables import Kept, Unit, User
from gongkai.service.store.vault import Vault

START = datetime(2026, 6, 1, tzinfo=UTC)
TITLES = {"50%_计划": "proactive", "河道管护方案": "withheld", "公务员录用公示": "proactive"}


@pytest.fixture
def filled(database):
    """Nine documents of three people, three of each title, an hour between them; one is decided."""
    vault = Vault(b"k" * 32)
    with database.writing() as session:
        accounts.fill(session, START)
        for number in range(9):
            title, label = list(TITLES.items())[number % 3]
            login = ("drafter", "neighbour", "office")[number // 3]
            told = said(f"{title}\n第{number}件。", attribute=label)
            told.kept["title"] = title
            at = START + timedelta(hours=number)
            document = keep(
                session, vault, accounts.actor(session, login), told, text="", origin="page" if number else "api", at=at
            )
        given = Given("withheld", reason="W-163")
        decide(session, Rulebook.load(), accounts.actor(session, "office"), document, given, at=at)
    return database


def titles(session, login="office", **wanted):
    found = listed(session, accounts.actor(session, login), Wanted(**wanted))
    return [document.title for document, _ in found.documents]


FILTERS = [
    ({}, 9),
    ({"words": "河道"}, 3),
    ({"words": "河道 方案"}, 3),
    ({"words": "河道 公示"}, 0),
    ({"words": "%"}, 3),
    ({"words": "_"}, 3),
    ({"words": "\\"}, 0),
    ({"attribute": "withheld"}, 3),
    ({"origin": "api"}, 1),
    ({"unit": accounts.CIVIL}, 3),
    ({"state": "decided"}, 1),
    ({"state": "open"}, 8),
    ({"state": "differs"}, 1),
    ({"state": "disputed"}, 0),
    ({"state": "没有"}, 9),
    ({"since": START + timedelta(hours=7)}, 2),
    ({"until": START + timedelta(hours=7)}, 7),
]
REACH = {"drafter": 3, "reviewer": 3, "neighbour": 3, "office": 9, "auditor": 9, "admin": 0}


def test_filters(filled):
    with filled.reading() as session:
        assert [(wanted, len(titles(session, **wanted))) for wanted, _ in FILTERS] == FILTERS
        assert {login: len(titles(session, login)) for login in REACH} == REACH


def test_pages_hold_every_document_once(filled):
    with filled.reading() as session:
        actor, cursor, ids = accounts.actor(session, "office"), "", []
        for _ in range(5):
            page = listed(session, actor, Wanted(), cursor, most=2)
            ids += [document.id for document, _ in page.documents]
            cursor = page.next
        everything = listed(session, actor, Wanted())
        assert (cursor, everything.next) == ("", "")
        assert ids == [document.id for document, _ in everything.documents]
        assert {unit for _, unit in everything.documents} == {"青禾县水务局", "青禾县民政局", "青禾县人民政府办公室"}


def test_a_cursor_of_another_kind(filled):
    with filled.reading() as session:
        for cursor in ("x", "2026-06-01/1", "/", "2026-06-01T00:00:00/1"):
            with pytest.raises(RequestError, match="翻页的位置不对"):
                listed(session, accounts.actor(session, "office"), Wanted(), cursor)


def test_units_with_documents(filled):
    with filled.reading() as session:
        assert len(units_within(session, accounts.actor(session, "office"))) == 3
        assert units_within(session, accounts.actor(session, "reviewer")) == ((accounts.WATER, "青禾县水务局"),)


def test_everything_of_one_document(filled):
    with filled.writing() as session:
        document = session.query(Kept).where(Kept.decided != "").one()
        seen(session, accounts.actor(session, "auditor"), document.id, at=START)
    with filled.reading() as session:
        assert [one.engine["model"] for one in screenings(session, document.id)] == ["m1"]
        assert [(one.attribute, who) for one, who in decisions(session, document.id)] == [("withheld", "周正言")]
        told = [(entry.who, entry.action) for entry in of_object(session, "document", document.id)]
        assert told == [("郑明察", "查看"), ("周正言", "作出决定"), ("周正言", "提交公文，得到建议")]
        one, other, _ = of_object(session, "document", document.id)
        assert gathered([one, one, other, one]) == ((one, 2), (other, 1), (one, 1))


SOUGHT = [
    ({}, 10),
    ({"who": "赵一鸣"}, 3),
    ({"who": "drafter"}, 3),
    ({"who": accounts.user_id("drafter")}, 3),
    ({"who": "没有这个人"}, 0),
    ({"who": "系统"}, 0),
    ({"action": "decide"}, 1),
    ({"kind": "document"}, 10),
    ({"object": "没有"}, 0),
    ({"since": START + timedelta(hours=8)}, 2),
    ({"until": START + timedelta(hours=1)}, 1),
]


def test_the_trail(filled):
    with filled.reading() as session:
        assert [(sought, len(entries(session, Sought(**sought))[0])) for sought, _ in SOUGHT] == SOUGHT
        before, numbers = 0, []
        for _ in range(4):
            found, before = entries(session, Sought(), before, most=3)
            numbers += [entry.seq for entry in found]
        assert (numbers, before) == (list(range(10, 0, -1)), 0)


def test_the_trail_in_words(filled):
    with filled.writing() as session:
        trail.append(session, trail.SYSTEM, "sweep", "store", "", at=START, text=3, fine=True, which=["withheld", "x"])
    with filled.reading() as session:
        entry = entries(session, Sought(), most=1)[0][0]
    assert (entry.who, entry.action, entry.kind) == ("系统", "到期清理", "数据")
    assert entry.detail == (("fine", "是"), ("正文", "3"), ("which", "不予公开、x"))
    assert all(not word.isascii() for table in words().values() for word in table.values())


def test_days():
    assert day("2026-03-31").isoformat() == "2026-03-31T00:00:00+08:00"
    assert end("2026-03-31").isoformat() == "2026-04-01T00:00:00+08:00"
    assert (day(""), end("")) == (None, None)
    with pytest.raises(RequestError, match="日期应当写成"):
        day("31.3.2026")


def test_people_units_roles_and_scopes_have_their_names_in_the_trail(filled):
    detail = {"user": accounts.user_id("office"), "unit": accounts.WATER, "roles": ["drafter", "office"], "above": ""}
    with filled.writing() as session:
        accounts.fill(session, START)
        trail.append(session, trail.SYSTEM, "key-issued", "key", "k", at=START, scopes=["decide", "mask"], **detail)
        known = session.get(User, detail["user"]).name, session.get(Unit, detail["unit"]).name
    with filled.reading() as session:
        entry = entries(session, Sought(), most=1)[0][0]
    assert dict(entry.detail) == {
        "所属用户": known[0], "机构": known[1], "角色": "起草人、政务公开机构",
        "权限": "作出决定；逐处核对遮蔽、增删、重新核验",
    }  # fmt: skip


def appended():
    """Every `trail.append(…)` of the service with the file that it stands in."""
    for path in Path(store.__file__).parents[1].rglob("*.py"):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "trail.append(" in text else ():
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "trail.append":
                yield path.name, node


def test_every_entry_has_its_words():
    known, found = words(), list(appended())
    literal = [
        (file, table, node.args[place].value)
        for file, node in found
        for place, table in ((2, "action"), (3, "kind"))
        if isinstance(node.args[place], ast.Constant)
    ]
    details = [
        (file, "detail", one.arg) for file, node in found for one in node.keywords if one.arg not in (None, "at")
    ]
    assert len(literal) > 100
    assert [row for row in literal + details if row[2] not in known[row[1]]] == []
    values = {*acts(), *states(), *KINDS, *JOBS}
    assert {code for code in values if code not in known["value"]} == set()


def test_codes_of_rows_are_told_by_name(database):
    details = ({"occasion": "list-changed"}, {"role": "legality"}, {"assessed": "stay"})
    with database.writing() as session:
        for detail in details:
            trail.append(session, trail.SYSTEM, "task", "duty", "", at=START, **detail)
    with database.reading() as session:
        found = [entry.detail for entry in entries(session, Sought())[0]]
    assert found[::-1] == [
        (("因为什么事", "权责清单、负面清单、公开目录等清单调整"),),
        (("文件关系", "合法性审查"),),
        (("研判结果", "不转主动公开"),),
    ]
