"""Passwords: how they are kept, and which ones are refused."""

from __future__ import annotations

import pytest

from gongkai.model.errors import RequestError
from gongkai.service.access import passwords

GOOD = ["晨光照青禾-2031", "correct horse battery", "Xk7_pQ2!vMz9", "九月初九登高望远饮酒", "tr0ub4dor&3-zz"]
BAD = {
    "short": "Xk7_pQ2!v",
    "long": "ab1" * 50,
    "one character": "aaaaaaaaaaaa",
    "few characters": "abababababab",
    "a run": "1234567890123",
    "a run of letters": "abcdefghijkl",
    "backwards": "0987654321",
    "along the keyboard": "qwertyuiop",
    "keyboard columns": "1qaz2wsx3edc",
    "common": "password123456",
    "common with marks": "!!password2031!!",
    "common in another width": "ｐａｓｓｗｏｒｄ２０３１",
    "said again": "青禾青禾青禾青禾青禾",
    "said again longer": "ab1c2ab1c2ab1c2",
    "the login": "zhaoyiming-99",
    "the name": "我是赵一鸣我怕谁",
}


@pytest.mark.parametrize("password", GOOD)
def test_good(password):
    passwords.check(password, "zhaoyiming", "赵一鸣")


@pytest.mark.parametrize("password", BAD.values(), ids=BAD)
def test_bad(password):
    with pytest.raises(RequestError) as refused:
        passwords.check(password, "zhaoyiming", "赵一鸣")
    assert password not in refused.value.message


def test_kept_as_argon2id(monkeypatch):
    monkeypatch.undo()
    kept = passwords.hashed(GOOD[0])
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert passwords.matches(kept, GOOD[0])
    assert not passwords.matches(kept, GOOD[1])
    assert not passwords.outdated(kept)


@pytest.mark.parametrize(
    ("kept", "given", "same"),
    [("密码Ａ１", "密码A1", True), ("A", "a", False), ("a", "a ", False), ("x" * 600, "x" * 512, False)],
)
def test_matching(kept, given, same):
    assert passwords.matches(passwords.hashed(kept), given) is same


@pytest.mark.parametrize("kept", ["", "nonsense", "$argon2id$broken"])
def test_nobody_matches(kept):
    assert not passwords.matches(kept, "nobody's password: verified against when there is no such user")


def test_unknown_logins_cost_a_verification(monkeypatch):
    seen = []

    class Counting:
        def hash(self, password):
            return "kept"

        def verify(self, kept, password):
            seen.append(kept)
            return True

    monkeypatch.setattr(passwords, "HASHER", Counting())
    passwords._nobodys.cache_clear()
    assert [passwords.matches("", "x"), passwords.matches("somebody's", "x")] == [False, True]
    passwords._nobodys.cache_clear()
    assert seen == ["kept", "somebody's"]


def test_at_most_two_at_once(monkeypatch):
    monkeypatch.setattr(passwords, "_PATIENCE", 0.01)
    with passwords._seated(), passwords._seated(), pytest.raises(passwords.Busy, match="同时登录的人太多"):
        passwords.hashed("x")
    assert passwords.hashed("x")


def test_common_passwords_are_a_table():
    assert len(passwords.common()) > 100
    assert all(word == word.strip().lower() for word in passwords.common())
