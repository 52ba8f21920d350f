"""What the product says about whole documents: the decision order, and what holds for every suggestion."""

from __future__ import annotations

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from papers import APPROVAL, CLASSIFIED, LIST, MARK, NOTICE, NUMBERS, PAPERS, REQUEST

from gongkai.model.document import Document, Span
from gongkai.model.finding import Action, Attribute, Handling, Screening
from gongkai.model.screener import Screener, secrecy_mark

BODY = """

青禾县人民政府关于加强防汛工作的通知

各乡镇人民政府：
    请做好防汛准备。

青禾县人民政府
2024年3月1日
"""


@pytest.mark.parametrize(
    ("name", "label", "handling", "reasons", "clauses"),
    [
        ("consultation", "proactive", "full", {"P-193"}, set()),
        ("inside-draft", "withheld", "full", {"W-165", "W-166"}, {"NL-16"}),
        ("request", "withheld", "full", {"W-167"}, {"NL-18"}),
        ("wrongly-marked", "withheld", "full", {"W-167"}, {"NL-18"}),
        ("approval", "proactive", "full", {"P-2003"}, set()),
        ("penalty", "proactive", "full", {"P-2006"}, set()),
        ("list", "proactive", "partial", {"P-2011"}, {"NL-09", "NL-10"}),
        ("petition", "on_request", "partial", {"A-01"}, set()),
        ("roster", "withheld", "full", {"W-162"}, {"NL-13"}),
        ("notice", "proactive", "full", {"P-192"}, set()),
        ("normative", "proactive", "full", {"P-2001"}, set()),
    ],
)
def test_clear_cut_papers(screener: Screener, name, label, handling, reasons, clauses):
    screening = screener(Document(name, PAPERS[name]))
    assert (screening.opinion.label.value, screening.handling.value) == (label, handling)
    assert reasons <= {reason.code for reason in screening.reasons}
    assert clauses <= {finding.kind for finding in screening.negative}


@pytest.mark.parametrize(
    ("name", "code"),
    [("consultation", "G0106"), ("penalty", "G0602"), ("normative", "G0102"), ("list", "G1101")],
)
def test_the_best_category_has_its_clock(screener, name, code):
    best = screener(Document(name, PAPERS[name])).categories[0]
    assert (best.code, best.deadline) == (code, screener.rules.category[code].deadline)


def test_a_request_and_its_approval_differ(screener):
    labels = [screener(Document("", text)).opinion.label for text in (REQUEST, APPROVAL)]
    assert labels == [Attribute.withheld, Attribute.proactive]


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (CLASSIFIED, MARK),
        ("绝密★长期" + BODY, "绝密★长期"),
        ("秘密" + BODY, "秘密"),
        ("  机　密 ★ 10 年" + BODY, "机　密 ★ 10 年"),
        ("密级：机密" + BODY, "机密"),
        ("000123\n機密★１０年" + BODY, "機密★１０年"),
        ("青禾县人民政府文件      秘密★5年" + BODY, "秘密★5年"),
        ("机密★10年\n解密时间：2010年1月1日" + BODY, None),
        ("秘密★1年（已解密）" + BODY, None),
        ("密级：□绝密 □机密 □秘密" + BODY, None),
        (BODY.replace("请做好防汛准备", "各单位要严格保守国家秘密，机密文件不得带出"), None),
        ("商业秘密保护指南" + BODY, None),
        (NOTICE, None),
    ],
)
def test_a_secrecy_mark_stops(screener, text, mark):
    found = secrecy_mark(screener.reading(Document("", text)))
    assert (found.of(text) if found else None) == mark
    assert (screener(Document("", text)).handling == Handling.stop_classified) == (mark is not None)


def test_nothing_else_is_read_of_a_classified_paper(screener):
    screening = screener(Document("a", CLASSIFIED, "关于重点目标防护工作的通知"))
    assert screening.opinion.label == Attribute.withheld
    assert [(r.code, r.basis) for r in screening.reasons] == [("W-141", screener.rules.reason["W-141"].basis)]
    assert [f.kind for f in screening.negative] == ["NL-01"]
    assert (screening.personal, screening.categories, screening.elements) == ((), (), {})
    assert screening.needs_review
    assert "密级" in screening.notes[0]


@pytest.mark.parametrize(
    ("name", "piece"),
    [
        ("wrongly-marked", "标注为“此件公开发布”，与建议的不予公开不一致"),
        ("party", "不属政府信息公开条例调整"),
        ("declassified", "2019年5月15日"),
        ("list", "含须遮蔽的个人信息9处，公开前须去标识化"),
        ("petition", "提供前须去标识化"),
        ("request", "属过程性信息"),
        ("penalty", "公开时限"),
        ("few words", "拿不准"),
    ],
)
def test_notes(screener, name, piece):
    assert piece in "".join(screener(Document(name, PAPERS[name])).notes)


@pytest.mark.parametrize(
    ("name", "review"),
    [
        ("classified", True),
        ("party", True),
        ("wrongly-marked", True),
        ("few words", True),
        ("request", False),
        ("consultation", False),
        ("notice", False),
    ],
)
def test_who_asks_for_a_person(screener, name, review):
    assert screener(Document(name, PAPERS[name])).needs_review is review


def test_a_party_paper_is_out_of_scope(screener):
    assert screener(Document("", PAPERS["party"])).handling == Handling.out_of_scope


def holds(screener: Screener, screening: Screening) -> None:
    """What every suggestion keeps, whatever the text."""
    view, size, rules = screening.opinion, len(screening.document.text), screener.rules
    assert view.options[0] == view.label
    assert len(set(view.options)) == len(view.options)
    assert math.isclose(sum(view.scores.values()), 1, abs_tol=2e-4)
    others = {name: score for name, score in view.scores.items() if name != Attribute.proactive}
    if view.confidence != max(view.scores.values()):  # a lead of 主动公开 that was too small
        assert view.confidence == max(others.values())
        assert view.scores[Attribute.proactive] <= view.confidence * math.exp(rules.profile.caution)
    assert screening.reasons
    for reason in screening.reasons:
        row = rules.reason[reason.code]
        assert (row.attribute, reason.basis) == (view.label.value, row.basis)
        assert all(f.span.end <= size for f in reason.because)
    assert {r.code for r in screening.reasons} != {"W-WS"}
    assert all(f.kind in rules.clause and f.span.end <= size for f in screening.negative)
    assert all(c.code in rules.category and 0 <= c.score <= 1 for c in screening.categories)
    ends = [0]
    for finding in screening.personal:
        assert finding.kind in rules.type
        assert ends[-1] <= finding.span.start < finding.span.end <= size
        assert bool(finding.replacement) == (finding.action == Action.mask)
        ends.append(finding.span.end)


@pytest.mark.parametrize("name", PAPERS)
def test_what_every_suggestion_keeps(screener, name):
    holds(screener, screener(Document(name, PAPERS[name])))


@settings(max_examples=40, deadline=None)
@example("甲\x0c乙", "", "")
@example("甲\x85乙\u2028丙\x0b丁\x1c戊\r己", "", "")
@example("\ud800甲", "", "")
@given(st.text(min_size=1), st.sampled_from(["", *PAPERS.values()]), st.text(max_size=40))
def test_any_text_can_be_screened(before, paper, title):
    text = before + paper
    if text.strip():
        holds(SCREENER[0], SCREENER[0](Document("a", text, title)))


SCREENER: list[Screener] = []


@pytest.fixture(scope="module", autouse=True)
def _shared(screener):
    SCREENER.append(screener)
    yield
    SCREENER.clear()


def test_reasons_point_at_the_words_they_rest_on(screener):
    text = PAPERS["inside-draft"]
    reason = next(r for r in screener(Document("", text)).reasons if r.code == "W-166")
    assert any("征求" in f.span.of(text) for f in reason.because)


def test_offsets_count_characters_of_the_text_as_read(screener):
    shifted = "𠮷\t\r\n" + LIST.replace(NUMBERS[3], NUMBERS[3].translate({48 + i: 0xFF10 + i for i in range(10)}))
    screening = screener(Document("", shifted))
    found = [f.span.of(shifted) for f in screening.personal if f.kind == "ID_CARD"]
    assert found == list(NUMBERS[:3])
    phones = [f.span for f in screening.personal if f.kind == "PHONE_MOBILE"]
    assert phones[0] == Span(shifted.index("１３８"), shifted.index("１３８") + 11)
    assert screening.document.text == shifted


def test_pipe_keeps_the_order_and_calls_agree(screener):
    documents = [Document(name, text) for name, text in PAPERS.items()]
    assert list(screener.pipe(documents)) == [screener(document) for document in documents]
