"""What the traces of Word files and workbooks share: authors, embedded files, cropped pictures, colours."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from lxml import etree
from lxml.etree import _Element as Element

from gongkai.service.checks.found import Trace
from gongkai.service.formats.container import read_part

_AUTHORS = {"creator": "作者", "lastModifiedBy": "最后修改者", "Manager": "经理"}
#: Parts of data that no page shows.
_STORED = (("docProps/custom", "自定义文档属性"), ("customXml/item", "自定义数据"))
_UNSHOWN = "数据存在文件里，打开页面看不到，却能被取出"
_REMOVE = "请删除后另存为新文件，再替换已发布的文件"
_CROPPED = "图片经过裁剪，裁掉的部分还在文件里，能够恢复"
_CROP = "请在 Office 或 WPS 里“压缩图片”并删除裁剪区域后重新发布"
_EMBEDDED = re.compile(r"/(?:embeddings|attachments)/")


def local(element: Element) -> str:
    """An element's name without its namespace; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def value(element: Element | None, name: str = "val") -> str:
    """An attribute whatever its namespace; empty where there is none."""
    every = element.attrib.items() if element is not None else ()
    return next((str(found) for key, found in every if str(key).rpartition("}")[2] == name), "")


def parts(box: zipfile.ZipFile, folder: str) -> Iterator[tuple[str, Element]]:
    """The XML parts under a folder, with their names."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    for name in box.namelist():
        if name.startswith(folder) and name.endswith(".xml"):
            yield name, etree.fromstring(read_part(box, name), parser)


def shared(box: zipfile.ZipFile) -> Iterator[Trace]:
    """Authors in the properties, embedded files and cropped pictures."""
    for _, root in parts(box, "docProps/"):
        for element in root.iter():
            name = _AUTHORS.get(local(element))
            if name and (element.text or "").strip():
                yield Trace(
                    "文档属性", (element.text or "").strip(), f"文档属性的“{name}”留有人名", _REMOVE, type="NAME"
                )
    for folder, place in _STORED:
        for _, root in parts(box, folder):
            yield stored(root, place)
    embedded = sum(bool(_EMBEDDED.search(name)) for name in box.namelist())
    if embedded:
        said = f"文件里嵌有{embedded}个文件或对象，打开页面看不到，却能被取出"
        yield Trace("嵌入文件", "", said, _REMOVE, sure=True)


def stored(root: Element, place: str) -> Trace:
    """Data of a part that no page shows, a line for each value, with its name before it."""
    return Trace(place, "\n".join(_values(root)), _UNSHOWN, _REMOVE)


def _values(root: Element) -> Iterator[str]:
    for element in root.iter():
        name = value(element, "name") or value(element.getparent(), "name") or local(element)
        values = [(name if key == "val" else key, found) for key, found in _named(element) if key != "name"]
        yield from (f"{key}：{found.strip()}" for key, found in (*values, (name, element.text or "")) if found.strip())


def _named(element: Element) -> Iterator[tuple[str, str]]:
    yield from ((str(key).rpartition("}")[2], str(found)) for key, found in element.attrib.items())


def cropped(root: Element, place: str) -> Iterator[Trace]:
    """Pictures of a part of which something was cut off only for the eye."""
    count = sum(any(value(cut, side) not in ("", "0") for side in "ltrb") for cut in root.iter("{*}srcRect"))
    if count:
        yield Trace(place, "", f"{_CROPPED}（{count}处）", _CROP, sure=True)


def alike(one: str, other: str) -> bool:
    """Whether two colours (RRGGBB) look the same."""
    pairs = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (0, 2, 4)]
    return all(abs(a - b) <= 24 for a, b in pairs)
