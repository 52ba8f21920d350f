"""Every call of the API as a plan of steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import BaseModel

from gongkai.service.api.schemas import SuggestionOut
from gongkai.service.api.schemas_cases import DecisionList, DecisionOut, DocumentFull, DocumentPage
from gongkai.service.api.schemas_figures import StatisticsOut
from gongkai.service.api.schemas_files import CheckOut, ReadText, RedactedText, RedactionOut, ReportOut
from gongkai.service.api.schemas_precedents import PrecedentsOut, Sought
from gongkai.service.api.schemas_rules import Health, RulebookSummary
from gongkai.service.client.steps import Ask, File, Plan, asked, opened
from gongkai.service.wire import Json

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion, and the id of the document that was kept, empty when none was."""

    suggestion: SuggestionOut
    document: str


@dataclass(frozen=True, slots=True)
class RedactedFile:
    """A proven copy of a file and its report."""

    name: str
    data: bytes = field(repr=False)
    report: ReportOut


def got(model: type[M], ask: Ask, patience: float) -> Plan[M]:
    """The answer as a model."""
    answer = yield from asked(ask, patience)
    return model.model_validate_json(answer.content)


def _suggested(ask: Ask, patience: float) -> Plan[Suggested]:
    answer = yield from asked(ask, patience)
    document = answer.headers.get("location", "").rpartition("/")[2]
    return Suggested(SuggestionOut.model_validate_json(answer.content), document)


def suggest(text: str, id: str, title: str, keep: bool, patience: float) -> Plan[Suggested]:
    """A suggestion for a text."""
    content = {"id": id, "title": title, "text": text}
    return _suggested(Ask("POST", "/v1/suggestions", _keep(keep), json=content), patience)


def suggest_file(file: File, keep: bool, patience: float) -> Plan[Suggested]:
    """A suggestion for a file."""
    return _suggested(Ask("POST", "/v1/suggestions", _keep(keep), files=(opened(file),)), patience)


def _keep(keep: bool) -> Mapping[str, str]:
    return {} if keep else {"keep": "false"}


def read(file: File, patience: float) -> Plan[ReadText]:
    """The text of a file."""
    return got(ReadText, Ask("POST", "/v1/texts", files=(opened(file),)), patience)


def check(file: File, attribute: str, patience: float) -> Plan[CheckOut]:
    """What is wrong with a published file."""
    ask = Ask("POST", "/v1/checks", files=(opened(file),), fields={"attribute": attribute})
    return got(CheckOut, ask, patience)


def redact(text: str, id: str, patience: float) -> Plan[RedactedText]:
    """A text without its personal data."""
    return got(RedactedText, Ask("POST", "/v1/redactions", json={"id": id, "text": text}), patience)


def redact_file(file: File, style: str, pictures: str, rename: bool, patience: float) -> Plan[RedactedFile]:
    """A file without its personal data, fetched whole; nothing of it stays at the service."""
    fields = {"style": style, "pictures": pictures, **({"rename": "yes"} if rename else {})}
    made = yield from got(RedactionOut, Ask("POST", "/v1/redactions", files=(opened(file),), fields=fields), patience)
    copy = yield from asked(Ask("GET", made.links.file), patience)
    report = yield from got(ReportOut, Ask("GET", made.links.report), patience)
    yield from asked(Ask("DELETE", f"/v1/redactions/{made.id}"), patience)
    return RedactedFile(made.name, copy.content, report)


def documents(filters: Mapping[str, str], cursor: str, limit: int, patience: float) -> Plan[DocumentPage]:
    """One page of documents."""
    params = {**filters, "limit": str(limit), **({"cursor": cursor} if cursor else {})}
    return got(DocumentPage, Ask("GET", "/v1/documents", params), patience)


def document(id: str, patience: float) -> Plan[DocumentFull]:
    """A document and what was said of it last."""
    return got(DocumentFull, Ask("GET", f"/v1/documents/{id}"), patience)


def decisions(id: str, patience: float) -> Plan[DecisionList]:
    """All decisions of a document."""
    return got(DecisionList, Ask("GET", f"/v1/documents/{id}/decisions"), patience)


def decide(id: str, content: Json, version: int, patience: float) -> Plan[DecisionOut]:
    """A decision, only if the document still has this version (0: don't mind)."""
    return got(DecisionOut, Ask("POST", f"/v1/documents/{id}/decisions", {}, _match(version), json=content), patience)


def undo(id: str, decision: str, version: int, patience: float) -> Plan[DecisionOut]:
    """An own decision taken back."""
    return got(DecisionOut, Ask("DELETE", f"/v1/documents/{id}/decisions/{decision}", {}, _match(version)), patience)


def _match(version: int) -> Mapping[str, str]:
    return {"if-match": f'"{version}"'} if version else {}


def precedents(document: str, patience: float) -> Plan[PrecedentsOut]:
    """What was decided of documents like a kept one."""
    return got(PrecedentsOut, Ask("GET", "/v1/precedents", {"document": document}), patience)


def search(sought: Sought, patience: float) -> Plan[PrecedentsOut]:
    """What was decided of documents with this number, title or meaning."""
    return got(PrecedentsOut, Ask("POST", "/v1/precedents/search", json=sought.model_dump()), patience)


def rulebook(patience: float) -> Plan[RulebookSummary]:
    """The rulebook in use."""
    return got(RulebookSummary, Ask("GET", "/v1/rulebook"), patience)


def health(patience: float) -> Plan[Health]:
    """What the service judges with."""
    return got(Health, Ask("GET", "/healthz"), patience)


def statistics(since: str, until: str, patience: float) -> Plan[StatisticsOut]:
    """Figures of a period, by days (`until` not included)."""
    params = {name: day for name, day in (("since", since), ("until", until)) if day}
    return got(StatisticsOut, Ask("GET", "/v1/statistics", params), patience)
