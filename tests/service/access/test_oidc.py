"""Sign-in by an identity provider: a stand-in on this machine that checks what it is sent, and lies when told to."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import accounts
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from gongkai.service.access import oidc
from gongkai.service.access.oidc import BACK, Journey
from gongkai.service.store.tables import User

CLIENT, SECRET, SITE = "gongkai", "the client's secret", "https://gk.example"
SUBJECT = "f81d4fae-7dec"
KEY, OTHER = (RSAKey.generate_key(2048, {"kid": "k1"}) for _ in range(2))


class Provider:
    """An issuer: `changes` are claims to send otherwise, `answers` whole answers by path, `sign` signs the token."""

    def __init__(self):
        self.changes, self.answers, self.asked, self.grants = {}, {}, [], {}
        self.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "k1"}, claims, KEY)
        self.issuer, self.now = "", 0

    def authorize(self, url):
        """What a person does in the browser: sign in, and come back with a code."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        assert query["redirect_uri"] == SITE + BACK
        assert set(query["scope"].split()) == {"openid", "profile"}
        self.grants["code-1"] = query
        return {"state": query["state"], "code": "code-1"}

    def answer(self, path, form, authorization):
        """Status and body of an answer."""
        self.asked.append(path)
        if path in self.answers:
            return self.answers[path]
        if path == "/.well-known/openid-configuration":
            paths = {"authorization_endpoint": "/auth", "token_endpoint": "/token", "jwks_uri": "/keys"}
            return 200, {"issuer": self.issuer, **{name: self.issuer + at for name, at in paths.items()}}
        if path == "/keys":
            return 200, {"keys": [KEY.as_dict(private=False)]}
        return self.token(form, authorization)

    def token(self, form, authorization):
        grant = self.grants.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=")
        known = base64.b64decode(authorization.removeprefix("Basic ")).decode() == f"{CLIENT}:{SECRET}"
        if grant is None or challenge.decode() != grant["code_challenge"] or not known:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.issuer, "aud": CLIENT, "sub": SUBJECT, "exp": self.now + 300, "iat": self.now,
            "nonce": grant["nonce"], "preferred_username": "sun.xin", "name": "孙新", **self.changes,
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": self.sign(claims)}


@pytest.fixture
def provider(clock):
    stand_in = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            size = int(self.headers.get("content-length") or 0)
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(size).decode()).items()}
            status, content = stand_in.answer(self.path, form, self.headers.get("authorization") or "")
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("location", "http://elsewhere.example/")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    stand_in.issuer, stand_in.now = f"http://127.0.0.1:{server.server_port}", int(clock().timestamp())
    yield stand_in
    server.shutdown()
    thread.join(60)
    server.server_close()


@pytest.fixture
def app(build, provider):
    app = build(oidc_issuer=provider.issuer, oidc_client=CLIENT, oidc_secret=SECRET, public_url=SITE)
    accounts.peopled(app)
    return app


@pytest.fixture
def travel(app, provider):
    """The whole way: away, sign in there, back; the answer to the browser that came back."""

    def way(**query):
        client = accounts.nobody(app)
        sent = client.get("/login/oidc")
        assert sent.status_code == 303, sent.text
        cookie = sent.headers["set-cookie"].partition(";")[0]
        params = {**provider.authorize(sent.headers["location"]), **query}
        return client.get(BACK, params=params, headers={"cookie": cookie})

    return way


def with_session(app, answer):
    """A client with the session that an answer opened."""
    client = accounts.nobody(app)
    client.headers["cookie"] = answer.headers["set-cookie"].partition(";")[0]
    return client


def test_new_user_without_role(app, travel, session):
    answer = travel()
    assert (answer.status_code, answer.headers["location"]) == (303, "/welcome")
    user = session.query(User).filter_by(subject=SUBJECT).one()
    assert (user.login, user.name, user.roles, user.password, user.unit) == ("sun.xin", "孙新", [], "", accounts.TOP)
    session.rollback()
    client = with_session(app, answer)
    assert "您还没有角色" in client.get("/account").text
    assert client.get("/v1/try/suggest").status_code == 403


def test_known_subject_keeps_roles(app, travel, session):
    with app.state.house.database.writing() as writing:
        writing.get(User, accounts.user_id("drafter")).subject = SUBJECT
    assert with_session(app, travel()).get("/v1/try/suggest").json() == "drafter"
    assert session.query(User).count() == len(accounts.USERS)


def test_same_person_twice(travel, session, noted):
    travel(), travel()
    assert session.query(User).filter_by(subject=SUBJECT).count() == 1
    session.rollback()
    assert noted().count("sign-in") == 2


@pytest.mark.parametrize("name", ["drafter", "ADMIN", "not a login!", "", None, 7])
def test_a_name_never_makes_anybody_somebody_else(app, provider, travel, session, name):
    provider.changes["preferred_username"] = name
    client = with_session(app, travel())
    assert client.get("/v1/try/suggest").status_code == 403
    login = session.query(User).filter_by(subject=SUBJECT).one().login
    assert login.startswith("oidc-") or login == "7"


def test_disabled_user(app, travel):
    with app.state.house.database.writing() as session:
        user = session.get(User, accounts.user_id("drafter"))
        user.subject, user.disabled = SUBJECT, True
    answer = travel()
    assert (answer.status_code, "这个账户已停用" in answer.text) == (401, True)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://127.0.0.1:1"},
        {"aud": "another"},
        {"aud": ["another"]},
        {"exp": 1},
        {"exp": None},
        {"iat": 2**40},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "s" * 301},
        {"azp": "another"},
    ],
    ids=str,
)
def test_wrong_claims(provider, travel, session, changes):
    provider.changes.update(changes)
    assert travel().status_code == 401
    assert session.query(User).filter_by(name="孙新").count() == 0


SIGNATURES = {
    "another key": lambda claims: jwt.encode({"alg": "RS256", "kid": "k1"}, claims, OTHER),
    "the client's secret": lambda claims: jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 3)),
    "none": lambda claims: ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({"alg": "none"}, claims)
    ) + ".",
    "cut": lambda claims: jwt.encode({"alg": "RS256", "kid": "k1"}, claims, KEY)[:-4],
    "no token": lambda claims: None,
}  # fmt: skip


@pytest.mark.parametrize("name", SIGNATURES)
def test_wrong_signature(provider, travel, session, name):
    provider.sign = SIGNATURES[name]
    assert travel().status_code == (503 if name == "no token" else 401)
    assert session.query(User).filter_by(name="孙新").count() == 0


@pytest.mark.parametrize("query", [{"state": "wrong"}, {"state": ""}, {"code": ""}, {"code": "wrong"}, {"state": "错"}])
def test_wrong_way_back(travel, query):
    assert travel(**query).status_code == 401


def test_a_way_back_that_nobody_began(app, provider):
    client = accounts.nobody(app)
    provider.authorize(client.get("/login/oidc").headers["location"])
    stranger = accounts.nobody(app)
    assert stranger.get(BACK, params={"state": "x" * 43, "code": "code-1"}).status_code == 401
    assert "/token" not in provider.asked


ELSEWHERE = "http://127.0.0.2:9"


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/.well-known/openid-configuration", (200, b"<html>")),
        ("/.well-known/openid-configuration", (200, {})),
        ("/.well-known/openid-configuration", (200, [])),
        ("/.well-known/openid-configuration", (302, {})),
        ("/.well-known/openid-configuration", (500, {})),
        ("/keys", (200, b"\xff")),
        ("/keys", (200, {"keys": []})),
        ("/keys", (302, {})),
        ("/token", (200, b"nonsense")),
        ("/token", (500, {})),
        ("/token", (302, {})),
    ],
)
def test_broken_provider(app, provider, path, answer):
    client = accounts.nobody(app)
    sent = client.get("/login/oidc")
    cookie, params = sent.headers["set-cookie"].partition(";")[0], provider.authorize(sent.headers["location"])
    provider.answers[path] = answer
    back = client.get(BACK, params=params, headers={"cookie": cookie})
    assert back.status_code in (401, 503)
    assert "gongkai-oidc" not in back.headers.get("set-cookie", "") and "孙新" not in back.text


@pytest.mark.parametrize("name", ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_every_address_is_the_issuers(app, provider, name):
    told = provider.answer("/.well-known/openid-configuration", {}, "")[1]
    provider.answers["/.well-known/openid-configuration"] = (200, {**told, name: ELSEWHERE})
    assert accounts.nobody(app).get("/login/oidc").status_code == 503


@pytest.mark.parametrize(
    ("settings", "status"),
    [
        ({}, 422),
        ({"oidc_issuer": "http://issuer.example"}, 422),
        ({"oidc_issuer": "http://127.0.0.1:9"}, 503),
        ({"oidc_issuer": "http://127.0.0.1:9", "public_url": ""}, 422),
    ],
)
def test_settings(build, settings, status):
    app = build(**{"oidc_client": CLIENT, "public_url": SITE, **settings})
    accounts.peopled(app)
    answer = accounts.nobody(app).get("/login/oidc")
    assert answer.status_code == status


def test_not_before_the_service_is_set_up(build, provider):
    app = build(oidc_issuer=provider.issuer, oidc_client=CLIENT, oidc_secret=SECRET, public_url=SITE)
    journey = Journey.begun()
    given = provider.authorize(oidc.departure(app.state.house.settings, journey))
    with pytest.raises(oidc.Conflicting):
        oidc.arrival(app.state.house, journey, given["state"], given["code"])


def test_proxies_of_the_environment_are_not_used(travel, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert travel().status_code == 303


def test_login_page_offers_it(app, build):
    assert "统一身份认证登录" in accounts.nobody(app).get("/login").text
    other = build()
    accounts.peopled(other)
    assert "统一身份认证登录" not in accounts.nobody(other).get("/login").text
