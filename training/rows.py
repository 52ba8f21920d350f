"""One row of a table of labels -> Example: its cells, the labels in its text, and what is odd about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Mapping as Cells
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gongkai.model.document import Document, Span
from gongkai.model.elements import read_elements
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import DECLASSIFIED
from gongkai.training.authored import CorpusError, Example, Marked
from gongkai.training.fields import Cleaned, strip_labels
from gongkai.training.files import Reader, read_text
from gongkai.training.mapping import Mapping

#: A text of fewer visible characters says nothing that could be judged.
LEAST = 20
_YEAR = re.compile(r"(?:19|20)\d\d")
_YES = ("yes", "true", "1", "是", "y")
#: Kind and sentence of something odd in a row that is read all the same.
Remark = tuple[str, str]


@dataclass(frozen=True)
class Sheet:
    """What every row of one table needs; files are looked for below `folder`."""

    stem: str
    folder: Path
    mapping: Mapping
    rules: Rulebook
    names: Cells[str, Cells[str, tuple[str, ...]]]
    reader: Reader | None


def as_example(row: Cells[str, Any], place: int, sheet: Sheet) -> tuple[Example, list[Remark]]:
    """The document of a row and remarks about it. Raises CorpusError or DocumentError if it can't be used."""
    cell, mapping = sheet.mapping.text, sheet.mapping
    cleaned, document = _document(row, place, sheet)
    attribute, remarks = _attribute(cell(row, "attribute"), cleaned, mapping)
    codes, unknown = _codes(row, cleaned, sheet)
    remarks += unknown
    if not attribute and not any(codes.values()):
        raise CorpusError("这一行没有公开属性，也没有别的标注，没有读。")
    pii = mapping.cell(row, "pii")
    handling = cell(row, "handling")
    if pii is None and handling != "stop_classified":
        _check_secrecy(document, sheet.rules)
    example = Example(
        document=document,
        attribute=attribute,
        acceptable=_acceptable(mapping.cell(row, "acceptable"), mapping) | ({attribute} if attribute else set()),
        reasons=codes["reasons"],
        categories=codes["categories"],
        negative=frozenset(codes["negative"]),
        partial=str(mapping.cell(row, "partial")).lower() in _YES,
        handling=handling,
        marked=tuple(_marked(pii or [], cleaned)),
        group=cell(row, "unit") or cell(row, "issuer") or sheet.stem,
        genre=cell(row, "genre"),
        issuer=cell(row, "issuer"),
        sector=cell(row, "sector"),
        level=cell(row, "level"),
        year=_year(cell(row, "year"), cell(row, "date"), cell(row, "number")),
        number=cell(row, "number"),
        near=frozenset(codes["near"]),
        attribute_known=attribute != "",
        clauses_known=mapping.cell(row, "negative") is not None,
        personal_known=pii is not None,
    )
    return example, remarks


def _codes(row: Cells[str, Any], cleaned: Cleaned, sheet: Sheet) -> tuple[dict[str, tuple[str, ...]], list[Remark]]:
    """Codes by field, categories also from the text, and remarks on what was not understood."""
    codes: dict[str, tuple[str, ...]] = {}
    remarks: list[Remark] = []
    for name, names in sheet.names.items():
        codes[name], whole = sheet.mapping.codes(sheet.mapping.cell(row, name) or [], names)
        if not whole:
            remarks.append(("label", f"{_CODES[name]}里有认不出的写法，略去了那几项；请改成代码，或者写进映射表。"))
    if not codes["categories"]:
        said = [label.value for label in cleaned.labels if label.kind == "category"]
        codes["categories"] = sheet.mapping.codes(said, sheet.names["categories"])[0]
    return codes, remarks


_CODES = {"categories": "目录", "negative": "负面清单条款", "near": "近似条款", "reasons": "理由"}


def _document(row: Cells[str, Any], place: int, sheet: Sheet) -> tuple[Cleaned, Document]:
    cell = sheet.mapping.text
    text, name = cell(row, "text"), cell(row, "file")
    if not text.strip() and name:
        text = read_text(sheet.folder, name, sheet.reader)
    if not text.strip():
        raise CorpusError("这一行没有正文，请补上正文或者文件名。")
    cleaned = strip_labels(text, sheet.rules)
    if len("".join(cleaned.text.split())) < LEAST:
        raise CorpusError(f"正文不到 {LEAST} 个字，判断不出什么，没有读。")
    own = cell(row, "id") or (Path(name.replace("\\", "/")).stem if name else f"{sheet.stem}-{place}")
    return cleaned, Document(own, cleaned.text, cell(row, "title"))


def _check_secrecy(document: Document, rules: Rulebook) -> None:
    """Refuse a paper with a live secrecy mark (保密法 article 20); those marked up for training are invented."""
    if read_elements(document, rules).secrecy and not DECLASSIFIED.search(document.text, 0, 600):
        raise CorpusError("文件带有密级标志，没有读：涉密文件不得进入语料，请立即核对。")


def _attribute(cell: str, cleaned: Cleaned, mapping: Mapping) -> tuple[str, list[Remark]]:
    """The attribute of the column, else of the text if it names only one; and where the two contradict each other."""
    said = dict.fromkeys(label.value for label in cleaned.labels if label.kind == "attribute")
    given = mapping.attribute(cell)
    if cell and not given:
        raise CorpusError(
            "公开属性一栏的写法认不出，请改成主动公开、依申请公开或者不予公开，或者写进映射表的 [attribute]。"
        )
    if given and said and set(said) != {given}:
        words = f"文中标的是{_labels(said)}，标注表是{_labels([given])}，按标注表。"
        return given, [("conflict", words)]
    if not given and len(said) > 1:
        return "", [("conflict", f"没有公开属性一栏，文中标的有{_labels(said)}，没有采用。")]
    return given or next(iter(said), ""), []


def _labels(values: Iterable[str]) -> str:
    return "、".join(Attribute(value).label for value in values)


def _acceptable(value: Any, mapping: Mapping) -> frozenset[str]:  # noqa: ANN401 - a list or text
    listed = value if isinstance(value, list) else re.split(r"[,，;；、\s]+", str(value or ""))
    return frozenset(found for item in listed if (found := mapping.attribute(str(item))))


def _year(*sources: str) -> str:
    return next((match[0] for source in sources if (match := _YEAR.search(source))), "")


def _marked(pieces: Any, cleaned: Cleaned) -> Iterable[Marked]:  # noqa: ANN401 - JSON
    """Marks of personal data where they stand in the text without labels. Raises CorpusError if they are no marks."""
    try:
        for piece in pieces:
            span = Span(int(piece["start"]), int(piece["end"]))
            if moved := cleaned.moved(span):
                yield Marked(moved, str(piece["type"]), piece.get("action") == "keep")
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise CorpusError("个人信息的标注不完整：每处要有 start、end、type。") from error
