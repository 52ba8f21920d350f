"""Rows that still name one person by unit, date and matter."""

from __future__ import annotations

import pytest

from gongkai.model.smallcells import singled_out

HEAD = "序号\t姓名\t单位\t日期\t事由\n"
ROWS = (
    "1\t张某\t第一中学\t2024-03-01\t迟到\n",
    "2\t李某\t第一中学\t2024-03-01\t迟到\n",
    "3\t王某\t第二中学\t2024-03-02\t早退\n",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("名单\n" + HEAD + "".join(ROWS), [3]),
        (HEAD + ROWS[0] + ROWS[2], [1, 2]),
        (HEAD + ROWS[0] + ROWS[1], []),
        (HEAD + ROWS[2].replace("2024-03-02", ""), []),
        (HEAD + ROWS[2].replace("王某", "王五"), []),
        (HEAD.replace("单位", "备注") + "".join(ROWS), []),
        ("".join(ROWS), []),
        (HEAD + ROWS[2] + "\n说明\n" + HEAD + ROWS[2], [1, 1]),
        ("| 姓名 | 学校 | 时间 | 处分 |\n| 王某 | 第二中学 | 2024年3月2日 | 警告 |\n", [1]),
        ("王某于2024年3月2日在第二中学早退。", []),
    ],
)
def test_rows(text: str, expected: list[int]) -> None:
    assert singled_out(text, [at for at, char in enumerate(text) if char == "某"]) == expected
