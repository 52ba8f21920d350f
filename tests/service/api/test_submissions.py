"""A drafting tool asks whether a draft lacks anything before it is handed in."""

from __future__ import annotations

import pytest
from accounts import keyed
from papers import NOTICE

PATH = "/v1/submissions/check"
FORM = {
    "文件标题": "关于青禾县河道管护的通知",
    "发文字号": "青水发〔2024〕8号",
    "拟稿单位": "青禾县水务局",
    "拟稿人": "赵一鸣",
}
SENT = {
    "mode": "behalf",
    "attribute": "withheld",
    "reasons": ["W-163"],
    "annotation": "（此件不予公开）",
    "policy": False,
    "form": FORM,
}


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"attribute": "不予公开"}, []),
        ({"attribute": ""}, ["attribute-missing"]),
        ({"reasons": []}, ["reason-missing", "basis-missing"]),
        ({"policy": True}, ["office-missing"]),
        ({"policy": True, "office": "agreed"}, []),
        ({"form": None}, ["form-missing"]),
        ({"form": {}}, ["form-incomplete"] * 4),
        ({"form": {}, "title": "甲", "number": "乙", "unit": "丙", "drafter": "丁"}, []),
        ({"form": {**FORM, "拟稿人": ""}}, ["form-incomplete"]),
    ],
)
def test_every_gap_is_told(client, changed, codes):
    answer = client.post(PATH, json=SENT | changed)
    assert answer.status_code == 200
    assert [gap["code"] for gap in answer.json()["gaps"]] == codes
    assert answer.json()["passed"] is (codes == [])


def test_the_notice_names_paper_and_units(client):
    shown = client.post(PATH, json=SENT | {"reasons": []}).json()
    assert (shown["notice"], shown["title"], shown["to"], shown["by"]) == (
        "退文通知",
        "关于青禾县河道管护的通知",
        "青禾县水务局",
        "青禾县水务局",
    )


def test_a_kept_document_adds_remarks_and_no_gaps(client):
    document = client.post("/v1/suggestions", json={"text": NOTICE}).headers["location"].rpartition("/")[2]
    alone, beside = (client.post(PATH, json=SENT | more).json() for more in ({}, {"document": document}))
    assert (alone["gaps"], alone["remarks"]) == ([], [])
    assert (beside["gaps"], "machine-differs" in [row["code"] for row in beside["remarks"]]) == ([], True)


def test_others_documents_look_like_none(client, service, problem):
    document = client.post("/v1/suggestions", json={"text": NOTICE}).headers["location"].rpartition("/")[2]
    answer = keyed(service, "neighbour").post(PATH, json=SENT | {"document": document})
    problem(answer, 404, "not-found")


def test_a_key_that_may_not_look_at_documents_asks_without_one(client, service, problem):
    document = client.post("/v1/suggestions", json={"text": NOTICE}).headers["location"].rpartition("/")[2]
    narrow = keyed(service, "drafter", "suggest")
    problem(narrow.post(PATH, json=SENT | {"document": document}), 403, "not-allowed")
    assert narrow.post(PATH, json=SENT).status_code == 200


@pytest.mark.parametrize(
    "changed",
    [
        {"mode": "gift"},
        {"colour": 1},
        {"plan": "later"},
        {"document": "x"},
        {"reason": "字" * 2001},
        {"form": {"a": 1}},
    ],
)
def test_what_makes_no_sense_is_refused(client, problem, changed):
    answer = client.post(PATH, json=SENT | changed)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
