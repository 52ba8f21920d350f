"""Every kind of report over the same half year, with expected numbers; on both databases it can be made at all."""

from __future__ import annotations

import io
import zipfile
from argparse import Namespace
from datetime import UTC, datetime

import accounts
import openpyxl
import pytest
from halfyear import NOW, fill
from registers import application
from sqlalchemy import select

from gongkai.model.errors import GongkaiError, RequestError
from gongkai.service.commands.report import run
from gongkai.service.errors import NotFound
from gongkai.service.reports.drawn import svg, to_json
from gongkai.service.reports.kinds import KINDS, made
from gongkai.service.reports.paper import docx
from gongkai.service.reports.scopes import scope
from gongkai.service.reports.shapes import Part, Report, plain
from gongkai.service.reports.workbook import xlsx
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Trail


def report(database, rules, kind, period, unit="", login="office"):
    with database.reading() as session:
        return made(session, accounts.actor(session, login), rules, kind, period, unit, at=NOW)


def table(told, title):
    """A table by its title: row name -> cells."""
    found = next(one for part in told.parts for one in part.tables if one.title == title)
    return {row.name: row.cells for row in found.rows}


def test_the_monthly_bulletin(filled, rules):
    told = report(filled, rules, "monthly", "2026-04")
    rows = table(told, "各单位")
    #: 公文、主动、依申请、不予、报送、退文、发布、逾期发布、到期未公开、新收、办结、逾期答复
    assert rows["青禾县水务局"] == (4, 2, 0, 2, 3, 1, 2, 1, 0, 2, 1, 0)
    assert rows["青禾县民政局"] == (3, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0)
    assert table(told, "与上期比较")["发布"] == (2, 0, 2)
    assert told.parts[2].words == ("青禾县水务局：逾期发布1条，退文1份次。",)
    assert table(report(filled, rules, "monthly", "2026-06"), "各单位")["合计"][7:] == (0, 1, 0, 1, 1)


def test_what_was_published_by_type_and_channel(filled, rules):
    told = report(filled, rules, "monthly", "2026-04")
    rows = table(told, "按类别和渠道（件）")
    assert rows == {"政策文件": (1, 0, 1), "规划计划总结": (0, 1, 1)}


def test_the_self_check(filled, rules):
    found = {name: cells[0] for name, cells in table(report(filled, rules, "selfcheck", "2026-Q2"), "自查项目").items()}
    assert found == {
        "超过20个工作日仍没有确定公开属性的公文": 1,
        "不予公开没有写明依据的": 1,
        "规范性文件没有主动公开的": 1,
        "到期没有公开的": 1,
        "逾期才公开的": 1,
        "已公开但没有保密审查或者发布审查记录的": 1,
        "不予公开、依申请公开满一年没有重评的": 0,
        "暂缓公开已经到期的": 1,
        "申请超过期限才答复的": 1,
        "申请超过期限还没有答复的": 1,
    }


def test_a_year_later_the_withheld_wait_for_their_re_review(filled, rules):
    with filled.reading() as session:
        actor = accounts.actor(session, "office")
        later = datetime(2027, 7, 1, tzinfo=UTC)
        told = made(session, actor, rules, "selfcheck", "2027-Q2", "", at=later)
    rows = table(told, "不予公开、依申请公开满一年没有重评的")
    assert sorted(rows) == ["值班安排", "内部通报", "规范性文件清理办法"]


def test_the_metrics_of_an_assessment(filled, rules):
    told = report(filled, rules, "assessment", "2026-Q2")
    assert [one.title for one in told.parts[1].tables] == ["公开范围", "公开内容", "公开方式", "公开时间"]
    shares = {name: cells[:2] for one in told.parts[1].tables for name, cells in table(told, one.title).items()}
    assert shares["公文确定了公开属性"] == (6, 7)
    assert shares["不公开的写明了理由和依据"] == (2, 3)
    assert shares["按时发布"] == (1, 2)
    assert shares["发布前经过审查"] == (2, 2)
    assert shares["申请按时答复"] == (1, 2)
    assert told.parts[0].words[0].startswith("2026年第二季度得分")


def test_trends(filled, rules):
    told = report(filled, rules, "trend", "2026-Q2")
    assert table(told, "公开属性")["2026年第二季度"] == (7, 3, 1, 2, "33.3%")
    assert table(told, "各单位")["青禾县水务局"] == (4, 1, "25.0%", 1)
    assert table(told, "依申请公开和不予公开的理由（件）")["内部事务信息：内部工作流程"] == (0, 2)
    assert table(told, "各单位不予公开")["青禾县水务局"][:3] == (4, 2, "50.0%")
    assert "33.3%" in told.parts[0].words[0]


def test_a_report_without_any_record_says_so(filled, rules):
    for kind in KINDS:
        told = report(filled, rules, kind, "2020", accounts.CIVIL)
        assert told.unit == "青禾县民政局" and told.parts
    assert report(filled, rules, "assessment", "2020").parts[0].words == ("没有可以考核的数据。",)


def test_every_kind_on_both_databases_as_page_and_files(database, rules):
    with database.writing() as session:
        fill(session, rules)
    for kind in KINDS:
        told = report(database, rules, kind, "2026")
        assert to_json(told, kind, "2026")["parts"]
        with zipfile.ZipFile(io.BytesIO(docx(told))) as box:
            charts = [name for name in box.namelist() if "charts/" in name]
        assert len(charts) == sum(len(part.charts) for part in told.parts)
        assert all(svg(chart).startswith("<svg") for part in told.parts for chart in part.charts)
        assert openpyxl.load_workbook(io.BytesIO(xlsx(told))).sheetnames[0] == "说明"


def test_no_cell_becomes_a_formula():
    table = plain("=表", "=单位", ("=列",), [("=HYPERLINK(1)局", "+1")], "=注")
    told = Report("=题", "=局", "2026年", NOW.date(), (Part("=章", ("=句",), (table,)),), ("=错",))
    book = openpyxl.load_workbook(io.BytesIO(xlsx(told)))
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    assert len(found) == 11 and all(cell.data_type != "f" for cell in found)


def test_whose_records_count(filled, rules):
    with filled.reading() as session:
        office, reviewer = accounts.actor(session, "office"), accounts.actor(session, "reviewer")
        assert list(scope(session, office).units) == [accounts.TOP, accounts.WATER, accounts.CIVIL]
        assert scope(session, reviewer).name == "青禾县水务局"
        assert list(scope(session, reviewer).units) == [accounts.WATER]
        with pytest.raises(NotFound):
            scope(session, reviewer, accounts.CIVIL)
    assert "青禾县民政局" not in table(report(filled, rules, "monthly", "2026-04", login="reviewer"), "各单位")


def test_what_cannot_be_made(filled, rules):
    with pytest.raises(NotFound, match="没有这种报表"):
        report(filled, rules, "weekly", "")
    with pytest.raises(RequestError, match="按年编制"):
        report(filled, rules, "yearly", "2026-04")


def test_a_dispute_counts_in_the_year_of_its_own_day(filled, rules):
    with filled.writing() as session:
        told = {"reviews": ["upheld"], "disputed": "2022-01-10", "extended": True, "paused": 9}
        session.add(application("旧1", "2021-02-01", "2021-03-01", "granted", **told))
    name = "政府信息公开行政复议、行政诉讼情况"
    before, after = (report(filled, rules, "yearly", year) for year in ("2021", "2022"))
    assert [table(one, name)["件数"][:5] for one in (before, after)] == [(0,) * 5, (1, 0, 0, 0, 1)]
    assert "经批准延长答复期限1件，扣除征求意见、补正等时间1件。" in before.parts[0].words[1]
    assert "新收政府信息公开申请1件" in before.parts[0].words[0]
    assert "没有收到政府信息公开申请" in after.parts[0].words[0]


def written(filled, to, *, login="office", unit="", kind="monthly"):
    url = filled.engine.url.render_as_string(hide_password=False)
    given = Namespace(kind=kind, to=to, period="2026-04", unit=unit, by=login)
    return run(given, Settings(database=url, data=to.parent))


def test_the_command_writes_what_the_page_gives(filled, rules, tmp_path, capsys):
    assert written(filled, tmp_path / "通报.xlsx", unit="青禾县水务局")
    assert "青禾县水务局2026年4月政府信息公开工作情况通报" in capsys.readouterr().out
    book = openpyxl.load_workbook(tmp_path / "通报.xlsx")
    assert ("青禾县水务局", 4, 2, 0, 2) in {row[:5] for sheet in book for row in sheet.values}
    assert written(filled, tmp_path / "通报.docx")
    assert zipfile.is_zipfile(tmp_path / "通报.docx")
    with filled.reading() as session:
        last = session.scalars(select(Trail).where(Trail.kind == "report").order_by(Trail.seq)).all()[-1]
        assert (last.action, last.detail) == ("download", {"format": "docx", "job": "monthly", "period": "2026年4月"})


@pytest.mark.parametrize(
    ("name", "login", "unit", "words"),
    [
        ("通报.pdf", "office", "", "只能写成"),
        ("通报.xlsx", "nobody", "", "没有登录名"),
        ("通报.xlsx", "drafter", "", "不能编制报表"),
        ("通报.xlsx", "office", "没有的局", "没有名为"),
    ],
)
def test_a_command_that_cannot_write_says_why(filled, tmp_path, name, login, unit, words):
    with pytest.raises(GongkaiError, match=words):
        written(filled, tmp_path / name, login=login, unit=unit)
    assert not (tmp_path / name).exists()
