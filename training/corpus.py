"""Corpora from outside: marked folders, JSONL, files with a table of labels, exports of office systems -> Example.

A bad row never stops the rest: it becomes a Problem with file, row and one sentence, never with text of a document.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gongkai.model.errors import GongkaiError
from gongkai.model.rulebook import Rulebook
from gongkai.training.authored import CorpusError, Example, read_example
from gongkai.training.files import file_reader
from gongkai.training.mapping import Mapping, code_names, read_mapping
from gongkai.training.rows import Sheet, as_example
from gongkai.training.tabular import SUFFIXES, read_table

#: Names of the table of labels in a folder of files, the first that is there.
TABLES = ("labels.csv", "labels.xlsx", "标注.csv", "标注.xlsx")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one row: `dropped` (not read), `label` (some label left out), `conflict`, `unlabelled`."""

    kind: str
    file: str
    row: int
    message: str


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was read from one source; in an `authored` one annotations stay in the text on purpose."""

    name: str
    examples: tuple[Example, ...]
    problems: tuple[Problem, ...]
    authored: bool = False


def read_corpus(path: Path, mapping: Path | None = None) -> list[Example]:
    """The labelled documents of a source, bad rows left out. Raises CorpusError when the source is none at all."""
    return list(load_corpus(path, mapping).examples)


def load_corpus(path: Path, mapping: Path | None = None) -> Corpus:
    """The labelled documents of a source and what is wrong with the others; see ARCHITECTURE.md for the four kinds.

    Raises CorpusError when the path is no source, or the mapping is wrong.
    """
    rules = Rulebook.load()
    chosen = read_mapping(mapping, rules) if mapping else Mapping()
    if path.is_dir():
        table = _table_in(path, chosen)
        return _tabled(table, chosen, rules, whole=True) if table else _marked(path)
    if not path.is_file():
        raise CorpusError(f"找不到语料 {path.name}，请检查路径。")
    if path.suffix.lower() not in SUFFIXES:
        raise CorpusError(f"{path.name} 不是语料：请给目录，或者 {'、'.join(SUFFIXES)} 文件。")
    return _tabled(path, chosen, rules)


def _marked(folder: Path) -> Corpus:
    examples: list[Example] = []
    problems: list[Problem] = []
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise CorpusError(f"目录 {folder.name} 里没有标注过的 .txt，也没有标注表（{'、'.join(TABLES)}）。")
    for path in paths:
        try:
            examples.append(read_example(path))
        except GongkaiError as error:
            problems.append(Problem("dropped", path.name, 1, error.message))
    return Corpus(folder.name, tuple(examples), tuple(problems), authored=True)


def _table_in(folder: Path, mapping: Mapping) -> Path | None:
    """The table of labels: by name, else the only CSV or workbook whose headings are those of one."""
    for name in TABLES:
        if (folder / name).is_file():
            return folder / name
    found = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES and _labels(path, mapping)]
    if len(found) > 1:
        raise CorpusError(f"目录 {folder.name} 里有几个像标注表的文件，请把要用的改名为 {TABLES[0]}。")
    return found[0] if found else None


def _labels(path: Path, mapping: Mapping) -> bool:
    def known(headings: set[str]) -> bool:
        return bool(headings & set(mapping.columns["file"])) and bool(headings & set(mapping.columns["attribute"]))

    try:
        row = next(read_table(path, known, mapping.sheet))[1]
        return row is not None and known(set(row))
    except (CorpusError, StopIteration):
        return False


def _tabled(table: Path, mapping: Mapping, rules: Rulebook, whole: bool = False) -> Corpus:
    """What a table says; `whole` if its folder is the source, so that files that it doesn't name are a problem."""
    sheet = Sheet(table.stem, table.parent, mapping, rules, code_names(rules, mapping), file_reader())
    examples: list[Example] = []
    problems: list[Problem] = []
    named: set[str] = set()
    for place, row in read_table(table, mapping.known, mapping.sheet):
        try:
            if row is None:
                raise CorpusError("这一行不是一个 JSON 对象，请改正。")
            named.add(Path(mapping.text(row, "file").replace("\\", "/")).as_posix())
            example, remarks = as_example(row, place, sheet)
            examples.append(example)
            problems += [Problem(kind, table.name, place, message) for kind, message in remarks]
        except GongkaiError as error:
            problems.append(Problem("dropped", table.name, place, error.message))
    if whole:
        problems += _unnamed(table, named)
    return Corpus(table.name, tuple(examples), tuple(problems))


def _unnamed(table: Path, named: set[str]) -> Iterator[Problem]:
    """Files beside those that the table names."""
    for path in sorted(table.parent.rglob("*")):
        name = path.relative_to(table.parent).as_posix()
        if path.is_file() and path != table and name not in named and not path.name.startswith((".", "~$")):
            yield Problem("unlabelled", name, 0, "标注表里没有这个文件，没有读。")
