"""Re-identification in small cells: rows that still name one person by unit, date and matter (GB/T 42460)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from gongkai.model.document import Document
from gongkai.model.grid import table_rows

#: What the heading of a column has to name for each part of the combination.
COLUMNS = {
    "unit": re.compile(r"单位|部门|学校|公司|企业|村|社区|科室|街道|乡镇|镇街|医院|机构|地点|处所|住址|地址|班级"),
    "date": re.compile(r"日期|时间|年月|出生"),
    "matter": re.compile(
        r"事由|原因|事项|情形|行为|案由|内容|类别|类型|处罚|处分|处理|奖惩|病种|诊断|险种|情况|结果|事实"
    ),
}


def singled_out(text: str, places: Iterable[int]) -> list[int]:
    """Data rows of a pasted table, counted from 1 under its heading, that only one person can mean.

    `text` is the redacted text, `places` are offsets where a name was hidden in it. A row counts when its table has
    columns for unit, date and matter, all three are filled, and no other row has the same three.
    """
    document = Document("", text)
    hidden = {text.count("\n", 0, at) for at in places}
    rows: list[tuple[int, int, tuple[str, ...]]] = []
    columns: list[int] = []
    first = table = 0
    for number, (row, _) in enumerate(table_rows(document)):
        texts = row.texts if row else []
        if heading := _heading(texts):
            columns, first, table = heading, number, table + 1
        elif columns and len(texts) > max(columns):
            rows.append((table, number - first if number in hidden else 0, tuple(texts[c].strip() for c in columns)))
        elif columns and not row:
            columns = []
    counts = Counter((where, key) for where, _, key in rows)
    return [number for where, number, key in rows if number and all(key) and counts[where, key] == 1]


def _heading(texts: list[str]) -> list[int]:
    """The columns of unit, date and matter in a heading row; empty where one is missing or the row holds data."""
    if len(texts) < 4 or any(re.search(r"\d{2}", text) or len(text) > 14 for text in texts):
        return []
    found = [next((at for at, text in enumerate(texts) if cue.search(text)), -1) for cue in COLUMNS.values()]
    return found if min(found) >= 0 and len(set(found)) == len(found) else []
