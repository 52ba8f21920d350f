"""Labels leave the text whole, with their line or cell; what only speaks of labels stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.model.document import Span
from gongkai.model.errors import RulebookError
from gongkai.model.rulebook import Rulebook
from gongkai.model.tablefile import read_rows
from gongkai.training.fields import Cleaned, FieldRow, Label, attribute_of, says_label, strip_labels

BEFORE, AFTER = "各乡镇人民政府：\n现将有关事项通知如下。\n", "末段。\n"
PIECES = ("公开属性：主动公开", "（此件不予公开）", "赵", "\n", "\t", "。", "|", "　", "公开", "通知")


@pytest.fixture(scope="module")
def rules():
    return Rulebook.load()


@pytest.mark.parametrize(
    ("line", "attribute", "left"),
    [
        ("（此件公开发布）", "proactive", None),
        ("（此件不予公开）", "withheld", None),
        ("（此件不公开发布）", "withheld", None),
        ("(此件依申请公开)", "on_request", None),
        ("〔本文件删减后公开〕", "proactive", None),
        ("（此件由省局在政府网站公开发布）", "proactive", None),
        ("此件公开发布", "proactive", None),
        ("（主动公开）", "proactive", None),
        ("（报：县长。此件不予公开）", "withheld", "（报：县长。）"),
        ("公开属性：主动公开", "proactive", None),
        ("　　公 开 属 性 ： 依 申 请 公 开", "on_request", None),
        ("信息公开选项：主动公开", "proactive", None),
        ("公開屬性：不予公開", "withheld", None),
        ("【公开属性】不予公开", "withheld", None),
        ("【公开属性：主动公开】", "proactive", None),
        ("【公開方式】主動公開", "proactive", None),
        ("公开属性\n主动公开", "proactive", None),
        ("信息公开类别：\n主动公开", "proactive", None),
        ("| 公开属性 | 主动公开 |", "proactive", None),
        ("發文字號\t甲〔2020〕1號\t公開方式\t主動公開\t備註", "proactive", "發文字號\t甲〔2020〕1號\t\t備註"),
        ("标题\t公开属性\t日期\n关于供水\t主动公开\t2024", "proactive", "标题\t\t日期\n关于供水\t\t2024"),
        ("公开属性：□主动公开 ☑依申请公开 □不予公开", "on_request", None),
        ("公开属性\t【　】主动　【　】依申请　【√】不公开（来文未标注）", "withheld", None),
        ("信息公开类别：主动公开（√）  依申请公开（ ）  不公开（ ）", "proactive", None),
        ("是否公开：否", "withheld", None),
        ("索引号：1121/2025-00031　公开方式：主动公开", "proactive", "索引号：1121/2025-00031"),
        ("公开属性：不公开          签发人：", "withheld", "          签发人："),
    ],
)
def test_a_label_is_found_and_leaves(rules, line, attribute, left):
    found = strip_labels(f"{BEFORE}{line}\n{AFTER}", rules)
    assert found.labels == (Label("attribute", attribute),)
    assert found.text == BEFORE + ("" if left is None else left + "\n") + AFTER


@pytest.mark.parametrize(
    "line",
    [
        "公开属性：主动公开 依申请公开 不予公开",
        "公开属性：□主动公开 □依申请公开 □不予公开",
        "公开属性：☑主动公开 ☑依申请公开 □不予公开",
        "不予公开理由：属于过程性信息",
    ],
)
def test_what_labels_nothing_leaves_too(rules, line):
    assert strip_labels(f"{BEFORE}{line}\n{AFTER}", rules) == Cleaned(
        BEFORE + AFTER, (), (Span(len(BEFORE), len(BEFORE) + len(line) + 1),)
    )


@pytest.mark.parametrize(
    ("line", "category", "left"),
    [
        ("主题分类：社会保障", "社会保障", ""),
        (
            "主题分类：\n市场监管、安全生产监管\\工商\n发文机关：省政府",
            "市场监管、安全生产监管\\工商",
            "发文机关：省政府\n",
        ),
        ("【主題分類】城鄉建設", "城乡建设", ""),
        ("索引号：1121　主题分类：社会保障　文种：通知", "社会保障", "索引号：1121　文种：通知\n"),
    ],
)
def test_a_category_is_found_and_leaves(rules, line, category, left):
    found = strip_labels(f"{BEFORE}{line}\n{AFTER}", rules)
    assert (found.labels, found.text) == ((Label("category", category),), BEFORE + left + AFTER)


@pytest.mark.parametrize(
    "line",
    [
        "各单位应当标注公开属性：主动公开、依申请公开、不予公开三类，并说明。",
        "八、公开方式：主动公开，由办公室负责。",
        "文件的公开属性由起草单位提出，认定为不予公开的应当说明理由。",
        "此件公开发布后，原办法废止。",
        "（联系人：办公室，电话：12345）",
        "（一）主动公开。全年主动公开信息216条。",
        "（三）不予公开1件。",
        "会议公开方式为直播。",
    ],
)
def test_what_only_speaks_of_labels_stays(rules, line):
    text = f"{BEFORE}{line}\n{AFTER}"
    assert strip_labels(text, rules) == Cleaned(text, (), ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("公开方式：主动公开，由办公室负责", True),
        ("此件經審核後依申請公開", True),
        ("公开属性由起草单位提出", False),
        ("全年主动公开信息216条", False),
    ],
)
def test_words_of_a_label_are_told(text, expected):
    assert says_label(text) is expected


def test_two_labels_that_differ_are_both_told(rules):
    found = strip_labels(f"公开属性：不予公开\n{BEFORE}{AFTER}（此件公开发布）", rules)
    assert [label.value for label in found.labels] == ["withheld", "proactive"]
    assert found.text == BEFORE + AFTER.rstrip("\n")


def test_places_move_along(rules):
    text = "公开属性：主动公开\n经办人赵一鸣。公开方式：依申请公开  钱二\n"
    found = strip_labels(text, rules)
    for name in ("赵一鸣", "钱二"):
        moved = found.moved(Span(text.index(name), text.index(name) + len(name)))
        assert moved is not None
        assert moved.of(found.text) == name
    assert found.moved(Span(5, 9)) is None


@given(pieces=st.lists(st.sampled_from(PIECES)))
def test_only_what_is_said_to_be_removed_is_missing(rules, pieces):
    text = "".join(["通知", *pieces])
    found = strip_labels(text, rules)
    places = [place for place in range(len(text)) if not any(cut.start <= place < cut.end for cut in found.removed)]
    assert found.text == "".join(text[place] for place in places)
    assert [found.moved(Span(place, place + 1)) for place in places] == [Span(n, n + 1) for n in range(len(places))]


@pytest.mark.parametrize(
    ("words", "attribute"),
    [("主动公开", "proactive"), ("依 申 请", "on_request"), ("免予公開", "withheld"), ("不公开（涉密）", "withheld")]
    + [("另行通知", ""), ("", "")],
)
def test_common_words(words, attribute):
    assert attribute_of(words) == attribute


def test_a_row_with_an_unknown_label(tmp_path):
    (tmp_path / "fields.toml").write_text('[[field]]\nname = "甲"\nlabel = "other"\nnames = []\n', "utf-8")
    with pytest.raises(RulebookError, match="label"):
        read_rows(tmp_path, "fields.toml", "field", FieldRow)
