"""The shipped tables load; a damaged one is refused with its file, its row and what to do."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from gongkai.model.clauserow import Signal
from gongkai.model.errors import RulebookError
from gongkai.model.rulebook import LATER, TABLES, Rulebook
from gongkai.model.tablefile import read_rows

BOOK = Rulebook.load()
SHIPPED = Path(str(resources.files("gongkai.model.tables")))


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    for file, _, _ in TABLES.values():
        shutil.copy(SHIPPED / file, tmp_path / file)
    return tmp_path


def rows(file: str) -> int:
    return len(re.findall(r"^\[\[", (SHIPPED / file).read_text("utf-8"), re.MULTILINE))


def refusal(folder: Path) -> str:
    with pytest.raises(RulebookError) as caught:
        Rulebook.load(folder)
    return caught.value.message


def row_refusal(folder: Path, wanted: str) -> str:
    table, kind = next((table, kind) for file, table, kind in TABLES.values() if file == wanted)
    with pytest.raises(RulebookError) as caught:
        read_rows(folder, wanted, table, kind)
    return caught.value.message


def test_the_shipped_tables_load_with_every_row() -> None:
    for name, (file, _, kind) in TABLES.items():
        loaded = getattr(BOOK, name)
        assert len(loaded) == rows(file) > 0
        assert all(isinstance(row, kind) for row in loaded)


def test_every_row_says_where_the_law_stands() -> None:
    for name in ("reasons", "deadlines", "clauses", "personal", "exceptions", "laws", "roles", "traits", "profiles"):
        assert [row for row in getattr(BOOK, name) if not row.basis.strip()] == []
    assert [row.code for row in BOOK.categories if not row.basis.strip()] == ["G99"]


def test_rows_are_reached_by_their_codes() -> None:
    assert BOOK.reason["W-141"].basis == "条例第十四条"
    assert BOOK.category["G01"].name == "政策文件"
    assert BOOK.clause["NL-01"].reason == "W-141"
    assert BOOK.type["ID_CARD"].group == "direct"
    assert BOOK.profile.name == "default"


def test_the_digest_is_stable_and_names_its_kind(tables: Path) -> None:
    assert Rulebook.load(tables).digest == BOOK.digest
    assert re.fullmatch(r"sha256:[0-9a-f]{16}", BOOK.digest)


@pytest.mark.parametrize("file", sorted({file for file, _, _ in TABLES.values()}))
def test_the_digest_changes_with_any_table(tables: Path, file: str) -> None:
    (tables / file).write_text((tables / file).read_text("utf-8") + "\n# 改过\n", "utf-8")
    assert Rulebook.load(tables).digest != BOOK.digest


def test_a_missing_file_is_named(tables: Path) -> None:
    (tables / "drafts.toml").unlink()
    assert refusal(tables) == "规则表 drafts.toml 读不出来，请确认文件存在并且是 UTF-8 编码。"


def test_another_encoding_is_named(tables: Path) -> None:
    (tables / "drafts.toml").write_bytes('[[draft]]\nmark = "草案"\n'.encode("gb18030"))
    assert refusal(tables) == "规则表 drafts.toml 读不出来，请确认文件存在并且是 UTF-8 编码。"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[draft]\n", "规则表 drafts.toml 不是有效的 TOML"),
        ("", "规则表 drafts.toml 应当只有 [[draft]] 的行，并且至少一行。"),
        ("draft = 1\n", "规则表 drafts.toml 应当只有 [[draft]] 的行，并且至少一行。"),
        ('[[drafts]]\nmark = "草案"\n', "规则表 drafts.toml 应当只有 [[draft]] 的行，并且至少一行。"),
    ],
)
def test_a_file_that_is_no_table_is_named(tables: Path, content: str, message: str) -> None:
    (tables / "drafts.toml").write_text(content, "utf-8")
    assert refusal(tables).startswith(message)


DRAFT = 'mark = "某稿"\nopen = false\npattern = "某稿"'
CLAUSE = (
    'id = "NL-99"\ntitle = "甲"\nbasis = "乙"\nforce = "must"\nreason = "W-141"\nexamples = ""\ncounter_examples = ""'
)
RULE = 'id = "r"\nstep = "may"\nattribute = "withheld"\nreason = "W-141"\nbasis = "乙"\nwhy = "丙"\nweight = 1.0'
ROLE = 'id = "r"\naction = "keep"\ntypes = ["NAME"]\nbasis = "乙"\nwhy = "丙"'
BAD_ROWS = {
    "an unknown column": (
        "drafts",
        DRAFT + "\ncolour = 1",
        "（某稿）有不认识的列 colour，可用的列：mark、open、pattern。",
    ),
    "a missing column": ("drafts", 'mark = "某稿"\nopen = false', "（某稿）缺少 pattern，请补上。"),
    "text for yes or no": (
        "drafts",
        DRAFT.replace("false", '"no"'),
        "（某稿）的 open 类型不对，应当是true 或 false，请改正。",
    ),
    "a number for text": (
        "drafts",
        DRAFT.replace('"某稿"\nopen', "5\nopen"),
        "（5）的 mark 类型不对，应当是文字，请改正。",
    ),
    "a broken pattern": (
        "drafts",
        DRAFT.replace('pattern = "某稿"', "pattern = '(某'"),
        "（某稿）的 pattern 不是有效的正则表达式：",
    ),
    "a row twice": (
        "drafts",
        DRAFT.replace('mark = "某稿"', 'mark = "草案"'),
        "（草案）重复了：同一个代码只能有一行。",
    ),
    "yes for a number": (
        "deadlines",
        'code = "D0"\nname = "甲"\nbasis = "乙"\ncount = true',
        "（D0）的 count 类型不对，应当是整数，请改正。",
    ),
    "no list": ("disclosure", ROLE.replace('["NAME"]', '"NAME"'), "（r）的 types 应当是列表，请改正。"),
    "a wrong member": ("disclosure", ROLE.replace('["NAME"]', "[1]"), "（r）的 types 类型不对，应当是文字，请改正。"),
    "no keys": ("profile", 'name = "甲"', "（甲）缺少 basis，请补上。"),
    "a list for keys": (
        "profile",
        'name = "甲"\nbasis = "乙"\nmay = []\ncoverage = 0.9\nreview_below = 0.8\nwrong_proactive = 0.01\n'
        "caution = 0.5\n"
        "negative_threshold = 0.5",
        "（甲）的 may 应当是键值表，请改正。",
    ),
    "a cue in no place": (
        "negative",
        CLAUSE + '\nsignals = [{ where = "foot", weight = 0.5, pattern = "甲" }]',
        "（NL-99）的 where 应当是 title、head、body、personal 之一，请改正。",
    ),
    "a cue too heavy": (
        "negative",
        CLAUSE + '\nsignals = [{ where = "body", weight = 1.5, pattern = "甲" }]',
        "（NL-99）的 weight 应当在 0 和 1 之间，请改正。",
    ),
    "a rule without cues": ("law", RULE, "（r）至少要有 title、head、body 中的一个，请补上。"),
    "a rule for nothing known": (
        "law",
        RULE.replace("withheld", "secret") + '\ntitle = "甲"',
        "（r）的 attribute 不是三种公开属性之一，请改正。",
    ),
    "a trait of no known part": (
        "singling",
        'id = "t"\npart = "hair"\nbasis = "乙"\npattern = "甲"',
        "（t）的 part 应当是 place、office、role、event、rare、birth、sole、unique 之一，请改正。",
    ),
    "a trait that is nearer than near": (
        "singling",
        'id = "t"\npart = "rare"\nbasis = "乙"\npattern = "甲"\nnear = -1',
        "（t）的 near 不能是负数，请改正。",
    ),
    "a role that does nothing known": (
        "disclosure",
        ROLE.replace('"keep"', '"drop"'),
        "（r）的 action 应当是 keep 或 mask，请改正。",
    ),
}
TABLE_OF = {file: table for file, table, _ in TABLES.values()}


def append(folder: Path, file: str, row: str) -> None:
    content = (folder / file).read_text("utf-8")
    (folder / file).write_text(f"{content}\n[[{TABLE_OF[file]}]]\n{row}\n", "utf-8")


@pytest.mark.parametrize("name", BAD_ROWS)
def test_a_bad_row_is_named_with_its_file_and_place(tables: Path, name: str) -> None:
    table, row, message = BAD_ROWS[name]
    append(tables, f"{table}.toml", row)
    assert row_refusal(tables, f"{table}.toml").startswith(
        f"规则表 {table}.toml 第 {rows(f'{table}.toml') + 1} 行{message}"
    )


DANGLING = {
    "a deadline": ("catalog", 'deadline = "D20"', 'deadline = "D999"', "G01", "deadline 写的 D999"),
    "a duty": ("catalog", 'duty = "P-192"', 'duty = "P-0"', "G01", "duty 写的 P-0"),
    "a row that another goes before": ("catalog", 'over = ["G0302"]', 'over = ["G0"]', "G0301", "over 写的 G0"),
    "a clause's reason": ("negative", 'reason = "W-141"', 'reason = "W-0"', "NL-01", "reason 写的 W-0"),
    "a cue's type": ("sensitive", 'type = "HEALTH"', 'type = "WEALTH"', "", "type 写的 WEALTH"),
    "a role's type": ("disclosure", 'types = ["NAME"]', 'types = ["NOMEN"]', "", "types 写的 NOMEN"),
    "a law's reason": ("law", 'reason = "P-192"', 'reason = "P-0"', "annotated-proactive", "reason 写的 P-0"),
}


@pytest.mark.parametrize("name", DANGLING)
def test_a_code_that_no_table_has_is_named(tables: Path, name: str) -> None:
    table, good, bad, row, message = DANGLING[name]
    path = tables / f"{table}.toml"
    assert good in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(good, bad, 1), "utf-8")
    said = refusal(tables)
    assert said.startswith(f"规则表 {table}.toml 的 {row}")
    assert said.endswith(f"行，{message} 不存在，请改正。")


def test_a_role_may_not_cite_an_unknown_exception(tables: Path) -> None:
    append(tables, "disclosure.toml", ROLE + '\nexception = "E99"')
    assert refusal(tables) == "规则表 disclosure.toml 的 r 行，exception 写的 E99 不存在，请改正。"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ('elsewhere = "far"', "的 elsewhere 应当是 doubted、unpublished、always 之一，或者不写，请改正。"),
        ('elsewhere = "always"', "的 elsewhere 写 always 只用于 action 是 keep 的，请改正。"),
        ('counts_as = "NOMEN"', "的 counts_as 应当是 REPORTER，或者不写，请改正。"),
        ("firm = 1", "的 firm 类型不对，应当是true 或 false，请改正。"),
    ],
)
def test_what_a_role_says_of_other_places_makes_sense(tables: Path, cells: str, said: str) -> None:
    append(tables, "disclosure.toml", f"{ROLE.replace('keep', 'mask')}\n{cells}")
    assert refusal(tables).endswith(said)


def written() -> Iterator[tuple[str, str]]:
    """Every string that code holds as a whole, with the file."""
    root = Path(__file__).parents[2]
    for path in (path for folder in ("model", "service", "training") for path in (root / folder).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
                yield node.value, path.relative_to(root).as_posix()


#: How the codes of a table look in code, where it names some, and which do.
NAMED = {
    "negative.toml": (r"NL-\w+", BOOK.clause),
    "reasons.toml": (r"[A-Z]-(?:\d+|WS)", BOOK.reason),
    "catalog.toml": (r"[GN]\d\d(?:\d\d)?", BOOK.category),
    "deadlines.toml": (r"D(?:\d\d|3)", BOOK.clock),
    "exceptions.toml": (r"E\d", {row.id for row in BOOK.exceptions}),
}


@pytest.mark.parametrize("file", NAMED)
def test_rows_that_code_names_exist(file: str) -> None:
    pattern, known = NAMED[file]
    found = [(code, path) for code, path in written() if re.fullmatch(pattern, code)]
    assert found
    assert [(code, path) for code, path in found if code not in known] == []


def test_types_that_code_names_exist() -> None:
    """In the folders that look for people, what is written in capitals is a type, but for a few words."""
    folders = tuple(f"model/{name}/" for name in ("deid", "facts", "identifiers", "mentions"))
    found = {code for code, path in written() if path.startswith(folders) and re.fullmatch(r"[A-Z][A-Z_]{2,15}", code)}
    found -= {"NFKC", "OTHER", "PHONE", "NUMBER", "PLACE", "SUM"}
    assert len(found) > 10
    assert found - BOOK.type.keys() == set()


def test_no_code_names_a_row_about_names() -> None:
    """What a row of disclosure.toml does stands in its columns, so that a copy or a new name of it does the same."""
    sources = {f"name:{row.id}" for row in BOOK.roles}
    assert [(code, path) for code, path in written() if code in sources or code.startswith("name:")] == []
    told = {row.id for row in BOOK.roles if "-" in row.id}
    assert [(code, path) for code, path in written() if code in told and path.startswith("model/deid")] == []


def test_an_unknown_profile_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RulebookError, match=re.escape("没有名为 某局 的机关画像，可用的有：default")):
        Rulebook.load(profile="某局")


def test_an_added_genre_is_recognised(tables: Path) -> None:
    content = (tables / "genres.toml").read_text("utf-8")
    row = '[[genre]]\nname = "倡议"\nkind = "public"\npattern = "倡议$"\n\n'
    (tables / "genres.toml").write_text(content.replace("[[genre]]", row + "[[genre]]", 1), "utf-8")
    genre = Rulebook.load(tables).genre("节约用水倡议")
    assert genre is not None
    assert (genre.name, genre.kind, genre.legal) == ("倡议", "public", False)
    assert BOOK.genre("节约用水倡议") is None


def test_a_row_speaks_when_a_cue_of_it_may_stand_or_cannot_be_sifted() -> None:
    first, second = BOOK.clauses[:2]
    known, unsifted = (Signal("body", 0.5, re.compile(pattern)) for pattern in ("只此一处", "(?i)x"))
    book = replace(BOOK, clauses=(replace(first, signals=(known,)), replace(second, signals=(unsifted,))))
    assert {first.id, second.id} & book.speaking(book.sieve("正文里没有。").left) == {second.id}
    assert first.id in book.speaking(book.sieve("正文里只此一处。").left)


@pytest.mark.parametrize("file", LATER)
def test_a_table_that_came_later_may_be_missing(tables: Path, file: str) -> None:
    (tables / file).unlink()
    assert Rulebook.load(tables).digest == BOOK.digest
