"""The form as .docx, read back by another library."""

from __future__ import annotations

import io

import docx as reader
import pytest

from gongkai.service.opinion.form import TITLE, fields, signatures
from gongkai.service.opinion.word import docx, lines


def test_every_field_stands_beside_its_name():
    values = {field.key: f"值{place}<&>" for place, field in enumerate(fields())}
    document = reader.Document(io.BytesIO(docx(values)))
    assert document.paragraphs[0].text == TITLE
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    flat = [text for row in rows for text in dict.fromkeys(row)]
    for field in fields():
        assert flat[flat.index(field.name) + 1] == values[field.key]
    assert [row[0] for row in rows[-len(signatures()) :]] == [one.name for one in signatures()]


def test_lines_hold_two_fields_or_a_wide_one():
    assert [field for line in lines() for field in line] == list(fields())
    assert all(len(line) == 1 or not any(field.wide for field in line) for line in lines())


@pytest.mark.parametrize("value", ["\x00\x0b\x1f坏字符", "\ud800半个字", "第一行\r\n第二行", "=cmd|' /C calc'!A0"])
def test_any_characters_make_a_readable_file(value):
    document = reader.Document(io.BytesIO(docx({"title": value})))
    shown = document.tables[0].rows[0].cells[1].text
    assert shown == "".join(c for c in value if c not in "\x00\x0b\x1f\ud800\r")


def test_the_same_values_give_the_same_bytes():
    assert docx({"title": "公示"}) == docx({"title": "公示"})
