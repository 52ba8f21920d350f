"""gongkai redact and gongkai mapping: several files, reports, keys and passphrases, exit codes."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from papers import CLASSIFIED, LIST, NOTICE, NUMBERS, PRIVATE, VALUES

from gongkai.model.errors import OutputError
from gongkai.service import bulk
from gongkai.service.cli import main
from gongkai.service.desk import Desk
from gongkai.service.rewriting import plain
from gongkai.service.rewriting.slots import Rewritten
from gongkai.service.settings import Settings

CSV = "姓名,身份证号\r\n赵一鸣,330101199001010016\r\n"
PHRASE = "只给复核人看的口令-2024\n第二行不算\n"


@pytest.fixture(autouse=True)
def quick(monkeypatch, desk):
    opened = Desk.open
    monkeypatch.setattr(Desk, "open", lambda settings: desk if settings == Settings() else opened(settings))


@pytest.fixture
def papers(tmp_path):
    files = {"list.txt": LIST, "private.md": PRIVATE, "notice.html": f"<html><p>{NOTICE}</p></html>", "table.csv": CSV}
    for name, text in {**files, "classified.txt": CLASSIFIED}.items():
        (tmp_path / name).write_text(text, "utf-8", newline="")
    (tmp_path / "phrase").write_text(PHRASE, "utf-8")
    return tmp_path


def test_several_files_keep_their_formats(run, papers):
    names = ["list.txt", "private.md", "notice.html", "table.csv"]
    code, out, err = run("redact", *(papers / n for n in names), "-o", papers / "out", "--report")
    assert (code, out, len(err.splitlines())) == (0, "", 4)
    written = {path.name: path for path in (papers / "out").iterdir()}
    assert sorted(written) == sorted(n + end for n in names for end in ("", ".report.json", ".report.html"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in written.values()} == {0o600}
    assert stat.S_IMODE((papers / "out").stat().st_mode) == 0o700
    texts = "".join(path.read_text("utf-8") for path in written.values())
    assert [value for value in (*NUMBERS, *VALUES) if value in texts] == []
    assert written["table.csv"].read_bytes().decode() == "姓名,身份证号\r\n赵某某,3301**********0016\r\n"
    assert json.loads(written["list.txt.report.json"].read_text("utf-8"))["made"][:2] == "20"


def test_one_bad_file_never_stops_the_others(run, papers):
    (papers / "a.exe").write_bytes(b"MZ")
    (papers / "old.doc").write_bytes(b"x")
    (papers / "empty.txt").write_bytes(b"")
    names = ["missing.txt", "list.txt", "a.exe", "classified.txt", "old.doc", "empty.txt", "table.csv"]
    code, _, err = run("redact", *(papers / n for n in names), "-o", papers / "out")
    assert code == 1
    assert sorted(os.listdir(papers / "out")) == ["list.txt", "table.csv"]
    *lines, last = err.splitlines()
    assert [line.partition("：")[0].rpartition("/")[2] for line in lines] == names
    assert last == "共7个文件，5个没有副本，原因见上。"
    assert "停止处理" in err and ".docx" in err


def test_two_files_of_one_name(run, papers):
    (papers / "more").mkdir()
    (papers / "more" / "list.txt").write_text(NOTICE, "utf-8")
    code, _, err = run("redact", papers / "list.txt", papers / "more" / "list.txt", "-o", papers / "out")
    assert (code, len(err.splitlines())) == (1, 3)
    assert "留守儿童照护" in (papers / "out" / "list.txt").read_text("utf-8")


def test_into_the_folder_of_the_originals(run, papers):
    code, _, err = run("redact", papers / "list.txt", papers / "table.csv", "-o", papers)
    assert (code, len(err.splitlines())) == (1, 3)
    assert ((papers / "list.txt").read_text("utf-8"), err.count("原文件")) == (LIST, 2)


@pytest.mark.parametrize("place", ["list.txt", "no/folder"])
def test_a_folder_that_cannot_be_made(run, papers, place):
    code, out, err = run("redact", papers / "table.csv", papers / "private.md", "-o", papers / place)
    assert (code, out, len(err.splitlines())) == (1, "", 1)


def test_a_failed_proof_keeps_no_output(run, papers, monkeypatch):
    monkeypatch.setattr(plain.Plain, "rewrite", lambda self, edits: Rewritten(LIST.encode()))
    code, out, err = run("redact", papers / "list.txt", "-o", papers / "out", "--report")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert os.listdir(papers / "out") == []
    assert "核验没有通过" in err and "正文里的身份证号" in err
    assert [value for value in NUMBERS if value in err] == []


def test_no_older_copy_stays_where_a_proof_fails(run, papers, monkeypatch):
    run("redact", papers / "list.txt", papers / "table.csv", "-o", papers / "out", "--report")
    (papers / "out" / "table.csv.report.json").write_text("[]", "utf-8")
    with monkeypatch.context() as broken:
        broken.setattr(plain.Plain, "rewrite", lambda self, edits: Rewritten(LIST.encode()))
        code, _, err = run("redact", papers / "list.txt", papers / "table.csv", "-o", papers / "out")
    assert (code, err.count("以前写在那里的副本已删去")) == (1, 2)
    assert sorted(os.listdir(papers / "out")) == ["table.csv.report.html", "table.csv.report.json"]
    (papers / "out" / "list.txt").write_text("旧的", "utf-8")
    (papers / "list.txt").write_text(CLASSIFIED, "utf-8")
    assert "停止处理" in run("redact", papers / "list.txt", "-o", papers / "out")[2]
    assert not (papers / "out" / "list.txt").exists()


def test_a_copy_is_not_written_beside_the_report_of_another(run, papers):
    """A report tells the digest of its copy."""
    run("redact", papers / "list.txt", "-o", papers / "out", "--report")
    assert run("redact", papers / "list.txt", "-o", papers / "out")[0] == 0
    assert (papers / "out" / "list.txt.report.json").exists(), "the same copy keeps its report"
    (papers / "list.txt").write_text(f"{LIST}附：另一页。\n", "utf-8")
    assert run("redact", papers / "list.txt", "-o", papers / "out")[0] == 0
    assert sorted(os.listdir(papers / "out")) == ["list.txt"], "a copy that is written over takes its report along"
    run("redact", papers / "list.txt", "-o", papers / "out", "--report")
    (papers / "out" / "list.txt").write_text("另一份", "utf-8")
    (papers / "list.txt").write_text(LIST, "utf-8")
    code, _, err = run("redact", papers / "list.txt", "-o", papers / "out")
    assert (code, "另一份副本的遮蔽报告" in err) == (1, True)
    assert (papers / "out" / "list.txt").read_text("utf-8") == "另一份"


def test_the_text_alone(run, papers, desk):
    assert run("redact", papers / "notice.html", "-o", "-")[:2] == (
        0,
        desk.redact(desk.file(papers / "notice.html")).text,
    )
    assert run("redact", papers / "table.csv", "-o", papers / "out.txt")[0] == 0
    assert "赵某某" in (papers / "out.txt").read_text("utf-8")
    code, _, err = run("redact", papers / "table.csv", "-o", papers / "x.txt", "--report")
    assert (code, "改为目录" in err, (papers / "x.txt").exists()) == (1, True, False)


def test_an_original_of_the_same_run_is_never_written_over(run, papers):
    (papers / "more").mkdir()
    (papers / "more" / "list.txt").write_text(NOTICE, "utf-8")
    code, _, err = run("redact", papers / "list.txt", papers / "more" / "list.txt", "-o", papers / "more")
    assert (code, err.count("原文件")) == (1, 2)
    assert (papers / "more" / "list.txt").read_text("utf-8") == NOTICE


def test_a_mapping_is_never_written_over_what_was_given(run, papers):
    before = {name: (papers / name).read_bytes() for name in ("table.csv", "phrase")}
    for place in ("table.csv", "phrase", "more/map"):
        options = ("--mapping", papers / place, "--passphrase-file", papers / "phrase")
        code, _, err = run("redact", papers / "table.csv", "-o", papers / "out", *options)
        assert (code, "对照表" in err, (papers / "out").exists()) == (1, True, False)
    assert {name: (papers / name).read_bytes() for name in before} == before
    options = ("--mapping", papers / "out" / "map", "--passphrase-file", papers / "phrase")
    assert run("redact", papers / "table.csv", "-o", papers / "out", *options)[0] == 0
    assert sorted(os.listdir(papers / "out")) == ["map", "table.csv"]


def test_a_mapping_of_an_earlier_run_stays(run, papers):
    options = ("--mapping", papers / "map", "--passphrase-file", papers / "phrase")
    assert run("redact", papers / "table.csv", "-o", papers / "out", *options)[0] == 0
    before = (papers / "map").read_bytes()
    code, _, err = run("redact", papers / "list.txt", "-o", papers / "out", *options)
    assert (code, "已经存在" in err, os.listdir(papers / "out")) == (1, True, ["table.csv"])
    assert (papers / "map").read_bytes() == before


def test_a_run_that_is_stopped_leaves_the_mapping_of_its_copies(run, papers, monkeypatch):
    whole = Desk.redact_file

    def stopped(desk, path, options):
        if path.name == "list.txt":
            raise KeyboardInterrupt
        return whole(desk, path, options)

    monkeypatch.setattr(Desk, "redact_file", stopped)
    options = ("--mapping", papers / "map", "--passphrase-file", papers / "phrase")
    code, _, err = run("redact", papers / "table.csv", papers / "list.txt", "-o", papers / "out", *options)
    assert (code, "已停止" in err, os.listdir(papers / "out")) == (1, True, ["table.csv"])
    assert "赵一鸣" in run("mapping", papers / "map", "--passphrase-file", papers / "phrase")[1]


def test_a_run_that_is_told_to_end_leaves_the_mapping_of_its_copies(run, papers, monkeypatch):
    whole, before = Desk.redact_file, signal.getsignal(signal.SIGTERM)

    def ended(desk, path, options):
        if path.name == "table.csv":
            os.kill(os.getpid(), signal.SIGTERM)
        return whole(desk, path, options)

    monkeypatch.setattr(Desk, "redact_file", ended)
    asked = ("--mapping", papers / "m.json", "--passphrase-file", papers / "phrase")
    code, _, err = run("redact", papers / "list.txt", papers / "table.csv", "-o", papers / "out", *asked)
    assert (code, "已停止" in err, signal.getsignal(signal.SIGTERM)) == (1, True, before)
    assert "list.txt\tNAME" in run("mapping", papers / "m.json", "--passphrase-file", papers / "phrase")[1]


def test_no_copy_is_written_without_its_mapping(run, papers, monkeypatch):
    def full(path, data):
        if path.name == "m.json":
            raise OutputError("结果写不出来。")
        path.write_bytes(data)

    monkeypatch.setattr(bulk, "write_private_bytes", full)
    asked = ("--mapping", papers / "m.json", "--passphrase-file", papers / "phrase")
    code, _, err = run("redact", papers / "list.txt", "-o", papers / "out", *asked)
    assert (code, "对照表写不出来" in err, os.listdir(papers / "out")) == (1, True, [])


@pytest.fixture
def killed(run, papers, monkeypatch, capsys):
    """A run that ended while it wrote the report of its second copy, without a chance to tidy up."""

    class Killed(BaseException):
        pass

    def write(path, data):
        if path.name == "list.txt.report.json":
            raise Killed
        whole(path, data)

    def end(*options):
        with monkeypatch.context() as ending, pytest.raises(Killed):
            ending.setattr(bulk, "write_private_bytes", write)
            run("redact", *(papers / n for n in NAMES), "-o", papers / "out", "--report", *options)
        capsys.readouterr()

    whole = bulk.write_private_bytes
    return end


NAMES = ("table.csv", "list.txt", "private.md")


def test_a_run_that_is_killed_leaves_the_mapping_of_its_copies(run, papers, killed):
    killed("--mapping", papers / "m.json", "--passphrase-file", papers / "phrase")
    rows = run("mapping", papers / "m.json", "--passphrase-file", papers / "phrase")[1]
    assert "table.csv\tNAME\t赵一鸣" in rows and "list.txt\tNAME" in rows and "private.md" not in rows
    assert (stat.S_IMODE((papers / "m.json").stat().st_mode), list(papers.glob("**/.gongkai-*"))) == (0o600, [])


@pytest.mark.parametrize("key", ["passphrase-file", "recipient"])
def test_a_run_goes_on_where_another_was_killed(run, papers, killed, key):
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (papers / "recipient").write_bytes(public)
    (papers / "passphrase-file").write_text(PHRASE, "utf-8")
    (papers / "identity").write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    asked = ("--report", "--resume", "--mapping", papers / "m.json", f"--{key}", papers / key)
    killed(*asked[2:])
    before = {path: path.stat().st_mtime_ns for path in (papers / "out").glob("table.csv*")}
    code, _, err = run("redact", *(papers / n for n in NAMES), "-o", papers / "out", *asked)
    assert (code, err.count("以前已经遮蔽，"), err.count("核验通过")) == (0, 1, 2)
    assert "m（2）.json，合起来" in err and "共3个文件，1个以前已经遮蔽。" in err
    assert {path: path.stat().st_mtime_ns for path in before} == before
    who = ("--passphrase-file", papers / "phrase") if key == "passphrase-file" else ("--identity", papers / "identity")
    rows = [run("mapping", papers / name, *who)[1] for name in ("m.json", "m（2）.json")]
    assert ["table.csv" in rows[0], "table.csv" in rows[1], "list.txt" in rows[1], "private.md" in rows[1]] == [
        True,
        False,
        True,
        True,
    ]
    _, _, err = run("redact", *(papers / n for n in NAMES), "-o", papers / "out", *asked)
    assert (err.count("没有重做"), "（3）" in err, (papers / "m（3）.json").exists()) == (3, False, False)


@pytest.mark.parametrize(
    ("change", "options"),
    [
        (lambda p: (p / "table.csv").write_text(f"{CSV}备注,\r\n", "utf-8"), ()),
        (lambda p: (p / "out" / "table.csv").write_text(CSV, "utf-8"), ()),
        (lambda p: (p / "out" / "table.csv.report.html").unlink(), ()),
        (lambda p: (p / "out" / "table.csv.report.json").write_text("[]", "utf-8"), ()),
        (lambda p: (p / "out" / "table.csv.report.json").write_text("{", "utf-8"), ()),
        (lambda p: None, ("--pictures", "keep")),
        (lambda p: None, ("--style", "strict")),
        (lambda p: None, ("--mapping", "m.json", "--passphrase-file", "phrase")),
    ],
)
def test_what_does_not_fit_this_run_is_done_again(run, papers, monkeypatch, change, options):
    monkeypatch.chdir(papers)
    assert run("redact", "table.csv", "-o", "out", "--report")[0] == 0
    assert "没有重做" in run("redact", "table.csv", "-o", "out", "--report", "--resume")[2]
    change(papers)
    code, _, err = run("redact", "table.csv", "-o", "out", "--report", "--resume", *options)
    assert (code, "没有重做" in err, "核验通过" in err) == (0, False, True)
    assert "赵一鸣" not in (papers / "out" / "table.csv").read_text("utf-8")


def test_a_report_of_another_engine_is_none_of_this_run(run, papers):
    run("redact", papers / "table.csv", "-o", papers / "out", "--report")
    report = papers / "out" / "table.csv.report.json"
    report.write_text(report.read_text("utf-8").replace('"rulebook": "', '"rulebook": "other'), "utf-8")
    assert "核验通过" in run("redact", papers / "table.csv", "-o", papers / "out", "--report", "--resume")[2]


def test_pseudonyms_by_a_key_are_made_again(run, papers):
    (papers / "key").write_bytes(b"0123456789abcdef")
    asked = ("redact", papers / "table.csv", "-o", papers / "out", "--report", "--style", "pseudonym")
    run(*asked, "--key-file", papers / "key")
    assert "核验通过" in run(*asked, "--resume")[2]
    code, _, err = run(*asked, "--key-file", papers / "key", "--resume")
    assert (code, "--key-file" in err) == (1, True)
    assert "--report" in run("redact", papers / "table.csv", "-o", papers / "out", "--resume")[2]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full device here")
def test_a_full_disk_behind_standard_output(papers):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "gongkai.service", "version"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (done.returncode, done.stderr) == (1, "结果无法写出：输出没有写完，请确认磁盘没有满，再运行一次。\n")


def test_a_copy_without_its_report_is_not_kept(run, papers):
    (papers / ("长" * 83 + ".txt")).write_text(LIST, "utf-8")
    code, _, err = run("redact", papers / ("长" * 83 + ".txt"), "-o", papers / "out", "--report")
    assert (code, "写不出来" in err, os.listdir(papers / "out")) == (1, True, [])


def test_a_copy_called_by_a_hidden_value(run, papers):
    (papers / "赵一鸣.csv").write_text(CSV, "utf-8")
    assert "请改名" in run("redact", papers / "赵一鸣.csv", "-o", papers / "out")[2]
    assert "请改名" not in run("redact", papers / "赵一鸣.csv", "-o", papers / "b.csv")[2]


def test_copies_are_renamed_where_their_names_tell_somebody(run, papers):
    for name in ("赵一鸣的表.csv", "330101199001010016.csv", "more/赵一鸣的表.csv"):
        (papers / name).parent.mkdir(exist_ok=True)
        (papers / name).write_text(CSV, "utf-8")
    names = ("赵一鸣的表.csv", "330101199001010016.csv", "more/赵一鸣的表.csv", "table.csv")
    for _ in range(2):
        code, _, err = run("redact", *(papers / name for name in names), "-o", papers / "out", "--rename", "--report")
        assert (code, err.count("已遮蔽；"), "请改名" in err) == (0, 3, False)
    called = {"赵某某的表.csv", "赵某某的表（2）.csv", "〔略〕.csv", "table.csv"}
    assert {path.name for path in (papers / "out").iterdir() if path.suffix == ".csv"} == called
    (papers / "赵一鸣的表.csv").write_text(f"{CSV}备注,另一份\r\n", "utf-8")
    run("redact", papers / "赵一鸣的表.csv", "-o", papers / "out", "--rename")
    copies = {path.name for path in (papers / "out").iterdir() if path.suffix == ".csv"}
    assert copies == called | {"赵某某的表（3）.csv"}
    told = json.loads((papers / "out" / "赵某某的表.csv.report.json").read_text("utf-8"))
    assert (told["copy"]["name"], "赵一鸣" in json.dumps(told, ensure_ascii=False)) == ("赵某某的表.csv", False)


def test_a_report_and_a_copy_of_one_name(run, papers):
    (papers / "table.csv.report.html").write_text("<p>通知</p>", "utf-8")
    names = [papers / "table.csv", papers / "table.csv.report.html"]
    code, _, err = run("redact", *names, "-o", papers / "out", "--report")
    assert (code, "同名" in err) == (1, True)


def test_a_copy_has_the_format_of_its_original(run, papers):
    code, _, err = run("redact", papers / "list.txt", "-o", papers / "out.pdf")
    assert (code, ".txt" in err, (papers / "out.pdf").exists()) == (1, True, False)


def test_an_output_of_a_name_too_long(run, papers):
    code, _, err = run("redact", papers / "list.txt", "-o", papers / ("长" * 300))
    assert (code, "换一个" in err, "程序出错" in err) == (1, True, False)


def test_several_files_on_standard_output(run, papers, monkeypatch):
    monkeypatch.chdir(papers)
    code, out, err = run("redact", "list.txt", "table.csv", "-o", "-")
    assert (code, out, "一个文件" in err, (papers / "-").exists()) == (1, "", True, False)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take no such names")
def test_names_in_no_encoding_and_with_a_terminals_commands(run, papers):
    odd = os.fsdecode(b"\xc3\xfb\xb5\xa5.csv"), "a\nb\x1b[31m.csv"
    for name in odd:
        (papers / name).write_text(CSV, "utf-8")
    options = ("--report", "--mapping", papers / "map", "--passphrase-file", papers / "phrase")
    code, _, err = run("redact", *(papers / name for name in odd), "-o", papers / "out", *options)
    assert (code, len(err.splitlines()), "\x1b" in err, len(os.listdir(papers / "out"))) == (0, 2, False, 6)
    code, out, _ = run("mapping", papers / "map", "--passphrase-file", papers / "phrase")
    assert (code, len(out.splitlines()), "\x1b" in out) == (0, 4, False)


@pytest.mark.parametrize(
    ("options", "shown"),
    [([], "赵某某"), (["--style", "pseudonym"], "赵某某1"), (["--style", "strict"], "***,********")],
)
def test_styles(run, papers, options, shown):
    assert run("redact", papers / "table.csv", "-o", papers / "out.csv", *options)[0] == 0
    assert shown in (papers / "out.csv").read_text("utf-8")


def test_an_unknown_style_names_the_known_ones(run, papers):
    code, _, err = run("redact", papers / "table.csv", "-o", papers / "out.csv", "--style", "pseudonyms")
    assert code == 1
    assert "pseudonyms" in err and "pseudonym、strict、bands" in err


def test_a_key_makes_the_same_pseudonyms(run, papers):
    (papers / "key").write_bytes(b"0123456789abcdef")
    names = set()
    for out in ("a.csv", "b.csv"):
        options = ("--style", "pseudonym", "--key-file", papers / "key")
        assert run("redact", papers / "table.csv", "-o", papers / out, *options)[0] == 0
        names.add((papers / out).read_text("utf-8").split("\n")[1])
    assert len(names) == 1 and "赵某某1" not in names.pop()


def test_a_key_that_nothing_uses(run, papers):
    (papers / "key").write_bytes(b"0123456789abcdef")
    code, _, err = run("redact", papers / "table.csv", "-o", papers / "out.csv", "--key-file", papers / "key")
    assert (code, "--style pseudonym" in err, (papers / "out.csv").exists()) == (1, True, False)


def test_a_mapping_for_those_with_the_passphrase(run, papers):
    options = ("--mapping", papers / "map", "--passphrase-file", papers / "phrase")
    assert run("redact", papers / "table.csv", papers / "list.txt", "-o", papers / "out", *options)[0] == 0
    data = (papers / "map").read_bytes()
    assert stat.S_IMODE((papers / "map").stat().st_mode) == 0o600
    assert "赵一鸣".encode() not in data
    code, out, _ = run("mapping", papers / "map", "--passphrase-file", papers / "phrase")
    assert code == 0
    assert [line.split("\t")[1:] for line in out.splitlines()][:2] == [
        ["NAME", "赵一鸣", "赵某某", "1"],
        ["ID_CARD", "330101199001010016", "3301**********0016", "1"],
    ]


def test_a_mapping_for_a_recipient(run, papers):
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (papers / "public.pem").write_bytes(public)
    (papers / "private.pem").write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    options = ("--mapping", papers / "map", "--recipient", papers / "public.pem")
    assert run("redact", papers / "table.csv", "-o", papers / "out", *options)[0] == 0
    assert "赵一鸣" in run("mapping", papers / "map", "--identity", papers / "private.pem")[1]
    code, out, err = run("mapping", papers / "map", "--passphrase-file", papers / "phrase")
    assert (code, out, "打不开" in err) == (1, "", True)


@pytest.mark.parametrize(
    "options",
    [
        ["--mapping", "{}/map"],
        ["--passphrase-file", "{}/phrase"],
        ["--mapping", "{}/map", "--passphrase-file", "{}/missing"],
        ["--mapping", "{}/map", "--passphrase-file", "{}/short"],
        ["--mapping", "{}/map", "--passphrase-file", "{}/gb"],
        ["--mapping", "{}/map", "--recipient", "{}/phrase"],
        ["--mapping", "{}/map", "--recipient", "{}/large"],
        ["--key-file", "{}/short"],
        ["--key-file", "{}/missing"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_used_stops_before_anything_is_written(run, papers, options):
    (papers / "short").write_bytes(b"short")
    (papers / "gb").write_bytes("只给复核人看的口令和更多".encode("gb18030"))
    (papers / "large").write_bytes(b"x" * 70_000)
    before = sorted(os.listdir(papers))
    code, out, err = run("redact", papers / "table.csv", "-o", papers / "out", *(o.format(papers) for o in options))
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert sorted(os.listdir(papers)) == before
    assert "short" not in err.replace("/short", "") and "口令和" not in err


@pytest.mark.parametrize(
    "arguments", [["mapping"], ["mapping", "x"], ["redact", "-o", "x"], ["redact", "x", "-o", "y", "--pictures", "x"]]
)
def test_wrong_usage(capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "用法不对" in capsys.readouterr().err
