"""Word files: what each place of a file becomes, that nothing hidden stays in the bytes, and that layout stays."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterable
from functools import cache
from xml.sax.saxutils import quoteattr

import docx
import files
import pytest
from files import paragraph, raw_docx
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from rewriting.officefiles import (
    BODY,
    HOME,
    MASKS,
    MICROSOFT,
    NAME,
    NUMBER,
    SPACES,
    field,
    full_docx,
    grey_jpeg,
    hide,
    picture,
    planted,
    rezipped,
    run,
    unpacked,
)

from gongkai.model.document import Span
from gongkai.model.errors import DocumentError, UnsupportedPart
from gongkai.service.formats.word import read
from gongkai.service.limits import Limits
from gongkai.service.rewriting.officeremains import remains_word
from gongkai.service.rewriting.slots import Edit
from gongkai.service.rewriting.word import open_word

LIMITS = Limits()
#: Place -> does its text stay, masked; the rest goes whole.
FATES = {
    **dict.fromkeys(("正文处", "断行处", "链接文字处", "表格处", "页眉处", "页脚处", "脚注处", "尾注处"), True),
    **dict.fromkeys(("批注处", "修订增加处", "合并域结果处", "控件内容处", "文本框处", "合并遮住处", "注音处"), True),
    **dict.fromkeys(("域代码处", "下拉处", "提示处", "表格说明处", "替代文字处", "图形标题处"), True),
    **dict.fromkeys(("旧式替代文字处", "水印处", "图表标题处", "图表类别处", "样式名处", "编号处"), True),
    **dict.fromkeys(("题名处", "主题处", "关键词处", "备注处", "分类处", "单位处"), True),
    **dict.fromkeys(("修订作者处", "修订删除处", "移走处", "隐藏处", "样式隐藏处", "批注作者处", "人员处"), False),
    **dict.fromkeys(
        ("简单域处", "窗体名处", "窗体默认处", "控件名处", "控件标记处", "控件选项处", "智能标记处"), False
    ),
    **dict.fromkeys(("文本框备份处", "打包图形处", "图形名称处", "图片文件名处", "对象图名处", "图片内部处"), False),
    **dict.fromkeys(("嵌入工作簿处", "嵌入对象处", "部件库处", "邮件合并处", "文档变量处", "自定义数据处"), False),
    **dict.fromkeys(("作者处", "修改者处", "经理处", "模板处", "链接基址处", "属性名处", "属性值处"), False),
    **dict.fromkeys(("签名处", "注释处", "指令处"), False),
}
TEXT = paragraph("文字")
FULL = full_docx()


@cache
def remaining(data: bytes) -> str:
    return "\n".join(text for _, text in remains_word(data, LIMITS))


def signs(characters: Iterable[str], before: str = "") -> str:
    """Characters as signs of a font."""
    return "".join(f"<w:r><w:sym w:font='Symbol' w:char='{before}{one}'/></w:r>" for one in characters)


def body(data: bytes) -> str:
    return "".join(slot.text + slot.after for slot in open_word(data, LIMITS).slots if slot.body).strip("\n")


@pytest.fixture(scope="module")
def hidden():
    opened = open_word(FULL, LIMITS)
    return opened.rewrite(hide(opened))


def test_the_full_file_holds_every_place():
    assert {place for place in FATES if f"{place}：" not in unpacked(FULL)} == set()


@pytest.mark.parametrize("place", FATES)
def test_place(hidden, place):
    assert (f"{place}：" in remaining(hidden.data)) is FATES[place]


@pytest.mark.parametrize("value", MASKS)
def test_no_value_survives_in_the_bytes(hidden, value):
    assert value in unpacked(FULL)
    assert value not in unpacked(hidden.data)
    assert value in remaining(FULL)
    assert value not in remaining(hidden.data)
    assert value not in "".join(slot.text for slot in open_word(hidden.data, LIMITS).slots)


def test_masks_are_readable_where_the_values_stood(hidden):
    text = read(hidden.data, LIMITS)
    assert "正文处：欧阳某某，3301**********5415，青禾县，同意。" in text
    assert "表格处：欧阳某某\t3301**********5415" in text
    assert "断行处：3301**********5415" in text


def test_the_remains_tell_every_place_of_the_original():
    """Else a proof could not fail: what is packed in pictures and packages counts too."""
    found = remaining(FULL)
    assert {place for place in FATES if f"{place}：" not in found} == set()


@pytest.mark.parametrize(
    "between",
    [
        "<w:bookmarkStart w:id='1' w:name='a'/>",
        "<w:proofErr/>",
        "<w:r><w:instrText>PAGE</w:instrText></w:r>",
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>",
        "<w:r><w:pict><v:shape><v:textbox><w:txbxContent>"
        + TEXT
        + "</w:txbxContent></v:textbox></v:shape></w:pict></w:r>",
        "<w:r><w:ruby><w:rt><w:r><w:t>yi</w:t></w:r></w:rt><w:rubyBase/></w:ruby></w:r>",
        "<!-- 旁 -->",
    ],
)
def test_the_remains_run_a_value_together(between):
    data = raw_docx(f"<w:p>{run(NAME[:2])}{between}{run(NAME[2:])}</w:p>{paragraph('别处')}")
    assert NAME in remaining(data)
    assert f"{NAME}别处" not in remaining(data)


def test_what_went_is_said(hidden):
    assert {
        "修订中已删除或移走的内容2处已彻底清除",
        "修订标记1处已按接受处理，作者和时间已清除",
        "隐藏文字2处已删除",
        "图片1张已替换为灰块",
        "嵌入的文件或对象2个已删除",
        "批注1条的作者和时间已清除",
        "内容控件1个已转为普通文字",
        "取自外部或属性的域2处已转为普通文字",
        "数字签名已删除（内容已改动，签名不再有效）",
        "自定义 XML 数据1处已删除",
        "缩略图已删除",
    } <= set(hidden.dropped)
    assert hidden.by_eye == ()


def test_word_can_open_it(hidden):
    document = docx.Document(io.BytesIO(hidden.data))
    assert document.paragraphs[0].text == "正文处：欧阳某某，3301**********5415，青禾县，同意。"
    assert document.tables[0].cell(1, 1).text == "3301**********5415"
    assert document.core_properties.author == ""
    assert document.core_properties.title == "题名处：欧阳某某，3301**********5415，青禾县"
    assert [comment.author for comment in document.comments] == [""]
    assert len(document.inline_shapes) == 2


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (files.notice_docx(), None),
        (files.merged_docx(), None),
        (raw_docx(files.TEXT_BOX), "锚点\n框内文字"),
        (raw_docx(f"{paragraph('')}{paragraph('甲')}{paragraph('')}{paragraph('乙')}{paragraph('')}"), "甲\n\n乙"),
        (raw_docx("<w:p><w:r><w:br/><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/></w:r></w:p>"), "甲\t乙"),
        (raw_docx("<w:p><w:r><w:sym w:font='Wingdings' w:char='F0FE'/><w:t>同意</w:t></w:r></w:p>"), "☑同意"),
        (raw_docx(f"<w:p>{signs('05a', 'F03')}<w:r><w:t>&#xF038;9\n1</w:t></w:r></w:p>"), "05\uf03a89 1"),
        (raw_docx(f"<w:p>{signs('甲')}<w:r><w:sym/></w:r>{signs(('0', 'D800', '110000', '4E6F'))}</w:p>"), "乯"),
        (raw_docx(paragraph("?n=%E6%AC%A7&amp;b=%C5%B7%D1%F4%20，50%25")), "?n=欧&b=欧阳%20，50%25"),
        (
            raw_docx(f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>前</w:t></w:r></w:p>{paragraph('后')}"),
            "前后",
        ),
        (
            raw_docx(f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{TEXT}</w:tc></w:tr></w:tbl>{TEXT}"),
            "文字",
        ),
        (
            raw_docx(
                paragraph("正文"),
                {name: paragraph(name[:6]) for name in ("endnotes", "footer1", "header1", "header2", "footnotes")},
            ),
            "header\n正文\nfootno\nendnot\nfooter",
        ),
    ],
)
def test_body_slots_read_as_the_reader_reads(data, text):
    assert body(data) == read(data, LIMITS) == (text or body(data))
    assert read(open_word(data, LIMITS).rewrite({}).data, LIMITS) == body(data)


@pytest.mark.parametrize(
    "inside",
    [
        f"<w:r><w:sym w:font='Symbol' w:char='0033'/></w:r>{run(NUMBER[1:])}",
        f"{signs(NUMBER[:8], 'F03')}{run(NUMBER[8:])}",
        run("".join(chr(0xF000 + ord(digit)) for digit in NUMBER)),
        run(f"{NUMBER[:9]}\n    {NUMBER[9:]}"),
        run("".join(f"%{byte:02X}" for byte in NAME.encode())),
        run("".join(f"%{byte:02X}" for byte in NAME.encode("gb18030"))),
    ],
)
def test_text_is_seen_as_it_looks(inside):
    data = raw_docx(f"<w:p>{run('证件：')}{inside}</w:p>")
    opened = open_word(data, LIMITS)
    seen = "".join(remaining(data).split())
    assert NAME in seen or NUMBER in seen
    assert "".join(opened.slots[0].text.split()) in (f"证件：{NAME}", f"证件：{NUMBER}")


def test_the_full_file_reads_as_the_reader_reads_it_once_hidden_text_is_gone():
    shown = open_word(FULL, LIMITS).rewrite({}).data
    assert read(shown, LIMITS) == body(FULL) == body(shown)
    assert {"隐藏处", "样式隐藏处"} <= {place for place in FATES if f"{place}：" in read(FULL, LIMITS)}


def test_slots_stand_body_first_and_name_their_places():
    slots = open_word(FULL, LIMITS).slots
    assert [slot.body for slot in slots] == sorted((slot.body for slot in slots), reverse=True)
    places = {slot.place for slot in slots}
    assert {
        "正文",
        "表格",
        "文本框",
        "页眉",
        "页脚",
        "脚注",
        "尾注",
        "批注",
        "域代码",
        "文档属性",
        "链接地址",
    } <= places


def test_repeated_headers_share_their_slots():
    parts = {name: paragraph("青禾县35岁") for name in ("header1", "header2")}
    opened = open_word(raw_docx(paragraph("正文"), parts), LIMITS)
    assert [slot.text for slot in opened.slots] == ["青禾县35岁", "正文"]
    out = opened.rewrite({0: [Edit(Span(3, 6), "某岁")]}).data
    assert "35" not in remaining(out)
    assert unpacked(out).count("青禾县某岁") == 2


def test_notes_that_nothing_refers_to_go():
    """A note of deleted text would stay behind it; separators have no reference either and stay."""
    content = (
        "<w:p><w:del><w:r><w:footnoteReference w:id='1'/></w:r></w:del><w:r><w:footnoteReference w:id='2'/></w:r></w:p>"
    )
    notes = "".join(f"<w:footnote w:id='{number}'>{paragraph(f'注{number}')}</w:footnote>" for number in (1, 2))
    notes += f"<w:footnote w:type='separator' w:id='0'>{paragraph('线')}</w:footnote>"
    out = open_word(raw_docx(content, {"footnotes": notes}), LIMITS).rewrite({})
    assert read(out.data, LIMITS) == "注2\n线"
    assert "正文没有引用的脚注、尾注、批注1条已删除" in out.dropped


def test_runs_keep_their_looks():
    text = f"<w:p>{run('联系人欧', '<w:b/>')}{run('阳一')}{run('叶同志', '<w:i/>')}</w:p>"
    opened = open_word(raw_docx(text), LIMITS)
    shown = docx.Document(io.BytesIO(opened.rewrite(hide(opened)).data)).paragraphs[0]
    assert [(r.text, r.bold, r.italic) for r in shown.runs] == [
        ("联系人欧阳某某", True, None),
        ("", None, None),
        ("同志", None, True),
    ]


def test_the_reading_of_what_is_hidden_goes():
    syllables = zip((*NAME, "乡"), ("ou1", "yang2", "yi1", "ye4", "xiang1"), strict=True)
    rubies = "".join(
        f"<w:r><w:ruby><w:rt>{run(said)}</w:rt><w:rubyBase>{run(written)}</w:rubyBase></w:ruby></w:r>"
        for written, said in syllables
    )
    opened = open_word(raw_docx(f"<w:p>{run('甲')}{rubies}</w:p>"), LIMITS)
    out = opened.rewrite(hide(opened))
    assert read(out.data, LIMITS) == f"甲{MASKS[NAME]}乡"
    left = unpacked(out.data)
    assert not [said for said in ("ou1", "yang2", "yi1", "ye4") if f">{said}<" in left]
    assert ">xiang1<" in left
    assert "遮蔽处上方的注音4处已清除" in out.dropped


def test_who_changed_styles_and_numbering_is_not_told():
    kept = "<w:pPr><w:jc w:val='left'/><w:pPrChange w:id='1' w:author='ouyang'><w:pPr/></w:pPrChange></w:pPr>"
    parts = {
        "word/styles.xml": f"<w:styles {SPACES}><w:style w:styleId='a'>{kept}</w:style></w:styles>",
        "word/numbering.xml": f"<w:numbering {SPACES}><w:abstractNum>{kept}</w:abstractNum></w:numbering>",
    }
    left = unpacked(open_word(full_docx(parts=parts), LIMITS).rewrite({}).data)
    assert "ouyang" not in left
    assert left.count("<w:jc ") >= 2


def test_many_deleted_paragraph_marks_run_into_one_line():
    gone = f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run('甲')}{run('乙')}</w:p>"
    data = raw_docx(paragraph("首") + gone * 300 + paragraph("尾"))
    assert body(data) == read(data, LIMITS) == "首\n" + "甲乙" * 300 + "尾"


def test_a_rewrite_depends_on_its_edits_alone():
    opened = open_word(FULL, LIMITS)
    first = opened.rewrite(hide(opened))
    assert opened.rewrite({}).data != first.data
    assert opened.rewrite(hide(opened)) == first
    with zipfile.ZipFile(io.BytesIO(first.data)) as box:
        assert {entry.date_time for entry in box.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("mailto:%E6%AC%A7%E9%98%B3%E4%B8%80%E5%8F%B6@example.com", f"mailto:{NAME}@example.com"),
        ("http://a.example/%C5%B7%D1%F4%D2%BB%D2%B6", f"http://a.example/{NAME}"),
    ],
)
def test_addresses_are_read_without_their_encoding(address, shown):
    link = f"<w:p><w:hyperlink r:id='rIdMore'>{run('链接')}</w:hyperlink></w:p>"
    data = full_docx(("rIdMore", "hyperlink", address), body=link)
    opened = open_word(data, LIMITS)
    assert shown in [slot.text for slot in opened.slots if slot.place == "链接地址"]
    assert NAME in remaining(data)
    assert NAME not in remaining(opened.rewrite(hide(opened)).data)


@pytest.mark.parametrize("address", ["file:///d:/ouyang/a.doc", "C:\\ouyang\\a.doc", "\\\\server\\ouyang\\a.doc"])
def test_links_to_files_of_a_machine_go_and_their_text_stays(address):
    code = f' HYPERLINK "{address}"'
    link = f"<w:p><w:hyperlink r:id='rIdMore'>{run('附件')}</w:hyperlink>{field(code, '二')}</w:p>"
    out = open_word(full_docx(("rIdMore", "hyperlink", address), body=link), LIMITS).rewrite({})
    assert "指向本机或内网文件的链接1处已删除" in out.dropped
    assert "ouyang" not in unpacked(out.data)
    assert "附件二" in read(out.data, LIMITS)


@pytest.mark.parametrize(
    "code",
    [
        ' HYPERLINK "http://a.example/?n=%E6%AC%A7%E9%98%B3%E4%B8%80%E5%8F%B6&b=%20"',
        " HYPERLINK http://a.example/%C5%B7%D1%F4%D2%BB%D2%B6?b=%20 ",
    ],
)
@pytest.mark.parametrize("simple", [False, True])
def test_addresses_in_codes_are_read_without_their_encoding(code, simple):
    plain = f"<w:p><w:fldSimple w:instr={quoteattr(code)}>{run('链接')}</w:fldSimple></w:p>"
    data = raw_docx(plain if simple else f"<w:p>{field(code, '链接')}</w:p>")
    opened = open_word(data, LIMITS)
    assert NAME in remaining(data)
    out = opened.rewrite(hide(opened)).data
    assert NAME not in remaining(out)
    assert MASKS[NAME] in remaining(out)
    assert "%20" in unpacked(out)


@pytest.mark.parametrize(
    "inside",
    [
        field(" HYPERLINK C:\\\\ouyang\\\\a.doc ", "链接"),
        f"<w:fldSimple w:instr='HYPERLINK \"file:///d:/ouyang/a.doc\"'>{run('链接')}</w:fldSimple>",
        f"<w:r><w:pict><v:shape id='s' href='file:///d:/ouyang/a.doc'/></w:pict></w:r>{run('链接')}",
        f"<w:r><w:pict><v:shape><v:imagedata src='d:\\ouyang\\a.png'/></v:shape></w:pict></w:r>{run('链接')}",
        f"<w:r><w:pict><v:shape><o:signatureline o:suggestedsigner='ouyang' o:suggestedsigner2='ouyang' "
        f"o:suggestedsigneremail='ouyang@example.com'/></v:shape></w:pict></w:r>{run('链接')}",
    ],
)
def test_paths_and_signers_outside_of_relations_go(inside):
    out = open_word(full_docx(body=f"<w:p>{inside}</w:p>"), LIMITS).rewrite({})
    assert "ouyang" not in unpacked(out.data)
    assert "链接" in read(out.data, LIMITS)


@pytest.mark.parametrize(
    ("codes", "shown"),
    [
        ((' EQ \\* jc2 \\* "Font:宋体" \\* hps10 \\o\\ad(\\s\\up 9(ōu),', "欧) "), "欧"),
        (("eq \\o\\ac(○,", "1)"), "1"),
        (("EQ \\o(\\s\\up 6(欧阳),\\s\\do 2(一叶))",), "欧阳一叶"),
        (("EQ \\x\\to(欧阳)",), "欧阳"),
        (("EQ \\o(\\s\\up 9(ōu);欧", ")"), "欧"),
        (("EQ \\f(1,2)",), ""),
        (("EQ \\o()",), ""),
    ],
)
def test_text_that_a_code_shows_becomes_text(codes, shown):
    marks = [f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end")]
    inside = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    data = raw_docx(f"<w:p>{run('甲')}{inside.join(marks)}{run('乙')}</w:p>")
    out = open_word(data, LIMITS).rewrite({})
    assert body(data) == read(out.data, LIMITS) == f"甲{shown}乙"
    assert any("带圈" in said for said in out.dropped) == bool(shown)


def test_what_a_package_says_about_itself_goes():
    target = io.BytesIO(FULL)
    with zipfile.ZipFile(target, "a") as box:
        box.comment = NAME.encode()
        box.writestr(f"word/{NUMBER}.xml", planted("未引用处"))
    data = target.getvalue()
    assert remains(data, "压缩包") >= {NAME, NUMBER}
    assert remains(open_word(data, LIMITS).rewrite({}).data, "压缩包") == set()
    assert "未引用处" not in unpacked(open_word(data, LIMITS).rewrite({}).data)


def remains(data: bytes, where: str) -> set[str]:
    return {value for place, text in remains_word(data, LIMITS) if place == where for value in MASKS if value in text}


def test_fonts_in_a_style_are_nobodys_names():
    style = "font-family:&quot;宋体&quot;;font-size:1pt;v-text-kern:t"
    shape = f'<v:shape><v:textpath style="{style}" string="样稿"/></v:shape>'
    data = raw_docx(f"<w:p>{run('文字')}<w:r><w:pict>{shape}{shape.replace('font-size', NAME)}</w:pict></w:r></w:p>")
    hidden = [slot.text for slot in open_word(data, LIMITS).slots if not slot.body]
    assert sum("宋体" in text for text in hidden) == sum(NAME in text for text in hidden) == 1


def test_pictures_are_greyed_or_kept():
    grey, kept = (open_word(FULL, LIMITS, pictures=how).rewrite({}) for how in ("blank", "keep"))
    assert grey_jpeg() not in media(grey.data).values()
    assert list(media(kept.data)) == ["word/media/image1.jpeg"]
    assert kept.by_eye == ("图片1张未作处理，请逐张核对其中是否有个人信息",)
    with pytest.raises(ValueError, match="blank"):
        open_word(FULL, LIMITS, pictures="hide")


def spoken(form: str, **how: object) -> bytes:
    """A picture of two colours that says something beside its dots, and behind its end."""
    target, exif, notes = io.BytesIO(), Image.Exif(), PngInfo()
    exif[0x9C9C] = planted("相机处").encode("utf-16-le")
    notes.add_itxt("Comment", planted("说明处"), zip=True)
    picture = Image.effect_noise((90, 70), 60).convert("RGB")
    words = {"exif": exif, "comment": planted("注释处").encode()} if form == "JPEG" else {"pnginfo": notes}
    picture.save(target, form, **words, **how)
    return target.getvalue() + planted("末尾处").encode()


@pytest.mark.parametrize(
    "picture", [spoken("JPEG"), spoken("JPEG", progressive=True), spoken("JPEG", restart_marker_rows=1), spoken("PNG")]
)
def test_kept_pictures_say_nothing_beside_their_dots(picture):
    data = full_docx(parts={f"word/media/{NAME}{NUMBER}.jpeg": picture})
    (kept,) = media(open_word(data, LIMITS, pictures="keep").rewrite({}).data).values()
    with Image.open(io.BytesIO(picture)) as before, Image.open(io.BytesIO(kept)) as after:
        assert before.tobytes() == after.tobytes()
        said = {"exif", "comment", "Comment"}
        assert before.info.keys() - said - after.info.keys() <= {"dpi"}  # which is told by the notes too
        assert not said & after.info.keys()
    assert NUMBER.encode() not in kept
    with pytest.raises(UnsupportedPart, match="图片格式"):
        cut = full_docx(parts={f"word/media/{NAME}{NUMBER}.jpeg": picture[:200]})
        open_word(cut, LIMITS, pictures="keep")


def test_what_is_cropped_is_told_where_pictures_stay():
    crop = "<a:srcRect l='1000' r='0'/>"
    data = full_docx(body=f"<w:p>{picture('rIdPicture').replace('<a:stretch>', crop + '<a:stretch>')}</w:p>")
    grey, kept = (open_word(data, LIMITS, pictures=how).rewrite({}) for how in ("blank", "keep"))
    assert [("裁剪" in "".join(one.by_eye)) for one in (grey, kept)] == [False, True]
    assert ["1000" in unpacked(one.data) for one in (grey, kept)] == [False, True]


def media(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as box:
        return {name: box.read(name) for name in box.namelist() if "/media/" in name}


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (full_docx(("rIdX", "vbaProject", "vba.bin"), parts={"word/vba.bin": "x"}), "宏代码"),
        (full_docx(parts={"word/vbaProject.bin": "x"}), "宏代码"),
        (full_docx(("rIdX", f"{MICROSOFT}/keyMapCustomizations", "keys.xml")), "自定义命令"),
        (full_docx(("rIdX", "aFChunk", "chunk.html"), parts={"word/chunk.html": "x"}), "altChunk"),
        (full_docx(("rIdX", "subDocument", "other.docx")), "子文档"),
        (full_docx(("rIdX", f"{MICROSOFT}/somethingNew", "new.xml")), "（somethingNew）"),
        (full_docx(("rIdX", f"{MICROSOFT}/{NAME}", "new.xml")), "部件，"),
    ],
)
def test_refused_by_name(data, named):
    with pytest.raises(UnsupportedPart, match=named) as caught:
        open_word(data, LIMITS)
    assert NAME not in str(caught.value)


def test_what_an_editor_remembers_goes():
    kind = "http://schemas.microsoft.com/office/2020/10/relationships/intelligence"
    data = full_docx(("rIdX", kind, "intelligence2.xml"), parts={"word/intelligence2.xml": f"<a>{NAME}</a>"})
    opened = open_word(data, LIMITS)
    assert NAME not in unpacked(opened.rewrite(hide(opened)).data)


def test_private_data_of_wps_goes():
    kind = "http://www.wps.cn/officeDocument/2023/customStorage"
    data = full_docx(("rIdX", kind, "wps.xml"), parts={"word/wps.xml": "<a/>"})
    assert "WPS 的附加数据1处已删除（含嵌入单元格的图片）" in open_word(data, LIMITS).rewrite({}).dropped


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\3\4",
        FULL[: len(FULL) // 2],
        rezipped(FULL, word__document_dot_xml=None),
        rezipped(FULL, word__document_dot_xml="<w:document"),
        rezipped(FULL, word__document_dot_xml='<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        rezipped(FULL, word__document_dot_xml=f"<{NAME}/>"),
        rezipped(FULL, _rels___dot_rels="<a/>"),
    ],
)
def test_damaged_files_end_in_a_document_error(data):
    with pytest.raises(DocumentError) as caught:
        open_word(data, LIMITS).rewrite({})
    assert not [value for value in MASKS if value in str(caught.value)]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(FULL) - 1), st.binary(min_size=1, max_size=40), st.integers(0, 60))
def test_mutated_bytes_never_crash(at, new, cut):
    try:
        open_word(FULL[:at] + new + FULL[at + cut :], LIMITS).rewrite({})
        list(remains_word(FULL[:at] + new + FULL[at + cut :], LIMITS))
    except DocumentError as error:
        assert not [value for value in MASKS if value in str(error)]


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(list(MASKS)), st.randoms(use_true_random=False))
def test_a_value_split_at_random_over_runs_never_survives(value, chance):
    around = chance.choice(["", "甲", "联系人："]), chance.choice(["", "。", "乙"])
    data = raw_docx(f"<w:p>{split(around[0] + value + around[1], chance)}</w:p>")
    opened = open_word(data, LIMITS)
    assert value in "".join(slot.text for slot in opened.slots).replace("\n", "")
    out = opened.rewrite(hide(opened))
    left = remaining(out.data)
    assert value not in left.replace("\n", "")
    assert read(out.data, LIMITS).replace("\n", "") == around[0] + MASKS[value] + around[1]


#: What a document may be made of; `{}` takes more of it.
BLOCKS = st.recursive(
    st.sampled_from(
        (
            TEXT,
            paragraph(""),
            paragraph(" 甲 \u3000乙"),
            "<w:p><w:r><w:br/><w:t>丙</w:t><w:tab/></w:r></w:p>",
            "<w:p><w:pPr><w:rPr><w:ins/></w:rPr></w:pPr><w:ins><w:r><w:t>增</w:t></w:r></w:ins></w:p>",
            "<w:p><w:del><w:r><w:delText>删</w:delText></w:r></w:del><w:r><w:noBreakHyphen/></w:r></w:p>",
            "<w:bookmarkStart w:id='1' w:name='a'/>",
        )
    ),
    lambda inner: st.builds(
        str.format,
        st.sampled_from(
            (
                "<w:tbl><w:tr><w:tc>{0}{1}</w:tc><w:tc>{2}</w:tc></w:tr></w:tbl>",
                "<w:tbl><w:tr><w:tc>{0}</w:tc></w:tr><w:tr><w:tc>{1}</w:tc><w:tc/><w:tc>{2}</w:tc></w:tr></w:tbl>",
                "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{0}</w:tc></w:tr><w:sdt><w:sdtPr/><w:sdtContent><w:tr>"
                "<w:tc><w:tcPr><w:vMerge/></w:tcPr>{1}</w:tc><w:tc>{2}</w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>",
                "<w:sdt><w:sdtPr/><w:sdtContent>{0}{1}</w:sdtContent></w:sdt>{2}",
                "<w:customXml>{0}</w:customXml>{1}{2}",
                "<w:p><w:r><w:t>锚</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent>{0}{1}</w:txbxContent>"
                "</mc:Choice><mc:Fallback><w:txbxContent>{2}</w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>",
            )
        ),
        inner,
        inner,
        inner,
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(BLOCKS, max_size=4).map("".join))
def test_any_document_reads_as_the_reader_reads(content):
    data = raw_docx(content)
    assert body(data) == read(data, LIMITS)
    assert read(open_word(data, LIMITS).rewrite({}).data, LIMITS) == body(data)


BETWEEN = ("", "", "<w:r><w:br/></w:r>", "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>", "<w:proofErr/>")
AROUND = (
    *("{}", "{}", "<w:ins>{}</w:ins>", "<w:hyperlink>{}</w:hyperlink>", "<w:smartTag>{}</w:smartTag>"),
    *("<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>", "<w:moveTo>{}</w:moveTo>"),
)


def split(text: str, chance: random.Random) -> str:
    """Runs of some characters, some inside links, insertions and controls, with breaks and deleted text between."""
    pieces, at = [], 0
    while at < len(text):
        end = at + chance.randint(1, 4)
        one = run(text[at:end])
        if end < len(text):
            one += chance.choice(BETWEEN)
        pieces.append(chance.choice(AROUND).format(one))
        at = end
    return "".join(pieces)


def test_the_body_of_the_full_file_is_one_text():
    """The builder's places stand where they say: a guard for the tests above."""
    assert planted("控件内容处") in body(FULL)
    assert HOME in body(FULL)
    assert NUMBER in body(full_docx(body=BODY))
