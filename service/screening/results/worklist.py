"""The worklist: which columns it has, what reviewers fill in, and what each column says of a record."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from gongkai.model.finding import Action, Attribute, Handling
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.records import Role
from gongkai.service.screening.results.entries import Entry, joined, label, name
from gongkai.service.screening.results.sheets import Value

NAME = "worklist.xlsx"
HEADER_ROW = 1
NOTES_SHEET = "说明"
FAILURES_SHEET = "没读成的文件"
CHOICES_SHEET = "选项"
YES = "是"
SECRET = "疑似涉密：只显示路径。请立即交保密工作机构，不要打开、复制。"
_CODE = re.compile(r"(?:[A-Z]+-[0-9A-Z]+|[A-Z]+[0-9]+)(?= |$)")
#: Notes that a column of their own or a remark already tells.
_TOLD = ("公开时限：", "含须遮蔽的个人信息", "文件形成于2019年5月15日", "快速模式：")
#: What the order and the engine both say; the engine's words quote the paper.
_TWICE = "文中标注为"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a pile's sheet. `width` in characters; `ours` is protected, the others are the reviewer's.

    `values` are the only ones allowed; `choices` names a list of the rulebook (`reasons`, `categories`) that is
    offered, and other words are allowed too.
    """

    key: str
    header: str
    width: float
    ours: bool = True
    values: tuple[str, ...] = ()
    choices: str = ""
    hidden: bool = False
    format: str = "General"
    align: str = "left"


COLUMNS = (
    Column("rank", "序号", 6, align="right"),
    Column("title", "标题", 40),
    Column("open", "打开", 6, align="center"),
    Column("attribute", "建议属性", 11),
    Column("confidence", "把握", 7, format="0%", align="right"),
    Column("why", "建议理由", 32),
    Column("evidence", "证据", 28),
    Column("remarks", "提示", 30),
    Column("decision", "决定", 12, ours=False, values=tuple(a.label for a in Attribute)),
    Column("reason", "理由", 20, ours=False, choices="reasons"),
    Column("category", "目录", 20, ours=False, choices="categories"),
    Column("whole", "适用整组", 10, ours=False, values=(YES,), align="center"),
    Column("by", "审查人", 10, ours=False),
    Column("at", "日期", 12, ours=False, format="yyyy-mm-dd"),
    Column("note", "备注", 24, ours=False),
    Column("handling", "处理方式", 14),
    Column("clauses", "负面清单", 24),
    Column("personal", "须遮蔽（处）", 12, format="0", align="right"),
    Column("catalog", "建议目录", 22),
    Column("number", "文号", 20),
    Column("issuer", "发文机关", 20),
    Column("issued", "成文日期", 12),
    Column("genre", "文种", 8),
    Column("unit", "单位", 16),
    Column("recorded", "登记属性", 11),
    Column("group", "分组", 14),
    Column("risk", "风险", 8, format="0.0%", align="right"),
    Column("files", "文件", 48),
    Column("digest", "记录编号", 20, hidden=True),
    Column("joined", "组编号", 20, hidden=True),
)
BY_KEY = {column.key: column for column in COLUMNS}
REVIEWERS = tuple(column for column in COLUMNS if not column.ours)
#: What stands on paper: all up to the reviewer's last column.
PRINTED = COLUMNS[: COLUMNS.index(REVIEWERS[-1]) + 1]


def choice(code: str, name: str) -> str:
    """A reason or a category as a drop-down offers it: `W-167 过程性信息：请示报告`."""
    return f"{code} {name}"


def chosen(cell: str) -> str:
    """The code of a drop-down's value, or the words as somebody typed them."""
    found = _CODE.match(cell.strip())
    return found[0] if found else cell.strip()


def choices(rules: Rulebook) -> dict[str, list[str]]:
    """What the drop-downs offer, by the name of the list."""
    return {
        "reasons": [choice(row.code, row.name) for row in rules.reasons if row.attribute in {*Attribute}],
        "categories": [choice(row.code, row.name) for row in rules.categories],
    }


def values(entry: Entry, rules: Rulebook) -> dict[str, Value]:
    """What each column says of a record, by key; columns that say nothing are left out.

    Of a record with a secrecy mark its place, its paths and the fact.
    """
    told = _CELLS_STOPPED if entry.stopped else _CELLS
    found = {key: cell(entry, rules) for key, cell in told.items()}
    return {key: value for key, value in (found | _decided(entry, rules)).items() if value not in ("", None)}


def personal(entry: Entry) -> int:
    """How many pieces of personal data must be masked before it goes out."""
    return sum(found["action"] == Action.mask for found in entry.record.result.get("personal", ()))


def masking(entry: Entry) -> Value:
    """The same for people: a fast screening looks for numbers only, so that its count is the least there can be."""
    count = personal(entry)
    if entry.fast:
        return f"至少 {count}" if count else "没有查全"
    return count or None


def clause_names(entry: Entry, rules: Rulebook) -> list[str]:
    """The clauses of the negative list that were hit, each once."""
    found = dict.fromkeys(hit["clause"] for hit in entry.record.result.get("negative", ()))
    return [choice(code, rules.clause[code].title) if code in rules.clause else code for code in found]


def _why(entry: Entry, _: Rulebook) -> str:
    reasons = entry.record.result.get("reasons", ())[:2]
    return "\n".join(f"{row['text']}（{row['basis']}）" if row["basis"] else row["text"] for row in reasons)


def _evidence(entry: Entry, rules: Rulebook) -> str:
    if entry.fast and not entry.record.quotes:
        return "快速模式不摘录"
    names = {clause.id: clause.title for clause in rules.clauses} | {r.code: r.name for r in rules.reasons}
    return "\n".join(f"{names.get(quote.code, quote.code)}：“{quote.words}”" for quote in entry.record.quotes[:4])


def _catalog(entry: Entry, _: Rulebook) -> str:
    return "\n".join(choice(row["code"], row["name"]) for row in entry.record.result.get("categories", ())[:2])


def _group(entry: Entry, _: Rulebook) -> str:
    joint = entry.joint
    if joint is None:
        return ""
    part = "组长" if entry.leads else "例外" if entry.place.exception else "组员"
    return f"第{joint.number}组 {part}\n共{joint.size}件"


def remarks(entry: Entry) -> Iterator[str]:
    """What a reviewer should know before deciding, one sentence each."""
    if entry.disputed:
        yield "几位审查人意见不同，商定后再填（gongkai decisions conflicts 列出各人的意见）。"
    yield from _of_group(entry)
    if entry.place.follows:
        yield f"转发的是{entry.source or '本清单中的另一件'}。"
    if entry.place.published:
        yield f"公开清单中有：{entry.place.published}。"
    notes = [note for note in entry.record.result.get("notes", ()) if not note.startswith(_TOLD)]
    quoted = any(note.startswith(_TWICE) for note in notes)
    yield from (remark for remark in entry.place.remarks if not (quoted and remark.startswith(_TWICE)))
    yield from notes


def _of_group(entry: Entry) -> Iterator[str]:
    joint = entry.joint
    if joint is None:
        return
    if entry.place.exception:
        yield f"例外：建议或者命中条款与第{joint.number}组多数不同，整组决定不包括本件，请单独决定。"
    elif entry.leads:
        but = f"，例外{joint.exceptions}件除外" if joint.exceptions else ""
        yield f"第{joint.number}组共{joint.size}件，可以一并决定：在“适用整组”选“{YES}”{but}。"
    else:
        own = f"（{name(entry.files[0].path)}）" if entry.files else ""
        yield f"第{joint.number}组组员{own}：随组长决定，也可以单独决定。"


def _files(entry: Entry, _: Rulebook) -> str:
    if len(entry.files) == 1:
        return entry.files[0].path
    seen: set[tuple[Role, str]] = set()
    lines = []
    for row in entry.files:
        copy = bool(row.digest) and (row.role, row.digest) in seen
        lines.append(f"{'相同的文件' if copy else row.role.label}：{row.path}")
        seen.add((row.role, row.digest))
    return "\n".join(lines)


def _decided(entry: Entry, rules: Rulebook) -> dict[str, Value]:
    """The reviewer's columns as the store has them, so that a worklist made anew loses none."""
    made = entry.decision
    if made is None:
        return {}
    reason, category = rules.reason.get(made.reason), rules.category.get(made.category)
    return {
        "decision": label(made.attribute),
        "reason": choice(reason.code, reason.name) if reason else made.reason,
        "category": choice(category.code, category.name) if category else made.category,
        "by": made.by,
        "at": _day(made.at),
        "note": made.note,
    }


def _day(at: str) -> Value:
    try:
        return date.fromisoformat(at[:10])
    except ValueError:
        return at


_ALWAYS: dict[str, Callable[[Entry, Rulebook], Value]] = {
    "rank": lambda entry, _: entry.place.rank,
    "handling": lambda entry, _: Handling(entry.record.handling).label,
    "files": _files,
    "digest": lambda entry, _: entry.record.digest,
}
_CELLS_STOPPED = _ALWAYS | {"title": _files, "remarks": lambda entry, _: SECRET}
_CELLS = _ALWAYS | {
    "open": lambda entry, _: "打开" if entry.files else "",
    "title": lambda entry, _: entry.title,
    "attribute": lambda entry, _: entry.attribute,
    "confidence": lambda entry, _: round(entry.record.confidence, 4),
    "why": _why,
    "evidence": _evidence,
    "remarks": lambda entry, _: "\n".join(remarks(entry)),
    "clauses": lambda entry, rules: "\n".join(clause_names(entry, rules)),
    "personal": lambda entry, _: masking(entry),
    "catalog": _catalog,
    "number": lambda entry, _: entry.record.number,
    "issuer": lambda entry, _: entry.record.issuer,
    "issued": lambda entry, _: entry.record.issued,
    "genre": lambda entry, _: entry.record.genre,
    "unit": lambda entry, _: entry.unit,
    "recorded": lambda entry, _: entry.recorded("attribute"),
    "group": _group,
    "risk": lambda entry, _: entry.place.risk,
    "joined": lambda entry, _: joined(entry.place) if entry.joint else "",
}
