"""Document properties and addresses of links, the same in all office files."""

from __future__ import annotations

from gongkai.service.rewriting.officexml import Leftovers, keep_only
from gongkai.service.rewriting.ooxml import Package
from gongkai.service.rewriting.strands import local

_CORE = ("title", "subject", "keywords", "description", "category", "language")
_EXTENDED = ("Company", "Pages", "Words", "Characters", "Lines", "Paragraphs")
_CLEARED = "文档属性中的作者、最后修改者、经理、模板、时间等已清除"


def add_properties(package: Package, leftovers: Leftovers) -> None:
    """Title, subject, keywords, notes and the organisation become slots; what names people or times is cleared."""
    for part in package.parts.values():
        allowed = {"core-properties": _CORE}.get(part.kind)
        allowed = allowed or (_EXTENDED if part.kind.startswith("extended") else None)
        if allowed is None:
            continue
        before = len(part.xml)
        keep_only(part.xml, allowed)
        package.gone[_CLEARED] += before > len(part.xml)
        for child in part.xml:
            child.attrib.clear()
            if local(child) in ("title", "subject", "keywords", "description", "category", "Company"):
                leftovers.add(child, None, "文档属性")
    package.gone = +package.gone


def add_links(package: Package, leftovers: Leftovers) -> None:
    """Where links lead: mail addresses, folders with somebody's name."""
    for part in package.parts.values():
        for link in part.relations:
            if link.rule.fate == "link":
                leftovers.note(link, "链接地址")
