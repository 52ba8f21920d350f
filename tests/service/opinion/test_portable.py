"""Forms and notices as .pdf: all words are in them, nothing overlaps the margins, the same gives the same."""

from __future__ import annotations

import io
from datetime import date

import pikepdf
import pypdfium2
import pytest

from gongkai.model.rulebook import Rulebook
from gongkai.service.duties import noticepdf
from gongkai.service.duties.returning import notice
from gongkai.service.formats.pdf import read
from gongkai.service.limits import Limits
from gongkai.service.opinion import formpdf
from gongkai.service.opinion.form import fields, signatures
from gongkai.service.opinion.portable import Cell, Paper, width, wrapped
from gongkai.service.opinion.submission import submitted

RULES = Rulebook.load()
VALUES = {
    "title": "关于青禾县河道管护的通知",
    "number": "青水发〔2024〕8号",
    "unit": "青禾县水务局",
    "mode": "自行发文",
    "attribute": "不予公开",
    "policy": "否",
}


def words(data):
    return "".join(read(data, Limits()).split())


def pages(data):
    with pikepdf.open(io.BytesIO(data)) as pdf:
        return len(pdf.pages)


def test_the_form_holds_every_field_and_place_to_sign():
    data = formpdf.pdf(VALUES)
    told = words(data)
    assert all("".join(name.split()) in told for name in [*(f.name for f in fields()), *(s.name for s in signatures())])
    assert all(value in told for value in VALUES.values())
    assert formpdf.pdf(VALUES) == data


def test_the_notice_holds_every_gap_with_basis_and_mend():
    told = notice(submitted(VALUES), VALUES, RULES, None, by="青禾县人民政府办公室", day=date(2024, 5, 6))
    data = words(noticepdf.pdf(told))
    assert len(told.answer.gaps) > 2
    for gap in told.answer.gaps:
        assert all("".join(part.split()) in data for part in (gap.says, gap.basis, gap.mend))
    assert "退文通知" in data and "青禾县人民政府办公室2024年5月6日" in data


def test_long_cells_go_on_on_the_next_page_and_lose_nothing():
    long = "".join(f"第{n}句说明不予公开的理由。" for n in range(200))
    data = formpdf.pdf(VALUES | {"reason": long})
    assert pages(data) >= 4
    assert long in words(data)


def test_nothing_is_drawn_outside_the_margins():
    paper = Paper()
    paper.heading("一二三四五六七八九十" * 6)
    for _ in range(60):
        paper.paragraph("公开ABC，" * 30, indent=True)
        paper.row([Cell("名", 0.2, centred=True), Cell("Value值" * 20, 0.8)])
    with pypdfium2.PdfDocument(paper.packed("试")) as pdf:
        for page in pdf:
            boxes = [one.get_bounds() for one in page.get_objects()]
            assert min(box[0] for box in boxes) >= 60 and max(box[2] for box in boxes) <= 536
            assert min(box[1] for box in boxes) >= 55 and max(box[3] for box in boxes) <= 785


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", [""]), ("公开属性", ["公开", "属性"]), ("公开，属性", ["公开，", "属性"]), ("abcde公", ["abcd", "e公"]),
     ("甲\n乙丙丁", ["甲", "乙丙", "丁"])],
)  # fmt: skip
def test_lines(text, lines):
    assert wrapped(text, 24) == lines
    assert width("公a") == 18
