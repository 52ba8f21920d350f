"""The catalog as a workbook that comes back through the import, and as a paper to publish."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

from gongkai.service.catalog.items import Item
from gongkai.service.opinion.wordparts import Element, cell, heading, packed, paragraph, row, table
from gongkai.service.screening.results.sheets import Book, Cell, Head, Look

#: Headings as the import reads them, and what each holds.
COLUMNS = (
    ("代码", 9),
    ("一级事项", 18),
    ("二级事项", 30),
    ("公开内容（要素）", 44),
    ("公开依据", 34),
    ("公开时限", 26),
    ("公开主体", 22),
    ("公开渠道和载体", 22),
    ("公开对象", 12),
    ("范围", 26),
    ("公开方式", 12),
    ("公开层级", 16),
    ("网站栏目", 24),
    ("五公开", 8),
    ("别处的叫法", 30),
)
_PAPER = (
    ("事项", 1500),
    ("内容（要素）", 1900),
    ("依据", 1700),
    ("时限", 1300),
    ("主体、层级", 1200),
    ("渠道、对象", 1400),
)


def values(item: Item) -> tuple[str, ...]:
    """An item in the order of COLUMNS; what its row leaves open stays open, so that coming back changes nothing."""
    row_ = item.row
    first = row_.name if not item.leaf else item.parent
    return (
        row_.code,
        first,
        row_.name,
        "\n".join(row_.key_fields),
        row_.basis,
        item.deadline,
        row_.publisher,
        row_.channel,
        row_.audience,
        row_.scope,
        row_.manner,
        row_.level,
        "\n".join(row_.site),
        row_.five_public,
        "、".join(row_.aliases),
    )


def workbook(items: Iterable[Item]) -> bytes:
    """The items as .xlsx."""
    with tempfile.TemporaryDirectory(prefix=".gongkai-") as folder:
        path = Path(folder) / "catalog.xlsx"
        with Book(path) as book:
            sheet = book.sheet("主动公开基本目录", [Head(name, width) for name, width in COLUMNS], frozen="D2")
            for item in items:
                sheet.add([Cell(value, Look(lined=True)) for value in values(item)])
            sheet.close()
            book.save()
        return path.read_bytes()


def paper(items: Iterable[Item], unit: str, day: str) -> bytes:
    """The items as .docx, by 一级事项; the same items give the same bytes."""

    def write(body: Element) -> None:
        heading(body, "主动公开基本目录")
        paragraph(body, f"{unit}　{day}", size=28, align="center")
        parent = ""
        for item in items:
            if item.parent != parent:
                parent = item.parent
                paragraph(body, "")
                paragraph(body, parent, font="黑体", size=32)
                lines = table(body, [width for _, width in _PAPER])
                _line(lines, tuple(name for name, _ in _PAPER), head=True)
            _line(lines, _told(item))

    return packed(write)


def _told(item: Item) -> tuple[str, ...]:
    who = "\n".join(filter(None, (item.publisher, "、".join(item.levels))))
    where = "\n".join(("、".join(item.channels), item.scope, *(f"除外：{title}" for _, title in item.exclusions)))
    return (item.row.name, "、".join(item.row.key_fields), item.row.basis, item.deadline, who, where)


def _line(lines: Element, texts: tuple[str, ...], *, head: bool = False) -> None:
    line = row(lines, head=head)
    for text, (_, width) in zip(texts, _PAPER, strict=True):
        cell(line, text, width, font="黑体" if head else "仿宋", align="center" if head else "left")
