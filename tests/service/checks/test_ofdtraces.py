"""OFD: text that a page doesn't show is found with its reason, what a page shows is none, and so is what we write."""

from __future__ import annotations

import io

import files
import pytest
from PIL import Image
from rewriting.ofdfiles import (
    CONTENT,
    DOCUMENT,
    LINE,
    NAME,
    PLACES,
    RESOURCES,
    SPACE,
    TEMPLATE,
    UNITS,
    base,
    insert,
    planted,
    text_object,
)

from gongkai.service.checking import check_file
from gongkai.service.checks import Kind, ofdunseen, traces
from gongkai.service.limits import Limits
from gongkai.service.redacting import redact_file
from gongkai.service.rewriting import scan

LIMITS = Limits()
MOBILE = "13812345678"
SAID = f"联系人手机{MOBILE}"
BOX = "M 0 0 L 190 0 L 190 10 L 0 10 C"
ROUND = "M 2 0 L 188 0 B 190 0 190 0 190 2 L 190 8 Q 190 10 188 10 L 2 10 A 2 2 0 0 1 0 8 L 0 2 C"
FRAME = "M 0 0 L 190 0 L 190 10 L 0 10 C M 0.2 0.2 L 189 0.2 L 189 9 L 0.2 9 C"


def said(**settings: str) -> str:
    return text_object(SAID, 50, 61, **settings)


def filled(colour: str = '<ofd:FillColor Value="0 0 0"/>', data: str = BOX, down: int = 48, **settings: str) -> str:
    settings = {"Fill": "true", "Stroke": "false", **settings}
    more = "".join(f' {key}="{value}"' for key, value in settings.items())
    inside = f"{colour}<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>"
    return f'<ofd:PathObject ID="80" Boundary="15 {down} 190 10"{more}>{inside}</ofd:PathObject>'


def coloured(colour: str, text: str = "", **settings: str) -> str:
    return text_object(text or SAID, 50, 61, f"<ofd:FillColor {colour}/>", **settings)


def picture(at: str = "15 48 190 10", matrix: str = "190 0 0 10 0 0", **settings: str) -> str:
    more = "".join(f' {key}="{value}"' for key, value in settings.items())
    return f'<ofd:ImageObject ID="81" Boundary="{at}" CTM="{matrix}" ResourceID="6"{more}/>'


WHITE = '<ofd:FillColor Value="255 255 255"/>'
LINED = {"Fill": "false", "Stroke": "true", "LineWidth": "6"}
#: What the page draws, in order -> why the text isn't seen.
UNSEEN = {
    "black box": (said() + filled(), "黑色"),
    "dark blue box": (said() + filled('<ofd:FillColor Value="10 20 90"/>'), "黑色或深色"),
    "white box": (said() + filled(WHITE), "白色块"),
    "gradient": (said() + filled("<ofd:FillColor><ofd:AxialShd/></ofd:FillColor>"), "盖住"),
    "inks": (said() + filled('<ofd:FillColor Value="0 0 0 255"/>'), "黑色"),
    "hexadecimal": (said() + filled('<ofd:FillColor Value="#00 #00 #00"/>'), "黑色"),
    "grey scale": (said() + filled('<ofd:FillColor Value="0"/>'), "黑色"),
    "round corners": (said() + filled(data=ROUND), "黑色"),
    "by parameters": (said() + filled("", DrawParam="8"), "黑色"),
    "by related parameters": (said() + filled("", DrawParam="9"), "黑色"),
    "turned": (said() + filled(data="M 0 0 L 0 190 L 10 190 L 10 0 C", CTM="0 1 1 0 0 0"), "黑色"),
    "thick line": (said() + filled("", "M 0 5 L 190 5", **LINED), "黑色"),
    "in a block": (said() + f'<ofd:PageBlock ID="90">{filled()}</ofd:PageBlock>', "黑色"),
    "picture": (said() + picture(), "图片"),
    "white": (coloured('Value="255 255 255"'), "底色相同"),
    "nearly white": (coloured('Value="250 250 250"'), "底色相同"),
    "black on black": (filled() + coloured('Value="0 0 0"'), "黑色"),
    "like its box": (filled('<ofd:FillColor Value="200 90 0"/>') + coloured('Value="200 90 0"'), "底色相同"),
    "invisible": (said(Visible="false"), "不显示"),
    "in an invisible block": (f'<ofd:PageBlock ID="90" Visible="false">{said()}</ofd:PageBlock>', "不显示"),
    "transparent": (said(Alpha="0"), "不显示"),
    "transparent colour": (coloured('Value="0 0 0" Alpha="0"'), "不显示"),
    "neither filled nor drawn": (said(Fill="false"), "不显示"),
    "small": (said().replace('Size="5"', 'Size="0.3"'), "看不见的大小"),
    "shrunk": (said(CTM="0.05 0 0 0.05 0 0"), "看不见的大小"),
    "narrow": (said(HScale="0.02"), "看不见的大小"),
    "off the page": (text_object(SAID, 900), "范围之外"),
    "above the page": (text_object(SAID, -90), "范围之外"),
}
SEEN = {
    "plain": said(),
    "on a box": filled('<ofd:FillColor Value="220 220 220"/>') + said(),
    "white on black": filled() + coloured('Value="255 255 255"'),
    "beside a box": said() + filled(down=70),
    "in a frame": said() + filled(data=FRAME, Rule="Even-Odd"),
    "in a drawn frame": said() + filled("", Fill="false", Stroke="true"),
    "underlined": said() + filled("", "M 0 7.4 L 190 7.4", **LINED | {"LineWidth": "0.4"}),
    "through glass": said() + filled('<ofd:FillColor Value="255 255 0" Alpha="80"/>'),
    "under nothing": said() + filled(Visible="false"),
    "a box without a colour": said() + filled(""),
    "colour not known": coloured('Index="3"'),
    "on a picture": picture() + coloured('Value="255 255 255"'),
}
PARAMETERS = (
    '<ofd:DrawParams><ofd:DrawParam ID="8"><ofd:FillColor Value="0 0 0"/></ofd:DrawParam>'
    '<ofd:DrawParam ID="9" Relative="8"/><ofd:DrawParam ID="10" Relative="10"/></ofd:DrawParams>'
)


def package(*objects: str):
    parts = base()
    parts[RESOURCES] = str(parts[RESOURCES]).replace("<ofd:MultiMedias>", f"{PARAMETERS}<ofd:MultiMedias>")
    for xml in objects:
        insert(parts, CONTENT, "正文", xml)
    return parts


def told(parts, place: str = "第1页"):
    return [trace for trace in traces(files.zipped(parts), ".ofd", LIMITS) if trace.place == place]


@pytest.mark.parametrize(("drawn", "why"), UNSEEN.values(), ids=UNSEEN)
def test_unseen_text(screener, drawn, why):
    (trace,) = told(package(drawn))
    assert trace.text == SAID
    assert why in trace.why
    assert trace.sure == ("黑色" in why)
    found = check_file(screener, files.zipped(package(drawn)), "a.ofd", LIMITS).found
    assert ("PHONE_MOBILE", Kind.recoverable) in {(item.type, item.kind) for item in found}
    assert MOBILE not in repr(found)


@pytest.mark.parametrize("drawn", SEEN.values(), ids=SEEN)
def test_seen_text(screener, drawn):
    assert told(package(drawn)) == []
    found = check_file(screener, files.zipped(package(drawn)), "a.ofd", LIMITS).found
    assert {(item.type, item.kind) for item in found} == {("PHONE_MOBILE", Kind.missed)}


def test_a_covered_text_counts_whatever_it_says(screener):
    data = files.zipped(package(text_object("并无不妥", 50), filled()))
    assert [(item.kind, item.type) for item in check_file(screener, data, "a.ofd", LIMITS).found] == [
        (Kind.recoverable, "")
    ]


def test_only_what_lies_under_the_box_is_told():
    (trace,) = told(package(said() + filled(data="M 30 0 L 190 0 L 190 10 L 30 10 C")))
    assert trace.text == MOBILE


def test_letters_that_stand_alone_are_one_text():
    letters = "".join(
        f'<ofd:TextObject ID="6{at}" Boundary="{20 + 3 * at} 50 3 7" Font="1" Size="5">'
        f'<ofd:TextCode X="0" Y="5">{char}</ofd:TextCode></ofd:TextObject>'
        for at, char in enumerate(MOBILE)
    )
    assert [trace.text for trace in told(package(letters + filled()))] == [MOBILE]


def seal(solid: bool) -> bytes:
    """A red ring on nothing, or on white."""
    image = Image.new("RGBA", (400, 40), (255, 255, 255, 255 if solid else 0))
    image.paste((200, 0, 0, 255), (0, 0, 400, 4))
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()


@pytest.mark.parametrize(("data", "hides"), [(seal(True), True), (seal(False), False), (b"no picture", True)])
def test_a_seal_hides_nothing_where_it_is_transparent(data, hides):
    parts = package(said() + picture())
    parts["Doc_0/Res/photo.png"] = data
    assert bool(told(parts)) == hides


def test_a_template_in_front_hides_and_one_behind_does_not():
    parts = package(said())
    insert(parts, TEMPLATE, "模板", filled(WHITE))
    assert told(parts) == []
    parts[CONTENT] = str(parts[CONTENT]).replace('TemplateID="3"', 'TemplateID="3" ZOrder="Foreground"')
    assert [trace.text for trace in told(parts)] == [SAID]


def test_a_unit_hides_where_it_is_put():
    parts = package(said() + '<ofd:CompositeObject ID="91" Boundary="0 28 180 7" ResourceID="5"/>')
    insert(parts, UNITS, "单元", filled(down=20))
    assert [trace.text for trace in told(parts)] == [SAID]


NOTE = (
    '<ofd:Annot ID="80" Type="Highlight" Creator="赵一鸣"{}>'
    '<ofd:Appearance Boundary="15 48 190 10">{}</ofd:Appearance></ofd:Annot>'
)


def noted(parts, note: str):
    insert(parts, DOCUMENT, "其他", "<ofd:Annotations>Annots.xml</ofd:Annotations>")
    page = '<ofd:Page PageID="10"><ofd:FileLoc>Annot.xml</ofd:FileLoc></ofd:Page>'
    parts["Doc_0/Annots.xml"] = f"<ofd:Annotations {SPACE}>{page}</ofd:Annotations>"
    parts["Doc_0/Annot.xml"] = f"<ofd:PageAnnot {SPACE}>{note}</ofd:PageAnnot>"
    return parts


@pytest.mark.parametrize(("settings", "texts"), [("", [SAID]), (' Visible="false"', [])])
def test_an_annotation_that_covers(settings, texts):
    box = filled().replace("15 48 190 10", "0 0 190 10")
    parts = noted(package(said()), NOTE.format(settings, box))
    assert [trace.text for trace in told(parts)] == texts
    assert [(trace.text, trace.type) for trace in told(parts, "第1页的注释")] == [("", ""), ("赵一鸣", "NAME")]


def test_words_of_an_annotation():
    note = NOTE.format("", text_object(SAID)).replace("<ofd:Appearance", "<ofd:Remark>请核</ofd:Remark><ofd:Appearance")
    assert told(noted(package(), note), "第1页的注释")[0].text == f"请核\n{SAID}"


def test_an_attachment_counts_whatever_it_says():
    (trace,) = [trace for trace in traces(planted("附件"), ".ofd", LIMITS) if trace.place == "附件"]
    assert (trace.sure, "1个附件" in trace.why) == (True, True)


@pytest.mark.parametrize(("line", "lost"), [(SAID, [SAID]), (LINE, [])])
@pytest.mark.parametrize("listed", [True, False])
def test_an_earlier_version(line, lost, listed):
    parts = package()
    insert(parts, "OFD.xml", "其他", '<ofd:Versions><ofd:Version ID="1" BaseLoc="Doc_0/V/V1.xml"/></ofd:Versions>')
    old = "Doc_0/V/Old.xml"
    parts[old] = str(base()[CONTENT]).replace(text_object(LINE, 20), text_object(line, 20))
    parts["Doc_0/V/Doc.xml"] = (
        f'<ofd:Document {SPACE}><ofd:Pages><ofd:Page ID="1" BaseLoc="/{old}"/></ofd:Pages></ofd:Document>'
    )
    files_of = f'<ofd:FileList><ofd:File ID="1">/{old}</ofd:File></ofd:FileList>' if listed else ""
    root = "" if listed else "<ofd:DocRoot>/Doc_0/V/Doc.xml</ofd:DocRoot>"
    parts["Doc_0/V/V1.xml"] = f'<ofd:DocVersion {SPACE} ID="1">{files_of}{root}</ofd:DocVersion>'
    found = told(parts, "第1个旧版本")
    assert [trace.text for trace in found] == lost
    assert all(trace.sure for trace in found)


def test_the_author_of_the_file(screener):
    parts = base()
    insert(parts, "OFD.xml", "信息", "<ofd:Author>赵一鸣</ofd:Author><ofd:Subject>说明</ofd:Subject>")
    assert [(t.text, t.type) for t in told(parts, "文档属性")] == [("赵一鸣", "NAME"), ("赵一鸣\n说明", "")]
    found = check_file(screener, files.zipped(parts), "a.ofd", LIMITS).found
    assert {(item.kind, item.type, item.shown) for item in found} == {(Kind.recoverable, "NAME", "赵某某")}


#: Places whose text the page shows; those that only numbers in the bytes tell.
SHOWN = {"正文", "几段文字", "几个对象", "字形变换", "重复描画", "嵌套的块", "模板页", "复合图元"}
NUMBERS_ONLY = {"电子签章", "图片文件名", "图片元数据"}


@pytest.mark.parametrize("name", sorted(set(PLACES) - SHOWN))
def test_no_place_is_missed(screener, name):
    found = check_file(screener, planted(name), "a.ofd", LIMITS).found
    kinds = {(item.kind, item.type) for item in found}
    assert (Kind.recoverable, "ID_CARD") in kinds
    assert (Kind.recoverable, "ADDR_HOME") in kinds or name in NUMBERS_ONLY
    assert NAME not in repr(found)


def test_our_own_copy_hides_nothing(screener, monkeypatch):
    monkeypatch.setattr(scan, "ocr_available", lambda: False)
    copy = redact_file(screener, files.zipped(package(said())), "a.ofd", LIMITS)
    assert MOBILE.encode() not in copy.written.data
    assert check_file(screener, copy.written.data, "a.ofd", LIMITS).found == ()


def test_a_page_that_can_not_be_looked_through_is_not_clean(monkeypatch):
    monkeypatch.setattr(ofdunseen.Budget, "__init__", lambda self: setattr(self, "left", 20))
    (trace,) = told(package(said() + filled()))
    assert (trace.text, trace.sure, "没能检查完" in trace.why) == ("", True, True)


def test_parameters_and_units_that_name_themselves_end():
    inner = '<ofd:CompositeObject ID="92" Boundary="0 0 9 9" ResourceID="5"/>'
    parts = package(filled("", DrawParam="10") + said())
    insert(parts, UNITS, "单元", inner)
    assert told(parts) == []
