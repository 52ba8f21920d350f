"""Corpora from outside: what is read, what is left out, and one sentence for each bad row."""

from __future__ import annotations

import json
import shutil
import tomllib
from importlib.metadata import EntryPoint
from pathlib import Path

import openpyxl
import pytest
from papers import CLASSIFIED, DECLASSIFIED, NOTICE, REQUEST

from gongkai.training import files
from gongkai.training.authored import CorpusError
from gongkai.training.corpus import load_corpus, read_corpus

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "corpora" / "samples"
POINT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"][files.GROUP]


def declared(**_):
    """The entry points of the project as an installed one has them."""
    return [EntryPoint(name, value, files.GROUP) for name, value in POINT.items()]


@pytest.fixture
def readers(monkeypatch):
    monkeypatch.setattr(files, "entry_points", declared)


@pytest.fixture
def no_readers(monkeypatch):
    monkeypatch.setattr(files, "entry_points", lambda **_: [])


def lines(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows))
    return path


def said(path: Path, mapping: Path | None = None):
    return [(p.kind, p.row, p.message) for p in load_corpus(path, mapping).problems]


def test_jsonl_with_everything(tmp_path):
    text = "公开属性：不予公开\n" + NOTICE
    start = text.index("青禾县")
    row = {"id": 7, "title": "通告", "text": text, "attribute": "withheld", "acceptable": ["on_request"]}
    row |= {"reasons": ["W-141"], "categories": ["G1202", "G12"], "negative": ["NL-09"], "near": ["NL-10"]}
    row |= {"partial": True, "genre": "通告", "issuer": "青禾县供水公司", "sector": "水务", "level": "county"}
    row |= {"year": 2024, "handling": "deid", "number": "青水〔2023〕1号"}
    row["pii"] = [{"start": start, "end": start + 3, "type": "NAME", "action": "keep", "text": "青禾县"}]
    (found,) = read_corpus(lines(tmp_path / "a.jsonl", row))
    assert (found.document.id, found.document.title, found.document.text) == ("7", "通告", NOTICE)
    assert (found.attribute, found.acceptable) == ("withheld", {"withheld", "on_request"})
    assert (found.reasons, found.categories) == (("W-141",), ("G1202", "G12"))
    assert (found.negative, found.near, found.partial) == ({"NL-09"}, {"NL-10"}, True)
    assert (found.genre, found.issuer, found.sector, found.level) == ("通告", "青禾县供水公司", "水务", "county")
    assert (found.year, found.number, found.handling, found.group) == (
        "2024",
        "青水〔2023〕1号",
        "deid",
        "青禾县供水公司",
    )
    (mark,) = found.marked
    assert (mark.span.of(found.document.text), mark.type, mark.keep) == ("青禾县", "NAME", True)
    assert (found.attribute_known, found.clauses_known, found.personal_known) == (True, True, True)


def test_decisions_of_an_agency(tmp_path):
    row = {"id": "d-1", "title": "通告", "text": NOTICE, "attribute": "proactive", "unit": "办公室"}
    row |= {"reviewer": "孙国梁", "at": "2024-05-06T08:00:00", "note": "已核"}
    (found,) = read_corpus(lines(tmp_path / "decisions.jsonl", row))
    assert (found.attribute, found.group, found.year, found.issuer) == ("proactive", "办公室", "", "")
    assert (found.attribute_known, found.clauses_known, found.personal_known) == (True, False, False)


@pytest.mark.parametrize(
    ("row", "kind", "words"),
    [
        ("{", "dropped", "JSON"),
        ("[1]", "dropped", "JSON"),
        ({"text": NOTICE}, "dropped", "没有公开属性"),
        ({"text": NOTICE, "attribute": "孙国梁"}, "dropped", "认不出"),
        ({"text": "", "attribute": "proactive"}, "dropped", "没有正文"),
        ({"text": 5, "attribute": "proactive"}, "dropped", "不到 20"),
        ({"text": "公开属性：主动公开\n见附件。", "attribute": "proactive"}, "dropped", "不到 20"),
        ({"text": CLASSIFIED, "attribute": "withheld"}, "dropped", "密级"),
        ({"text": NOTICE, "attribute": "proactive", "pii": [{"start": 3}]}, "dropped", "个人信息"),
        (
            {"text": NOTICE, "attribute": "proactive", "pii": [{"start": 9, "end": 3, "type": "NAME"}]},
            "dropped",
            "个人",
        ),
        ({"text": NOTICE, "attribute": "proactive", "pii": "x"}, "dropped", "个人信息"),
        ({"file": "../a.txt", "attribute": "proactive"}, "dropped", "相对路径"),
        ({"file": "a.txt", "attribute": "proactive"}, "dropped", "找不到"),
        ({"text": NOTICE, "attribute": "proactive", "negative": ["NL-09", "孙国梁"]}, "label", "负面清单"),
        ({"text": NOTICE, "attribute": "proactive", "categories": "孙国梁"}, "label", "目录"),
        (
            {"text": NOTICE + "（此件不予公开）", "attribute": "proactive"},
            "conflict",
            "文中标的是不予公开，标注表是主动公开",
        ),
        ({"text": "公开属性：不公开\n" + NOTICE + "（此件公开发布）", "categories": "G12"}, "conflict", "没有采用"),
    ],
)
def test_a_bad_row_is_one_sentence_and_stops_nothing(tmp_path, row, kind, words):
    good = {"text": NOTICE, "attribute": "proactive"}
    path = lines(tmp_path / "a.jsonl", good, row, "", good)
    (problem,) = load_corpus(path).problems
    assert (problem.kind, problem.file, problem.row) == (kind, "a.jsonl", 2)
    assert words in problem.message
    assert "孙国梁" not in problem.message and "供水" not in problem.message
    assert len(read_corpus(path)) == (2 if kind == "dropped" else 3)


@pytest.mark.parametrize(
    ("text", "more"),
    [(DECLASSIFIED, {}), (CLASSIFIED, {"handling": "stop_classified"}), (CLASSIFIED, {"pii": []})],
)
def test_secrecy_marks_that_may_be_read(tmp_path, text, more):
    path = lines(tmp_path / "a.jsonl", {"text": text, "attribute": "withheld", **more})
    assert len(read_corpus(path)) == 1


@pytest.mark.parametrize(
    ("text", "labels", "attribute", "known"),
    [
        (NOTICE + "（此件公开发布）", {}, "proactive", True),
        ("公开方式：依申请公开\n" + NOTICE, {"attribute": " "}, "on_request", True),
        (NOTICE, {"negative": ["NL-09"]}, "", False),
        (NOTICE, {"attribute": "免予公開"}, "withheld", True),
    ],
)
def test_where_the_attribute_comes_from(tmp_path, text, labels, attribute, known):
    (found,) = read_corpus(lines(tmp_path / "a.jsonl", {"text": text, **labels}))
    assert (found.attribute, found.attribute_known) == (attribute, known)
    assert found.acceptable == ({attribute} if known else set())
    assert found.document.text.strip() == NOTICE.strip()


def test_a_category_in_the_text_counts_where_the_table_has_none(tmp_path):
    row = {"text": "主题分类：行政规范性文件\n" + NOTICE, "attribute": "proactive"}
    first, second = read_corpus(lines(tmp_path / "a.jsonl", row, {**row, "categories": ["G12"]}))
    assert (first.categories, second.categories) == (("G0102",), ("G12",))


@pytest.fixture
def folder(tmp_path):
    for name in ("01-停水检修通告.docx", "02-行政处罚决定书.pdf", "03-规划条件变更批复.ofd", "04-临时救助公示.xlsx"):
        shutil.copy(SAMPLES / name, tmp_path)
    for name in ("05-公开征求意见.html", "06-信访事项答复意见书.txt", "07-追加防汛经费的请示.doc"):
        shutil.copy(SAMPLES / name, tmp_path)
    return tmp_path


def labels(folder: Path, name: str, encoding: str, delimiter: str = ",") -> None:
    rows = [["文件", "公开属性", "主题分类/目录", "理由"]]
    rows += [[path.name, "主动公开", "政策文件", ""] for path in sorted(folder.glob("0*"))]
    (folder / name).write_text("\n".join(delimiter.join(row) for row in rows), encoding)


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", "\t"), ("gb18030", ","), ("utf-16", "\t")]
)
@pytest.mark.parametrize("name", ["labels.csv", "标注.csv", "文件清单.csv"])
def test_a_folder_of_files_with_labels(readers, folder, name, encoding, delimiter):
    labels(folder, name, encoding, delimiter)
    (folder / "没有标注.txt").write_text(NOTICE, "utf-8")
    corpus = load_corpus(folder)
    assert [e.document.id for e in corpus.examples] == [path.stem for path in sorted(SAMPLES.glob("0*"))]
    assert {(e.attribute, e.categories) for e in corpus.examples} == {("proactive", ("G01",))}
    assert [(p.kind, p.file) for p in corpus.problems if p.kind == "unlabelled"] == [("unlabelled", "没有标注.txt")]


def test_without_the_service_only_text_is_read(no_readers, folder):
    labels(folder, "labels.csv", "gb18030")
    corpus = load_corpus(folder)
    assert [e.document.id for e in corpus.examples] == ["06-信访事项答复意见书"]
    assert {(p.kind, p.message) for p in corpus.problems if p.kind == "dropped"} == {
        ("dropped", "没有安装文件读取程序，只能读 .txt；请安装 gongkai 以后再读其他格式。")
    }
    assert len([p for p in corpus.problems if p.kind == "dropped"]) == 6


def test_a_reader_that_cannot_be_loaded_is_none(monkeypatch):
    monkeypatch.setattr(files, "entry_points", lambda **_: [EntryPoint("file", "gongkai.nowhere:read", files.GROUP)])
    assert files.file_reader() is None


def test_a_damaged_file_is_one_row(readers, folder):
    (folder / "01-停水检修通告.docx").write_bytes(b"PK\x03\x04 broken")
    labels(folder, "labels.csv", "utf-8")
    corpus = load_corpus(folder)
    assert (len(corpus.examples), [(p.kind, p.row) for p in corpus.problems if p.kind == "dropped"]) == (
        6,
        [("dropped", 2)],
    )


MAPPING = """
sheet = "收发文"
[columns]
id = "流水号"
text = "内容全文"
unit = "主办处室"
[attribute]
"1" = "proactive"
"内部件" = "withheld"
[category]
"通告、公告" = ["G12", "G1202"]
[fixed]
issuer = "青禾县教育局"
level = "county"
"""


@pytest.fixture
def mapping(tmp_path):
    (tmp_path / "m.toml").write_text(MAPPING, "utf-8")
    return tmp_path / "m.toml"


def export(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("收发文")
    sheet.append(["收发文登记表（导出）"])
    sheet.append(["流水号", "文件标题", "内容全文", "公开属性", "公开目录", "主办处室", "成文日期", "发文字号"])
    sheet.append([12, "通告", NOTICE, 1, "通告、公告", "办公室", None, "青水〔2023〕1号"])
    sheet.append([None] * 8)
    sheet.append(["b", "请示", REQUEST, "内部件", "", "财务处", __import__("datetime").datetime(2022, 3, 4), ""])
    sheet.append(["c", "请示", REQUEST, "待定", "", "财务处", "", ""])
    book.save(path)
    return path


def test_an_export_with_a_mapping(tmp_path, mapping):
    corpus = load_corpus(export(tmp_path / "导出.xlsx"), mapping)
    first, second = corpus.examples
    assert (first.document.id, first.document.title, first.attribute, first.categories) == (
        "12",
        "通告",
        "proactive",
        ("G12", "G1202"),
    )
    assert (first.group, first.issuer, first.level, first.year) == ("办公室", "青禾县教育局", "county", "2023")
    assert (second.document.id, second.attribute, second.group, second.year) == ("b", "withheld", "财务处", "2022")
    assert [(p.kind, p.row) for p in corpus.problems] == [("dropped", 6)]


def test_the_example_mapping_is_one(tmp_path, readers):
    shutil.copy(SAMPLES / "01-停水检修通告.docx", tmp_path / "a.docx")
    heads = "流水号,正文路径,文件标题,发文字号,发文机关,成文日期,公开属性,公开目录,不公开理由,拟稿部门"
    (tmp_path / "e.csv").write_text(f"{heads}\n3,.\\a.docx,,,,2024-01-02,全文公开,规范性文件,,秘书科", "gb18030")
    (found,) = read_corpus(tmp_path / "e.csv", ROOT / "training" / "mapping.example.toml")
    assert (found.attribute, found.categories, found.group, found.year) == (
        "proactive",
        ("G0102", "G01"),
        "秘书科",
        "2024",
    )


@pytest.mark.parametrize(
    "content",
    [
        "[columns",
        "[other]",
        "columns = 1",
        "[columns]\nbody = '正文'",
        "[fixed]\nissuer = 3",
        "[attribute]\n'内部' = 'secret'",
        "[category]\n'通告' = 'G9999'",
    ],
)
def test_a_mapping_that_is_none(tmp_path, content):
    (tmp_path / "m.toml").write_text(content, "utf-8")
    with pytest.raises(CorpusError, match=r"m\.toml"):
        read_corpus(export(tmp_path / "a.xlsx"), tmp_path / "m.toml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "甲,乙\n1,2".encode()),
        ("a.csv", b"\xff\xff\xff"),
        ("a.csv", b""),
        ("a.xlsx", b"PK broken"),
        ("a.pdf", b"%PDF"),
        ("missing.csv", None),
        ("empty", None),
    ],
)
def test_what_is_no_source(tmp_path, name, content):
    (tmp_path / "empty").mkdir()
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CorpusError, match=name.replace(".", r"\.")):
        read_corpus(tmp_path / name)


def test_a_sheet_or_column_that_is_not_there(tmp_path, mapping):
    mapping.write_text('sheet = "没有"', "utf-8")
    with pytest.raises(CorpusError, match="工作表"):
        read_corpus(export(tmp_path / "a.xlsx"), mapping)
    mapping.write_text('sheet = "收发文"\n[columns]\ntext = "没有"', "utf-8")
    with pytest.raises(CorpusError, match="表头"):
        read_corpus(tmp_path / "a.xlsx", mapping)


def test_two_tables_of_labels(folder):
    labels(folder, "a.csv", "utf-8")
    labels(folder, "b.csv", "utf-8")
    with pytest.raises(CorpusError, match=r"labels\.csv"):
        read_corpus(folder)


def test_a_marked_folder_keeps_its_annotations(tmp_path):
    head = (
        "attribute: withheld\nnear: NL-05, NL-06\ngenre: 通告\nissuer: 青禾县供水公司\nlevel: county\nyear: 2024\n---\n"
    )
    (tmp_path / "a-1.txt").write_text(f"{head}{NOTICE}（此件公开发布）", "utf-8")
    (tmp_path / "a-2.txt").write_text("⟦NAME|赵一鸣", "utf-8")
    corpus = load_corpus(tmp_path)
    (found,) = corpus.examples
    assert (corpus.authored, found.near, found.genre, found.year) == (True, {"NL-05", "NL-06"}, "通告", "2024")
    assert found.document.text.endswith("（此件公开发布）")
    assert [(p.kind, p.file) for p in corpus.problems] == [("dropped", "a-2.txt")]
    assert "赵一鸣" not in corpus.problems[0].message
