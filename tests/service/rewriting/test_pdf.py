"""PDF: what each place of a file becomes, that nothing hidden stays in the bytes, and that the rest of a page does."""

from __future__ import annotations

import io
import math
import random
import zlib

import files
import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from rewriting import pdffiles
from rewriting.pdffiles import HOME, LINE, MASKS, NAME, NUMBER, PLACES, TOLD, base, draw, hide, left, planted, saved

from gongkai.model.document import Span
from gongkai.model.errors import ArchiveBomb, DocumentError, EncryptedDocument, OversizedDocument, UnsupportedPart
from gongkai.service.formats.pdf import read
from gongkai.service.limits import Limits
from gongkai.service.rewriting import pdfpages, pdfpictures, scan
from gongkai.service.rewriting.joined import Joined
from gongkai.service.rewriting.pdf import open_pdf, remains_pdf
from gongkai.service.rewriting.pdfmarks import Mark
from gongkai.service.rewriting.pdfunicode import meanings, program
from gongkai.service.rewriting.slots import Edit

LIMITS = Limits()
#: Place -> the place of the slot in which its text stays, masked; None: it goes whole.
FATES = {
    **dict.fromkeys(("正文", "逐字排出", "字间调整", "单引号换行", "双引号换行", "表单对象", "黑框下面"), "正文"),
    **dict.fromkeys(("白字", "不可见文字", "页面以外", "旋转的文字", "加粗重描", "批注外观", "表单域"), "正文"),
    "网址链接": "链接",
    "书签": "书签",
    "页码前缀": "页码",
    "标题": "文档属性",
    **dict.fromkeys(("隐藏图层", "隐藏图层的对象", "图层名称", "实际文字", "结构树替代文字", "批注")),
    **dict.fromkeys(("邮箱链接", "链接动作", "没有外观的表单域", "XFA", "数字签名", "附件", "附件批注", "文档脚本")),
    **dict.fromkeys(
        ("书签动作", "目标名称", "文档信息", "XMP", "页面元数据", "应用私有数据", "缩略图", "图案里的文字")
    ),
    **dict.fromkeys(("没有用到的对象", "蒙版里的文字", "图片元数据", "行内图片", "内容注释", "输出意图", "文章线索")),
    **dict.fromkeys(("名称对象", "以前的修订", "隐藏的批注外观")),
}
#: Place -> what is said about it.
SAID = {
    "隐藏图层": "隐藏图层的内容已去除",
    "隐藏图层的对象": "隐藏图层的内容已去除",
    "结构树替代文字": "结构标签和替代文字已去除",
    "批注": "批注1条已去除",
    "邮箱链接": "邮箱、电话等链接1个已去除",
    "链接动作": "邮箱、电话等链接1个已去除",
    "表单域": "表单域1个已改为页面文字",
    "没有外观的表单域": "没有外观的表单域1个已去除",
    "XFA": "XFA 表单已去除",
    "数字签名": "数字签名1个已去除",
    "附件": "附件1个已去除",
    "附件批注": "附件1个已去除",
    "文档脚本": "脚本和动作已去除",
    "文档信息": "元数据已去除，只保留标题",
    "XMP": "元数据已去除，只保留标题",
    "应用私有数据": "应用程序的私有数据已去除",
    "缩略图": "缩略图1张已去除",
    "图案里的文字": "图案和蒙版里的文字已去除",
    "蒙版里的文字": "图案和蒙版里的文字已去除",
    "图片元数据": "图片1张已替换为灰块",
    "行内图片": "图片1张已替换为灰块",
    "以前的修订": "以前的修订已去除",
}
#: Written into pixels, where no reader of text looks.
PIXELS = {"行内图片"}


def told(data: bytes) -> set[str]:
    """The values that the proof sees."""
    return {value for value in MASKS for _, text in remains_pdf(data, LIMITS) if value in text}


def changed(data: bytes, *replaced: tuple[str, str], **options) -> tuple[str, tuple[str, ...]]:
    """What our reader finds after these replacements, blanks left out, and what was dropped."""
    source = open_pdf(data, LIMITS, **options)
    edits: dict[int, list[Edit]] = {}
    for index, slot in enumerate(source.slots):
        for old, new in replaced:
            if (at := slot.text.find(old)) >= 0:
                edits.setdefault(index, []).append(Edit(Span(at, at + len(old)), new))
    written = source.rewrite(edits)
    return "".join(read(written.data, LIMITS).split()), written.dropped


def words(data: bytes, page: int = 0) -> str:
    return pypdfium2.PdfDocument(data)[page].get_textpage().get_text_range()


def dots(data: bytes, box: tuple[int, int, int, int]) -> set[int]:
    """The grey levels inside a box of a page (left, bottom, right, top in points)."""
    page = pypdfium2.PdfDocument(data)[0]
    image = page.render(scale=1, grayscale=True).to_numpy()
    height = image.shape[0]
    return set(image[height - box[3] : height - box[1], box[0] : box[2]].ravel().tolist())


def test_the_table_names_every_place() -> None:
    assert set(FATES) == set(PLACES)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_nothing_stays_at_a_place(name: str) -> None:
    data = planted(name)
    assert left(data) | told(data) == set(MASKS), "the place holds the values before"
    source = open_pdf(data, LIMITS, pictures="grey")
    found = {slot.place for slot in source.slots if NAME in slot.text and NUMBER in slot.text and HOME in slot.text}
    assert found == ({FATES[name]} if FATES[name] else set())
    written = source.rewrite(hide(source.slots))
    assert left(written.data) | told(written.data) == set()
    assert SAID.get(name, "") in (*written.dropped, "")
    assert not any("改为图像" in said for said in written.dropped)
    assert LINE in words(written.data)


@pytest.mark.parametrize("name", sorted(set(PLACES) - PIXELS))
def test_the_proof_sees_a_place(name: str) -> None:
    assert told(planted(name)) == set(MASKS)


def test_nothing_stays_when_every_place_is_full() -> None:
    source = open_pdf(planted(*PLACES), LIMITS, pictures="grey")
    written = source.rewrite(hide(source.slots))
    assert left(written.data) | told(written.data) == set()
    assert not hide(open_pdf(written.data, LIMITS).slots)


@pytest.mark.parametrize(
    ("lines", "old", "new", "expected"),
    [
        (["甲方：欧阳一叶，电话13800001111"], "13800001111", "138****1111", "甲方：欧阳一叶，电话138****1111"),
        (["甲方：欧阳一叶，乙方"], "欧阳一叶", "欧阳某某", "甲方：欧阳某某，乙方"),
        (["住址：青禾县东街12号，电话"], "青禾县东街12号", "青禾县", "住址：青禾县，电话"),
        (["甲方：欧阳一叶"], "甲方：", "", "欧阳一叶"),
        (["生僻字𠀀𠀁在此"], "𠀀", "□", "生僻字□𠀁在此"),
        (["Name: Ouyang Yiye, Esq."], "Ouyang", "******", "Name:******Yiye,Esq."),
    ],
)
def test_a_replacement_reads_in_place(lines: list[str], old: str, new: str, expected: str) -> None:
    text, dropped = changed(files.pdf(lines), (old, new))
    assert text == expected
    assert not any("图像" in said for said in dropped)


@pytest.mark.parametrize("degrees", [-50, 30, 45, 135])
def test_slanted_text_across_a_page_leaves_the_page_as_it_is(degrees: int) -> None:
    pdf = base(*[LINE * 2] * 12)
    across, up = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    water = f"欧阳一叶 {NUMBER}".encode("utf-16-be").hex()
    draw(pdf, f"BT /F2 14 Tf {across:.5f} {up:.5f} {-up:.5f} {across:.5f} 250 620 Tm <{water}> Tj ET".encode())
    text, dropped = changed(saved(pdf), ("一叶", "某某"), (NUMBER, MASKS[NUMBER]))
    assert "某某" in text and text.count(LINE) == 25
    assert "一叶" not in text and NUMBER not in text
    assert not any("图像" in said for said in dropped)


def test_a_slanted_box_in_a_picture_covers_no_more_than_its_line() -> None:
    data = files.pdf([LINE])
    mark = Mark((300.0, 200.0, 400.0, 220.0), "某某", math.radians(30))
    dots, _ = pdfpages.pictured(data, 0, [mark])
    left, bottom, right, top = mark.bounds
    assert 0.9 < (dots == 51).all(axis=2).sum() / (100 * 20 * (200 / 72) ** 2) < 1.1
    assert (right - left) * (top - bottom) > 2 * 100 * 20


def test_slots_read_like_the_reader() -> None:
    long = "各乡镇人民政府，县政府各部门、各直属机构：现将临时救助对象认定办法印发给你们，请认真贯彻。" * 2
    data = files.pdf([long[:28], long[28:56], long[56:], "姓名 住址", "欧阳一叶 青禾县"], [], ["第二页"])
    slots = [slot for slot in open_pdf(data, LIMITS, pictures="grey").slots if slot.body]
    assert Joined.of(slots).text.split() == read(data, LIMITS).split()


def test_a_box_without_words_is_dark_and_one_with_words_is_pale() -> None:
    data = files.pdf(["欧阳一叶欧阳一叶"])
    source = open_pdf(data, LIMITS)
    empty = source.rewrite({0: [Edit(Span(0, 4), "")]})
    assert dots(empty.data, (82, 738, 140, 750)) == {51}
    masked = source.rewrite({0: [Edit(Span(0, 4), "****")]})
    assert 217 in dots(masked.data, (82, 738, 140, 750))
    assert dots(masked.data, (82, 690, 140, 720)) == {255}


def test_other_pages_stay_as_they_are() -> None:
    data = files.pdf([TOLD], ["第二页的文字"])
    source = open_pdf(data, LIMITS)
    written = source.rewrite(hide(source.slots))
    assert words(written.data, 1) == words(data, 1)


def test_no_edits_keep_the_pages() -> None:
    data = planted("书签", "网址链接", "页码前缀", "标题")
    written = open_pdf(data, LIMITS).rewrite({})
    assert words(written.data) == words(data)
    with pikepdf.open(io.BytesIO(written.data)) as pdf:
        assert str(pdf.docinfo["/Title"]) == TOLD
        assert str(pdf.Root.Outlines.First.First.Title) == TOLD
        assert pdf.pages[0].label == TOLD + "1"
        assert [str(note.A.URI) for note in pdf.pages[0].Annots] == [f"https://example.cn/?q={TOLD}"]


def test_links_inside_the_document_stay() -> None:
    pdf = pikepdf.open(io.BytesIO(files.pdf([LINE], [LINE])))
    pdf.pages[0].obj.Annots = Array(
        [Dictionary(Subtype=Name.Link, Rect=[0, 0, 9, 9], Dest=[pdf.pages[1].obj, Name.XYZ, 0, 700, None])]
    )
    written = open_pdf(saved(pdf), LIMITS).rewrite({})
    with pikepdf.open(io.BytesIO(written.data)) as pdf:
        target = pdf.pages[0].Annots[0].Dest
        assert target[0] == pdf.pages[1].obj
        assert [target[2], target[3]] == [0, 700]


def test_the_same_file_comes_out_twice() -> None:
    source = open_pdf(planted("正文", "批注"), LIMITS)
    edits = hide(source.slots)
    assert source.rewrite(edits).data == source.rewrite(edits).data


def test_a_glyph_that_is_not_where_it_seems_makes_the_page_a_picture(monkeypatch) -> None:
    monkeypatch.setattr(pdfpages, "is_clean", lambda *_: False)
    source = open_pdf(files.pdf([TOLD], [LINE]), LIMITS)
    written = source.rewrite(hide(source.slots))
    assert "第1页改为图像" in written.dropped
    assert "经审核" in words(written.data, 1)
    assert "欧阳" not in words(written.data)
    assert "某某" in words(written.data)
    assert left(written.data) | told(written.data) == set()


def test_a_page_that_became_a_picture_can_be_opened_without_the_extra(monkeypatch) -> None:
    monkeypatch.setattr(pdfpages, "is_clean", lambda *_: False)
    monkeypatch.setattr(scan, "ocr_available", lambda: False)
    source = open_pdf(files.pdf([TOLD]), LIMITS)
    again = open_pdf(source.rewrite(hide(source.slots)).data, LIMITS)
    assert "某某" in "".join(slot.text for slot in again.slots)
    assert not hide(again.slots)


def test_curves_and_letters_without_meaning_beside_text_are_told() -> None:
    pdf = base()
    draw(pdf, b"0 0 m " + b"1 1 2 2 3 3 c " * 2000 + b"f " + unknown(pdf, 2))
    assert open_pdf(saved(pdf), LIMITS).rewrite({}).by_eye == (
        "第1页有2个字没有编码，读不出来，请核对",
        "第1页有大量曲线图形，其中可能有描边的文字，请核对",
    )


def test_a_font_of_the_wrong_width_makes_the_page_a_picture() -> None:
    pdf = base()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, FirstChar=32, LastChar=126)
    pdf.pages[0].Resources.Font.F9 = pdf.make_indirect(font)
    font.Widths = Array([900] * 60)
    draw(pdf, b"BT /F9 12 Tf 80 500 Td (Tel. 330199199003075415 end) Tj ET")
    source = open_pdf(saved(pdf), LIMITS)
    written = source.rewrite(hide(source.slots))
    assert left(written.data) | told(written.data) == set()


def test_text_on_a_kept_picture_makes_the_page_a_picture() -> None:
    pdf = pikepdf.open(io.BytesIO(files.pdf([], [TOLD])))
    pdf.pages[1].Resources.XObject = Dictionary(Photo=pdf.pages[0].externalize_inline_images() or photo(pdf))
    pdf.pages[1].contents_add(pdf.make_stream(b"q 500 0 0 700 20 60 cm /Photo Do Q"), prepend=True)
    del pdf.pages[0]
    source = open_pdf(saved(pdf), LIMITS, pictures="keep")
    written = source.rewrite(hide(source.slots))
    assert "第1页改为图像" in written.dropped
    assert written.by_eye == ("图片1张原样保留，请核对其中的文字、照片和签名",)
    assert left(written.data) | told(written.data) == set()


def photo(pdf: pikepdf.Pdf) -> pikepdf.Object:
    return next(iter(pdf.pages[0].Resources.XObject.values()))


@pytest.mark.parametrize(
    ("pages", "pictures", "expected"),
    [
        (([],), "blank", None),
        (([LINE], []), "blank", None),
        (([],), "grey", "图片1张已替换为灰块"),
        (([LINE], []), "grey", "图片1张已替换为灰块"),
    ],
)
def test_a_scan_needs_the_extra(monkeypatch, pages: tuple[list[str], ...], pictures: str, expected: str | None) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: False)
    data = files.pdf(*pages)
    if expected:
        assert expected in open_pdf(data, LIMITS, pictures=pictures).rewrite({}).dropped
    else:
        with pytest.raises(UnsupportedPart, match=f"第{len(pages)}页是扫描图片"):
            open_pdf(data, LIMITS, pictures=pictures)


def test_a_small_picture_becomes_grey_and_a_dot_stays(monkeypatch) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: False)
    pdf = base()
    pdffiles.PLACES["图片元数据"](pdf, "说明")
    dot = pdf.make_stream(b"\0" * 100, Type=Name.XObject, Subtype=Name.Image, Width=10, Height=10)
    dot.ColorSpace, dot.BitsPerComponent = Name.DeviceGray, 8
    pdffiles.add(pdf, "/XObject", "/Dot", dot)
    draw(pdf, b"10 0 0 10 300 500 cm /Dot Do")
    written = open_pdf(saved(pdf), LIMITS).rewrite({})
    assert "图片1张已替换为灰块" in written.dropped
    assert dots(written.data, (505, 705, 535, 735)) == {192}
    assert dots(written.data, (302, 502, 308, 508)) == {0}


def cut(pdf: pikepdf.Pdf, wide: int, high: int) -> None:
    """A picture of 160 by 48 dots, drawn in pieces of a size."""
    content = b""
    for across in range(0, 160, wide):
        for down in range(0, 48, high):
            name, raw = f"/Piece{across}x{down}", bytes([across % 200, down] * (wide * high // 2))
            piece = pdf.make_stream(raw, Type=Name.XObject, Subtype=Name.Image, Width=wide, Height=high)
            piece.ColorSpace, piece.BitsPerComponent = Name.DeviceGray, 8
            pdffiles.add(pdf, "/XObject", name, piece)
            content += f"q {wide} 0 0 {high} {80 + across} {348 - high - down} cm {name} Do Q ".encode()
    draw(pdf, content)


@pytest.mark.parametrize("size", [(16, 16), (160, 4), (160, 2), (8, 48), (20, 24)])
def test_pieces_of_a_picture_become_grey_beside_text_and_one_picture_without(monkeypatch, size) -> None:
    seen: list[tuple[int, int]] = []
    monkeypatch.setattr(scan, "read_lines", lambda image: seen.append(image.size) or [])
    monkeypatch.setattr(scan, "ocr_available", lambda: True)
    beside, alone = base(*[LINE] * 3), pikepdf.open(io.BytesIO(files.blank_pdf()))
    for pdf in (beside, alone):
        cut(pdf, *size)
    written = open_pdf(saved(beside), LIMITS).rewrite({})
    count = 160 * 48 // (size[0] * size[1])
    assert f"图片{count}张已替换为灰块" in written.dropped and not seen
    assert f"第1页的图片由{count}个小块拼成，没有逐块识别其中的文字，请核对" in written.by_eye
    assert dots(written.data, (84, 304, 236, 344)) == {192}
    source = open_pdf(saved(alone), LIMITS)
    assert "第1页的图片由小块拼成，已改为图像" in source.dropped and len(seen) == 1 and min(seen[0]) > 1000
    assert open_pdf(source.rewrite({}).data, LIMITS).dropped == ()


def test_pieces_become_grey_without_the_extra_and_are_told_when_kept(monkeypatch) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: False)
    pdf = base(*[LINE] * 3)
    cut(pdf, 16, 16)
    assert "图片30张已替换为灰块" in open_pdf(saved(pdf), LIMITS).dropped
    assert any("由30个小块拼成" in said for said in open_pdf(saved(pdf), LIMITS, pictures="keep").by_eye)


def test_boxes_go_into_the_picture_that_was_read_though_one_before_it_is_damaged(monkeypatch) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: True)
    box = (0.0, 0.0, 100.0, 50.0)
    monkeypatch.setattr(scan, "read_lines", lambda _: [scan.Reading(NAME, (box,) * len(NAME))])
    pdf = base(*[LINE] * 3)
    for number, (name, kind) in enumerate({"/A": "/DCTDecode", "/B": "/FlateDecode", "/C": "/FlateDecode"}.items()):
        raw = b"no picture" if kind == "/DCTDecode" else zlib.compress(bytes([250 - number]) * 5000)
        picture = pdf.make_stream(raw, Type=Name.XObject, Subtype=Name.Image, Width=100, Height=50)
        picture.Filter, picture.ColorSpace, picture.BitsPerComponent = Name(kind), Name.DeviceGray, 8
        pdffiles.add(pdf, "/XObject", name, picture)
        draw(pdf, f"100 0 0 50 {80 + 120 * number} 300 cm {name} Do".encode())
    source = open_pdf(saved(pdf), LIMITS)
    first, _ = (index for index, slot in enumerate(source.slots) if slot.text == NAME)
    written = source.rewrite({first: [Edit(Span(0, 4), "")]})
    assert "图片1张已替换为灰块" in written.dropped
    assert max(dots(written.data, (202, 302, 298, 348))) < 60, "the first that was read is boxed"
    assert dots(written.data, (322, 302, 418, 348)) == {248}


def test_pictures_in_patterns_and_masks_become_grey() -> None:
    pdf = base()
    shapes = []
    for number in (1, 2):
        raw = bytes(range(number, 201)) + bytes(400 + number - 1)
        photo = pdf.make_stream(raw, Type=Name.XObject, Subtype=Name.Image, Width=20, Height=30)
        photo.BitsPerComponent, photo.ColorSpace = 8, Name.DeviceGray
        drawn = Dictionary(XObject=Dictionary(Photo=photo))
        shapes.append(pdf.make_stream(b"40 0 0 60 0 0 cm /Photo Do", BBox=[0, 0, 40, 60], Resources=drawn))
    tiles, group = shapes
    tiles.PatternType = tiles.PaintType = tiles.TilingType = 1
    tiles.XStep, tiles.YStep = 40, 60
    group.Type, group.Subtype = Name.XObject, Name.Form
    group.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceGray)
    pdffiles.add(pdf, "/Pattern", "/Tiles", tiles)
    pdffiles.add(pdf, "/ExtGState", "/Soft", Dictionary(SMask=Dictionary(S=Name.Luminosity, G=group)))
    draw(pdf, b"q /Pattern cs /Tiles scn 80 300 40 60 re f Q q /Soft gs 0 g 0 0 40 60 re f Q")
    source = open_pdf(saved(pdf), LIMITS, pictures="grey")
    assert "图片2张已替换为灰块" in source.dropped
    with pikepdf.open(io.BytesIO(source.rewrite({}).data)) as written:
        sizes = [
            int(value.Width) for value in written.objects if isinstance(value, pikepdf.Stream) and "/Width" in value
        ]
    assert sizes == [1, 1]


@pytest.mark.parametrize("kind", ["/Mask", "/SMask"])
def test_letters_that_are_the_mask_of_a_dot_are_seen(kind: str) -> None:
    pdf = base()
    dot = pdf.make_stream(b"\0", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
    dot.ColorSpace = Name.DeviceGray
    letters = b"\0" * 300 + b"\xff" * 300 if kind == "/SMask" else b"\xff\xff\xf0" * 15 + b"\0" * 45
    mask = pdf.make_stream(letters, Type=Name.XObject, Subtype=Name.Image, Width=20, Height=30)
    mask.BitsPerComponent = 8 if kind == "/SMask" else 1
    mask.update({"/ColorSpace": Name.DeviceGray} if kind == "/SMask" else {"/ImageMask": True})
    dot[kind] = mask
    pdffiles.add(pdf, "/XObject", "/Dot", dot)
    draw(pdf, b"40 0 0 60 80 300 cm /Dot Do")
    (picture,) = pdfpictures.survey(pdf)
    upright = pdfpictures._upright(picture).convert("L")
    assert not picture.tiny and upright.size == (20, 30)
    assert upright.getpixel((10, 3)) == 255 and upright.getpixel((10, 26)) == 0


@pytest.mark.parametrize("matrix", ["40 0 0 60", "-40 0 0 60", "40 0 0 -60", "0 40 -60 0", "0 -40 60 0", "0 40 60 0"])
@pytest.mark.parametrize("turn", [0, 90])
def test_a_picture_is_read_as_it_is_drawn(matrix: str, turn: int) -> None:
    """Turned, mirrored, or both: the corners stand where the page shows them."""
    pdf = base()
    corners = pdf.make_stream(bytes([0, 90, 180, 255]), Type=Name.XObject, Subtype=Name.Image, Width=2, Height=2)
    corners.BitsPerComponent, corners.ColorSpace = 8, Name.DeviceGray
    pdf.pages[0].Resources.XObject = Dictionary(Corners=corners)
    a, b, c, d = map(int, matrix.split())
    left, bottom = 100 - min(0, a, c), 300 - min(0, b, d)
    pdf.pages[0].Contents = pdf.make_stream(f"{matrix} {left} {bottom} cm /Corners Do".encode())
    wide, high = abs(a + c), abs(b + d)
    pdf.pages[0].MediaBox = pdf.pages[0].CropBox = Array([100, 300, 100 + wide, 300 + high])
    pdf.pages[0].Rotate = turn
    (picture,) = pdfpictures.survey(pdf)
    page = pypdfium2.PdfDocument(saved(pdf))[0].render(grayscale=True).to_pil()
    shown = [page.getpixel((x, y)) for y in (2, page.height - 3) for x in (2, page.width - 3)]
    assert list(pdfpictures._upright(picture).convert("L").tobytes()) == pytest.approx(shown, abs=2)


def test_a_page_of_drawn_letters_is_refused_without_the_extra(monkeypatch) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: False)
    pdf = pikepdf.open(io.BytesIO(files.blank_pdf()))
    pdf.pages[0].contents_add(pdf.make_stream(b"0 0 m " + b"1 1 2 2 3 3 c " * 400 + b"f"))
    with pytest.raises(UnsupportedPart, match="第1页是扫描图片或描边字形"):
        open_pdf(saved(pdf), LIMITS)


def unknown(pdf: pikepdf.Pdf, count: int) -> bytes:
    """Letters of a font that says nothing about its codes."""
    system = Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0)
    below = Dictionary(Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.Unknown, CIDSystemInfo=system)
    font = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.Unknown, Encoding=Name("/Identity-H"))
    font.DescendantFonts = Array([pdf.make_indirect(below)])
    pdf.pages[0].Resources.Font.F9 = pdf.make_indirect(font)
    return b"BT /F9 12 Tf 80 500 Td <" + b"4e00" * count + b"> Tj ET"


def test_letters_without_meaning_are_refused_without_the_extra(monkeypatch) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: False)
    pdf = base()
    draw(pdf, unknown(pdf, 40))
    with pytest.raises(UnsupportedPart, match="第1页"):
        open_pdf(saved(pdf), LIMITS)


def test_subset_fonts_forget_what_is_hidden() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    matplotlib = pytest.importorskip("matplotlib")
    pdfmetrics.registerFont(TTFont("DejaVu", f"{matplotlib.get_data_path()}/fonts/ttf/DejaVuSans.ttf"))
    target = io.BytesIO()
    canvas = Canvas(target)
    canvas.setFont("DejaVu", 14)
    canvas.drawString(80, 700, "Агент: Щукин Ж.")
    canvas.save()
    before = unicode_map(target.getvalue())
    source = open_pdf(target.getvalue(), LIMITS)
    at = source.slots[0].text.index("Щукин")
    written = source.rewrite({0: [Edit(Span(at, at + 5), "*****")]})
    after = unicode_map(written.data)
    assert f"{ord('Щ'):04x}" in before
    assert f"{ord('Щ'):04x}" not in after
    assert f"{ord('Ж'):04x}" in after
    assert {char: is_drawn(target.getvalue(), char) for char in "ЩЖукн"} == dict.fromkeys("ЩЖукн", True)
    assert {char: is_drawn(written.data, char) for char in "Жнт"} == dict.fromkeys("Жнт", True)
    assert not any(is_drawn(written.data, char, target.getvalue()) for char in "Щуки")
    assert "Агент" in words(written.data)
    assert 0 in dots(written.data, (80, 700, 125, 712)), "letters that stay are still drawn"


def unicode_map(data: bytes) -> str:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        maps = [value.ToUnicode.read_bytes() for value in pdf.objects if "/ToUnicode" in keys(value)]
    return b"".join(maps).decode().lower()


def keys(value) -> list[str]:
    return list(value.keys()) if isinstance(value, Dictionary) else []


def is_drawn(data: bytes, char: str, coded: bytes = b"") -> bool:
    """Whether the embedded font has an outline for a character; its code is looked up in `coded`."""
    from fontTools.ttLib import TTFont

    code = next(code for code, text in meanings(unicode_map(coded or data).encode()).items() if text == char)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        program = next(value.FontFile2.read_bytes() for value in pdf.objects if "/FontFile2" in keys(value))
    with TTFont(io.BytesIO(program)) as font:
        glyph = font["cmap"].tables[0].cmap.get(code[0])
        return glyph is not None and font["glyf"][glyph].numberOfContours != 0


def test_names_of_hidden_glyphs_leave_a_font() -> None:
    pdf = base()
    told = "联系人欧阳一叶电话"
    names = [f"/uni{ord(char):04X}" for char in told]
    coded = {bytes([code]): char for code, char in enumerate(told, 1)}
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Subset"), FirstChar=1, LastChar=len(told))
    font.Widths, font.ToUnicode = [1000] * len(told), pdf.make_stream(program(coded))
    font.Encoding = Dictionary(BaseEncoding=Name.WinAnsiEncoding, Differences=[1, *map(Name, names)])
    font.FontDescriptor = pdf.make_indirect(Dictionary(Type=Name.FontDescriptor, FontName=Name("/Subset"), Flags=4))
    pdffiles.add(pdf, "/Font", "/Subset", pdf.make_indirect(font))
    draw(pdf, b"BT /Subset 12 Tf 80 300 Td <" + b"".join(coded).hex().encode() + b"> Tj ET")
    source = open_pdf(saved(pdf), LIMITS)
    (number,) = (index for index, slot in enumerate(source.slots) if told in slot.text)
    written = source.rewrite({number: [Edit(Span(3, 7), "某某")]})
    with pikepdf.open(io.BytesIO(written.data)) as after:
        fonts = [value for value in after.objects if keys(value) and value.get("/BaseFont") == Name("/Subset")]
        changed = fonts[0].Encoding
        kept = [str(item) for item in changed.Differences if isinstance(item, Name)]
        assert kept == names[:3] + names[7:] and changed.BaseEncoding == Name.WinAnsiEncoding
    assert "联系人" in words(written.data) and "电话" in words(written.data)


def test_locked_files_are_told_and_restricted_ones_are_freed() -> None:
    with pytest.raises(EncryptedDocument):
        open_pdf(files.pdf([LINE], password="secret"), LIMITS)
    restricted = saved(base(), encryption=pikepdf.Encryption(owner="owner", user=""))
    written = open_pdf(restricted, LIMITS).rewrite({})
    assert "限制编辑的加密已去除" in written.dropped
    with pikepdf.open(io.BytesIO(written.data)) as pdf:
        assert not pdf.is_encrypted


@pytest.mark.parametrize("limits", [Limits(max_pages=1), Limits(max_characters=10), Limits(max_unpacked=100)])
def test_limits(limits: Limits) -> None:
    with pytest.raises((OversizedDocument, ArchiveBomb)):
        open_pdf(files.pdf([LINE], [LINE]), limits)


def test_the_outlines_of_a_letter_tell_no_number() -> None:
    pdf = base()
    pdf.pages[0].Private = pdf.make_stream(b"1000 0 0 0 900 900 d1\n1160 58.666672 1145.33337 112 1116 144 c\nf\n")
    assert not any("33337 112 1116 144" in text for _, text in remains_pdf(saved(pdf), LIMITS))


def test_a_bomb_is_not_unpacked() -> None:
    pdf = base()
    pdf.Root.Bomb = pdf.make_stream(bytes(50_000_000))
    with pytest.raises(DocumentError) as caught:
        open_pdf(saved(pdf), Limits(max_unpacked=10_000_000))
    assert caught.value.slug == "archive-bomb"


def test_forms_that_draw_each_other_end() -> None:
    pdf = base()
    one, two = pdffiles.form(pdf, b"/B Do " + pdffiles.shown(TOLD)), pdffiles.form(pdf, b"/A Do")
    one.Resources.XObject, two.Resources.XObject = Dictionary(B=two), Dictionary(A=one)
    pdffiles.add(pdf, "/XObject", "/A", one)
    draw(pdf, b"/A Do")
    source = open_pdf(saved(pdf), LIMITS)
    written = source.rewrite(hide(source.slots))
    assert left(written.data) | told(written.data) == set()


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_however_a_value_is_cut_into_pieces_it_goes(data) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(TOLD) - 1), max_size=8)))
    gaps = [data.draw(st.sampled_from(["Tj", "TJ", "Td"])) for _ in range(len(cuts) + 1)]
    size, across = data.draw(st.sampled_from([7, 12, 20])), 40.0
    content = f"BT /F2 {size} Tf {across} 500 Td ".encode()
    for start, end, way in zip([0, *cuts], [*cuts, len(TOLD)], gaps, strict=True):
        codes = TOLD[start:end].encode("utf-16-be").hex()
        content += f"[<{codes}>] TJ ".encode() if way == "TJ" else f"<{codes}> Tj ".encode()
        if way == "Td":
            width = width_of(TOLD[:end]) * size
            content += f"1 0 0 1 {across + width:.3f} 500 Tm ".encode()
    pdf = base()
    draw(pdf, content + b"ET")
    source = open_pdf(saved(pdf), LIMITS)
    edits = hide(source.slots)
    assert sum(len(changes) for changes in edits.values()) == 3
    written = source.rewrite(edits)
    assert left(written.data) | told(written.data) == set()
    assert not any("图像" in said for said in written.dropped)


def width_of(text: str) -> float:
    """In sizes, as the font of the test files has it: digits are 0.462 wide."""
    return sum(0.462 if char.isdigit() else 1.0 for char in text)


def test_damaged_files_end_in_a_document_error() -> None:
    whole, rng = planted(*(set(PLACES) - {"以前的修订"})), random.Random(7)
    ends = 0
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 30)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        if rng.random() < 0.3:
            del data[rng.randrange(len(data)) :]
        try:
            source = open_pdf(bytes(data), LIMITS, pictures="grey")
            source.rewrite(hide(source.slots))
        except DocumentError as error:
            ends += 1
            assert not any(value in str(error) for value in MASKS)
    assert 0 < ends < 60
