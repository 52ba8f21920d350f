"""An uploaded archive is screened apart, and its records are brought in."""

from __future__ import annotations

import io
import zipfile

import pytest
from sqlalchemy import select

from gongkai.service.jobs import screening
from gongkai.service.jobs.queue import Upload
from gongkai.service.jobs.work import GivenBack, Work
from gongkai.service.store.tables import Backlog, Blob, Kept

PLAIN = "关于{}停水检修的通告\n\n广大市民：\n因管网检修停水，请提前储水。\n\n青禾县水务局\n2024年4月28日\n"
SECRET = "机密★10年\n\n青禾县人民政府文件\n\n关于某某工作的通知\n\n各乡镇：\n请认真落实。\n"


def packed(**files):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.txt", text)
    return Upload("存量.zip", content.getvalue())


@pytest.fixture
def fast(house, monkeypatch):
    """The fast mode: a child opens in a moment."""
    object.__setattr__(house.settings, "fast", True)
    return house


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_archive_becomes_a_backlog(fast, submit, crowd, ended):
    upload = packed(a=PLAIN.format("青河路"), b=PLAIN.format("民生路"), c=SECRET, d="")
    id = submit("screen", upload, login="reviewer", name="旧档案")
    crowd()
    job = ended(id)
    assert job.state == "done", job.problem
    assert {key: job.result[key] for key in ("new", "stopped", "failed")} == {"new": 2, "stopped": 1, "failed": 1}
    with fast.database.reading() as session:
        (backlog,) = session.scalars(select(Backlog))
        kept = session.scalars(select(Kept)).all()
        assert session.scalars(select(Blob)).all() == []
    assert (backlog.name, backlog.id, job.result["backlog"]) == ("旧档案", backlog.id, backlog.id)
    assert sorted(row.title for row in kept) == ["关于民生路停水检修的通告", "关于青河路停水检修的通告"]
    left = [path.name for path in (fast.settings.data / "screened" / id).iterdir()]
    assert left == ["out"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_no_archive(fast, submit, crowd, ended):
    id = submit("screen", Upload("存量.xyz", b"\0\1\2"), login="reviewer")
    crowd()
    job = ended(id)
    assert (job.state, job.result["new"], job.result["failed"]) == ("done", 0, 1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_run_that_is_given_back_goes_on(fast, submit, crowd, ended, monkeypatch):
    checks, check = [], Work.check

    def once(self):
        checks.append(1)
        if len(checks) == 3:
            raise GivenBack
        check(self)

    monkeypatch.setattr(Work, "check", once)
    id = submit("screen", packed(a=PLAIN.format("青河路")), login="reviewer")
    crowd()
    job = ended(id)
    assert (job.state, job.result["new"]) == ("done", 1)


def test_names_of_uploads_stand_in_no_path(tmp_path):
    for name in ("../../赵一鸣.zip", "a.zip/../../x", "赵一鸣", "a.<script>"):
        archive = screening._written(Upload(name, b"x"), tmp_path / "in")
        assert archive.parent == tmp_path / "in"
        assert archive.name in ("上传.zip", "上传")
        assert archive.read_bytes() == b"x"
        assert archive.stat().st_mode & 0o777 == 0o600
