"""A database with units and one user per role, and clients signed in as them: for every test that needs people.

    people = peopled(app)                      # ids of units and users; safe to call again
    client = signed_in(app, "reviewer")        # a TestClient with the session's cookie and CSRF header
    client = keyed(app, "drafter", "suggest")  # a TestClient with an API key
    context.add_cookies([cookie(app, "reviewer", origin)])  # a browser of playwright

Logins: drafter, reviewer, second (a second reviewer), privacy, office, admin, auditor (all in unit `water`, the last
three in `top`), neighbour (a drafter in unit `civil`), tool (a machine, for keys). Every password is PASSWORD.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fastapi import FastAPI
from fastapi.testclient import TestClient

from gongkai.service.access import keys, passwords, roles, sessions
from gongkai.service.store.tables import Unit, User

PASSWORD = "晨光照青禾-2031"
TOP, WATER, CIVIL = (digit * 32 for digit in "abc")
UNITS = {
    TOP: ("青禾县人民政府办公室", TOP),
    WATER: ("青禾县水务局", f"{TOP}/{WATER}"),
    CIVIL: ("青禾县民政局", f"{TOP}/{CIVIL}"),
}
USERS = {
    "drafter": ("赵一鸣", WATER, ["drafter"]),
    "reviewer": ("钱多文", WATER, ["reviewer"]),
    "second": ("孙可望", WATER, ["reviewer"]),
    "privacy": ("李思齐", WATER, ["privacy"]),
    "office": ("周正言", TOP, ["office"]),
    "admin": ("吴守真", TOP, ["admin"]),
    "auditor": ("郑明察", TOP, ["auditor"]),
    "neighbour": ("王邻安", CIVIL, ["drafter"]),
    "tool": ("公文起草系统", WATER, ["drafter"]),
}


@dataclass(frozen=True)
class People:
    """Ids: `units` by top, water, civil; `users` by login."""

    units: dict[str, str]
    users: dict[str, str]


@cache
def _hash() -> str:
    return passwords.hashed(PASSWORD)


def fill(session, at):
    """Units and users into an open session."""
    if session.get(Unit, TOP) is None:
        session.add_all(Unit(id=id, name=name, path=path) for id, (name, path) in UNITS.items())
        session.flush()
        session.add_all(
            User(
                id=user_id(login),
                login=login,
                name=name,
                unit=unit,
                roles=held,
                machine=login == "tool",
                password="" if login == "tool" else _hash(),
                created=at,
            )
            for login, (name, unit, held) in USERS.items()
        )
        session.flush()


def user_id(login):
    """The id of a user of the table above."""
    return f"{list(USERS).index(login) + 1:032x}"


def actor(session, login):
    """A user as an Actor, for tests below the routes."""
    user = session.get(User, user_id(login))
    return roles.actor(user, session.get(Unit, user.unit))


def peopled(app: FastAPI) -> People:
    """Units and users in an application's database."""
    house = app.state.house
    with house.database.writing() as session:
        fill(session, house.clock())
    return People({"top": TOP, "water": WATER, "civil": CIVIL}, {login: user_id(login) for login in USERS})


def begun(app: FastAPI, login: str) -> sessions.Begun:
    """A session of a user, as signing in gives it."""
    peopled(app)
    house = app.state.house
    with house.database.writing() as session:
        return sessions.begin(session, session.get(User, user_id(login)), house.settings, house.clock())


def signed_in(app: FastAPI, login: str) -> TestClient:
    """A client with a user's session."""
    session = begun(app, login)
    # the header rather than the jar: a Secure cookie would not travel to http://testserver
    name = sessions.cookie_name(app.state.house.settings)
    headers = {"cookie": f"{name}={session.cookie}", "x-csrf-token": session.csrf}
    return TestClient(app, headers=headers, follow_redirects=False)


def nobody(app: FastAPI) -> TestClient:
    """A client without session or key."""
    return TestClient(app, follow_redirects=False)


def keyed(app: FastAPI, login: str, *scopes: str) -> TestClient:
    """A client with a key of a user, for these actions (all that a key of theirs may do, when none is given)."""
    peopled(app)
    house = app.state.house
    with house.database.writing() as session:
        user = session.get(User, user_id(login))
        _, key = keys.issue(session, user, "测试", scopes or keys.possible(user), house.clock(), None)
    return TestClient(app, headers={"authorization": f"Bearer {key}"}, follow_redirects=False)


def cookie(app: FastAPI, login: str, origin: str) -> dict:
    """A session's cookie as playwright's `context.add_cookies` takes it."""
    name = sessions.cookie_name(app.state.house.settings)
    return {"name": name, "value": begun(app, login).cookie, "url": origin, "httpOnly": True, "sameSite": "Lax"}
