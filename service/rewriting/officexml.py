"""What all XML of office files has in common for redaction: things to take out unseen, and text in odd places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element as Element

from gongkai.model.errors import CorruptDocument
from gongkai.service.formats.word import alternative
from gongkai.service.rewriting.officeparagraphs import inline
from gongkai.service.rewriting.strands import Holder, Ledger, Piece, Strand, Target, Words, local, strand

_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
#: Who edited what in which session and who is to sign, packed copies of drawings, links to cells and macros: nothing
#: that is shown.
_NEVER = re.compile(
    "rsid[A-Za-z]*|paraId|textId|anchorId|editId|uid|dateUtc|gfxdata|macro|textlink|codeName|cm|vm|ph|dyDescent"
    "|suggestedsigner(?:2|email)?"
)
#: Attributes that a reader can bring up whatever they hold: (element or *, attribute) -> place.
_SPOKEN = {
    ("*", "descr"): "替代文字",
    ("*", "alt"): "替代文字",
    ("*", "tooltip"): "提示文字",
    ("docPr", "title"): "替代文字",
    ("cNvPr", "title"): "替代文字",
    ("textpath", "string"): "艺术字",
    ("tblCaption", "val"): "替代文字",
    ("tblDescription", "val"): "替代文字",
    ("listEntry", "val"): "下拉选项",
}
#: What names a font.
_FONTS = ("rFonts", "font", "latin", "ea", "cs", "sym", "buFont", "altName", "panose1", "rFont")
_MEASURES = ("posOffset", "align", "pctWidth", "pctHeight", "pctPosHOffset", "pctPosVOffset", "formatCode", "f")
_TELLING = re.compile(r"(?![\x00-\x7f])\w|@|[0-9]{10}")
_MEASURE = re.compile(r"[-+]?[0-9.]{1,9}%?|[0-9A-Fa-f]{6,8}|\s*")
_FONT_FAMILY = re.compile(r"font-family:(?:\"[^\"]*\"|'[^']*'|[^;\"']*)")
#: Addresses outside of relations, mostly in the older drawings.
_ADDRESSES = ("href", "src")
_LOCAL_PATH = re.compile(r"file:|[a-z]:[\\/]|\\\\", re.IGNORECASE)
_NAME = re.compile(r"(?:\{[!-z|~]{0,120}\})?[A-Za-z_][A-Za-z0-9_.-]{0,60}")


def is_local(address: str) -> bool:
    """Does it lead to a file of a machine or of a network of an office."""
    return bool(_LOCAL_PATH.match(address.strip()))


def plain_address(url: str) -> str:
    """An address without percent encoding."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return unquote(url, encoding, "strict")
        except UnicodeDecodeError:
            continue
    return unquote(url)


def telling(text: str) -> bool:
    """Could it hold a name, a mail address or a long number: what only a program wrote could not."""
    return bool(_TELLING.search(text))


def purge(root: Element) -> None:
    """Take out comments, instructions, stray text between elements, extension lists, traces of editing sessions."""
    etree.strip_elements(root, etree.Comment, etree.ProcessingInstruction, with_tail=False)
    _choose_branches(root)
    for element in list(root.iter("{*}extLst")):
        remove(element)
    for element in root.iter():
        element.tail = None
        if len(element) and element.text:
            element.text = None
        for key in [key for key, value in element.attrib.items() if _is_trace(key) or _is_path(key, value)]:
            del element.attrib[key]
    for element in root.iter("{*}docPr", "{*}cNvPr"):
        element.set("name", "Object")
    for element in root.iter("{*}imagedata"):
        for key in [key for key in element.attrib if key.endswith("}title")]:
            del element.attrib[key]


@lru_cache(1000)
def _is_trace(key: str) -> bool:
    return bool(_NEVER.fullmatch(key.rpartition("}")[2]))


def _is_path(key: str, value: str) -> bool:
    return key.rpartition("}")[2] in _ADDRESSES and is_local(value)


def _choose_branches(root: Element) -> None:
    """Keep the branch of each mc:AlternateContent that the readers read; charts keep what every program knows."""
    for element in list(root.iter(f"{_COMPATIBILITY}AlternateContent")):
        if element is root:
            raise CorruptDocument("文件结构不正确，请用 Office 或 WPS 打开后另存为新文件。")
        fallback = element.find(f"{_COMPATIBILITY}Fallback")
        plain = local(root) == "chartSpace" and fallback is not None
        unwrap(element, fallback if plain else alternative(element))


def remove(element: Element) -> None:
    """Take an element out with all that is in it."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def unwrap(element: Element, inside: Element | None = None) -> None:
    """Put the children of an element, or of one inside it, in its place."""
    parent = element.getparent()
    at = parent.index(element)
    parent[at : at + 1] = list(element if inside is None else inside)


def keep_only(root: Element, names: Iterable[str]) -> None:
    """Take out every child of another name."""
    allowed = frozenset(names)
    for child in list(root):
        if local(child) not in allowed:
            root.remove(child)


def check_names(root: Element) -> None:
    """Before writing: no namespace that isn't used, and no name that could be somebody's."""
    etree.cleanup_namespaces(root)
    names: set[str] = set()
    for element in root.iter():
        names.add(str(element.tag))
        for key in element.keys():  # noqa: SIM118  # not a dict
            if key.startswith(_COMPATIBILITY):
                _name_known(element, key, element is root)
            else:
                names.add(str(key))
    if any(not _NAME.fullmatch(name) for name in names):
        raise CorruptDocument("文件内含不规范的标记名，请用 Office 或 WPS 打开后另存为新文件。")


def _name_known(element: Element, key: str, keep: bool) -> None:
    """The attributes that list prefixes may only name those that are still declared."""
    prefixes = [prefix for prefix in element.attrib.pop(key).split() if prefix in element.nsmap]
    if prefixes and keep:
        element.set(key, " ".join(prefixes))


class Leftovers:
    """Text that no format accounts for: each distinct one becomes a hidden slot, so that nothing escapes a sweep."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.seen: set[tuple[Element, str | None]] = set()
        self.found: dict[tuple[str, str], list[Target]] = {}
        #: Names of sheets in formulas, which have slots of their own.
        self.names = re.compile("(?!)")

    def cover(self, *strands: Strand) -> None:
        """Note what has a slot already."""
        for one in strands:
            self.seen.update((p.holder.element, p.holder.key) for p in one.pieces if isinstance(p.holder, Words))

    def add(self, element: Element, key: str | None, place: str) -> None:
        """A hidden slot for one place, together with others of the same text."""
        if (element, key) not in self.seen:
            self.seen.add((element, key))
            self.note(Words(element, key), place)

    def note(self, holder: Holder, place: str) -> None:
        """As `add`, for what isn't in an XML tree."""
        self.found.setdefault((place, holder.read()), []).append(strand(holder))

    def paragraphs(self, root: Element, place: str) -> None:
        """A hidden slot for each paragraph that has none."""
        for paragraph in root.iter("{*}p"):
            rest = Strand(tuple(piece for piece in inline(paragraph).pieces if not self._known(piece)))
            if any(isinstance(piece.holder, Words) for piece in rest.pieces):
                self.cover(rest)
                self.ledger.add(rest.text, place, rest, body=False)

    def _known(self, piece: Piece) -> bool:
        holder = piece.holder
        return isinstance(holder, Words) and (holder.element, holder.key) in self.seen

    def sweep(self, root: Element) -> None:
        """All other text and all telling attributes of a part; the cells of a sheet have their own slots."""
        self._one(root)
        for branch in root:
            if local(branch) != "sheetData":
                for element in branch.iter():
                    self._one(element)

    def _one(self, element: Element) -> None:
        tag, text = local(element), element.text or ""
        for key, value in element.items():
            self._attribute(element, tag, str(key), str(value))
        if text and (telling(self.names.sub("", text)) or not (tag in _MEASURES or _MEASURE.fullmatch(text))):
            self.add(element, None, "其他文字")

    def _attribute(self, element: Element, tag: str, key: str, value: str) -> None:
        name = key.rpartition("}")[2]
        place = _SPOKEN.get((tag, name)) or _SPOKEN.get(("*", name))
        if place:
            self.add(element, key, place)
        elif telling(_FONT_FAMILY.sub("", value)) and tag not in _FONTS and not _is_font_name(element, tag):
            self.add(element, key, "标记")

    def close(self) -> None:
        """Hand all over to the ledger."""
        for (place, text), targets in self.found.items():
            self.ledger.add(text, place, *targets, body=False)
        self.found = {}


def _is_font_name(element: Element, tag: str) -> bool:
    """Spreadsheets name a font in an element of its own."""
    return tag == "name" and local(element.getparent()) == "font"
