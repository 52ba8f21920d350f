"""A text that somebody pasted: with a live secrecy mark nothing is done with it."""

from __future__ import annotations

from gongkai.model.document import Document
from gongkai.model.elements import Elements, read_elements
from gongkai.model.errors import ClassifiedDocument
from gongkai.model.rulebook import Rulebook
from gongkai.model.screener import DECLASSIFIED
from gongkai.service.redacting import STOP


def unclassified(document: Document, rules: Rulebook) -> Elements:
    """The elements of a text that may be looked at. Raises ClassifiedDocument."""
    elements = read_elements(document, rules)
    if "密级和保密期限" in elements.parts and not DECLASSIFIED.search(document.folded, 0, 600):
        raise ClassifiedDocument(STOP)
    return elements
