"""What registers the pane: an Office add-in manifest for Word, and the files of a WPS add-in."""

from __future__ import annotations

import uuid
from importlib import resources
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from gongkai.model.errors import RequestError

_templates = Environment(
    loader=PackageLoader("gongkai.service.addin", "files"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
)  # fmt: skip
WORD = "gongkai-word.xml"
#: The files of the WPS add-in that the program fetches from `<url>/addin/wps/`.
SERVED = ("index.html", "ribbon.xml", "main.js")


def site(url: str, *, secure: bool = False) -> str:
    """A service's address without a slash at its end. Raises RequestError; `secure` insists on https."""
    parts = urlsplit(url.strip())
    wanted = ("https",) if secure else ("http", "https")
    if parts.scheme not in wanted or not parts.hostname or parts.query or parts.fragment or parts.username:
        example = "https://gongkai.example.gov.cn"
        raise RequestError(
            f"地址应当是 {'、'.join(f'{s}://' for s in wanted)} 开头的完整网址，例如 {example}，请改正。"
        )
    return url.strip().rstrip("/")


def word(url: str, version: str, provider: str) -> dict[str, str]:
    """The manifest for Word; its id is the same for the same address, so that a new version replaces the old one."""
    address = site(url, secure=True)
    identity = uuid.uuid5(uuid.NAMESPACE_URL, f"{address}/addin/pane")
    page = _templates.get_template("word.xml")
    return {WORD: page.render(url=address, id=identity, version=four(version), provider=provider)}


def wps(url: str, version: str) -> dict[str, str]:
    """The files for WPS: publish.xml for one machine, jsplugins.xml for all, and copies of what the service serves."""
    address = site(url)
    lists = {
        name: _templates.get_template(name).render(url=address, version=version)
        for name in ("publish.xml", "jsplugins.xml")
    }
    return lists | {name: served(name) for name in SERVED}


def served(name: str) -> str:
    """A file that WPS fetches from the service."""
    return (resources.files("gongkai.service.addin") / "files" / name).read_text("utf-8")


def four(version: str) -> str:
    """A version as Office wants it: four numbers."""
    numbers = [part for part in version.replace("+", ".").split(".") if part.isdecimal()][:4]
    return ".".join([*numbers, "0", "0", "0", "0"][:4])
