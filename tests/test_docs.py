"""The documents say what is true: commands run, snippets print what they say, maps and tables name what exists.

A fenced block of sh or python is run unless `<!-- not run: reason -->` stands above it. What stands between
`<!-- from: name -->` and `<!-- end -->` is generated: `python tests/test_docs.py` writes it anew.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import io
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from gongkai.model.errors import GongkaiError
from gongkai.model.finding import Attribute, Handling
from gongkai.model.rulebook import Rulebook

ROOT = Path(__file__).parents[1]
PAGES = (
    "README.md",
    "README.zh-CN.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "model/weights/MODEL_CARD.md",
    "corpora/README.md",
    "corpora/authored/DATASHEET.md",
)
READMES = ("README.md", "README.zh-CN.md")
CODE_FOLDERS = ("model", "training", "service")
LIVE = "http://127.0.0.1:8080"
BLOCK = re.compile(r"(?:<!-- (?P<mark>[^>]*) -->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.DOTALL)
GENERATED = re.compile(r"<!-- from: (?P<name>[\w-]+) -->\n(?P<body>.*?)<!-- end -->\n", re.DOTALL)
WORKPLACE = re.compile(r"\bsessions?\b|\bhelpers?\b|\bissue #|\bsandbox\b|\bworkspace\b", re.IGNORECASE)
FIGURES = (
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
    ("set_coverage", "prediction set (coverage 0.9) holds the label", "属性集合（覆盖率 0.9）包含正确属性"),
    ("set_size", "labels in the set, mean", "属性集合平均大小"),
    ("calibration_error", "expected calibration error", "校准误差（ECE）"),
)


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, kind: str) -> list[str]:
    """Blocks of one kind that are to be run."""
    found = (match for match in BLOCK.finditer(page(name)) if match["kind"] == kind)
    return [match["body"] for match in found if not (match["mark"] or "").startswith("not run")]


def every(kind: str, curl: bool = False) -> list[str]:
    """What is to be run on all pages, each once: whole blocks; of blocks with curl each line."""
    found: dict[str, None] = {}
    for block in (block for name in PAGES for block in blocks(name, kind)):
        if curl == block.startswith("curl "):
            found.update(dict.fromkeys(block.strip().split("\n") if curl else [block]))
    return list(found)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A folder that looks like the project's root, where commands may leave files, and `gongkai` on the path."""
    folder = tmp_path_factory.mktemp("checkout")
    for entry in ("model", "corpora", "service"):
        (folder / entry).symlink_to(ROOT / entry)
    programs = folder / ".bin"
    programs.mkdir()
    for name, call in (("gongkai", '-m gongkai.service "$@"'), ("python", '"$@"')):
        (programs / name).write_text(f"#!/bin/sh\nexec {shlex.quote(sys.executable)} {call}\n")
        (programs / name).chmod(0o755)
    return folder


@pytest.mark.parametrize("command", every("sh"))
def test_command_runs(command, checkout):
    environment = {**os.environ, "PATH": f"{checkout / '.bin'}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


@pytest.mark.parametrize("snippet", every("python"))
def test_snippet_prints_what_it_says(snippet):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(snippet, "snippet", "exec"), {"__name__": "snippet"})
    assert said.getvalue().splitlines() == re.findall(r"# → (.*)", snippet)


@pytest.fixture(scope="module")
def client():
    from starlette.testclient import TestClient

    from gongkai.service.app import create_app
    from gongkai.service.settings import Settings

    with TestClient(create_app(Settings())) as client:
        yield client


@pytest.mark.parametrize("command", every("sh", curl=True))
def test_curl_is_answered(command, client):
    words = shlex.split(command)[1:]
    address, sent = words[0].removeprefix(LIVE), {}
    for flag, value in zip(words[1::2], words[2::2], strict=True):
        if flag == "-H":
            sent["headers"] = dict([value.split(": ", 1)])
        elif flag == "-d":
            sent["content"] = value.encode()
        elif flag == "-F":
            path = ROOT / value.removeprefix("file=@")
            sent["files"] = {"file": (path.name, path.read_bytes())}
        else:
            pytest.fail(f"the test knows no {flag}")
    answer = client.request("POST" if len(words) > 1 else "GET", address, **sent)
    assert answer.status_code == 200, answer.text
    assert answer.json()


def table(rows, *heads):
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)] + [" | ".join(map(str, row)) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def card():
    return json.loads(page("model/weights/model.json"))


def shown(key, value):
    if value is None:
        return "-"
    return str(value) if key == "documents" else f"{value:.2f}" if key == "set_size" else f"{value:.1%}"


def figures(place, *heads):
    found = card()["cross_validated"]
    return table([(row[place], shown(row[0], found[row[0]])) for row in FIGURES], *heads)


def counts(values):
    return ", ".join(f"{name} {count}" for name, count in values.items())


def composition():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (pip install 'gongkai[training]')")
    from gongkai.training.describe import describe

    found = describe(ROOT / "corpora/authored/documents")
    rows = [(key.replace("_", " "), counts(v) if isinstance(v, dict) else v) for key, v in found.items()]
    return table(rows, "what", "count")


@functools.cache
def agreed():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (pip install 'gongkai[training]')")
    from gongkai.training.agreement import agreement, read_second
    from gongkai.training.authored import read_folder

    folder = ROOT / "corpora/authored"
    return agreement(list(read_folder(folder / "documents")), read_second(folder / "second_reader.jsonl"))


def agreement_table():
    found = agreed()
    rows = [("documents", "", found["documents"])]
    for field in ("attribute", "categories", "clauses"):
        rows += [(field, k.replace("_", " "), f"{v:.3f}") for k, v in found[field].items() if isinstance(v, float)]
    return table(rows, "field", "figure", "value")


def clause_table():
    names = Rulebook.load().clause
    rows = [
        (clause, names[clause].title, n["first"], n["second"], n["both"])
        for clause, n in agreed()["clauses"]["by_clause"].items()
    ]
    return table(rows, "clause", "title", "first reader", "second reader", "both")


def groups_table():
    found = card()
    return table([(key, value) for key, value in found["thresholds"].items()], "coverage", "threshold")


def example_line():
    return next(block for block in blocks("README.md", "sh") if "--format json --from-jsonl" in block)


def suggestion():
    """What the command above the example prints, in few lines."""
    from gongkai.model.document import Document
    from gongkai.service.desk import Desk
    from gongkai.service.settings import Settings

    row = json.loads(shlex.split(example_line())[1].encode().decode("unicode_escape").encode("latin-1").decode())
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


MAKERS = {
    "figures": lambda: figures(1, "figure", "value"),
    "figures-zh": lambda: figures(2, "指标", "数值"),
    "thresholds": groups_table,
    "composition": composition,
    "agreement": agreement_table,
    "clauses": clause_table,
    "suggestion": suggestion,
}
PLACES = [(name, match["name"]) for name in PAGES if (ROOT / name).exists() for match in GENERATED.finditer(page(name))]


@pytest.mark.parametrize(("name", "maker"), [place for place in PLACES if place[1] != "suggestion"])
def test_generated_part_is_up_to_date(name, maker):
    said = next(match["body"] for match in GENERATED.finditer(page(name)) if match["name"] == maker)
    assert said == MAKERS[maker](), f"run: python tests/test_docs.py ({name})"


def test_every_maker_is_used():
    assert {maker for _, maker in PLACES} == set(MAKERS)


def keys(value):
    """The shape of an answer: field names, and for lists the shape of the first item."""
    if isinstance(value, dict):
        return {key: keys(item) for key, item in value.items()}
    return [keys(value[0])] if isinstance(value, list) and value else type(value).__name__


def settled(answer):
    """What a model trained anew must not change in the example."""
    pieces = [(p["type"], p["start"], p["end"], p["action"], p["replacement"]) for p in answer["personal"]]
    return answer["attribute"]["label"], answer["handling"], answer["elements"], answer["digest"], pieces


@pytest.mark.parametrize("name", READMES)
def test_example_is_what_the_command_prints(name):
    said = next(match["body"] for match in GENERATED.finditer(page(name)) if match["name"] == "suggestion")
    example, real = (json.loads(text.strip("`json\n")) for text in (said, suggestion()))
    assert (keys(example), settled(example)) == (keys(real), settled(real)), "run: python tests/test_docs.py"


def test_example_fits_the_schema():
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed (pip install 'gongkai[dev]')")
    said = next(match["body"] for match in GENERATED.finditer(page("README.md")) if match["name"] == "suggestion")
    jsonschema.validate(json.loads(said.strip("`json\n")), json.loads(page("service/suggestion.schema.json")))


def test_both_readmes_show_the_same_commands():
    english, chinese = (
        [match["body"] for match in BLOCK.finditer(page(name)) if match["kind"] in ("sh", "python")] for name in READMES
    )
    assert english == chinese


@pytest.mark.parametrize("name", READMES)
def test_readme_names_every_option(name):
    from gongkai.service.cli import parser

    choices = next(action.choices for action in parser()._actions if action.choices)
    options = {o for command in choices.values() for action in command._actions for o in action.option_strings}
    wanted = set(choices) | {option for option in options if option.startswith("--")} - {"--help", "--out"}
    assert [word for word in sorted(wanted) if word not in page(name)] == []


@pytest.mark.parametrize("name", READMES)
def test_readme_names_every_route(name, client):
    routes = set(client.get("/openapi.json").json()["paths"])
    assert set(re.findall(r"127\.0\.0\.1:8080(/(?:v1/)?\w+)", page(name))) - {"/openapi"} == routes


@pytest.mark.parametrize("name", READMES)
def test_readme_names_every_format(name):
    from gongkai.service.readers import READERS

    assert set(re.findall(r"^\|( `\..*?)\|", page(name), re.MULTILINE)) != set()
    rows = "".join(re.findall(r"^\|( `\..*?)\|", page(name), re.MULTILINE))
    assert set(re.findall(r"`(\.\w+)`", rows)) == set(READERS)


@pytest.mark.parametrize("name", READMES)
def test_readme_names_every_setting(name):
    source = page("service/settings.py")
    assert set(re.findall(r"`(GONGKAI_\w+)`", page(name))) == set(re.findall(r'"(GONGKAI_\w+)"', source))


def tree():
    """Every module, table, weight and asset, as paths; package markers are left out."""
    found = set()
    for folder in CODE_FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if (
                path.is_file()
                and path.suffix not in (".pyc", ".typed")
                and not (path.name == "__init__.py" and path.parent != ROOT / folder)
            ):
                found.add(path.relative_to(ROOT).as_posix())
    return found - {"training/__init__.py", "service/__init__.py"}


def mapped():
    """Paths in the map of ARCHITECTURE.md: folders by indentation, one entry a line."""
    lines = next(
        match["body"] for match in BLOCK.finditer(page("ARCHITECTURE.md")) if match["kind"] == "text"
    ).splitlines()
    stack: list[str] = []
    found = []
    for line in lines:
        depth, name = (len(line) - len(line.lstrip())) // 2, line.split()[0]
        stack[depth:] = [name.rstrip("/")]
        if not name.endswith("/"):
            found.append("/".join(stack))
    return found


def test_map_names_every_file_once_and_nothing_else():
    found = mapped()
    inside = [path for path in found if path.split("/")[0] in CODE_FOLDERS]
    assert (sorted(tree() - set(inside)), sorted(set(inside) - tree())) == ([], [])
    assert len(set(found)) == len(found)
    assert [path for path in found if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_paths_exist(name):
    text = re.sub(r"```.*?```", "", page(name), flags=re.DOTALL)
    cited = re.findall(r"`((?:[\w.-]+/)+[\w.-]+\.\w+)(?:::(\w+))?`", text)
    assert [path for path, _ in cited if not (ROOT / path).exists()] == []
    tests = [(path, test) for path, test in cited if test]
    assert [f"{path}::{test}" for path, test in tests if f"def {test}(" not in page(path)] == []


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(name):
    targets = re.findall(r"\]\(([^)#]+)(?:#[\w-]*)?\)", page(name))
    inside = [target for target in targets if not target.startswith("https://")]
    assert [target for target in inside if not (ROOT / name).parent.joinpath(target).exists()] == []


@pytest.mark.parametrize("name", PAGES)
def test_page_speaks_of_the_project_alone(name):
    assert WORKPLACE.findall(page(name)) == []


def test_invariants_have_their_tests():
    part = page("ARCHITECTURE.md").partition("## Invariants")[2].partition("\n## ")[0]
    rows = [line for line in part.splitlines() if line.startswith("| ") and "---" not in line][1:]
    assert len(rows) >= 10
    assert [row for row in rows if "::" not in row] == []


def test_error_tree_is_drawn():
    text, kinds = page("ARCHITECTURE.md"), [GongkaiError]
    for kind in kinds:
        kinds += [sub for sub in kind.__subclasses__() if sub.__module__ == "gongkai.model.errors"]
    assert [kind.__name__ for kind in kinds if kind.__name__ not in text] == []


def test_glossary_holds_every_term():
    terms = page("ARCHITECTURE.md").partition("## Glossary")[2]
    rules = Rulebook.load()
    wanted = [a.label for a in Attribute] + [h.label for h in Handling] + [h.value for h in Handling]
    wanted += [t.id for t in rules.personal]
    wanted += ["份号", "密级和保密期限", "紧急程度", "发文机关标志", "发文字号", "签发人", "标题", "主送机关", "正文"]
    wanted += ["附件说明", "署名", "成文日期", "附注", "抄送", "印发", "文种", "稿别", "负面清单", "机关画像"]
    assert [term for term in wanted if term not in terms] == []


def test_annotation_standard_lists_every_header_key():
    keys_used = set()
    for path in (ROOT / "corpora/authored/documents").glob("*.txt"):
        head = path.read_text("utf-8-sig").partition("\n---\n")[0]
        keys_used |= {line.partition(":")[0].strip() for line in head.splitlines()}
    assert [key for key in sorted(keys_used) if f"| `{key}` |" not in page("CONTRIBUTING.md")] == []


@pytest.mark.parametrize(
    ("key", "table"),
    [("reasons", "reason"), ("categories", "category"), ("negative", "clause")],
)
def test_corpus_cites_codes_that_exist(key, table):
    known, unknown = getattr(Rulebook.load(), table), set()
    for path in (ROOT / "corpora/authored/documents").glob("*.txt"):
        head = path.read_text("utf-8-sig").partition("\n---\n")[0]
        cited = re.search(rf"^{key}:(.*)$", head, re.MULTILINE)
        unknown |= {
            (path.name, code) for code in re.findall(r"[^,，\s]+", cited[1] if cited else "") if code not in known
        }
    assert unknown == set()


def test_corpus_marks_types_that_exist():
    known = Rulebook.load().type
    texts = [path.read_text("utf-8-sig") for path in (ROOT / "corpora/authored/documents").glob("*.txt")]
    assert {kind for text in texts for kind in re.findall(r"⟦([A-Z_]+)", text)} - set(known) == set()


@pytest.mark.parametrize("name", READMES)
def test_readme_says_what_the_model_was_trained_on(name):
    found = card()
    assert all(str(count) in page(name) for count in (found["cross_validated"]["documents"], found["public_documents"]))
    assert str(found["public_documents"]) in page("model/weights/MODEL_CARD.md")


def test_there_is_something_to_run():
    assert (len(every("sh")) >= 4, len(every("sh", curl=True)) >= 7, len(every("python")) >= 1) == (True, True, True)


def test_make_targets_exist():
    named = set(re.findall(r"`make (\w+)", "".join(map(page, PAGES))))
    assert named - set(re.findall(r"^(\w+):", page("Makefile"), re.MULTILINE)) == set()
    rows = set(re.findall(r"^\| `make (\w+)", page("CONTRIBUTING.md"), re.MULTILINE))
    assert rows == set(re.findall(r"^\.PHONY: (.*)$", page("Makefile"), re.MULTILINE)[0].split())


def test_training_commands_exist():
    pytest.importorskip("sklearn", reason="scikit-learn is not installed (pip install 'gongkai[training]')")
    from gongkai.training.__main__ import _parser

    known = next(action.choices for action in _parser()._actions if action.choices)
    named = set(re.findall(r"python -m gongkai\.training (\w+)", "".join(map(page, PAGES))))
    assert (named - set(known), set(known) - named) == (set(), set())


def test_changelog_keeps_its_form():
    heads = re.findall(r"^## (.*)$", page("CHANGELOG.md"), re.MULTILINE)
    assert heads[0] == "[Unreleased]"
    kinds = set(re.findall(r"^### (.*)$", page("CHANGELOG.md"), re.MULTILINE))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def test_notebook_is_short_stripped_and_runs():
    book = json.loads(page("notebooks/01-suggest.ipynb"))
    cells = [cell for cell in book["cells"] if cell["cell_type"] == "code"]
    assert 0 < len(cells) <= 8
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in cells)
    source = "\n".join("".join(cell["source"]) for cell in cells)
    imported = re.findall(r"^from (gongkai[\w.]*) import", source, re.MULTILINE)
    assert set(imported) == {"gongkai.model"}
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(source, "notebook", "exec"), {"__name__": "notebook"})
    assert said.getvalue()


def test_public_names():
    import gongkai.model

    assert len(gongkai.model.__all__) == len(set(gongkai.model.__all__)) <= 16
    assert [name for name in gongkai.model.__all__ if not hasattr(gongkai.model, name)] == []
    with pytest.raises(AttributeError, match="Screner"):
        _ = gongkai.model.Screner
    assert dataclasses.is_dataclass(gongkai.model.Document)


def test_public_names_come_late():
    code = "import sys, gongkai.model; from gongkai.model import Document; print('onnxruntime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def refresh() -> None:
    """Write every generated part anew."""
    for name in PAGES:
        text = page(name)
        new = GENERATED.sub(lambda m: f"<!-- from: {m['name']} -->\n{MAKERS[m['name']]()}<!-- end -->\n", text)
        if new != text:
            (ROOT / name).write_text(new, "utf-8")
            print("written:", name)


if __name__ == "__main__":
    refresh()
