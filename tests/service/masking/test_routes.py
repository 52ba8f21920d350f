"""Redactions in work: sealed, their owner's alone, noted without values, never anything of a classified paper."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from accounts import signed_in, user_id
from maskingpapers import CARD, CLASSIFIED, MOBILE, NOTICE, VALUES
from sqlalchemy import func, select

from gongkai.model.errors import ProofFailed
from gongkai.service.crew.orders import Redact
from gongkai.service.masking import works
from gongkai.service.store.tables import Blob, Trail


def begin(client, text=NOTICE, name="救助公示.txt", **fields):
    return client.post("/privacy", files={"file": (name, text.encode())}, data=fields)


@pytest.fixture
def work(officer):
    return begin(officer).headers["location"]


def version(client, path):
    return int(re.search(r'data-version="(\d+)"', client.get(path).text)[1])


def rule(client, path, value, action="mask", type="NAME", **more):
    start = NOTICE.index(value)
    fields = {"version": version(client, path), "start": start, "end": start + len(value)}
    return client.post(f"{path}/rulings", data=fields | {"action": action, "type": type} | more)


def trail(house, path):
    with house.database.reading() as session:
        about = select(Trail.action, Trail.detail).where(Trail.kind == "masking", Trail.object == path.split("/")[-1])
        return [(action, detail) for action, detail in session.execute(about.order_by(Trail.seq))]


def test_every_ruling_has_its_entry_without_values(house, officer, work):
    rule(officer, work, "孙明华", why="属于敏感个人信息").raise_for_status()
    rule(officer, work, "赵一鸣", "keep", everywhere="true").raise_for_status()
    rule(officer, work, CARD, "mask", "ID_CARD").raise_for_status()
    rule(officer, work, "QH甲字第7B9号", "mask", "EDU", replacement="（略）").raise_for_status()
    officer.post(f"{work}/rulings/2/undo", data={"version": version(officer, work)}).raise_for_status()
    officer.post(f"{work}/proof").raise_for_status()
    assert officer.get(f"{work}/file").status_code == 200
    entries = trail(house, work)
    assert [action for action, _ in entries] == ["begin", *["rule"] * 4, "unrule", "prove", "download"]
    verdicts = [detail["verdict"] for action, detail in entries if action == "rule"]
    assert verdicts == ["changed", "kept", "accepted", "added"]
    told = json.dumps(entries, ensure_ascii=False)
    assert [word for word in (*VALUES, "孙明华", "（略）", "敏感", "救助公示") if word in told] == []


def test_nothing_stands_in_clear_in_the_database(house, officer, work):
    with house.database.reading() as session:
        sealed = b"".join(session.scalars(select(Blob.sealed).where(Blob.owner == work.split("/")[-1])))
    assert [value for value in (*VALUES, "救助") if value.encode() in sealed] == [] and sealed


def test_a_download_waits_for_the_proof(officer, work):
    rule(officer, work, "孙明华").raise_for_status()
    assert officer.get(f"{work}/file").status_code == 409
    officer.post(f"{work}/proof").raise_for_status()
    answer = officer.get(f"{work}/file")
    assert "孙明华" not in answer.text and "filename*=UTF-8''%E6%95%91" in answer.headers["content-disposition"]
    report = officer.get(f"{work}/report")
    assert "attachment" in report.headers["content-disposition"]
    assert "-遮蔽.txt，" in report.text, "by the name that the copy is downloaded under"


def test_an_older_page_changes_nothing(officer, work):
    old = version(officer, work)
    rule(officer, work, "孙明华").raise_for_status()
    fields = {"version": old, "start": 0, "end": 3, "action": "mask", "type": "NAME"}
    answer = officer.post(f"{work}/rulings", data=fields)
    assert (answer.status_code, "别的窗口" in answer.json()["detail"]) == (412, True)


@pytest.mark.parametrize(
    "fields",
    [
        {"start": 10**8, "end": 10**8 + 2},
        {"start": -1, "end": 3},
        {"type": "NOBODY"},
        {"action": "erase"},
        {"replacement": "=1"},
        {"version": "x"},
    ],
)
def test_rulings_that_cannot_be_are_refused(officer, work, fields):
    good = {"version": version(officer, work), "start": 0, "end": 3, "action": "mask", "type": "NAME"}
    assert officer.post(f"{work}/rulings", data=good | fields).status_code == 422
    assert officer.get(f"{work}/file").status_code == 200


def test_a_file_whose_first_proof_fails_is_opened_with_what_failed(house, officer, monkeypatch):
    bench, done = type(house.crew._bench), type(house.crew._bench).__call__

    def failing(self, order):
        if isinstance(order, Redact) and not order.draft and not order.rulings:
            raise ProofFailed("遮蔽后的文件里仍有个人信息（正文里的自然人姓名1处），没有保留，请人工处理。")
        return done(self, order)

    monkeypatch.setattr(bench, "__call__", failing)
    work = begin(officer).headers["location"]
    page = officer.get(work).text
    assert "正文里的自然人姓名1处" in page and CARD in page and "disabled>下载" in page
    assert [officer.get(f"{work}/{part}").status_code for part in ("file", "report")] == [409, 409]
    assert "核验没有通过" in officer.get("/privacy").text
    assert officer.post(f"{work}/proof").status_code == 422
    rule(officer, work, "孙明华").raise_for_status()
    officer.post(f"{work}/proof").raise_for_status()
    assert "已于" in officer.get(work).text
    assert [officer.get(f"{work}/{part}").status_code for part in ("file", "report")] == [200, 200]
    assert [detail.get("passed") for action, detail in trail(house, work) if action == "prove"] == [False, True]


def test_a_failed_proof_keeps_the_last_copy(house, officer, work, monkeypatch):
    rule(officer, work, "孙明华").raise_for_status()

    def fails(*_, **__):
        raise ProofFailed("遮蔽后的文件里仍有个人信息（正文里的自然人姓名1处），没有保留，请人工处理。")

    with monkeypatch.context() as patched:
        patched.setattr(type(house.crew), "do", fails)
        assert officer.post(f"{work}/proof").status_code == 422
    assert trail(house, work)[-1] == ("prove", {"passed": False, "rulings": 1})
    assert "项核对还没有经过核验" in officer.get(work).text


@pytest.mark.parametrize("login", ["office", "reviewer", "drafter", "admin"])
def test_nobody_else_sees_it(application, work, login):
    other = signed_in(application, login)
    answers = [other.get(work), other.get(f"{work}/file"), other.post(f"{work}/proof"), other.post(f"{work}/discard")]
    assert {answer.status_code for answer in answers} == {404 if login == "office" else 403}


def test_a_classified_paper_leaves_only_the_fact(house, officer):
    with house.database.reading() as session:
        before = session.scalar(select(func.count()).select_from(Blob))
    answer = begin(officer, CLASSIFIED, "苍鹭名单.txt")
    assert answer.status_code == 409 and "苍鹭" not in answer.text
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Blob)) == before
        last = session.scalars(select(Trail).order_by(Trail.seq.desc()).limit(1)).one()
    assert (last.action, last.kind, last.object, last.detail) == ("stop", "masking", "", {})


def test_discarded_is_gone(house, officer, work):
    assert officer.post(f"{work}/discard").status_code == 303
    assert officer.get(work).status_code == 404
    with house.database.reading() as session:
        id = work.split("/")[-1]
        assert session.scalar(select(func.count()).where((Blob.owner == id) | (Blob.role == id))) == 0


def test_it_expires(house, officer, work):
    with house.database.reading() as session:
        from accounts import actor

        officer_actor, id = actor(session, "privacy"), work.split("/")[-1]
        now = house.clock()
        assert works.one(session, house.vault, officer_actor, id, at=now).expires > now
        later = now + works.KEPT + timedelta(minutes=1)
        assert not [one for one in works.listed(session, house.vault, officer_actor, at=later) if one.id == id]
    assert user_id("privacy") == officer_actor.user


@pytest.mark.parametrize(
    ("name", "text", "status"),
    [("a.exe", NOTICE, 415), ("a.pdf", NOTICE, 415), ("a.txt", " ", 422), ("..", NOTICE, 422)],
)
def test_files_that_cannot_be_used(officer, name, text, status):
    assert begin(officer, text, name).status_code == status


def test_a_name_from_outside_is_only_a_name(officer):
    path = begin(officer, name="../../etc/\u202e<b>公示</b>.txt").headers["location"]
    page = officer.get(path).text
    assert (
        "<b>公示" not in page
        and "etc" not in page
        and "&lt;" not in officer.get(f"{path}/file").headers["content-disposition"]
    )


def test_styles_and_pictures(officer):
    path = begin(officer, style="strict", pictures="keep").headers["location"]
    assert MOBILE[:3] not in officer.get(f"{path}/file").text
    assert begin(officer, style="nobody").status_code == 422
    assert begin(officer, pictures="burn").status_code == 422


def test_a_copy_is_renamed_where_that_is_wanted(house, officer):
    path = begin(officer, name="赵一鸣救助.txt", rename="true").headers["location"]
    rule(officer, path, "孙明华").raise_for_status()
    officer.post(f"{path}/proof").raise_for_status()
    for part in ("file", "report"):
        told = unquote(officer.get(f"{path}/{part}").headers["content-disposition"])
        assert "赵某某救助" in told and "赵一鸣" not in told
    assert "赵一鸣救助.txt" in officer.get(path).text
