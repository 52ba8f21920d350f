"""The negative list and withholding by unit, as other programs ask for them."""

from __future__ import annotations

from accounts import keyed, signed_in
from papers import NOTICE

from gongkai.model.duties.clauselint import remarks
from gongkai.model.rulebook import Rulebook

RULES = Rulebook.load()


def test_the_list_with_what_is_weak_in_it(client):
    told = client.get("/v1/clauses").json()
    assert [row["id"] for row in told["items"]] == [row.id for row in RULES.clauses]
    assert all(row["in_force"] and row["basis"] for row in told["items"])
    found = {(row["id"], one["column"], one["message"]) for row in told["items"] for one in row["remarks"]}
    assert found == {(one.clause, one.column, one.message) for one in remarks(RULES.clauses, RULES.reason)}


def withheld(service):
    """The units that withhold something, and so many decisions of the first: in all, outside the list, weak."""
    rows = [row for row in signed_in(service, "office").get("/v1/withholding").json()["items"] if row["withheld"]]
    return rows, [rows[0][key] for key in ("withheld", "outside", "weak")] if rows else [0, 0, 0]


def test_withholding_by_unit_with_its_alarms(service):
    _, before = withheld(service)  # other tests decide in this service too
    drafter = keyed(service, "drafter", "suggest", "decide")
    for place in range(4):
        made = drafter.post("/v1/suggestions", json={"text": f"{NOTICE}（清单外{place}）"}).headers["location"]
        given = {"attribute": "withheld", "reason": "W-161"}
        assert drafter.post(f"{made}/decisions", json=given).json()["challenge"]
    [unit], after = withheld(service)
    assert (unit["name"], after) == ("青禾县水务局", [count + 4 for count in before])
    assert {alarm["code"] for alarm in unit["alarms"]} >= {"outside", "weak"}
    assert unit["share"][1] <= unit["share"][0] <= unit["share"][2]
    for days in ("since=0001-01-01", "since=3134-01-05&until=7225-07-14", "since=1901-01-01&until=9999-12-31"):
        assert signed_in(service, "office").get(f"/v1/withholding?{days}").status_code == 200
    none = signed_in(service, "office").get("/v1/withholding?since=2020-01-01&until=2020-02-01")
    assert none.json() == {"items": []}
    assert drafter.get("/v1/withholding").status_code == 403
