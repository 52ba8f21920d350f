"""What is told the public, or the office that keeps deferrals on file, of a step after publication: as .docx."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from gongkai.model.duties.clocks import due, said
from gongkai.model.rulebook import Rulebook
from gongkai.model.titles import quoted
from gongkai.service.casework.statistics import ZONE
from gongkai.service.errors import NotFound
from gongkai.service.opinion.wordparts import Element, heading, packed, paragraph
from gongkai.service.store.duties import Step
from gongkai.service.store.tables import Kept, Unit

NAMES = {
    "withdraw": "撤回说明",
    "change": "变更说明",
    "annul": "效力标注",
    "defer": "暂缓公开备案报告",
    "filed": "暂缓公开备案回执",
}
_LEAD = {
    "withdraw": "{agency}公开的{paper}，现予撤回。",
    "change": "{agency}公开的{paper}，内容有变更。",
    "annul": "{paper}：{validity}。",
    "defer": "{paper}属于应当公开的政府信息，因下列原因暂时不宜公开，现予暂缓公开，报请备案。",
    "filed": "{paper}的暂缓公开已经备案。",
}
_FINE = (
    "公开的行政处罚决定被依法变更、撤销、确认违法或者确认无效的，"
    "在三日内撤回并公开说明理由（行政处罚法第四十八条第二款）。"
)
_CHANGED = "变更后的信息按《中华人民共和国政府信息公开条例》第二十六条，自变更之日起20个工作日内公开"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice: `name` what it is called, `lines` its paragraphs, `agency` who says so, on `day`."""

    name: str
    to: str
    lines: tuple[str, ...]
    agency: str
    day: date


def notice(session: Session, rules: Rulebook, kept: Kept, step: str) -> Told:
    """The notice that belongs to a step. Raises NotFound where there is none to it."""
    taken = session.get(Step, step)
    if taken is None or taken.document != kept.id or taken.kind not in NAMES:
        raise NotFound("这一步没有要发的说明，请刷新页面。")
    unit = session.get(Unit, kept.unit)
    agency = unit.name if unit else kept.issuer
    day = taken.at.astimezone(ZONE).date()
    paper = quoted(kept.title) + (f"（{kept.number}）" if kept.number else "")
    lines = tuple(_lines(taken, rules, kept, paper, agency))
    to = "政务公开主管部门" if taken.kind == "defer" else ""
    return Told(NAMES[taken.kind], to, lines, agency, day)


def _lines(taken: Step, rules: Rulebook, kept: Kept, paper: str, agency: str) -> list[str]:
    record = {key: str(value) for key, value in taken.record.items()}
    words = {"agency": agency, "paper": paper, "validity": _validity(record)}
    found = [_LEAD[taken.kind].format(**words)]
    if record.get("reason"):
        found.append(f"{'原因' if taken.kind != 'change' else '变更内容和原因'}：{record['reason']}")
    if record.get("until"):
        found.append(f"暂缓到：{_written(record['until'])}。到期重评，暂缓的原因消失的，及时公开。")
    if record.get("filing"):
        found.append(f"备案号：{record['filing']}")
    if taken.kind in ("withdraw", "change") and record.get("day"):
        found.append(f"自{_written(record['day'])}起生效。")
    if taken.kind == "change" and record.get("day"):
        last = due("D20", date.fromisoformat(record["day"]), rules).last if "D20" in rules.clock else None
        found.append(f"{_CHANGED}{f'，最迟{said(last)}' if last else ''}。")
    if taken.kind in ("withdraw", "change") and kept.genre == "行政处罚决定":
        found.append(_FINE)
    return found


def _validity(record: dict[str, str]) -> str:
    since = f"自{_written(record['since'])}起" if record.get("since") else ""
    ground = f"，根据{record['by']}" if record.get("by") else ""
    return f"{since}{record.get('validity', '')}{ground}"


def _written(day: str) -> str:
    return said(date.fromisoformat(day))


def docx(told: Told) -> bytes:
    """The notice to print, to publish beside the original, or to file; the same notice gives the same bytes."""

    def write(body: Element) -> None:
        heading(body, told.name)
        if told.to:
            paragraph(body, f"{told.to}：", size=32)
        for line in told.lines:
            paragraph(body, line, size=32, indent=True)
        paragraph(body, "")
        paragraph(body, told.agency, size=32, align="right")
        paragraph(body, said(told.day), size=32, align="right")

    return packed(write)


def steps(session: Session, document: str) -> list[tuple[Step, str]]:
    """The steps of a document that have a notice, the latest first, with what that is called."""
    query = select(Step).where(Step.document == document, Step.kind.in_(NAMES)).order_by(Step.at.desc())
    return [(one, NAMES[one.kind]) for one in session.scalars(query)]
