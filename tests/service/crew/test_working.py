"""Orders at a desk: what is answered, and what of it may be kept."""

from __future__ import annotations

import json
import pickle
import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest

from gongkai.model.document import Document
from gongkai.model.encoder import Encoder
from gongkai.model.errors import ClassifiedDocument, EmptyDocument, RequestError, RulebookError
from gongkai.service.catalog.listing import read_listing
from gongkai.service.crew import working
from gongkai.service.crew.orders import Check, Judge, Meaning, Read, Redact, Screen, Suggest, Tabulate
from gongkai.service.crew.working import Bench
from gongkai.service.desk import Desk
from gongkai.service.duties.lateness import read_list
from gongkai.service.rules.memory import shipped
from gongkai.service.settings import Settings

TEXT = (
    "关于给予赵一鸣同志临时救助的通知\n\n青禾县水务局：\n"
    "经审核，赵一鸣，身份证号11010519491231002X，因病致贫，拟给予临时救助金3000元。\n\n青禾县民政局\n2024年4月28日\n"
)
PLAIN = "关于青河路停水检修的通告\n\n广大市民：\n因管网检修，青河路停水，请提前储水。\n\n青禾县水务局\n2024年4月28日\n"
SECRET = "机密★10年\n\n青禾县人民政府文件\n\n关于某某工作的通知\n\n各乡镇：\n请认真落实。\n"
VALUES = ("赵一鸣", "11010519491231002X")


@pytest.fixture
def bench(desk):
    return Bench(desk)


def test_a_suggestion(bench, desk):
    said = bench(Suggest(Document("a", TEXT)))
    assert said.result == desk.shown(bench(Screen(Document("a", TEXT)))) == desk.shown(desk.screen(Document("a", TEXT)))
    assert said.vector == b""
    assert {code for code, _ in said.quotes} <= {r["code"] for r in said.result["reasons"]} | {
        n["clause"] for n in said.result["negative"]
    }
    assert all(0 < len(words) <= 40 for _, words in said.quotes)


@pytest.mark.parametrize("title", ["", "关于赵一鸣同志的事"])
def test_what_may_be_kept_shows_nobody(bench, title):
    said = bench(Suggest(Document("赵一鸣.docx", TEXT, title)))
    kept = json.dumps([said.kept, said.quotes], ensure_ascii=False)
    assert not [value for value in VALUES if value in kept]
    assert said.kept["id"] == said.kept["digest"] == Document("", TEXT).digest
    assert len(said.kept["personal"]) == len(said.result["personal"])
    assert "replacement" not in kept
    assert said.kept["attribute"] == said.result["attribute"]


def test_nothing_is_kept_of_a_stopped_document(bench):
    said = bench(Suggest(Document("a", SECRET), vector=True))
    assert said.result["handling"] == "stop_classified"
    assert (said.stopped, said.text, said.kept, said.quotes, said.vector) == (True, "", {}, (), b"")


def test_a_file(bench, desk):
    said = bench(Suggest(data=PLAIN.encode(), name="通告.txt"))
    assert said.result == desk.shown(desk.screen(Document("通告.txt", PLAIN)))
    assert (said.stopped, said.text) == (False, PLAIN)
    assert bench(Read(PLAIN.encode(), "通告.txt")).text == PLAIN


@pytest.mark.parametrize(
    ("order", "error"),
    [
        (Read(SECRET.encode(), "a.txt"), ClassifiedDocument),
        (Read(b"", "a.txt"), EmptyDocument),
        (Suggest(), RequestError),
        (Screen(Document("", SECRET)), ClassifiedDocument),
        (Redact(SECRET.encode(), "a.txt"), ClassifiedDocument),
        (Check(SECRET.encode(), "a.txt"), ClassifiedDocument),
        (Check(PLAIN.encode(), "a.txt", "secret"), RequestError),
    ],
)
def test_orders_that_are_refused(bench, order, error):
    with pytest.raises(error):
        bench(order)


def test_redaction_and_check(bench):
    assert bench(Check(TEXT.encode(), "a.txt"))["counts"]["missed"] >= 2
    copy = bench(Redact(TEXT.encode(), "a.txt"))
    assert not [value for value in VALUES if value in copy.after or value in copy.data.decode()]
    assert copy.text == TEXT
    assert bench(Check(copy.data, copy.name))["clean"]


# ---- meaning ----


def unit(vector):
    floats = np.frombuffer(vector, "<f2").astype(float)
    assert np.linalg.norm(floats) == pytest.approx(1.0, abs=0.01)
    return floats


def test_the_encoder_reads_a_document_once(bench, monkeypatch):
    read, call = [], Encoder.__call__
    monkeypatch.setattr(Encoder, "__call__", lambda self, *given: read.append(1) or call(self, *given))
    assert len(bench(Suggest(Document("a", PLAIN), vector=True)).vector) == 256
    assert read == [1]


def test_what_means_the_same_is_near(bench):
    texts = (PLAIN, PLAIN.replace("青河路", "民生路").replace("停水", "停止供水"), TEXT)
    same, other, far = map(unit, bench(Meaning(texts)))
    assert same @ other > 0.9 > same @ far
    assert unit(bench(Suggest(Document("a", PLAIN), vector=True)).vector) @ same > 0.99


def test_no_meaning_without_an_encoder():
    bench = Bench(Desk.open(Settings(fast=True)))
    assert bench(Suggest(Document("a", PLAIN), vector=True)).vector == b""
    with pytest.raises(RequestError, match="快速模式"):
        bench(Meaning(("停水",)))


# ---- rulebooks that are not in use ----


def test_another_rulebook(bench, desk):
    files = {"reasons.toml": shipped()["reasons.toml"].replace("需要公众广泛知晓", "大家都要知道")}
    said = bench(Judge(Document("a", PLAIN), files))
    before = bench(Suggest(Document("a", PLAIN)))
    assert said.result["engine"]["rulebook"] != before.result["engine"]["rulebook"] == desk.screener.rules.digest
    assert "大家都要知道" in json.dumps(said.result, ensure_ascii=False)
    assert said.result["attribute"] == before.result["attribute"]
    with pytest.raises(RulebookError):
        bench(Judge(Document("a", PLAIN), {"reasons.toml": "[[reason]]\n"}))


def test_only_the_last_rulebooks_are_kept_open(bench):
    for number in range(4):
        files = {"reasons.toml": shipped()["reasons.toml"] + f"\n# {number}\n"}
        assert bench(Judge(Document("a", PLAIN), files)).result
    assert len(bench._books) == 2


def test_the_desk_itself_is_not_changed(bench, desk):
    before = replace(desk)
    bench(Judge(Document("a", PLAIN), shipped()))
    assert desk == before


def test_two_threads_open_another_rulebook_once(bench, monkeypatch):
    opened, together = [], threading.Barrier(4)
    with_tables = working.with_tables
    monkeypatch.setattr(working, "with_tables", lambda *given: opened.append(given) or with_tables(*given))

    def judge(number):
        together.wait(20)
        files = {"reasons.toml": shipped()["reasons.toml"] + f"\n# {number % 2}\n"}
        return bench(Judge(Document("a", PLAIN), files)).result["engine"]["rulebook"]

    with ThreadPoolExecutor(4) as threads:
        books = list(threads.map(judge, range(4)))
    assert (len(opened), books[0] != books[1], books[:2]) == (2, True, books[2:])


@pytest.mark.parametrize(
    ("reader", "text", "found"),
    [
        (read_list, "标题,成文日期\n关于停水的通告,2024-04-28\n", "关于停水的通告"),
        (read_listing, "栏目,标题\n通知公告,关于停水的通告\n", "关于停水的通告"),
    ],
)
def test_a_table_by_a_reader_that_travels_by_its_name(bench, reader, text, found):
    order = pickle.loads(pickle.dumps(Tabulate(reader, text.encode(), "清单.csv")))
    assert found not in repr(order)
    [line] = pickle.loads(pickle.dumps(bench(order)))
    assert line.title == found
    with pytest.raises(RequestError):
        bench(Tabulate(reader, b"a,b", "清单.csv"))


def test_no_route_reads_a_file_in_the_servers_own_process():
    """What somebody sends goes to the crew's children: readers are only ever named in an order."""
    names = "read_bytes|read_xlsx|read_lines|read_list|read_listing|from_sheet|from_file|grids|load_workbook"
    readers = rf"(?<!path\.)\b({names})\("
    modules = [*resources.files("gongkai.service.pages").iterdir(), *resources.files("gongkai.service.api").iterdir()]
    texts = {module.name: module.read_text("utf-8") for module in modules if module.name.endswith(".py")}
    assert len(texts) > 50
    assert [name for name, text in texts.items() if re.search(readers, text)] == []
