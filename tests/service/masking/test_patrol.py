"""A patrol along its officer's path: the folder of published files, uploads, what was found, acknowledged, redacted."""

from __future__ import annotations

import io
import json
import os
import tempfile
import zipfile

import pytest
from accounts import signed_in
from browsing import follow
from maskingpapers import CARD, CLASSIFIED, NOTICE, VALUES
from sqlalchemy import select

from gongkai.model.errors import DocumentError, RequestError
from gongkai.service.jobs.queue import OUT
from gongkai.service.limits import Limits
from gongkai.service.masking import doing, patrolling, patrols, unpacking
from gongkai.service.store.tables import Blob, Job, Trail


def zipped(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as box:
        for name, text in files.items():
            box.writestr(name.replace("__", "."), text)
    return target.getvalue()


def told(house, id):
    """Everything that the store keeps of a patrol, opened."""
    with house.database.reading() as session:
        roles = list(session.scalars(select(Blob.role).where(Blob.kind == OUT, Blob.owner == id)))
        job = session.get(Job, id)
        assert job is not None
        kept = b"".join(house.vault.get(session, OUT, id, role) or b"" for role in roles if "/" not in role)
        return kept.decode("unicode_escape") + json.dumps([job.result, job.order, job.problem])


def test_the_folder_in_a_browser(page, origin, house):
    page.goto(f"{origin}/patrol")
    follow(page, "#folder button")
    page.wait_for_selector("#state:has-text('完成')")
    assert "4／4 个文件" in page.inner_text("#state")
    text = page.inner_text("#patrol")
    assert "2024/救助公示.txt" in text and "应遮未遮" in text and "坏.docx" in text and "通知.txt" not in text
    assert [value for value in (*VALUES, ".hidden", "链接", "gongkai redact") if value in text] == []
    # the stopped file is told by its name from the folder, and kept nowhere
    assert "苍鹭名单.txt" in text and "密级标志" in text
    id = page.url.rpartition("/")[2]
    assert [word for word in ("苍鹭", "演练", *VALUES) if word in told(house, id)] == []
    page.locator(".patrol-file", has_text="坏.docx").locator("text=知悉").click()
    page.wait_for_selector(".patrol-file:has-text('坏.docx') .tag:has-text('已知悉')")
    follow(page, ".patrol-file:has-text('救助公示') >> text=送去遮蔽")
    assert "救助公示.txt" in page.inner_text("h1")
    page.goto(f"{origin}/patrol/{id}")
    assert page.locator(".patrol-file:has-text('救助公示') .tag:has-text('已送遮蔽')").count() == 1
    with house.database.reading() as session:
        entries = session.execute(select(Trail.action, Trail.detail).where(Trail.kind == "patrol", Trail.object == id))
        assert [(action, set(detail)) for action, detail in entries] == [
            ("acknowledge", {"number"}),
            ("send", {"number", "masking"}),
        ]
    for width, height in ((1366, 768), (1092, 614), (360, 640)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_uploads_and_archives(officer, house, ended):
    archive = zipped(公示__txt=NOTICE, 名单__txt=CLASSIFIED)
    files = [("files", ("件.zip", archive)), ("files", ("简讯.txt", "青禾县天气晴好。".encode()))]
    path = officer.post("/patrol", files=files).headers["location"]
    text = ended(officer, path)
    assert "已检查 3／3 个文件" in text and "公示.txt" in text and "名单" not in text and "第 2 个文件" in text
    assert [value for value in VALUES if value in text] == []
    id = path.rpartition("/")[2]
    with house.database.reading() as session:
        kinds = {tuple(row) for row in session.execute(select(Blob.kind, Blob.role).where(Blob.owner == id))}
    assert kinds == {(OUT, "0"), (OUT, "0/file"), (OUT, "1"), (OUT, "2")}
    assert "苍鹭" not in told(house, id) and "名单" not in told(house, id)
    work = officer.post(f"{path}/0/mask").headers["location"]
    assert CARD not in officer.get(f"{work}/file").text
    assert officer.post(f"{path}/1/mask").status_code == 409
    assert officer.post(f"{path}/77/acknowledge").status_code == 404


def test_archives_that_cannot_be(officer):
    for data in (b"PK\x03\x04", zipped(**{f"n{n}__txt": "x" for n in range(201)})):
        answer = officer.post("/patrol", files=[("files", ("a.zip", data))])
        assert answer.status_code == 422 and answer.json()["detail"].endswith("。")
    assert officer.post("/patrol", data={}).status_code == 422


def test_an_archive_has_no_name_that_a_killed_child_would_leave(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    there = []
    members = unpacking.zips.members
    monkeypatch.setattr(unpacking.zips, "members", lambda *given: there.extend(tmp_path.iterdir()) or members(*given))
    (file,) = unpacking.opened(Limits())[0](unpacking.Unpack(zipped(公示__txt=NOTICE)), None)
    assert (file.name, file.data.decode(), there) == ("公示.txt", NOTICE, [])


def test_nobody_else_sees_it(application, officer):
    path = officer.post("/patrol", files=[("files", ("a.txt", b"abc"))]).headers["location"]
    assert signed_in(application, "office").get(path).status_code == 404
    assert signed_in(application, "drafter").get(path).status_code == 403


@pytest.mark.parametrize("name", ["../outside.txt", "/etc/hostname", "链接.txt", "没有.txt", "a\0b"])
def test_nothing_outside_the_folder_is_read(published, name):
    (published.parent / "outside.txt").write_text("x")
    with pytest.raises(DocumentError):
        patrolling.read(published.resolve(), name, 1000)


def test_a_name_that_is_no_text_hides_nothing(officer, monkeypatch):
    path = officer.post("/patrol", files=[("files", ("a.txt", b"abc"))]).headers["location"]
    odd = os.fsdecode(b"\xff.txt")
    row = patrols.Row(0, "failed", odd, problem={"title": "读不出来", "detail": "请确认。"})
    monkeypatch.setattr(patrols, "rows", lambda *_: [row])
    assert "?.txt" in officer.get(path).text
    assert doing.plain_name(odd) == ".txt"


def test_nobody_waits_at_a_pipe(tmp_path):
    os.mkfifo(tmp_path / "管道.txt")
    assert patrolling.listed(tmp_path) == []


def test_files_of_the_folder(published):
    root = patrolling.root_of(published)
    assert patrolling.listed(root) == ["2024/救助公示.txt", "2024/通知.txt", "坏.docx", "苍鹭名单.txt"]
    with pytest.raises(DocumentError, match="MB"):
        patrolling.read(root, "2024/救助公示.txt", 10)
    for none in (None, published / "none"):
        with pytest.raises(RequestError, match="公开文件的目录"):
            patrolling.root_of(none)
