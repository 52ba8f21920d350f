"""What the cells of an agency's catalog say: terms of deadlines, ticks, lists of contents, channels."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.model.folding import fold
from gongkai.model.tablerows import Deadline

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_COUNT = r"(?P<count>\d{1,3}|[一二三四五六七八九十两百〇零]{1,5})"
_TERM = re.compile(_COUNT + r" ?个?(?P<unit>工作日|自然日|日历日|小时|日|天)")
_LASTING = re.compile(r"(?:不得?少于|至少|不低于|公示期|公告期|公示|公告(?!之日))[^0-9一-十]{0,6}$")
_YEARLY = re.compile(
    r"每年[^0-9一-十]{0,4}(?P<month>\d{1,2}|[一二三四五六七八九十]{1,3})月(?P<day>\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
_PROMPT = re.compile(r"及时|实时|即时|立即|随时|第一时间|当日|长期公开|动态")
_TICKED = re.compile(r"[√✓✔☑■●▲◆]|是|有|[YyVv1]")
_UNTICKED = re.compile(r"[×✕xXNn0否无/\\—\-]*")
_BOX = re.compile(r"([■☑√✓✔☒□☐])\s*([^■☑√✓✔☒□☐\n;；]*)")
_CHECKED = "■☑√✓✔☒"
_MARK = re.compile(
    r"^(?:\d{1,2}[.、．)）]|[（(][一二三四五六七八九十\d]{1,2}[)）]|[①-⑳]|[一二三四五六七八九十]{1,2}、|[-•·*]|其中[:：])\s*"
)
_OPEN, _CLOSE = "（(《〈“【[", "）)》〉”】]"
_ARTICLE = re.compile(r"条例.{0,6}第?二十条第?[(（]([一二三四五六七八九十]{1,2})[)）]项")
_STEPS = (
    ("决策", re.compile(r"规划|政策|决策|征求意见|草案|法规|规章|规范性文件|听证")),
    ("结果", re.compile(r"结果|决定|公示|名单|公告|批复|决算|验收")),
    ("服务", re.compile(r"指南|办理|服务|申请|咨询|受理|查询")),
    ("执行", re.compile(r"执行|进展|实施|计划|落实")),
)
_UNITS = {"工作日": "workday", "小时": "hour"}


@dataclass(frozen=True, slots=True)
class Term:
    """A deadline as a cell says it; `several`: it names further ones, which the catalog has no room for."""

    clock: str
    count: int = 0
    unit: str = ""
    day: str = ""
    several: bool = False

    def fits(self, row: Deadline) -> bool:
        """Whether a row of deadlines.toml says the same."""
        return (row.clock, row.count, row.unit, row.day) == (self.clock, self.count, self.unit, self.day)

    @property
    def code(self) -> str:
        """A code in the manner of those that ship."""
        if self.day:
            return "Y" + self.day.replace("-", "")
        letter = {"hour": "H", "workday": "D"}.get(self.unit, "B") if self.clock == "within" else "P"
        return f"{letter}{self.count}" + ("W" if letter == "P" and self.unit == "workday" else "")


def term(cell: str) -> Term | None:
    """The first deadline that a cell names; None when it can't be told."""
    text = fold(cell)
    if yearly := _YEARLY.search(text):
        month, day = number(yearly["month"]), number(yearly["day"])
        return Term("year", day=f"{month:02}-{day:02}") if 1 <= month <= 12 and 1 <= day <= 31 else None
    found = list(_TERM.finditer(text))
    if found:
        first = found[0]
        count, unit = number(first["count"]), _UNITS.get(first["unit"], "day")
        clock = "lasting" if _LASTING.search(text[: first.start()]) and unit != "hour" else "within"
        several = len({number(one["count"]) for one in found}) > 1
        return Term(clock, count, unit, several=several) if 0 < count <= 1000 else None
    if re.search(r"季度", text):
        return Term("quarter")
    return Term("prompt") if _PROMPT.search(text) else None


def number(words: str) -> int:
    """二十 and 20 are 20; 0 for what is no number."""
    if words.isdecimal():
        return int(words)
    total, digit = 0, 0
    for char in words:
        if char in "十百":
            total, digit = total + (digit or 1) * (10 if char == "十" else 100), 0
        else:
            digit = _DIGITS.get(char, 0)
    return total + digit


def nearest(found: Term, rows: Iterable[Deadline], text: str, before: str) -> Deadline | None:
    """The row of deadlines.toml that a term means: the one in use before, the one whose words the cell shares most."""
    fitting = [row for row in rows if found.fits(row)]
    shared = {row.code: len(set(row.start) & set(text)) for row in fitting}
    return max(fitting, key=lambda row: (row.code == before, row.general, shared[row.code]), default=None)


def ticked(cell: str) -> bool | None:
    """Whether a box is ticked; None for other words."""
    bare = cell.strip()
    if _UNTICKED.fullmatch(bare):
        return False
    return True if _TICKED.fullmatch(bare) else None


def contents(cell: str) -> list[str]:
    """The fields that 公开内容（要素） lists, without their numbering; brackets and quotes are not cut."""
    pieces, depth, piece = [], 0, ""
    for char in cell + "\n":
        depth += (char in _OPEN) - (char in _CLOSE and depth > 0)
        if char == "\n" or (depth == 0 and char in ";；、。"):
            pieces.append(piece)
            piece, depth = "", 0
        else:
            piece += char
    # a number like "1、" was cut off by its own mark
    bare = [re.sub(r"^[一二三四五六七八九十\d]{1,2}$", "", _MARK.sub("", one.strip())).strip(" :：") for one in pieces]
    return list(dict.fromkeys(filter(None, bare)))


def channels(cell: str) -> str:
    """The ticked boxes of a cell, or its words, joined by 、."""
    boxes = _BOX.findall(cell)
    told = [name for box, name in boxes if box in _CHECKED] if boxes else re.split(r"[\n;；、]+", cell)
    return "、".join(dict.fromkeys(filter(None, (one.strip(" 　,，_") for one in told))))


def step(name: str) -> str:
    """The 五公开 step that an item's name speaks of."""
    return next((step for step, words in _STEPS if words.search(name)), "管理")


def article_item(basis: str) -> int:
    """Which item of 条例 article 20 a basis names, 1 to 15; 0 for none."""
    found = _ARTICLE.search(fold(basis))
    return place if found and 1 <= (place := number(found[1])) <= 15 else 0
