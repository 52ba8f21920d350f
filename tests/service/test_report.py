"""The report tells everything but the values."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import resources

import jsonschema
import lxml.html
import pytest
from papers import LIST, NUMBERS, PAPERS, PRIVATE, VALUES

from gongkai.model.deid.hiding import Style
from gongkai.model.finding import Action
from gongkai.service.limits import Limits
from gongkai.service.redacting import Options, redact_file
from gongkai.service.report import page, report, sha256
from gongkai.service.rewriting.joined import Joined
from gongkai.service.rewriting.slots import Slot

SCHEMA = json.loads((resources.files("gongkai.service") / "redaction.schema.json").read_text("utf-8"))
TIME = "2024-05-06T08:00:00+08:00"


@pytest.fixture(scope="module")
def told(screener):
    def call(text, name="a.txt", style="", **options):
        copy = redact_file(screener, text.encode(), name, Limits(), Options(Style(style)))
        made = report(copy, screener.rules, "out.txt", TIME, **options)
        jsonschema.validate(made, SCHEMA)
        return copy, made

    return call


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_both_files_and_the_engine_are_named(told, screener):
    copy, made = told(LIST)
    assert made["source"] == {"name": "a.txt", "bytes": len(LIST.encode()), "sha256": sha256(LIST.encode())}
    assert made["copy"]["sha256"] == sha256(copy.written.data) != made["source"]["sha256"]
    assert (made["made"], made["engine"]["rulebook"]) == (TIME, screener.engine.rulebook)
    assert made["proof"]["passed"] and made["proof"]["values"] >= 9


def test_counts_by_type(told):
    hidden = {row["type"]: row for row in told(LIST)[1]["hidden"]}
    assert {kind: (row["count"], row["values"], row["way"]) for kind, row in hidden.items()} == {
        "ID_CARD": (3, 3, "部分遮蔽"),
        "NAME": (3, 3, "部分遮蔽"),
        "PHONE_MOBILE": (3, 3, "部分遮蔽"),
    }
    assert hidden["NAME"]["places"] == [{"place": "正文", "count": 3}]


@pytest.mark.parametrize(("style", "way"), [("", "部分遮蔽"), ("pseudonym", "假名化"), ("strict", "全部遮蔽")])
def test_ways_of_a_style(told, style, way):
    made = told(LIST, style=style)[1]
    assert {row["way"] for row in made["hidden"]} == {way}
    assert made["style"] == style


@pytest.mark.parametrize("text", [LIST, PRIVATE, PAPERS["petition"], PAPERS["roster"]], ids=lambda text: text[:8])
def test_no_hidden_value_is_told(told, text):
    copy, made = told(text)
    written = json.dumps(made, ensure_ascii=False) + page([made])
    values = {f.span.of(copy.judged.text) for f in copy.hidden if len(f.span) > 2}
    assert [value for value in (*values, *VALUES, *NUMBERS) if value in written] == []


def test_what_stays_is_told_by_place_and_reason_and_shown_on_request(told):
    kept = told(LIST)[1]["kept"]
    assert [(row["type"], row["place"], row["count"]) for row in kept] == [("PHONE_FIX", "正文", 1)]
    assert kept[0]["why"] and "0533-5550123" not in json.dumps(kept)
    assert told(LIST, show_kept=True)[1]["kept"][0]["shown"] == ["0533-5550123"]


SMALL = """青禾县教育局关于2024年迟到早退情况的通报

序号	姓名	身份证号	单位	日期	事由
1	赵一鸣	330101199001010016	青禾县第一中学	2024-03-01	迟到
2	钱小川	330101198502030029	青禾县第二中学	2024-03-02	早退
3	孙丽华	330101197803120023	青禾县第二中学	2024-03-02	早退

青禾县教育局
2024年5月6日
"""


def test_small_cells(told):
    copy, made = told(SMALL)
    assert sum(f.kind == "NAME" for f in copy.hidden) == 3
    rows = [line for line in made["look"] if "认出一人" in line]
    assert rows == ["正文第4段仍可由单位、日期和事由认出一人，请人工判断"]


def test_rows_of_a_table_are_told_together(told):
    look = told(SMALL.replace("钱小川\t330101198502030029\t青禾县第二", "钱小川\t330101198502030029\t青禾县第三"))[1][
        "look"
    ]
    assert "正文第4—6段仍可由单位、日期和事由认出一人，请人工判断" in look


def test_cells_are_told_by_their_rows():
    cells = [
        ("甲", "表格", "\t"),
        ("乙", "表格", "\n"),
        ("丙", "正文", "\n"),
        ("丁", "表格", "\t"),
        ("戊", "表格", "\n"),
    ]
    judged = Joined.of(Slot(*cell) for cell in cells)
    assert [judged.numbered(at)[1] for at in (0, 2, 4, 6, 8)] == [1, 1, 1, 2, 2]
    assert (judged.unit("表格"), judged.unit("正文")) == ("行", "段")


STANDING = """青禾镇人民政府关于青禾镇柳林村有关问题的处理决定

经查，青禾镇柳林村村支书赵一鸣（身份证号330101199001010016）2024年3月1日违规领取补贴，由其退回。

青禾镇人民政府
2024年5月6日
"""


def test_what_still_singles_somebody_out_in_prose(told, screener):
    copy, _ = told(STANDING)
    masked = tuple(replace(f, action=Action.mask) for f in copy.findings if f.kind == "NAME")
    assert [f.span.of(copy.judged.text) for f in masked] == ["赵一鸣"]
    made = report(copy, screener.rules, "x")
    lines = [line for line in made["look"] if "准标识符" in line]
    assert lines == [
        "正文第3段有1处由准标识符（住处或者单位、日期或者事由、只有一人担任的职务）合起来仍可能认出一人，有重标识风险，"
        "请人工判断是否再泛化或者删去"
    ]
    assert [line for line in told(LIST)[1]["look"] if "准标识符" in line] == []


def test_what_is_treated_in_two_ways(screener):
    """A name that stays once and is hidden once; a number that would stay and is hidden with its other mention."""
    copy = redact_file(screener, LIST.encode(), "a.txt", Limits())
    name, phone = (next(f for f in copy.findings if f.kind == kind) for kind in ("NAME", "PHONE_FIX"))
    names = (*copy.findings, replace(name, action=Action.keep))
    look = report(replace(copy, findings=names), screener.rules, "x")["look"]
    assert "正文第6段保留的自然人姓名在别处已遮蔽，请人工核对是否一致" in look
    hidden = tuple(replace(f, action=Action.mask) if f == phone else f for f in copy.findings)
    look = report(replace(copy, findings=hidden), screener.rules, "x")["look"]
    assert "正文第3段的固定电话本可保留，因在别处须遮蔽而一并遮蔽，请人工核对" in look
    doubtful = tuple(replace(f, score=0.4) if f == name else f for f in copy.findings)
    look = report(replace(copy, findings=doubtful), screener.rules, "x")["look"]
    assert look == ["正文第6段的自然人姓名已遮蔽，但把握不大，请人工核对"]


@pytest.mark.parametrize(
    ("line", "flagged"),
    [
        ("被询问人签名：（手写）", True),
        ("以上笔录看过，属实。（签名）", True),
        ("当事人按了手印", True),
        ("申请人照片：", True),
        ("申请人（签字）：　　　　年　月　日", True),
        ("法定代表人（签章）：", True),
        ("签名册", False),
        ("请签字确认。", False),
    ],
)
def test_signatures(told, line, flagged):
    look = told(LIST + line + "\n")[1]["look"]
    assert any("手写签名" in text for text in look) == flagged


def test_the_page_stands_alone_and_can_be_printed(told):
    written = page([told(LIST)[1], told(PRIVATE)[1]])
    tree = lxml.html.document_fromstring(written)
    assert tree.xpath("//h2/text()") == ["a.txt", "a.txt"]
    assert "@media print" in written and "身份证号" in written and "没有找到" in written
    assert not re.search(r"(?:src|href)\s*=|@import|url\(", written)


def test_the_page_tells_the_copy_and_its_proof(told):
    made = told(LIST)[1]
    tree = lxml.html.document_fromstring(page([made]))
    said = dict(zip(tree.xpath("//dt/text()"), (cell.text_content() for cell in tree.xpath("//dd")), strict=True))
    copy, proof = made["copy"], made["proof"]
    assert said["时间"] == "2024-05-06 08:00"
    assert said["遮蔽后"] == f"{copy['name']}，{copy['bytes']} 字节，{copy['sha256']}"
    assert f"重新读出 {proof['parts']} 部分，查找 {proof['values']} 个遮蔽过的值" in said["核验"]


def test_a_name_of_a_file_tells_no_hidden_value(told):
    copy, made = told(LIST, f"赵一鸣{NUMBERS[0]}救助.txt")
    assert made["source"]["name"] == "〔略〕救助.txt"
    assert "赵一鸣" not in json.dumps(made, ensure_ascii=False) + page([made])
    assert "改名" not in "".join(made["look"])


def test_a_copy_called_by_a_hidden_value_wants_another_name(screener):
    copy = redact_file(screener, LIST.encode(), "a.txt", Limits())
    look = report(copy, screener.rules, "赵一鸣救助.txt")["look"]
    assert look[:1] == ["文件名里有已遮蔽的自然人姓名，公开前请改名"]


def test_names_of_files_are_no_markup(told):
    copy, made = told(LIST, name="<b>&.txt")
    assert "<b>&" not in page([made]) and "&lt;b&gt;" in page([made])
