"""Tables and forms of which each line is one cell."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.document import Document
from gongkai.model.reading import Reading
from gongkai.model.stacked import short_lines, stacked_cells, stacked_fields

NUMBERED = "拟办理人员公示\n\n序号\n姓名\n单位\n出生年月\n备注\n\n{}\n以上人员如有异议，请来电。"


def cells(text: str) -> list[tuple[str, str]]:
    document = Document("", text)
    return [(cell.kind, cell.span.of(text)) for cell in stacked_cells(document, short_lines(document))]


@pytest.mark.parametrize(
    "records",
    [
        "1\n高　山\n岛上船厂\n1963.07\n十一年\n\n2\n汤圆圆\n县化肥厂\n1973.08\n女\n",
        "1\n高　山\n岛上船厂\n1963.07\n\n\n2\n汤圆圆\n县化肥厂\n1973.08\n\n",
        "1\n高　山\n岛上船厂\n1963.07\n2\n汤圆圆\n县化肥厂\n1973.08\n女\n",
        "01\n高　山\n岛上船厂；原船队\n1963.07\n\n02\n汤圆圆\n县化肥厂\n1973.08\n",
    ],
    ids=["filled", "empty last cells", "no last cell", "marks within a cell"],
)
def test_numbered_records(records):
    found = cells(NUMBERED.format(records))
    assert found == [("NAME", "高　山"), ("BIRTH", "1963.07"), ("NAME", "汤圆圆"), ("BIRTH", "1973.08")]


def test_cells_that_a_blank_line_parts():
    text = "公示\n\n序号\n姓名\n单位\n出生年月\n备注\n1\n高山\n岛上船厂\n1963.07\n\n2\n汤圆圆\n\n1973.08\n女\n"
    assert cells(text.replace("\n", "\n\n")) == [
        ("NAME", "高山"), ("BIRTH", "1963.07"), ("NAME", "汤圆圆"), ("BIRTH", "1973.08"),
    ]  # fmt: skip


def test_records_end_with_the_part():
    text = NUMBERED.format("1\n高山\n岛上船厂\n1963.07\n\n\n二、因病办理的人员\n\n2\n汤圆圆\n县化肥厂\n1973.08\n")
    assert cells(text)[:2] == [("NAME", "高山"), ("BIRTH", "1963.07")]
    assert ("NAME", "汤圆圆") not in cells(text)


def test_records_of_one_length_without_numbers():
    text = (
        "补贴发放表\n姓名\n身份证号\n金额（元）\n高山\n110101199003074610\n500\n汤圆圆\n110101199003074629\n800\n合计\n"
    )
    assert cells(text) == [
        ("NAME", "高山"), ("ID_CARD", "110101199003074610"), ("FIN", "500"),
        ("NAME", "汤圆圆"), ("ID_CARD", "110101199003074629"), ("FIN", "800"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "records", "kind", "found"),
    [
        ("姓名 职务 身份证号 卡号", "高山 船工 ID1 #1 汤圆圆  ID2 #2 何大德 渔民 ID3 #3", "BANK", "123"),
        ("姓名 职务 身份证号 卡号", "高山 船工 ID1 #1 汤圆圆 ID2 #2 何大德 渔民 ID3 #3", "BANK", "123"),
        ("姓名 职务 身份证号 卡号", "高山 船工 ID1 #1 汤圆圆 渔民 ID2 #2 何大德 ID3 #3", "BANK", "123"),
        ("序号 姓名 身份证号 卡号", "1 高山 ID1 #1 2 汤圆圆 #2 3 何大德 ID3 #3", "BANK", "123"),
        ("序号 姓名 身份证号 卡号", "1 高山 ID1 #1 3 汤圆圆 ID2 #2 7 何大德 ID3 #3", "BANK", "123"),
        ("序号 姓名 人口 村 卡号", "1 高山 3 石桥村 #1 2 汤圆圆 3 石桥村 #2 3 何大德 4 石桥村 #3", "BANK", "123"),
        ("序号 姓名 人口 村 卡号", "1 高山 2 石桥村 #1 2 汤圆圆 3 石桥村 #2 5 何大德 6 石桥村 #3", "BANK", "123"),
    ],
    ids=["empty", "missing", "missing last", "numbered missing", "skipped", "orders in cells", "both"],
)
def test_records_that_lack_cells_or_orders(headings, records, kind, found):
    text = f"发放表 {headings} {records} 合计".replace(" ", "\n")
    text = text.replace("ID", "11010119900307461").replace("#", "820100045566")
    assert [value[-1] for cell, value in cells(text) if cell == kind] == list(found)


@pytest.mark.parametrize(
    "text",
    [
        "序号\n1\n2\n3\n",
        "姓名\n单位\n电话\n请各单位于周五前报送。\n逾期不候。\n联系人另告。\n",
        "一、编号\n二、姓名\n三、单位\n1\n高山\n船厂\n",
        "编号\n单位\n数量\n1\n船厂\n5\n2\n化肥厂\n6\n",
        "姓名\n" * 40,
    ],
)
def test_no_table(text):
    assert cells(text) == []


def test_form_of_labels_and_values():
    text = "登记表\n姓名\n高山\n曾用名\n高大山\n性别\n男\n身份证号\n110101199003074610\n现住址\n石桥镇河沿路3号\n备注\n"
    found = [(kind, label, span.of(text)) for kind, label, span in stacked_fields(short_lines(Document("", text)))]
    assert found == [
        ("NAME", "姓名", "高山"),
        ("ID_CARD", "身份证号", "110101199003074610"),
        ("ADDR_HOME", "现住址", "石桥镇河沿路3号"),
    ]


@pytest.mark.parametrize("text", ["姓名\n电话\n住址\n年龄\n", "姓名\n高山\n请填写。\n", "联系人\n高山\n单位\n"])
def test_no_form(text):
    assert list(stacked_fields(short_lines(Document("", text)))) == []


@pytest.mark.parametrize("unit", ["姓名\n身份证号\n电话\n", "序号\n\n姓名\n\n1\n\n"])
def test_long_runs_of_headings_cost_little(unit):
    document = Document("", (unit * 200_000)[:200_000])
    begun = time.process_time()
    assert list(stacked_cells(document, short_lines(document))) is not None
    assert time.process_time() - begun < 6


def test_a_record_is_one_row(screener):
    """What a record tells of somebody goes with the name, though it stands lines away."""
    text = NUMBERED.format("1\n高山\n岛上船厂\n1963.07\n十一年\n\n2\n汤圆圆\n县化肥厂\n1973.08\n女\n")
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    birth = next(cell for cell in reading.cells if cell.span.of(text) == "1973.08")
    assert reading.row(birth).of(text) == "汤圆圆\n县化肥厂\n1973.08"


LINES = ["序号", "姓名", "高山", "1", "2", "", "　", "电话", "备注。", "身份证号", "x" * 99]


@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_cells_lie_inside_the_text_and_hold_something(lines):
    text = "\n".join(["正文", *lines])
    document = Document("", text)
    found = [cell.span for cell in stacked_cells(document, short_lines(document))]
    found += [span for _, _, span in stacked_fields(short_lines(Document("", text)))]
    assert all(span.of(text).strip() == span.of(text) and "\n" not in span.of(text) for span in found)
