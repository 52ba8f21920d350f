"""gongkai check over whatever comes: what is hidden badly is found, damage is a known error, no value is ever told."""

from __future__ import annotations

import contextlib
import io
import json
import logging
import random
import time
import zipfile
from argparse import Namespace
from collections.abc import Iterator
from functools import cache

import files
import pytest
from checks.hidingplaces import LINE, PLACES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import LIST, NUMBERS, PRIVATE, VALUES
from PIL import Image, ImageDraw
from rewriting import ofdfiles, officebooks, officefiles, pdffiles

from gongkai.model.errors import CorruptDocument
from gongkai.service.checking import check_file
from gongkai.service.checks import Kind
from gongkai.service.checks.combining import combined
from gongkai.service.commands.check import check_all as run
from gongkai.service.limits import Limits
from gongkai.service.proving import safely
from gongkai.service.readers import READERS
from gongkai.service.rewriting import OPENERS, scan

LIMITS = Limits()
FORMATS = sorted({*READERS, *OPENERS})
#: Processor seconds that a check of one small file may take on a slow machine.
PATIENCE = 30.0
SECRET = (*NUMBERS, *VALUES, *officefiles.MASKS, officebooks.PHONE)
FIXTURES = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True)
def recogniser(monkeypatch):
    """A recogniser that reads the same line in every picture."""
    line = scan.Reading(f"Tel {NUMBERS[3]}", tuple((10.0 * at, 0.0, 10.0 * at + 9, 12.0) for at in range(15)))
    monkeypatch.setattr(scan, "ocr_available", lambda: True)
    monkeypatch.setattr(scan, "read_lines", lambda image: [line])


@pytest.fixture(scope="module")
def check(screener):
    """What check finds in a file; a function, which a failing example shows by its name."""
    return lambda data, name: check_file(screener, data, name, LIMITS).found


# ---- what is hidden badly is found, in any dress ----

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
DRESSES = {
    "plain": lambda value: value,
    "wide": lambda value: value.translate(WIDE),
    "spaced": lambda value: " ".join(value[at : at + 4] for at in range(0, len(value), 4)),
    "dashed": lambda value: "-".join(value[at : at + 4] for at in range(0, len(value), 4)),
}
AROUND = (("", ""), ("申请人", "，请核。"), ("（", "）"))


@settings(FIXTURES, max_examples=90)
@given(
    place=st.sampled_from(sorted(PLACES)),
    value=st.sampled_from(NUMBERS),
    dress=st.sampled_from(sorted(DRESSES)),
    around=st.sampled_from(AROUND),
)
def test_what_is_hidden_badly_is_found(check, place, value, dress, around):
    label, kind = ("身份证号", "ID_CARD") if len(value) == 18 else ("手机号", "PHONE_MOBILE")
    extension, made = PLACES[place]
    data = made(f"{around[0]}{label}{DRESSES[dress](value)}{around[1]}")
    found = check(data, "a" + extension)
    assert (Kind.recoverable, kind) in {(item.kind, item.type) for item in found}
    assert [shown for shown in map(DRESSES.get, DRESSES) if shown(value) in repr(found)] == []


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_found(check, place):
    extension, made = PLACES[place]
    found = check(made(f"手机号{NUMBERS[3]}"), "a" + extension)
    assert (Kind.recoverable, "PHONE_MOBILE") in {(item.kind, item.type) for item in found}


def cropped() -> bytes:
    """A Word file with a picture of which the right half is cut off for the eye."""
    import docx
    from docx.oxml import parse_xml

    picture = Image.new("RGB", (400, 40), "white")
    ImageDraw.Draw(picture).text((210, 10), NUMBERS[0], "black")
    target, document = io.BytesIO(), docx.Document()
    picture.save(target, "PNG")
    document.add_paragraph(LINE)
    document.add_picture(io.BytesIO(target.getvalue()))
    space = "http://schemas.openxmlformats.org/drawingml/2006/main"
    fill = next(document.element.body.iter("{*}blipFill"))
    fill.insert(1, parse_xml(f'<a:srcRect xmlns:a="{space}" r="50000"/>'))
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def test_a_cropped_picture_is_found(check):
    found = check(cropped(), "a.docx")
    assert [(item.kind, "裁" in item.why) for item in found] == [(Kind.recoverable, True)]


# ---- damage ----


@cache
def seed(extension: str) -> bytes:
    """A whole file of a format, with personal data wherever some can stand."""
    whole = set(pdffiles.PLACES) - {"以前的修订"}
    makers = {
        ".docx": lambda: officefiles.full_docx(),
        ".xlsx": lambda: officebooks.full_xlsx(),
        ".pdf": lambda: pdffiles.planted(*whole),
        ".ofd": lambda: ofdfiles.planted(*ofdfiles.PLACES),
        ".doc": (files.DATA / "notice.doc").read_bytes,
        ".wps": (files.DATA / "notice.doc").read_bytes,
        ".xls": (files.DATA / "list.xls").read_bytes,
        ".html": lambda: f"<html><meta charset=utf-8><p hidden>{PRIVATE}</p><pre>{LIST}</pre></html>".encode(),
    }
    if extension in makers:
        return makers[extension]()
    return pictured(extension) if OPENERS.get(extension, ("",))[0].startswith("scan.") else (LIST + PRIVATE).encode()


def pictured(extension: str) -> bytes:
    target = io.BytesIO()
    kind = {".jpg": "JPEG", ".jpeg": "JPEG", ".tif": "TIFF", ".tiff": "TIFF"}.get(extension, extension[1:].upper())
    Image.new("RGB", (160, 20), "white").save(target, kind)
    return target.getvalue()


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, taken out or put in; of a package as well inside one of its parts."""
    if data.startswith(b"PK") and chance.random() < 0.8:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            parts = {name: box.read(name) for name in box.namelist()}
        name = chance.choice(sorted(parts))
        return files.zipped(parts | {name: _bitten(parts[name], chance)})
    return _bitten(data, chance)


def _bitten(data: bytes, chance: random.Random) -> bytes:
    body = bytearray(data)
    for _ in range(chance.randint(1, 12)):
        at = chance.randrange(len(body) + 1)
        body[at : at + chance.choice((0, 1, 1, 1, 30))] = chance.randbytes(chance.choice((0, 1, 1, 4)))
    return bytes(body[: chance.randrange(len(body) + 1)] if chance.random() < 0.1 else body)


class Heard(logging.Handler):
    """Everything that is logged, at any level."""

    def __init__(self) -> None:
        super().__init__(level=0)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextlib.contextmanager
def listening() -> Iterator[list[str]]:
    """All that is said meanwhile: output, errors, logs."""
    heard, out, err, root = Heard(), io.StringIO(), io.StringIO(), logging.getLogger()
    level = root.level
    root.addHandler(heard)
    root.setLevel(0)
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            yield (said := [])
    finally:
        root.setLevel(level)
        root.removeHandler(heard)
    said += [out.getvalue(), err.getvalue(), *heard.lines]


def checked(desk, folder, data: bytes, extension: str, secret=SECRET) -> list[str]:
    """What the command says of a file, as text and as JSON: known errors only, soon, and no value in any of it."""
    path = folder / f"a{extension}"
    path.write_bytes(data)
    start = time.process_time()
    with listening() as said:
        for as_json in (False, True):
            run(desk, [path], Namespace(attribute="proactive", json=as_json, patrol=None))
    assert time.process_time() - start < 2 * PATIENCE
    assert [value for value in secret if any(value in line for line in said)] == []
    rows = json.loads("[" + said[0].partition("\n[")[2])
    assert all(row.get("error", "。").endswith(("。", "！")) for row in rows)
    return said


@pytest.fixture(scope="module")
def say(desk, tmp_path_factory):
    """`checked` with a desk and a folder."""
    folder = tmp_path_factory.mktemp("any")
    return lambda data, extension: checked(desk, folder, data, extension)


@pytest.mark.parametrize("extension", FORMATS)
def test_whole_files_say_no_value(say, extension):
    assert say(seed(extension), extension)[1] == ""


@settings(FIXTURES, max_examples=150)
@given(extension=st.sampled_from(FORMATS), number=st.integers(0, 2**32))
def test_damaged_files_end_in_a_known_error(say, extension, number):
    say(spoilt(seed(extension), random.Random(number)), extension)


@settings(FIXTURES, max_examples=120)
@given(data=st.binary(max_size=400), extension=st.sampled_from(FORMATS))
def test_any_bytes_end_in_a_known_error(say, data, extension):
    say(data, extension)


@settings(FIXTURES, max_examples=60)
@given(one=st.sampled_from(FORMATS), other=st.sampled_from(FORMATS))
def test_a_wrong_extension_ends_in_a_known_error(say, one, other):
    say(seed(one), other)


def test_what_a_library_says_is_not_told(say, check, monkeypatch):
    """The words of an unforeseen error may hold text of the document: they go no further."""

    def broken(*_):
        raise ValueError(f"no such cell: {VALUES[0]} {NUMBERS[0]}")

    monkeypatch.setattr("gongkai.service.checking.readable", broken)
    said = say(LIST.encode(), ".txt")
    assert "文件已损坏" in said[0]
    with pytest.raises(CorruptDocument) as error:
        safely(lambda: check(LIST.encode(), "a.txt"))
    assert [value for value in SECRET if value in str(error.value)] == []


# ---- small files that ask for much work ----


def masked(count: int) -> str:
    """A list of many masked numbers and names, no two alike, some of them masked in two ways."""
    chance = random.Random(5)
    rows = []
    for _ in range(count):
        known = chance.choice((f"3301**********{chance.randrange(10**4):04}", f"330101{chance.randrange(10**8)}****"))
        rows.append(f"张某{chr(0x4E00 + chance.randrange(9000))}\t{known}\t138****{chance.randrange(10**4):04}")
    return "\n".join(rows)


def many_updates() -> bytes:
    return files.pdf([LINE]) + b"%%EOF\n" * 20_000


def many_cells() -> bytes:
    import openpyxl
    from openpyxl.styles import Font

    made = openpyxl.Workbook()
    for at in range(1, 600):
        made.active.cell(at, 1, f"第{at}项").font = Font(color="FFFFFFFF")
        made.active.column_dimensions[made.active.cell(1, at).column_letter].hidden = True
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def many_boxes() -> bytes:
    parts = ofdfiles.base()
    boxes = '<ofd:PathObject ID="8" Boundary="0 0 1 1" Stroke="true" LineWidth="90"><ofd:AbbreviatedData>'
    boxes += "M 0 0 " + "L 300 0 L 0 0 " * 300 + "</ofd:AbbreviatedData></ofd:PathObject>"
    words = "".join(ofdfiles.text_object("并无不妥之处" * 8, 3 * at, 60) for at in range(90))
    ofdfiles.insert(parts, ofdfiles.CONTENT, "正文", words + boxes * 200)
    return files.zipped(parts)


def many_units() -> bytes:
    """Composite units that draw one another twice, deeper than a page ever is."""
    parts = ofdfiles.base()
    twice = '<ofd:CompositeObject ID="8" Boundary="0 0 9 9" ResourceID="{0}"/>' * 2
    units = "".join(
        f'<ofd:CompositeGraphicUnit ID="{100 + at}"><ofd:Content>{twice.format(101 + at)}</ofd:Content>'
        "</ofd:CompositeGraphicUnit>"
        for at in range(40)
    )
    name = ofdfiles.UNITS
    parts[name] = str(parts[name]).replace("</ofd:CompositeGraphicUnits>", f"{units}</ofd:CompositeGraphicUnits>")
    ofdfiles.insert(parts, ofdfiles.CONTENT, "正文", twice.format(100))
    return files.zipped(parts)


def deep_boxes() -> bytes:
    inner = f"<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>{LINE}</w:t></w:r></w:p>"
    for _ in range(60):
        inner = f"<w:p><w:r><w:pict><v:textbox><w:txbxContent>{inner * 2 if len(inner) < 9000 else inner}"
        inner += "</w:txbxContent></v:textbox></w:pict></w:r></w:p>"
    return files.raw_docx(files.paragraph(LINE) + inner)


HEAVY = {
    "masked list": (".txt", lambda: masked(6000).encode()),
    "masked in one line": (".txt", lambda: masked(300).replace("\n", "，").encode()),
    "updates": (".pdf", many_updates),
    "white cells": (".xlsx", many_cells),
    "boxes": (".ofd", many_boxes),
    "units": (".ofd", many_units),
    "text boxes": (".docx", deep_boxes),
    "nested elements": (".html", lambda: (f"<p>{LINE}</p>" + "<div>" * 3000 + f"<b hidden>{LINE}</b>" * 900).encode()),
    "styles": (".html", lambda: ("<style>" + ".a{" * 60_000 + "</style><p>" + LINE).encode()),
}


@pytest.mark.parametrize(("extension", "made"), HEAVY.values(), ids=HEAVY)
def test_small_files_take_no_endless_time(say, extension, made):
    say(made(), extension)


@pytest.mark.parametrize("between", ["\n", "，"])
def test_masks_are_compared_soon(between):
    start = time.process_time()
    assert list(combined(masked(20_000).replace("\n", between), ()))
    assert time.process_time() - start < PATIENCE


@pytest.mark.parametrize("count", [10, 4000])
def test_pairs_are_found_in_long_lists_as_in_short_ones(count):
    text = masked(count) + "\n手机139****5678\n手机1391234****\n"
    assert "PHONE_MOBILE" in {item.type for item in combined(text, ())}
