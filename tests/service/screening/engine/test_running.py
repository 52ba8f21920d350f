"""Whole runs in real children: hostile files are rows, registers give fields, reports are written."""

from __future__ import annotations

import html
import json
import stat
import zipfile
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


def test_a_run_leaves_no_text_and_no_numbers_behind(tmp_path):
    order = ordered(tmp_path, report=True, jobs=1)
    sentence, numbers = "蓝色风筝停在第七座石桥旁边", ("330101199001010016", "13812345678")
    words = f"青民〔2020〕3号。{sentence}。{numbers[0]}，{numbers[1]}"
    text = f"{NOTICE}\n{words}"
    mail = f"Subject: {numbers[0]}\nContent-Type: text/plain; charset=utf-8\n\n{text}"
    line = {"id": "甲", "text": text, "title": f"关于{numbers[0]}的答复", "note": words, "unit": f"科{numbers[1]}"}
    listed = (
        f"文件名,标题,文号,部门,备注\n函.txt,{numbers[0]},{numbers[1]},科{numbers[1]},{words}\n坏.docx,{words},,,\n"
    )
    empty = {"id": "乙", "text": " ", "title": words}
    bad = {"坏_docx": f"PK\x03\x04{words}", "坏_pdf": f"%PDF-1.4 {words}", "坏_broken": words, "崩_die": words}
    fill(
        order,
        函_txt=text,
        信_eml=mail,
        包_zip=zipped({"内.txt": text}),
        密_txt=CLASSIFIED + words,
        登记_csv=listed,
        **bad,
    )
    (tmp_path / "行.jsonl").write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in (line, empty)), "utf-8")
    ended = screened(replace(order, sources=(*order.sources, order.sources[0] / "登记.csv", tmp_path / "行.jsonl")))
    assert (ended.records, ended.failed) == (5, 5)
    found = [
        (path.name, planted)
        for path in order.out.iterdir()
        for planted in (sentence, *numbers)
        if planted in seen(path)
    ]
    assert found == []
    assert "函.txt" in seen(order.out / "worklist.xlsx")


def seen(path):
    """All that a file says, also one that is packed."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes().decode("utf-8", "replace")
    with zipfile.ZipFile(path) as box:
        return "".join(html.unescape(box.read(name).decode()) for name in box.namelist())


def test_no_name_of_a_file_stops_the_lists(tmp_path):
    order = ordered(tmp_path, report=True, jobs=1)
    fill(order, **{"a\x01\x1b[2J\n_txt": NOTICE, "\u202e=1+1_txt": REQUEST, "\ufffe<script>_txt": APPROVAL})
    assert screened(order).records == 3
    assert (order.out / "worklist.xlsx").exists()


def test_a_part_that_kills_costs_itself_a_register_gives_fields_and_reports_are_written(tmp_path):
    order = ordered(tmp_path, report=True)
    listed = "文件名,标题,文号\n函.txt,关于规划的请示,青自然〔2020〕9号\n"
    fill(order, 关于停水检修的通告_txt=NOTICE, 附件1_die=b"x", 登记表_csv=listed, 函_txt=REQUEST, Thumbs_db=b"x")
    order = replace(order, sources=(*order.sources, order.sources[0] / "登记表.csv"))
    ended = screened(order)
    found = slugs(order)
    assert (found["附件1.die"], found["关于停水检修的通告.txt"], found["函.txt"]) == ("crash", "", "")
    with Store(order.out) as store:
        [of] = [row.record for row in store.files() if row.path.endswith("函.txt")]
        assert store.record(of).title == "关于规划的请示"
    assert ended.left_out.total() == 1
    assert {"worklist.xlsx", "report.html", "results.csv", "results.jsonl"} <= {p.name for p in order.out.iterdir()}
