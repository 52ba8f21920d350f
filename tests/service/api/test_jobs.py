"""/v1/jobs: submitted, followed, cancelled, fetched."""

from __future__ import annotations

import json
import time

import pytest
from accounts import keyed, signed_in
from papers import CLASSIFIED, LIST, NOTICE, NUMBERS

from gongkai.service.api import progress
from gongkai.service.api.schemas_jobs import JobRows
from gongkai.service.jobs.queue import KEPT
from gongkai.service.store.tables import Job

PATH = "/v1/jobs"


def files(*texts):
    return [("file", (f"第{number}件.txt", text.encode(), "text/plain")) for number, text in enumerate(texts)]


def submit(client, *texts, **fields):
    answer = client.post(PATH, files=files(*texts), data=fields)
    assert answer.status_code == 202, answer.text
    return answer.headers["location"]


def ended(client, place):
    until = time.monotonic() + 120
    while (job := client.get(place).json())["state"] not in ("done", "failed", "cancelled"):
        assert time.monotonic() < until, "the job did not end"
        time.sleep(0.05)
    return job


@pytest.fixture
def waiting(client, service):
    """A job that no worker takes: it says that it runs already."""
    place = submit(client, NOTICE, kind="check")
    job = ended(client, place)
    with service.state.house.database.writing() as session:
        row = session.get(Job, job["id"])
        row.state, row.done = "waiting", 0
        row.created = row.created.replace(year=2020)
        row.state, row.worker = "running", "nobody"
    return place


def test_suggestions_of_several_files(client):
    place = submit(client, NOTICE, LIST, kind="suggest")
    job = ended(client, place)
    assert (job["state"], job["done"], job["total"], job["problem"]) == ("done", 2, 2, None)
    rows = client.get(f"{place}/results").json()
    assert [row["file"] for row in rows["items"]] == ["第0件.txt", "第1件.txt"]
    for row, text in zip(rows["items"], (NOTICE, LIST), strict=True):
        alone = client.post("/v1/suggestions", files={"file": (row["file"], text.encode())})
        assert row["result"] == alone.json()
        assert f"/v1/documents/{row['document']}" == alone.headers["location"]


def test_bad_files_stop_nobody_and_of_a_classified_one_only_the_fact_stays(client):
    place = submit(client, NOTICE, " ", CLASSIFIED, LIST, kind="redact")
    assert ended(client, place)["result"] == {"done": 2, "failed": 1, "stopped": 1}
    answer = client.get(f"{place}/results")
    rows = answer.json()["items"]
    assert [row["status"] for row in rows] == ["done", "failed", "stopped", "done"]
    assert [row["file"] for row in rows] == ["第0件.txt", "第1件.txt", "", "第3件.txt"]
    assert rows[1]["problem"]["slug"] == "empty"
    JobRows.model_validate_json(answer.content, strict=True)
    assert "重点目标" not in answer.text


def test_files_that_a_job_made(client, problem):
    place = submit(client, LIST, kind="redact", style="strict")
    ended(client, place)
    copy, page = (client.get(f"{place}/results/0/{part}") for part in ("file", "page"))
    assert (copy.status_code, page.status_code) == (200, 200)
    assert [value for value in NUMBERS if value in copy.text + page.text] == []
    assert "attachment" in copy.headers["content-disposition"]
    problem(client.get(f"{place}/results/1/file"), 404, "not-found")


def test_results_are_gone_with_their_time_swept_or_not(client, changed, problem):
    place = submit(client, LIST, kind="redact")
    ended(client, place)
    with changed() as house:
        over = house.clock() + KEPT
    with changed(clock=lambda: over):
        assert client.get(f"{place}/results").json()["items"] == []
        problem(client.get(f"{place}/results/0/file"), 404, "not-found")
    assert client.get(f"{place}/results/0/file").status_code == 200


def test_results_come_in_pages(client):
    place = submit(client, *[NOTICE] * 5, kind="check")
    ended(client, place)
    found, cursor = [], "0"
    while cursor:
        page = client.get(f"{place}/results", params={"limit": 2, "cursor": cursor}).json()
        found, cursor = found + page["items"], page["next"]
    assert [row["number"] for row in found] == [0, 1, 2, 3, 4]


def test_events(client):
    place = submit(client, NOTICE, kind="check")
    with client.stream("GET", f"{place}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in stream.iter_lines() if line]
    assert lines[0] == "retry: 1000"
    names = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    assert set(names[:-1]) <= {"progress"} and names[-1] == "end"
    told = [json.loads(line.removeprefix("data: ")) for line in lines if line.startswith("data: ")]
    assert told[-1] == client.get(place).json()


def test_a_stream_ends_before_the_server_must_wait_for_it(client, waiting, monkeypatch):
    monkeypatch.setattr(progress, "LOOKS", 3)
    monkeypatch.setattr(progress, "PAUSE", 0.01)
    text = client.get(f"{waiting}/events").text
    assert (text.count("event: progress"), text.count("event: end"), text.count("\n:\n")) == (1, 0, 2)


def test_a_job_is_cancelled_once_it_runs(client, waiting):
    answer = client.delete(waiting)
    assert (answer.status_code, answer.json()["cancel"], answer.json()["state"]) == (200, True, "running")


def test_a_job_that_ended_is_not_cancelled(client, problem):
    place = submit(client, NOTICE, kind="check")
    ended(client, place)
    problem(client.delete(place), 409, "conflict")


def test_a_state_that_is_held_is_not_sent_again(client):
    place = submit(client, NOTICE, kind="check")
    ended(client, place)
    tag = client.get(place).headers["etag"]
    assert client.get(place, headers={"if-none-match": tag}).status_code == 304


def test_ones_own_jobs_newest_first(service, problem):
    client = keyed(service, "tool")
    places = [submit(client, NOTICE, kind="check") for _ in range(3)]
    for place in places:
        ended(client, place)
    first = client.get(PATH, params={"limit": 2}).json()
    rest = client.get(PATH, params={"limit": 2, "cursor": first["next"]}).json()
    assert [f"{PATH}/{row['id']}" for row in first["items"] + rest["items"]] == places[::-1]
    assert client.get(PATH, params={"state": "failed"}).json() == {"items": [], "next": ""}
    for other in (keyed(service, "drafter"), signed_in(service, "office")):
        for method, path in (
            ("GET", ""),
            ("GET", "/results"),
            ("GET", "/events"),
            ("GET", "/results/0/file"),
            ("DELETE", ""),
        ):
            problem(other.request(method, places[0] + path), 404, "not-found")


def test_copies_are_renamed_where_that_is_wanted(client):
    file = ("file", ("赵一鸣补贴.txt", LIST.encode(), "text/plain"))
    place = client.post(PATH, files=[file], data={"kind": "redact", "rename": "yes"}).headers["location"]
    ended(client, place)
    assert client.get(f"{place}/results").json()["items"][0]["file"] == "赵一鸣补贴.txt"
    for part in ("file", "page"):
        told = client.get(f"{place}/results/0/{part}").headers["content-disposition"]
        assert "%E8%B5%B5%E6%9F%90%E6%9F%90" in told and "%E4%B8%80%E9%B8%A3" not in told


@pytest.mark.parametrize(
    "fields", [{"kind": "screen"}, {"kind": "preview"}, {"kind": "x"}, {"pictures": "x"}, {"attribute": "x"}]
)
def test_jobs_that_are_none(client, problem, fields):
    problem(client.post(PATH, files=files(NOTICE), data=fields), 422, "request")


def test_jobs_without_files(client, problem):
    problem(client.post(PATH, data={"kind": "check"}), 422, "request")
    problem(client.post(PATH, files={"other": ("a.txt", b"x")}, data={"kind": "check"}), 422, "request")


def test_too_many_files(client, problem):
    answer = client.post(PATH, files=files(*["通知"] * 201), data={"kind": "check"})
    assert "一次最多上传 200 个文件" in problem(answer, 422, "request")["detail"]


def test_a_kind_that_the_key_may_not_do(service, problem):
    answer = keyed(service, "drafter", "jobs", "check").post(PATH, files=files(NOTICE), data={"kind": "redact"})
    problem(answer, 403, "not-allowed")
