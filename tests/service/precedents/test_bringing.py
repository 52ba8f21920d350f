"""Decisions made elsewhere come in as a list, each once; what can't be used is told by its place."""

from __future__ import annotations

import accounts
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from gongkai.service.app import create_app
from gongkai.service.precedents.bringing import bring
from gongkai.service.settings import Settings
from gongkai.service.store.tables import Decided, Kept, Vector

LIST = (
    "标题,文号,发文机关,成文日期,公开属性,理由\n"
    "关于青河路停水检修的通告,青水〔2023〕1号,青禾县水务局,2023-04-28,主动公开,\n"
    "青禾县水务局局务会议纪要,青水纪〔2023〕2号,青禾县水务局,2023-05-08,不予公开,W-161\n"
    "关于请示事项的批复,青水〔2023〕3号,青禾县水务局,2023-05-09,依申请公开,\n"
    "没有属性的文件,青水〔2023〕4号,青禾县水务局,2023-05-09,,\n"
    "机密★10年 关于演练的通知,青水〔2023〕5号,青禾县水务局,2023-05-09,不予公开,W-161\n"
)
QUESTION = {"title": "关于青河路停水检修的通告", "number": "", "text": "青河路沿线定于5月6日停水检修，请提前储水。"}


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    return create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, job_workers=0))


@pytest.fixture(scope="module")
def house(application):
    accounts.peopled(application)
    with TestClient(application):
        yield application.state.house


@pytest.fixture(scope="module")
def brought(house, tmp_path_factory):
    path = tmp_path_factory.mktemp("list") / "先例.csv"
    path.write_text(LIST, "utf-8")
    with house.database.reading() as session:
        acting = accounts.actor(session, "reviewer")
    return [bring(house, acting, path) for _ in range(2)]


def test_rows_come_in_once(brought):
    first, again = brought
    assert (first.new, first.known, again.new, again.known) == (2, 0, 0, 2)


def test_what_cannot_be_used_is_told_by_its_place(brought):
    assert [place for place, _ in brought[0].refused] == [3, 4, 5]
    assert "理由" in brought[0].refused[0][1] and "密级" in brought[0].refused[2][1]


def test_what_is_kept(house, brought):
    with house.database.reading() as session:
        rows = list(session.execute(select(Kept.number, Kept.decided, Kept.origin).order_by(Kept.number)))
        assert rows == [
            ("青水〔2023〕1号", "proactive", "precedent"),
            ("青水纪〔2023〕2号", "withheld", "precedent"),
        ]
        assert session.scalar(select(func.count()).select_from(Decided)) == 2
        assert session.scalar(select(func.count()).select_from(Vector)) == 2


def test_they_are_found_over_the_api(application, brought):
    client = accounts.keyed(application, "drafter")
    answer = client.post("/v1/precedents/search", json=QUESTION | {"attribute": "withheld"})
    assert answer.status_code == 200
    body = answer.json()
    assert [item["number"] for item in body["items"]][:1] == ["青水〔2023〕1号"]
    assert "与先例不一致" in body["warning"]


def test_a_document_elsewhere_is_not_found(application, brought):
    client = accounts.keyed(application, "drafter")
    assert client.get("/v1/precedents", params={"document": "0" * 32}).status_code == 404
    assert client.get("/v1/precedents", params={"document": "../../etc"}).status_code == 422
