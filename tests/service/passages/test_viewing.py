"""What the page of a passage offers first to whom."""

from __future__ import annotations

import pytest
from walking import AGREE, CLOSED, OPEN, POLICY, RELEASED, SECRECY, SIGNED

from gongkai.model.errors import RequestError
from gongkai.service.passages.passing import act
from gongkai.service.passages.records import recorded
from gongkai.service.passages.viewing import offered

#: Form, steps so far, who looks -> what comes next: open to them, and still shut.
NEXT = [
    (OPEN, SIGNED[:1], "reviewer", ["review", "secrecy"], []),
    (OPEN, SIGNED[:2], "reviewer", ["review"], []),
    (OPEN, SIGNED[:3], "drafter", ["sign"], []),
    ({**CLOSED, "policy": "是"}, SIGNED[:1], "office", ["clear"], ["review"]),
    (CLOSED, SIGNED[:1], "office", ["review"], []),
    (POLICY, SIGNED, "reviewer", ["first"], ["second", "release"]),
    (POLICY, (*SIGNED, ("reviewer", "first", AGREE)), "second", ["second"], ["release"]),
    (OPEN, SIGNED, "second", ["release"], []),
    (OPEN, RELEASED, "drafter", ["publish"], []),
    (OPEN, RELEASED, "reviewer", ["publish"], []),
]


@pytest.mark.parametrize(("form", "steps", "login", "ready", "shut"), NEXT)
def test_what_comes_next_is_offered_first(walk, form, steps, login, ready, shut):
    found = offered(walk(form, *steps).case(login))
    first = [(row.code, bool(stops)) for row, stops, leading in found if leading]
    assert sorted(first) == sorted([(code, False) for code in ready] + [(code, True) for code in shut])
    assert [leading for _, _, leading in found] == sorted((leading for _, _, leading in found), reverse=True)


def test_the_end_of_another_attribute_is_not_offered(walk):
    codes = {row.code for row, _, _ in offered(walk(OPEN, *RELEASED).case("reviewer"))}
    assert "publish" in codes
    assert not codes & {"archive", "withhold"}


@pytest.mark.parametrize("url", ["javascript:alert(1)", "www.qinghe.example", "https://qinghe.example/a b"])
def test_an_address_is_one_of_the_web(url):
    with pytest.raises(RequestError, match="https://"):
        recorded(act("publish"), {"day": "2026-05-06", "channel": "门户", "url": url})
    given = {"day": "2026-05-06", "channel": "门户", "url": "https://qinghe.example/a"}
    assert recorded(act("publish"), given) == given


def test_secrecy_is_offered_until_it_is_there(walk):
    told = {row.code: leading for row, _, leading in offered(walk(OPEN, SIGNED[0]).case("reviewer"))}
    assert told["secrecy"]
    done = walk(OPEN, SIGNED[0], ("reviewer", "secrecy", SECRECY))
    assert not {row.code: leading for row, _, leading in offered(done.case("reviewer"))}["secrecy"]
