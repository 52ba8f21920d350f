"""Word: what a run looks like once styles, theme and page are applied, and what lies over text."""

from __future__ import annotations

import files
import pytest
from files import W, paragraph, raw_docx
from rewriting.officefiles import rezipped

from gongkai.service.checking import check_file
from gongkai.service.checks import Kind, traces
from gongkai.service.limits import Limits

LIMITS = Limits()
MOBILE = "13812345678"
SAID = f"联系人手机{MOBILE}"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
THEME = (
    f'<a:theme xmlns:a="{A}"><a:themeElements><a:clrScheme name="x"><a:dk1><a:sysClr val="windowText" '
    'lastClr="000000"/></a:dk1><a:lt1><a:srgbClr val="FFFFFF"/></a:lt1><a:dk2><a:srgbClr val="1F497D"/></a:dk2>'
    '<a:accent1><a:srgbClr val="4F81BD"/></a:accent1></a:clrScheme></a:themeElements></a:theme>'
)
STYLES = {
    "White": '<w:style w:type="character" w:styleId="White"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>',
    "Below": '<w:style w:type="character" w:styleId="Below"><w:basedOn w:val="White"/></w:style>',
    "Lines": '<w:style w:type="paragraph" w:styleId="Lines"><w:rPr><w:color w:val="FFFFFF"/></w:rPr></w:style>',
    "Gone": '<w:style w:type="paragraph" w:styleId="Gone"><w:rPr><w:vanish/></w:rPr></w:style>',
    "Small": '<w:style w:type="character" w:styleId="Small"><w:rPr><w:sz w:val="2"/></w:rPr></w:style>',
    "Dark": '<w:style w:type="paragraph" w:styleId="Dark"><w:pPr><w:shd w:val="clear" w:fill="000000"/></w:pPr>'
    "</w:style>",
    "Flat": '<w:style w:type="paragraph" w:styleId="Flat"><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>'
    "</w:style>",
    "Loop": '<w:style w:type="character" w:styleId="Loop"><w:basedOn w:val="Loop"/></w:style>',
    "Banded": '<w:style w:type="table" w:styleId="Banded"><w:tblStylePr w:type="firstRow"><w:tcPr>'
    '<w:shd w:val="clear" w:fill="000000"/></w:tcPr></w:tblStylePr></w:style>',
}
DEFAULTS = '<w:docDefaults><w:rPrDefault><w:rPr><w:color w:val="{}"/></w:rPr></w:rPrDefault></w:docDefaults>'


def run(properties: str = "", text: str = SAID) -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def lines(properties: str = "", content: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content or run()}</w:p>"


def document(body: str, defaults: str = "", background: str = "", settings: str = "") -> bytes:
    data = raw_docx(files.paragraph("青禾县民政局公告") + body)
    styles = f'<w:styles xmlns:w="{W}">{defaults}{"".join(STYLES.values())}</w:styles>'
    changed = {
        "word__styles_dot_xml": styles,
        "word__theme__theme1_dot_xml": THEME,
        "word__settings_dot_xml": f'<w:settings xmlns:w="{W}">{settings}</w:settings>',
    }
    whole = rezipped(data, **changed)
    if background:
        space = f'<w:document xmlns:w="{W}">{background}<w:body>{body}</w:body></w:document>'
        whole = rezipped(whole, word__document_dot_xml=space)
    return whole


THEMED = '<w:color w:val="auto" w:themeColor="{}"/>'
UNSEEN = {
    "character style": (lines("", run('<w:rStyle w:val="White"/>')), "底色相同"),
    "based on it": (lines("", run('<w:rStyle w:val="Below"/>')), "底色相同"),
    "paragraph style": (lines('<w:pStyle w:val="Lines"/>'), "底色相同"),
    "of the theme": (lines("", run(THEMED.format("background1"))), "底色相同"),
    "theme over its value": (lines("", run('<w:color w:val="000000" w:themeColor="background1"/>')), "底色相同"),
    "theme made lighter": (lines("", run('<w:color w:themeColor="accent1" w:themeTint="10"/>')), "底色相同"),
    "shade of the theme": (
        lines("", run('<w:color w:val="000000"/><w:shd w:val="clear" w:themeFill="text1"/>')),
        "黑色",
    ),
    "shade of a style": (lines('<w:pStyle w:val="Dark"/>', run('<w:color w:val="000000"/>')), "黑色"),
    "hidden by a style": (lines('<w:pStyle w:val="Gone"/>'), "隐藏"),
    "small by a style": (lines("", run('<w:rStyle w:val="Small"/>')), "极小"),
    "squeezed": (lines("", run('<w:w w:val="1"/>')), "极小"),
    "in a line of one point": (lines('<w:spacing w:line="20" w:lineRule="exact"/>'), "极小"),
    "in such a line by its style": (lines('<w:pStyle w:val="Flat"/>'), "极小"),
    "in a row of one point": (
        '<w:tbl><w:tr><w:trPr><w:trHeight w:val="20" w:hRule="exact"/></w:trPr><w:tc>'
        f"{paragraph(SAID)}</w:tc></w:tr></w:tbl>",
        "极小",
    ),
}
SEEN = {
    "plain": lines(),
    "its own colour before the style's": lines("", run('<w:rStyle w:val="White"/><w:color w:val="000000"/>')),
    "shown again": lines('<w:pStyle w:val="Gone"/>', run('<w:vanish w:val="0"/>')),
    "white on a dark style": lines('<w:pStyle w:val="Dark"/>', run('<w:color w:val="FFFFFF"/>')),
    "blue of the theme": lines("", run(THEMED.format("text2"))),
    "a style that is based on itself": lines("", run('<w:rStyle w:val="Loop"/>')),
    "a style that is not there": lines('<w:pStyle w:val="None"/>', run('<w:rStyle w:val="None"/>')),
    "half as wide": lines("", run('<w:w w:val="50"/>')),
    "at least one point": lines('<w:spacing w:line="20" w:lineRule="atLeast"/>'),
    "white in a table with dark rows": (
        '<w:tbl><w:tblPr><w:tblStyle w:val="Banded"/></w:tblPr><w:tr><w:tc>'
        + lines("", run('<w:color w:val="FFFFFF"/>'))
        + "</w:tc></w:tr></w:tbl>"
    ),
}


def told(data: bytes):
    return list(traces(data, ".docx", LIMITS))


@pytest.mark.parametrize(("body", "why"), UNSEEN.values(), ids=UNSEEN)
def test_unseen_text(screener, body, why):
    (trace,) = told(document(body))
    assert (trace.text, trace.place) == (SAID, "正文")
    assert why in trace.why
    assert trace.sure == (why == "黑色")
    found = check_file(screener, document(body), "a.docx", LIMITS).found
    assert {(item.kind, item.type) for item in found} == {(Kind.recoverable, "PHONE_MOBILE")}


@pytest.mark.parametrize("body", SEEN.values(), ids=SEEN)
def test_seen_text(body):
    assert told(document(body)) == []


@pytest.mark.parametrize(
    ("colour", "shown", "ink", "unseen"),
    [
        ("1F497D", True, "1F497D", True),
        ("1F497D", True, "FFFFFF", False),
        ("1F497D", False, "FFFFFF", True),
        ("1F497D", False, "1F497D", False),
        ("auto", True, "FFFFFF", True),
    ],
)
def test_the_colour_of_the_page(colour, shown, ink, unseen):
    settings = "<w:displayBackgroundShape/>" if shown else ""
    data = document(lines("", run(f'<w:color w:val="{ink}"/>')), "", f'<w:background w:color="{colour}"/>', settings)
    assert [trace.text for trace in told(data)] == [SAID] * unseen


@pytest.mark.parametrize(("colour", "unseen"), [("FFFFFF", True), ("333333", False)])
def test_the_colour_of_all_text(colour, unseen):
    """Every run that says nothing else, the first line of the document as well."""
    assert len(told(document(lines(), DEFAULTS.format(colour)))) == 2 * unseen


FILL = '<a:solidFill><a:srgbClr val="{}"/></a:solidFill>'
WORDS = "<wps:txbx><w:txbxContent><w:p><w:r>{}<w:t>内容</w:t></w:r></w:p></w:txbxContent></wps:txbx>"
PICTURE = '<pic:pic xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"/>'


def shape(inside: str, fill: str = FILL.format("FFFFFF")) -> str:
    return f"<wps:wsp><wps:spPr>{fill}</wps:spPr>{inside}</wps:wsp>"


def anchored(inside: str, down: int = 0, behind: str = "0", wrap: str = "wrapNone", to: str = "paragraph") -> str:
    place = f'<wp:positionV relativeFrom="{to}"><wp:posOffset>{down}</wp:posOffset></wp:positionV>'
    anchor = f'<wp:anchor behindDoc="{behind}">{place}<wp:extent cx="99" cy="254000"/><wp:{wrap}/>{inside}</wp:anchor>'
    drawing = f'<w:drawing xmlns:wp="{WP}" xmlns:a="{A}">{anchor}</w:drawing>'
    return lines("", f"{run()}<w:r>{drawing}</w:r>")


def older(kind: str, style: str, more: str = 'fillcolor="black"', inside: str = "") -> str:
    drawing = f'<v:{kind} style="{style}" {more}>{inside}</v:{kind}>'
    return lines("", f"{run()}<w:r><w:pict>{drawing}</w:pict></w:r>")


OVER = "position:absolute;margin-top:2pt;height:20pt"
COVERS = {
    "shape": (anchored(shape("")), "", "实心图形浮在", True),
    "text box": (anchored(shape(WORDS.format(""))), SAID, "文本框浮在", False),
    "text box a little lower": (anchored(shape(WORDS.format("")), 127_000), SAID, "文本框浮在", False),
    "picture": (anchored(PICTURE), SAID, "图片浮在", False),
    "older box": (older("rect", OVER), "", "实心图形浮在", True),
    "older oval": (older("oval", OVER), "", "实心图形浮在", True),
    "older shape": (older("shape", OVER), "", "实心图形浮在", True),
    "older picture": (older("shape", OVER, "", "<v:imagedata/>"), SAID, "图片浮在", False),
}
LETS_THROUGH = {
    "behind the text": anchored(shape(""), behind="1"),
    "the text goes around": anchored(shape(""), wrap="wrapSquare"),
    "glass": anchored(shape("", FILL.format("FFFF00").replace('00"/>', '00"><a:alpha val="30000"/></a:srgbClr>'))),
    "not filled": anchored(shape("", "<a:noFill/>")),
    "text box below": anchored(shape(WORDS.format("")), 900_000),
    "text box above": anchored(shape(WORDS.format("")), -900_000),
    "text box somewhere on the page": anchored(shape(WORDS.format("")), to="page"),
    "picture below": anchored(PICTURE, 900_000),
    "older one behind": older("rect", OVER + ";z-index:-5"),
    "older letters": older("shape", OVER, inside='<v:textpath string="x"/>'),
    "older one in the line": older("shape", "height:20pt"),
    "older one not filled": older("rect", OVER, 'fillcolor="black" filled="f"'),
}


@pytest.mark.parametrize(("body", "text", "why", "sure"), COVERS.values(), ids=COVERS)
def test_what_lies_over_text(body, text, why, sure):
    (trace,) = told(document(body))
    assert (trace.text, trace.sure, trace.place) == (text, sure, "正文")
    assert why in trace.why


@pytest.mark.parametrize("body", LETS_THROUGH.values(), ids=LETS_THROUGH)
def test_what_hides_nothing(body):
    assert told(document(body)) == []


def test_a_drawing_that_is_kept_twice_for_older_programs_counts_once():
    new = anchored(shape("")).partition("<w:drawing")[2].partition("</w:drawing>")[0]
    old = f'<w:pict><v:rect style="{OVER}" fillcolor="black"/></w:pict>'
    both = f"<mc:AlternateContent><mc:Choice><w:drawing{new}</w:drawing></mc:Choice><mc:Fallback>{old}</mc:Fallback>"
    (trace,) = told(document(lines("", f"{run()}<w:r>{both}</mc:AlternateContent></w:r>")))
    assert "（1处）" in trace.why


def test_the_ground_of_a_text_box_is_its_fill():
    white = WORDS.format('<w:rPr><w:color w:val="FFFFFF"/></w:rPr>')
    seen, unseen = (
        told(document(anchored(shape(white, fill), 900_000))) for fill in (FILL.format("1F497D"), "<a:noFill/>")
    )
    assert ([trace.text for trace in seen], [trace.text for trace in unseen]) == ([], ["内容"])


PERSON = '<w:person w:author="司徒文慧"/>'
KEPT = {
    "customXml__item1_dot_xml": f"<表单><申请人>欧阳一叶</申请人><手机号>{MOBILE}</手机号></表单>",
    "docProps__custom_dot_xml": '<Properties><property name="申请人"><s>欧阳一叶</s></property>'
    f'<property name="手机号"><s>{MOBILE}</s></property></Properties>',
    "word__settings_dot_xml": f'<w:settings xmlns:w="{W}"><w:docVars><w:docVar w:name="申请人" w:val="欧阳一叶"/>'
    f'<w:docVar w:name="手机号" w:val="{MOBILE}"/></w:docVars></w:settings>',
    "word__glossary__document_dot_xml": f'<w:glossaryDocument xmlns:w="{W}">{paragraph("申请人：欧阳一叶")}'
    f"{paragraph('手机号：' + MOBILE)}</w:glossaryDocument>",
}


@pytest.mark.parametrize("part", KEPT)
def test_data_that_no_page_shows(screener, part):
    data = rezipped(document(""), **{part: KEPT[part]})
    texts = [trace.text for trace in traces(data, ".docx", LIMITS)]
    assert any("申请人：欧阳一叶\n手机号：" + MOBILE in text for text in texts)
    shown = {item.type: item.shown for item in check_file(screener, data, "甲.docx", LIMITS).found}
    assert shown == {"NAME": "欧阳某某", "PHONE_MOBILE": "138****5678"}


def test_who_worked_on_it(screener):
    data = rezipped(document(""), word__people_dot_xml=f"<w:people xmlns:w='{W}'>{PERSON * 2}</w:people>")
    (found,) = check_file(screener, data, "甲.docx", LIMITS).found
    assert (found.type, found.shown, found.count) == ("NAME", "司徒某某", 1)
