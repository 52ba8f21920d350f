"""Features of names in columns: their names, and that the model weighs columns as it would weigh the names."""

from __future__ import annotations

import pytest
from papers import PAPERS

from gongkai.model.document import Document
from gongkai.model.linear import Logistic
from gongkai.model.mentions.cues import stay_features, stay_parts, surroundings
from gongkai.model.mentions.hashed import Runs, Weights, strung, table
from gongkai.model.mentions.namecues import NameModel, name_columns, name_features
from gongkai.model.mentions.parts import PartedLogistic
from gongkai.model.reading import Reading

TEXTS = [
    *PAPERS.values(),
    "张三丰",
    "赵 敏 到会\n 7 周芷若, 男, 1990年生",
    "请局长  张三丰同志、买买提·艾力签字\n序号 姓名 年龄\n1 张三丰 三十\n",
    "受理人员在办公室里认真核对了全部材料由张无\n忌，签收",
]


def looked(screener, text: str):
    reading = Reading(Document("", text), screener.rules, screener.segmenter)
    found, tags = screener.people.candidates(reading)
    return reading, found, surroundings(reading, found, "proactive"), tags


def weighed(rows: list[list[str]]) -> Logistic:
    """Every second feature weighs something of its own."""
    known = sorted({feature for row in rows for feature in row})[::2]
    return Logistic({name: round(place % 11 - 5 + place / 1000, 4) for place, name in enumerate(known)}, -0.25)


@pytest.mark.parametrize("text", TEXTS)
def test_columns_weigh_what_the_names_weigh(screener, text):
    reading, found, around, tags = looked(screener, text)
    rows = name_features(reading, found, around, tags)
    model = weighed(rows)
    logits = NameModel(model).logits(name_columns(reading, found, around, tags)) if found else []
    assert logits == pytest.approx([model.logit(row) for row in rows])


@pytest.mark.parametrize("text", TEXTS)
def test_parts_weigh_what_their_features_weigh(screener, text):
    reading, found, around, _ = looked(screener, text)
    rows = [stay_features(reading, mention, around) for mention in found]
    model = weighed(rows)
    logits = PartedLogistic(model).logits([stay_parts(reading, mention, around) for mention in found])
    assert logits == pytest.approx([model.logit(row) for row in rows])


def test_what_a_name_looks_like(screener):
    reading, found, around, tags = looked(screener, "请局长  张三丰签字")
    place = next(place for place, mention in enumerate(found) if mention.bare == "张三丰")
    features = set(name_features(reading, found, around, tags)[place])
    assert features >= {
        "len=3", "sur=1", "sur=1&len=3", "word=False", "family=张", "given=三", "given=丰", "given2=三丰",
        "L=_长", "L2=  ", "L3=长  ", "role-before=True", "R=签", "R2=签字", "R3=签字", "Rw=签字", "L=_长&R=签",
        "act-after=True&sur=1", "kin-before=False&word=False", "frame=True,True&len=3", "sex-after=False",
        "repeats=1", "alone=False", "numbered-line=False", "aligned=True", "heading=", "src=surname",
    }  # fmt: skip


def test_nothing_is_looked_at_where_nobody_may_be_named(screener):
    reading, found, around, tags = looked(screener, "2024年12月1日")
    assert (found, name_features(reading, found, around, tags), screener.people(reading, "proactive")) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "start", "end"), [("甲乙甲乙", 2, 4), ("\0甲乙", 1, 3), ("x甲乙\ud800", 1, 3), ("甲乙", 0, 2)]
)
def test_a_run_has_the_hash_of_its_feature_wherever_it_stands(text, start, end):
    weights = Weights(Logistic({"L2=甲乙": 1.5, "L2=甲": 9.0, "": 9.0}, 0.0))
    _, starts, ends = strung([text[:start], text[start:end]])
    assert weights.of(Runs(text).hashes("L2=", starts[1:], ends[1:])).tolist() == [1.5]


def test_a_model_without_features_weighs_nothing():
    runs, starts, ends = strung(["甲", ""])
    assert Weights(Logistic({}, 0.0)).of(runs.hashes("L=", starts, ends)).tolist() == [0.0, 0.0]


def test_a_form_is_filled_from_its_choices():
    model = Logistic({"kin=True&sur=2": 0.5, "kin=False&sur=0": -1.0}, 0.0)
    assert table(model, "kin={}&sur={}", (False, True), range(3)).tolist() == [[-1.0, 0.0, 0.0], [0.0, 0.0, 0.5]]
