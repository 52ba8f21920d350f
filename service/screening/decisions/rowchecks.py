"""Is a filled row a decision: of the record that it seems to be of, complete, and nothing that the rules don't know."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from gongkai.model.finding import Attribute, Handling
from gongkai.model.rulebook import Rulebook
from gongkai.service.screening.decisions.filled import Filled, Wrong
from gongkai.service.screening.decisions.sampling import sample_names
from gongkai.service.screening.records import Record
from gongkai.service.screening.results.worklist import YES, chosen
from gongkai.service.screening.store import Store

MOST_WORDS = 500
LABELS = {attribute.label: attribute for attribute in Attribute} | {a.value: a for a in Attribute}
_CODE = re.compile(r"[A-Z]+-?[0-9A-Z]*[0-9][0-9A-Z]*|W-WS")


@dataclass(frozen=True)
class Circumstances:
    """What a row is checked against: the store, the rules, who decides where no name is given, and the present."""

    store: Store
    rules: Rulebook
    by: str
    now: datetime

    @cached_property
    def samples(self) -> dict[str, set[str]]:
        """The records of each audit sample."""
        return {name: {digest for digest, _ in self.store.samples(name)} for name in sample_names(self.store)}


def checked(row: Filled, record: Record, at: Circumstances) -> Wrong | None:
    """The first thing that is wrong with a row."""
    return next((wrong for check in _CHECKS if (wrong := check(row, record, at))), None)


def _same_record(row: Filled, record: Record, at: Circumstances) -> Wrong | None:
    """Sorting some columns without the hidden one gives every row the key of another."""
    for name, told in (("title", record.title), ("number", record.number)):
        seen, known = _squeezed(row[name]).rstrip("…"), _squeezed(told)
        if seen and known and not known.startswith(seen):
            return row.wrong(name, "标题或者文号和隐藏的记录编号对不上，可能只给一部分列排了序，请从原工作表重新填。")
    return None


def _squeezed(text: str) -> str:
    return "".join(c for c in text if c.isprintable() and not c.isspace())


def _sampled(row: Filled, record: Record, at: Circumstances) -> Wrong | None:
    if row["sample"] and record.digest not in at.samples.get(row["sample"], ()):
        return row.wrong("sample", "抽样编号和记录编号对不上，请从 gongkai sample draw 写出的表重新填这一行。")
    return None


def _attribute(row: Filled, record: Record, at: Circumstances) -> Wrong | None:
    if not row["decision"]:
        return row.wrong("decision", "这一行填了别的，却没有决定，请选主动公开、依申请公开或者不予公开。")
    if row["decision"] not in LABELS:
        return row.wrong("decision", "决定只能是主动公开、依申请公开或者不予公开，请从下拉框里选。")
    return None


def _reason(row: Filled, record: Record, at: Circumstances) -> Wrong | None:
    attribute, code = LABELS[row["decision"]], chosen(row["reason"])
    if attribute == Attribute.withheld and not code:
        return row.wrong("reason", "不予公开须写明理由，请选一条理由或者写一句话。")
    known = at.rules.reason.get(code)
    if known is None and _CODE.fullmatch(code):
        return row.wrong("reason", "规则表里没有这个理由代码，请从下拉框里选。")
    if known is not None and known.attribute != attribute:
        return row.wrong("reason", f"这条理由不是{attribute.label}的理由，请改理由或者改决定。")
    return None


def _category(row: Filled, record: Record, at: Circumstances) -> Wrong | None:
    if row["category"] and not category_code(row["category"], at.rules):
        return row.wrong("category", "目录里没有这一项，请从下拉框里选。")
    return None


def category_code(cell: str, rules: Rulebook) -> str:
    """The code of a category that was chosen or written by its name; nothing for an unknown one."""
    code = chosen(cell)
    return code if code in rules.category else next((c.code for c in rules.categories if c.name == code), "")


def _person(row: Filled, record: Record, at: Circumstances) -> Wrong | None:
    return None if row["by"] or at.by else row.wrong("by", "没有审查人，请填上，或者导入时用 --by 写明。")


def _day(row: Filled, record: Record, at: Circumstances) -> Wrong | None:
    if not row["at"]:
        return None
    day = row.day("at")
    if day is None:
        return row.wrong("at", "日期认不出，请写成 2026-11-22 这样。")
    return row.wrong("at", "日期在今天以后，请改正。") if day > at.now.date() else None


def _words(row: Filled, record: Record, at: Circumstances) -> Wrong | None:
    """A note or a reason is a remark of a person, no place for a document's text."""
    long = next((name for name in ("reason", "note", "by", "sample") if len(row[name]) > MOST_WORDS), "")
    if long:
        return row.wrong(long, f"超过 {MOST_WORDS} 字，请写短一些，不要粘贴文件内容。")
    if row["whole"] not in ("", YES):
        return row.wrong("whole", f"“适用整组”只能填“{YES}”或者空着。")
    return None


def _released(row: Filled, record: Record, at: Circumstances) -> Wrong | None:
    """What carries a secrecy mark is withheld here unless somebody notes why the mark doesn't hold."""
    if record.handling != Handling.stop_classified or LABELS[row["decision"]] == Attribute.withheld or row["note"]:
        return None
    return row.wrong("note", "这一件疑似涉密，须由保密工作机构处理；已经解密的，请在备注里写明依据。")


_CHECKS = (_same_record, _sampled, _attribute, _reason, _category, _person, _day, _words, _released)
