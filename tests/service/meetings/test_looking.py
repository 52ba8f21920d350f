"""Minutes and plans as other programs get them; what speaks against publishing an item keeps it from the draft."""

from __future__ import annotations

import pytest

from gongkai.model.document import Document, Span
from gongkai.model.errors import ClassifiedDocument
from gongkai.model.finding import Action, Attribute, Engine, Finding, Handling, Opinion, Screening
from gongkai.model.rulebook import Rulebook
from gongkai.service.meetings.looking import minutes, minutes_json, plan, plan_json

TEXT = (
    "青禾县人民政府常务会议纪要\n一、关于供水\n会议听取了汇报。会议议定，同意分两年实施。\n"
    "二、关于救助\n会议同意给予赵一鸣临时救助。\n三、关于值班\n会议同意调整值班安排。\n"
)


@pytest.fixture(scope="module")
def rules():
    return Rulebook.load()


def finding(words, kind, action):
    start = TEXT.index(words)
    return Finding(Span(start, start + len(words)), kind, 0.9, "test", "", action)


def screening(handling=Handling.full):
    label = Attribute.withheld
    opinion = Opinion(label, dict.fromkeys(Attribute, 1 / 3), (label,))
    negative = (finding("会议议定", "NL-15", Action.keep), finding("值班安排", "NL-13", Action.keep))
    personal = (finding("赵一鸣", "NAME", Action.mask),)
    document, engine = Document("1", TEXT), Engine("1.0", "m", "sha256:0", "default")
    return Screening(document, engine, opinion, handling, negative=negative, personal=personal)


def test_only_what_nothing_speaks_against_is_in_the_draft(rules):
    taken = minutes(screening(), rules)
    assert [(one.clauses, one.personal) for one in taken.decisions] == [
        ((), ()),
        ((), (rules.type["NAME"].name,)),
        ((rules.clause["NL-13"].title,), ()),
    ]
    assert taken.draft == "一、关于供水\n1．会议议定，同意分两年实施。"


def test_as_json(rules):
    told = minutes_json(minutes(screening(), rules))
    decided = [piece for piece in told["pieces"] if piece["kind"] == "decided"]
    assert [TEXT[piece["start"] : piece["end"]] for piece in decided][0] == "会议议定，同意分两年实施。"
    assert [piece["personal"] for piece in decided] == [[], [rules.type["NAME"].name], []]
    assert told["tags"][0]["code"] == "collective"
    found = plan_json(*plan(screening()))
    assert not found["plan"] and {one["code"] for one in found["demands"]} >= {"attendance", "adoption", "after"}


def test_a_secrecy_mark_stops_both(rules):
    for look in (lambda said: minutes(said, rules), plan):
        with pytest.raises(ClassifiedDocument):
            look(screening(Handling.stop_classified))
