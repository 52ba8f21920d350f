"""python -m gongkai.training: figures as JSON, and one line for what is wrong."""

from __future__ import annotations

import json
import re
import shutil
from importlib import resources
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")

from papers import NOTICE

from gongkai.training.__main__ import main, read_public
from gongkai.training.authored import CorpusError

AUTHORED = Path(__file__).parents[2] / "corpora" / "authored" / "documents"


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for group in ("civil", "land", "order"):
        for path in sorted(AUTHORED.glob(f"{group}-*.txt"))[::3][:8]:
            shutil.copy(path, folder)
    return folder


@pytest.fixture
def words():
    with resources.as_file(resources.files("gongkai.model.weights")) as folder:
        yield folder


def _proactive(text: str) -> str:
    return re.sub(r"^attribute:.*$", "attribute: proactive", text, count=1, flags=re.M)


def strict(text: str):
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


def test_evaluate_prints_figures_by_group(corpus, words, capsys):
    assert main(["evaluate", "--corpus", str(corpus), "--words", str(words)]) == 0
    out, err = capsys.readouterr()
    found = strict(out)
    assert err == ""
    assert found["all"]["documents"] == 24
    assert {group: row["documents"] for group, row in found["groups"].items()} == {"civil": 8, "land": 8, "order": 8}


@pytest.mark.parametrize("command", ["fit", "evaluate"])
@pytest.mark.parametrize("case", ["missing", "few", "broken", "public", "one-sided", "one-group"])
def test_what_is_wrong_is_one_line(corpus, words, capsys, tmp_path, command, case):
    options = {"--corpus": corpus, "--words": words}
    if command == "fit":
        options["--out"] = tmp_path / "out"
    if case == "missing":
        options["--corpus"] = tmp_path / "nowhere"
    if case == "few":
        for path in sorted(corpus.iterdir())[5:]:
            path.unlink()
    if case in ("one-sided", "one-group"):
        for path in corpus.iterdir():
            path.unlink()
        for place, path in enumerate(sorted(AUTHORED.glob("land-*.txt"))[:24]):
            text = path.read_text("utf-8")
            name = path.name if case == "one-group" else f"g{place % 2}-{place}.txt"
            (corpus / name).write_text(text if case == "one-group" else _proactive(text), "utf-8")
    if case == "broken":
        (corpus / "zzz-001.txt").write_text("attribute: withheld\n---\n⟦NAME|赵一鸣", "utf-8")
    if case == "public":
        options["--public"] = tmp_path / "public.jsonl"
        options["--public"].write_text("{", "utf-8")
    assert main([command, *(str(word) for pair in options.items() for word in pair)]) == 1
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert "赵一鸣" not in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("arguments", [[], ["guess"], ["fit", "--corpus"]])
def test_wrong_usage(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert capsys.readouterr().out == ""


def test_the_word_list_holds_no_personal_names(tmp_path, capsys):
    assert main(["words", "-o", str(tmp_path)]) == 0
    rows = [row.split(" ") for row in (tmp_path / "words.txt").read_text("utf-8").splitlines()]
    assert str(len(rows)) in capsys.readouterr().out
    words = {word for word, _ in rows}
    assert {"公开", "通知"} <= words
    assert not {"张三丰", "李世民"} & words
    assert all(int(count) >= 10 for _, count in rows)


def test_public_documents(tmp_path):
    path = tmp_path / "public.jsonl"
    rows = [{"id": 7, "title": None, "text": NOTICE * 3}, {"text": "太短"}, {"text": None}, {"text": "长" * 30_000}]
    path.write_text("\ufeff" + "\n".join(json.dumps(row) for row in rows) + "\n\n", "utf-8")
    assert [(d.id, d.title, len(d.text)) for d in read_public(path)] == [("7", "", len(NOTICE) * 3), ("3", "", 20_000)]
    assert read_public(None) == []


@pytest.mark.parametrize("content", [b"{", b"{'text': 1}", '{"text": "通告"}'.encode("gb18030")])
def test_public_documents_that_cannot_be_read(tmp_path, content):
    (tmp_path / "p.jsonl").write_bytes(content)
    with pytest.raises(CorpusError, match=r"p\.jsonl"):
        read_public(tmp_path / "p.jsonl")
