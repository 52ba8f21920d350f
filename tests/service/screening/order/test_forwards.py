"""A forwarding paper finds its source, or nothing rather than the wrong one."""

from __future__ import annotations

import pytest
from outlined import outline

from gongkai.service.screening.order.forwards import Source, sources
from gongkai.service.screening.order.published import NOTHING, Entry, Listing
from gongkai.service.screening.records import Cited

TITLE = "柳州省人民政府办公厅关于加强防汛值守工作的通知"
NUMBER = "柳政办发〔2020〕31号"
SOURCE = outline("source", "proactive", title=TITLE, number=NUMBER, issued="2020-04-01")


def forwarding(number: str = "", title: str = "", **known):
    return outline("own", title=f"青禾县转发{TITLE}", forwards=(Cited("forwards", number, title),), **known)


@pytest.mark.parametrize(
    ("own", "found"),
    [
        (forwarding(NUMBER), True),
        (forwarding("柳政办发[2020] 31号", "别的题目"), True),
        (forwarding(title=TITLE), True),
        (forwarding(title="省政府办公厅关于加强防汛值守工作的通知"), True),
        (forwarding("柳政办发〔2019〕31号", TITLE), False),
        (forwarding(title="柳州省人民政府办公厅关于加强春耕备耕工作的通知"), False),
        (forwarding(title="通知"), False),
        (forwarding(NUMBER, issued="2020-03-01"), False),
        (outline("own", title=TITLE, forwards=(Cited("forwards", NUMBER),)), False),
        (outline("own"), False),
    ],
)
def test_in_the_archive(own, found):
    expected = {1: Source("source", "proactive", False)} if found else {}
    assert sources((SOURCE, own), {}, NOTHING) == expected


def test_two_papers_about_the_same_are_no_source():
    other = outline("other", title="云溪市人民政府关于加强防汛值守工作的通知")
    own = forwarding(title="市政府关于加强防汛值守工作的通知")
    assert sources((SOURCE, other, own), {}, NOTHING) == {}


@pytest.mark.parametrize(("bearers", "found"), [(64, 1), (65, 0)])
def test_a_title_that_everybody_bears_names_nobody(bearers, found):
    every = [outline(f"{i:03}", title=TITLE) for i in range(bearers)]
    assert len(sources((*every, forwarding(title=TITLE)), {}, NOTHING)) == found


def test_a_stopped_paper_is_no_source():
    stopped = outline("source", title=TITLE, number=NUMBER, handling="stop_classified")
    assert sources((stopped, forwarding(NUMBER)), {}, NOTHING) == {}


def test_what_a_person_decided_of_the_source_goes_first():
    assert sources((SOURCE, forwarding(NUMBER)), {"source": "withheld"}, NOTHING) == {
        1: Source("source", "withheld", True)
    }


@pytest.mark.parametrize(
    ("entry", "own", "found"),
    [
        (Entry(TITLE, NUMBER, "on_request"), forwarding(NUMBER), True),
        (Entry(TITLE, "", "on_request"), forwarding(title=TITLE), True),
        (Entry(TITLE, "", "on_request"), forwarding(title="省政府办公厅关于加强防汛值守工作的通知"), True),
        (Entry(TITLE, NUMBER, ""), forwarding(NUMBER), False),
        (Entry(TITLE, NUMBER, "on_request"), forwarding("青政〔2020〕3号"), False),
    ],
)
def test_in_a_list(entry, own, found):
    known = Listing({"柳政办发-2020-31号": entry}, {"柳州省人民政府办公厅关于加强防汛值守工作通知": (entry,)})
    assert sources((own,), {}, known) == ({0: Source("", "on_request", True)} if found else {})
