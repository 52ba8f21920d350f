"""A bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import io

import pytest

from gongkai.service.screening.engine.progress import Progress, Tally, bar, lasting, said


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("tally", "rate", "line"),
    [
        (Tally(), 0, "已处理 0/约0 个文件"),
        (Tally(100, False, 10), 4, "已处理 10/约100 个文件，每秒 4.0 个，还要不到 1 分钟"),
        (Tally(99, True, 9, 5, 3), 0.26,
         "已处理 14/99 个文件，其中 5 个没有变化，3 个没读成，每秒 0.3 个，还要 5 分钟"),
        (Tally(15, True, 15), 1, "已处理 15/15 个文件，每秒 1.0 个"),
        (Tally(4, False, 15), 1, "已处理 15/约15 个文件，每秒 1.0 个"),
    ],
)  # fmt: skip
def test_what_is_said(tally, rate, line):
    assert said(tally, rate) == line


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "不到 1 分钟"), (29, "不到 1 分钟"), (60, " 1 分钟"), (3599, " 1 小时 0 分钟"), (7500, " 2 小时 5 分钟")],
)
def test_lengths_of_time(seconds, words):
    assert lasting(seconds) == words


@pytest.mark.parametrize(("done", "full"), [(0, 0), (50, 12), (100, 24), (130, 24)])
def test_the_bar_has_one_length(done, full):
    assert bar(Tally(100, True, done)) == f"[{'█' * full}{'░' * (24 - full)}]"


def test_no_bar_without_a_total():
    assert bar(Tally()) == f"[{'░' * 24}]"


@pytest.mark.parametrize(("out", "every"), [(Terminal, 0.25), (io.StringIO, 30)])
def test_how_often_it_is_said(out, every):
    clock, stream = Clock(), out()
    progress = Progress(stream, clock)
    for _ in range(8):
        clock.now += every / 2
        progress.tick(Tally(10, True, 1))
    assert stream.getvalue().count("已处理") == 4
    progress.end(Tally(10, True, 10))
    text = stream.getvalue()
    assert text.endswith("\n") and text.count("\n") == (1 if out is Terminal else 5)
    assert ("\r" in text) == (out is Terminal)


def test_the_rate_is_that_of_the_last_two_minutes():
    clock, stream = Clock(), io.StringIO()
    progress = Progress(stream, clock)
    for minute in range(1, 11):
        clock.now += 60
        progress.tick(Tally(100_000, True, minute * 60 if minute <= 5 else 300 + (minute - 5) * 600))
    lines = stream.getvalue().splitlines()
    assert "每秒 1.0 个" in lines[4] and "每秒 10.0 个" in lines[-1]
