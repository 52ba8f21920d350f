"""Document -> Elements: the parts of an official document (GB/T 9704-2012), its genre, its draft mark.

A part that is not there is absent; nothing is invented. Offsets count into the text as read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from gongkai.model.document import Document, Span
from gongkai.model.folding import fold, is_traditional
from gongkai.model.head import agency, head_parts
from gongkai.model.issued import issued
from gongkai.model.lines import Line, lines, unspaced
from gongkai.model.rulebook import Rulebook
from gongkai.model.tail import addressee, body, tail_parts
from gongkai.model.titles import find_title, title_genre

_SEAL = re.compile(r"\s*[（(][^（）()]{0,20}[章印：:][^（）()]{0,20}[)）]$")
_KIND = re.compile(r"\s*(?:文件|便函|用笺|用箋)$")
_AUTHOR = re.compile(
    r"^([\u4e00-\u9fff、]{2,40}?(?:政府|办公[室厅]|委员会|[局厅部委院署处站队会关]|中心|公司))(?=关于|转发|印发|令$|公告|通告|通报|决定|对)"
)

DISCLOSURE = re.compile(
    r"(?:公开(?:属性|方式|类别|形式) ?[::] ?|[（(〔] ?(?:此|本)(?:件|文|文件|信息) ?)"
    r"(主动公开|公开发布|依申请公开|不予公开|不公开|免予公开|不宜公开|公开)"
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


def _draft(title: str, head: str, rules: Rulebook) -> tuple[str, bool]:
    for where in (title, head):
        for row in rules.drafts:
            if row.pattern.search(where):
                return row.mark, row.open
    return "", False


def _settled(found: Iterable[tuple[str, Span]]) -> dict[str, Span]:
    """Parts in order of trust; one that overlaps an earlier one is left out."""
    parts: dict[str, Span] = {}
    for name, span in found:
        if name not in parts and not any(span.overlaps(other) for other in parts.values()):
            parts[name] = span
    return parts


def _issuer(text: str, title: str, parts: dict[str, Span]) -> str:
    if "署名" in parts:
        signed = re.split(r"\n|\s{2,}", parts["署名"].of(text))
        names = [_SEAL.sub("", unspaced(name)) for name in signed if name.strip()]
        if agencies := [name.strip() for name in names if agency(fold("".join(name.split())))]:
            return "　".join(agencies)
    if "发文机关标志" in parts:
        names = [unspaced(name) for name in parts["发文机关标志"].of(text).split("\n") if name.strip()]
        return "　".join(_KIND.sub("", name) for name in names).strip()
    if match := _AUTHOR.match(fold(title)):
        return title[: match.end(1)]
    return unspaced(parts["署名"].of(text)) if "署名" in parts else ""


def read_elements(document: Document, rules: Rulebook) -> Elements:
    """The parts of one document; `rules` gives the genres and draft marks."""
    every = list(lines(document))
    rows = [line for line in every if not line.noise] or every
    title, span = find_title(document, rows, rules)
    parts = _parts(document, rows, span)
    text, folded = document.text, fold(title)
    genre = title_genre(title, rules) if title else None
    head = "\n".join(line.text for line in rows if line.end <= 240 and len(line.text) <= 60 and "。" not in line.text)
    draft, draft_open = _draft(folded, head, rules)
    marked = DISCLOSURE.search(document.folded) if "公开" in document.folded else None
    return Elements(
        parts=parts,
        title=title,
        number=_value("发文字号", parts, text),
        issuer=_issuer(text, title, parts),
        issued=issued(every, rows, parts, document.folded),
        genre=genre.name if genre else "",
        kind=genre.kind if genre else "other",
        draft=draft,
        draft_open=draft_open,
        annotation=marked.group(0).strip("（()） ") if marked else "",
        marked=marked.group(1) if marked else "",
        secrecy=_value("密级和保密期限", parts, text),
        traditional=is_traditional(text),
        noisy=len(rows) < len(every) and any(line.noise and len(line.text) > 5 for line in every),
    )


def _value(name: str, parts: dict[str, Span], text: str) -> str:
    return re.sub(r"\s*\n\s*", "", parts[name].of(text)).strip() if name in parts else ""


def _parts(document: Document, rows: list[Line], title: Span | None) -> dict[str, Span]:
    head = dict(head_parts(rows, title))
    mark = head.get("密级和保密期限")
    if title and mark and mark.overlaps(title) and (rest := document.folded[mark.end : title.end].lstrip()):
        title = Span(title.end - len(rest), title.end)
    found = ([("标题", title)] if title else []) + list(head.items())
    top = max((span.end for _, span in found), default=0)
    title_end = title.end if title else top
    if to := addressee(rows, document.folded, title_end):
        found.append(("主送机关", to))
    after = max(top, to.end if to else 0)
    tail = tail_parts(rows, after)
    signed = max((tail[name].end for name in ("署名", "成文日期") if name in tail), default=after)
    if len(document.folded[after:signed].strip()) < 120 < len(document.folded[signed:].strip()):
        after = signed
    parts = _settled([*found, *tail.items()])
    if span := body(parts, document.folded, after):
        parts = _settled([*parts.items(), ("正文", span)])
    return parts
