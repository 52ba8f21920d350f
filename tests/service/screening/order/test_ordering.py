"""Piles, ranks and places over a real store."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from outlined import digest, fingerprint, keep, like, outline, record

from gongkai.model.errors import RequestError
from gongkai.service.screening.order.grouping import Grouped
from gongkai.service.screening.order.ordering import Options, place, places
from gongkai.service.screening.order.remarks import Known
from gongkai.service.screening.records import Cited, Decision, PartTold, Pile, Role
from gongkai.service.screening.store import Store

TODAY = date(2026, 3, 1)
OPTIONS = Options(TODAY, confirm_over=0.6)


def piled(*rows) -> list[tuple[str, str]]:
    """Pile and digest of rows of outline and what is known of it, in the order of the worklist."""
    outlines, known = zip(*rows, strict=True)
    return [(found.pile.value, found.digest) for found in places(outlines, known, OPTIONS)]


@pytest.mark.parametrize(
    ("known", "pile"),
    [
        ({}, "confirm"),
        ({"confidence": 0.6}, "confirm"),
        ({"confidence": 0.59}, "decide"),
        ({"needs_review": True}, "decide"),
        ({"annotated": "withheld"}, "decide"),
        ({"handling": "stop_classified", "needs_review": True}, "stop"),
        ({"handling": "out_of_scope", "attribute": "withheld"}, "stop"),
        ({"handling": "deid"}, "confirm"),
    ],
)
def test_piles(known, pile):
    assert piled((outline("a", **known), Known())) == [(pile, "a")]


def test_twins_go_where_one_has_to_be_decided():
    twins = Known(grouped=Grouped("a"))
    assert piled(
        (outline("a"), twins),
        (outline("b", needs_review=True), twins),
        (outline("c"), Known()),
        (outline("d", handling="out_of_scope"), twins),
    ) == [("confirm", "c"), ("decide", "a"), ("decide", "b"), ("stop", "d")]


def test_the_riskiest_come_first():
    """At the same probability a wrong release goes before what is wrongly withheld."""
    rows = [("a", "proactive", 0.95), ("b", "proactive", 0.7), ("c", "withheld", 0.7), ("d", "proactive", 0.7)]
    assert piled(*((outline(*row), Known()) for row in rows)) == [
        ("confirm", "b"),
        ("confirm", "d"),
        ("confirm", "c"),
        ("confirm", "a"),
    ]


def test_what_one_decision_settles_stands_together():
    """Six of a series at a small risk go before one paper at a larger; twins side by side, exceptions last."""
    series = [
        (outline("m", confidence=0.8), Known(grouped=Grouped("", "p"))),
        (outline("n", confidence=0.9), Known(grouped=Grouped("n", "p"))),
        (outline("o", confidence=0.9), Known(grouped=Grouped("n", "p"))),
        (outline("p", confidence=0.95), Known(grouped=Grouped("", "p"))),
        (outline("q", "withheld", 0.7), Known(grouped=Grouped("", "p", True))),
        (outline("r", confidence=0.85), Known(grouped=Grouped("", "p"))),
    ]
    alone = (outline("z", confidence=0.75), Known())
    decided = [(replace(found, needs_review=True), known) for found, known in (*series, alone)]
    assert "".join(name for _, name in piled(*decided)) == "pmrnoqz"
    assert "".join(name for _, name in piled(*decided[4:])) == "zrq"


def test_secrecy_marks_go_before_all():
    rows = [outline("a", handling="out_of_scope"), outline("b", handling="stop_classified")]
    found = list(places(rows, [Known()] * 2, OPTIONS))
    assert [(p.digest, p.rank, p.risk) for p in found] == [("b", 1, 0.0), ("a", 2, 0.0)]


SOURCE = record("source", title="柳州省人民政府关于加强防汛值守工作的通知", number="柳政发〔2020〕3号")
FORWARD = record(
    "forward", "withheld", title="青禾县转发省政府通知的通知", cited=(Cited("forwards", "柳政发〔2020〕3号", ""),)
)
TWIN, OTHER_TWIN = record("twin", signature=fingerprint(1)), record("other", signature=like(fingerprint(1), 0.95))
TWIN, OTHER_TWIN = replace(TWIN, title="关于防汛的通知"), replace(OTHER_TWIN, title="关于防汛的通知")
BUNDLE = record(
    "bundle",
    parts=(PartTold("a", Role.main, "", "proactive", 1), PartTold("b", Role.attachment, "", "withheld", 1)),
)


def test_place(tmp_path):
    (tmp_path / "public.txt").write_text("柳政发〔2020〕3号\n", "utf-8")
    with Store(tmp_path) as store:
        keep(store, record("gone"), run=1)
        keep(store, SOURCE, FORWARD, TWIN, OTHER_TWIN, BUNDLE, run=2)
        store.add_decisions([Decision(SOURCE.digest, "on_request", "王审", "2026-02-01")])
        place(store, replace(OPTIONS, published=tmp_path / "public.txt", run=2))
        found = {p.digest: p for p in store.places()}
        place(store, replace(OPTIONS, published=tmp_path / "public.txt", run=2))
        assert {p.digest: p for p in store.places()} == found
    assert digest("gone") not in found and len(found) == 5
    first = min(TWIN.digest, OTHER_TWIN.digest)
    assert [found[row.digest].group for row in (TWIN, OTHER_TWIN, SOURCE)] == [first, first, ""]
    assert found[FORWARD.digest].follows == SOURCE.digest
    assert "已定为依申请公开，本件建议的不予公开与之不同" in found[FORWARD.digest].remarks[0]
    assert found[SOURCE.digest].published == "柳政发〔2020〕3号"
    assert {name: found[digest(name)].pile for name in ("source", "forward", "twin", "bundle")} == {
        "source": Pile.confirm,
        "forward": Pile.decide,
        "twin": Pile.confirm,
        "bundle": Pile.decide,
    }
    assert sorted(p.rank for p in found.values() if p.pile == Pile.decide) == [1, 2]
    assert found[BUNDLE.digest].risk == pytest.approx(2 / 11, abs=1e-4)


def test_a_list_that_is_missing_changes_no_place(tmp_path):
    with Store(tmp_path) as store:
        keep(store, SOURCE)
        place(store, replace(OPTIONS, run=1))
        before = list(store.places())
        with pytest.raises(RequestError):
            place(store, replace(OPTIONS, known=tmp_path / "none.csv", run=1))
        assert list(store.places()) == before != []


def test_an_empty_backlog_has_no_places(tmp_path):
    with Store(tmp_path) as store:
        place(store, OPTIONS)
        assert list(store.places()) == []
