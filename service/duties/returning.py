"""退文通知: what a submission lacks, told to the unit that submitted it, as JSON, on a page and as .docx."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.model.demands import Level
from gongkai.model.duties.gaps import check
from gongkai.model.duties.submission import Answer, Gap, Machine, Submission
from gongkai.model.rulebook import Rulebook
from gongkai.model.titles import quoted
from gongkai.service.opinion.form import Values
from gongkai.service.opinion.wordparts import Element, cell, heading, packed, paragraph, row, table
from gongkai.service.wire import Json

RETURN, MEND, PASS = "退文通知", "补正通知", "检查结果"
_WIDTHS = (700, 3300, 2300, 2500)
_COLUMNS = ("序号", "缺什么", "依据", "怎样补正")


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told of one submission: `to` is the unit that submitted it, `by` the one that checked it."""

    answer: Answer
    title: str
    number: str
    mode: str
    to: str
    by: str
    day: date

    @property
    def name(self) -> str:
        """What the paper is called: 退文 only where a rule names it."""
        return PASS if self.answer.passed else RETURN if self.answer.returned else MEND

    @property
    def opening(self) -> str:
        """The sentence above the list."""
        paper = quoted(self.title) if self.title else "公文"
        number = f"（{self.number}）" if self.number else ""
        known = f"你单位以{self.mode}报送的{paper}{number}收悉。"
        return known + _SAID[self.name].format(count=len(self.answer.gaps))

    @property
    def date(self) -> str:
        """The day as papers write it."""
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"


_SAID = {
    RETURN: "经检查，有下列{count}项不符合公文办理要求，按规定予以退文，请补正后重新报送。",
    MEND: "经检查，有下列{count}项须补正，请补正后再报。",
    PASS: "经检查，公开属性、理由、依据和报送材料齐全，可以办理。",
}


def notice(sent: Submission, values: Values, rules: Rulebook, machine: Machine | None, *, by: str, day: date) -> Notice:
    """Check a submission and say so; `values` of the form name the paper and who submitted it."""
    title, number, to = (values.get(key, "") for key in ("title", "number", "unit"))
    return Notice(check(sent, rules, machine), title, number, sent.mode.label, to, by, day)


def to_json(told: Notice) -> Json:
    """The notice for other programs."""
    answer = told.answer
    return {
        "passed": answer.passed,
        "returned": answer.returned,
        "notice": told.name,
        "opening": told.opening,
        "title": told.title,
        "number": told.number,
        "to": told.to,
        "by": told.by,
        "date": told.day.isoformat(),
        "gaps": [_gap(gap) for gap in answer.gaps],
        "remarks": [_gap(gap) for gap in answer.remarks],
    }


def _gap(gap: Gap) -> Json:
    return {"code": gap.code, "level": gap.level.value, "says": gap.says, "basis": gap.basis, "mend": gap.mend}


def docx(told: Notice) -> bytes:
    """The notice to print and send; the same notice gives the same bytes."""

    def write(body: Element) -> None:
        heading(body, told.name)
        paragraph(body, f"{told.to or '报送单位'}：", size=32)
        paragraph(body, told.opening, size=32, indent=True)
        if told.answer.gaps:
            _list(body, told.answer.gaps)
        for place, remark in enumerate(told.answer.remarks):
            said = f"{remark.says}{remark.mend}"
            paragraph(body, f"另请核对：{said}" if not place else said, size=28, indent=True)
        paragraph(body, "")
        paragraph(body, told.by, size=32, align="right")
        paragraph(body, told.date, size=32, align="right")

    return packed(write)


def _list(body: Element, gaps: Sequence[Gap]) -> None:
    paragraph(body, "")
    rows = table(body, _WIDTHS)
    _row(rows, _COLUMNS, head=True)
    for place, gap in enumerate(gaps, 1):
        kind = "" if gap.level == Level.back else "（须补正）"
        _row(rows, (str(place), f"{gap.says}{kind}", gap.basis, gap.mend))
    paragraph(body, "")


def _row(rows: Element, texts: Sequence[str], *, head: bool = False) -> None:
    line = row(rows, head=head)
    for place, (text, width) in enumerate(zip(texts, _WIDTHS, strict=True)):
        centred = head or place == 0
        cell(line, text, width, font="黑体" if head else "仿宋", align="center" if centred else "left")
