"""A document and the people around it, on a database without a server."""

from __future__ import annotations

from datetime import datetime
from itertools import count

import accounts
from said import TEXT, said

from gongkai.model.rulebook import Rulebook
from gongkai.service.casework.keeping import keep
from gongkai.service.casework.statistics import ZONE
from gongkai.service.passages.filling import fill
from gongkai.service.passages.stepping import case_of, passage_of, step, steps_of
from gongkai.service.store import trail
from gongkai.service.store.duties import Passage
from gongkai.service.store.tables import Kept
from gongkai.service.store.vault import Vault

AT = datetime(2026, 5, 6, 10, tzinfo=ZONE)
RULES = Rulebook.load()
DAY = "2026-05-06"
CLEAN = "不涉及国家秘密、工作秘密，可以公开"
OPEN = {
    "attribute": "主动公开",
    "policy": "否",
    "annotation": "（此件公开发布）",
    "number": "青水发〔2026〕9号",
    "issued": "2026-04-29",
    "category": "G0101 法规规章",
    "deadline": "20个工作日",
    "channel": "门户",
    "third": "不涉及",
}
POLICY = {**OPEN, "policy": "是", "plan": "随文报送，已审定", "interpretation": "随文报送，已审定"}
CLOSED = {**OPEN, "attribute": "不予公开", "annotation": "（此件不予公开）"}
CLOSED |= {"reason": "属于本机关内部管理，对外没有影响", "basis": "条例第十六条第一款"}
GATES = {"politics": "是", "law": "是", "policy": "是", "secrecy": "是", "wording": "是"}
RELEASE = {**GATES, "phrasing": "准确规范", "timing": "即时公开", "manner": "门户网站"}
SIGN = {"signer": "局长", "day": DAY}
SECRECY = {"outcome": CLEAN, "basis": "条例第十七条"}
AGREE = {"outcome": "同意发布"}


_TEXTS = count()


class Walk:
    """Steps of one document, each in a transaction of its own; `last` is what was seen after it."""

    def __init__(self, database, **kept):
        self.database, self.at = database, AT
        with database.writing() as session:
            accounts.fill(session, AT)
            drafter = accounts.actor(session, "drafter")
            text = f"{TEXT}{next(_TEXTS)}"
            document = keep(session, Vault(bytes(32)), drafter, said(text), text=text, origin="api", at=AT)
            document.issuer, document.issued = "青禾县水务局", "2026-04-29"
            for key, value in kept.items():
                setattr(document, key, value)
        self.id = document.id

    def form(self, values, login="drafter", **more):
        with self.database.writing() as session:
            kept = session.get(Kept, self.id)
            fill(session, RULES, accounts.actor(session, login), kept, values, self.at, **more)

    def take(self, login, kind, **record):
        with self.database.writing() as session:
            kept = session.get(Kept, self.id)
            return step(session, RULES, accounts.actor(session, login), kept, kind, record, self.at)

    def through(self, *steps):
        """Steps of (login, kind, record)."""
        for login, kind, record in steps:
            self.take(login, kind, **record)
        return self

    def passage(self):
        with self.database.reading() as session:
            return session.get(Passage, self.id)

    def document(self):
        with self.database.reading() as session:
            return session.get(Kept, self.id)

    def case(self, login="reviewer"):
        with self.database.writing() as session:
            kept = session.get(Kept, self.id)
            return case_of(session, RULES, accounts.actor(session, login), kept, passage_of(session, kept, self.at))

    def kinds(self):
        with self.database.reading() as session:
            assert list(trail.verified(session)) == []
            return [one.kind for one in steps_of(session, self.id)]


#: A document that is not a policy document, up to its signature, and up to its release.
SIGNED = (
    ("drafter", "submit", {}),
    ("reviewer", "secrecy", SECRECY),
    ("reviewer", "review", {}),
    ("drafter", "sign", SIGN),
)
RELEASED = (*SIGNED, ("second", "release", RELEASE))
