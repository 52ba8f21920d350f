"""An OFD package built anew from what its pages show: known elements and attributes, new part names, nothing else."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from gongkai.model.errors import CorruptDocument, EncryptedDocument, OversizedDocument
from gongkai.service.formats.container import open_container, parse_xml, read_part
from gongkai.service.limits import Limits

SPACE = "http://www.ofdspec.org/2016"
_LATER = (1980, 1, 1, 0, 0, 0)
_DRAWN = {"PageBlock", "TextObject", "PathObject", "ImageObject", "CompositeObject", "CGTransform", "Glyphs"}
_DRAWN |= {"FillColor", "StrokeColor", "AxialShd", "RadialShd", "GouraudShd", "LaGouraudShd", "Segment", "Color"}
_DRAWN |= {"Point", "BackColor", "Clips", "Clip", "Path", "AbbreviatedData", "Border", "BorderColor", "Content"}
_DRAWN |= {"Layer", "TextCode"}
_PAGE = _DRAWN | {"Page", "Area", "PhysicalBox", "ApplicationBox", "ContentBox", "BleedBox", "Template", "PageRes"}
_RESOURCES = _DRAWN | {"Res", "ColorSpaces", "ColorSpace", "Palette", "CV", "DrawParams", "DrawParam", "Fonts", "Font"}
_RESOURCES |= {"FontFile", "MultiMedias", "MultiMedia", "MediaFile", "CompositeGraphicUnits", "CompositeGraphicUnit"}
_DOCUMENT = {"Document", "CommonData", "MaxUnitID", "PageArea", "PhysicalBox", "ApplicationBox", "ContentBox"}
_DOCUMENT |= {"BleedBox", "PublicRes", "DocumentRes", "TemplatePage", "DefaultCS", "Pages", "Page", "Outlines"}
_DOCUMENT |= {"OutlineElem", "Actions", "Action", "Goto", "Dest", "Bookmarks", "Bookmark"}
_TEXT = {"TextCode", "Glyphs", "AbbreviatedData", "PhysicalBox", "ApplicationBox", "ContentBox", "BleedBox", "CV"}
_TEXT |= {"MaxUnitID", "DefaultCS", "PublicRes", "DocumentRes", "PageRes", "FontFile", "MediaFile"}
_SETTINGS = {"ID", "Type", "BaseLoc", "ZOrder", "TemplateID", "Boundary", "Visible", "CTM", "DrawParam", "LineWidth"}
_SETTINGS |= {"Cap", "Join", "MiterLimit", "DashOffset", "DashPattern", "Alpha", "Font", "Size", "Stroke", "Fill", "X"}
_SETTINGS |= {"HScale", "ReadDirection", "CharDirection", "Weight", "Italic", "Y", "DeltaX", "DeltaY", "CodePosition"}
_SETTINGS |= {"CodeCount", "GlyphCount", "Value", "Index", "ColorSpace", "Rule", "ResourceID", "Substitution", "Width"}
_SETTINGS |= {"ImageMask", "Height", "FontName", "FamilyName", "Charset", "Serif", "Bold", "FixedWidth", "Format"}
_SETTINGS |= {"BitsPerComponent", "Relative", "MapType", "MapUnit", "Extend", "StartPoint", "EndPoint", "Angle"}
_SETTINGS |= {"StartRadius", "EndRadius", "Eccentricity", "Position", "EdgeFlag", "VerticesPerRow", "Expanded", "Name"}
_SETTINGS |= {"HorizonalCornerRadius", "VerticalCornerRadius", "Title", "Count", "Event", "PageID", "Left", "Top"}
_SETTINGS |= {"Right", "Bottom", "Zoom"}
_TITLED = {"Title": {"OutlineElem"}, "Name": {"Bookmark"}}
_LOSSES = {
    "Annotations": "批注和注释",
    "Attachments": "附件",
    "CustomTags": "自定义标引",
    "Extensions": "扩展数据",
    "Signatures": "电子签章和签名",
    "Versions": "历史版本",
    "Permissions": "权限设置",
    "Actions": "动作",
    "VPreferences": "显示设置",
}


@dataclass
class Package:
    """The parts of a package that is being rebuilt, and what was left out."""

    box: zipfile.ZipFile
    parts: dict[str, bytes] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    named: dict[str, str] = field(default_factory=dict)

    def find(self, base: str, location: str | None) -> str | None:
        """The entry that a location names, seen from `base` or from the root."""
        place = (location or "").strip().replace("\\", "/")
        if not place:
            return None
        near = posixpath.join(posixpath.dirname(base), place)
        tries = [place.lstrip("/")] if place.startswith("/") else [near, place]
        every = {name.replace("\\", "/").lstrip("/").lower(): name for name in reversed(self.box.namelist())}
        return next((every[t] for t in (posixpath.normpath(t).lower() for t in tries) if t in every), None)

    def tree(self, name: str | None) -> Element:
        """A part as XML; raises CorruptDocument when it is missing."""
        if name is None:
            raise CorruptDocument("OFD 文件缺少部分内容，请重新导出后再试。")
        return parse_xml(read_part(self.box, name))

    def put(self, name: str, tree: Element) -> str:
        """Keep a rebuilt part; returns its new place as other parts name it."""
        self.parts[name] = serialized(tree)
        return f"/{name}"


def serialized(tree: Element) -> bytes:
    """A part's bytes."""
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8"))


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def named(element: Element, *names: str) -> Iterator[Element]:
    """All elements below with one of these names."""
    yield from (below for below in element.iter() if local(below) in names)


def reduced(data: bytes, limits: Limits) -> tuple[bytes, tuple[str, ...]]:
    """The package with nothing but its pages and their titles, and what went with the rest.

    Raises EncryptedDocument, CorruptDocument, OversizedDocument, ArchiveBomb.
    """
    with open_container(data, limits) as box:
        if any(re.search(r"(encryptions|decryptseed)\.\w+$", name.lower()) for name in box.namelist()):
            raise EncryptedDocument("OFD 文件已加密，请去掉密码后再提交。")
        package = Package(box)
        entry = package.find("", "OFD.xml")
        root = made("OFD", Version="1.0", DocType="OFD")
        for number, body in enumerate(named(package.tree(entry), "DocBody")):
            _body(package, entry or "", body, number, root, limits)
        package.put("OFD.xml", root)
    return zipped(package.parts), tuple(f"{name}已去除" for name in package.lost)


def zipped(parts: dict[str, bytes]) -> bytes:
    """The parts as a package, without times or comments."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as box:
        for name in sorted(parts, key=lambda name: name != "OFD.xml"):
            info = zipfile.ZipInfo(name, _LATER)
            info.compress_type = zipfile.ZIP_DEFLATED
            box.writestr(info, parts[name])
    return target.getvalue()


def made(name: str, text: str | None = None, **settings: str) -> Element:
    """A new element of an OFD part."""
    element = etree.Element(f"{{{SPACE}}}{name}", settings, nsmap={"ofd": SPACE})
    element.text = text
    return element


def _body(package: Package, entry: str, body: Element, number: int, root: Element, limits: Limits) -> None:
    new = etree.SubElement(root, f"{{{SPACE}}}DocBody")
    info = etree.SubElement(new, f"{{{SPACE}}}DocInfo")
    title = next((" ".join((t.text or "").split()) for t in named(body, "Title")), "")
    if title:
        info.append(made("Title", title))
    for below in body:
        if local(below) in ("Versions", "Signatures"):
            package.lost[_LOSSES[local(below)]] += 1
        if local(below) == "DocInfo" and any(local(item) not in ("Title", "DocID", "") for item in below):
            package.lost["标题以外的文档属性"] += 1
    where = package.find(entry, next((t.text for t in named(body, "DocRoot")), None))
    new.append(made("DocRoot", _document(package, package.tree(where), where or "", f"Doc_{number}", limits)))


def _document(package: Package, old: Element, where: str, folder: str, limits: Limits) -> str:
    for below in old:
        if local(below) in _LOSSES:
            package.lost[_LOSSES[local(below)]] += 1
    new = kept(old, _DOCUMENT, package.lost)
    if sum(1 for _ in named(new, "Page")) > limits.max_pages:
        raise OversizedDocument("文件页数过多，请拆分成几个文件后再提交。")
    for element in list(named(new, "PublicRes", "DocumentRes")):
        element.text = _resources(package, where, element.text, folder)
    for kind, names in (("Temps", "TemplatePage"), ("Pages", "Page")):
        for index, element in enumerate(list(named(new, names))):
            part = f"{folder}/{kind}/{index}/Content.xml"
            element.set("BaseLoc", _page(package, where, element.get("BaseLoc"), part, folder))
    return package.put(f"{folder}/Document.xml", new)


def _page(package: Package, where: str, location: str | None, part: str, folder: str) -> str:
    old = package.find(where, location)
    new = kept(package.tree(old), _PAGE, package.lost)
    for element in list(named(new, "PageRes")):
        element.text = _resources(package, old or "", element.text, folder)
    return package.put(part, new)


def _resources(package: Package, where: str, location: str | None, folder: str) -> str:
    """A list of resources under a new name, with the files that it names; each once."""
    old = package.find(where, location)
    if old is None:
        raise CorruptDocument("OFD 文件缺少部分内容，请重新导出后再试。")
    if old in package.named:
        return package.named[old]
    tree = package.tree(old)
    base = posixpath.join(posixpath.dirname(old), (tree.get("BaseLoc") or "").strip(), "x")
    new = kept(tree, _RESOURCES, package.lost)
    new.attrib.pop("BaseLoc", None)
    part = package.named[old] = f"/{folder}/Resources{len(package.named)}.xml"
    for element in list(named(new, "MediaFile", "FontFile")):
        _file(package, base if package.find(base, element.text) else old, element, folder)
    package.put(part[1:], new)
    return part


def _file(package: Package, base: str, element: Element, folder: str) -> None:
    """A file beside the XML: pictures and fonts stay under new names, sound and film go."""
    holder = element.getparent()
    old = package.find(base, element.text)
    if holder is not None and (old is None or (local(element) == "MediaFile" and holder.get("Type") != "Image")):
        package.lost["声音和视频"] += local(element) == "MediaFile"
        holder.remove(element)
        return
    if old is None:
        return
    if old not in package.named:
        package.named[old] = f"/{folder}/Res/{len(package.named)}.{'ttf' if local(element) == 'FontFile' else 'img'}"
        package.parts[package.named[old][1:]] = read_part(package.box, old)
    element.text = package.named[old]


def kept(old: Element, names: set[str], lost: Counter[str]) -> Element:
    """A copy with known elements and settings only; what is set invisible goes too."""
    name = local(old)
    settings = {key: value for key, value in _settings(old) if name in _TITLED.get(key, {name})}
    new = made(name, _own_text(old) if name in _TEXT else None, **settings)
    for below in old:
        if local(below) not in names:
            continue
        if (below.get("Visible") or "").strip().lower() == "false":
            lost["不可见的内容"] += 1
            continue
        new.append(kept(below, names, lost))
    return new


def _own_text(element: Element) -> str:
    """An element's own text, also behind a comment."""
    return (element.text or "") + "".join(below.tail or "" for below in element)


def _settings(element: Element) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        name = etree.QName(str(key)).localname
        if name in _SETTINGS:
            yield name, str(value)
