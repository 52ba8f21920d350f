"""Every route of the API."""

from __future__ import annotations

from fastapi import APIRouter

from gongkai.service.api import (
    checks,
    decisions,
    documents,
    health,
    jobs,
    redactions,
    rulebook,
    statistics,
    submissions,
    suggestions,
    texts,
)  # fmt: skip

router = APIRouter()
TOPICS = (
    suggestions, texts, redactions, checks, submissions, jobs, documents, decisions, rulebook, statistics, health,
)  # fmt: skip
for topic in TOPICS:
    router.include_router(topic.router)
