"""A filled 意见单 (.docx) back into its fields, found by their labels; what does not fit is told label by label."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from gongkai.model.errors import CorruptDocument, OversizedDocument, RequestError
from gongkai.model.folding import fold
from gongkai.service.formats.container import open_container, parse_xml, read_part
from gongkai.service.limits import Limits
from gongkai.service.opinion.form import TITLE, Field, fields

#: A form is small: one that is not is none.
MOST = 2 * 1024 * 1024
_LIMITS = Limits(max_bytes=MOST, max_unpacked=16 * 1024 * 1024)
_LONGEST = 2000
_PART = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom"})
_LABEL = re.compile(r"[\s:：*＊]+")
_TICK = r"[☑☒√✓✔■]\s*"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field of the form, called by its label."""

    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields of a form, empty where nothing usable stood, and what was not usable."""

    values: dict[str, str]
    problems: tuple[Problem, ...]


def read(data: bytes) -> Filled:
    """Raises RequestError for what is no 意见单 of ours, and DocumentError for a file that can't be opened."""
    found = _cells(data)
    if not any(_label(field.name) in found for field in fields()):
        raise RequestError(f"文件里没有找到{TITLE}的表格，请用本系统生成的意见单填写后再上传。")
    values, problems = {}, []
    for field in fields():
        values[field.key], says = _value(field, found.get(_label(field.name)))
        problems += [Problem(field.name, says)] if says else []
    return Filled(values, tuple(problems))


def _value(field: Field, told: list[str] | None) -> tuple[str, str]:
    """What a field holds, and what is wrong with it."""
    if told is None:
        return "", f"没有找到“{field.name}”这一栏，请用原表填写。"
    if len({*told}) > 1:
        return "", f"“{field.name}”填了两处，内容不同，请只留一处。"
    value = told[0]
    if len(value) > _LONGEST:
        return value[:_LONGEST], f"“{field.name}”超过 {_LONGEST} 字，多出的没有读入，请精简。"
    if field.kind != "choice" or not value:
        return value, ""
    choice = _choice(field, value)
    return choice, "" if choice else f"“{field.name}”应当是{'、'.join(field.choices)}之一，请改正。"


def _choice(field: Field, value: str) -> str:
    """The choice that is written, or the only one that is ticked."""
    plain = {_plain(choice): choice for choice in field.choices}
    if _plain(value) in plain:
        return plain[_plain(value)]
    ticked = [c for c in field.choices if re.search(rf"{_TICK}{re.escape(c)}(?![，,]已)", value)]
    return ticked[0] if len(ticked) == 1 else ""


def _plain(words: str) -> str:
    return fold("".join(words.split()))


def _label(words: str) -> str:
    return _LABEL.sub("", words)


def _cells(data: bytes) -> dict[str, list[str]]:
    """What stands right of each label, in every table."""
    names = {_label(field.name) for field in fields()}
    found: dict[str, list[str]] = {}
    for row in _body(data).iter(f"{_W}tr"):
        texts = iter([_text(cell) for cell in row.iterchildren(f"{_W}tc")])
        for name in texts:
            if _label(name) in names:
                found.setdefault(_label(name), []).append(next(texts, ""))
    return found


def _body(data: bytes) -> etree._Element:
    if len(data) > MOST:
        raise OversizedDocument("意见单超过 2 MB，请去掉图片、附件后再上传。")
    try:
        with open_container(data, _LIMITS) as box:
            return parse_xml(read_part(box, _PART, MOST * 4))
    except (KeyError, zipfile.BadZipFile, etree.XMLSyntaxError, OSError, ValueError, NotImplementedError) as error:
        raise CorruptDocument("意见单打不开：应当是 .docx 文件，请用 Word 或 WPS 另存为 .docx 后再上传。") from error


def _text(cell: etree._Element) -> str:
    return "\n".join(_line(paragraph) for paragraph in cell.iter(f"{_W}p")).strip()


def _line(paragraph: etree._Element) -> str:
    return "".join(_pieces(paragraph)).strip()


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag not in _GONE:
            yield from _pieces(child)
