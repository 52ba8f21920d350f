"""What a step changes beside the state: the decision that a signature settles, clocks, where and when it was published.

Each effect may add to the record what only the program knows, such as the days by which something was late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from gongkai.model.demands import Level
from gongkai.model.errors import RequestError
from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.keeping import latest_id
from gongkai.service.casework.statistics import ZONE
from gongkai.service.duties.terms import settle
from gongkai.service.passages.case import Case
from gongkai.service.passages.importance import important
from gongkai.service.passages.interpreting import last_day
from gongkai.service.passages.sheet import REASON
from gongkai.service.store.duties import Passage

#: Validity as the passage has it, by the words of the step.
VALIDITY = {"有效": "", "修改": "amended", "废止": "repealed", "失效": "expired"}


@dataclass(frozen=True)
class Doing:
    """A step that is being taken: its case, its record so far, and when."""

    session: Session
    case: Case
    record: dict[str, Any]
    at: datetime

    @property
    def passage(self) -> Passage:
        """The passage that changes."""
        return self.case.passage

    @property
    def today(self) -> date:
        """The day at the agency's place."""
        return self.at.astimezone(ZONE).date()


def _submit(doing: Doing) -> None:
    passage, answer = doing.passage, doing.case.answer
    passage.mode = "behalf" if doing.case.values.get("mode") == "代拟稿" else "own"
    passage.category = category_of(doing.case)
    if doing.case.last("mark") is None:
        passage.important = bool(important(doing.case))
    doing.record["attribute"] = str(doing.case.attribute or "")
    doing.record["gaps"] = [gap.code for gap in answer.gaps]
    # the suggestion travels with the document, beside what was proposed
    document = doing.case.document
    doing.record["screening"] = latest_id(doing.session, document.id)
    doing.record["suggested"], doing.record["confidence"] = document.attribute, document.confidence


def _return(doing: Doing) -> None:
    gaps = doing.case.answer.gaps
    if not gaps and not doing.record.get("note"):
        raise RequestError("没有查出缺项；确要退文的，请写明要改什么。")
    doing.record["gaps"] = [
        {"code": gap.code, "level": gap.level.value, "says": gap.says, "basis": gap.basis, "mend": gap.mend}
        for gap in gaps
    ]


def _review(doing: Doing) -> None:
    doing.record["remaining"] = [gap.code for gap in doing.case.answer.gaps if gap.level == Level.mend]


def _mark(doing: Doing) -> None:
    doing.passage.important = doing.record["important"] == "重要信息"


def _sign(doing: Doing) -> None:
    case, document = doing.case, doing.case.document
    _past(doing, "day")
    if number := doing.record.get("number"):
        document.number, document.version = number[:200], document.version + 1
    attribute = case.attribute
    category = category_of(case)
    if attribute and (document.decided != attribute or document.disputed):
        reason = reason_of(case)
        basis = case.values.get("basis", "")
        given = Given(attribute, reason, basis, category, source="签发")
        decide(doing.session, case.rules, case.actor, document, given, at=doing.at)
    doing.passage.category = category
    _clock(doing, doing.record["day"])


def _clock(doing: Doing, start: str) -> None:
    settle(doing.passage, doing.case.rules, start=start, attribute=doing.case.document.decided)


def _release(doing: Doing) -> None:
    doing.record["attribute"] = doing.case.document.decided


def _publish(doing: Doing) -> None:
    passage, record = doing.passage, doing.record
    day = _past(doing, "day")
    late = _over(passage.due, day)
    if late and not record.get("late"):
        raise RequestError(f"比公开时限（{passage.due}）晚了{late}天，请写明逾期原因。")
    if late:
        record["over"] = late
    passage.published = datetime.combine(day, time(), ZONE)
    passage.channel = record["channel"]


def _interpret(doing: Doing) -> None:
    day = _past(doing, "day")
    published = doing.passage.published
    since = published.astimezone(ZONE).date() if published else day
    if late := _over(last_day(since, doing.case.rules), day):
        doing.record["over"] = late


def _defer(doing: Doing) -> None:
    if date.fromisoformat(doing.record["until"]) <= doing.today:
        raise RequestError("“暂缓到”应当是今天以后的日子，请改正。")
    doing.passage.revisit = doing.record["until"]
    doing.passage.awaiting = doing.record.get("awaiting", "")[:30]


def _retain(doing: Doing) -> None:
    doing.passage.revisit = doing.record.get("until", "")
    doing.passage.awaiting = doing.record.get("awaiting", "")[:30]


def _afresh(doing: Doing) -> None:
    doing.passage.revisit = doing.passage.awaiting = ""
    _clock(doing, doing.record.get("day") or doing.today.isoformat())


def _annul(doing: Doing) -> None:
    doing.passage.validity = VALIDITY[doing.record["validity"]]
    doing.passage.validity_since = doing.record["since"] if doing.passage.validity else ""


def _past(doing: Doing, key: str) -> date:
    day = date.fromisoformat(doing.record[key])
    if day > doing.today:
        raise RequestError("日期还没有到，请在办完以后登记。")
    return day


def _over(last: str, day: date) -> int:
    return max(0, (day - date.fromisoformat(last[:10])).days) if last else 0


def category_of(case: Case) -> str:
    """The code of the catalog item that the form names, empty for none of the table."""
    code = case.values.get("category", "").strip().split(" ")[0]
    return code if code in case.rules.category else ""


def reason_of(case: Case) -> str:
    """The code of the reason: as it was chosen, otherwise the one whose words stand in the form."""
    chosen = str(case.passage.bundle.get(REASON, ""))
    written = case.values.get("reason", "")
    found = (row.code for row in case.rules.reasons if row.text and row.text in written)
    return chosen or next(found, "")


EFFECTS: Mapping[str, Callable[[Doing], None]] = MappingProxyType(
    {
        "submit": _submit,
        "return": _return,
        "review": _review,
        "mark": _mark,
        "sign": _sign,
        "release": _release,
        "publish": _publish,
        "interpret": _interpret,
        "defer": _defer,
        "retain": _retain,
        "resume": _afresh,
        "convert": _afresh,
        "change": _afresh,
        "annul": _annul,
    }
)
