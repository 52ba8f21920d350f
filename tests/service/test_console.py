"""What a person reads at a terminal."""

from __future__ import annotations

import io
import re

import pytest
from papers import CLASSIFIED, PAPERS, VALUES

from gongkai.model.document import Document
from gongkai.service.console import colourful, render


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(desk, text: str, colour: bool = False, name: str = "a.txt") -> str:
    return render(desk.screen(Document(name, text)), desk.screener.rules, colour)


@pytest.mark.parametrize(
    ("name", "pieces"),
    [
        ("notice", ["a.txt  《关于青禾路停水检修的通告》", "建议属性  主动公开", "P-192", "条例第十九条", "时限："]),
        ("request", ["建议属性  不予公开", "W-167", "条例第十六条第二款", "负面清单  NL-18"]),
        ("petition", ["建议属性  依申请公开", "处理方式  区分处理", "举报人/信访人1"]),
        ("wrongly-marked", ["【请人工复核】", "不一致，请核对"]),
        ("few words", ["也可能是："]),
        ("penalty", ["保留1处：自然人姓名1"]),
        ("party", ["处理方式  不属条例调整"]),
    ],
)
def test_lines(desk, name, pieces):
    found = shown(desk, PAPERS[name])
    assert [piece for piece in pieces if piece not in found] == []


@pytest.mark.parametrize(
    ("stream", "environment", "expected"),
    [
        (Terminal, {}, True),
        (Terminal, {"NO_COLOR": ""}, False),
        (Terminal, {"NO_COLOR": "1"}, False),
        (Terminal, {"TERM": "dumb"}, False),
        (io.StringIO, {}, False),
    ],
)
def test_colours_only_where_they_are_seen(monkeypatch, stream, environment, expected):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert colourful(stream()) is expected


def test_colours_change_nothing_else(desk):
    plain, colour = (shown(desk, PAPERS["request"], colour) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1;31m不予公开\x1b[0m" in colour
    assert re.sub(r"\x1b\[[\d;]*m", "", colour) == plain


def test_a_stopped_paper_shows_no_text(desk):
    found = shown(desk, CLASSIFIED)
    assert "停止处理" in found
    for piece in ("重点目标", "赵一鸣", "13812345678", "青政", MARKED):
        assert piece not in found


MARKED = "机密★"


def test_personal_data_is_counted_and_not_shown(desk):
    found = shown(desk, PAPERS["private"])
    assert "身份证号1" in found
    assert [value for value in VALUES if value in found] == []


def test_a_text_cannot_command_the_terminal(desk):
    text = "关于停水\x1b]0;x\x07的通告\n\n广大市民：\n    定于\x1b[2J明日停水。\n\n青禾县水务局\n2024年4月28日\n"
    assert re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown(desk, text, name="a\x1b[2J.txt")) == []
