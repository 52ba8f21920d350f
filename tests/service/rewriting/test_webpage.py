"""Web pages: every place that can hold a value is read and changed, and nothing else of the source."""

from __future__ import annotations

import base64
import re
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.document import Span
from gongkai.model.errors import CorruptDocument, UnsupportedPart
from gongkai.service.limits import Limits
from gongkai.service.rewriting.slots import Edit
from gongkai.service.rewriting.webpage import grey_png, open_html, size_of
from gongkai.service.rewriting.webremains import remains_html

LIMITS = Limits()
NAME, CARD, HOME = "赵一鸣", "330101199001010016", "柳林镇石桥村6组"
VALUES = (NAME, CARD, HOME)


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html>\n<html><head><meta charset=utf-8>{head}</head>\n<body>{body}</body></html>\n"


def hidden(source: str, values=VALUES, encoding: str = "utf-8") -> str:
    """The page with every value replaced wherever a slot shows it."""
    opened, edits = open_html(source.encode(encoding), LIMITS), {}
    for index, slot in enumerate(opened.slots):
        places = [match.span() for match in re.finditer("|".join(values), slot.text)]
        edits[index] = [Edit(Span(*place), "某*") for place in places]
    return opened.rewrite({i: e for i, e in edits.items() if e}).data.decode(encoding)


PLACES = {
    "text": "<p>{}</p>",
    "cell": "<table><tr><td>1</td><td><p>{}</p></td></tr></table>",
    "hidden element": '<div style="display:none" hidden>{}</div>',
    "navigation": '<div class="nav"><a href="/">{}</a></div>',
    "template": "<template><b>{}</b></template>",
    "noscript": "<noscript><p>{}</p></noscript>",
    "textarea": "<textarea>{}</textarea>",
    "option": "<select><option>{}</option></select>",
    "drawing": "<svg><text>{}</text><title>{}</title></svg>",
    "title attribute": '<p title="{}">x</p>',
    "alternative text": "<img src=a.jpg alt='{}'>",
    "value": '<input type="hidden" value="{}">',
    "unquoted value": "<input value={}>",
    "placeholder": '<input placeholder="{}">',
    "data attribute": '<p data-person="{}">x</p>',
    "label": '<p aria-label="{}">x</p>',
    "event": """<p onclick='show("{}")'>x</p>""",
    "mail": '<a href="mailto:{}@example.com?subject={}">x</a>',
    "phone": '<a href="tel:{}">x</a>',
    "link": '<a href="https://example.com/?q={}">x</a>',
    "comment": "<!-- {} -->",
    "comment that never ends": "<p>x</p><!-- {}",
    "tag that never ends": '<p>x</p><a <b title={} " {}',
    "string after a quote that is escaped": """<script>/[\\"]/.test(x); show("{}")</script>""",
    "conditional comment": "<!--[if IE]><p>{}</p><![endif]-->",
    "declaration": "<!note {}>",
    "instruction": "<?php echo '{}' ?>",
    "script string": "<script>var a = \"{}\", b = '{}', c = `{}`;</script>",
    "script comment": "<script>// {}\n/* {} */</script>",
    "data": '<script type="application/ld+json">{{"name": "{}", "list": ["{}"]}}</script>',
    "style string": '<style>p:after {{ content: "{}" }}</style>',
    "style comment": "<style>/* {} */</style>",
    "script that never ends": "<script>var a = '{}'",
    "frame": "<iframe>{}</iframe>",
    "markup in a comment": "<!-- <table><tr><td>1</td><td title='{}'>{}</td></tr></table> <!-- {} -->",
    "markup in a program": '<script id=editor type="text/plain"><p>{}</p><!-- {} --></script>',
    "behind a quote in a pattern": """<script>a.replace(/"/g, ''); b = "{}";</script>""",
    "between strings": "<script>a = {{ 乙{}: 1 }};</script>",
    "beside data": "<script>a = \"<img src='data:image/png;base64,AAAA'><p>{}</p>\"</script>",
    "comment beside data": "<!-- <img src=data:image/png;base64,AAAA> {} -->",
    "closing tag": "<p>x</p title='{}'>",
    "relative link": '<a href="show.asp?xm={}">x</a>',
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_every_place(place: str, value: str, encoding: str) -> None:
    body = PLACES[place].format(*[value] * PLACES[place].count("{}"))
    source = page(body) if encoding == "utf-8" else page(body).replace("charset=utf-8", "charset=gb2312")
    assert any(value in text for _, text in remains_html(source.encode(encoding), LIMITS))
    written = hidden(source, encoding=encoding)
    assert [text for _, text in remains_html(written.encode(encoding), LIMITS) if value in text] == []
    assert written.replace("某*", value) == source or "%" in written or "data:" in source


@pytest.mark.parametrize(
    "head", ["<title>{}</title>", '<meta name="author" content="{}">', '<link title="{}" href="x">']
)
@pytest.mark.parametrize("value", VALUES)
def test_every_place_of_the_head(head: str, value: str) -> None:
    source = page("<p>正文</p>", head.format(value))
    assert hidden(source) == source.replace(value, "某*")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>赵<b>一鸣</b>，</p>", "<p>某*<b></b>，</p>"),
        ("<p>33010<span>1199001</span>01<!--x-->0016</p>", "<p>某*<span></span><!--x--></p>"),
        ("<p>&#36213;&#x4e00;鸣</p>", "<p>某*</p>"),
        ("<p>赵\n  <i>一鸣</i></p>", "<p>赵\n  <i>一鸣</i></p>"),
        ("<p title='&#36213;一鸣'>x</p>", "<p title='某*'>x</p>"),
        ('<a href="/?n=%E8%B5%B5%e4%b8%80%E9%B8%A3">x</a>', '<a href="/?n=%E6%9F%90*">x</a>'),
        ("<script>a='\\u8d75\\u4e00鸣'</script>", "<script>a='某*'</script>"),
        ("<p><ruby>赵<rt>zhao</rt>一<rt>yi</rt></ruby>鸣</p>", "<p><ruby>某*<rt></rt><rt></rt></ruby></p>"),
        (
            "<p><ruby>赵一鸣<rp>(</rp><rt>zhao<i>yi</i></rt><rp>)</rp></ruby>，<ruby>甲<rt>jia</rt></ruby></p>",
            "<p><ruby>某*<rp></rp><rt><i></i></rt><rp></rp></ruby>，<ruby>甲<rt>jia</rt></ruby></p>",
        ),
        ("<p><ruby>赵<rt>zhao<rb>一<rt>yi</ruby>鸣<ruby>甲", "<p><ruby>某*<rt><rb><rt></ruby><ruby>甲"),
        ("<script>a={id:330101199001010016}</script>", "<script>a={id:0}</script>"),
        ("<p>赵一鸣 < 3 & <x", "<p>某* < 3 & <x"),
        ("<p>赵一鸣</P><BR/><P>a>b", "<p>某*</P><BR/><P>a>b"),
        ("<a title=赵一鸣>x</a>", "<a title=某*>x</a>"),
        ("<p>&#000036213;一鸣</p>", "<p>某*</p>"),
        (
            "<p>赵<st1:PersonName w:st=on>一</st1:PersonName>鸣</p>",
            "<p>某*<st1:PersonName w:st=on></st1:PersonName></p>",
        ),
        ("<svg><text>赵<tspan>一鸣</tspan></text></svg>", "<svg><text>某*<tspan></tspan></text></svg>"),
        ('<a href="a.asp?n=%D5%D4%D2%BB%C3%F9">x</a>', '<a href="a.asp?n=%E6%9F%90*">x</a>'),
        ('<a href="a.asp?n=%E8%B5%B5%E4%B8%80%E9%B8%A3">x</a>', '<a href="a.asp?n=%E6%9F%90*">x</a>'),
        ('<a href="/?n=%u8D75%u4E00%u9E23">x</a>', '<a href="/?n=%E6%9F%90*">x</a>'),
        ('<p data-p=\'{"n":"\\u8d75\\u4e00鸣"}\'>x</p>', '<p data-p=\'{"n":"某*"}\'>x</p>'),
        ("<!-- &#36213;<b>一鸣</b> -->", "<!-- 某*<b></b> -->"),
        ("<script>a='<p>赵<b>一鸣<\\/b></p>'</script>", "<script>a='<p>某*<b><\\/b></p>'</script>"),
        ("<textarea>&lt;p&gt;赵&lt;b&gt;一鸣</textarea>", "<textarea>&lt;p&gt;某*&lt;b&gt;</textarea>"),
    ],
)
def test_split_and_escaped(body: str, expected: str) -> None:
    assert hidden(page(body)) == page(expected)


@pytest.mark.parametrize("body", ["<script>a='{}'</script>", "<p data-n='{}'>x</p>"])
def test_a_character_that_is_written_in_two_halves(body: str) -> None:
    source = page(body.format("赵\\ud842\\udfb7"))
    assert any("赵𠮷" in text for _, text in remains_html(source.encode(), LIMITS))
    assert hidden(source, ("赵𠮷",)) == page(body.format("某*"))


@pytest.mark.parametrize(
    ("text", "body", "written"),
    [
        ('<甲>&"乙"', "<p>赵一鸣</p>", "<p>&lt;甲&gt;&amp;&quot;乙&quot;</p>"),
        ("甲 乙", "<p title=赵一鸣>x</p>", "<p title=甲&#32;乙>x</p>"),
        ("\"甲'</script>", "<script>a='赵一鸣'</script>", "<script>a='\\\"甲\\u0027\\u003c/script>'</script>"),
    ],
)
def test_a_replacement_is_written_as_the_place_wants(text: str, body: str, written: str) -> None:
    opened = open_html(page(body).encode(), LIMITS)
    index = next(i for i, slot in enumerate(opened.slots) if slot.text == NAME)
    assert opened.rewrite({index: [Edit(Span(0, 3), text)]}).data.decode() == page(written)


@given(st.lists(st.sampled_from(["", "<b>", "</b>", "<!--x-->", "\u200b", "<span class=a>"]), min_size=17, max_size=17))
def test_a_number_over_any_runs(between: list[str]) -> None:
    number = "".join(digit + tag for digit, tag in zip(CARD, [*between, ""], strict=True))
    source = page(f"<p>证件{number}，</p>").encode()
    assert any(CARD in text.replace("\u200b", "") for _, text in remains_html(source, LIMITS))
    opened = open_html(source, LIMITS)
    slot = next(slot for slot in opened.slots if "证件" in slot.text)
    span = Span(slot.text.index("3"), slot.text.index("，"))
    index = list(opened.slots).index(slot)
    written = opened.rewrite({index: [Edit(span, "某")]}).data
    assert not any(CARD[:6] in text.replace("\u200b", "") for _, text in remains_html(written, LIMITS))


@pytest.mark.parametrize(("declared", "codec"), [("gb2312", "utf-8"), ("iso-8859-1", "gb18030"), ("rot13", "utf-8")])
def test_a_page_that_declares_what_it_is_not(declared: str, codec: str) -> None:
    source = page("<p>困难群众赵一鸣</p>").replace("utf-8", declared)
    assert any("赵一鸣" in slot.text for slot in open_html(source.encode(codec), LIMITS).slots)
    assert hidden(source, encoding=codec) == source.replace("赵一鸣", "某*")


@pytest.mark.parametrize(
    ("body", "old", "expected"),
    [
        ('<td x:num="1.3812345678E+10">1.38E+10</td>', "13812345678", '<td x:num="*">1.38E+10</td>'),
        ("<p>手机1.3812345678E+10。</p>", "13812345678", "<p>手机*。</p>"),
        ("<td>3.30101199001015E+17</td>", "330101199001015000", "<td>*</td>"),
        ("<p>第1.1205E10a号、v1.38E+10</p>", "112", "<p>第1.1205E10a号、v1.38E+10</p>"),
    ],
)
def test_a_long_number_with_an_exponent_is_read_by_its_digits(body: str, old: str, expected: str) -> None:
    opened = open_html(page(body).encode(), LIMITS)
    edits = {
        i: [Edit(Span(at, at + len(old)), "*")] for i, s in enumerate(opened.slots) if (at := s.text.find(old)) >= 0
    }
    assert opened.rewrite(edits).data.decode() == page(expected)
    assert not edits or any(old in text for _, text in remains_html(page(body).encode(), LIMITS))


def test_readings_above_a_value_go_with_it() -> None:
    source = page(
        "<h1>通告</h1><p><ruby>赵<rt>zhao</rt>一<rt>yi</rt></ruby>鸣，<ruby>甲<rt>jia</rt></ruby></p>"
    ).encode()
    opened = open_html(source, LIMITS)
    assert any(NAME in text for _, text in remains_html(source, LIMITS))
    assert [(slot.text.strip(), slot.body) for slot in opened.slots][1:] == [
        ("赵一鸣，甲", True),
        ("zhao  yi", False),
        ("jia", False),
    ]
    result = opened.rewrite({1: [Edit(Span(0, 3), "某*")]})
    assert b"zhao" not in result.data and b"jia" in result.data
    assert result.dropped == ("遮蔽处上方的注音1处已清除",)


def test_properties_of_an_office_file_are_apart() -> None:
    told = "<o:Author>赵一鸣</o:Author><o:LastAuthor>钱小川</o:LastAuthor>"
    source = page(
        "<p>正文</p>", f"<!--[if gte mso 9]><xml><o:DocumentProperties>{told}</o:DocumentProperties></xml>-->"
    )
    texts = [slot.text for slot in open_html(source.encode(), LIMITS).slots]
    assert {"赵一鸣", "钱小川"} <= set(texts)


ROWS = (
    "<table><tr><th>姓名</th><th>电话</th><th></th></tr>\n"
    "<tr><td><p>赵</p><p>一鸣</p></td><td></td><td>乙</td></tr></table>"
)


def test_rows_are_rows_and_the_article_comes_first() -> None:
    source = page(
        f"<div class=nav><a href='/'>首页</a></div><h1>通告</h1><p>正文。</p>{ROWS}<!-- 赵一鸣 -->",
        "<title>通告</title>",
    )
    slots = open_html(source.encode(), LIMITS).slots
    shown = "".join(slot.text + slot.after for slot in slots if slot.body)
    assert shown == "通告\n正文。\n姓名\t电话\t\n赵 一鸣\t\t乙\n"
    assert [(slot.text.strip(), slot.place) for slot in slots if not slot.body] == [
        ("首页", "网页文字"),
        ("通告", "网页标题"),
        ("赵一鸣", "网页注释"),
    ]


def test_pictures_inside_become_grey_and_others_are_named() -> None:
    picture = "data:image/png;base64," + base64.b64encode(grey_png(3, 2) + b"secret").decode()
    source = page(
        f"<img src='{picture}'><img src=a.jpg><p style=\"background:url(data:image/svg+xml,%3Csvg/%3E)\">x</p>"
    )
    result = open_html(source.encode(), LIMITS).rewrite({})
    grey = "data:image/png;base64," + base64.b64encode(grey_png(3, 2)).decode()
    assert grey in result.data.decode() and "svg" not in result.data.decode()
    assert [result.dropped, result.by_eye] == [
        ("网页内嵌的图片等数据2项已替换为灰块",),
        ("网页引用的图片1张不在文件里，请人工查看",),
    ]
    kept = open_html(source.encode(), LIMITS, pictures="keep").rewrite({})
    assert kept.data.decode() == source and "原样保留" in kept.by_eye[-1]


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (grey_png(30, 20), (30, 20)),
        (b"GIF89a\x05\x00\x06\x00", (5, 6)),
        (b"\xff\xd8\xff\xe0\x00\x10\xff\xc0\x00\x11\x08\x00\x07\x00\x09", (9, 7)),
        (b"", (100, 100)),
        (grey_png(1, 1).replace(b"\x00\x00\x00\x01\x00\x00\x00\x01", b"\xff" * 8, 1), (100, 100)),
    ],
)
def test_sizes(data: bytes, size: tuple[int, int]) -> None:
    assert size_of(data) == size


def test_data_over_several_lines_is_one_picture() -> None:
    data = "\r\n  ".join(["/9j/" + "A" * 72, "B" * 76, "C" * 9 + "="])
    written = hidden(page(f'<img src="data:image/jpeg;base64,{data}" alt=x>'))
    assert not re.search("A{9}[^/]|BBB|CCC", re.sub('(?<=base64,).*?(?=")', "", written)) and " alt=x>" in written


def test_a_grey_picture_is_a_picture() -> None:
    data = grey_png(4, 3)
    at = data.index(b"IDAT")
    rows = zlib.decompress(data[at + 4 : at + 4 + int.from_bytes(data[at - 4 : at], "big")])
    assert rows == (b"\0" + b"\xc0" * 4) * 3


@pytest.mark.parametrize(
    "body", ["<iframe srcdoc='<p>赵一鸣</p>'></iframe>", "<object data='data:text/html,x'>", "<embed src=data:x,y>"]
)
def test_pages_inside_pages_are_refused(body: str) -> None:
    with pytest.raises(UnsupportedPart, match="网页里嵌有"):
        open_html(page(body).encode(), LIMITS)


@given(st.text("<>!-/ap\"'=&;#x1赵\n", max_size=60))
def test_any_markup_comes_back_and_is_read(text: str) -> None:
    source = page(text)
    assert open_html(source.encode(), LIMITS).rewrite({}).data.decode() == source
    assert list(remains_html(source.encode(), LIMITS))


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"<html>\xef\xbb\xbf\xff\xff\xfe\xfd" * 3])
def test_damaged(data: bytes) -> None:
    with pytest.raises(CorruptDocument):
        open_html(data, LIMITS)


@pytest.mark.parametrize(
    ("before", "again"),
    [
        ("", again)
        for again in ("<a ", '<a "', "<a'", "</a", "<!--", "<!--<b", "<![CDATA[", "&#", '"', "<iframe ", "<img ")
    ]
    + [("", "<script>"), ("", "<table><tr><td>"), ("<a href=http:", "%E5"), ("data:image/png;base64,", "AAAA BBBB ")]
    + [("<script>", again) for again in ("x", '"\\', "(/[", "=/a", "/*", "`", "<a ")],
)
def test_what_never_ends_takes_no_longer_than_its_length(before: str, again: str) -> None:
    start = time.process_time()
    open_html((before + again * (100_000 // len(again))).encode(), LIMITS)
    assert time.process_time() - start < 10
