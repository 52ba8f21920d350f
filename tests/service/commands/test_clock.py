"""The command clock: a day counted, the terms listed, a list checked."""

from __future__ import annotations

import re

import pytest

LIST = "标题,文号,发文机关,成文日期,发布日期\n关于甲的通知,青发〔2025〕1号,青禾县水务局,2025-01-02,2025-03-20\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("D20", "2026-04-28"), ["最迟2026年5月28日"]),
        (("G0107", "2026-04-28"), ["最迟2026年5月14日"]),
        (("N0502", "2026-04-28"), ["至少公开到2026年5月8日", "最迟2026年5月28日"]),
        (("H5", "2026-04-28 23:10"), ["最迟2026年4月29日04:10"]),
        (("Q", "2026-05-01"), ["最迟2026年9月30日"]),
        (("Y0131", "2025-06-30"), ["最迟2026年1月31日"]),
    ],
)
def test_a_term_is_counted(run, arguments, told):
    code, out, _ = run("clock", *arguments)
    assert code == 0
    assert [re.match(r"\D+\d{4}年\d+月\d+日(?:\d\d:\d\d)?", line)[0] for line in out.splitlines()] == told


def test_what_cannot_be_counted_says_why(run):
    code, out, _ = run("clock", "D20", "2031-04-28")
    assert (code, "没有 2031 年的放假安排" in out) == (1, True)
    assert run("clock", "D99", "2026-04-28")[0] == 1
    assert run("clock", "D20", "昨天")[0] == 1
    assert run("clock", "D20")[0] == 2


def test_terms_are_listed(run):
    code, out, _ = run("clock", "--list")
    assert code == 0
    assert "D20\t形成或变更之日起20个工作日\t条例第二十六条" in out


def test_late_entries_are_reported(run, tmp_path):
    file, result = tmp_path / "清单.csv", tmp_path / "结果.xlsx"
    file.write_text(LIST, "utf-8")
    code, out, _ = run("clock", "--file", file, "--out", result, "--today", "2026-04-28")
    assert code == 1
    assert out.splitlines()[0].split("\t") == ["1", "逾期公开", "42天", "2025-02-06", "2025-03-20", "关于甲的通知"]
    assert result.read_bytes().startswith(b"PK")
    file.write_text(LIST.replace("2025-03-20", "2025-01-20"), "utf-8")
    assert run("clock", "--file", file)[0] == 0
    assert run("clock", "--file", tmp_path / "没有.csv")[0] == 2
