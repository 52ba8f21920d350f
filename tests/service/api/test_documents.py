"""/v1/documents: what an actor may see, page by page, and that it was seen."""

from __future__ import annotations

import pytest
from accounts import keyed, signed_in, user_id
from papers import LIST, NOTICE, PAPERS
from sqlalchemy import select

from gongkai.service.api.paging import numbered
from gongkai.service.store.tables import Trail

PATH = "/v1/documents"


def post(client, text):
    return client.post("/v1/suggestions", json={"text": text}).headers["location"]


@pytest.fixture(scope="module")
def mine(service):
    """A reviewer's documents, oldest first: nobody else makes any in this name."""
    client = signed_in(service, "second")
    return [post(client, f"{text}\n（公文记录）\n") for text in list(PAPERS.values())[:7] if "机密" not in text]


def every(client, **query):
    found, cursor = [], None
    while cursor != "":
        page = client.get(PATH, params={**query, "cursor": cursor or "", "limit": 2}).json()
        assert len(page["items"]) <= 2
        found, cursor = found + page["items"], page["next"]
    return found


def test_pages_hold_everything_once_newest_first(service, mine):
    client = signed_in(service, "second")
    found = every(client)
    ids = [row["id"] for row in found]
    assert len(ids) == len(set(ids))
    assert [f"{PATH}/{id}" for id in ids if f"{PATH}/{id}" in mine] == mine[::-1]
    assert [row["created"] for row in found] == sorted((row["created"] for row in found), reverse=True)


@pytest.mark.parametrize(
    "query",
    [
        {"attribute": "proactive"},
        {"attribute": "withheld"},
        {"settled": "false"},
        {"settled": "true"},
        {"decided": "withheld"},
    ],
)
def test_filters(service, mine, query):
    client = signed_in(service, "second")
    rows = every(client)
    expected = {
        "attribute": lambda row: row["attribute"] == query.get("attribute"),
        "decided": lambda row: row["decided"] == query.get("decided"),
        "settled": lambda row: bool(row["decided"]) == (query.get("settled") == "true"),
    }[next(iter(query))]
    assert every(client, **query) == [row for row in rows if expected(row)]


def test_a_document_is_found_by_its_digest_number_and_title(service, mine):
    client = signed_in(service, "second")
    one = next(row for row in every(client) if row["number"])
    for query in ({"digest": one["digest"]}, {"number": one["number"]}, {"title": one["title"][4:10]}):
        assert one["id"] in [row["id"] for row in every(client, **query)]
    assert every(client, title="%") == []


SEEING = {"second": True, "reviewer": True, "office": True, "auditor": True, "neighbour": False, "drafter": False}


@pytest.mark.parametrize(("login", "sees"), SEEING.items())
def test_reach(service, mine, problem, login, sees):
    client = signed_in(service, login)
    answer = client.get(mine[0])
    assert (answer.status_code == 200) is sees
    assert (mine[0].rpartition("/")[2] in [row["id"] for row in every(client)]) is sees
    if not sees:
        problem(answer, 404, "not-found")


def test_an_administrator_sees_no_documents(service, problem):
    problem(signed_in(service, "admin").get(PATH), 403, "not-allowed")


def test_one_document_has_its_suggestion_and_no_names(client):
    place = post(client, LIST)
    content = client.get(place).json()
    assert content["suggestion"]["attribute"]["label"] == content["attribute"]
    assert content["screening"]
    assert [name for name in ("赵一鸣", "钱二", "3301") if name in client.get(place).text] == []


def test_a_version_that_is_held_is_not_sent_again_and_not_noted_as_seen(service):
    client = keyed(service, "tool")
    place = post(client, NOTICE + "（版本）")
    first = client.get(place)
    again = client.get(place, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert client.get(place, headers={"if-none-match": 'W/"9", "8"'}).status_code == 200
    with service.state.house.database.reading() as session:
        seen = select(Trail.actor).where(Trail.action == "see", Trail.object == place.rpartition("/")[2])
        assert list(session.scalars(seen)) == [user_id("tool")] * 2


@pytest.mark.parametrize("cursor", ["x", "MjAyNA", "ä", "=", "A" * 100, "MjAyNC0wMS0wMSAwZjNh" * 2])
def test_foreign_cursors(client, problem, cursor):
    problem(client.get(PATH, params={"cursor": cursor}), 422, "request")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "many", ""])
def test_limits(client, problem, limit):
    problem(client.get(PATH, params={"limit": limit}), 422, "request")


@pytest.mark.parametrize(("cursor", "number"), [("", 0), ("0", 0), ("17", 17)])
def test_numbers_of_rows(cursor, number):
    assert numbered(cursor) == number
