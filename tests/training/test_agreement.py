"""Agreement of two readers, and the composition of a corpus."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed (pip install 'gongkai[training]')")

from gongkai.model.estimates import kappa
from gongkai.training.__main__ import main
from gongkai.training.agreement import agreement, marks_agreement, read_marks, read_second
from gongkai.training.authored import CorpusError, read_folder
from gongkai.training.describe import counted, describe

LABELS = ("proactive", "on_request", "withheld")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("aabb", "aabb", 1.0),
        ("aabb", "bbaa", -1.0),
        ("aabb", "abab", 0.0),
        ("aaaa", "aaaa", 1.0),
        # Cohen 1960's own form: 20 and 15 alike of 50, chance 0.5
        ("y" * 25 + "n" * 25, "y" * 20 + "n" * 5 + "y" * 10 + "n" * 15, 0.4),
        ("aabbcc", "aabbca", 0.75),
    ],
)
def test_kappa(first, second, expected):
    assert kappa(first, second) == pytest.approx(expected)


@pytest.mark.parametrize(("first", "second"), [("", ""), ("ab", "a")])
def test_kappa_of_what_cannot_be_compared(first, second):
    with pytest.raises(ValueError, match="kappa of no cases|shorter"):
        kappa(first, second)


FILES = {
    "a-01": ("proactive", "", "G0101, G01", "NL-09"),
    "a-02": ("on_request", "withheld", "G99", "NL-09, NL-11"),
    "b-01": ("withheld", "", "N02", ""),
    "b-02": ("withheld", "on_request", "N02", ""),
}
SECOND = {
    "a-01": ("proactive", ["proactive"], ["G01", "G99"], ["NL-09"]),
    "a-02": ("withheld", ["withheld"], ["G07", "G08", "G99"], ["NL-09"]),
    "b-01": ("withheld", ["withheld"], ["G07", "G08", "G09", "N02"], ["NL-15"]),
}


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, (attribute, acceptable, categories, negative) in FILES.items():
        head = f"title: 通知\nattribute: {attribute}\nacceptable: {acceptable}\n"
        head += f"categories: {categories}\nnegative: {negative}"
        body = "关于检修的通知\n联系人：⟦NAME!keep|钱小川⟧，来信人：⟦REPORTER|赵一鸣⟧。\n"
        text = f"{head}\ngenre: 通知\nlevel: county\nyear: 20{name[-2:]}\n---\n{body}"
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


@pytest.fixture
def second(tmp_path):
    path = tmp_path / "second.jsonl"
    rows = [
        {"id": i, "attribute": a, "acceptable": ok, "categories": c, "negative": n}
        for i, (a, ok, c, n) in SECOND.items()
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "\n", "utf-8")
    return path


def test_fields(corpus, second):
    found = agreement(list(read_folder(corpus)), read_second(second))
    assert found == {
        "documents": 3,
        "attribute": {
            "kappa": pytest.approx(0.5),
            "same": pytest.approx(2 / 3),
            "second_acceptable_to_first": 1.0,
            "first_acceptable_to_second": pytest.approx(2 / 3),
        },
        "categories": {"kappa": 0.0, "top1": pytest.approx(1 / 3), "top3": pytest.approx(2 / 3)},
        "clauses": {
            "kappa": pytest.approx(0.5),  # 7 of 9 cells alike, 5 of 9 by chance
            "f1": pytest.approx(2 / 3),
            "by_clause": {
                "NL-09": {"first": 2, "second": 2, "both": 2},
                "NL-11": {"first": 1, "second": 0, "both": 0},
                "NL-15": {"first": 0, "second": 1, "both": 0},
            },
        },
    }


def test_no_document_in_common(corpus):
    with pytest.raises(CorpusError, match="没有标注过同一篇"):
        agreement(list(read_folder(corpus)), {})


@pytest.mark.parametrize(
    "line", ["{", "[]", "3", '{"id": "a-01"}', '{"id": "a", "attribute": "withheld", "acceptable": 1}']
)
def test_bad_lines_are_named(tmp_path, line):
    path = tmp_path / "second.jsonl"
    path.write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(CorpusError, match="^second.jsonl 第 2 行"):
        read_second(path)


def marks(tmp_path, *rows):
    path = tmp_path / "second_marks.jsonl"
    lines = (
        {"id": i, "marks": [dict(zip(("start", "end", "action", "text"), m, strict=True)) for m in ms]}
        for i, ms in rows
    )
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), "utf-8")
    return path


def test_a_second_readers_marks(corpus, tmp_path):
    examples = list(read_folder(corpus))
    text = examples[0].document.text
    kept, gone = text.index("钱小川"), text.index("赵一鸣")
    first = [(gone, gone + 3, "mask", "赵一鸣"), (kept, kept + 3, "keep", "钱小川")]
    part = [(gone, gone + 2, "mask", "赵一"), (kept, kept + 3, "mask", "钱小川"), (kept + 3, kept + 4, "mask", "，")]
    read = [(examples[0].document.id, first), (examples[1].document.id, part), (examples[2].document.id, [])]
    found = marks_agreement(examples, read_marks(marks(tmp_path, *read, ("unknown", []))))
    assert found["documents"] == 3
    assert found["pieces"] == {"covered": 1, "partly": 1, "left": 1}
    assert found["leaked"] == found["leaked_sensitive"] == pytest.approx(4 / 9)
    assert (found["fully_masked"], found["keep_violations"]) == (pytest.approx(1 / 3), pytest.approx(1 / 3))
    assert found["stray_masking"] == pytest.approx(1 / 75)


def test_marks_of_another_text_are_refused(corpus, tmp_path):
    examples = list(read_folder(corpus))
    path = marks(tmp_path, (examples[0].document.id, [(0, 2, "mask", "赵一")]))
    with pytest.raises(CorpusError, match="与正文不符"):
        marks_agreement(examples, read_marks(path))


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "a-01"}', '{"id": "a", "marks": [{"action": "mask"}]}'])
def test_bad_marks_are_named(tmp_path, line):
    path = tmp_path / "marks.jsonl"
    path.write_text(f"\n{line}\n", "utf-8")
    with pytest.raises(CorpusError, match="^marks.jsonl 第 2 行"):
        read_marks(path)


@pytest.mark.parametrize("beside", [True, False])
def test_marks_beside_the_second_reader_are_compared(corpus, second, tmp_path, capsys, beside):
    if beside:
        marks(tmp_path, (next(iter(read_folder(corpus))).document.id, []))
    assert main(["agreement", "--corpus", str(corpus), "--second", str(second)]) == 0
    assert ("marks" in json.loads(capsys.readouterr().out)) is beside
    more = ["--marks", str(tmp_path / "none.jsonl")]
    assert main(["agreement", "--corpus", str(corpus), "--second", str(second), *more]) == 1


@pytest.mark.parametrize(
    ("values", "least", "expected"),
    [("", 1, {}), ("abbb", 1, {"b": 3, "a": 1}), ("abbbc", 2, {"b": 3, "(rarer)": 2}), ("ba", 1, {"a": 1, "b": 1})],
)
def test_counted(values, least, expected):
    found = counted(values, least)
    assert (found, list(found)) == (expected, list(expected))


def test_composition(corpus):
    found = describe(corpus)
    assert found["documents"] == 4
    assert found["characters"] == {"all": 100, "median": 25, "least": 25, "most": 25}
    assert found["attribute"] == {"withheld": 2, "on_request": 1, "proactive": 1}
    assert found["more_than_one_acceptable"] == 2
    assert found["group"] == {"a": 2, "b": 2}
    assert found["year"] == {"2001": 2, "2002": 2}
    assert found["genre"] == {"(rarer)": 4}
    assert found["clause"] == {"NL-09": 2, "NL-11": 1}
    assert (found["masked"], found["kept"]) == ({"REPORTER": 4}, {"NAME": 4})


def test_an_empty_folder(tmp_path):
    with pytest.raises(CorpusError, match="没有标注文件"):
        describe(tmp_path)


@pytest.mark.parametrize("command", ["describe", "agreement"])
def test_commands_print_json(corpus, second, capsys, command):
    more = ["--second", str(second)] if command == "agreement" else []
    assert main([command, "--corpus", str(corpus), *more]) == 0
    assert json.loads(capsys.readouterr().out)["documents"] in (3, 4)


def test_a_missing_file_is_one_line(corpus, tmp_path, capsys):
    assert main(["agreement", "--corpus", str(corpus), "--second", str(tmp_path / "none.jsonl")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
