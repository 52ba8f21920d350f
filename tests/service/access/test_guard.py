"""The door: who acts, may they, and is it really them who sent this."""

from __future__ import annotations

import accounts
import pytest

from gongkai.service.access import sessions
from gongkai.service.access.guard import may
from gongkai.service.store.tables import Key, Login, Unit, User

TRY = "/v1/try/suggest"


def slug(answer):
    return answer.json()["type"].rpartition(":")[2]


@pytest.mark.parametrize(
    ("login", "action", "status"),
    [("drafter", "suggest", 200), ("drafter", "audit", 403), ("auditor", "audit", 200), ("auditor", "suggest", 403)],
)
def test_session(app, login, action, status):
    assert accounts.signed_in(app, login).get(f"/v1/try/{action}").status_code == status


def test_nobody(app):
    answer = accounts.nobody(app).get(TRY)
    assert (answer.status_code, slug(answer)) == (401, "not-signed-in")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("headers", "form", "status"),
    [
        ({"x-csrf-token": "{csrf}"}, None, 200),
        ({}, {"csrf": "{csrf}"}, 200),
        ({}, None, 403),
        ({}, {"csrf": ""}, 403),
        ({}, {"csrf": "wrong"}, 403),
        ({"x-csrf-token": "wrong"}, {"csrf": "{csrf}"}, 403),
        ({"x-csrf-token": "\xe9"}, None, 403),
    ],
)
def test_csrf(app, headers, form, status):
    client = accounts.signed_in(app, "drafter")
    token = client.headers.pop("x-csrf-token")
    filled = {name: value.format(csrf=token) for name, value in (form or {}).items()}
    sent = {name: value.format(csrf=token).encode("latin-1") for name, value in headers.items()}
    assert client.post(TRY, headers=sent, data=filled or None).status_code == status
    assert client.get(TRY).status_code == 200


def test_csrf_in_an_upload(app):
    client = accounts.signed_in(app, "drafter")
    token = client.headers.pop("x-csrf-token")
    file = {"file": ("a.txt", b"abc")}
    assert client.post("/v1/sent/suggest", data={"csrf": token}, files=file).json() == 3
    assert client.post("/v1/sent/suggest", files={**file, "csrf": ("csrf.txt", token)}).status_code == 403
    assert client.post(TRY, data={"csrf": "wrong"}, files=file).status_code == 403


def test_token_of_another_session(app):
    one, other = accounts.signed_in(app, "drafter"), accounts.signed_in(app, "reviewer")
    assert one.post(TRY, headers={"x-csrf-token": other.headers["x-csrf-token"]}).status_code == 403


@pytest.mark.parametrize(("minutes", "status"), [(0, 200), (59, 200), (61, 401), (-0.5, 200), (-5, 401)])
def test_idle(app, clock, minutes, status):
    client = accounts.signed_in(app, "drafter")
    clock.move(minutes=minutes)
    assert client.get(TRY).status_code == status


def test_use_keeps_a_session_alive_until_its_absolute_end(app, clock):
    client = accounts.signed_in(app, "drafter")
    answers = []
    for _ in range(21):
        answers.append(client.get(TRY).status_code)
        clock.move(minutes=30)
    assert answers == [200] * 20 + [401]


def test_key(app):
    client = accounts.keyed(app, "tool", "suggest")
    assert client.post(TRY).json() == "tool"
    assert slug(client.get("/v1/try/audit")) == "not-allowed"


def test_key_of_a_session_user_has_its_scopes_only(app):
    assert accounts.keyed(app, "auditor", "documents").get("/v1/try/audit").status_code == 403
    assert accounts.keyed(app, "auditor", "audit").get("/v1/try/audit").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda key, user, at: setattr(key, "revoked", True),
        lambda key, user, at: setattr(key, "expires", at),
        lambda key, user, at: setattr(key, "hash", "0" * 64),
        lambda key, user, at: setattr(user, "disabled", True),
    ],
    ids=["revoked", "expired", "another secret", "user disabled"],
)
def test_dead_key(app, clock, change):
    client = accounts.keyed(app, "tool")
    code = client.headers["authorization"].split("_")[1]
    assert client.get(TRY).status_code == 200
    with app.state.house.database.writing() as session:
        change(session.get(Key, code), session.get(User, accounts.user_id("tool")), clock())
    assert client.get(TRY).status_code == 401


@pytest.mark.parametrize(
    "value",
    ["", "Bearer", "Bearer gk_", "Basic {key}", "Bearer {key}x", "Bearer {short}", "{key}", "Bearer gk_%00_x"],
)
def test_malformed_key(app, value):
    key = accounts.keyed(app, "tool").headers["authorization"].removeprefix("Bearer ")
    header = value.format(key=key, short=key[:-1])
    assert accounts.nobody(app).get(TRY, headers={"authorization": header}).status_code == 401


def test_a_bad_key_is_not_mended_by_a_session(app):
    client = accounts.signed_in(app, "drafter")
    assert client.get(TRY, headers={"authorization": "Bearer gk_x"}).status_code == 401


def test_what_a_role_loses_is_lost_at_once(app):
    session_client, key_client = accounts.signed_in(app, "drafter"), accounts.keyed(app, "drafter", "suggest")
    with app.state.house.database.writing() as session:
        session.get(User, accounts.user_id("drafter")).roles = []
    assert [client.get(TRY).status_code for client in (session_client, key_client)] == [403, 403]


@pytest.mark.parametrize("column", ["disabled", "machine"])
def test_user_who_may_no_longer_sign_in(app, column):
    client = accounts.signed_in(app, "drafter")
    with app.state.house.database.writing() as session:
        setattr(session.get(User, accounts.user_id("drafter")), column, True)
    assert client.get(TRY).status_code == 401


def test_must_change(app):
    client = accounts.signed_in(app, "drafter")
    with app.state.house.database.writing() as session:
        session.get(User, accounts.user_id("drafter")).must_change = True
    assert slug(client.get(TRY)) == "must-change"
    assert client.get("/account").status_code == 200
    assert client.get("/admin/users", headers={"accept": "text/html"}).headers["location"] == "/account"


def test_cookie_and_key_are_kept_as_digests(app, session):
    client, key = accounts.signed_in(app, "drafter"), accounts.keyed(app, "tool")
    cookie, secret = client.headers["cookie"].partition("=")[2], key.headers["authorization"].rpartition("_")[2]
    kept = [str(value) for row in (*session.query(Login), *session.query(Key)) for value in vars(row).values()]
    assert not any(cookie in value or secret in value for value in kept)
    assert sessions.digest(cookie) in kept


def test_use_is_noted_once_a_minute(app, clock):
    client, begun = accounts.signed_in(app, "drafter"), clock()
    seen = []
    for seconds in (30, 29, 1, 59):
        clock.move(seconds=seconds)
        client.get(TRY)
        with app.state.house.database.reading() as session:
            seen.append((session.query(Login).one().seen - begun).total_seconds())
    assert seen == [0, 0, 60, 60]


def test_rate_per_actor(build):
    app = build(rate=80)
    one, other = accounts.keyed(app, "tool"), accounts.keyed(app, "drafter")
    answers = [one.get(TRY) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert (slug(answers[-1]), answers[-1].headers["retry-after"]) == ("too-often", "1")
    assert other.get(TRY).status_code == 200


def test_strangers_are_slowed_down_by_address(app):
    client = accounts.nobody(app)
    answers = {client.get(TRY, headers={"authorization": "Bearer gk_x"}).status_code for _ in range(70)}
    assert answers == {401, 429}
    assert accounts.keyed(app, "tool").get(TRY).status_code == 200


def test_unknown_action_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="unknown action fly: one of suggest"):
        may("fly")


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {}, 200),
        ("POST", {}, 200),
        ("POST", {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:8080"}, 200),
        ("POST", {"host": "[::1]:8080"}, 200),
        ("POST", {"host": "localhost"}, 200),
        ("POST", {"host": "127.0.0.1:8080", "origin": "http://evil.example"}, 403),
        ("POST", {"host": "127.0.0.1:8080", "origin": "http://127.0.0.1:9999"}, 403),
        ("POST", {"host": "127.0.0.1:8080", "origin": "null"}, 403),
        ("GET", {"host": "evil.example"}, 403),
        ("GET", {"host": "evil.example."}, 403),
        ("GET", {"host": "10.0.0.8"}, 403),
        ("GET", {"host": "127.0.0.1:8080", "authorization": "Bearer nonsense"}, 200),
    ],
)
def test_open(build, method, headers, status):
    client = accounts.nobody(build(open=True))
    answer = client.request(method, TRY, headers=headers)
    assert answer.status_code == status
    assert status != 200 or answer.json() == "local"


def test_open_has_a_row_for_its_drafter_and_no_other_rights(build):
    app = build(open=True)
    client = accounts.nobody(app)
    assert [client.get(f"/v1/try/{action}").status_code for action in ("suggest", "audit", "suggest")] == [
        200,
        403,
        200,
    ]
    with app.state.house.database.reading() as session:
        assert [(user.login, user.roles) for user in session.query(User)] == [("local", ["drafter"])]
        assert session.query(Unit).one().name == "本机"
