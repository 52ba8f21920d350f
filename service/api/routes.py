"""Every route of the API."""

from __future__ import annotations

from fastapi import APIRouter

from gongkai.service.api import (
    afterwards,
    checks,
    clauses,
    decisions,
    documents,
    duties,
    fields,
    health,
    hints,
    jobs,
    meetings,
    passages,
    redactions,
    reports,
    rulebook,
    statistics,
    submissions,
    suggestions,
    texts,
)  # fmt: skip

router = APIRouter()
TOPICS = (
    suggestions, hints, texts, redactions, checks, submissions, jobs, documents, duties, fields, decisions, passages,
    rulebook, clauses, statistics, afterwards, reports, meetings, health,
)  # fmt: skip
for topic in TOPICS:
    router.include_router(topic.router)
