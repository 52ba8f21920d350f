"""Reading marked documents: offsets into the text without marks, and a clear word for what is wrong."""

from __future__ import annotations

import pytest

from gongkai.training.authored import CorpusError, read_example, read_folder

HEAD = "title: 关于补助的公示\nattribute: proactive\nacceptable: on_request\nreasons: P-21, P-2011\n"
HEAD += "categories: G1101，G11\nnegative: NL-09\npartial: yes\nhandling: deid\n"


def example(tmp_path, body="正文", head=HEAD, name="civil-001.txt"):
    path = tmp_path / name
    path.write_text(f"{head}---\n{body}", "utf-8")
    return read_example(path)


def test_the_header(tmp_path):
    found = example(tmp_path)
    assert (found.document.id, found.document.title, found.document.text) == ("civil-001", "关于补助的公示", "正文")
    assert (found.attribute, found.acceptable) == ("proactive", {"proactive", "on_request"})
    assert (found.reasons, found.categories) == (("P-21", "P-2011"), ("G1101", "G11"))
    assert (found.negative, found.partial, found.handling, found.group) == ({"NL-09"}, True, "deid", "civil")


def test_what_a_header_may_leave_out(tmp_path):
    found = example(tmp_path, head="attribute: withheld\nnote: 甲：乙: 丙\n")
    assert (found.acceptable, found.reasons, found.negative) == ({"withheld"}, (), frozenset())
    assert (found.partial, found.handling, found.document.title) == (False, "", "")


@pytest.mark.parametrize(
    ("body", "text", "marks"),
    [
        ("没有标记", "没有标记", []),
        ("⟦NAME|赵一鸣⟧到场", "赵一鸣到场", [("NAME", "赵一鸣", False)]),
        ("局长⟦NAME!keep|周明远⟧", "局长周明远", [("NAME", "周明远", True)]),
        ("⟦NAME|甲⟧⟦NAME!keep|乙⟧", "甲乙", [("NAME", "甲", False), ("NAME", "乙", True)]),
        ("𠮷\t⟦ID_CARD|3301 01⟧\n⟦BANK|62⟧", "𠮷\t3301 01\n62", [("ID_CARD", "3301 01", False), ("BANK", "62", False)]),
        ("空的⟦NAME|⟧", "空的", []),
        ("跨⟦ADDR_HOME|行\n的⟧值", "跨行\n的值", [("ADDR_HOME", "行\n的", False)]),
        ("表格|不是标记|", "表格|不是标记|", []),
        ("正文\n---\n后面", "正文\n---\n后面", []),
    ],
)
def test_marks(tmp_path, body, text, marks):
    found = example(tmp_path, body)
    assert found.document.text == text
    assert [(m.type, m.span.of(text), m.keep) for m in found.marked] == marks


@pytest.mark.parametrize(
    "body",
    [
        "⟦NAME|赵⟦NAME|一⟧鸣⟧",
        "⟦NAME|赵一鸣",
        "赵一鸣⟧",
        "⟦name|赵一鸣⟧",
        "⟦NAME赵一鸣⟧",
        "⟦NAME|赵|鸣⟧",
        "⟦NAME!stay|赵⟧",
    ],
)
def test_marks_that_are_not_whole(tmp_path, body):
    with pytest.raises(CorpusError, match=r"civil-001\.txt") as error:
        example(tmp_path, body)
    assert "赵" not in str(error.value)


@pytest.mark.parametrize(
    "content",
    [
        "没有表头，赵一鸣。",
        "attribute: proactive\n没有横线",
        "title: 没有属性\n---\n正文",
        "attribute: public\n---\n正文",
        "attribute:\n---\n正文",
    ],
)
def test_headers_that_are_wrong(tmp_path, content):
    (tmp_path / "a.txt").write_text(content, "utf-8")
    with pytest.raises(CorpusError, match=r"a\.txt") as error:
        read_example(tmp_path / "a.txt")
    assert "赵一鸣" not in str(error.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_byte_order_marks_and_line_ends(tmp_path, encoding, end):
    (tmp_path / "a-1.txt").write_bytes("attribute: withheld\n---\n甲\n⟦NAME|乙⟧".replace("\n", end).encode(encoding))
    found = read_example(tmp_path / "a-1.txt")
    assert (found.attribute, found.document.text, found.marked[0].span.start) == ("withheld", "甲\n乙", 2)


def test_another_encoding(tmp_path):
    (tmp_path / "a-1.txt").write_bytes("attribute: withheld\n---\n正文".encode("gb18030"))
    with pytest.raises(CorpusError, match="UTF-8"):
        read_example(tmp_path / "a-1.txt")


def test_a_folder_is_read_by_name(tmp_path):
    for name in ("b-2.txt", "a-1.txt", "b-10.txt"):
        example(tmp_path, name=name)
    (tmp_path / "notes.md").write_text("不读", "utf-8")
    assert [found.document.id for found in read_folder(tmp_path)] == ["a-1", "b-10", "b-2"]
    assert list(read_folder(tmp_path / "missing")) == []
