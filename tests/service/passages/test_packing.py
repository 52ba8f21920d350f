"""The publish package: only what was released, complete, with a number that never changes."""

from __future__ import annotations

import io
import json
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest
from accounts import actor
from sqlalchemy import select
from walking import OPEN, RELEASED, RULES, SIGNED

from gongkai.model.errors import RequestError
from gongkai.service.errors import Conflicting, NotAllowed
from gongkai.service.passages.packing import Upload, package
from gongkai.service.store.tables import Kept, Screened
from gongkai.service.store.vault import Vault

FILE = Upload("通知（遮蔽副本）.pdf", b"%PDF-1.7 copy")


@pytest.fixture
def pack(shared):
    house = SimpleNamespace(rules=lambda: RULES, vault=Vault(bytes(32), True))

    def make(one, upload=FILE, login="drafter"):
        with shared.writing() as session:
            name, content = package(session, house, actor(session, login), session.get(Kept, one.id), upload, one.at)
        archive = zipfile.ZipFile(io.BytesIO(content))
        return name, {entry: archive.read(entry) for entry in archive.namelist()}

    return make


def test_it_holds_the_file_and_its_metadata(walk, pack):
    name, files = pack(walk(OPEN, *RELEASED))
    told = json.loads(files["元数据.json"])
    assert files.pop("关于印发青禾县河道管护实施方案的通知.pdf") == FILE.data
    assert set(files) == {"元数据.json", "元数据.xlsx"}
    assert name == told["索引号"].replace("/", "-") + ".zip"
    assert len(told["索引号"]) == 20 and told["索引号"].startswith("000000000/2026-")
    wanted = {
        "标题": "关于印发青禾县河道管护实施方案的通知",
        "发布机构": "青禾县水务局",
        "成文日期": "2026-04-29",
        "主题分类": "农业、林业、水利",
        "公开目录": "G0101 " + RULES.category["G0101"].name,
        "公开属性": "主动公开",
        "公开时限": "2026-06-02",
        "有效性": "有效",
        "公开时机": "即时公开",
    }
    assert {key: told[key] for key in wanted} == wanted
    sheet = openpyxl.load_workbook(io.BytesIO(files["元数据.xlsx"])).active
    heads, row = (list(line) for line in sheet.iter_rows(max_row=2, values_only=True))
    assert dict(zip(heads, (value or "" for value in row), strict=True)) == told


def test_a_number_is_given_once_and_for_good(walk, pack):
    first, second = walk(OPEN, *RELEASED), walk(OPEN, *RELEASED)
    names = [pack(one)[0] for one in (first, second, first)]
    assert names[0] == names[2] != names[1]
    assert int(names[1][-9:-4]) == int(names[0][-9:-4]) + 1


@pytest.mark.parametrize(("steps", "why"), [((), "还没有通过发布审查"), (SIGNED, "还没有通过发布审查")])
def test_nothing_leaves_before_the_release_review(walk, pack, steps, why):
    with pytest.raises(Conflicting, match=why):
        pack(walk(OPEN, *steps))


def test_only_who_handles_documents_takes_it_along(walk, pack):
    with pytest.raises(NotAllowed):
        pack(walk(OPEN, *RELEASED), login="auditor")


def test_the_kept_text_leaves_only_where_nothing_in_it_must_be_hidden(walk, pack, shared):
    one = walk(OPEN, *RELEASED)
    with pytest.raises(RequestError, match="没有保存这份公文的全文"):
        pack(one, None)
    with shared.writing() as session:
        screened = session.scalar(select(Screened).where(Screened.document == one.id))
        screened.result = {**screened.result, "personal": [{"action": "mask", "type": "id_card"}]}
    with pytest.raises(RequestError, match="要先遮蔽（1处个人信息）"):
        pack(one, None)


def test_an_empty_file_is_no_file(walk, pack):
    with pytest.raises(RequestError, match="文件是空的"):
        pack(walk(OPEN, *RELEASED), Upload("a.pdf", b""))
