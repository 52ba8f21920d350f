"""Rows that still name one person by unit, date and matter; sentences that still fit hardly anybody."""

from __future__ import annotations

import re
import time

import pytest

from gongkai.model.deid.smallcells import singled_out, standing_out
from gongkai.model.rulebook import Rulebook

TRAITS = Rulebook.load().traits

HEAD = "序号\t姓名\t单位\t日期\t事由\n"
ROWS = (
    "1\t张某\t第一中学\t2024-03-01\t迟到\n",
    "2\t李某\t第一中学\t2024-03-01\t迟到\n",
    "3\t王某\t第二中学\t2024-03-02\t早退\n",
)


MASKED = HEAD + ROWS[0].replace("第一中学", "***") + ROWS[2].replace("早退", "〔略〕")
PUNISHED = HEAD.replace("日期\t事由", "处分时间\t处分种类")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("名单\n" + HEAD + "".join(ROWS), [5]),
        (HEAD + ROWS[0] + ROWS[2], [2, 3]),
        (HEAD + ROWS[0] + ROWS[1], []),
        (HEAD + ROWS[2].replace("2024-03-02", ""), []),
        (HEAD + ROWS[2].replace("王某", "王五"), []),
        (HEAD.replace("单位", "备注") + "".join(ROWS), []),
        ("".join(ROWS), []),
        (HEAD + ROWS[2] + "\n说明\n" + HEAD + ROWS[2], [2, 6]),
        ("| 姓名 | 学校 | 时间 | 处分 |\n| 王某 | 第二中学 | 2024年3月2日 | 警告 |\n", [2]),
        ("| 姓名 | 学校 | 时间 | 处分 |\n| --- | --- | --- | --- |\n| 王某 | 第二中学 | 2024年3月2日 | 警告 |\n", [3]),
        ("王某于2024年3月2日在第二中学早退。", []),
        (PUNISHED + ROWS[0] + ROWS[2], [2, 3]),
        (MASKED, []),
    ],
)
def test_rows(text: str, lines: list[int]) -> None:
    found = singled_out(text, [at for at, char in enumerate(text) if char == "某"])
    assert [text.count("\n", 0, at) + 1 for at in found] == lines


def told(text: str, *places: int) -> list[tuple[str, ...]]:
    return [found.parts for found in standing_out(text, places, TRAITS)]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("柳林村唯一的大学生村官张某，去年离职。", ("place", "role", "unique")),
        ("某村唯一的残疾人家庭已纳入。", ("role", "unique")),
        ("该校三年级一名双胞胎学生发烧。", ("place", "role", "rare")),
        ("张某，1990年3月5日出生，柳林村村民。", ("place", "event", "birth")),
        ("姓名：张某\n出生日期：1990-03-05\n住址：青禾镇柳林村\n", ("place", "birth")),
        ("职务：校长\n姓名：李某\n单位：青禾县第二小学\n", ("place", "sole")),
        ("经查，青禾镇柳林村党支部书记张某违规领取补贴。", ("place", "sole")),
        ("张某，时任柳林村村支书，违规领取补贴。", ("place", "sole")),
        ("张某（原柳林小学校长）违规收费。", ("place", "sole")),
        ("柳林小学发生纠纷。校长张某到场。", ("place", "sole")),
        ("青禾县水务局通报\n\n局长李某某违反规定。", ("office", "sole")),
        ("欧阳某某系青禾镇柳林村村医。", ("place", "sole")),
        ("柳林小学教师张某系全国劳模，2024年3月退休。", ("place", "role", "event", "rare")),
        ("柳林村五保户李某截肢。", ("place", "role", "rare")),
    ],
)
def test_sentences_and_records(text: str, parts: tuple[str, ...]) -> None:
    assert told(text) == [parts]


@pytest.mark.parametrize(
    "text",
    [
        "本村唯一的水源地在柳林山。",
        "全县唯一的定点医院设在城关镇。",
        "县城唯一的养老服务机构由张某举办。",
        "全院仅1名专职人员。",
        "柳林村村民张某名下唯一住房。",
        "青禾县第一中学教师张某于2024年3月1日迟到。",
        "柳林村村民张某，1990年出生。",
        "张某，1990年3月5日出生。",
        "张某，1990年3月5日出生，住***村。",
        "柳林村李校长批准了张某的请假。",
        "青禾县水务局通报\n\n副局长张某到场。",
        "县长热线转来柳林村张某的来电。",
        "柳林村党支部书记主持会议，研究张某的低保申请。",
        "柳林村村支书王志强，张某的舅舅。",
        "在某村唯一的公路上，于某日发生事故。",
        "某校三年级一名双胞胎学生发烧。",
        "青禾县民政局认定张某截肢。",
        "柳林小学开会。\n一名双胞胎学生来自外地。",
        "乙方：张某\n甲方：柳林村村民委员会\n法定代表人：王志强\n职务：村主任助理\n",
    ],
)
def test_near_misses(text: str) -> None:
    assert told(text) == []


def test_a_hidden_name_counts_in_whatever_dress() -> None:
    text = "〔姓名1〕，1990年3月5日出生，柳林村村民。"
    assert (told(text, 0), told(text)) == ([("place", "event", "birth")], [])


def test_rows_are_told_once() -> None:
    assert told(HEAD + ROWS[2].replace("第二中学", "柳林村").replace("早退", "全国劳模，教师，王某")) == []


def test_rows_of_a_long_table_are_counted_in_time():
    rows = "".join(f"{at}\t张某某\t槐荫路{at}号\n" for at in range(20_000))
    places = [match.start() for match in re.finditer("张", rows)]
    start = time.process_time()
    assert singled_out(rows, places) == []
    assert time.process_time() - start < 2
