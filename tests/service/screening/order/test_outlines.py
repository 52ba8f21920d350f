"""What is kept in memory of each record."""

from __future__ import annotations

import pytest
from outlined import digest, fingerprint, keep, record

from gongkai.service.screening.order.outlines import attribute_of, outlined, read
from gongkai.service.screening.records import Cited, PartTold, Role
from gongkai.service.screening.store import Store


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("主动公开", "proactive"),
        (" 依申请 公开\n", "on_request"),
        ("不公开", "withheld"),
        ("withheld", "withheld"),
        ("待定", ""),
        ("", ""),
    ],
)
def test_attribute_of(value, expected):
    assert attribute_of(value) == expected


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [("此件主动公开", "proactive"), ("此件依申请公开", "on_request"), ("此件不予公开", "withheld"), ("", "")],
)
def test_annotated(annotation, expected):
    assert outlined(record("a", annotation=annotation)).annotated == expected


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ("2018-03-02", "2018-03-02"),
        ("2018年3月2日", "2018-03-02"),
        ("2018/3/2", "2018-03-02"),
        ("二〇一八年三月二日", "2018-03-02"),
        ("2018-02-30", ""),
        ("2018", ""),
        ("", ""),
    ],
)
def test_issued(issued, expected):
    assert outlined(record("a", issued=issued)).issued == expected


def test_outlined():
    found = outlined(
        record(
            "a",
            "withheld",
            0.7,
            clauses=("NL-15", "NL-09", "NL-15"),
            cited=(Cited("answers", "青政〔2020〕1号"), Cited("forwards", title="某通知")),
            parts=(PartTold("a.docx", Role.main, "x", "withheld", 9), PartTold("b.docx", Role.attachment, "y", "", 9)),
        ),
        "proactive",
    )
    assert (found.attribute, found.declared) == ("withheld", "proactive")
    assert found.scores == pytest.approx((0.15, 0.15, 0.7))
    assert found.clauses == {"NL-09", "NL-15"}
    assert found.forwards == (Cited("forwards", title="某通知"),)
    assert found.parts == ((Role.main, "withheld"), (Role.attachment, ""))
    assert not found.stopped and not found.classified


@pytest.mark.parametrize(
    ("handling", "stopped", "classified"),
    [("stop_classified", True, True), ("out_of_scope", True, False), ("deid", False, False)],
)
def test_stopped(handling, stopped, classified):
    found = outlined(record("a", handling=handling))
    assert (found.stopped, found.classified) == (stopped, classified)


def test_read(tmp_path):
    one, other, gone = record("a", signature=fingerprint(1)), record("b", mould=fingerprint(2)), record("c")
    with Store(tmp_path) as store:
        keep(store, gone, run=1)
        keep(store, one, other, run=2, fields={one.digest: {"attribute": "不予公开"}})
        backlog = read(store, 2)
    found = {outline.digest: i for i, outline in enumerate(backlog.outlines)}
    assert list(found) == sorted([digest("a"), digest("b")])
    assert backlog.signatures[found[one.digest]].tobytes() == one.signature
    assert not backlog.signatures[found[other.digest]].any()
    assert backlog.moulds[found[other.digest]].tobytes() == other.mould
    assert [backlog.outlines[found[row.digest]].declared for row in (one, other)] == ["withheld", ""]
