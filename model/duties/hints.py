"""办理提示: everything that a person should settle about one paper beside its attribute."""

from __future__ import annotations

from gongkai.model.document import Document
from gongkai.model.duties.audience import advice
from gongkai.model.duties.consulting import consulting
from gongkai.model.duties.flagging import Flag
from gongkai.model.duties.regime import regime
from gongkai.model.elements import Elements, read_elements
from gongkai.model.finding import Attribute
from gongkai.model.rulebook import Rulebook


def hints(
    document: Document, rules: Rulebook, elements: Elements | None = None, label: Attribute | None = None
) -> tuple[Flag, ...]:
    """Flags, regime, stale citations, audience. Call it for no document with a live secrecy mark."""
    read = elements or read_elements(document, rules)
    return (
        *consulting(document, read, rules, label),
        *regime(document, read, rules),
        *advice(document, read, rules, label),
    )
