"""The command line: results on stdout, one line for each trouble on stderr, exit codes 0, 1 and 2."""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import stat
import subprocess
import sys
import types
from importlib import resources

import pytest
from papers import CLASSIFIED, LIST, NOTICE, NUMBERS, PAPERS, PRIVATE, REQUEST, VALUES

from gongkai.model.document import Document
from gongkai.model.screener import Screener
from gongkai.service.cli import main
from gongkai.service.desk import Desk
from gongkai.service.settings import Settings


@pytest.fixture(autouse=True)
def quick(monkeypatch, desk):
    """The desk of the whole run wherever a command asks for the shipped model and tables."""
    for name in [name for name in os.environ if name.startswith("GONGKAI_")]:
        monkeypatch.delenv(name)
    opened = Desk.open
    monkeypatch.setattr(Desk, "open", lambda settings: desk if settings == Settings() else opened(settings))


@pytest.fixture
def papers(tmp_path):
    for name in ("notice", "request", "list", "classified", "private"):
        (tmp_path / f"{name}.txt").write_text(PAPERS[name], "utf-8")
    return tmp_path


@pytest.fixture
def tables(tmp_path):
    with resources.as_file(resources.files("gongkai.model.tables")) as shipped:
        shutil.copytree(shipped, tmp_path / "tables")
    return tmp_path / "tables"


def usage(capsys, *arguments):
    with pytest.raises(SystemExit) as stopped:
        main([str(argument) for argument in arguments])
    return stopped.value.code, capsys.readouterr()


# ---- suggest ----


def test_text_for_people(run, papers):
    code, out, err = run("suggest", papers / "notice.txt", papers / "request.txt")
    assert (code, err) == (0, "")
    assert [line for line in out.splitlines() if "建议属性" in line][0].split()[1].startswith("主动公开")
    assert out.index("notice.txt") < out.index("request.txt")
    assert "\x1b" not in out


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_objects_for_programs(run, papers, desk, form):
    files = [papers / "request.txt", papers / "list.txt", papers / "notice.txt"]
    code, out, err = run("suggest", "--format", form, *files)
    rows = json.loads(out) if form == "json" else [json.loads(line) for line in out.splitlines()]
    assert (code, err) == (0, "")
    assert rows == [desk.shown(desk.screen(desk.file(path))) for path in files]


def test_no_document_is_an_empty_array(run, papers):
    assert run("suggest", "--format", "json", papers / "no.txt")[:2] == (1, "[]\n")


def test_one_bad_file_never_stops_the_others(run, papers):
    (papers / "empty.txt").write_text("", "utf-8")
    (papers / "a.exe").write_bytes(b"MZ")
    names = ["notice.txt", "missing.txt", "empty.txt", "a.exe", "request.txt"]
    code, out, err = run("suggest", "--format", "jsonl", *(papers / name for name in names))
    assert code == 1
    assert [json.loads(line)["id"] for line in out.splitlines()] == [str(papers / n) for n in (names[0], names[4])]
    assert [line.partition("：")[0] for line in err.splitlines()] == [str(papers / n) for n in names[1:4]]
    assert err.splitlines()[0].partition("：")[2] == "文件不存在或无法读取，请检查文件名和访问权限。"  # told once
    assert err.splitlines()[1].partition("：")[2].startswith("文件没有内容。")
    assert "Traceback" not in err


LINES = [
    {"id": "b", "title": "通告", "text": NOTICE},
    {"id": "a", "title": None, "text": REQUEST},
    {"id": "c", "text": "𠮷\t" + LIST, "year": 2024},
]


def jsonl(*rows) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_lines_keep_their_order(run, tmp_path, desk):
    (tmp_path / "in.jsonl").write_text("\ufeff" + jsonl(*LINES[:1]) + "\n  \n" + jsonl(*LINES[1:]), "utf-8")
    code, out, err = run("suggest", "--format", "jsonl", "--from-jsonl", tmp_path / "in.jsonl")
    assert (code, err) == (0, "")
    documents = [Document(row["id"], row["text"], row.get("title") or "") for row in LINES]
    assert [json.loads(line) for line in out.splitlines()] == [desk.shown(desk.screen(d)) for d in documents]


def test_several_processes_keep_the_order(run, tmp_path):
    """Bad lines among the good ones, more lines than are sent ahead: the same output, errors and exit code."""
    lines = [jsonl({"id": str(n), "text": text}) for n, text in enumerate([LIST * 9, *PAPERS.values()])]
    (tmp_path / "in.jsonl").write_text("".join([*lines[:3], "{\n", *lines[3:], "[]\n"]), "utf-8")
    arguments = ("suggest", "--format", "jsonl", "--from-jsonl", tmp_path / "in.jsonl")
    one, two = run(*arguments), run(*arguments, "--jobs", "2")
    assert one == two
    assert (one[0], len(one[1].splitlines()), len(one[2].splitlines())) == (1, len(lines), 2)


@pytest.fixture
def fast(monkeypatch, desk):
    """The shipped model in fast mode, loaded once for a test."""
    opened = Desk(Screener.load(fast=True), desk.limits)
    monkeypatch.setattr(Desk, "open", lambda settings: opened if settings == Settings(fast=True) else desk)
    return opened


@pytest.mark.parametrize("how", ["option", "environment"])
def test_fast_mode_says_what_it_left_out(run, papers, fast, monkeypatch, how):
    if how == "environment":
        monkeypatch.setenv("GONGKAI_FAST", "1")
    option = ["--fast"] if how == "option" else []
    code, out, err = run("suggest", "--format", "jsonl", papers / "list.txt", *option)
    row = json.loads(out)
    assert (code, err) == (0, "")
    assert row["engine"]["model"].endswith("/fast")
    assert {finding["type"] for finding in row["personal"]} == {"ID_CARD", "PHONE_MOBILE", "PHONE_FIX"}
    assert any(note.startswith("快速模式") for note in row["notes"])
    assert row["attribute"]["label"] == "proactive"


def test_the_whole_mode_says_nothing_of_it(run, papers):
    row = json.loads(run("suggest", "--format", "jsonl", papers / "list.txt")[1])
    assert not row["engine"]["model"].endswith("/fast")
    assert [note for note in row["notes"] if "快速模式" in note] == []


def test_fast_mode_redacts_nothing(run, papers, fast, monkeypatch):
    monkeypatch.setenv("GONGKAI_FAST", "1")
    code, out, err = run("redact", papers / "list.txt", "-o", papers / "out.txt")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "快速模式" in err and "GONGKAI_FAST=0" in err
    assert not (papers / "out.txt").exists()


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_lines_from_standard_input(run, monkeypatch, mark):
    given = types.SimpleNamespace(buffer=io.BytesIO((mark + jsonl(*LINES)).replace("\n", "\r\n").encode()))
    monkeypatch.setattr("sys.stdin", given)
    code, out, _ = run("suggest", "--format", "jsonl", "--from-jsonl", "-")
    assert (code, [json.loads(line)["id"] for line in out.splitlines()]) == (0, ["b", "a", "c"])


@pytest.mark.parametrize(
    "bad",
    [
        b"not json",
        b"[]",
        b'"text"',
        b"3",
        b"null",
        b"{}",
        b'{"id": "x"}',
        b'{"text": "x"}',
        b'{"id": 1, "text": "x"}',
        b'{"id": "x", "text": null}',
        b'{"id": "x", "text": ["x"]}',
        b'{"id": "x", "text": "x", "title": 5}',
        b'{"id": "x", "text": "  "}',
        b'{"id": "x", "text": "\\ud800"}',
        '{"id": "x", "text": "通告"}'.encode("gb18030"),
        b"[" * 100_000,
    ],
    ids=lambda bad: bad[:30].decode("latin-1"),
)
def test_a_bad_line_is_named_and_the_others_go_on(run, tmp_path, bad):
    path = tmp_path / "in.jsonl"
    path.write_bytes(jsonl(LINES[0]).encode() + bad + b"\n" + jsonl(LINES[1]).encode())
    code, out, err = run("suggest", "--format", "jsonl", "--from-jsonl", path)
    assert (code, [json.loads(line)["id"] for line in out.splitlines()]) == (1, ["b", "a"])
    assert len(err.splitlines()) == 1
    assert "第 2 行" in err


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_list_that_cannot_be_read(run, tmp_path, name):
    code, out, err = run("suggest", "--from-jsonl", tmp_path / name)
    assert (code, out, len(err.splitlines())) == (1, "", 1)


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["suggest", "--format", "xml", "a.txt"],
        ["suggest", "--colour"],
        ["suggest", "a.txt", "--jobs", "0"],
        ["suggest", "a.txt", "--jobs", "65"],
        ["suggest", "a.txt", "--jobs", "-1"],
        ["suggest", "a.txt", "--jobs", "²"],
        ["suggest", "a.txt", "--jobs", "many"],
        ["redact", "a.txt", "-o", "b.txt", "--fast"],
        ["redact", "a.txt"],
        ["redact"],
        ["rulebook"],
        ["rulebook", "repair"],
        ["serve", "--port", "many"],
        ["version", "--loud"],
        ["redact", "a.txt", "-o"],
        ["redact", "a.txt", "-o", "b.txt", "--report=3"],
        ["redact", "a.txt", "-o", "b.txt", "--p", "3"],
        ["redact", "a.txt", "-o", "b.txt", "--passphrase-file", "a", "--recipient", "b"],
        ["mapping", "a"],
    ],
    ids=" ".join,
)
def test_wrong_usage(capsys, arguments):
    code, (out, err) = usage(capsys, *arguments)
    assert (code, out) == (2, "")
    assert "用法不对" in err and err.startswith("用法：")
    assert [word for word in ("argument", "required", "invalid", "expected", "usage") if word in err] == []


@pytest.mark.parametrize("arguments", [["suggest"], ["suggest", "a.txt", "--from-jsonl", "b.jsonl"]], ids=" ".join)
def test_either_files_or_lines(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out, len(err.splitlines())) == (2, "", 1)


@pytest.mark.parametrize("arguments", [["--help"], ["suggest", "--help"], ["redact", "--help"], ["serve", "--help"]])
def test_help(capsys, arguments):
    code, (out, _) = usage(capsys, *arguments)
    assert code == 0
    assert "gongkai" in out and "\n选项:\n" in out
    assert [word for word in ("usage", "options", "show this") if word in out] == []


@pytest.mark.parametrize(
    ("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_colours(monkeypatch, papers, environment, coloured):
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    terminal = type("Terminal", (io.StringIO,), {"isatty": lambda self: True})()
    monkeypatch.setattr("sys.stdout", terminal)
    assert main(["suggest", str(papers / "notice.txt")]) == 0
    assert ("\x1b[1;32m" in terminal.getvalue()) is coloured


@pytest.mark.parametrize("arguments", [["suggest", "{}"], ["redact", "{}", "-o", "-"], ["rulebook", "check"]])
def test_an_unknown_profile(run, papers, arguments):
    code, out, err = run(*(a.format(papers / "notice.txt") for a in arguments), "--profile", "qinghe")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "qinghe" in err
    assert "default" in err


def test_the_environment_names_a_profile(run, papers, monkeypatch):
    monkeypatch.setenv("GONGKAI_PROFILE", "qinghe")
    assert "qinghe" in run("suggest", papers / "notice.txt")[2]
    assert run("suggest", papers / "notice.txt", "--profile", "default")[0] == 0


def test_tables_of_ones_own(run, papers, tables, desk):
    path = tables / "reasons.toml"
    path.write_text(path.read_text("utf-8").replace("需要公众广泛知晓", "群众都应当知道"), "utf-8")
    code, out, _ = run("suggest", "--format", "jsonl", "--tables", tables, papers / "notice.txt")
    row = json.loads(out)
    assert code == 0
    assert row["engine"]["rulebook"] not in ("", desk.screener.engine.rulebook)
    assert any("群众都应当知道" in reason["text"] for reason in row["reasons"])


def test_the_same_tables_elsewhere_have_the_same_digest(run, papers, tables, desk):
    _, out, _ = run("suggest", "--format", "jsonl", "--tables", tables, papers / "notice.txt")
    assert json.loads(out) == desk.shown(desk.screen(desk.file(papers / "notice.txt")))


@pytest.mark.parametrize("option", ["--tables", "--model"])
def test_a_folder_that_is_not_there(run, papers, option):
    code, out, err = run("suggest", option, papers / "nowhere", papers / "notice.txt")
    assert (code, out, len(err.splitlines())) == (1, "", 1)


def test_a_secrecy_mark_stops(run, papers):
    for form in ("text", "json", "jsonl"):
        code, out, err = run("suggest", "--format", form, papers / "classified.txt")
        assert (code, err) == (0, "")
        for piece in ("重点目标", "赵一鸣", "13812345678", "330101", "青政"):
            assert piece not in out


# ---- redact ----


def test_a_redacted_copy(run, papers):
    out = papers / "out.txt"
    code, printed, err = run("redact", papers / "list.txt", "-o", out)
    assert (code, printed) == (0, "")
    assert "已遮蔽 9 处" in err
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [value for value in NUMBERS if value in out.read_text("utf-8")] == []
    assert (papers / "list.txt").read_text("utf-8") == LIST


def test_a_redacted_copy_on_standard_output(run, papers, desk):
    code, out, _ = run("redact", papers / "list.txt", "-o", "-")
    assert (code, out) == (0, desk.redact(Document("", LIST)).text)


def test_a_classified_paper_is_not_copied(run, papers):
    code, out, err = run("redact", papers / "classified.txt", "-o", papers / "out.txt")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "停止处理" in err
    assert not (papers / "out.txt").exists()


@pytest.mark.parametrize("link", [None, "symlink_to", "hardlink_to"])
def test_the_paper_itself_is_never_overwritten(run, papers, link):
    paper = out = papers / "list.txt"
    if link:
        out = papers / "other.txt"
        getattr(out, link)(paper)
    code, _, err = run("redact", paper, "-o", out)
    assert (code, len(err.splitlines())) == (1, 1)
    assert paper.read_text("utf-8") == LIST


@pytest.mark.parametrize("place", ["nowhere/out.txt", "list.txt/out.txt", "."])
def test_a_copy_that_cannot_be_written(run, papers, place):
    before = sorted(os.listdir(papers))
    code, out, err = run("redact", papers / "list.txt", "-o", papers / place)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert sorted(os.listdir(papers)) == before


def test_a_folder_without_the_right_to_write(run, papers, monkeypatch):
    """Tests may run as root, who may write everywhere: the refusal is the system's own error."""

    def refuse(**place):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    code, out, err = run("redact", papers / "list.txt", "-o", papers / "out.txt")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "可写" in err
    assert not (papers / "out.txt").exists()


def test_a_copy_of_nothing(run, papers):
    code, _, err = run("redact", papers / "missing.txt", "-o", papers / "out.txt")
    assert (code, len(err.splitlines())) == (1, 1)
    assert not (papers / "out.txt").exists()


# ---- rulebook, version ----


def test_good_tables(run, tables, desk):
    code, out, err = run("rulebook", "check", "--tables", tables)
    assert (code, err) == (0, "")
    assert desk.screener.engine.rulebook in out


@pytest.mark.parametrize(
    ("file", "old", "new", "piece"),
    [
        ("reasons.toml", "[[reason]]", "[[reason", "reasons.toml"),
        ("reasons.toml", 'code = "P-191"', 'code = "P-192"', "P-192"),
        ("law.toml", "weight = ", "wieght = ", "wieght"),
        ("law.toml", 'reason = "P-192"', 'reason = "P-999"', "P-999"),
        ("law.toml", "title = '", "title = '(", "law.toml"),
        ("profile.toml", "coverage = ", 'coverage = "high" # ', "coverage"),
    ],
)
def test_bad_tables(run, tables, file, old, new, piece):
    path = tables / file
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), "utf-8")
    code, out, err = run("rulebook", "check", "--tables", tables)
    assert (code, out) == (1, "")
    assert any(line.startswith((f"{file} 第 ", f"{file}：")) for line in err.splitlines())
    assert piece in err


def test_a_missing_table(run, tables):
    (tables / "negative.toml").unlink()
    code, _, err = run("rulebook", "check", "--tables", tables)
    assert code == 1
    assert "negative.toml" in err


def test_version(run, desk):
    assert run("version") == (0, desk.screener.engine.version + "\n", "")


# ---- what goes wrong inside ----


def test_what_nobody_foresaw_is_loud_and_leaks_nothing(run, papers, monkeypatch):
    def fail(self, document):
        raise ValueError(document.text)

    monkeypatch.setattr(Desk, "screen", fail)
    code, out, err = run("suggest", papers / "private.txt")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "ValueError" in err
    assert [value for value in VALUES if value in err] == []


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt, 1), (BrokenPipeError, 0)])
def test_interrupted(papers, monkeypatch, capsys, error, code):
    def fail(self, document):
        raise error

    monkeypatch.setattr(Desk, "screen", fail)
    with (papers / "out").open("w") as closed:
        monkeypatch.setattr("sys.stdout", closed)
        assert main(["suggest", str(papers / "notice.txt")]) == code
    assert "Traceback" not in capsys.readouterr().err


def test_interrupted_while_modules_load(monkeypatch, capsys):
    def fail(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("gongkai.service.cli.import_module", fail)
    assert main(["redact", "a.txt", "-o", "out"]) == 1
    assert capsys.readouterr() == ("", "已停止；停止前输出的结果有效。\n")


@pytest.mark.parametrize("form", ["text", "json", "jsonl"])
def test_personal_data_is_in_no_log_and_no_output(run, papers, caplog, form):
    with caplog.at_level(logging.DEBUG):
        code, out, err = run("suggest", "--format", form, papers / "private.txt")
        run("redact", papers / "private.txt", "-o", papers / "out.txt")
    written = out + err + caplog.text + (papers / "out.txt").read_text("utf-8")
    assert code == 0
    assert [value for value in VALUES if value in written] == []


def test_a_line_that_cannot_be_used_is_not_repeated(run, tmp_path, caplog):
    (tmp_path / "in.jsonl").write_text(json.dumps({"text": PRIVATE}, ensure_ascii=False), "utf-8")
    with caplog.at_level(logging.DEBUG):
        _, out, err = run("suggest", "--from-jsonl", tmp_path / "in.jsonl")
    assert [value for value in VALUES if value in out + err + caplog.text] == []


def test_as_a_program_of_its_own(papers):
    command = [sys.executable, "-W", "error", "-m", "gongkai.service", "suggest", "--format", "jsonl"]
    files = [str(papers / name) for name in ("notice.txt", "missing.txt", "classified.txt")]
    done = subprocess.run([*command, *files], capture_output=True, timeout=120, check=False)
    rows = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert (done.returncode, [row["handling"] for row in rows]) == (1, ["full", "stop_classified"])
    assert len(done.stderr.decode().splitlines()) == 1
    assert CLASSIFIED[:6] not in done.stdout.decode()
