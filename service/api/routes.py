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

TOPICS = (
    suggestions, hints, texts, redactions, checks, submissions, jobs, documents, duties, fields, decisions, passages,
    rulebook, clauses, statistics, afterwards, reports, meetings, health,
)  # fmt: skip
#: Beside each other: routers inside a router are asked one by one for their version with every request.
ROUTERS: tuple[APIRouter, ...] = tuple(topic.router for topic in TOPICS)
