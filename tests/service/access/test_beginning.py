"""The first run."""

from __future__ import annotations

import stat

import accounts
import pytest

from gongkai.model.errors import RequestError
from gongkai.service.access.beginning import FILE, begin, begun, invitation
from gongkai.service.access.users import Person
from gongkai.service.errors import Conflicting, NotAllowed
from gongkai.service.store.tables import Unit, User

FIRST = Person("wu", "吴守真", "", ("admin",))


@pytest.fixture
def house(build):
    return build().state.house


def test_code_is_made_once_and_private(house):
    code = invitation(house)
    path = house.settings.data / FILE
    assert len(code) >= 32
    assert (invitation(house), path.read_text()) == (code, code)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not begun(house)


def test_begin(house, tmp_path):
    assert begin(house, f" {invitation(house)} ", "青禾县人民政府", FIRST, accounts.PASSWORD).cookie
    with house.database.reading() as session:
        user = session.query(User).one()
        assert (user.login, user.roles, user.must_change) == ("wu", ["admin"], False)
        assert session.query(Unit).one().name == "青禾县人民政府"
    assert not (house.settings.data / FILE).exists()
    assert invitation(house) is None


@pytest.mark.parametrize("code", ["", "wrong", "x" * 32, "错"])
def test_wrong_code(house, code):
    invitation(house)
    with pytest.raises(NotAllowed):
        begin(house, code, "青禾县人民政府", FIRST, accounts.PASSWORD)
    assert not begun(house)


def test_empty_file_is_no_code(house):
    house.settings.data.mkdir()
    (house.settings.data / FILE).write_text("")
    with pytest.raises(NotAllowed):
        begin(house, "", "青禾县人民政府", FIRST, accounts.PASSWORD)


@pytest.mark.parametrize(
    ("agency", "person", "password"),
    [
        ("青", FIRST, accounts.PASSWORD),
        ("青禾县", Person("W!", "吴", "", ()), accounts.PASSWORD),
        ("青禾县", FIRST, "short"),
    ],
)
def test_after_a_mistake_it_goes_on(house, agency, person, password):
    with pytest.raises(RequestError):
        begin(house, invitation(house), agency, person, password)
    assert begin(house, invitation(house), "青禾县人民政府", FIRST, accounts.PASSWORD).cookie


def test_only_once(house):
    code = invitation(house)
    begin(house, code, "青禾县人民政府", FIRST, accounts.PASSWORD)
    with pytest.raises(Conflicting):
        begin(house, code, "青禾县人民政府", FIRST, accounts.PASSWORD)


def test_of_two_with_the_code_one_gets_it(house, monkeypatch):
    code = invitation(house)
    from gongkai.service.access import beginning

    def somebody_faster(*_):
        (house.settings.data / FILE).unlink()
        return "hash"

    monkeypatch.setattr(beginning.users, "check_password", somebody_faster)
    with pytest.raises(Conflicting):
        begin(house, code, "青禾县人民政府", FIRST, accounts.PASSWORD)


def test_open_service_needs_none(build):
    assert invitation(build(open=True).state.house) is None
