"""Suggestions as they leave the house: one JSON object a document (schema: suggestion.schema.json)."""

from __future__ import annotations

from typing import Any

from gongkai.model.finding import Finding, Handling, Screening, Suggestion

Json = dict[str, Any]


def _engine(screening: Screening) -> Json:
    engine = screening.engine
    return {"version": engine.version, "model": engine.model, "rulebook": engine.rulebook, "profile": engine.profile}


def _attribute(screening: Screening) -> Json:
    view = screening.opinion
    return {
        "label": view.label.value,
        "confidence": view.confidence,
        "set": [option.value for option in view.options],
        "scores": {label.value: score for label, score in view.scores.items()},
    }


def _reason(reason: Suggestion) -> Json:
    evidence = [{"start": f.span.start, "end": f.span.end} for f in reason.because]
    return {"code": reason.code, "basis": reason.basis, "text": reason.text, "evidence": evidence}


def _negative(finding: Finding, reason: str) -> Json:
    span = finding.span
    return {
        "clause": finding.kind,
        "start": span.start,
        "end": span.end,
        "confidence": round(finding.score, 4),
        "reason": reason,
    }


def _personal(finding: Finding) -> Json:
    span = finding.span
    return {
        "type": finding.kind,
        "start": span.start,
        "end": span.end,
        "action": finding.action.value,
        "why": finding.why,
        "confidence": round(finding.score, 4),
        "replacement": finding.replacement,
    }


def to_json(screening: Screening, clause_reasons: dict[str, str]) -> Json:
    """One screening as the output contract has it; `clause_reasons` maps clauses to reason codes.

    A stopped document leaves no title and no elements behind.
    """
    stopped = screening.handling == Handling.stop_classified
    document = screening.document
    title = "" if stopped else document.title or screening.elements.get("title", "")
    elements = {key: screening.elements.get(key, "") for key in ("number", "issuer", "issued", "genre", "annotation")}
    return {
        "id": document.id,
        "title": title,
        "digest": document.digest,
        "engine": _engine(screening),
        "attribute": _attribute(screening),
        "handling": screening.handling.value,
        "reasons": [_reason(reason) for reason in screening.reasons],
        "categories": [
            {"code": c.code, "name": c.name, "confidence": c.score, "deadline": c.deadline}
            for c in screening.categories
        ],
        "negative": [_negative(f, clause_reasons.get(f.kind, "")) for f in screening.negative],
        "personal": [_personal(f) for f in screening.personal],
        "elements": elements,
        "needs_review": screening.needs_review,
        "notes": list(screening.notes),
    }
