"""Tables of a PDF whose cells wrap: a box moves what stands beside it, and copies are written until one is proven."""

from __future__ import annotations

import io
import random
import re

import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

from gongkai.model.document import Span
from gongkai.model.errors import ProofFailed
from gongkai.model.finding import Finding
from gongkai.service import redacting
from gongkai.service.limits import Limits
from gongkai.service.proving import Remnant, again
from gongkai.service.readers import read_bytes
from gongkai.service.redacting import Options, redact_file

LIMITS = Limits()
TITLE = "青禾县2024年公共租赁住房保障对象名单公示"
HEADS = ("序号", "姓名", "身份证号", "家庭住址", "手机号码")
SURNAMES, GIVEN = ("赵", "钱", "孙", "李", "欧阳", "司马", "周"), ("一鸣", "小川", "丽华", "晓雯", "建国", "敏", "桂芳")
HOMES = ("青禾县城关镇柳林街道{}号{}单元{}室", "青禾县柳林镇石桥村{}组{}号", "青禾县北河镇北河村{}组")
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def card(chance: random.Random) -> str:
    year, month, day = chance.randint(1950, 2005), chance.randint(1, 12), chance.randint(1, 28)
    body = f"330101{year}{month:02}{day:02}{chance.randint(1, 999):03}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def rows(chance: random.Random, count: int) -> list[list[str]]:
    return [
        [
            str(number),
            chance.choice(SURNAMES) + chance.choice(GIVEN),
            card(chance),
            chance.choice(HOMES).format(*(chance.randint(1, 9) for _ in range(3))),
            f"{chance.choice((138, 150, 186))}{chance.randrange(10**8):08}",
        ]
        for number in range(1, count + 1)
    ]


def table(cells: list[list[str]], widths: list[int], size: int = 10, place: str = "TOP") -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    look = ParagraphStyle("cell", fontName="STSong-Light", fontSize=size, leading=size * 1.3, wordWrap="CJK")
    words = [[Paragraph(cell, look) for cell in row] for row in cells]
    grid = [("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0)), ("VALIGN", (0, 0), (-1, -1), place)]
    target = io.BytesIO()
    SimpleDocTemplate(target, title="名单").build([Paragraph(TITLE, look), Table(words, colWidths=widths, style=grid)])
    return target.getvalue()


def drawn(seed: int) -> tuple[list[list[str]], bytes]:
    """A table of some people, its columns in some order and of some widths."""
    chance = random.Random(seed)
    people = rows(chance, chance.randint(4, 14))
    order = [0, *chance.sample([1, 2, 3, 4], 4)]
    every = {0: (25, 40), 1: (45, 60), 2: (50, 80, 120), 3: (50, 70, 90, 150), 4: (40, 50, 60, 80)}
    widths = [chance.choice(every[column]) for column in order]
    cells = [[row[column] for column in order] for row in [list(HEADS), *people]]
    return people, table(cells, widths, chance.choice((9, 10, 12)), chance.choice(("TOP", "MIDDLE", "BOTTOM")))


def squeezed(data: bytes) -> str:
    return re.sub(r"\s", "", read_bytes(data, "a.pdf", LIMITS).text)


@pytest.mark.parametrize("seed", range(12))
def test_a_table_with_wrapped_cells_is_redacted(screener, seed):
    people, data = drawn(seed)
    text = squeezed(redact_file(screener, data, "a.pdf", LIMITS, Options(pictures="keep")).written.data)
    assert [row[0] for row in people if row[2] in text or row[4] in text] == []
    assert TITLE in text


def test_what_a_proof_still_finds_is_hidden_in_the_next_copy(screener, monkeypatch):
    """The first copy is proven by a judge who sees one number more in it, as where a box moves a cell."""
    right, written = redacting._proven, []

    def once_more(judge, ways, source, judged, findings, edited):
        found = right(judge, ways, source, judged, findings, edited)
        written.append(found)
        at = judged.text.index("5550123")
        more = Finding(Span(at, at + 7), "PHONE_FIX", 0.9, "number", replacement="*******")
        if any(f.span.covers(more.span) for f in findings):
            return found
        return redacting._Proven(found.written, found.parts, [("正文", "PHONE_FIX")], (more,))

    monkeypatch.setattr(redacting, "_proven", once_more)
    copy = redact_file(screener, "编号5550123，联系人手机13812345678。".encode(), "a.txt", LIMITS)
    assert "5550123" not in copy.written.data.decode()
    assert len(written) == 2


@pytest.mark.parametrize("more", [True, False])
def test_a_proof_that_always_finds_something_is_a_failed_one(screener, monkeypatch, more):
    right, written = redacting._proven, []

    def always(judge, ways, source, judged, findings, edited):
        found = right(judge, ways, source, judged, findings, edited)
        written.append(found)
        one = (Finding(Span(0, 2), "PHONE_FIX", 0.9, "number"),) if more else ()
        return redacting._Proven(found.written, found.parts, [("第1页", "PHONE_FIX")], one)

    monkeypatch.setattr(redacting, "_proven", always)
    with pytest.raises(ProofFailed, match="第1页里的固定电话1处"):
        redact_file(screener, b"13812345678, 5550123", "a.txt", LIMITS)
    assert len(written) == (redacting.COPIES if more else 1)


CARD = Finding(Span(0, 18), "ID_CARD", 0.99, "number:ID_CARD")


@pytest.mark.parametrize(
    ("text", "judged", "places"),
    [
        ("330101195308117960", "33010119530811796015\n钱", [(0, 18)]),
        ("330101195308117960", "3301011953\n08117960 甲", [(0, 19)]),
        ("3301011953\r\n08117960", "330101195308117960", [(0, 18)]),
        ("330101195308117960", "330101195308117961", []),
        ("桂芳", "周桂\n芳，桂芳", [(1, 4), (5, 7)]),
        ("桂", "周桂芳", []),
        ("a.b", "axb a.b", [(4, 7)]),
        ("", "周", []),
    ],
)
def test_where_the_rest_stands_in_what_was_judged(text, judged, places):
    found = list(again([Remnant("正文", CARD, text)], judged))
    assert [(f.span.start, f.span.end) for f in found] == places
    assert {f.source for f in found} <= {"number:ID_CARD:proof"}
