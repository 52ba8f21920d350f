"""Document -> Elements: the parts of an official document (GB/T 9704-2012), its genre, its draft mark.

A part that is not there is absent; nothing is invented. Offsets count into the text as read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from gongkai.model.dates import DATE, as_date
from gongkai.model.document import Document, Span
from gongkai.model.folding import fold, is_traditional
from gongkai.model.lines import Line, lines
from gongkai.model.rulebook import Rulebook
from gongkai.model.titles import find_title

NUMBER = re.compile(r"[\u4e00-\u9fff（）()A-Za-z]{1,16}[〔(（] ?(?:19|20)\d{2} ?[〕)）] ?(?:第 ?)?\d{1,6} ?号")
ORDER = re.compile(r"^(?:第 ?[\d一二三四五六七八九十百]{1,6} ?号|.{2,20}令)$")
SECRECY = re.compile(
    r"^(?:密 ?级 ?[::] ?)?(绝 ?密|机 ?密|秘 ?密) ?(?:[★☆*] ?(?:[\d ]+年|[\d ]+个月|长期|启用前|解密前)?|[\d ]+年|长期)?$"
    r"|^.{0,12}(绝 ?密|机 ?密|秘 ?密) ?[★☆] ?[\d ]*(?:年|长期)?"
)
URGENCY = re.compile(r"^(特提|特 ?急|加 ?急|平 ?急)(?:$| |件)")
SIGNER = re.compile(r"签发人? ?[::] ?(\S[^\n]{0,20})$")
ADDRESSEE = re.compile(r"^[^。；!?]{2,160}[::]$")
ATTACHMENT = re.compile(r"^附 ?件 ?\d? ?[::]")
ANNOTATION = re.compile(
    r"^[（(〔] ?((?:此|本)(?:件|文|文件|信息)[^)）〕]{2,30}|联系人[^)）〕]{2,80}|.{0,6}(?:主动公开|依申请公开|不予公开|公开发布)) ?[)）〕]$"
)
DISCLOSURE = re.compile(
    r"(?:公开(?:属性|方式|类别|形式) ?[::] ?|[（(〔] ?(?:此|本)(?:件|文|文件|信息) ?)"
    r"(主动公开|公开发布|依申请公开|不予公开|不公开|免予公开|不宜公开|公开)"
)
COPY = re.compile(r"^(?:主送|抄 ?送|抄报|副本|分送) ?[::]")
PRINTED = re.compile(r"印发$|^印发(?:机关|日期)|共印 ?\d+ ?份")
AGENCY = re.compile(
    r"^[\u4e00-\u9fff（） 、·]{2,40}(?:人民政府|政府|办公室|办公厅|委员会|[局厅部委院署办处科室站所队组会]|指挥部|中心|公司|支队|大队|法庭)(?:[（(].{1,12}[)）])?$"
)


@dataclass(frozen=True, slots=True)
class Elements:
    """Parts found, keyed by their Chinese names in GB/T 9704, and what follows from them."""

    parts: dict[str, Span] = field(default_factory=dict)
    title: str = ""
    number: str = ""
    issuer: str = ""
    issued: date | None = None
    genre: str = ""
    kind: str = "other"
    draft: str = ""
    draft_open: bool = False
    annotation: str = ""
    marked: str = ""
    secrecy: str = ""
    traditional: bool = False
    noisy: bool = False

    def shown(self) -> dict[str, str]:
        """The fields that a suggestion prints; absent ones are left out."""
        rows = {
            "title": self.title,
            "number": self.number,
            "issuer": self.issuer,
            "issued": self.issued.isoformat() if self.issued else "",
            "genre": self.genre,
            "draft": self.draft,
            "annotation": self.annotation,
            "secrecy": self.secrecy,
        }
        return {key: value for key, value in rows.items() if value}


def _head_parts(document: Document, rows: list[Line]) -> dict[str, Span]:
    parts: dict[str, Span] = {}
    for line in rows[:14]:
        if line.start > 700:
            break
        for name, pattern in (("紧急程度", URGENCY), ("签发人", SIGNER), ("发文字号", NUMBER)):
            match = pattern.search(line.text)
            if match and name not in parts and (name != "发文字号" or len(line.text) < 60):
                parts[name] = Span(line.start + match.start(), line.start + match.end())
        if "密级和保密期限" not in parts and len(line.text) <= 40 and SECRECY.match(line.text):
            parts["密级和保密期限"] = line.span
        if "发文机关标志" not in parts and _masthead(line):
            parts["发文机关标志"] = line.span
        if "发文字号" not in parts and ORDER.match(line.text):
            parts["发文字号"] = line.span
    return parts


def _masthead(line: Line) -> bool:
    return len(line.text) <= 42 and (line.text.endswith("文件") or bool(AGENCY.match(line.text)))


def _tail_parts(rows: list[Line], after: int) -> dict[str, Span]:
    parts: dict[str, Span] = {}
    for at, line in enumerate(rows):
        if line.start < after:
            continue
        if "成文日期" not in parts and (match := DATE.match(line.text)) and match.end() >= len(line.text) - 8:
            parts["成文日期"] = Span(line.start + match.start(), line.start + match.end())
            if at and rows[at - 1].start > after and AGENCY.match(rows[at - 1].text.strip("（公章）() ")):
                parts["署名"] = rows[at - 1].span
        for name, pattern in (("附件说明", ATTACHMENT), ("附注", ANNOTATION), ("抄送", COPY), ("印发", PRINTED)):
            if name not in parts and pattern.search(line.text) and len(line.text) < 200:
                parts[name] = line.span
    return parts


def _addressee(rows: list[Line], after: int) -> Span | None:
    following = [line for line in rows if line.start >= after][:4]
    for line in following:
        if ADDRESSEE.match(line.text) and not re.match(r"^[一二三四五六七八九\d附(（]", line.text):
            return line.span
    return None


def _draft(title: str, head: str, rules: Rulebook) -> tuple[str, bool]:
    for where in (title, head):
        for row in rules.drafts:
            if row.pattern.search(where):
                return row.mark, row.open
    return "", False


def _issued(folded: str, parts: dict[str, Span]) -> date | None:
    for name in ("成文日期", "印发"):
        if name in parts and (match := DATE.search(parts[name].of(folded))):
            return as_date(match)
    found = [day for match in DATE.finditer(folded[-400:]) if (day := as_date(match))]
    return found[-1] if found else None


def _issuer(document: Document, parts: dict[str, Span]) -> str:
    if "署名" in parts:
        return parts["署名"].of(document.text).strip()
    if "发文机关标志" in parts:
        return parts["发文机关标志"].of(document.text).strip().removesuffix("文件").strip()
    return ""


def read_elements(document: Document, rules: Rulebook) -> Elements:
    """The parts of one document; `rules` gives the genres and draft marks."""
    rows = [line for line in lines(document) if not line.noise] or list(lines(document))
    parts = _head_parts(document, rows)
    title, span = find_title(document, rows, rules)
    if span:
        parts["标题"] = span
    after = span.end if span else 0
    if addressee := _addressee(rows, after):
        parts["主送机关"] = addressee
    parts.update(_tail_parts(rows, after))
    text, folded = document.text, fold(title)
    genre = rules.genre(folded)
    draft, draft_open = _draft(folded, document.folded[:160], rules)
    marked = DISCLOSURE.search(document.folded)
    return Elements(
        parts=parts,
        title=title,
        number=parts["发文字号"].of(text).strip() if "发文字号" in parts else "",
        issuer=_issuer(document, parts),
        issued=_issued(document.folded, parts),
        genre=genre.name if genre else "",
        kind=genre.kind if genre else "other",
        draft=draft,
        draft_open=draft_open,
        annotation=marked.group(0).strip("（()） ") if marked else "",
        marked=marked.group(1) if marked else "",
        secrecy=parts["密级和保密期限"].of(text).strip() if "密级和保密期限" in parts else "",
        traditional=is_traditional(text),
        noisy=any(line.noise and len(line.text) > 5 for line in lines(document)),
    )
