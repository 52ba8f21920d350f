"""Whole runs in real children: hostile files are rows, registers give fields, reports are written."""

from __future__ import annotations

import os
import stat
from dataclasses import replace

from files import notice_docx, zipped
from orders import fill, ordered, screened, slugs
from papers import APPROVAL, CLASSIFIED, NOTICE, REQUEST

from gongkai.service.screening.store import Store


def test_bad_files_are_rows_and_the_rest_goes_on(tmp_path):
    order = ordered(tmp_path, seconds=6)
    good = {f"好{n}_txt": f"{NOTICE}\n{n}" for n in range(6)}
    bad = {
        "转圈_loop": b"x",
        "吃内存_eat": b"x",
        "崩溃_die": b"x",
        "坏的_broken": b"x",
        "空_txt": b"",
        "图_png": b"\x89PNG\r\n\x1a\n",
    }
    fill(order, **good, **bad, 密_txt=CLASSIFIED, 包_zip=zipped({"一.txt": APPROVAL, "二.docx": notice_docx()}))
    ended = screened(order)
    assert (ended.failed, ended.records, ended.stopped) == (6, 9, False)
    assert slugs(order) == {
        **{f"好{n}.txt": "" for n in range(6)},
        "转圈.loop": "time-limit",
        "吃内存.eat": "memory-limit",
        "崩溃.die": "crash",
        "坏的.broken": "corrupt",
        "空.txt": "empty",
        "图.png": "unsupported-format",
        "密.txt": "",
        "包.zip!一.txt": "",
        "包.zip!二.docx": "",
    }
    with Store(order.out) as store:
        assert "张三" not in "".join(row.failure.message for row in store.files() if row.failure)
        stopped = [record for record in store.records() if record.handling == "stop_classified"]
        assert [record.title for record in stopped] == [""]
    assert not list(order.out.glob(".spool-*"))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in order.out.iterdir()}
    assert (stat.S_IMODE(order.out.stat().st_mode), modes) == (0o700, {0o600})


def test_a_part_that_kills_costs_itself_a_register_gives_fields_and_reports_are_written(tmp_path):
    order = ordered(tmp_path, report=True)
    listed = "文件名,标题,文号\n函.txt,关于规划的请示,青自然〔2020〕9号\n"
    fill(order, 关于停水检修的通告_txt=NOTICE, 附件1_die=b"x", 登记表_csv=listed, 函_txt=REQUEST, Thumbs_db=b"x")
    order = replace(order, sources=(*order.sources, order.sources[0] / "登记表.csv"))
    ended = screened(order)
    found = slugs(order)
    assert (found["附件1.die"], found["关于停水检修的通告.txt"], found["函.txt"]) == ("crash", "", "")
    with Store(order.out) as store:
        fields = {os.path.basename(row.path): row.fields for row in store.files()}
    assert fields["函.txt"]["number"] == "青自然〔2020〕9号"
    assert ended.left_out.total() == 1
    assert {"worklist.xlsx", "report.html", "results.csv", "results.jsonl"} <= {p.name for p in order.out.iterdir()}
