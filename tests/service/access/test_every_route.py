"""Every route of the whole application × every role, nobody, and a key without the scope: as roles.toml says."""

from __future__ import annotations

import re
import tomllib
from importlib import resources
from typing import NamedTuple

import accounts
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Mount, Route

from gongkai.service.access import keys, users
from gongkai.service.access.guard import Door, open_door
from gongkai.service.access.users import Person
from gongkai.service.app import create_app
from gongkai.service.settings import Settings

TABLE = tomllib.loads(resources.files("gongkai.service.access").joinpath("roles.toml").read_text("utf-8"))
ROLES = list(TABLE["role"])
#: What nobody needs to sign in for. To add here is to decide that the whole network may see it.
OPEN = {
    ("GET", "/login"), ("POST", "/login"), ("GET", "/login/oidc"), ("GET", "/login/oidc/back"),
    ("GET", "/setup"), ("POST", "/setup"), ("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/metrics"),
    ("GET", "/addin/wps/"), ("GET", "/addin/wps/{name}"), ("GET", "/addin/office/{path:path}"),
}  # fmt: skip
#: No document, no person: the description of the API and the files that pages load.
PLAIN, MOUNTS = {"/openapi.json"}, {"/static"}
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class One(NamedTuple):
    """A route and its doors."""

    method: str
    path: str
    doors: tuple[object, ...]

    @property
    def door(self):
        return getattr(self.doors[0], "action", "") if self.doors else None

    @property
    def address(self):
        """With every parameter filled by an id or a number that belongs to nothing."""
        return re.sub(r"{\w+(:\w+)?}", lambda found: "999999" if found[1] == ":int" else "f" * 32, self.path)


def routes_of(router, prefix="", outer=()):
    """All routes with their doors, also those of included routers."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            doors = (*outer, *doors_of(route.dependant))
            yield from (One(method, prefix + route.path, doors) for method in sorted(route.methods))
        elif hasattr(route, "original_router"):
            context = route.include_context
            own = tuple(d.dependency for d in context.dependencies if is_door(d.dependency))
            yield from routes_of(route.original_router, prefix + context.prefix, outer + own)
        elif isinstance(route, Mount):
            assert route.path in MOUNTS, f"{route.path} is served without a door"
        else:
            assert isinstance(route, Route), route
            assert route.path in PLAIN, f"{route.path} is served without a door"


def is_door(call):
    return isinstance(call, Door) or call is open_door


def doors_of(dependant):
    """The doors among a route's dependencies, however deep; the same one asked for twice is one."""
    found = [d.call for d in dependant.dependencies if is_door(d.call)]
    deeper = (door for d in dependant.dependencies for door in doors_of(d))
    return tuple(dict.fromkeys((*found, *deeper)))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The whole application, started without children and job workers."""
    data = tmp_path_factory.mktemp("whole")
    settings = Settings(data=data, workers=0, job_workers=0, fast=True, rate=1_000_000, published=data, backlogs=data)
    app = create_app(settings)
    accounts.peopled(app)
    yield app
    app.state.house.close()


@pytest.fixture(scope="module")
def routes(whole):
    return list(routes_of(whole))


def allowed(role, action):
    row = TABLE["action"][action]
    return role in row["roles"] or row.get("everyone", False)


def said(answer):
    """Refused by the door, or not."""
    return {401: "nobody", 403: "refused"}.get(answer.status_code, "passed")


def refused_token(answer):
    return answer.status_code == 403 and "页面已经过期" in answer.text


def test_there_are_routes(routes):
    assert len(routes) > 40


def test_exactly_one_door(routes):
    wrong = [(one.method, one.path, len(one.doors)) for one in routes if len(one.doors) != 1]
    assert wrong == []


def test_open_doors_are_these(routes):
    assert {(one.method, one.path) for one in routes if one.door == ""} <= OPEN


def test_every_action_has_a_route(routes):
    assert {one.door for one in routes} - {""} == TABLE["action"].keys()


@pytest.mark.parametrize("role", ROLES)
def test_role(whole, routes, role):
    expected, found = {}, {}
    client = accounts.signed_in(whole, role)
    for one in sorted(routes, key=lambda one: one.path == "/logout"):
        if one.door:
            answer = client.request(one.method, one.address)
            assert answer.status_code != 500, (one.method, one.path)
            found[one[:2]] = said(answer)
            expected[one[:2]] = "passed" if allowed(role, one.door) else "refused"
    assert found == expected


def test_nobody(whole, routes):
    client = accounts.nobody(whole)
    found = {one[:2]: said(client.request(one.method, one.address)) for one in routes if one.door}
    assert set(found.values()) == {"nobody"}


def test_key_without_the_scope(whole, routes):
    """A key of somebody who may everything that keys may, lacking one action: only that one is refused."""
    roles = [role for role in ROLES if role not in ("admin", "auditor")]
    possible = {action for action in TABLE["action"] if any(allowed(role, action) for role in roles)} - keys.PERSONAL
    clients = {action: key_for(whole, roles, possible - {action}) for action in possible}
    found = {
        one[:2]: said(clients[one.door].request(one.method, one.address)) for one in routes if one.door in possible
    }
    assert set(found.values()) == {"refused"}


def test_key_never_administers_the_service(whole, routes):
    client = key_for(whole, ROLES, set(TABLE["action"]) - keys.PERSONAL)
    found = {one[:2]: said(client.request(one.method, one.address)) for one in routes if one.door in keys.PERSONAL}
    assert set(found.values()) == {"refused"}


def key_for(app, roles, scopes):
    """A client with a key of a new user who holds these roles."""
    house = app.state.house
    with house.database.writing() as session:
        user = users.add(
            session, "test", Person(users.invented().lower(), "密钥用户", accounts.TOP, tuple(roles)), "", house.clock()
        )
        _, text = keys.issue(session, user, "测试", scopes, house.clock(), None)
    return TestClient(app, headers={"authorization": f"Bearer {text}"}, follow_redirects=False)


def test_unsafe_session_routes_refuse_without_token(whole, routes):
    unsafe = [one for one in routes if one.door and one.method in UNSAFE]
    assert len(unsafe) > 10
    passed = []
    clients = {role: accounts.signed_in(whole, role) for role in ROLES}
    for client in clients.values():
        del client.headers["x-csrf-token"]
    for one in unsafe:
        client = clients[next(role for role in ROLES if allowed(role, one.door))]
        for headers in ({}, {"x-csrf-token": "wrong"}):
            if not refused_token(client.request(one.method, one.address, headers=headers)):
                passed.append((one.method, one.path))
    assert passed == []


def test_forms_before_sign_in_refuse_without_token(whole):
    client = accounts.nobody(whole)
    assert refused_token(client.post("/login", data={"login": "drafter", "password": accounts.PASSWORD}))
    assert refused_token(client.post("/setup", data={"code": "x"}))


def test_safe_methods_change_nothing(routes):
    """GET is not protected by the token, so no GET may have a name that says it does something."""
    doing = {"disable", "enable", "unlock", "revoke", "undo", "activate", "delete"}
    assert [one.path for one in routes if one.method == "GET" and doing & set(one.path.split("/"))] == []
