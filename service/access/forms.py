"""CSRF for the forms before anybody signed in: the field must repeat a cookie that other sites can't read or set."""

from __future__ import annotations

import hmac
import re
import secrets

from fastapi import Request, Response

from gongkai.service.access.gate import address, gate_of
from gongkai.service.access.sessions import cookie_name, secure
from gongkai.service.errors import NotAllowed
from gongkai.service.settings import Settings

SECONDS = 3600


def token(request: Request) -> str:
    """The token of this browser's forms: its cookie's, or a new one."""
    kept = request.cookies.get(_name(_settings(request)), "")
    return kept if re.fullmatch(r"[A-Za-z0-9_-]{43}", kept) else secrets.token_urlsafe(32)


def remember(response: Response, request: Request, value: str) -> None:
    """Give the browser the cookie that belongs to a form's token."""
    set_cookie(response, _settings(request), _name(_settings(request)), value, SECONDS)


def check(request: Request, given: str) -> None:
    """Insist on the token, and on a modest pace. Raises NotAllowed, TooOften."""
    gate_of(request).signing.take(address(request))
    kept = request.cookies.get(_name(_settings(request)), "")
    if not kept or not hmac.compare_digest(kept.encode(), given.encode()):
        raise NotAllowed("页面已经过期，没有执行；请刷新页面后重试。浏览器要允许本站的 Cookie。")


def set_cookie(response: Response, settings: Settings, name: str, value: str, seconds: int) -> None:
    """A cookie that scripts can't read and other sites' forms don't bring."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=secure(settings), httponly=True, samesite="lax")


def _name(settings: Settings) -> str:
    return cookie_name(settings) + "-form"


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.house.settings
    return settings
