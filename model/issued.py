"""When a document was issued: 成文日期, a date under the title, the 印发 line, a dated field; nothing less certain."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from gongkai.model.dates import DATE, as_date
from gongkai.model.document import Span
from gongkai.model.lines import Line, pieces

_LABEL = re.compile(
    r"(?:^|[\s/|〔(])(?:(?:成文|发文|签发|印发|发布|公布|公开|公示|落款|填报|制表|打印|导出|填表|信息|出刊|制作|出具|发送|发件|答复|张贴|更新|上传)?"
    r"(?:日 ?期|时 ?间)|Date|发出|公示期) ?:? ?(?:\(.{0,6}\) ?)?(?=\d|二)"
)
_NOT_BEFORE = re.compile(r"(?:出 ?生|生于|[于至自到从在起]|截至|截止|有效期|受理|施行|-|~|期限|[年月日]) ?:? ?$")
_TABLE = re.compile(r"[\t|│┃]|出生|生日")
_NOT_AFTER = re.compile(r"^ ?(?:生|出生|前|起|止|至|-|~|以[前后]|之[前后]|施行|实施|[,，、]?(?:本|我|你|因))")


def issued(every: Sequence[Line], rows: Sequence[Line], parts: Mapping[str, Span], folded: str) -> date | None:
    """The day of issue; None where no place that usually states it does."""
    if "成文日期" in parts and (match := DATE.search(parts["成文日期"].of(folded))):
        return as_date(match)
    under = parts["标题"].end if "标题" in parts else 0
    near = [line for line in rows if line.start >= under][:3] + [line for line in rows if line.end <= under][-4:]
    found = _stated(near) or _field([line for line in every if line.start < under + 400][:14])
    if not found and "印发" in parts:
        found = _any([parts["印发"].of(folded)])
    return found or _field(every[-12:]) or _closing(rows[-6:])


def _any(texts: Iterable[str]) -> date | None:
    days = (as_date(match) for text in texts for match in DATE.finditer(text[:400]))
    return next((day for day in days if day), None)


def _stated(rows: Sequence[Line]) -> date | None:
    """A date that has a place on the line for itself, or opens a remark in brackets."""
    for line in rows:
        for piece in pieces(line)[-2:] if not _TABLE.search(line.text) else ():
            match = DATE.search(piece.text[:120])
            if not match or not (day := as_date(match)):
                continue
            before, after = piece.text[: match.start()].strip(" (-"), piece.text[match.end() :]
            if _NOT_BEFORE.search(before) or _NOT_AFTER.match(after):
                continue
            remark = line.text.startswith("(") and len(before) <= 8
            if remark or (not before and len(after) <= 40) or (not after.strip(" )") and _who(before)):
                return day
    return None


def _who(before: str) -> bool:
    return len(before) <= 30 and not re.search(r"[,。;、]", before)


def _field(rows: Sequence[Line]) -> date | None:
    for line in rows:
        for label in _LABEL.finditer(line.text[:400]):
            match = DATE.match(line.text, label.end())
            if match and (day := as_date(match)):
                return day
    return None


def _closing(rows: Sequence[Line]) -> date | None:
    """The last date that ends one of the closing lines and is no birth, term or range."""
    for line in reversed(rows):
        for piece in reversed(pieces(line)) if not _TABLE.search(line.text) else ():
            for match in reversed(list(DATE.finditer(piece.text[-80:]))):
                text = piece.text[-80:]
                before, after = text[: match.start()], text[match.end() :]
                ends = len(after.strip()) <= 12 and not re.search(r"[,、]", after)
                other = _NOT_BEFORE.search(before) or _NOT_AFTER.match(after)
                if (ends or (not before and after[:2] == "  ")) and not other and (day := as_date(match)):
                    return day
    return None
