"""Fields, forms and bookmarks of Word files: codes that only fetch or link are dissolved into their results."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from lxml.etree import QName
from lxml.etree import _Element as Element

from gongkai.service.rewriting.officexml import Leftovers, is_local, plain_address, remove, telling, unwrap
from gongkai.service.rewriting.strands import Piece, Strand, Words, local

#: Fields that lay out or point inside the document (ECMA-376 part 1, 17.16.5); the others fetch data from elsewhere.
_KEPT = re.compile(
    r"\s*(?:PAGE|NUMPAGES|SECTION|SECTIONPAGES|PAGEREF|REF|NOTEREF|STYLEREF|TOC|TC|SEQ|HYPERLINK|DATE|TIME|EQ|SYMBOL|"
    r"ADVANCE|LISTNUM|AUTONUM|FORMTEXT|FORMCHECKBOX|FORMDROPDOWN|=)(?:\s|$|\\|=)",
    re.IGNORECASE,
)
#: A text or a long number: the rest is the language of fields.
_WRITTEN = re.compile(r'"|[0-9]{4}')
#: The text that an equation lays under a reading, into a sign or into a frame: how programs write 拼音指南, 带圈字符.
_EQUATION = re.compile(r"EQ\s*\\[ox][^(]*\((?P<operands>.*)\)", re.IGNORECASE | re.DOTALL)
_FORMAT = re.compile(r'\\\*\s*(?:"[^"]*"|[^\s"\\]+)')
_NO_BRACKETS = str.maketrans("", "", "()")
_SHIFT = re.compile(r"\\[^\\()]*")
#: What must stay encoded in a code: blanks and what the language of fields uses itself.
_SYNTAX = re.compile(r"%(?=2[025]|5[Cc])")
_DISSOLVED = "取自外部或属性的域{n}处已转为普通文字"
_LAID = "用公式域排的注音、带圈等文字{n}处已转为普通文字"
_FORM = "窗体域的名称、默认值和帮助文字{n}处已清除"
_OWN_BOOKMARK = re.compile(r"_(?:GoBack|(?:Toc|Ref|Hlk|Hlt)[0-9]{0,9})")


@dataclass(slots=True, eq=False)
class _Field:
    """A field whose end isn't reached yet."""

    marks: list[Element]
    code: list[Element] = field(default_factory=list)
    inside: list[Element] = field(default_factory=list)
    separated: bool = False

    @property
    def text(self) -> str:
        return "".join(element.text or "" for element in self.code)


def settle_fields(root: Element, gone: Counter[str]) -> list[Strand]:
    """Dissolve what fetches, and what shows a text by its code; the codes that stay, each as one strand."""
    for element in list(root.iter("{*}fldSimple")):
        key, code = _named(element, "instr")
        if not _stays(code):
            gone[_DISSOLVED] += 1
            unwrap(element)
        elif key:
            element.set(key, _readable(code))
    kept: list[Strand] = []
    for one in _fields(root):
        if laid := _laid(one.text):
            gone[_LAID] += 1
            _show(one, laid)
            continue
        if _stays(one.text):
            kept.append(_code(one))
            continue
        gone[_DISSOLVED] += 1
        for element in (*one.marks, *one.code, *one.inside):
            remove(element)
    return kept


def _stays(code: str) -> bool:
    """Does it lay out, or lead where anybody can go."""
    return bool(_KEPT.match(code)) and not any(map(is_local, re.split(r'["\s]+', code)[1:]))


def _code(one: _Field) -> Strand:
    """A code as one strand, its addresses as people write them."""
    plain = _readable(one.text)
    if plain != one.text:
        for code in one.code:
            code.text = ""
        one.code[0].text = plain
    return Strand(tuple(Piece(code.text or "", Words(code)) for code in one.code))


def _readable(code: str) -> str:
    return plain_address(_SYNTAX.sub("%25", code)) if "%" in code else code


def _laid(code: str) -> str:
    """The text of such an equation without what only stands over or around it; empty for every other code."""
    found = _EQUATION.fullmatch(_FORMAT.sub("", code).strip())
    operands = _operands(found["operands"]) if found else []
    plain = [operand for operand in operands if "\\" not in operand and re.search(r"\w", operand)]
    return "".join(_SHIFT.sub("", operand).translate(_NO_BRACKETS).strip() for operand in plain or operands)


def _operands(text: str) -> list[str]:
    found, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character in ",;" and not depth:
            found.append("")
        else:
            found[-1] += character
    return found


def _show(one: _Field, text: str) -> None:
    """Put a text where a field stood, in the looks of its code."""
    words = one.code[0].makeelement(f"{{{QName(one.code[0]).namespace}}}t")
    words.text = text
    one.code[0].getparent().replace(one.code[0], words)
    for element in (*one.marks, *one.code[1:], *one.inside):
        remove(element)


def _fields(root: Element) -> list[_Field]:
    """Complex fields, which may nest and may cross paragraphs; one without an end counts as ended by the part."""
    found, stack = [], list[_Field]()
    for element in root.iter("{*}fldChar", "{*}instrText", "{*}t"):
        tag = local(element)
        state = next((v for k, v in element.attrib.items() if k.rpartition("}")[2] == "fldCharType"), "")
        if tag == "fldChar" and state == "begin":
            stack.append(_Field([element]))
            found.append(stack[-1])
        elif tag == "fldChar" and stack:
            stack[-1].marks.append(element)
            stack[-1].separated = True
            if state == "end":
                stack.pop()
        elif tag == "instrText" and stack:
            stack[-1].code.append(element)
        elif tag == "instrText":
            found.append(_Field([], [element]))
        elif tag == "t":
            for one in stack:
                one.inside.extend(() if one.separated else [element])
    return found


def clean_forms(root: Element, gone: Counter[str]) -> None:
    """Of a form field stay the box with its tick and the list with its choices."""
    for data in list(root.iter("{*}ffData")):
        gone[_FORM] += 1
        for child in list(data):
            if local(child) not in ("checkBox", "ddList", "enabled"):
                data.remove(child)
        if not len(data):
            remove(data)


def rename_bookmarks(roots: list[Element]) -> None:
    """Neutral names for bookmarks that people named, in all parts and in the codes and links that point to them."""
    new: dict[str, str] = {}
    for root in roots:
        for mark in root.iter("{*}bookmarkStart"):
            key, name = _named(mark, "name")
            if key and not _OWN_BOOKMARK.fullmatch(name):
                mark.set(key, new.setdefault(name, f"mark{len(new) + 1}"))
    for root in roots:
        for link in root.iter("{*}hyperlink"):
            key, name = _named(link, "anchor")
            if key and not _OWN_BOOKMARK.fullmatch(name):
                link.set(key, new.get(name, "mark0"))
        for code in root.iter("{*}instrText"):
            code.text = re.sub(r"[\w.-]+", lambda word: new.get(word[0], word[0]), code.text or "")


def _named(element: Element, name: str) -> tuple[str, str]:
    return next(((str(k), str(v)) for k, v in element.attrib.items() if k.rpartition("}")[2] == name), ("", ""))


def add_codes(root: Element, codes: list[Strand], leftovers: Leftovers) -> None:
    """Hidden slots for the codes that stayed and that somebody may have written something into."""
    for code in codes:
        leftovers.cover(code)
        if _WRITTEN.search(code.text) or telling(code.text):
            leftovers.ledger.add(code.text, "域代码", code, body=False)
    for element in root.iter("{*}fldSimple"):
        key, _ = _named(element, "instr")
        if key:
            leftovers.add(element, key, "域代码")
