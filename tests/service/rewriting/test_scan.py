"""Pictures of text: boxes in the pixels, nothing but pixels kept; read for real where the extra `ocr` is installed."""

from __future__ import annotations

import io
import json
import socket
import sys
import time

import files
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont
from rewriting.ofdfiles import planted

from gongkai.model.document import Span
from gongkai.model.errors import (
    CorruptDocument,
    CrashingDocument,
    DocumentError,
    OversizedDocument,
    SlowDocument,
    UnsupportedFormat,
)
from gongkai.service.limits import Limits
from gongkai.service.rewriting import openers, pdfpictures, recogniser, scan
from gongkai.service.rewriting.pdf import open_pdf
from gongkai.service.rewriting.scan import Reading, open_scan, painted, remains_scan
from gongkai.service.rewriting.slots import Edit

LIMITS = Limits()
NUMBER = "330199199003075415"
LINE = Reading("Tel 13800001111", tuple((20.0 + 10 * at, 30.0, 30.0 + 10 * at, 50.0) for at in range(15)))
needs_ocr = pytest.mark.skipif(not scan.ocr_available(), reason="the extra ocr is not installed")


def picture(mode: str = "RGB", size: tuple[int, int] = (200, 100)) -> Image.Image:
    return Image.new("RGB", size, "white").convert(mode)


def page(*lines: str, turn: int = 0) -> Image.Image:
    image = picture(size=(900, 400))
    draw = ImageDraw.Draw(image)
    for index, line in enumerate(lines):
        draw.text((40, 60 + 90 * index), line, fill="black", font=ImageFont.load_default(size=40))
    return image.rotate(turn, expand=True)


def data_of(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


@pytest.fixture
def read(monkeypatch) -> list[Image.Image]:
    """A recogniser that finds the same line in every picture, and the pictures that it was given."""
    seen: list[Image.Image] = []
    monkeypatch.setattr(scan, "ocr_available", lambda: True)
    monkeypatch.setattr(scan, "read_lines", lambda image: seen.append(image) or [LINE])
    return seen


def dark(image: Image.Image, box: tuple[int, int, int, int]) -> set[int]:
    return set(image.convert("L").crop(box).tobytes())


def test_without_the_extra_a_sentence_says_so(monkeypatch) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: False)
    with pytest.raises(UnsupportedFormat, match="需要安装 ocr 扩展"):
        open_scan(data_of(picture()), LIMITS)


@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_boxes_are_drawn_over_what_changes_only(mode: str) -> None:
    image = Image.new("L", (200, 100), 0).convert(mode)
    boxed = painted(image, [LINE], {0: [Edit(Span(4, 15), "138****1111")]})
    assert 217 in dark(boxed, (92, 32, 128, 48))
    assert min(dark(boxed, (91, 29, 129, 31))) > 200, "the edge of the box, beside its letters"
    assert dark(boxed, (60, 30, 88, 50)) == {0}, "the digits that stay are not covered"
    assert dark(boxed, (132, 30, 170, 50)) == {0}


def test_a_box_without_a_replacement_is_plain() -> None:
    boxed = painted(picture(), [LINE], {0: [Edit(Span(0, 15), "")]})
    assert dark(boxed, (20, 30, 170, 50)) == {51}
    assert dark(boxed, (20, 60, 170, 100)) == {255}


def test_a_long_row_of_stars_is_drawn_as_three() -> None:
    long, short = (painted(picture(), [LINE], {0: [Edit(Span(0, 15), "*" * stars)]}) for stars in (31, 3))
    assert long.tobytes() == short.tobytes()


def test_a_chinese_replacement_is_a_pale_box_at_least() -> None:
    boxed = painted(picture(), [LINE], {0: [Edit(Span(0, 3), "电话")]})
    assert 217 in dark(boxed, (20, 30, 50, 50))
    assert 255 not in dark(boxed, (20, 30, 50, 50))


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "L"), ("BMP", "RGB"), ("TIFF", "1")]
)
def test_every_format_comes_out_as_it_went_in(read, kind: str, mode: str) -> None:
    source = open_scan(data_of(picture(mode), kind), LIMITS)
    assert [(slot.text, slot.place) for slot in source.slots] == [(LINE.text, "图片文字")]
    written = source.rewrite({0: [Edit(Span(0, 15), "")]})
    with Image.open(io.BytesIO(written.data)) as image:
        assert (image.format, image.size) == (kind, (200, 100))
        assert max(dark(image, (22, 32, 168, 48))) < 60
    assert "对照原图核对" in written.by_eye[0]


def test_all_pages_of_a_tiff(read) -> None:
    data = data_of(picture("L"), "TIFF", save_all=True, append_images=[picture("RGB")])
    source = open_scan(data, LIMITS)
    assert len(source.slots) == 2
    written = source.rewrite({1: [Edit(Span(0, 15), "")]})
    with Image.open(io.BytesIO(written.data)) as image:
        assert image.n_frames == 2
        assert dark(image, (22, 32, 168, 48)) == {255}
        image.seek(1)
        assert dark(image, (22, 32, 168, 48)) == {51}


def test_what_is_written_beside_the_pixels_goes(read) -> None:
    exif = Image.Exif()
    exif[0x013B] = NUMBER
    data = data_of(
        picture(), "JPEG", exif=exif, comment=f"欧阳一叶，{NUMBER}".encode(), xmp=f"<x>{NUMBER}</x>".encode()
    )
    assert sum(NUMBER in text for _, text in remains_scan(data, LIMITS)) >= 2
    assert any("欧阳一叶" in text for _, text in remains_scan(data, LIMITS))
    written = open_scan(data, LIMITS).rewrite({}).data
    assert not any(NUMBER in text or "欧阳" in text for _, text in remains_scan(written, LIMITS))
    assert NUMBER.encode() not in written
    assert b"Exif" not in written


def test_a_picture_is_turned_as_its_camera_says(read) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    open_scan(data_of(picture(), "JPEG", exif=exif), LIMITS)
    assert read[0].size == (100, 200)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, CorruptDocument),
        (data_of(picture())[:60], CorruptDocument),
        (data_of(picture(), "GIF"), CorruptDocument),
        (b"", CorruptDocument),
        (data_of(picture("1"), "TIFF", save_all=True, append_images=[picture("1")] * 3), OversizedDocument),
    ],
)
def test_damaged_and_oversized_pictures(read, data: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(error):
        open_scan(data, Limits(max_pages=3))


def test_a_picture_of_too_many_dots_is_not_unpacked(read, monkeypatch) -> None:
    monkeypatch.setattr(scan, "_MOST_PIXELS", 1000)
    with pytest.raises(OversizedDocument):
        open_scan(data_of(picture()), LIMITS)


@pytest.mark.parametrize(
    ("size", "passes"), [((1, 1), 0), ((16, 16), 0), ((600, 5), 0), ((5, 600), 0), ((17, 16), 4), ((600, 6), 4)]
)
def test_a_picture_too_small_for_words_is_not_read(monkeypatch, size: tuple[int, int], passes: int) -> None:
    asked = []
    monkeypatch.setattr(scan, "_recognised", lambda _, turned, until: asked.append(turned) or ())
    assert (scan.read_lines(picture(size=size)), len(asked)) == ([], passes)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_lines_of_a_turned_picture_are_turned_back(monkeypatch, turn: int) -> None:
    """The recogniser is sure only when the letters stand upright."""
    box = (40.0, 60.0, 200.0, 100.0)
    image = picture(size=(300, 120)).rotate(turn, expand=True)

    def recognised(_: Image.Image, turned: int, until: float):
        yield Reading("ab", (box, box)), 0.99 if (turned + turn) % 360 == 0 else 0.2

    monkeypatch.setattr(scan, "_recognised", recognised)
    (line,) = scan.read_lines(image)
    marked = painted(image, [line], {0: [Edit(Span(0, 2), "")]}).rotate(-turn, expand=True)
    assert dark(marked, (41, 61, 199, 99)) == {51}
    assert dark(marked, (210, 0, 300, 120)) == {255}


def test_rows_of_a_table_are_read_across() -> None:
    def cell(text: str, left: float, top: float) -> Reading:
        return Reading(text, ((left, top, left + 50, top + 20),))

    cells = [cell("号码", 200, 12), cell("乙", 0, 52), cell("姓名", 0, 10), cell("二", 200, 50)]
    rows = "".join(line.text + line.after for line in scan._rows(cells))
    assert rows == "姓名\t号码\n乙\t二\n"


def test_a_jpeg_keeps_its_pixels_when_its_notes_go() -> None:
    data = data_of(picture(), "JPEG", comment=NUMBER.encode(), icc_profile=b"\0" * 128)
    bare = pdfpictures.plain_jpeg(data + NUMBER.encode())
    assert NUMBER.encode() not in bare
    with Image.open(io.BytesIO(bare)) as image, Image.open(io.BytesIO(data)) as whole:
        assert image.tobytes() == whole.tobytes()


# ---- a recogniser of its own process: a stand-in that sleeps, dies or answers ----

CORNERS = [[10, 10], [90, 10], [90, 30], [10, 30]]
FOUND = ["ab", 0.99, CORNERS, [["a", [[10, 10], [50, 10], [50, 30], [10, 30]]], ["b", CORNERS]]]
ANSWERS = f"""
import struct, sys
while head := sys.stdin.buffer.read(8):
    high, wide = struct.unpack(">II", head)
    sys.stdin.buffer.read(high * wide * 3)
    {{}}
    print('''{json.dumps([FOUND])}''', flush=True)
"""


@pytest.fixture
def stand_in(monkeypatch):
    """A recogniser that runs this line of code before each answer; the process ends with the test."""
    running = recogniser._Running()
    monkeypatch.setattr(recogniser, "_running", running)

    def call(line: str) -> recogniser._Running:
        monkeypatch.setattr(recogniser, "_COMMAND", (sys.executable, "-c", ANSWERS.format(line)))
        return running

    yield call
    running.stop()


def test_a_picture_is_read_by_the_process(stand_in) -> None:
    running = stand_in("pass")
    (line,) = scan.read_lines(picture())
    assert (line.text, [box[0] for box in line.boxes]) == ("ab", [10.0, 10.0])
    first = running.process
    assert scan.read_lines(picture()) and running.process is first, "one process reads them all"


def test_a_picture_that_takes_too_long_is_stopped(stand_in, monkeypatch) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: True)
    monkeypatch.setattr(recogniser, "SECONDS", 0.5)
    running = stand_in("import time; time.sleep(600)")
    start = time.monotonic()
    with pytest.raises(SlowDocument, match="识别了0.5秒还没有完成，已停止：请缩小图片或者拆分文件"):
        open_scan(data_of(picture()), LIMITS)
    assert time.monotonic() - start < 60
    assert running.process is None


def test_turning_a_picture_gives_it_no_more_time(stand_in, monkeypatch) -> None:
    """Four turns that take 0.4 seconds each, of a picture that may take one second."""
    monkeypatch.setattr(recogniser, "SECONDS", 1.0)
    monkeypatch.setattr(scan, "_READABLE", 2.0)
    stand_in("import time; time.sleep(0.4)")
    with pytest.raises(SlowDocument):
        scan.read_lines(picture())


def test_a_recogniser_that_dies_is_told_and_started_anew(stand_in) -> None:
    running = stand_in("sys.exit(3)")
    with pytest.raises(CrashingDocument, match="意外退出"):
        scan.read_lines(picture(size=(2000, 2000)))
    assert running.process is None
    stand_in("pass")
    assert [line.text for line in scan.read_lines(picture())] == ["ab"]


@pytest.mark.parametrize(
    ("size", "expected"),
    [((60, 700), (233, 700)), ((500, 100), (500, 166)), ((700, 60), (700, 60)), ((300, 200), (300, 200))],
)
def test_a_slim_picture_gets_an_edge_instead_of_being_blown_up(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    dots = np.full((size[1], size[0], 3), 240, np.uint8)
    dots[:5] = 0
    edged = recogniser._edged(dots)
    assert edged.shape[1::-1] == expected
    assert (edged[: size[1], : size[0]] == dots).all()
    assert edged[-1, -1, 0] == 240


def test_what_it_cannot_read_is_a_damaged_picture(stand_in, monkeypatch) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: True)
    stand_in("print('null', flush=True); continue")
    with pytest.raises(CorruptDocument):
        open_scan(data_of(picture()), LIMITS)


def test_a_picture_in_a_pdf_that_takes_too_long_is_told(stand_in, monkeypatch) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: True)
    monkeypatch.setattr(recogniser, "SECONDS", 0.5)
    stand_in("import time; time.sleep(600)")
    with pytest.raises(SlowDocument):
        open_pdf(files.pdf([]), LIMITS)


@pytest.mark.parametrize("name", ["a.tiff", "a.pdf", "a.ofd"])
def test_too_many_pictures_are_not_read(read, name: str) -> None:
    frames = {"save_all": True, "append_images": [picture("1", (40, 40))] * 2}
    data = {
        "a.tiff": lambda: data_of(picture("1", (40, 40)), "TIFF", **frames),
        "a.pdf": lambda: files.pdf([], [], []),
        "a.ofd": lambda: planted("正文"),
    }[name]()
    opens, _ = openers("." + name.partition(".")[2])
    with pytest.raises(OversizedDocument, match="张，超过0张的上限：请拆分"):
        opens(data, Limits(max_pictures=0))
    assert read == []
    assert len(list(opens(data, Limits(max_pictures=3)).slots)) >= len(read) > 0


@needs_ocr
def test_a_scanned_page_is_read_without_a_network(monkeypatch) -> None:
    """What the process does, in this one, where a call out is seen."""

    def refuse(*_, **__):
        raise AssertionError("a call out")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    dots = np.asarray(page(f"ID {NUMBER}"))[:, :, ::-1]
    answer = io.BytesIO()
    recogniser.serve(io.BytesIO(recogniser._SIZE.pack(*dots.shape[:2]) + dots.tobytes()), answer)
    assert NUMBER in "".join(line[0] for line in json.loads(answer.getvalue()))


@needs_ocr
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_line_that_lies_otherwise_than_its_page_is_read(turn: int) -> None:
    image = picture(size=(1300, 1500))
    image.paste(page("Notice of Qinghe County", "Tel 0570-5550123"), (0, 0))
    image.paste(page(f"ID {NUMBER}").crop((0, 40, 900, 130)).rotate(turn, expand=True), (300, 500))
    said = {line.text.replace(" ", ""): line.boxes for line in scan.read_lines(image)}
    assert "".join(said).count(NUMBER) == 1
    left, top, right, bottom = next(boxes[-1] for text, boxes in said.items() if NUMBER in text)
    assert left >= 300 and top >= 500 and (right <= 400 if turn != 180 else bottom <= 600)


def test_boxes_rise_with_a_line_that_lies_aslant() -> None:
    quad = [[0, 40], [400, 0], [404, 30], [4, 70]]
    words = [(char, [[x, 0], [x + 40, 0], [x + 40, 70], [x, 70]]) for char, x in zip("ab", (0, 360), strict=True)]
    (_, top, _, bottom), (_, high, _, low) = recogniser.boxes("ab", quad, words)
    assert 30 <= top < 40 and bottom < 71 and high == 0 and low <= 35


@needs_ocr
def test_a_scanned_page_is_read_and_boxed(monkeypatch) -> None:
    image = page(f"ID {NUMBER}", "Notice")
    monkeypatch.setattr(files, "_picture", lambda: image)
    source = open_pdf(files.pdf([]), LIMITS)
    index = next(index for index, slot in enumerate(source.slots) if NUMBER in slot.text)
    assert source.slots[index].place == "图片文字"
    at = source.slots[index].text.index(NUMBER)
    written = source.rewrite({index: [Edit(Span(at, at + len(NUMBER)), "3301**********5415")]})
    again = "".join("".join(slot.text.split()) for slot in open_pdf(written.data, LIMITS).slots)
    assert "Notice" in again
    assert "199003" not in again
    assert any("对照原图核对" in said for said in written.by_eye)
