"""Leaks, violations and stray masking counted by hand on small documents."""

from __future__ import annotations

from dataclasses import replace

import pytest
from examples import labelled

from gongkai.model.document import Span
from gongkai.training.authored import Marked
from gongkai.training.leaks import leak_figures

#       0123456789012345678
TEXT = "张三患病，局长李四。住东街1号 电1380"
MARKS = (
    Marked(Span(0, 2), "NAME", False),
    Marked(Span(2, 4), "HEALTH", False),
    Marked(Span(7, 9), "NAME", True),
    Marked(Span(11, 15), "ADDR_HOME", False),
    Marked(Span(17, 21), "PHONE_MOBILE", False),
)
EXAMPLE = replace(labelled("a", TEXT, "proactive"), marked=MARKS)
ALL = [m.span for m in MARKS if not m.keep]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        (ALL, {"leaked": 0, "fully_masked": 1, "keep_violations": 0, "stray_masking": 0}),
        ([], {"leaked": 1, "leaked_names": 1, "fully_masked": 0, "keep_violations": 0, "stray_masking": 0}),
        ([Span(0, 1), *ALL[1:]], {"leaked": 1 / 12, "leaked_names": 1 / 2, "leaked_numbers": 0, "fully_masked": 0}),
        ([*ALL[:2], *ALL[3:]], {"leaked": 4 / 12, "leaked_addresses": 1, "leaked_sensitive": 0}),
        ([*ALL, Span(8, 9)], {"leaked": 0, "keep_violations": 1, "stray_masking": 0}),
        ([*ALL, Span(5, 7)], {"keep_violations": 0, "stray_masking": 2 / 21}),
        ([*ALL, Span(15, 17)], {"stray_masking": 1 / 21}),
    ],
)
def test_figures(spans, expected):
    found = leak_figures([(EXAMPLE, spans)])
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_a_document_without_private_data_is_not_called_fully_masked():
    plain = replace(EXAMPLE, marked=MARKS[2:3])
    assert leak_figures([(plain, [])])["fully_masked"] is None
    assert leak_figures([(plain, [])])["leaked"] is None


def test_what_nobody_marked_is_not_counted():
    unknown = replace(EXAMPLE, personal_known=False)
    assert leak_figures([(unknown, ALL)]) == leak_figures([])
