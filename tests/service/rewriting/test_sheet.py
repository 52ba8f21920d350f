"""Workbooks: what each place of a file becomes, that nothing hidden stays in the bytes, which formulas stay."""

from __future__ import annotations

import datetime
import io
import random
import zipfile
from functools import cache

import files
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.table import Table
from rewriting.officebooks import PHONE, SHEET, full_xlsx
from rewriting.officefiles import (
    HOME,
    MASKS,
    MICROSOFT,
    NAME,
    NUMBER,
    SPREADSHEET,
    grey_jpeg,
    hide,
    loaded,
    rezipped,
    unpacked,
)

from gongkai.model.document import Span
from gongkai.model.errors import DocumentError, OversizedDocument, UnsupportedFormat, UnsupportedPart
from gongkai.service.formats.sheet import read_xlsx
from gongkai.service.limits import Limits
from gongkai.service.rewriting.officepictures import only_drawn
from gongkai.service.rewriting.officeremains import remains_sheet
from gongkai.service.rewriting.sheet import open_sheet
from gongkai.service.rewriting.slots import Edit

LIMITS = Limits()
ALL = {**MASKS, PHONE: "138****1234"}
#: Place -> does its text stay, masked; the rest goes whole.
FATES = {
    **dict.fromkeys(("共享字符串处", "富文本处", "公式结果处", "隐藏行处", "隐藏列处", "错行处", "隐藏表处"), True),
    **dict.fromkeys(("深藏表处", "批注处", "提示保留处", "显示处", "提示处", "打印页眉处", "文本框处"), True),
    **dict.fromkeys(("替代文字处", "图形标题处", "图表标题处", "图表类别处", "样式名处"), True),
    **dict.fromkeys(("题名处", "主题处", "关键词处", "备注处", "分类处", "单位处"), True),
    **dict.fromkeys(("未用字符串处", "注音处", "保护区域处", "方案处", "筛选处", "视图处", "条件处"), False),
    **dict.fromkeys(("提示输入处", "出错提示处", "扩展处", "共享者处", "个人视图处", "名称说明处", "表名处"), False),
    **dict.fromkeys(("表注处", "宏名处", "链接格处", "图形名称处", "图片内部处", "旧式图形处", "批注作者处"), False),
    **dict.fromkeys(("线程批注处", "人员处", "嵌入文件处", "透视表处", "透视缓存处", "外部数据处"), False),
    **dict.fromkeys(("连接处", "计算链处", "打印机处", "自定义数据处", "签名处"), False),
    **dict.fromkeys(("作者处", "修改者处", "经理处", "模板处", "链接基址处", "属性名处", "属性值处"), False),
}
FULL = full_xlsx()


@cache
def remaining(data: bytes) -> str:
    return "\n".join(text for _, text in remains_sheet(data, LIMITS))


def body(data: bytes) -> str:
    return "".join(slot.text + slot.after for slot in open_sheet(data, LIMITS).slots if slot.body).strip("\n")


def book(*rows: list[object], title: str = "名单") -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(row)
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    made.save(target)
    made.close()
    return target.getvalue()


def masked(data: bytes, masks: dict[str, str] = ALL) -> bytes:
    opened = open_sheet(data, LIMITS)
    return opened.rewrite(hide(opened, masks)).data


@pytest.fixture(scope="module")
def hidden():
    opened = open_sheet(FULL, LIMITS)
    return opened.rewrite(hide(opened, ALL))


def test_the_full_file_holds_every_place():
    assert {place for place in FATES if f"{place}：" not in unpacked(FULL)} == set()


@pytest.mark.parametrize("place", FATES)
def test_place(hidden, place):
    assert (f"{place}：" in remaining(hidden.data)) is FATES[place]


@pytest.mark.parametrize("value", ALL)
def test_no_value_survives_in_the_bytes(hidden, value):
    assert value in unpacked(FULL)
    assert value not in unpacked(hidden.data)
    assert value in remaining(FULL)
    assert value not in remaining(hidden.data)
    assert value not in "".join(slot.text for slot in open_sheet(hidden.data, LIMITS).slots)


def test_the_remains_tell_every_place_of_the_original():
    """Else a proof could not fail."""
    found = remaining(FULL)
    assert {place for place in FATES if f"{place}：" not in found} == set()


def test_what_went_is_said(hidden):
    assert {
        "数据透视表及其缓存2处已删除（单元格中的结果保留）",
        "外部链接的数据2处已删除",
        "线程批注及其作者名录2处已删除（批注文字保留）",
        "批注1条的作者和时间已清除",
        "嵌入的文件或对象1个已删除",
        "表格样式1处已转为普通区域（列名有改动）",
        "图片1张已替换为灰块",
    } <= set(hidden.dropped)
    assert hidden.by_eye == (
        "隐藏的工作表有2个，仍在文件中，请核对是否应当公开",
        "隐藏的行有1个，仍在文件中，请核对是否应当公开",
        "隐藏的列有1个，仍在文件中，请核对是否应当公开",
    )


def test_excel_can_open_it(hidden):
    read = loaded(hidden.data)
    sheet = read["名单"]
    assert read.sheetnames == ["名单", "欧阳某某", "底稿", "深藏"]
    assert [sheet[cell].value for cell in ("A2", "B2", "C2")] == list(ALL.values())[:2] + ["138****1234"]
    assert sheet["B2"].comment.text == "批注处：欧阳某某，3301**********5415，青禾县"
    assert [rule.prompt for rule in sheet.data_validations.dataValidation] == [
        "提示保留处：欧阳某某，3301**********5415，青禾县"
    ]
    assert (sheet.column_dimensions["F"].hidden, sheet.row_dimensions[4].hidden) == (True, True)
    assert len(sheet._images) == len(sheet._charts) == 1


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("A7", "=LEN(B2)"),
        ("B9", "=SUM(C9:C10)"),
        ("C3", "公式结果处：欧阳某某，3301**********5415，青禾县"),
        ("B7", "欧阳某某"),
        ("B8", "欧阳某某"),
        ("A9", 7),
        ("B3", "138****1234"),
        ("D6", datetime.datetime(1990, 1, 1)),
    ],
)
def test_formulas_stay_unless_they_hold_or_show_a_value(hidden, cell, value):
    assert loaded(hidden.data)["名单"][cell].value == value


@pytest.mark.parametrize(
    "data",
    [
        files.list_xlsx(),
        files.values_xlsx(
            3.0, 0.1, 1e-7, 6222021234567890, 1e20, NUMBER, True, False, "上\n下", None, " 空 格 \t", "#N/A"
        ),
        files.values_xlsx(datetime.date(2025, 3, 1), datetime.time(8, 30), datetime.datetime(2025, 3, 1, 8, 30, 5)),
        files.values_xlsx(None, None, "丙", None, datetime.timedelta(hours=30), "丁"),
        files.values_xlsx("甲_x000D_乙", "_x005F_x"),
        saved(book([], ["", "乙"], [None, None], ["甲", None, None, "丁"])),
        FULL,
    ],
)
def test_body_slots_read_as_the_reader_reads(data):
    assert body(data) == read_xlsx(data, LIMITS)
    assert read_xlsx(open_sheet(data, LIMITS).rewrite({}).data, LIMITS) == body(data)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("名单", "工作表名称"),
        ("底稿", "隐藏工作表的名称"),
        ("姓名", "单元格"),
        ("隐藏行处：", "隐藏行"),
        ("隐藏列处：", "隐藏列"),
        ("隐藏表处：", "隐藏工作表"),
        ("深藏表处：", "隐藏工作表"),
        ("批注处：", "批注"),
        ("A2&", "公式"),
        ("文本框处：", "文本框"),
        ("打印页眉处：", "打印页眉页脚"),
    ],
)
def test_places(text, place):
    assert [slot.place for slot in open_sheet(FULL, LIMITS).slots if slot.text.startswith(text)][:1] == [place]


def test_a_shared_string_is_split():
    """Two cells share one string; the one is masked, the other stays."""
    data = saved(book([NAME, NAME]))
    opened = open_sheet(data, LIMITS)
    out = opened.rewrite({1: [Edit(Span(0, 4), "某")]}).data
    assert [cell.value for cell in loaded(out).active[1]] == ["某", NAME]
    assert unpacked(out).count(NAME) == 1
    both = opened.rewrite({1: [Edit(Span(0, 4), "某")], 2: [Edit(Span(1, 4), "某")]}).data
    assert [cell.value for cell in loaded(both).active[1]] == ["某", "欧某"]
    assert NAME not in remaining(both)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (330199199003075, "330199199003075"),
        (13800001234, "13800001234"),
        (3.30199199003075e17, "330199199003075000"),
        (datetime.date(1990, 3, 7), "1990-03-07"),
        (True, "TRUE"),
    ],
)
def test_a_number_gives_way_to_its_mask(value, shown):
    opened = open_sheet(files.values_xlsx(value), LIMITS)
    slot = next(index for index, slot in enumerate(opened.slots) if slot.text == shown)
    out = opened.rewrite({slot: [Edit(Span(1, len(shown) - 1), "**")]}).data
    assert loaded(out).active["A1"].value == f"{shown[0]}**{shown[-1]}"
    assert shown not in remaining(out)
    assert str(value) not in remaining(out)


def test_a_birth_that_stands_as_a_number_of_days_is_a_date():
    data = saved(book(["姓名", "出生日期（公历）", "面积"], ["甲", 31848, 31848], ["乙", "不详", 1], ["丙", 36526, 1]))
    text = read_xlsx(data, LIMITS)
    assert "甲\t1987-03-12\t31848\n" in text and text.endswith("乙\t不详\t1\n丙\t2000-01-01\t1")
    opened = open_sheet(data, LIMITS)
    slot = next(index for index, slot in enumerate(opened.slots) if slot.text == "1987-03-12")
    out = opened.rewrite({slot: [Edit(Span(5, 10), "*")]}).data
    assert [cell.value for cell in loaded(out).active["B"]][1:] == ["1987-*", "不详", 36526]


def test_characters_that_stand_as_codes_are_read_and_go_with_a_value():
    data = saved(book([f"{NAME[0]}_x200B_{NAME[1:]}_x000D_\n_x005F_x000D_"]))
    shown = f"{NAME[0]}\u200b{NAME[1:]} "
    assert shown in read_xlsx(data, LIMITS)
    opened = open_sheet(data, LIMITS)
    slot = next(index for index, slot in enumerate(opened.slots) if slot.text.startswith(shown))
    out = opened.rewrite({slot: [Edit(Span(0, len(shown) - 1), "某")]}).data
    assert loaded(out).active["A1"].value.startswith("某 ")
    assert NAME[1:] not in remaining(out)


def test_a_float_is_found_by_its_digits():
    """A number with an exponent is not written as its digits, but Excel shows them."""
    assert f"{NUMBER[:15]}000" in remaining(files.values_xlsx(float(NUMBER[:15] + "000")))


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (NUMBER[6:], f'"{NUMBER[:6]}"@', NUMBER),
        (12345678, '"138"00000000', "13812345678"),
        (2345678, "\\1\\3\\800000000", "13802345678"),
    ],
)
def test_digits_that_a_format_puts_ahead_are_read_and_go_with_it(value, style, shown):
    made = book([value])
    made.active["A1"].number_format = style
    assert read_xlsx(saved(made), LIMITS) == f"名单\n{shown}"
    opened = open_sheet(saved(made), LIMITS)
    slot = next(index for index, slot in enumerate(opened.slots) if slot.text == shown)
    cell = loaded(opened.rewrite({slot: [Edit(Span(3, len(shown)), "*")]}).data).active["A1"]
    assert (cell.value, cell.number_format) == (f"{shown[:3]}*", "General")


@pytest.mark.parametrize("formula", ['="{}" & "{}"', '=CONCATENATE("{}","{}")'])
def test_texts_that_a_formula_puts_together_are_read_as_one(formula):
    data = saved(book([formula.format(NUMBER[:6], NUMBER[6:])]))
    assert loaded(masked(data)).active["A1"].value is None


@pytest.mark.parametrize(
    "cell",
    [
        f'<c r="A1" t="n"><v>1</v><is><t>{NAME}</t></is></c>',
        f'<c r="A1" t="n"><v>1</v><v>{NAME}</v></c>',
        f'<c r="A1" t="inlineStr"><v>{NAME}</v><is><t>1</t></is><is><t>{NAME}</t></is></c>',
    ],
)
def test_what_a_cell_holds_besides_its_value_goes(cell):
    data = rezipped(SMALL, xl__worksheets__sheet1_dot_xml=SMALL_SHEET.replace(SMALL_CELL, cell))
    out = open_sheet(data, LIMITS).rewrite({}).data
    assert NAME in remaining(data)
    assert NAME not in remaining(out)
    assert str(loaded(out).active["A1"].value) == "1"


def test_what_a_shared_string_holds_besides_its_text_goes():
    strings = f'<sst xmlns="{SPREADSHEET}">' + "<si><t>甲</t></si>" * 4
    strings += f"<si><t>乙</t><x>{PHONE}</x><r><t>丙</t><y>{PHONE}</y></r></si></sst>"
    out = open_sheet(rezipped(FULL, xl__sharedStrings_dot_xml=strings), LIMITS).rewrite({}).data
    with zipfile.ZipFile(io.BytesIO(out)) as box:
        assert PHONE not in box.read("xl/sharedStrings.xml").decode()
    assert loaded(out)["名单"]["A2"].value == "乙丙"


def test_a_strict_workbook_is_refused_by_name():
    with zipfile.ZipFile(io.BytesIO(SMALL)) as box:
        main = (
            box.read("xl/workbook.xml").decode().replace(SPREADSHEET, "http://purl.oclc.org/ooxml/spreadsheetml/main")
        )
    with pytest.raises(UnsupportedFormat, match="严格的"):
        read_xlsx(rezipped(SMALL, xl__workbook_dot_xml=main), LIMITS)


@pytest.mark.parametrize(
    ("title", "name"),
    [("张*", "张＊"), ("a/b:c", "a／b：c"), ("长" * 40, "长" * 31), ("其他", "其他-1"), ("", "表1")],
)
def test_a_renamed_sheet_has_a_valid_name_and_formulas_that_named_it_are_results(title, name):
    made = book([1, f"={NAME}!A1"], title=NAME)
    made.create_sheet("其他").append([f"={NAME}!A1+1", "=A1"])
    opened = open_sheet(saved(made), LIMITS)
    out = loaded(opened.rewrite({0: [Edit(Span(0, len(NAME)), title)]}).data)
    assert out.sheetnames == [name, "其他"]
    assert [cell.value for cell in out["其他"][1]] == [None, "=A1"]


def test_a_table_whose_heading_changes_becomes_a_plain_range():
    made = book(["姓名", "电话"], ["甲", "1"], ["乙", "=SUM(T1[电话])"])
    made.active.add_table(Table(displayName="T1", ref="A1:B3"))
    opened = open_sheet(saved(made), LIMITS)
    kept = loaded(opened.rewrite({3: [Edit(Span(0, 1), "某")]}).data).active
    assert (list(kept.tables), kept["B3"].value) == (["T1"], "=SUM(T1[电话])")
    gone = loaded(opened.rewrite({1: [Edit(Span(0, 2), "某某")]}).data).active
    assert (list(gone.tables), gone["A1"].value, gone["B3"].value) == ([], "某某", None)


def test_headers_are_masked_across_their_codes(hidden):
    with zipfile.ZipFile(io.BytesIO(hidden.data)) as box:
        text = box.read("xl/worksheets/sheet1.xml").decode()
    assert '&amp;L打印页眉处：欧阳某某&amp;"宋体,常规"&amp;10，3301**********5415&amp;C第&amp;P页' in text


def test_a_masked_number_of_a_chart_leaves_its_point_empty(hidden):
    with zipfile.ZipFile(io.BytesIO(hidden.data)) as box:
        text = box.read("xl/charts/chart1.xml").decode()
    cache = text[text.index("<c:numCache>") : text.index("</c:numCache>")]
    assert cache == '<c:numCache><c:ptCount val="2"/><c:pt idx="1"><c:v>12</c:v></c:pt>'
    assert "externalData" not in text


def test_a_rewrite_depends_on_its_edits_alone():
    opened = open_sheet(FULL, LIMITS)
    first = opened.rewrite(hide(opened, ALL))
    assert opened.rewrite({}).data != first.data
    assert opened.rewrite(hide(opened, ALL)) == first


def test_links_to_files_of_a_machine_go():
    made = book(["附件"])
    made.active["A1"].hyperlink = "file:///d:/ouyang/a.xlsx"
    out = open_sheet(saved(made), LIMITS).rewrite({})
    assert "指向本机或内网文件的链接1处已删除" in out.dropped
    assert "ouyang" not in unpacked(out.data)
    assert (loaded(out.data).active["A1"].value, loaded(out.data).active["A1"].hyperlink) == ("附件", None)


def test_pictures_are_greyed_or_kept():
    for how, kept in (("blank", 0), ("keep", 1)):
        out = open_sheet(FULL, LIMITS, pictures=how).rewrite({})
        assert sum(only_drawn(grey_jpeg()) == content for content in contents(out.data)) == kept
        assert ("图片1张未作处理，请逐张核对其中是否有个人信息" in out.by_eye) == bool(kept)


def contents(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        return [box.read(name) for name in box.namelist()]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (full_xlsx(("rIdX", "vbaProject", "vba.bin")), "宏代码"),
        (full_xlsx(parts={"xl/vbaProject.bin": "x"}), "宏代码"),
        (full_xlsx(("rIdX", f"{MICROSOFT}/xlMacrosheet", "m.xml")), "宏代码"),
        (full_xlsx(("rIdX", "dialogsheet", "d.xml")), "宏代码"),
        (full_xlsx(("rIdX", f"{MICROSOFT}/somethingNew", "new.xml")), "（somethingNew）"),
    ],
)
def test_refused_by_name(data, named):
    with pytest.raises(UnsupportedPart, match=named):
        open_sheet(data, LIMITS)


SHUFFLED = SHEET.replace('<row r="2">', '<row r="1">')


@pytest.mark.parametrize(
    "data",
    [
        b"",
        FULL[: len(FULL) // 2],
        rezipped(FULL, xl__workbook_dot_xml=None),
        rezipped(FULL, xl__sharedStrings_dot_xml="<sst"),
        rezipped(FULL, xl__sharedStrings_dot_xml="<sst/>"),
        rezipped(FULL, xl__worksheets__sheet1_dot_xml=SHUFFLED),
        rezipped(FULL, xl__worksheets__sheet1_dot_xml=SHEET.replace('r="B2"', f'r="{NAME}"')),
    ],
)
def test_damaged_files_end_in_a_document_error(data):
    with pytest.raises(DocumentError) as caught:
        open_sheet(data, LIMITS)
    assert not [value for value in ALL if value in str(caught.value)]


def test_too_many_cells_are_refused():
    with pytest.raises(OversizedDocument):
        open_sheet(FULL, Limits(max_cells=10))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(FULL) - 1), st.binary(min_size=1, max_size=40), st.integers(0, 60))
def test_mutated_bytes_never_crash(at, new, cut):
    data = FULL[:at] + new + FULL[at + cut :]
    try:
        open_sheet(data, LIMITS).rewrite({})
        list(remains_sheet(data, LIMITS))
    except DocumentError as error:
        assert not [value for value in ALL if value in str(error)]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(MASKS)), st.randoms(use_true_random=False))
def test_a_value_split_at_random_over_runs_never_survives(value, chance):
    cell = f'<c r="A1" t="inlineStr"><is>{split(f"联系人：{value}。", chance)}</is></c>'
    data = rezipped(SMALL, xl__worksheets__sheet1_dot_xml=SMALL_SHEET.replace(SMALL_CELL, cell))
    out = masked(data)
    assert value not in remaining(out)
    assert loaded(out)["名单"]["A1"].value == f"联系人：{MASKS[value]}。"


SMALL = saved(book([1]))
SMALL_SHEET = zipfile.ZipFile(io.BytesIO(SMALL)).read("xl/worksheets/sheet1.xml").decode()
SMALL_CELL = '<c r="A1" t="n"><v>1</v></c>'


def test_the_small_sheet_has_the_cell_that_is_replaced():
    assert SMALL_SHEET.count(SMALL_CELL) == 1


def split(text: str, chance: random.Random) -> str:
    pieces, at = [], 0
    while at < len(text):
        end = at + chance.randint(1, 5)
        look = chance.choice(("", "<rPr><b/></rPr>"))
        pieces.append(f"<r>{look}<t>{text[at:end]}</t></r>" + chance.choice(("", "<r><t></t></r>")))
        at = end
    return "".join(pieces)


def test_the_builder_plants_what_it_says():
    assert HOME in body(FULL)
