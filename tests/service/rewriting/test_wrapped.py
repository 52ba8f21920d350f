"""Numbers that narrow cells of a picture break into lines are one line; columns of other numbers stay apart."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from gongkai.model.document import Document
from gongkai.service.rewriting import scan
from gongkai.service.rewriting.recogniser import Reading
from gongkai.service.rewriting.wrapped import wrapped


def line(text: str, left: float, top: float) -> Reading:
    return Reading(text, tuple((left + 10 * at, top, left + 10 * at + 10, top + 20) for at in range(len(text))))


def column(*texts: str, left: float = 0, apart: float = 24) -> list[Reading]:
    return [line(text, left, apart * at) for at, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("3301991", "9900307", "5415"), ["330199199003075415"]),
        (("33019919900307", "541X"), ["33019919900307541X"]),
        (("1380000", "1111"), ["13800001111"]),
        (("6222020", "2000123", "45678"), ["6222020200012345678"]),
        (("1380000", "1111", "2022"), ["13800001111", "2022"]),
        (("1", "3301991", "9900307", "5415", "4860"), ["1", "330199199003075415", "4860"]),
        (("4860", "5200", "3100"), ["4860", "5200", "3100"]),
        (("1380000", "邱某"), ["1380000", "邱某"]),
    ],
)
def test_pieces_of_a_number(texts, found):
    read = wrapped(column(*texts))
    assert [one.text for one in read] == found
    assert all(len(one.boxes) == len(one.text) for one in read)


def test_pieces_far_apart_or_of_other_columns_stay():
    far, other = column("1380000", "1111", apart=60), [line("1380000", 0, 0), line("1111", 200, 24)]
    assert wrapped(far) == far
    assert wrapped(other) == other


@pytest.mark.skipif(not scan.ocr_available(), reason="the extra ocr is not installed")
def test_a_wrapped_number_of_a_picture_is_found_and_covered_whole(screener):
    image = Image.new("RGB", (900, 500), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=40)
    for left, texts in ((60, ("No 1",)), (250, ("3301991", "9900307", "5415")), (600, ("1380000", "1111"))):
        for at, text in enumerate(texts):
            draw.text((left, 60 + 48 * at), text, fill="black", font=font)
    lines = scan.read_lines(image)
    text = "".join(one.text + one.after for one in lines)
    found = {(f.kind, f.span.of(text)) for f in screener(Document("", text)).personal}
    assert found == {("ID_CARD", "330199199003075415"), ("PHONE_MOBILE", "13800001111")}
