"""The tables of steps, flags, classes: what an office may write in them, and what is refused with the row's name."""

from __future__ import annotations

import pytest

from gongkai.model.errors import RulebookError
from gongkai.model.tablefile import read_rows
from gongkai.service.passages.effects import EFFECTS
from gongkai.service.passages.importance import Important, flags, kinds
from gongkai.service.passages.indexing import Agency, classes, subject_of
from gongkai.service.passages.needs import NEEDS
from gongkai.service.passages.passing import Act, acts, states

ROW = '[[action]]\ncode = "x"\nname = "试"\nmay = "handle"\nstates = ["drafted"]\nhint = "h"\nbasis = "b"\n'


def test_the_tables_agree_with_each_other():
    assert {row.step for row in flags()} <= {*acts()}
    assert {*EFFECTS} <= {*acts()}
    assert {need for row in acts().values() for need in row.needs} == {*NEEDS}
    assert all(row.basis and row.hint for row in acts().values())
    assert {row.may for row in acts().values()} == {
        "handle",
        "source",
        "release",
        "clear",
        "afterwards",
    }  # page's doors
    reached = {row.to for row in acts().values() if row.to} | {"drafted"}
    assert reached == {*states()}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (ROW.replace('"handle"', '"fly"'), "不是 roles.toml 的操作"),
        (ROW + 'needs = ["luck"]', "不认识 luck"),
        (ROW + 'to = "heaven"', "不认识 heaven"),
        (ROW + 'fields = [{ key = "a", name = "甲", kind = "colour" }]', "kind 应当是"),
        (ROW + 'fields = [{ key = "a", name = "甲", kind = "choice" }]', "choices 与 kind 不一致"),
    ],
)
def test_a_wrong_step_is_named(tmp_path, row, why):
    (tmp_path / "passing.toml").write_text(row, "utf-8")
    with pytest.raises(RulebookError, match=why):
        read_rows(tmp_path, "passing.toml", "action", Act)


@pytest.mark.parametrize(
    ("kind", "row", "why"),
    [
        (Important, 'code = "x"\nname = "n"\nbasis = "b"', "至少要写一样"),
        (Agency, 'code = "12345"\nunit = ""', "9位"),
    ],
)
def test_wrong_rows_of_the_small_tables(tmp_path, kind, row, why):
    (tmp_path / "t.toml").write_text(f"[[row]]\n{row}\n", "utf-8")
    with pytest.raises(RulebookError, match=why):
        read_rows(tmp_path, "t.toml", "row", kind)


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("关于印发青禾县河道管护实施方案的通知", "农业、林业、水利"),
        ("关于公布征收土地补偿标准的公告", "国土资源、能源"),
        ("关于做好城乡居民医疗救助工作的通知", "卫生、体育"),
        ("关于召开会议的通知", "其他"),
    ],
)
def test_the_subject_of_a_title(title, subject):
    assert subject_of(title) == subject


def test_every_table_can_be_read():
    assert len(classes()) == 22
    assert kinds()
