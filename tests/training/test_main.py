"""python -m gongkai.training: figures as JSON, and one line for what is wrong."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
from examples import AUTHORED

pytest.importorskip("sklearn", reason="training needs scikit-learn (pip install gongkai[training])")

from papers import PAPERS, PRIVATE, VALUES

from gongkai.training import commands
from gongkai.training.__main__ import main
from gongkai.training.authored import CorpusError


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    for group in ("civil", "land", "order"):
        for path in sorted(AUTHORED.glob(f"{group}-*.txt"))[::3][:8]:
            shutil.copy(path, folder)
    return folder


def _proactive(text: str) -> str:
    return re.sub(r"^attribute:.*$", "attribute: proactive", text, count=1, flags=re.M)


def strict(text: str):
    return json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))


@pytest.fixture
def held(tmp_path):
    path = tmp_path / "held.toml"
    path.write_text('groups = ["land"]', "utf-8")
    return path


def test_evaluate_looks_at_what_was_held_out(corpus, held, linear_folder, tmp_path, capsys):
    model = shutil.copytree(linear_folder, tmp_path / "model")
    options = ["--corpus", str(corpus), "--held-out", str(held), "--model", str(model)]
    assert main(["evaluate", *options, "--errors"]) == 0
    found = strict(capsys.readouterr().out)
    assert found["documents"] == 8
    assert found["confirmed"]["wrong_proactive"] == 0.01
    assert all(set(row) == {"id", "gold", "said", "confidence", "review"} for row in found["errors"])
    assert len(found["errors"]) == round(8 * (1 - found["accuracy_acceptable"]))
    assert main(["evaluate", *options, "--fast"]) == 0
    assert "errors" not in strict(capsys.readouterr().out)
    card = json.loads((model / "model.json").read_text("utf-8"))
    assert card["evaluated"]["all"]["documents"] == card["evaluated_fast"]["all"]["documents"] == 8
    assert len(card["evaluated"]["curve"]) == 10
    assert sum(row["documents"] for row in card["evaluated"]["by"]["attribute"].values()) <= 8


def test_describe_and_agreement_print_json(capsys):
    for command in ("describe", "agreement"):
        assert main([command]) == 0
        assert strict(capsys.readouterr().out)


def few(corpus, options, tmp_path):
    for path in sorted(corpus.iterdir())[5:]:
        path.unlink()


def one_sided(corpus, options, tmp_path):
    """Two groups in which everything is for the public."""
    for place, path in enumerate(sorted(corpus.iterdir())):
        text = path.read_text("utf-8")
        path.unlink()
        (corpus / f"g{place % 2}-{place}.txt").write_text(_proactive(text), "utf-8")


def one_group(corpus, options, tmp_path):
    for path in sorted(corpus.iterdir()):
        path.rename(corpus / f"civil-{path.name}")


def broken(corpus, options, tmp_path):
    for path in corpus.iterdir():
        path.write_text("attribute: withheld\n---\n⟦NAME|赵一鸣", "utf-8")


def file_of(option: str, content: str):
    """The option names a file with this content."""

    def change(corpus, options, tmp_path):
        options[option] = tmp_path / "given.txt"
        options[option].write_text(content, "utf-8")

    return change


def missing(option: str):
    def change(corpus, options, tmp_path):
        options[option] = tmp_path / "nowhere"

    return change


@pytest.mark.parametrize(
    ("change", "piece"),
    [
        (missing("--corpus"), "nowhere"),
        (few, "至少要 20 篇"),
        (broken, "只有 0 篇"),
        (missing("--held-out"), "nowhere"),
        (file_of("--held-out", "groups = 3"), "given.txt"),
        (file_of("--config", "[linear]\nleest = 3"), "linear.leest"),
        (missing("--words"), "words.txt"),
        (file_of("--public", "{"), "given.txt"),
        (one_sided, "on_request"),
        (one_group, "1 块"),
    ],
)
def test_what_is_wrong_with_a_fit_is_one_line(corpus, held, linear_folder, capsys, tmp_path, change, piece):
    options = {"--corpus": corpus, "--held-out": held, "--words": linear_folder}
    options |= {"-o": tmp_path / "out", "--work": tmp_path / "work"}
    held.write_text("", "utf-8")
    change(corpus, options, tmp_path)
    assert main(["fit", *(str(word) for pair in options.items() for word in pair)]) == 1
    out, err = capsys.readouterr()
    *bar, line = [line for line in err.replace("\r", "\n").splitlines() if line.strip()]
    assert (out, [other for other in bar if not other.startswith("线性模型:")]) == ("", [])
    assert line.startswith("错误：") and line.endswith("。") and piece in line
    assert "赵一鸣" not in err
    assert not (tmp_path / "out").exists()


def backlog(path, *names):
    path.write_text(
        "".join(json.dumps({"id": n, "text": PAPERS[n]}, ensure_ascii=False) + "\n" for n in names), "utf-8"
    )
    return path


def test_a_worklist_and_too_few_decisions(linear_folder, tmp_path, capsys):
    waiting = backlog(tmp_path / "b.jsonl", "approval", "request", "list", "penalty")
    told = tmp_path / "d.jsonl"
    told.write_text(json.dumps({"id": "request", "text": PAPERS["request"], "attribute": "withheld"}), "utf-8")
    model = ["--model", str(linear_folder)]
    assert main(["active", str(waiting), "--decisions", str(told), *model]) == 0
    found = strict(capsys.readouterr().out)
    assert (found["reviewed"], {row["id"] for row in found["order"]}) == (1, {"approval", "list", "penalty"})
    out = tmp_path / "agency"
    assert main(["adapt", "--decisions", str(told), *model, "-o", str(out), "--words", str(linear_folder)]) == 1
    assert "至少要 30 份" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "piece"),
    [
        (["language"], "--prose"),
        (["calibrate", "--work", "{tmp}", "--corpus", "{corpus}", "-o", "{tmp}"], "请先运行 fit"),
        (["teach", "--corpus", "{tmp}/no"], "no"),
        (["active", "{tmp}/no.jsonl"], "no.jsonl"),
        (["evaluate", "--held-out", "{tmp}/no.toml"], "no.toml"),
        (["evaluate", "--model", "{tmp}", "--held-out", "{tmp}/h.toml"], "没有留出任何文件"),
        (["words", "-o", "{tmp}/no"], "words.txt"),
    ],
)
def test_what_is_missing_is_named(tmp_path, corpus, capsys, arguments, piece):
    pytest.importorskip("torch", reason="the encoder's training needs torch (pip install gongkai[training])")
    (tmp_path / "h.toml").write_text("", "utf-8")
    places = {"tmp": tmp_path, "corpus": corpus}
    assert main([argument.format(**places) for argument in arguments]) == 1
    out, err = capsys.readouterr()
    assert (out, len(err.splitlines())) == ("", 1)
    assert err.startswith("错误：") and piece in err


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (KeyboardInterrupt(), 130, "已停下：做完的部分已经保存，用同样的命令可以接着做。\n"),
        (CorpusError("语料有误，请改正。"), 1, "错误：语料有误，请改正。\n"),
        (
            ModuleNotFoundError("No module named 'torch'", name="torch"),
            1,
            "错误：没有安装 torch，请先运行 pip install 'gongkai[training]'。\n",
        ),
        (
            PermissionError(13, "Permission denied", "model.json"),
            1,
            "错误：文件读写不成功（model.json：Permission denied），请检查路径和权限。\n",
        ),
    ],
)
def test_exit_codes(monkeypatch, capsys, error, code, line):
    def fail(options):
        raise error

    monkeypatch.setitem(commands.COMMANDS, "describe", fail)
    assert main(["describe"]) == code
    assert capsys.readouterr() == ("", line)


def test_what_nobody_foresaw_is_not_hidden(monkeypatch):
    def fail(options):
        raise ZeroDivisionError

    monkeypatch.setitem(commands.COMMANDS, "describe", fail)
    with pytest.raises(ZeroDivisionError):
        main(["describe"])


WITHOUT = """
import sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == sys.argv[1]:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Without())
from gongkai.training.__main__ import main
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize(
    ("missing", "command"), [("torch", "language"), ("sklearn", "describe"), ("datasketch", "report")]
)
def test_a_missing_library_is_named(missing, command):
    """In a process of its own, where the library can't be imported."""
    code = [sys.executable, "-c", WITHOUT, missing, command, *(["."] if command == "report" else [])]
    done = subprocess.run(code, capture_output=True, text=True, check=False, timeout=120)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"错误：没有安装 {missing}，请先运行 pip install 'gongkai[training]'。\n"


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


def test_what_cannot_be_used_is_not_repeated(tmp_path, capsys):
    (tmp_path / "b.jsonl").write_text(json.dumps({"text": PRIVATE}, ensure_ascii=False)[:-3], "utf-8")
    assert main(["active", str(tmp_path / "b.jsonl")]) == 1
    assert [value for value in VALUES if value in "".join(capsys.readouterr())] == []
