"""The order Redact, done at a desk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from gongkai.service import wire
from gongkai.service.crew.orders import Redact, Redaction
from gongkai.service.desk import Desk
from gongkai.service.redacting import Options
from gongkai.service.report import page, report


def redacted(desk: Desk, order: Redact) -> Redaction:
    """A proven copy of a file, or of a text in UTF-8 whose name has no extension.

    Raises DocumentError (ClassifiedDocument for a secrecy mark), ProofFailed, RequestError for a style or ruling that
    can't be.
    """
    desk.check_style(order.style)
    name = order.name if PurePath(order.name).suffix else f"{order.name or '文本'}.txt"
    copy = desk.redact_upload(order.data, name, Options(order.style, order.pictures, order.rulings))
    told = report(copy, desk.screener.rules, name)
    judged = replace(copy.screening, personal=copy.findings)
    return Redaction(
        data=copy.written.data,
        name=name,
        report=told,
        page=page([told]),
        text=copy.judged.text,
        after=copy.edited.now.text,
        personal=tuple(wire.to_json(judged, desk.clause_reasons)["personal"]),
    )
