"""The notice of what a submission lacks: its name, its words, as JSON and as .docx."""

from __future__ import annotations

import io
from datetime import date

import docx as reader
import pytest

from gongkai.model.duties.submission import Machine
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.service.duties.returning import docx, notice, to_json
from gongkai.service.opinion.submission import submitted

RULES = Rulebook.load()
VALUES = {
    "title": "关于青禾县河道管护的通知",
    "number": "青水发〔2024〕8号",
    "unit": "青禾县水务局",
    "drafter": "赵一鸣",
    "mode": "自行发文",
    "attribute": "不予公开",
    "annotation": "（此件不予公开）",
    "reason": "属于机关内部的办事流程，对外没有影响",
    "basis": "条例第十六条第一款",
    "policy": "否",
}


OWN = "你单位以自行发文报送的《关于青禾县河道管护的通知》（青水发〔2024〕8号）收悉。"
BACK = "经检查，有下列{}项不符合公文办理要求，按规定予以退文，请补正后重新报送。"
GOOD = "经检查，公开属性、理由、依据和报送材料齐全，可以办理。"


def told(machine=None, **changed):
    values = VALUES | changed
    return notice(submitted(values), values, RULES, machine, by="青禾县人民政府办公室", day=date(2024, 5, 6))


@pytest.mark.parametrize(
    ("changed", "name", "opening"),
    [
        ({}, "检查结果", OWN + GOOD),
        ({"reason": ""}, "退文通知", OWN + BACK.format(1)),
        ({"annotation": ""}, "补正通知", OWN + "经检查，有下列1项须补正，请补正后再报。"),
        (
            {"reason": "", "annotation": "", "mode": "代拟稿"},
            "退文通知",
            OWN.replace("自行发文", "代拟稿") + BACK.format(2),
        ),
        ({"title": "", "number": "", "attribute": ""}, "退文通知", "你单位以自行发文报送的公文收悉。" + BACK.format(1)),
        (
            {"title": "《青禾县河道管护办法》"},
            "检查结果",
            "你单位以自行发文报送的《青禾县河道管护办法》（青水发〔2024〕8号）收悉。" + GOOD,
        ),
    ],
)
def test_the_notice_is_called_by_what_it_holds(changed, name, opening):
    assert (told(**changed).name, told(**changed).opening) == (name, opening)


def test_a_doubt_changes_no_name():
    doubtful = told(Machine(Attribute.proactive))
    assert (doubtful.name, len(doubtful.answer.remarks)) == ("检查结果", 3)


def test_other_programs_get_every_gap():
    shown = to_json(told(Machine(Attribute.withheld, False, ("NL-12",)), reason="", annotation=""))
    assert (shown["passed"], shown["returned"], shown["notice"], shown["date"]) == (
        False,
        True,
        "退文通知",
        "2024-05-06",
    )
    assert (shown["to"], shown["by"]) == ("青禾县水务局", "青禾县人民政府办公室")
    assert shown["gaps"] == [
        {
            "code": "reason-missing",
            "level": "return",
            "says": "拟不予公开，没有说明理由。",
            "basis": "国办发〔2016〕80号一、（一）",
            "mend": "依法依规写明不予公开的理由。",
        },
        {
            "code": "annotation-missing",
            "level": "mend",
            "says": "文中还没有注明公开属性。",
            "basis": "GB/T 9704—2012 7.3.7；国办发〔2016〕80号一、（一）",
            "mend": "在成文日期下一行写附注：（此件不予公开）",
        },
    ]
    assert shown["remarks"] == []


def test_the_paper_lists_every_gap_beside_its_basis():
    paper = reader.Document(io.BytesIO(docx(told(Machine(Attribute.proactive, False), reason="", annotation=""))))
    lines = [paragraph.text for paragraph in paper.paragraphs if paragraph.text]
    assert lines[:2] == ["退文通知", "青禾县水务局："]
    assert lines[-2:] == ["青禾县人民政府办公室", "2024年5月6日"]
    assert lines[3:5] == [
        "另请核对：机器建议主动公开，与拟定的不予公开不同。请核对，以人的判断为准。",
        "拟不予公开，但机器没有找到负面清单事项。请从严把握不予公开的范围。",
    ]
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert rows == [
        ["序号", "缺什么", "依据", "怎样补正"],
        ["1", "拟不予公开，没有说明理由。", "国办发〔2016〕80号一、（一）", "依法依规写明不予公开的理由。"],
        [
            "2",
            "文中还没有注明公开属性。（须补正）",
            "GB/T 9704—2012 7.3.7；国办发〔2016〕80号一、（一）",
            "在成文日期下一行写附注：（此件不予公开）",
        ],
    ]


def test_a_paper_that_passes_has_no_table():
    paper = reader.Document(io.BytesIO(docx(told())))
    assert (len(paper.tables), paper.paragraphs[0].text) == (0, "检查结果")


def test_the_same_notice_gives_the_same_bytes():
    assert docx(told(reason="")) == docx(told(reason=""))
