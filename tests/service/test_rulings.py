"""What an officer rules holds: hidden in the whole file, kept where kept, and nothing else is touched."""

from __future__ import annotations

import io
import re

import docx
import pytest
from openpyxl import Workbook, load_workbook
from papers import LIST, NUMBERS
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from gongkai.model.document import Span
from gongkai.model.errors import ClassifiedDocument, ProofFailed, RequestError
from gongkai.model.finding import Action
from gongkai.service.crew.masking import redacted
from gongkai.service.crew.orders import Redact, Ruling
from gongkai.service.limits import Limits
from gongkai.service.readers import read_bytes
from gongkai.service.redacting import Options, redact_file
from gongkai.service.rewriting import plain
from gongkai.service.rewriting.slots import Rewritten
from gongkai.service.rulings import uncovered

CARD, MOBILE = "330102199003074514", "13805701234"
NOTICE = (
    "青禾县民政局关于给予临时救助的公示\n"
    f"经审核，拟给予居民赵一鸣（身份证号：{CARD}，手机{MOBILE}）临时救助3000元，档案编号QH甲字第7B9号。\n"
    "经办人：孙明华。受理窗口：民政服务大厅三号。\n"
    f"上述救助由居民钱小川代居民赵一鸣申请，档案编号QH甲字第7B9号，联系手机{MOBILE}。\n"
    "青禾县民政局\n2024年4月28日\n"
)
KEPT, HIDDEN = "keep", "mask"


def ruled(text, value, action, kind="NAME", nth=0, **more):
    """A ruling about the nth place where a value stands."""
    start = [match.start() for match in re.finditer(re.escape(value), text)][nth]
    return Ruling(start, start + len(value), action, kind, **more)


@pytest.fixture
def copied(screener):
    def call(text, *rulings, name="a.txt"):
        data = text if isinstance(text, bytes) else text.encode()
        return redact_file(screener, data, name, Limits(), Options(rulings=rulings))

    return call


@pytest.fixture
def written(copied):
    return lambda *given, **more: copied(*given, **more).written.data.decode()


def test_without_rulings_names_go(written):
    text = written(NOTICE)
    assert text.count("赵某某") == 2 and "钱某某" in text and "孙明华" in text and "QH甲字第7B9号" in text


@pytest.mark.parametrize(
    ("value", "kind", "nth", "gone"),
    [
        ("QH甲字第7B9号", "EDU", 0, 2),  # what the machine did not see
        ("孙明华", "NAME", 0, 1),  # what it kept
        ("三号", "SPECIAL", 0, 1),  # too short to be looked for
        ("民政服务大厅三号", "ADDR_HOME", 0, 1),
    ],
)
def test_what_is_added_is_gone_and_the_rest_stays(written, value, kind, nth, gone):
    before, after = written(NOTICE), written(NOTICE, ruled(NOTICE, value, HIDDEN, kind, nth))
    assert before.count(value) == gone and value not in after
    pieces = [re.escape(piece) for piece in before.split(value)]
    assert re.fullmatch(".{1,12}".join(pieces), after, re.DOTALL)


@pytest.mark.parametrize(("value", "kind"), [("赵一鸣", "NAME"), (MOBILE, "PHONE_MOBILE"), (CARD, "ID_CARD")])
def test_what_is_kept_everywhere_stays_everywhere(written, value, kind):
    after = written(NOTICE, ruled(NOTICE, value, KEPT, kind, everywhere=True))
    assert after.count(value) == NOTICE.count(value)
    others = {"赵一鸣", MOBILE, CARD, "钱小川"} - {value}
    assert [other for other in others if other in after] == []


@pytest.mark.parametrize(("value", "kind"), [("赵一鸣", "NAME"), (MOBILE, "PHONE_MOBILE")])
@pytest.mark.parametrize("nth", [0, 1])
def test_what_is_kept_at_one_place_is_hidden_at_the_others(written, value, kind, nth):
    after = written(NOTICE, ruled(NOTICE, value, KEPT, kind, nth))
    line = [number for number, text in enumerate(after.splitlines()) if value in text]
    assert after.count(value) == 1 and line == [1 if nth == 0 else 3]


def test_a_kept_place_is_proven_to_be_the_only_one(copied, monkeypatch):
    right = plain.Plain.rewrite
    spoilt = lambda self, edits: Rewritten(right(self, edits).data + "\n赵 一鸣".encode())  # noqa: E731
    monkeypatch.setattr(plain.Plain, "rewrite", spoilt)
    with pytest.raises(ProofFailed, match="自然人姓名") as error:
        copied(NOTICE, ruled(NOTICE, "赵一鸣", KEPT))
    assert "赵一鸣" not in error.value.message


@pytest.mark.parametrize(
    ("value", "kind"), [("QH甲字第7B9号", "EDU"), ("孙明华", "NAME"), ("三号", "SPECIAL"), ("青禾", "NAME")]
)
def test_what_is_added_and_was_not_written_is_found(copied, monkeypatch, value, kind):
    monkeypatch.setattr(plain.Plain, "rewrite", lambda self, edits: Rewritten(NOTICE.encode()))
    with pytest.raises(ProofFailed) as error:
        copied(NOTICE, ruled(NOTICE, value, HIDDEN, kind))
    assert value not in error.value.message


def test_a_later_ruling_holds(written):
    wide = ruled(NOTICE, "赵一鸣", KEPT, everywhere=True)
    after = written(NOTICE, wide, ruled(NOTICE, "赵一鸣", HIDDEN, nth=1, replacement="赵某"))
    assert after.count("赵一鸣") == 1 and "代居民赵某申请" in after
    again = written(NOTICE, ruled(NOTICE, "赵一鸣", HIDDEN, nth=1), wide)
    assert again.count("赵一鸣") == 2


@pytest.mark.parametrize(
    ("value", "kind", "action", "stands"),
    [
        ("赵一鸣（身份证号：", "NAME", HIDDEN, "居民赵某某1 3301**********4514，"),
        ("一鸣（", "NAME", HIDDEN, "居民某一某某身份证号：3301**********4514，"),
        ("1990", "BIRTH", KEPT, "身份证号：******1990********，"),
    ],
)
def test_what_sticks_out_of_a_ruling_stays_hidden(written, value, kind, action, stands):
    after = written(NOTICE, ruled(NOTICE, value, action, kind))
    assert stands in after and CARD not in after and "赵一鸣" not in after


def test_an_own_replacement_stands_at_every_place_of_the_value(written):
    after = written(NOTICE, ruled(NOTICE, "赵一鸣", HIDDEN, nth=1, replacement="申请人甲"))
    assert after.count("申请人甲") == 2 and "赵某某" not in after


def test_another_type_is_hidden_its_own_way(written):
    after = written(NOTICE, ruled(NOTICE, "QH甲字第7B9号", HIDDEN, "NAME"))
    assert after.count("QH甲字第7B9号") == 0 and after.count("某某") >= 4


def test_accepting_everything_changes_nothing(copied):
    copy = copied(NOTICE)
    accepted = [Ruling(f.span.start, f.span.end, f.action.value, f.kind) for f in copy.findings]
    again = copied(NOTICE, *accepted)
    assert again.written.data == copy.written.data
    assert {f.score for f in again.findings} == {1.0} and len(again.findings) == len(copy.findings)


def test_blanks_around_a_selection_are_none_of_it(copied):
    start = NOTICE.index("。\n经办人") + 1
    copy = copied(NOTICE, Ruling(start, start + 8, HIDDEN, "NAME"))
    assert "\n" in copy.written.data.decode()[start - 4 : start + 8]
    assert any(f.span == Span(start + 1, start + 8) for f in copy.hidden)


@pytest.mark.parametrize(
    ("ruling", "told"),
    [
        (Ruling(0, 10**6, HIDDEN, "NAME"), "位置"),
        (Ruling(-2, 4, HIDDEN, "NAME"), "位置"),
        (Ruling(5, 5, HIDDEN, "NAME"), "位置"),
        (Ruling(NOTICE.index("\n"), NOTICE.index("\n") + 1, KEPT, "NAME"), "位置"),
        (Ruling(0, 3, "erase", "NAME"), "处理"),
        (Ruling(0, 3, HIDDEN, "NOBODY"), "类型"),
        (Ruling(0, 3, HIDDEN, "NAME", "=1+1"), "替换"),
        (Ruling(0, 3, HIDDEN, "NAME", "a\nb"), "替换"),
        (Ruling(0, 3, HIDDEN, "NAME", "长" * 61), "替换"),
        (Ruling(0, 3, KEPT, "NAME", why="长" * 241), "理由"),
        (Ruling(0, 3, KEPT, "NAME", why="a\x07"), "理由"),
        (ruled(NOTICE, "赵一鸣", HIDDEN, replacement="申请人赵 一鸣"), "应当遮蔽的内容"),
        (ruled(NOTICE, "赵一鸣", HIDDEN, replacement="钱小川"), "应当遮蔽的内容"),
        (ruled(NOTICE, "三号", HIDDEN, "SPECIAL", replacement="第三号"), "应当遮蔽的内容"),
        (ruled(NOTICE, "孙明华", KEPT, why=f"与{MOBILE}无关"), "应当遮蔽的内容"),
    ],
)
def test_rulings_that_cannot_be(copied, ruling, told):
    with pytest.raises(RequestError, match=told) as error:
        copied(NOTICE, ruling)
    assert [value for value in ("赵一鸣", "钱小川", MOBILE) if value in error.value.message] == []


def test_too_much_at_once(copied):
    long = NOTICE + "一" * 600
    with pytest.raises(RequestError, match="500"):
        copied(long, Ruling(len(NOTICE), len(long), KEPT, "NAME"))
    with pytest.raises(RequestError, match="5000"):
        copied(NOTICE, *[ruled(NOTICE, "赵一鸣", KEPT)] * 5001)


def test_a_classified_paper_stays_refused(copied):
    with pytest.raises(ClassifiedDocument):
        copied("机密★10年\n" + NOTICE, Ruling(0, 6, KEPT, "NAME"))


# ---- every format ----


def word(text: str) -> bytes:
    document, target = docx.Document(), io.BytesIO()
    for line in text.splitlines():
        document.add_paragraph(line)
    document.sections[0].header.paragraphs[0].text = "经办人：孙明华"
    document.core_properties.author = "赵一鸣"
    document.save(target)
    return target.getvalue()


def sheet(text: str) -> bytes:
    book, target = Workbook(), io.BytesIO()
    for line in text.splitlines():
        book.active.append([line])
    book.save(target)
    return target.getvalue()


def pdf(text: str) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    look, target = ParagraphStyle("line", fontName="STSong-Light", fontSize=11, wordWrap="CJK"), io.BytesIO()
    SimpleDocTemplate(target, title="公示").build([Paragraph(line, look) for line in text.splitlines()])
    return target.getvalue()


def html(text: str) -> bytes:
    lines = "".join(f"<p>{line}</p>" for line in text.splitlines())
    head = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>公示</title></head>'
    return f"{head}<body>{lines}</body></html>".encode()


MAKERS = {"a.txt": str.encode, "a.csv": str.encode, "a.docx": word, "a.xlsx": sheet, "a.pdf": pdf, "a.html": html}


def squeezed(data: bytes, name: str) -> str:
    return re.sub(r"\s", "", read_bytes(data, name, Limits()).text)


@pytest.mark.parametrize("name", MAKERS)
def test_every_format(copied, name):
    data = MAKERS[name](NOTICE)
    text = copied(data, name=name).judged.text
    copy = copied(
        data,
        ruled(text, "赵一鸣", KEPT, nth=0),
        ruled(text, "孙明华", HIDDEN),
        ruled(text, "QH甲字第7B9号", HIDDEN, "EDU", replacement="（编号略）"),
        ruled(text, CARD, KEPT, "ID_CARD"),
        name=name,
    )
    after = squeezed(copy.written.data, name)
    assert (after.count("赵一鸣"), after.count(CARD), after.count("（编号略）")) == (1, 1, 2)
    assert [value for value in ("孙明华", "QH甲字第7B9号", MOBILE, "钱小川") if value in after] == []
    if name == "a.docx":
        document = docx.Document(io.BytesIO(copy.written.data))
        assert "孙" not in document.core_properties.author + document.sections[0].header.paragraphs[0].text[:4]
    if name == "a.xlsx":
        assert load_workbook(io.BytesIO(copy.written.data)).active["A1"].value == NOTICE.splitlines()[0]


def test_a_table_with_one_kept_row(written):
    after = written(LIST, ruled(LIST, NUMBERS[0], KEPT, "ID_CARD"))
    assert NUMBERS[0] in after and [number for number in NUMBERS[1:] if number in after] == []


# ---- the order ----


def test_the_order_answers_in_contract_form(desk):
    order = Redact(NOTICE.encode(), "公示", rulings=(ruled(NOTICE, "孙明华", HIDDEN), ruled(NOTICE, "赵一鸣", KEPT)))
    answer = redacted(desk, order)
    rows = {answer.text[row["start"] : row["end"]]: row for row in answer.personal}
    assert answer.name == "公示.txt" and answer.data.decode() == answer.after
    assert (rows["孙明华"]["action"], rows["孙明华"]["replacement"]) == ("mask", "孙某某")
    assert rows["孙明华"]["why"] == "经人工核对，应当遮蔽" and rows["孙明华"]["confidence"] == 1
    assert answer.report["ruled"] == {"mask": 1, "keep": 1}
    assert [row["why"] for row in answer.report["kept"] if row["type"] == "NAME"] == ["经人工核对，可以保留"]
    assert not [line for line in answer.report["look"] if "自然人姓名" in line and "核对" in line]


def test_pieces_that_nothing_covers():
    taken = [Span(2, 4), Span(6, 9)]
    table = {(0, 1): [(0, 1)], (0, 3): [(0, 2)], (3, 7): [(4, 6)], (2, 4): [], (1, 10): [(1, 2), (4, 6), (9, 10)]}
    assert {key: [(s.start, s.end) for s in uncovered(Span(*key), taken)] for key in table} == table
    assert {f for f in Action} == {KEPT, HIDDEN}
