"""What is wrong in tables: file, line, row and sentence."""

from __future__ import annotations

import re
from functools import cache

import pytest

from gongkai.model.errors import RulebookError
from gongkai.model.rulebook import Rulebook
from gongkai.service.rules.checking import CODES, problems
from gongkai.service.rules.memory import ROWS, digest, loaded, shipped
from gongkai.service.rules.rows import rows


@cache
def base():
    return shipped()


def with_change(file, old, new):
    assert old in base()[file]
    return base() | {file: base()[file].replace(old, new, 1)}


def line(files, file, words):
    """The line of a file on which these words first stand."""
    return next(place for place, one in enumerate(files[file].split("\n"), 1) if words in one)


def test_nothing_is_wrong_with_what_ships():
    assert problems(base(), base()) == ()


def test_the_digest_is_the_rulebooks():
    assert digest(base()) == loaded(base()).digest == Rulebook.load().digest


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "row", "why"),
    [
        ("personal.toml", 'mask = "ends"', 'mask = "end"', 'mask = "end"', "ID_CARD", "mask 应当是 ends、"),
        (
            "law.toml",
            "weight = 0.6",
            "weight = '0.6'",
            "weight = '0.6'",
            "annotated-proactive",
            "weight 类型不对，应当是数字",
        ),
        ("law.toml", "\nbody = '", "\nbody = '(", "body = '(", "annotated-proactive", "body 不是有效的正则表达式"),
        ("law.toml", "\nbody = '", "\nbode = '", "bode", "annotated-proactive", "有不认识的列 bode"),
        ("law.toml", "\nbody = '", "\nbody = 'x{999999999999}", 'id = "', "annotated-proactive", "重复次数过大"),
        ("law.toml", "\nbody = '", "\nbody = ", "body = ", "", "文字要加引号"),
        ("law.toml", "weight = 0.6\n", "weight = 0.6\nweight = 1\n", "weight = 1", "", "同一列写了两次"),
        ("negative.toml", 'reason = "W-141"', 'reason = "W-99"', "W-99", "NL-01", "reason 写的 W-99 不存在"),
        ("reasons.toml", 'basis = "条例第十四条"\n', "", "[[reason]]", "W-141", "缺少 basis"),
        ("reasons.toml", 'basis = "条例第十四条"', 'basis = ""', 'basis = ""', "W-141", "依据没有写"),
        ("deadlines.toml", 'basis = "条例第二十六条"', 'basis = " "', 'basis = " "', "D20", "依据没有写"),
        ("catalog.toml", 'name = "政策文件"\n', "", "[[category]]", "G01", "缺少 name"),
        (
            "law.toml",
            'id = "annotated-on-request"',
            'id = "annotated-proactive"',
            None,
            "annotated-proactive",
            "重复了",
        ),
    ],
)
def test_problems(file, old, new, at, row, why):
    files = with_change(file, old, new)
    found = problems(files, base())
    assert [(one.file, one.row) for one in found] == [(file, row)]
    assert why in found[0].message and found[0].message.endswith("。")
    if at and at.startswith(("[[", 'id = "')):
        assert found[0].line == 1 + next(n for n, one in enumerate(files[file].split("\n")) if one.startswith("[["))
    elif at:
        assert found[0].line == line(files, file, at)


def test_all_rows_are_told_at_once():
    files = with_change("law.toml", "weight = 0.6", "weight = '0.6'")
    files["law.toml"] = files["law.toml"].replace("weight = 0.8", 'weight = "0.8"', 1)
    files["reasons.toml"] = files["reasons.toml"].replace('force = "must"', "force = 1", 1)
    assert [one.file for one in problems(files, base())] == ["law.toml", "law.toml", "reasons.toml"]


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"law.toml": None}, "没有这个文件"),
        ({"law.toml": "a = 1\n"}, r"应当只有 \[\[rule\]\] 的行"),
        ({"law.toml": ""}, "至少一行"),
        ({"law.toml": "a = " + "[" * 5000}, "嵌套过深"),
        ({"law.toml": "#" * 1024 * 1025}, "超过 1 MB"),
        ({"profile.toml": 'x"'}, "第 2 个字附近列名和值之间缺少等号"),
    ],
)
def test_whole_files(files, why):
    given = {file: text for file, text in (base() | files).items() if text is not None}
    found = problems(given, base())
    assert len(found) == 1 and re.search(why, found[0].message)


def test_a_code_that_others_cite_may_not_go():
    row = rows(base()["negative.toml"], "clause")[4]
    found = problems(with_change("negative.toml", row.text, ""), base())
    assert [(one.row, one.line) for one in found] == [(row.key, 0)]
    assert "不能删除代码" in found[0].message


@pytest.mark.parametrize("file", sorted(CODES))
def test_a_code_that_the_contract_cannot_carry(file):
    text = base()[file] + rows(base()[file], ROWS[file][0])[0].text.replace(
        rows(base()[file], ROWS[file][0])[0].key, "代码", 1
    )
    found = problems(base() | {file: text}, base())
    assert [(one.row, one.message[:4]) for one in found] == [("代码", "代码应当")]


def test_a_profile_that_is_missing():
    found = problems(base(), base(), "没有的画像")
    assert [one.file for one in found] == ["profile.toml"]
    assert "没有名为 没有的画像 的机关画像" in found[0].message


def test_too_much_is_refused_before_it_is_read():
    with pytest.raises(RulebookError, match="超过 1 MB"):
        loaded(base() | {"law.toml": "#" * 1024 * 1025})
