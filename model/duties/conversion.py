"""Whether what was withheld or put off can be public by now, and why: judged anew, decided only by people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gongkai.model.finding import Attribute
from gongkai.model.titles import quoted


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a withholding or a deferral waits for: the reasons (codes of reasons.toml) and titles that it belongs to.

    It is looked at again every `months` months; once the event is there, `becomes` is what is proposed.
    """

    code: str
    name: str
    months: int
    becomes: str
    basis: str
    why: str
    reasons: tuple[str, ...] = ()
    title: tuple[re.Pattern[str], ...] = ()

    def __post_init__(self) -> None:
        if self.becomes not in ("", *Attribute):
            raise ValueError("的 becomes 应当是 proactive、on_request、withheld 之一，或者不写，请改正。")
        if not 1 <= self.months <= 60:
            raise ValueError("的 months 应当在 1 到 60 之间，请改正。")


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of an item under re-review: `decided` is the attribute that stands, `machine` what the present
    rules suggest, `until` the end of a deferral, `settled` the title of the decision that its draft led to,
    `requests` how many asked for it."""

    title: str
    decided: str
    reason: str = ""
    awaiting: str = ""
    machine: str = ""
    deferred: bool = False
    until: date | None = None
    settled: str = ""
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a re-review proposes: the attribute, one sentence why, its basis; `to` is empty for no change."""

    to: str
    why: str
    basis: str


_YEARLY = "条例第十八条；国办发〔2016〕80号一、（四）"


def awaited(held: Held, rows: Iterable[Awaited]) -> Awaited:
    """What an item waits for: as recorded, else by its title, else by its reason; the last row fits all."""
    known = tuple(rows)
    recorded = next((row for row in known if row.code == held.awaiting), None)
    titled = (row for row in known if any(cue.search(held.title) for cue in row.title) and _fits(row, held))
    reasoned = (row for row in known if held.reason in row.reasons and not row.title)
    return recorded or next(titled, None) or next(reasoned, None) or known[-1]


def _fits(row: Awaited, held: Held) -> bool:
    return not row.reasons or held.reason in row.reasons


def proposals(held: Held, rows: Iterable[Awaited], today: date, many: int) -> tuple[Proposal, ...]:
    """All that speaks for a change, the strongest first; empty when nothing does."""
    row = awaited(held, rows)
    found = (_settled(held, row), _asked(held, many), _expired(held, today), _judged(held), _alone(held))
    return tuple(one for one in found if one is not None)


def _settled(held: Held, row: Awaited) -> Proposal | None:
    if not held.settled:
        return None
    why = f"{quoted(held.settled)}已经出来，{row.why}"
    return Proposal(row.becomes or Attribute.on_request, why, row.basis)


def _asked(held: Held, many: int) -> Proposal | None:
    if held.requests < many:
        return None
    why = f"已有{held.requests}件申请要这份文件；属于可以公开的，可以纳入主动公开。"
    return Proposal(Attribute.proactive, why, "条例第四十四条第一款")


def _expired(held: Held, today: date) -> Proposal | None:
    if not held.deferred or held.until is None or held.until > today:
        return None
    days = (today - held.until).days
    late = f"已过{days}日" if days else "今天到期"
    why = f"暂缓公开{late}；暂缓不是法定理由，应当定为主动公开、依申请公开、不予公开之一。"
    return Proposal(Attribute.proactive, why, "条例第五条、第十八条")


def _judged(held: Held) -> Proposal | None:
    if held.machine != Attribute.proactive or held.decided == Attribute.proactive or held.deferred:
        return None
    why = "按现行规则表，这份文件的建议是主动公开，与现在的决定不同，请核对原来的理由是否仍然成立。"
    return Proposal(Attribute.proactive, why, "条例第五条、第十八条")


def _alone(held: Held) -> Proposal | None:
    if held.reason != "W-WS":
        return None
    why = "“工作秘密”不是条例规定的不予公开理由，应当另有第十四条至第十六条的理由，否则公开。"
    return Proposal(Attribute.on_request, why, "条例第十四条至第十六条")


def yearly(held: Held) -> Proposal:
    """What is said when nothing speaks for a change: it is looked at all the same, once a year."""
    kind = Attribute(held.decided).label if held.decided in [*Attribute] else "暂缓公开"
    return Proposal("", f"{kind}的信息每年重评一次：理由仍然成立的写明理由维持，不再成立的转为公开。", _YEARLY)


@dataclass(frozen=True, slots=True)
class Assessed:
    """What is thought of making public what was given to an applicant: convert, stay, public or nothing, and why."""

    verdict: str
    why: str
    basis: str


def assessment(*, group: str, same: int, many: int, machine: str = "", stands: str = "") -> Assessed:
    """One request: `group` is how it ended (of applications.toml), `same` how many ask for the same, `machine` and
    `stands` the suggestion and the decision on the document that answers it."""
    basis = "条例第四十四条"
    if stands == Attribute.proactive:
        return Assessed("public", "这份文件已经定为主动公开，请确认已经发布。", "条例第三十六条第一项")
    if group not in ("granted", "partial"):
        return Assessed("stay", "没有提供信息的申请，不涉及转主动公开。", basis)
    if same >= many:
        return Assessed("convert", f"近期有{same}件申请要同样的信息，属于可以公开的，可以纳入主动公开。", basis)
    if machine == Attribute.proactive:
        why = "提供给申请人的这份文件，规则表建议主动公开：涉及公众利益调整、需要广泛知晓的，应当主动公开。"
        return Assessed("convert", why, "条例第十九条、第四十四条第二款")
    if group == "partial":
        return Assessed("stay", "只能部分公开；要转的，先作区分处理，公开可以公开的部分。", "条例第三十七条")
    return Assessed("", "依申请提供了的，应当同步研判是否符合主动公开的条件，由人决定。", basis)
