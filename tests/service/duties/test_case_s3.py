"""The third founding document as a case: the 意见单 of a draft, and a backlog determined from a start year on."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html import unescape

import accounts
import openpyxl
import pytest
from orders import fill, ordered, screened
from papers import REQUEST

from gongkai.model.finding import Attribute
from gongkai.service.app import create_app
from gongkai.service.formats import pdf
from gongkai.service.limits import Limits
from gongkai.service.opinion.form import fields
from gongkai.service.opinion.reading import read
from gongkai.service.review.bringing import Source, bring_in
from gongkai.service.review.queue import Wanted, page
from gongkai.service.settings import Settings

RULES_PAPER = (
    "青禾县人民政府办公室关于印发青禾县农村公路养护管理办法的通知\n青政办发〔{year}〕{n}号\n"
    "各乡镇人民政府，县直各单位：\n《青禾县农村公路养护管理办法》已经县政府同意，现印发给你们，请认真贯彻执行。\n"
    "青禾县人民政府办公室\n{year}年5月6日\n"
)
REGISTER = "文件名,标题,文号,成文日期,公开属性\n旧.txt,,,,\n新.txt,,,,\n已定.txt,,,,主动公开\n请示.txt,,,,\n"


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    return create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True, rate=0))


def values_on(html):
    """What stands in the fields of the form."""
    found = {}
    for field in fields():
        told = re.search(rf'<textarea[^>]*name="{field.key}"[^>]*>(.*?)</textarea>', html, re.S)
        told = told or re.search(rf'<input[^>]*name="{field.key}"[^>]*value="([^"]*)"', html)
        picked = re.search(rf'<select[^>]*name="{field.key}".*?</select>', html, re.S)
        chosen = re.search(r"<option[^>]*selected[^>]*>([^<]*)", picked[0]) if picked else None
        found[field.key] = unescape((told or chosen)[1]).strip() if told or chosen else ""
    return found


def test_the_form_is_filled_checked_exported_and_read_back(application):
    drafter = accounts.signed_in(application, "drafter")
    made = accounts.keyed(application, "drafter", "suggest").post("/v1/suggestions", json={"text": REQUEST})
    document = made.headers["location"].rsplit("/", 1)[-1]
    given = {"attribute": "withheld", "reason": "W-167", "basis": "条例第十六条第二款", "note": "请示尚未答复"}
    assert drafter.post(f"/v1/documents/{document}/decisions", json=given).status_code == 201
    shown = drafter.get(f"/opinion/{document}").text
    values = values_on(shown)
    assert (values["attribute"], values["unit"], values["drafter"]) == ("不予公开", "青禾县水务局", "赵一鸣")
    assert "请示" in values["reason"] and "第十六条" in values["basis"]
    brief = unescape(re.search(r'name="brief" value="([^"]*)"', shown)[1])
    assert "项要办" in drafter.post("/opinion/check", data={**values, "brief": brief}).text
    rest = {field.key: "经办人已核对" for field in fields() if not values[field.key] and field.kind != "choice"}
    mended = values | rest | {
        "secrecy": "已审查，不涉密", "annotation": "（此件不予公开）", "handling": "全文适用", "third": "不涉及",
        "harm": "公开会妨碍县政府讨论决定", "office": "不需要", "policy": "否",
    }  # fmt: skip
    assert "项要办" not in drafter.post("/opinion/check", data={**mended, "brief": brief}).text
    exported = drafter.post("/opinion/file", data={**mended, "brief": brief})
    again = read(exported.content)
    assert again.problems == ()
    assert again.values == {field.key: mended.get(field.key, "") for field in fields()}
    printed = drafter.post("/opinion/pdf", data={**mended, "brief": brief})
    assert printed.headers["content-type"] == "application/pdf"
    told = "".join(pdf.read(printed.content, Limits()).split())
    assert "公文公开发布意见单" in told and "公开会妨碍县政府讨论决定" in told


@pytest.fixture(scope="module")
def backlog(application, tmp_path_factory):
    """Four papers of an archive, one of them determined before, one from before the start year."""
    order = ordered(tmp_path_factory.mktemp("archive"), jobs=1, report=True)
    papers = {"旧": RULES_PAPER.format(year=2012, n=1), "新": RULES_PAPER.format(year=2018, n=7)}
    papers["已定"] = RULES_PAPER.format(year=2019, n=9).replace("农村公路养护", "河道采砂")
    fill(order, **{f"{name}_txt": text for name, text in papers.items()}, 请示_txt=REQUEST, 登记_csv=REGISTER)
    order = replace(order, sources=(*order.sources, order.sources[0] / "登记.csv"))
    assert screened(order).records == 4
    house = application.state.house
    accounts.peopled(application)
    with house.database.reading() as session:
        actor = accounts.actor(session, "reviewer")
    source = Source(order.out, "青禾县存量公文", accounts.WATER)
    return bring_in(house.database, actor, source, house.clock).backlog, order.out


def found(application, backlog, **wanted):
    with application.state.house.database.reading() as session:
        rows = page(session, backlog, accounts.actor(session, "reviewer"), Wanted(**wanted), limit=50).rows
        return {row.kept.number: row.kept.id for row in rows}


def test_what_was_never_determined_since_a_year_is_queued_decided_and_entered(application, backlog):
    code, out = backlog
    never = found(application, code, state="never", since="2016")
    assert "青政办发〔2018〕7号" in never
    assert not {"青政办发〔2012〕1号", "青政办发〔2019〕9号"} & never.keys()
    assert found(application, code, state="never").keys() - never.keys() == {"青政办发〔2012〕1号"}
    reviewer = accounts.signed_in(application, "reviewer")
    listed = reviewer.get(f"/review/{code}?pile=all&state=never&since=2016").text
    assert "〔2018〕7号" in listed and "〔2012〕1号" not in listed
    given = {"ids": never["青政办发〔2018〕7号"], "attribute": Attribute.proactive.value, "category": "G0102"}
    assert reviewer.post(f"/review/{code}/decisions", data=given).json()["refused"] == []
    assert "青政办发〔2018〕7号" not in found(application, code, state="never", since="2016")
    entered = reviewer.get(f"/review/{code}/municipal?since=2016").content
    heads, row = openpyxl.load_workbook(io.BytesIO(entered)).active.iter_rows(values_only=True)
    told = dict(zip(heads, row, strict=True))
    assert told["信息名称"].endswith("关于印发青禾县农村公路养护管理办法的通知")
    assert (told["文号"], told["生成日期"], told["公开属性"]) == ("青政办发〔2018〕7号", "2018-05-06", "主动公开")
    assert (told["公开目录"], told["认定人"], told["录入前须补"]) == ("G0102 行政规范性文件", "钱多文", None)
    assert told["公开时限"]
    publishing = openpyxl.load_workbook(out / "publish.xlsx")
    assert publishing.sheetnames[:2] == ["待公开（已决定）", "建议公开（等人确认）"]


def test_a_reviewer_who_withholds_outside_the_list_is_asked_why(application, backlog):
    code, _ = backlog
    old = found(application, code)["青政办发〔2012〕1号"]
    reviewer = accounts.signed_in(application, "reviewer")
    given = {"ids": old, "attribute": "withheld", "reason": "W-161"}
    [asked] = reviewer.post(f"/review/{code}/decisions", data=given).json()["asked"]
    assert asked["id"] == old and "没有查到负面清单的任何一条" in asked["why"]
    assert asked["why"] in reviewer.get(f"/review/{code}/documents/{old}").text
    again = reviewer.post(f"/review/{code}/decisions", data={**given, "note": "尚在修订，公开会引起误解"}).json()
    assert (again["asked"], again["refused"]) == ([], [])
