"""Documents and their decisions, put straight into a database: for tests of what comes after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import accounts

from gongkai.service.casework.deciding import Given, decide
from gongkai.service.store.tables import Kept, new_id

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
OLD = AT - timedelta(days=400)


def kept(session, rules, title, *, decided="withheld", reason="W-163", at=OLD, **more):
    """A document of the water bureau that the reviewer has decided."""
    who = accounts.actor(session, "reviewer")
    told = {"number": "", "issuer": "", "issued": "", "genre": "", "attribute": "withheld", **more}
    row = Kept(
        id=new_id(), unit=who.unit_id, owner=accounts.user_id("drafter"), origin="api", digest=f"sha256:{title}",
        title=title, confidence=0.9, handling="full", needs_review=False, created=at, changed=at, **told,
    )  # fmt: skip
    session.add(row)
    session.flush()
    if decided:
        decide(session, rules, who, row, Given(decided, reason, "条例第十六条"), at=at)
        session.flush()
    return row
