"""Bundles on their way to records: what a record depends on, what it keeps, and what it never keeps."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace

import hostile
import pytest
from files import notice_docx, zipped
from papers import APPROVAL, CLASSIFIED, LIST, MARK, NOTICE, NUMBERS, PENALTY, PETITION, REQUEST

from gongkai.model.document import Span
from gongkai.model.errors import OutputError
from gongkai.service.desk import Desk
from gongkai.service.limits import Limits
from gongkai.service.screening.engine.recording import MOST_WORDS, quoted
from gongkai.service.screening.engine.tasks import Hello, Means, Register, Screen, Unpack, Unpacked
from gongkai.service.screening.engine.working import NO_MAIN, NO_PART, ODD, Work, opened
from gongkai.service.screening.intake import sources
from gongkai.service.screening.intake.registers import Registers
from gongkai.service.screening.records import Bundle, Failure, Locator, Part, Role
from gongkai.service.settings import Settings

MAIN, ATTACHED = Role.main, Role.attachment


class Line:
    """Stands for the pipe to the parent."""

    def __init__(self, known=False):
        self.known, self.asked, self.steps = known, [], []

    def ask(self, question):
        self.asked.append(question)
        return self.known

    def step(self, number):
        self.steps.append(number)


@pytest.fixture
def work(desk, tmp_path):
    return Work(replace(desk, readers=hostile.READERS), Means(Settings(), tmp_path / "spool"))


@pytest.fixture
def screened(work, tmp_path):
    """Write named files and screen them as one bundle, the first as the main document."""

    def call(*files, line=None, lost=None, fields=None, work=work):
        parts = []
        for number, (name, content) in enumerate(files):
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            parts.append(Part(Locator(path), ATTACHED if number else MAIN, fields=dict(fields or {})))
        return work(Screen(Bundle(tuple(parts)), lost or {}), line or Line())

    return call


def test_one_file_becomes_one_record(screened, desk):
    record = screened(("a.txt", APPROVAL)).record
    assert (record.number, record.issuer, record.issued) == ("青政字〔2024〕33号", "青禾县人民政府", "2024-05-08")
    assert (record.title, record.genre) == ("青禾县人民政府关于青禾县国土空间总体规划（2021—2035年）的批复", "批复")
    assert (record.attribute, record.handling, record.parts) == ("proactive", "full", ())
    assert record.characters == len(APPROVAL)
    assert len(record.signature) == len(record.mould) == 256
    assert record.engine["model"] == desk.screener.engine.model
    assert record.result["id"] == record.digest == screened(("b.txt", APPROVAL)).digest


@pytest.mark.parametrize("text", [LIST, PENALTY, PETITION])
def test_no_record_shows_personal_data(screened, desk, text):
    record = screened(("a.txt", text)).record
    told = json.dumps(
        [record.result, record.title, record.issuer, [q.words for q in record.quotes]], ensure_ascii=False
    )
    for value in (*NUMBERS, "赵一鸣", "孙丽华", "孙国梁"):
        assert value not in told
    assert record.result["personal"]
    assert all("replacement" not in found for found in record.result["personal"])
    assert all(0 < len(quote.words) <= MOST_WORDS and "\n" not in quote.words for quote in record.quotes)


def test_a_title_hides_who_is_hidden_in_the_text(screened):
    text = PETITION.replace("信访事项处理意见书", "关于赵一鸣信访事项的处理意见")
    assert "赵一鸣" not in screened(("a.txt", text)).record.title


@pytest.mark.parametrize(
    ("hidden", "words"),
    [
        ((), "赵一鸣的住址是青禾县东街12号，请予公示"),
        ([Span(4, 7)], "＊＊的住址是青禾县东街12号，请予公示"),
        ([Span(4, 7), Span(11, 19)], "＊＊的住址是＊＊，请予公示"),
        ([Span(0, 7)], "＊＊的住址是青禾县东街12号，请予公示"),
        ([Span(11, 60)], "赵一鸣的住址是＊＊"),
    ],
)
def test_a_quote_is_its_sentence_without_personal_data(hidden, words):
    text = "前文。\n赵一鸣的住址是青禾县东街12号，请予公示。后文是另外一句话。" + "甲" * 40
    assert quoted(text, Span(19, 21), hidden) == words


@pytest.mark.parametrize("length", [1, 39, 40, 41, 300])
def test_a_quote_is_short(length):
    assert 0 < len(quoted("乙" * 500, Span(100, 100 + length), ())) <= MOST_WORDS


def test_a_fast_screening_quotes_nothing(screened, work, tmp_path):
    fast = Work(Desk.open(Settings(fast=True)), work.means)
    record = screened(("a.txt", PENALTY), work=fast).record
    assert (record.quotes, record.engine["model"].endswith("/fast")) == ((), True)


@pytest.mark.parametrize("files", [[CLASSIFIED], [NOTICE, CLASSIFIED], [CLASSIFIED, NOTICE]])
def test_a_marked_part_stops_all_and_leaves_nothing(screened, files):
    fields = {"title": "关于重点目标的通知", "number": "青政〔2024〕8号"}
    record = screened(*((f"{n}.txt", text) for n, text in enumerate(files)), fields=fields).record
    assert (record.handling, record.attribute, record.needs_review) == ("stop_classified", "withheld", True)
    assert (record.title, record.number, record.issuer, record.issued, record.genre) == ("", "", "", "", "")
    assert (record.quotes, record.cited, record.parts, record.signature, record.mould) == ((), (), (), b"", b"")
    assert record.result["negative"] == record.result["personal"] == [] == record.result["reasons"][0]["evidence"]
    told = json.dumps(record.result, ensure_ascii=False)
    assert not re.search(f"{MARK}|重点目标|青政|赵一鸣|停水", told)


def test_parts_are_judged_together_and_each_alone(screened, desk):
    answer = screened(("正文.txt", APPROVAL), ("附件1.docx", notice_docx()), ("请示.txt", REQUEST))
    record, texts = answer.record, (APPROVAL, REQUEST)
    assert [(p.name, p.role) for p in record.parts] == [
        ("正文.txt", MAIN),
        ("附件1.docx", ATTACHED),
        ("请示.txt", ATTACHED),
    ]
    alone = [screened((f"{n}.txt", text)).record.attribute for n, text in enumerate(texts)]
    assert [record.parts[0].attribute, record.parts[2].attribute] == alone == ["proactive", "withheld"]
    assert record.characters == sum(p.characters for p in record.parts) + len("\n附件：附件1.docx\n\n附件：请示.txt\n")
    assert [p.digest for p in record.parts] == [digest for digest, _ in answer.parts]
    assert all(digest.startswith("sha256:") for digest, _ in answer.parts)


@pytest.mark.parametrize(
    ("files", "lost", "slugs", "note"),
    [
        ([("a.txt", NOTICE), ("b.docx", b"PK\x03\x04 broken")], {}, ["", "corrupt"], NO_PART),
        ([("a.doc", b"%PDF-1.4"), ("b.txt", NOTICE)], {}, ["mismatched-format", ""], NO_MAIN),
        ([("a.txt", NOTICE), ("b.broken", b"x")], {}, ["", "corrupt"], NO_PART),
        ([("a.txt", NOTICE), ("b.die", b"x")], {1: Failure("crash", "…")}, ["", "crash"], NO_PART),
        ([("a.zzz", b"x"), ("b.txt", b"")], {}, ["unsupported-format", "empty"], None),
        ([("a.txt", b" ")], {}, ["empty"], None),
    ],
)
def test_a_part_that_fails_is_told_and_costs_only_itself(screened, files, lost, slugs, note):
    answer = screened(*files, lost=lost)
    assert [failure.slug if failure else "" for _, failure in answer.parts] == slugs
    if note is None:
        assert (answer.digest, answer.record) == ("", None)
    else:
        assert answer.record.needs_review and answer.record.result["needs_review"]
        assert answer.record.result["notes"][0] == note
        assert [bool(part.attribute) for part in answer.record.parts] == [not slug for slug in slugs]


def test_errors_hold_no_words_of_a_parser(screened):
    assert "张三" not in repr(screened(("a.broken", b"x")))


def test_an_error_of_ours_costs_one_file(screened, work, monkeypatch):
    monkeypatch.setattr(type(work.desk.screener), "judged", lambda *_: 1 / 0)
    assert screened(("a.txt", NOTICE)).parts[0][1] == ODD


def test_memory_that_runs_out_is_the_pools_affair(screened, work, monkeypatch):
    def full(*_):
        raise MemoryError

    monkeypatch.setattr(type(work.desk.screener), "judged", full)
    with pytest.raises(MemoryError):
        screened(("a.txt", NOTICE))
    monkeypatch.setitem(work.desk.readers, ".full", full)
    with pytest.raises(MemoryError):
        screened(("a.full", b"x"))


def test_what_the_parent_knows_is_not_read(screened):
    line = Line(known=True)
    answer = screened(("a.die", b"x"), line=line)
    assert (line.asked, answer.record) == ([answer.digest], None)


def test_the_parent_is_told_of_every_step(screened):
    line = Line()
    screened(("a.txt", NOTICE), ("b.txt", REQUEST), line=line)
    assert line.steps == [0, 1, -1, 0, 1, -1, 0, 1, -1]


A, B = ("a.txt", NOTICE), ("b.txt", REQUEST)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (dict(files=[A]), dict(files=[("c.txt", NOTICE)]), True),
        (dict(files=[A]), dict(files=[("a.md", NOTICE)]), False),
        (dict(files=[A]), dict(files=[("a.txt", NOTICE + " ")]), False),
        (dict(files=[A]), dict(files=[A], fields={"title": "关于停水的通告"}), False),
        (dict(files=[A]), dict(files=[A], fields={"attribute": "主动公开", "unit": "办公室"}), True),
        (dict(files=[A, B]), dict(files=[B, A]), False),
        (dict(files=[A, B]), dict(files=[A, ("c.txt", REQUEST)]), False),
        (dict(files=[A, B]), dict(files=[A, B], lost={1: ODD}), False),
    ],
)
def test_a_digest_covers_what_a_record_depends_on(screened, one, other, same):
    found = []
    for given in (one, other):
        files = given["files"]
        found.append(screened(*files, **{k: v for k, v in given.items() if k != "files"}, line=Line(known=True)).digest)
    assert (found[0] == found[1]) == same


def test_registers_fill_what_the_text_does_not_say(screened):
    fields = {"title": "青禾路停水通告", "number": "青水〔2020〕3号", "issued": "2020-05-01", "issuer": "青禾县水务局"}
    record = screened(("a.txt", "现将停水检修有关事项通告如下。请各用户做好储水准备。"), fields=fields).record
    assert (record.title, record.number, record.issued) == (fields["title"], fields["number"], fields["issued"])


def test_what_a_register_says_shows_no_personal_data(screened):
    fields = {
        "title": "关于王桂芳（330101199001010016）申请救助的答复",
        "number": "青民〔2020〕3号 13812345678",
        "issuer": "青禾县民政局",
        "unit": "社会救助科 13812345678",
        "attribute": "依申请公开",
    }
    answer = screened(("a.txt", "现将有关事项答复如下。请按照规定的程序办理。"), fields=fields)
    told = json.dumps(
        [asdict(replace(answer.record, signature=b"", mould=b"")), answer.fields], ensure_ascii=False, default=str
    )
    assert not re.search("王桂芳|330101199001010016|13812345678", told)
    assert (answer.record.issuer, answer.record.number[:10]) == ("青禾县民政局", "青民〔2020〕3号")
    assert answer.fields[0]["attribute"] == "依申请公开"
    assert answer.fields[0]["unit"].startswith("社会救助科 1")


@pytest.mark.parametrize("name", ["赵 一 鸣", "赵\u3000一\u200b鸣", "趙一鳴"])
def test_a_name_is_hidden_however_it_is_written(screened, name):
    record = screened(("a.txt", PETITION), fields={"title": f"关于{name}信访事项的处理意见"}).record
    assert (record.title[:3], record.title[-8:]) == ("关于赵", "访事项的处理意见")  # a piece may hold 鸣信
    assert not re.search("[鸣鳴]", record.title)


def test_a_line_of_jsonl_is_read_as_it_stands(work, tmp_path):
    part = Part(Locator(tmp_path / "x.jsonl", ("7.txt",)), text=NOTICE)
    assert work(Screen(Bundle((part,))), Line()).record.characters == len(NOTICE)


def test_parts_that_are_too_long_together(work, screened, desk):
    short = Work(replace(work.desk, limits=Limits(max_characters=len(NOTICE) + 50)), work.means)
    answer = screened(("a.txt", NOTICE), ("b.txt", NOTICE), work=short)
    assert [failure.slug if failure else "" for _, failure in answer.parts] == ["", "too-large"]
    assert answer.record.characters == len(NOTICE)


def test_errors_that_end_the_run_are_answers(work, monkeypatch, tmp_path):
    def full(*_):
        raise OutputError("磁盘满了。")

    task = Screen(Bundle((Part(Locator(tmp_path / "a.txt")),)))
    monkeypatch.setattr(sources, "contents", full)
    assert isinstance(work(task, Line()), OutputError)


def test_registers_are_read(work, tmp_path):
    register = tmp_path / "登记表.csv"
    register.write_text("文件名,标题\na.txt,关于停水检修的通告\n", "utf-8")
    assert isinstance(work(Register((register,)), Line()), Registers)


def test_a_container_is_listed(work, tmp_path):
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"正文.txt": NOTICE, "坏.docx": b"x"}))
    answer = work(Unpack(Part(Locator(path), size=path.stat().st_size)), Line())
    assert isinstance(answer, Unpacked)
    assert sorted(item.main.locator.name for item in answer.items) == ["坏.docx", "正文.txt"]


def test_opening_tells_the_engine(monkeypatch, desk, tmp_path):
    monkeypatch.setattr(Desk, "open", lambda settings: desk)
    work, hello = opened(Means(Settings(), tmp_path))
    assert isinstance(work, Work) and isinstance(hello, Hello)
    assert json.loads(hello.engine)["model"] == desk.screener.engine.model
    assert 0 < hello.confirm_over <= 1
