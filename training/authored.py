"""Read marked-up documents (a header, a line `---`, text with ⟦TYPE|surface⟧ marks) as training examples."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai.model.document import Document, Span
from gongkai.model.errors import GongkaiError

MARK = re.compile(r"⟦([A-Z_]+)(!keep)?\|([^⟦⟧|]*)⟧")


class CorpusError(GongkaiError):
    """A corpus file is not as the annotation standard says."""

    slug = "corpus"
    title = "语料有误"


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked piece of personal data."""

    span: Span
    type: str
    keep: bool


@dataclass(frozen=True)
class Example:
    """One labelled document; `near` holds clauses that a keyword system would wrongly hit.

    Where a label is not known (nobody looked), its field is empty and must not be taught as an absence.
    """

    document: Document
    attribute: str
    acceptable: frozenset[str]
    reasons: tuple[str, ...]
    categories: tuple[str, ...]
    negative: frozenset[str]
    partial: bool
    handling: str
    marked: tuple[Marked, ...]
    group: str
    genre: str = ""
    issuer: str = ""
    sector: str = ""
    level: str = ""
    year: str = ""
    number: str = ""
    near: frozenset[str] = frozenset()
    attribute_known: bool = True
    clauses_known: bool = True
    personal_known: bool = True


def read_example(path: Path) -> Example:
    """One marked file. Raises CorpusError with the file's name."""
    try:
        head, bar, body = path.read_text("utf-8-sig").partition("\n---\n")
    except UnicodeDecodeError as error:
        raise CorpusError(f"语料 {path.name} 不是 UTF-8 编码，请另存为 UTF-8。") from error
    fields = {
        key.strip(): value.strip() for key, colon, value in (line.partition(":") for line in head.splitlines()) if colon
    }
    if not bar or fields.get("attribute") not in ("proactive", "on_request", "withheld"):
        raise CorpusError(f"语料 {path.name} 没有表头或者公开属性不对，请对照标注规范改正。")
    text, marked = unmarked(body)
    if "⟦" in text or "⟧" in text:
        raise CorpusError(f"语料 {path.name} 里有没写完整或者套在一起的 ⟦类型|文字⟧ 标记，请对照标注规范改正。")
    listed = {
        key: tuple(re.findall(r"[^,，\s]+", fields.get(key, "")))
        for key in ("acceptable", "reasons", "categories", "negative", "near")
    }
    return Example(
        document=Document(path.stem, text, fields.get("title", "")),
        attribute=fields["attribute"],
        acceptable=frozenset(listed["acceptable"]) | {fields["attribute"]},
        reasons=listed["reasons"],
        categories=listed["categories"],
        negative=frozenset(listed["negative"]),
        partial=fields.get("partial") == "yes",
        handling=fields.get("handling", ""),
        marked=tuple(marked),
        group=path.stem.split("-")[0],
        genre=fields.get("genre", ""),
        issuer=fields.get("issuer", ""),
        sector=fields.get("sector", ""),
        level=fields.get("level", ""),
        year=fields.get("year", ""),
        near=frozenset(listed["near"]),
    )


def unmarked(body: str) -> tuple[str, list[Marked]]:
    """The plain text of a marked one, and its marks."""
    pieces, marked, at, length = [], [], 0, 0
    for match in MARK.finditer(body):
        pieces.append(body[at : match.start()])
        length += match.start() - at
        surface = match[3]
        if surface:
            marked.append(Marked(Span(length, length + len(surface)), match[1], bool(match[2])))
        pieces.append(surface)
        length += len(surface)
        at = match.end()
    pieces.append(body[at:])
    return "".join(pieces), marked


def read_folder(folder: Path) -> Iterator[Example]:
    """Every marked file of a folder, by name."""
    for path in sorted(folder.glob("*.txt")):
        yield read_example(path)
