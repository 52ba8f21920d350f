"""What a person is told, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from papers import DECLASSIFIED, NOTICE, WRONGLY_MARKED

from gongkai.model.document import Document, Span
from gongkai.model.doubt import Disagreement, doubts
from gongkai.model.finding import Action, Attribute, Category, Finding, Handling, Opinion
from gongkai.model.notes import notes

PUBLIC, ASKED, WITHHELD = Attribute
UNSURE = "拿不准：主动公开、不予公开都有可能，请人工判断。"
AGAINST = Disagreement(WITHHELD, PUBLIC, "尚未定稿的讨论稿")
AGAINST_TOLD = (
    "法律规则与模型判断不一致：按规则（尚未定稿的讨论稿）指向不予公开，模型从全文看更像主动公开，请人工判断。"
)
CONTRADICTED = "文中标注为“此件公开发布”，与建议的不予公开不一致，请核对。"
OLD = "文件形成于2019年5月15日条例修订施行之前，按现行条例重新认定。"
FAST = "快速模式：没有查找姓名、住址和敏感信息，也没有用编码器判断；对外公开前请用全面模式再查一遍。"
SCOPE = "可能不属政府信息公开条例调整（党务文件或者登记、档案查询），请按专门规定办理。"
SECRET = "疑似涉及保密事项，公开前须经保密审查（条例第十七条）。"
PROCESS = "属过程性信息：决定作出后，对最终文件另行判断，并复查本件。"
CLOCK = "公开时限：形成或变更之日起20个工作日（条例第二十六条）。"


def person(action: Action) -> Finding:
    return Finding(Span(0, 2), "NAME", 0.9, "test", action=action)


def clause(name: str) -> Finding:
    return Finding(Span(0, 2), name, 0.9, "negative:" + name)


def say(screener, text=NOTICE, label=PUBLIC, options=(), way=Handling.full, people=(), category=True, **more):
    agencies = ["水务局", "自然资源局", "人民政府"]
    seen = {"genres": ["通告", "通知", "请示"], "agencies": agencies, "known_words": 0.0} | more.get("seen", {})
    case = screener.case(screener.reading(Document("", text)))[0]
    case = replace(case, model=replace(case.model, card={**case.model.card, "seen": seen}))
    view = Opinion(label, dict.fromkeys(Attribute, 1 / 3), options or (label,))
    row = next(row for row in screener.rules.categories if row.deadline == "D20")
    categories = (Category(row.code, row.name, 0.9, row.deadline),) if category else ()
    clauses = tuple(map(clause, more.get("clauses", ())))
    told = replace(doubts(case, view), against=more.get("against"))
    return list(notes(view, way, tuple(map(person, people)), categories, case, clauses, told, more.get("fast", False)))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [CLOCK]),
        ({"category": False}, []),
        ({"label": WITHHELD}, []),
        ({"options": (PUBLIC, WITHHELD)}, [UNSURE, CLOCK]),
        ({"against": AGAINST}, [AGAINST_TOLD, CLOCK]),
        ({"text": WRONGLY_MARKED, "label": WITHHELD}, [CONTRADICTED]),
        ({"text": DECLASSIFIED, "label": ASKED}, [OLD]),
        ({"fast": True}, [FAST, CLOCK]),
        ({"people": [Action.mask] * 3 + [Action.keep]}, ["含须遮蔽的个人信息3处，公开前须去标识化。", CLOCK]),
        ({"people": [Action.mask], "label": ASKED}, ["含须遮蔽的个人信息1处，提供前须去标识化。"]),
        ({"people": [Action.mask], "label": WITHHELD}, []),
        ({"people": [Action.keep]}, [CLOCK]),
        ({"way": Handling.out_of_scope, "label": WITHHELD}, [SCOPE]),
        ({"clauses": ["NL-02"]}, [SECRET, CLOCK]),
        ({"clauses": ["NL-22", "NL-02"], "label": WITHHELD}, [SECRET]),
        ({"clauses": ["NL-18"], "label": WITHHELD}, [PROCESS]),
        ({"clauses": ["NL-15"]}, [CLOCK]),
        ({"seen": {"genres": []}}, [CLOCK]),
        (
            {"seen": {"genres": [], "agencies": ["公安局"]}},
            ["与训练时见过的文件差别较大（文种“通告”、发文机关类别），建议可信度可能偏高，请人工判断。", CLOCK],
        ),
        (
            {"seen": {"known_words": 1.1}},
            ["与训练时见过的文件差别较大（用词），建议可信度可能偏高，请人工判断。", CLOCK],
        ),
        (
            {
                "text": WRONGLY_MARKED,
                "label": WITHHELD,
                "options": (WITHHELD, PUBLIC),
                "against": Disagreement(PUBLIC, WITHHELD, "规则"),
                "fast": True,
                "clauses": ["NL-02", "NL-16"],
            },
            [
                "拿不准：不予公开、主动公开都有可能，请人工判断。",
                "法律规则与模型判断不一致：按规则（规则）指向主动公开，模型从全文看更像不予公开，请人工判断。",
                CONTRADICTED,
                FAST,
                SECRET,
                PROCESS,
            ],
        ),
    ],
    ids=str,
)
def test_sentences(screener, given, expected):
    assert say(screener, **given) == expected
