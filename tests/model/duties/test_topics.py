"""Requests for the same find each other, and say by which words."""

from __future__ import annotations

from gongkai.model.duties.topics import core, topics

IDLE = ("申请公开", "贵局", "关于", "的", "有关", "文件", "我", "要求公开")
TEXTS = (
    "申请公开青河路二期征地补偿标准的有关文件",
    "2023年度水利工程招标结果",
    "青河路二期征地的补偿标准",
    "我要求公开河道砂石开采规划",
    "贵局关于青河路二期征地补偿安置方案及标准",
    "申请公开2023年水利工程招标中标结果",
    "的",
)


def test_requests_for_the_same_find_each_other():
    found = topics(TEXTS, IDLE, 0.4)
    assert [(topic.members, topic.words) for topic in found] == [
        ((0, 2, 4), "青河路二期征地"),
        ((1, 5), "水利工程招标"),
        ((3,), "河道砂石开采规划"),
        ((6,), ""),
    ]


def test_a_higher_bar_parts_them():
    assert [topic.members for topic in topics(TEXTS[:3], IDLE, 0.99)] == [(0,), (1,), (2,)]


def test_words_that_say_nothing_are_left_out():
    assert core("贵局关于《征地补偿》的文件，１２０亩", IDLE) == "征地补偿 120亩"


def test_what_says_nothing_is_like_nothing():
    assert [topic.members for topic in topics(("的", "的", "文件"), IDLE, 0.1)] == [(0,), (1,), (2,)]


def test_thousands_of_requests_are_put_together():
    texts = [f"第{number % 40}号地块出让合同附件{number % 40}" for number in range(2000)]
    assert sum(len(topic.members) for topic in topics(texts, IDLE, 0.95)) == 2000
