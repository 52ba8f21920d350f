"""Suggestions as a crew gives them, for tests of what is kept of them."""

from __future__ import annotations

from gongkai.model.document import Document
from gongkai.model.finding import Attribute, Engine, Handling, Opinion, Screening
from gongkai.service.crew.orders import Suggested
from gongkai.service.wire import to_json

TEXT = "关于印发青禾县河道管护实施方案的通知\n各乡镇人民政府：\n现将方案印发给你们。"


def said(text=TEXT, *, attribute="proactive", handling="full", model="m1", quotes=(), vector=b""):
    """What a crew says of a text, without a model."""
    label = Attribute(attribute)
    scores = {one: 0.8 if one == label else 0.1 for one in Attribute}
    document = Document("1", text, "关于印发青禾县河道管护实施方案的通知")
    engine = Engine("1.0", model, "sha256:0", "default")
    screening = Screening(document, engine, Opinion(label, scores, (label,)), Handling(handling))
    result = to_json(screening, {})
    if handling == Handling.stop_classified:
        return Suggested("", result, {})
    return Suggested(text, result, result, tuple(quotes), vector)
