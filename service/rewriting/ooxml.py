"""Office packages (ECMA-376 part 2): parts and their relations, taken apart by an allow list and written anew.

A part is kept only where a relation of an allowed kind leads to it; nothing else is copied, not even a name.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, unquote

from lxml.etree import _Element as Element

from gongkai.model.errors import CorruptDocument, UnsupportedPart
from gongkai.service.formats.container import open_container, parse_xml, read_part
from gongkai.service.limits import Limits
from gongkai.service.rewriting.officepictures import GREY, media_type, only_drawn
from gongkai.service.rewriting.officexml import is_local, plain_address, purge
from gongkai.service.rewriting.strands import local

Fate = Literal["keep", "picture", "link", "drop", "refuse"]
_REFERENCES = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_TYPE = re.compile(r"http://(?:schemas\.(?:openxmlformats\.org|microsoft\.com)|purl\.oclc\.org)/[A-Za-z0-9/.-]{1,90}")
_PLAIN_KIND = re.compile(r"[A-Za-z]{1,40}")
#: Elements of which only the reference goes when it leads nowhere any more; others go whole.
_OUTLIVE = ("hyperlink", "blip", "imagedata", "pageSetup", "fill", "stroke", "background", "svgBlip")
_FRAMES = ("drawing", "twoCellAnchor", "oneCellAnchor", "absoluteAnchor")
DAMAGED = "文件已损坏或不完整，请重新获取，或用 Office、WPS 打开后另存为新文件再提交。"
_TWIN = "文件内有重名的部件，请用 Office 或 WPS 打开后另存为新文件再提交。"


@dataclass(frozen=True, slots=True)
class Rule:
    """What becomes of the target of a relation: its content type where it stays, what is said where it goes."""

    fate: Fate
    said: str = ""
    content: str = ""
    implicit: bool = False


#: What only WPS Office understands, pictures in cells among it.
_WPS_TYPES = ("http://www.wps.cn/", "http://www.kingsoft.com/", "http://www.kingsoft.cn/")
_WPS = Rule("drop", "WPS 的附加数据{n}处已删除（含嵌入单元格的图片）")


#: A path tells the names of accounts and folders, and leads nowhere for anybody else.
_LOCAL = Rule("drop", "指向本机或内网文件的链接{n}处已删除")


@dataclass(slots=True, eq=False)
class Relation:
    """A way from one part to another, or out of the package."""

    id: str
    kind: str
    type: str
    rule: Rule
    target: Part | None = None
    url: str = ""

    def read(self) -> str:
        """An address as people write it: percent signs mostly hide UTF-8, sometimes GB 18030."""
        return plain_address(self.url)

    def write(self, text: str) -> None:
        """Encoded again, so that it stays an address."""
        self.url = quote(text, safe="/:?#&=@+,;!$'()~*[]")


@dataclass(slots=True, eq=False)
class Part:
    """One XML part, or a picture that is kept as it is."""

    name: str
    kind: str
    content: str
    root: Element | None = None
    data: bytes = b""
    relations: list[Relation] = field(default_factory=list)

    @property
    def xml(self) -> Element:
        """Its root; CorruptDocument for a picture where XML must stand."""
        if self.root is None:
            raise CorruptDocument(DAMAGED)
        return self.root

    def find(self, kind: str) -> Iterator[Part]:
        """Targets of one kind, by name, as the readers order them."""
        found = [link.target for link in self.relations if link.kind == kind and link.target is not None]
        yield from sorted(dict.fromkeys(found), key=lambda part: part.name)


@dataclass(slots=True, eq=False)
class Package:
    """A file taken apart; `gone` counts what was left out, by the sentence that says so."""

    relations: list[Relation] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)
    gone: Counter[str] = field(default_factory=Counter)
    kept_pictures: int = 0
    look: list[str] = field(default_factory=list)

    @property
    def main(self) -> Part:
        """The document or workbook."""
        for link in self.relations:
            if link.kind == "officeDocument" and link.target is not None:
                return link.target
        raise CorruptDocument("文件缺少正文部分，请用 Office 或 WPS 打开后另存为新文件。")

    @property
    def dropped(self) -> tuple[str, ...]:
        """What was taken out, one sentence each."""
        return tuple(said.format(n=count) for said, count in sorted(self.gone.items()))

    @property
    def by_eye(self) -> tuple[str, ...]:
        """What only a person can check, pictures that stayed among it."""
        count = self.kept_pictures
        kept = (f"图片{count}张未作处理，请逐张核对其中是否有个人信息",) if count else ()
        return (*kept, *self.look)


class _Opening:
    """Follows the relations from the root of a package."""

    def __init__(self, box: zipfile.ZipFile, rules: Mapping[str, Rule], keep_pictures: bool) -> None:
        self.box, self.rules, self.keep_pictures = box, rules, keep_pictures
        self.names = {name.lstrip("/").lower(): name for name in box.namelist()}
        if len(self.names) < len(box.namelist()):
            raise CorruptDocument(_TWIN)
        self.package = Package()
        self.pictures: dict[str, Part] = {}
        self.said: set[tuple[str, str]] = set()

    def run(self) -> Package:
        waiting: list[tuple[str, list[Relation]]] = [("", self.package.relations)]
        while waiting:
            source, found = waiting.pop()
            for entry in self._entries(source):
                known = len(self.package.parts)
                link = self._relation(entry, source)
                found.extend([link] if link else [])
                if link and link.target and len(self.package.parts) > known:
                    waiting.append((link.target.name, link.target.relations))
        return self.package

    def _entries(self, source: str) -> Iterator[Element]:
        folder, name = posixpath.split(source)
        listing = self.names.get(posixpath.join(folder, "_rels", f"{name}.rels").lower())
        if listing is not None:
            yield from parse_xml(read_part(self.box, listing)).iterchildren("{*}Relationship")

    def _relation(self, entry: Element, source: str) -> Relation | None:
        kind = entry.get("Type", "").rsplit("/", 1)[-1]
        address, outside = entry.get("Target", ""), entry.get("TargetMode") == "External"
        rule = self._rule(kind, entry.get("Type", ""))
        rule = _LOCAL if rule.fate == "link" and is_local(address) else rule
        name = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), unquote(address))).lstrip("/")
        if rule.fate == "drop" or (rule.fate == "keep" and (outside or name.lower() not in self.names)):
            if rule.said and (rule.said, address) not in self.said:
                self.said.add((rule.said, address))
                self.package.gone[rule.said] += 1
            return None
        link = Relation(entry.get("Id", ""), kind, entry.get("Type", ""), rule)
        if rule.fate == "link":
            link.url = address
        else:
            link.target = self._picture(name, outside) if rule.fate == "picture" else self._part(name, kind, rule)
        return link

    def _rule(self, kind: str, full: str) -> Rule:
        rule = _WPS if full.startswith(_WPS_TYPES) else self.rules.get(kind)
        if rule is not None and rule.fate == "drop":
            return rule
        if rule is None or rule.fate == "refuse" or not _TYPE.fullmatch(full):
            named = f"（{kind}）" if _PLAIN_KIND.fullmatch(kind) else ""
            what = rule.said if rule and rule.said else f"无法确认安全的部件{named}"
            raise UnsupportedPart(f"文件内含{what}，不能自动遮蔽，请在 Office 或 WPS 中删除该内容后再提交。")
        return rule

    def _part(self, name: str, kind: str, rule: Rule) -> Part:
        if name.lower() in self.package.parts:
            return self.package.parts[name.lower()]
        root = parse_xml(read_part(self.box, self.names[name.lower()]))
        purge(root)
        part = self.package.parts[name.lower()] = Part(name, kind, rule.content, root)
        return part

    def _picture(self, name: str, outside: bool) -> Part:
        """Every picture becomes the same grey dot, which the page stretches to the size of the picture."""
        entry = self.names.get(name.lower())
        keep = self.keep_pictures and not outside and entry is not None
        if name not in self.pictures:
            self.package.kept_pictures += keep
            self.package.gone["图片{n}张已替换为灰块"] += not keep
            data = only_drawn(read_part(self.box, entry)) if keep and entry else GREY
            self.pictures[name] = Part(name, "image", media_type(data), data=data)
        return self.pictures[name]


def keeps_pictures(choice: str) -> bool:
    """ "keep" does, "blank" does not; anything else is a ValueError."""
    if choice not in ("blank", "keep"):
        raise ValueError('pictures is "blank" or "keep"')
    return choice == "keep"


def open_package(data: bytes, limits: Limits, rules: Mapping[str, Rule], *, keep_pictures: bool) -> Package:
    """Raises DocumentError; UnsupportedPart names a kind of relation that no rule allows."""
    with open_container(data, limits) as box:
        if any(name.lower().endswith("vbaproject.bin") for name in box.namelist()):
            raise UnsupportedPart("文件内含宏代码，不能自动遮蔽，请另存为不带宏的 .docx 或 .xlsx 后再提交。")
        package = _Opening(box, rules, keep_pictures).run()
    package.gone = +package.gone
    cropped = sum(_cropped(part, keep_pictures) for part in package.parts.values())
    if cropped:
        package.look.append(
            f"裁剪过的图片{cropped}处，裁掉的部分仍在文件里，请在 Office 或 WPS 中压缩图片并删除裁剪区域"
        )
    for part in package.parts.values():
        _settle(part)
    return package


def _cropped(part: Part, kept: bool) -> int:
    """How many pictures show only a part of themselves; grey dots show all."""
    cuts = list(part.root.iter("{*}srcRect")) if part.root is not None else []
    for cut in cuts if not kept else ():
        cut.attrib.clear()
    return sum(any(cut.get(side, "0") != "0" for side in "ltrb") for cut in cuts)


def _settle(part: Part) -> None:
    """Give the relations new ids, and take out what refers to those that are gone."""
    new = {link.id: f"rId{number}" for number, link in enumerate(part.relations, 1)}
    for element in list(part.xml.iter()):
        for key, value in element.attrib.items():
            if not is_reference(key):
                continue
            if value in new:
                element.set(key, new[value])
            else:
                _let_go(element, key)
    for link in part.relations:
        link.id = new[link.id]
        if link.rule.fate == "picture":
            link.url = ""
    _embed_pictures(part)


def is_reference(key: str) -> bool:
    """Does an attribute of this name hold the id of a relation."""
    return key[1:].partition("}")[0] in _REFERENCES or key.endswith("}relid")


def _let_go(element: Element, key: str) -> None:
    del element.attrib[key]
    if local(element) in _OUTLIVE or element.getparent() is None:
        return
    frame = next((up for up in element.iterancestors() if local(up) in _FRAMES), None)
    inside = any(local(up) in ("graphicData",) for up in element.iterancestors())
    gone = frame if inside and frame is not None and local(element) in ("chart", "relIds") else element
    parent = gone.getparent()
    if parent is not None:
        parent.remove(gone)


def _embed_pictures(part: Part) -> None:
    """A linked picture becomes an embedded one: its address could tell of a person's folder."""
    for element in part.xml.iter("{*}blip", "{*}imagedata", "{*}fill", "{*}stroke", "{*}background"):
        for key in [key for key in element.attrib if key.endswith(("}link", "}href"))]:
            value, better = element.attrib.pop(key), key.replace("}link", "}embed").replace("}href", "}id")
            if is_reference(key) and better not in element.attrib:
                element.set(better, value)
