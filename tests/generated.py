"""The generated parts of the documents: tables made from the model folder, the corpus and the product itself."""

from __future__ import annotations

import functools
import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from gongkai.model.rulebook import Rulebook
from gongkai.service.settings import Settings, explained

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpora" / "authored"
BLOCK = re.compile(r"(?:<!-- (?P<mark>[^>]*) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.DOTALL)
NOT_MEASURED = ("not measured", "未测")
NO_SKLEARN = "scikit-learn is not installed (pip install 'gongkai[training]')"
#: Key of the model folder's figures, English, Chinese; the first group stands in the READMEs, all in the model card.
SHORT = (
    ("documents", "documents", "文件数"),
    ("accuracy_strict", "attribute equals the first reader's", "属性与标注一致"),
    ("accuracy_acceptable", "attribute is one that can be defended", "属性属于可以接受的"),
    ("withheld_recall", "withheld documents called withheld", "不予公开文件被建议不予公开"),
    (
        "withheld_called_proactive",
        "withheld documents called proactive (the costly error)",
        "不予公开文件被建议主动公开（代价最大的错误）",
    ),
    ("over_withholding", "documents that must be public called otherwise", "只应主动公开的文件被建议成别的"),
    ("category_top1", "first catalog category is right", "排第一的目录项正确"),
    ("negative_f1", "negative-list clauses, F1", "负面清单条款 F1"),
    ("set_coverage", "prediction set holds the label ({promised} promised)", "属性集合包含正确属性（承诺 {promised}）"),
    ("needs_review", "documents for which a person is asked", "请人复核的文件"),
    ("confirmed", "documents that could be confirmed quickly (below)", "可以快速确认的文件（见下）"),
)
MORE = (
    ("balanced_accuracy", "mean recall of the three attributes", "三种属性平均召回率"),
    (
        "category_top1_specific",
        "first category is right and not “other”, where there is one",
        "排第一的目录项正确且不是其他",
    ),
    ("category_top3", "one of the first three categories is right", "前三个目录项里有正确的"),
    ("negative_precision", "clauses that were said are hit", "负面清单条款精确率"),
    ("negative_recall", "clauses that are hit were said", "负面清单条款召回率"),
    ("false_alarm_documents", "documents without any clause that got one", "没有命中条款却报了的文件"),
    ("set_size", "labels in the set, mean", "属性集合平均大小"),
    ("calibration_error", "expected calibration error", "校准误差（ECE）"),
)
PRIVATE = (
    ("leaked", "characters to hide that are left in clear", "应遮蔽而没有遮蔽的字符"),
    ("leaked_numbers", "of numbers", "其中号码"),
    ("leaked_names", "of names", "其中姓名"),
    ("leaked_addresses", "of home addresses", "其中家庭住址"),
    ("leaked_sensitive", "of sensitive facts told in words", "其中文字叙述的敏感信息"),
    ("fully_masked", "documents with private data that are fully masked", "完全遮蔽的文件"),
    ("keep_violations", "pieces that stay by law but are hidden", "依法应留却遮蔽的"),
    ("stray_masking", "characters hidden for nothing", "无须遮蔽而遮蔽的字符"),
)
PART = (
    ("documents", "documents"),
    ("accuracy_strict", "equals"),
    ("accuracy_acceptable", "defensible"),
    ("withheld_recall", "withheld found"),
    ("withheld_called_proactive", "withheld called proactive"),
    ("over_withholding", "public called otherwise"),
    ("needs_review", "a person asked"),
)
JUDGED = (
    ("accuracy_strict", "equals"),
    ("accuracy_acceptable", "defensible"),
    ("withheld_recall", "withheld found"),
    ("withheld_called_proactive", "withheld called proactive"),
    ("over_withholding", "public called otherwise"),
    ("category_top1", "category first"),
    ("category_top1_specific", "category first, not “other”"),
    ("negative_f1", "clauses F1"),
)
REGIMES = {"2008": "before 2019 (Regulation of 2007)", "2019": "2019 and later"}


def page(name):
    return (ROOT / name).read_text("utf-8")


def table(rows, *heads):
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)] + [" | ".join(map(str, row)) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def missing(command):
    return f"Not measured: `python -m gongkai.training {command}` has not been run on this folder.\n"


@functools.cache
def card():
    return json.loads(page("model/weights/model.json"))


def shown(key, value):
    if value is None:
        return "-"
    return str(value) if key == "documents" else f"{value:.2f}" if key == "set_size" else f"{value:.1%}"


def evaluated(mode):
    """The figures of one mode with its share of quick confirmation; None when it was not measured."""
    found = card().get(mode)
    return found and {**found["all"], **found.get("personal", {}), "confirmed": found["confirmed_at_risk"]["coverage"]}


def figures(rows, place, *heads):
    modes = [evaluated(mode) for mode in ("evaluated", "evaluated_fast")]
    promised = f"{Rulebook.load().profile.coverage:.0%}"
    none = NOT_MEASURED[place - 1]
    return table(
        [
            (
                row[place].format(promised=promised),
                *(shown(row[0], mode.get(row[0])) if mode else none for mode in modes),
            )
            for row in rows
        ],
        *heads,
    )


def trained():
    """The sentence of the README that says what the model has seen."""
    found = card()["documents"]
    return (
        f"It was trained on {found['training']} invented documents, half of them written to be hard, and on\n"
        f"{found['published']} published ones. Both withheld and on-request papers are known to it from invented "
        "examples only.\n"
    )


def trained_zh():
    found = card()["documents"]
    return (
        f"它从{found['training']}篇虚构文件（一半故意写得难）和{found['published']}篇已经公布的文件学来。"
        "不予公开、依申请公开的\n文件，它只见过虚构的。\n"
    )


def by(grouping, head):
    if "evaluated" not in card():
        return missing("evaluate")
    parts = card()["evaluated"]["by"][grouping]
    names = REGIMES if grouping == "regime" else {}
    rows = [(names.get(name, name), *(shown(key, row[key]) for key, _ in PART)) for name, row in parts.items()]
    return table(rows, head, *(title for _, title in PART))


def by_clause():
    if "evaluated" not in card():
        return missing("evaluate")
    names, rows = Rulebook.load().clause, []
    for clause, n in card()["evaluated"]["clauses"].items():
        precision, recall = (n["both"] / n[part] if n[part] else None for part in ("said", "gold"))
        counts = (n["gold"], n["said"], n["both"])
        rows.append((clause, names[clause].title, *counts, shown("", precision), shown("", recall)))
    return table(rows, "clause", "title", "hit", "said", "both", "said are right", "hit were said")


def curve():
    if "evaluated" not in card():
        return missing("evaluate")
    rows = [
        (f"{p['coverage']:.0%}", f"{p['confidence']:.3f}", shown("", p["wrong"]), shown("", p["wrong_proactive"]))
        for p in card()["evaluated"]["curve"]
    ]
    return table(rows, "confirmed, surest first", "least probability", "wrong", "wrongly proactive")


def compared():
    if "compared" not in card():
        return missing("compare")
    rows = [(name, *(shown(key, row[key]) for key, _ in JUDGED)) for name, row in card()["compared"].items()]
    return table(rows, "judge", *(title for _, title in JUDGED))


def calibrations():
    """What each calibration settles, side by side."""
    found = card()["calibrations"]
    heads = [name for name in ("combined", "linear") if name in found]
    rows = [(key, "", *(f"{found[name][key]:.3f}" for name in heads)) for key in ("mix", "temperature")]
    for part, title in (("thresholds", "threshold for coverage"), ("confirmed", "confirm over, for risk")):
        rows += [(title, key, *(f"{found[name][part][key]:.4f}" for name in heads)) for key in found["linear"][part]]
    return table(rows, "what", "at", *heads)


def counts(values):
    return ", ".join(f"{name} {count}" for name, count in values.items())


@functools.cache
def described():
    pytest.importorskip("sklearn", reason=NO_SKLEARN)
    from gongkai.training.describe import describe

    return describe(CORPUS / "documents", ROOT / "corpora/heldout.toml")


def composition():
    found = {key: value for key, value in described().items() if key not in ("clause", "near")}
    found |= {f"split: {name.replace('_', ' ')}": part for name, part in found.pop("split").items()}
    rows = [(key.replace("_", " "), counts(v) if isinstance(v, dict) else v) for key, v in found.items()]
    return table(rows, "what", "count")


@functools.cache
def agreed(part="all"):
    """Agreement of the two readers over all documents, or over those held out."""
    pytest.importorskip("sklearn", reason=NO_SKLEARN)
    from gongkai.training.agreement import agreement, read_second
    from gongkai.training.authored import read_folder
    from gongkai.training.splits import held_out, read_rule

    examples = list(read_folder(CORPUS / "documents"))
    if part == "held out":
        examples = held_out(examples, read_rule(ROOT / "corpora/heldout.toml"))[1]
    return agreement(examples, read_second(CORPUS / "second_reader.jsonl"))


def agreement_table():
    parts = [agreed("all"), agreed("held out")]
    rows = [("documents", "", *(found["documents"] for found in parts))]
    for field in ("attribute", "categories", "clauses"):
        for name, value in parts[0][field].items():
            if isinstance(value, float):
                rows.append((field, name.replace("_", " "), *(f"{found[field][name]:.3f}" for found in parts)))
    return table(rows, "field", "figure", "all", "held out")


def marks_table():
    """What a second reader's marks leave open of the first's, beside what the product does, as the card has it."""
    pytest.importorskip("sklearn", reason=NO_SKLEARN)
    from gongkai.training.agreement import marks_agreement, read_marks
    from gongkai.training.authored import read_folder

    found = marks_agreement(list(read_folder(CORPUS / "documents")), read_marks(CORPUS / "second_marks.jsonl"))
    rows = [("documents", found["documents"])]
    rows += [(f"pieces to hide: {name}", count) for name, count in found["pieces"].items()]
    rows += [(name.replace("_", " "), f"{value:.3f}") for name, value in found.items() if isinstance(value, float)]
    return table(rows, "figure", "second reader")


def clause_table():
    names, near, pairs = Rulebook.load().clause, described()["near"], agreed()["clauses"]["by_clause"]
    none = {"first": 0, "second": 0, "both": 0}
    rows = []
    for clause, row in names.items():
        n = pairs.get(clause, none)
        alike = f"{2 * n['both'] / (n['first'] + n['second']):.2f}" if n["first"] + n["second"] else "-"
        rows.append((clause, row.title, n["first"], n["second"], n["both"], alike, near.get(clause, 0)))
    return table(rows, "clause", "title", "first reader", "second reader", "both", "F1", "near misses")


def runnable(name, kind):
    """Blocks of one kind on a page that are to be run."""
    found = (match for match in BLOCK.finditer(page(name)) if match["kind"] == kind)
    return [match["body"] for match in found if not (match["mark"] or "").startswith("not run")]


def suggestion():
    """What the command above the example prints, in few lines."""
    from gongkai.model.document import Document
    from gongkai.service.desk import Desk
    from gongkai.service.settings import Settings

    line = next(block for block in runnable("README.md", "sh") if "--format json --from-jsonl" in block)
    row = json.loads(shlex.split(line)[1].encode().decode("unicode_escape").encode("latin-1").decode())
    desk = Desk.open(Settings())
    found = desk.shown(desk.screen(Document(row["id"], row["text"], row["title"])))
    found["reasons"], found["categories"] = found["reasons"][:1], found["categories"][:1]
    found["engine"]["version"] = tomllib.loads(page("pyproject.toml"))["project"]["version"]
    lines = []
    for key, value in found.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = ",\n".join("    " + json.dumps(item, ensure_ascii=False) for item in value)
            lines.append(f'  "{key}": [\n{inner}\n  ]')
        else:
            lines.append(f'  "{key}": {json.dumps(value, ensure_ascii=False)}')
    return "```json\n{\n" + ",\n".join(lines) + "\n}\n```\n"


def settings_table():
    """Every setting with its default and what it is for."""
    rows = [f"| `{row.name}` | {_default(row)} | {row.says} |" for row in explained(Settings(), {})]
    return "| 环境变量 | 不设时 | 说明 |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"


def _default(row):
    return "处理器数" if row.name == "GONGKAI_WORKERS" else row.value or "空"


MAKERS = {
    "settings": settings_table,
    "trained": trained,
    "trained-zh": trained_zh,
    "figures": lambda: figures(SHORT, 1, "figure", "full", "fast"),
    "figures-zh": lambda: figures(SHORT, 2, "指标", "全面", "快速"),
    "figures-all": lambda: figures((*SHORT, *MORE), 1, "figure", "full", "fast"),
    "figures-private": lambda: figures(PRIVATE, 1, "personal data", "full", "fast"),
    "by-attribute": lambda: by("attribute", "first reader's attribute"),
    "by-genre": lambda: by("genre", "genre"),
    "by-level": lambda: by("level", "level"),
    "by-group": lambda: by("group", "group"),
    "by-regime": lambda: by("regime", "year"),
    "by-clause": by_clause,
    "curve": curve,
    "compared": compared,
    "calibrations": calibrations,
    "composition": composition,
    "agreement": agreement_table,
    "marks": marks_table,
    "clauses": clause_table,
    "suggestion": suggestion,
}
