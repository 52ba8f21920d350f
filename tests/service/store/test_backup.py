"""Backups: whole, from and into either kind of database, and refused when anything about them is wrong."""

from __future__ import annotations

import json
import stat
import zipfile
from datetime import UTC, datetime

import accounts
import pytest
from said import TEXT, said
from sqlalchemy import delete, func, select

from gongkai.model.errors import MissingDocument, OutputError, RequestError
from gongkai.model.rulebook import Rulebook
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.keeping import keep, text_of
from gongkai.service.errors import Conflicting
from gongkai.service.store import backup, dumping, trail, upgrading
from gongkai.service.store.connecting import engine_for
from gongkai.service.store.database import Database
from gongkai.service.store.tables import Kept, Login, Setting, Trail, User
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, 7, 8, 9, 10, tzinfo=UTC)
KEY = bytes(range(32))
VAULT = Vault(KEY, keep_text=True)
RULES = Rulebook.load()


def _fill(database):
    with database.writing() as session:
        accounts.fill(session, AT)
        actor = accounts.actor(session, "drafter")
        document = keep(session, VAULT, actor, said(vector=b"\x00\xff"), text=TEXT, origin="api", at=AT)
        decide(session, RULES, actor, document, Given("proactive", note="同意“公开”"), at=AT)
        session.add(Login(id="1", user=actor.user, csrf="", created=AT, seen=AT, expires=AT))


def _backed_up(database, path):
    return backup.back_up(database, path, key=KEY, settings={"GONGKAI_PROFILE": "default"}, at=AT)


def _rows(database):
    """All that both kinds of database should hold alike; the trail without what tells of the backup itself."""
    with database.snapshot() as connection:
        found = dumping.tables(connection, upgrading.NAMES - {"login"})
        lines = {table.name: list(dumping.lines(connection, table)) for table in found}
    return lines | {"trail": lines["trail"][:2]}


@pytest.fixture
def other(database_url, tmp_path, request):
    """An empty database of the other kind."""
    if database_url.startswith("sqlite"):
        url = request.getfixturevalue("postgres").new()
    else:
        url = f"sqlite:///{tmp_path / 'other.db'}"
    database = Database(engine_for(url))
    yield database
    database.close()


def _rewritten(path, to, change):
    """A backup with members changed: `change` takes name and content, gives the content or None."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(to, "w") as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return to


def test_all_comes_back_in_a_database_of_the_other_kind(database, other, tmp_path):
    _fill(database)
    made = _backed_up(database, tmp_path / "b.zip")
    assert backup.restore(other, tmp_path / "b.zip", at=AT) == made
    assert _rows(other) == _rows(database)
    with other.reading() as session:
        assert list(trail.verified(session)) == []
        assert [one.action for one in session.scalars(select(Trail).order_by(Trail.seq))][-2:] == ["backup", "restore"]
        assert text_of(session, VAULT, session.scalar(select(Kept))) == TEXT
        assert session.scalar(select(func.count()).select_from(Login)) == 0


def test_a_restored_database_goes_on(database, other, tmp_path):
    _fill(database)
    _backed_up(database, tmp_path / "b.zip")
    backup.restore(other, tmp_path / "b.zip", at=AT)
    with other.writing() as session:
        document = session.scalar(select(Kept))
        decide(session, RULES, accounts.actor(session, "reviewer"), document, Given("proactive", second=True), at=AT)
    with other.reading() as session:
        assert list(trail.verified(session)) == []


def test_the_file_is_its_owners_and_never_holds_the_key(database, tmp_path):
    _fill(database)
    made = _backed_up(database, tmp_path / "b.zip")
    assert stat.S_IMODE((tmp_path / "b.zip").stat().st_mode) == 0o600
    with zipfile.ZipFile(tmp_path / "b.zip") as pack:
        content = b"".join(map(pack.read, pack.namelist()))
    assert all(key not in content for key in (KEY, KEY.hex().encode(), TEXT.encode()))
    assert made.key == backup.fingerprint(KEY) != backup.fingerprint(bytes(32))
    assert backup.read_manifest(tmp_path / "b.zip") == made
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".b")] == []


def test_nothing_is_overwritten(database, tmp_path):
    (tmp_path / "b.zip").write_text("mine")
    with pytest.raises(OutputError, match="已经存在"):
        _backed_up(database, tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_text() == "mine"


def test_a_folder_that_is_not_there_is_told(database, tmp_path):
    with pytest.raises(OutputError, match="写不出来"):
        _backed_up(database, tmp_path / "none" / "b.zip")


def test_a_database_with_content_is_left_alone(database, tmp_path):
    _fill(database)
    _backed_up(database, tmp_path / "b.zip")
    before = _rows(database)
    with pytest.raises(Conflicting, match="已经有内容"):
        backup.restore(database, tmp_path / "b.zip", at=AT)
    assert _rows(database) == before


def test_a_server_that_was_only_started_may_be_filled(database, other, tmp_path):
    _fill(database)
    _backed_up(database, tmp_path / "b.zip")
    upgrading.upgrade(other.engine)
    with other.writing() as session:
        session.add(Setting(key="retention.clock", value={}))
    backup.restore(other, tmp_path / "b.zip", at=AT)
    with other.reading() as session:
        assert session.scalar(select(func.count()).select_from(User)) == len(accounts.USERS)
        assert session.get(Setting, "retention.clock") is None


def _manifest(**change):
    return lambda name, data: json.dumps(json.loads(data) | change) if name == backup.MANIFEST else data


def _without(gone):
    return lambda name, data: None if name == gone else data


def _content(member, line):
    return lambda name, data: line if name == member else data


#: Lines that no row is: of another form, too deep, with values that no database takes.
HOSTILE = (
    b"[", b"[1]", b"null", b"[" * 100_000, b'{"id": {"a": 1}}', b'{"id": 1, "failures": 99999999999999999999}',
    b'{"id": "\\ud800"}', b'{"nothing": 1}',
)  # fmt: skip


def _edited(member, old, new):
    return lambda name, data: data.replace(old, new) if name == member else data


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_without(backup.MANIFEST), "不是完整的备份"),
        (_without("decision.jsonl"), "不是完整的备份"),
        (_manifest(kind="other"), "不是完整的备份"),
        (_manifest(version="9999"), "更新版本的程序"),
        (_edited("decision.jsonl", b"proactive", b"withheld"), "被改动过"),
        (_edited("trail.jsonl", b"suggest", b"decide"), "被改动过"),
        (lambda name, data: data.split(b"\n")[0] if name == "trail.jsonl" else data, "条数"),
        (lambda name, data: data + data if name == "document.jsonl" else data, "不是完整的备份"),
        *((_content("user.jsonl", line), "不是完整的备份") for line in HOSTILE),
        (_manifest(rows={"login": 0}), "不是完整的备份"),
        (_manifest(rows={"alembic_version": 0}), "不是完整的备份"),
    ],
)
def test_a_wrong_backup_leaves_the_database_empty(database, other, tmp_path, change, words):
    _fill(database)
    _backed_up(database, tmp_path / "b.zip")
    wrong = _rewritten(tmp_path / "b.zip", tmp_path / "wrong.zip", change)
    with pytest.raises(RequestError, match=words):
        backup.restore(other, wrong, at=AT)
    assert upgrading.state(other.engine).current == ""


def test_a_shortened_trail_is_seen(database, other, tmp_path):
    _fill(database)
    made = _backed_up(database, tmp_path / "b.zip")

    def change(name, data):
        if name == "trail.jsonl":
            return b"".join(data.splitlines(keepends=True)[:-1])
        rows = made.rows | {"trail": made.rows["trail"] - 1}
        return _manifest(rows=rows)(name, data)

    with pytest.raises(RequestError, match="末条"):
        backup.restore(other, _rewritten(tmp_path / "b.zip", tmp_path / "wrong.zip", change), at=AT)


@pytest.mark.parametrize("content", [b"", b"PK", b"text"])
def test_another_file_is_no_backup(tmp_path, content):
    (tmp_path / "b.zip").write_bytes(content)
    with pytest.raises(RequestError, match="不是完整的备份"):
        backup.read_manifest(tmp_path / "b.zip")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(MissingDocument, match="不存在"):
        backup.read_manifest(tmp_path / "none.zip")


def test_what_is_written_meanwhile_is_not_in_it(database, tmp_path, monkeypatch):
    """The rows are of one moment: a user removed while tables are read is in the backup still."""
    _fill(database)
    lines, done = dumping.lines, []

    def slowly(connection, table):
        if not done:
            done.append(connection.execute(select(func.count()).select_from(table)).scalar())
            with database.writing() as session:
                session.execute(delete(User).where(User.login == "auditor"))
        return lines(connection, table)

    monkeypatch.setattr(dumping, "lines", slowly)
    assert _backed_up(database, tmp_path / "b.zip").rows["user"] == len(accounts.USERS)
