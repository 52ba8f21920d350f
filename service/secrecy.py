"""A text that somebody pasted: with a live secrecy mark nothing is done with it."""

from __future__ import annotations

from gongkai.model.document import Document
from gongkai.model.elements import Elements, read_elements
from gongkai.model.errors import ClassifiedDocument
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import live_mark
from gongkai.service.redacting import STOP


def unclassified(document: Document, rules: Rulebook) -> Elements:
    """The elements of a text that may be looked at. Raises ClassifiedDocument."""
    elements = read_elements(document, rules)
    if live_mark(elements, document):
        raise ClassifiedDocument(STOP)
    return elements
