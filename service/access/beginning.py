"""The first run: no user yet, no default password. A one-time code, which only who reads the server's console or its
data folder knows, lets one person become the first administrator."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from pathlib import Path

from gongkai.service.access import entering, units, users
from gongkai.service.access.sessions import Begun
from gongkai.service.access.users import Person
from gongkai.service.errors import Conflicting, NotAllowed, StoreError
from gongkai.service.house import House

FILE = "setup.token"


def invitation(house: House) -> str | None:
    """The set-up code while there is no user (made when first asked for), else None. Raises StoreError.

    `serve` prints it as the fragment of a link, which no browser sends and no proxy logs.
    """
    if house.settings.open or begun(house):
        return None
    return _code(house.settings.data / FILE)


def begun(house: House) -> bool:
    """Whether there is a user."""
    with house.database.reading() as session:
        return users.any_one(session)


def _code(path: Path) -> str:
    """The code in the file, which the first process writes and the others read."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(24))
        return path.read_text("ascii").strip()
    except OSError as error:
        raise StoreError("首次设置的设置码写不进数据目录，请检查目录能不能写。") from error


def begin(house: House, code: str, agency: str, person: Person, password: str) -> Begun:
    """Make the top unit and the first administrator, and sign them in.

    Raises NotAllowed for a wrong code, Conflicting when somebody was faster, RequestError.
    """
    wanted = invitation(house)
    if wanted is None:
        raise Conflicting("系统已经设置过了，请直接登录。")
    if len(wanted) < 16 or not hmac.compare_digest(code.strip().encode(), wanted.encode()):
        raise NotAllowed(f"设置码不对；它在服务器启动时的提示里，也在数据目录的 {FILE} 文件里。")
    hash = users.check_password(password, person.login, person.name)
    _claim(house.settings.data / FILE)
    with house.database.writing() as session:
        if users.any_one(session):
            raise Conflicting("系统已经设置过了，请直接登录。")
        unit = units.add(session, "system", agency, "", house.clock())
        first = Person(person.login, person.name, unit.id, ("admin",))
        user = users.add(session, "system", first, hash, house.clock(), must_change=False)
        return entering.admit(session, house, user.id, "setup")


def _claim(path: Path) -> None:
    """Use the code up: of two who send it at once, one gets it. When nothing comes of it, a new one is made."""
    try:
        path.unlink()
    except FileNotFoundError as error:
        raise Conflicting("设置码刚刚被用掉，请刷新页面后重试。") from error
