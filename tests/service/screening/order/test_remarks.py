"""What a reviewer is told of a record, and what speaks against its suggestion."""

from __future__ import annotations

from datetime import date

import pytest
from outlined import outline

from gongkai.service.screening.order.forwards import Source
from gongkai.service.screening.order.grouping import Grouped
from gongkai.service.screening.order.remarks import Known, doubts, remarks
from gongkai.service.screening.records import Cited, Role

TODAY = date(2026, 3, 1)
FIRST = "形成于2008年5月1日条例施行之前，没有作过公开属性认定，按现行条例认定。"
SECOND = "形成于2019年5月15日修订的条例施行之前，原定属性依旧条例作出的，按现行条例重新认定。"
ARCHIVE = "按档案开放审核办理，未移交的由本单位作开放审核（档案法第二十七条、第三十条）。"


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ("2008-04-30", [FIRST]),
        ("2008-05-01", [SECOND]),
        ("2019-05-14", [SECOND]),
        ("2019-05-15", []),
        ("2001-03-02", [FIRST]),
        ("2001-03-01", [FIRST, f"形成已满25年（2021年前为30年）：已移交档案馆的{ARCHIVE}"]),
        ("1996-03-01", [FIRST, f"形成已满25年：已移交档案馆的{ARCHIVE}"]),
        ("2030-01-01", []),
        ("", []),
    ],
)
def test_age(issued, expected):
    assert remarks(outline(issued=issued), Known(), TODAY) == tuple(expected)


def parts(**attributes):
    return tuple((Role(role), attribute) for role, attribute in attributes.items())


@pytest.mark.parametrize(
    ("record", "known", "expected", "against"),
    [
        ({}, {}, "", 0),
        ({"annotated": "proactive", "declared": "proactive"}, {}, "", 0),
        ({"annotated": "withheld"}, {}, "文中标注为不予公开，与建议的主动公开不一致，请核对。", 1),
        ({"declared": "on_request"}, {}, "登记的公开属性为依申请公开，与建议的主动公开不一致，请核对。", 1),
        (
            {"parts": parts(main="proactive", attachment="withheld")},
            {},
            "各部分建议不一致：正文1件为主动公开，附件1件为不予公开；请分别认定，能区分处理的区分处理（条例第三十七条）。",
            1,
        ),
        (
            {"parts": parts(main="proactive", request="withheld")},
            {},
            "各部分建议不一致：正文1件为主动公开，请示1件为不予公开；请分别认定，能区分处理的区分处理（条例第三十七条）。",
            0,
        ),
        ({"parts": parts(main="proactive", attachment="")}, {}, "", 0),
        ({}, {"published": "青政发〔2020〕7号"}, "已在公开清单中，确认属性即可，不必重复发布。", 0),
        (
            {"attribute": "withheld"},
            {"published": "青政发〔2020〕7号"},
            "已在公开清单中，建议却是不予公开，请核对是否同一文件、应否撤下。",
            1,
        ),
        (
            {},
            {"grouped": Grouped("a", "", True)},
            "",
            1,
        ),
        (
            {},
            {"source": Source("a", "proactive", False)},
            "转发件随来源文件：来源文件在本批材料中，建议为主动公开，与本件一致。",
            0,
        ),
        (
            {},
            {"source": Source("", "withheld", True)},
            "转发件随来源文件：来源文件在已知清单中，已定为不予公开，本件建议的主动公开与之不同，请核对。",
            1,
        ),
        (
            {"title": "青禾县转发某通知的通知", "forwards": (Cited("forwards", title="某通知"),)},
            {},
            "转发件：来源文件不在本批材料和已知清单中，请先查明它的公开属性；由制作机关负责公开（条例第十条）。",
            0,
        ),
        ({"title": "青禾县关于印发某方案的通知", "forwards": (Cited("forwards", title="某方案"),)}, {}, "", 0),
    ],
)
def test_remarks_and_doubts(record, known, expected, against):
    found = outline(**record)
    assert "".join(remarks(found, Known(**known), TODAY)) == expected
    assert sum(doubts(found, Known(**known))) == against


def test_a_classified_paper_gets_no_word():
    stopped = outline(handling="stop_classified", issued="1990-01-01", annotated="proactive", declared="withheld")
    assert remarks(stopped, Known(published="x"), TODAY) == ()
