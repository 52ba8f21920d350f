"""What the encoder reads of a document: windows with places in the text, and which of them come first."""

from __future__ import annotations

import pytest
from papers import INSIDE_DRAFT, NOTICE, PAPERS
from tinyencoder import write_tokenizer

from gongkai.model.document import Document, Span
from gongkai.model.errors import ModelFolderError
from gongkai.model.folding import fold
from gongkai.model.passages import (
    BODY,
    FIELDS,
    FIRST,
    LAST,
    MIDDLE,
    START,
    WINDOW,
    Passage,
    Pieces,
    chosen,
    fields_text,
)


@pytest.fixture(scope="module")
def pieces(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pieces")
    write_tokenizer(folder)
    return Pieces.read(folder)


@pytest.mark.parametrize(
    ("length", "kinds", "sizes"),
    [
        (1, [FIELDS, FIRST], [2]),
        (126, [FIELDS, FIRST], [127]),
        (127, [FIELDS, FIRST, LAST], [127, 1]),
        (300, [FIELDS, FIRST, MIDDLE, LAST], [127, 127, 47]),
        (508, [FIELDS, FIRST, MIDDLE, MIDDLE, MIDDLE, LAST], [127, 127, 127, 127, 1]),
    ],
)
def test_windows(screener, pieces, length, kinds, sizes):
    """A text of one character a piece, after the blank piece with which each text begins."""
    found = pieces.passages(screener.reading(Document("", "水" * length)))
    assert [passage.kind for passage in found] == kinds
    assert [len(passage.places) for passage in found] == [0, *sizes]
    assert all(passage.ids[0] == START and len(passage.ids) <= WINDOW for passage in found)
    assert [passage.span for passage in found][0] is None


@pytest.mark.parametrize("name", PAPERS)
def test_every_piece_knows_its_place(screener, pieces, name):
    text = PAPERS[name]
    body = [passage for passage in pieces.passages(screener.reading(Document("", text))) if passage.kind != FIELDS]
    places = [place for passage in body for place in passage.places]
    read = {offset for start, end in places for offset in range(start, end)}
    assert [offset for offset, sign in enumerate(text) if not sign.isspace() and offset not in read] == []
    assert all(0 <= start < end <= len(text) for start, end in places)
    names = [pieces.tokenizer.id_to_token(i) for passage in body for i in passage.ids[1:]]
    for (start, end), piece in zip(places, names, strict=True):
        assert piece in ("<unk>", "▁") or piece == fold(text[start:end])


def test_offsets_count_code_points(screener, pieces):
    text = "𠮷水𠮷\u200d\r\n公告"
    (_, body) = pieces.passages(screener.reading(Document("", text)))
    assert [text[start:end] for start, end in body.places if text[start:end] in ("水", "公", "告")] == [
        "水",
        "公",
        "告",
    ]


def test_a_long_text_is_read_to_a_bound(screener, pieces):
    found = pieces.passages(screener.reading(Document("", "水" * (BODY + 5000))))
    assert len(found) == 1 + -(-(BODY + 1) // (WINDOW - 1))
    assert max(end for passage in found for _, end in passage.places) == BODY


@pytest.mark.parametrize("text", ["水" + " " * 50_000, " " * 50_000 + "水", "<pad><s><mask>水", "\ud800水"])
def test_odd_texts(screener, pieces, text):
    found = pieces.passages(screener.reading(Document("", text, "<pad>\udfff")))
    assert 1 <= len(found) <= 3


def test_fields_are_one_short_folded_text(screener):
    draft = Document("", INSIDE_DRAFT + "\n（此件不公开）\n")
    assert fields_text(screener.reading(draft)).split("\n") == [
        "标题:关于征求《青禾县校外托管机构管理办法(讨论稿)》意见的函",
        "文种:函",
        "稿:讨论稿",
        "附注:此件不公开",
        "发文机关标志:青禾县教育局办公室",
        "主送机关:县市场监管局、县公安局、县住建局:",
        "署名:青禾县教育局办公室",
    ]


def test_a_title_of_ones_own_is_cut(screener, pieces):
    reading = screener.reading(Document("", NOTICE, "长" * 5000))
    assert fields_text(reading).startswith("标题:" + "长" * 100 + "\n")
    assert len(pieces.passages(reading)[0].ids) <= WINDOW


def window(kind: int, start: int) -> Passage:
    return Passage(kind, (START, 9), ((start, start + 10),) if kind != FIELDS else ())


TEN = [window(FIELDS, 0), window(FIRST, 0), *(window(MIDDLE, 10 * at) for at in range(1, 8)), window(LAST, 80)]


@pytest.mark.parametrize(
    ("marks", "most", "places"),
    [
        ([], 10, list(range(10))),
        ([], 99, list(range(10))),
        ([], 4, [0, 1, 2, 9]),
        ([], 3, [0, 1, 9]),
        ([], 2, [0, 1]),
        ([], 1, [0]),
        ([Span(55, 56)], 4, [0, 1, 6, 9]),
        ([Span(15, 16), Span(55, 56), Span(57, 58)], 4, [0, 1, 6, 9]),
        ([Span(15, 16), Span(55, 56), Span(57, 58)], 5, [0, 1, 2, 6, 9]),
        ([Span(28, 32)], 5, [0, 1, 3, 4, 9]),
        ([Span(79, 80), Span(200, 300)], 5, [0, 1, 2, 8, 9]),
        ([Span(3, 4), Span(5, 6), Span(85, 86)], 4, [0, 1, 2, 9]),
    ],
)
def test_chosen(marks, most, places):
    """Fields, first and last always; then the windows with most marks; then from the top; in the order of the text."""
    assert chosen(TEN, iter(marks), most) == [TEN[place] for place in places]


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[1]", b"\xff\xfe"])
def test_a_tokenizer_that_is_none(tmp_path, content):
    if content is not None:
        (tmp_path / "tokenizer.json").write_bytes(content)
    with pytest.raises(ModelFolderError, match=r"tokenizer\.json 缺失或者损坏，请"):
        Pieces.read(tmp_path)
