"""A suggestion in short: codes and counts only."""

from __future__ import annotations

import pytest

from gongkai.model.errors import RequestError
from gongkai.service.opinion.brief import Brief

RESULT = {
    "title": "关于给予临时救助的公示",
    "attribute": {"label": "proactive"},
    "needs_review": True,
    "handling": "deid",
    "reasons": [{"code": "P-192"}, {"code": "P-21"}],
    "categories": [{"code": "G11"}],
    "negative": [{"clause": "NL-09"}, {"clause": "NL-09"}, {"clause": "NL-18"}],
    "personal": [
        {"type": "ID_CARD", "action": "mask"},
        {"type": "ID_CARD", "action": "mask"},
        {"type": "PERSON", "action": "keep"},
    ],
    "elements": {"number": "青民〔2024〕3号", "issuer": "青禾县民政局", "issued": "2024-04-28"},
    "notes": ["含须遮蔽的个人信息。"],
}


def test_a_result_is_cut_to_codes_and_counts():
    brief = Brief.of(RESULT)
    assert (brief.title, brief.number, brief.suggested, brief.label) == (
        "关于给予临时救助的公示",
        "青民〔2024〕3号",
        "proactive",
        "proactive",
    )
    assert (brief.reasons, brief.clauses, brief.masked) == (["P-192", "P-21"], ["NL-09", "NL-18"], {"ID_CARD": 2})


def test_a_persons_decision_comes_before_the_machines():
    brief = Brief.of(RESULT, "公示", "withheld", "W-152", "G12")
    assert (brief.label, brief.reasons, brief.categories, brief.needs_review) == ("withheld", ["W-152"], ["G12"], False)


def test_it_survives_the_way_through_a_page():
    brief = Brief.of(RESULT)
    assert Brief.read(brief.model_dump_json()) == brief


@pytest.mark.parametrize(
    "sent", ["", "[]", "{", '{"text": "正文"}', '{"suggested": "public"}', '{"title": "%s"}' % ("字" * 501)]
)
def test_what_is_no_brief_is_refused_without_repeating_it(sent):
    with pytest.raises(RequestError) as caught:
        Brief.read(sent)
    assert caught.value.message == "意见单的内容不完整，请回到起草页重新生成。"
