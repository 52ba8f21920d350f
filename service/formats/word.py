"""Word documents (.docx), straight from their XML (ECMA-376 part 1, WordprocessingML).

Tracked changes read as accepted, hidden text as present; list numbers that Word computes are not in the file.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

from lxml.etree import _Element as Element

from gongkai.model.errors import CorruptDocument, OversizedDocument
from gongkai.service.formats.container import open_container, parse_xml, read_part
from gongkai.service.limits import Limits

#: Children that hold no text of their own, or text that is gone once changes are accepted.
SKIPPED = re.compile(
    "del|moveFrom|delText|(?:delI|i)nstrText|fldData|rt|txbxContent|Fallback|tblGrid|(?:p|r|tbl|tr|tc|sect|sdt)Pr"
)
_BREAKS = re.compile(r"[\t\n]")
#: What stands for elements that are a character themselves.
MARKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: Wingdings and Wingdings 2 boxes, the usual ticks on forms, and digits set in Symbol; by their place in the font.
_SYMBOLS = {0xFE: "☑", 0x52: "☑", 0xA8: "□", 0xA3: "□", 0x6F: "□", 0xFD: "☒", 0x54: "☒", 0xFC: "√"} | {
    ord(digit): digit for digit in "0123456789"
}
#: Programs write signs of such fonts into text as well, at U+F000 and on; a line end in text is a blank (one for one).
_WRITTEN = str.maketrans({0xF000 + at: sign for at, sign in _SYMBOLS.items()} | {"\n": " ", "\r": " "})
_ENCODED = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f]){2,}")


def read(data: bytes, limits: Limits) -> str:
    """Headers, the body in order, footnotes, endnotes and footers, one paragraph or table row a line."""
    with open_container(data, limits) as box:
        main = _main_part(box)
        related = _related(box, main)
        parts = [*related["header"], main, *related["footnotes"], *related["endnotes"], *related["footer"]]
        return _join([_part_text(box, name, limits) for name in parts])


def _join(texts: list[str]) -> str:
    """Each distinct text once: sections repeat their headers."""
    return "\n".join(dict.fromkeys(text.strip("\n") for text in texts if text.strip()))


def _main_part(box: zipfile.ZipFile) -> str:
    """The part that the package names as its document; Word does not always call it word/document.xml."""
    for kind, target in _relations(box, ""):
        if kind == "officeDocument":
            return target
    raise CorruptDocument("Word 文件缺少正文部分，请用 Word 或 WPS 打开后另存为新文件。")


def _related(box: zipfile.ZipFile, main: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"header": [], "footer": [], "footnotes": [], "endnotes": []}
    for kind, target in sorted(_relations(box, main)):
        if kind in found and target in box.namelist():
            found[kind].append(target)
    return found


def _relations(box: zipfile.ZipFile, part: str) -> Iterator[tuple[str, str]]:
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    if listing not in box.namelist():
        return
    for relation in parse_xml(read_part(box, listing)):
        target = relation.get("Target", "") if isinstance(relation.tag, str) else ""
        if target and relation.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield relation.get("Type", "").rsplit("/", 1)[-1], path


def _part_text(box: zipfile.ZipFile, name: str, limits: Limits) -> str:
    lines, length = [], 0
    for line in _blocks(parse_xml(read_part(box, name))):
        lines.append(line)
        length += len(line)
        if length > limits.max_characters:
            raise OversizedDocument("文件文字过多，请拆分成几个文件后再提交。")
    return "\n".join(lines)


def _tag(element: Element) -> str:
    """The local name, so that transitional and strict files read alike; empty for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str | None:
    """An attribute whatever its namespace."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)


def child_named(element: Element, name: str) -> Element | None:
    """The first child of this local name; None where there is none."""
    return next((child for child in element if _tag(child) == name), None)


def _blocks(container: Element) -> Iterator[str]:
    """Lines of a body, cell, note or text box; a paragraph whose mark is deleted runs on into the next."""
    carried = ""
    for block in _block_elements(container):
        if _tag(block) == "tbl":
            yield from _rows(block)
            continue
        text = carried + "".join(_inline(block))
        carried = text if _mark_is_gone(block) else ""
        if not carried:
            yield text
        yield from _boxes(block)
    if carried:
        yield carried


def _block_elements(container: Element) -> Iterator[Element]:
    for child in container:
        tag = _tag(child)
        if tag in ("p", "tbl"):
            yield child
        elif tag == "AlternateContent":
            yield from _block_elements(alternative(child))
        elif tag and not SKIPPED.fullmatch(tag):
            yield from _block_elements(child)


def _mark_is_gone(paragraph: Element) -> bool:
    properties = child_named(paragraph, "pPr")
    run = child_named(properties, "rPr") if properties is not None else None
    return run is not None and any(_tag(child) in ("del", "moveFrom") for child in run)


def _inline(element: Element) -> Iterator[str]:
    for child in element:
        tag = _tag(child)
        if tag == "t":
            yield decoded(written(child))
        elif tag in MARKS:
            yield MARKS[tag]
        elif tag == "sym":
            yield symbol(child)
        elif tag == "AlternateContent":
            yield from _inline(alternative(child))
        elif tag and not SKIPPED.fullmatch(tag):
            yield from _inline(child)


def written(text: Element) -> str:
    """The characters of a text as they look, one for one."""
    return (text.text or "").translate(_WRITTEN)


def decoded(text: str) -> str:
    """Text with the Chinese of addresses as people write it: percent signs hide UTF-8, sometimes GB 18030."""
    return _ENCODED.sub(_decoded, text) if "%" in text else text


def _decoded(found: re.Match[str]) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return unquote(found[0], encoding, "strict")
        except UnicodeDecodeError:
            continue
    return found[0]


def symbol(element: Element) -> str:
    """A sign by its number in a font; nothing where that is no character."""
    try:
        number = int(attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    if number >> 8 in (0, 0xF0) and number & 0xFF in _SYMBOLS:
        return _SYMBOLS[number & 0xFF]
    return chr(number) if 0x20 <= number < 0xD800 or 0xE000 <= number <= 0x10FFFF else ""


def alternative(element: Element) -> Element:
    """One branch of mc:AlternateContent: the others repeat the same text for older programs."""
    branches = [child for child in element if _tag(child) in ("Choice", "Fallback")]
    full = (branch for branch in branches if any(_tag(node) == "t" for node in branch.iter()))
    return next(full, branches[0] if branches else element)


def _boxes(element: Element) -> Iterator[str]:
    """Lines of the text boxes anchored in a paragraph, after it."""
    for child in element:
        tag = _tag(child)
        if tag == "txbxContent":
            yield from _blocks(child)
        elif tag == "AlternateContent":
            yield from _boxes(alternative(child))
        elif tag and not SKIPPED.fullmatch(tag):
            yield from _boxes(child)


def _rows(table: Element) -> Iterator[str]:
    for row in descendants(table, "tr"):
        if _has_property(row, "trPr", "del"):
            continue
        cells = [_cell(cell) for cell in descendants(row, "tc") if not _has_property(cell, "tcPr", "cellDel")]
        filled = [cell for cell in cells if any(cell)]
        if len(filled) == 1 and len(filled[0]) > 1:  # a frame around paragraphs, not data
            yield from filled[0]
        elif filled:
            yield "\t".join(_BREAKS.sub(" ", " ".join(filter(None, cell))) for cell in cells).rstrip("\t")


def _cell(cell: Element) -> list[str]:
    """Lines of a cell; none when it only continues the merged cell above or beside it."""
    properties = child_named(cell, "tcPr")
    for name in ("vMerge", "hMerge"):
        merge = child_named(properties, name) if properties is not None else None
        if merge is not None and attribute(merge, "val") in (None, "continue"):
            return []
    return [line.strip() for line in _blocks(cell)]


def descendants(element: Element, wanted: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, through content controls and change marks but not into nested tables."""
    for child in element:
        tag = _tag(child)
        if tag == wanted:
            yield child
        elif tag and not SKIPPED.fullmatch(tag) and tag not in ("p", "tbl", "tr", "tc"):
            yield from descendants(child, wanted)


def _has_property(element: Element, group: str, name: str) -> bool:
    properties = child_named(element, group)
    return properties is not None and child_named(properties, name) is not None
