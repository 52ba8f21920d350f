"""The order Redact, done at a desk."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePath

from gongkai.service import wire
from gongkai.service.crew.orders import Drafted, Redact, Redaction
from gongkai.service.desk import Desk
from gongkai.service.redacting import Copy, Draft, Options
from gongkai.service.report import page, renamed, report
from gongkai.service.wire import Json


def redacted(desk: Desk, order: Redact) -> Redaction:
    """A proven copy of a file, or of a text in UTF-8 whose name has no extension.

    Raises DocumentError (ClassifiedDocument for a secrecy mark), ProofFailed, RequestError for a style or ruling that
    can't be.
    """
    desk.check_style(order.style)
    name = _named(order)
    copy = desk.redact_upload(order.data, name, Options(order.style, order.pictures, order.rulings))
    called = renamed(copy, name) if order.rename else name
    told = report(copy, desk.screener.rules, called)
    return Redaction(
        data=copy.written.data,
        name=called,
        report=told,
        page=page([told]),
        text=copy.judged.text,
        after=copy.edited.now.text,
        personal=_personal(desk, copy),
    )


def drafted(desk: Desk, order: Redact) -> Drafted:
    """What a copy would hide, where none passes its proof. Raises the same but ProofFailed."""
    desk.check_style(order.style)
    draft = desk.draft_upload(order.data, _named(order), Options(order.style, order.pictures))
    return Drafted(_named(order), draft.judged.text, _personal(desk, draft))


def _named(order: Redact) -> str:
    return order.name if PurePath(order.name).suffix else f"{order.name or '文本'}.txt"


def _personal(desk: Desk, judged: Copy | Draft) -> tuple[Json, ...]:
    screening = replace(judged.screening, personal=judged.findings)
    return tuple(wire.to_json(screening, desk.clause_reasons)["personal"])
