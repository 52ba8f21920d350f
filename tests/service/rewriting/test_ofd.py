"""OFD: what each place of a package becomes, that nothing hidden stays in it, and that the rest of a page does."""

from __future__ import annotations

import io
import random
import zipfile

import files
import ofdkit
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, PngImagePlugin
from rewriting.ofdfiles import CONTENT, HOME, LINE, NAME, NUMBER, PLACES, TOLD, base, insert, left, planted, text_object
from rewriting.pdffiles import MASKS, hide

from gongkai.model.document import Span
from gongkai.model.errors import CorruptDocument, DocumentError, EncryptedDocument, OversizedDocument, UnsupportedPart
from gongkai.service.formats.ofd import read
from gongkai.service.limits import Limits
from gongkai.service.rewriting import scan
from gongkai.service.rewriting.joined import Joined
from gongkai.service.rewriting.ofd import open_ofd
from gongkai.service.rewriting.ofdremains import remains_ofd
from gongkai.service.rewriting.slots import Edit

LIMITS = Limits()
#: Place -> the place of the slot in which its text stays, masked; None: it goes whole.
FATES = {
    **dict.fromkeys(("正文", "几段文字", "几个对象", "字形变换", "重复描画", "嵌套的块", "模板页", "复合图元"), "正文"),
    **dict.fromkeys(("页面以外", "没有用到的模板"), "页面外文字"),
    **dict.fromkeys(("书签",), "书签"),
    **dict.fromkeys(("标题",), "文档属性"),
    **dict.fromkeys(("不可见的对象", "剪裁文字", "图案", "对象名称", "页面动作", "注释", "批注", "附件", "自定义标引")),
    **dict.fromkeys(("扩展数据", "电子签章", "历史版本", "文档信息", "图片文件名", "图片元数据", "多余的部件")),
}
SAID = {
    "不可见的对象": "不可见的内容已去除",
    "批注": "批注和注释已去除",
    "附件": "附件已去除",
    "自定义标引": "自定义标引已去除",
    "扩展数据": "扩展数据已去除",
    "电子签章": "电子签章和签名已去除",
    "历史版本": "历史版本已去除",
    "文档信息": "标题以外的文档属性已去除",
}


def told(data: bytes) -> set[str]:
    return {value for value in MASKS for _, text in remains_ofd(data, LIMITS) if value in text}


def page_of(*objects: str) -> bytes:
    parts = base()
    for xml in objects:
        insert(parts, CONTENT, "正文", xml)
    return files.zipped(parts)


def content(data: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        return etree.fromstring(box.read("Doc_0/Pages/0/Content.xml"))


def found(data: bytes, name: str) -> list[etree._Element]:
    return content(data).findall(f".//{{*}}{name}")


def test_the_table_names_every_place() -> None:
    assert set(FATES) == set(PLACES)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_nothing_stays_at_a_place(name: str) -> None:
    data = planted(name)
    assert left(data) | told(data) == set(MASKS), "the place holds the values before"
    source = open_ofd(data, LIMITS, pictures="grey")
    places = {slot.place for slot in source.slots if NAME in slot.text and NUMBER in slot.text and HOME in slot.text}
    assert places == ({FATES[name]} if FATES[name] else set())
    written = source.rewrite(hide(source.slots))
    assert left(written.data) | told(written.data) == set()
    assert SAID.get(name, "") in (*written.dropped, "")
    assert LINE in read(written.data, LIMITS)


@pytest.mark.parametrize("name", sorted(PLACES))
def test_the_proof_sees_a_place(name: str) -> None:
    assert told(planted(name)) == set(MASKS)


def test_nothing_stays_when_every_place_is_full() -> None:
    source = open_ofd(planted(*PLACES), LIMITS, pictures="grey")
    written = source.rewrite(hide(source.slots))
    assert left(written.data) | told(written.data) == set()
    assert not hide(open_ofd(written.data, LIMITS, pictures="grey").slots)


def test_slots_read_like_the_reader() -> None:
    data = planted("正文", "几段文字", "几个对象", "重复描画", "模板页", "复合图元", "页面以外")
    shown = [slot for slot in open_ofd(data, LIMITS, pictures="grey").slots if slot.body]
    assert Joined.of(shown).text == read(data, LIMITS) + "\n"


def test_no_edits_keep_the_text_and_the_jumps() -> None:
    data = planted("正文", "字形变换", "书签", "标题")
    written = open_ofd(data, LIMITS, pictures="grey").rewrite({})
    assert read(written.data, LIMITS) == read(data, LIMITS)
    with ofdkit.open(written.data) as document:
        assert document.info.title == TOLD
    with zipfile.ZipFile(io.BytesIO(written.data)) as box:
        tree = etree.fromstring(box.read("Doc_0/Document.xml"))
    assert [dest.get("PageID") for dest in tree.iterfind(".//{*}Dest")] == ["10", "10"]
    assert [page.get("ID") for page in tree.iterfind(".//{*}Pages/{*}Page")] == ["10"]


@pytest.mark.parametrize(
    ("line", "old", "new", "expected"),
    [
        ("甲方：欧阳一叶，乙方", "欧阳一叶", "欧阳某某", "甲方：欧阳某某，乙方"),
        ("电话13800001111转2", "13800001111", "138****1111", "电话138****1111转2"),
        ("住址：青禾县东街12号", "青禾县东街12号", "青禾县", "住址：青禾县"),
        ("甲方：欧阳一叶", "甲方：", "", "欧阳一叶"),
    ],
)
def test_a_replacement_reads_in_place(line: str, old: str, new: str, expected: str) -> None:
    source = open_ofd(page_of(text_object(line, 50)), LIMITS, pictures="grey")
    index = next(index for index, slot in enumerate(source.slots) if old in slot.text)
    at = source.slots[index].text.index(old)
    written = source.rewrite({index: [Edit(Span(at, at + len(old)), new)]})
    lines = ["".join(text.split()) for text in read(written.data, LIMITS).split("\n")]
    assert lines == [LINE, expected]


def test_what_stays_does_not_move() -> None:
    source = open_ofd(page_of(text_object("甲欧阳一叶乙", 50)), LIMITS, pictures="grey")
    written = source.rewrite(hide(source.slots))
    codes = {code.text: (code.get("X"), code.get("Y"), code.get("DeltaX")) for code in found(written.data, "TextCode")}
    assert codes["甲欧阳"] == ("0", "5", "5 5")
    assert codes["某某"] == ("15", "5", "5")
    assert codes["乙"] == ("25", "5", None)
    boxes = [path.findtext("{*}AbbreviatedData") for path in found(written.data, "PathObject")]
    assert boxes == ["M 15 0.6 L 25 0.6 L 25 5.6 L 15 5.6 C"]


def test_glyphs_of_hidden_characters_go_and_the_others_count_anew() -> None:
    glyphs = (
        '<ofd:CGTransform CodePosition="0" CodeCount="2"><ofd:Glyphs>11 12</ofd:Glyphs></ofd:CGTransform>'
        '<ofd:CGTransform CodePosition="2" CodeCount="3"><ofd:Glyphs>13 14 15</ofd:Glyphs></ofd:CGTransform>'
        '<ofd:CGTransform CodePosition="5" CodeCount="1"><ofd:Glyphs>16</ofd:Glyphs></ofd:CGTransform>'
    )
    source = open_ofd(page_of(text_object("甲欧阳一叶乙", 50, 60, glyphs)), LIMITS, pictures="grey")
    written = source.rewrite(hide(source.slots))
    kept = {
        (transform.get("CodePosition"), transform.get("CodeCount"), transform.findtext("{*}Glyphs"))
        for transform in found(written.data, "CGTransform")
    }
    assert kept == {("0", "2", "11 12"), ("2", "1", "13"), ("3", "1", "16")}


def test_new_objects_have_numbers_of_their_own() -> None:
    source = open_ofd(planted(*PLACES), LIMITS, pictures="grey")
    written = source.rewrite(hide(source.slots))
    with zipfile.ZipFile(io.BytesIO(written.data)) as box:
        trees = [etree.fromstring(box.read(name)) for name in box.namelist() if name.endswith(".xml")]
        marks = etree.fromstring(box.read("Doc_0/Marks.xml"))
    fonts = [font.get("ID") for tree in trees for font in tree.iterfind(".//{*}Font")]
    font = marks.find(".//{*}Font").get("ID")
    new = [made.get("ID") for tree in trees for made in tree.iter("{*}TextObject") if made.get("Font") == font]
    assert new
    assert len(set(fonts)) == len(fonts)
    assert all(int(number) > 99 for number in new)
    top = next(int(e.text) for tree in trees for e in tree.iterfind(".//{*}MaxUnitID"))
    assert max(map(int, new)) <= top


def test_upright_text_is_boxed_downwards() -> None:
    code = '<ofd:TextCode X="0" Y="5" DeltaY="5 5 5 5 5">甲欧阳一叶乙</ofd:TextCode>'
    xml = f'<ofd:TextObject ID="60" Boundary="20 50 10 60" Size="5">{code}</ofd:TextObject>'
    source = open_ofd(page_of(xml), LIMITS, pictures="grey")
    written = source.rewrite(hide(source.slots))
    assert left(written.data) == set()
    codes = {code.text: (code.get("Y"), code.get("DeltaY")) for code in found(written.data, "TextCode")}
    assert codes["某某"] == ("20", "5")
    assert codes["乙"] == ("30", None)


@pytest.mark.parametrize(("pictures", "said"), [("blank", "dropped"), ("grey", "dropped"), ("keep", "by_eye")])
def test_pictures_become_grey_or_are_told(monkeypatch, pictures: str, said: str) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: False)
    written = open_ofd(planted("正文"), LIMITS, pictures=pictures).rewrite({})
    assert any(text.startswith("图片1张") for text in getattr(written, said))
    with zipfile.ZipFile(io.BytesIO(written.data)) as box:
        picture = next(box.read(name) for name in box.namelist() if name.endswith(".img"))
    assert picture.startswith(b"\x89PNG")
    assert (picture == base()["Doc_0/Res/photo.png"]) == (pictures == "keep")


def pictured(kind: str) -> bytes:
    """A picture of a kind that says something beside its pixels."""
    target, info, told = io.BytesIO(), PngImagePlugin.PngInfo(), {"GIF": {"comment": TOLD.encode()}}
    info.add_text("Author", NUMBER, zip=True)
    info.add_itxt("Comment", TOLD)
    told |= {"PNG": {"pnginfo": info}, "TIFF": {"tiffinfo": {270: NUMBER}}, "BMP": {}, "JPEG": {}}
    files._picture().convert("P" if kind == "GIF" else "RGB").save(target, kind, **told[kind])
    return target.getvalue() + (TOLD.encode() + b"\xff\xd9" if kind != "TIFF" else b"")


@pytest.mark.parametrize("pictures", ["blank", "keep"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "TIFF", "BMP"])
def test_a_picture_that_stays_says_nothing_beside_its_pixels(monkeypatch, kind: str, pictures: str) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: True)
    monkeypatch.setattr(scan, "read_lines", lambda image: [])
    parts = base() | {"Doc_0/Res/photo.png": pictured(kind)}
    assert NUMBER in told(files.zipped(parts))
    written = open_ofd(files.zipped(parts), LIMITS, pictures=pictures).rewrite({})
    assert left(written.data) | told(written.data) == set()
    with zipfile.ZipFile(io.BytesIO(written.data)) as box:
        bare = next(box.read(name) for name in box.namelist() if name.endswith(".img"))
    pair = [Image.open(io.BytesIO(one)).convert("RGB") for one in (pictured(kind), bare)]
    assert pair[0].tobytes() == pair[1].tobytes() and not written.dropped


def test_what_is_no_picture_becomes_grey() -> None:
    parts = base() | {"Doc_0/Res/photo.png": TOLD.encode("utf-16")}
    written = open_ofd(files.zipped(parts), LIMITS, pictures="keep").rewrite({})
    assert left(written.data) == set() and "图片1张已替换为灰块" in written.dropped and not written.by_eye


def numbered_glyphs(text: str, count: int) -> str:
    glyphs = " ".join(str(900 + at) for at in range(count))
    inside = (
        f'<ofd:CGTransform CodePosition="0" GlyphCount="{count}"><ofd:Glyphs>{glyphs}</ofd:Glyphs></ofd:CGTransform>'
    )
    return text_object(text, 50, 60, inside)


@pytest.mark.parametrize("xml", [numbered_glyphs("", 4), text_object("\ue001\ue002\ue003\ue004\ue005\ue006", 50)])
def test_glyphs_that_no_text_names_are_refused(xml: str) -> None:
    with pytest.raises(UnsupportedPart, match="第1页有只写字形编号"):
        open_ofd(page_of(xml), LIMITS, pictures="grey")


@pytest.mark.parametrize("xml", [numbered_glyphs("  ", 2), text_object("\uf06c重点", 50)])
def test_blanks_and_bullets_are_no_unnamed_glyphs(xml: str) -> None:
    assert open_ofd(page_of(xml), LIMITS, pictures="grey").slots


def test_text_behind_a_comment_is_read() -> None:
    source = open_ofd(page_of(text_object(f"{NAME[:2]}<!--注-->{NAME[2:]}", 50)), LIMITS, pictures="grey")
    assert any(NAME in slot.text for slot in source.slots)


def test_glyphs_left_in_an_embedded_font_are_told() -> None:
    parts = base() | {"Doc_0/Res/a.ttf": b"\0\1\0\0"}
    font = '<ofd:Font ID="1" FontName="宋体"><ofd:FontFile>a.ttf</ofd:FontFile></ofd:Font>'
    parts["Doc_0/PublicRes.xml"] = str(parts["Doc_0/PublicRes.xml"]).replace('<ofd:Font ID="1" FontName="宋体"/>', font)
    insert(parts, CONTENT, "正文", text_object(TOLD, 50))
    source = open_ofd(files.zipped(parts), LIMITS, pictures="grey")
    assert any("嵌入的字体" in text for text in source.rewrite(hide(source.slots)).by_eye)
    assert not source.rewrite({}).by_eye


def scanned() -> bytes:
    parts = base()
    image = '<ofd:ImageObject ID="52" Boundary="0 0 210 297" ResourceID="6"/>'
    parts[CONTENT] = str(parts[CONTENT]).replace(text_object(LINE, 20), image)
    return files.zipped(parts)


def test_a_scan_needs_the_extra(monkeypatch) -> None:
    monkeypatch.setattr(scan, "ocr_available", lambda: False)
    with pytest.raises(UnsupportedPart, match="第1页是扫描图片"):
        open_ofd(scanned(), LIMITS)
    assert "图片1张已替换为灰块" in open_ofd(scanned(), LIMITS, pictures="grey").rewrite({}).dropped


def test_drawn_letters_are_refused() -> None:
    parts = base()
    drawn = (
        f'<ofd:PathObject ID="60"><ofd:AbbreviatedData>{"B 1 1 2 2 3 3 " * 400}</ofd:AbbreviatedData></ofd:PathObject>'
    )
    parts[CONTENT] = str(parts[CONTENT]).replace(text_object(LINE, 20), drawn)
    with pytest.raises(UnsupportedPart, match="第1页的文字是描边字形"):
        open_ofd(files.zipped(parts), LIMITS)


def test_locked_packages_are_told() -> None:
    with pytest.raises(EncryptedDocument):
        open_ofd(files.zipped(base() | {"Encryptions.xml": "<a/>"}), LIMITS)


@pytest.mark.parametrize("limits", [Limits(max_pages=1), Limits(max_characters=3)])
def test_limits(limits: Limits) -> None:
    with pytest.raises(OversizedDocument):
        open_ofd(files.ofd(["第一页"], ["第二页"]), limits)


@pytest.mark.parametrize("name", [CONTENT, "Doc_0/Tpls/Tpl_0/Content.xml", "Doc_0/PublicRes.xml", "OFD.xml"])
def test_a_missing_part_is_told(name: str) -> None:
    parts = base()
    del parts[name]
    with pytest.raises(CorruptDocument):
        open_ofd(files.zipped(parts), LIMITS)


def test_entities_are_refused() -> None:
    parts = base()
    parts[CONTENT] = '<!DOCTYPE a [<!ENTITY b "c">]>' + str(parts[CONTENT])
    with pytest.raises(CorruptDocument):
        open_ofd(files.zipped(parts), LIMITS)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_however_a_value_is_cut_into_pieces_it_goes(data) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(TOLD) - 1), max_size=8)))
    apart = data.draw(st.lists(st.booleans(), min_size=len(cuts) + 1, max_size=len(cuts) + 1))
    objects, codes, across = [], "", 20.0
    for start, end, ends in zip([0, *cuts], [*cuts, len(TOLD)], apart, strict=True):
        widths = [5 if ord(char) > 255 else 2.5 for char in TOLD[start:end]]
        steps = " ".join(map(str, widths[:-1]))
        codes += f'<ofd:TextCode X="{across}" Y="5" DeltaX="{steps}">{TOLD[start:end]}</ofd:TextCode>'
        across += sum(widths)
        if ends or end == len(TOLD):
            objects.append(f'<ofd:TextObject ID="60" Boundary="0 50 210 7" Size="5">{codes}</ofd:TextObject>')
            codes = ""
    data.draw(st.randoms()).shuffle(objects)
    source = open_ofd(page_of(*objects), LIMITS, pictures="grey")
    edits = hide(source.slots)
    assert sum(len(changes) for changes in edits.values()) == 3
    written = source.rewrite(edits)
    assert left(written.data) | told(written.data) == set()
    assert "欧阳某某" in "".join(read(written.data, LIMITS).split())


def test_damaged_packages_end_in_a_document_error() -> None:
    whole, rng, ends = planted(*PLACES), random.Random(7), 0
    with zipfile.ZipFile(io.BytesIO(whole)) as box:
        parts = {name: box.read(name) for name in box.namelist()}
    for _ in range(60):
        broken = dict(parts)
        name = rng.choice(sorted(broken))
        body = bytearray(broken[name])
        for _ in range(rng.randint(1, 8)):
            body[rng.randrange(len(body))] = rng.randrange(256)
        broken[name] = bytes(body)
        data = files.zipped(broken)
        data = data[: rng.randrange(len(data))] if rng.random() < 0.2 else data
        try:
            source = open_ofd(data, LIMITS, pictures="grey")
            source.rewrite(hide(source.slots))
        except DocumentError as error:
            ends += 1
            assert not any(value in str(error) for value in MASKS)
    assert 0 < ends < 60
