"""Files without their personal data: judged as a whole, hidden everywhere, proven, or not written at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from papers import CLASSIFIED, LIST, NOTICE, NUMBERS, PAPERS, PRIVATE, VALUES

from gongkai.model.deid.hiding import Style
from gongkai.model.document import Span
from gongkai.model.errors import (
    ClassifiedDocument,
    CorruptDocument,
    DocumentError,
    EmptyDocument,
    MismatchedFormat,
    ProofFailed,
    UnsupportedFormat,
)
from gongkai.model.finding import Action, Attribute, Finding
from gongkai.service import redacting
from gongkai.service.limits import Limits
from gongkai.service.proving import Ways, failure, safely
from gongkai.service.redacting import Options, redact_file
from gongkai.service.rewriting import OPENERS, openers, plain
from gongkai.service.rewriting.slots import Rewritten

LIMITS = Limits()
NAMES = ("赵一鸣", "钱小川", "孙丽华")


@pytest.fixture
def copied(screener):
    def call(text, name="a.txt", **options):
        data = text if isinstance(text, bytes) else text.encode()
        return redact_file(screener, data, name, LIMITS, Options(**options))

    return call


@pytest.mark.parametrize(
    ("text", "gone", "stays"),
    [
        (LIST, [*NUMBERS, *NAMES], ["0533-5550123", "青禾县民政局", "序号\t姓名"]),
        (PRIVATE, list(VALUES), ["青禾县民政局", "2024年6月3日"]),
        (PAPERS["penalty"], [], ["孙国梁"]),
        (NOTICE, [], [NOTICE]),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_plain_text(copied, text, gone, stays, codec):
    copy = copied(text.encode(codec))
    written = copy.written.data.decode(codec)
    assert [value for value in gone if value in written] == []
    assert [piece for piece in stays if piece not in written] == []
    assert written.count("\n") == text.count("\n")
    assert bool(gone) == bool(copy.hidden)
    assert {f.action for f in copy.kept} <= {Action.keep}


TABLE = "序号,姓名,身份证号,手机号码,备注\r\n" + "".join(
    f'{n},{name},{card},"{mobile}",=A{n}+1\r\n'
    for n, (name, card, mobile) in enumerate(zip(NAMES, NUMBERS[:3], NUMBERS[3:], strict=True), 1)
)


def test_a_table(copied):
    rows = copied(TABLE, "名单.csv").written.data.decode().split("\r\n")
    assert rows[0] == "序号,姓名,身份证号,手机号码,备注"
    assert rows[1] == '1,赵某某,3301**********0016,"138****5678",=A1+1'


DRESSES = {
    "as it is": lambda v: v,
    "spaced": lambda v: " ".join(v),
    "full-width": lambda v: "".join(chr(ord(c) + 0xFEE0) if c.isascii() else c for c in v),
    "broken": lambda v: v[:2] + "\n" + v[2:],
}


@pytest.mark.parametrize("dress", DRESSES)
def test_what_is_hidden_once_is_hidden_in_every_dress(copied, dress):
    """A second copy of a number where nothing says what it is, a name in an attachment."""
    name, card, mobile, *_ = VALUES
    copy = copied(PRIVATE + "\n附：\n" + "\n".join(map(DRESSES[dress], (card, mobile, name))) + "\n")
    squeezed = re.sub(r"\s", "", copy.written.data.decode())
    for value in (card, mobile, name):
        assert not [d for d in DRESSES.values() if re.sub(r"\s", "", d(value)) in squeezed]


PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>{name}</title></head><body>
<h1>青禾县2024年第二批留守儿童照护补贴对象名单公示</h1>
<table><tr><td>序号</td><td>姓名</td><td>身份证号</td><td>手机号码</td></tr>
<tr><td>1</td><td>赵<b>一鸣</b></td><td>{card}</td><td>{mobile}</td></tr>
<tr><td>2</td><td>钱小川</td><td>330101198502030029</td><td>13912345679</td></tr></table>
<p>青禾县民政局</p><p>2024年5月6日</p>
<p hidden title="{name}">{card}</p><!-- {name} {mobile} -->
<script>var p = {{"name": "{name}", "card": {card}, tel: '{mobile}'}};</script></body></html>"""


@pytest.mark.parametrize("sign", ["\u00ad", "\u034f", "\u200b", "\u200e", "\u2060", "\u2066", "\ufe0f", "\u3164"])
def test_characters_without_width_hide_nothing(screener, sign):
    values = ("张伟民", "330101199001010016", "槐荫路12号", "13812345678")
    name, card, home, mobile = values
    said = f"申请人{name}，男，身份证号{card}，家住安州市河东区柳林街道{home}3单元502室，联系电话{mobile}。"
    text = f"救助决定\n{sign.join(said)}\n青禾县民政局"
    written = redact_file(screener, text.encode(), "a.txt", LIMITS).written.data.decode()
    assert [value for value in values if value in written.replace(sign, "")] == []
    assert "申请人" in written.replace(sign, "")


def test_what_the_body_settles_holds_for_what_is_hidden_in_the_file(copied):
    source = PAGE.format(name=NAMES[0], card=NUMBERS[0], mobile=NUMBERS[3])
    written = copied(source, "a.html").written.data.decode()
    assert [value for value in (NAMES[0], NUMBERS[0], NUMBERS[3], "一鸣") if value in written] == []
    assert written.count("赵某某") == 5
    assert "青禾县民政局" in written


@pytest.mark.parametrize(
    ("style", "shown", "name"),
    [
        (Style(), "138****5678", "赵某某"),
        (Style("pseudonym"), "〔手机号1〕", "赵某某1"),
        (Style("strict"), "********", "***"),
    ],
)
def test_styles(copied, style, shown, name):
    written = copied(LIST, style=style).written.data.decode()
    assert f"1\t{name}\t" in written and shown in written


AGAIN = (
    "青禾县民政局关于给予欧阳一叶临时救助的决定\n申请人：欧阳一叶\n申请人欧阳一叶，男，56岁，身份证号330101199001010016，"
    "住青禾县柳河镇东街12号3单元402室，微信号zhangjm_1968，联系电话13812345678。\n二、张建国、张建民为其邻居，张建国患肝癌。\n"
)


@pytest.mark.parametrize("style", [Style(), Style("pseudonym", b"0123456789abcdef"), Style("strict"), Style("bands")])
@pytest.mark.parametrize("text", [AGAIN, LIST, PRIVATE])
def test_a_copy_of_a_copy_is_the_same(copied, style, text):
    first = copied(text, style=style).written.data
    again = copied(first, style=style)
    assert first != text.encode()
    assert (again.hidden, again.written.data) == ((), first)


def test_pseudonyms_are_the_same_over_a_batch(copied):
    style = Style("pseudonym", b"0123456789abcdef")
    first, second = (copied(text, style=style) for text in (LIST, re.sub("2\t钱小川.*\n", "", LIST)))
    names = [
        {f.replacement for f in copy.hidden if f.span.of(copy.judged.text) == "赵一鸣"} for copy in (first, second)
    ]
    assert names[0] == names[1] and len(names[0]) == 1


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.md"])
def test_a_classified_paper_is_refused(copied, name):
    with pytest.raises(ClassifiedDocument) as error:
        copied(CLASSIFIED, name if name != "a.html" else "a.txt")
    assert "赵一鸣" not in str(error.value)


def test_a_secrecy_mark_that_no_reader_sees_is_one(copied):
    page = PAGE.format(name="x", card="1", mobile="2").replace("<!-- x", "<!--机密★10年-->\n<!-- x")
    with pytest.raises(ClassifiedDocument):
        copied(page, "a.html")
    assert copied(page.replace("10年", "10年（已解密）"), "a.html").parts > 5


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "a.txt", EmptyDocument),
        (b" \n", "a.csv", EmptyDocument),
        (b"%PDF-1.4", "a.txt", MismatchedFormat),
        (b"\xff\xfe\x00", "a.txt", CorruptDocument),
        (b"x", "a.exe", UnsupportedFormat),
        (b"x", "a", UnsupportedFormat),
        (b"x", "a.doc", UnsupportedFormat),
        (b"x", "a.xls", UnsupportedFormat),
    ],
)
def test_files_that_cannot_be_used(copied, data, name, error):
    with pytest.raises(error):
        copied(data, name)


def test_old_formats_are_told_what_to_do():
    for extension, instead in (
        (".doc", ".docx"),
        (".docm", ".docx"),
        (".rtf", ".docx"),
        (".wps", ".docx"),
        (".xls", ".xlsx"),
    ):
        with pytest.raises(UnsupportedFormat, match=instead):
            openers(extension)


@pytest.mark.parametrize("extension", OPENERS)
def test_every_format_has_both_ways(extension):
    opens, remains = openers(extension, "keep")
    assert callable(opens) and callable(remains)


def test_a_library_of_its_own_mind_is_a_damaged_file():
    with pytest.raises(CorruptDocument) as error:
        safely(lambda: {}["赵一鸣"])
    assert "赵一鸣" not in str(error.value)
    with pytest.raises(UnsupportedFormat):
        safely(lambda: openers(".exe"))


# ---- proof: whatever goes wrong in writing, the bytes themselves are read ----


def broken(monkeypatch, spoil) -> None:
    """Writing that does something wrong to the bytes."""
    right = plain.Plain.rewrite
    monkeypatch.setattr(plain.Plain, "rewrite", lambda self, edits: Rewritten(spoil(right(self, edits).data)))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda data: data + "\n赵一鸣".encode(), "自然人姓名"),
        (lambda data: data + f"\n{NUMBERS[3][:3]} {NUMBERS[3][3:]}".encode(), "手机号"),
        (lambda data: data + "\n三三〇一〇一一九九〇〇一〇一〇〇一六".encode(), "身份证号"),
        (lambda data: data + "\n身份证号11010119900307002X".encode(), "身份证号"),
        (lambda data: data + "\n本人手机15012345678".encode(), "手机号"),
        (lambda data: b"\xff\xfe\x00", "打不开"),
        (lambda data: b"", "打不开"),
    ],
)
def test_a_copy_that_still_holds_something_is_not_given_out(copied, monkeypatch, spoil, told):
    broken(monkeypatch, spoil)
    with pytest.raises(ProofFailed, match=told) as error:
        copied(LIST)
    assert [value for value in (*NUMBERS, *NAMES, "15012345678") if value in str(error.value)] == []


def test_what_a_replacement_says_is_no_remnant(copied, monkeypatch):
    """A picture that is read again may have a gap between what a replacement keeps and its stars."""
    broken(monkeypatch, lambda data: data.decode().replace("***", "\t***").encode())
    copy = copied("姓名 欧阳明辉\n住址 青禾县柳河镇石桥村三组12号\n公民身份号码 330101199001010016\n")
    assert "住址 青禾县柳河镇\t***\n" in copy.written.data.decode()


def test_nothing_written_at_all_is_found(copied, monkeypatch):
    monkeypatch.setattr(plain.Plain, "rewrite", lambda self, edits: Rewritten(LIST.encode()))
    with pytest.raises(ProofFailed, match=r"正文里的身份证号\d+处"):
        copied(LIST)


def test_what_is_seen_only_when_the_rest_is_hidden_is_hidden_too(copied, monkeypatch):
    """The judge sees one more number each time; the third time is one too many."""
    right, calls = redacting._Judge.new, []

    def once_more(self, text, findings, before):
        found = right(self, text, findings, before)
        calls.append(len(found))
        at = text.find("5550123")
        if at < 0:
            return found
        card = next(f for f in findings if f.kind == "ID_CARD")
        return [replace(card, span=Span(at, at + 7), kind="PHONE_FIX")]

    monkeypatch.setattr(redacting._Judge, "new", once_more)
    copy = copied(LIST)
    assert "5550123" not in copy.written.data.decode()
    assert calls == [0, 0]


def test_a_judge_without_end_is_a_failed_proof(copied, monkeypatch):
    def always(self, text, findings, before):
        return [replace(findings[0], span=Span(0, 2))]

    monkeypatch.setattr(redacting._Judge, "new", always)
    with pytest.raises(ProofFailed, match="正文"):
        copied(LIST)


def test_the_first_half_of_a_surname_that_is_hidden_is_no_new_name(screener, monkeypatch):
    """欧 of 欧阳某某 is part of a replacement, a name beside one is not."""
    text = "给予欧阳某某救助，张三、李某"
    judge = redacting._Judge(screener, Attribute.on_request, Style())
    found = [Finding(Span(at, at + length), "NAME", 0.6, "test") for at, length in ((2, 1), (9, 2))]
    monkeypatch.setattr(redacting._Judge, "found", lambda *_: found)
    assert [finding.span.of(text) for finding in judge.new(text, (), text)] == ["张三"]


def test_places_types_and_counts_are_told(screener):
    error = failure([("批注", "NAME"), ("正文", "ID_CARD"), ("批注", "NAME")], screener.rules)
    assert "批注里的自然人姓名2处、正文里的身份证号1处" in error.message


def test_ways_of_a_name():
    assert Ways.of("x/名单.CSV", LIMITS).opens.func is plain.open_csv


# ---- whatever the dress ----

GAPS = st.sampled_from(["", "", "", " ", "　", "-"])


@dataclass(frozen=True)
class Dressed:
    value: str
    text: str


@st.composite
def dressed(draw) -> Dressed:
    value = draw(st.sampled_from(NUMBERS))
    wide = draw(st.booleans())
    gaps = [draw(GAPS) if n % 4 == 3 else "" for n in range(len(value))]
    shown = "".join((chr(ord(c) + 0xFEE0) if wide else c) + gap for c, gap in zip(value, gaps, strict=True))
    return Dressed(value, shown.rstrip(" 　-"))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(dressed(), min_size=1, max_size=4), st.sampled_from(["a.txt", "a.csv", "a.html"]))
def test_planted_numbers_do_not_survive(copied, planted, name):
    lines = [f"联系方式：{d.text}" if len(d.value) == 11 else f"身份证号：{d.text}" for d in planted]
    text = NOTICE + "\n".join(lines)
    if name == "a.html":
        text = (
            "<html><meta charset=utf-8><body>"
            + "".join(f"<p>{line}</p>" for line in text.split("\n"))
            + "</body></html>"
        )
    squeezed = re.sub(r"[\s-]", "", copied(text, name).written.data.decode())
    folded = "".join(chr(ord(c) - 0xFEE0) if 0xFF01 <= ord(c) < 0xFF5F else c for c in squeezed)
    assert [d.value for d in planted if d.value in folded] == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200), st.sampled_from(sorted(OPENERS)))
def test_any_bytes_end_in_a_known_error(copied, data, extension):
    try:
        copied(data, "a" + extension)
    except (DocumentError, ProofFailed) as error:
        assert error.message.endswith(("。", "！"))
