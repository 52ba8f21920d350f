"""A filled 意见单 read back: what was written comes back, and what does not fit is told by its label."""

from __future__ import annotations

import io
import zipfile

import docx as other
import pytest

from gongkai.model.errors import CorruptDocument, OversizedDocument, RequestError
from gongkai.service.opinion.form import fields
from gongkai.service.opinion.reading import MOST, read
from gongkai.service.opinion.word import docx

VALUES = {
    field.key: field.choices[-1] if field.choices else f"{field.name}\n第二行" if field.kind == "area" else "某<&>值"
    for field in fields()
}


def edited(change, values=VALUES):
    """The form after somebody changed it in another program."""
    document = other.Document(io.BytesIO(docx(values)))
    change(document)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def cell(document, label):
    """The cell right of a label."""
    for row in document.tables[0].rows:
        cells = list(dict.fromkeys(c._tc for c in row.cells))
        texts = ["".join(node.text or "" for node in one.iter() if node.tag.endswith("}t")) for one in cells]
        if label in texts:
            place = texts.index(label) + 1
            return next(c for c in row.cells if c._tc is cells[place])
    raise AssertionError(label)


def test_what_was_written_comes_back():
    filled = read(docx(VALUES))
    assert (filled.values, filled.problems) == (VALUES, ())


def test_an_empty_form_comes_back_empty():
    filled = read(docx({}))
    assert (set(filled.values.values()), filled.problems) == ({""}, ())


def test_what_another_program_saved_comes_back():
    def change(document):
        target = cell(document, "理由")
        target.paragraphs[0].clear()
        for piece in ("内部", "工作", "流程"):
            target.paragraphs[0].add_run(piece)
        target.add_paragraph("第三行")

    filled = read(edited(change))
    assert filled.values == {**VALUES, "reason": "内部工作流程\n第二行\n第三行"}


@pytest.mark.parametrize("label", ["公 开 属 性", "公开属性：", "*公开属性"])
def test_a_label_may_be_spaced_and_marked(label):
    def change(document):
        for row in document.tables[0].rows:
            for one in row.cells:
                if one.text == "公开属性":
                    one.paragraphs[0].runs[0].text = label

    assert read(edited(change)).values["attribute"] == "不予公开"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("☑主动公开 □依申请公开 □不予公开", "主动公开"),
        ("□主动公开 □依申请公开 ☑ 不予公开", "不予公开"),
        ("主 动 公 开", "主动公开"),
    ],
)
def test_a_choice_may_be_ticked(written, value):
    filled = read(docx({**VALUES, "attribute": written}))
    assert (filled.values["attribute"], filled.problems) == (value, ())


@pytest.mark.parametrize("written", ["公开", "☑主动公开 ☑不予公开", "□主动公开 □不予公开"])
def test_what_is_no_choice_is_told(written):
    filled = read(docx({**VALUES, "attribute": written}))
    told = [(problem.label, problem.says) for problem in filled.problems]
    assert told == [("公开属性", "“公开属性”应当是主动公开、依申请公开、不予公开之一，请改正。")]
    assert filled.values == {**VALUES, "attribute": ""}


def test_a_row_that_somebody_took_out_is_told():
    def change(document):
        row = next(row for row in document.tables[0].rows if row.cells[0].text == "理由")
        row._tr.getparent().remove(row._tr)

    filled = read(edited(change))
    assert [problem.says for problem in filled.problems] == ["没有找到“理由”这一栏，请用原表填写。"]
    assert filled.values == {**VALUES, "reason": ""}


def test_two_answers_to_one_field_are_told():
    def change(document):
        row = document.add_table(rows=1, cols=2).rows[0]
        row.cells[0].text, row.cells[1].text = "理由", "另一个理由"

    assert [problem.label for problem in read(edited(change)).problems] == ["理由"]


def test_a_long_answer_is_cut_and_told():
    filled = read(docx({**VALUES, "remark": "字" * 2001}))
    assert (len(filled.values["remark"]), [p.label for p in filled.problems]) == (2000, ["备注"])


def test_deleted_words_are_gone():
    data = docx({**VALUES, "reason": "留下"})
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        parts = {name: box.read(name) for name in box.namelist()}
    moved = "<w:moveFrom><w:r><w:t>去掉</w:t></w:r></w:moveFrom>".encode()
    body = parts["word/document.xml"]
    at = body.rindex(b"<w:r>", 0, body.index("留下".encode()))
    assert read(packed(parts, body[:at] + moved + body[at:])).values["reason"] == "留下"


def packed(parts, body):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as box:
        for name, content in {**parts, "word/document.xml": body}.items():
            box.writestr(name, content)
    return held.getvalue()


def entity():
    return packed({}, b'<!DOCTYPE x [<!ENTITY a "b">]><w:document xmlns:w="u">&a;</w:document>')


def nothing():
    held = io.BytesIO()
    other.Document().save(held)
    return held.getvalue()


BAD = [
    (b"", CorruptDocument, "文件已损坏"),
    (b"no zip", CorruptDocument, "文件已损坏"),
    (packed({}, b"<w:document"), CorruptDocument, "意见单打不开"),
    (entity(), CorruptDocument, "XML 声明"),
    (b"x" * (MOST + 1), OversizedDocument, "意见单超过 2 MB"),
    (nothing(), RequestError, "没有找到公文公开发布意见单的表格"),
]


@pytest.mark.parametrize(("data", "kind", "words"), BAD)
def test_what_is_no_form_is_refused(data, kind, words):
    with pytest.raises(kind) as caught:
        read(data)
    assert words in caught.value.message


def test_a_package_without_a_body_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as box:
        box.writestr("a.txt", "x")
    with pytest.raises(CorruptDocument):
        read(held.getvalue())
