"""What the datasheet says of a corpus: near misses, and what is held out."""

from __future__ import annotations

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed (pip install 'gongkai[training]')")

from gongkai.training.describe import describe

ROWS = {
    "a-01": ("proactive", "通知", "NL-15, NL-18", "河道清淤工程已经批准，现将工期、标段和监督电话向社会公布。"),
    "a-02": ("withheld", "请示", "", "拟申请追加应急物资储备资金，当否，请批示。"),
    "b-01": ("on_request", "复函", "NL-15", "你单位来函收悉，经核对登记簿，答复如下，请查收。"),
    "b-02": ("withheld", "合同", "", "甲乙双方就食堂托管服务达成如下约定，按季结算。"),
}


@pytest.fixture
def corpus(tmp_path):
    for name, (attribute, genre, near, text) in ROWS.items():
        head = f"title: {genre}\nattribute: {attribute}\ncategories: G99\ngenre: {genre}\nnear: {near}"
        (tmp_path / f"{name}.txt").write_text(f"{head}\n---\n{text}\n", "utf-8")
    return tmp_path


def test_near_misses_are_counted_by_clause(corpus):
    found = describe(corpus)
    assert found["near"] == {"NL-15": 2, "NL-18": 1}
    assert "split" not in found


@pytest.mark.parametrize(
    ("rule", "training", "held"),
    [
        (
            'groups = ["b"]',
            {"documents": 2, "proactive": 1, "withheld": 1},
            {"documents": 2, "on_request": 1, "withheld": 1},
        ),
        (
            'genres = ["合同"]',
            {"documents": 3, "on_request": 1, "proactive": 1, "withheld": 1},
            {"documents": 1, "withheld": 1},
        ),
        ("", {"documents": 4, "withheld": 2, "on_request": 1, "proactive": 1}, {"documents": 0}),
    ],
)
def test_what_is_held_out(corpus, tmp_path, rule, training, held):
    path = tmp_path / "held.toml"
    path.write_text(rule, "utf-8")
    assert describe(corpus, path)["split"] == {"training": training, "held_out": held}
