"""Jobs over files: a row for each, nothing of what is secret, nothing twice."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from gongkai.service.errors import Busy
from gongkai.service.jobs import files, queue
from gongkai.service.jobs.kinds import KINDS
from gongkai.service.jobs.queue import Upload
from gongkai.service.store.tables import Blob, Kept

PLAIN = "关于青河路停水检修的通告\n\n广大市民：\n因管网检修，青河路停水，请提前储水。\n\n青禾县水务局\n2024年4月28日\n"
PERSONAL = (
    "关于给予赵一鸣临时救助的通知\n\n赵一鸣，身份证号11010519491231002X，拟给予救助。\n\n青禾县民政局\n2024年4月28日\n"
)
SECRET = "机密★10年\n\n青禾县人民政府文件\n\n关于某某工作的通知\n\n各乡镇：\n请认真落实。\n"
UPLOADS = (
    Upload("通告.txt", PLAIN.encode()),
    Upload("空.txt", b""),
    Upload("赵一鸣.txt", PERSONAL.encode()),
    Upload("机密文件.txt", SECRET.encode()),
)


@pytest.mark.parametrize(
    ("kind", "held"),
    [("suggest", "attribute"), ("redact", "proof"), ("check", "counts")],
)
def test_every_file_has_its_row(house, submit, crowd, ended, rows, kind, held):
    id = submit(kind, *UPLOADS)
    crowd()
    job = ended(id)
    assert (job.state, job.done, job.total) == ("done", 4, 4)
    assert job.result == {"done": 2, "failed": 1, "stopped": 1}
    found = rows(id)
    assert [(row["number"], row["status"], row["file"]) for row in found] == [
        (0, "done", "通告.txt"),
        (1, "failed", "空.txt"),
        (2, "done", "赵一鸣.txt"),
        (3, "stopped", ""),
    ]
    assert all(held in found[number]["result"] for number in (0, 2))
    assert found[1]["problem"]["slug"] == "empty"
    told = json.dumps(found[3], ensure_ascii=False)
    assert not [words for words in ("机密文件", "某某工作", "请认真落实") if words in told]
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).where(Blob.kind == queue.IN)) == 0


def test_suggestions_are_kept_among_the_owners_documents(house, submit, crowd, ended, rows):
    id = submit("suggest", *UPLOADS)
    crowd()
    ended(id)
    with house.database.reading() as session:
        kept = session.scalars(select(Kept)).all()
    assert {row.id for row in kept} == {row["document"] for row in rows(id) if row["status"] == "done"}
    assert {row.owner for row in kept} == {house_user(house)}
    assert not any("赵一鸣" in row.title for row in kept)


def house_user(house):
    with house.database.reading() as session:
        return session.scalar(select(Kept.owner).limit(1))


def test_a_copy_can_be_fetched(house, submit, crowd, ended, job):
    id = submit("redact", Upload("赵一鸣.txt", PERSONAL.encode()), style="")
    crowd()
    ended(id)
    with house.database.reading() as session:
        copy = Upload.unpacked(queue.product(session, house.vault, job(id), 0, "copy", at=house.clock()))
        page = queue.product(session, house.vault, job(id), 0, "page", at=house.clock()).decode()
    assert "11010519491231002X" not in copy.data.decode() and "赵一鸣" not in copy.data.decode()
    assert page.startswith("<!DOCTYPE html>") or "<html" in page


def test_a_busy_crew_is_waited_for(house, submit, crowd, ended):
    house.crew.errors = [Busy("忙", 1)]
    id = submit("check", Upload("通告.txt", PLAIN.encode()))
    crowd()
    assert ended(id).result == {"done": 1}


def test_without_files(submit, crowd, ended):
    id = submit("suggest")
    crowd()
    assert (ended(id).state, ended(id).problem["slug"]) == ("failed", "request")


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_has_its_function_and_its_action(name):
    from gongkai.service.access.roles import table

    kind = KINDS[name]
    assert callable(kind.run)
    assert kind.action in table().actions


def test_a_row_and_its_count_are_one(house, submit, crowd, job, until, monkeypatch):
    """What goes wrong between keeping a row and counting it leaves neither."""
    real, broken = files.Work.count, []

    def count(self, *given):
        if not broken:
            broken.append(1)
            raise house_failure()
        return real(self, *given)

    monkeypatch.setattr(files.Work, "count", count)
    id = submit("suggest", UPLOADS[0])
    crowd()
    until(lambda: job(id).state == "done")
    with house.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Kept)) == 1
        assert session.scalar(select(func.count()).where(Blob.kind == queue.OUT)) == 1


def house_failure():
    from gongkai.service.errors import StoreError

    return StoreError("数据库连接中断了。")
