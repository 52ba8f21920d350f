"""Half a year of two units: documents, decisions, passages with their steps, applications."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import accounts
from registers import application
from said import said

from gongkai.service.casework.deciding import Given, decide
from gongkai.service.casework.keeping import keep
from gongkai.service.store.duties import Passage, Step
from gongkai.service.store.tables import new_id
from gongkai.service.store.vault import Vault

START = datetime(2026, 4, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 7, 20, 1, tzinfo=UTC)
#: Title, who drafted it, what was suggested, what was decided (attribute, reason, basis), and its passage: state,
#: catalog row, last day, day of publication, channel, steps.
DOCUMENTS = [
    ("供水管理办法", "drafter", "proactive", ("proactive", "", ""),
     ("published", "G0102", "2026-05-10", "2026-04-20", "门户网站", "submit secrecy release publish")),
    ("停水检修通告", "drafter", "proactive", ("proactive", "", ""),
     ("published", "G0303", "2026-04-15", "2026-04-28", "政府公报", "submit return submit release publish")),
    ("值班安排", "drafter", "withheld", ("withheld", "W-163", "条例第十六条第一款"),
     ("withheld", "", "", "", "", "withhold")),
    ("内部通报", "drafter", "proactive", ("withheld", "W-163", ""), None),
    ("规范性文件清理办法", "neighbour", "proactive", ("on_request", "A-02", "条例第二十七条"),
     ("signed", "G0102", "2026-06-01", "", "", "submit")),
    ("还没有决定的通知", "neighbour", "proactive", None, None),
    ("暂缓的规划", "neighbour", "proactive", ("proactive", "", ""), ("deferred", "G0301", "", "", "", "defer")),
]  # fmt: skip


def fill(session, rules):
    """Everything into an open session; the documents come on the first days of April 2026."""
    accounts.fill(session, START)
    vault, office = Vault(b"k" * 32), accounts.actor(session, "office")
    for number, (title, login, suggested, decision, passage) in enumerate(DOCUMENTS):
        told = said(f"{title}\n第{number}件。", attribute=suggested)
        told.kept["title"] = title
        told.kept["elements"] |= {"number": "青水〔2026〕1号", "issuer": "青禾县水务局", "issued": "2026-04-01"}
        at = START + timedelta(days=number)
        kept = keep(session, vault, accounts.actor(session, login), told, text="", origin="page", at=at)
        if decision:
            given = Given(decision[0], reason=decision[1], basis=decision[2])
            decide(session, rules, office, kept, given, at=at)
        if passage:
            _passed(session, kept, passage, at)
    for row in REGISTER:
        session.add(application(*row[:4], **row[4]))
        session.flush()


REGISTER = [
    ("1", "2026-04-03", "2026-04-20", "granted", {}),
    ("2", "2026-04-10", "2026-06-30", "denied_process", {"applicant": "business"}),
    ("3", "2026-05-06", "", "", {"unit": accounts.CIVIL}),
]


def _passed(session, kept, passage, at):
    state, category, due, published, channel, steps = passage
    row = Passage(document=kept.id, unit=kept.unit, state=state, category=category, due=due, channel=channel)
    row.published = datetime.fromisoformat(f"{published}T02:00:00+00:00") if published else None
    row.created = row.changed = at
    row.revisit = "2026-06-15" if state == "deferred" else ""
    session.add(row)
    for number, kind in enumerate(steps.split()):
        step = Step(id=new_id(), document=kept.id, kind=kind, before="drafted", after=state, record={})
        step.by, step.at = accounts.user_id("office"), at + timedelta(minutes=number)
        session.add(step)
