"""Agencies' catalogs as sheets: known items by name, new codes for others, errors by cell, a draft in the database."""

from __future__ import annotations

import csv
import io
import tomllib
import zipfile
from datetime import UTC, datetime
from functools import cache

import accounts
import openpyxl
import pytest

from gongkai.model.errors import RequestError
from gongkai.service.rules import catalogimport, versions
from gongkai.service.rules.catalogimport import imported
from gongkai.service.rules.catalogsheet import read_lines
from gongkai.service.rules.checking import problems
from gongkai.service.rules.comparing import changes
from gongkai.service.rules.memory import loaded, shipped
from gongkai.service.settings import Settings

AT = datetime(2026, 11, 20, 8, tzinfo=UTC)
TOP = ["序号", "公开事项", "", "公开内容\n（要素）", "公开依据", "公开时限", "公开主体", "公开渠道和载体"]
TOP += ["公开对象", "", "公开方式", "", "公开层级", ""]
UNDER = ["", "一级\n事项", "二级\n事项", "", "", "", "", ""]
UNDER += ["全社会", "特定群体\n（请写明）", "主动", "依申请\n公开", "县级", "乡、村级"]
LAW = "《中华人民共和国政府信息公开条例》第二十条第（五）项"
WITHIN = "自信息形成或者变更之日起20个工作日内"
AID = "《社会救助暂行办法》第五十七条"
APPROVED = "收到批准文件之日起15个工作日内"
NOTICE = "批准机关文号；征收范围；征收时间"
BOXES = "■政府网站 ■村公示栏 □公报"
STANDARD = [
    ["1", "土地征收", "征收土地公告", NOTICE, "《土地管理法实施条例》第三十一条", APPROVED, "县人民政府", BOXES],
    ["2", "", "征地信息公开查询", "查询方式；查询网址", LAW, WITHIN, "自然资源局", "■政府网站"],
    ["3", "社会救助", "监督检查", "检查对象\n检查结果", AID, "4个工作日内", "民政局", "■政府网站"],
    ["4", "", "低保对象申请审核", "申请材料", AID, WITHIN, "民政局", "■社区公示栏"],
]
STANDARD[0] += ["", "√", "√", "", "√", "√"]
STANDARD[1] += ["√", "", "√", "", "√", ""]
STANDARD[2] += ["√", "", "√", "", "√", ""]
STANDARD[3] += ["", "申请人及其家庭", "", "√", "", "√"]


@cache
def base():
    return shipped()


def xlsx(lines, merge=("B1:C1", "I1:J1", "K1:L1", "M1:N1", "B3:B4", "B5:B6"), top=TOP, under=UNDER, title=None):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "目录"
    if title:
        sheet.append([title])
    for row in filter(None, (top, under, *lines)):
        sheet.append(row)
    for place in () if title else merge:
        sheet.merge_cells(place)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def in_csv(lines, encoding="utf-8-sig"):
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    return out.getvalue().encode(encoding)


def row(files, code, table="category", file="catalog.toml"):
    return next(one for one in tomllib.loads(files[file])[table] if one["code"] == code)


def test_a_standard_catalog():
    found = imported("目录.xlsx", xlsx(STANDARD), base())
    assert [(one.code, one.name, one.new) for one in found.items] == [
        ("N0207", "征收土地公告", False),
        ("N0210", "征地信息公开查询", True),
        ("G22", "社会救助", True),
        ("G2201", "监督检查", True),
        ("G2202", "低保对象申请审核", True),
    ]
    assert found.wrong == found.remarks == ()
    assert problems(found.files, base()) == ()
    known, new = row(found.files, "N0207"), row(found.files, "G2202")
    assert known["key_fields"] == ["批准机关文号", "征收范围", "征收时间"]
    assert (known["deadline"], known["channel"], known["level"]) == ("D15", "政府网站、村公示栏", "县级、乡级")
    assert (known["publisher"], known["manner"], known["audience"]) == ("县人民政府", "主动", "特定群体")
    assert (new["attribute"], new["duty"], new["audience"], new["manner"]) == (
        "on_request",
        "",
        "申请人及其家庭",
        "依申请",
    )
    assert row(found.files, "N0210")["duty"] == "P-2005"
    assert row(found.files, "G2201")["deadline"] == "D4"
    assert row(found.files, "D4", "deadline", "deadlines.toml")["count"] == 4


def test_only_rows_that_the_catalog_names_change():
    found = imported("目录.xlsx", xlsx(STANDARD), base())
    touched = {(one.file, one.key) for one in changes(base(), found.files)}
    assert touched == {("catalog.toml", code) for code in ("N0207", "N0210", "G22", "G2201", "G2202")} | {
        ("deadlines.toml", "D4")
    }


def test_what_was_imported_is_imported_again_without_a_change():
    once = imported("目录.xlsx", xlsx(STANDARD), base())
    again = imported("目录.xlsx", xlsx(STANDARD), once.files)
    assert again.files == once.files
    assert [(one.new, one.columns) for one in again.items] == [(False, ())] * 4


def test_the_new_items_are_ranked_by_their_names():
    book = loaded(imported("目录.xlsx", xlsx(STANDARD), base()).files)
    assert book.category["G2202"].title[0].search("关于做好低保对象申请审核工作的通知")


PLAIN = ["一级事项", "二级事项", "公开内容", "公开依据", "公开时限", "公开主体", "公开对象", "公开方式"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_plain_csv(encoding):
    line = [
        "政策文件",
        "政策解读",
        "背景依据；主要内容",
        "国办发〔2016〕19号",
        "文件公开后3个工作日内",
        "办公室",
        "全社会",
        "主动公开",
    ]
    found = imported("目录.csv", in_csv([["青禾县水务局主动公开基本目录"], PLAIN, line], encoding), base())
    assert [(one.code, one.columns) for one in found.items] == [("G0104", ("key_fields", "publisher", "manner"))]
    assert row(found.files, "G0104")["manner"] == "主动"


def test_an_empty_cell_leaves_what_is_known():
    found = imported("目录.csv", in_csv([PLAIN, ["", "政府采购", "", "", "", "", "", ""]]), base())
    assert [(one.code, one.columns) for one in found.items] == [("G09", ())]
    assert found.files == base()


def test_an_item_without_a_first_level_goes_to_the_rest():
    line = ["", "水利工程调度信息", "调度指令", LAW, WITHIN, "水务局", "全社会", "主动"]
    assert imported("目录.csv", in_csv([PLAIN, line]), base()).items[0].code == "G9901"


@pytest.mark.parametrize(
    ("line", "cell", "said"),
    [
        (["政策文件", "", "全文", LAW, WITHIN, "", "", ""], "B2", "没有写二级事项"),
        (["政策文件", "新的事项", "全文", "", WITHIN, "", "", ""], "D2", "没有写公开依据"),
        (["政策文件", "新的事项", "全文", LAW, "", "", "", ""], "E2", "没有写公开时限"),
        (["政策文件", "新的事项", "全文", LAW, "按规定", "", "", ""], "E2", "看不懂这个公开时限"),
        (["", "出让公告", "全文", LAW, WITHIN, "", "", ""], "B2", "和 N0402、N0501 同名"),
    ],
)
def test_errors_by_cell(line, cell, said):
    found = imported("目录.csv", in_csv([PLAIN, line]), base())
    assert [one.cell for one in found.wrong] == [cell]
    assert said in found.wrong[0].message
    assert found.files == base()


def test_errors_name_the_sheet_and_all_cells():
    lines = [line[:] for line in STANDARD]
    lines[0][5], lines[2][10], lines[3][2] = "另行规定", "部分", "监督检查"
    found = imported("目录.xlsx", xlsx(lines), base())
    assert [one.cell for one in found.wrong] == ["目录!F3", "目录!K5"]
    lines[2][10] = "√"
    assert [one.cell for one in imported("目录.xlsx", xlsx(lines), base()).wrong] == ["目录!F3", "目录!C6"]


def test_several_terms_are_a_remark():
    line = ["政策文件", "新的事项", "全文", LAW, "20个工作日内，公示7日", "", "", "主动"]
    found = imported("目录.csv", in_csv([PLAIN, line]), base())
    assert (found.wrong, [one.cell for one in found.remarks]) == ((), ["E2"])
    assert row(found.files, "G0108")["deadline"] == "D20"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("目录.docx", b"", "应当是 .xlsx 或者 .csv"),
        ("目录.xlsx", b"PK\x03\x04", "文件已损坏"),
        ("目录.csv", "甲,乙\n1,2\n".encode(), "没有找到目录表头"),
        ("目录.csv", in_csv([PLAIN]), "没有找到目录表头"),
        ("目录.csv", b"\xff\xfe\x00", "编码"),
        ("目录.csv", in_csv([PLAIN, *[["", "x"]] * 5001]), "超过 5000 行"),
    ],
)
def test_files_that_are_no_catalog(name, data, said):
    with pytest.raises(RequestError, match=said):
        imported(name, data, base())


def with_merged(data, reference):
    """The book with one more merged cell; openpyxl would make an object of each place in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as box, zipfile.ZipFile(out, "w") as to:
        for name in box.namelist():
            part = box.read(name).replace(b"</mergeCells>", f'<mergeCell ref="{reference}"/></mergeCells>'.encode())
            to.writestr(name, part)
    return out.getvalue()


def test_a_merged_cell_as_large_as_a_sheet_costs_nothing():
    found = imported("目录.xlsx", with_merged(xlsx(STANDARD), "Z3:XFD1048576"), base())
    assert len(found.items) == 5


def test_headings_below_a_title_and_without_merged_cells():
    found = imported("目录.xlsx", xlsx(STANDARD, title="青禾县基层政务公开标准目录"), base())
    assert [one.code for one in found.items] == ["N0207", "N0210", "G22", "G2201", "G2202"]


@pytest.fixture
def session(database):
    with database.writing() as opened:
        accounts.fill(opened, AT)
        yield opened


def test_a_draft(session):
    office = accounts.actor(session, "office")
    number, found = catalogimport.draft(session, office, Settings(), read_lines("目录.xlsx", xlsx(STANDARD)), at=AT)
    kept = versions.version(session, Settings(), number)
    assert (number, kept.editable, kept.note) == (1, True, "导入目录：5 项，其中新增 4 项")
    assert kept.files == found.files != base()


def test_no_draft_while_a_cell_is_wrong(session):
    office = accounts.actor(session, "office")
    data = in_csv([PLAIN, ["政策文件", "", "全文", LAW, WITHIN, "", "", ""]])
    number, found = catalogimport.draft(session, office, Settings(), read_lines("目录.csv", data), at=AT)
    assert (number, len(found.wrong)) == (0, 1)
    assert len(versions.history(session, Settings())) == 1
