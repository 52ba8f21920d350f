"""Registers: which tables are some, what each row says, and which rows name no file."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import openpyxl
import pytest

from gongkai.model.errors import RequestError
from gongkai.service.limits import Limits
from gongkai.service.screening.intake.sources import found, read_registers
from gongkai.service.screening.records import Bundle

HEAD = ["序号", "文件名", "标题", "文号", "成文日期", "公开属性", "拟稿部门"]
ROWS = [
    [1, "2018/甲.txt", "关于防汛的通知", "青政发〔2018〕5号", "2018年3月5日", "主动公开", "应急局"],
    [2, "没有.txt", "关于防火的通知", "", "", "", ""],
    [3, "", "没有写文件名", "", "", "", ""],
    [4, "2018\\乙.txt", "", "", "2018.12.1", "", ""],
    [5, "2018/甲.txt", "又登记一次", "", "", "", ""],
    ["", "", "", "", "", "", ""],
]
FIELDS = {
    "2018/甲.txt": {
        "title": "关于防汛的通知", "number": "青政发〔2018〕5号", "issued": "2018-03-05", "attribute": "主动公开",
        "unit": "应急局",
    },
    "2018/乙.txt": {"issued": "2018-12-01"},
}  # fmt: skip


def files(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, "utf-8")


def table(path: Path, rows: list[list[object]], encoding: str = "utf-8") -> Path:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        target = io.StringIO(newline="")
        csv.writer(target, delimiter="\t" if path.suffix == ".tsv" else ",").writerows(rows)
        path.write_bytes(target.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize(("name", "encoding", "above"), [
    ("登记表.csv", "utf-8", 0), ("登记表.csv", "utf-8-sig", 1), ("登记表.csv", "gb18030", 0),
    ("登记表.tsv", "utf-16", 0), ("登记表.xlsx", "", 2),
])  # fmt: skip
def test_rows(tmp_path, name, encoding, above):
    files(tmp_path, "2018/甲.txt", "2018/乙.txt")
    path = table(tmp_path / name, [["收文登记表"]] * above + [HEAD, *ROWS], encoding)
    told = read_registers([path])
    assert {str(file.relative_to(tmp_path)): fields for file, fields in told.rows.items()} == FIELDS
    assert told.sources == {path}
    shown = [(part.locator.inside[0], failure.slug) for part, failure in told.failures]
    assert shown == [(f"第{above + row}行", "missing") for row in (3, 4, 6)]
    assert "关于防火" not in "".join(failure.message for _, failure in told.failures)


def test_days_in_a_workbook(tmp_path):
    files(tmp_path, "甲.txt")
    path = table(tmp_path / "a.xlsx", [["文件名", "成文日期", "文号"], ["甲.txt", datetime.date(2018, 3, 5), 12]])
    assert read_registers([path]).rows == {tmp_path / "甲.txt": {"issued": "2018-03-05", "number": "12"}}


@pytest.mark.parametrize(("head", "expected"), [
    (["文件名", "标题"], True),
    (["文件名"], True),
    (["附 件", "题名"], True),
    (["ＦＩＬＥ", "文号"], True),
    (["姓名", "标题"], False),
    (["文件", "金额"], False),
    (["标题", "文号"], False),
])  # fmt: skip
def test_what_is_a_register(tmp_path, head, expected):
    path = table(tmp_path / "a.csv", [head, ["甲.txt"] * len(head)])
    assert bool(read_registers([path]).sources) is expected


def test_a_path_of_another_machine(tmp_path):
    files(tmp_path, "2018/甲.txt")
    path = table(
        tmp_path / "a.csv", [["路径", "标题"], ["D:\\档案\\2018\\甲.txt", "通知"], ["../../../2018/甲.txt", "又"]]
    )
    told = read_registers([path])
    assert list(told.rows) == [tmp_path / "2018/甲.txt"]
    assert len(told.failures) == 1, "the second names the same file again"


def test_fields_and_attachments_reach_the_bundles(tmp_path):
    files(tmp_path, "库/甲.txt", "库/乙.txt", "库/丙.txt", "库/丁.txt", "外/戊.txt")
    rows = [
        ["文件名", "附件", "标题"],
        ["库/甲.txt", "库/乙.txt；库/丙.txt", "通知"],
        ["外/戊.txt", "外/缺.txt", "批复"],
    ]
    path = table(tmp_path / "a.csv", rows)
    items = list(found([tmp_path / "库", path], read_registers([path])))
    bundles = [item for item in items if isinstance(item, Bundle)]
    shown = [[(str(p.locator.path.relative_to(tmp_path)), p.role.value, p.fields) for p in b.parts] for b in bundles]
    assert shown == [
        [("库/丁.txt", "main", {})],
        [("库/甲.txt", "main", {"title": "通知"}), ("库/乙.txt", "attachment", {}), ("库/丙.txt", "attachment", {})],
        [("外/戊.txt", "main", {"title": "批复"})],
    ]
    assert [failure.slug for part, failure in (i for i in items if not isinstance(i, Bundle))] == ["missing"]


@pytest.mark.parametrize("data", [b"PK\x03\x04 no workbook", b"\xff\x80\x81"])
def test_a_broken_table_is_told(tmp_path, data):
    path = tmp_path / ("a.xlsx" if data.startswith(b"PK") else "a.csv")
    path.write_bytes(data)
    with pytest.raises(RequestError, match=path.name):
        read_registers([path])


def test_a_table_without_end_is_refused(tmp_path):
    path = table(tmp_path / "a.csv", [["文件名", "标题"]] + [["甲.txt", "x"]] * 200)
    with pytest.raises(RequestError, match="太大"):
        read_registers([path], Limits(max_cells=5))


@pytest.mark.parametrize("name", ["长" * 5_000 + ".txt", "a/" * 100_000 + "b.txt"])
def test_a_name_that_no_disk_can_hold_is_one_bad_row(tmp_path, name):
    files(tmp_path, "甲.txt")
    rows = [["文件名", "附件", "标题"], [name, "", "一"], ["甲.txt", name, "二"]]
    told = read_registers([table(tmp_path / "登记表.csv", rows)])
    assert told.rows == {tmp_path / "甲.txt": {"title": "二"}}
    assert [part.locator.inside[0] for part, _ in told.failures] == ["第2行", "第3行"]


def test_a_register_in_a_folder_that_is_screened_is_no_document(tmp_path):
    files(tmp_path, "甲.txt")
    path = table(tmp_path / "登记表.csv", [["文件名", "标题"], ["甲.txt", "通知"]])
    items = list(found([tmp_path, path], read_registers([path])))
    assert [item.main.locator.path.name for item in items] == ["甲.txt"]
