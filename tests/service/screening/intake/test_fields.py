"""What is said of a document comes through short, in one line, and only as far as it is used."""

from __future__ import annotations

import pytest

from gongkai.service.screening.intake.fields import LONGEST, is_plain, told


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"title": "关于停水的\n通告", "unit": " 水务科　"}, {"title": "关于停水的 通告", "unit": "水务科"}),
        ({"title": "停\x1b[31m水\u202e\x07\ud800"}, {"title": "停[31m水"}),
        ({"title": "题" * (LONGEST + 1)}, {"title": "题" * LONGEST}),
        ({"note": "申请人赵一鸣", "category": "救助", "id": "7"}, {}),
        ({"title": " \x00", "number": ""}, {}),
        ({"issued": "2018年3月5日"}, {"issued": "2018-03-05"}),
        ({"issued": "2018.12.1 08:00"}, {"issued": "2018-12-01"}),
        ({"issued": "2018年春"}, {"issued": "2018年春"}),
        ({"issued": "²²²²-01-01"}, {}),
        ({"issued": "٢٠٢١-01-01"}, {}),
        ({"issued": "0001-01-01"}, {}),
        ({"issued": "见正文"}, {}),
    ],
)
def test_what_is_kept(given, expected):
    assert told(given) == expected


@pytest.mark.parametrize(
    ("words", "answer"),
    [("甲/一号", True), ("题" * LONGEST, True), ("题" * (LONGEST + 1), False), ("a\x1b[2J", False), ("a\nb", False)],
)
def test_what_may_stand_in_a_path(words, answer):
    assert is_plain(words) == answer
