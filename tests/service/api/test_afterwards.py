"""Re-reviews, dossiers and frequent requests for other programs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from accounts import WATER, keyed, peopled, user_id
from sqlalchemy import select
from withheld import kept

from gongkai.service.app import create_app
from gongkai.service.settings import Settings
from gongkai.service.store.duties import Application
from gongkai.service.store.tables import Trail

NOW = datetime(2026, 6, 15, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    application = create_app(Settings(data=tmp_path_factory.mktemp("data"), workers=0, fast=True), lambda: NOW)
    peopled(application)
    return application


@pytest.fixture(scope="module")
def document(application):
    house = application.state.house
    with house.database.writing() as session:
        return kept(session, house.rules(), "去年的值班安排", at=NOW - timedelta(days=380)).id


def test_a_withheld_document_is_listed_and_kept_with_a_reason(application, document):
    client = keyed(application, "reviewer", "afterwards")
    told = client.get("/v1/rereview").json()
    assert (told["total"], told["pages"]) == (1, 1)
    item = told["items"][0]
    assert (item["document"], item["late"], item["reason"], item["revisit"]) == (document, 15, "W-163", "2026-05-31")
    assert item["proposals"][0]["basis"].startswith("条例第十八条")
    assert client.post(f"/v1/documents/{document}/rereview", json={"way": "retain", "reason": ""}).status_code == 422
    given = {"way": "retain", "reason": "仍是内部值班", "until": "2027-06-01"}
    answer = client.post(f"/v1/documents/{document}/rereview", json=given)
    assert answer.json() == {
        "document": document, "decided": "withheld", "state": "withheld", "revisit": "2027-06-01", "awaiting": "year",
    }  # fmt: skip
    with application.state.house.database.reading() as session:
        told = session.scalars(select(Trail).where(Trail.object == document).order_by(Trail.seq)).all()
    assert [entry.action for entry in told] == ["decide", "take-up", "pass"]
    assert "内部值班" not in str([entry.detail for entry in told])
    assert client.get("/v1/rereview").json()["total"] == 0
    assert client.get("/v1/rereview?scope=all").json()["total"] == 1


def test_a_dossier(application, document):
    client = keyed(application, "reviewer", "documents")
    answer = client.get(f"/v1/documents/{document}/dossier").json()
    assert answer == {"decision": False, "papers": [], "missing": [], "validity": ""}
    assert client.get(f"/v1/documents/{'f' * 32}/dossier").status_code == 404


def test_what_is_asked_for_often(application):
    with application.state.house.database.writing() as session:
        for number in range(3):
            session.add(
                Application(
                    unit=WATER,
                    number=str(number),
                    received="2026-01-05",
                    applicant="natural",
                    topic="征地补偿标准",
                    outcome="granted",
                    by=user_id("office"),
                    at=NOW,
                )  # fmt: skip
            )
    told = keyed(application, "office", "applications").get("/v1/applications/topics").json()
    assert told["many"] == 3
    assert told["topics"] == [
        {"words": "征地补偿标准", "count": 3, "granted": 3, "open": 3, "numbers": ["0", "1", "2"]}
    ]


def test_doors(application, document):
    assert keyed(application, "drafter").get("/v1/rereview").status_code == 403
    assert keyed(application, "drafter").get("/v1/applications/topics").status_code == 403
