"""gongkai check: each kind of finding in each format, nothing in what is clean, and never a value in what is said."""

from __future__ import annotations

import io
import json
import random
import time
from importlib import resources

import files
import jsonschema
import openpyxl
import pikepdf
import pytest
from openpyxl.styles import Font, PatternFill
from papers import CLASSIFIED, LIST, NUMBERS, PRIVATE, VALUES
from reportlab.lib.colors import black, white
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from rewriting import pdffiles

from gongkai.model.document import Span
from gongkai.model.finding import Attribute, Finding
from gongkai.service import checking
from gongkai.service.checking import check_file
from gongkai.service.checks import Kind, traces
from gongkai.service.checks.across import Mark, across, marked
from gongkai.service.checks.combining import combined
from gongkai.service.checks.overmasking import overmasked
from gongkai.service.cli import main
from gongkai.service.desk import Desk
from gongkai.service.limits import Limits
from gongkai.service.redacting import redact_file
from gongkai.service.settings import Settings

SCHEMA = json.loads((resources.files("gongkai.service") / "check.schema.json").read_text("utf-8"))
ID, MOBILE = "330101199001010016", "13812345678"
PLAIN = "青禾县民政局关于开展防灾减灾宣传的通知\n各乡镇人民政府：请认真组织，抓好落实。\n青禾县民政局\n2024年3月1日\n"
SAID = f"王小明，身份证号{ID}"
LIMITS = Limits()


@pytest.fixture(scope="module")
def check(screener):
    def call(data, name="a.txt", label=Attribute.proactive):
        data = data.encode() if isinstance(data, str) else data
        found = check_file(screener, data, name, LIMITS, label)
        assert not [value for value in (ID, MOBILE) if value in repr(found)]
        return found

    return call


@pytest.fixture
def run(capsys, monkeypatch, desk):
    opened = Desk.open
    monkeypatch.setattr(Desk, "open", lambda settings: desk if settings == Settings() else opened(settings))

    def call(*arguments):
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def kinds(found):
    return {(item.kind.value, item.type) for item in found}


def test_a_row_of_a_table_is_called_a_row(check):
    found = check(f"姓名,手机\n赵一鸣,{MOBILE}\n".encode(), "名单.csv").found
    assert {item.place for item in found if item.type == "PHONE_MOBILE"} == {"表格第2行"}


def test_what_is_missed(check):
    found = check(f"{PLAIN}申请人{SAID}，手机{MOBILE}。\n").found
    assert {("missed", "ID_CARD"), ("missed", "PHONE_MOBILE")} <= kinds(found)
    card = next(item for item in found if item.type == "ID_CARD")
    assert (card.place, card.shown, card.count) == ("正文第5段", "3301**********0016", 1)
    assert card.why.endswith(("应当遮蔽", "遮蔽", "也遮"))


@pytest.mark.parametrize(
    "line",
    [
        "",
        "申请人王某某，身份证号3301**********0016，手机138****5678。",
        "联系电话：138----5678",
        "王某，男，1990年生，住青禾县某镇。",
        "施工许可证号：330185202003120101；备案编号：330185202401180001",
    ],
)
def test_what_is_clean(check, line):
    assert check(f"{PLAIN}{line}\n").found == ()


def test_the_first_half_of_a_hidden_surname_is_not_missed():
    text = "给予欧阳某某救助，张三、李某"
    found = [Finding(Span(at, at + length), "NAME", 0.6, "test") for at, length in ((2, 1), (9, 2))]
    assert [finding.span.of(text) for finding in checking._wrong(found, text)] == ["张三"]


def test_a_whole_number_in_dashes_is_missed(check):
    assert ("missed", "PHONE_MOBILE") in kinds(check(f"{PLAIN}联系电话：138---1234---5678\n").found)


@pytest.mark.parametrize("text", [LIST, PRIVATE])
def test_our_own_copies_miss_nothing(check, screener, text):
    copy = redact_file(screener, text.encode(), "a.txt", LIMITS)
    wrong = [item for item in check(copy.written.data).found if item.kind in (Kind.missed, Kind.recoverable)]
    assert wrong == []


def test_a_secrecy_mark_stops_it(run, tmp_path):
    (tmp_path / "a.txt").write_text(CLASSIFIED, "utf-8")
    code, out, _ = run("check", tmp_path / "a.txt")
    assert (code, "停止处理" in out, MOBILE in out) == (1, True, False)


def drawn(draw, text=MOBILE):
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=(600, 800))
    canvas.setFont("Helvetica", 12)
    canvas.drawString(80, 700, "Contact")
    draw(canvas, text)
    canvas.showPage()
    canvas.save()
    return target.getvalue()


def under(colour):
    def draw(canvas, text):
        canvas.drawString(80, 500, text)
        canvas.setFillColor(colour)
        canvas.rect(70, 490, 200, 30, stroke=0, fill=1)

    return draw


def in_colour(colour, ground=None):
    def draw(canvas, text):
        if ground:
            canvas.setFillColor(ground)
            canvas.rect(70, 490, 200, 30, stroke=0, fill=1)
        canvas.setFillColor(colour)
        canvas.drawString(80, 500, text)

    return draw


def beyond(canvas, text):
    canvas.drawString(-300, 500, text)


def tiny(canvas, text):
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(80, 500, text)


def pictured(canvas, text):
    from PIL import Image

    picture = Image.effect_noise((60, 30), 90).convert("RGB")
    canvas.drawString(80, 500, text)
    canvas.drawInlineImage(picture, 60, 480, 260, 50)


def unseen_mode(canvas, text):
    words = canvas.beginText(80, 500)
    words.setTextRenderMode(3)
    words.textOut(text)
    canvas.drawText(words)


PDF = {
    "under a black box": (under(black), "黑色"),
    "under a white box": (under(white), "底色相同"),
    "white on white": (in_colour(white), "底色相同"),
    "black on black": (in_colour(black, black), "黑色"),
    "outside the page": (beyond, "范围之外"),
    "tiny": (tiny, "看不见的大小"),
    "under a picture": (pictured, "图片"),
    "invisible": (unseen_mode, "底色相同"),
}


@pytest.mark.parametrize(("draw", "why"), PDF.values(), ids=PDF)
def test_unseen_text_of_a_pdf(check, draw, why):
    found = [item for item in check(drawn(draw), "a.pdf").found if item.kind == Kind.recoverable]
    assert [(item.place, item.type) for item in found] == [("第1页", "PHONE_MOBILE")]
    assert why in found[0].why


@pytest.mark.parametrize("ground", [None, black])
def test_seen_text_of_a_pdf(check, ground):
    found = check(drawn(in_colour(white if ground else black, ground)), "a.pdf").found
    assert kinds(found) == {("missed", "PHONE_MOBILE")}


@pytest.mark.parametrize("place", ["隐藏图层", "附件", "页面元数据", "没有外观的表单域"])
def test_other_places_of_a_pdf(check, place):
    data = pdffiles.planted(place)
    assert Kind.recoverable in {item.kind for item in check(data, "a.pdf").found}


def test_a_covered_text_counts_whatever_it_says(check):
    assert kinds(check(drawn(under(black), "nothing much"), "a.pdf").found) == {("recoverable", "")}


def test_an_earlier_revision(check):
    first = files.pdf([f"联系人手机{MOBILE}"])
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(files.pdf(["联系人手机138****5678"]))) as pdf:
        pdf.save(target, static_id=True)
    second = target.getvalue()
    assert not list(revisions(second))
    with pikepdf.open(io.BytesIO(first)) as pdf:
        number, generation = pdf.pages[0].obj.Contents.objgen
        size, root = len(pdf.objects) + 1, pdf.Root.objgen[0]
    at = len(first)
    body = b"%d %d obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n" % (number, generation)
    table = b"xref\n%d 1\n%010d %05d n \n" % (number, at, generation)
    end = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    before = int(first.rpartition(b"startxref")[2].split()[0])
    data = first + body + table + end % (size, root, before, at + len(body))
    assert [trace.place for trace in revisions(data)] == ["第1个旧版本"]


def revisions(data):
    return [trace for trace in traces(data, ".pdf", LIMITS) if "版本" in trace.place]


def run_of(text, properties):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


WORD = {
    "black highlight": (run_of(SAID, '<w:highlight w:val="black"/>'), "黑色"),
    "black shade": (run_of(SAID, '<w:color w:val="000000"/><w:shd w:val="clear" w:fill="000000"/>'), "黑色"),
    "white text": (run_of(SAID, '<w:color w:val="FFFFFF"/>'), "底色相同"),
    "hidden": (run_of(SAID, "<w:vanish/>"), "隐藏"),
    "tiny": (run_of(SAID, '<w:sz w:val="2"/>'), "极小"),
    "deleted": (f'<w:del w:id="1"><w:r><w:delText>{SAID}</w:delText></w:r></w:del>', "修订"),
}


@pytest.mark.parametrize(("runs", "why"), WORD.values(), ids=WORD)
def test_unseen_text_of_a_word_file(check, runs, why):
    data = files.raw_docx(f"{files.paragraph('青禾县民政局公告')}<w:p>{runs}</w:p>")
    found = [item for item in check(data, "a.docx").found if item.type == "ID_CARD"]
    assert [item.kind for item in found] == [Kind.recoverable]
    assert why in found[0].why


@pytest.mark.parametrize(
    "properties",
    [
        '<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="000000"/>',
        '<w:highlight w:val="yellow"/>',
        '<w:vanish w:val="0"/>',
        '<w:sz w:val="21"/>',
    ],
)
def test_seen_text_of_a_word_file(properties):
    data = files.raw_docx(f"<w:p>{run_of('青禾县', properties)}</w:p>")
    assert list(traces(data, ".docx", LIMITS)) == []


def book(change):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.append(["姓名", "身份证号", "金额"])
    sheet.append(["王某某", ID, 800])
    change(made, sheet)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def hide_sheet(made, sheet):
    made.create_sheet("公开")
    made.active = 1
    sheet.sheet_state = "hidden"


def hide_row(made, sheet):
    sheet.row_dimensions[2].hidden = True


def hide_column(made, sheet):
    sheet.column_dimensions["B"].hidden = True


def whiten(made, sheet):
    sheet["B2"].font = Font(color="FFFFFFFF")


def blacken(made, sheet):
    sheet["B2"].fill = PatternFill("solid", fgColor="FF000000")


def unformat(made, sheet):
    sheet["B2"].number_format = ";;;"


def shrink(made, sheet):
    sheet["B2"].font = Font(size=1)


SHEET = {
    "hidden sheet": (hide_sheet, "隐藏的工作表1"),
    "hidden row": (hide_row, "工作表1隐藏的行"),
    "hidden column": (hide_column, "工作表1隐藏的列（B）"),
    "white on white": (whiten, "工作表1的B2"),
    "black on black": (blacken, "工作表1的B2"),
    "shows nothing": (unformat, "工作表1的B2"),
    "too small": (shrink, "工作表1的B2"),
}


@pytest.mark.parametrize(("change", "place"), SHEET.values(), ids=SHEET)
def test_unseen_cells(check, change, place):
    found = [item for item in check(book(change), "a.xlsx").found if item.type == "ID_CARD"]
    assert place in [item.place for item in found]
    assert {item.kind for item in found} == {Kind.recoverable}


def test_what_cannot_be_looked_through_is_not_clean(check, monkeypatch):
    def broken(*_):
        raise ValueError(MOBILE)

    monkeypatch.setattr("gongkai.service.checking.traces", broken)
    found = check(f"{PLAIN}手机{MOBILE}\n").found
    assert kinds(found) == {("missed", "PHONE_MOBILE"), ("recoverable", "")}


def test_a_far_cell_takes_no_time(check):
    assert kinds(check(book(lambda made, sheet: sheet.cell(1_048_576, 16_384, "远")), "a.xlsx").found)


def test_seen_cells(check):
    found = check(book(lambda made, sheet: None), "a.xlsx").found
    assert [item.kind for item in found if item.type == "ID_CARD"] == [Kind.missed]


HTML = {
    "not displayed": f'<p style="display: none">{SAID}</p>',
    "by its class": f"<style>.x {{ display:none }}</style><p class='x'>{SAID}</p>",
    "hidden": f"<p hidden>{SAID}</p>",
    "same colours": f'<span style="color:#000;background:#000000">{SAID}</span>',
    "white": f'<span style="color: white">{SAID}</span>',
    "black marker": f'<span style="background-color:#000000">{SAID}</span>',
    "parts of it marked": f'<p style="color:#fff">{SAID[:9]}<b>{SAID[9:14]}</b>{SAID[14:]}</p>',
    "old attributes": f'<table bgcolor=#000000><tr><td><font color="black">{SAID}</font></td></tr></table>',
    "white on a ground around it": f'<div style="background:#fff"><p style="color:white">{SAID}</p></div>',
    "without colour": f'<p style="color: transparent">{SAID}</p>',
    "too small": f'<p style="font-size:1px">{SAID}</p>',
    "no height": f'<div style="height:0;overflow:hidden">{SAID}</div>',
    "beside the page": f'<div style="position:absolute; left:-9999px">{SAID}</div>',
    "comment": f"<!-- {SAID} -->",
    "field": f'<input type="hidden" value="{SAID}">',
}


@pytest.mark.parametrize("piece", HTML.values(), ids=HTML)
def test_unseen_text_of_a_page(check, piece):
    page = f"<html><meta charset='utf-8'><body><p>{'青禾县民政局公告，现予公布。' * 3}</p>{piece}</body></html>"
    found = [item for item in check(page, "a.html").found if item.type == "ID_CARD"]
    assert {item.kind for item in found} == {Kind.recoverable}


@pytest.mark.parametrize(
    "piece",
    [
        f'<div style="background:#000"><span style="color:#fff">{SAID}</span></div>',
        f'<div style="background:#000">{SAID}</div>',
        f'<div style="background:url(a.png)"><p style="color:#fff">{SAID}</p></div>',
        f'<span style="background:#000"><a href="/">{SAID}</a></span>',
        f'<p style="font-size:0.18rem;color:inherit;background:none">{SAID}</p>',
    ],
)
def test_seen_text_of_a_page(check, piece):
    page = f"<html><meta charset='utf-8'><body><p>{'青禾县民政局公告，现予公布。' * 3}</p>{piece}</body></html>"
    assert [item.kind for item in check(page, "a.html").found if item.type == "ID_CARD"] == [Kind.missed]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("青政〔2024〕8号 签发人：周某某", "履职人员"),
        ("县长 张**", "履职人员"),
        ("中标供应商：青禾某某建设有限公司", "中标、成交单位"),
        ("监督电话：0570-555****", "办公电话"),
        ("中标金额：****元", "法定公开的金额"),
        ("统一社会信用代码：91330100******001X", "单位信用代码"),
        ("统一社会信用代码91330******", "单位信用代码"),
        ("统一社会信用代码：91330100XXXXXXXX3X", "单位信用代码"),
        ("罚款***元", "法定公开的金额"),
        ("镇党委书记周某某主持", "履职人员"),
        ("案件承办人：陈某某", "履职人员"),
        ("评审专家：张*、李*", "评审专家"),
        ("项目编号：QH2024-****-03", "文号、案号和项目编号"),
        ("案号：（2024）青01民初***号", "文号、案号和项目编号"),
        ("依据青政发〔2024〕**号文件", "文号、案号和项目编号"),
        ("（2024）青01**民初1234号民事判决书", "文号、案号和项目编号"),
        ("免去李*的县财政局副局长职务", "履职人员"),
        ("县委书记王某某调研", "履职人员"),
        ("镇党委委员：李**", "履职人员"),
        ("12345热线：0570-****345", "办公电话"),
        ("户名：青禾县公共资源交易中心，开户行：工商银行，账号：1202****3456", "单位账户"),
        ("捐赠账户：青禾县慈善总会\n开户行：农业银行\n账　号：1905*********6666", "单位账户"),
    ],
)
def test_what_is_hidden_for_nothing(text, name):
    assert [rule.name for _, rule, _ in overmasked(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "签发人：周明远",
        "申请人：王某某",
        "联系电话：138****5678",
        "监督电话：0570-5550123",
        "前任院长的**",
        "中标人：青禾建设有限公司",
        "审判长×××　书记员×××",
        "统一社会信用代码：91330100MA2XXQ4A3X",
        "青政发〔2024〕××号",
        "项目编号：QH2024-0012-03",
        "罚款2000元",
        "班主任李某",
        "退还保证金：张某某，账号：6222********1234",
        "户名：张某某，账号：1905*********6666",
        "任命书送达李某某",
        "推荐李某某为先进个人",
    ],
)
def test_what_is_hidden_rightly(text):
    assert list(overmasked(text)) == []


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("手机138****5678\n手机1381234****", ["PHONE_MOBILE"]),
        ("手机138****5678\n手机138****1234", []),
        ("手机138XXXX5678\n手机1381234XXXX", ["PHONE_MOBILE"]),
        ("手机138□□□□5678\n手机1381234○○○○", ["PHONE_MOBILE"]),
        ("身份证3301**********001X", []),
        ("是□13800001111", []),
        ("合同金额12345678***元，编号12345678***", []),
        ("手机138****5678\n手机138****5678", []),
        (f"手机138****5678\n手机{MOBILE}", ["PHONE_MOBILE"]),
        (f"身份证3301**********0016\n身份证{ID}", ["ID_CARD"]),
        ("身份证3301**********0016，1990年1月1日出生于青禾县", ["ID_CARD"]),
        ("身份证3301**********0016，1990年出生", []),
        ("王某某（身份证3301**********0016）于2024年5月6日来信", []),
        ("王某某，身份证3301**********0016，1990年1月1日，2024年5月6日登记", ["ID_CARD"]),
        ("姓名\t身份证号\t出生日期\n王某某\t3301**********0016\t2015-01-01", ["ID_CARD"]),
        ("身份证33010119900101****", ["ID_CARD"]),
        ("身份证号330101****0016，身份证号330101199001******", ["ID_CARD"]),
        ("身份证号430101******0016，身份证号43010119900101****", ["ID_CARD", "ID_CARD"]),
        ("身份证号3301****0016\n身份证号330101********0016", []),
        ("手机138***5678\n手机1381234***", ["PHONE_MOBILE"]),
        ("手机138***5678，编号1381234***", []),
        ("申请人：张某明，张小某", ["NAME"]),
        ("申请人：张某某\n申请人：张某明", ["NAME"]),
        ("申请人：张某某\n申请人：李某某", []),
        ("申请人：张某某\n张某系本村村民", []),
        ("申请人：张某女\n申请人：张某某", []),
        ("上官某某，**族", []),
        ("上官某 汉族\n上官某某", []),
        ("申请人：张某某 138****5678\n代理人：张小明 138****5678", ["NAME"]),
        ("申请人：欧阳某某 138****5678\n代理人：欧阳小明 138****5678", ["NAME"]),
        ("申请人：欧某某 138****5678\n代理人：欧阳明 138****5678", []),
    ],
)
def test_what_masks_reveal_together(text, types):
    assert [item.type for item in combined(text, ())] == types


def test_a_shown_name_ends_before_its_sentence():
    assert [shown for _, _, shown in overmasked("局长张某某主持会议，局长：张*三")] == ["张某某", "张*三"]


def test_a_name_in_clear_beside_its_mask():
    found = list(combined("申请人：张某明\n代理人：张小明", [(12, "张小明")]))
    assert [(item.type, item.places) for item in found] == [("NAME", (4, 12))]
    assert list(combined("申请人：张某明", [(4, "张某明")])) == []


def test_exit_codes_and_one_bad_file(run, tmp_path):
    (tmp_path / "good.txt").write_text(PLAIN, "utf-8")
    (tmp_path / "bad.txt").write_text(LIST, "utf-8")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    assert run("check", tmp_path / "good.txt")[:2] == (0, f"{tmp_path / 'good.txt'}：没有发现问题\n")
    code, out, err = run("check", tmp_path / "broken.pdf", tmp_path / "missing.txt", tmp_path / "bad.txt")
    assert (code, err) == (1, "")
    assert [line.partition("：")[0].rpartition("/")[2] for line in out.splitlines() if line[0] != " "] == [
        "broken.pdf",
        "missing.txt",
        "bad.txt",
    ]
    assert [value for value in (*NUMBERS, *VALUES) if value in out] == []


def test_json_fits_its_schema(run, tmp_path):
    (tmp_path / "bad.txt").write_text(LIST, "utf-8")
    code, out, _ = run("check", tmp_path / "bad.txt", tmp_path / "missing.txt", "--json")
    rows = json.loads(out)
    for row in rows:
        jsonschema.validate(row, SCHEMA)
    assert (code, [row["clean"] for row in rows], rows[0]["counts"]["missed"] > 0) == (1, [False, False], True)
    assert [value for value in (*NUMBERS, *VALUES) if value in out] == []


@pytest.mark.parametrize("listed", [False, True])
def test_a_patrol(run, tmp_path, listed):
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_text(f"<p>{PLAIN}</p>", "utf-8")
    (folder / "b.txt").write_text(LIST, "utf-8")
    (folder / "c.exe").write_bytes(b"MZ")
    (tmp_path / "list.txt").write_text("# 网站\npages/a.html\n\npages/b.txt\n", "utf-8")
    code, out, _ = run("check", "--patrol", tmp_path / "list.txt" if listed else folder)
    lines = out.splitlines()
    assert (code, len(lines)) == (1, 3)
    assert lines[0].endswith("a.html：没有发现问题") and "应遮未遮" in lines[1]
    assert lines[2].startswith("共2个文件，1个有问题，应遮未遮")


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u2066", "\ufe0f"])
def test_characters_without_width_hide_nothing(check, sign):
    said = (
        "申请人张伟民，男，身份证号330101199001010016，家住安州市河东区柳林街道槐荫路12号3单元502室，电话13812345678。"
    )
    parted = sign.join(said)
    for text in (f"救助决定\n{parted}\n青禾县民政局", sign.join(f"救助决定\n{said}\n青禾县民政局")):
        found = [item for item in check(text).found if item.kind == Kind.missed]
        assert [item.type for item in found] == ["NAME", "ID_CARD", "ADDR_HOME", "PHONE_MOBILE"]
        assert not any(sign in item.shown for item in found)
    masked = sign.join("申请人张某某，男，身份证号3301**********0016，家住安州市河东区柳林街道***，电话138****5678。")
    assert check(f"救助决定\n{masked}\n青禾县民政局").found == ()


@pytest.mark.parametrize(
    ("one", "other", "types"),
    [
        ("张某某 138****1234", "张某某 1381234****", ["PHONE_MOBILE"]),
        ("手机138****1234", "手机1381234****", ["PHONE_MOBILE"]),
        ("张某某 138****1234", "李某某 1381234****", []),
        ("手机138****1234\n手机138****4321", "手机1381234****", []),
        ("张某某 138****1234", "张某某 138****1234", []),
        ("张某某 330102********0016", "张小明 330102********0016", ["NAME"]),
        ("张某某 330102********0016", "李小明 330102********0016", []),
        ("张某某 330102********0016", "张某某 330102********0423", []),
        ("张某某 330102********0016", "张某某 33010219900101****", []),
        ("330102****01010016", "33010219900101**16", ["ID_CARD"]),
        ("卡号622202*****12345678", "卡号6222021234***345678", ["BANK"]),
        ("合同编号122202*****12345678", "合同编号1222021234***345678", []),
    ],
)
def test_what_two_files_reveal_together(run, tmp_path, one, other, types):
    """Each is told of the other; no file by itself is at fault."""
    for name, text in (("a.txt", one), ("b.txt", other), ("c.txt", PLAIN)):
        (tmp_path / name).write_text(f"青禾县民政局关于救助结果的公示\n{text}\n", "utf-8")
    code, out, _ = run("check", "--json", *(tmp_path / name for name in ("a.txt", "b.txt", "c.txt")))
    rows = [[f for f in row["findings"] if "对照" in f["why"]] for row in json.loads(out)]
    assert [[f["type"] for f in found] for found in rows] == [types, types, []]
    for row in json.loads(out):
        jsonschema.validate(row, SCHEMA)
        assert row["counts"]["inconsistent"] == sum(f["kind"] == "inconsistent" for f in row["findings"])
    for found, name in zip(rows, ("b.txt", "a.txt"), strict=False):
        assert all(name in f["why"] and f["place"] == "正文第2段" for f in found)
    assert code == (1 if types else code) and "小明" not in out


def test_a_patrol_compares_its_files(run, tmp_path):
    (tmp_path / "a.txt").write_text("公示\n张某某 138****1234\n", "utf-8")
    (tmp_path / "b.txt").write_text("公示\n张某某 1381234****\n", "utf-8")
    (tmp_path / "c.pdf").write_bytes(b"%PDF-1.4 nothing")
    code, out, _ = run("check", "--patrol", tmp_path)
    lines = out.splitlines()
    assert (code, len(lines)) == (1, 6)
    assert [line.rpartition("/")[2] for line in lines[3:5]] == [
        "a.txt：和其他文件对照，遮法不一致1处",
        "b.txt：和其他文件对照，遮法不一致1处",
    ]
    assert lines[5] == "共3个文件，3个有问题（其中1个没能检查），遮法不一致2处。"


def test_ten_thousand_masks_of_many_files_are_compared_in_time(screener):
    chance = random.Random(3)
    ways = ("138****{:04}", "138{:04}****", "1380**{:04}*")
    lists = [
        "\n".join(f"张某某 {ways[at % 3].format(chance.randrange(10_000))}" for _ in range(500)) for at in range(20)
    ]
    marks = [[Mark(mask, "正文", name) for mask, name in marked(text, ())] for text in lists]
    start = time.process_time()
    assert 0 < len(list(across(marks))) <= 1000
    assert time.process_time() - start < 20


def test_addresses_of_pages_are_refused(run, tmp_path):
    (tmp_path / "list.txt").write_text("https://www.example.gov.cn/a.html\n", "utf-8")
    for arguments in (["--patrol", tmp_path / "list.txt"], ["https://www.example.gov.cn/a.html"]):
        code, out, err = run("check", *arguments)
        assert (code, out) == (2, "")
        assert "先把网页保存到本机" in err
    assert run("check")[0] == 2
