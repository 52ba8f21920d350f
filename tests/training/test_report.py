"""The report on a corpus: what it counts, and that it tells no text."""

from __future__ import annotations

import json
import unicodedata

import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")
pytest.importorskip("datasketch", reason="training needs datasketch (pip install gongkai[training])")

from papers import NOTICE, PETITION, REQUEST

from gongkai.training.__main__ import main
from gongkai.training.corpus import Corpus, load_corpus, read_corpus
from gongkai.training.report import report, short_report
from gongkai.training.reporttable import padded
from gongkai.training.splits import Rule

ROWS = (
    {"id": "a", "text": NOTICE, "attribute": "proactive", "unit": "甲科", "genre": "通告", "categories": ["G12"]},
    {"id": "b", "text": NOTICE + "（此件公开发布）", "attribute": "withheld", "unit": "乙科", "negative": ["NL-09"]},
    {"id": "c", "text": REQUEST, "attribute": "withheld", "unit": "甲科", "year": 2023, "categories": "不认得"},
    {
        "id": "d",
        "text": "请把公开方式：主动公开，写进表里。这是很短的一份通知，没有别的内容。",
        "attribute": "on_request",
    },
    {"id": "a", "text": PETITION, "attribute": "on_request", "unit": "丙科", "near": ["NL-12"]},
    {"id": "e", "text": ""},
)


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), "utf-8")
    return path


@pytest.fixture
def found(source):
    return report([load_corpus(source)], Rule(groups=frozenset({"乙科"})))


def test_counts(found):
    counts = found["counts"]
    assert (found["documents"], found["sources"]) == (5, {"a.jsonl": 5})
    assert counts["attribute"] == {"on_request": 2, "withheld": 2, "proactive": 1}
    assert counts["category"] == {"(none)": 4, "G12": 1}
    assert (counts["clause"], counts["near"]) == ({"NL-09": 1}, {"NL-12": 1})
    assert (counts["genre"], counts["year"]) == ({"(none)": 4, "通告": 1}, {"(none)": 4, "2023": 1})
    assert (counts["level"], counts["group"]) == ({"(none)": 5}, {"甲科": 2, "a": 1, "丙科": 1, "乙科": 1})


def test_conflicts_leaks_and_duplicates(found):
    pair = {"ids": ["a", "b"], "similarity": 1.0, "same_text": True, "attributes": ["proactive", "withheld"]}
    assert (found["conflicts"]["between"], found["duplicates"], found["leaks"]["across_split"]) == ([pair],) * 3
    assert [(row["file"], row["row"]) for row in found["conflicts"]["within"]] == [("a.jsonl", 2)]
    assert (found["leaks"]["label_words"], found["leaks"]["authored_annotations"]) == (["d"], 0)
    assert (found["held_out"], found["same_id"], found["short"]) == (2, ["a"], ["a", "b", "d"])
    assert [row["row"] for row in found["dropped"]] == [6]
    assert [row["row"] for row in found["labels_left_out"]] == [3]


@pytest.mark.parametrize(("acceptable", "conflicts"), [(["proactive"], 1), (["proactive", "withheld"], 0)])
def test_labels_that_either_reader_accepts_are_no_conflict(tmp_path, acceptable, conflicts):
    rows = [{**ROWS[0], "acceptable": acceptable}, {**ROWS[1], "acceptable": ["proactive"]}]
    (tmp_path / "b.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    corpus = load_corpus(tmp_path / "b.jsonl")
    assert len(report([corpus], Rule())["conflicts"]["between"]) == conflicts


def test_annotations_of_an_authored_corpus_are_no_leak(tmp_path):
    (tmp_path / "a-1.txt").write_text(f"attribute: proactive\n---\n{NOTICE}（此件公开发布）", "utf-8")
    leaks = report([load_corpus(tmp_path)], Rule())["leaks"]
    assert (leaks["label_words"], leaks["authored_annotations"]) == ([], 1)


def test_the_short_form(source):
    lines = short_report(read_corpus(source)).split("\n")
    assert lines[0] == "语料 5 篇：不予公开 2，依申请公开 2，主动公开 1"
    assert lines[1] == "4 组机关，1 种文种，1 条负面清单条款有例子"
    assert lines[2] == "近似重复 1 对，其中标注不一致 1 对；不足 100 字的 3 篇"


def test_the_command_prints_json(source, tmp_path, capsys):
    (tmp_path / "none.toml").write_text("", "utf-8")
    assert main(["report", str(source), str(source), "--json", "--heldout", str(tmp_path / "none.toml")]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["documents"], found["held_out"]) == (10, 0)


def test_the_command_prints_a_table_without_text(source, tmp_path, capsys):
    (tmp_path / "h.toml").write_text('groups = ["乙科"]', "utf-8")
    assert main(["report", str(source), "--heldout", str(tmp_path / "h.toml")]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "近似重复而标注不一致：1\n  a 与 b             相似度 1.00　主动公开、不予公开" in out
    assert "  a.jsonl 第 6 行    这一行没有正文" in out
    assert not [line for text in (NOTICE, REQUEST, PETITION) for line in text.split() if len(line) > 8 and line in out]


def test_long_lists_are_cut(tmp_path, capsys):
    path = tmp_path / "a.jsonl"
    path.write_text("{\n" * 25, "utf-8")
    assert main(["report", str(path)]) == 0
    assert "没有读入：25" in (out := capsys.readouterr().out)
    assert "还有 5 项" in out


@pytest.mark.parametrize(
    "arguments", [["nowhere.jsonl"], ["a.jsonl", "--mapping", "nowhere.toml"], ["a.jsonl", "--heldout", "nowhere.toml"]]
)
def test_what_is_wrong_is_one_line(source, monkeypatch, capsys, arguments):
    monkeypatch.chdir(source.parent)
    assert main(["report", *arguments]) == 1
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines()), "nowhere" in err) == ("", 1, True)


def test_nothing_to_report():
    with pytest.raises(Exception, match="没有文件"):
        report([Corpus("a", (), ())], Rule())


@pytest.mark.parametrize("text", ["", "abc", "近似", "一二三四五六七八九"])
def test_padding_counts_columns(text):
    columns = sum(2 if unicodedata.east_asian_width(char) == "W" else 1 for char in padded(text, 18))
    assert columns == 18
