"""S2 as a case: the ministry's report of 2012 reproduced as a yearly report from an imported register and figures.

The founding report says: 212 applications, nearly 14 % more than the year before, all closed in time; 28 reviews asked
for, 4 of them accepted, 2 lawsuits, all closed; 64,000 items on the site, 500,000 notices of the land and mineral
markets, 9 special columns, 133 meetings reported, 31 broadcast, 11 interviews, 26 press conferences.
"""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, timedelta

import accounts
import openpyxl
import pytest
from registers import application

from gongkai.model.rulebook import Rulebook
from gongkai.service.limits import Limits
from gongkai.service.reports import figures
from gongkai.service.reports.kinds import made
from gongkai.service.reports.paper import docx
from gongkai.service.reports.periods import Period
from gongkai.service.reports.workbook import xlsx
from gongkai.service.store.database import Database

NOW = datetime(2013, 3, 20, 1, tzinfo=UTC)
CHANNELS = {
    "site_items": "64000", "market_items": "500000", "special_columns": "9", "meetings_reported": "133",
    "broadcasts": "31", "interviews": "11", "press_conferences": "26", "results_online": "39", "letters": "4844",
    "consultations": "9689", "tips": "41284", "rules_made": "5", "normative_made": "40", "applications_fee": "0",
}  # fmt: skip


def rows():
    """186 applications of 2011 and 212 of 2012, each answered within fifteen working days; disputes on some."""
    for number in range(186):
        day = date(2011, 1, 4) + timedelta(days=number * 330 // 186)
        yield application(f"2011-{number:03}", day.isoformat(), (day + timedelta(days=12)).isoformat())
    disputes = [{"reviews": ["upheld"]}] * 4 + [{"reviews": ["refused"]}] * 24 + [{"direct": ["upheld"]}] * 2
    for number in range(212):
        day = date(2012, 1, 4) + timedelta(days=number * 330 // 212)
        extra = disputes[number] if number < len(disputes) else {}
        outcome, applicant = ("granted", "partial", "unable_absent")[number % 3], ("natural", "business")[number % 2]
        closed = (day + timedelta(days=14)).isoformat()
        yield application(f"2012-{number:03}", day.isoformat(), closed, outcome, applicant=applicant, **extra)


def sheet():
    """The figures as somebody fills them into a table of their own."""
    book = openpyxl.Workbook()
    named = {item.key: item.name for item in figures.items()}
    for key, value in CHANNELS.items():
        book.active.append([named[key], int(value)])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    database = Database.open(f"sqlite:///{tmp_path_factory.mktemp('case') / 'gongkai.db'}")
    with database.writing() as session:
        accounts.fill(session, NOW)
        for row in rows():
            session.add(row)
        actor = accounts.actor(session, "office")
        given = figures.from_sheet(sheet(), Limits())
        figures.put(session, actor, accounts.TOP, Period.of("2012"), given, at=NOW)
    with database.reading() as session:
        told = made(session, accounts.actor(session, "office"), Rulebook.load(), "yearly", "2012", "", at=NOW)
    database.close()
    return told


SENTENCES = [
    "2012年新收政府信息公开申请212件，比上年增加14.0%，全部按时办结。",
    "因政府信息公开工作被申请行政复议28件（受理4件），被提起行政诉讼2件，均已办结。",
]
ACTIVITIES = (
    "门户网站发布信息64000条", "土地市场、矿业权市场公告公示500000条", "专题专栏9个", "报道会议活动133次",
    "直播会议活动31次", "在线访谈11次", "新闻发布会、通气会26场", "信箱答复4844件", "受理咨询9689件",
)  # fmt: skip


def test_the_founding_reports_sentences(report):
    overall = report.parts[0].words
    assert list(overall[:2]) == SENTENCES
    assert [words for words in ACTIVITIES if words not in overall[2]] == []
    assert report.parts[5].words == ("本年度没有收取信息处理费。",)
    assert report.faults == ()


def test_the_national_tables(report):
    rows = {row.name: row.cells for row in report.parts[2].tables[0].rows}
    assert rows["一、本年新收政府信息公开申请数量"] == (106, 106, 0, 0, 0, 0, 212)
    assert rows["（一）予以公开"][-1] + rows["（二）部分公开（区分处理的，只计这一情形，不计其他情形）"][-1] == 71 + 71
    assert rows["1．本机关不掌握相关政府信息"][-1] == 70
    assert (rows["（七）总计"][-1], rows["四、结转下年度继续办理"][-1]) == (212, 0)
    disputes = report.parts[3].tables[0]
    assert disputes.rows[0].cells == (4, 0, 0, 0, 4, 2, 0, 0, 0, 2, 0, 0, 0, 0, 0)
    assert "24 件" in disputes.note
    first = report.parts[1].tables[0]
    assert [row.cells for row in first.rows] == [(5, None, None), (40, None, None)]


def test_as_files(report):
    with zipfile.ZipFile(io.BytesIO(docx(report))) as box:
        text = box.read("word/document.xml").decode()
        assert SENTENCES[0] in text and "word/charts/chart1.xml" in box.namelist()
    book = openpyxl.load_workbook(io.BytesIO(xlsx(report)))
    told = {row[0].value: row[-1].value for row in book["收到和处理政府信息公开申请情况"].iter_rows()}
    assert told["一、本年新收政府信息公开申请数量"] == 212
    assert len(book["图表"]._charts) == 1
