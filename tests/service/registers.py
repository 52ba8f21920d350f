"""Registers of applications for tests: rows as the import leaves them."""

from __future__ import annotations

from datetime import UTC, datetime

import accounts

from gongkai.service.store.duties import Application
from gongkai.service.store.tables import new_id

AT = datetime(2026, 1, 5, 1, tzinfo=UTC)


def application(number, received, closed, outcome="granted", *, applicant="natural", unit=accounts.WATER, **extra):
    """One row, by the office."""
    return Application(
        id=new_id(),
        unit=unit,
        number=number,
        received=received,
        closed=closed,
        applicant=applicant,
        topic="某项目的批准文件",
        outcome=outcome,
        extra=extra,
        by=accounts.user_id("office"),
        at=AT,
    )
