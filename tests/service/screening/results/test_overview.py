"""The report: what is counted, how it is drawn, and that it stays by itself in a browser."""

from __future__ import annotations

import json
import random
import re
from base64 import b64encode
from collections import Counter
from dataclasses import asdict, replace
from hashlib import sha256

import pytest
from backlogs import FAILURES, decision, digest, filled, record

from gongkai.model.estimates import Estimate
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.decisions.trust import PileTrust, Trust
from gongkai.service.screening.records import Failure, Pile, Place, Role
from gongkai.service.screening.results import outputs
from gongkai.service.screening.results.charts import Line, Series, bar, ceiling, columns, curve, scale
from gongkai.service.screening.results.entries import Entry, Joint
from gongkai.service.screening.results.failures import advice
from gongkai.service.screening.results.overview import _split, page
from gongkai.service.screening.results.totals import Totals, at
from gongkai.service.screening.store import FileRow

RULES = Rulebook.load()
TRUST = Trust(
    "第一批", "2026-03-04T09:00:00", 0.95,
    (
        PileTrust(Pile.confirm, 200, 50, 40, 1, Estimate(5, 1, 20)),
        PileTrust(Pile.decide, 100, 0, 0, 0, Estimate(0, 0, 9)),
    ),
    Estimate(0.025, 0.005, 0.1), {"proactive": Estimate(3, 1, 12), "withheld": Estimate(0, 0, 4)}, 3,
)  # fmt: skip


def entry(number, pile=Pile.decide, joint=None, made=None, confidence=0.9, exception=False, **changed):
    known = record(number, random.Random(number), confidence=confidence, **changed)
    files = (FileRow(f"{number}.docx", Role.main, "", "", known.digest, None, {}),)
    return Entry(Place(known.digest, pile, number, 0.1, exception=exception), known, files, made, joint)


def totals(*given):
    found = Totals()
    for one in given:
        found.add(one)
    return found


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("backlog") / "out"
    with filled(folder, 300, decisions=60) as store:
        store.note("estimate", json.dumps(asdict(TRUST)))
        outputs.write(store, folder, "2026-03-05T10:20:30", rules=RULES)
    return folder


@pytest.fixture(scope="module")
def html(out):
    return (out / "report.html").read_text("utf-8")


def test_counts_by_pile_attribute_year_and_unit():
    found = totals(
        entry(1, attribute="proactive", issued="2018-01-02", issuer="甲局"),
        entry(2, Pile.confirm, attribute="withheld", issued="", issuer="", confidence=0.5, made=decision(digest(2), 0)),
        entry(3, Pile.stop, handling="stop_classified"),
        entry(4, Pile.stop, handling="out_of_scope", attribute="withheld", issued="2018-05", issuer="甲局"),
    )
    assert found.piles == {Pile.decide: 1, Pile.confirm: 1, Pile.stop: 2}
    assert found.attributes == {"proactive": 1, "withheld": 2}
    assert found.years == {"2018": {"proactive": 1, "withheld": 1}, "不详": {"withheld": 1}}
    assert found.units == {"甲局": {"proactive": 1, "withheld": 1}, "不详": {"withheld": 1}}
    assert found.confidence == {"90": {"proactive": 1, "withheld": 1}, "50": {"withheld": 1}}
    assert (found.special["secret"], found.special["out_of_scope"], found.files) == (1, 1, 4)
    assert found.judged == [(0.5, True)]
    assert list(found.sure) == [0.9, 0.5]


def test_a_group_takes_one_decision_and_each_exception_its_own():
    joint = Joint(1, 4, 1, digest(1))
    grouped = [entry(n, joint=joint, exception=n == 4) for n in range(1, 5)]
    found = totals(*grouped, entry(5), entry(6, Pile.confirm))
    assert (found.groups, found.special["exceptions"], found.judgements) == (1, 1, 4)


def test_failures_are_counted_by_reason_while_they_pass():
    found = Totals()
    rows = [FileRow("a", Role.main, "", "", "", Failure(slug, told), {}) for slug, told in [*FAILURES, FAILURES[0]]]
    assert list(found.failed(rows)) == rows
    assert found.failures == {"文件已加密": 2, "扫描件没有文字": 1, "文件已损坏": 1}
    assert found.advice["文件已加密"] == FAILURES[0][1]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("Office 文件已加密，请去掉密码后再提交。", "Office 文件已加密，请去掉密码后再筛查。"),
        (
            "PDF 没有文字层，请先做文字识别（OCR）后再提交。",
            "PDF 没有文字层，请先做文字识别（OCR）后再筛查，或者加上 --ocr 筛查（要装 ocr 扩展）。",
        ),
        ("文件已损坏，请重新获取后再试。", "文件已损坏，请重新获取后再试。"),
    ],
)
def test_advice_speaks_of_screening(message, told):
    assert advice(FileRow("a", Role.main, "", "", "", Failure("encrypted", message), {})) == told


def test_units_that_nobody_knows_come_last_and_set_no_scale():
    units = {"不详": Counter(withheld=50), "甲局": Counter(proactive=2), "乙局": Counter(proactive=1, withheld=3)}
    rows = _split(units)
    assert [(row.name, row.count, row.more) for row in rows] == [
        ("乙局", 4, ("1", "0", "3")), ("甲局", 2, ("2", "0", "0")), ("不详", 50, ("0", "0", "50")),
    ]  # fmt: skip
    assert ['width="25.00%"' in row.bar for row in rows] == [True, False, False]
    assert "<rect" not in rows[-1].bar


def test_what_a_table_has_no_room_for_stands_on_one_line():
    rows = _split({f"{n}局": Counter(on_request=20 - n) for n in range(18)})
    assert (len(rows), rows[-1].name, rows[-1].count, rows[-1].more) == (16, "其余3项", 12, ("0", "12", "0"))


def test_the_curve_takes_the_surest_first():
    found = totals(*(entry(n, confidence=c) for n, c in enumerate((0.6, 1.0, 0.8, 0.9), 1)))
    assert [(x, round(y, 6)) for x, y in found.expected()] == [(0.25, 0.0), (0.5, 0.05), (0.75, 0.1), (1.0, 0.175)]
    assert round(at(found.expected(), 0.6), 6) == 0.1
    assert found.observed() == []


def test_enough_decisions_draw_a_curve_of_their_own():
    given = [entry(n, confidence=1 - n / 1000, attribute="proactive") for n in range(1, 101)]
    wrong = [replace(e, decision=decision(e.record.digest, 1 if n >= 80 else 0)) for n, e in enumerate(given)]
    assert at(totals(*wrong).observed(), 0.8) == 0.0
    assert at(totals(*wrong).observed(), 1.0) == 0.2


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (7, [0, 2, 4, 6, 8]),
        (83, [0, 20, 40, 60, 80, 100]),
        (123_456, [*range(0, 150_001, 50_000)]),
    ],
)
def test_axes_have_whole_ticks_that_reach_the_top(most, ticks):
    assert scale(most)[-1] >= most
    assert scale(most) == ticks


@pytest.mark.parametrize(("most", "end"), [(0.0, 1), (0.011, 2), (0.12, 12), (0.2, 20), (0.7, 100)])
def test_the_axis_of_shares_ends_where_it_fits(most, end):
    assert ceiling(most) == end


def test_bars_are_as_long_as_their_shares():
    drawn = bar([(0.25, "proactive"), (0.5, "withheld")])
    assert re.findall(r'class="(\w+)" x="([\d.]+%)" y="0" width="([\d.]+%)"', drawn) == [
        ("proactive", "0.00%", "25.00%"), ("withheld", "25.00%", "50.00%"),
    ]  # fmt: skip
    assert "<rect" not in bar([(0.0, "proactive")])


def test_columns_stack_their_series_and_tell_their_totals():
    drawn = columns(["2018", "2019"], [Series("甲", "a", [1, 2]), Series("乙", "b", [3, 0])], '<各年>"')
    assert len(re.findall("<rect", drawn)) == 3
    assert [n for n in re.findall(r'anchor="middle">([\d,]+)<', drawn)] == ["4", "2018", "2", "2019"]
    assert 'aria-label="&lt;各年&gt;&quot;"' in drawn


def test_totals_that_have_no_room_are_left_out():
    labels = [str(year) for year in range(1990, 2020)]
    drawn = columns(labels, [Series("甲", "a", [123_456] * 30)], "各年")
    assert 5 <= drawn.count(">123,456<") <= 9
    assert ">2019<" in drawn


def test_a_curve_stays_in_its_frame():
    drawn = curve([Line("甲", "a", [(0.1, 0.0), (1.0, 0.2)])], "曲线", "横轴")
    assert re.findall(r'points="([^"]+)"', drawn) == ["105.8,206.0 518.0,22.0"]


def test_the_report_says_what_people_have_to_do(html):
    assert re.findall(r"<li><b>([\d,]+ .)</b><span>(\S{4})", html)[0] == ("6 件", "疑似涉密")
    for words in ("存量公文筛查报告", "2026-03-05 10:20", "逐件决定", "文件已加密", "照建议采用", "规则表 sha256:0123"):
        assert words in html
    assert "实际有误" in html


def test_the_report_tells_what_an_audit_said(html):
    row = re.search(r'<td class="k">快速确认</td><td class="n">200</td>.*?</tr>', html)[0]
    assert re.findall(r">([^<>]+)</td>", row) == ["快速确认", "200", "50", "40", "1", "2.5%", "0.5%–10.0%"]
    assert "尚未纠正的误判为主动公开，估计 3 件（1–12）" in html
    assert "总差错率 2.5%（0.5%–10.0%）" in html


def test_the_report_forbids_everything_but_its_own_style(html):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)[1]
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert re.findall(r"<script|<link|<img|\sstyle=|\son\w+=|url\(|@import|https?://", html) == []


def test_the_report_tells_no_title(html, tmp_path):
    assert "印发" not in html
    assert "青政办" not in html
    shown = page(totals(entry(1, issuer="<b>局</b>")), RULES, "2026")
    assert "&lt;b&gt;局&lt;/b&gt;" in shown


def test_an_empty_backlog_is_a_report_too():
    shown = page(Totals(), RULES, "2026-03-05")
    for words in ("没有记录。", "没有认出成文日期的记录。", "没有：所有文件都读成了。", "还没有抽样检验。"):
        assert words in shown
    assert "nan" not in shown


def test_fast_mode_is_told_at_the_top():
    known = entry(1)
    fast = replace(known.record, result=known.record.result | {"notes": ["快速模式：没有查找。"]})
    assert "1 件用快速模式筛查" in page(totals(replace(known, record=fast)), RULES, "2026")
    assert "快速模式" not in page(totals(known), RULES, "2026")


def test_worklists_moved_aside_are_named():
    assert "worklist-filled-1.xlsx" in page(Totals(), RULES, "2026", ["worklist-filled-1.xlsx"])


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 768, 1366])
def test_the_report_asks_for_nothing_and_fits_the_window(browser, out, width):
    asked, complaints = [], []
    context = browser.new_context(viewport={"width": width, "height": 768}, offline=True, java_script_enabled=True)
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("console", lambda line: complaints.append(line.text))
    opened.goto((out / "report.html").as_uri())
    wide = opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    colour = opened.evaluate("getComputedStyle(document.querySelector('h1')).color")
    context.close()
    assert (asked, complaints) == ([(out / "report.html").as_uri()], [])
    assert (wide, colour) == (0, "rgb(143, 29, 29)")


@pytest.mark.browser
def test_the_report_prints_on_few_pages_of_a4(browser, out, tmp_path):
    import pypdfium2

    context = browser.new_context(offline=True)
    opened = context.new_page()
    opened.goto((out / "report.html").as_uri())
    printed = opened.pdf(prefer_css_page_size=True)
    context.close()
    document = pypdfium2.PdfDocument(printed)
    assert 1 <= len(document) <= 4
    assert [round(side) for side in document[0].get_size()] == [595, 842]
    words = "".join(document[n].get_textpage().get_text_range() for n in range(len(document)))
    document.close()
    for heading in ("哪些要由人做", "各年（件）", "照建议采用，会错多少", "抽样检验", "没读成的文件"):
        assert heading in words
