"""An office package as bytes: content types, relations, and nothing that tells when or where it was made."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Sequence

from lxml import etree
from lxml.etree import _Element as Element

from gongkai.service.rewriting.officexml import check_names
from gongkai.service.rewriting.ooxml import Package, Part, Relation, is_reference

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATION_PARTS = "application/vnd.openxmlformats-package.relationships+xml"
_PLAIN_NAME = re.compile(r"(?!.*[0-9]{4})(?:[A-Za-z]{1,20}/){0,3}[A-Za-z]{1,24}[0-9]{0,3}\.(?:xml|vml)")
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_package(package: Package) -> bytes:
    """The package as bytes that depend on nothing but its content: fixed order, fixed dates, plain names."""
    for part in package.parts.values():
        check_names(part.xml)
        used = {value for node in part.xml.iter() for key, value in node.attrib.items() if is_reference(key)}
        part.relations = [link for link in part.relations if link.rule.implicit or link.id in used]
    parts = _reached(package)
    names = _names(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        _put(box, "[Content_Types].xml", _content_types(names))
        _put(box, "_rels/.rels", _listing(package.relations, names))
        for part, name in names.items():
            _put(box, name, part.data if part.root is None else _xml(part.root))
            if part.relations:
                folder, short = posixpath.split(name)
                _put(box, f"{folder}/_rels/{short}.rels", _listing(part.relations, names))
    return target.getvalue()


def _reached(package: Package) -> list[Part]:
    found: dict[Part, None] = {}
    waiting = [link.target for link in package.relations]
    while waiting:
        part = waiting.pop(0)
        if part is not None and part not in found:
            found[part] = None
            waiting.extend(link.target for link in part.relations)
    return sorted(found, key=lambda part: part.name)


def _names(parts: Iterable[Part]) -> dict[Part, str]:
    """The old name where it can hold nothing but its kind, else a new one."""
    found: dict[Part, str] = {}
    for part in parts:
        plain = bool(_PLAIN_NAME.fullmatch(part.name)) and part.root is not None
        found[part] = part.name if plain else ""
    mains = (name for part, name in found.items() if part.kind == "officeDocument" and name)
    top = next(mains, "main").partition("/")[0]
    for number, part in enumerate([part for part, name in found.items() if not name], 1):
        ending = part.content.partition("/")[2].replace("x-", "") if part.root is None else "xml"
        folder = "media" if part.root is None else "parts"
        found[part] = f"{top}/{folder}/{part.kind}{number}.{ending.partition('+')[0]}"
    return found


def _content_types(names: dict[Part, str]) -> bytes:
    root = etree.Element(f"{{{_CONTENT}}}Types", nsmap={None: _CONTENT})
    for ending, content in (("rels", _RELATION_PARTS), ("xml", "application/xml")):
        etree.SubElement(root, f"{{{_CONTENT}}}Default", Extension=ending, ContentType=content)
    for part, name in names.items():
        etree.SubElement(root, f"{{{_CONTENT}}}Override", PartName=f"/{name}", ContentType=part.content)
    return _xml(root)


def _listing(relations: Sequence[Relation], names: dict[Part, str]) -> bytes:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    for link in relations:
        entry = etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=link.id, Type=link.type)
        entry.set("Target", f"/{names[link.target]}" if link.target else link.url)
        if link.target is None:
            entry.set("TargetMode", "External")
    return _xml(root)


def _xml(root: Element) -> bytes:
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _put(box: zipfile.ZipFile, name: str, data: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    box.writestr(entry, data)
